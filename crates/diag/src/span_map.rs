//! Ranges of generated text and what wrote them: a sorted list of (end, origin), read by binary search.

/// Ties each byte of a generated text to an origin. Built by appending, because generators append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpanMap<T> {
    /// Where each piece ends (exclusive) and who wrote it; ends rise strictly.
    pieces: Vec<(usize, T)>,
}

impl<T> Default for SpanMap<T> {
    fn default() -> Self {
        Self { pieces: Vec::new() }
    }
}

impl<T: Clone + PartialEq> SpanMap<T> {
    /// A map of no text.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Says that the text up to `end` (and from the last end) was written by `origin`. An `end` that adds nothing is ignored, and
    /// neighbours of the same origin become one piece.
    pub fn push(&mut self, end: usize, origin: T) {
        match self.pieces.last_mut() {
            Some((last, _)) if end <= *last => {}
            Some((last, who)) if *who == origin => *last = end,
            None if end == 0 => {}
            _ => self.pieces.push((end, origin)),
        }
    }

    /// The origin of one byte.
    #[must_use]
    pub fn at(&self, offset: usize) -> Option<&T> {
        let piece = self.pieces.partition_point(|(end, _)| *end <= offset);
        self.pieces.get(piece).map(|(_, origin)| origin)
    }

    /// The pieces that touch a range, cut to it: (range, origin).
    pub fn pieces(&self, range: std::ops::Range<usize>) -> impl Iterator<Item = (std::ops::Range<usize>, &T)> {
        let first = self.pieces.partition_point(|(end, _)| *end <= range.start);
        let mut start = range.start;
        self.pieces[first..].iter().map_while(move |(end, origin)| {
            let piece = start..(*end).min(range.end);
            start = *end;
            (piece.start < piece.end).then_some((piece, origin))
        })
    }

    /// The map of a cut of the text, its offsets counted from the cut's start.
    #[must_use]
    pub fn slice(&self, range: std::ops::Range<usize>) -> Self {
        let base = range.start;
        let pieces = self.pieces(range).map(|(piece, origin)| (piece.end - base, origin.clone())).collect();
        Self { pieces }
    }

    /// Puts another text's map behind this one, whose text is `len` bytes long.
    pub fn append(&mut self, len: usize, other: &Self) {
        for (end, origin) in &other.pieces {
            self.push(len + end, origin.clone());
        }
    }

    /// How many bytes the map knows about.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pieces.last().map_or(0, |(end, _)| *end)
    }

    /// Whether the map knows of no byte.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map() -> SpanMap<char> {
        let mut map = SpanMap::new();
        map.push(0, 'z');
        map.push(3, 'a');
        map.push(3, 'q');
        map.push(5, 'b');
        map.push(8, 'b');
        map.push(10, 'c');
        map
    }

    #[test]
    fn finds_the_writer_of_each_byte() {
        let text: String = (0..11).map(|i| map().at(i).copied().unwrap_or('-')).collect();
        assert_eq!(text, "aaabbbbbcc-");
    }

    #[test]
    fn cuts_count_from_their_start() {
        let cut = map().slice(2..9);
        let text: String = (0..8).map(|i| cut.at(i).copied().unwrap_or('-')).collect();
        assert_eq!(text, "abbbbbc-");
        assert!(map().slice(4..4).is_empty());
    }

    #[test]
    fn pieces_are_cut_to_the_range() {
        let map = map();
        let all: Vec<_> = map.pieces(1..9).map(|(r, c)| (r, *c)).collect();
        assert_eq!(all, [(1..3, 'a'), (3..8, 'b'), (8..9, 'c')]);
    }

    #[test]
    fn appending_shifts() {
        let mut joined = map();
        joined.append(10, &map());
        assert_eq!(joined.at(11), Some(&'a'));
        assert_eq!(joined.len(), 20);
    }
}
