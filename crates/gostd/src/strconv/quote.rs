//! Go quoting: `strconv.Quote`, its ASCII and rune forms, and `Unquote`.

use crate::unicode::{append_rune, decode_rune, is_print, is_valid_rune};

/// Quotes a byte string as `%q`: printable characters stay, the rest is escaped, an invalid byte is `\xNN`.
#[must_use]
pub fn quote(s: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len() + 2);
    append_quote(&mut out, s);
    out
}

/// [`quote`] as text, for messages.
#[must_use]
pub fn quote_string(s: &[u8]) -> String {
    String::from_utf8(quote(s)).unwrap_or_default()
}

/// Appends what [`quote`] gives.
pub fn append_quote(out: &mut Vec<u8>, s: &[u8]) {
    quoted(out, s, b'"', false);
}

/// `%+q`: like [`quote`], every character beyond ASCII escaped.
#[must_use]
pub fn quote_to_ascii(s: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len() + 2);
    quoted(&mut out, s, b'"', true);
    out
}

/// `%q` of a number: a quoted character; what is no character gives U+FFFD.
#[must_use]
pub fn quote_rune(code: i64, ascii: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(8);
    append_quote_rune(&mut out, code, ascii);
    out
}

/// Appends what [`quote_rune`] gives.
pub fn append_quote_rune(out: &mut Vec<u8>, code: i64, ascii: bool) {
    let c = u32::try_from(code).ok().and_then(char::from_u32).unwrap_or('\u{FFFD}');
    out.push(b'\'');
    escaped(out, c, b'\'', ascii);
    out.push(b'\'');
}

fn quoted(out: &mut Vec<u8>, mut s: &[u8], quote: u8, ascii: bool) {
    out.push(quote);
    while !s.is_empty() {
        // the usual case: a run of plain ASCII
        let plain = s.iter().position(|&b| !(b' '..=b'~').contains(&b) || b == quote || b == b'\\').unwrap_or(s.len());
        out.extend_from_slice(&s[..plain]);
        s = &s[plain..];
        if s.is_empty() {
            break;
        }
        let decoded = decode_rune(s);
        if is_valid_rune(decoded) {
            escaped(out, decoded.0, quote, ascii);
        } else {
            hex_escape(out, b'x', u32::from(s[0]), 2);
        }
        s = &s[decoded.1..];
    }
    out.push(quote);
}

fn escaped(out: &mut Vec<u8>, c: char, quote: u8, ascii: bool) {
    if c == char::from(quote) || c == '\\' {
        out.push(b'\\');
        append_rune(out, c);
        return;
    }
    if is_print(c) && (!ascii || c.is_ascii()) {
        append_rune(out, c);
        return;
    }
    let short = match c {
        '\u{7}' => b'a',
        '\u{8}' => b'b',
        '\u{c}' => b'f',
        '\n' => b'n',
        '\r' => b'r',
        '\t' => b't',
        '\u{b}' => b'v',
        '\0'..' ' | '\u{7f}' => return hex_escape(out, b'x', u32::from(c), 2),
        '\0'..'\u{10000}' => return hex_escape(out, b'u', u32::from(c), 4),
        _ => return hex_escape(out, b'U', u32::from(c), 8),
    };
    out.extend_from_slice(&[b'\\', short]);
}

fn hex_escape(out: &mut Vec<u8>, letter: u8, code: u32, digits: u32) {
    out.extend_from_slice(&[b'\\', letter]);
    for i in (0..digits).rev() {
        out.push(b"0123456789abcdef"[(code >> (4 * i) & 15) as usize]);
    }
}

/// `strconv.CanBackquote`: can stand unchanged on one line between backquotes.
#[must_use]
pub fn can_backquote(s: &[u8]) -> bool {
    std::str::from_utf8(s)
        .is_ok_and(|text| text.chars().all(|c| !matches!(c, '\u{feff}' | '`' | '\u{7f}') && (c >= ' ' || c == '\t')))
}

