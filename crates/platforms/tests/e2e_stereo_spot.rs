//! The stereo-spot chart over its life on a node, with servers in the place of its programs that answer what the chart asks.

mod e2e;

use std::process::ExitCode;
use std::time::Duration;

use e2e::Test;
use libtest_mimic::Failed;
use rhumb_platforms::Chart;
use rhumb_platforms::node::{Node, StandIn};
use rhumb_platforms::programs::until_after;
use serde_json::{Value, json};

const CHART: Chart = Chart::STEREO_SPOT;
const NAMESPACE: &str = "stereo-spot";

const TESTS: &[Test] = &[("install, upgrade under load, rollback, uninstall", life)];

/// The values of every step: all three workloads run, and none of them asks for what the node has not.
const VALUES: &[&str] = &[
    "--set=webUi.replicas=2,mediaWorker.replicas=1,videoWorker.replicas=1,videoWorker.gpu.enabled=false",
    "--set=videoWorker.resources.requests.cpu=100m",
];

fn main() -> ExitCode {
    e2e::run(NAMESPACE, TESTS)
}

/// Answers as the three programs do when asked for their health, with its tag at `/version`; told to end, it ends at once.
fn server(name: &str, tag: &str) -> StandIn {
    let script = "httpd -f -p ${PORT:-8080} -h /www & server=$!\ntrap 'kill $server; exit 0' TERM\nwait $server\n";
    let mut image = StandIn::script(&format!("docker.io/library/{name}:{tag}"), script);
    let pages = [("index.html", "<a href=\"/jobs\">jobs</a>"), ("healthz", "ok"), ("readyz", "ok"), ("version", tag)];
    image.files.extend(pages.map(|(page, text)| (format!("www/{page}"), 0o644, format!("{text}\n").into_bytes())));
    image
}

/// Helm with the chart and the values, until everything is ready.
fn helm(node: &Node, command: &str, more: &[&str]) -> Result<String, String> {
    let args = [command, "stereo-spot", ".", "--wait", "--timeout=120s"];
    node.helm(CHART, &[&args, VALUES, more].concat())
}

/// A pod that asks web-ui's Service for its version five times a second, over new connections, and notes each answer.
fn asker() -> Value {
    let ask = "while :; do wget -q -T 2 -O - http://web-ui/version || echo failed; sleep 0.2; done";
    let rights = json!({"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}});
    let context = json!({"runAsNonRoot": true, "runAsUser": 65532, "seccompProfile": {"type": "RuntimeDefault"}});
    let container =
        json!({"name": "ask", "image": StandIn::SHELL, "args": ["sh", "-c", ask], "securityContext": rights});
    json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "asker"},
        "spec": {"securityContext": context, "containers": [container], "terminationGracePeriodSeconds": 0}
    })
}

/// What the asker has noted since it had noted so many lines; none may be a failure, and these versions have to be among them.
fn answers(node: &Node, since: usize, versions: &[&str]) -> Result<usize, Failed> {
    // So that the end of what happened is in it.
    std::thread::sleep(Duration::from_secs(2));
    let log = node.logs(NAMESPACE, "pod/asker")?;
    let lines: Vec<&str> = log.lines().skip(since).collect();
    let failed = lines.iter().filter(|line| !["v1", "v2"].contains(line)).count();
    if failed > 0 {
        return Err(format!("{failed} of {} questions failed: {lines:?}", lines.len()).into());
    }
    match versions.iter().find(|version| !lines.contains(version)) {
        Some(version) => Err(format!("{version} never answered: {lines:?}").into()),
        None => Ok(since + lines.len()),
    }
}

/// The images of all pods of the release that are not on their way out.
fn images(node: &Node) -> Result<Vec<String>, Failed> {
    let said = node.get(&["get", "pods", "--selector=app.kubernetes.io/instance=stereo-spot", "--output=json"], "")?;
    let pods: Value = serde_json::from_str(&said)?;
    let pods = pods["items"].as_array().into_iter().flatten();
    let live = pods.filter(|pod| pod["metadata"]["deletionTimestamp"].is_null());
    let image = |pod: &Value| pod["spec"]["containers"][0]["image"].as_str().unwrap_or_default().to_owned();
    let mut images: Vec<String> = live.map(image).collect();
    images.sort();
    Ok(images)
}

