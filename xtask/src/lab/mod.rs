//! `lab`: the outside parts that tests of our charts need, into the cache folder, each built only where it is missing.
//!
//! A part is its name and version in `rhumb_testkit::lab`, a file here that builds it into a folder, and a line in [`all`].

mod actionlint;
mod bindings;
mod checkov;
mod collector;
mod containerd;
mod coredns;
mod crds;
mod dagster;
mod etcd;
mod go;
mod helm;
mod images;
mod keda;
mod kubernetes;
mod linters;
mod moto;
mod nx;
mod providers;
mod registry;
mod terraform;

use std::path::Path;
use std::time::Instant;

use rhumb_testkit::lab::{self, Part};

/// Puts a part into an empty folder.
type Build = fn(&Part, &Path) -> Result<(), String>;

/// Every part and who builds it.
fn all() -> Vec<(Part, Build)> {
    let mut all: Vec<(Part, Build)> = vec![
        (lab::KUBERNETES, kubernetes::build),
        (lab::ETCD, etcd::build),
        (lab::COLLECTOR, collector::build),
        (lab::DAGSTER, dagster::build),
        (lab::NX, nx::build),
        (lab::TERRAFORM_LOCAL, terraform::build),
        (lab::TERRAFORM_PROVIDERS, providers::build),
        (lab::REGISTRY, registry::build),
        (lab::LINTERS, linters::build),
        (lab::ACTIONLINT, actionlint::build),
        (lab::CHECKOV, checkov::build),
        (lab::MOTO, moto::build),
    ];
    all.extend(lab::HELMS.iter().map(|part| (*part, helm::build as Build)));
    all.extend(lab::CRDS.iter().map(|part| (*part, crds::build as Build)));
    all
}

/// What running workloads take besides, and who builds it. Only `cargo xtask e2e` needs these parts, so only it and their names get them.
fn node() -> Vec<(Part, Build)> {
    vec![
        (lab::KUBERNETES_NODE, kubernetes::node),
        (lab::CONTAINERD, containerd::build),
        (lab::COREDNS, coredns::build),
        (lab::IMAGES, images::build),
        (lab::KEDA, keda::build),
    ]
}

/// Gets all parts but these, or those named, and says where each is.
pub(crate) fn run(names: &[&str]) -> Result<(), String> {
    let mut all = all();
    if !names.is_empty() {
        all.extend(node());
    }
    if let Some(name) = names.iter().find(|name| !all.iter().any(|(part, _)| part.name == **name)) {
        let known: Vec<_> = all.iter().map(|(part, _)| part.name).collect();
        return Err(format!("no part of the lab is called {name}; there are {}", known.join(", ")));
    }
    for (part, build) in all.iter().filter(|(part, _)| names.is_empty() || names.contains(&part.name)) {
        let start = Instant::now();
        let folder = part.cached().ok_or("neither XDG_CACHE_HOME nor HOME is set")?;
        if !folder.is_dir() {
            get(part, *build, &folder).map_err(|why| format!("{} {}: {why}", part.name, part.version))?;
            println!("{} in {} s", folder.display(), start.elapsed().as_secs());
        } else {
            println!("{}", folder.display());
        }
    }
    Ok(())
}

/// The parts that are not on this machine.
pub(crate) fn missing() -> Vec<Part> {
    all().into_iter().map(|(part, _)| part).filter(|part| part.path().is_none()).collect()
}

/// Builds beside the place and moves it there whole, so that a run which is ended half-way leaves nothing that looks finished.
fn get(part: &Part, build: Build, folder: &Path) -> Result<(), String> {
    let above = folder.parent().ok_or("no cache folder")?;
    std::fs::create_dir_all(above).map_err(|e| e.to_string())?;
    let fresh = tempfile::Builder::new().prefix(".new-").tempdir_in(above).map_err(|e| e.to_string())?;
    build(part, fresh.path())?;
    let fresh = fresh.keep();
    match std::fs::rename(&fresh, folder) {
        Ok(()) => readable(folder),
        // Another run was faster.
        Err(_) if folder.is_dir() => std::fs::remove_dir_all(&fresh).map_err(|e| e.to_string()),
        Err(e) => Err(e.to_string()),
    }
}

#[cfg(unix)]
fn readable(folder: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).map_err(|e| e.to_string())
}

#[cfg(not(unix))]
fn readable(_: &Path) -> Result<(), String> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PART: Part = Part { name: "x", version: "1", gives: "" };

    #[test]
    fn names_are_different() {
        let mut names: Vec<_> = all().into_iter().chain(node()).map(|(part, _)| part.name).collect();
        names.sort_unstable();
        let before = names.len();
        names.dedup();
        assert_eq!(names.len(), before);
        assert!(run(&["nosuch"]).unwrap_err().contains("kubernetes"));
    }

    #[test]
    fn a_part_is_there_whole_or_not_at_all() {
        let base = tempfile::tempdir().unwrap();
        let folder = base.path().join("lab/x-1");
        let fails: Build = |_, folder| {
            std::fs::write(folder.join("half"), "").unwrap();
            Err("no".to_owned())
        };
        assert_eq!(get(&PART, fails, &folder), Err("no".to_owned()));
        assert_eq!(std::fs::read_dir(base.path().join("lab")).unwrap().count(), 0);
        let works: Build = |_, folder| std::fs::write(folder.join("whole"), "").map_err(|e| e.to_string());
        get(&PART, works, &folder).unwrap();
        get(&PART, works, &folder).unwrap();
        assert!(folder.join("whole").is_file());
        assert_eq!(std::fs::read_dir(base.path().join("lab")).unwrap().count(), 1);
    }
}
