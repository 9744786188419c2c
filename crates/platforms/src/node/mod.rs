//! A real node: the charts' pods run. Control plane, containerd, kubelet, kube-proxy and CoreDNS live in namespaces of the kernel of
//! their own (a room), so nothing of them reaches this machine, and nothing is left of them.
//!
//! It takes root, programs of Debian's ([`lab::NODE_PROGRAMS`]) and parts that `cargo xtask lab` gets when they are named; `cargo xtask e2e` sees
//! to both, and runs the tests that use this.

mod room;
mod settings;
mod stand_in;

use std::fmt::Write as _;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rhumb_testkit::lab;
use serde_json::json;

use crate::client::Client;
use crate::cluster::{answers, end, etcd_flags, server_flags};
use crate::programs::until_after;
use room::Room;
pub use stand_in::StandIn;

/// The node's address, where the API server and DNS answer pods too.
pub const ADDRESS: &str = "10.240.0.1";

/// Longer than a start may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(180);

/// Where the server is, for programs in the room.
const SERVER: u16 = 6443;

/// A cluster of one node, and who asks it. All of it ends with this value, and with the process that made it, however that ends.
#[derive(Debug)]
pub struct Node {
    client: Client,
    programs: Vec<(String, Child)>,
    // Ends last, and with it whatever still runs.
    room: Room,
}

impl Node {
    /// Whether a node can be started on this machine; otherwise what is missing.
    ///
    /// # Errors
    /// All of that, and how to get it.
    pub fn can_start() -> Result<(), String> {
        let mut missing = String::new();
        if !room::is_root() {
            missing += "a node takes root\n";
        }
        for part in lab::NODE_PARTS.iter().filter(|part| part.path().is_none()) {
            let _ = writeln!(missing, "{} {} is not on this machine: cargo xtask e2e", part.name, part.version);
        }
        for (program, package) in lab::NODE_PROGRAMS.iter().filter(|(program, _)| !Path::new(program).exists()) {
            let _ = writeln!(missing, "{program} is not on this machine: apt-get install {package}");
        }
        if missing.is_empty() { Ok(()) } else { Err(missing) }
    }

    /// Starts one, and waits until it takes pods. `kubectl` and Helm speak of the namespace given where they name none; it is there, and
    /// enforces the restricted Pod Security standard.
    ///
    /// # Errors
    /// What went wrong, with the end of what the programs wrote.
    pub fn start(namespace: &str) -> Result<Node, String> {
        Node::can_start()?;
        let room = Room::open()?;
        let kubectl = lab::KUBERNETES.need()?.join("kubectl");
        let client = Client::new(kubectl, room.folder(), room.door());
        let mut node = Node { client, programs: Vec::new(), room };
        node.begin(namespace).map_err(|why| format!("{why}\n{}", node.report()))?;
        Ok(node)
    }

    fn begin(&mut self, namespace: &str) -> Result<(), String> {
        self.client.settings(SERVER, namespace)?;
        let [kubernetes, etcd, node, containerd, coredns] = lab::NODE_PARTS else {
            return Err("other parts".to_owned());
        };
        let folder = self.room.folder().to_owned();
        settings::write(&folder, self.room.name()).map_err(|e| format!("settings: {e}"))?;
        self.run(&containerd.need()?.join("containerd"), &["--config=containerd.toml".to_owned()])?;
        self.run(&etcd.need()?.join("etcd"), &etcd_flags(2379, 2380))?;
        let mut flags = server_flags(2379, SERVER);
        flags.extend(settings::server());
        self.run(&kubernetes.need()?.join("kube-apiserver"), &flags)?;
        let programs = &mut self.programs;
        let ended = || programs.iter_mut().any(|(_, child)| !matches!(child.try_wait(), Ok(None)));
        answers(&self.client, ended)?;
        let node = node.need()?;
        for (program, flags) in settings::PROGRAMS {
            let flags: Vec<String> = flags.iter().map(|flag| (*flag).to_owned()).collect();
            self.run(&node.join(program), &flags)?;
        }
        self.run(&coredns.need()?.join("coredns"), &["-conf=Corefile".to_owned()])?;
        let storage = settings::storage(&folder).map_err(|e| format!("volumes: {e}"))?;
        self.must(&["create", "-f", "-"], &storage)?;
        self.namespace(namespace)?;
        self.import(&StandIn::sandbox(settings::SANDBOX))?;
        self.must(&["wait", "--for=create", "--timeout=120s", "node/node"], "")?;
        self.must(&["wait", "--for=condition=Ready", "--timeout=120s", "node/node"], "")
    }

    /// Starts a program in the room, with a log of its own.
    fn run(&mut self, program: &Path, flags: &[String]) -> Result<(), String> {
        let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let log = std::fs::File::create(self.log(&name)).map_err(|e| e.to_string())?;
        let said = log.try_clone().map_err(|e| e.to_string())?;
        let mut command = self.client.command(self.room.folder(), program);
        // containerd looks for its shim there.
        let mut path = program.parent().unwrap_or(program).as_os_str().to_owned();
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        command.args(flags).env("PATH", path).stdin(Stdio::null()).stdout(said).stderr(log);
        self.programs.push((name.clone(), command.spawn().map_err(|e| format!("{name}: {e}"))?));
        Ok(())
    }

