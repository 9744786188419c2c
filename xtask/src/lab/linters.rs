//! `yamllint` and `yamale` from PyPI.

use std::path::Path;
use std::process::Command;

use rhumb_testkit::lab::Part;

/// The version of yamale; the part has that of yamllint.
const YAMALE: &str = "6.1.0";

/// Unpacks both, and what they need, into the folder: `PYTHONPATH` finds them there.
pub(super) fn build(part: &Part, folder: &Path) -> Result<(), String> {
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target"]).arg(folder);
    pip.args([format!("yamllint=={}", part.version), format!("yamale=={YAMALE}")]);
    let status = pip.status().map_err(|e| format!("python3: {e}"))?;
    if status.success() { Ok(()) } else { Err("pip failed".to_owned()) }
}
