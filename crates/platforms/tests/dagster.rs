//! The Dagster chart: what renders in which configuration, requirement by requirement. What the real Dagster says is in `real`.

use std::collections::{BTreeMap, BTreeSet};

use rhumb_platforms::{Chart, Objects, golden, schema, value};
use serde_json::{Value, json};

#[path = "dagster/real.rs"]
mod real;
#[path = "dagster/wrong.rs"]
mod wrong;

const CHART: Chart = Chart::DAGSTER;
const MINIMAL: [&str; 2] = ["-f", "ci/minimal-values.yaml"];
const FULL: [&str; 2] = ["-f", "ci/full-values.yaml"];
const SALES: [&str; 2] = [
    "--set-json",
    r#"codeLocations=[{"name":"sales","image":{"repository":"r/sales","tag":"1"},"args":["-m","sales"]}]"#,
];

fn minimal(args: &[&str]) -> Objects {
    CHART.render(&[&MINIMAL, args].concat())
}

fn full(args: &[&str]) -> Objects {
    CHART.render(&[&FULL, args].concat())
}

/// The container that is not an init container.
fn container<'a>(objects: &'a Objects, kind: &str, name: &str) -> &'a Value {
    let object = objects.get(kind, name);
    let pod = if kind == "Pod" { object } else { &object["spec"]["template"] };
    &pod["spec"]["containers"][0]
}

/// A variable of a container, read through its ConfigMaps.
fn variable(objects: &Objects, container: &Value, name: &str) -> Option<String> {
    let own = container["env"].as_array().into_iter().flatten().find(|v| v["name"] == name);
    if let Some(own) = own {
        return Some(own["value"].as_str().unwrap_or("from elsewhere").to_owned());
    }
    let maps = container["envFrom"].as_array().into_iter().flatten().rev();
    let maps = maps.filter_map(|source| objects.find("ConfigMap", source["configMapRef"]["name"].as_str()?));
    maps.filter_map(|map| map["data"].get(name)?.as_str()).next().map(str::to_owned)
}

/// A file in a ConfigMap, read.
fn file(objects: &Objects, map: &str, key: &str) -> Value {
    value(objects.get("ConfigMap", map)["data"][key].as_str().expect("a file"))
}

fn instance(objects: &Objects) -> Value {
    file(objects, "dagster-instance", "dagster.yaml")
}

/// The pod templates of the Deployments.
fn templates(objects: &Objects) -> BTreeMap<String, Value> {
    let deployments = objects.kind("Deployment");
    deployments
        .map(|d| (d["metadata"]["name"].as_str().expect("it is there").to_owned(), d["spec"]["template"].clone()))
        .collect()
}

/// Which Deployments get other pods when these arguments are added.
fn replaced(before: &[&str], added: &[&str]) -> Vec<String> {
    let old = templates(&CHART.render(before));
    let new = templates(&CHART.render(&[before, added].concat()));
    new.into_iter().filter(|(name, pod)| old.get(name) != Some(pod)).map(|(name, _)| name).collect()
}

/// F-01, F-20: with a database named, everything that Dagster needs is there, and nothing else.
#[test]
fn f01_objects_of_a_plain_install() {
    let names: BTreeSet<String> = minimal(&[]).names().into_iter().collect();
    let want = [
        "ServiceAccount dagster",
        "Role dagster",
        "RoleBinding dagster",
        "ConfigMap dagster-instance",
        "ConfigMap dagster-workspace",
        "ConfigMap dagster-run-env",
        "Service dagster-webserver",
        "Deployment dagster-webserver",
        "Deployment dagster-daemon",
        "ConfigMap dagster-migrate",
        "Job dagster-migrate",
        "Pod dagster-test-code-locations",
    ];
    assert_eq!(names, want.map(str::to_owned).into());
    let added: BTreeSet<String> = minimal(&SALES).names().into_iter().filter(|name| !names.contains(name)).collect();
    let want = ["Deployment dagster-code-sales", "Service dagster-code-sales", "ConfigMap dagster-code-sales-env"];
    assert_eq!(added, want.map(str::to_owned).into());
}

/// F-02: collector and catalog reach webserver, daemon, code servers and runs; where none is named, no variable is written.
#[test]
fn f02_siblings_are_found() {
    let otlp = "--set=global.otlp.httpEndpoint=http://{{ .Release.Name }}-otel:4318";
    let polaris = "--set=global.polaris.uri=http://{{ .Release.Name }}-polaris:8181/api/catalog";
    let with = minimal(&[&SALES[..], &[otlp, polaris]].concat());
    let without = minimal(&SALES);
    for (name, service) in
        [("webserver", "dagster-webserver"), ("daemon", "dagster-daemon"), ("code-sales", "dagster-code-sales")]
    {
        let of = container(&with, "Deployment", &format!("dagster-{name}"));
        let env = |name| variable(&with, of, name);
        assert_eq!(env("OTEL_EXPORTER_OTLP_ENDPOINT").as_deref(), Some("http://dagster-otel:4318"));
        assert_eq!(env("OTEL_EXPORTER_OTLP_PROTOCOL").as_deref(), Some("http/protobuf"));
        assert_eq!(env("OTEL_SERVICE_NAME").as_deref(), Some(service));
        assert_eq!(env("POLARIS_URI").as_deref(), Some("http://dagster-polaris:8181/api/catalog"));
        let of = container(&without, "Deployment", &format!("dagster-{name}"));
        for name in ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_SERVICE_NAME", "POLARIS_URI"] {
            assert_eq!(variable(&without, of, name), None, "{name}");
        }
    }
    let runs = &instance(&with)["run_launcher"]["config"]["env_config_maps"];
    assert_eq!(runs, &json!(["dagster-run-env"]));
    assert_eq!(with.get("ConfigMap", "dagster-run-env")["data"]["OTEL_SERVICE_NAME"], "dagster-run");
}