    fn log(&self, name: &str) -> PathBuf {
        self.room.folder().join(format!("{name}.log"))
    }

    /// A program in the room, in a folder: it sees the cluster's addresses, and its own `/proc`.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        self.client.command(self.room.folder(), Path::new(program))
    }

    /// Makes a namespace that enforces the restricted Pod Security standard, and waits until pods can be made in it.
    ///
    /// # Errors
    /// What `kubectl` complained of.
    pub fn namespace(&self, name: &str) -> Result<(), String> {
        let labels = json!({"pod-security.kubernetes.io/enforce": "restricted"});
        let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}});
        self.must(&["create", "-f", "-"], &namespace.to_string())?;
        self.must(&["wait", "--for=create", "--timeout=60s", "--namespace", name, "serviceaccount/default"], "")?;
        self.must(&["wait", "--for=create", "--timeout=60s", "--namespace", name, "configmap/kube-root-ca.crt"], "")
    }

    /// Gives the node the images of a docker-archive: there is no registry to pull from.
    ///
    /// # Errors
    /// What `ctr` complained of.
    pub fn import_image(&self, tar: &Path) -> Result<(), String> {
        let ctr = lab::CONTAINERD.need()?.join("ctr");
        let mut said = Err(String::new());
        // containerd may have just been started.
        until_after(PATIENCE, || {
            let mut command = self.client.command(self.room.folder(), &ctr);
            // Containers need them on this platform alone, unpacked.
            command.args(["--namespace=k8s.io", "images", "import", "--local", "--no-unpack=false"]).arg(tar);
            said = command.output().map_err(|e| e.to_string());
            match &said {
                Ok(said) => !String::from_utf8_lossy(&said.stderr).contains("containerd.sock"),
                Err(_) => true,
            }
        })?;
        let said = said.map_err(|why| format!("ctr: {why}"))?;
        if said.status.success() { Ok(()) } else { Err(format!("ctr: {}", crate::programs::words(&said))) }
    }

    /// Makes an image of a stand-in, and gives it to the node.
    ///
    /// # Errors
    /// Where it cannot be made, and what `ctr` complained of.
    pub fn import(&self, image: &StandIn) -> Result<(), String> {
        let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
        let tar = image.archive(folder.path()).map_err(|e| format!("{}: {e}", image.name))?;
        self.import_image(&tar)
    }

    /// What all containers of a pod wrote; `target` as `kubectl logs` takes it (`pod/x`, `job/x`).
    ///
    /// # Errors
    /// What `kubectl` complained of.
    pub fn logs(&self, namespace: &str, target: &str) -> Result<String, String> {
        self.get(&["logs", "--namespace", namespace, "--all-containers", target], "")
    }

    /// Waits until every pod of a namespace is ready or has completed, of which there has to be one.
    ///
    /// # Errors
    /// After that time; with all that there is to say.
    pub fn wait_ready(&self, namespace: &str, patience: Duration) -> Result<(), String> {
        let done = || {
            let said = self.get(&["get", "pods", "--namespace", namespace, "--output", "json"], "").ok()?;
            let pods: serde_json::Value = serde_json::from_str(&said).ok()?;
            let pods = pods["items"].as_array().filter(|pods| !pods.is_empty())?;
            let ready = |pod: &serde_json::Value| {
                let conditions = pod["status"]["conditions"].as_array();
                let is = |c: &serde_json::Value| c["type"] == "Ready" && c["status"] == "True";
                pod["status"]["phase"] == "Succeeded" || conditions.is_some_and(|all| all.iter().any(is))
            };
            pods.iter().all(ready).then_some(())
        };
        until_after(patience, || done().is_some()).map_err(|why| format!("{why}{}", self.report()))
    }

    /// All that helps to see why something does not run: pods, events, the logs of what is not ready, the end of each program's log.
    #[must_use]
    pub fn report(&self) -> String {
        let mut out = String::new();
        let all = ["--all-namespaces", "--output", "wide"];
        for args in [&["get", "pods,jobs,services"][..], &["get", "events", "--sort-by=.lastTimestamp"]] {
            match self.get(&[args, &all[..]].concat(), "") {
                Ok(said) => {
                    let lines: Vec<_> = said.lines().collect();
                    out += &lines[lines.len().saturating_sub(60)..].join("\n");
                    out.push('\n');
                }
                Err(why) => out += &why,
            }
        }
        let template = "{range .items[*]}{.metadata.namespace} {.metadata.name}{\"\\n\"}{end}";
        let pods = self.get(&["get", "pods", "--all-namespaces", "--output", &format!("jsonpath={template}")], "");
        for pod in pods.unwrap_or_default().lines() {
            let Some((namespace, name)) = pod.split_once(' ') else { continue };
            let _ = writeln!(out, "--- {namespace}/{name}");
            for more in [&[][..], &["--previous"]] {
                let args = ["logs", "--all-containers", "--prefix", "--tail=30", "--namespace", namespace, name];
                out += &self.get(&[&args[..], more].concat(), "").unwrap_or_default();
            }
        }
        for (name, _) in &self.programs {
            let _ = writeln!(out, "--- {name}\n{}", end(&self.log(name)));
        }
        out
    }
}

impl Deref for Node {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.room.close();
        for (_, child) in &mut self.programs {
            let _ = child.wait();
        }
    }
}
