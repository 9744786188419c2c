//! `tidy`: what no compiler checks.

use std::path::{Path, PathBuf};

const MAX_LINES: usize = 1000;

/// Cases are many small files in one, each read alone.
const MAX_CASE_LINES: usize = 2000;

/// Files that may be longer, and why.
const LONG: &[(&str, &str)] = &[("crates/gostd/src/unicode/tables.rs", "a table of ranges, not code")];

/// Checks the length and header of sources, and that every conformance file has a runner.
pub(crate) fn run() -> Result<(), String> {
    let root = crate::root();
    let mut problems = Vec::new();
    for folder in ["crates", "fuzz", "xtask", "conformance", "docs"] {
        let folder = root.join(folder);
        if folder.is_dir() {
            walk(&folder, &mut |path| problems.extend(check(path, &root)))?;
        }
    }
    problems.sort();
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

pub(crate) fn walk(folder: &Path, visit: &mut impl FnMut(&Path)) -> Result<(), String> {
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    for path in paths {
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != "target") {
                walk(&path, visit)?;
            }
        } else {
            visit(&path);
        }
    }
    Ok(())
}

fn check(path: &Path, root: &Path) -> Option<String> {
    let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
    let Ok(text) = std::fs::read_to_string(path) else {
        return Some(format!("{name}: not UTF-8"));
    };
    // The recorded part of a case is not written by hand, and not counted.
    let recorded = |line: &&str| name.ends_with(".case") && rhumb_testkit::answer::Answer::owns(line);
    let length = text.lines().filter(|line| !recorded(line)).count();
    let read_by_people = [".rs", ".case", ".md"].iter().any(|end| name.ends_with(end));
    let most = if name.ends_with(".case") { MAX_CASE_LINES } else { MAX_LINES };
    if read_by_people && length > most && !LONG.iter().any(|(long, _)| name.ends_with(long)) {
        return Some(format!("{name}: {length} lines; split it, or name the reason in xtask/src/tidy.rs"));
    }
    if name.ends_with(".rs") && !text.starts_with("//!") {
        return Some(format!("{name}: a source file starts with a `//!` header"));
    }
    let known =
        name.ends_with(".case") || ["conformance/README.md", "conformance/reached.txt"].contains(&name.as_str());
    if name.starts_with("conformance") && !known {
        return Some(format!("{name}: no runner picks it up"));
    }
    None
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_repository_is_tidy() {
        super::run().unwrap();
    }
}
