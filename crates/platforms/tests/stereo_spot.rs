//! The stereo-spot chart: what renders in which configuration, requirement by requirement.

use std::collections::BTreeSet;

use rhumb_platforms::{Chart, Objects, documents, golden, value};
use serde_json::{Value, json};

const CHART: Chart = Chart::STEREO_SPOT;
const WORKLOADS: [&str; 3] = ["web-ui", "media-worker", "video-worker"];
const WORKERS: [&str; 2] = ["media-worker", "video-worker"];
const TERRAFORM: [&str; 2] = ["-f", "values-from-terraform.example.yaml"];
const QUEUE: &str = "https://sqs.us-east-1.amazonaws.com/123456789012/q";

/// A render with Terraform's names and these arguments.
fn terraform(args: &[&str]) -> Objects {
    CHART.render(&[&TERRAFORM, args].concat())
}

/// The only container of a Deployment's pods.
fn container<'a>(objects: &'a Objects, name: &str) -> &'a Value {
    let containers = &objects.get("Deployment", name)["spec"]["template"]["spec"]["containers"];
    assert_eq!(containers.as_array().map(Vec::len), Some(1), "{name}");
    &containers[0]
}

/// What a variable of a workload holds, read through the chart's ConfigMap where it comes from there.
fn variable(objects: &Objects, workload: &str, name: &str) -> Option<String> {
    let env = container(objects, workload)["env"].as_array().expect("a list of variables");
    let found: Vec<&Value> = env.iter().filter(|variable| variable["name"] == name).collect();
    assert!(found.len() < 2, "{workload} has {name} twice");
    let found = found.first()?;
    let text = match found.pointer("/valueFrom/configMapKeyRef") {
        Some(from) => &objects.get("ConfigMap", from["name"].as_str()?)["data"][from["key"].as_str()?],
        None => &found["value"],
    };
    Some(text.as_str().unwrap_or_else(|| panic!("{workload}'s {name} is no text: {text}")).to_owned())
}

fn names(objects: &Objects, kind: &str) -> BTreeSet<String> {
    objects.kind(kind).map(|object| object["metadata"]["name"].as_str().expect("a name").to_owned()).collect()
}

fn set<const N: usize>(of: [&str; N]) -> BTreeSet<String> {
    of.into_iter().map(str::to_owned).collect()
}

/// S-01: the chart's files are there, it is a v2 chart of this name, and strict linting is silent for every values file.
#[test]
fn s01_the_chart_is_whole_and_lints() {
    for file in [
        "Chart.yaml",
        "values.yaml",
        "values.schema.json",
        "templates",
        "argo-application.yaml",
        "README.md",
        "values-from-terraform.example.yaml",
        "project.json",
    ] {
        assert!(CHART.path().join(file).exists(), "{file} is missing");
    }
    let meta = value(&CHART.file("Chart.yaml"));
    assert_eq!((meta["apiVersion"].as_str(), meta["name"].as_str()), (Some("v2"), Some("stereo-spot")));
    assert_eq!(CHART.ask(&["show", "chart", "."]).exit, 0);
    for file in [vec!["values.yaml".to_owned()], CHART.values_files()].concat() {
        let answer = CHART.ask(&["lint", "--strict", ".", "-f", &file]);
        assert_eq!(answer.exit, 0, "{file}: {}{}", answer.stdout, answer.stderr);
        assert!(
            answer.stdout.contains("1 chart(s) linted, 0 chart(s) failed") && !answer.stdout.contains('['),
            "{file}"
        );
        assert_eq!(answer.stderr, "", "{file}");
    }
}

/// S-02: a Deployment and a Service for each workload, under plain names.
#[test]
fn s02_three_deployments_and_services() {
    let objects = CHART.render(&[]);
    for kind in ["Deployment", "Service", "ServiceAccount"] {
        assert_eq!(names(&objects, kind), set(WORKLOADS), "{kind}");
        assert_eq!(objects.count(kind), 3, "{kind}");
    }
}

