//! `layers`: no crate may depend on a higher one, and the map names every crate.

use std::path::Path;

/// Crates by layer, lowest first, as ARCHITECTURE.md draws them; testing crates stand outside.
const LAYERS: &[&[&str]] = &[
    &["diag", "gostd", "value", "yaml", "world"],
    &["template", "sprig", "schema"],
    &["chart", "render"],
    &["check", "test", "docs", "release", "ide"],
    &["kube", "registry", "sign"],
    &["cli", "lsp", "wasm"],
];

/// Arrows inside a layer (or into the door below it) that the design draws: from, to.
const BESIDE: &[(&str, &str)] = &[
    ("value", "diag"),
    ("value", "gostd"),
    ("yaml", "diag"),
    ("yaml", "gostd"),
    ("yaml", "value"),
    ("world", "diag"),
    ("sprig", "template"),
    ("render", "chart"),
    ("ide", "check"),
    ("ide", "docs"),
];

/// Checks every manifest under `crates/`.
pub(crate) fn run() -> Result<(), String> {
    let root = crate::root();
    let map = std::fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap_or_default();
    let mut problems = Vec::new();
    for name in crates(&root)? {
        if !map.is_empty() && !map.contains(&format!("`{name}`")) {
            problems.push(format!("ARCHITECTURE.md does not name the crate `{name}`"));
        }
        let manifest = root.join("crates").join(&name).join("Cargo.toml");
        let manifest = std::fs::read_to_string(&manifest).map_err(|e| format!("{}: {e}", manifest.display()))?;
        problems.extend(dependencies(&manifest).filter_map(|to| wrong(&name, to)));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

pub(crate) fn crates(root: &Path) -> Result<Vec<String>, String> {
    let entries = std::fs::read_dir(root.join("crates")).map_err(|e| e.to_string())?;
    let mut names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    Ok(names)
}

/// The crates of ours in `[dependencies]` (those for tests may point anywhere).
fn dependencies(manifest: &str) -> impl Iterator<Item = &str> {
    let mut open = false;
    manifest.lines().filter_map(move |line| {
        if line.starts_with('[') {
            open = line == "[dependencies]";
        }
        let name = line.strip_prefix("rhumb-").filter(|_| open)?;
        name.split(['.', ' ', '=']).next()
    })
}

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|names| names.contains(&name))
}

/// Why this arrow is not allowed, if it is not.
fn wrong(from: &str, to: &str) -> Option<String> {
    if from == "testkit" {
        return Some(format!("testkit depends on {to}: fixtures know no product crate"));
    }
    let Some(low) = layer(to) else {
        return Some(format!("{from} depends on {to}, which no layer names (xtask/src/layers.rs)"));
    };
    let Some(high) = layer(from) else {
        return Some(format!("no layer names {from} (xtask/src/layers.rs)"));
    };
    match high.cmp(&low) {
        std::cmp::Ordering::Greater => None,
        std::cmp::Ordering::Equal if BESIDE.contains(&(from, to)) => None,
        std::cmp::Ordering::Equal => {
            Some(format!("{from} depends on {to}: both are in layer {low}, and no arrow is drawn"))
        }
        std::cmp::Ordering::Less => {
            Some(format!("{from} (layer {high}) depends on {to} (layer {low}): the arrow points up"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_point_down() {
        assert_eq!(wrong("render", "value"), None);
        assert_eq!(wrong("render", "chart"), None);
        assert!(wrong("chart", "render").unwrap().contains("no arrow"));
        assert!(wrong("value", "template").unwrap().contains("points up"));
        assert!(wrong("cli", "nosuch").unwrap().contains("no layer names"));
        assert!(wrong("testkit", "value").is_some());
    }

    #[test]
    fn only_ordinary_dependencies_count() {
        let manifest = "[dependencies]\nrhumb-value.workspace = true\nserde = \"1\"\nrhumb-yaml = { workspace = true }\n[dev-dependencies]\nrhumb-testkit.workspace = true\n";
        assert_eq!(dependencies(manifest).collect::<Vec<_>>(), ["value", "yaml"]);
    }

    #[test]
    fn the_repository_keeps_to_it() {
        run().unwrap();
    }
}
