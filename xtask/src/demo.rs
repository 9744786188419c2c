//! `demo`: what rhumb does, shown on a chart made a moment ago: rendered, explained, and broken.

use std::path::Path;
use std::process::{Command, Stdio};

/// The command lines, run in one folder after the other; `BREAK` stands for a fault made in between.
const LINES: &[&str] = &[
    "create shop",
    "template web shop --set replicaCount=3 --show-only templates/deployment.yaml",
    "explain web shop deploy/web-shop:spec.replicas --set replicaCount=3",
    "BREAK",
    "template web shop --errors rich",
];

/// The line of the starter chart that gets a wrong name, and the wrong line.
const FAULT: (&str, &str) = (".Values.replicaCount", ".Values.replicaCuont.max");

/// Builds rhumb and shows it.
pub(crate) fn run() -> Result<(), String> {
    let root = crate::root().canonicalize().map_err(|e| e.to_string())?;
    let built = crate::pure::cargo(&root).args(["build", "--locked", "--package", "rhumb"]).status();
    if !built.map_err(|e| format!("cargo: {e}"))?.success() {
        return Err("rhumb does not build".to_owned());
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    let folder = target.join("demo");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    for line in LINES {
        if *line == "BREAK" {
            damage(&folder.join("shop/templates/deployment.yaml"))?;
            continue;
        }
        println!("\n$ rhumb {line}");
        let mut command = Command::new(target.join("debug/rhumb"));
        command.args(line.split(' ')).current_dir(&folder).stdin(Stdio::null());
        let status = command.status().map_err(|e| e.to_string())?;
        let should_fail = line.ends_with("--errors rich");
        if status.success() == should_fail {
            return Err(format!("rhumb {line}: {status}"));
        }
    }
    println!("\nThe chart is in {}.", folder.join("shop").display());
    Ok(())
}

/// A name with a slip in it, as anybody makes one.
fn damage(file: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(file).map_err(|e| e.to_string())?;
    let wrong = text.replacen(FAULT.0, FAULT.1, 1);
    if wrong == text {
        return Err(format!("{}: no {} to break", file.display(), FAULT.0));
    }
    println!("\n# now with a slip in shop/templates/deployment.yaml: {} for {}", FAULT.1, FAULT.0);
    std::fs::write(file, wrong).map_err(|e| e.to_string())
}
