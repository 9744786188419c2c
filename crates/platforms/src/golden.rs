//! Renders kept in files.

use similar::TextDiff;

/// Holds a text against `crates/platforms/golden/<name>.yaml`; with `RHUMB_BLESS=1` writes it there.
///
/// # Panics
/// Where they differ, with the difference.
pub fn golden(name: &str, text: &str) {
    let path = crate::root().join("crates/platforms/golden").join(format!("{name}.yaml"));
    if std::env::var_os("RHUMB_BLESS").is_some_and(|value| value == "1") {
        let folder = path.parent().expect("below golden");
        std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, text)).expect("the golden file is written");
        return;
    }
    let want =
        std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e} (RHUMB_BLESS=1 writes it)", path.display()));
    let difference = difference(&want, text);
    assert!(difference.is_empty(), "{name} (- golden, + now; RHUMB_BLESS=1 accepts it):\n{difference}");
}

/// The lines in which two texts differ, with three lines around; nothing where they are equal.
pub(crate) fn difference(old: &str, new: &str) -> String {
    if old == new {
        return String::new();
    }
    let text = TextDiff::from_lines(old, new).unified_diff().context_radius(3).to_string();
    if text.is_empty() { "only the ends of lines differ".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_lines() {
        assert_eq!(difference("a\n", "a\n"), "");
        let text = difference("a\nb\n", "a\nc\n");
        assert!(text.contains("-b\n+c\n"), "{text}");
        assert_ne!(difference("a", "a\n"), "");
    }
}
