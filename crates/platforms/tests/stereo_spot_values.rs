//! The stereo-spot chart's values: what is refused and why, that each has an effect, what holds whatever they are, and its documents.

use std::collections::{BTreeMap, BTreeSet};

use rhumb_platforms::{Chart, Objects, schema, value};
use serde_json::{Value, json};

const CHART: Chart = Chart::STEREO_SPOT;
const WORKLOADS: [&str; 3] = ["web-ui", "media-worker", "video-worker"];
const TERRAFORM: &str = "values-from-terraform.example.yaml";
const EVERYTHING: &str = "ci/everything-values.yaml";

fn pod<'a>(objects: &'a Objects, workload: &str) -> &'a Value {
    &objects.get("Deployment", workload)["spec"]["template"]
}

fn set(values: &str) -> Objects {
    CHART.render(&["--set", values])
}

/// The schema reaches every value, describes each, and says of each object whether it is open.
#[test]
fn schema_covers_the_values() {
    assert_eq!(schema::uncovered(CHART), [""; 0]);
    assert_eq!(schema::loose(CHART), [""; 0]);
    let schema = CHART.schema();
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    for file in ["values.yaml", TERRAFORM] {
        let first = "# yaml-language-server: $schema=./values.schema.json\n";
        assert!(CHART.file(file).starts_with(first), "{file} tells editors of the schema");
    }
}

/// BP-13, BP-19: every key of values.yaml has a comment, and it is the schema's description of the same key.
#[test]
fn bp19_comments_are_descriptions() {
    let root = CHART.schema();
    let (mut path, mut comment, mut described) = (Vec::new(), None, BTreeSet::new());
    for line in CHART.file("values.yaml").lines() {
        let text = line.trim_start();
        if let Some(said) = text.strip_prefix("# -- ") {
            comment = Some(said.replace('`', ""));
        }
        let Some((key, _)) = text.split_once(':').filter(|_| text.starts_with(|c: char| c.is_ascii_alphabetic()))
        else {
            continue;
        };
        path.truncate((line.len() - text.len()) / 2);
        path.push(key);
        let path = path.join(".");
        if let Some(comment) = comment.take() {
            let place = schema_of(&root, &path).unwrap_or_else(|| panic!("{path} is not in the schema"));
            assert_eq!(place["description"], comment, "{path}");
            described.insert(path);
        }
    }
    for (path, _) in CHART.values_leaves() {
        let said = path.match_indices('.').map(|(end, _)| &path[..end]).chain([path.as_str()]);
        // Below an open shape of the Kubernetes API the shape's own comment is the last one.
        let depth = said.clone().filter(|path| described.contains(*path)).count();
        let known = said
            .clone()
            .filter(|path| schema_of(&root, path).is_some_and(|place| place.get("description").is_some()))
            .count();
        assert!(
            depth > 0 && (depth == known || path.contains("Probe.") || path.contains("resources.")),
            "{path} has no comment"
        );
    }
}

