//! Go's `strings` where it differs from Rust's or where bytes matter: texts are `&[u8]`, an invalid
//! byte is one character, and the case functions turn it into U+FFFD as Go's do.

use std::fmt;

use memchr::memmem;

use crate::unicode::{self, append_rune, decode_last_rune, decode_rune, is_digit, is_letter, is_space, runes};

fn map(s: &[u8], f: fn(char) -> char) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    for (c, _) in runes(s) {
        append_rune(&mut out, f(c));
    }
    out
}

/// `strings.ToUpper`.
#[must_use]
pub fn to_upper(s: &[u8]) -> Vec<u8> {
    if s.is_ascii() { s.to_ascii_uppercase() } else { map(s, unicode::to_upper) }
}

/// `strings.ToLower`.
#[must_use]
pub fn to_lower(s: &[u8]) -> Vec<u8> {
    if s.is_ascii() { s.to_ascii_lowercase() } else { map(s, unicode::to_lower) }
}

/// `strings.Title`, the old one: the first letter of each word in title case. A word starts after
/// anything but letters, digits, `_` and non-space characters beyond ASCII that are no punctuation to it.
#[must_use]
pub fn title(s: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    let mut previous = ' ';
    for (c, _) in runes(s) {
        append_rune(&mut out, if is_separator(previous) { unicode::to_title(c) } else { c });
        previous = c;
    }
    out
}

fn is_separator(c: char) -> bool {
    if c.is_ascii() {
        return !(c.is_ascii_alphanumeric() || c == '_');
    }
    !is_letter(c) && !is_digit(c) && is_space(c)
}

/// `strings.TrimSpace`.
#[must_use]
pub fn trim_space(s: &[u8]) -> &[u8] {
    trim_end_by(trim_start_by(s, is_space), is_space)
}

fn trim_start_by(mut s: &[u8], f: impl Fn(char) -> bool) -> &[u8] {
    while !s.is_empty() {
        let (c, width) = decode_rune(s);
        if !f(c) {
            break;
        }
        s = &s[width..];
    }
    s
}

fn trim_end_by(mut s: &[u8], f: impl Fn(char) -> bool) -> &[u8] {
    while !s.is_empty() {
        let (c, width) = decode_last_rune(s);
        if !f(c) {
            break;
        }
        s = &s[..s.len() - width];
    }
    s
}

/// True when the cutset holds the character; an invalid byte in it stands for U+FFFD.
fn in_set(cutset: &[u8], c: char) -> bool {
    runes(cutset).any(|(member, _)| member == c)
}

/// `strings.Trim`: characters of `cutset` off both ends.
#[must_use]
pub fn trim<'a>(s: &'a [u8], cutset: &[u8]) -> &'a [u8] {
    trim_right(trim_left(s, cutset), cutset)
}

/// `strings.TrimLeft`.
#[must_use]
pub fn trim_left<'a>(s: &'a [u8], cutset: &[u8]) -> &'a [u8] {
    trim_start_by(s, |c| in_set(cutset, c))
}

/// `strings.TrimRight`.
#[must_use]
pub fn trim_right<'a>(s: &'a [u8], cutset: &[u8]) -> &'a [u8] {
    trim_end_by(s, |c| in_set(cutset, c))
}

/// `strings.Fields`: the words between white space.
#[must_use]
pub fn fields(s: &[u8]) -> Vec<&[u8]> {
    let mut out = Vec::new();
    let mut rest = trim_start_by(s, is_space);
    while !rest.is_empty() {
        let mut end = 0;
        for (c, width) in runes(rest) {
            if is_space(c) {
                break;
            }
            end += width;
        }
        out.push(&rest[..end]);
        rest = trim_start_by(&rest[end..], is_space);
    }
    out
}

/// `strings.Contains`.
#[must_use]
pub fn contains(s: &[u8], part: &[u8]) -> bool {
    memmem::find(s, part).is_some()
}

/// `strings.Count`: non-overlapping occurrences; of the empty text, characters plus one.
#[must_use]
pub fn count(s: &[u8], part: &[u8]) -> usize {
    if part.is_empty() {
        return unicode::rune_count(s) + 1;
    }
    memmem::find_iter(s, part).count()
}

