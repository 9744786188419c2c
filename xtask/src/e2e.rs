//! `e2e`: the charts' pods, run on a real node.
//!
//! Not a part of what every change must pass: it takes root, control groups and minutes.

use std::path::Path;
use std::process::Command;

use rhumb_testkit::lab::{self, Part};

/// What tests take besides a node.
const NEEDS: &[(&str, &[Part])] = &[
    ("e2e_floe_hooks", &[lab::IMAGES, lab::COLLECTOR]),
    ("e2e_floe_platform", &[lab::IMAGES, lab::COLLECTOR]),
    ("e2e_stereo_spot_scaling", &[lab::KEDA, lab::MOTO, lab::TERRAFORM_LOCAL]),
];

/// Gets what is missing, and runs the tests of these names, or all.
pub(crate) fn run(names: &[&str]) -> Result<(), String> {
    let tests = tests(names);
    packages()?;
    crate::reference::run()?;
    crate::lab::run(&parts(&tests))?;
    let mut cargo = crate::pure::cargo(&crate::root());
    cargo.args(["test", "--locked", "--no-fail-fast", "--package=rhumb-platforms", "--features=node"]);
    cargo.args(tests.iter().map(|name| format!("--test={name}")));
    // What is missing is a failure.
    cargo.env("RHUMB_LIVE", "1");
    done(cargo)
}

/// The tests' names as cargo takes them.
fn tests(names: &[&str]) -> Vec<String> {
    match names {
        [] => vec!["e2e_*".to_owned()],
        names => names.iter().map(|name| format!("e2e_{}", name.trim_start_matches("e2e_"))).collect(),
    }
}

/// The parts of the lab that these tests take.
fn parts(tests: &[String]) -> Vec<&'static str> {
    let asked = |test: &str| tests.iter().any(|name| name == test || name.ends_with('*'));
    let more = NEEDS.iter().filter(|(test, _)| asked(test)).flat_map(|(_, parts)| *parts);
    let lists = lab::CRDS.iter().chain(lab::HELMS).filter(|_| asked("e2e_stereo_spot_scaling"));
    lab::NODE_PARTS.iter().chain(more).chain(lists).map(|part| part.name).collect()
}

/// Debian's programs: installed here by who may, on a Debian.
fn packages() -> Result<(), String> {
    // Images are made of Debian's packages, once.
    let images = [("/usr/sbin/debootstrap", "debootstrap")];
    let wanted = lab::NODE_PROGRAMS.iter().chain(images.iter().filter(|_| lab::IMAGES.path().is_none()));
    let missing: Vec<_> = wanted.filter(|(program, _)| !Path::new(program).exists()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut apt = Command::new("apt-get");
    apt.args(["install", "--yes", "--no-install-recommends"]).args(missing.iter().map(|(_, package)| package));
    let wants: Vec<_> = missing.iter().map(|(program, package)| format!("{program} (Debian: {package})")).collect();
    done(apt).map_err(|why| format!("{why}; a node takes {}", wants.join(", ")))
}

fn done(mut command: Command) -> Result<(), String> {
    let name = command.get_program().display().to_string();
    let status = command.status().map_err(|e| format!("{name}: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} failed")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_those_of_the_tests() {
        let of = |names: &[&str]| parts(&tests(names));
        assert_eq!(of(&["node"]).len(), lab::NODE_PARTS.len());
        assert!(of(&["floe_platform"]).contains(&"images") && !of(&["floe_platform"]).contains(&"keda"));
        for (_, parts) in NEEDS {
            assert!(parts.iter().all(|part| of(&[]).contains(&part.name)));
        }
    }

    #[test]
    fn tests_have_short_names() {
        assert_eq!(tests(&[]), ["e2e_*"]);
        assert_eq!(tests(&["node", "e2e_floe_jobs"]), ["e2e_node", "e2e_floe_jobs"]);
    }
}
