//! Escaping for `html`, `js` and `urlquery`.

use std::fmt::Write as _;

use rhumb_gostd::unicode::{decode_rune, is_print};

pub(crate) fn html(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 8);
    for &b in text {
        match b {
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            b'&' => out.extend_from_slice(b"&amp;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            b'"' => out.extend_from_slice(b"&#34;"),
            0 => out.extend_from_slice("\u{fffd}".as_bytes()),
            b => out.push(b),
        }
    }
    out
}

pub(crate) fn js(text: &[u8]) -> Vec<u8> {
    let mut out = String::new();
    let mut bytes = Vec::with_capacity(text.len() + 8);
    let mut rest = text;
    while !rest.is_empty() {
        let (c, len) = decode_rune(rest);
        match c {
            '\\' => bytes.extend_from_slice(b"\\\\"),
            '\'' => bytes.extend_from_slice(b"\\'"),
            '"' => bytes.extend_from_slice(b"\\\""),
            '<' => bytes.extend_from_slice(b"\\u003C"),
            '>' => bytes.extend_from_slice(b"\\u003E"),
            '&' => bytes.extend_from_slice(b"\\u0026"),
            '=' => bytes.extend_from_slice(b"\\u003D"),
            c if (c as u32) < 0x20 || !is_print(c) => {
                out.clear();
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04X}", c as u32);
                bytes.extend_from_slice(out.as_bytes());
            }
            _ => bytes.extend_from_slice(&rest[..len]),
        }
        rest = &rest[len..];
    }
    bytes
}

/// Go's `url.QueryEscape`.
pub(crate) fn query(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 8);
    for &b in text {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(b),
            b' ' => out.push(b'+'),
            b => {
                const HEX: &[u8; 16] = b"0123456789ABCDEF";
                out.extend_from_slice(&[b'%', HEX[usize::from(b >> 4)], HEX[usize::from(b & 15)]]);
            }
        }
    }
    out
}
