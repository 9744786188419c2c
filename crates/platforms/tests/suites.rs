//! The suites of the charts' tests: by unit, against a server, end to end.

use std::collections::BTreeMap;

use rhumb_platforms::root;

/// Suites by name, with what they run.
fn suites() -> BTreeMap<String, Vec<String>> {
    let text = std::fs::read_to_string(root().join("crates/platforms/suites.tsv")).expect("a list");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let read = lines.map(|line| {
        let (name, tests) = line.split_once('\t').unwrap_or_else(|| panic!("no suite: {line}"));
        (name.to_owned(), tests.split(' ').map(str::to_owned).collect())
    });
    read.collect()
}

/// F-22: every test of the charts is in one of three suites, each has a command, and CONTRIBUTING.md says it.
#[test]
fn f22_every_test_has_its_suite() {
    let suites = suites();
    assert_eq!(suites.keys().collect::<Vec<_>>(), ["integration", "unit"]);
    let mut whole: BTreeMap<String, usize> = BTreeMap::new();
    let mut parts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in suites.values().flatten() {
        match entry.split_once(['!', '/']) {
            None => *whole.entry(entry.clone()).or_default() += 1,
            Some((test, part)) => parts.entry(test.to_owned()).or_default().push(part.to_owned()),
        }
    }
    // What one suite leaves out another runs.
    assert!(parts.values().all(|both| both.len() == 2 && both[0] == both[1]), "{parts:?}");
    assert!(whole.values().all(|count| *count == 1), "{whole:?}");
    let mut end_to_end = 0;
    for entry in std::fs::read_dir(root().join("crates/platforms/tests")).expect("tests").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(name) = name.strip_suffix(".rs") else { continue };
        let listed = whole.contains_key(name) || parts.contains_key(name);
        assert_eq!(listed, !name.starts_with("e2e_"), "{name}: crates/platforms/suites.tsv");
        end_to_end += usize::from(name.starts_with("e2e_"));
    }
    assert!(end_to_end > 0, "nothing runs end to end");
    let how = std::fs::read_to_string(root().join("CONTRIBUTING.md")).expect("a text");
    for command in ["cargo xtask test charts unit", "cargo xtask test charts integration", "cargo xtask e2e"] {
        assert!(how.contains(command), "CONTRIBUTING.md: {command}");
    }
}
