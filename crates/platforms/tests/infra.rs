//! packages/aws-infra, as it is written: names, and what each policy lets through. What Terraform says of it is in infra/validated.rs.

#[path = "infra/terraform.rs"]
mod terraform;
#[path = "infra/validated.rs"]
mod validated;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use hcl::structure::{Block, Body};
use rhumb_platforms::{live, root, value};
use serde_json::{Value, json};
use terraform::{Module, attribute, labels, literal};

fn folder() -> PathBuf {
    root().join("packages/aws-infra")
}

fn infra() -> Module {
    Module::read(&folder())
}

fn each_module() -> [(&'static str, Module); 2] {
    [("aws-infra", infra()), ("helm-values", Module::read(&folder().join("modules/helm-values")))]
}

#[test]
fn files_are_formatted() {
    let mut terraform = Command::new("terraform");
    terraform.current_dir(folder()).args(["fmt", "-check", "-recursive", "-diff"]).env("CHECKPOINT_DISABLE", "1");
    match terraform.output() {
        Ok(said) => assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout)),
        Err(why) => assert!(!live(), "terraform: {why}"),
    }
}

/// Whatever is named is there, and whatever is there (but for outputs) is named.
#[test]
fn names_lead_somewhere() {
    for (name, module) in each_module() {
        let (defined, used) = (module.defined(), module.used());
        let missing: Vec<_> = used.keys().filter(|address| !defined.contains(*address)).collect();
        assert!(missing.is_empty(), "{name} names what is not there: {missing:?}");
        let idle =
            defined.iter().filter(|address| ["var.", "local.", "data."].iter().any(|kind| address.starts_with(kind)));
        let idle: Vec<_> = idle.filter(|address| !used.contains_key(*address)).collect();
        assert!(idle.is_empty(), "{name} has what nobody names: {idle:?}");
    }
}

#[test]
fn variables_and_outputs_say_what_they_are() {
    for (name, module) in each_module() {
        for block in module.blocks("variable").chain(module.blocks("output")) {
            let text = attribute(block.body(), "description").map(literal);
            let said = text.as_ref().and_then(Value::as_str).is_some_and(|text| text.ends_with('.'));
            assert!(said, "{name}: {} has no description", labels(block));
        }
        for block in module.blocks("variable") {
            assert!(attribute(block.body(), "type").is_some(), "{name}: {} has no type", labels(block));
        }
    }
}

fn text(block: &Block, name: &str) -> Value {
    attribute(block.body(), name).map_or(Value::Null, literal)
}

fn inner<'a>(body: &'a Body, kind: &'a str) -> impl Iterator<Item = &'a Block> {
    body.blocks().filter(move |block| block.identifier() == kind)
}

/// S-23: three queues with the visibility that their work needs; each has a dead-letter queue after five tries, and alarms.
#[test]
fn s23_queues_have_dead_letters() {
    let infra = infra();
    let queues = literal(infra.local("queues"));
    let seconds = |name: &str| queues[name]["visibility_seconds"].clone();
    assert_eq!(queues.as_object().unwrap().len(), 3);
    assert_eq!(
        (seconds("chunking"), seconds("video-worker"), seconds("reassembly")),
        (json!(900), json!(1800), json!(600))
    );
    let (work, dead) = (infra.resource("aws_sqs_queue.work"), infra.resource("aws_sqs_queue.dead"));
    for queue in [work, dead] {
        assert_eq!(text(queue, "for_each"), "local.queues");
        assert_eq!(text(queue, "message_retention_seconds"), 14 * 24 * 3600);
        assert_eq!(text(queue, "sqs_managed_sse_enabled"), true);
    }
    assert_eq!(text(work, "visibility_timeout_seconds"), "each.value.visibility_seconds");
    let redrive = text(work, "redrive_policy");
    assert_eq!(redrive, json!({"deadLetterTargetArn": "aws_sqs_queue.dead[each.key].arn", "maxReceiveCount": 5}));
    let allow = text(infra.resource("aws_sqs_queue_redrive_allow_policy.dead"), "redrive_allow_policy");
    assert_eq!(allow, json!({"redrivePermission": "byQueue", "sourceQueueArns": ["aws_sqs_queue.work[each.key].arn"]}));
    let alarm = infra.resource("aws_cloudwatch_metric_alarm.dead_letters");
    assert_eq!((text(alarm, "for_each"), text(alarm, "threshold")), (json!("aws_sqs_queue.dead"), json!(0)));
    assert_eq!(text(alarm, "comparison_operator"), "GreaterThanThreshold");
    assert_eq!(text(alarm, "metric_name"), "ApproximateNumberOfMessagesVisible");
    assert_eq!(
        text(infra.resource("aws_cloudwatch_metric_alarm.late"), "metric_name"),
        "ApproximateAgeOfOldestMessage"
    );
}

