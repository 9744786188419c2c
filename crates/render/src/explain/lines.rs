//! Where the lines of texts start, found once for each text.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

/// The lines of the texts that were asked about, by where a text lies in memory: they live as long as this does.
#[derive(Debug, Default)]
pub(super) struct LineStarts(RefCell<BTreeMap<Where, Rc<[usize]>>>);

/// The address of a text and its length.
type Where = (usize, usize);

impl LineStarts {
    /// The number (from one) of the line that holds an offset, and its bytes without the line end.
    pub(super) fn line(&self, text: &[u8], offset: usize) -> (usize, Range<usize>) {
        let starts = self.starts(text);
        let number = starts.partition_point(|start| *start <= offset).max(1);
        let end = starts.get(number).map_or(text.len(), |next| next - 1);
        (number, starts[number - 1]..end)
    }

    /// The bytes of a line, counted from one, without its end.
    pub(super) fn nth(&self, text: &[u8], number: usize) -> Option<Range<usize>> {
        let starts = self.starts(text);
        let start = *starts.get(number.checked_sub(1)?)?;
        Some(start..starts.get(number).map_or(text.len(), |next| next - 1))
    }

    fn starts(&self, text: &[u8]) -> Rc<[usize]> {
        let key = (text.as_ptr().addr(), text.len());
        let mut known = self.0.borrow_mut();
        let all = known
            .entry(key)
            .or_insert_with(|| std::iter::once(0).chain(memchr::memchr_iter(b'\n', text).map(|i| i + 1)).collect());
        Rc::clone(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found() {
        let (starts, text) = (LineStarts::default(), b"ab\n\ncd");
        let cases = [(0, 1, 0..2), (2, 1, 0..2), (3, 2, 3..3), (4, 3, 4..6), (6, 3, 4..6), (99, 3, 4..6)];
        for (offset, number, range) in cases {
            assert_eq!(starts.line(text, offset), (number, range), "{offset}");
        }
        assert_eq!(starts.line(b"", 0), (1, 0..0));
        assert_eq!((starts.nth(text, 2), starts.nth(text, 3), starts.nth(text, 4)), (Some(3..3), Some(4..6), None));
    }
}
