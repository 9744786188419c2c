//! The floe platform's hooks on a node: what runs before what, what a failure leaves, and what the dumps are worth. PostgreSQL is real,
//! Polaris a stand-in (docs/e2e.md).

mod e2e;

use std::process::ExitCode;

use e2e::Test;
use libtest_mimic::Failed;
use rhumb_platforms::node::Node;
use rhumb_platforms::{Answer, Chart, images};
use serde_json::{Value, json};

const CHART: Chart = Chart::FLOE_PLATFORM;
const NAMESPACE: &str = "hooks";

/// Of the tests, which share one release, each begins where the last one ended.
const TESTS: &[Test] = &[
    ("what is missing is told before anything is made", missing),
    ("in their order around an upgrade", order),
    ("one that fails stops the upgrade", failing),
    ("dumped before it is removed", removal),
];

/// Polaris over PostgreSQL, dumps before each upgrade and before the end, the password in a Secret of the user's.
const VALUES: &[&str] = &[
    "--set=dagster.enabled=false,otel-collector.enabled=false,global.postgresql.existingSecret=database",
    "--set=hooks.backup.enabled=true,hooks.backup.existingClaim=dumps,hooks.backup.preDelete=true",
    "--set=hooks.backup.backoffLimit=0,polaris.resources.requests.cpu=50m,polaris.resources.requests.memory=64Mi",
    "--set-json=polaris.bootstrap.catalogs=[{\"name\":\"demo\",\"defaultBaseLocation\":\"s3://warehouse/demo\",\"storage\":{\"type\":\"S3\",\"roleArn\":\"arn:aws:iam::123456789012:role/demo\"}}]",
];

fn main() -> ExitCode {
    e2e::run(NAMESPACE, TESTS)
}

fn helm(node: &Node, command: &str, more: &[&str]) -> Result<Answer, String> {
    let args = [command, "floe", ".", "--wait", "--timeout=180s"];
    node.helm_says(CHART, &[&args, VALUES, more].concat())
}

fn must(node: &Node, command: &str, more: &[&str]) -> Result<(), String> {
    let Answer { stdout, stderr, exit } = helm(node, command, more)?;
    if exit == 0 { Ok(()) } else { Err(format!("helm {command}: {stderr}{stdout}")) }
}

/// What runs of a release, and what it was made from.
fn names(node: &Node, kinds: &str) -> Result<Vec<String>, String> {
    let said = node.get(&["get", kinds, "--output=name", "--ignore-not-found"], "")?;
    Ok(said.lines().map(str::to_owned).collect())
}

/// Whose pods were made since a version of the list of events, in their order; and its version now.
fn made(node: &Node, since: u64) -> Result<(Vec<String>, u64), Failed> {
    let said = node.get(&["get", "events", "--field-selector=reason=SuccessfulCreate", "--output=json"], "")?;
    let events: Value = serde_json::from_str(&said)?;
    let version = |event: &Value| event["metadata"]["resourceVersion"].as_str().and_then(|text| text.parse().ok());
    let owner = |event: &Value| {
        let of = &event["involvedObject"];
        format!("{}/{}", of["kind"].as_str().unwrap_or_default(), of["name"].as_str().unwrap_or_default())
    };
    let events = events["items"].as_array().into_iter().flatten();
    let mut all: Vec<(u64, String)> = events.filter_map(|event| Some((version(event)?, owner(event)))).collect();
    all.sort();
    let last = all.last().map_or(0, |(version, _)| *version);
    Ok((all.into_iter().filter(|(version, _)| *version > since).map(|(_, owner)| owner).collect(), last))
}

/// That these were made, in this order, whatever else was.
fn in_order(got: &[String], wanted: &[&str]) -> Result<(), Failed> {
    let places: Vec<_> = wanted.iter().map(|name| got.iter().position(|got| got.starts_with(name))).collect();
    let known: Vec<_> = places.iter().flatten().collect();
    if known.len() == wanted.len() && known.is_sorted() {
        return Ok(());
    }
    Err(format!("{got:?} are not {wanted:?} in this order").into())
}

fn says(log: &str, wanted: &str) -> Result<(), Failed> {
    if log.contains(wanted) { Ok(()) } else { Err(format!("{log:?} does not say {wanted:?}").into()) }
}

