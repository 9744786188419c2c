//! The collector of the floe platform: what it renders, what it refuses, what its configuration says.

use rhumb_platforms::{Chart, Objects, golden, schema, value};
use serde_json::{Value, json};

const CHART: Chart = Chart::OTEL_COLLECTOR;
const EVERYTHING: &[&str] = &["-f", "ci/everything-values.yaml"];

/// The configuration that the collector reads.
fn config(objects: &Objects) -> Value {
    let map = objects.kind("ConfigMap").next().expect("a ConfigMap");
    value(map["data"]["relay.yaml"].as_str().expect("a configuration"))
}

fn collector(objects: &Objects) -> &Value {
    let container = objects.containers().into_iter().map(|(_, container)| container);
    container.into_iter().find(|container| container["name"] == "collector").expect("the collector")
}

/// REQ-626: a Deployment with several replicas, and the two OTLP ports.
#[test]
fn req_626_a_deployment_with_replicas_and_both_ports() {
    let objects = CHART.render(&["--set", "replicas=3"]);
    assert_eq!(objects.kind("Deployment").next().unwrap()["spec"]["replicas"], 3);
    let service = objects.kind("Service").next().unwrap();
    let ports: Vec<_> = service["spec"]["ports"].as_array().unwrap().iter().map(|port| &port["port"]).collect();
    assert_eq!(ports, [4317, 4318, 8888]);
}

/// REQ-626: rate of sampling, size and time of a batch come from values; a rate of 100 needs no sampler.
#[test]
fn req_626_sampling_and_batches_come_from_values() {
    let plain = config(&CHART.render(&[]));
    assert_eq!(plain["processors"].get("probabilistic_sampler"), None);
    let set = "processors.sampling.percentage=25,processors.batch.sendBatchSize=9,processors.batch.timeout=3s";
    let set = config(&CHART.render(&["--set", set]));
    assert_eq!(set["processors"]["probabilistic_sampler"]["sampling_percentage"], 25);
    assert_eq!(set["processors"]["batch"], json!({"send_batch_size": 9, "timeout": "3s"}));
    let traces = &set["service"]["pipelines"]["traces"]["processors"];
    assert_eq!(*traces, json!(["memory_limiter", "probabilistic_sampler", "batch"]));
    assert_eq!(set["service"]["pipelines"]["logs"]["processors"], json!(["memory_limiter", "batch"]));
}

/// REQ-626: each exporter has its entry, its place in the pipelines that it serves, and its secret in the environment only.
#[test]
fn req_626_every_exporter() {
    let objects = CHART.render(EVERYTHING);
    let config = config(&objects);
    let ids: Vec<_> = config["exporters"].as_object().unwrap().keys().map(String::as_str).collect();
    let all = [
        "datadog",
        "debug",
        "otlp_grpc/jaeger",
        "otlp_grpc/plain",
        "otlp_http/grafana_cloud",
        "otlp_http/honey",
        "prometheus",
    ];
    assert_eq!(ids, all);
    let used = |signal: &str| config["service"]["pipelines"][signal]["exporters"].to_string();
    assert!(used("traces").contains("otlp_grpc/jaeger") && !used("metrics").contains("otlp_grpc/jaeger"));
    assert!(used("metrics").contains("prometheus") && !used("traces").contains("prometheus"));
    assert_eq!(
        config["exporters"]["otlp_http/honey"]["headers"]["x-honeycomb-team"],
        "${env:OTLP_HONEY_X_HONEYCOMB_TEAM}"
    );
    let env = collector(&objects)["env"].as_array().unwrap();
    for (name, secret) in [
        ("DD_API_KEY", "datadog"),
        ("GRAFANA_CLOUD_TOKEN", "grafana-cloud"),
        ("OTLP_HONEY_X_HONEYCOMB_TEAM", "honeycomb"),
    ] {
        let variable = env.iter().find(|variable| variable["name"] == name).unwrap_or_else(|| panic!("no {name}"));
        assert_eq!(variable["valueFrom"]["secretKeyRef"]["name"], secret);
    }
}

