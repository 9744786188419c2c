//! The pods: what they may do, in which order they come up, how many there are.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Output};

use rhumb_platforms::Objects;
use serde_json::{Value, json};

use super::{CHART, pod, problems, server, settings, with};

/// F-04: every container, init containers and those of Jobs and tests too, has requests and a bound on memory, under each preset.
#[test]
fn f04_every_container_has_resources() {
    let mut all = settings();
    all.extend(
        ["small", "medium", "large"].map(|preset| (preset.to_owned(), with(&[&format!("resourcePreset={preset}")]))),
    );
    for (name, objects) in &all {
        for (object, container) in objects.containers() {
            let resources = &container["resources"];
            let has = |path: &str| resources.pointer(path).is_some_and(|q| !q.is_null());
            let whole = has("/requests/cpu") && has("/requests/memory") && has("/limits/memory");
            assert!(whole, "{name}: {} {}: {resources}", object["metadata"]["name"], container["name"]);
        }
    }
    // The chart's own word wins over the platform's, and resources over both.
    let memory = |objects: &Objects| server(objects).0["resources"]["limits"]["memory"].clone();
    assert_eq!(memory(&with(&["global.resourcePreset=large"])), "4Gi");
    assert_eq!(memory(&with(&["global.resourcePreset=large,resourcePreset=medium"])), "2Gi");
    assert_eq!(memory(&with(&["resourcePreset=medium,resources.limits.memory=9Gi"])), "9Gi");
    assert_eq!(server(&with(&["resourcePreset=none"])).0.get("resources"), None);
}

/// BP-02, BP-03, REQ-629: every pod keeps to Pod Security's restricted level, and none has the API server's token.
#[test]
fn bp02_pods_are_restricted() {
    for (name, objects) in settings() {
        for (object, pod) in objects.pods() {
            let pod = &pod["spec"];
            let what = format!("{name}: {}", object["metadata"]["name"]);
            assert_eq!(pod["securityContext"]["runAsNonRoot"], true, "{what}");
            assert_eq!(pod["securityContext"]["seccompProfile"]["type"], "RuntimeDefault", "{what}");
            assert_eq!(pod["automountServiceAccountToken"], false, "{what}");
            assert_eq!(
                pod["serviceAccountName"],
                objects.kind("ServiceAccount").next().expect("one")["metadata"]["name"]
            );
        }
        for (object, container) in objects.containers() {
            let security = &container["securityContext"];
            let what = format!("{name}: {} {}", object["metadata"]["name"], container["name"]);
            assert_eq!(security["allowPrivilegeEscalation"], false, "{what}");
            assert_eq!(security["readOnlyRootFilesystem"], true, "{what}");
            assert_eq!(security["capabilities"]["drop"], json!(["ALL"]), "{what}");
        }
    }
    let (server, _) = server(&with(&["logging.fileEnabled=true"]));
    let written: Vec<_> =
        server["volumeMounts"].as_array().expect("mounts").iter().filter(|m| m["readOnly"] != true).collect();
    let places: Vec<_> = written.iter().map(|mount| mount["mountPath"].as_str().expect("a path")).collect();
    assert_eq!(places, ["/tmp", "/deployments/logs"]);
}

/// F-02, BP-07: ports, probes and Services as the contract has them; probes go to the management port, which no client sees.
#[test]
fn f02_ports_and_probes() {
    let objects = with(&[]);
    let (server, _) = server(&objects);
    assert_eq!(server["image"], "apache/polaris:1.7.0");
    let ports: Vec<_> =
        server["ports"].as_array().expect("ports").iter().map(|p| (&p["name"], &p["containerPort"])).collect();
    assert_eq!(ports, [(&json!("http"), &json!(8181)), (&json!("management"), &json!(8182))]);
    for (probe, path) in [("startupProbe", "live"), ("livenessProbe", "live"), ("readinessProbe", "ready")] {
        let get = &server[probe]["httpGet"];
        assert_eq!((&get["path"], &get["port"]), (&json!(format!("/q/health/{path}")), &json!("management")));
    }
    let selector = &objects.get("Deployment", "polaris")["spec"]["selector"]["matchLabels"];
    for name in ["polaris", "polaris-management"] {
        assert_eq!(&objects.get("Service", name)["spec"]["selector"], selector, "{name}");
    }
    let management = &objects.get("Service", "polaris-management")["spec"];
    assert_eq!((&management["clusterIP"], &management["ports"][0]["port"]), (&json!("None"), &json!(8182)));
    assert_eq!(objects.get("Service", "polaris")["spec"]["ports"][0]["port"], 8181);
    let moved = with(&["service.port=80,managementService.port=9000,managementService.headless=false"]);
    assert_eq!(
        moved.get("Service", "polaris")["spec"]["ports"][0],
        json!({"name": "http", "port": 80, "targetPort": "http", "protocol": "TCP"})
    );
    assert_eq!(moved.get("Service", "polaris-management")["spec"].get("clusterIP"), None);
    assert_eq!(super::server(&moved).0["ports"][1]["containerPort"], 9000);
    let without = super::server(&with(&["livenessProbe=null,startupProbe=null", "readinessProbe.enabled=false"])).0;
    assert!(["livenessProbe", "startupProbe", "readinessProbe"].iter().all(|probe| without.get(probe).is_none()));
}

