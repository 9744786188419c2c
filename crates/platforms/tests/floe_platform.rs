//! The floe platform: what renders in which configuration, and how its parts find each other.

use std::collections::{BTreeMap, BTreeSet};

use rhumb_platforms::{Chart, Objects, documents, golden, live, root, value};
use serde_json::{Value, json};

const CHART: Chart = Chart::FLOE_PLATFORM;
const SUBCHARTS: [&str; 3] = ["dagster", "polaris", "otel-collector"];
const EVERYTHING: [&str; 2] = ["-f", "ci/everything-values.yaml"];
const PROD: [&str; 2] = ["-f", "values-prod.yaml"];

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

fn name(object: &Value) -> &str {
    text(&object["metadata"]["name"])
}

/// Every render that this repository has values for: the arguments.
fn all_files() -> Vec<Vec<String>> {
    let files = CHART.values_files().into_iter().map(|file| vec!["-f".to_owned(), file]);
    std::iter::once(Vec::new()).chain(files).collect()
}

fn render(args: &[String]) -> Objects {
    CHART.render(&args.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The variables of a container: name, and the text or where it comes from.
fn env(container: &Value) -> BTreeMap<String, Value> {
    let list = container["env"].as_array().into_iter().flatten();
    list.map(|e| (text(&e["name"]).to_owned(), e.get("value").unwrap_or(&e["valueFrom"]).clone())).collect()
}

fn labels_match(selector: &Value, labels: &Value) -> bool {
    let wanted = selector["matchLabels"].as_object().into_iter().flatten().all(|(key, value)| labels[key] == *value);
    let expressions = selector["matchExpressions"].as_array().into_iter().flatten();
    wanted
        && expressions.into_iter().all(|e| e["values"].as_array().is_some_and(|v| v.contains(&labels[text(&e["key"])])))
}

/// Every string in a value.
fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|value| strings(value, found)),
        Value::Object(map) => map.values().for_each(|value| strings(value, found)),
        _ => {}
    }
}

/// F-01, REQ-621: without a single flag, the platform renders whole: Dagster, Polaris, the collector and their database.
#[test]
fn f01_defaults_are_the_whole_platform() {
    let objects = CHART.render(&[]);
    for (kind, name) in [
        ("Deployment", "floe-dagster-webserver"),
        ("Deployment", "floe-dagster-daemon"),
        ("Deployment", "floe-polaris"),
        ("Deployment", "floe-otel-collector"),
        ("StatefulSet", "floe-postgresql"),
        ("Service", "floe-postgresql"),
        ("Service", "floe-postgresql-headless"),
        ("Secret", "floe-postgresql"),
        ("ConfigMap", "floe-postgresql"),
        ("ServiceAccount", "floe-platform"),
        ("Job", "floe-prerequisites"),
    ] {
        let _ = objects.get(kind, name);
    }
    let init = objects.kind("Job").filter(|job| name(job).starts_with("floe-database-init-")).count();
    assert_eq!(init, 1);
    for kind in
        ["NetworkPolicy", "Ingress", "PodDisruptionBudget", "HorizontalPodAutoscaler", "ResourceQuota", "Namespace"]
    {
        assert_eq!(objects.count(kind), 0, "{kind}");
    }
    for environment in ["example.com", "floe-prod", "floe-dev"] {
        assert!(!objects.text.contains(environment), "{environment} is hard-coded");
    }
    let meta = value(&CHART.file("Chart.yaml"));
    assert_eq!(meta["apiVersion"], "v2");
    for key in ["version", "appVersion", "kubeVersion", "icon", "home"] {
        assert!(!text(&meta[key]).is_empty(), "{key}");
    }
    golden("floe-platform/defaults", &objects.text);
}

/// F-02, P-32, REQ-635: what one part calls another is a Service of the release, at a port that it has.
#[test]
fn f02_the_parts_find_each_other() {
    let objects = CHART.render(&EVERYTHING);
    let services: BTreeMap<&str, BTreeSet<i64>> = objects
        .kind("Service")
        .map(|s| {
            (name(s), s["spec"]["ports"].as_array().expect("ports").iter().filter_map(|p| p["port"].as_i64()).collect())
        })
        .collect();
    let known = |address: &str| {
        let rest = address.split("://").last().unwrap_or(address);
        let (host, port) = rest.split(['/', '?']).next().unwrap_or(rest).split_once(':').expect("a port");
        let host = host.split('.').next().unwrap_or(host);
        let ports = services.get(host).unwrap_or_else(|| panic!("{address}: no Service {host} among {services:?}"));
        assert!(ports.contains(&port.parse().expect("a number")), "{address}: {ports:?}");
    };
    let mut seen = BTreeSet::new();
    for (object, container) in objects.containers() {
        let env = env(container);
        for key in ["OTEL_EXPORTER_OTLP_ENDPOINT", "DAGSTER", "POLARIS", "COLLECTOR"] {
            if let Some(address) = env.get(key).and_then(Value::as_str).filter(|a| a.contains("://")) {
                known(address);
                seen.insert(format!("{key} {}", object["metadata"]["labels"]["app.kubernetes.io/name"]));
            }
        }
        if let (Some(host), Some(port)) = (env.get("PGHOST"), env.get("PGPORT")) {
            known(&format!("{}:{}", text(host), text(port)));
            seen.insert(format!("PGHOST {}", object["metadata"]["labels"]["app.kubernetes.io/name"]));
        }
    }
    for wanted in [
        "OTEL_EXPORTER_OTLP_ENDPOINT \"dagster\"",
        "PGHOST \"dagster\"",
        "PGHOST \"polaris\"",
        "POLARIS \"floe-platform\"",
    ] {
        assert!(seen.contains(wanted), "{wanted} is not among {seen:?}");
    }
    let addresses = objects.kind("ConfigMap").flat_map(|map| {
        let mut found = Vec::new();
        strings(&map["data"], &mut found);
        found
    });
    let jdbc: Vec<String> = addresses.filter(|text| text.contains("jdbc:postgresql://")).collect();
    assert!(jdbc.iter().all(|text| text.contains("jdbc:postgresql://floe-postgresql:5432/polaris")), "{jdbc:?}");
}

