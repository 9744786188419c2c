//! `layers`: no crate may depend on a higher one, and ARCHITECTURE.md says what is there: every crate in its layer, and on the way
//! of a value only files and names that exist.

use std::path::Path;

/// Crates by layer, lowest first, as ARCHITECTURE.md draws them; testing crates stand outside.
const LAYERS: &[&[&str]] = &[
    &["diag", "gostd", "value", "yaml", "world"],
    &["template", "sprig", "schema"],
    &["chart", "render"],
    &["check", "test", "docs", "release", "ide"],
    &["kube", "registry", "sign"],
    &["cli", "floe", "lsp", "wasm"],
];

/// Crates of tests that may know every other; no other may know them.
const TESTS: &[&str] = &["platforms"];

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

/// Checks every manifest under `crates/`, and ARCHITECTURE.md.
pub(crate) fn run() -> Result<(), String> {
    let root = crate::root();
    let map = std::fs::read_to_string(root.join("ARCHITECTURE.md")).map_err(|e| format!("ARCHITECTURE.md: {e}"))?;
    let names = crates(&root)?;
    let all = [names.clone(), beside(&root)?].concat();
    let mut problems = map_problems(&map, &all);
    problems.extend(way_problems(&map, &|file| std::fs::read_to_string(root.join(file)).ok()));
    for name in names {
        let manifest = root.join("crates").join(&name).join("Cargo.toml");
        let manifest = std::fs::read_to_string(&manifest).map_err(|e| format!("{}: {e}", manifest.display()))?;
        problems.extend(dependencies(&manifest).filter_map(|to| wrong(&name, to)));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

/// Where the table of crates and the workspace tell different stories. A row without a layer belongs to the one above.
fn map_problems(map: &str, crates: &[String]) -> Vec<String> {
    let rows = rows(map).into_iter().skip_while(|row| row.first() != Some(&"layer")).skip(2);
    let mut drawn: Vec<(String, String)> = Vec::new();
    let mut layer = String::new();
    for row in rows.take_while(|row| row.len() == 3) {
        if let Some(word) = row[0].split(' ').next().filter(|word| !word.is_empty()) {
            layer = word.to_owned();
        }
        drawn.extend(quoted(row[1].split('(').next().unwrap_or_default()).map(|name| (name.to_owned(), layer.clone())));
    }
    let mut problems = Vec::new();
    for name in crates {
        let want = self::layer(name).map_or("dev".to_owned(), |layer| layer.to_string());
        match drawn.iter().find(|(n, _)| n == name) {
            None => problems.push(format!("ARCHITECTURE.md does not name the crate `{name}`")),
            Some((_, there)) if *there != want => {
                problems.push(format!("ARCHITECTURE.md has `{name}` in layer {there}, xtask/src/layers.rs in {want}"));
            }
            Some(_) => {}
        }
    }
    let gone = drawn.iter().filter(|(name, _)| !crates.contains(name));
    problems.extend(gone.map(|(name, _)| format!("ARCHITECTURE.md names a crate `{name}`, which is not there")));
    problems
}

/// Files and names of the way of a value that are not there.
fn way_problems(map: &str, read: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let mut problems = Vec::new();
    let mut steps = 0;
    for row in rows(map).into_iter().filter(|row| row.len() == 4) {
        let Some(file) = quoted(row[1]).next() else { continue };
        steps += 1;
        match read(file) {
            None => problems.push(format!("ARCHITECTURE.md, step {}: there is no {file}", row[0])),
            Some(text) => {
                let missing = quoted(row[2]).filter(|name| !text.contains(&format!("fn {name}")));
                problems.extend(missing.map(|name| format!("ARCHITECTURE.md, step {}: no `{name}` in {file}", row[0])));
            }
        }
    }
    if steps == 0 {
        problems.push("ARCHITECTURE.md does not tell the way of a value".to_owned());
    }
    problems
}

/// The cells of all rows of tables.
fn rows(text: &str) -> Vec<Vec<&str>> {
    text.lines().filter_map(cells).collect()
}

fn cells(line: &str) -> Option<Vec<&str>> {
    let row = line.strip_prefix('|')?.trim_end().strip_suffix('|')?;
    Some(row.split('|').map(str::trim).collect())
}

/// The words in backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The crates beside `crates/`: folders of the root with a manifest. They are chores, so in no layer.
fn beside(root: &Path) -> Result<Vec<String>, String> {
    let folders = std::fs::read_dir(root).map_err(|e| format!("{}: {e}", root.display()))?;
    let crates = folders.flatten().filter(|folder| folder.path().join("Cargo.toml").is_file());
    Ok(crates.map(|folder| folder.file_name().to_string_lossy().into_owned()).collect())
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
    if TESTS.contains(&from) {
        return TESTS.contains(&to).then(|| format!("{from} depends on {to}, which is only tests"));
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
        assert_eq!(wrong("platforms", "testkit"), None);
        assert!(wrong("cli", "platforms").is_some());
    }

    #[test]
    fn the_map_is_held_against_the_workspace() {
        let map = "| layer | crate | x |\n|---|---|---|\n| 0 words | `diag` | |\n| | `value` | |\n| 2 charts | `yaml` | |\n\n| 5 | `gone` | no such table |\n";
        let crates = ["diag", "value", "yaml", "world"].map(str::to_owned);
        let problems = map_problems(map, &crates).join("\n");
        assert!(problems.contains("`yaml` in layer 2, xtask/src/layers.rs in 0"), "{problems}");
        assert!(problems.contains("does not name the crate `world`"), "{problems}");
        assert!(problems.contains("names a crate `gone`"), "{problems}");
        assert_eq!(problems.lines().count(), 3, "{problems}");
    }

    #[test]
    fn the_way_is_held_against_the_code() {
        let read = |file: &str| (file == "a.rs").then(|| "fn go(x: u8) {}".to_owned());
        assert_eq!(way_problems("| 1 | `a.rs` | `go` | x |", &read), [""; 0]);
        let problems = way_problems("| 1 | `a.rs` | `go` `stop` | x |\n| 2 | `b.rs` | `go` | x |", &read);
        assert_eq!(
            problems,
            ["ARCHITECTURE.md, step 1: no `stop` in a.rs", "ARCHITECTURE.md, step 2: there is no b.rs"]
        );
        assert_eq!(way_problems("nothing", &read).len(), 1);
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
