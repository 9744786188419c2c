//! Go's quoting where an error text wants a `String`: `%q` and `%#U`.

use rhumb_gostd::{strconv, unicode};

/// Go's `%q` of a string.
pub(crate) fn quote(text: &[u8]) -> String {
    strconv::quote_string(text)
}

/// Go's `%#U`.
pub(crate) fn char_name(c: char) -> String {
    let code = c as u32;
    if unicode::is_print(c) { format!("U+{code:04X} '{c}'") } else { format!("U+{code:04X}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Observed with Go's fmt.
    #[test]
    fn characters_have_names() {
        assert_eq!(char_name('\u{e9}'), "U+00E9 '\u{e9}'");
        assert_eq!(char_name('\n'), "U+000A");
    }
}
