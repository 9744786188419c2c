//! The release over its life: installed, upgraded, rolled back, removed, installed again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use libtest_mimic::Failed;
use rhumb_platforms::Chart;
use rhumb_platforms::programs::{Running, copy};

use super::stage::{CHART, NAMESPACE, Stage, VALUES};

/// How long the platform may take to be up, which is what is asked of it.
const LIMIT: Duration = Duration::from_secs(600);

/// F-01, X-04, REQ-621, BP-02: `helm install` with nothing but a name, in a namespace that enforces the restricted standard. All pods become
/// ready in less than ten minutes, the release is deployed, and the chart's own tests are green.
pub(super) fn install(stage: &Stage) -> Result<(), Failed> {
    let begun = Instant::now();
    stage.helm(CHART, &["install", "floe", ".", "--namespace", NAMESPACE])?;
    stage.node().wait_ready(NAMESPACE, LIMIT.saturating_sub(begun.elapsed()))?;
    println!("all pods are ready after {} s", begun.elapsed().as_secs());
    let status = stage.helm(CHART, &["status", "floe", "--namespace", NAMESPACE])?;
    assert!(status.contains("STATUS: deployed"), "{status}");
    let pods = stage.get(&["pods"])?;
    let restarts = pods["items"].as_array().into_iter().flatten().flat_map(|pod| {
        let of = |list: &str| pod["status"][list].as_array().cloned().unwrap_or_default();
        [of("containerStatuses"), of("initContainerStatuses")].concat()
    });
    let restarted: Vec<_> = restarts.filter(|container| container["restartCount"] != 0).collect();
    assert_eq!(restarted, Vec::<serde_json::Value>::new(), "containers that had to be started again");
    let said = stage.helm(CHART, &["test", "floe", "--namespace", NAMESPACE])?;
    assert_eq!(said.matches("Phase:          Succeeded").count(), 5, "{said}");
    Ok(())
}

/// REQ-623: where no database answers, Dagster's pods wait as long as they are told to, and fail with its host and port.
pub(super) fn waiting(stage: &Stage) -> Result<(), Failed> {
    let node = stage.node();
    node.namespace("down")?;
    let sets = "postgresql.host=floe-postgresql.nowhere,postgresql.existingSecret=s,waitFor.timeoutSeconds=4";
    node.must(&["create", "secret", "generic", "s", "--from-literal=postgresql-password=x", "--namespace=down"], "")?;
    stage.helm(Chart::DAGSTER, &["install", "alone", ".", "--namespace=down", "--set", sets])?;
    let path = "jsonpath={.items[*].status.initContainerStatuses[*].lastState.terminated.exitCode}";
    let selector = "--selector=app.kubernetes.io/component=webserver";
    let args = ["get", "pods", "--namespace=down", selector, "--output", path];
    stage.until("a pod that gives up", 120, || node.get(&args, "").is_ok_and(|said| said == "1"))?;
    let args = ["logs", "--namespace=down", selector, "--container=wait-for-postgresql", "--previous"];
    let said = node.get(&args, "")?;
    assert!(said.contains("no PostgreSQL at floe-postgresql.nowhere:5432 after 4 s"), "{said}");
    stage.helm(Chart::DAGSTER, &["uninstall", "alone", "--namespace=down"])?;
    Ok(())
}

