//! packages/aws-infra in the real Terraform, with the schemas of its providers as they were published (AWS 6.25.0, Helm 3.1.1). Where
//! Terraform or the schemas are missing, nothing is tried. What comes out is made and used in moto.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use rhumb_platforms::programs::{copy_but, words};
use rhumb_platforms::{live, root};
use rhumb_testkit::lab;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A copy of the two packages, with the providers found.
struct Workspace {
    folder: TempDir,
}

impl Workspace {
    fn new() -> Option<Workspace> {
        let terraform = Command::new("terraform").arg("version").env("CHECKPOINT_DISABLE", "1").output();
        let parts = terraform.ok().and_then(|_| Some((lab::TERRAFORM_PROVIDERS.path()?, lab::TERRAFORM_LOCAL.path()?)));
        let Some((schemas, local)) = parts else {
            assert!(!live(), "Terraform or its providers are not on this machine: cargo xtask lab");
            return None;
        };
        let workspace = Workspace { folder: tempfile::tempdir().expect("a folder") };
        // Only what is in Git enters: no state, no plugins of an earlier run.
        let is_terraforms = |name: &str| name.starts_with(".terraform") || name.contains(".tfstate");
        copy_but(&root().join("packages"), &workspace.folder.path().join("packages"), is_terraforms).expect("a copy");
        let mirror = |path: &Path, names: &[&str]| {
            let path = json!(path);
            format!("  filesystem_mirror {{\n    path    = {path}\n    include = {}\n  }}\n", json!(names))
        };
        let mirrors = mirror(&schemas, &["hashicorp/aws", "hashicorp/helm"]) + &mirror(&local, &["hashicorp/local"]);
        let settings = format!("provider_installation {{\n{mirrors}}}\n");
        std::fs::write(workspace.folder.path().join("terraformrc"), settings).expect("a file");
        let (passed, said) = workspace.terraform(&["init", "-backend=false", "-input=false"]);
        assert!(passed, "{said}");
        Some(workspace)
    }

    fn infra(&self) -> PathBuf {
        self.folder.path().join("packages/aws-infra")
    }

    fn terraform(&self, args: &[&str]) -> (bool, String) {
        let mut terraform = Command::new("terraform");
        terraform.current_dir(self.infra()).args(args).env("CHECKPOINT_DISABLE", "1").env("TF_CLI_ARGS", "-no-color");
        terraform.env("TF_CLI_CONFIG_FILE", self.folder.path().join("terraformrc"));
        let said = terraform.output().expect("Terraform");
        (said.status.success(), words(&said))
    }

    /// Terraform's complaints about one file changed, which is then as before.
    fn complaints(&self, file: &str, from: &str, to: &str) -> String {
        let path = self.infra().join(file);
        let text = std::fs::read_to_string(&path).expect("a file of Terraform");
        assert!(text.contains(from), "{file} has no {from}");
        std::fs::write(&path, text.replacen(from, to, 1)).expect("a file");
        let (passed, said) = self.terraform(&["validate", "-json"]);
        std::fs::write(&path, text).expect("a file");
        assert!(!passed, "{file}: {to:?} for {from:?} is taken");
        let said: Value = serde_json::from_str(&said).expect("JSON");
        let text = |said: &Value| said.as_str().unwrap_or_default().to_owned();
        let all = said["diagnostics"].as_array().expect("a list").iter();
        all.map(|one| format!("{}: {}\n", text(&one["summary"]), text(&one["detail"]))).collect()
    }
}

/// S-15, S-23: Terraform validates the whole: each resource, data source, argument, block, type and attribute that is named, and each
/// that is required, of both providers. What is wrong is refused, or the first half would say nothing.
#[test]
fn s15_terraform_validates_the_whole() {
    let Some(workspace) = Workspace::new() else { return };
    let (passed, said) = workspace.terraform(&["validate"]);
    let hint =
        "a type of AWS that is said not to be supported may be one that xtask/src/lab/providers.rs does not keep";
    assert!(passed && said.contains("The configuration is valid."), "{said}\n{hint}");
    for (file, from, to, wanted) in [
        ("sqs.tf", "receive_wait_time_seconds ", "receive_wait_seconds ", "Unsupported argument"),
        ("sqs.tf", "= 20\n", "= \"a while\"\n", "a number is required"),
        ("eks.tf", "role_arn  ", "#", "\"role_arn\" is required"),
        ("eks.tf", "oidc[0].issuer", "oidc[0].url", "does not have an attribute named \"url\""),
        ("eks.tf", "  update_config {", "  scaling_config {", "No more than 1 \"scaling_config\" blocks"),
        ("eks.tf", "  vpc_config {", "  access_config {", "At least 1 \"vpc_config\" blocks"),
        ("s3_events.tf", "  queue {", "  queues {", "Blocks of type \"queues\" are not expected here"),
        ("s3.tf", "media[\"input\"].id", "media[\"input\"].name", "named \"name\""),
        ("main.tf", "\"aws_partition\"", "\"aws_partitions\"", "does not support data source"),
        ("ecr.tf", "\"aws_ecr_repository\"", "\"aws_ecr_repo\"", "Invalid resource type"),
        ("addons.tf", "  atomic ", "  atomically ", "\"atomically\" is not expected here"),
        ("versions.tf", "      command  ", "      program  ", "attribute \"command\" is required"),
        ("versions.tf", "  default_tags {", "  tags {", "Blocks of type \"tags\" are not expected here"),
    ] {
        let said = workspace.complaints(file, from, to);
        assert!(said.contains(wanted), "{file}, {to:?} for {from:?}: {said}");
    }
}

