//! docs/requirements.md.

use rhumb_platforms::{requirements, root};

#[test]
fn the_table_of_requirements_can_be_made() {
    let path = root().join("docs/requirements.md");
    let text = requirements::document().unwrap();
    if std::env::var_os("RHUMB_BLESS").is_some_and(|value| value == "1") {
        std::fs::write(&path, text).unwrap();
        return;
    }
    assert!(path.is_file(), "docs/requirements.md is missing: cargo xtask requirements");
}
