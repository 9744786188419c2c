//! Character classes of YAML 1.1, over UTF-8 bytes.
//!
//! The end of the text is seen as a NUL byte, which valid text cannot hold.

/// The byte is a space or a tab.
pub(crate) fn is_blank(b: u8) -> bool {
    b == b' ' || b == b'\t'
}

/// Length of the line break that `rest` starts with, 0 when there is none.
/// YAML 1.1 has five: CR LF, CR, LF, NEL (U+0085), LS and PS (U+2028, U+2029).
pub(crate) fn break_len(rest: &[u8]) -> usize {
    match rest {
        [b'\r', b'\n', ..] | [0xC2, 0x85, ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        [0xE2, 0x80, 0xA8 | 0xA9, ..] => 3,
        _ => 0,
    }
}

/// `rest` starts with a line break or is at the end.
pub(crate) fn is_break_or_end(rest: &[u8]) -> bool {
    matches!(rest.first(), None | Some(0)) || break_len(rest) > 0
}

/// `rest` starts with a space, tab, line break or is at the end.
pub(crate) fn is_blank_or_end(rest: &[u8]) -> bool {
    match rest.first() {
        None | Some(0 | b' ' | b'\t' | b'\r' | b'\n') => true,
        Some(0xC2 | 0xE2) => break_len(rest) > 0,
        Some(_) => false,
    }
}

/// Letters of anchors and tag handles.
pub(crate) fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b == b'-'
}

/// What a plain scalar or a run of text must look at more closely.
pub(crate) const PLAIN_STOP: u8 = 1;
/// The same inside flow collections.
pub(crate) const FLOW_STOP: u8 = 2;

/// Classes of every byte, as bits.
pub(crate) const CLASS: [u8; 256] = {
    let mut table = [0; 256];
    let stops = b"\0\t\n\r :\xC2\xE2";
    let mut i = 0;
    while i < stops.len() {
        table[stops[i] as usize] = PLAIN_STOP | FLOW_STOP;
        i += 1;
    }
    let flow = b",?[]{}";
    let mut i = 0;
    while i < flow.len() {
        table[flow[i] as usize] |= FLOW_STOP;
        i += 1;
    }
    table
};