/// Every wrong value is refused at its place.
#[test]
fn wrong_values_are_refused() {
    let table = [
        ("replicas=1", ""),
        ("webui.replicas=1", ""),
        ("global.awsRegion=", "/global/awsRegion"),
        ("global.awsRegion=US-EAST-1", "/global/awsRegion"),
        ("global.awsRegion=null", "/global"),
        ("global.imagePullSecrets=x", "/global/imagePullSecrets"),
        ("--set-json global.imagePullSecrets=[{\"name\":\"\"}]", "/global/imagePullSecrets/0/name"),
        ("nameOverride=A_B", "/nameOverride"),
        ("namePrefix=yes", "/namePrefix"),
        ("--set-json commonLabels={\"a\":1}", "/commonLabels/a"),
        ("commonLabels.a=b/c", "/commonLabels/a"),
        ("--set-json commonAnnotations={\"a\":true}", "/commonAnnotations/a"),
        ("environment=production", "/environment"),
        ("requireAwsResources=1", "/requireAwsResources"),
        ("image.tag=", "/image/tag"),
        ("image.tag=1234567", "/image/tag"),
        ("image.tag=a b", "/image/tag"),
        ("image.tag=-a", "/image/tag"),
        ("image.webUi.tag=a", "/image"),
        ("image.pullPolicy=Sometimes", "/image/pullPolicy"),
        ("image.digests.webUi=abc", "/image/digests/webUi"),
        ("image.digests.all=abc", "/image/digests"),
        ("images.webUi=repo:tag", "/images/webUi"),
        ("images.chunkingWorker=repo", "/images"),
        ("aws.inputBucketName=UPPER", "/aws/inputBucketName"),
        ("aws.jobsTableName=a b", "/aws/jobsTableName"),
        ("aws.bucket=a", "/aws"),
        ("aws.endpointUrl=moto:5000", "/aws/endpointUrl"),
        ("aws.existingConfigMap=A", "/aws/existingConfigMap"),
        ("queues.chunking=chunking", "/queues/chunking"),
        ("queues.videoWorker=https://sqs/only", "/queues/videoWorker"),
        ("queues.reassembly=ftp://h/a/n", "/queues/reassembly"),
        ("queues.dead=x", "/queues"),
        ("webUi.replicas=-1", "/webUi/replicas"),
        ("webUi.replicas=1.5", "/webUi/replicas"),
        ("webUi.port=0", "/webUi/port"),
        ("webUi.port=65536", "/webUi/port"),
        ("webUi.presignTtlSeconds=1", "/webUi/presignTtlSeconds"),
        ("webUi.service.type=ExternalName", "/webUi/service/type"),
        ("webUi.service.port=http", "/webUi/service/port"),
        ("webUi.autoscaling.enabled=on", "/webUi/autoscaling/enabled"),
        ("webUi.autoscaling.maxReplicas=0", "/webUi/autoscaling/maxReplicas"),
        ("webUi.autoscaling.targetCPUUtilizationPercentage=0", "/webUi/autoscaling/targetCPUUtilizationPercentage"),
        ("webUi.pdb.minAvailable=150%", "/webUi/pdb/minAvailable"),
        ("webUi.pdb.maxUnavailable=some", "/webUi/pdb/maxUnavailable"),
        ("webUi.resources.requests.cpu=lots", "/webUi/resources/requests/cpu"),
        ("webUi.scratch.sizeLimit=0", "/webUi/scratch/sizeLimit"),
        ("webUi.terminationGracePeriodSeconds=-1", "/webUi/terminationGracePeriodSeconds"),
        ("webUi.livenessProbe=x", "/webUi/livenessProbe"),
        ("webUi.livenessProbe.periodSeconds=0", "/webUi/livenessProbe/periodSeconds"),
        ("webUi.env[0].value=x", "/webUi/env/0"),
        ("--set-json webUi.env=[{\"name\":\"A\",\"value\":1}]", "/webUi/env/0/value"),
        ("webUi.env.A=b", "/webUi/env"),
        ("webUi.extraVolumeMounts[0].name=x", "/webUi/extraVolumeMounts/0"),
        ("webUi.tolerations=x", "/webUi/tolerations"),
        ("webUi.topologySpreadConstraints[0].maxSkew=1", "/webUi/topologySpreadConstraints/0"),
        ("mediaWorker.replicas=two", "/mediaWorker/replicas"),
        ("mediaWorker.maxReplicas=0", "/mediaWorker/maxReplicas"),
        ("mediaWorker.chunkingQueueLength=0", "/mediaWorker/chunkingQueueLength"),
        ("mediaWorker.segmentDurationSeconds=0", "/mediaWorker/segmentDurationSeconds"),
        ("mediaWorker.gpu.enabled=true", "/mediaWorker"),
        ("mediaWorker.metrics.port=99999", "/mediaWorker/metrics/port"),
        ("videoWorker.queueLength=-1", "/videoWorker/queueLength"),
        ("videoWorker.model=magic", "/videoWorker/model"),
        ("videoWorker.gpu.count=0", "/videoWorker/gpu/count"),
        ("videoWorker.gpu.resourceName=gpu", "/videoWorker/gpu/resourceName"),
        ("serviceAccounts.webUi.create=maybe", "/serviceAccounts/webUi/create"),
        ("serviceAccounts.webUi.roleArn=my-role", "/serviceAccounts/webUi/roleArn"),
        ("serviceAccounts.other.create=true", "/serviceAccounts"),
        ("keda.enabled=never", "/keda/enabled"),
        ("keda.pollingInterval=0", "/keda/pollingInterval"),
        ("keda.scaleOnInFlight=yes", "/keda/scaleOnInFlight"),
        ("keda.activationQueueLength=none", "/keda/activationQueueLength"),
        ("keda.auth.identityOwner=operator", "/keda/auth/identityOwner"),
        ("keda.fallback.replicas=-1", "/keda/fallback/replicas"),
        ("ingress.path=spot", "/ingress/path"),
        ("ingress.pathType=Regex", "/ingress/pathType"),
        ("ingress.host=A B", "/ingress/host"),
        ("ingress.hosts[0]=a", "/ingress"),
        ("networkPolicy.egressToCIDRs[0]=10.0.0.1", "/networkPolicy/egressToCIDRs/0"),
        ("karpenter.nodeClass.amiAlias=al2023@latest", "/karpenter/nodeClass/amiAlias"),
        ("karpenter.nodeClass.instanceStorePolicy=RAID5", "/karpenter/nodeClass/instanceStorePolicy"),
        ("karpenter.requirements.capacityTypes[0]=cheap", "/karpenter/requirements/capacityTypes/0"),
        ("karpenter.limits.gpu=0", "/karpenter/limits/gpu"),
        ("karpenter.consolidateAfter=5", "/karpenter/consolidateAfter"),
        ("karpenter.weight=101", "/karpenter/weight"),
        ("serviceMonitor.interval=30", "/serviceMonitor/interval"),
        ("podMonitor.labels=x", "/podMonitor/labels"),
        ("tests.image.tag=1", "/tests/image/tag"),
        ("extraManifests=x", "/extraManifests"),
    ];
    assert!(table.len() >= 60, "{} wrong values", table.len());
    schema::refuses(CHART, &table);
}

