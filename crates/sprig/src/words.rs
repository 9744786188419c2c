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

/// Words in lower case with a connector: `FirstName HTTPServer` is `first_name_http_server`. A number starts a word
/// where small letters follow it (`Duration2m3s` is `duration_2m3s`), else it ends one (`sample2Text`).
pub(crate) fn joined_case(text: &[u8], connector: char) -> String {
    let chars: Vec<char> = String::from_utf8_lossy(text).chars().collect();
    let mut out = String::new();
    let mut number_led = false;
    for (i, &ch) in chars.iter().enumerate() {
        if is_connector(ch) {
            out.push(connector);
            number_led = false;
            continue;
        }
        let before = i.checked_sub(1).map(|j| chars[j]).filter(|b| !is_connector(*b));
        if before.is_none() {
            number_led = ch.is_numeric();
        } else if starts_word(&chars, i, number_led) {
            out.push(connector);
            number_led = ch.is_numeric();
        }
        out.extend(one_lower(ch));
    }
    out
}

fn is_connector(ch: char) -> bool {
    matches!(ch, '_' | '-') || ch.is_whitespace()
}

/// Whether the character at `i`, which has one of the same word or the word before on its left, starts a word.
fn starts_word(chars: &[char], i: usize, number_led: bool) -> bool {
    let (before, ch) = (chars[i - 1], chars[i]);
    if ch.is_uppercase() {
        let small_next = chars.get(i + 1).is_some_and(|a| a.is_lowercase());
        return !before.is_uppercase() || small_next;
    }
    let after_number = || chars[i..].iter().find(|c| !c.is_numeric());
    ch.is_numeric() && !before.is_numeric() && !number_led && after_number().is_some_and(|c| c.is_lowercase())
}

/// Words run together, each with an upper first letter. Connectors at the ends stay, and so do all but one between.
pub(crate) fn camel_case(text: &[u8]) -> String {
    let mut out = String::new();
    let mut waiting: Vec<char> = Vec::new();
    let mut before: Option<char> = None;
    for ch in String::from_utf8_lossy(text).chars() {
        if is_connector(ch) {
            waiting.push(ch);
            continue;
        }
        let upper = before.is_none() || !waiting.is_empty();
        let kept = waiting.len() - usize::from(before.is_some() && !waiting.is_empty());
        out.extend(waiting.drain(..).take(kept));
        out.extend(match before {
            _ if upper => one_upper(ch),
            Some(b) if b.is_uppercase() => one_lower(ch),
            _ => Some(ch),
        });
        before = Some(ch);
    }
    out.extend(waiting);
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
