//! The templates of replacements: `$1`, `${name}`, `$$`.

use super::{Regexp, Submatches};

/// Appends the template with the groups of one match filled in.
///
/// A name runs as far as letters, digits and `_` go, so `$1W` is the group `1W`; an unknown group
/// is empty; a `$` that begins nothing stays.
pub(super) fn expand(out: &mut Vec<u8>, template: &[u8], re: &Regexp, src: &[u8], found: &Submatches) {
    let mut rest = template;
    while let Some(at) = memchr::memchr(b'$', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(b"$") {
            out.push(b'$');
            rest = after;
        } else if let Some((name, after)) = reference(rest) {
            if let Some((start, end)) = group(name, re, found) {
                out.extend_from_slice(&src[start..end]);
            }
            rest = after;
        } else {
            out.push(b'$');
        }
    }
    out.extend_from_slice(rest);
}

/// The name at the start of the text behind a `$`, and what follows it.
fn reference(text: &[u8]) -> Option<(&str, &[u8])> {
    let (braced, inner) = match text.strip_prefix(b"{") {
        Some(inner) => (true, inner),
        None => (false, text),
    };
    // Names are words in any alphabet; a bad byte ends them.
    let valid = inner.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let end = valid.find(|c: char| !is_word(c)).unwrap_or(valid.len());
    let (name, rest) = (&valid[..end], &inner[end..]);
    if name.is_empty() {
        return None;
    }
    if braced { rest.strip_prefix(b"}").map(|rest| (name, rest)) } else { Some((name, rest)) }
}

fn is_word(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() || c == '_' } else { c.is_alphanumeric() }
}

fn group(name: &str, re: &Regexp, found: &Submatches) -> Option<(usize, usize)> {
    let is_number = name.bytes().all(|b| b.is_ascii_digit());
    if is_number && (name.len() == 1 || !name.starts_with('0')) {
        return found.get(name.parse::<usize>().ok()?).copied().flatten();
    }
    let named = re.names.iter().zip(found).filter(|(known, _)| known.as_deref() == Some(name));
    named.filter_map(|(_, place)| *place).next()
}