/// Combinations that cannot work fail with one sentence each, which names the keys and the way out.
#[test]
fn impossible_combinations_are_told() {
    let role = "arn:aws:iam::123456789012:role/x";
    let create = format!("serviceAccounts.webUi.create=false,serviceAccounts.webUi.roleArn={role}");
    let secret = format!("keda.auth.secretName=s,keda.auth.roleArn={role}");
    let table: &[(&[&str], &str, &str)] = &[
        (&["--set", "environment=prod"], "image.tag: latest", "set image.tag to the commit"),
        (
            &["--set", "requireAwsResources=true"],
            "requireAwsResources: aws.inputBucketName, aws.outputBucketName",
            "values-from-terraform.yaml",
        ),
        (
            &["--set", "keda.enabled=true"],
            "keda.enabled: true wants both",
            "queues.chunking, queues.videoWorker, queues.reassembly",
        ),
        (
            &["--set", "aws.existingConfigMap=x"],
            "aws.existingConfigMap: KEDA's triggers",
            "set queues.chunking, queues.videoWorker, queues.reassembly as well, or keda.enabled=false",
        ),
        (
            &["--set", "mediaWorker.minReplicas=11"],
            "mediaWorker.minReplicas: 11 is more than mediaWorker.maxReplicas: 10",
            "raise the one",
        ),
        (
            &["-f", TERRAFORM, "--set", "videoWorker.replicas=3"],
            "videoWorker.replicas: 3 is a fixed number",
            "videoWorker.minReplicas, or keda.enabled=false",
        ),
        (
            &["--set", "webUi.autoscaling.enabled=true,webUi.replicas=3"],
            "webUi.replicas: 3",
            "webUi.autoscaling.minReplicas",
        ),
        (
            &["--set", "webUi.autoscaling.enabled=true,webUi.autoscaling.minReplicas=6"],
            "webUi.autoscaling.minReplicas: 6 is more than webUi.autoscaling.maxReplicas: 5",
            "raise the one",
        ),
        (
            &["--set", "webUi.autoscaling.enabled=true,webUi.resources.requests.cpu=null"],
            "webUi.autoscaling.enabled: the target",
            "set it (100m)",
        ),
        (&["--set", "webUi.pdb.enabled=true"], "webUi.pdb.minAvailable: 1 of 1 pods", "webUi.pdb.maxUnavailable=1"),
        (
            &["--set", "webUi.pdb.enabled=true,webUi.replicas=3,webUi.pdb.minAvailable=70%"],
            "webUi.pdb.minAvailable: 70% of 3 pods",
            "raise webUi.replicas",
        ),
        (
            &["--set", "webUi.pdb.enabled=true,webUi.replicas=2,webUi.pdb.maxUnavailable=1"],
            "webUi.pdb: minAvailable and maxUnavailable are both set",
            "set the other",
        ),
        (&["--set", "webUi.pdb.enabled=true,webUi.pdb.minAvailable="], "webUi.pdb.enabled: neither", "set one of them"),
        (
            &["--set", "webUi.pdb.enabled=true,webUi.pdb.minAvailable=,webUi.pdb.maxUnavailable=0"],
            "webUi.pdb.maxUnavailable: 0",
            "set 1 or more",
        ),
        (
            &["--set", "serviceAccounts.webUi.name=x,serviceAccounts.mediaWorker.name=x"],
            "serviceAccounts.mediaWorker.name: x",
            "create=false",
        ),
        (&["--set", &create], "serviceAccounts.webUi.roleArn", "annotate yours"),
        (&["-f", TERRAFORM, "--set", &secret], "keda.auth.secretName", "keep one"),
        (
            &["-f", TERRAFORM, "--set", "keda.auth.existingTriggerAuthentication=t,keda.auth.secretName=s"],
            "keda.auth.existingTriggerAuthentication",
            "drop them",
        ),
        (
            &["-f", TERRAFORM, "--set", "keda.auth.identityOwner=workload,serviceAccounts.videoWorker.roleArn="],
            "serviceAccounts.videoWorker.roleArn is empty",
            "identityOwner=keda",
        ),
        (
            &["--set", "karpenter.enabled=true,karpenter.nodeClass.clusterName=c"],
            "karpenter.nodeClass.role",
            "set its name",
        ),
        (
            &["--set", "karpenter.enabled=true,karpenter.nodeClass.role=r"],
            "karpenter.nodeClass.clusterName",
            "set the cluster's name",
        ),
        (
            &["--set", "karpenter.enabled=true,karpenter.nodeClass.create=false"],
            "karpenter.nodeClass.name",
            "set its name",
        ),
        (
            &["--set", "serviceMonitor.enabled=true,podMonitor.enabled=true"],
            "serviceMonitor.enabled and podMonitor.enabled",
            "turn one off",
        ),
        (
            &["--set", "podMonitor.enabled=true,mediaWorker.metrics.enabled=false,videoWorker.metrics.enabled=false"],
            "metrics.enabled=false",
            "turn one of them on",
        ),
    ];
    for (args, keys, way_out) in table {
        let why = CHART.refused(args);
        assert!(why.contains("these values do not fit together (1):"), "{args:?}: one sentence, not\n{why}");
        let sentence = why.lines().find(|line| line.contains(keys)).unwrap_or_else(|| panic!("{args:?}: {why}"));
        assert!(sentence.contains(way_out), "{args:?}: {sentence}");
    }
}

/// BP-14: all mistakes are told at once, each in its line.
#[test]
fn bp14_all_mistakes_at_once() {
    let why = CHART.refused(&["--set", "environment=prod,webUi.pdb.enabled=true,karpenter.enabled=true"]);
    assert!(why.contains("(4):"), "{why}");
    for keys in
        ["image.tag:", "webUi.pdb.minAvailable:", "karpenter.nodeClass.role:", "karpenter.nodeClass.clusterName:"]
    {
        assert_eq!(why.lines().filter(|line| line.starts_with(keys)).count(), 1, "{keys}: {why}");
    }
}