/// `strings.Replace` with a limit (-1: all). An empty `old` matches before each character and at the end.
#[must_use]
pub fn replace(s: &[u8], old: &[u8], new: &[u8], limit: i64) -> Vec<u8> {
    let mut left = if limit < 0 { usize::MAX } else { usize::try_from(limit).unwrap_or(usize::MAX) };
    let mut out = Vec::with_capacity(s.len());
    if old == new || left == 0 {
        out.extend_from_slice(s);
        return out;
    }
    if old.is_empty() {
        let mut rest = s;
        while left > 0 {
            out.extend_from_slice(new);
            left -= 1;
            if rest.is_empty() {
                break;
            }
            let (_, width) = decode_rune(rest);
            out.extend_from_slice(&rest[..width]);
            rest = &rest[width..];
        }
        out.extend_from_slice(rest);
        return out;
    }
    let mut from = 0;
    for at in memmem::find_iter(s, old).take(left) {
        out.extend_from_slice(&s[from..at]);
        out.extend_from_slice(new);
        from = at + old.len();
    }
    out.extend_from_slice(&s[from..]);
    out
}

/// `strings.Split`: an empty separator splits into characters.
#[must_use]
pub fn split<'a>(s: &'a [u8], separator: &[u8]) -> Vec<&'a [u8]> {
    split_n(s, separator, -1)
}

/// `strings.SplitN`: at most `n` pieces, the last with the rest; 0 gives none, below 0 all.
#[must_use]
pub fn split_n<'a>(s: &'a [u8], separator: &[u8], n: i64) -> Vec<&'a [u8]> {
    if n == 0 {
        return Vec::new();
    }
    let limit = usize::try_from(n).unwrap_or(usize::MAX);
    let mut out = Vec::new();
    let mut rest = s;
    if separator.is_empty() {
        while !rest.is_empty() && out.len() + 1 < limit {
            let (_, width) = decode_rune(rest);
            out.push(&rest[..width]);
            rest = &rest[width..];
        }
        if !rest.is_empty() {
            out.push(rest);
        }
        return out;
    }
    while out.len() + 1 < limit {
        let Some(at) = memmem::find(rest, separator) else {
            break;
        };
        out.push(&rest[..at]);
        rest = &rest[at + separator.len()..];
    }
    out.push(rest);
    out
}

/// `strings.EqualFold`: equal under simple case folding.
#[must_use]
pub fn equal_fold(a: &[u8], b: &[u8]) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return a.eq_ignore_ascii_case(b);
    }
    let (mut left, mut right) = (runes(a), runes(b));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some((x, _)), Some((y, _))) if x == y || fold(x) == fold(y) => {}
            _ => return false,
        }
    }
}

/// One representative of all characters that differ only in case.
fn fold(c: char) -> char {
    match c {
        // dotted and dotless i fold to nothing else
        '\u{130}' | '\u{131}' => c,
        // sharp s, theta, K, angstrom, ohm: upper forms that lower to a letter with another upper form
        _ => unicode::to_lower(unicode::to_upper(unicode::to_lower(c))),
    }
}

/// Why [`repeat`] panics in Go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepeatError {
    /// A negative count.
    Negative,
    /// A result that no memory could hold.
    Overflow,
}

impl fmt::Display for RepeatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Negative => "strings: negative Repeat count",
            Self::Overflow => "strings: Repeat output length overflow",
        })
    }
}

impl std::error::Error for RepeatError {}

/// `strings.Repeat`. The caller bounds the result's size beforehand.
///
/// # Errors
/// The texts of Go's two panics.
pub fn repeat(s: &[u8], count: i64) -> Result<Vec<u8>, RepeatError> {
    let count = usize::try_from(count).map_err(|_| RepeatError::Negative)?;
    let total = s.len().checked_mul(count).filter(|&n| i64::try_from(n).is_ok());
    let total = total.ok_or(RepeatError::Overflow)?;
    let mut out = Vec::new();
    out.try_reserve_exact(total).map_err(|_| RepeatError::Overflow)?;
    if total > 0 {
        for _ in 0..count {
            out.extend_from_slice(s);
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests;
