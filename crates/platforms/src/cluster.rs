//! A real API server with its store, in a temporary folder and on free ports, for as long as a test needs it.
//!
//! Nothing runs on it: it judges objects. `cargo xtask lab` gets its parts.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use rhumb_testkit::{lab, reference};

use crate::programs::ports;
use crate::{Answer, Chart};

/// A running API server. It ends with this value, and with the process that made it, however that ends.
#[derive(Debug)]
pub struct Cluster {
    kubectl: PathBuf,
    folder: tempfile::TempDir,
    children: Vec<Child>,
}

/// Longer than a start may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// The name under which the test is known to the server.
const TOKEN: &str = "lab";

/// Runs a program until it ends, or standard input does, which is when the process that holds its other end is gone.
const WATCHED: &str = "exec 3<&0; \"$@\" 3<&- & child=$!; { cat <&3 > /dev/null; kill -KILL $child; } & watch=$!; wait $child; kill $watch";

impl Cluster {
    /// Whether all parts are on this machine; otherwise the first that is not.
    ///
    /// # Errors
    /// The name of that part.
    pub fn can_start() -> Result<(), String> {
        let parts = [lab::KUBERNETES, lab::ETCD].into_iter().chain(lab::CRDS.iter().copied());
        match parts.into_iter().find(|part| part.path().is_none()) {
            None => Ok(()),
            Some(part) => Err(format!("{} {} is not on this machine: cargo xtask lab", part.name, part.version)),
        }
    }

    /// Starts one, with the custom resources installed, and waits until it answers. Objects that name no namespace go to the one given,
    /// which has yet to be made.
    ///
    /// # Errors
    /// What went wrong, with the end of what the programs wrote.
    pub fn start(namespace: &str) -> Result<Cluster, String> {
        Cluster::can_start()?;
        let of = |part: &lab::Part| part.path().ok_or_else(|| part.name.to_owned());
        let (kubernetes, etcd) = (of(&lab::KUBERNETES)?, of(&lab::ETCD)?);
        let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
        let mut cluster = Cluster { kubectl: kubernetes.join("kubectl"), folder, children: Vec::new() };
        let [store, peers, server] = ports().map_err(|e| e.to_string())?;
        cluster.settings(server, namespace)?;
        cluster.spawn(&etcd.join("etcd"), &etcd_flags(store, peers))?;
        cluster.spawn(&kubernetes.join("kube-apiserver"), &server_flags(store, server))?;
        cluster.wait()?;
        for part in lab::CRDS {
            let files = of(part)?.display().to_string();
            cluster.must(&["create", "-f", &files], "")?;
        }
        cluster.must(&["wait", "--for=condition=Established", "--timeout=60s", "crd", "--all"], "")?;
        Ok(cluster)
    }

    /// The answer of `kubectl`, with a text on its standard input.
    ///
    /// # Errors
    /// Where it cannot be run.
    pub fn kubectl(&self, args: &[&str], stdin: &str) -> Result<Answer, String> {
        let input = self.folder.path().join(format!("stdin-{:?}", std::thread::current().id()));
        std::fs::write(&input, stdin).map_err(|e| e.to_string())?;
        let input = std::fs::File::open(&input).map_err(|e| e.to_string())?;
        let mut kubectl = Command::new(&self.kubectl);
        kubectl.args(args).env_clear().env("HOME", self.folder.path()).env("KUBECONFIG", self.file("kubeconfig"));
        let output = kubectl.stdin(input).output().map_err(|e| format!("kubectl: {e}"))?;
        Ok(answer(&output))
    }

    /// The same, where a failure is not part of the test.
    ///
    /// # Errors
    /// What `kubectl` complained of.
    pub fn must(&self, args: &[&str], stdin: &str) -> Result<(), String> {
        let answer = self.kubectl(args, stdin)?;
        if answer.exit == 0 { Ok(()) } else { Err(format!("kubectl {}: {}", args.join(" "), answer.stderr)) }
    }

