//! Checkov from PyPI.

use std::path::Path;
use std::process::Command;

use rhumb_testkit::lab::Part;

/// Unpacks it, and what it needs, into the folder: `PYTHONPATH` finds it there.
pub(super) fn build(part: &Part, folder: &Path) -> Result<(), String> {
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target"]).arg(folder);
    pip.arg(format!("checkov=={}", part.version));
    super::go::answer(pip).map(drop)
}