/// F-02, REQ-635: inside the platform, database, collector and catalog are its own, by the names that their Services have.
#[test]
fn f02_the_platform_wires_it() {
    let platform = Chart::FLOE_PLATFORM.render(&[]);
    let launcher = file(&platform, "floe-dagster-instance", "dagster.yaml");
    let database = &launcher["run_storage"]["config"]["postgres_db"];
    let host = database["hostname"].as_str().expect("a host");
    assert!(platform.find("Service", host).is_some(), "{host}");
    assert_eq!(database["db_name"], "dagster");
    let secret = launcher["run_launcher"]["config"]["postgres_password_secret"].as_str().expect("a Secret");
    assert!(platform.find("Secret", secret).is_some(), "{secret}");
    let env = &platform.get("ConfigMap", "floe-dagster-run-env")["data"];
    for name in ["OTEL_EXPORTER_OTLP_ENDPOINT", "POLARIS_URI"] {
        let url = env[name].as_str().expect("an address");
        let host = url.trim_start_matches("http://").split(':').next().expect("a host");
        assert!(platform.find("Service", host).is_some(), "{host}");
    }
    let without = Chart::FLOE_PLATFORM.render(&["--set", "polaris.enabled=false,otel-collector.enabled=false"]);
    let env = without.get("ConfigMap", "floe-dagster-run-env")["data"].as_object().expect("data");
    assert!(env.keys().all(|name| name.starts_with("DAGSTER_")), "{env:?}");
    let none = Chart::FLOE_PLATFORM.render(&["--set", "dagster.enabled=false"]);
    assert!(none.names().iter().all(|name| !name.contains("-dagster-")), "{:?}", none.names());
}

/// F-04, BP-04: every container has requests for CPU and memory and a limit for memory, runs included, whatever the preset.
#[test]
fn f04_resources_everywhere() {
    let complete = |resources: &Value| {
        ["cpu", "memory"].iter().all(|key| resources["requests"][key].is_string())
            && resources["limits"]["memory"].is_string()
    };
    for preset in ["small", "medium", "large"] {
        let objects = full(&["--set", &format!("resourcePreset={preset}")]);
        for (object, container) in objects.containers() {
            assert!(
                complete(&container["resources"]),
                "{preset}: {}: {}",
                object["metadata"]["name"],
                container["name"]
            );
        }
        assert!(complete(&instance(&objects)["run_launcher"]["config"]["resources"]), "{preset}: runs");
    }
    let none = full(&["--set", "resourcePreset=none,webserver.autoscaling.enabled=false"]);
    assert_eq!(container(&none, "Deployment", "dagster-daemon")["resources"], Value::Null);
    let own = full(&["--set", "daemon.resources.requests.cpu=3"]);
    assert_eq!(container(&own, "Deployment", "dagster-daemon")["resources"], json!({"requests": {"cpu": 3}}));
    let global = minimal(&["--set", "global.resourcePreset=large"]);
    assert_eq!(container(&global, "Deployment", "dagster-webserver")["resources"]["limits"]["memory"], "2Gi");
}

/// F-08, REQ-631, P-20, BP-10: the password comes from the one Secret that is named, everywhere; nothing else holds it.
#[test]
fn f08_the_password_has_one_source() {
    for (objects, secret, key) in
        [(minimal(&SALES), "dagster-postgresql", "postgresql-password"), (full(&[]), "orchestration-db", "password")]
    {
        assert_eq!(objects.count("Secret"), 0);
        let mut seen = 0;
        for (object, container) in objects.containers() {
            for variable in container["env"].as_array().into_iter().flatten() {
                if ["DAGSTER_PG_PASSWORD", "PGPASSWORD"].contains(&variable["name"].as_str().unwrap_or_default()) {
                    let from = &variable["valueFrom"]["secretKeyRef"];
                    assert_eq!(from, &json!({"name": secret, "key": key}), "{}", object["metadata"]["name"]);
                    seen += 1;
                }
            }
        }
        assert!(seen >= 4, "{seen}");
        let instance = instance(&objects);
        for storage in ["run_storage", "event_log_storage", "schedule_storage"] {
            let password = &instance[storage]["config"]["postgres_db"]["password"];
            assert_eq!(password, &json!({"env": "DAGSTER_PG_PASSWORD"}));
        }
    }
    // A run finds the password under its usual key by the launcher's own option, under another one as a variable.
    let launcher = |objects: &Objects| instance(objects)["run_launcher"]["config"].clone();
    assert_eq!(launcher(&minimal(&[]))["postgres_password_secret"], "dagster-postgresql");
    let other = launcher(&full(&[]));
    assert_eq!(other["postgres_password_secret"], Value::Null);
    assert_eq!(other["run_k8s_config"]["container_config"]["env"][0]["name"], "DAGSTER_PG_PASSWORD");
}