/// S-23: uploads come into the one queue, pieces into the other; S3 may send from that bucket of this account only, before it is asked
/// to.
#[test]
fn s23_events_of_the_bucket() {
    let infra = infra();
    let events = infra.resource("aws_s3_bucket_notification.input");
    assert_eq!(text(events, "bucket"), r#"aws_s3_bucket.media["input"].id"#);
    let seen: Vec<_> = inner(events.body(), "queue")
        .map(|queue| ["queue_arn", "events", "filter_prefix", "filter_suffix"].map(|name| text(queue, name)))
        .collect();
    let wanted = [("chunking", "input/"), ("video-worker", "segments/")].map(|(queue, prefix)| {
        let queue = format!("aws_sqs_queue.work[\"{queue}\"].arn");
        [json!(queue), json!(["s3:ObjectCreated:*"]), json!(prefix), json!(".mp4")]
    });
    assert_eq!(seen, wanted);
    assert_eq!(text(events, "depends_on"), json!(["aws_sqs_queue_policy.from_s3"]));
    assert_eq!(text(infra.resource("aws_sqs_queue_policy.from_s3"), "for_each"), "local.queues_from_s3");
    assert_eq!(
        infra.blocks("resource").filter(|block| block.labels()[0].as_str() == "aws_s3_bucket_notification").count(),
        1
    );
    let policy = text(infra.resource("aws_sqs_queue_policy.from_s3"), "policy");
    let statement = &policy["Statement"][0];
    assert_eq!(policy["Statement"].as_array().unwrap().len(), 1);
    assert_eq!(statement["Principal"], json!({"Service": "s3.amazonaws.com"}));
    let condition = json!({
        "ArnEquals": {"aws:SourceArn": r#"aws_s3_bucket.media["input"].arn"#},
        "StringEquals": {"aws:SourceAccount": "local.account"},
    });
    assert_eq!((&statement["Action"], &statement["Condition"]), (&json!("sqs:SendMessage"), &condition));
}

/// Buckets are closed to the public, encrypted at rest and on the way, and forget what is not needed.
#[test]
fn buckets_are_private() {
    let infra = infra();
    let all = "aws_s3_bucket.media";
    let block = infra.resource("aws_s3_bucket_public_access_block.media");
    assert_eq!(text(block, "for_each"), all);
    for name in ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"] {
        assert_eq!(text(block, name), true, "{name}");
    }
    let encryption = infra.resource("aws_s3_bucket_server_side_encryption_configuration.media");
    assert_eq!(text(encryption, "for_each"), all);
    let policy = text(infra.resource("aws_s3_bucket_policy.media"), "policy");
    assert_eq!(policy["Statement"][0]["Effect"], "Deny");
    assert_eq!(policy["Statement"][0]["Condition"], json!({"Bool": {"aws:SecureTransport": "false"}}));
    let cors = infra.resource("aws_s3_bucket_cors_configuration.media");
    let rule = inner(cors.body(), "cors_rule").next().unwrap();
    assert_eq!(text(rule, "allowed_origins"), "var.upload_origins");
    let output = infra.resource("aws_s3_bucket_lifecycle_configuration.output");
    let rules: Vec<_> = inner(output.body(), "rule").collect();
    assert_eq!(rules.len(), 2);
    let tag = inner(inner(rules[1].body(), "filter").next().unwrap().body(), "tag").next().unwrap();
    assert_eq!((text(tag, "key"), text(tag, "value")), (json!("stereo-spot-lifecycle"), json!("expire-segments")));
    assert_eq!(text(inner(rules[1].body(), "expiration").next().unwrap(), "days"), 1);
    for bucket in ["input", "output"] {
        let rules = infra.resource(&format!("aws_s3_bucket_lifecycle_configuration.{bucket}"));
        let first = inner(rules.body(), "rule").next().unwrap();
        assert_eq!(
            text(inner(first.body(), "abort_incomplete_multipart_upload").next().unwrap(), "days_after_initiation"),
            1
        );
    }
}

/// Keys, index and TTL as the workloads use them.
#[test]
fn tables_have_their_keys() {
    let infra = infra();
    let keys = |name: &str| {
        let table = infra.resource(&format!("aws_dynamodb_table.{name}"));
        assert_eq!(text(table, "billing_mode"), "PAY_PER_REQUEST");
        let types: Vec<_> = inner(table.body(), "attribute").map(|a| (text(a, "name"), text(a, "type"))).collect();
        (text(table, "hash_key"), text(table, "range_key"), json!(types))
    };
    let jobs = json!([["job_id", "S"], ["status", "S"], ["completed_at", "N"]]);
    assert_eq!(keys("jobs"), (json!("job_id"), Value::Null, jobs));
    let completions = json!([["job_id", "S"], ["segment_index", "N"]]);
    assert_eq!(keys("segment_completions"), (json!("job_id"), json!("segment_index"), completions));
    assert_eq!(keys("reassembly_triggered"), (json!("job_id"), Value::Null, json!([["job_id", "S"]])));
    let index = inner(infra.resource("aws_dynamodb_table.jobs").body(), "global_secondary_index").next().unwrap();
    let found = ["name", "hash_key", "range_key", "projection_type"].map(|name| text(index, name));
    assert_eq!(json!(found), json!(["status-completed_at", "status", "completed_at", "ALL"]));
    let ttl = inner(infra.resource("aws_dynamodb_table.reassembly_triggered").body(), "ttl").next().unwrap();
    assert_eq!((text(ttl, "attribute_name"), text(ttl, "enabled")), (json!("ttl"), json!(true)));
}

/// P-03: a role for each service account that the chart makes, trusted for that account and audience only.
#[test]
fn p03_roles_trust_one_account_each() {
    let infra = infra();
    let accounts = literal(infra.local("service_accounts"));
    for name in ["web-ui", "media-worker", "video-worker"] {
        assert_eq!(accounts[name], json!({"namespace": "var.namespace", "name": name}));
    }
    assert_eq!(accounts["keda"], json!({"namespace": "keda", "name": "keda-operator"}));
    let trust = text(infra.resource("aws_iam_role.service_account"), "assume_role_policy");
    let statement = &trust["Statement"][0];
    assert_eq!(statement["Action"], "sts:AssumeRoleWithWebIdentity");
    assert_eq!(statement["Principal"], json!({"Federated": "aws_iam_openid_connect_provider.cluster.arn"}));
    let condition = json!({"StringEquals": {
        "${local.issuer}:sub": "system:serviceaccount:${each.value.namespace}:${each.value.name}",
        "${local.issuer}:aud": "sts.amazonaws.com",
    }});
    assert_eq!(statement["Condition"], condition);
    let written: BTreeSet<_> = literal(infra.local("statements")).as_object().unwrap().keys().cloned().collect();
    assert_eq!(written, accounts.as_object().unwrap().keys().cloned().collect());
}

/// P-03: what each workload may do, whole: an action more or a wider resource has to be written here too.
#[test]
fn p03_least_privilege() {
    let infra = infra();
    let statements = literal(infra.local("statements"));
    let lines = |role: &str| {
        let mut lines: Vec<String> = Vec::new();
        for statement in statements[role].as_array().unwrap() {
            assert_eq!(statement.as_object().unwrap().len(), 3, "{statement}");
            let actions = match &statement["Action"] {
                Value::String(name) if name == "local.read_queue" => literal(infra.local("read_queue")),
                other => other.clone(),
            };
            for action in actions.as_array().unwrap() {
                for resource in statement["Resource"].as_array().unwrap() {
                    lines.push(format!("{} {}", action.as_str().unwrap(), short(resource.as_str().unwrap())));
                }
            }
        }
        lines.sort();
        lines
    };
    for (role, wanted) in
        [("web-ui", WEB_UI), ("media-worker", MEDIA_WORKER), ("video-worker", VIDEO_WORKER), ("keda", KEDA)]
    {
        let mut wanted: Vec<_> =
            wanted.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
        wanted.sort();
        assert_eq!(lines(role), wanted, "{role}");
    }
}

/// `aws_sqs_queue.work["chunking"].arn` → `queue:chunking`.
fn short(resource: &str) -> String {
    let text = resource.replace("${", "").replace('}', "").replace("local.", "").replace(".arn", "");
    text.replace("aws_dynamodb_table.", "table:").replace("aws_sqs_queue.work[\"", "queue:").replace("\"]", "")
}

const WEB_UI: &str = "
    s3:PutObject input/input/*/source.mp4
    s3:GetObject output/jobs/*/final.mp4
    dynamodb:GetItem table:jobs
    dynamodb:PutItem table:jobs
    dynamodb:Query table:jobs
    dynamodb:GetItem table:jobs/index/status-completed_at
    dynamodb:PutItem table:jobs/index/status-completed_at
    dynamodb:Query table:jobs/index/status-completed_at
    dynamodb:Query table:segment_completions
";
const MEDIA_WORKER: &str = "
    s3:GetObject input/input/*
    s3:PutObject input/segments/*
    s3:AbortMultipartUpload input/segments/*
    s3:GetObject output/jobs/*/segments/*
    s3:GetObject output/jobs/*/final.mp4
    s3:PutObject output/jobs/*/final.mp4
    s3:AbortMultipartUpload output/jobs/*/final.mp4
    s3:ListBucket input
    s3:ListBucket output
    dynamodb:GetItem table:jobs
    dynamodb:UpdateItem table:jobs
    dynamodb:Query table:segment_completions
    dynamodb:PutItem table:reassembly_triggered
    dynamodb:UpdateItem table:reassembly_triggered
    sqs:ReceiveMessage queue:chunking
    sqs:DeleteMessage queue:chunking
    sqs:ChangeMessageVisibility queue:chunking
    sqs:GetQueueAttributes queue:chunking
    sqs:ReceiveMessage queue:reassembly
    sqs:DeleteMessage queue:reassembly
    sqs:ChangeMessageVisibility queue:reassembly
    sqs:GetQueueAttributes queue:reassembly
    sqs:SendMessage queue:reassembly
";
const VIDEO_WORKER: &str = "
    s3:GetObject input/segments/*
    s3:PutObject output/jobs/*/segments/*
    s3:PutObjectTagging output/jobs/*/segments/*
    s3:AbortMultipartUpload output/jobs/*/segments/*
    dynamodb:PutItem table:segment_completions
    dynamodb:Query table:segment_completions
    dynamodb:GetItem table:jobs
    dynamodb:PutItem table:reassembly_triggered
    dynamodb:UpdateItem table:reassembly_triggered
    sqs:ReceiveMessage queue:video-worker
    sqs:DeleteMessage queue:video-worker
    sqs:ChangeMessageVisibility queue:video-worker
    sqs:GetQueueAttributes queue:video-worker
    sqs:SendMessage queue:reassembly
";
const KEDA: &str = "
    sqs:GetQueueAttributes queue:chunking
    sqs:GetQueueAttributes queue:video-worker
    sqs:GetQueueAttributes queue:reassembly
";

/// No statement allows an action with a star in it, but the key's policy, which gives the account its key; and a resource that is only
/// a star stands where AWS has no narrower one: actions that look, each list of them whole.
#[test]
fn stars_are_only_where_aws_needs_them() {
    let infra = infra();
    let mut statements = Vec::new();
    for structure in infra.body.blocks() {
        gather(structure.body(), &mut statements);
    }
    assert!(statements.len() > 45, "{}", statements.len());
    for statement in statements.iter().filter(|statement| statement["Effect"] != "Deny") {
        if statement["Sid"] == "TheAccountDecides" {
            continue;
        }
        let list = |name: &str| match &statement[name] {
            Value::Array(items) => items.clone(),
            other => vec![other.clone()],
        };
        let actions: Vec<_> = list("Action").iter().map(|action| action.as_str().unwrap().to_owned()).collect();
        assert!(actions.iter().all(|action| !action.contains('*')), "{statement}");
        if list("Resource").contains(&json!("*")) {
            let looks = |action: &String| {
                let verb = action.split(':').next_back().unwrap();
                ["Describe", "List", "Get"].iter().any(|word| verb.starts_with(word))
            };
            assert!(actions.iter().all(looks), "{statement}");
        }
    }
}

fn gather(body: &Body, statements: &mut Vec<Value>) {
    for attribute in body.attributes() {
        search(&literal(attribute.expr()), statements);
    }
    for block in body.blocks() {
        gather(block.body(), statements);
    }
}

fn search(value: &Value, statements: &mut Vec<Value>) {
    match value {
        Value::Object(object) => {
            if object.contains_key("Action") {
                statements.push(value.clone());
            }
            object.values().for_each(|inner| search(inner, statements));
        }
        Value::Array(items) => items.iter().for_each(|inner| search(inner, statements)),
        _ => {}
    }
}

/// S-15, P-14: Argo CD and what the chart relies on are installed in the versions that it was checked with; the Application is a
/// release of its own behind them, made from the file that the repository shows.
#[test]
fn s15_argo_cd_and_the_application() {
    let infra = infra();
    let version = |name: &str| text(infra.resource(&format!("helm_release.{name}")), "version");
    assert_eq!(
        (version("argo_cd"), version("keda"), version("karpenter")),
        (json!("10.1.1"), json!("2.20.2"), json!("1.14.1"))
    );
    let plugin = attribute(infra.resource("helm_release.nvidia_device_plugin").body(), "values").unwrap();
    // Its own affinity waits for labels that nothing here gives.
    assert!(hcl::format::to_string(plugin).unwrap().contains("karpenter.k8s.aws/instance-gpu-manufacturer"));
    for block in infra.blocks("resource").filter(|block| block.labels()[0].as_str() == "helm_release") {
        let local = text(block, "chart").as_str().is_some_and(|chart| chart.starts_with("${path.module}/"));
        assert!(local || text(block, "version").is_string(), "{} has no version", labels(block));
    }
    let application = infra.resource("helm_release.application");
    let after = text(application, "depends_on");
    for name in ["helm_release.argo_cd", "helm_release.keda", "helm_release.karpenter", "module.helm_values"] {
        assert!(after.as_array().unwrap().contains(&json!(name)), "{name}");
    }
    let file = hcl::format::to_string(infra.local("application")).unwrap();
    assert_eq!(file, r#"yamldecode(file("${path.module}/../helm/argo-application.yaml"))"#);
}

/// S-15: the chart that brings the Application into the cluster renders what it is given, and nothing without.
#[test]
fn s15_the_chart_of_manifests() {
    let chart = folder().join("charts/manifests");
    let application = std::fs::read_to_string(root().join("packages/helm/argo-application.yaml")).unwrap();
    let wanted = value(&application);
    let values = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(values.path(), json!({"manifests": [wanted]}).to_string()).unwrap();
    let run = |args: &[&str]| {
        let mut tool = Command::new(rhumb_platforms::Chart::program());
        let said = tool.args(args).arg(&chart).args(["-f", &values.path().display().to_string()]).output().unwrap();
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        String::from_utf8(said.stdout).unwrap()
    };
    assert!(run(&["lint", "--strict"]).contains("1 chart(s) linted, 0 chart(s) failed"));
    assert_eq!(value(&run(&["template", "stereo-spot-application"])), wanted);
}

/// S-11, S-12: the module that writes the chart's file is given every name, and the example has what it writes.
#[test]
fn s11_every_name_is_handed_over() {
    let infra = infra();
    let module = infra.blocks("module").find(|block| labels(block) == "helm_values").unwrap();
    let wanted = Module::read(&folder().join("modules/helm-values"));
    let wanted: BTreeSet<_> = wanted.blocks("variable").map(labels).collect();
    let given: BTreeSet<_> =
        module.body().attributes().map(|a| a.key().to_owned()).filter(|key| key != "source").collect();
    assert_eq!(given, wanted);
    let names = ["jobs", "segment_completions", "reassembly_triggered"];
    let tables = text(module, "tables");
    assert_eq!(tables.as_object().unwrap().len(), 3);
    for name in names {
        assert_eq!(tables[name], format!("aws_dynamodb_table.{name}.name"));
    }
    for (argument, form) in [
        ("queue_urls", r#"aws_sqs_queue.work["NAME"].url"#),
        ("images", r#"aws_ecr_repository.image["NAME"].repository_url"#),
        ("role_arns", r#"aws_iam_role.service_account["NAME"].arn"#),
        ("buckets", r#"aws_s3_bucket.media["NAME"].bucket"#),
    ] {
        for (key, given) in text(module, argument).as_object().unwrap() {
            assert_eq!(*given, form.replace("NAME", &key.replace('_', "-")), "{argument}");
        }
    }
}

/// S-24: AWS's warnings reach Karpenter by a queue, and GPU nodes are asked for with this cluster's name and node role.
#[test]
fn s24_interruptions() {
    let infra = infra();
    let kinds = literal(infra.local("interruptions"));
    let details: BTreeSet<_> =
        kinds.as_object().unwrap().values().map(|kind| kind["detail"].as_str().unwrap()).collect();
    for detail in
        ["EC2 Spot Instance Interruption Warning", "EC2 Instance Rebalance Recommendation", "AWS Health Event"]
    {
        assert!(details.contains(detail), "{detail}");
    }
    let target = infra.resource("aws_cloudwatch_event_target.interruption");
    assert_eq!(text(target, "arn"), "aws_sqs_queue.interruption.arn");
    let release =
        hcl::format::to_string(attribute(infra.resource("helm_release.karpenter").body(), "values").unwrap()).unwrap();
    assert!(release.contains("interruptionQueue = aws_sqs_queue.interruption.name"), "{release}");
    let values = hcl::format::to_string(infra.local("chart_values")).unwrap();
    assert!(
        values.contains("role = aws_iam_role.node.name") && values.contains("clusterName = aws_eks_cluster.this.name"),
        "{values}"
    );
    assert_eq!(text(infra.resource("aws_ec2_tag.discovery"), "key"), "karpenter.sh/discovery");
}
