//! The table of values in each chart's README.md.

use rhumb_platforms::{every, readme};

/// F-12, REQ-627: each key of values.yaml is in the table of the README with its type, its default, whether it must be set, and what it
/// is for. `cargo xtask values` writes the tables.
#[test]
fn tables_of_values_are_up_to_date() {
    let bless = std::env::var_os("RHUMB_BLESS").is_some_and(|value| value == "1");
    let mut problems = Vec::new();
    for chart in every() {
        match readme::with_table(chart) {
            Ok(text) if bless => std::fs::write(chart.path().join("README.md"), text).unwrap(),
            Ok(text) if text == chart.file("README.md") => {}
            Ok(_) => problems.push(format!("{}/README.md is out of date: cargo xtask values", chart.folder)),
            Err(why) => problems.push(why),
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
