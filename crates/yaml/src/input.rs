//! The bytes as the reference's reader sees them: encodings, and characters that YAML does not allow.

use std::borrow::Cow;

use crate::error::Error;
use crate::scan::BadByte;

/// The reference decodes its input in blocks of this many bytes, and complains when it decodes, not when it parses.
const BLOCK: usize = 512;

/// UTF-8 text for the scanner, cut before the first bad byte.
pub(crate) fn read(bytes: &[u8]) -> Result<(Cow<'_, [u8]>, Option<BadByte>), Error> {
    if u32::try_from(bytes.len()).is_err() {
        return Err(Error::convert("yaml: input is too large", None));
    }
    if bytes.starts_with(b"\xFF\xFE") {
        return Ok(utf16(&bytes[2..], u16::from_le_bytes));
    }
    if bytes.starts_with(b"\xFE\xFF") {
        return Ok(utf16(&bytes[2..], u16::from_be_bytes));
    }
    Ok(match find_bad(bytes) {
        None => (Cow::Borrowed(bytes), None),
        Some((offset, problem)) => {
            // A sequence cut off by the end is only missed when reading gets there.
            let cut = problem.starts_with("incomplete");
            let seen_from = if cut { offset } else { offset / BLOCK * BLOCK };
            (Cow::Borrowed(&bytes[..offset]), Some(BadByte { seen_from, offset, problem }))
        }
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (Cow<'_, [u8]>, Option<BadByte>) {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    let problem = loop {
        let rest = &bytes[at..];
        let c = match rest {
            [] => break None,
            [_] => break Some("incomplete UTF-16 character"),
            [a, b, more @ ..] => match (unit([*a, *b]), more) {
                (0xDC00..=0xDFFF, _) => break Some("unexpected low surrogate area"),
                (high @ 0xD800..=0xDBFF, [c, d, ..]) => match unit([*c, *d]) {
                    low @ 0xDC00..=0xDFFF => {
                        at += 2;
                        0x10000 + ((u32::from(high) & 0x3FF) << 10) + (u32::from(low) & 0x3FF)
                    }
                    _ => break Some("expected low surrogate area"),
                },
                (0xD800..=0xDBFF, _) => break Some("incomplete UTF-16 surrogate pair"),
                (other, _) => u32::from(other),
            },
        };
        at += 2;
        let Some(c) = char::from_u32(c).filter(|c| is_allowed(*c)) else {
            break Some("control characters are not allowed");
        };
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    };
    let offset = out.len();
    (Cow::Owned(out), problem.map(|problem| BadByte { seen_from: (at / BLOCK * BLOCK).min(offset), offset, problem }))
}

/// Whether YAML allows the character unescaped.
pub(crate) fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The first byte that is no allowed character, with the reader's words for it.
pub(crate) fn find_bad(bytes: &[u8]) -> Option<(usize, &'static str)> {
    let mut at = 0;
    while at < bytes.len() {
        at += plain_ascii(&bytes[at..]);
        let b = bytes.get(at)?;
        if *b < 0x80 {
            if !is_allowed(char::from(*b)) {
                return Some((at, "control characters are not allowed"));
            }
            at += 1;
            continue;
        }
        match decode(&bytes[at..]) {
            Ok(c) if is_allowed(c) => at += c.len_utf8(),
            Ok(_) => return Some((at, "control characters are not allowed")),
            Err(problem) => return Some((at, problem)),
        }
    }
    None
}

/// How many bytes at the front are harmless ASCII, a few at a time.
fn plain_ascii(bytes: &[u8]) -> usize {
    let mut n = 0;
    for chunk in bytes.chunks_exact(32) {
        let odd = chunk.iter().fold(false, |odd, b| odd | !((b' '..0x7F).contains(b) | (*b == b'\n')));
        if odd {
            break;
        }
        n += 32;
    }
    n + bytes[n..].iter().take_while(|b| (b' '..0x7F).contains(*b) || **b == b'\n').count()
}

fn decode(bytes: &[u8]) -> Result<char, &'static str> {
    let first = bytes[0];
    let (width, mut value) = match first {
        0xC0..=0xDF => (2, u32::from(first & 0x1F)),
        0xE0..=0xEF => (3, u32::from(first & 0x0F)),
        0xF0..=0xF7 => (4, u32::from(first & 0x07)),
        _ => return Err("invalid leading UTF-8 octet"),
    };
    let Some(tail) = bytes.get(1..width) else { return Err("incomplete UTF-8 octet sequence") };
    for b in tail {
        if b & 0xC0 != 0x80 {
            return Err("invalid trailing UTF-8 octet");
        }
        value = (value << 6) | u32::from(b & 0x3F);
    }
    let least = [0, 0, 0x80, 0x800, 0x10000][width];
    if value < least {
        return Err("invalid length of a UTF-8 sequence");
    }
    char::from_u32(value).ok_or("invalid Unicode character")
}
