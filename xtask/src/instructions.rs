//! `instructions`: how many machine instructions a run takes, against what is written down in `docs/benchmarks.md`.
//!
//! Times on a shared machine say little about small changes; instructions under Valgrind are nearly the same on each run.

use std::path::Path;
use std::process::Command;

use crate::bench::inputs;

/// The numbers stand in rows of a table there: `| \`rhumb version\` | 123,456 |`.
const RECORDED: &str = "docs/benchmarks.md";

/// How far a count may lie from the recorded one: libraries of the system count too, and differ.
const SLACK: f64 = 0.10;

/// The command lines that are counted.
const LINES: [&[&str]; 2] = [&["version"], &["template", "small"]];

/// Counts, prints a table, and fails where a run takes more than what is recorded and some slack.
pub(crate) fn run(binary: &Path) -> Result<(), String> {
    let ours = binary.canonicalize().map_err(|e| format!("{}: {e}", binary.display()))?;
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    inputs::small(folder.path(), &crate::reference::run()?)?;
    let table = std::fs::read_to_string(crate::root().join(RECORDED)).map_err(|e| format!("{RECORDED}: {e}"))?;
    println!("| run | instructions | recorded |\n|---|---|---|");
    let mut slower = Vec::new();
    for args in LINES {
        let name = format!("rhumb {}", args.join(" "));
        let count = count(&ours, args, folder.path())?;
        let before = recorded(&table, &name);
        let shown = before.map_or("-".to_owned(), |n| n.to_string());
        println!("| `{name}` | {count} | {shown} |");
        if before.is_some_and(|n| count as f64 > n as f64 * (1.0 + SLACK)) {
            slower.push(name);
        }
    }
    if slower.is_empty() {
        return Ok(());
    }
    Err(format!("more instructions than recorded in {RECORDED}: {}", slower.join(", ")))
}

fn count(program: &Path, args: &[&str], folder: &Path) -> Result<u64, String> {
    let ran = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(args)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .output()
        .map_err(|e| format!("valgrind: {e}"))?;
    let said = String::from_utf8_lossy(&ran.stderr);
    collected(&said).filter(|_| ran.status.success()).ok_or_else(|| format!("valgrind failed:\n{said}"))
}

/// The number in Valgrind's line `==1== Collected : 123`.
fn collected(said: &str) -> Option<u64> {
    said.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok())
}

fn recorded(table: &str, name: &str) -> Option<u64> {
    let row = table.lines().find_map(|line| line.strip_prefix(&format!("| `{name}` |")))?;
    row.split('|').next()?.trim().replace(',', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found() {
        assert_eq!(collected("==7== \n==7== Collected : 3830356\n==7== I refs: 3,830,356\n"), Some(3_830_356));
        assert_eq!(collected("valgrind: no such program"), None);
        let table = "| run | instructions |\n|---|---|\n| `rhumb version` | 1,234 |\n";
        assert_eq!((recorded(table, "rhumb version"), recorded(table, "rhumb env")), (Some(1234), None));
    }
}