/// REQ-629: the same pods, whichever kind of workload carries them.
#[test]
fn req_629_three_modes_one_pod() {
    let mut pods = Vec::new();
    for (mode, kind) in [("deployment", "Deployment"), ("statefulset", "StatefulSet"), ("daemonset", "DaemonSet")] {
        let objects = CHART.render(&["--set", &format!("mode={mode}")]);
        let found: Vec<_> = ["Deployment", "StatefulSet", "DaemonSet"].map(|kind| objects.count(kind)).into();
        assert_eq!(found.iter().sum::<usize>(), 1);
        let workload = objects.kind(kind).next().unwrap();
        assert_eq!(workload["spec"].get("replicas").is_some(), mode != "daemonset");
        pods.push(workload["spec"]["template"].clone());
    }
    assert!(pods.windows(2).all(|pair| pair[0] == pair[1]));
}

/// P-25, BP-06: under an autoscaler no number of replicas is written.
#[test]
fn p25_no_replicas_under_an_autoscaler() {
    let objects = CHART.render(&["--set", "autoscaling.enabled=true"]);
    assert_eq!(objects.kind("Deployment").next().unwrap()["spec"].get("replicas"), None);
    assert_eq!(objects.kind("HorizontalPodAutoscaler").next().unwrap()["spec"]["minReplicas"], 2);
}

/// REQ-632: the configuration is rendered from values, and its hash is on the pods; a ConfigMap of the user's is not hashed.
#[test]
fn req_632_a_changed_configuration_changes_the_pods() {
    let hash = |args: &[&str]| {
        let objects = CHART.render(args);
        let pods = objects.kind("Deployment").next().unwrap()["spec"]["template"].clone();
        pods["metadata"]["annotations"]["checksum/config"].as_str().map(str::to_owned)
    };
    let first = hash(&[]);
    assert!(first.is_some());
    assert_ne!(first, hash(&["--set", "exporters.debug.verbosity=detailed"]));
    assert_eq!(first, hash(&["--set", "replicas=2"]));
    assert_eq!(hash(&["--set", "config.existingConfigMap=mine"]), None);
    let objects = CHART.render(&["--set", "config.existingConfigMap=mine"]);
    assert_eq!(objects.count("ConfigMap"), 0);
}

/// REQ-630: maps are merged, lists are replaced, null deletes; and a whole configuration takes the place of the generated one.
#[test]
fn req_630_three_ways_to_configure() {
    let objects = CHART.render(&["-f", "ci/daemonset-values.yaml"]);
    let config_ = config(&objects);
    assert_eq!(config_["processors"]["batch"]["send_batch_max_size"], 2048);
    assert_eq!(config_["processors"]["batch"]["send_batch_size"], 1024);
    assert_eq!(config_["service"]["pipelines"]["metrics"]["receivers"], json!(["otlp", "hostmetrics"]));
    assert_eq!(config_["service"]["pipelines"].get("logs"), None);
    let own = r#"alternateConfig={"extensions":{"health_check":{}},"receivers":{"otlp":{}},"exporters":{"nop":{}},
        "service":{"extensions":["health_check"],"pipelines":{"traces":{"receivers":["otlp"],"exporters":["nop"]}}}}"#;
    assert_eq!(config(&CHART.render(&["--set-json", own]))["exporters"], json!({"nop": {}}));
}

