//! What holds for every chart of ours under every values file: hooks, tests, rollouts, names, monitors, documents.

use std::collections::BTreeSet;

use rhumb_platforms::matrix::{Setting, settings};
use rhumb_platforms::{Chart, Objects, every, value};
use serde_json::{Value, json};

#[path = "craft/documents.rs"]
mod documents;
#[path = "craft/notes.rs"]
mod notes;
#[path = "craft/score.rs"]
mod score;

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn name(object: &Value) -> &str {
    text(&object["metadata"]["name"])
}

/// What a setting renders to; nothing where the plain chart asks for a database first.
fn render(setting: &Setting, release: &str) -> Option<Objects> {
    let args = setting.args();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let answer = setting.chart.ours(&[&["template", release, ".", "--namespace", "data"], &args[..]].concat());
    let refused = setting.file.is_none() && answer.exit != 0;
    assert!(refused || answer.exit == 0, "{}, {release}: {}", setting.name(), answer.stderr);
    (!refused).then(|| Objects::read(&answer.stdout))
}

/// Every setting with its objects, under the usual release name.
fn renders() -> Vec<(String, Chart, Objects)> {
    let all = settings().into_iter().filter_map(|s| Some((s.name(), s.chart, render(&s, s.chart.release)?)));
    let all: Vec<_> = all.collect();
    let charts: BTreeSet<&str> = all.iter().map(|(_, chart, _)| chart.folder).collect();
    assert_eq!(charts.len(), every().len(), "some chart is never looked at");
    all
}

fn annotation<'a>(object: &'a Value, key: &str) -> &'a str {
    text(&object["metadata"]["annotations"][key])
}

fn selects(selector: &Value, labels: &Value) -> bool {
    selector.as_object().is_some_and(|all| !all.is_empty() && all.iter().all(|(key, label)| labels[key] == *label))
}

/// BP-15, REQ-628: every hook has a policy of deletion that clears what an earlier run left, and a weight (a test needs none); every
/// Job has an end: so many tries, so many seconds.
#[test]
fn bp15_hooks_are_bounded() {
    let mut hooks = 0;
    for (place, _, objects) in renders() {
        for object in objects.iter().filter(|object| Objects::is_hook(object)) {
            let (at, when) =
                (format!("{place}: {} {}", object["kind"], name(object)), annotation(object, "helm.sh/hook"));
            let policy = annotation(object, "helm.sh/hook-delete-policy");
            assert!(policy.split(',').any(|word| word == "before-hook-creation"), "{at}: {policy:?}");
            assert!(
                when == "test" || annotation(object, "helm.sh/hook-weight").parse::<i32>().is_ok(),
                "{at}: no weight"
            );
            for known in when.split(',') {
                let all = ["pre-install", "post-install", "pre-upgrade", "post-upgrade", "pre-delete", "test"];
                assert!(all.contains(&known), "{at}: {known}");
            }
            hooks += 1;
            if object["kind"] == "Job" {
                for key in ["backoffLimit", "activeDeadlineSeconds"] {
                    assert!(object["spec"][key].is_u64(), "{at}: no {key}");
                }
            }
        }
    }
    assert!(hooks > 20, "{hooks}");
}

/// BP-16: a test ends within a minute, fetches nothing to run, fails where its script does, and looks at what is answered.
#[test]
fn bp16_tests_are_short_and_read_answers() {
    let mut tested = BTreeSet::new();
    for (place, chart, objects) in renders() {
        for pod in objects.kind("Pod") {
            assert_eq!(annotation(pod, "helm.sh/hook"), "test", "{place}: {}", name(pod));
            let limit = pod["spec"]["activeDeadlineSeconds"].as_u64();
            assert!(limit.is_some_and(|limit| limit <= 60), "{place}: {}: {limit:?}", name(pod));
            assert_eq!(pod["spec"]["restartPolicy"], "Never", "{place}: {}", name(pod));
            for container in pod["spec"]["containers"].as_array().expect("containers") {
                let words = [&container["command"], &container["args"]].map(Value::to_string).concat();
                for fetched in ["| sh", "|sh", "| bash", "pip install", "apk add", "apt-get"] {
                    assert!(!words.contains(fetched), "{place}: {}: {fetched}", name(pod));
                }
                let reads = ["grep", "case ", "check", "expect", "json", "jq", "found", "partialSuccess"];
                assert!(
                    reads.iter().any(|word| words.contains(word)),
                    "{place}: {} reads no answer: {words}",
                    name(pod)
                );
            }
            tested.insert(chart.folder);
        }
    }
    assert_eq!(tested.len(), every().len(), "{tested:?}");
}

