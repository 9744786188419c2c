//! Jobs of data products, run: they complete or fail as they should, and see the files that they were promised.

mod e2e;

use std::process::ExitCode;

use e2e::Test;
use libtest_mimic::Failed;
use rhumb_platforms::Chart;
use rhumb_platforms::node::{Node, StandIn};
use serde_json::{Value, json};

const CHART: Chart = Chart::FLOE_JOBS;
const NAMESPACE: &str = "jobs";

const TESTS: &[Test] = &[
    ("a job runs, and again when it changes", runs),
    ("a schedule's job runs when it is asked to", schedule),
    ("the artifacts are read byte for byte, and helm test sees them", artifacts),
    ("a secret is a file that only its reader reads", secret),
    ("a job that fails says why", failure),
];

fn main() -> ExitCode {
    e2e::run(NAMESPACE, TESTS)
}

/// `helm COMMAND RELEASE .` with a shell as every image and these values, waiting for jobs.
fn helm(node: &Node, command: &str, release: &str, values: &Value, more: &[&str]) -> Result<String, String> {
    let (repository, tag) = StandIn::SHELL.rsplit_once(':').unwrap_or_default();
    let image = json!({"repository": repository, "tag": tag});
    let set = format!("defaults.image={image}");
    let tests = format!("tests.image={image}");
    let mut args = vec![command, release, ".", "--wait", "--wait-for-jobs", "--timeout=90s"];
    args.extend(["--set-json", &set, "--set-json", &tests]);
    let values = values.to_string();
    args.extend(["--set-json", &values]);
    node.helm(CHART, &[&args, more].concat())
}

/// The Jobs of a release: name, unique number.
fn jobs(node: &Node, release: &str) -> Result<Vec<(String, String)>, String> {
    let selector = format!("app.kubernetes.io/instance={release}");
    let said = node.get(&["get", "jobs", "--selector", &selector, "--output", "json"], "")?;
    let list: Value = serde_json::from_str(&said).map_err(|e| e.to_string())?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let items = list["items"].as_array().into_iter().flatten();
    Ok(items.map(|job| (text(&job["metadata"]["name"]), text(&job["metadata"]["uid"]))).collect())
}

/// The only Job of a release, and its log.
fn log(node: &Node, release: &str) -> Result<String, String> {
    let jobs = jobs(node, release)?;
    let [(name, _)] = jobs.as_slice() else { return Err(format!("not one job: {jobs:?}")) };
    node.logs(NAMESPACE, &format!("job/{name}"))
}

fn says(got: &str, wanted: &str) -> Result<(), Failed> {
    if got == wanted { Ok(()) } else { Err(format!("{got:?} is not {wanted:?}").into()) }
}

fn script(text: &str) -> Value {
    json!({"jobs": {"say": {"command": ["sh", "-ec", text]}}})
}

/// F-05, REQ-622, F-21: a job completes; an upgrade that changes nothing of it leaves it alone, one that does makes a new one (nothing
/// immutable is touched), and `runOnUpgrade` runs it each time.
fn runs(node: &Node) -> Result<(), Failed> {
    node.import(&StandIn::shell())?;
    helm(node, "install", "plain", &script("echo one; id -u"), &[])?;
    says(&log(node, "plain")?, "one\n1000\n")?;
    let first = jobs(node, "plain")?;
    helm(node, "upgrade", "plain", &script("echo one; id -u"), &["--set", "commonLabels.team=data"])?;
    if jobs(node, "plain")? != first {
        return Err("an upgrade that changes nothing of the job makes a new one".into());
    }
    helm(node, "upgrade", "plain", &script("echo two"), &[])?;
    says(&log(node, "plain")?, "two\n")?;
    let mut again = script("echo two");
    again["jobs"]["say"]["runOnUpgrade"] = Value::from(true);
    let mut last = jobs(node, "plain")?;
    for _ in 0..2 {
        helm(node, "upgrade", "plain", &again, &[])?;
        let now = jobs(node, "plain")?;
        if now == last {
            return Err("runOnUpgrade does not run it".into());
        }
        last = now;
    }
    node.helm(CHART, &["uninstall", "plain", "--wait"])?;
    if jobs(node, "plain")?.is_empty() { Ok(()) } else { Err("the uninstall leaves jobs".into()) }
}

