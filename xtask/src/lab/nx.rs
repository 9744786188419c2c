//! Nx, out of the repository's own lock file.

use std::path::Path;
use std::process::Command;

use rhumb_testkit::lab::Part;

/// Installs it as a user would, away from the checkout.
pub(super) fn build(part: &Part, folder: &Path) -> Result<(), String> {
    let root = crate::root();
    for file in ["package.json", "package-lock.json", ".npmrc"] {
        std::fs::copy(root.join(file), folder.join(file)).map_err(|e| format!("{file}: {e}"))?;
    }
    let mut npm = Command::new("npm");
    npm.current_dir(folder).args(["ci", "--loglevel=error"]);
    super::go::answer(npm)?;
    let about = folder.join("node_modules/nx/package.json");
    let text = std::fs::read_to_string(&about).map_err(|e| format!("{}: {e}", about.display()))?;
    let about: serde_json::Value = serde_json::from_str(&text).map_err(|e| e.to_string())?;
    if about["version"] == part.version {
        return Ok(());
    }
    Err(format!("package-lock.json has {}: say so in rhumb_testkit::lab too", about["version"]))
}
