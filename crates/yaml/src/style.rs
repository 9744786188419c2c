//! How a string may be written: what the emitter finds out before it writes a scalar.

use crate::chars::break_len;
use crate::token::Style;

/// Whether the emitter writes the character as it is.
pub(crate) fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FEFE}' | '\u{FF00}'..='\u{FFFD}')
}

/// One of the five line breaks.
pub(crate) fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The forms in which a text can be written without loss, in a block context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Analysis {
    pub(crate) multiline: bool,
    pub(crate) plain: bool,
    pub(crate) single: bool,
    pub(crate) block: bool,
}

/// Looks a text over; `block_tabs` when tabs may stand in block scalars.
pub(crate) fn analyze(text: &str, block_tabs: bool) -> Analysis {
    if text.is_empty() {
        return Analysis { multiline: false, plain: true, single: true, block: false };
    }
    if is_simple(text.as_bytes()) {
        return Analysis { multiline: false, plain: true, single: true, block: true };
    }
    analyze_all(text, block_tabs)
}

fn analyze_all(text: &str, block_tabs: bool) -> Analysis {
    let mut indicators = text.starts_with("---") || text.starts_with("...");
    let (mut breaks, mut special, mut tabs) = (false, false, false);
    let (mut break_space, mut space_break) = (false, false);
    let (mut after_space, mut after_break) = (false, false);
    let mut after_white = true;
    let mut first = true;
    let mut last = ' ';
    for (at, c) in text.char_indices() {
        let next_white = || {
            let rest = &text.as_bytes()[at + c.len_utf8()..];
            rest.is_empty() || matches!(rest[0], b' ' | b'\t') || break_len(rest) > 0
        };
        indicators |= match c {
            '#' => first || after_white,
            ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => first,
            '?' | '-' if first => next_white(),
            ':' => next_white(),
            _ => false,
        };
        if c == '\t' {
            tabs = true;
        } else {
            special |= !is_printable(c);
        }
        let (space, brk) = (c == ' ', is_break(c));
        breaks |= brk;
        if space {
            break_space |= after_break;
        } else if brk {
            space_break |= after_space;
        }
        (after_space, after_break) = (space, brk);
        after_white = space || brk || c == '\t';
        first = false;
        last = c;
    }
    let head = text.chars().next().unwrap_or(' ');
    let edge = |c: char| c == ' ' || is_break(c);
    let ends = edge(head) || edge(last);
    let hard = space_break || special || (tabs && !block_tabs);
    Analysis {
        multiline: breaks,
        plain: !(ends || break_space || hard || tabs || breaks || indicators),
        single: !(break_space || hard || tabs),
        block: !(last == ' ' || hard),
    }
}

/// One line of ASCII that starts with a letter or digit, in which no colon or hash stands beside a space.
fn is_simple(text: &[u8]) -> bool {
    if !text[0].is_ascii_alphanumeric() || text[text.len() - 1] == b' ' {
        return false;
    }
    let mut at = 0;
    loop {
        at += text[at..].iter().take_while(|b| HARMLESS[**b as usize]).count();
        match text.get(at) {
            None => return true,
            Some(b':') if !matches!(text.get(at + 1), None | Some(b' ')) => at += 1,
            Some(b'#') if text[at - 1] != b' ' => at += 1,
            Some(_) => return false,
        }
    }
}

/// The same for what is seen at first sight: it starts with a letter, and has no colon and no hash.
pub(crate) fn is_word(text: &[u8]) -> bool {
    let [first, .., last] = text else { return text.first().is_some_and(u8::is_ascii_alphabetic) };
    let odd = |b: &u8| !matches!(b, b' '..=b'~') | (*b == b':') | (*b == b'#');
    // Without an early end, so that many bytes are looked at in one step.
    first.is_ascii_alphabetic() && *last != b' ' && !text.iter().fold(false, |found, b| found | odd(b))
}

/// What `is_simple` steps over.
const HARMLESS: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = b' ';
    while b <= b'~' {
        table[b as usize] = b != b':' && b != b'#';
        b += 1;
    }
    table
};

/// The style in which a string is written; `wanted` comes from what the text would mean unquoted.
pub(crate) fn choose(wanted: Style, analysis: Analysis, empty: bool, simple_key: bool) -> Style {
    let mut style = wanted;
    if simple_key && analysis.multiline {
        style = Style::Double;
    }
    if style == Style::Plain && (!analysis.plain || (empty && simple_key)) {
        style = Style::Single;
    }
    if style == Style::Single && !analysis.single {
        style = Style::Double;
    }
    if matches!(style, Style::Literal | Style::Folded) && (!analysis.block || simple_key) {
        style = Style::Double;
    }
    style
}

/// The style in which a scalar is written again that had this one before.
pub(crate) fn choose_kept(style: Style, analysis: Analysis, text: &str, simple_key: bool, flow: bool) -> Style {
    let mut style = style;
    if simple_key && analysis.multiline {
        style = Style::Double;
    }
    let plain = analysis.plain && !(flow && flow_unsafe(text)) && !(text.is_empty() && (flow || simple_key));
    if style == Style::Plain && !plain {
        style = Style::Single;
    }
    if style == Style::Single && !analysis.single {
        style = Style::Double;
    }
    if matches!(style, Style::Literal | Style::Folded) && (!analysis.block || flow || simple_key) {
        style = Style::Double;
    }
    style
}

/// Whether a text holds a character that ends a plain scalar in brackets.
fn flow_unsafe(text: &str) -> bool {
    text.contains([',', '?', '[', ']', '{', '}', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_simple_needs_no_closer_look() {
        let pieces = ["a", "7", " ", ":", "#", "-", "'", "\"", "\n", "\t", "{", "é", "...", "x: y", "z #"];
        let mut simple = 0;
        for n in 0..pieces.len().pow(4) {
            let piece = |place: u32| pieces[n / pieces.len().pow(place) % pieces.len()];
            let text = [piece(0), piece(1), piece(2), piece(3)].concat();
            simple += usize::from(is_simple(text.as_bytes()));
            assert!(!is_word(text.as_bytes()) || is_simple(text.as_bytes()), "{text:?}");
            assert_eq!(analyze(&text, false), analyze_all(&text, false), "{text:?}");
        }
        assert!(simple > 1000, "{simple}");
    }
}