/// F-09, F-11, BP-13: every leaf of values.yaml is described by the schema, every level is closed or says that it is open, editors find it.
#[test]
fn f09_the_schema_covers_the_values() {
    assert_eq!(schema::uncovered(CHART), Vec::<String>::new());
    assert_eq!(schema::loose(CHART), Vec::<String>::new());
    let first = CHART.file("values.yaml").lines().next().map(str::to_owned);
    assert_eq!(first.as_deref(), Some("# yaml-language-server: $schema=./values.schema.json"));
    let keys = CHART.file("values.yaml");
    let lines: Vec<&str> = keys.lines().collect();
    for (above, line) in lines.iter().zip(&lines[1..]) {
        let top = line.starts_with(|c: char| c.is_ascii_alphabetic());
        let leaf = top && !line.ends_with(':');
        assert!(!leaf || above.starts_with('#'), "{line}: no comment above");
    }
}

/// F-12, BP-14: what must be there is said with its key, why, and an example, all at once.
#[test]
fn f12_what_is_required_is_said() {
    let why = CHART.refused(&[]);
    for words in [
        "postgresql.host and global.postgresql.host are empty",
        "for example postgresql.host=db.example.net",
        "postgresql.existingSecret and global.postgresql.existingSecret are empty",
        "for example postgresql.existingSecret=dagster-postgresql",
    ] {
        assert!(why.contains(words), "{words}:\n{why}");
    }
    let global = ["--set", "global.postgresql.host=h,global.postgresql.existingSecret=s,global.postgresql.port=6000"];
    let database = instance(&CHART.render(&global))["run_storage"]["config"]["postgres_db"].clone();
    assert_eq!((&database["hostname"], &database["port"]), (&json!("h"), &json!(6000)));
    let both = CHART.render(&[&global[..], &["--set", "postgresql.host=own,postgresql.port=7000"]].concat());
    let database = instance(&both)["run_storage"]["config"]["postgres_db"].clone();
    assert_eq!((&database["hostname"], &database["port"]), (&json!("own"), &json!(7000)));
}

/// F-13: strict linting has nothing to say, with any of the values files.
#[test]
fn f13_lint_is_silent() {
    for file in CHART.values_files() {
        let answer = CHART.ask(&["lint", "--strict", ".", "-f", &file]);
        assert_eq!((answer.exit, answer.stderr.as_str()), (0, ""), "{file}: {}", answer.stdout);
        assert!(!answer.stdout.contains('['), "{file}: {}", answer.stdout);
    }
}

/// F-14, BP-22: the renders that a person reviews; no line ends in a blank, and a second render is the same.
#[test]
fn f14_golden_renders() {
    for (name, args) in [("minimal", MINIMAL), ("full", FULL)] {
        let objects = CHART.render(&args);
        golden(&format!("dagster/{name}"), &objects.text);
        assert!(objects.text.lines().all(|line| !line.ends_with(' ')), "{name}: blanks at the end of a line");
        assert_eq!(CHART.render(&args).text, objects.text);
    }
}

/// REQ-621: names, namespace and labels are the release's; two releases beside each other share nothing.
#[test]
fn req621_releases_do_not_meet() {
    let one = CHART.render_as("one", "data", &[&MINIMAL[..], &SALES].concat());
    let two: BTreeSet<String> =
        CHART.render_as("two", "data", &[&MINIMAL[..], &SALES].concat()).names().into_iter().collect();
    assert!(one.names().iter().all(|name| !two.contains(name)));
    for object in one.iter() {
        assert_eq!(object["metadata"]["namespace"], "data");
        assert_eq!(object["metadata"]["labels"]["app.kubernetes.io/instance"], "one");
    }
    assert_eq!(
        file(&one, "one-dagster-workspace", "workspace.yaml")["load_from"][0]["grpc_server"]["host"],
        "one-dagster-code-sales"
    );
    assert_eq!(instance_of(&one, "one-dagster")["run_launcher"]["config"]["job_namespace"], "data");
}

fn instance_of(objects: &Objects, name: &str) -> Value {
    file(objects, &format!("{name}-instance"), "dagster.yaml")
}

/// REQ-623: each pod that needs the database waits for it first, for as long as is said; the platform's word wins.
#[test]
fn req623_pods_wait_for_the_database() {
    let waits = |objects: &Objects| -> Vec<(String, String)> {
        let wait = |(object, container): &(&Value, &Value)| {
            let seconds = variable(objects, container, "WAIT_SECONDS")?;
            (container["name"] == "wait-for-postgresql")
                .then(|| (object["metadata"]["name"].as_str().expect("it is there").to_owned(), seconds))
        };
        objects.containers().iter().filter_map(wait).collect()
    };
    let mut names: Vec<String> = waits(&minimal(&SALES)).into_iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    assert_eq!(names, ["dagster-code-sales", "dagster-daemon", "dagster-migrate", "dagster-webserver"]);
    assert!(waits(&minimal(&["--set", "waitFor.timeoutSeconds=7"])).iter().all(|(_, seconds)| seconds == "7"));
    let platform = minimal(&["--set", "waitFor.timeoutSeconds=7,global.waitFor.timeoutSeconds=9"]);
    assert!(waits(&platform).iter().all(|(_, seconds)| seconds == "9"));
    assert!(waits(&minimal(&["--set", "waitFor.enabled=false"])).is_empty());
}

