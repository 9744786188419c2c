//! `reached`: which cases a binary of ours answers as recorded.

use rhumb_testkit::case::Case;
use rhumb_testkit::parse;
use rhumb_testkit::run::{Which, case};
use std::fmt::Write as _;
use std::path::Path;

/// Runs all cases with the binary and writes `conformance/reached.txt`, keeping its comment.
pub(crate) fn run(binary: &Path) -> Result<(), String> {
    let binary = binary.canonicalize().map_err(|e| format!("{}: {e}", binary.display()))?;
    let folder = crate::root().join("conformance");
    let list = folder.join("reached.txt");
    let old = std::fs::read_to_string(&list).map_err(|e| e.to_string())?;
    let mut text: String = old.lines().filter(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect();
    let (mut all, mut good) = (0, 0);
    for file in parse::tree(&folder)? {
        for case in &file.cases {
            all += 1;
            if answers_as_recorded(case, &binary)? {
                good += 1;
                let _ = writeln!(text, "{}: {}", file.name, case.title);
            }
        }
    }
    println!("{good} of {all} cases are answered as recorded");
    std::fs::write(&list, text).map_err(|e| e.to_string())
}

fn answers_as_recorded(one: &Case, binary: &Path) -> Result<bool, String> {
    let answers = case(one, binary, Which::Ours).map_err(|e| e.to_string())?;
    Ok(one.steps.iter().zip(&answers).all(|(step, answer)| step.recorded.is_some() && step.recorded == *answer))
}
