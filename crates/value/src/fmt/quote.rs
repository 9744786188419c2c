//! Go's quoted strings (`strconv.Quote`).

/// A string in double quotes with Go's escapes; printable characters stay.
#[must_use]
pub fn quote(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 2);
    append_quoted(&mut out, text, b'"', false);
    out
}

/// A string in double quotes, all beyond ASCII escaped.
#[must_use]
pub fn quote_ascii(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 2);
    append_quoted(&mut out, text, b'"', true);
    out
}

/// Appends a string between `mark`s, with Go's escapes.
pub(super) fn append_quoted(out: &mut Vec<u8>, text: &[u8], mark: u8, ascii: bool) {
    out.push(mark);
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            append_char(out, c, mark, ascii);
        }
        for byte in chunk.invalid() {
            out.extend_from_slice(format!("\\x{byte:02x}").as_bytes());
        }
    }
    out.push(mark);
}

fn append_char(out: &mut Vec<u8>, c: char, mark: u8, ascii: bool) {
    if c == char::from(mark) || c == '\\' {
        out.push(b'\\');
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        return;
    }
    let short: &[u8] = match c {
        '\x07' => b"\\a",
        '\x08' => b"\\b",
        '\x0c' => b"\\f",
        '\n' => b"\\n",
        '\r' => b"\\r",
        '\t' => b"\\t",
        '\x0b' => b"\\v",
        _ => b"",
    };
    let code = u32::from(c);
    if !short.is_empty() {
        out.extend_from_slice(short);
    } else if code < 0x20 || code == 0x7f {
        out.extend_from_slice(format!("\\x{code:02x}").as_bytes());
    } else if code < 0x7f || !ascii && is_printable(c) {
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    } else if code < 0x1_0000 {
        out.extend_from_slice(format!("\\u{code:04x}").as_bytes());
    } else {
        out.extend_from_slice(format!("\\U{code:08x}").as_bytes());
    }
}

/// Go's `unicode.IsPrint`: letters, marks, numbers, punctuation, symbols and the ASCII space. The standard library's
/// own debug escapes draw the same line; the letter before keeps marks from being escaped as leading ones.
pub(super) fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        return (' '..='~').contains(&c);
    }
    let mut text = String::from("a");
    text.push(c);
    text.escape_debug().nth(1) == Some(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Observed on Helm 4.3.1 (`quote`) and Go's `%q`.
    #[test]
    fn quotes_as_go() {
        let cases: &[(&[u8], &str)] = &[
            (b"a\"b\\c'", r#""a\"b\\c'""#),
            (b"\x00\x07\x08\x0c\n\r\t\x0b\x7f", r#""\x00\a\b\f\n\r\t\v\x7f""#),
            ("é☺\u{200b}\u{a0}\u{1f600}\u{e000}".as_bytes(), "\"é☺\\u200b\\u00a0\u{1f600}\\ue000\""),
            (b"a\xffb", r#""a\xffb""#),
            ("e\u{301}\u{fffd}".as_bytes(), "\"e\u{301}\u{fffd}\""),
        ];
        for (text, want) in cases {
            assert_eq!(String::from_utf8(quote(text)).unwrap(), *want);
        }
        assert_eq!(quote_ascii("é\u{1f600}".as_bytes()), br#""\u00e9\U0001f600""#);
    }
}