/// REQ-624, BP-05: a change replaces the pods that read what has changed, and no others.
#[test]
fn req624_changes_replace_their_consumers() {
    let base = [&MINIMAL[..], &["--set-json", TWO]].concat();
    let all = ["dagster-code-a", "dagster-code-b", "dagster-daemon", "dagster-webserver"];
    assert_eq!(replaced(&base, &["--set", "instance.runRetries.maxRetries=3"]), all);
    assert_eq!(replaced(&base, &["--set", "global.polaris.uri=http://p"]), all);
    assert_eq!(replaced(&base, &["--set-string", "codeLocations[0].env[0].value=2"]), ["dagster-code-a"]);
    assert_eq!(replaced(&base, &["--set", "codeLocations[1].port=4000"]), [all[1], all[2], all[3]]);
    assert_eq!(
        replaced(&base, &["--set", "webserver.replicas=3,tests.enabled=false,networkPolicy.enabled=true"]),
        [""; 0]
    );
    assert_eq!(replaced(&base, &["--set", "daemon.logLevel=debug"]), ["dagster-daemon"]);
}

const TWO: &str = r#"codeLocations=[
    {"name":"a","image":{"repository":"r/a","tag":"1"},"args":["-m","a"],"env":[{"name":"X","value":"1"}]},
    {"name":"b","image":{"repository":"r/b","tag":"1"},"args":["-m","b"]}]"#;

/// REQ-627, BP-19: what the README shows is rendered as it stands there.
#[test]
fn req627_examples_of_the_readme_render() {
    let readme = CHART.file("README.md");
    let mut shown = 0;
    for block in readme.split("\n```").skip(1).step_by(2) {
        let (language, text) = block.split_once('\n').expect("a block");
        let folder = tempfile::tempdir().expect("it is there");
        let path = folder.path().join("values.yaml");
        std::fs::write(&path, text).expect("it is there");
        let text = text.replace("\\\n", " ");
        let args: Vec<&str> = match language {
            "yaml" => [&MINIMAL[..], &["-f", path.to_str().expect("it is there")]].concat(),
            "sh" => match text.lines().find(|line| line.starts_with("helm template")) {
                Some(line) => line.split_whitespace().skip(4).collect(),
                None => continue,
            },
            _ => continue,
        };
        assert!(CHART.render(&args).count("Deployment") >= 2, "{text}");
        shown += 1;
    }
    assert_eq!(shown, 4);
    assert!(readme.contains("<!-- values -->") && readme.contains("```mermaid"));
}

/// REQ-628, BP-15: tables are migrated before an upgrade, by a hook that needs nothing of the release, or at the daemon's start, or by nobody.
#[test]
fn req628_migration_is_a_hook() {
    let objects = minimal(&[]);
    let weights = ["ConfigMap", "Job"].map(|kind| {
        let annotations = &objects.get(kind, "dagster-migrate")["metadata"]["annotations"];
        assert_eq!(annotations["helm.sh/hook"], "pre-upgrade");
        assert_eq!(annotations["helm.sh/hook-delete-policy"], "before-hook-creation,hook-succeeded");
        annotations["helm.sh/hook-weight"].as_str().expect("it is there").parse::<i32>().expect("it is there")
    });
    assert!(weights[0] < weights[1], "the Job reads the ConfigMap");
    let job = objects.get("Job", "dagster-migrate");
    assert_eq!(job["spec"]["template"]["spec"]["volumes"][2]["configMap"]["name"], "dagster-migrate");
    assert_eq!(job["spec"]["template"]["spec"]["serviceAccountName"], Value::Null);
    assert!(job["spec"]["activeDeadlineSeconds"].is_u64() && job["spec"]["backoffLimit"].is_u64());
    // What makes a client of the API server would want the token of an account.
    let (read, mut whole) = (file(&objects, "dagster-migrate", "dagster.yaml"), instance(&objects));
    for key in ["run_launcher", "run_monitoring", "run_coordinator", "compute_logs"] {
        assert!(whole.as_object_mut().and_then(|map| map.shift_remove(key)).is_some(), "{key}");
    }
    assert_eq!(read, whole);
    let init = minimal(&["--set", "migrate.mode=initContainer"]);
    assert_eq!(init.count("Job"), 0);
    let names = |name: &str| -> Vec<Value> {
        let pod = &init.get("Deployment", name)["spec"]["template"]["spec"];
        pod["initContainers"].as_array().expect("it is there").iter().map(|c| c["name"].clone()).collect()
    };
    assert_eq!(names("dagster-daemon"), ["wait-for-postgresql", "migrate"]);
    assert_eq!(names("dagster-webserver"), ["wait-for-postgresql"]);
    for off in ["migrate.mode=manual", "migrate.enabled=false"] {
        assert!(!minimal(&["--set", off]).text.contains("migrate"), "{off}");
    }
}

