//! `charts/publish` with a real Helm, a real key, a real registry and a web server. Where one of them is missing there are no trials.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use rhumb_platforms::programs::{Running, copy, ports, until, words};
use rhumb_platforms::{Chart, live, root};
use rhumb_testkit::{lab, reference};
use tempfile::TempDir;

const KEY: &str = "Charts <charts@localhost>";

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let parts = (lab::REGISTRY.path(), reference::path(), Command::new("gpg").arg("--version").output().is_ok());
    let trials = match parts {
        (Some(registry), Some(helm), true) => {
            vec![Trial::test(
                "f17 f18 f19 req_634 p34 a chart is signed, published once, and fetched as it was",
                move || way(&registry.join("registry"), &helm),
            )]
        }
        _ => Vec::new(),
    };
    assert!(!trials.is_empty() || !live(), "Helm, gpg or the registry is not on this machine: cargo xtask lab");
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// F-17, F-18, F-19, REQ-630, REQ-633, REQ-634, P-34: through the registry and through the index a chart comes back with the bytes
/// that were signed; a version constraint finds it; a second version joins the first in the index, whose date stays; a version is
/// published once; one changed byte is refused.
fn way(registry: &Path, helm: &Path) -> Result<(), Failed> {
    let place = Place::new(registry, helm)?;
    let chart = place.path("floe-jobs");
    copy(&Chart::FLOE_JOBS.path(), &chart)?;

    let said = place.publish(&chart)?;
    ensure(said.0 && said.1.contains("Indexed"), &said.1)?;
    let first = place.index()?;
    let again = place.publish(&chart)?;
    ensure(!again.0 && again.1.contains("raise the version"), &again.1)?;
    ensure(place.index()? == first, "a refused version changed the index")?;

    let definition = std::fs::read_to_string(chart.join("Chart.yaml"))?;
    std::fs::write(chart.join("Chart.yaml"), definition.replace("version: 0.1.0\n", "version: 0.2.0\n"))?;
    let said = place.publish(&chart)?;
    ensure(said.0, &said.1)?;
    let both = place.index()?;
    let created =
        |text: &str| text.lines().filter(|line| line.contains("created:")).map(str::to_owned).collect::<Vec<_>>();
    ensure(both.contains("floe-jobs-0.1.0.tgz") && both.contains("floe-jobs-0.2.0.tgz"), &both)?;
    ensure(created(&both).contains(&created(&first)[0]), "the first version's date has changed")?;

    let site = std::fs::read(place.path("site/floe-jobs-0.1.0.tgz"))?;
    let pulled = place.path("pulled");
    std::fs::create_dir(&pulled)?;
    let to = pulled.display().to_string();
    let keyring = place.path("secring.gpg").display().to_string();
    let oci = format!("{}/floe-jobs", place.registry);
    let verified = ["--verify", "--keyring", &keyring, "--destination", &to];
    place.helm(&[&["pull", &oci, "--version", ">=0.1,<0.2", "--plain-http"], &verified[..]].concat())?;
    ensure(std::fs::read(pulled.join("floe-jobs-0.1.0.tgz"))? == site, "the registry gives other bytes")?;

    place.helm(&["repo", "add", "ours", &place.site])?;
    std::fs::remove_file(pulled.join("floe-jobs-0.1.0.tgz"))?;
    place.helm(&[&["pull", "ours/floe-jobs", "--version", "0.1.0"], &verified[..]].concat())?;
    ensure(std::fs::read(pulled.join("floe-jobs-0.1.0.tgz"))? == site, "the index gives other bytes")?;
    // What was pulled is what the sources render to.
    let pack = pulled.join("floe-jobs-0.1.0.tgz").display().to_string();
    let packed = place.helm(&["template", "floe-jobs", &pack])?;
    ensure(packed == Chart::FLOE_JOBS.render(&[]).text, &packed)?;

    let mut bytes = site;
    let last = bytes.len() - 9;
    bytes[last] ^= 1;
    std::fs::write(pulled.join("floe-jobs-0.1.0.tgz"), bytes)?;
    std::fs::copy(place.path("site/floe-jobs-0.1.0.tgz.prov"), pulled.join("floe-jobs-0.1.0.tgz.prov"))?;
    match place.helm(&["verify", &pack, "--keyring", &keyring]) {
        Ok(said) => Err(format!("a changed chart is taken for the signed one: {said}").into()),
        Err(why) => ensure(format!("{why:?}").contains("sha256 sum does not match"), &format!("{why:?}")),
    }
}