/// Combinations that look alike and work.
#[test]
fn possible_combinations_render() {
    let digest = format!("sha256:{}", "a".repeat(64));
    let digests = ["webUi", "mediaWorker", "videoWorker"].map(|key| format!("image.digests.{key}={digest}")).join(",");
    for args in [
        vec!["--set", "environment=prod,image.tag=v1"],
        vec!["--set", "environment=prod", "--set", &digests],
        vec!["--set", "requireAwsResources=true", "-f", TERRAFORM],
        vec!["--set", "keda.enabled=true", "-f", TERRAFORM],
        vec!["--set", "aws.existingConfigMap=x,keda.enabled=false,requireAwsResources=true"],
        vec!["--set", "webUi.pdb.enabled=true,webUi.pdb.minAvailable=,webUi.pdb.maxUnavailable=50%"],
        vec!["--set", "webUi.pdb.enabled=true,webUi.replicas=3,webUi.pdb.minAvailable=60%"],
        vec!["--set", "webUi.pdb.enabled=true,webUi.autoscaling.enabled=true,webUi.autoscaling.minReplicas=2"],
        vec!["--set", "serviceMonitor.enabled=true,mediaWorker.metrics.enabled=false"],
        vec!["--set-json", r#"global={"ours":{"any":[1]}}"#],
    ] {
        assert_eq!(CHART.render(&args).count("Deployment"), 3, "{args:?}");
    }
}

/// Another value of the kind that the schema wants at this place.
fn other(root: &Value, place: &Value, now: &Value) -> Value {
    if let Some(shape) = place.pointer("/allOf/0/$ref").or_else(|| place.get("$ref")).and_then(Value::as_str) {
        let name = shape.trim_start_matches("#/definitions/");
        return match name {
            "name" | "bucket" | "table" | "repository" => json!("other"),
            "port" => json!(9999),
            "duration" => json!("77s"),
            "size" | "quantity" => json!("7Gi"),
            "roleArn" => json!("arn:aws:iam::123456789012:role/other"),
            "queueUrl" => json!("https://host/account/other"),
            "endpoint" => json!("https://other.example.com"),
            "digest" => json!(format!("sha256:{}", "7".repeat(64))),
            "queueLength" => json!("77"),
            "labels" | "stringMap" | "object" => json!({"other": "other"}),
            "resources" => json!({"requests": {"cpu": "777m"}}),
            "probe" => json!({"timeoutSeconds": 77}),
            "envVars" => json!([{"name": "OTHER", "value": "x"}]),
            "envFrom" => json!([{"secretRef": {"name": "other"}}]),
            "volumes" => json!([{"name": "other", "emptyDir": {}}]),
            "volumeMounts" => json!([{"name": "other", "mountPath": "/other"}]),
            "tolerations" => json!([{"key": "other"}]),
            "topologySpread" => json!([{"topologyKey": "other", "maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule"}]),
            "peers" => json!([{"ipBlock": {"cidr": "10.7.0.0/16"}}]),
            _ => panic!("no sample for {name}"),
        };
    }
    if let Some(values) = place["enum"].as_array() {
        let mut differs = values.iter().filter(|value| *value != now);
        return differs.next().expect("two choices").clone();
    }
    match (now, place["pattern"].as_str(), place["items"].as_object()) {
        (Value::Bool(on), ..) => json!(!on),
        (Value::Number(n), ..) => json!(n.as_i64().expect("whole") + 1),
        (_, Some(pattern), _) if pattern.contains("al2023") => json!("al2023@v20250101"),
        (_, Some(pattern), _) if pattern.contains("Never") => json!("7h"),
        (_, Some("^/"), _) => json!("/other"),
        (_, Some(pattern), _) if pattern.starts_with("^[a-z]{2}") => json!("eu-north-1"),
        (_, Some(pattern), _) if pattern.contains("]+/[") => json!("example.com/gpu"),
        (Value::Array(_), _, Some(items)) if items["type"] == "string" && items.contains_key("enum") => {
            json!(["reserved"])
        }
        (Value::Array(_), _, Some(items))
            if items.get("pattern").is_some_and(|p| p.as_str().is_some_and(|p| p.contains('/'))) =>
        {
            json!(["10.7.0.0/16"])
        }
        (Value::Array(_), _, Some(items)) if items["type"] == "string" => json!(["other"]),
        (Value::Array(_), _, Some(items)) if items["type"] == "object" => json!([{"name": "other"}]),
        (Value::Array(_), ..) => json!([{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "other"}}]),
        _ if place.get("oneOf").is_some() && root.is_object() => json!("7"),
        _ => json!("other"),
    }
}

/// The schema of a leaf.
fn schema_of<'a>(root: &'a Value, path: &str) -> Option<&'a Value> {
    let mut place = root;
    for key in path.split('.') {
        if let Some(shape) = place.pointer("/allOf/0/$ref").and_then(Value::as_str) {
            place = root.pointer(shape.trim_start_matches('#'))?;
        }
        place = place["properties"].get(key)?;
    }
    Some(place)
}