/// X-06, REQ-621, F-21, REQ-628: while the chart is upgraded to its next version and rolled back, with two of each server, no request to a
/// Service fails. The database is not restarted, the migration runs as a hook and is gone, generated passwords stay.
pub(super) fn upgrade(stage: &Stage) -> Result<(), Failed> {
    let passwords = passwords(stage)?;
    let next = Next::new()?;
    let (before, database) = (pods(stage)?, stage.get(&["pod", "floe-postgresql-0"])?);
    let probes = Probes::start(stage)?;
    let chart = next.chart.to_str().ok_or("not UTF-8")?;
    stage.helm(CHART, &["upgrade", "floe", chart, "--namespace", NAMESPACE, "-f", VALUES, "--timeout=10m"])?;
    stage.settled(600)?;
    let after = pods(stage)?;
    let stayed: Vec<_> = before.iter().filter(|name| after.contains(name)).collect();
    assert_eq!(stayed, ["floe-postgresql-0"], "pods that the next version did not replace");
    let same = &stage.get(&["pod", "floe-postgresql-0"])?["metadata"]["uid"];
    assert_eq!(*same, database["metadata"]["uid"], "the database was restarted");
    let status = stage.helm(CHART, &["status", "floe", "--namespace", NAMESPACE])?;
    println!("upgraded: {}", probes.so_far()?);
    stage.helm(CHART, &["rollback", "floe", "--namespace", NAMESPACE, "--timeout=10m"])?;
    stage.settled(600)?;
    println!("rolled back: {}", probes.end()?);
    assert!(status.contains("REVISION: 3"), "{status}");
    assert_eq!(self::passwords(stage)?, passwords, "rolled back");
    let history = stage.helm(CHART, &["history", "floe", "--namespace", NAMESPACE])?;
    assert!(history.contains("floe-platform-0.1.1") && history.contains("Rollback to 2"), "{history}");
    let jobs = stage.get(&["jobs"])?.to_string();
    for hook in ["floe-dagster-migrate", "floe-prerequisites", "floe-polaris-bootstrap-catalog"] {
        assert!(!jobs.contains(&format!("\"name\":\"{hook}\"")), "the hook {hook} is left behind");
    }
    Ok(())
}

/// REQ-628, P-21: what is left of a release is what it says that it keeps: its passwords and the volume of its database. Installed
/// again it finds both.
pub(super) fn removal(stage: &Stage) -> Result<(), Failed> {
    let passwords = passwords(stage)?;
    stage.helm(CHART, &["uninstall", "floe", "--namespace", NAMESPACE, "--wait"])?;
    let selector = "--selector=app.kubernetes.io/instance=floe";
    let left = || -> Result<Vec<String>, Failed> {
        let kinds = "all,configmap,secret,serviceaccount,role,rolebinding,persistentvolumeclaim,networkpolicy";
        let said = stage.node().get(&["get", kinds, "--namespace", NAMESPACE, selector, "--output=name"], "")?;
        let runs = |name: &&str| !name.contains("/dagster-run-");
        Ok(said.lines().filter(runs).map(str::to_owned).collect())
    };
    let want = [
        "persistentvolumeclaim/data-floe-postgresql-0",
        "secret/floe-polaris-root-credentials",
        "secret/floe-postgresql",
    ];
    let mut last = Vec::new();
    let gone = stage.until("the end of what is removed", 120, || {
        last = left().unwrap_or_default();
        last.sort();
        last == want
    });
    gone.map_err(|why| format!("{}{last:#?}", why.message().unwrap_or_default()))?;
    stage.helm(CHART, &["install", "floe", ".", "--namespace", NAMESPACE, "-f", VALUES, "--timeout=10m"])?;
    stage.settled(600)?;
    assert_eq!(self::passwords(stage)?, passwords, "installed again");
    assert_ne!(stage.sql("dagster", "SELECT count(*) FROM runs WHERE status = 'SUCCESS'")?, "0");
    Ok(())
}

/// The names of the release's pods that serve or go on for ever.
fn pods(stage: &Stage) -> Result<Vec<String>, Failed> {
    let pods =
        stage.get(&["pods", "--selector=app.kubernetes.io/instance=floe", "--field-selector=status.phase=Running"])?;
    let staying =
        pods["items"].as_array().into_iter().flatten().filter(|pod| pod["metadata"]["deletionTimestamp"].is_null());
    let names = staying.filter_map(|pod| pod["metadata"]["name"].as_str());
    Ok(names.filter(|name| !name.contains("dagster-run-")).map(str::to_owned).collect())
}