/// F-03, X-03, REQ-623, P-27: subcharts are ours, pinned exactly, locked, under a condition each, and not renamed.
#[test]
fn f03_subcharts_are_pinned() {
    let meta = value(&CHART.file("Chart.yaml"));
    let lock = value(&CHART.file("Chart.lock"));
    let dependencies = meta["dependencies"].as_array().expect("dependencies");
    assert_eq!(dependencies.iter().map(|d| text(&d["name"])).collect::<Vec<_>>(), SUBCHARTS);
    for (dependency, locked) in dependencies.iter().zip(lock["dependencies"].as_array().expect("a lock")) {
        let (chart, version) = (text(&dependency["name"]), text(&dependency["version"]));
        assert!(version.split('.').count() == 3 && version.split('.').all(|n| n.parse::<u32>().is_ok()), "{version}");
        assert_eq!((&locked["name"], &locked["version"]), (&dependency["name"], &dependency["version"]));
        let own = value(&CHART.file(&format!("charts/{chart}/Chart.yaml")));
        assert_eq!((text(&own["name"]), text(&own["version"])), (chart, version));
        assert_eq!(dependency["condition"], format!("{chart}.enabled"));
        assert!(dependency.get("alias").is_none() && dependency.get("repository").is_none(), "{chart}");
    }
    if live() {
        let folder = tempfile::tempdir().expect("a folder");
        let copy = folder.path().join("floe-platform");
        let done = std::process::Command::new("cp").arg("-r").arg(CHART.path()).arg(&copy).status().expect("cp runs");
        assert!(done.success());
        let helm = rhumb_testkit::reference::path().expect("the reference");
        let out = std::process::Command::new(helm).args(["dependency", "build"]).arg(&copy).output().expect("it runs");
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        assert_eq!(std::fs::read_to_string(copy.join("Chart.lock")).expect("it stays"), CHART.file("Chart.lock"));
    }
}

/// F-04, REQ-621: every container of every values file asks for CPU and memory and has a memory limit.
#[test]
fn f04_every_container_has_resources() {
    for args in all_files() {
        for (object, container) in render(&args).containers() {
            let at = format!("{args:?}: {} {}, {}", object["kind"], name(object), container["name"]);
            for path in ["/resources/requests/cpu", "/resources/requests/memory", "/resources/limits/memory"] {
                assert!(container.pointer(path).is_some(), "{at}: no {path}");
            }
        }
    }
}

/// REQ-621, X-05: every pod of every values file passes the restricted Pod Security level, hooks and tests too.
#[test]
fn req621_every_pod_is_restricted() {
    for args in all_files() {
        let objects = render(&args);
        for (object, pod) in objects.pods() {
            let at = format!("{args:?}: {} {}", object["kind"], name(object));
            let spec = &pod["spec"];
            assert_eq!(spec.pointer("/securityContext/runAsNonRoot"), Some(&json!(true)), "{at}");
            assert_eq!(spec.pointer("/securityContext/seccompProfile/type"), Some(&json!("RuntimeDefault")), "{at}");
            for key in ["hostNetwork", "hostPID", "hostIPC"] {
                assert!(spec.get(key).is_none(), "{at}");
            }
            let dagster = object["metadata"]["labels"]["app.kubernetes.io/name"] == "dagster";
            assert!(dagster || spec["automountServiceAccountToken"] == false, "{at}: has the API server's token");
        }
        for (object, container) in objects.containers() {
            let at = format!("{args:?}: {} {}, {}", object["kind"], name(object), container["name"]);
            let security = &container["securityContext"];
            assert_eq!(security["allowPrivilegeEscalation"], false, "{at}");
            assert_eq!(security["readOnlyRootFilesystem"], true, "{at}");
            assert_eq!(security["capabilities"]["drop"], json!(["ALL"]), "{at}");
        }
    }
}