/// S-03: one Ingress, to web-ui, as `ingress.*` says.
#[test]
fn s03_the_ingress_leads_to_web_ui() {
    let objects = CHART.render(&[]);
    assert_eq!(objects.count("Ingress"), 1);
    let ingress = objects.get("Ingress", "web-ui");
    assert_eq!(ingress["spec"]["ingressClassName"], "alb");
    let path = json!({"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "web-ui", "port": {"name": "http"}}}});
    assert_eq!(ingress["spec"]["rules"], json!([{"http": {"paths": [path]}}]));
    let annotations = &ingress["metadata"]["annotations"];
    assert_eq!(annotations["alb.ingress.kubernetes.io/target-type"], "ip");

    let objects = CHART.render(&[
        "--set",
        "ingress.className=nginx,ingress.host=a.example.com,ingress.path=/spot,ingress.pathType=Exact",
        "--set-json",
        r#"ingress={"annotations":{"x":"y"},"tls":[{"hosts":["a.example.com"],"secretName":"tls"}]}"#,
    ]);
    let ingress = objects.get("Ingress", "web-ui");
    assert_eq!(ingress["metadata"]["annotations"], json!({"x": "y"}), "those of the class alb are gone");
    assert_eq!(ingress["spec"]["tls"], json!([{"hosts": ["a.example.com"], "secretName": "tls"}]));
    let rule = &ingress["spec"]["rules"][0];
    assert_eq!(rule["host"], "a.example.com");
    assert_eq!(rule["http"]["paths"][0]["path"], "/spot");
    assert_eq!(rule["http"]["paths"][0]["pathType"], "Exact");
    assert_eq!(CHART.render(&["--set", "ingress.enabled=false"]).count("Ingress"), 0);
}

/// S-04: one TriggerAuthentication and two ScaledObjects with two triggers and one, all strings, all let in by it.
#[test]
fn s04_two_scaled_objects() {
    let objects = terraform(&[]);
    assert_eq!(names(&objects, "TriggerAuthentication"), set(["stereo-spot-aws-irsa"]));
    assert_eq!(names(&objects, "ScaledObject"), set(WORKERS));
    let urls = |name: &str| -> Vec<String> {
        let scaled = objects.get("ScaledObject", name);
        assert_eq!(scaled["spec"]["scaleTargetRef"], json!({"name": name}));
        let triggers = scaled["spec"]["triggers"].as_array().expect("triggers");
        let url = |trigger: &Value| {
            assert_eq!(trigger["type"], "aws-sqs-queue");
            assert_eq!(trigger["authenticationRef"], json!({"name": "stereo-spot-aws-irsa"}));
            for (key, text) in trigger["metadata"].as_object().expect("metadata") {
                assert!(text.is_string(), "{name}: {key} is no string, which KEDA refuses: {text}");
            }
            assert_eq!(trigger["metadata"]["awsRegion"], "eu-central-1");
            trigger["metadata"]["queueURL"].as_str().expect("a URL").rsplit('/').next().expect("a name").to_owned()
        };
        triggers.iter().map(url).collect()
    };
    assert_eq!(urls("media-worker"), ["stereo-spot-chunking", "stereo-spot-reassembly"]);
    assert_eq!(urls("video-worker"), ["stereo-spot-video-worker"]);
    let spec = &objects.get("ScaledObject", "video-worker")["spec"];
    assert_eq!((&spec["minReplicaCount"], &spec["maxReplicaCount"]), (&json!(0), &json!(20)));
    assert_eq!(objects.get("ScaledObject", "media-worker")["spec"]["maxReplicaCount"], 10);
}

/// S-04, P-11: numbers given for KEDA's metadata become strings, big ones too.
#[test]
fn s04_metadata_are_strings_whatever_is_given() {
    let objects = terraform(&[
        "--set",
        "videoWorker.queueLength=3000000,keda.activationQueueLength=1000000,keda.scaleOnInFlight=false",
        "--set",
        "keda.awsEndpoint=http://moto:5000",
    ]);
    let metadata = &objects.get("ScaledObject", "video-worker")["spec"]["triggers"][0]["metadata"];
    assert_eq!(metadata["queueLength"], "3000000");
    assert_eq!(metadata["activationQueueLength"], "1000000");
    assert_eq!(metadata["scaleOnInFlight"], "false");
    assert_eq!(metadata["awsEndpoint"], "http://moto:5000");
}

/// S-05: without Terraform's file the three workloads and the Ingress render, and nothing of KEDA's.
#[test]
fn s05_without_terraform_nothing_of_keda() {
    let objects = CHART.render(&[]);
    assert_eq!((objects.count("Deployment"), objects.count("Ingress")), (3, 1));
    assert_eq!((objects.count("ScaledObject"), objects.count("TriggerAuthentication")), (0, 0));
    assert!(!objects.text.contains("keda.sh"));
}

/// S-06, P-02: each ScaledObject needs all of its own URLs, in every one of the eight cases; the TriggerAuthentication comes with the first.
#[test]
fn s06_partial_queue_urls() {
    for row in 0..8_u8 {
        let url = |bit: u8| if row & (1 << bit) == 0 { "" } else { QUEUE };
        let (chunking, reassembly, video) = (url(0), url(1), url(2));
        let given = format!("queues.chunking={chunking},queues.reassembly={reassembly},queues.videoWorker={video}");
        let objects = CHART.render(&["--set", &given]);
        let media = !chunking.is_empty() && !reassembly.is_empty();
        let mut want = BTreeSet::new();
        want.extend(media.then(|| "media-worker".to_owned()));
        want.extend((!video.is_empty()).then(|| "video-worker".to_owned()));
        assert_eq!(names(&objects, "ScaledObject"), want, "{given}");
        assert_eq!(objects.count("TriggerAuthentication"), usize::from(!want.is_empty()), "{given}");
        for worker in WORKERS {
            let replicas = objects.get("Deployment", worker)["spec"].get("replicas");
            assert_eq!(replicas.is_none(), want.contains(worker), "{given}: {worker}'s replicas");
        }
    }
}

/// S-07: defaults for the tag, the resources and the Ingress; the eight names from Terraform are empty texts.
#[test]
fn s07_defaults() {
    let values = CHART.values();
    for (group, keys) in [
        (
            "aws",
            &[
                "inputBucketName",
                "outputBucketName",
                "jobsTableName",
                "segmentCompletionsTableName",
                "reassemblyTriggeredTableName",
            ][..],
        ),
        ("queues", &["chunking", "videoWorker", "reassembly"]),
        ("images", &["webUi", "mediaWorker", "videoWorker"]),
    ] {
        for key in keys {
            assert_eq!(values[group][key], "", "{group}.{key}");
        }
    }
    assert_eq!(values["image"]["tag"], "latest");
    assert_eq!(values["global"]["awsRegion"], "us-east-1");
    let ingress = &values["ingress"];
    assert_eq!(
        (&ingress["enabled"], &ingress["className"], &ingress["host"]),
        (&json!(true), &json!("alb"), &json!(""))
    );
    let want = [
        ("webUi", ["100m", "256Mi", "500m", "512Mi"]),
        ("mediaWorker", ["250m", "512Mi", "2", "2Gi"]),
        ("videoWorker", ["500m", "2Gi", "4", "8Gi"]),
    ];
    for (key, [cpu, memory, cpu_limit, memory_limit]) in want {
        let resources =
            json!({"requests": {"cpu": cpu, "memory": memory}, "limits": {"cpu": cpu_limit, "memory": memory_limit}});
        assert_eq!(values[key]["resources"], resources, "{key}");
    }
}

/// S-08, BP-12: one tag for all three images, which stays the text that was given; there is no other place for a tag.
#[test]
fn s08_one_tag_for_all() {
    for (flag, tag) in [
        ("--set", "abc1234"),
        ("--set", "12e5"),
        ("--set", "0123"),
        ("--set-string", "1234567"),
        ("--set-string", "true"),
    ] {
        let objects = CHART.render(&[flag, &format!("image.tag={tag}")]);
        for workload in WORKLOADS {
            assert_eq!(container(&objects, workload)["image"], format!("stereo-spot-{workload}:{tag}"));
        }
    }
    let tags = CHART.values_leaves().into_iter().filter(|(path, _)| path.to_lowercase().ends_with("tag"));
    let tags: Vec<String> = tags.map(|(path, _)| path).collect();
    assert_eq!(tags, ["image.tag", "tests.image.tag"], "the test's own image is not one of the three");
}

/// S-09: repositories come from `images.*` and hold no tag; empty ones are local names; a digest wins over the tag.
#[test]
fn s09_repositories_without_a_tag() {
    let objects = terraform(&["--set", "image.tag=abc1234"]);
    for workload in WORKLOADS {
        let want = format!("123456789012.dkr.ecr.eu-central-1.amazonaws.com/stereo-spot-{workload}:abc1234");
        assert_eq!(container(&objects, workload)["image"], want);
    }
    let objects = CHART.render(&["--set", "images.webUi=localhost:5000/ui"]);
    assert_eq!(container(&objects, "web-ui")["image"], "localhost:5000/ui:latest", "a port is no tag");
    for wrong in ["ui:1", "registry/ui:1", "localhost:5000/ui:1", "ui@sha256"] {
        let why = CHART.refused(&["--set", &format!("images.webUi={wrong}")]);
        assert!(why.contains("at '/images/webUi'"), "{wrong}: {why}");
    }
    let digest = format!("sha256:{}", "0".repeat(64));
    let objects = CHART.render(&["--set", &format!("image.digests.videoWorker={digest},image.tag=abc")]);
    assert_eq!(container(&objects, "video-worker")["image"], format!("stereo-spot-video-worker@{digest}"));
    assert_eq!(container(&objects, "web-ui")["image"], "stereo-spot-web-ui:abc");
}

/// S-10: values.yaml < values-from-terraform.yaml < `--set`, read where the workload reads it.
#[test]
fn s10_precedence() {
    let table = |args: &[&str]| variable(&CHART.render(args), "media-worker", "JOBS_TABLE_NAME").expect("it is there");
    assert_eq!(table(&[]), "");
    assert_eq!(table(&TERRAFORM), "stereo-spot-jobs");
    assert_eq!(table(&[&TERRAFORM[..], &["--set", "aws.jobsTableName=mine"]].concat()), "mine");
    let region = |args: &[&str]| variable(&CHART.render(args), "web-ui", "AWS_REGION").expect("it is there");
    assert_eq!(region(&["-f", "values.yaml"]), "us-east-1");
    assert_eq!(region(&["-f", "values.yaml", TERRAFORM[0], TERRAFORM[1]]), "eu-central-1");
    assert_eq!(region(&[TERRAFORM[0], TERRAFORM[1], "--set", "global.awsRegion=us-gov-west-1"]), "us-gov-west-1");
}

/// S-11, S-12: the example holds exactly the keys that Terraform writes, and the chart's defaults have a place for each.
#[test]
fn s11_the_example_has_terraforms_keys() {
    let example = value(&CHART.file(TERRAFORM[1]));
    let keys = |group: &str| -> Vec<&String> {
        example[group].as_object().into_iter().flatten().map(|(key, _)| key).collect()
    };
    assert_eq!(example.as_object().expect("a map").len(), 5);
    assert_eq!(keys("global"), ["awsRegion"]);
    let mut aws = keys("aws");
    aws.sort();
    assert_eq!(
        aws,
        [
            "inputBucketName",
            "jobsTableName",
            "outputBucketName",
            "reassemblyTriggeredTableName",
            "segmentCompletionsTableName"
        ]
    );
    for group in ["queues", "images", "serviceAccounts"] {
        let own = CHART.values()[group].as_object().expect("a map").keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(keys(group).into_iter().cloned().collect::<BTreeSet<_>>(), own, "{group}");
    }
    for account in ["webUi", "mediaWorker", "videoWorker"] {
        let roles = example["serviceAccounts"][account].as_object().expect("a map");
        assert_eq!(roles.keys().collect::<Vec<_>>(), ["roleArn"]);
    }
}

/// S-13, P-11: names that look like numbers or booleans arrive as texts.
#[test]
fn s13_hostile_names_stay_texts() {
    for name in ["on", "1e3", "0123", "123456789012", "no"] {
        let objects = CHART.render(&["--set-string", &format!("aws.inputBucketName={name},aws.jobsTableName={name}")]);
        assert_eq!(variable(&objects, "web-ui", "INPUT_BUCKET_NAME").as_deref(), Some(name));
        assert_eq!(variable(&objects, "web-ui", "JOBS_TABLE_NAME").as_deref(), Some(name));
    }
}

/// S-14, P-01, P-13: the Application reads both values files in their order, prunes and heals, leaves replicas alone, and has a namespace of its own.
#[test]
fn s14_argo_application() {
    let documents = documents(&CHART.file("argo-application.yaml"));
    let [application] = documents.as_slice() else { panic!("one object, not {}", documents.len()) };
    assert_eq!(application["apiVersion"], "argoproj.io/v1alpha1");
    assert_eq!(application["kind"], "Application");
    let spec = &application["spec"];
    assert_eq!(spec["source"]["path"], "packages/helm");
    let helm = &spec["source"]["helm"];
    assert_eq!(helm["valueFiles"], json!(["values.yaml", "values-from-terraform.yaml"]));
    assert_eq!(helm["releaseName"], "stereo-spot");
    assert_eq!(helm["ignoreMissingValueFiles"], false);
    assert_eq!(spec["syncPolicy"]["automated"], json!({"prune": true, "selfHeal": true}));
    assert_eq!(spec["destination"]["namespace"], "stereo-spot");
    let options = spec["syncPolicy"]["syncOptions"].as_array().expect("options");
    for option in ["CreateNamespace=true", "ServerSideApply=true", "RespectIgnoreDifferences=true", "PruneLast=true"] {
        assert!(options.contains(&json!(option)), "{option}");
    }
    let ignored = json!([{"group": "apps", "kind": "Deployment", "jsonPointers": ["/spec/replicas"]}]);
    assert_eq!(spec["ignoreDifferences"], ignored);
    assert_eq!(spec["syncPolicy"]["retry"]["limit"], 5);
    // With a path, or the API server warns.
    assert_eq!(application["metadata"]["finalizers"], json!(["resources-finalizer.argocd.argoproj.io/foreground"]));
    let labels = &spec["syncPolicy"]["managedNamespaceMetadata"]["labels"];
    assert_eq!(labels["pod-security.kubernetes.io/enforce"], "restricted");
}

/// S-24: a GPU pool that takes spot first and on-demand else, with a maximum, which video-worker is sent to and tolerates.
#[test]
fn s24_karpenter_pool() {
    let objects = CHART.render(&[
        "--set",
        "karpenter.enabled=true,karpenter.nodeClass.role=Nodes,karpenter.nodeClass.clusterName=c,karpenter.weight=7",
    ]);
    let class = &objects.get("EC2NodeClass", "stereo-spot-gpu")["spec"];
    assert_eq!(class["role"], "Nodes");
    let alias = class["amiSelectorTerms"][0]["alias"].as_str().expect("an alias");
    assert!(alias.contains("@v20"), "{alias} is pinned");
    let discovery = json!([{"tags": {"karpenter.sh/discovery": "c"}}]);
    assert_eq!((&class["subnetSelectorTerms"], &class["securityGroupSelectorTerms"]), (&discovery, &discovery));
    assert_eq!(class["instanceStorePolicy"], "RAID0");
    let pool = &objects.get("NodePool", "stereo-spot-gpu")["spec"];
    let node = &pool["template"]["spec"];
    assert_eq!(
        node["nodeClassRef"],
        json!({"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "stereo-spot-gpu"})
    );
    let wanted = |key: &str| {
        let requirements = node["requirements"].as_array().expect("requirements");
        requirements.iter().find(|r| r["key"] == key).unwrap_or_else(|| panic!("no {key}"))["values"].clone()
    };
    assert_eq!(wanted("karpenter.sh/capacity-type"), json!(["spot", "on-demand"]));
    assert_eq!(wanted("karpenter.k8s.aws/instance-family"), json!(["g4dn", "g5"]));
    assert_eq!(node["taints"], json!([{"key": "nvidia.com/gpu", "value": "true", "effect": "NoSchedule"}]));
    assert_eq!(pool["limits"], json!({"nvidia.com/gpu": 4}));
    assert_eq!(pool["disruption"], json!({"consolidationPolicy": "WhenEmpty", "consolidateAfter": "5m"}));
    assert_eq!(pool["weight"], 7);
    let pod = &objects.get("Deployment", "video-worker")["spec"]["template"]["spec"];
    assert_eq!(pod["nodeSelector"], json!({"karpenter.sh/nodepool": "stereo-spot-gpu"}));
    for other in ["web-ui", "media-worker"] {
        assert!(objects.get("Deployment", other)["spec"]["template"]["spec"].get("nodeSelector").is_none(), "{other}");
    }
    let theirs = CHART.render(&["-f", "ci/existing-values.yaml"]);
    assert_eq!((theirs.count("EC2NodeClass"), theirs.count("NodePool")), (0, 1));
}

/// P-01, BP-06: no `replicas` where something else counts pods; the given number where nothing does.
#[test]
fn p01_replicas_belong_to_one() {
    let replicas = |objects: &Objects, name: &str| objects.get("Deployment", name)["spec"].get("replicas").cloned();
    let objects = terraform(&["--set", "keda.enabled=false,mediaWorker.replicas=2"]);
    assert_eq!((objects.count("ScaledObject"), objects.count("TriggerAuthentication")), (0, 0));
    assert_eq!(replicas(&objects, "media-worker"), Some(json!(2)));
    assert_eq!(replicas(&objects, "video-worker"), Some(json!(0)));
    let objects = terraform(&["--set", "webUi.autoscaling.enabled=true,webUi.autoscaling.minReplicas=2"]);
    for workload in WORKLOADS {
        assert_eq!(replicas(&objects, workload), None, "{workload}");
    }
    let hpa = &objects.get("HorizontalPodAutoscaler", "web-ui")["spec"];
    assert_eq!((&hpa["minReplicas"], &hpa["maxReplicas"]), (&json!(2), &json!(5)));
    assert_eq!(hpa["metrics"][0]["resource"]["target"]["averageUtilization"], 75);
}

/// P-03: each workload has a ServiceAccount that carries its role, and no token for the API.
#[test]
fn p03_service_accounts_carry_roles() {
    let objects = terraform(&[]);
    for workload in WORKLOADS {
        let account = objects.get("ServiceAccount", workload);
        let want = format!("arn:aws:iam::123456789012:role/stereo-spot-{workload}");
        assert_eq!(account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"], want);
        assert_eq!(account["automountServiceAccountToken"], false);
        let pod = &objects.get("Deployment", workload)["spec"]["template"]["spec"];
        assert_eq!(
            (&pod["serviceAccountName"], &pod["automountServiceAccountToken"]),
            (&json!(workload), &json!(false))
        );
    }
    let objects = CHART.render(&["--set", "serviceAccounts.webUi.create=false,serviceAccounts.mediaWorker.name=m"]);
    assert_eq!(names(&objects, "ServiceAccount"), set(["m", "video-worker"]));
    assert_eq!(objects.get("Deployment", "web-ui")["spec"]["template"]["spec"]["serviceAccountName"], "default");
}

/// P-04: every way in which KEDA is let in at AWS; the identity's owner and a role exclude each other.
#[test]
fn p04_ways_to_let_keda_in() {
    let role = "arn:aws:iam::123456789012:role/keda";
    let spec =
        |set: &str| terraform(&["--set", set]).get("TriggerAuthentication", "stereo-spot-aws-irsa")["spec"].clone();
    assert_eq!(
        spec("keda.auth.identityOwner=keda"),
        json!({"podIdentity": {"provider": "aws", "identityOwner": "keda"}})
    );
    assert_eq!(
        spec("keda.auth.identityOwner=workload"),
        json!({"podIdentity": {"provider": "aws", "identityOwner": "workload"}})
    );
    assert_eq!(
        spec(&format!("keda.auth.roleArn={role}")),
        json!({"podIdentity": {"provider": "aws", "roleArn": role}})
    );
    let keys = spec("keda.auth.secretName=moto");
    let parameters: Vec<_> =
        keys["secretTargetRef"].as_array().expect("keys").iter().map(|k| &k["parameter"]).collect();
    assert_eq!(parameters, ["awsAccessKeyID", "awsSecretAccessKey"]);
    let objects = terraform(&["--set", "keda.auth.existingTriggerAuthentication=mine"]);
    assert_eq!(objects.count("TriggerAuthentication"), 0);
    for scaled in objects.kind("ScaledObject") {
        assert_eq!(scaled["spec"]["triggers"][0]["authenticationRef"]["name"], "mine");
    }
    let both = format!("keda.auth.identityOwner=workload,keda.auth.roleArn={role}");
    let args = [&TERRAFORM[..], &["--set", &both]].concat();
    assert!(CHART.refused(&args).contains("at '/keda/auth/roleArn'"), "the schema refuses them");
    let why = CHART.refused(&[&args[..], &["--skip-schema-validation"]].concat());
    assert!(why.contains("drop roleArn, or set identityOwner=keda"), "and so does the chart: {why}");
}

/// P-05: whatever a Service sends to, a container of the pods it selects listens on; probes as well.
#[test]
fn p05_services_reach_a_port() {
    for file in CHART.values_files() {
        let objects =
            CHART.render(&["-f", &file, "--set", "namePrefix=false,webUi.port=9000,mediaWorker.metrics.port=9090"]);
        for service in objects.kind("Service") {
            let selector = service["spec"]["selector"].as_object().expect("a selector");
            let chosen = |pod: &&Value| selector.iter().all(|(k, v)| pod["metadata"]["labels"][k] == *v);
            let pods: Vec<&Value> = objects.pods().into_iter().map(|(_, pod)| pod).filter(chosen).collect();
            let [pod] = pods.as_slice() else {
                panic!("{file}: {} selects {}", service["metadata"]["name"], pods.len())
            };
            let container = &pod["spec"]["containers"][0];
            let ports: Vec<&Value> = container["ports"].as_array().expect("ports").iter().map(|p| &p["name"]).collect();
            assert_eq!(ports, [&service["spec"]["ports"][0]["targetPort"]], "{file}");
            for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
                let port = container.pointer(&format!("/{probe}/httpGet/port"));
                assert!(port.is_none_or(|port| ports == [port]), "{file}: {probe}");
            }
        }
        assert_eq!(variable(&objects, "web-ui", "PORT").as_deref(), Some("9000"));
        assert_eq!(variable(&objects, "media-worker", "METRICS_PORT").as_deref(), Some("9090"));
        assert_eq!(container(&objects, "media-worker")["ports"][0]["containerPort"], 9090);
    }
}

/// P-06: one switch drops the GPU from requests, limits and tolerations.
#[test]
fn p06_the_gpu_has_a_switch() {
    let with = CHART.render(&["--set", "videoWorker.gpu.count=2"]);
    let resources = &container(&with, "video-worker")["resources"];
    assert_eq!(
        (&resources["requests"]["nvidia.com/gpu"], &resources["limits"]["nvidia.com/gpu"]),
        (&json!(2), &json!(2))
    );
    let pod = &with.get("Deployment", "video-worker")["spec"]["template"]["spec"];
    assert_eq!(pod["tolerations"], json!([{"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}]));
    let without = CHART.render(&[
        "--set",
        "videoWorker.gpu.enabled=false",
        "--set-json",
        r#"videoWorker.resources={"limits":{"nvidia.com/gpu":1}}"#,
    ]);
    assert!(!without.text.contains("nvidia.com/gpu"));
    let pod = &without.get("Deployment", "video-worker")["spec"]["template"]["spec"];
    assert!(pod.get("tolerations").is_none());
}

/// P-08: long grace for workers, one pod a minute at most down, restricted security, and no surge where a GPU would be needed.
#[test]
fn p08_work_is_not_cut_off() {
    let objects = terraform(&[]);
    let seconds = WORKLOADS.map(|name| {
        objects.get("Deployment", name)["spec"]["template"]["spec"]["terminationGracePeriodSeconds"].clone()
    });
    assert_eq!(seconds, [json!(30), json!(900), json!(1200)]);
    for worker in WORKERS {
        let down = &objects.get("ScaledObject", worker)["spec"]["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]
            ["scaleDown"];
        assert_eq!(down["policies"], json!([{"type": "Pods", "value": 1, "periodSeconds": 60}]));
    }
    let rolling = |name: &str| objects.get("Deployment", name)["spec"]["strategy"]["rollingUpdate"].clone();
    assert_eq!(rolling("video-worker"), json!({"maxSurge": 0, "maxUnavailable": 1}));
    assert_eq!(rolling("web-ui"), json!({"maxSurge": 1, "maxUnavailable": 0}));
}

/// P-09, BP-01: selectors are a part of the pods' labels, hold neither version nor chart, and every object has the common labels.
#[test]
fn p09_labels_and_selectors() {
    for file in CHART.values_files() {
        let objects = CHART.render(&["-f", &file]);
        for object in objects.iter().filter(|object| object["metadata"].get("labels").is_some()) {
            let labels = &object["metadata"]["labels"];
            for key in ["name", "instance", "component", "version", "managed-by", "part-of"] {
                let label = labels[format!("app.kubernetes.io/{key}")].as_str();
                assert!(label.is_some_and(|text| !text.is_empty()), "{file}: {key} of {}", object["metadata"]["name"]);
            }
            assert_eq!(labels["app.kubernetes.io/name"], "stereo-spot");
            assert_eq!(labels["helm.sh/chart"], "stereo-spot-0.1.0");
        }
        for workload in objects.kind("Deployment") {
            let selector = workload["spec"]["selector"]["matchLabels"].as_object().expect("labels");
            assert_eq!(
                selector.keys().collect::<Vec<_>>(),
                ["app", "app.kubernetes.io/instance", "app.kubernetes.io/name"]
            );
            for (key, label) in selector {
                assert_eq!(workload["spec"]["template"]["metadata"]["labels"][key], *label, "{key}");
            }
            assert_eq!(
                workload["metadata"]["labels"]["app"],
                workload["metadata"]["labels"]["app.kubernetes.io/component"]
            );
        }
    }
}

/// P-09: a label of the user's never replaces one that the selectors need.
#[test]
fn p09_own_labels_win() {
    let plain = CHART.render(&[]);
    let labels = r#"{"app":"x","app.kubernetes.io/name":"x","team":"video"}"#;
    let given = format!("commonLabels={labels}");
    let objects = CHART.render(&["--set-json", &given, "--set-json", &format!("webUi.podLabels={labels}")]);
    for workload in WORKLOADS {
        let (before, now) = (plain.get("Deployment", workload), objects.get("Deployment", workload));
        assert_eq!(before["spec"]["selector"], now["spec"]["selector"]);
        assert_eq!(now["spec"]["template"]["metadata"]["labels"]["app"], workload);
        assert_eq!(now["metadata"]["labels"]["team"], "video");
    }
}

/// P-10: versions of Kubernetes as vendors write them are in the chart's range; too old ones are not.
#[test]
fn p10_versions_of_kubernetes() {
    for version in ["v1.24.0", "v1.30.2-eks-1552ad0", "v1.31.1-gke.100"] {
        assert_eq!(CHART.render(&["--kube-version", version]).count("Deployment"), 3, "{version}");
    }
    assert!(CHART.refused(&["--kube-version", "v1.23.9"]).contains("incompatible with Kubernetes v1.23.9"));
    // `preStop.sleep` is known from 1.30 on.
    let lifecycle =
        |version: &str| container(&CHART.render(&["--kube-version", version]), "web-ui").get("lifecycle").cloned();
    assert_eq!(lifecycle("v1.29.0"), None);
    assert_eq!(lifecycle("v1.30.0"), Some(json!({"preStop": {"sleep": {"seconds": 5}}})));
}

/// The contract of each workload (b.1): which names it reads, and nothing that it does not.
#[test]
fn contract_of_the_workloads() {
    let objects = terraform(&["--set", "aws.endpointUrl=http://moto:5000"]);
    let common = [
        "INPUT_BUCKET_NAME",
        "OUTPUT_BUCKET_NAME",
        "JOBS_TABLE_NAME",
        "SEGMENT_COMPLETIONS_TABLE_NAME",
        "AWS_REGION",
        "AWS_ENDPOINT_URL",
    ];
    let own: [(&str, &[&str]); 3] = [
        ("web-ui", &["PORT", "PRESIGN_TTL_SECONDS"]),
        (
            "media-worker",
            &[
                "REASSEMBLY_TRIGGERED_TABLE_NAME",
                "CHUNKING_QUEUE_URL",
                "REASSEMBLY_QUEUE_URL",
                "CHUNK_SEGMENT_DURATION_SEC",
                "METRICS_PORT",
                "REASSEMBLY_LEASE_SECONDS",
                "SCRATCH_DIR",
                "SQS_WAIT_TIME_SECONDS",
            ],
        ),
        (
            "video-worker",
            &[
                "REASSEMBLY_TRIGGERED_TABLE_NAME",
                "VIDEO_WORKER_QUEUE_URL",
                "REASSEMBLY_QUEUE_URL",
                "METRICS_PORT",
                "SCRATCH_DIR",
                "SQS_WAIT_TIME_SECONDS",
                "STEREO_MODEL",
            ],
        ),
    ];
    for (workload, more) in own {
        let env = container(&objects, workload)["env"].as_array().expect("variables");
        let got: BTreeSet<&str> = env.iter().filter_map(|v| v["name"].as_str()).collect();
        assert_eq!(got, common.iter().chain(more).copied().collect(), "{workload}");
        for name in got {
            assert!(variable(&objects, workload, name).is_some_and(|text| !text.is_empty()), "{workload}: {name}");
        }
    }
    assert_eq!(
        variable(&objects, "web-ui", "SEGMENT_COMPLETIONS_TABLE_NAME").as_deref(),
        Some("stereo-spot-segment-completions")
    );
    assert_eq!(variable(&CHART.render(&[]), "web-ui", "AWS_ENDPOINT_URL"), None, "left out without an endpoint");
}

/// d.1: how many objects of each kind each configuration has.
#[test]
fn d1_what_renders() {
    let gpu = "karpenter.enabled=true,karpenter.nodeClass.role=r,karpenter.nodeClass.clusterName=c";
    let rows: [(&str, &[(&str, usize)]); 10] = [
        ("environment=dev", &[("ScaledObject", 2), ("TriggerAuthentication", 1), ("ConfigMap", 1), ("Pod", 1)]),
        ("keda.enabled=false", &[("ScaledObject", 0), ("TriggerAuthentication", 0)]),
        ("ingress.enabled=false", &[("Ingress", 0), ("ScaledObject", 2)]),
        ("webUi.autoscaling.enabled=true", &[("HorizontalPodAutoscaler", 1)]),
        ("webUi.pdb.enabled=true,webUi.replicas=2", &[("PodDisruptionBudget", 1)]),
        ("networkPolicy.enabled=true", &[("NetworkPolicy", 3)]),
        (gpu, &[("EC2NodeClass", 1), ("NodePool", 1)]),
        ("serviceMonitor.enabled=true", &[("ServiceMonitor", 2), ("PodMonitor", 0)]),
        ("podMonitor.enabled=true", &[("ServiceMonitor", 0), ("PodMonitor", 2)]),
        ("aws.existingConfigMap=names", &[("ConfigMap", 0), ("ScaledObject", 2)]),
    ];
    for (set, counts) in rows {
        let objects = terraform(&["--set", set]);
        for (kind, count) in counts {
            assert_eq!(objects.count(kind), *count, "{set}: {kind}");
        }
        for kind in ["Deployment", "Service", "ServiceAccount"] {
            assert_eq!(objects.count(kind), 3, "{set}: {kind}");
        }
    }
}

/// Renders that a person can review.
#[test]
fn goldens() {
    golden("stereo-spot/defaults", &CHART.render(&[]).text);
    golden("stereo-spot/terraform", &terraform(&["--set", "image.tag=abc1234"]).text);
    golden("stereo-spot/everything", &CHART.render(&["-f", "ci/everything-values.yaml"]).text);
    golden("stereo-spot/moto", &CHART.render(&["-f", "ci/moto-values.yaml"]).text);
    golden("stereo-spot/existing", &CHART.render(&["-f", "ci/existing-values.yaml"]).text);
}
