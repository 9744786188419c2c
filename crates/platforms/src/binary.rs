//! Our own binary, of the same build as the test that asks for it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::SystemTime;

/// The program `rhumb` beside the running test. `cargo test --workspace` has built it already; where only this crate's tests are
/// built, it may be missing or older than its sources, and is built here. `RHUMB_BINARY` names another one.
pub(crate) fn ours() -> &'static Path {
    static OURS: OnceLock<PathBuf> = OnceLock::new();
    OURS.get_or_init(|| find().unwrap_or_else(|why| panic!("the program rhumb: {why}")))
}

fn find() -> Result<PathBuf, String> {
    if let Some(named) = std::env::var_os("RHUMB_BINARY") {
        return Ok(PathBuf::from(named));
    }
    let test = std::env::current_exe().map_err(|e| e.to_string())?;
    let folder = test.ancestors().find(|folder| folder.ends_with("deps")).and_then(Path::parent);
    let folder = folder.ok_or_else(|| format!("{} is in no target folder", test.display()))?;
    let program = folder.join(format!("rhumb{}", std::env::consts::EXE_SUFFIX));
    let built = modified(&program);
    if built.is_none_or(|built| newest(&crate::root().join("crates")) > built) {
        build(folder)?;
    }
    Ok(program)
}

fn build(folder: &Path) -> Result<(), String> {
    let name = folder.file_name().and_then(|name| name.to_str()).ok_or("no profile")?;
    let target = folder.parent().ok_or("no target folder")?;
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(crate::root()).args(["build", "--quiet", "--package=rhumb", "--bin=rhumb"]);
    cargo.args(["--profile", if name == "debug" { "dev" } else { name }]).arg("--target-dir").arg(target);
    let status = cargo.status().map_err(|e| format!("cargo: {e}"))?;
    if status.success() { Ok(()) } else { Err("cargo build failed".to_owned()) }
}

/// When the newest source below a folder was written; those of tests are not in the program.
fn newest(folder: &Path) -> SystemTime {
    let mut newest = SystemTime::UNIX_EPOCH;
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() {
            if !["tests", "golden", "platforms", "testkit"].iter().any(|other| name == *other) {
                newest = newest.max(self::newest(&path));
            }
        } else if path.extension().is_some_and(|ext| ext == "rs" || ext == "toml") {
            newest = newest.max(modified(&path).unwrap_or(newest));
        }
    }
    newest
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|data| data.modified()).ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_program_answers() {
        let answer = std::process::Command::new(super::ours()).arg("version").output().unwrap();
        assert!(answer.status.success());
    }
}