/// REQ-623, REQ-628: the order follows from what waits for what. The realms are made by a plain Job that waits for the database, the
/// server waits for the realms, and the only hooks are those for which nothing waits.
#[test]
fn req623_the_order_needs_no_hook() {
    let objects = with(&[]);
    let names = |pod: &Value| -> Vec<String> {
        let list = pod["initContainers"].as_array().into_iter().flatten();
        list.map(|c| c["name"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(names(pod(&objects, "Deployment", "polaris")), ["wait-for-postgresql", "wait-for-realm"]);
    let metastore = objects.kind("Job").find(|job| !Objects::is_hook(job)).expect("the plain Job");
    let spec = &metastore["spec"]["template"]["spec"];
    assert_eq!(names(spec), ["wait-for-database"]);
    assert_eq!(spec["containers"][0]["image"], "apache/polaris-admin-tool:1.7.0");
    assert_eq!(
        spec["containers"][0]["args"],
        json!(["bootstrap", "--realm=POLARIS", "--credential=POLARIS,$(ROOT_CLIENT_ID),$(ROOT_CLIENT_SECRET)"])
    );
    assert_eq!(metastore["spec"].get("ttlSecondsAfterFinished"), None, "a GitOps tool would run it again and again");
    let hooks: Vec<_> = objects.iter().filter(|object| Objects::is_hook(object)).collect();
    let kinds: Vec<_> =
        hooks.iter().map(|h| h["metadata"]["annotations"]["helm.sh/hook"].as_str().expect("text")).collect();
    assert_eq!(kinds, ["test", "post-install,post-upgrade"]);
    for hook in hooks {
        assert_eq!(
            hook["metadata"]["annotations"]["helm.sh/hook-delete-policy"],
            "before-hook-creation,hook-succeeded"
        );
    }
    for job in objects.kind("Job") {
        assert_eq!((&job["spec"]["backoffLimit"], &job["spec"]["activeDeadlineSeconds"]), (&json!(6), &json!(600)));
        assert_eq!(job["spec"]["template"]["spec"]["restartPolicy"], "Never");
    }
    assert_eq!(
        objects.get("Job", "polaris-bootstrap-catalog")["spec"]["podFailurePolicy"]["rules"][0]["onExitCodes"]["values"],
        json!([2, 4])
    );
    let in_memory = CHART.render(&["--set", "persistence.type=in-memory"]);
    assert_eq!(pod(&in_memory, "Deployment", "polaris").get("initContainers"), None);
    assert!(in_memory.kind("Job").all(Objects::is_hook));
    let trusting = with(&["waitFor.enabled=false"]);
    assert!(trusting.pods().iter().all(|(_, pod)| pod["spec"].get("initContainers").is_none()));
}

/// BP-20, REQ-625: a Job cannot be changed, so another spec is another Job; the same spec under another version of the chart, or
/// with other catalogs, is the same one.
#[test]
fn bp20_another_job_for_another_spec() {
    let name = |sets: &[&str]| {
        let objects = with(sets);
        let job = objects.kind("Job").find(|job| !Objects::is_hook(job)).expect("the plain Job");
        job["metadata"]["name"].as_str().expect("a name").to_owned()
    };
    let plain = name(&[]);
    for same in ["commonLabels.team=data", "replicas=3", "logging.level=DEBUG", "features.LIST_PAGINATION_ENABLED=true"]
    {
        assert_eq!(name(&[same]), plain, "{same}");
    }
    for other in ["realms={POLARIS,B}", "adminImage.tag=1.7.1", "postgresql.host=db2", "bootstrap.backoffLimit=2"] {
        assert_ne!(name(&[other]), plain, "{other}");
    }
    // Neither selectors nor the Job's pods carry what a version changes.
    let objects = with(&[]);
    let volatile = ["helm.sh/chart", "app.kubernetes.io/version", "app.kubernetes.io/managed-by"];
    let job = objects.kind("Job").find(|job| !Objects::is_hook(job)).expect("the plain Job");
    let labels = [
        &job["spec"]["template"]["metadata"]["labels"],
        &objects.get("Deployment", "polaris")["spec"]["selector"]["matchLabels"],
    ];
    assert!(labels.iter().all(|labels| volatile.iter().all(|label| labels.get(label).is_none())), "{labels:?}");
}

/// The shell script of an init container, run with stand-ins for the database's programs.
fn wait(container: &Value, programs: &[(&str, &str)], seconds: &str) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in programs {
        let path = folder.path().join(name);
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("a program");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a program");
    }
    let mut command = Command::new("/bin/sh");
    command.arg("-ec").arg(container["args"][0].as_str().expect("a script")).current_dir(&folder).env_clear();
    for variable in container["env"].as_array().expect("variables") {
        command.env(
            variable["name"].as_str().expect("a name"),
            variable["value"].as_str().unwrap_or("secret-of-the-database"),
        );
    }
    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    command.env("PATH", path).env("WAIT_SECONDS", seconds).env("FOLDER", folder.path());
    command.output().expect("a shell")
}

/// REQ-623, X-11: waiting ends when what is waited for is there, and fails after its time with a last line that says what is missing
/// and where; it never prints the password.
#[test]
fn req623_waiting_ends_with_a_sentence() {
    let objects = with(&["realms={POLARIS,SANDBOX}"]);
    let containers = &pod(&objects, "Deployment", "polaris")["initContainers"];
    let told = |output: &Output| {
        let stderr = String::from_utf8(output.stderr.clone()).expect("text");
        assert!(!stderr.contains("secret-of-the-database"), "{stderr}");
        stderr.lines().last().unwrap_or_default().to_owned()
    };
    assert!(wait(&containers[0], &[("pg_isready", "exit 0")], "0").status.success());
    let never = wait(&containers[0], &[("pg_isready", "exit 2")], "0");
    assert_eq!(never.status.code(), Some(1));
    assert!(told(&never).starts_with("no PostgreSQL at db.internal:5432 after 0 s"), "{}", told(&never));

    // The query reaches psql on its standard input, the realms as a variable, and nothing else.
    let psql = "cat > $FOLDER/query; for a in \"$@\"; do case $a in --set=realms=POLARIS,SANDBOX) ok=1;; esac; done\n\
                [ \"$ok\" = 1 ] && grep -q \"string_to_array(:'realms', ',')\" $FOLDER/query && echo ready";
    assert!(wait(&containers[1], &[("psql", psql)], "0").status.success());
    // Ready at the second try.
    let later = "if [ -e $FOLDER/once ]; then echo ready; else touch $FOLDER/once; echo 'some realm is missing'; fi";
    assert!(wait(&containers[1], &[("psql", later)], "30").status.success());
    let never = wait(&containers[1], &[("psql", "echo 'FATAL: no pg_hba.conf entry' >&2; exit 2")], "0");
    assert_eq!(never.status.code(), Some(1));
    let last = told(&never);
    for word in [
        "realms POLARIS,SANDBOX",
        "database polaris",
        "bootstrap-metastore",
        "db.internal:5432",
        "no pg_hba.conf entry",
    ] {
        assert!(last.contains(word), "{word}: {last}");
    }
}

/// F-01: a pod's user has no name of its own, so whatever asks PostgreSQL has one given: without it pg_isready never tries.
#[test]
fn f01_clients_of_the_database_have_a_user() {
    for (name, objects) in settings() {
        for (object, container) in objects.containers() {
            let script = container["args"][0].as_str().unwrap_or_default();
            if script.contains("pg_isready") || script.contains("psql") {
                let user = container["env"].as_array().expect("variables").iter().find(|v| v["name"] == "PGUSER");
                let user =
                    user.unwrap_or_else(|| panic!("{name}: {}: {}", object["metadata"]["name"], container["name"]));
                assert!(user.get("valueFrom").is_some() || user["value"].as_str().is_some_and(|user| !user.is_empty()));
            }
        }
    }
}

/// P-25, BP-06, BP-09: no fixed number of servers beside an autoscaler; one more before one less; a catalog in memory is never there twice.
#[test]
fn p25_replicas_and_strategy() {
    let spec = |objects: &Objects| objects.get("Deployment", "polaris")["spec"].clone();
    let plain = spec(&with(&["replicas=3"]));
    assert_eq!(plain["replicas"], 3);
    assert_eq!(
        plain["strategy"],
        json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}})
    );
    let scaled = with(&[
        "autoscaling.enabled=true,autoscaling.targetMemory=70,autoscaling.behavior.scaleDown.stabilizationWindowSeconds=600",
    ]);
    assert_eq!(spec(&scaled).get("replicas"), None);
    let hpa = &scaled.get("HorizontalPodAutoscaler", "polaris")["spec"];
    assert_eq!((&hpa["minReplicas"], &hpa["maxReplicas"]), (&json!(2), &json!(5)));
    assert_eq!(hpa["scaleTargetRef"], json!({"apiVersion": "apps/v1", "kind": "Deployment", "name": "polaris"}));
    let metrics: Vec<_> = hpa["metrics"].as_array().expect("metrics").iter().map(|m| &m["resource"]).collect();
    assert_eq!(metrics.iter().map(|m| m["name"].as_str().expect("text")).collect::<Vec<_>>(), ["cpu", "memory"]);
    assert_eq!(
        metrics.iter().map(|m| m["target"]["averageUtilization"].as_i64()).collect::<Vec<_>>(),
        [Some(80), Some(70)]
    );
    assert_eq!(hpa["behavior"]["scaleDown"]["stabilizationWindowSeconds"], 600);
    let in_memory = CHART.render(&["--set", "persistence.type=in-memory"]);
    assert_eq!(spec(&in_memory)["strategy"], json!({"type": "Recreate"}));
}