/// BP-09, X-06: whoever may run more than once is replaced one by one with none missing; whoever must not says Recreate. A worker that
/// holds a GPU goes before the next comes.
#[test]
fn bp09_rollouts() {
    for (place, _, objects) in renders() {
        for deployment in objects.kind("Deployment") {
            let (at, strategy) = (format!("{place}: {}", name(deployment)), &deployment["spec"]["strategy"]);
            if strategy["type"] == "Recreate" {
                continue;
            }
            let component = text(&deployment["metadata"]["labels"]["app.kubernetes.io/component"]);
            let want = if component == "video-worker" { (0, 1) } else { (1, 0) };
            let rolling = &strategy["rollingUpdate"];
            assert_eq!((&rolling["maxSurge"], &rolling["maxUnavailable"]), (&json!(want.0), &json!(want.1)), "{at}");
        }
    }
}

/// BP-03: whoever has the API server's token has rights for it, given to the service account that the pod runs under.
#[test]
fn bp03_tokens_have_a_use() {
    for (place, _, objects) in renders() {
        for (object, pod) in objects.pods() {
            if pod["spec"]["automountServiceAccountToken"] != true {
                assert_eq!(pod["spec"]["automountServiceAccountToken"], false, "{place}: {}", name(object));
                continue;
            }
            let account = &pod["spec"]["serviceAccountName"];
            let bindings = objects.kind("RoleBinding").chain(objects.kind("ClusterRoleBinding"));
            let mut subjects = bindings.flat_map(|binding| binding["subjects"].as_array().expect("subjects"));
            assert!(subjects.any(|subject| subject["name"] == *account), "{place}: {}: {account}", name(object));
        }
    }
}

/// BP-01, BP-20, REQ-629: recommended labels everywhere; what selects pods holds nothing that a version or a value of another kind
/// changes, and finds pods.
#[test]
fn bp01_labels_and_selectors() {
    for (place, _, objects) in renders() {
        let pods = objects.pods();
        for object in objects.iter() {
            // What a user adds is his own.
            let labels = &object["metadata"]["labels"];
            if labels["helm.sh/chart"].is_null() {
                let added = text(&object["apiVersion"]) == "v1" && object["kind"] != "Pod";
                assert!(added, "{place}: {} {}: no helm.sh/chart", object["kind"], name(object));
                continue;
            }
            for key in ["name", "instance", "managed-by", "part-of", "version"] {
                let label = &labels[format!("app.kubernetes.io/{key}")];
                assert!(label.is_string(), "{place}: {} {}: no {key}", object["kind"], name(object));
            }
            let selector = match text(&object["kind"]) {
                "Deployment" | "StatefulSet" | "DaemonSet" => &object["spec"]["selector"]["matchLabels"],
                "Service" => &object["spec"]["selector"],
                _ => continue,
            };
            let at = format!("{place}: {} {}: {selector}", object["kind"], name(object));
            let keys: Vec<&String> = selector.as_object().expect("labels").keys().collect();
            let known = ["app", "app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/component"];
            assert!(keys.iter().all(|key| known.contains(&key.as_str())), "{at}");
            assert!(pods.iter().any(|(_, pod)| selects(selector, &pod["metadata"]["labels"])), "{at}: finds no pod");
        }
    }
}

/// BP-23, REQ-629, P-32: whatever a release is called, names fit, are no names of others, and labels are labels.
#[test]
fn bp23_names_fit() {
    let long = "a-release-with-a-name-of-fifty-three-characters-x-y-z";
    for setting in settings() {
        for release in [long, "9lives", "7.of.9", "a", "floe-jobs", "web-ui"] {
            let Some(objects) = render(&setting, release) else { continue };
            let mut seen = BTreeSet::new();
            for object in objects.iter() {
                // What a values file adds is named by it.
                if object["metadata"]["labels"]["helm.sh/chart"].is_null() {
                    continue;
                }
                let (kind, name) = (text(&object["kind"]), name(object));
                let at = format!("{}, {release}: {kind} {name}", setting.name());
                assert!(name.len() <= if kind == "CronJob" { 52 } else { 63 } && !name.ends_with(['-', '.']), "{at}");
                if kind == "Service" {
                    assert!(name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.contains('.'), "{at}");
                    for port in object["spec"]["ports"].as_array().expect("ports") {
                        assert!(text(&port["name"]).len() <= 15, "{at}: {}", port["name"]);
                    }
                }
                let namespace = text(&object["metadata"]["namespace"]).to_owned();
                assert!(seen.insert((kind.to_owned(), namespace, name.to_owned())), "{at}: twice");
                for (key, label) in object["metadata"]["labels"].as_object().into_iter().flatten() {
                    let label = text(label);
                    let ends = |c: Option<char>| c.is_none_or(|c| c.is_ascii_alphanumeric());
                    let fits = label.len() <= 63 && ends(label.chars().next()) && ends(label.chars().next_back());
                    assert!(fits, "{at}: {key}={label}");
                }
            }
        }
    }
}

