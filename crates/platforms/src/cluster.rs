//! A real API server with its store, in a temporary folder and on free ports, for as long as a test needs it.
//!
//! Nothing runs on it: it judges objects. `cargo xtask lab` gets its parts.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rhumb_testkit::lab;

use crate::client::Client;
use crate::programs::ports;

/// A running API server, and who asks it. It ends with this value, and with the process that made it, however that ends.
#[derive(Debug)]
pub struct Cluster {
    client: Client,
    folder: tempfile::TempDir,
    children: Vec<Child>,
}

/// Longer than a start may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

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
        Cluster::start_with(namespace, &[])
    }

    /// The same with more flags for the server.
    ///
    /// # Errors
    /// As above.
    pub fn start_with(namespace: &str, more: &[String]) -> Result<Cluster, String> {
        Cluster::can_start()?;
        let (kubernetes, etcd) = (lab::KUBERNETES.need()?, lab::ETCD.need()?);
        let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
        let client = Client::new(kubernetes.join("kubectl"), folder.path(), Vec::new());
        let mut cluster = Cluster { client, folder, children: Vec::new() };
        let [store, peers, server] = ports().map_err(|e| e.to_string())?;
        cluster.settings(server, namespace)?;
        cluster.spawn(&etcd.join("etcd"), &etcd_flags(store, peers))?;
        cluster.spawn(&kubernetes.join("kube-apiserver"), &[flags(store, server), more.to_vec()].concat())?;
        cluster.wait()?;
        custom_resources(&cluster)?;
        Ok(cluster)
    }

    fn spawn(&mut self, program: &Path, flags: &[String]) -> Result<(), String> {
        let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.beside(&name, program, flags, &[])
    }

    /// Starts a program beside the server, in its folder, with these variables and no others. It ends with this value; what it writes
    /// is in the log of this name.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub fn beside(
        &mut self,
        name: &str,
        program: &Path,
        flags: &[String],
        variables: &[(&str, &str)],
    ) -> Result<(), String> {
        let error = |e: std::io::Error| format!("{name}: {e}");
        let log = std::fs::File::create(self.file(&format!("{name}.log"))).map_err(error)?;
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", WATCHED, "lab"]).arg(program).args(flags).current_dir(self.folder.path());
        shell.env_clear().env("HOME", self.folder.path()).env("PATH", std::env::var_os("PATH").unwrap_or_default());
        shell.envs(variables.iter().copied());
        shell.stdin(Stdio::piped()).stdout(log.try_clone().map_err(error)?).stderr(log);
        self.children.push(shell.spawn().map_err(error)?);
        Ok(())
    }

    /// A file of the folder in which all this happens: `kubeconfig` leads to the server, `NAME.log` has what a program wrote.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn wait(&mut self) -> Result<(), String> {
        let (log, children) = (self.file("kube-apiserver.log"), &mut self.children);
        let ended = || children.iter_mut().any(|child| !matches!(child.try_wait(), Ok(None)));
        answers(&self.client, ended).map_err(|why| format!("{why}\n{}", end(&log)))
    }
}

impl Deref for Cluster {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
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

/// Waits until the server says that it is ready, or a program of it has ended.
pub(crate) fn answers(client: &Client, mut ended: impl FnMut() -> bool) -> Result<(), String> {
    let start = Instant::now();
    loop {
        let answer = client.kubectl(&["get", "--raw", "/readyz"], "")?;
        if answer.exit == 0 {
            return Ok(());
        }
        if ended() || start.elapsed() > PATIENCE {
            return Err(format!("the server is not ready: {}", answer.stderr));
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// The end of what a program wrote.
pub(crate) fn end(log: &Path) -> String {
    let log = std::fs::read_to_string(log).unwrap_or_default();
    let end: Vec<_> = log.lines().rev().take(20).collect();
    end.into_iter().rev().collect::<Vec<_>>().join("\n")
}

/// Installs the custom resources that the charts' objects are of.
pub(crate) fn custom_resources(client: &Client) -> Result<(), String> {
    for part in lab::CRDS {
        let files = part.need()?.display().to_string();
        client.must(&["create", "-f", &files], "")?;
    }
    client.must(&["wait", "--for=condition=Established", "--timeout=60s", "crd", "--all"], "")
}

/// How etcd is started in a folder.
pub(crate) fn etcd_flags(store: u16, peers: u16) -> Vec<String> {
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

/// How every API server is started in the folder of its client.
pub(crate) fn server_flags(store: u16, server: u16) -> Vec<String> {
    let mut flags = vec![format!("--etcd-servers=http://127.0.0.1:{store}"), format!("--secure-port={server}")];
    let fixed = [
        "--cert-dir=certificates",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-account-key-file=sa.key",
        "--service-account-signing-key-file=sa.key",
        "--service-cluster-ip-range=10.96.0.0/16",
        "--token-auth-file=tokens.csv",
        "--authorization-mode=RBAC",
        // All requests come from one client, which waits for them.
        "--enable-priority-and-fairness=false",
    ];
    flags.extend(fixed.map(str::to_owned));
    flags
}

fn flags(store: u16, server: u16) -> Vec<String> {
    let mut flags = server_flags(store, server);
    flags.push("--bind-address=127.0.0.1".to_owned());
    // It refuses pods whose service account is not there. In a dry run none is made, and no pod runs that would use it.
    flags.push("--disable-admission-plugins=ServiceAccount".to_owned());
    flags
}
