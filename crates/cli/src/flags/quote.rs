//! Text in Go's double quotes, for messages that repeat what the user typed.

use std::fmt::Write as _;

/// The text as Go's `%q` writes it, for the characters that reach a command line.
pub(crate) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            c if c < ' ' || c == '\u{7f}' => {
                let _ = write!(out, "\\x{:02x}", u32::from(c));
            }
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn quotes_as_go() {
        let cases = [("a", "\"a\""), ("", "\"\""), ("a\"b\\", "\"a\\\"b\\\\\""), ("\n\u{1}é", "\"\\n\\x01é\"")];
        for (text, want) in cases {
            assert_eq!(super::quote(text), want);
        }
    }
}
