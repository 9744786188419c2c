//! What the real Dagster says: of every file that the chart makes for it, and as running programs with a real PostgreSQL.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rhumb_platforms::{Chart, Objects, live, root};
use rhumb_testkit::lab;
use serde_json::{Value, json};

use super::{CHART, FULL, MINIMAL, SALES, container, variable};

/// The folder of the lab's Dagster, or nothing where it is not on this machine and need not be.
fn dagster() -> Option<PathBuf> {
    let path = lab::DAGSTER.path();
    assert!(path.is_some() || !live(), "Dagster is not on this machine: cargo xtask lab");
    path
}

/// Runs one of the lab's Python files with a question on standard input, and reads the answer.
fn python(dagster: &Path, file: &str, question: &Value) -> Value {
    let script = root().join("crates/platforms/lab/dagster").join(file);
    let mut child = Command::new(dagster.join("bin/python"))
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Python starts");
    child.stdin.take().expect("a pipe").write_all(question.to_string().as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&said)
        .unwrap_or_else(|e| panic!("{file}: {e}: {said}\n{}", String::from_utf8_lossy(&output.stderr)))
}

/// What `check.py` is asked about a render.
fn question(objects: &Objects) -> Value {
    asked(objects, "dagster")
}

/// The same about a release whose objects of Dagster have another name.
fn asked(objects: &Objects, fullname: &str) -> Value {
    let servers = objects.kind("Deployment").filter_map(|deployment| {
        let name = deployment["metadata"]["name"].as_str()?;
        let code = container(objects, "Deployment", name);
        let of = |key| variable(objects, code, key);
        Some(json!({
            "name": of("DAGSTER_LOCATION_NAME")?,
            "image": of("DAGSTER_CURRENT_IMAGE")?,
            "context": of("DAGSTER_CONTAINER_CONTEXT")?,
        }))
    });
    let text = |map: &str, key: &str| objects.get("ConfigMap", map)["data"][key].clone();
    json!({
        "dagster": text(&format!("{fullname}-instance"), "dagster.yaml"),
        "workspace": text(&format!("{fullname}-workspace"), "workspace.yaml"),
        "servers": servers.collect::<Vec<_>>(),
    })
}

