//! Texts that are not UTF-8: Go reads every bad byte as U+FFFD of width one.
//!
//! The automaton reads UTF-8 only, so such a text (they are rare) is copied with each bad byte
//! spelt out, and the places that come back are counted back to the bytes given.

use std::borrow::Cow;

/// A text to search in.
pub(super) struct Haystack<'a> {
    pub text: Cow<'a, [u8]>,
    /// Where in `text` each replaced byte begins; every one is two bytes longer than it was.
    grown: Vec<usize>,
}

impl<'a> Haystack<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Haystack<'a> {
        if std::str::from_utf8(bytes).is_ok() {
            return Haystack { text: Cow::Borrowed(bytes), grown: Vec::new() };
        }
        let mut text = Vec::with_capacity(bytes.len() + 16);
        let mut grown = Vec::new();
        for chunk in bytes.utf8_chunks() {
            text.extend_from_slice(chunk.valid().as_bytes());
            for _ in chunk.invalid() {
                grown.push(text.len());
                text.extend_from_slice("\u{FFFD}".as_bytes());
            }
        }
        Haystack { text: Cow::Owned(text), grown }
    }

    /// The place in the bytes given for a place in `text`.
    pub(super) fn original(&self, at: usize) -> usize {
        at - 2 * self.grown.partition_point(|&start| start < at)
    }

    /// The width of the character at a place in `text`; zero at the end.
    pub(super) fn width(&self, at: usize) -> usize {
        match self.text.get(at) {
            None => 0,
            Some(0..0x80) => 1,
            Some(0x80..0xE0) => 2,
            Some(0xE0..0xF0) => 3,
            Some(_) => 4,
        }
    }
}