/// What `terraform test` prints, line by line, run once for all.
fn tested() -> Option<&'static [Value]> {
    static SAID: OnceLock<Option<Vec<Value>>> = OnceLock::new();
    let run = || {
        let (_, said) = Workspace::new()?.terraform(&["test", "-json", "-verbose"]);
        Some(said.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {said}"))).collect())
    };
    SAID.get_or_init(run).as_deref()
}

/// S-11, S-12, S-15, S-23: Terraform's own tests (tests/*.tftest.hcl) plan and apply the whole with made-up answers of AWS: the file of
/// names is as the chart's example, events, dead letters, roles and the Application are as they should be, wrong variables are refused.
#[test]
fn s11_terraform_tests_pass() {
    let Some(said) = tested() else { return };
    let file = std::fs::read_to_string(root().join("packages/aws-infra/tests/platform.tftest.hcl")).unwrap();
    let runs = file.lines().filter(|line| line.starts_with("run \"")).count();
    let wrong: Vec<_> = said.iter().filter(|line| line["type"] == "diagnostic").collect();
    let summary = said.iter().find(|line| line["type"] == "test_summary").unwrap();
    assert_eq!(summary["test_summary"]["status"], "pass", "{wrong:#?}");
    assert!(runs > 8 && summary["test_summary"]["passed"] == runs, "{summary}");
}

/// S-23, P-03: buckets, queues, tables and roles, made in moto as they come out of Terraform: an upload is announced in the one queue, a
/// piece in the other, and nothing else is; after five tries a message is in its own dead-letter queue; the index gives finished jobs
/// by time and the table of pieces their order; and each workload reaches the objects that it works on, and no other.
#[test]
fn s23_aws_does_what_is_described() {
    let Some(said) = tested() else { return };
    let Some(moto) = lab::MOTO.path() else {
        assert!(!live(), "moto is not on this machine: cargo xtask lab");
        return;
    };
    let state = said.iter().find(|line| line["type"] == "test_state").unwrap();
    let resources = state["test_state"]["root_module"]["resources"].to_string();
    let mut python = Command::new("python3");
    python.arg(root().join("crates/platforms/tests/infra/in_moto.py")).env("PYTHONPATH", moto);
    python.env("PYTHONDONTWRITEBYTECODE", "1").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = python.spawn().unwrap();
    running.stdin.take().unwrap().write_all(resources.as_bytes()).unwrap();
    let output = running.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", words(&output));
    let facts: Value = serde_json::from_slice(&output.stdout).unwrap();
    let wanted = json!({
        "events": {
            "stereo-spot-chunking": ["input%2Fa%2Fsource.mp4"],
            "stereo-spot-video-worker": ["segments%2Fa%2F0.mp4"],
            "stereo-spot-reassembly": [],
        },
        "tries": {
            "stereo-spot-chunking": [5, true],
            "stereo-spot-video-worker": [5, true],
            "stereo-spot-reassembly": [5, true],
        },
        "ttl": {
            "stereo-spot-jobs": null,
            "stereo-spot-segment-completions": null,
            "stereo-spot-reassembly-triggered": "ttl",
        },
        "completed": ["j2", "j0"],
        "pieces": [1, 2, 10],
        "deleted": false,
        "rights": {
            "web-ui": ["put upload", "get final"],
            "media-worker": [
                "get upload", "put piece", "get converted", "get final", "put final", "list in", "list out",
            ],
            "video-worker": ["get piece", "put converted", "tag converted"],
            "keda": [],
            "karpenter": [],
        },
    });
    assert_eq!(facts, wanted);
}

/// The versions that are required are those of which the schemas are.
#[test]
fn versions_are_those_that_were_checked() {
    let text = std::fs::read_to_string(root().join("packages/aws-infra/versions.tf")).unwrap();
    let (major, rest) = lab::TERRAFORM_PROVIDERS.version.split_once('.').unwrap();
    let minor = rest.split('.').next().unwrap();
    assert!(text.contains(&format!("version = \"~> {major}.{minor}\"")), "{text}");
    let Some(schemas) = lab::TERRAFORM_PROVIDERS.path() else { return };
    let there = std::fs::read_dir(schemas.join("registry.terraform.io/hashicorp/helm")).unwrap();
    let there: Vec<_> = there.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let (minor, _) = there[0].rsplit_once('.').unwrap();
    assert!(text.contains(&format!("version = \"~> {minor}\"")), "{there:?}: {text}");
}