/// Each option of dagster.yaml: what is set, where Dagster finds it, and what.
fn options() -> Vec<(&'static str, &'static str, Value)> {
    let launcher = "runLauncher.image.repository=r/run,runLauncher.image.tag=v1,runLauncher.imagePullPolicy=Never";
    vec![
        ("instance.runCoordinator.maxConcurrentRuns=7", "/run_coordinator/config/max_concurrent_runs", json!(7)),
        (
            "instance.runCoordinator.dequeueIntervalSeconds=9",
            "/run_coordinator/config/dequeue_interval_seconds",
            json!(9),
        ),
        ("instance.runCoordinator.dequeueNumWorkers=8", "/run_coordinator/config/dequeue_num_workers", json!(8)),
        ("instance.runCoordinator.dequeueNumWorkers=1", "/run_coordinator/config/dequeue_use_threads", json!(false)),
        (
            "instance.runCoordinator.tagConcurrencyLimits[0].key=k,instance.runCoordinator.tagConcurrencyLimits[0].limit=2",
            "/run_coordinator/config/tag_concurrency_limits/0/limit",
            json!(2),
        ),
        (
            "instance.runCoordinator.tagConcurrencyLimits[0].key=k,instance.runCoordinator.tagConcurrencyLimits[0].limit=2,instance.runCoordinator.tagConcurrencyLimits[0].value.applyLimitPerUniqueValue=true",
            "/run_coordinator/config/tag_concurrency_limits/0/value/applyLimitPerUniqueValue",
            json!(true),
        ),
        ("daemon.enabled=false", "/run_coordinator/class", json!("DefaultRunCoordinator")),
        ("instance.runMonitoring.enabled=false", "/run_monitoring/enabled", json!(false)),
        ("instance.runMonitoring.startTimeoutSeconds=60", "/run_monitoring/start_timeout_seconds", json!(60)),
        ("instance.runMonitoring.pollIntervalSeconds=30", "/run_monitoring/poll_interval_seconds", json!(30)),
        ("instance.runMonitoring.maxResumeRunAttempts=2", "/run_monitoring/max_resume_run_attempts", json!(2)),
        ("instance.runRetries.enabled=false", "/run_retries/enabled", json!(false)),
        ("instance.runRetries.maxRetries=3", "/run_retries/max_retries", json!(3)),
        ("instance.sensors.numWorkers=6", "/sensors/num_workers", json!(6)),
        ("instance.schedules.useThreads=false", "/schedules/use_threads", json!(false)),
        ("instance.retention.schedule.purge_after_days=90", "/retention/schedule/purge_after_days", json!(90)),
        ("instance.telemetry=true", "/telemetry/enabled", json!(true)),
        ("instance.pythonLogs.python_log_level=DEBUG", "/python_logs/python_log_level", json!("DEBUG")),
        ("instance.concurrency.runs.max_concurrent_runs=5", "/concurrency/runs/max_concurrent_runs", json!(5)),
        ("instance.concurrency.pools.default_limit=1", "/concurrency/pools/default_limit", json!(1)),
        ("instance.extra.code_servers.local_startup_timeout=99", "/code_servers/local_startup_timeout", json!(99)),
        ("runLauncher.type=Default", "/run_launcher/class", json!("DefaultRunLauncher")),
        (
            "runLauncher.jobNamespace=runs,runLauncher.serviceAccountName=r",
            "/run_launcher/config/job_namespace",
            json!("runs"),
        ),
        (launcher, "/run_launcher/config/image_pull_policy", json!("Never")),
        ("runLauncher.envFrom[0].secretRef.name=s", "/run_launcher/config/env_secrets", json!(["s"])),
        ("runLauncher.envFrom[0].configMapRef.name=m", "/run_launcher/config/env_config_maps/1", json!("m")),
        ("runLauncher.resources.limits.memory=9Gi", "/run_launcher/config/resources/limits/memory", json!("9Gi")),
        ("runLauncher.failPodOnRunFailure=false", "/run_launcher/config/fail_pod_on_run_failure", json!(false)),
        ("runLauncher.serviceAccountName=own", "/run_launcher/config/service_account_name", json!("own")),
        ("imagePullSecrets[0].name=pull", "/run_launcher/config/image_pull_secrets/0/name", json!("pull")),
        ("resourcePreset=none", "/run_launcher/config/resources", Value::Null),
        ("computeLogs.type=noop", "/compute_logs/class", json!("NoOpComputeLogManager")),
        (
            "computeLogs.type=s3,computeLogs.s3.bucket=logs,computeLogs.s3.endpointUrl=http://s3",
            "/compute_logs/config/endpoint_url",
            json!("http://s3"),
        ),
        (
            "computeLogs.type=s3,computeLogs.s3.bucket=logs,computeLogs.s3.region=r",
            "/compute_logs/config/region",
            json!("r"),
        ),
        ("postgresql.database=other", "/event_log_storage/config/postgres_db/db_name", json!("other")),
        ("postgresql.username=other", "/schedule_storage/config/postgres_db/username", json!("other")),
        ("postgresql.port=6432", "/run_storage/config/postgres_db/port", json!(6432)),
        ("postgresql.sslMode=verify-full", "/run_storage/config/postgres_db/params/sslmode", json!("verify-full")),
        ("postgresql.params.application_name=x", "/run_storage/config/postgres_db/params/application_name", json!("x")),
        (
            "postgresql.passwordKey=pw",
            "/run_launcher/config/run_k8s_config/container_config/env/0/valueFrom/secretKeyRef/key",
            json!("pw"),
        ),
    ]
}

/// Mistakes that only Dagster can see, as the chart leaves these places open.
const WRONG: [(&str, &str); 6] = [
    ("instance.extra.run_monitoring.nosuch=1", "nosuch"),
    ("instance.extra.nosuch.a=1", "nosuch"),
    ("instance.extra.run_launcher.config.nosuch=1", "run_launcher"),
    ("instance.extra.run_coordinator.config.dequeue_interval_seconds=often", "run_coordinator"),
    ("instance.retention.schedule.purge_after_days=long", "purge_after_days"),
    ("instance.concurrency.runs.max_concurrent_run=1", "max_concurrent_run"),
];

