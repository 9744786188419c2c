//! Parts that come as Go modules: published ones only, by the ordinary `go` command.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A module that requires another, in which programs of that other can be built though it replaces modules (`go install` refuses
/// these).
pub(super) struct Workspace {
    folder: tempfile::TempDir,
}

impl Workspace {
    /// Writes a go.mod with these lines behind the module's name.
    pub(super) fn new(lines: &str) -> Result<Workspace, String> {
        let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
        let text = format!("module lab\n\n{lines}");
        std::fs::write(folder.path().join("go.mod"), text).map_err(|e| e.to_string())?;
        Ok(Workspace { folder })
    }

    /// Writes a file of a program of its own.
    pub(super) fn source(&self, name: &str, text: &str) -> Result<(), String> {
        std::fs::write(self.folder.path().join(name), text).map_err(|e| e.to_string())
    }

    /// Writes a source of its own.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<(), String> {
        std::fs::write(self.folder.path().join(name), text).map_err(|e| e.to_string())
    }

    /// Builds a program without C, without debugging tables and without this machine's paths in it.
    pub(super) fn build(&self, package: &str, flags: &str, to: &Path) -> Result<(), String> {
        let mut go = command(self.folder.path());
        go.args(["build", "-trimpath", "-ldflags", &format!("-s -w {flags}"), "-o"]).arg(to).arg(package);
        answer(go).map(drop)
    }
}

/// Builds a program in its own published module, which replaces modules by published ones: with exactly its versions and sums.
pub(super) fn build_in(sources: &Path, package: &str, flags: &str, to: &Path) -> Result<(), String> {
    let mut go = command(sources);
    go.env("GOFLAGS", "-mod=readonly -buildvcs=false");
    go.args(["build", "-trimpath", "-ldflags", &format!("-s -w {flags}"), "-o"]).arg(to).arg(package);
    answer(go).map(drop)
}

/// Builds a program of a published module that can be installed as it is, into a folder.
pub(super) fn install(package: &str, version: &str, folder: &Path) -> Result<(), String> {
    let mut go = command(folder);
    go.env("GOBIN", folder).args(["install", "-trimpath", &format!("{package}@{version}")]);
    answer(go).map(drop)
}

/// The folder of a module's sources, downloaded first where it is missing.
pub(super) fn download(module: &str, version: &str) -> Result<PathBuf, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let mut go = command(folder.path());
    go.args(["mod", "download", "-json", &format!("{module}@{version}")]);
    let said: serde_json::Value = serde_json::from_str(&answer(go)?).map_err(|e| e.to_string())?;
    said["Dir"].as_str().map(PathBuf::from).ok_or_else(|| format!("go mod download {module}@{version}: {said}"))
}

fn command(folder: &Path) -> Command {
    let mut go = Command::new("go");
    go.current_dir(folder).env("CGO_ENABLED", "0").env("GOWORK", "off").env("GOFLAGS", "-mod=mod -buildvcs=false");
    go
}

/// What a program says on standard output, or the last lines of what it says on the other.
pub(super) fn answer(mut go: Command) -> Result<String, String> {
    let output = go.output().map_err(|e| format!("go: {e}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let end: Vec<_> = said.lines().rev().take(20).collect();
        return Err(end.into_iter().rev().collect::<Vec<_>>().join("\n"));
    }
    String::from_utf8(output.stdout).map_err(|e| e.to_string())
}