/// A folder with a key, a registry and a web server that end with it.
struct Place {
    folder: TempDir,
    helm: PathBuf,
    registry: String,
    site: String,
    _registry: Running,
    /// Taken away at the end, by which the web server knows that it is over.
    _open: Arc<Mutex<()>>,
}

impl Place {
    fn new(registry: &Path, helm: &Path) -> Result<Place, Failed> {
        let folder = tempfile::tempdir()?;
        std::fs::create_dir(folder.path().join("site"))?;
        let [port] = ports()?;
        let settings = folder.path().join("registry.yml");
        let text =
            format!("version: 0.1\nstorage: {{inmemory: {{}}}}\nhttp: {{addr: \"127.0.0.1:{port}\", secret: s}}\n");
        std::fs::write(&settings, text)?;
        let mut command = Command::new(registry);
        command
            .arg("serve")
            .arg(&settings)
            .env("OTEL_TRACES_EXPORTER", "none")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let running = Running::start(&mut command)?;
        until(|| TcpStream::connect(("127.0.0.1", port)).is_ok())
            .map_err(|why| why + "the registry does not answer")?;
        let open = Arc::new(Mutex::new(()));
        let site = serve(folder.path().join("site"), &open)?;
        let registry = format!("oci://127.0.0.1:{port}/charts");
        let place = Place { folder, helm: helm.to_owned(), registry, site, _registry: running, _open: open };
        place.key()?;
        Ok(place)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A key without a passphrase, and its secret half where Helm reads it.
    fn key(&self) -> Result<(), Failed> {
        let home = self.path("gnupg");
        std::fs::create_dir(&home)?;
        std::fs::set_permissions(&home, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        let gpg = |args: &[&str]| {
            let said = Command::new("gpg").env("GNUPGHOME", &home).args(["--batch", "--quiet"]).args(args).output()?;
            ensure(said.status.success(), &words(&said)).map(|()| said.stdout)
        };
        gpg(&["--passphrase", "", "--quick-generate-key", KEY, "rsa2048", "sign", "never"])?;
        std::fs::write(self.path("secring.gpg"), gpg(&["--export-secret-keys"])?)?;
        let _ = Command::new("gpgconf").env("GNUPGHOME", &home).args(["--kill", "all"]).output();
        Ok(())
    }

    /// A command in the folder, with homes of its own.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path());
        for name in ["HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME"] {
            command.env(name, self.path(name));
        }
        command
    }

    fn publish(&self, chart: &Path) -> Result<(bool, String), Failed> {
        let mut command = self.command(Path::new("sh"));
        command.arg(root().join("charts/publish")).arg(chart).args([&self.registry, "site", &self.site]);
        command.env("HELM", &self.helm).env("HELM_PUSH_FLAGS", "--plain-http");
        command.env("SIGN_KEY", KEY).env("SIGN_KEYRING", self.path("secring.gpg"));
        let said = command.output()?;
        Ok((said.status.success(), words(&said)))
    }

    /// What the real Helm answers.
    fn helm(&self, args: &[&str]) -> Result<String, Failed> {
        let said = self.command(&self.helm).args(args).output()?;
        ensure(said.status.success(), &format!("{args:?}: {}", words(&said)))?;
        Ok(String::from_utf8(said.stdout)?)
    }

    fn index(&self) -> std::io::Result<String> {
        std::fs::read_to_string(self.path("site/index.yaml"))
    }
}

/// Serves the files of a folder until nobody holds `open` any more; gives the address.
fn serve(folder: PathBuf, open: &Arc<Mutex<()>>) -> std::io::Result<String> {
    let socket = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}", socket.local_addr()?);
    let open = Arc::downgrade(open);
    socket.set_nonblocking(true)?;
    std::thread::spawn(move || {
        while open.upgrade().is_some() {
            match socket.accept() {
                Ok((stream, _)) => drop(answer(stream, &folder)),
                Err(_) => std::thread::sleep(Duration::from_millis(10)),
            }
        }
    });
    Ok(address)
}

fn answer(mut stream: TcpStream, folder: &Path) -> std::io::Result<()> {
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut head = [0; 4096];
    let read = stream.read(&mut head)?;
    let line = String::from_utf8_lossy(&head[..read]).into_owned();
    let name = line.split_whitespace().nth(1).unwrap_or("/").trim_start_matches('/').to_owned();
    let (status, body) = match std::fs::read(folder.join(name)) {
        Ok(body) => ("200 OK", body),
        Err(_) => ("404 Not Found", Vec::new()),
    };
    write!(stream, "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len())?;
    stream.write_all(&body)
}

fn ensure(holds: bool, said: &str) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(said.into()) }
}
