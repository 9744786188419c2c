//! Words of a text: letter case, initials, abbreviation, wrapping.

use crate::strings::{find, one_lower, one_upper};

/// The first letter of every word in upper case (Go's old `strings.Title`): a word starts after anything but a letter,
/// a digit or an underscore.
pub(crate) fn title(text: &[u8]) -> String {
    let mut inside = false;
    String::from_utf8_lossy(text)
        .chars()
        .filter_map(|ch| {
            let shown = if inside { Some(ch) } else { one_upper(ch) };
            inside = if ch.is_ascii() { ch.is_ascii_alphanumeric() || ch == '_' } else { !ch.is_whitespace() };
            shown
        })
        .collect()
}

/// The first letter of every word in lower case; words stand between white space.
pub(crate) fn untitle(text: &[u8]) -> String {
    let mut at_start = true;
    String::from_utf8_lossy(text)
        .chars()
        .filter_map(|ch| {
            let shown = if at_start { one_lower(ch) } else { Some(ch) };
            at_start = ch.is_whitespace();
            shown
        })
        .collect()
}

/// Upper for lower and lower for upper.
pub(crate) fn swap_case(ch: char) -> Option<char> {
    if ch.is_uppercase() {
        one_lower(ch)
    } else if ch.is_lowercase() {
        one_upper(ch)
    } else {
        Some(ch)
    }
}

/// The first letter of every word.
pub(crate) fn initials(text: &[u8]) -> String {
    let mut at_start = true;
    String::from_utf8_lossy(text)
        .chars()
        .filter(|ch| {
            let first = at_start && !ch.is_whitespace();
            at_start = ch.is_whitespace();
            first
        })
        .collect()
}

/// Words in lower case with a connector: `FirstName HTTPServer` is `first_name_http_server`.
pub(crate) fn joined_case(text: &[u8], connector: char) -> String {
    let chars: Vec<char> = String::from_utf8_lossy(text).chars().collect();
    let mut out = String::new();
    for (i, &ch) in chars.iter().enumerate() {
        if matches!(ch, ' ' | '_' | '-') {
            out.push(connector);
            continue;
        }
        let before = i.checked_sub(1).map(|j| chars[j]);
        let after = chars.get(i + 1);
        let new_word = ch.is_uppercase()
            && before.is_some_and(|b| {
                b.is_lowercase() || b.is_numeric() || b.is_uppercase() && after.is_some_and(|a| a.is_lowercase())
            });
        if new_word {
            out.push(connector);
        }
        out.extend(one_lower(ch));
    }
    out
}

/// Words run together, each with an upper first letter.
pub(crate) fn camel_case(text: &[u8]) -> String {
    let mut out = String::new();
    let mut upper = true;
    for ch in String::from_utf8_lossy(text).chars() {
        if matches!(ch, ' ' | '_' | '-') {
            upper = true;
            continue;
        }
        out.extend(if upper { one_upper(ch) } else { one_lower(ch) });
        upper = false;
    }
    out
}

/// The text cut to `width` bytes with dots at the end, and at the start where `offset` leaves something out there.
pub(crate) fn abbreviate(text: &[u8], offset: i64, width: i64) -> Vec<u8> {
    let Some(width) = usize::try_from(width).ok().filter(|w| *w >= 4 && (offset <= 0 || *w >= 7)) else {
        return text.to_vec();
    };
    let size = text.len();
    if size <= width {
        return text.to_vec();
    }
    let room = width - 3;
    let mut offset = usize::try_from(offset).unwrap_or(0).min(size);
    if size - offset < room {
        offset = size - room;
    }
    if offset <= 4 {
        return [&text[..room], b"..."].concat();
    }
    if offset + room < size {
        return [b"...", &abbreviate(&text[offset..], 0, i64::try_from(room).unwrap_or(0))[..]].concat();
    }
    [b"...", &text[size - room..]].concat()
}

/// Lines of at most `width` bytes, broken at spaces; longer words are broken only with `hard`.
pub(crate) fn wrap(text: &[u8], width: i64, line_end: &[u8], hard: bool) -> Vec<u8> {
    let width = usize::try_from(width).unwrap_or(1).max(1);
    let line_end: &[u8] = if line_end.is_empty() { b"\n" } else { line_end };
    let mut out = Vec::with_capacity(text.len() + 16);
    let mut rest = text;
    while rest.len() > width {
        if rest[0] == b' ' {
            rest = &rest[1..];
            continue;
        }
        let (line, next) = match rest[..=width].iter().rposition(|c| *c == b' ') {
            Some(space) => (space, space + 1),
            None if hard => (width, width),
            None => match find(&rest[width..], b" ") {
                Some(space) => (width + space, width + space + 1),
                None => break,
            },
        };
        out.extend_from_slice(&rest[..line]);
        out.extend_from_slice(line_end);
        rest = &rest[next..];
    }
    out.extend_from_slice(rest);
    out
}