/// REQ-628, X-11, BP-15: without the Secret that was named, the install ends at the first hook, whose log says what to do, and nothing else
/// has been made.
fn missing(node: &Node) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let archive = folder.path().join("images.tar");
    images::write(&[&CHART.render(VALUES)], &[], &archive)?;
    node.import_image(&archive)?;
    let claim = json!({
        "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "dumps"},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    });
    node.must(&["create", "-f", "-"], &claim.to_string())?;
    let Answer { stderr, exit, .. } = helm(node, "install", &[])?;
    if exit == 0 {
        return Err("the install succeeds without its Secret".into());
    }
    says(&stderr, "floe-prerequisites")?;
    let log = node.logs(NAMESPACE, "job/floe-prerequisites")?;
    says(&log, "Secret database has no key postgresql-password: create it in this namespace before the release")?;
    let made = names(node, "deployments,statefulsets,services,jobs")?;
    if made == ["job.batch/floe-prerequisites"] { Ok(()) } else { Err(format!("made: {made:?}").into()) }
}

/// REQ-628, F-21, BP-15: before an install the check, after it the catalogs; around an upgrade the check, the dump, the change, the
/// catalogs. Hooks that succeeded are gone, and the dump is whole.
fn order(node: &Node) -> Result<(), Failed> {
    node.must(&["create", "secret", "generic", "database", "--from-literal=postgresql-password=s3cr3t"], "")?;
    node.helm(CHART, &["uninstall", "floe", "--no-hooks", "--wait"])?;
    let (_, before) = made(node, 0)?;
    must(node, "install", &[])?;
    let (first, before) = made(node, before)?;
    in_order(&first, &["Job/floe-prerequisites", "ReplicaSet/floe-polaris-", "Job/floe-polaris-bootstrap-catalog"])?;
    if first.iter().any(|name| name.contains("backup")) {
        return Err(format!("an install dumps nothing: {first:?}").into());
    }
    must(node, "upgrade", &["--set=polaris.replicas=2"])?;
    let (then, _) = made(node, before)?;
    let wanted = [
        "Job/floe-prerequisites",
        "Job/floe-backup-pre-upgrade",
        "ReplicaSet/floe-polaris-",
        "Job/floe-polaris-bootstrap-catalog",
    ];
    in_order(&then, &wanted)?;
    let jobs = names(node, "jobs")?;
    let hooks = ["prerequisites", "backup", "bootstrap-catalog"];
    if let Some(job) = jobs.iter().find(|job| hooks.iter().any(|hook| job.contains(hook))) {
        return Err(format!("{job} succeeded, and is there").into());
    }
    let dumps = dumps(node)?;
    if dumps.len() == 1 { Ok(()) } else { Err(format!("not one dump: {dumps:?}").into()) }
}

/// REQ-628, X-06, X-11: a dump that fails ends the upgrade before anything is changed; its log stays, and the next upgrade goes.
fn failing(node: &Node) -> Result<(), Failed> {
    let polaris = names(node, "replicasets")?;
    // The volume is there; what is to be dumped does not answer.
    node.must(&["scale", "statefulset/floe-postgresql", "--replicas=0"], "")?;
    node.must(&["wait", "--for=delete", "pod/floe-postgresql-0", "--timeout=120s"], "")?;
    let set = "--set=polaris.podAnnotations.changed=yes,hooks.backup.activeDeadlineSeconds=60";
    let Answer { stderr, exit, .. } = helm(node, "upgrade", &[set])?;
    if exit == 0 {
        return Err("the upgrade succeeds without its dump".into());
    }
    says(&stderr, "floe-backup-pre-upgrade")?;
    let log = node.logs(NAMESPACE, "job/floe-backup-pre-upgrade")?;
    says(&log, "floe-postgresql")?;
    if names(node, "replicasets")? != polaris {
        return Err("the upgrade goes on without its dump".into());
    }
    node.must(&["scale", "statefulset/floe-postgresql", "--replicas=1"], "")?;
    node.must(&["rollout", "status", "statefulset/floe-postgresql", "--timeout=120s"], "")?;
    must(node, "upgrade", &["--set=polaris.podAnnotations.changed=yes"])?;
    let dumps = dumps(node)?;
    if dumps.len() == 2 { Ok(()) } else { Err(format!("not two dumps: {dumps:?}").into()) }
}

/// REQ-628: the dump before the end is there after it, and what was dumped can be listed.
fn removal(node: &Node) -> Result<(), Failed> {
    node.helm(CHART, &["uninstall", "floe", "--wait", "--timeout=180s"])?;
    let dumps = dumps(node)?;
    if dumps.len() == 3 { Ok(()) } else { Err(format!("not three dumps: {dumps:?}").into()) }
}

/// The dumps on the claim, each of which PostgreSQL can read.
fn dumps(node: &Node) -> Result<Vec<String>, Failed> {
    let read = "cd /backup; for dump in *; do pg_restore --list $dump > /dev/null; echo $dump; done";
    let rights = json!({"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}});
    let context = json!({
        "runAsNonRoot": true, "runAsUser": 999, "fsGroup": 999, "seccompProfile": {"type": "RuntimeDefault"}
    });
    let container = json!({
        "name": "read", "image": "docker.io/library/postgres:17.6", "command": ["sh", "-ec", read],
        "securityContext": rights, "volumeMounts": [{"name": "dumps", "mountPath": "/backup"}]
    });
    let spec = json!({
        "restartPolicy": "Never", "securityContext": context, "containers": [container],
        "volumes": [{"name": "dumps", "persistentVolumeClaim": {"claimName": "dumps"}}]
    });
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "reader"}, "spec": spec});
    node.must(&["create", "-f", "-"], &pod.to_string())?;
    node.must(&["wait", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=60s", "pod/reader"], "")?;
    let said = node.logs(NAMESPACE, "pod/reader")?;
    node.must(&["delete", "pod", "reader", "--wait"], "")?;
    Ok(said.lines().map(str::to_owned).collect())
}
