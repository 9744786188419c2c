//! How characters stand in a terminal: how many columns they take, and which of them must not reach it.

/// First and last of characters that take two columns: East Asian wide forms and emoji.
const WIDE: &[(u32, u32)] = &[
    (0x1100, 0x115F),
    (0x231A, 0x231B),
    (0x2E80, 0x303E),
    (0x3041, 0x33FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0xA4CF),
    (0xA960, 0xA97F),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE6F),
    (0xFF00, 0xFF60),
    (0xFFE0, 0xFFE6),
    (0x1F300, 0x1F64F),
    (0x1F680, 0x1F6FF),
    (0x1F900, 0x1F9FF),
    (0x20000, 0x3FFFD),
];

/// First and last of characters that take none: combining marks, joiners, selectors.
const ZERO: &[(u32, u32)] = &[
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x0591, 0x05BD),
    (0x064B, 0x065F),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x200B, 0x200D),
    (0x2060, 0x2060),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
    (0xFEFF, 0xFEFF),
    (0xE0100, 0xE01EF),
];

/// The columns that a character takes.
pub(crate) fn columns(c: char) -> usize {
    let c = u32::from(c);
    match () {
        () if c < 0x300 => 1,
        () if holds(ZERO, c) => 0,
        () if holds(WIDE, c) => 2,
        () => 1,
    }
}

/// The columns that a text takes.
pub(crate) fn of(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// Whether a character could change the terminal or the order of the text around it: controls and the marks that turn the
/// direction of writing.
pub(crate) fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn holds(ranges: &[(u32, u32)], c: u32) -> bool {
    let at = ranges.partition_point(|(_, last)| *last < c);
    ranges.get(at).is_some_and(|(first, _)| *first <= c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        for table in [WIDE, ZERO] {
            assert!(table.is_sorted_by(|a, b| a.1 < b.0));
        }
    }

    #[test]
    fn texts_have_widths() {
        for (text, want) in [("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("🎉", 2), ("", 0), ("\u{feff}", 0)]
        {
            assert_eq!(of(text), want, "{text:?}");
        }
    }

    #[test]
    fn nothing_that_moves_the_cursor_is_safe() {
        for c in ['\u{1b}', '\r', '\u{9b}', '\u{202e}', '\u{0}', '\t'] {
            assert!(is_unsafe(c), "{c:?}");
        }
        assert!(!is_unsafe('é'));
    }
}