/// BP-25: a monitor's endpoint is a named port of a Service that it finds, or of pods.
#[test]
fn bp25_monitors_find_their_ports() {
    let mut found = BTreeSet::new();
    for (place, chart, objects) in renders() {
        let pods = objects.pods();
        for monitor in objects.iter().filter(|o| ["ServiceMonitor", "PodMonitor"].contains(&text(&o["kind"]))) {
            let (at, selector) = (format!("{place}: {}", name(monitor)), &monitor["spec"]["selector"]["matchLabels"]);
            let service = monitor["kind"] == "ServiceMonitor";
            let endpoints = &monitor["spec"][if service { "endpoints" } else { "podMetricsEndpoints" }];
            for endpoint in endpoints.as_array().expect("endpoints") {
                let port = &endpoint["port"];
                let ports: Vec<&Value> = if service {
                    let all = objects.kind("Service").filter(|s| selects(selector, &s["metadata"]["labels"]));
                    all.flat_map(|s| s["spec"]["ports"].as_array().expect("ports")).collect()
                } else {
                    let all = pods.iter().filter(|(_, pod)| selects(selector, &pod["metadata"]["labels"]));
                    let all = all.flat_map(|(_, pod)| pod["spec"]["containers"].as_array().expect("containers"));
                    all.flat_map(|c| c["ports"].as_array().into_iter().flatten()).collect()
                };
                assert!(
                    port.is_string() && ports.iter().any(|p| p["name"] == *port),
                    "{at}: {port} is not among {ports:?}"
                );
            }
            found.insert(chart.folder);
        }
    }
    assert!(found.len() >= 4, "{found:?}");
}

/// BP-18: no chart brings another's CRDs, and by default none makes objects that need them.
#[test]
fn bp18_foreign_kinds_on_demand() {
    let own = [
        "v1",
        "apps/v1",
        "batch/v1",
        "networking.k8s.io/v1",
        "policy/v1",
        "autoscaling/v2",
        "rbac.authorization.k8s.io/v1",
    ];
    for chart in every() {
        assert!(!chart.path().join("crds").exists(), "{}", chart.folder);
        let plain = Setting { chart, file: None };
        let alone = ["postgresql.host=db,postgresql.existingSecret=s"];
        let objects = render(&plain, chart.release).unwrap_or_else(|| chart.render(&["--set", alone[0]]));
        for object in objects.iter() {
            assert!(own.contains(&text(&object["apiVersion"])), "{}: {object}", chart.folder);
            assert_ne!(object["kind"], "CustomResourceDefinition", "{}", chart.folder);
        }
    }
}

/// BP-22: no line ends in a blank, and nothing is left of a template.
#[test]
fn bp22_output_is_clean() {
    for (place, _, objects) in renders() {
        let blank = objects.text.lines().find(|line| line.ends_with([' ', '\t']));
        assert_eq!(blank, None, "{place}");
        for left in ["<no value>", "%!", "<nil>", "map["] {
            assert!(!objects.text.contains(left), "{place}: {left}");
        }
    }
}

/// REQ-624, REQ-631, BP-10: no object but a Secret holds a value where a secret's name is: as a variable, or as a key of a ConfigMap.
#[test]
fn req624_no_plain_secrets() {
    let secret = |name: &str| {
        let upper = name.to_uppercase().replace(['-', '.'], "_");
        // The name of a Secret, as Dagster wants it.
        let upper = upper.trim_end_matches("_PASSWORD_SECRET");
        ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "PRIVATE_KEY", "ACCESS_KEY"]
            .iter()
            .any(|end| upper.ends_with(end))
    };
    for (place, _, objects) in renders() {
        for (object, container) in objects.containers() {
            for variable in container["env"].as_array().into_iter().flatten() {
                let (key, given) = (text(&variable["name"]), text(&variable["value"]));
                let plain = secret(key) && !given.is_empty() && !given.starts_with("$(");
                assert!(!plain, "{place}: {}: {key}={given}", name(object));
            }
        }
        for map in objects.kind("ConfigMap") {
            for (key, held) in map["data"].as_object().into_iter().flatten() {
                assert!(!secret(key), "{place}: {}: {key}", name(map));
                let private = ["BEGIN PRIVATE KEY", "BEGIN RSA PRIVATE KEY", "BEGIN EC PRIVATE KEY"];
                assert!(private.iter().all(|words| !text(held).contains(words)), "{place}: {}: {key}", name(map));
            }
        }
    }
}