/// REQ-629, BP-23: names fit into what Kubernetes takes, whatever the release and the code locations are called.
#[test]
fn req629_names_fit() {
    let long = "a".repeat(53);
    let location = format!("codeLocations[0].name={}", "l".repeat(40));
    for release in [long.as_str(), "0ops", "dagster", "x.y"] {
        let objects = CHART.render_as(release, "default", &[&MINIMAL[..], &SALES, &["--set", &location]].concat());
        let mut seen = BTreeSet::new();
        for object in objects.iter().filter(|object| !Objects::is_hook(object)) {
            let name = object["metadata"]["name"].as_str().expect("a name");
            assert!(name.len() <= 63 && !name.ends_with('-'), "{name}");
            if object["kind"] == "Service" {
                assert!(name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.contains('.'), "{name}");
            }
            assert!(seen.insert(format!("{} {name}", object["kind"])), "{name} twice");
            for (key, label) in object["metadata"]["labels"].as_object().expect("labels") {
                assert!(label.as_str().is_some_and(|label| label.len() <= 63), "{key}: {label}");
            }
        }
    }
}

/// REQ-630, BP-21, BP-07: values lie over each other as Helm says: null takes away, lists replace, an entry of codeLocations wins over codeServer.
#[test]
fn req630_overrides() {
    let probes = minimal(&["--set", "webserver.livenessProbe=null,webserver.startupProbe.enabled=false"]);
    let webserver = container(&probes, "Deployment", "dagster-webserver");
    assert!(webserver.get("livenessProbe").is_none() && webserver.get("startupProbe").is_none());
    assert_eq!(webserver["readinessProbe"]["httpGet"]["path"], "/server_info");
    let prefix = minimal(&["--set", "webserver.pathPrefix=/d"]);
    let webserver = container(&prefix, "Deployment", "dagster-webserver");
    assert_eq!(webserver["readinessProbe"]["httpGet"]["path"], "/d/server_info");
    let own = "--set-json=codeServer.env=[{\"name\":\"X\",\"value\":\"0\"}]";
    let objects = CHART.render(
        &[&MINIMAL[..], &["--set-json", TWO, own, "--set", "codeServer.port=4000,codeLocations[1].port=5000"]].concat(),
    );
    assert_eq!(objects.get("ConfigMap", "dagster-code-a-env")["data"], json!({"X": "1"}));
    assert_eq!(objects.get("ConfigMap", "dagster-code-b-env")["data"], json!({"X": "0"}));
    let ports: Vec<_> = objects.kind("Service").map(|s| s["spec"]["ports"][0]["port"].clone()).collect();
    assert_eq!(ports, [4000, 5000, 80]);
    let extra =
        minimal(&["--set", "instance.extra.run_monitoring.poll_interval_seconds=7,instance.extra.nux.enabled=false"]);
    assert_eq!(instance(&extra)["run_monitoring"]["poll_interval_seconds"], 7);
    assert_eq!(instance(&extra)["run_monitoring"]["start_timeout_seconds"], 300);
    assert_eq!(instance(&extra)["nux"]["enabled"], false);
}

/// REQ-632: configuration is in ConfigMaps made from values, or in one of the user's; plain variables of a location are in its own.
#[test]
fn req632_config_maps() {
    let objects = full(&[]);
    assert_eq!(objects.get("ConfigMap", "dagster-code-sales-env")["data"], json!({"STAGE": "prod"}));
    let names: Vec<_> = file(&objects, "dagster-workspace", "workspace.yaml")["load_from"]
        .as_array()
        .expect("it is there")
        .iter()
        .map(|entry| {
            entry.as_object().expect("it is there").values().next().expect("it is there")["location_name"].clone()
        })
        .collect();
    assert_eq!(names, ["sales", "ml", "partner", "house"]);
    let own = minimal(&["--set", "workspace.existingConfigMap=mine"]);
    assert!(own.find("ConfigMap", "dagster-workspace").is_none());
    for name in ["dagster-webserver", "dagster-daemon"] {
        let volumes = &own.get("Deployment", name)["spec"]["template"]["spec"]["volumes"];
        assert_eq!(volumes[3], json!({"name": "workspace", "configMap": {"name": "mine"}}));
        let args = container(&own, "Deployment", name)["args"].to_string();
        assert!(!args.contains("--empty-workspace"), "{args}");
        assert!(container(&minimal(&[]), "Deployment", name)["args"].to_string().contains("--empty-workspace"));
    }
    // No ConfigMap holds what a Secret should.
    for map in objects.kind("ConfigMap") {
        let text = map["data"].to_string();
        assert!(
            !text.contains("\"password\":\"") && !text.contains("password: \"") && !text.contains("p4ss"),
            "{text}"
        );
    }
}