    /// What the real Helm says on standard output, asked in a chart's folder about releases of the namespace that the server was started
    /// with.
    ///
    /// # Errors
    /// Where it is not on this machine, and what it complained of.
    pub fn helm(&self, chart: Chart, args: &[&str]) -> Result<String, String> {
        let helm = reference::path().ok_or("the reference is not on this machine: cargo xtask reference")?;
        let mut command = Command::new(helm);
        command.args(args).current_dir(chart.path()).env_clear();
        command.env("HOME", self.folder.path()).env("KUBECONFIG", self.file("kubeconfig"));
        let answer = answer(&command.output().map_err(|e| format!("helm: {e}"))?);
        if answer.exit == 0 { Ok(answer.stdout) } else { Err(format!("helm {args:?}: {}", answer.stderr)) }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Everything that the programs read.
    fn settings(&self, server: u16, namespace: &str) -> Result<(), String> {
        let kubeconfig = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: lab\nclusters:\n- name: lab\n  cluster: {{server: \"https://127.0.0.1:{server}\", insecure-skip-tls-verify: true}}\nusers:\n- name: lab\n  user: {{token: {TOKEN}}}\ncontexts:\n- name: lab\n  context: {{cluster: lab, user: lab, namespace: {namespace}}}\n"
        );
        let tokens = format!("{TOKEN},lab,lab,system:masters\n");
        for (name, text) in [("kubeconfig", kubeconfig), ("tokens.csv", tokens), ("sa.key", key()?)] {
            std::fs::write(self.file(name), text).map_err(|e| e.to_string())?;
        }
        Ok(())
    }

    fn spawn(&mut self, program: &Path, flags: &[String]) -> Result<(), String> {
        let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let log = || std::fs::File::create(self.file(&format!("{name}.log"))).map_err(|e| e.to_string());
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", WATCHED, "lab"]).arg(program).args(flags).current_dir(self.folder.path());
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(log()?);
        self.children.push(shell.spawn().map_err(|e| format!("{name}: {e}"))?);
        Ok(())
    }

    /// Until the server says that it is ready.
    fn wait(&mut self) -> Result<(), String> {
        let start = Instant::now();
        loop {
            let answer = self.kubectl(&["get", "--raw", "/readyz"], "")?;
            if answer.exit == 0 {
                return Ok(());
            }
            let ended = self.children.iter_mut().any(|child| !matches!(child.try_wait(), Ok(None)));
            if ended || start.elapsed() > PATIENCE {
                let log = std::fs::read_to_string(self.file("kube-apiserver.log")).unwrap_or_default();
                let end: Vec<_> = log.lines().rev().take(20).collect();
                return Err(format!("the server is not ready: {}\n{}", answer.stderr, end.join("\n")));
            }
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // The server first: it complains for long where its store is gone.
        for mut child in self.children.drain(..).rev() {
            drop(child.stdin.take());
            let _ = child.wait();
        }
    }
}

fn etcd_flags(store: u16, peers: u16) -> Vec<String> {
    let (client, peer) = (format!("http://127.0.0.1:{store}"), format!("http://127.0.0.1:{peers}"));
    vec![
        "--data-dir=etcd".to_owned(),
        format!("--listen-client-urls={client}"),
        format!("--advertise-client-urls={client}"),
        format!("--listen-peer-urls={peer}"),
        format!("--initial-advertise-peer-urls={peer}"),
        format!("--initial-cluster=default={peer}"),
        // It lives for minutes, in a folder that nobody keeps.
        "--unsafe-no-fsync=true".to_owned(),
        "--log-level=error".to_owned(),
    ]
}

fn server_flags(store: u16, server: u16) -> Vec<String> {
    let mut flags = vec![format!("--etcd-servers=http://127.0.0.1:{store}"), format!("--secure-port={server}")];
    let fixed = [
        "--bind-address=127.0.0.1",
        "--cert-dir=certificates",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-account-key-file=sa.key",
        "--service-account-signing-key-file=sa.key",
        "--service-cluster-ip-range=10.96.0.0/16",
        "--token-auth-file=tokens.csv",
        "--authorization-mode=RBAC",
        // It refuses pods whose service account is not there. In a dry run none is made, and no pod runs that would use it.
        "--disable-admission-plugins=ServiceAccount",
        // All requests come from one client, which waits for them.
        "--enable-priority-and-fairness=false",
    ];
    flags.extend(fixed.map(str::to_owned));
    flags
}

/// A key for tokens that nobody asks for, made by our own program.
fn key() -> Result<String, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).map_err(|e| e.to_string());
    std::fs::create_dir(folder.path().join("templates")).map_err(|e| e.to_string())?;
    write("Chart.yaml", "apiVersion: v2\nname: key\nversion: 0.1.0\n")?;
    write("templates/key.yaml", "key: {{ (genSelfSignedCert \"lab\" nil nil 1).Key | quote }}")?;
    let mut ours = Command::new(crate::binary::ours());
    let output = ours.args(["template", "."]).current_dir(folder.path()).output().map_err(|e| e.to_string())?;
    let value = crate::documents(&String::from_utf8_lossy(&output.stdout)).into_iter().next();
    let key = value.as_ref().and_then(|value| value["key"].as_str().map(str::to_owned));
    key.ok_or_else(|| format!("no key: {}", String::from_utf8_lossy(&output.stderr)))
}

fn answer(output: &Output) -> Answer {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Answer { stdout: text(&output.stdout), stderr: text(&output.stderr), exit: output.status.code().unwrap_or(-1) }
}