fn runs(node: &Node, tag: &str) -> Result<(), Failed> {
    let wanted = ["media-worker", "video-worker", "web-ui", "web-ui"].map(|name| format!("stereo-spot-{name}:{tag}"));
    let got = images(node)?;
    if got == wanted { Ok(()) } else { Err(format!("{got:?} are not {wanted:?}").into()) }
}

/// S-02, S-08, X-06, F-21, BP-02, BP-16, BP-20: in a namespace that takes restricted pods only, everything becomes ready, and the chart's
/// own test passes; an upgrade to another tag, one to a tag that is not there (which fails and is taken back) and a rollback lose no
/// request; an uninstall leaves nothing.
fn life(node: &Node) -> Result<(), Failed> {
    for tag in ["v1", "v2"] {
        for name in ["web-ui", "media-worker", "video-worker"] {
            node.import(&server(&format!("stereo-spot-{name}"), tag))?;
        }
    }
    node.import(&StandIn::shell())?;
    // What the chart's own test is run with.
    node.import(&StandIn::script("docker.io/library/busybox:1.37.0", "exec \"$@\""))?;

    helm(node, "install", &["--set=image.tag=v1"])?;
    runs(node, "v1")?;
    node.helm(CHART, &["test", "stereo-spot"])?;

    node.must(&["create", "-f", "-"], &asker().to_string())?;
    node.must(&["wait", "--for=condition=Ready", "--timeout=60s", "pod/asker"], "")?;
    let mut asked = answers(node, 0, &["v1"])?;

    helm(node, "upgrade", &["--set=image.tag=v2"])?;
    runs(node, "v2")?;
    asked = answers(node, asked, &["v1", "v2"])?;

    if helm(node, "upgrade", &["--set=image.tag=none", "--rollback-on-failure", "--timeout=20s"]).is_ok() {
        return Err("an upgrade to an image that is not there succeeds".into());
    }
    runs(node, "v2")?;
    asked = answers(node, asked, &["v2"])?;

    node.helm(CHART, &["rollback", "stereo-spot", "1", "--wait", "--timeout=120s"])?;
    runs(node, "v1")?;
    asked = answers(node, asked, &["v2", "v1"])?;

    // Alone, which is the default, a pod goes when the next one is there.
    helm(node, "upgrade", &["--set=image.tag=v1,webUi.replicas=1"])?;
    helm(node, "upgrade", &["--set=image.tag=v2,webUi.replicas=1"])?;
    asked = answers(node, asked, &["v1", "v2"])?;
    if asked < 100 {
        return Err(format!("only {asked} questions were asked").into());
    }

    // That an outage would have been seen.
    node.must(&["scale", "deployment/web-ui", "--replicas=0"], "")?;
    node.must(&["wait", "--for=delete", "pod", "--selector=app.kubernetes.io/component=web-ui", "--timeout=60s"], "")?;
    if answers(node, asked, &[]).is_ok() {
        return Err("web-ui is gone, and nobody notices".into());
    }

    node.must(&["delete", "pod", "asker", "--wait"], "")?;
    node.helm(CHART, &["uninstall", "stereo-spot", "--wait", "--timeout=120s"])?;
    nothing(node)
}

/// Nothing of the release is left in the namespace: no object that a namespace has not by itself.
fn nothing(node: &Node) -> Result<(), Failed> {
    let kinds = node.get(&["api-resources", "--namespaced", "--verbs=list", "--output=name"], "")?;
    let kinds: Vec<&str> = kinds.lines().filter(|kind| !kind.starts_with("events")).collect();
    let own = ["configmap/kube-root-ca.crt", "serviceaccount/default"];
    let mut left = String::new();
    // Helm waits for its own objects; pods and what else belongs to these go after them.
    let gone = until_after(Duration::from_secs(30), || {
        let said = node.get(&["get", &kinds.join(","), "--output=name", "--ignore-not-found"], "");
        left = said.unwrap_or_else(|why| why);
        left.lines().all(|name| own.contains(&name))
    });
    gone.map_err(|_| format!("left: {left}").into())
}
