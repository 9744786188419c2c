//! The word helpers of Masterminds/goutils that sprig shows: `wrap`, `wrapWith`, `initials`, `abbrev`,
//! `abbrevboth`, `untitle`. They work on characters, except wrapping, which counts bytes.

use crate::unicode::{append_rune, is_space, runes, to_lower, to_title};

/// `goutils.WrapCustom`: breaks lines at spaces so that they have at most `width` bytes (at least 1).
/// `newline` empty means `\n`; `break_words` cuts words that are longer than a line.
#[must_use]
pub fn wrap(s: &[u8], width: i64, newline: &[u8], break_words: bool) -> Vec<u8> {
    let newline = if newline.is_empty() { b"\n" } else { newline };
    let width = usize::try_from(width.max(1)).unwrap_or(1);
    let mut out = Vec::with_capacity(s.len() + 32);
    let mut rest = s;
    while rest.len() > width {
        if rest[0] == b' ' {
            rest = &rest[1..];
            continue;
        }
        let space_before = rest[..=width].iter().rposition(|&b| b == b' ');
        let (line, after) = if let Some(at) = space_before {
            (at, at + 1)
        } else if break_words {
            (width, width)
        } else if let Some(at) = memchr::memchr(b' ', &rest[width..]) {
            (width + at, width + at + 1)
        } else {
            break;
        };
        out.extend_from_slice(&rest[..line]);
        out.extend_from_slice(newline);
        rest = &rest[after..];
    }
    out.extend_from_slice(rest);
    out
}

/// `goutils.Initials`: the first byte of each word, as the character of that number (so `é` shows `Ã`).
#[must_use]
pub fn initials(s: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at_start = true;
    for c in s.iter().copied().map(char::from) {
        if is_space(c) {
            at_start = true;
        } else {
            if at_start {
                append_rune(&mut out, c);
            }
            at_start = false;
        }
    }
    out
}

/// `goutils.Uncapitalize` (sprig's `untitle`): the first character of each word in lower case.
#[must_use]
pub fn uncapitalize(s: &[u8]) -> Vec<u8> {
    word_starts(s, to_lower)
}

/// `goutils.Capitalize`: the first character of each word in title case.
#[must_use]
pub fn capitalize(s: &[u8]) -> Vec<u8> {
    word_starts(s, to_title)
}

fn word_starts(s: &[u8], f: fn(char) -> char) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    let mut at_start = true;
    for (c, _) in runes(s) {
        append_rune(&mut out, if at_start { f(c) } else { c });
        at_start = is_space(c);
    }
    out
}

/// `goutils.DeleteWhiteSpace` (sprig's `nospace`), which reads bytes as characters: text beyond ASCII is
/// mangled once something has to go.
#[must_use]
pub fn delete_white_space(s: &[u8]) -> Vec<u8> {
    if !s.iter().any(|&b| is_space(char::from(b))) {
        return s.to_vec();
    }
    let mut out = Vec::with_capacity(s.len());
    for c in s.iter().copied().map(char::from) {
        if !is_space(c) {
            append_rune(&mut out, c);
        }
    }
    out
}

/// `goutils.AbbreviateFull`: `...` for what does not fit into `max` bytes, seen from byte `offset` on.
///
/// # Errors
/// goutils' texts for a width too small; sprig shows an empty text then.
pub fn abbreviate(s: &[u8], offset: i64, max: i64) -> Result<Vec<u8>, &'static str> {
    const DOTS: &[u8] = b"...";
    let whole = i64::try_from(s.len()).unwrap_or(i64::MAX);
    if s.is_empty() {
        return Ok(Vec::new());
    }
    if max < 4 {
        return Err("stringutils illegal argument: Minimum abbreviation width is 4");
    }
    if whole <= max {
        return Ok(s.to_vec());
    }
    let mut offset = offset.min(whole);
    // as far left as still shows the end
    if whole - offset < max - 3 {
        offset = whole - (max - 3);
    }
    let cut = |from: i64, to: i64| {
        let index = |i: i64| usize::try_from(i.clamp(0, whole)).unwrap_or(0);
        s.get(index(from)..index(to)).unwrap_or_default()
    };
    if offset <= 4 {
        return Ok([cut(0, max - 3), DOTS].concat());
    }
    if max < 7 {
        return Err("stringutils illegal argument: Minimum abbreviation width with offset is 7");
    }
    if offset + max - 3 < whole {
        let tail = abbreviate(cut(offset, whole), 0, max - 3)?;
        return Ok([DOTS, &tail].concat());
    }
    Ok([DOTS, cut(whole - (max - 3), whole)].concat())
}

#[cfg(test)]
mod tests;