/// F-14, REQ-632: the real Dagster takes dagster.yaml, workspace.yaml and the launcher's configuration with every option, reads in them
/// what was set, makes of them the Jobs that are wanted, and refuses what is wrong. Those of the platform's environments as well.
#[test]
fn f14_dagster_takes_its_files() {
    let Some(dagster) = dagster() else { return };
    let mut renders: Vec<Objects> = vec![CHART.render(&FULL), CHART.render(&[&MINIMAL[..], &SALES].concat())];
    let options = options();
    let render = |set: &str| CHART.render(&[&MINIMAL[..], &SALES, &["--set", set]].concat());
    renders.extend(options.iter().map(|(set, ..)| render(set)));
    renders.extend(WRONG.iter().map(|(set, _)| render(set)));
    let mut questions: Vec<Value> = renders.iter().map(question).collect();
    let platform: Vec<(String, Objects)> = platform();
    questions.extend(platform.iter().map(|(_, objects)| asked(objects, "floe-dagster")));
    let answers = python(&dagster, "check.py", &json!(questions));
    let answers = answers.as_array().expect("answers");
    assert_eq!(answers.len(), questions.len());
    for ((file, _), answer) in platform.iter().zip(&answers[renders.len()..]) {
        assert_eq!(answer["problems"], json!([]), "floe-platform {file}");
    }
    full(&answers[0]);
    let minimal = &answers[1];
    assert_eq!(minimal["problems"], json!([]));
    assert_eq!(minimal["jobs"]["sales"]["spec"]["template"]["spec"]["containers"][0]["image"], "r/sales:1");
    for ((set, place, want), answer) in options.iter().zip(&answers[2..]) {
        assert_eq!(answer["problems"], json!([]), "{set}");
        assert_eq!(answer["config"].pointer(place).unwrap_or(&Value::Null), want, "{set}: {place}");
        if set.contains("runLauncher.image") {
            assert_eq!(answer["jobs"]["sales"]["spec"]["template"]["spec"]["containers"][0]["image"], "r/run:v1");
        }
        if set.contains("jobNamespace") {
            assert_eq!(answer["jobs"]["sales"]["namespace"], "runs");
        }
    }
    for ((set, word), answer) in WRONG.iter().zip(&answers[2 + options.len()..]) {
        let problems = answer["problems"].to_string();
        assert!(problems.contains(word), "{set}: {problems}");
    }
}

/// The platform under each of its values files that has Dagster.
fn platform() -> Vec<(String, Objects)> {
    let chart = Chart::FLOE_PLATFORM;
    let renders = chart.values_files().into_iter().map(|file| (file.clone(), chart.render(&["-f", &file])));
    let with: Vec<_> = renders.filter(|(_, all)| all.find("ConfigMap", "floe-dagster-instance").is_some()).collect();
    assert!(with.len() >= 4, "dev, staging, prod and kind");
    with
}

/// The answer to ci/full-values.yaml.
fn full(answer: &Value) {
    assert_eq!(answer["problems"], json!([]));
    let want = json!({
        "sales": ["GrpcServerCodeLocationOrigin", "dagster-code-sales", 3030],
        "ml": ["GrpcServerCodeLocationOrigin", "dagster-code-ml", 4000],
        "partner": ["GrpcServerCodeLocationOrigin", "partner.example.net", 4266],
        "house": ["ManagedGrpcPythonEnvCodeLocationOrigin", null, null],
    });
    assert_eq!(answer["locations"], want);
    let job = &answer["jobs"]["sales"];
    assert_eq!(job["spec"]["ttlSecondsAfterFinished"], 3600);
    let labels = &job["spec"]["template"]["metadata"]["labels"];
    assert_eq!(
        (&labels["app.kubernetes.io/name"], &labels["app.kubernetes.io/instance"]),
        (&json!("dagster"), &json!("dagster"))
    );
    assert_eq!(labels["app.kubernetes.io/component"], "run");
    let pod = &job["spec"]["template"]["spec"];
    assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
    assert_eq!(pod["securityContext"]["seccompProfile"]["type"], "RuntimeDefault");
    assert_eq!(pod["nodeSelector"], json!({"pool": "runs"}));
    assert_eq!(pod["serviceAccountName"], "sales");
    assert_eq!(pod["imagePullSecrets"], json!([{"name": "registry"}]));
    let run = &pod["containers"][0];
    assert_eq!(run["image"], "registry.example.net/sales:0123");
    assert_eq!(run["securityContext"]["readOnlyRootFilesystem"], true);
    let names = |list: &Value, key: &str| -> Vec<Value> {
        list.as_array().expect("it is there").iter().map(|v| v[key].clone()).collect()
    };
    assert_eq!(names(&run["env"], "name"), ["DAGSTER_HOME", "DAGSTER_PG_PASSWORD", "RUN", "WAREHOUSE_PASSWORD"]);
    let sources: Vec<String> = run["envFrom"].as_array().expect("it is there").iter().map(Value::to_string).collect();
    for source in ["dagster-run-env", "dagster-code-sales-env", "sales-settings", "\"sales\"", "runs"] {
        assert!(sources.iter().any(|text| text.contains(source)), "{source}: {sources:?}");
    }
    let mounts = names(&run["volumeMounts"], "mountPath");
    let home = "/opt/dagster/dagster_home";
    assert_eq!(mounts, ["/tmp", home, &format!("{home}/dagster.yaml"), "/seeds"]);
    for mount in run["volumeMounts"].as_array().expect("it is there") {
        assert!(names(&pod["volumes"], "name").contains(&mount["name"]), "{mount}");
    }
    // The one that keeps its configuration to itself gets the chart's, and no more.
    let alone = &answer["jobs"]["ml"]["spec"]["template"]["spec"];
    assert_eq!(alone["containers"][0]["volumeMounts"].as_array().map(Vec::len), Some(3));
    assert_eq!(alone["serviceAccountName"], "dagster");
}

