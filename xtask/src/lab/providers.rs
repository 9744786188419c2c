//! The providers `aws` and `helm` of Terraform, with their schemas and nothing else: neither can be had here itself, but their bindings
//! for TypeScript are published (bindings.rs), and Terraform validates a configuration, and tries it with mocks, by schemas alone.

use std::path::{Path, PathBuf};
use std::process::Command;

use rhumb_testkit::lab::Part;
use serde_json::{Map, Value, json};

use super::bindings::{self, Binding};
use super::go;
use super::terraform::platform;

/// A provider, its version, its bindings' version, and whether it takes nested attributes. The part has the version of `aws`.
const PROVIDERS: &[(&str, &str, &str, bool)] =
    &[("aws", "6.25.0", "21.22.1", false), ("helm", "3.1.1", "12.1.2", true)];

/// What is kept of `aws`: all that begins so. It has 1,500 resources, and the largest have schemas of megabytes. Whoever adds a line
/// removes the part's folder from the cache.
const AWS: &[&str] = &[
    "provider",
    "cloudwatch-",
    "data-aws-availability-zone",
    "data-aws-caller-identity",
    "data-aws-eks-",
    "data-aws-iam-",
    "data-aws-partition",
    "data-aws-region",
    "data-aws-vpc",
    "default-",
    "dynamodb-",
    "ec2-tag",
    "ecr-",
    "eip",
    "eks-",
    "flow-log",
    "iam-",
    "internet-gateway",
    "kms-",
    "launch-template",
    "nat-gateway",
    "route",
    "s3-bucket",
    "security-group",
    "sns-topic",
    "sqs-",
    "subnet",
    "vpc",
];

/// Lays both out as `terraform init` finds them without a registry.
pub(super) fn build(part: &Part, folder: &Path) -> Result<(), String> {
    let workspace = go::Workspace::new("go 1.26\n\nrequire github.com/hashicorp/terraform-plugin-go v0.31.0\n")?;
    workspace.write("main.go", include_str!("provider.go"))?;
    let program = folder.join("program");
    workspace.build(".", "", &program)?;
    for (name, version, bindings, nested) in PROVIDERS {
        if *name == "aws" && *version != part.version {
            return Err(format!("{version} is not the version in rhumb_testkit::lab"));
        }
        let source = format!("registry.terraform.io/hashicorp/{name}");
        let place = folder.join(&source).join(version).join(platform()?);
        std::fs::create_dir_all(&place).map_err(|e| e.to_string())?;
        let schemas = schemas(&source, version, &unpacked(name, bindings)?, *nested)?;
        std::fs::write(place.join("schema.json"), schemas.to_string()).map_err(|e| e.to_string())?;
        let to = place.join(format!("terraform-provider-{name}_v{version}"));
        std::fs::copy(&program, to).map_err(|e| e.to_string())?;
    }
    std::fs::remove_file(program).map_err(|e| e.to_string())
}

/// The compiled files of a package that are wanted.
fn unpacked(name: &str, version: &str) -> Result<tempfile::TempDir, String> {
    let work = tempfile::tempdir().map_err(|e| e.to_string())?;
    let mut npm = Command::new("npm");
    npm.current_dir(work.path()).args(["pack", "--silent", &format!("@cdktf/provider-{name}@{version}")]);
    let archive = go::answer(npm)?.trim().to_owned();
    let mut tar = Command::new("tar");
    tar.current_dir(work.path()).args(["-tzf", &archive]);
    let wanted = |line: &&str| {
        let folder = line.strip_prefix("package/lib/").and_then(|rest| rest.strip_suffix("/index.js"));
        folder.is_some_and(|folder| name != "aws" || AWS.iter().any(|start| folder.starts_with(start)))
    };
    let files: Vec<String> = go::answer(tar)?.lines().filter(wanted).map(str::to_owned).collect();
    let mut tar = Command::new("tar");
    tar.current_dir(work.path()).args(["-xzf", &archive]).args(files);
    go::answer(tar)?;
    Ok(work)
}

fn schemas(source: &str, version: &str, folder: &tempfile::TempDir, nested: bool) -> Result<Value, String> {
    let error = |e: std::io::Error| e.to_string();
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder.path().join("package/lib")).map_err(error)? {
        files.push(entry.map_err(error)?.path().join("index.js"));
    }
    files.sort();
    let (mut resources, mut data, mut provider) = (Map::new(), Map::new(), Value::Null);
    for file in files {
        let told = |why: String| format!("{}: {why}", file.display());
        let text = bindings::source(&std::fs::read_to_string(&file).map_err(error)?).map_err(told)?;
        if !text.contains(&format!("/{version}/docs")) {
            return Err(told(format!("not of version {version}")));
        }
        let Binding { kind, name, block } = bindings::read(&text, nested).map_err(told)?;
        match kind {
            "resource" => drop(resources.insert(name, block)),
            "data" => drop(data.insert(name, block)),
            _ => provider = block,
        }
    }
    Ok(json!({"source": source, "provider": provider, "resources": resources, "data": data}))
}
