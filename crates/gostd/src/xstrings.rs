//! The case helpers of huandu/xstrings that sprig shows: `camelcase`, `snakecase`, `kebabcase`, `swapcase`
//! and `shuffle`. Written from their answers over many words.

use crate::unicode::{append_rune, is_letter, is_lower, is_number, is_space, is_upper, runes, to_lower, to_upper};

fn is_connector(c: char) -> bool {
    matches!(c, '-' | '_') || is_space(c)
}

/// `xstrings.ToPascalCase` (sprig's `camelcase`): `http_server` to `HttpServer`.
///
/// Connectors (`-`, `_`, white space) at the ends stay; between words one of each run goes. The first
/// capitals of a word become one: `HTTPServer` is `Httpserver`.
#[must_use]
pub fn to_pascal_case(s: &[u8]) -> Vec<u8> {
    let chars: Vec<char> = runes(s).map(|(c, _)| c).collect();
    let mut out = Vec::with_capacity(s.len());
    let mut i = 0;
    while i < chars.len() && is_connector(chars[i]) {
        append_rune(&mut out, chars[i]);
        i += 1;
    }
    if i == chars.len() {
        // nothing but connectors: the reference writes the last one twice
        if let Some(&last) = chars.last() {
            append_rune(&mut out, last);
        }
    }
    while i < chars.len() {
        // a word
        let first_upper = is_upper(chars[i]);
        append_rune(&mut out, to_upper(chars[i]));
        i += 1;
        let mut capitals = first_upper;
        while i < chars.len() && !is_connector(chars[i]) {
            capitals = capitals && is_upper(chars[i]);
            append_rune(&mut out, if capitals { to_lower(chars[i]) } else { chars[i] });
            i += 1;
        }
        let start = i;
        while i < chars.len() && is_connector(chars[i]) {
            i += 1;
        }
        let dropped = usize::from(i < chars.len());
        for &c in &chars[start..(i - dropped).max(start)] {
            append_rune(&mut out, c);
        }
    }
    out
}

/// `xstrings.ToSnakeCase`: `HTTPServer` to `http_server`.
#[must_use]
pub fn to_snake_case(s: &[u8]) -> Vec<u8> {
    joined_words(s, '_')
}

/// `xstrings.ToKebabCase`: `HTTPServer` to `http-server`.
#[must_use]
pub fn to_kebab_case(s: &[u8]) -> Vec<u8> {
    joined_words(s, '-')
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Connector,
    Upper,
    Lower,
    Digit,
    /// Punctuation, which belongs to the word it stands in.
    Punctuation,
    /// Chinese and Japanese characters, signs and marks: words of their own.
    Other,
}

/// Go's `unicode.IsPunct`, as far as the common blocks go.
fn is_punctuation(c: char) -> bool {
    match c {
        '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~' => false,
        '\u{2044}' | '\u{2052}' => false,
        '\u{a1}' | '\u{a7}' | '\u{ab}' | '\u{b6}' | '\u{b7}' | '\u{bb}' | '\u{bf}' => true,
        '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' => true,
        c => c.is_ascii_punctuation(),
    }
}

/// Letters of scripts that write without blanks between words.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4d85}' | '\u{4e00}'..='\u{9fcc}' | '\u{20000}'..='\u{2fa1f}')
}

fn kind(c: char) -> Kind {
    if is_connector(c) {
        Kind::Connector
    } else if is_upper(c) {
        Kind::Upper
    } else if is_number(c) {
        Kind::Digit
    } else if is_letter(c) && !is_ideograph(c) {
        Kind::Lower
    } else if is_punctuation(c) {
        Kind::Punctuation
    } else {
        Kind::Other
    }
}

/// Words in lower case, `connector` between them and in place of each connector there was.
fn joined_words(s: &[u8], connector: char) -> Vec<u8> {
    let mut previous = Kind::Connector;
    let chars: Vec<(char, Kind)> = runes(s)
        .map(|(c, _)| {
            // a dash or underscore after punctuation belongs to it
            previous = match kind(c) {
                Kind::Connector if previous == Kind::Punctuation && !is_space(c) => Kind::Punctuation,
                own => own,
            };
            (c, previous)
        })
        .collect();
    let mut out = Vec::with_capacity(s.len() + 8);
    let mut numeric = false;
    for (i, &(c, now)) in chars.iter().enumerate() {
        if now == Kind::Connector {
            append_rune(&mut out, connector);
            continue;
        }
        let fresh = i == 0 || chars[i - 1].1 == Kind::Connector;
        let split = !fresh && starts_word(&chars, i, numeric);
        if split {
            append_rune(&mut out, connector);
        }
        if fresh || split || chars[i - 1].1 == Kind::Punctuation {
            numeric = now == Kind::Digit;
        }
        append_rune(&mut out, if now == Kind::Upper { to_lower(c) } else { c });
    }
    out
}

/// Whether a word starts here, after a character that is no connector. `numeric`: the word so far began
/// with a digit, and takes further letters and digits in (`2m3s`).
fn starts_word(chars: &[(char, Kind)], i: usize, numeric: bool) -> bool {
    let (previous, now) = (chars[i - 1].1, chars[i].1);
    match (previous, now) {
        (Kind::Upper, Kind::Upper) => chars.get(i + 1).is_some_and(|c| c.1 == Kind::Lower),
        (Kind::Lower | Kind::Digit, Kind::Upper) => true,
        (Kind::Other, Kind::Upper | Kind::Lower) | (Kind::Upper | Kind::Lower | Kind::Digit, Kind::Other) => true,
        (Kind::Upper | Kind::Lower | Kind::Other, Kind::Digit) => {
            let after = chars[i..].iter().find(|c| c.1 != Kind::Digit);
            !numeric && after.is_some_and(|c| c.1 == Kind::Lower)
        }
        _ => false,
    }
}

/// `xstrings.SwapCase` as sprig's `swapcase` shows it: upper to lower, lower to upper.
#[must_use]
pub fn swap_case(s: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    for (c, _) in runes(s) {
        let swapped = if is_upper(c) {
            to_lower(c)
        } else if is_lower(c) {
            to_upper(c)
        } else {
            c
        };
        append_rune(&mut out, swapped);
    }
    out
}

/// `xstrings.Shuffle`: characters in random order; `below(n)` gives a number under n.
#[must_use]
pub fn shuffle(s: &[u8], mut below: impl FnMut(usize) -> usize) -> Vec<u8> {
    let mut chars: Vec<char> = runes(s).map(|(c, _)| c).collect();
    for i in (1..chars.len()).rev() {
        chars.swap(i, below(i + 1).min(i));
    }
    let mut out = Vec::with_capacity(s.len());
    for c in chars {
        append_rune(&mut out, c);
    }
    out
}

#[cfg(test)]
mod tests;
