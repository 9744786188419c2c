//! Escapes of text/template (`html`, `js`, `urlquery`) and of net/url.

use crate::unicode::{decode_rune, is_print};

/// `template.HTMLEscapeString`: `"` `'` `&` `<` `>` as entities, NUL as U+FFFD.
#[must_use]
pub fn html_escape(s: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    for &b in s {
        match b {
            0 => out.extend_from_slice("\u{FFFD}".as_bytes()),
            b'"' => out.extend_from_slice(b"&#34;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            _ => out.push(b),
        }
    }
    out
}

/// `template.JSEscapeString`: quotes, backslash and what could end a script as `\uXXXX` or `\'`.
#[must_use]
pub fn js_escape(mut s: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    while let Some(&b) = s.first() {
        let mut width = 1;
        match b {
            b'\\' | b'\'' | b'"' => out.extend_from_slice(&[b'\\', b]),
            b'<' | b'>' | b'&' | b'=' | 0..b' ' => {
                out.extend_from_slice(format!("\\u{b:04X}").as_bytes());
            }
            0x80.. => {
                let (c, w) = decode_rune(s);
                width = w;
                if is_print(c) {
                    out.extend_from_slice(&s[..w]);
                } else {
                    out.extend_from_slice(format!("\\u{:04X}", u32::from(c)).as_bytes());
                }
            }
            _ => out.push(b),
        }
        s = &s[width..];
    }
    out
}

/// `url.QueryEscape` (the template function `urlquery`): a space is `+`.
#[must_use]
pub fn url_query_escape(s: &[u8]) -> String {
    percent(s, |b| matches!(b, b'-' | b'_' | b'.' | b'~'), true)
}

/// `url.PathEscape`: one segment of a path, `/` escaped too.
#[must_use]
pub fn url_path_escape(s: &[u8]) -> String {
    percent(s, |b| b"-_.~$&+=:@".contains(&b), false)
}

/// Percent-encodes all but letters, digits and what `keep` names.
pub(crate) fn percent(s: &[u8], keep: impl Fn(u8) -> bool, plus: bool) -> String {
    let mut out = String::with_capacity(s.len());
    for &b in s {
        if b.is_ascii_alphanumeric() || keep(b) {
            out.push(char::from(b));
        } else if plus && b == b' ' {
            out.push('+');
        } else {
            out.push('%');
            for half in [b >> 4, b & 15] {
                out.push(char::from(b"0123456789ABCDEF"[usize::from(half)]));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests;