/// F-16, X-09, REQ-626: the kind cluster's values only override, name the Secrets that its manifest brings, and fit its port mappings.
#[test]
fn f16_kind_overrides_only() {
    let kind = value(&CHART.file("../testing/kind-values.yaml"));
    let own = CHART.values();
    assert!(kind["postgresql"]["persistence"]["size"] == "1Gi" && kind["global"]["resourcePreset"].is_null());
    fn same(path: &str, kind: &Value, own: &Value) {
        if let (Value::Object(kind), Value::Object(own)) = (kind, own) {
            for (key, value) in kind {
                same(&format!("{path}.{key}"), value, own.get(key).unwrap_or(&Value::Null));
            }
        } else {
            assert_ne!(kind, own, "{path} repeats the chart's own value");
        }
    }
    for key in ["global", "postgresql"] {
        same(key, &kind[key], &own[key]);
    }
    for chart in ["dagster", "polaris"] {
        same(chart, &kind[chart], &value(&CHART.file(&format!("charts/{chart}/values.yaml"))));
    }
    let objects = CHART.render(&["-f", "../testing/kind-values.yaml"]);
    let secrets: BTreeSet<String> =
        documents(&CHART.file("../testing/kind-secrets.yaml")).iter().map(|s| name(s).to_owned()).collect();
    assert_eq!(objects.count("Secret"), 0, "credentials come from kind-secrets.yaml");
    for wanted in [
        &kind["global"]["postgresql"]["existingSecret"],
        &kind["polaris"]["bootstrap"]["credentials"]["existingSecret"],
    ] {
        assert!(secrets.contains(text(wanted)), "{wanted} is not in kind-secrets.yaml");
    }
    let cluster = value(&CHART.file("../testing/kind-config.yaml"));
    let mapped: BTreeSet<i64> = cluster["nodes"][0]["extraPortMappings"]
        .as_array()
        .expect("mappings")
        .iter()
        .filter_map(|m| m["containerPort"].as_i64())
        .collect();
    let ports: BTreeSet<i64> = objects
        .kind("Service")
        .flat_map(|s| s["spec"]["ports"].as_array().expect("ports"))
        .filter_map(|p| p["nodePort"].as_i64())
        .collect();
    assert_eq!(mapped, ports);
}

/// F-20: the files of the seed's tree, or what stands in their place: one file for each object instead of one for each kind.
#[test]
fn f20_the_tree_is_there() {
    for file in [
        "Chart.yaml",
        "Chart.lock",
        "values.yaml",
        "values.schema.json",
        "README.md",
        "templates/_helpers.tpl",
        "templates/NOTES.txt",
        "charts/dagster/Chart.yaml",
        "charts/polaris/Chart.yaml",
        "charts/otel-collector/Chart.yaml",
        "../testing/kind-values.yaml",
    ] {
        assert!(CHART.path().join(file).is_file(), "{file}");
    }
    for record in ["docs/adr/0062-helm-architecture.md", "docs/adr/0063-chart-patterns.md"] {
        assert!(root().join(record).is_file(), "{record}");
    }
}

/// F-24, X-07: clusterMapping makes an Application for each environment, in its own namespace, on its own cluster.
#[test]
fn f24_environments_become_applications() {
    let objects = CHART.render(&["-f", "ci/gitops-values.yaml"]);
    let set = objects.get("ApplicationSet", "floe-environments");
    let elements = set["spec"]["generators"][0]["list"]["elements"].as_array().expect("elements");
    let of = |key: &str| -> BTreeSet<&str> { elements.iter().map(|e| text(&e[key])).collect() };
    assert_eq!(elements.len(), 5);
    assert_eq!(of("server").len(), 2);
    assert_eq!(of("namespace"), BTreeSet::from(["floe-dev", "floe-qa", "floe-staging", "floe-prod", "floe-demo"]));
    for element in elements {
        assert!(CHART.path().join(text(&element["valuesFile"])).is_file());
        assert_eq!(element["automated"], element["environment"] != "prod");
    }
    assert_eq!(set["spec"]["goTemplate"], true);
    assert!(text(&set["spec"]["templatePatch"]).contains("automated: {prune: true, selfHeal: true}"));
}

/// F-24, X-07: what Argo CD makes of each Application, from its files and parameters: it renders without a cluster, in its namespace, with
/// no rights beyond it, no Secret of its own, and policies where the environment is more than a developer's.
#[test]
fn f24_applications_render() {
    let objects = CHART.render(&["-f", "ci/gitops-values.yaml"]);
    let set = &objects.get("ApplicationSet", "floe-environments")["spec"];
    let helm = &set["template"]["spec"]["source"]["helm"];
    for element in set["generators"][0]["list"]["elements"].as_array().expect("elements") {
        let filled = |template: &Value| {
            let mut filled = text(template).to_owned();
            for (key, value) in element.as_object().expect("a map") {
                filled = filled.replace(&format!("{{{{.{key}}}}}"), value.as_str().unwrap_or_default());
            }
            assert!(!filled.contains("{{"), "{filled}");
            filled
        };
        let mut args: Vec<String> = Vec::new();
        for file in helm["valueFiles"].as_array().expect("files") {
            args.extend(["--values".to_owned(), filled(file)]);
        }
        for parameter in helm["parameters"].as_array().expect("parameters") {
            args.extend(["--set".to_owned(), format!("{}={}", text(&parameter["name"]), filled(&parameter["value"]))]);
        }
        let namespace = filled(&set["template"]["spec"]["destination"]["namespace"]);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let environment = text(&element["environment"]);
        let rendered = CHART.render_as(text(&helm["releaseName"]), &namespace, &args);
        assert_eq!(rendered.count("Secret"), 0, "{environment}");
        assert_eq!(rendered.count("ClusterRole") + rendered.count("ClusterRoleBinding"), 0, "{environment}");
        for object in rendered.iter() {
            assert_eq!(object["metadata"]["namespace"], namespace.as_str(), "{environment}: {}", name(object));
        }
        for binding in rendered.kind("RoleBinding") {
            assert_eq!(binding["subjects"][0]["namespace"], namespace.as_str(), "{environment}");
        }
        let guarded = ["qa", "staging", "prod"].contains(&environment);
        assert_eq!(rendered.find("NetworkPolicy", "floe-default-deny").is_some(), guarded, "{environment}");
        let telemetry = rendered.get("ConfigMap", "floe-dagster-run-env")["data"]["OTEL_RESOURCE_ATTRIBUTES"].clone();
        assert!(text(&telemetry).contains(&format!("deployment.environment.name={environment}")), "{telemetry}");
    }
}

