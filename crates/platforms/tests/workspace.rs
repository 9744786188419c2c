//! The workspace around the stereo-spot chart: Nx's targets, and the values file that Terraform writes. Real Nx and real Terraform,
//! in a copy of the workspace; without them (`cargo xtask lab`) there are no trials.

#[path = "infra/apply.rs"]
mod apply;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use apply::is_terraforms;
use libtest_mimic::{Arguments, Failed, Trial};
use rhumb_platforms::programs::{copy_but, words};
use rhumb_platforms::{Chart, live, root, value};
use rhumb_testkit::lab;
use serde_json::{Value, json};
use tempfile::TempDir;

const VALUES: &str = "packages/helm/values-from-terraform.yaml";

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    match lab::NX.path() {
        Some(nx) => trials.extend(with_nx(&nx)),
        None => assert!(!live(), "Nx is not on this machine: cargo xtask lab"),
    }
    match lab::TERRAFORM_LOCAL.path().filter(|_| Command::new("terraform").arg("version").output().is_ok()) {
        Some(mirror) => trials.extend(with_terraform(&mirror)),
        None => assert!(!live(), "Terraform or its provider is not on this machine: cargo xtask lab"),
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

type Try = fn(&Workspace) -> Result<(), Failed>;

fn with_nx(nx: &Path) -> Vec<Trial> {
    let all: &[(&str, Try)] = &[
        ("s16 check tells how to get the file, and never reports a stale success", s16_check),
        ("s17 lint needs nothing, template depends on check and writes a file", s17_targets),
        ("s17 a failed render leaves the last one", s17_whole_or_not),
        ("s18 a change of aws-infra affects helm", s18_affected),
    ];
    let trial = |(name, run): &(&str, Try)| {
        let (nx, run) = (nx.to_owned(), *run);
        Trial::test(*name, move || run(&Workspace::new(&nx)?))
    };
    all.iter().map(trial).collect()
}

/// A copy of the workspace with a history of one commit.
struct Workspace {
    folder: TempDir,
}

impl Workspace {
    fn new(nx: &Path) -> Result<Workspace, Failed> {
        let workspace = Workspace { folder: tempfile::tempdir()? };
        let to = workspace.folder.path();
        for file in ["nx.json", "package.json", ".gitignore"] {
            std::fs::copy(root().join(file), to.join(file))?;
        }
        copy_but(&root().join("packages"), &to.join("packages"), is_terraforms)?;
        let _ = std::fs::remove_file(to.join(VALUES));
        std::os::unix::fs::symlink(nx.join("node_modules"), to.join("node_modules"))?;
        for args in [
            &["init", "--quiet", "--initial-branch=main"][..],
            &["add", "--all"],
            &["-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "--quiet", "--message=all"],
        ] {
            let said = Command::new("git").current_dir(to).args(args).output()?;
            if !said.status.success() {
                return Err(words(&said).into());
            }
        }
        Ok(workspace)
    }

    fn nx(&self, args: &[&str]) -> Result<(bool, String), Failed> {
        let mut command = Command::new("node");
        command.current_dir(self.folder.path()).arg("node_modules/nx/bin/nx.js").args(args);
        command.env("NX_DAEMON", "false").env("NX_TUI", "false").env("NX_NO_CLOUD", "true").env("CI", "1");
        command.env("NO_COLOR", "1").env("CHART_TOOL", Chart::program());
        let folder = self.folder.path().join(".nx");
        command.env("NX_CACHE_DIRECTORY", folder.join("cache")).env("NX_WORKSPACE_DATA_DIRECTORY", folder.join("data"));
        let said = command.output()?;
        Ok((said.status.success(), words(&said)))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Lays the example where Terraform would write.
    fn with_values(&self) -> Result<(), Failed> {
        std::fs::copy(self.path("packages/helm/values-from-terraform.example.yaml"), self.path(VALUES))?;
        Ok(())
    }
}

/// S-16, P-12: without the file it fails and says how to get it; with it, it succeeds, the second time out of the cache; and once
/// the file is gone it fails again, whatever the cache holds.
fn s16_check(workspace: &Workspace) -> Result<(), Failed> {
    let (passed, said) = workspace.nx(&["run", "helm:check"])?;
    ensure(!passed && said.contains("nx run aws-infra:terraform-apply"), &said)?;
    workspace.with_values()?;
    let (passed, said) = workspace.nx(&["run", "helm:check"])?;
    ensure(passed && !said.contains("from the cache"), &said)?;
    let (passed, said) = workspace.nx(&["run", "helm:check"])?;
    ensure(passed && said.contains("from the cache"), &said)?;
    std::fs::remove_file(workspace.path(VALUES))?;
    let (passed, said) = workspace.nx(&["run", "helm:check"])?;
    ensure(!passed && said.contains("nx run aws-infra:terraform-apply"), &said)
}

/// S-17: each target as the table of the README says; a change of the chart or of Terraform's values renders anew.
fn s17_targets(workspace: &Workspace) -> Result<(), Failed> {
    let (passed, said) = workspace.nx(&["run", "helm:lint"])?;
    ensure(passed && said.contains("1 chart(s) linted, 0 chart(s) failed"), &said)?;
    let (passed, said) = workspace.nx(&["run", "helm:template"])?;
    ensure(!passed && said.contains("helm:check"), &said)?;
    workspace.with_values()?;
    let (passed, said) = workspace.nx(&["run", "helm:template"])?;
    ensure(passed && said.contains("nx run helm:check"), &said)?;
    let rendered = workspace.path("packages/helm/rendered-manifests.yaml");
    let first = std::fs::read_to_string(&rendered)?;
    let kinds = first.lines().filter(|line| *line == "kind: ScaledObject").count();
    ensure(kinds == 2, &first)?;
    std::fs::remove_file(&rendered)?;
    let (_, said) = workspace.nx(&["run", "helm:template"])?;
    ensure(said.contains("from the cache") && std::fs::read_to_string(&rendered)? == first, &said)?;
    let values = std::fs::read_to_string(workspace.path(VALUES))?;
    std::fs::write(workspace.path(VALUES), values.replace("stereo-spot-jobs", "other-jobs"))?;
    let (_, said) = workspace.nx(&["run", "helm:template"])?;
    ensure(std::fs::read_to_string(&rendered)?.contains("other-jobs"), &said)?;
    let (_, said) = workspace.nx(&["show", "project", "helm", "--json"])?;
    let project: Value = serde_json::from_str(said.trim())?;
    ensure(project["targets"]["template"]["dependsOn"] == json!(["check"]), &said)?;
    ensure(project["targets"]["validate"]["dependsOn"] == json!(["template"]), &said)?;
    ensure(project["targets"]["validate"]["cache"].as_bool() != Some(true), &said)
}

/// S-17: values that the chart refuses make the target fail, and the last good render stays whole.
fn s17_whole_or_not(workspace: &Workspace) -> Result<(), Failed> {
    workspace.with_values()?;
    let (passed, said) = workspace.nx(&["run", "helm:template"])?;
    ensure(passed, &said)?;
    let rendered = workspace.path("packages/helm/rendered-manifests.yaml");
    let before = std::fs::read(&rendered)?;
    std::fs::write(workspace.path(VALUES), "typo: 1\n")?;
    let (passed, said) = workspace.nx(&["run", "helm:template"])?;
    ensure(!passed && said.contains("additional properties 'typo' not allowed"), &said)?;
    ensure(std::fs::read(&rendered)? == before, "another render")?;
    ensure(!workspace.path("packages/helm/rendered-manifests.yaml.new").exists(), "a half is left")
}

/// S-18: helm is affected by a change of aws-infra, and by one of its own, and not by one elsewhere.
fn s18_affected(workspace: &Workspace) -> Result<(), Failed> {
    let affected =
        |file: &str| workspace.nx(&["show", "projects", "--affected", "-t", "template", &format!("--files={file}")]);
    for file in ["packages/aws-infra/modules/helm-values/outputs.tf", "packages/helm/values.yaml"] {
        let (_, said) = affected(file)?;
        ensure(said.lines().any(|line| line.trim() == "helm"), &format!("{file}: {said}"))?;
    }
    let (_, said) = affected("README.md")?;
    ensure(!said.lines().any(|line| line.trim() == "helm"), &said)
}

fn with_terraform(mirror: &Path) -> Vec<Trial> {
    let (first, second, third) = (mirror.to_owned(), mirror.to_owned(), mirror.to_owned());
    vec![
        Trial::test("s11 terraform apply writes the eight names and the region, and the chart takes them", move || {
            s11_keys(&first)
        }),
        Trial::test("s13 texts that look like something else stay texts", move || s13_hostile(&second)),
        Trial::test("s12 the same file has image repositories and roles", move || s12_images(&third)),
    ]
}

const QUEUES: &str = r#"{
  chunking     = "https://sqs.eu-central-1.amazonaws.com/123456789012/chunking"
  video_worker = "https://sqs.eu-central-1.amazonaws.com/123456789012/video-worker"
  reassembly   = "https://sqs.eu-central-1.amazonaws.com/123456789012/reassembly"
}"#;

/// What `terraform apply` of the module writes for these names, and the lines that are asked for besides.
fn apply(mirror: &Path, names: [&str; 5], more: &str) -> Result<(TempDir, String), Failed> {
    let [input, output, jobs, completions, triggered] = names.map(|name| json!(name).to_string());
    apply::apply(
        mirror,
        &format!(
            "region = \"eu-central-1\"\nqueue_urls = {QUEUES}\nbuckets = {{ input = {input}, output = {output} }}\n\
             tables = {{ jobs = {jobs}, segment_completions = {completions}, reassembly_triggered = {triggered} }}\n{more}",
        ),
    )
}

/// S-11, S-04, S-10, E-04: exactly the seed's keys, and a chart that renders with them as Argo CD would.
fn s11_keys(mirror: &Path) -> Result<(), Failed> {
    let (folder, text) = apply(mirror, ["in", "out", "jobs", "completions", "triggered"], "")?;
    let queue = |name: &str| format!("https://sqs.eu-central-1.amazonaws.com/123456789012/{name}");
    let wanted = json!({
        "global": {"awsRegion": "eu-central-1"},
        "aws": {
            "inputBucketName": "in", "outputBucketName": "out", "jobsTableName": "jobs",
            "segmentCompletionsTableName": "completions", "reassemblyTriggeredTableName": "triggered",
        },
        "queues": {"chunking": queue("chunking"), "videoWorker": queue("video-worker"), "reassembly": queue("reassembly")},
    });
    ensure(value(&text) == wanted, &text)?;
    let file = folder.path().join("values.yaml").display().to_string();
    let objects = Chart::STEREO_SPOT.render(&["-f", "values.yaml", "-f", &file]);
    ensure(objects.count("ScaledObject") == 2, &objects.text)?;
    let trigger = &objects.get("ScaledObject", "video-worker")["spec"]["triggers"][0]["metadata"]["queueURL"];
    ensure(*trigger == json!(queue("video-worker")), &objects.text)
}

/// S-13, P-11: names that YAML would read as a boolean, a number or nothing reach the pods as they are.
fn s13_hostile(mirror: &Path) -> Result<(), Failed> {
    let names = ["on", "1e3", "123456789012", "null", "0x10"];
    let (folder, text) = apply(mirror, names, "")?;
    let aws = value(&text)["aws"].clone();
    let keys = [
        "inputBucketName",
        "outputBucketName",
        "jobsTableName",
        "segmentCompletionsTableName",
        "reassemblyTriggeredTableName",
    ];
    ensure(keys.map(|key| aws[key].clone()) == names.map(Value::from), &text)?;
    let file = folder.path().join("values.yaml").display().to_string();
    let objects = Chart::STEREO_SPOT.render(&["-f", &file]);
    let map = &objects.get("ConfigMap", "stereo-spot-resources")["data"];
    ensure(map["INPUT_BUCKET_NAME"] == "on" && map["OUTPUT_BUCKET_NAME"] == "1e3", &map.to_string())
}

/// S-12, P-03: repositories without a tag, and a role for each service account.
fn s12_images(mirror: &Path) -> Result<(), Failed> {
    let each = |form: &str| {
        ["web_ui", "media_worker", "video_worker"]
            .map(|name| format!("  {name} = \"{}\"\n", form.replace("NAME", &name.replace('_', "-"))))
            .concat()
    };
    let images = each("123456789012.dkr.ecr.eu-central-1.amazonaws.com/stereo-spot-NAME");
    let roles = each("arn:aws:iam::123456789012:role/stereo-spot-NAME");
    let more = format!("images = {{\n{images}}}\nrole_arns = {{\n{roles}}}\n");
    let (folder, _) = apply(mirror, ["in", "out", "jobs", "completions", "triggered"], &more)?;
    let file = folder.path().join("values.yaml").display().to_string();
    let objects = Chart::STEREO_SPOT.render(&["-f", &file, "--set", "image.tag=abc1234"]);
    for name in ["web-ui", "media-worker", "video-worker"] {
        let image = objects.get("Deployment", name)["spec"]["template"]["spec"]["containers"][0]["image"].clone();
        let wanted = format!("123456789012.dkr.ecr.eu-central-1.amazonaws.com/stereo-spot-{name}:abc1234");
        ensure(image == wanted, &image.to_string())?;
        let account =
            objects.get("ServiceAccount", name)["metadata"]["annotations"]["eks.amazonaws.com/role-arn"].clone();
        ensure(account == format!("arn:aws:iam::123456789012:role/stereo-spot-{name}"), &account.to_string())?;
    }
    Ok(())
}

fn ensure(holds: bool, said: &str) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(said.into()) }
}
