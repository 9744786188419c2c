//! The page about errors, section by section.

/// `docs/errors.md`.
const PAGE: &str = include_str!("../../../../docs/errors.md");

/// What the page says of a code such as `RH0401`, in any case of letters; nothing for other words.
pub(crate) fn section(code: &str) -> Option<String> {
    let known = rhumb_diag::codes::ALL.iter().find(|(known, _)| known.eq_ignore_ascii_case(code))?.0;
    let start = PAGE.find(&format!("\n### {known} "))? + "\n### ".len();
    let section = &PAGE[start..];
    let end = section.find("\n#").unwrap_or(section.len());
    Some(format!("{}\n", section[..end].trim_end()))
}

#[cfg(test)]
mod tests {
    use super::section;

    #[test]
    fn sections_are_whole() {
        let text = section("rh0308").expect("a code");
        assert!(text.starts_with("RH0308 a file defines a template twice\n"), "{text}");
        assert!(text.ends_with("Fix: rename one.\n"), "{text}");
        assert!(section("RH9999").is_none());
        assert!(rhumb_diag::codes::ALL.iter().all(|(code, _)| section(code).is_some()));
    }
}