/// P-22: every value that can be set changes what renders, somewhere.
#[test]
fn p22_every_value_has_an_effect() {
    let root = CHART.schema();
    let mut idle = Vec::new();
    let mut bases = BTreeMap::new();
    // `requireAwsResources` refuses instead (see above), and what is wrong without Terraform's names is the base of other trials.
    let mut tried = BTreeSet::from(["requireAwsResources".to_owned()]);
    for (path, now) in CHART.values_leaves() {
        // Open shapes of the Kubernetes API: the whole shape is tried instead of each leaf of it.
        let shapes =
            ["resources", "livenessProbe", "readinessProbe", "startupProbe", "podSecurityContext", "securityContext"];
        let shape = path.split('.').position(|key| shapes.contains(&key) || key == "behavior");
        let path = shape.map_or(path.clone(), |at| path.split('.').take(at + 1).collect::<Vec<_>>().join("."));
        if !tried.insert(path.clone()) {
            continue;
        }
        let place = schema_of(&root, &path).unwrap_or_else(|| panic!("{path} is not in the schema"));
        let (base, mut value) = (base(&path), other(&root, place, &now));
        match path.rsplit('.').next() {
            Some("tls") => value = json!([{"hosts": ["other"], "secretName": "other"}]),
            Some("maxUnavailable") => value = json!("7%"),
            _ if path == "keda.enabled" => value = json!(false),
            _ => {}
        }
        // A text by `--set-string`, which wins over the base's `--set`; anything else as JSON.
        let (flag, text) = match value {
            Value::String(text) => ("--set-string", format!("{path}={text}")),
            value => ("--set-json", format!("{path}={value}")),
        };
        let before = bases.entry(base.clone()).or_insert_with(|| CHART.render(&base).text);
        let after = CHART.render(&[&base[..], &[flag, &text]].concat()).text;
        if *before == after {
            idle.push(path);
        }
    }
    assert!(tried.len() > 100, "only {}", tried.len());
    assert_eq!(idle, [""; 0], "these values change nothing");
}

/// The configuration in which a value matters.
fn base(path: &str) -> Vec<&'static str> {
    if path == "karpenter.enabled" {
        return vec!["--set", "karpenter.nodeClass.role=r,karpenter.nodeClass.clusterName=c"];
    }
    if path.starts_with("karpenter.") {
        return vec![
            "--set",
            "karpenter.enabled=true,karpenter.nodeClass.role=r,karpenter.nodeClass.clusterName=c,karpenter.nodeClass.name=n",
        ];
    }
    let prefixes: [(&str, &[&str]); 11] = [
        ("keda.fallback", &["-f", TERRAFORM, "--set", "keda.fallback.enabled=true"]),
        ("keda", &["-f", TERRAFORM]),
        ("mediaWorker", &["-f", TERRAFORM]),
        ("videoWorker", &["-f", TERRAFORM]),
        ("queues", &["-f", TERRAFORM]),
        ("aws.existingConfigMap", &["-f", TERRAFORM]),
        ("webUi.autoscaling", &["--set", "webUi.autoscaling.enabled=true"]),
        ("webUi.pdb", &["--set", "webUi.replicas=9,webUi.pdb.enabled=true"]),
        ("networkPolicy", &["--set", "networkPolicy.enabled=true"]),
        ("serviceMonitor", &["--set", "serviceMonitor.enabled=true"]),
        ("podMonitor", &["--set", "podMonitor.enabled=true"]),
    ];
    let own: [(&str, &[&str]); 9] = [
        ("mediaWorker.replicas", &[]),
        ("videoWorker.replicas", &[]),
        (
            "webUi.pdb.maxUnavailable",
            &["--set", "webUi.pdb.enabled=true,webUi.pdb.minAvailable=,webUi.pdb.maxUnavailable=1"],
        ),
        ("keda.fallback.enabled", &["-f", TERRAFORM]),
        ("webUi.autoscaling.enabled", &[]),
        ("webUi.pdb.enabled", &["--set", "webUi.replicas=2"]),
        ("networkPolicy.enabled", &[]),
        ("serviceMonitor.enabled", &[]),
        ("podMonitor.enabled", &[]),
    ];
    if let Some((_, args)) = own.iter().find(|(own, _)| *own == path) {
        return args.to_vec();
    }
    prefixes.iter().find(|(prefix, _)| path.starts_with(prefix)).map_or(Vec::new(), |(_, args)| args.to_vec())
}

/// Every values file that the chart brings, and the defaults.
fn all() -> Vec<(String, Objects)> {
    let files = CHART.values_files().into_iter();
    let rendered = files.map(|file| (file.clone(), CHART.render(&["-f", &file])));
    std::iter::once(("defaults".to_owned(), CHART.render(&[]))).chain(rendered).collect()
}

/// BP-02, BP-03: every pod, the test's too, fits the restricted Pod Security Standard and mounts no token.
#[test]
fn bp02_restricted_pods() {
    for (file, objects) in all() {
        for (object, pod) in objects.pods() {
            let name = format!("{file}: {}", object["metadata"]["name"]);
            let spec = &pod["spec"];
            assert_eq!(spec["automountServiceAccountToken"], false, "{name}");
            assert_eq!(spec["securityContext"]["runAsNonRoot"], true, "{name}");
            assert_eq!(spec["securityContext"]["seccompProfile"]["type"], "RuntimeDefault", "{name}");
            for host in ["hostNetwork", "hostPID", "hostIPC"] {
                assert!(spec.get(host).is_none(), "{name}: {host}");
            }
            for volume in spec["volumes"].as_array().into_iter().flatten() {
                assert!(volume.get("emptyDir").is_some(), "{name}: {volume}");
            }
        }
        for (object, container) in objects.containers() {
            let name = format!("{file}: {}", object["metadata"]["name"]);
            let context = json!({
                "allowPrivilegeEscalation": false,
                "readOnlyRootFilesystem": true,
                "capabilities": {"drop": ["ALL"]}
            });
            assert_eq!(container["securityContext"], context, "{name}");
        }
    }
}

