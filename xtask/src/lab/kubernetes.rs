//! Kubernetes: `kube-apiserver` and `kubectl`; and what a node takes besides.

use std::path::Path;

use rhumb_testkit::lab::Part;

use super::go;

const MODULE: &str = "k8s.io/kubernetes";

/// Builds what answers questions about objects.
pub(super) fn build(part: &Part, folder: &Path) -> Result<(), String> {
    programs(part, folder, &["kubectl", "kube-apiserver"])
}

/// Builds what makes pods of the objects, and runs them.
pub(super) fn node(part: &Part, folder: &Path) -> Result<(), String> {
    programs(part, folder, &["kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy"])
}

/// Builds programs, with their version stamped: otherwise they say v0.0.0, and clients believe it.
fn programs(part: &Part, folder: &Path, names: &[&str]) -> Result<(), String> {
    let version = format!("v{}", part.version);
    let sources = go::download(MODULE, &version)?;
    let manifest = std::fs::read_to_string(sources.join("go.mod")).map_err(|e| e.to_string())?;
    let workspace = go::Workspace::new(&manifest_lines(&manifest, &version)?)?;
    let flags = flags(&version)?;
    for program in names {
        workspace.build(&format!("{MODULE}/cmd/{program}"), &flags, &folder.join(program))?;
    }
    Ok(())
}

/// Kubernetes' own manifest takes its libraries from folders beside it, which the published module lacks: they are published as
/// modules of their own, v0.X.Y for v1.X.Y.
fn manifest_lines(manifest: &str, version: &str) -> Result<String, String> {
    let go = manifest.lines().find(|line| line.starts_with("go ")).ok_or("its go.mod names no version of Go")?;
    let libraries = format!("v0.{}", version.trim_start_matches("v1."));
    let replaced = manifest.lines().filter_map(|line| line.trim().split_once(" => ./staging/"));
    let replaces = replaced.map(|(name, _)| format!("replace {name} => {name} {libraries}\n"));
    Ok(format!("{go}\n\nrequire {MODULE} {version}\n\n{}", replaces.collect::<String>()))
}

fn flags(version: &str) -> Result<String, String> {
    let mut parts = version.trim_start_matches('v').split('.');
    let (Some(major), Some(minor)) = (parts.next(), parts.next()) else { return Err(format!("no version: {version}")) };
    let stamps = [("gitVersion", version), ("gitMajor", major), ("gitMinor", minor), ("gitTreeState", "clean")];
    Ok(stamps.map(|(name, value)| format!("-X k8s.io/component-base/version.{name}={value}")).join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_come_from_their_own_modules() {
        let manifest = "module k8s.io/kubernetes\n\ngo 1.26.0\n\nrequire (\n\tk8s.io/api v0.0.0\n)\n\nreplace (\n\tk8s.io/api => ./staging/src/k8s.io/api\n)\n";
        assert_eq!(
            manifest_lines(manifest, "v1.36.3").unwrap(),
            "go 1.26.0\n\nrequire k8s.io/kubernetes v1.36.3\n\nreplace k8s.io/api => k8s.io/api v0.36.3\n"
        );
        assert!(flags("v1.36.3").unwrap().contains("gitMinor=36"));
    }
}