/// F-06: the job of a CronJob runs and completes when somebody triggers it.
fn schedule(node: &Node) -> Result<(), Failed> {
    let mut values = script("echo nightly");
    values["jobs"]["say"]["schedule"] = Value::from("0 2 1 1 *");
    helm(node, "install", "cron", &values, &[])?;
    node.must(&["create", "job", "now", "--from=cronjob/cron-floe-jobs-say"], "")?;
    node.must(&["wait", "--for=condition=Complete", "--timeout=60s", "job/now"], "")?;
    says(&node.logs(NAMESPACE, "job/now")?, "nightly\n")?;
    Ok(node.helm(CHART, &["uninstall", "cron", "--wait"]).map(drop)?)
}

/// F-07, REQ-635: a pod reads the document as it was given, cannot write it, and the chart's own test looks at it; where the document is
/// not one, that test fails.
fn artifacts(node: &Node) -> Result<(), Failed> {
    let file = CHART.path().join("ci/compiled_artifacts.json");
    let given = std::fs::read_to_string(&file)?;
    let set = format!("compiledArtifacts.inline={}", file.display());
    let read = script("cat $FLOE_COMPILED_ARTIFACTS; ! touch $FLOE_COMPILED_ARTIFACTS 2> /dev/null");
    helm(node, "install", "artifacts", &read, &["--set-file", &set])?;
    says(&log(node, "artifacts")?, &given)?;
    node.helm(CHART, &["test", "artifacts"])?;
    node.must(&["create", "configmap", "empty", "--from-literal=compiled_artifacts.json={}"], "")?;
    helm(node, "upgrade", "artifacts", &script("true"), &["--set", "compiledArtifacts.existingConfigMap=empty"])?;
    if node.helm(CHART, &["test", "artifacts"]).is_ok() {
        return Err("helm test takes a document without a version".into());
    }
    says(&node.logs(NAMESPACE, "pod/artifacts-floe-jobs-test")?, "no version in /etc/floe/compiled_artifacts.json\n")?;
    Ok(node.helm(CHART, &["uninstall", "artifacts", "--wait"]).map(drop)?)
}

/// F-08, REQ-631: a Secret as a file of mode 0400 is read by the job, which is not root, and can be written by nobody.
fn secret(node: &Node) -> Result<(), Failed> {
    node.must(&["create", "secret", "generic", "warehouse", "--from-literal=key=s3cr3t"], "")?;
    let mut values = script("cat /etc/keys/key; echo; stat -L -c '%a %u %g' /etc/keys/key");
    values["secretMounts"] = json!([{"secret": "warehouse", "mountPath": "/etc/keys", "defaultMode": 0o400}]);
    helm(node, "install", "secret", &values, &[])?;
    // The group is the pod's own (fsGroup), and the kubelet lets it read.
    says(&log(node, "secret")?, "s3cr3t\n440 0 1000\n")?;
    Ok(node.helm(CHART, &["uninstall", "secret", "--wait"]).map(drop)?)
}

/// F-05, X-11: a job that fails is tried again as often as it says and not more, Helm says which one it was, and its log is there.
fn failure(node: &Node) -> Result<(), Failed> {
    let mut values = script("echo no such table: orders >&2; exit 3");
    values["jobs"]["say"]["backoffLimit"] = Value::from(1);
    let Err(why) = helm(node, "install", "fails", &values, &[]) else {
        return Err("Helm is content with a job that fails".into());
    };
    let [(name, _)] = jobs(node, "fails")?.try_into().map_err(|jobs| format!("{jobs:?}"))?;
    if !why.contains(&name) {
        return Err(format!("{why} does not say {name}").into());
    }
    let selector = format!("batch.kubernetes.io/job-name={name}");
    let said = node.get(&["logs", "--selector", &selector], "")?;
    says(&said, &"no such table: orders\n".repeat(2))?;
    Ok(node.helm(CHART, &["uninstall", "fails", "--wait"]).map(drop)?)
}
