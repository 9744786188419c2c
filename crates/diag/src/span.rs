//! A byte range in one source.

use crate::FileId;

/// A half-open byte range in a source. Offsets are `u32`: a single source over 4 GiB is refused long before it gets a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file that the range lies in.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from byte offsets; offsets beyond `u32` are capped, and an end before the start becomes an empty span.
    #[must_use]
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        let end = u32::try_from(end).unwrap_or(u32::MAX).max(start);
        Self { file, start, end }
    }

    /// An empty span at one place.
    #[must_use]
    pub fn point(file: FileId, at: usize) -> Self {
        Self::new(file, at, at)
    }

    /// The smallest span that holds both. The other's file is not looked at: callers join spans of one file.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the span holds no byte.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The range as indices into the source's bytes.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const F: FileId = FileId::new(3);

    #[test]
    fn builds_and_joins() {
        let a = Span::new(F, 4, 9);
        let b = Span::new(F, 1, 5);
        assert_eq!(a.to(b), Span::new(F, 1, 9));
        assert_eq!(a.len(), 5);
        assert_eq!(a.range(), 4..9);
        assert!(Span::point(F, 7).is_empty());
    }

    #[test]
    fn a_backward_range_is_empty() {
        assert_eq!(Span::new(F, 9, 4), Span::new(F, 9, 9));
    }
}