/// BP-04: requests of CPU and memory and a limit of memory for every container; scratch space is requested and bounded.
#[test]
fn bp04_resources() {
    for (file, objects) in all() {
        for (object, container) in objects.containers() {
            for place in ["/requests/cpu", "/requests/memory", "/limits/memory"] {
                let found = container["resources"].pointer(place);
                assert!(found.is_some(), "{file}: {} has no {place}", object["metadata"]["name"]);
            }
        }
        for (object, pod) in objects.pods().into_iter().filter(|(object, _)| object["kind"] == "Deployment") {
            let size = &pod["spec"]["volumes"][0]["emptyDir"]["sizeLimit"];
            let requested = &pod["spec"]["containers"][0]["resources"]["requests"]["ephemeral-storage"];
            assert!(size.is_string() && size == requested, "{file}: {}", object["metadata"]["name"]);
        }
    }
}

/// BP-05: a pod's checksum changes with the names that the workload reads, and with no others.
#[test]
fn bp05_checksums() {
    let sum = |objects: &Objects| {
        WORKLOADS.map(|name| pod(objects, name)["metadata"]["annotations"]["checksum/config"].clone())
    };
    let before = sum(&CHART.render(&["-f", TERRAFORM]));
    assert!(before.iter().all(Value::is_string));
    for (key, changes) in [
        ("queues.videoWorker=https://h/a/n", [false, false, true]),
        ("queues.chunking=https://h/a/n", [false, true, false]),
        ("queues.reassembly=https://h/a/n", [false, true, true]),
        ("aws.jobsTableName=other", [true, true, true]),
        ("aws.reassemblyTriggeredTableName=other", [false, true, true]),
        ("image.tag=other", [false, false, false]),
    ] {
        let after = sum(&CHART.render(&["-f", TERRAFORM, "--set", key]));
        let changed: Vec<bool> = before.iter().zip(&after).map(|(before, after)| before != after).collect();
        assert_eq!(changed, changes, "{key}");
    }
}

/// BP-07: a probe can be changed in part, and taken away by null.
#[test]
fn bp07_probes_are_overridable() {
    let objects = set("videoWorker.startupProbe.failureThreshold=90,webUi.livenessProbe=null");
    let video = &pod(&objects, "video-worker")["spec"]["containers"][0];
    assert_eq!(video["startupProbe"]["failureThreshold"], 90);
    assert_eq!(video["startupProbe"]["httpGet"]["path"], "/healthz");
    let ui = &pod(&objects, "web-ui")["spec"]["containers"][0];
    assert!(ui.get("livenessProbe").is_none() && ui.get("readinessProbe").is_some());
}

/// BP-08: constraints of topology have the release's own selector; web-ui spreads over zones as soon as there are two pods.
#[test]
fn bp08_topology() {
    let spread = |objects: &Objects| pod(objects, "web-ui")["spec"].get("topologySpreadConstraints").cloned();
    assert_eq!(spread(&CHART.render(&[])), None);
    for two in ["webUi.replicas=2", "webUi.autoscaling.enabled=true,webUi.autoscaling.minReplicas=2"] {
        let objects = set(two);
        let spread = spread(&objects).expect("constraints");
        assert_eq!(spread[0]["topologyKey"], "topology.kubernetes.io/zone");
        assert_eq!(spread[0]["labelSelector"], objects.get("Deployment", "web-ui")["spec"]["selector"]);
    }
    let given = r#"webUi.topologySpreadConstraints=[{"maxSkew":2,"topologyKey":"kubernetes.io/hostname","whenUnsatisfiable":"DoNotSchedule"}]"#;
    let objects = CHART.render(&["--set-json", given]);
    let spread = spread(&objects).expect("constraints");
    assert_eq!((spread.as_array().map(Vec::len), &spread[0]["maxSkew"]), (Some(1), &json!(2)));
    assert_eq!(spread[0]["labelSelector"], objects.get("Deployment", "web-ui")["spec"]["selector"]);
}

