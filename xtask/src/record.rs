//! `record`: the reference's answers into the case files, and with `--own` our binary's to the verbs that are ours.

use rhumb_testkit::answer::Answer;
use rhumb_testkit::case::{Case, CaseFile};
use rhumb_testkit::run::{Which, case};
use rhumb_testkit::{compare, parse, reference, rewrite};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Records the case files whose name contains the text; with `--check` it writes nothing and fails on a difference. With
/// `--own BINARY`, steps of our own verbs are recorded too, for people to read before they are kept.
pub(crate) fn run(args: &[&str]) -> Result<(), String> {
    let check = args.contains(&"--check");
    let own_at = args.iter().position(|arg| *arg == "--own");
    let own = own_at.map(|at| args.get(at + 1).ok_or("--own needs the path of our binary")).transpose()?;
    let own = own.map(|path| Path::new(path).canonicalize().map_err(|e| format!("{path}: {e}"))).transpose()?;
    let names =
        args.iter().enumerate().filter(|(i, arg)| !arg.starts_with("--") && own_at.is_none_or(|at| *i != at + 1));
    let filter = names.map(|(_, arg)| *arg).next().unwrap_or_default();
    let helm = reference::path().ok_or("the reference is not on this machine: cargo xtask reference")?;
    let folder = crate::root().join("conformance");
    let files: Vec<CaseFile> = parse::tree(&folder)?.into_iter().filter(|file| file.name.contains(filter)).collect();
    let next = AtomicUsize::new(0);
    let problems = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(problem) = one(file, &Programs { helm: &helm, own: own.as_deref() }, &folder, check)
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

/// Who answers.
struct Programs<'a> {
    helm: &'a Path,
    own: Option<&'a Path>,
}

fn one(file: &CaseFile, programs: &Programs<'_>, folder: &Path, check: bool) -> Result<(), String> {
    let first = answers(file, programs)?;
    if check {
        return same(file, &first);
    }
    let second = answers(file, programs)?;
    let text = rewrite::with_answers(file, &first);
    let path = folder.join(format!("{}.case", file.name));
    if text != file.text {
        std::fs::write(&path, text).map_err(|e| e.to_string())?;
    }
    repeats(file, &first, &second)
}

type Answers = Vec<Vec<Option<Answer>>>;

fn answers(file: &CaseFile, programs: &Programs<'_>) -> Result<Answers, String> {
    let run = |one: &Case| {
        let mut answers = case(one, programs.helm, Which::Reference).map_err(|e| e.to_string())?;
        if let Some(own) = programs.own
            && answers.iter().any(Option::is_none)
        {
            let ours = case(one, own, Which::Ours).map_err(|e| e.to_string())?;
            answers.iter_mut().zip(ours).filter(|(answer, _)| answer.is_none()).for_each(|(answer, own)| *answer = own);
        }
        Ok(answers)
    };
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