/// P-28: no disruption budget by default, and one that is asked for lets a node be drained.
#[test]
fn p28_disruption_budgets_let_nodes_drain() {
    assert!(with(&[]).find("PodDisruptionBudget", "polaris").is_none());
    let spec = |sets: &[&str]| with(sets).get("PodDisruptionBudget", "polaris")["spec"].clone();
    assert_eq!(spec(&["podDisruptionBudget.enabled=true"])["maxUnavailable"], 1);
    let two = spec(&["replicas=3,podDisruptionBudget.enabled=true,podDisruptionBudget.minAvailable=2"]);
    assert_eq!((&two["minAvailable"], two.get("maxUnavailable")), (&json!(2), None));
    assert_eq!(
        spec(&["replicas=2,podDisruptionBudget.enabled=true,podDisruptionBudget.maxUnavailable=50%"])["maxUnavailable"],
        "50%"
    );
    assert_eq!(problems(&["replicas=2,podDisruptionBudget.enabled=true,podDisruptionBudget.minAvailable=2"]).len(), 1);
}

/// BP-01, BP-23, P-27: names and labels hold for any release name; two releases never share a name.
#[test]
fn bp23_names_hold_for_any_release() {
    let long = "a".repeat(53);
    let releases = ["polaris", "x", "4ever", "my.dotted.release", "team-polaris-blue", long.as_str()];
    let mut services = std::collections::BTreeSet::new();
    for release in releases {
        let objects = CHART.render_as(release, "lake", &["--set", super::DATABASE]);
        for object in objects.iter() {
            let name = object["metadata"]["name"].as_str().expect("a name");
            assert!(name.len() <= 63 && !name.ends_with('-'), "{release}: {name}");
            assert_eq!(object["metadata"]["namespace"], "lake", "{release}: {name}");
            let labels = object["metadata"]["labels"].as_object().expect("labels");
            assert!(
                labels.values().all(|v| v.as_str().is_some_and(|v| v.len() <= 63 && !v.ends_with('-'))),
                "{labels:?}"
            );
            for label in ["name", "instance", "component", "version", "managed-by", "part-of"] {
                assert!(labels.contains_key(&format!("app.kubernetes.io/{label}")), "{release}: {name}: {label}");
            }
        }
        let server = objects.kind("Service").map(|s| s["metadata"]["name"].as_str().expect("a name").to_owned());
        let server = server.filter(|name| !name.ends_with("-management")).collect::<Vec<_>>();
        assert!(server[0].starts_with(|c: char| c.is_ascii_lowercase()) && !server[0].contains('.'), "{server:?}");
        assert!(services.insert(server[0].clone()), "{release} has the name of another: {}", server[0]);
    }
    let renamed = with(&["fullnameOverride=catalog"]);
    assert!(
        renamed.find("Service", "catalog").is_some() && renamed.find("Secret", "catalog-root-credentials").is_some()
    );
}