/// BP-11: web-ui takes traffic from the peers given and from the test, workers on their metrics port only; out go DNS and HTTPS.
#[test]
fn bp11_network_policies() {
    let objects = CHART.render(&["-f", EVERYTHING]);
    let spec = |name: &str| &objects.get("NetworkPolicy", name)["spec"];
    for workload in WORKLOADS {
        let spec = spec(&format!("stereo-spot-{workload}"));
        let deployment = objects.get("Deployment", &format!("stereo-spot-{workload}"));
        assert_eq!(spec["podSelector"], deployment["spec"]["selector"]);
        assert_eq!(spec["policyTypes"], json!(["Ingress", "Egress"]));
        let dns = json!([{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]);
        assert_eq!(spec["egress"][0]["ports"], dns);
        assert_eq!(
            spec["egress"][1],
            json!({"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"protocol": "TCP", "port": 443}]})
        );
    }
    let from = spec("stereo-spot-web-ui")["ingress"][0]["from"].as_array().expect("peers");
    assert_eq!(from[0], json!({"ipBlock": {"cidr": "10.0.0.0/16"}}));
    let test = objects.get("Pod", "stereo-spot-test-web-ui")["metadata"]["labels"].clone();
    for (key, label) in from[1]["podSelector"]["matchLabels"].as_object().expect("labels") {
        assert_eq!(test[key], *label, "the test's pod is let in: {key}");
    }
    assert_eq!(
        spec("stereo-spot-media-worker")["ingress"][0]["ports"],
        json!([{"protocol": "TCP", "port": "metrics"}])
    );
    let ports = |url: &str| {
        let objects = CHART.render(&["--set", &format!("networkPolicy.enabled=true,aws.endpointUrl={url}")]);
        let ports =
            objects.get("NetworkPolicy", "web-ui")["spec"]["egress"][1]["ports"].as_array().expect("ports").clone();
        ports.iter().map(|port| port["port"].as_i64().expect("a number")).collect::<Vec<_>>()
    };
    assert_eq!(ports("http://moto:5000"), [443, 5000]);
    assert_eq!(ports("http://moto"), [443, 80]);
    assert_eq!(ports("https://moto/"), [443]);
}

/// BP-20, BP-22: rendering twice gives the same bytes, and another version of the chart the same selectors.
#[test]
fn bp20_upgrades_keep_selectors() {
    let first = CHART.render(&["-f", EVERYTHING]);
    assert_eq!(first.text, CHART.render(&["-f", EVERYTHING]).text);
    let next = copy();
    let meta = CHART
        .file("Chart.yaml")
        .replace("version: 0.1.0", "version: 0.2.0+build.7")
        .replace("appVersion: \"0.1.0\"", "appVersion: \"7\"");
    std::fs::write(next.path().join("packages/helm/Chart.yaml"), meta).expect("a file");
    let chart = Chart {
        folder: next.path().join("packages/helm").to_str().expect("UTF-8").to_owned().leak(),
        release: CHART.release,
    };
    let second = chart.render(&["-f", EVERYTHING]);
    assert_eq!(first.names(), second.names());
    for (before, after) in first.iter().zip(second.iter()) {
        assert_eq!(before["spec"]["selector"], after["spec"]["selector"], "{}", before["metadata"]["name"]);
    }
    let labels = &second.get("Deployment", "stereo-spot-web-ui")["metadata"]["labels"];
    assert_eq!(labels["helm.sh/chart"], "stereo-spot-0.2.0_build.7");
}

/// BP-23: names are DNS labels of 63 bytes at most whatever the release is called, and those of two releases differ under `namePrefix`.
#[test]
fn bp23_names_fit() {
    let long = "a".repeat(53);
    let dashes = format!("a{}b", "-".repeat(51));
    for release in ["x", "1st", "a.b.c", "stereo-spot", &long, &dashes] {
        let objects = CHART.render_as(release, "default", &["-f", EVERYTHING]);
        let mut seen = BTreeSet::new();
        for name in objects.names() {
            assert!(seen.insert(name.clone()), "{release}: {name} twice");
            let (_, name) = name.split_once(' ').expect("kind and name");
            let label = name.len() <= 63
                && name.starts_with(|c: char| c.is_ascii_lowercase())
                && !name.ends_with('-')
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            assert!(label, "{release}: {name}");
        }
        assert!(release == "stereo-spot" || !seen.contains("Deployment stereo-spot-web-ui"), "{release}");
    }
    let plain = CHART.render_as(&long, "default", &["-f", TERRAFORM]);
    assert!(
        plain.find("Deployment", "web-ui").is_some()
            && plain.find("TriggerAuthentication", "stereo-spot-aws-irsa").is_some()
    );
    let named = set("fullnameOverride=mine,nameOverride=spot");
    assert!(named.find("ConfigMap", "mine-resources").is_some() && named.find("Deployment", "web-ui").is_some());
    assert_eq!(named.get("Deployment", "web-ui")["metadata"]["labels"]["app.kubernetes.io/name"], "spot");
}

/// BP-24: a variable of the user's replaces the chart's of the same name (server-side apply refuses two).
#[test]
fn bp24_variables_are_replaced() {
    for (file, objects) in all() {
        for (object, container) in objects.containers() {
            let names: Vec<&str> =
                container["env"].as_array().into_iter().flatten().filter_map(|v| v["name"].as_str()).collect();
            let once: BTreeSet<&str> = names.iter().copied().collect();
            assert_eq!(names.len(), once.len(), "{file}: {}: {names:?}", object["metadata"]["name"]);
        }
    }
    let objects = CHART.render(&[
        "--set-json",
        r#"webUi.env=[{"name":"AWS_REGION","value":"eu-west-1"},{"name":"INPUT_BUCKET_NAME","value":"b"}]"#,
    ]);
    let env = pod(&objects, "web-ui")["spec"]["containers"][0]["env"].as_array().expect("variables");
    for (name, text) in [("AWS_REGION", "eu-west-1"), ("INPUT_BUCKET_NAME", "b")] {
        let found: Vec<&Value> = env.iter().filter(|v| v["name"] == name).collect();
        assert_eq!(found, [&json!({"name": name, "value": text})]);
    }
}

/// NOTES.txt, rendered through an object of the user's.
fn notes(args: &[&str]) -> String {
    let object = r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"notes"},"data":{"text":"{{ include \"stereo-spot.notes\" . | b64enc }}"}}"#;
    let manifest = format!("extraManifests=[{object}]");
    let objects = CHART.render(&[args, &["--set-json", &manifest]].concat());
    let text = objects.get("ConfigMap", "notes")["data"]["text"].as_str().expect("a text").to_owned();
    decode(&text)
}

/// Base64, read.
fn decode(text: &str) -> String {
    let digit = |b: u8| match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut bytes = Vec::new();
    for four in text.trim_end_matches('=').as_bytes().chunks(4) {
        let word = four.iter().fold(0_u32, |word, b| word << 6 | u32::from(digit(*b))) << (6 * (4 - four.len()));
        bytes.extend(word.to_be_bytes()[1..four.len()].iter());
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// BP-17: the notes name the three workloads that there are (and none of older times), tell where the pages are, and warn.
#[test]
fn bp17_notes() {
    assert_eq!(CHART.file("templates/NOTES.txt"), "{{- include \"stereo-spot.notes\" . }}\n");
    let plain = notes(&[]);
    for workload in WORKLOADS {
        assert!(plain.contains(&format!("\n  {workload} ")), "{workload}:\n{plain}");
    }
    for old in ["chunking-worker", "reassembly-worker"] {
        assert!(!plain.contains(old), "{old}");
    }
    assert!(plain.contains("kubectl get ingress web-ui -n default"));
    let warnings = |text: &str| text.lines().filter(|line| line.starts_with("WARNING:")).count();
    assert_eq!(warnings(&plain), 5, "{plain}");
    assert!(plain.contains("aws.inputBucketName, ") && plain.contains("nx run aws-infra:terraform-apply"));
    let ready = notes(&["-f", TERRAFORM, "--set", "image.tag=a,videoWorker.model=ffmpeg,ingress.enabled=false"]);
    assert_eq!(warnings(&ready), 0, "{ready}");
    assert!(ready.contains("helm test stereo-spot -n default"));
    assert!(ready.contains("port-forward service/web-ui 8080:80") && ready.contains("kubectl get scaledobjects"));
    let named = notes(&["-f", EVERYTHING]);
    assert!(named.contains("https://stereo.example.com/") && named.contains("  stereo-spot-media-worker "), "{named}");
}

/// BP-16: the test's pod asks for a page of web-ui's, at the Service's port, and ends within a minute.
#[test]
fn bp16_the_test_looks_at_the_page() {
    let objects = set("webUi.service.port=8081,tests.image.repository=registry/busybox");
    let test = objects.get("Pod", "stereo-spot-test-web-ui");
    assert!(Objects::is_hook(test));
    assert_eq!(test["spec"]["activeDeadlineSeconds"], 60);
    let container = &test["spec"]["containers"][0];
    assert_eq!(container["env"], json!([{"name": "URL", "value": "http://web-ui:8081"}]));
    assert_eq!(container["image"], "registry/busybox:1.37.0");
    let script = container["command"][2].as_str().expect("a script");
    assert!(script.contains("/healthz") && script.contains("grep -q /jobs"), "{script}");
    assert_eq!(set("tests.enabled=false").count("Pod"), 0);
}

/// The repository with the chart alone, as it is after `terraform apply`.
fn copy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let chart = folder.path().join("packages/helm");
    rhumb_platforms::programs::copy(&CHART.path(), &chart).expect("the chart");
    std::fs::copy(chart.join(TERRAFORM), chart.join("values-from-terraform.yaml")).expect("Terraform's file");
    folder
}

/// The fenced blocks of the README in a language.
fn blocks(language: &str) -> Vec<String> {
    let readme = CHART.file("README.md");
    let fence = format!("```{language}\n");
    readme.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// S-19: every command of the README runs from the root of the repository, and every piece of values in it renders.
#[test]
fn s19_the_readme_runs() {
    let root = copy();
    let place = Chart { folder: root.path().to_str().expect("UTF-8").to_owned().leak(), release: CHART.release };
    let blocks_of_commands = blocks("bash");
    let commands = blocks_of_commands.iter().flat_map(|block| block.lines());
    let commands: Vec<&str> = commands.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert!(commands.len() >= 7, "{commands:?}");
    for command in commands {
        let words: Vec<&str> = command.split_whitespace().collect();
        assert_eq!(words[0], "helm", "{command}");
        let answer = place.ask(&words[1..]);
        assert_eq!((answer.exit, answer.stderr.as_str()), (0, ""), "{command}");
        assert!(words[1] != "template" || Objects::read(&answer.stdout).count("Deployment") == 3, "{command}");
    }
    for values in blocks("yaml") {
        let file = root.path().join("block.yaml");
        std::fs::write(&file, &values).expect("a file");
        let _ = CHART.render(&["-f", file.to_str().expect("UTF-8")]);
        assert!(value(&values).is_object(), "{values}");
    }
}

/// S-19, P-14: the README has every section that was asked for, and names only values that there are.
#[test]
fn s19_the_readme_is_whole() {
    let readme = CHART.file("README.md");
    for heading in [
        "Structure",
        "Terraform → values flow",
        "Image tags",
        "Deployment flow",
        "Argo CD Application",
        "Verification",
        "Upgrade notes",
        "Values",
    ] {
        assert!(readme.contains(&format!("\n## {heading}\n")), "{heading}");
    }
    for words in [
        "nx run helm:check",
        "nx run helm:lint",
        "nx run helm:template",
        "nx run helm:validate",
        "implicitDependencies",
        "valuesObject",
        "```mermaid",
    ] {
        assert!(readme.contains(words), "{words}");
    }
    let root = CHART.schema();
    let groups: BTreeSet<&String> = root["properties"].as_object().expect("properties").keys().collect();
    let quoted = readme.split('`').skip(1).step_by(2);
    let paths = quoted.map(|text| text.split('=').next().unwrap_or_default());
    let paths =
        paths.filter(|text| text.contains('.') && groups.iter().any(|group| text.starts_with(&format!("{group}."))));
    for path in paths.filter(|path| !path.contains(['*', ' ', '/']) && *path != "values.yaml") {
        assert!(schema_of(&root, path).is_some(), "the README names {path}, which is no value");
    }
}
