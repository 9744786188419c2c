//! `explained`: whether `explain` names a writer for every field of every object of the charts in a folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Asks a binary about every chart below a folder. Charts that cannot be rendered on their own are passed over, but none
/// may make it panic.
pub(crate) fn run(binary: &Path, folder: &Path) -> Result<(), String> {
    let binary = binary.canonicalize().map_err(|e| format!("{}: {e}", binary.display()))?;
    let (mut charts, mut fields, mut problems) = (0, 0, Vec::new());
    for chart in charts_below(folder)? {
        let output = Command::new(&binary)
            .args([Path::new("explain"), &chart, Path::new("ALL"), Path::new("-o"), Path::new("json")])
            .output()
            .map_err(|e| e.to_string())?;
        match output.status.code() {
            Some(0) => {}
            Some(1) => continue,
            other => {
                problems.push(format!("{}: ended with {other:?}", chart.display()));
                continue;
            }
        }
        let answer: Value = serde_json::from_slice(&output.stdout).map_err(|e| format!("{}: {e}", chart.display()))?;
        charts += 1;
        for object in answer.as_array().into_iter().flatten() {
            for field in object["fields"].as_array().into_iter().flatten() {
                fields += 1;
                if field["written"].as_array().is_none_or(Vec::is_empty) {
                    let (name, path) = (&object["object"]["reference"], &field["path"]);
                    problems.push(format!("{}: {name}:{path} has no writer", chart.display()));
                }
            }
        }
    }
    println!("{charts} charts, {fields} fields");
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

/// The folders that hold a chart, those of subcharts left out.
pub(crate) fn charts_below(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        if folder.join("Chart.yaml").is_file() {
            found.push(folder);
            continue;
        }
        for entry in std::fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?.flatten() {
            if entry.file_type().is_ok_and(|t| t.is_dir()) {
                open.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}