/// One character of a literal, as `strconv.UnquoteChar` reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnquotedChar<'a> {
    /// The code point, or the byte of a `\x41` or `\101` escape.
    pub value: u32,
    /// True when the value is to be written as UTF-8 rather than as a byte.
    pub multibyte: bool,
    /// What follows.
    pub rest: &'a [u8],
}

/// `strconv.UnquoteChar`: the first character or escape of `s`, inside quotes of kind `quote`
/// (0: neither quote may be escaped, both may stand plain). None is a syntax error.
#[must_use]
pub fn unquote_char(s: &[u8], quote: u8) -> Option<UnquotedChar<'_>> {
    let (&first, rest) = s.split_first()?;
    if first == quote && matches!(quote, b'\'' | b'"') {
        return None;
    }
    if first >= 0x80 {
        let (c, width) = decode_rune(s);
        return Some(UnquotedChar { value: u32::from(c), multibyte: true, rest: &s[width..] });
    }
    if first != b'\\' {
        return Some(UnquotedChar { value: u32::from(first), multibyte: false, rest });
    }
    let (&kind, rest) = rest.split_first()?;
    let plain = |value: u32| Some(UnquotedChar { value, multibyte: false, rest });
    match kind {
        b'a' => plain(7),
        b'b' => plain(8),
        b'f' => plain(12),
        b'n' => plain(10),
        b'r' => plain(13),
        b't' => plain(9),
        b'v' => plain(11),
        b'\\' => plain(92),
        b'\'' | b'"' if kind == quote => plain(u32::from(kind)),
        b'x' => {
            let (value, rest) = number(rest, 16, 2)?;
            Some(UnquotedChar { value, multibyte: false, rest })
        }
        b'u' | b'U' => {
            let (value, rest) = number(rest, 16, if kind == b'u' { 4 } else { 8 })?;
            char::from_u32(value)?;
            Some(UnquotedChar { value, multibyte: true, rest })
        }
        b'0'..=b'7' => {
            let (value, rest) = number(&s[1..], 8, 3)?;
            (value <= 255).then_some(UnquotedChar { value, multibyte: false, rest })
        }
        _ => None,
    }
}

fn number(s: &[u8], base: u32, digits: usize) -> Option<(u32, &[u8])> {
    let (head, rest) = s.split_at_checked(digits)?;
    let mut value = 0u32;
    for &b in head {
        value = value.checked_mul(base)? + char::from(b).to_digit(base)?;
    }
    Some((value, rest))
}

/// `strconv.Unquote` of a whole literal in `"`, `'` or backquotes. None is a syntax error.
///
/// Invalid UTF-8 inside double quotes becomes U+FFFD; inside backquotes it stays.
#[must_use]
pub fn unquote(s: &[u8]) -> Option<Vec<u8>> {
    let (&quote, rest) = s.split_first()?;
    let (&last, body) = rest.split_last()?;
    if last != quote {
        return None;
    }
    match quote {
        b'`' if body.contains(&b'`') => None,
        b'`' => Some(body.iter().copied().filter(|&b| b != b'\r').collect()),
        b'"' | b'\'' => interpreted(body, quote),
        _ => None,
    }
}

fn interpreted(mut body: &[u8], quote: u8) -> Option<Vec<u8>> {
    // Most have nothing in them to interpret.
    if quote == b'"' && body.is_ascii() && memchr::memchr3(b'\\', b'"', b'\n', body).is_none() {
        return Some(body.to_vec());
    }
    let mut out = Vec::with_capacity(body.len());
    let mut count = 0;
    while let Some(&first) = body.first() {
        if first == b'\n' {
            return None;
        }
        let c = unquote_char(body, quote)?;
        match char::from_u32(c.value) {
            Some(full) if c.multibyte => append_rune(&mut out, full),
            _ => out.push(u8::try_from(c.value).ok()?),
        }
        body = c.rest;
        count += 1;
    }
    // `''` is accepted, and empty
    (quote == b'"' || count <= 1).then_some(out)
}
