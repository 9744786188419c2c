//! A real `terraform apply` of the module that writes the chart's values.

use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;
use rhumb_platforms::programs::{copy_but, words};
use rhumb_platforms::root;
use serde_json::json;
use tempfile::TempDir;

/// The folder of `values.yaml`, and its text, for these variables. The mirror is that of the lab.
pub(crate) fn apply(mirror: &Path, variables: &str) -> Result<(TempDir, String), Failed> {
    let folder = tempfile::tempdir()?;
    let (module, values) = (folder.path().join("module"), folder.path().join("values.yaml"));
    copy_but(&root().join("packages/aws-infra/modules/helm-values"), &module, is_terraforms)?;
    std::fs::write(module.join("terraform.tfvars"), format!("path = {}\n{variables}", json!(values)))?;
    let settings = format!("provider_installation {{\n  filesystem_mirror {{ path = {} }}\n}}\n", json!(mirror));
    std::fs::write(folder.path().join("terraformrc"), settings)?;
    for args in [&["init", "-no-color", "-input=false"][..], &["apply", "-no-color", "-auto-approve", "-input=false"]] {
        let mut terraform = Command::new("terraform");
        terraform.current_dir(&module).args(args).env("TF_CLI_CONFIG_FILE", folder.path().join("terraformrc"));
        let said = terraform.env("CHECKPOINT_DISABLE", "1").output()?;
        if !said.status.success() {
            return Err(words(&said).into());
        }
    }
    let text = std::fs::read_to_string(values)?;
    Ok((folder, text))
}

/// What Terraform leaves behind.
pub(crate) fn is_terraforms(name: &str) -> bool {
    name.starts_with(".terraform") || name.contains(".tfstate")
}
