//! `e2e`: the charts' pods, run on a real node.
//!
//! Not a part of what every change must pass: it takes root, control groups and minutes.

use std::path::Path;
use std::process::Command;

use rhumb_testkit::lab;

/// Gets what is missing, and runs the tests of these names, or all.
pub(crate) fn run(names: &[&str]) -> Result<(), String> {
    packages()?;
    crate::reference::run()?;
    crate::lab::get_node()?;
    let mut cargo = crate::pure::cargo(&crate::root());
    cargo.args(["test", "--locked", "--no-fail-fast", "--package=rhumb-platforms", "--features=node"]);
    cargo.args(tests(names).iter().map(|name| format!("--test={name}")));
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

/// Debian's programs: installed here by who may, on a Debian.
fn packages() -> Result<(), String> {
    let missing: Vec<_> = lab::NODE_PROGRAMS.iter().filter(|(program, _)| !Path::new(program).exists()).collect();
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
    #[test]
    fn tests_have_short_names() {
        assert_eq!(super::tests(&[]), ["e2e_*"]);
        assert_eq!(super::tests(&["node", "e2e_floe_jobs"]), ["e2e_node", "e2e_floe_jobs"]);
    }
}