/// REQ-633: what is optional is off until asked for, and then whole.
#[test]
fn req633_features_on_demand() {
    for (switch, kinds) in [
        ("networkPolicy.enabled=true", vec!["NetworkPolicy dagster-webserver", "NetworkPolicy dagster-internal"]),
        ("webserver.autoscaling.enabled=true", vec!["HorizontalPodAutoscaler dagster-webserver"]),
        (
            "webserver.podDisruptionBudget.enabled=true,webserver.replicas=2",
            vec!["PodDisruptionBudget dagster-webserver"],
        ),
    ] {
        let before: BTreeSet<String> = minimal(&[]).names().into_iter().collect();
        let mut added: Vec<String> = minimal(&["--set", switch]).names();
        added.retain(|name| !before.contains(name));
        assert_eq!(added, kinds, "{switch}");
    }
    let off = "rbac.create=false,serviceAccount.create=false,serviceAccount.name=own,tests.enabled=false,daemon.enabled=false";
    let names = minimal(&["--set", off]).names();
    for gone in [
        "Role dagster",
        "RoleBinding dagster",
        "ServiceAccount dagster",
        "Pod dagster-test-code-locations",
        "Deployment dagster-daemon",
    ] {
        assert!(!names.contains(&gone.to_owned()), "{gone}");
    }
    // Without a daemon there is no queue, so runs start at once.
    let objects = minimal(&["--set", "daemon.enabled=false"]);
    assert_eq!(instance(&objects)["run_coordinator"]["class"], "DefaultRunCoordinator");
    assert_eq!(instance(&objects)["run_monitoring"]["enabled"], false);
}

/// BP-24: what the chart does not think of can be added: objects, variables, volumes, labels, where pods run.
#[test]
fn bp24_ways_out() {
    let objects = [
        "extraManifests=[\"kind: ConfigMap\\nmetadata: {name: {{ .Release.Name }}-text}\",\
         {\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"{{ .Release.Name }}-map\"}}]",
        r#"daemon={"env":[{"name":"A","value":"$(B)"}],"envFrom":[{"secretRef":{"name":"s"}}],"podLabels":{"x":"y"},"priorityClassName":"high",
        "nodeSelector":{"n":"m"},"tolerations":[{"operator":"Exists"}],"runtimeClassName":"r","extraVolumes":[{"name":"v","emptyDir":{}}],
        "extraVolumeMounts":[{"name":"v","mountPath":"/v"}],"podAnnotations":{"z":"1"}}"#,
    ];
    let objects = minimal(&[
        "--set-json",
        objects[0],
        "--set-json",
        objects[1],
        "--set",
        "commonLabels.team=data,commonAnnotations.a=b",
    ]);
    for name in ["dagster-text", "dagster-map"] {
        assert!(objects.find("ConfigMap", name).is_some(), "{name}");
    }
    let pod = &objects.get("Deployment", "dagster-daemon")["spec"]["template"];
    assert_eq!((&pod["metadata"]["labels"]["x"], &pod["metadata"]["labels"]["team"]), (&json!("y"), &json!("data")));
    assert_eq!(
        (&pod["metadata"]["annotations"]["z"], &pod["metadata"]["annotations"]["a"]),
        (&json!("1"), &json!("b"))
    );
    for (key, want) in
        [("priorityClassName", json!("high")), ("runtimeClassName", json!("r")), ("nodeSelector", json!({"n": "m"}))]
    {
        assert_eq!(pod["spec"][key], want);
    }
    let daemon = container(&objects, "Deployment", "dagster-daemon");
    assert_eq!(variable(&objects, daemon, "A").as_deref(), Some("$(B)"));
    assert_eq!(daemon["envFrom"][1]["secretRef"]["name"], "s");
    assert!(daemon["volumeMounts"].to_string().contains("/v"));
}

/// REQ-633: in a namespace of their own, runs have the rights, the ConfigMaps and the account there.
#[test]
fn req633_runs_elsewhere() {
    let objects = minimal(
        &[&SALES[..], &["--set", "runLauncher.jobNamespace=runs,runLauncher.serviceAccountName=runner"]].concat(),
    );
    for (kind, names) in [
        ("Role", vec!["dagster"]),
        ("RoleBinding", vec!["dagster"]),
        ("ConfigMap", vec!["dagster-instance", "dagster-run-env", "dagster-code-sales-env"]),
    ] {
        let there: Vec<&Value> = objects.kind(kind).filter(|o| o["metadata"]["namespace"] == "runs").collect();
        assert_eq!(there.len(), names.len(), "{kind}");
        assert!(there.iter().all(|o| names.contains(&o["metadata"]["name"].as_str().expect("it is there"))), "{kind}");
    }
    let subjects = &objects.get("RoleBinding", "dagster")["subjects"];
    let want = json!([
        {"kind": "ServiceAccount", "name": "dagster", "namespace": "default"},
        {"kind": "ServiceAccount", "name": "runner", "namespace": "runs"}
    ]);
    assert_eq!(subjects, &want);
    assert_eq!(instance(&objects)["run_launcher"]["config"]["service_account_name"], "runner");
    let same = minimal(&["--set", "runLauncher.jobNamespace=default"]);
    assert_eq!(same.get("RoleBinding", "dagster")["subjects"].as_array().map(Vec::len), Some(1));
}

/// P-25, BP-06: under an autoscaler the Deployment says no number of pods.
#[test]
fn p25_no_replicas_under_an_autoscaler() {
    let plain = minimal(&["--set", "webserver.replicas=3"]);
    assert_eq!(plain.get("Deployment", "dagster-webserver")["spec"]["replicas"], 3);
    let scaled = minimal(&["--set", "webserver.autoscaling.enabled=true,webserver.autoscaling.targetMemory=70"]);
    assert!(scaled.get("Deployment", "dagster-webserver")["spec"].get("replicas").is_none());
    let metrics = &scaled.get("HorizontalPodAutoscaler", "dagster-webserver")["spec"]["metrics"];
    assert_eq!(metrics.as_array().map(Vec::len), Some(2));
}

