//! docs/requirements.md.

use rhumb_platforms::{requirements, root};

#[test]
fn the_table_of_requirements_is_up_to_date() {
    let path = root().join("docs/requirements.md");
    let text = requirements::document().unwrap();
    if std::env::var_os("RHUMB_BLESS").is_some_and(|value| value == "1") {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == text, "docs/requirements.md is out of date: cargo xtask requirements");
}