/// REQ-623: each of the eight combinations of subcharts renders, without anything of a part that is off.
#[test]
fn req623_any_subchart_may_be_off() {
    for bits in 0..8_usize {
        let on: Vec<&str> = (0..3).filter(|bit| bits & (1 << bit) != 0).map(|bit| SUBCHARTS[bit]).collect();
        let mut args = vec![
            "--set".to_owned(),
            "networkPolicy.enabled=true,serviceMesh.enabled=true,grafanaDashboards.enabled=true".to_owned(),
        ];
        for chart in SUBCHARTS {
            args.extend(["--set".to_owned(), format!("{chart}.enabled={}", on.contains(&chart))]);
        }
        let objects = render(&args);
        let database = on.contains(&"dagster") || on.contains(&"polaris");
        assert_eq!(objects.count("StatefulSet"), usize::from(database), "{on:?}");
        assert_eq!(objects.kind("Secret").any(|s| name(s) == "floe-postgresql"), database, "{on:?}");
        assert_eq!(objects.count("NetworkPolicy"), 2 + on.len() + usize::from(database), "{on:?}");
        for chart in SUBCHARTS {
            let host = format!("floe-{chart}");
            let mentioned = objects.text.contains(&host) || objects.text.contains(&format!("/name: {chart}"));
            assert_eq!(mentioned, on.contains(&chart), "{on:?}: {chart}");
        }
    }
    let alone = CHART.render(&["-f", "ci/minimal-values.yaml"]);
    assert_eq!(alone.count("Deployment"), 1);
    let _ = alone.get("Deployment", "floe-otel-collector");
}

/// REQ-623: pods wait for the database in an init container with a time limit, and say host and port when they give up.
#[test]
fn req623_pods_wait_for_the_database() {
    let objects = CHART.render(&["--set", "global.waitFor.timeoutSeconds=42"]);
    let waits = objects.containers().into_iter().filter(|(_, c)| c["name"] == "wait-for-postgresql");
    let waits: Vec<_> = waits.map(|(object, c)| (name(object).to_owned(), c)).collect();
    assert!(waits.len() >= 4, "{}", waits.len());
    for (who, wait) in &waits {
        assert_eq!(env(wait)["WAIT_SECONDS"], "42", "{who}");
        let script = text(&wait["args"][0]);
        assert!(script.contains("$PGHOST:$PGPORT") && script.contains("exit 1"), "{who}");
    }
    for (who, prefix) in [("Dagster", "floe-dagster"), ("the init Job", "floe-database-init")] {
        assert!(waits.iter().any(|(name, _)| name.starts_with(prefix)), "{who} does not wait");
    }
    let without = CHART.render(&["--set", "global.waitFor.enabled=false"]);
    assert!(without.containers().into_iter().all(|(_, c)| c["name"] != "wait-for-postgresql"));
}

