//! `record`: the reference's answers into the case files.

use rhumb_testkit::answer::Answer;
use rhumb_testkit::case::CaseFile;
use rhumb_testkit::run::{Which, case};
use rhumb_testkit::{compare, parse, reference, rewrite};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Records the case files whose name contains the text; with `--check` it writes nothing and fails on a difference.
pub(crate) fn run(args: &[&str]) -> Result<(), String> {
    let check = args.contains(&"--check");
    let filter = args.iter().find(|arg| !arg.starts_with("--")).copied().unwrap_or_default();
    let helm = reference::path().ok_or("the reference is not on this machine: cargo xtask reference")?;
    let folder = crate::root().join("conformance");
    let files: Vec<CaseFile> = parse::tree(&folder)?.into_iter().filter(|file| file.name.contains(filter)).collect();
    let next = AtomicUsize::new(0);
    let problems = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(problem) = one(file, &helm, &folder, check)
                        && let Ok(mut problems) = problems.lock()
                    {
                        problems.push(format!("{}: {problem}", file.name));
                    }
                }
            });
        }
    });
    let cases: usize = files.iter().map(|file| file.cases.len()).sum();
    let steps: usize = files.iter().flat_map(|file| &file.cases).map(|case| case.steps.len()).sum();
    println!("{} files, {cases} cases, {steps} commands", files.len());
    let problems = problems.into_inner().map_err(|_| "a thread failed")?;
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

fn one(file: &CaseFile, helm: &Path, folder: &Path, check: bool) -> Result<(), String> {
    let first = answers(file, helm)?;
    if check {
        return same(file, &first);
    }
    let second = answers(file, helm)?;
    let text = rewrite::with_answers(file, &first);
    let path = folder.join(format!("{}.case", file.name));
    if text != file.text {
        std::fs::write(&path, text).map_err(|e| e.to_string())?;
    }
    repeats(file, &first, &second)
}

type Answers = Vec<Vec<Option<Answer>>>;

fn answers(file: &CaseFile, helm: &Path) -> Result<Answers, String> {
    let run = |one| case(one, helm, Which::Reference).map_err(|e| e.to_string());
    file.cases.iter().map(run).collect()
}

fn same(file: &CaseFile, answers: &Answers) -> Result<(), String> {
    let steps = file.cases.iter().flat_map(|case| &case.steps);
    for (step, answer) in steps.zip(answers.iter().flatten()) {
        let Some(answer) = answer else { continue };
        let want = step.recorded.as_ref().ok_or_else(|| format!("line {} is not recorded", step.line))?;
        if let Some(difference) = compare::difference(want, answer) {
            return Err(format!("line {}: the reference says otherwise\n{difference}", step.line));
        }
    }
    Ok(())
}

fn repeats(file: &CaseFile, first: &Answers, second: &Answers) -> Result<(), String> {
    let steps = file.cases.iter().flat_map(|case| &case.steps);
    for (step, (a, b)) in steps.zip(first.iter().flatten().zip(second.iter().flatten())) {
        if let (Some(a), Some(b)) = (a, b)
            && let Some(difference) = compare::difference(a, b)
        {
            return Err(format!("line {}: the reference does not repeat itself: add a mask\n{difference}", step.line));
        }
    }
    Ok(())
}
