//! A case's input files, put into its folder.

use crate::case::{Case, Content};
use std::io;
use std::path::{Component, Path};

/// The Chart.yaml that the chart `demo` has where a case does not give one.
const CHART: &str = "apiVersion: v2\nname: demo\nversion: 0.1.0\n";

/// Writes all input files of a case below `root`.
pub fn unpack(case: &Case, root: &Path) -> io::Result<()> {
    if !case.files.iter().any(|file| file.path == "demo/Chart.yaml") {
        put(root, "demo/Chart.yaml", CHART.as_bytes())?;
    }
    for file in &case.files {
        match &file.content {
            Content::Bytes(bytes) => put(root, &file.path, bytes)?,
            Content::Link(target) => link(target, &place(root, &file.path)?)?,
            Content::Pack(folder) => pack(root, folder, &place(root, &file.path)?)?,
            Content::Nothing => {}
        }
    }
    Ok(())
}

/// Writes one file below `root`; one that begins with `#!` may be run.
pub fn put(root: &Path, path: &str, bytes: &[u8]) -> io::Result<()> {
    let full = place(root, path)?;
    std::fs::write(&full, bytes)?;
    if bytes.starts_with(b"#!") { allow_running(&full) } else { Ok(()) }
}

#[cfg(unix)]
fn allow_running(file: &Path) -> io::Result<()> {
    std::fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o755))
}

#[cfg(not(unix))]
fn allow_running(_: &Path) -> io::Result<()> {
    Ok(())
}

fn place(root: &Path, path: &str) -> io::Result<std::path::PathBuf> {
    let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    if !inside {
        return Err(io::Error::other(format!("a case writes outside its folder: {path}")));
    }
    let full = root.join(path);
    if let Some(parent) = full.parent() {
        std::fs::create_dir_all(parent)?;
    }
    Ok(full)
}

#[cfg(unix)]
fn link(target: &str, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, at)
}

#[cfg(not(unix))]
fn link(_: &str, _: &Path) -> io::Result<()> {
    Err(io::Error::other("cases with links run on Unix only"))
}

/// A gzipped tar whose members are the folder's files under the folder's last name, in sorted order.
fn pack(root: &Path, folder: &str, at: &Path) -> io::Result<()> {
    let encoder = flate2::write::GzEncoder::new(std::fs::File::create(at)?, flate2::Compression::fast());
    let mut archive = tar::Builder::new(encoder);
    archive.mode(tar::HeaderMode::Deterministic);
    let source = root.join(folder);
    let name = source.file_name().map(Path::new).unwrap_or(Path::new("chart")).to_owned();
    for path in files(&source)? {
        archive.append_path_with_name(source.join(&path), name.join(&path))?;
    }
    archive.into_inner()?.finish()?;
    Ok(())
}

/// All files below a folder as paths relative to it, sorted; links are not followed.
pub(crate) fn files(folder: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![std::path::PathBuf::new()];
    while let Some(part) = open.pop() {
        for entry in std::fs::read_dir(folder.join(&part))? {
            let entry = entry?;
            let path = part.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                open.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
