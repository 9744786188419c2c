//! `order`: which functions a run reaches, as a script for the linker that lays them side by side.
//!
//! The system brings a program's file into memory by windows of 64 KiB, at the first touch of each. Functions in the order of their
//! crates' names put what a run needs into nearly every window: 3 MiB of memory and thirty page faults that the work does not need.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use crate::bench::inputs;

/// The script, which `crates/cli/build.rs` hands to the linker.
const SCRIPT: &str = "crates/cli/order.ld";

/// The runs that count by themselves, on the bench's inputs.
const LINES: [&[&str]; 4] = [&["small"], &["forty"], &["values", "-f", "big1.yaml"], &["calls", "--set", "count=100"]];

/// Of other charts: what this share of them reaches.
const SHARE: f64 = 0.1;

/// Asks Valgrind which functions the runs reach and writes the script: first what our own inputs reach, then what the charts reach,
/// each with the most common first. The binary must have its symbols.
pub(crate) fn run(binary: &Path, charts: &[&str]) -> Result<(), String> {
    let binary = binary.canonicalize().map_err(|e| format!("{}: {e}", binary.display()))?;
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    inputs::make(folder.path(), &crate::reference::run()?)?;
    let mut reached: BTreeMap<String, Reached> = BTreeMap::new();
    for args in LINES {
        for function in functions(&binary, args, folder.path())? {
            let reached = reached.entry(function).or_default();
            reached.is_ours = true;
            reached.runs += 1;
        }
    }
    for chart in charts {
        let chart = Path::new(chart).canonicalize().map_err(|e| format!("{chart}: {e}"))?;
        for function in functions(&binary, &[&chart.to_string_lossy()], folder.path())? {
            reached.entry(function).or_default().runs += 1;
        }
    }
    if reached.is_empty() {
        return Err(format!("{} has no symbols: build it with CARGO_PROFILE_RELEASE_STRIP=none", binary.display()));
    }
    reached.retain(|_, reached| reached.is_ours || reached.runs as f64 >= charts.len() as f64 * SHARE);
    let mut patterns: Vec<(String, Reached)> = reached.into_iter().collect();
    patterns.sort_by_key(|(_, reached)| (!reached.is_ours, std::cmp::Reverse(reached.runs)));
    let text = script(patterns.iter().map(|(pattern, _)| pattern.as_str()));
    std::fs::write(crate::root().join(SCRIPT), text).map_err(|e| format!("{SCRIPT}: {e}"))?;
    println!("{SCRIPT}: {} names", patterns.len());
    Ok(())
}

/// What reaches a function.
#[derive(Default)]
struct Reached {
    /// One of our own inputs.
    is_ours: bool,
    /// So many runs.
    runs: usize,
}

/// The functions of ours that a run reaches, as patterns.
fn functions(binary: &Path, args: &[&str], folder: &Path) -> Result<BTreeSet<String>, String> {
    let report = folder.join("callgrind");
    let ran = Command::new("valgrind")
        .args(["--tool=callgrind", "--demangle=no", "--compress-strings=no"])
        .arg(format!("--callgrind-out-file={}", report.display()))
        .arg(binary)
        .arg("template")
        .args(args)
        .current_dir(folder)
        .output()
        .map_err(|e| format!("valgrind: {e}"))?;
    let text = std::fs::read(&report)
        .map_err(|e| format!("valgrind failed: {e}\n{}", String::from_utf8_lossy(&ran.stderr)))?;
    Ok(String::from_utf8_lossy(&text).lines().filter_map(|line| pattern(line.strip_prefix("fn=")?)).collect())
}

/// A symbol without what changes from compiler to compiler: the hash at the end of the older names, that of each crate in the newer.
fn pattern(symbol: &str) -> Option<String> {
    // Valgrind counts the depth of recursion behind the name.
    let symbol = symbol.split('\'').next().unwrap_or(symbol);
    if symbol.starts_with("_ZN") {
        let (name, _) = symbol.rsplit_once("17h")?;
        return Some(format!("{name}17h*"));
    }
    let mut parts = symbol.strip_prefix("_R")?.split("Cs");
    let mut pattern = format!("_R{}", parts.next()?);
    for part in parts {
        let (hash, rest) = part.split_once('_')?;
        let is_hash = hash.bytes().all(|b| b.is_ascii_alphanumeric());
        let _ = if is_hash { write!(pattern, "Cs*_{rest}") } else { write!(pattern, "Cs{part}") };
    }
    Some(pattern)
}

/// The script: a section of its own before all other code. Functions that are marked as cold lie in sections of another name.
fn script<'a>(patterns: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::from(
        "/* The functions that an ordinary run reaches, to lie side by side. Written by `cargo xtask order`; names that are\n   \
         gone do no harm. */\nSECTIONS {\n  .text.first : {\n",
    );
    for pattern in patterns {
        let _ = writeln!(text, "    *(.text.{pattern} .text.unlikely.{pattern})");
    }
    text.push_str("  }\n} INSERT BEFORE .text;\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_changes() {
        let cases = [
            ("_ZN5rhumb3run17h0123456789abcdefE", Some("_ZN5rhumb3run17h*")),
            ("_ZN5rhumb3run17h0123456789abcdefE.llvm.17'2", Some("_ZN5rhumb3run17h*")),
            (
                "_RNvMs3_NtCslNYArtu3iFV_5alloc7raw_vecNtB5_4GrowCsjr_3std",
                Some("_RNvMs3_NtCs*_5alloc7raw_vecNtB5_4GrowCs*_3std"),
            ),
            ("memcpy", None),
            ("_start", None),
        ];
        for (symbol, want) in cases {
            assert_eq!(pattern(symbol).as_deref(), want, "{symbol}");
        }
    }

    #[test]
    fn the_script_names_both_kinds_of_sections() {
        let text = script(["_ZN1a17h*"].into_iter());
        assert!(
            text.contains("    *(.text._ZN1a17h* .text.unlikely._ZN1a17h*)\n  }\n} INSERT BEFORE .text;\n"),
            "{text}"
        );
    }
}