/// P-26, BP-11: policies select labels that pods have, and ports that they listen on, whatever their numbers.
#[test]
fn p26_policies_meet_their_pods() {
    let objects = full(&[]);
    let pods = templates(&objects);
    let policy = objects.get("NetworkPolicy", "dagster-webserver");
    let selector = policy["spec"]["podSelector"]["matchLabels"].as_object().expect("it is there");
    let selected: Vec<_> = pods
        .iter()
        .filter(|(_, pod)| selector.iter().all(|(key, label)| &pod["metadata"]["labels"][key] == label))
        .collect();
    assert_eq!(selected.len(), 1);
    let port = &policy["spec"]["ingress"][0]["ports"][0]["port"];
    assert_eq!(&selected[0].1["spec"]["containers"][0]["ports"][0]["name"], port);
    for name in ["dagster-code-sales", "dagster-code-ml"] {
        assert_eq!(pods[name]["spec"]["containers"][0]["ports"][0]["name"], "grpc");
        assert_eq!(pods[name]["metadata"]["labels"]["app.kubernetes.io/name"], "dagster");
    }
    // Every Service finds exactly the pods of one Deployment, by a port that they name.
    for service in objects.kind("Service") {
        let selector = service["spec"]["selector"].as_object().expect("it is there");
        let found: Vec<_> = pods
            .values()
            .filter(|pod| selector.iter().all(|(key, label)| &pod["metadata"]["labels"][key] == label))
            .collect();
        assert_eq!(found.len(), 1, "{}", service["metadata"]["name"]);
        let port = &service["spec"]["ports"][0]["targetPort"];
        assert_eq!(&found[0]["spec"]["containers"][0]["ports"][0]["name"], port);
    }
}

/// P-26: the platform's policy lets webserver and daemon reach the ports on which code servers really listen.
#[test]
fn p26_the_platform_knows_the_ports() {
    let one = r#"{"name":"a","image":{"repository":"r/a","tag":"1"},"args":["-m","a"]}"#;
    let two = r#"{"name":"b","image":{"repository":"r/b","tag":"1"},"args":["-m","b"],"port":5000}"#;
    let locations = format!("dagster.codeLocations=[{one},{two}]");
    let args = ["--set", "networkPolicy.enabled=true,dagster.codeServer.port=4000", "--set-json", &locations];
    let platform = Chart::FLOE_PLATFORM.render(&args);
    let policy = platform.get("NetworkPolicy", "floe-dagster");
    let ports: BTreeSet<i64> = ["ingress", "egress"]
        .iter()
        .flat_map(|way| policy["spec"][way].as_array().expect("rules"))
        .flat_map(|rule| rule["ports"].as_array().expect("ports"))
        .filter_map(|port| port["port"].as_i64())
        .collect();
    let listens: BTreeSet<i64> = platform
        .kind("Service")
        .filter(|service| service["metadata"]["name"].as_str().is_some_and(|name| name.contains("-code-")))
        .filter_map(|service| service["spec"]["ports"][0]["port"].as_i64())
        .collect();
    assert_eq!(listens, [4000, 5000].into());
    assert!(listens.is_subset(&ports), "{listens:?} are not among {ports:?}");
}

/// P-28, BP-09: one daemon, replaced before it is started anew, without a budget that would block drains.
#[test]
fn p28_one_daemon() {
    for objects in [minimal(&[]), full(&[])] {
        let spec = &objects.get("Deployment", "dagster-daemon")["spec"];
        assert_eq!((&spec["replicas"], &spec["strategy"]), (&json!(1), &json!({"type": "Recreate"})));
        for budget in objects.kind("PodDisruptionBudget") {
            assert_eq!(budget["spec"]["selector"]["matchLabels"]["app.kubernetes.io/component"], "webserver");
        }
    }
}