/// F-02, REQ-623, REQ-628, BP-16: what is rendered runs. Waiting for the database fails with its address and ends when it is there; tables are
/// migrated; code server, webserver and daemon start with their own arguments and variables, the probes are answered, the test pod is
/// green, and red where a code location is missing; a launched run ends well, with the catalog's address in its environment.
#[test]
fn f02_dagster_runs() {
    let Some(dagster) = dagster() else { return };
    let Some(bin) = postgresql() else {
        assert!(!live(), "PostgreSQL's server is not on this machine (Debian: postgresql)");
        return;
    };
    let [database, web, code, other] = rhumb_platforms::programs::ports().expect("ports");
    let values = json!({
        "postgresql": {"host": "127.0.0.1", "port": database, "existingSecret": "s", "database": "orchestration"},
        "global": {"polaris": {"uri": "http://polaris:8181/api/catalog"}, "otlp": {"httpEndpoint": "http://127.0.0.1:9"}},
        "webserver": {"containerPort": web, "service": {"port": web}, "pathPrefix": "/prefix", "logLevel": "info", "dbStatementTimeoutMs": 20000},
        "instance": {"runCoordinator": {"dequeueIntervalSeconds": 1}},
        "runLauncher": {"type": "Default"},
        "daemon": {"logLevel": "info"},
        "codeLocations": [
            {
                "name": "sales", "image": {"repository": "r/sales", "tag": "1"}, "port": code,
                "args": ["--module-name", "sales"], "env": [{"name": "STAGE", "value": "lab"}],
            },
            {
                "name": "ml", "image": {"repository": "r/ml", "tag": "1"}, "port": other, "mode": "code-server",
                "args": ["--module-name", "sales"],
            },
        ],
    });
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("values.json");
    std::fs::write(&file, values.to_string()).expect("a file");
    let objects = CHART.render(&["-f", file.to_str().expect("UTF-8")]);
    let asked = json!({
        "objects": objects.iter().collect::<Vec<_>>(),
        "postgresql": {"port": database, "password": "pa:ss'wo/rd@\"%20"},
        "bin": bin,
    });
    let said = python(&dagster, "live.py", &asked);
    assert_eq!(said["error"], Value::Null, "{said:#}");
    let failed = &said["wait without a database"];
    assert_eq!(failed["exit"], 1);
    assert!(failed["stderr"].as_str().is_some_and(|text| text.contains(&format!("127.0.0.1:{database}"))), "{failed}");
    for (case, why) in [
        ("wait without its database", "database \"orchestration\" does not exist"),
        ("wait with a wrong password", "password authentication failed for user \"floe\""),
    ] {
        let stderr = said[case]["stderr"].as_str().unwrap_or_default();
        assert_eq!(said[case]["exit"], 1, "{said:#}");
        assert!(
            stderr.contains(why) && stderr.contains("no login as floe to the database orchestration at 127.0.0.1"),
            "{stderr}"
        );
    }
    for case in ["wait for the server", "wait"] {
        assert_eq!(said[case]["exit"], 0, "{said:#}");
    }
    assert_eq!(said["migrate without its database"]["stdout"], "there is no database yet: nothing to migrate\n");
    assert_eq!(
        (&said["migrate"]["exit"], said["revisions"].as_array().map(Vec::len)),
        (&json!(0), Some(1)),
        "{said:#}"
    );
    assert_eq!(said["server_info"]["dagster_webserver_version"], CHART_APP, "{said:#}");
    assert_eq!(said["health"], json!([true, true]));
    assert_eq!(said["test"]["exit"], 0, "{said:#}");
    assert_eq!(said["test of others"]["exit"], 1, "{said:#}");
    assert_eq!(said["run"], "SUCCESS", "{said:#}");
    let report = said["report"].as_str().unwrap_or_default();
    assert!(report.starts_with("['http://polaris:8181/api/catalog', 'http://127.0.0.1:9', 'lab', "), "{report}");
    assert!(report.ends_with("PostgresRunStorage"), "{report}");
}

const CHART_APP: &str = "1.13.27";

/// The folder of PostgreSQL's programs, where Debian puts them.
fn postgresql() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    versions.map(|version| version.path().join("bin")).find(|bin| bin.join("postgres").is_file())
}
