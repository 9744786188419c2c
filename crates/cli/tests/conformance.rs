//! The conformance suite: every case under `conformance/` as one test.
//!
//! A case that `conformance/reached.txt` names must be answered by our binary as the reference answered it. The others are the
//! goal: `RHUMB_ALL=1` runs them too, and fails. With `RHUMB_LIVE=1` the reference answers every case again, and
//! must say what is recorded.

use libtest_mimic::{Arguments, Failed, Trial};
use rhumb_testkit::case::{Action, Case, CaseFile};
use rhumb_testkit::run::Which;
use rhumb_testkit::{compare, parse, reference, run};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance");
    match parse::tree(&folder).and_then(|files| Ok((files, reached(&folder)?))) {
        Ok((files, reached)) => libtest_mimic::run(&arguments, trials(files, reached)).exit_code(),
        Err(message) => libtest_mimic::run(&arguments, vec![broken(message)]).exit_code(),
    }
}

fn broken(message: String) -> Trial {
    Trial::test("every case file can be read", || Err(Failed::from(message)))
}

fn reached(folder: &Path) -> Result<BTreeSet<String>, String> {
    let text = std::fs::read_to_string(folder.join("reached.txt")).map_err(|e| format!("reached.txt: {e}"))?;
    Ok(text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect())
}

fn trials(files: Vec<CaseFile>, mut reached: BTreeSet<String>) -> Vec<Trial> {
    let live = std::env::var_os("RHUMB_LIVE").is_some_and(|value| value == "1");
    let all = std::env::var_os("RHUMB_ALL").is_some_and(|value| value == "1");
    let mut trials = Vec::new();
    let untried = untried(&files);
    trials.push(Trial::test("every function has a case", move || match untried.as_slice() {
        [] => Ok(()),
        names => Err(Failed::from(format!("no case calls {}", names.join(", ")))),
    }));
    let unknown = unknown(&files);
    trials.push(Trial::test("every function is the reference's", move || match unknown.as_slice() {
        [] => Ok(()),
        names => Err(Failed::from(format!("the reference does not know {}", names.join(", ")))),
    }));
    for file in files {
        let unrecorded = unrecorded(&file);
        trials.push(Trial::test(format!("recorded {}", file.name), move || match unrecorded {
            None => Ok(()),
            Some(line) => Err(Failed::from(format!("line {line} has no answer yet: cargo xtask record"))),
        }));
        for case in file.cases {
            let name = format!("{}: {}", file.name, case.title);
            let case = Arc::new(case);
            if reached.remove(&name) || all {
                let case = Arc::clone(&case);
                trials.push(Trial::test(name.clone(), move || check(&case, &ours(), Which::Ours, 1)));
            }
            if live {
                trials.push(Trial::test(format!("reference {name}"), move || match reference::path() {
                    Some(helm) => check(&case, &helm, Which::Reference, ASKED),
                    None => Err(Failed::from("the reference is not on this machine: cargo xtask reference")),
                }));
            }
        }
    }
    trials.push(Trial::test("reached.txt names cases that exist", move || match reached.first() {
        None => Ok(()),
        Some(name) => Err(Failed::from(format!("no such case: {name}"))),
    }));
    trials
}

/// Where every function of the reference is named once.
const NAMES: &str = "functions/names";

/// The words of a text that may be calls of functions: one in quotes, or after a dot or a dollar, is none.
fn words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | '"'))).map(str::to_owned).collect()
}

/// The template texts of a case.
fn templates(case: &Case) -> String {
    let texts = case.steps.iter().filter_map(|step| match &step.action {
        Action::Template { text } => Some(text.as_str()),
        Action::Command { .. } => None,
    });
    texts.collect::<Vec<_>>().join("\n")
}

/// The names of the reference's functions. That it knows them all is the case's answer.
fn listed(files: &[CaseFile]) -> BTreeSet<String> {
    let names = files.iter().find(|f| f.name == NAMES).and_then(|f| f.cases.first());
    let mut listed = words(&names.map(templates).unwrap_or_default());
    listed.retain(|word| !["if", "false", "end", "ok", ""].contains(&word.as_str()));
    listed
}

/// The functions of the reference that no case calls, other than to name them.
fn untried(files: &[CaseFile]) -> Vec<String> {
    let mut missing = listed(files);
    let cases = files.iter().flat_map(|file| file.cases.iter().skip(usize::from(file.name == NAMES)));
    for case in cases {
        for word in words(&templates(case)) {
            missing.remove(&word);
        }
    }
    missing.into_iter().collect()
}

/// Our functions that the reference does not have.
fn unknown(files: &[CaseFile]) -> Vec<String> {
    let listed = listed(files);
    let ours = rhumb_render::engine::function_names();
    ours.into_iter().filter(|name| !listed.contains(*name)).map(str::to_owned).collect()
}

fn ours() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_rhumb"))
}

fn unrecorded(file: &CaseFile) -> Option<usize> {
    file.cases.iter().flat_map(|case| &case.steps).find(|step| step.recorded.is_none()).map(|step| step.line)
}

/// How often the reference may be asked until it repeats what is recorded: it walks some maps in chance order.
const ASKED: usize = 8;

/// Runs a case up to so many times, until each of its commands has been answered once as recorded.
fn check(case: &Case, program: &Path, which: Which, times: usize) -> Result<(), Failed> {
    let mut open: BTreeSet<usize> = (0..case.steps.len()).collect();
    let mut report = String::new();
    for _ in 0..times {
        let answers = run::case(case, program, which).map_err(|e| format!("the case could not be run: {e}"))?;
        report.clear();
        open.retain(|at| {
            let (step, answer) = (&case.steps[*at], answers.get(*at).and_then(Option::as_ref));
            let (Some(want), Some(got)) = (&step.recorded, answer) else { return false };
            let Some(difference) = compare::difference(want, got) else { return false };
            report += &format!("line {} (- recorded, + now):\n{difference}", step.line);
            true
        });
        if open.is_empty() {
            return Ok(());
        }
    }
    Err(Failed::from(report))
}
