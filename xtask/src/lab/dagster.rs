//! Dagster from PyPI, in an environment of its own.

use std::path::Path;
use std::process::Command;

use rhumb_testkit::lab::Part;

/// The version of the libraries that goes with a Dagster 1.13.27.
pub(super) const LIBRARIES: &str = "0.29.27";

/// Makes the environment.
pub(super) fn build(part: &Part, folder: &Path) -> Result<(), String> {
    run(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    let application = ["dagster", "dagster-webserver"].map(|name| format!("{name}=={}", part.version));
    let libraries = ["dagster-postgres", "dagster-k8s", "dagster-aws"].map(|name| format!("{name}=={LIBRARIES}"));
    run(Command::new(folder.join("bin/python"))
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args(application.iter().chain(&libraries)))?;
    moved(folder, &part.cached().ok_or("no cache folder")?)
}

/// The programs begin with the path of the environment's Python, and the folder will have another name.
fn moved(from: &Path, to: &Path) -> Result<(), String> {
    let error = |e: std::io::Error| e.to_string();
    let (from_text, to_text) = (format!("#!{}", from.display()), format!("#!{}", to.display()));
    for entry in std::fs::read_dir(from.join("bin")).map_err(error)? {
        let path = entry.map_err(error)?.path();
        if path.is_symlink() || path.is_dir() {
            continue;
        }
        let text = std::fs::read(&path).map_err(error)?;
        if let Some(rest) = text.strip_prefix(from_text.as_bytes()) {
            std::fs::write(&path, [to_text.as_bytes(), rest].concat()).map_err(error)?;
        }
    }
    Ok(())
}

fn run(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|e| format!("{}: {e}", command.get_program().display()))?;
    if status.success() { Ok(()) } else { Err(format!("{} failed", command.get_program().display())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_find_their_python_after_the_move() {
        let folder = tempfile::tempdir().unwrap();
        let bin = folder.path().join("bin");
        std::fs::create_dir_all(bin.join("__pycache__")).unwrap();
        let text = format!("#!{}/bin/python3\nimport re\n", folder.path().display());
        std::fs::write(bin.join("dagster"), text).unwrap();
        std::fs::write(bin.join("other"), "#!/bin/sh\n").unwrap();
        moved(folder.path(), Path::new("/new place")).unwrap();
        assert_eq!(std::fs::read_to_string(bin.join("dagster")).unwrap(), "#!/new place/bin/python3\nimport re\n");
        assert_eq!(std::fs::read_to_string(bin.join("other")).unwrap(), "#!/bin/sh\n");
    }
}
