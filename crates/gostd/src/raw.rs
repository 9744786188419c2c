//! Any bytes within a Rust `String`, and back: texts of errors quote a chart's strings, which need not be UTF-8.
//!
//! A byte that is not part of UTF-8 travels as one of the last 128 characters of all (U+10FF80 to U+10FFFF, for private use). Where a
//! text holds such a character itself, that one travels as its four bytes, so nothing is mistaken.

use std::borrow::Cow;

use memchr::memmem;

/// The carriers in UTF-8 begin so; two more bytes hold the byte that is carried.
const HEAD: &[u8] = b"\xf4\x8f";

/// The bytes as a text that `bytes` turns back.
#[must_use]
pub fn text(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes)
        && carrier(bytes).is_none()
    {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(bytes.len() + 8);
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            if c < '\u{10ff80}' {
                out.push(c);
            } else {
                out.extend(c.encode_utf8(&mut [0; 4]).bytes().map(carry));
            }
        }
        out.extend(chunk.invalid().iter().copied().map(carry));
    }
    Cow::Owned(out)
}

/// The bytes that a text from `text` stands for.
#[must_use]
pub fn bytes(text: &str) -> Cow<'_, [u8]> {
    let mut rest = text.as_bytes();
    let Some(mut at) = carrier(rest) else { return Cow::Borrowed(rest) };
    let mut out = Vec::with_capacity(rest.len());
    loop {
        out.extend_from_slice(&rest[..at]);
        out.push(0x80 | (rest[at + 2] & 1) << 6 | rest[at + 3] & 0x3f);
        rest = &rest[at + 4..];
        match carrier(rest) {
            Some(next) => at = next,
            None => break,
        }
    }
    out.extend_from_slice(rest);
    Cow::Owned(out)
}

/// The text for people: U+FFFD for what is not UTF-8.
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    match bytes(text) {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// Only bytes beyond ASCII are ever carried.
fn carry(byte: u8) -> char {
    char::from_u32(0x10_ff00 + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Where the first carrier stands.
fn carrier(bytes: &[u8]) -> Option<usize> {
    memmem::find_iter(bytes, HEAD).find(|at| bytes.len() > at + 3 && bytes[at + 2] >= 0xbe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_bytes_come_back() {
        let all: Vec<u8> = (0..=255).collect();
        let tricky = "a\u{10ff7f}\u{10ff80}é\u{10ffff}\u{fffd}".as_bytes();
        for case in [
            &all[..],
            tricky,
            b"de\xe9p",
            b"",
            b"plain",
            "é".as_bytes(),
            b"\xf4\x8f\xbe",
            b"\xf4\x8f",
            b"\xf4\x8f\xbe\x80\xf4",
        ] {
            let carried = text(case);
            assert_eq!(bytes(&carried), case, "{case:?}");
            assert_eq!(shown(&carried), String::from_utf8_lossy(case), "{case:?}");
        }
    }

    #[test]
    fn what_is_usual_is_not_copied() {
        assert!(matches!(text("é".as_bytes()), Cow::Borrowed("é")));
        assert!(matches!(bytes("é\u{10ff7f}"), Cow::Borrowed(_)));
    }
}
