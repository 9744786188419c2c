//! What the trials share: the node with its images, the release, and how it is asked.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use libtest_mimic::Failed;
use rhumb_platforms::node::Node;
use rhumb_platforms::programs::{until_after, words};
use rhumb_platforms::{Chart, images};
use serde_json::Value;

pub(super) const CHART: Chart = Chart::FLOE_PLATFORM;

/// The namespace of the release, which enforces the restricted Pod Security standard.
pub(super) const NAMESPACE: &str = "floe";

/// The values of the later trials.
pub(super) const VALUES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e_floe_platform/values.yaml");

/// The node, once a trial has asked for it.
#[derive(Default)]
pub(super) struct Stage {
    node: OnceLock<Result<Node, String>>,
}

impl Stage {
    /// Plays a scene. What fails is told with all that the node has to say.
    pub(super) fn play(&self, scene: fn(&Stage) -> Result<(), Failed>) -> Result<(), Failed> {
        let node = self.node.get_or_init(start);
        if let Err(why) = node {
            return Err(why.into());
        }
        let begun = Instant::now();
        let played = catch_unwind(AssertUnwindSafe(|| scene(self)));
        println!("{} s", begun.elapsed().as_secs());
        let why = match played {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(failed)) => failed.message().unwrap_or("no reason").to_owned(),
            // What was not as it should be has been told already.
            Err(_) => "not as it should be".to_owned(),
        };
        Err(format!("{why}\n{}", self.node().report()).into())
    }

    /// The node.
    ///
    /// # Panics
    /// Outside a scene.
    pub(super) fn node(&self) -> &Node {
        match self.node.get() {
            Some(Ok(node)) => node,
            _ => panic!("scenes are played on a node"),
        }
    }

    /// What Helm says, asked about a chart.
    pub(super) fn helm(&self, chart: Chart, args: &[&str]) -> Result<String, Failed> {
        Ok(self.node().helm(chart, args)?)
    }

    /// An object, or a list of them, of the release's namespace.
    pub(super) fn get(&self, args: &[&str]) -> Result<Value, Failed> {
        let said = self.node().get(&[&["get", "--namespace", NAMESPACE, "--output", "json"], args].concat(), "")?;
        Ok(serde_json::from_str(&said)?)
    }

    /// Where a Service is.
    pub(super) fn address(&self, service: &str) -> Result<String, Failed> {
        let service = self.get(&["service", service])?;
        let spec = &service["spec"];
        match (spec["clusterIP"].as_str(), spec["ports"][0]["port"].as_u64()) {
            (Some(address), Some(port)) => Ok(format!("http://{address}:{port}")),
            _ => Err(format!("no address: {service}").into()),
        }
    }

    /// What a Service answers, asked by curl where pods are.
    pub(super) fn curl(&self, args: &[&str]) -> Result<String, Failed> {
        let mut curl = self.node().command("curl");
        answer(curl.args(["--silent", "--show-error", "--max-time", "30"]).args(args))
    }

    /// The value of a Secret's key.
    pub(super) fn secret(&self, name: &str, key: &str) -> Result<String, Failed> {
        let secret = self.get(&["secret", name])?;
        let coded = secret["data"][key].as_str().ok_or_else(|| format!("no {key} in the Secret {name}"))?;
        let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, coded)?;
        Ok(String::from_utf8(bytes)?)
    }

    /// The lines that a query gives, asked in the database's own pod.
    pub(super) fn sql(&self, database: &str, query: &str) -> Result<String, Failed> {
        let pod = ["exec", "--namespace", NAMESPACE, "floe-postgresql-0", "--"];
        let psql = ["psql", "--no-psqlrc", "--tuples-only", "--no-align", "--username=floe"];
        let said = self.node().get(&[&pod[..], &psql, &["--dbname", database, "--command", query]].concat(), "")?;
        Ok(said.trim().to_owned())
    }

    /// Waits until something is so, which is asked once a second.
    pub(super) fn until(&self, what: &str, seconds: u64, mut done: impl FnMut() -> bool) -> Result<(), Failed> {
        let slow = || {
            let is = done();
            if !is {
                std::thread::sleep(Duration::from_secs(1));
            }
            is
        };
        until_after(Duration::from_secs(seconds), slow).map_err(|why| format!("{what}: {why}").into())
    }

    /// Waits until no pod of the release is on its way in or out.
    pub(super) fn settled(&self, seconds: u64) -> Result<(), Failed> {
        for kind in ["deployment", "statefulset"] {
            let all = self.get(&[kind])?;
            for object in all["items"].as_array().into_iter().flatten() {
                let name = format!("{kind}/{}", object["metadata"]["name"].as_str().unwrap_or_default());
                let timeout = format!("--timeout={seconds}s");
                self.node().must(&["rollout", "status", &timeout, "--namespace", NAMESPACE, &name], "")?;
            }
        }
        Ok(())
    }
}

/// A node that has every image that the charts name, and those of the trials.
fn start() -> Result<Node, String> {
    let begun = Instant::now();
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let archive = folder.path().join("images.tar");
    let demo = format!("{}:1", images::DEMO);
    let dbt = format!("{}:1", images::DBT);
    images::write(&[&CHART.render(&[])], &[&demo, &dbt], &archive)?;
    let node = Node::start(NAMESPACE)?;
    let up = begun.elapsed().as_secs();
    node.import_image(&archive)?;
    println!("a node after {up} s, its images after {} s", begun.elapsed().as_secs());
    Ok(node)
}

/// What a program says on standard output, or why it failed.
pub(super) fn answer(command: &mut Command) -> Result<String, Failed> {
    let said = command.output()?;
    if said.status.success() {
        return Ok(String::from_utf8_lossy(&said.stdout).into_owned());
    }
    Err(format!("{command:?}: {}", words(&said)).into())
}
