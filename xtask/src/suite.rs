//! `test`: all tests, and what could not be tried on this machine.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use rhumb_testkit::reference;

/// Programs that some tests need: name, what is not tried without it.
const PROGRAMS: &[(&str, &str)] = &[
    ("zsh", "the completion script for zsh"),
    ("fish", "the completion script for fish"),
    ("script", "completion scripts on a terminal (Debian: bsdutils)"),
];

#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    passed: u64,
    failed: u64,
    ignored: u64,
}

/// Runs them. With `all`, what cannot be tried is a failure, and every recorded answer is compared with the reference's.
pub(crate) fn run(all: bool) -> Result<(), String> {
    let mut command = crate::pure::cargo(&crate::root());
    command.args(["test", "--workspace", "--locked", "--no-fail-fast"]).stdout(Stdio::piped());
    if all {
        command.env("RHUMB_LIVE", "1");
    }
    let mut child = command.spawn().map_err(|e| format!("cargo: {e}"))?;
    let mut tally = Tally::default();
    for line in child.stdout.take().into_iter().flat_map(|pipe| BufReader::new(pipe).lines()) {
        let line = line.map_err(|e| e.to_string())?;
        println!("{line}");
        tally.add(&line);
    }
    let status = child.wait().map_err(|e| e.to_string())?;
    let missing = if all { Vec::new() } else { missing() };
    for what in &missing {
        println!("not tried: {what}");
    }
    let Tally { passed, failed, ignored } = tally;
    println!("\n{passed} passed, {failed} failed, {ignored} skipped");
    if !status.success() || failed > 0 || passed == 0 {
        return Err("tests failed".to_owned());
    }
    if all && ignored > 0 { Err("tests were skipped".to_owned()) } else { Ok(()) }
}

impl Tally {
    /// Counts a closing line of a test program.
    fn add(&mut self, line: &str) {
        let Some(rest) = line.strip_prefix("test result: ") else { return };
        for part in rest.split(['.', ';']) {
            let mut words = part.split_whitespace();
            let (Some(Ok(number)), Some(what)) = (words.next().map(str::parse::<u64>), words.next()) else { continue };
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }
}

/// What this machine lacks, and what is not tried for want of it.
fn missing() -> Vec<String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let there = |name: &str| std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
    let mut missing: Vec<String> = PROGRAMS
        .iter()
        .filter(|(name, _)| !there(name))
        .map(|(name, what)| format!("{what}: {name} is not installed"))
        .collect();
    missing.push(match reference::path() {
        Some(_) => {
            "the recorded answers against the real Helm, which is here: `cargo xtask test --all` does".to_owned()
        }
        None => {
            "the recorded answers against the real Helm, which is not here: `cargo xtask reference` gets it".to_owned()
        }
    });
    let parts: BTreeSet<&str> = crate::lab::missing().iter().map(|part| part.gives).collect();
    missing.extend(parts.into_iter().map(|gives| format!("{gives}, which needs parts: `cargo xtask lab` gets them")));
    missing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_counted() {
        let mut tally = Tally::default();
        for line in [
            "test result: ok. 31 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.02s",
            "test result: FAILED. 4 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 3.14s",
            "test passed: 3 passed",
        ] {
            tally.add(line);
        }
        assert_eq!(tally, Tally { passed: 35, failed: 1, ignored: 2 });
    }
}