/// BP-08, BP-12, BP-24: images, scheduling and what else a site adds reach the pods.
#[test]
fn bp24_what_a_site_adds() {
    let objects = with(&[
        "global.imageRegistry=registry.internal:5000,image.tag=0123,adminImage.digest=sha256:0000000000000000000000000000000000000000000000000000000000000000",
        "--set-json topologySpreadConstraints=[{\"maxSkew\":1,\"topologyKey\":\"zone\",\"whenUnsatisfiable\":\"ScheduleAnyway\"}]",
        "priorityClassName=high,nodeSelector.disk=fast,podLabels.team=data,podAnnotations.note=x,javaOptions=-Xss1m",
        "extraEnv[0].name=A,extraEnv[0].value=b,commonLabels.owner=lake,commonAnnotations.cost=low",
        "--set-json extraVolumes=[{\"name\":\"ca\",\"configMap\":{\"name\":\"ca\"}}]",
        "--set-json extraVolumeMounts=[{\"name\":\"ca\",\"mountPath\":\"/ca\"}]",
        "--set-json extraManifests=[{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"{{ .Release.Name }}-extra\"}}]",
        "--set-string image.tag=0123",
    ]);
    let deployment = objects.get("Deployment", "polaris");
    let pod = &deployment["spec"]["template"];
    let (server, env) = server(&objects);
    assert_eq!(server["image"], "registry.internal:5000/apache/polaris:0123");
    assert_eq!(
        pod["spec"]["topologySpreadConstraints"][0]["labelSelector"]["matchLabels"],
        deployment["spec"]["selector"]["matchLabels"]
    );
    assert_eq!(
        (&pod["spec"]["priorityClassName"], &pod["spec"]["nodeSelector"]["disk"]),
        (&json!("high"), &json!("fast"))
    );
    assert_eq!(
        (&pod["metadata"]["labels"]["team"], &pod["metadata"]["annotations"]["note"]),
        (&json!("data"), &json!("x"))
    );
    assert_eq!((&env["A"]["value"], &env["JAVA_OPTS_APPEND"]["value"]), (&json!("b"), &json!("-Xss1m")));
    assert!(server["volumeMounts"].as_array().expect("mounts").iter().any(|m| m["mountPath"] == "/ca"));
    assert!(pod["spec"]["volumes"].as_array().expect("volumes").iter().any(|v| v["name"] == "ca"));
    assert!(objects.find("ConfigMap", "polaris-extra").is_some());
    for object in objects.iter().filter(|o| o["metadata"]["name"] != "polaris-extra") {
        assert_eq!(object["metadata"]["labels"]["owner"], "lake");
        assert_eq!(object["metadata"]["annotations"]["cost"], "low");
    }
    let registries = objects.containers().into_iter().map(|(_, c)| c["image"].as_str().expect("an image").to_owned());
    assert!(registries.into_iter().all(|image| image.starts_with("registry.internal:5000/")));
    assert!(objects.text.contains("registry.internal:5000/apache/polaris-admin-tool@sha256:"));
}

/// BP-18, BP-25: a ServiceMonitor is rendered by its flag, not by what the cluster knows, and finds the management Service.
#[test]
fn bp25_service_monitor() {
    assert_eq!(with(&[]).count("ServiceMonitor"), 0);
    let objects =
        with(&["serviceMonitor.enabled=true,serviceMonitor.labels.release=prometheus,serviceMonitor.scrapeTimeout=5s"]);
    let monitor = objects.get("ServiceMonitor", "polaris");
    assert_eq!(monitor["metadata"]["labels"]["release"], "prometheus");
    assert_eq!(
        monitor["spec"]["endpoints"],
        json!([{"port": "management", "path": "/q/metrics", "interval": "30s", "scrapeTimeout": "5s"}])
    );
    let labels = monitor["spec"]["selector"]["matchLabels"].as_object().expect("labels");
    let matches = |service: &&Value| labels.iter().all(|(key, value)| &service["metadata"]["labels"][key] == value);
    let found: Vec<_> =
        objects.kind("Service").filter(matches).map(|service| service["metadata"]["name"].clone()).collect();
    assert_eq!(found, ["polaris-management"]);
}