/// F-10: what the collector would refuse at its start is refused while rendering, all of it at once.
#[test]
fn f10_impossible_values_are_refused_with_their_keys() {
    let table: &[(&[&str], &[&str])] = &[
        (
            &["--set", "receivers.otlp.grpc.enabled=false,receivers.otlp.http.enabled=false"],
            &["receivers.otlp.grpc.enabled"],
        ),
        (&["--set", "mode=daemonset,autoscaling.enabled=true"], &["autoscaling.enabled needs mode"]),
        (
            &["--set", "autoscaling.enabled=true,autoscaling.minReplicas=9"],
            &["autoscaling.minReplicas (9)", "maxReplicas (5)"],
        ),
        (&["--set", "autoscaling.enabled=true,autoscaling.targetCPU=null"], &["neither targetCPU nor targetMemory"]),
        (
            &["--set", "podDisruptionBudget.enabled=true,podDisruptionBudget.minAvailable=1"],
            &["would block every drain of a node with 1 pods"],
        ),
        (
            &[
                "--set",
                "podDisruptionBudget.enabled=true,podDisruptionBudget.minAvailable=1,podDisruptionBudget.maxUnavailable=1",
            ],
            &["has both minAvailable and maxUnavailable"],
        ),
        (
            &["--set", "autoscaling.enabled=true,replicas=3"],
            &["replicas is 3 and autoscaling.enabled is true", "autoscaling.minReplicas"],
        ),
        (
            &["--set", "podDisruptionBudget.enabled=true,podDisruptionBudget.maxUnavailable=0"],
            &["would block every drain"],
        ),
        (
            &["--set", "exporters.jaeger.enabled=true,exporters.datadog.enabled=true"],
            &["exporters.jaeger.endpoint", "exporters.datadog.existingSecret"],
        ),
        (
            &["--set", "exporters.grafanaCloud.enabled=true"],
            &["grafanaCloud.endpoint", "grafanaCloud.instanceId", "grafanaCloud.existingSecret"],
        ),
        (
            &[
                "--set",
                "exporters.otlp[0].name=a,exporters.otlp[0].endpoint=a:1,exporters.otlp[1].name=a,exporters.otlp[1].endpoint=b:1",
            ],
            &["the name a twice"],
        ),
        (&["--set", "metrics.port=4317"], &["receivers.otlp.grpc.port and metrics.port are both 4317"]),
        (&["--set", "exporters.debug.enabled=false"], &["no pipeline"]),
        (&["--set", "ingress.enabled=true"], &["ingress.hosts is required"]),
        (&["--set", "ingress.enabled=true,receivers.otlp.http.enabled=false"], &["needs receivers.otlp.http.enabled"]),
        (
            &["--set", "serviceMonitor.enabled=true,metrics.enabled=false"],
            &["serviceMonitor.enabled needs metrics.enabled"],
        ),
        (&["--set", "global.environment=prod,image.tag=latest"], &["image.tag is latest"]),
        (&["--set", "config.existingConfigMap=a", "--set-json", r#"configOverride={"a":1}"#], &["would do nothing"]),
        (
            &["--set-json", r#"configOverride={"service":{"extensions":["zpages"]}}"#],
            &["no health_check", "names zpages"],
        ),
        (
            &["--set-json", r#"configOverride={"receivers":{"otlp":null}}"#],
            &["the pipeline traces names otlp", "the pipeline logs names otlp"],
        ),
        (
            &["--set-json", r#"configOverride={"service":{"pipelines":{"traces":{"exporters":["nope"]}}}}"#],
            &["traces names nope"],
        ),
        (
            &["--set-json", r#"configOverride={"service":{"pipelines":{"traces":{"exporters":[]}}}}"#],
            &["the pipeline traces has no exporters"],
        ),
    ];
    CHART.refuses_with(table);
}

/// F-09: every leaf of values.yaml is described by the schema, and every object of it is closed or open on purpose.
#[test]
fn f09_the_schema_reaches_every_value() {
    assert_eq!(schema::uncovered(CHART), Vec::<String>::new());
    assert_eq!(schema::loose(CHART), Vec::<String>::new());
}

/// F-10, P-24: wrong values are refused, each at its place.
#[test]
fn f10_wrong_values_are_refused_at_their_place() {
    schema::refuses(
        CHART,
        &[
            ("typo=1", ""),
            ("image.typo=1", "/image"),
            ("exporters.jeager.enabled=true", "/exporters"),
            ("nameOverride=Upper", "/nameOverride"),
            ("nameOverride=7", "/nameOverride"),
            ("fullnameOverride=1begins-with-digit", "/fullnameOverride"),
            ("commonLabels.a=1", "/commonLabels/a"),
            ("commonAnnotations.a=true", "/commonAnnotations/a"),
            ("imagePullSecrets[0]=plain", "/imagePullSecrets/0"),
            ("imagePullSecrets[0].nme=x", "/imagePullSecrets/0"),
            ("mode=replicaset", "/mode"),
            ("image.repository=with:tag", "/image/repository"),
            ("image.repository=null-is-not-empty@x", "/image/repository"),
            ("image.tag=a:b", "/image/tag"),
            ("image.tag=1", "/image/tag"),
            ("image.digest=sha256:short", "/image/digest"),
            ("image.pullPolicy=Sometimes", "/image/pullPolicy"),
            ("command.extraArgs=--one", "/command/extraArgs"),
            ("replicas=-1", "/replicas"),
            ("preStopSleepSeconds=-1", "/preStopSleepSeconds"),
            ("replicas=1.5", "/replicas"),
            ("replicas=two", "/replicas"),
            ("autoscaling.enabled=yes", "/autoscaling/enabled"),
            ("autoscaling.minReplicas=0", "/autoscaling/minReplicas"),
            ("autoscaling.maxReplicas=x", "/autoscaling/maxReplicas"),
            ("autoscaling.targetCPU=0", "/autoscaling/targetCPU"),
            ("autoscaling.targetCPUUtilizationPercentage=80", "/autoscaling"),
            ("podDisruptionBudget.minAvailable=half", "/podDisruptionBudget/minAvailable"),
            ("podDisruptionBudget.maxUnavailable=-1", "/podDisruptionBudget/maxUnavailable"),
            ("resources.limit.memory=1Gi", "/resources"),
            ("resourcePreset=huge", "/resourcePreset"),
            ("useGOMEMLIMIT=1", "/useGOMEMLIMIT"),
            ("receivers.jaeger.enabled=true", "/receivers"),
            ("receivers.otlp.grpc.port=0", "/receivers/otlp/grpc/port"),
            ("receivers.otlp.http.port=65536", "/receivers/otlp/http/port"),
            ("receivers.otlp.http.enabled=0", "/receivers/otlp/http/enabled"),
            ("healthCheck.port=http", "/healthCheck/port"),
            ("metrics.port=1.5", "/metrics/port"),
            ("processors.memoryLimiter.checkInterval=1", "/processors/memoryLimiter/checkInterval"),
            ("processors.memoryLimiter.limitPercentage=101", "/processors/memoryLimiter/limitPercentage"),
            ("processors.memoryLimiter.spikeLimitPercentage=0", "/processors/memoryLimiter/spikeLimitPercentage"),
            ("processors.batch.sendBatchSize=0", "/processors/batch/sendBatchSize"),
            ("processors.batch.timeout=soon", "/processors/batch/timeout"),
            ("processors.sampling.percentage=101", "/processors/sampling/percentage"),
            ("processors.sampling.percentage=-1", "/processors/sampling/percentage"),
            ("exporters.debug.verbosity=loud", "/exporters/debug/verbosity"),
            ("exporters.jaeger.endpoint=no-port", "/exporters/jaeger/endpoint"),
            ("exporters.jaeger.insecure=maybe", "/exporters/jaeger/insecure"),
            ("exporters.prometheus.port=-1", "/exporters/prometheus/port"),
            ("exporters.datadog.site=", "/exporters/datadog/site"),
            ("exporters.datadog.existingSecret=Under_score", "/exporters/datadog/existingSecret"),
            ("exporters.datadog.apiKey=secret", "/exporters/datadog"),
            ("exporters.grafanaCloud.endpoint=http://plain", "/exporters/grafanaCloud/endpoint"),
            ("exporters.grafanaCloud.token=secret", "/exporters/grafanaCloud"),
            ("exporters.otlp[0].name=a", "/exporters/otlp/0"),
            ("exporters.otlp[0].name=A,exporters.otlp[0].endpoint=a:1", "/exporters/otlp/0/name"),
            (
                "exporters.otlp[0].name=a,exporters.otlp[0].endpoint=a:1,exporters.otlp[0].protocol=udp",
                "/exporters/otlp/0/protocol",
            ),
            (
                "exporters.otlp[0].name=a,exporters.otlp[0].endpoint=a:1,exporters.otlp[0].headersFromSecret.x=y",
                "/exporters/otlp/0/headersFromSecret/x",
            ),
            ("configOverride=text", "/configOverride"),
            ("config.existingConfigMap=-x", "/config/existingConfigMap"),
            ("presets.kubernetes=true", "/presets"),
            ("service.type=ExternalName", "/service/type"),
            ("service.port=4317", "/service"),
            ("ingress.hosts[0]=plain", "/ingress/hosts/0"),
            ("ingress.hosts[0].host=a,ingress.hosts[0].paths[0].path=relative", "/ingress/hosts/0/paths/0/path"),
            ("ingress.hosts[0].host=a,ingress.hosts[0].paths[0].pathType=Regex", "/ingress/hosts/0/paths/0/pathType"),
            ("networkPolicy.enabled=on", "/networkPolicy/enabled"),
            ("serviceMonitor.interval=often", "/serviceMonitor/interval"),
            ("serviceAccount.create=1", "/serviceAccount/create"),
            ("extraEnv[0].value=x", "/extraEnv/0"),
            ("extraVolumeMounts[0].name=x", "/extraVolumeMounts/0"),
            ("terminationGracePeriodSeconds=-1", "/terminationGracePeriodSeconds"),
            ("topologySpreadConstraints[0].maxSkew=1", "/topologySpreadConstraints/0"),
            ("livenessProbe=off", "/livenessProbe"),
            ("tests.image.tag=1", "/tests/image/tag"),
        ],
    );
}

/// F-11: the values file names its schema, so that an editor completes and checks.
#[test]
fn f11_the_editor_finds_the_schema() {
    assert!(CHART.file("values.yaml").starts_with("# yaml-language-server: $schema=./values.schema.json\n"));
}

/// REQ-635: the siblings learn the address from the exports, which name the Service that is rendered.
#[test]
fn req_635_the_exported_address_is_the_service() {
    for release in ["otel-collector", "1st", "floe", "a-name-of-the-greatest-length-that-a-release-may-have"] {
        let objects = CHART.render_as(release, "tools", &[]);
        let service = objects.kind("Service").next().unwrap()["metadata"]["name"].as_str().unwrap().to_owned();
        assert!(service.len() <= 63 && service.starts_with(|first: char| first.is_ascii_lowercase()), "{service}");
        let test = objects.kind("Pod").next().unwrap()["spec"]["containers"][0]["env"][0]["value"].clone();
        assert_eq!(test, format!("http://{service}:4318/v1/traces"));
    }
}

/// F-04, BP-04: the collector's memory limit is known to Go's runtime, and each preset has one.
#[test]
fn f04_presets_set_limits_and_the_runtime_knows() {
    for (args, limit, told) in [
        ("resourcePreset=small", "256Mi", json!("204MiB")),
        ("global.resourcePreset=medium", "512Mi", json!("409MiB")),
        ("resourcePreset=large", "2Gi", json!("1638MiB")),
        ("resources.limits.memory=1G", "1G", json!("762MiB")),
    ] {
        let objects = CHART.render(&["--set", args]);
        let container = collector(&objects);
        assert_eq!(container["resources"]["limits"]["memory"], limit);
        let env = container["env"].as_array().unwrap();
        assert_eq!(env.iter().find(|variable| variable["name"] == "GOMEMLIMIT").unwrap()["value"], told);
    }
    let objects = CHART.render(&["--set", "resourcePreset=none"]);
    assert!(collector(&objects)["env"].as_array().unwrap().iter().all(|variable| variable["name"] != "GOMEMLIMIT"));
}

/// X-06, BP-09: a pod that ends stays until nobody sends to it any more, where Kubernetes can let it.
#[test]
fn x06_a_pod_that_ends_waits() {
    let waits = |args: &[&str]| collector(&CHART.render(args)).get("lifecycle").cloned();
    let five = Some(json!({"preStop": {"sleep": {"seconds": 5}}}));
    assert_eq!(waits(&["--kube-version", "1.30.0"]), five);
    assert_eq!(waits(&["--kube-version", "1.29.9"]), None);
    assert_eq!(waits(&["--set", "preStopSleepSeconds=0"]), None);
    let why = CHART.refused(&["--set", "preStopSleepSeconds=30"]);
    assert!(why.contains("preStopSleepSeconds is not less than terminationGracePeriodSeconds"), "{why}");
}

/// BP-03: the API's token is mounted for the one preset that reads the API, and the rights come with it.
#[test]
fn bp03_the_token_is_mounted_only_where_it_is_used() {
    let plain = CHART.render(&[]);
    assert_eq!(plain.pods()[0].1["spec"]["automountServiceAccountToken"], false);
    assert_eq!(plain.count("ClusterRole"), 0);
    let preset = CHART.render(&["--set", "presets.kubernetesAttributes.enabled=true"]);
    assert_eq!(
        preset.kind("Deployment").next().unwrap()["spec"]["template"]["spec"]["automountServiceAccountToken"],
        true
    );
    assert_eq!((preset.count("ClusterRole"), preset.count("ClusterRoleBinding")), (1, 1));
    let foreign = CHART.render(&["--set", "presets.kubernetesAttributes.enabled=true,rbac.create=false"]);
    assert_eq!(foreign.count("ClusterRole"), 0);
}

/// F-14: what the chart renders to, for a person to read.
#[test]
fn f14_golden_renders() {
    golden("otel-collector/defaults", &CHART.render(&[]).text);
    golden("otel-collector/everything", &CHART.render(EVERYTHING).text);
}