/// What was generated and has to stay.
fn passwords(stage: &Stage) -> Result<[String; 2], Failed> {
    Ok([
        stage.secret("floe-postgresql", "postgresql-password")?,
        stage.secret("floe-polaris-root-credentials", "client-secret")?,
    ])
}

/// The next version of the chart: the same with another number, which its pods carry in their labels.
struct Next {
    chart: PathBuf,
    _folder: tempfile::TempDir,
}

impl Next {
    fn new() -> Result<Next, Failed> {
        let folder = tempfile::tempdir()?;
        let chart = folder.path().join("floe-platform");
        copy(&CHART.path(), &chart)?;
        let subcharts = ["polaris", "dagster", "otel-collector"].map(|name| chart.join("charts").join(name));
        for path in subcharts.iter().chain([&chart]) {
            newer(&path.join("Chart.yaml"))?;
        }
        std::fs::remove_file(chart.join("Chart.lock"))?;
        Ok(Next { chart, _folder: folder })
    }
}

fn newer(about: &Path) -> Result<(), Failed> {
    let text = std::fs::read_to_string(about)?;
    Ok(std::fs::write(about, text.replace("version: 0.1.0", "version: 0.1.1").replace("\"0.1.0\"", "\"0.1.1\""))?)
}

/// Requests to the Services, each a new connection, five a second.
struct Probes {
    log: tempfile::TempDir,
    running: Vec<Running>,
}

/// What each Service is asked, and what it has to answer.
const ASKED: [(&str, &str, &str); 3] = [
    ("floe-dagster-webserver", "/server_info", "200"),
    ("floe-polaris", "/api/catalog/v1/config", "401"),
    ("floe-otel-collector", "/v1/traces", "200"),
];

/// Asks as long as its file is there, and writes down the code of each answer.
const PROBE: &str = "while [ -e \"$1\" ]; do curl --silent --output /dev/null --max-time 5 --write-out '%{http_code}\\n' $3 \"$0\" >> \"$1\" || echo \"curl $? at $(date +%T.%N)\" >> \"$2\"; sleep 0.2; done";

impl Probes {
    fn start(stage: &Stage) -> Result<Probes, Failed> {
        let log = tempfile::tempdir()?;
        let mut running = Vec::new();
        for (service, path, _) in ASKED {
            let address = stage.address(service)?;
            // The collector's first port speaks gRPC.
            let (url, more) = match path {
                "/v1/traces" => (
                    address.replace(":4317", ":4318"),
                    "--header Content-Type:application/json --data {\"resourceSpans\":[]}",
                ),
                _ => (address, ""),
            };
            let file = log.path().join(service);
            std::fs::write(&file, "")?;
            let mut probe = stage.node().command("/bin/sh");
            probe.args(["-c", PROBE, &format!("{url}{path}")]).arg(&file).arg(&file).arg(more);
            running.push(Running::start(probe.stdin(Stdio::null()))?);
        }
        std::thread::sleep(Duration::from_secs(2));
        let probes = Probes { log, running };
        println!("before: {}", probes.so_far()?);
        Ok(probes)
    }

    /// How many answers there were of each kind; an error where one was not as it should be.
    fn so_far(&self) -> Result<String, Failed> {
        let mut said = String::new();
        let mut wrong = false;
        for (service, _, want) in ASKED {
            let mut answers: BTreeMap<String, usize> = BTreeMap::new();
            let text = std::fs::read_to_string(self.log.path().join(service)).unwrap_or_default();
            for line in text.lines() {
                *answers.entry(line.to_owned()).or_default() += 1;
            }
            wrong |= answers.is_empty() || answers.keys().any(|answer| answer != want);
            said += &format!("{service} {answers:?} ");
        }
        if wrong { Err(format!("requests failed: {said}").into()) } else { Ok(said) }
    }

    fn end(mut self) -> Result<String, Failed> {
        self.running.clear();
        self.so_far()
    }
}