/// P-31: no code location gets what another one says, and their order does not matter.
#[test]
fn p31_locations_do_not_leak() {
    let entry = |name: &str, more: &str| {
        format!(r#"{{"name":"{name}","image":{{"repository":"r/{name}","tag":"1"}},"args":["-m","{name}"]{more}}}"#)
    };
    let special = r#","env":[{"name":"X","value":"1"}],"resources":{"requests":{"cpu":"2"}},"podLabels":{"x":"y"},"readinessProbe":{"periodSeconds":3},"runK8sConfig":{"containerConfig":{"workingDir":"/a"}}"#;
    let render =
        |entries: [String; 2]| minimal(&["--set-json", &format!("codeLocations=[{},{}]", entries[0], entries[1])]);
    let one = render([entry("a", special), entry("b", "")]);
    let two = render([entry("b", ""), entry("a", special)]);
    let alone = minimal(&["--set-json", &format!("codeLocations=[{}]", entry("b", ""))]);
    for objects in [&one, &two] {
        assert_eq!(objects.get("Deployment", "dagster-code-b"), alone.get("Deployment", "dagster-code-b"));
        assert_eq!(objects.get("Deployment", "dagster-code-a"), one.get("Deployment", "dagster-code-a"));
    }
    assert!(one.get("Deployment", "dagster-code-a").to_string().contains("/a"));
}

/// P-32: a name of one's own is followed by everything that refers to it.
#[test]
fn p32_names_are_computed() {
    let objects = minimal(&[&SALES[..], &["--set", "fullnameOverride=house,nameOverride=other"]].concat());
    assert!(
        objects.names().iter().all(|name| name.ends_with(" house") || name.contains(" house-")),
        "{:?}",
        objects.names()
    );
    let instance = instance_of(&objects, "house");
    assert_eq!(instance["run_launcher"]["config"]["instance_config_map"], "house-instance");
    assert_eq!(instance["run_launcher"]["config"]["labels"]["app.kubernetes.io/name"], "other");
    let test = container(&objects, "Pod", "house-test-code-locations");
    assert_eq!(variable(&objects, test, "WEBSERVER").as_deref(), Some("http://house-webserver:80"));
}

/// REQ-621, BP-02, BP-03: every pod is what the restricted Pod Security standard asks for, runs included; tokens only where the API is used.
#[test]
fn req621_pods_are_restricted() {
    for objects in [minimal(&SALES), full(&[])] {
        let launcher = instance(&objects)["run_launcher"]["config"]["run_k8s_config"].clone();
        let mut pods: Vec<(String, Value)> = vec![(
            "run".to_owned(),
            json!({"securityContext": launcher["pod_spec_config"]["securityContext"], "containers": [launcher["container_config"]]}),
        )];
        pods.extend(
            objects
                .pods()
                .into_iter()
                .map(|(object, pod)| (object["metadata"]["name"].to_string(), pod["spec"].clone())),
        );
        for (name, spec) in pods {
            assert_eq!(spec["securityContext"]["runAsNonRoot"], true, "{name}");
            assert_eq!(spec["securityContext"]["seccompProfile"]["type"], "RuntimeDefault", "{name}");
            let init = spec["initContainers"].as_array().cloned().unwrap_or_default();
            for container in init.iter().chain(spec["containers"].as_array().expect("it is there")) {
                let security = &container["securityContext"];
                assert_eq!(security["allowPrivilegeEscalation"], false, "{name}");
                assert_eq!(security["readOnlyRootFilesystem"], true, "{name}");
                assert_eq!(security["capabilities"]["drop"], json!(["ALL"]), "{name}");
            }
            if name != "run" {
                let token = ["webserver\"", "daemon\""].iter().any(|end| name.ends_with(end));
                assert_eq!(spec["automountServiceAccountToken"], token, "{name}");
            }
        }
    }
}

/// BP-01, BP-20: what selects pods is name, instance and component, so that no upgrade changes it.
#[test]
fn bp01_selectors_are_stable() {
    let objects = full(&["--set", "commonLabels.release=today"]);
    let deployments = objects.kind("Deployment").map(|d| &d["spec"]["selector"]["matchLabels"]);
    for selector in deployments.chain(objects.kind("Service").map(|s| &s["spec"]["selector"])) {
        let keys: Vec<&String> = selector.as_object().expect("labels").keys().collect();
        assert_eq!(keys.len(), 3, "{keys:?}");
        for key in ["name", "instance", "component"] {
            assert!(selector.get(format!("app.kubernetes.io/{key}")).is_some(), "{keys:?}");
        }
    }
}

/// BP-08: pods of the webserver are spread by their own labels.
#[test]
fn bp08_spread() {
    let objects = full(&[]);
    let spec = &objects.get("Deployment", "dagster-webserver")["spec"];
    let spread = &spec["template"]["spec"]["topologySpreadConstraints"][0];
    assert_eq!(spread["labelSelector"]["matchLabels"], spec["selector"]["matchLabels"]);
}

/// BP-03: without Jobs to start, no pod holds a token of the API.
#[test]
fn bp03_no_token_without_need() {
    let objects = minimal(&["--set", "runLauncher.type=Default"]);
    for (object, pod) in objects.pods() {
        assert_eq!(pod["spec"]["automountServiceAccountToken"], false, "{}", object["metadata"]["name"]);
    }
    assert_eq!(objects.count("Role") + objects.count("RoleBinding"), 0);
    assert_eq!(minimal(&[]).get("ServiceAccount", "dagster")["automountServiceAccountToken"], false);
}

/// REQ-629, BP-12: an image is its registry, its repository, and a tag that stays text or a digest that wins.
#[test]
fn req629_images() {
    let image = |args: &[&str]| container(&minimal(args), "Deployment", "dagster-webserver")["image"].clone();
    let digest = format!("sha256:{}", "0".repeat(64));
    assert_eq!(image(&[]), "docker.io/dagster/dagster-k8s:1.13.27");
    assert_eq!(image(&["--set-string", "image.tag=0123"]), "docker.io/dagster/dagster-k8s:0123");
    assert_eq!(image(&["--set", "global.imageRegistry=r:5000"]), "r:5000/dagster/dagster-k8s:1.13.27");
    assert_eq!(
        image(&["--set", &format!("image.digest={digest},image.tag=x")]),
        format!("docker.io/dagster/dagster-k8s@{digest}")
    );
    let objects = full(&[]);
    let code = container(&objects, "Deployment", "dagster-code-sales");
    assert_eq!(Some(&code["image"]), Some(&json!(variable(&objects, code, "DAGSTER_CURRENT_IMAGE"))));
}