/// REQ-624, REQ-632: a changed line of postgresql.conf gives the database new pods, and nobody else.
#[test]
fn req632_a_changed_config_reaches_its_consumer_only() {
    let pods = |args: &[&str]| -> BTreeMap<String, String> {
        let objects = CHART.render(args);
        objects
            .pods()
            .iter()
            .map(|(o, p)| (format!("{} {}", o["kind"], o["metadata"]["name"]), p.to_string()))
            .collect()
    };
    let (before, after) = (pods(&[]), pods(&["--set", "postgresql.configuration.work_mem=8MB"]));
    let changed: Vec<_> =
        before.iter().filter(|(name, pod)| after.get(*name) != Some(pod)).map(|(name, _)| name.clone()).collect();
    assert_eq!(changed, ["\"StatefulSet\" \"floe-postgresql\""]);
    let conf = CHART.render(&["--set-json", r#"postgresql.configuration={"a":true,"b":1000000,"c":"it's"}"#]);
    let conf = text(&conf.get("ConfigMap", "floe-postgresql")["data"]["postgresql.conf"]).to_owned();
    for line in ["listen_addresses = '*'", "a = on", "b = 1000000", "c = 'it''s'", "max_connections = 200"] {
        assert!(conf.lines().any(|l| l == line), "{line} is not in\n{conf}");
    }
}

/// REQ-625: what the parent says of a child reaches it.
#[test]
fn req625_overrides_reach_the_children() {
    let objects = CHART.render(&["--set", "polaris.replicas=3,dagster.webserver.replicas=2,otel-collector.replicas=4"]);
    for (deployment, replicas) in [("floe-polaris", 3), ("floe-dagster-webserver", 2), ("floe-otel-collector", 4)] {
        assert_eq!(objects.get("Deployment", deployment)["spec"]["replicas"], replicas, "{deployment}");
    }
}

/// REQ-628: hooks run in their order, replace what an earlier run left, and need no account that is not there yet.
#[test]
fn req628_hooks() {
    let objects = CHART.render(&EVERYTHING);
    let hook = |name: &str| {
        let object = objects.get("Job", name);
        let annotation = |key: &str| text(&object["metadata"]["annotations"][key]).to_owned();
        assert_eq!(annotation("helm.sh/hook-delete-policy"), "before-hook-creation,hook-succeeded", "{name}");
        assert!(
            object["spec"]["backoffLimit"].is_number() && object["spec"]["activeDeadlineSeconds"].is_number(),
            "{name}"
        );
        assert!(object.pointer("/spec/template/spec/serviceAccountName").is_none(), "{name}");
        (annotation("helm.sh/hook"), annotation("helm.sh/hook-weight"))
    };
    assert_eq!(hook("floe-prerequisites"), ("pre-install,pre-upgrade".into(), "-20".into()));
    assert_eq!(hook("floe-backup-pre-upgrade"), ("pre-upgrade".into(), "-10".into()));
    assert_eq!(hook("floe-backup-pre-delete"), ("pre-delete".into(), "-10".into()));
    for object in objects.iter().filter(|o| Objects::is_hook(o)) {
        let when = text(&object["metadata"]["annotations"]["helm.sh/hook"]);
        assert!(
            !when.contains("post-install") || name(object).contains("catalog"),
            "{when}: with --wait it would never come"
        );
    }
    let init = objects.kind("Job").find(|job| name(job).starts_with("floe-database-init-")).expect("the init Job");
    assert!(!Objects::is_hook(init), "a hook would come after what waits for it");
}

/// REQ-628: the prerequisites name each Secret that must be there, and ask a database outside.
#[test]
fn req628_prerequisites_name_what_is_missing() {
    let script = |args: &[&str]| {
        let objects = CHART.render(args);
        text(&objects.get("Job", "floe-prerequisites")["spec"]["template"]["spec"]["containers"][0]["args"][0])
            .to_owned()
    };
    let calls = |script: &str| -> Vec<String> {
        let lines = script.lines().filter(|l| l.starts_with("secret ") || *l == "database");
        lines.map(str::to_owned).collect()
    };
    assert_eq!(calls(&script(&[])), [""; 0]);
    let outside =
        ["--set", "postgresql.enabled=false,global.postgresql.host=db.x.svc,global.postgresql.existingSecret=mine"];
    assert_eq!(calls(&script(&outside)), ["secret mine postgresql-password \"${SECRET_0:-}\"", "database"]);
    let kind = [
        "secret floe-database postgresql-password \"${SECRET_0:-}\"",
        "secret floe-polaris-root client-id \"${SECRET_1:-}\"",
        "secret floe-polaris-root client-secret \"${SECRET_2:-}\"",
    ];
    assert_eq!(calls(&script(&["-f", "../testing/kind-values.yaml"])), kind);
    assert_eq!(calls(&script(&PROD)), ["database"], "a store brings the Secrets, after this hook");
}

/// REQ-628: the init Job's name changes with what it does, since a Job's template is immutable.
#[test]
fn req628_the_init_job_is_named_by_its_content() {
    let job = |args: &[&str]| {
        let objects = CHART.render(args);
        objects.kind("Job").map(name).find(|n| n.contains("database-init")).expect("it is there").to_owned()
    };
    let first = job(&[]);
    for same in ["polaris.replicas=2", "global.commonLabels.team=data"] {
        assert_eq!(first, job(&["--set", same]), "{same}");
    }
    for other in
        ["global.postgresql.databases.extra=extra", "databaseInit.backoffLimit=1", "global.waitFor.image.tag=17.5"]
    {
        assert_ne!(first, job(&["--set", other]), "{other}");
    }
}

/// REQ-629, P-32: names stay within 63 characters, begin with a letter, and differ, whatever the release is called.
#[test]
fn req629_names_fit() {
    let long = "a-release-with-a-name-of-fifty-three-characters-x-y-z";
    assert_eq!(long.len(), 53);
    for release in [long, "9lives", "7.of.9", "a", "dagster", "my-polaris", "postgresql", "otel-collector"] {
        let objects = CHART.render_as(release, "data", &EVERYTHING);
        let mut seen = BTreeSet::new();
        for object in objects.iter() {
            let (kind, name) = (text(&object["kind"]), name(object));
            assert!(name.len() <= if kind == "CronJob" { 52 } else { 63 }, "{release}: {kind} {name}");
            let fits =
                !name.ends_with('-') && !name.contains('.') && name.starts_with(|c: char| c.is_ascii_lowercase());
            assert!(fits, "{release}: {kind} {name}");
            assert!(seen.insert((kind.to_owned(), name.to_owned())), "{release}: two {kind} {name}");
            for (key, label) in object["metadata"]["labels"].as_object().into_iter().flatten() {
                assert!(text(label).len() <= 63, "{release}: {key}={label}");
            }
        }
        for service in objects.kind("Service") {
            for port in service["spec"]["ports"].as_array().expect("ports") {
                assert!(text(&port["name"]).len() <= 15);
            }
        }
    }
    let why = CHART.template("polaris-postgresql", "data", &[]);
    assert!(why.exit != 0 && why.stderr.contains("would both be named polaris-postgresql"), "{}", why.stderr);
}

/// REQ-629: the shared helpers are one file in all charts that use them, and no chart's scripts are broken.
#[test]
fn req629_helpers_are_shared() {
    let own = CHART.file("templates/_floe.tpl");
    for chart in [Chart::DAGSTER, Chart::POLARIS, Chart::OTEL_COLLECTOR, Chart::FLOE_JOBS] {
        if chart.path().join("Chart.yaml").is_file() {
            assert_eq!(chart.file("templates/_floe.tpl"), own, "{}", chart.folder);
        }
    }
    for args in all_files() {
        for (object, container) in render(&args).containers() {
            let shell = container["command"].as_array().is_some_and(|c| c.first() == Some(&json!("/bin/sh")));
            if let (true, Some(script)) = (shell, container["args"][0].as_str()) {
                let done = std::process::Command::new("sh").args(["-n", "-c", script]).output().expect("sh runs");
                assert!(done.status.success(), "{}: {}", name(object), String::from_utf8_lossy(&done.stderr));
            }
        }
    }
}

/// REQ-629, BP-01: selectors are name, instance and component, and find the pods they are for.
#[test]
fn req629_selectors_never_change() {
    let stable = ["app.kubernetes.io/component", "app.kubernetes.io/instance", "app.kubernetes.io/name"];
    let objects = CHART.render(&EVERYTHING);
    for object in objects.iter().filter(|o| matches!(text(&o["kind"]), "Deployment" | "StatefulSet")) {
        let selector = &object["spec"]["selector"]["matchLabels"];
        let keys: BTreeSet<&str> = selector.as_object().expect("labels").keys().map(String::as_str).collect();
        assert!(stable.iter().all(|key| keys.contains(key)), "{}: {keys:?}", name(object));
        for other in ["app.kubernetes.io/version", "helm.sh/chart", "app.kubernetes.io/managed-by", "team"] {
            assert!(!keys.contains(other), "{}: {other}", name(object));
        }
        assert!(
            labels_match(&object["spec"]["selector"], &object["spec"]["template"]["metadata"]["labels"]),
            "{}",
            name(object)
        );
    }
    for service in objects.kind("Service") {
        let selector = json!({"matchLabels": service["spec"]["selector"]});
        let found =
            objects.pods().iter().filter(|(_, pod)| labels_match(&selector, &pod["metadata"]["labels"])).count();
        assert_eq!(found, 1, "{}", name(service));
    }
}

/// REQ-633, P-26: policies are off by default; on, each rule's ports are ports of the pods it is about, names are answered over UDP
/// and TCP, and no policy touches pods of others.
#[test]
fn p26_policies_fit_the_pods() {
    let objects = CHART.render(&EVERYTHING);
    let names: BTreeSet<&str> = objects.kind("NetworkPolicy").map(name).collect();
    let six =
        ["floe-default-deny", "floe-dagster", "floe-polaris", "floe-otel-collector", "floe-postgresql", "floe-jobs"];
    assert_eq!(names, BTreeSet::from(six));
    let pods = objects.pods();
    let ports_of = |selector: &Value| -> Option<BTreeSet<i64>> {
        let found: Vec<_> = pods.iter().filter(|(_, pod)| labels_match(selector, &pod["metadata"]["labels"])).collect();
        let ports = found.iter().flat_map(|(_, pod)| pod["spec"]["containers"].as_array().expect("containers"));
        let ports =
            ports.flat_map(|c| c["ports"].as_array().into_iter().flatten()).filter_map(|p| p["containerPort"].as_i64());
        (!found.is_empty()).then(|| ports.collect())
    };
    let numbers = |rule: &Value| -> Vec<i64> {
        rule["ports"].as_array().expect("ports").iter().filter_map(|p| p["port"].as_i64()).collect()
    };
    for policy in objects.kind("NetworkPolicy") {
        let spec = &policy["spec"];
        assert_eq!(spec["podSelector"]["matchLabels"]["app.kubernetes.io/instance"], "floe", "{}", name(policy));
        let own = ports_of(&spec["podSelector"]).unwrap_or_else(|| panic!("{} is about no pod", name(policy)));
        for rule in spec["ingress"].as_array().expect("a list") {
            for port in numbers(rule) {
                assert!(own.contains(&port), "{}: nothing listens on {port}", name(policy));
            }
        }
        for rule in spec["egress"].as_array().expect("a list") {
            for peer in rule["to"].as_array().into_iter().flatten().filter(|p| p.get("namespaceSelector").is_none()) {
                if let Some(selector) = peer.get("podSelector") {
                    let there = ports_of(selector).unwrap_or_else(|| panic!("{}: {selector} is no pod", name(policy)));
                    assert!(numbers(rule).iter().all(|p| there.contains(p)), "{}: {rule}: {there:?}", name(policy));
                }
            }
        }
    }
    let dns = &objects.get("NetworkPolicy", "floe-default-deny")["spec"]["egress"][0];
    let ways: Vec<_> =
        dns["ports"].as_array().expect("ports").iter().map(|p| (p["port"].clone(), text(&p["protocol"]))).collect();
    assert_eq!(ways, [(json!(53), "UDP"), (json!(53), "TCP")]);
    let outside = CHART.render(&PROD);
    assert!(outside.find("NetworkPolicy", "floe-postgresql").is_none());
}

/// P-26: who needs whom may reach whom, both ways: the database, the API server, Polaris, the collector.
#[test]
fn p26_policies_let_the_platform_work() {
    let objects = CHART.render(&EVERYTHING);
    let labels = |component: &str| {
        let pods = objects.pods();
        let found = pods.iter().find(|(_, p)| p["metadata"]["labels"]["app.kubernetes.io/component"] == component);
        found.unwrap_or_else(|| panic!("no pod {component}")).1["metadata"]["labels"].clone()
    };
    let allowed = |from: &Value, to: &Value, port: i64| {
        let way = |this: &Value, other: &Value, direction: &str, side: &str| {
            let policies = objects.kind("NetworkPolicy").filter(|p| labels_match(&p["spec"]["podSelector"], this));
            let rules: Vec<Value> =
                policies.flat_map(|p| p["spec"][direction].as_array().cloned().unwrap_or_default()).collect();
            rules.iter().any(|rule| {
                let ports = rule["ports"].as_array().is_some_and(|p| p.iter().any(|p| p["port"] == port));
                let peers = rule.get(side).and_then(Value::as_array);
                let peer = peers.is_none_or(|peers| {
                    peers.iter().any(|p| {
                        p.get("podSelector")
                            .is_some_and(|s| p.get("namespaceSelector").is_none() && labels_match(s, other))
                    })
                });
                ports && peer
            })
        };
        way(from, to, "egress", "to") && way(to, from, "ingress", "from")
    };
    let (webserver, daemon, database, polaris, collector) =
        (labels("webserver"), labels("daemon"), labels("postgresql"), labels("server"), labels("collector"));
    let init = labels("database-init");
    for (from, to, port) in [
        (&webserver, &database, 5432),
        (&daemon, &database, 5432),
        (&polaris, &database, 5432),
        (&init, &database, 5432),
        (&daemon, &polaris, 8181),
        (&webserver, &collector, 4318),
        (&polaris, &collector, 4317),
        (&daemon, &webserver, 3000),
    ] {
        assert!(allowed(from, to, port), "{from} may not reach {to} at {port}");
    }
    for (from, to, port) in [(&collector, &database, 5432), (&database, &polaris, 8181), (&polaris, &webserver, 3000)] {
        assert!(!allowed(from, to, port), "{from} may reach {to} at {port}");
    }
}

/// REQ-634: the mesh's objects come with its switch only, for the mesh that is named.
#[test]
fn req634_the_mesh_is_optional() {
    let kinds = |args: &[&str]| -> BTreeSet<String> {
        let all = CHART.render(args);
        all.iter()
            .filter(|o| text(&o["apiVersion"]).contains("istio") || text(&o["apiVersion"]).contains("linkerd"))
            .map(|o| text(&o["kind"]).to_owned())
            .collect()
    };
    assert!(kinds(&[]).is_empty());
    let istio = ["PeerAuthentication", "DestinationRule", "VirtualService"].map(str::to_owned);
    assert_eq!(kinds(&EVERYTHING), BTreeSet::from(istio));
    assert_eq!(kinds(&["-f", "ci/gitops-values.yaml"]), BTreeSet::from(["Server".to_owned()]));
}

/// REQ-635: `helm test` has pods that ask the database, Dagster, Polaris and the collector, and read what they answer.
#[test]
fn req635_tests_ask_every_part() {
    let objects = CHART.render(&[]);
    let tests: Vec<&Value> =
        objects.kind("Pod").filter(|p| p["metadata"]["annotations"]["helm.sh/hook"] == "test").collect();
    let of: BTreeSet<&str> = tests.iter().map(|p| text(&p["metadata"]["labels"]["app.kubernetes.io/name"])).collect();
    assert_eq!(of, BTreeSet::from(["dagster", "floe-platform", "otel-collector", "polaris"]));
    for test in ["floe-test-postgresql", "floe-test-wiring"] {
        let pod = objects.get("Pod", test);
        assert_eq!(pod["spec"]["activeDeadlineSeconds"], 60);
        let script = text(&pod["spec"]["containers"][0]["args"][0]);
        assert!(script.contains("found") || script.contains("expect "), "{test} reads no answer");
        assert!(!script.contains("| sh"), "{test}");
    }
    assert!(CHART.render(&["--set", "tests.enabled=false"]).find("Pod", "floe-test-wiring").is_none());
}

/// REQ-622, X-10, F-21: each environment is what its name says; production has neither a database nor a generated Secret of its own.
#[test]
fn req622_environments() {
    let replicas = |objects: &Objects, name: &str| objects.get("Deployment", name)["spec"]["replicas"].clone();
    let services = ["floe-dagster-webserver", "floe-polaris", "floe-otel-collector"];
    let (dev, staging, prod) =
        (CHART.render(&["-f", "values-dev.yaml"]), CHART.render(&["-f", "values-staging.yaml"]), CHART.render(&PROD));
    for service in services {
        assert_eq!(replicas(&dev, service), 1, "{service}");
        assert_eq!(replicas(&staging, service), 2, "{service}");
        assert_eq!(replicas(&prod, service), Value::Null, "{service}: an autoscaler has the word");
        let scaler = prod.kind("HorizontalPodAutoscaler").find(|h| h["spec"]["scaleTargetRef"]["name"] == service);
        assert!(scaler.expect("an autoscaler")["spec"]["minReplicas"].as_i64() >= Some(2), "{service}");
    }
    for environment in [&staging, &prod] {
        assert_eq!(environment.count("PodDisruptionBudget"), 3);
        assert!(environment.count("NetworkPolicy") >= 5);
    }
    assert_eq!((prod.count("StatefulSet"), prod.count("Secret")), (0, 0));
    assert_eq!(prod.count("ExternalSecret"), 3);
    for (object, container) in prod.containers() {
        let image = text(&container["image"]);
        assert!(!image.ends_with(":latest") && image.contains(':'), "{}: {image}", name(object));
    }
    let collector = prod.get("ConfigMap", "floe-otel-collector").to_string();
    assert!(!collector.contains("debug"), "production writes everything to a log");
    for (objects, cpu, memory) in [(&dev, "4", "8Gi"), (&staging, "8", "16Gi"), (&prod, "16", "32Gi")] {
        let hard = &objects.get("ResourceQuota", "floe-platform")["spec"]["hard"];
        assert_eq!((&hard["requests.cpu"], &hard["requests.memory"]), (&json!(cpu), &json!(memory)));
    }
    golden("floe-platform/prod", &prod.text);
}

/// REQ-622, BP-04: what an environment's pods ask for, at the most that its autoscalers start, fits its quota with room for runs.
#[test]
fn req622_the_quota_is_enough() {
    for file in ["values-dev.yaml", "values-staging.yaml", "values-prod.yaml"] {
        let objects = CHART.render(&["-f", file]);
        let (mut cpu, mut memory) = (0.0, 0.0);
        for object in objects.iter().filter(|o| matches!(text(&o["kind"]), "Deployment" | "StatefulSet")) {
            let scaler =
                objects.kind("HorizontalPodAutoscaler").find(|h| h["spec"]["scaleTargetRef"]["name"] == name(object));
            let most =
                scaler.map_or(&object["spec"]["replicas"], |h| &h["spec"]["maxReplicas"]).as_f64().unwrap_or(1.0);
            for container in object["spec"]["template"]["spec"]["containers"].as_array().expect("containers") {
                let requests = &container["resources"]["requests"];
                cpu += most * quantity(text(&requests["cpu"]));
                memory += most * quantity(text(&requests["memory"]));
            }
        }
        let hard = &objects.get("ResourceQuota", "floe-platform")["spec"]["hard"];
        let (cpus, memories) = (quantity(text(&hard["requests.cpu"])), quantity(text(&hard["requests.memory"])));
        assert!(cpu < 0.75 * cpus, "{file}: {cpu} of {cpus} CPUs");
        assert!(memory < 0.75 * memories, "{file}: {memory} of {memories} bytes");
    }
}

/// A quantity of Kubernetes as a number.
fn quantity(text: &str) -> f64 {
    let units = [("m", 0.001), ("Ki", 1024.0), ("Mi", 1_048_576.0), ("Gi", 1_073_741_824.0)];
    let unit = units.iter().find(|(unit, _)| text.ends_with(unit));
    let (digits, factor) = unit.map_or((text, 1.0), |(unit, factor)| (text.trim_end_matches(unit), *factor));
    digits.parse::<f64>().unwrap_or_else(|_| panic!("no quantity: {text}")) * factor
}

/// P-25, BP-06: where an autoscaler has the word, no Deployment says how many.
#[test]
fn p25_no_replicas_under_an_autoscaler() {
    let objects = CHART.render(&EVERYTHING);
    assert_eq!(objects.count("HorizontalPodAutoscaler"), 3);
    for scaler in objects.kind("HorizontalPodAutoscaler") {
        let target = text(&scaler["spec"]["scaleTargetRef"]["name"]);
        assert!(objects.get("Deployment", target)["spec"].get("replicas").is_none(), "{target}");
    }
    golden("floe-platform/everything", &objects.text);
}

/// P-28: nothing that runs once has a budget that would block a drain.
#[test]
fn p28_budgets_never_block() {
    let objects = CHART.render(&EVERYTHING);
    for budget in objects.kind("PodDisruptionBudget") {
        let found: Vec<&Value> = objects
            .pods()
            .iter()
            .filter(|(_, p)| labels_match(&budget["spec"]["selector"], &p["metadata"]["labels"]))
            .map(|(o, _)| *o)
            .collect();
        assert_eq!(found.len(), 1, "{}", name(budget));
        assert_eq!(found[0]["kind"], "Deployment", "{}", name(budget));
        assert!(!name(found[0]).ends_with("daemon"), "{}", name(budget));
    }
}

/// P-29, BP-20: a volume's labels hold nothing that a new version changes.
#[test]
fn p29_volume_claims_are_stable() {
    let objects = CHART.render(&EVERYTHING);
    let set = objects.get("StatefulSet", "floe-postgresql");
    let claim = &set["spec"]["volumeClaimTemplates"][0];
    assert_eq!(claim["metadata"]["labels"], set["spec"]["selector"]["matchLabels"]);
    assert_eq!(claim["spec"]["storageClassName"], "fast");
    assert!(
        CHART.render(&["--set", "postgresql.persistence.enabled=false"]).get("StatefulSet", "floe-postgresql")["spec"]
            .get("volumeClaimTemplates")
            .is_none()
    );
    let none = CHART.render(&["--set", "global.storageClass=-"]);
    assert_eq!(
        none.get("StatefulSet", "floe-postgresql")["spec"]["volumeClaimTemplates"][0]["spec"]["storageClassName"],
        ""
    );
}

/// X-01: every values file renders in less than two seconds.
#[test]
fn x01_rendering_is_quick() {
    for args in all_files() {
        let start = std::time::Instant::now();
        let _ = render(&args);
        let limit = if live() { 20 } else { 2 };
        assert!(start.elapsed().as_secs() < limit, "{args:?}: {:?}", start.elapsed());
    }
}
