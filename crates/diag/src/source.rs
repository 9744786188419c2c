//! Files as the tools see them: a name to show, bytes, and a number to refer to both.

use std::sync::Arc;

use crate::Span;

/// The number of a source in its [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

impl FileId {
    /// The id with this number; ids are handed out by [`Sources::add`].
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// A place in a text as people count it: lines from 1, columns in bytes from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in bytes, from 1.
    pub column: usize,
}

/// One text: a file of a chart, a values file, or the argument of a flag.
#[derive(Debug, Clone)]
pub struct Source {
    name: Arc<str>,
    text: Arc<[u8]>,
}

impl Source {
    /// A source with the name to show (`mychart/templates/a.yaml`, `--set`) and its bytes, which need not be UTF-8.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<[u8]>>) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// The name to show.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The bytes.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The bytes of a span, cut to what exists.
    #[must_use]
    pub fn slice(&self, span: Span) -> &[u8] {
        let end = (span.end as usize).min(self.text.len());
        &self.text[(span.start as usize).min(end)..end]
    }

    /// Line and column of a byte offset; an offset past the end is the end.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let before = &self.text[..offset.min(self.text.len())];
        let line = before.iter().filter(|&&b| b == b'\n').count() + 1;
        let start = line_start(before);
        Position { line, column: before.len() - start + 1 }
    }

    /// How many lines there are; what stands behind the last newline counts as one when it is not empty.
    #[must_use]
    pub fn line_count(&self) -> usize {
        let ends = self.text.iter().filter(|&&b| b == b'\n').count();
        ends + usize::from(!self.text.is_empty() && !self.text.ends_with(b"\n"))
    }

    /// A line by its number from 1, without its line end; empty where there is none.
    #[must_use]
    pub fn line(&self, number: usize) -> &[u8] {
        let start = self.line_start(number);
        self.line_at(start).1
    }

    /// The offset at which a line begins; the end of the text for one that does not exist.
    #[must_use]
    pub fn line_start(&self, number: usize) -> usize {
        let before = number.saturating_sub(2);
        if number <= 1 {
            return 0;
        }
        let mut ends = self.text.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(at, _)| at + 1);
        ends.nth(before).unwrap_or(self.text.len())
    }

    /// The line that holds an offset, without its line end, and the offset at which it begins.
    #[must_use]
    pub fn line_at(&self, offset: usize) -> (usize, &[u8]) {
        let offset = offset.min(self.text.len());
        let start = line_start(&self.text[..offset]);
        let rest = &self.text[start..];
        let end = rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
        let line = &rest[..end];
        (start, line.strip_suffix(b"\r").unwrap_or(line))
    }
}

fn line_start(before: &[u8]) -> usize {
    before.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1)
}

/// Every source of one run, by id.
#[derive(Debug, Default, Clone)]
pub struct Sources {
    all: Vec<Source>,
}

impl Sources {
    /// No sources.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a source in and numbers it.
    pub fn add(&mut self, source: Source) -> FileId {
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(source);
        FileId(number)
    }

    /// The source with this id, if it is one of ours.
    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&Source> {
        self.all.get(id.0 as usize)
    }

    /// `name:line:column` of a span's start, for short messages.
    #[must_use]
    pub fn place(&self, span: Span) -> String {
        match self.get(span.file) {
            Some(source) => {
                let at = source.position(span.start as usize);
                format!("{}:{}:{}", source.name(), at.line, at.column)
            }
            None => "?".to_owned(),
        }
    }

    /// All sources with their ids, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0..).map(FileId).zip(&self.all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn abc() -> Source {
        Source::new("a.yaml", &b"one\ntwo\r\n\nfour"[..])
    }

    #[test]
    fn positions() {
        let cases = [(0, 1, 1), (3, 1, 4), (4, 2, 1), (9, 3, 1), (10, 4, 1), (14, 4, 5), (99, 4, 5)];
        for (offset, line, column) in cases {
            assert_eq!(abc().position(offset), Position { line, column }, "{offset}");
        }
    }

    #[test]
    fn lines_lose_their_ends() {
        let cases: [(usize, usize, &[u8]); 4] = [(1, 0, b"one"), (3, 0, b"one"), (6, 4, b"two"), (99, 10, b"four")];
        for (offset, start, line) in cases {
            assert_eq!(abc().line_at(offset), (start, line), "{offset}");
        }
    }

    #[test]
    fn lines_by_number() {
        let cases: [(usize, usize, &[u8]); 6] =
            [(0, 0, b"one"), (1, 0, b"one"), (2, 4, b"two"), (3, 9, b""), (4, 10, b"four"), (5, 14, b"four")];
        for (number, start, line) in cases {
            assert_eq!((abc().line_start(number), abc().line(number)), (start, line), "{number}");
        }
        assert_eq!(abc().line_count(), 4);
        assert_eq!(Source::new("x", &b"a\n"[..]).line_count(), 1);
        assert_eq!(Source::new("x", &b""[..]).line_count(), 0);
    }

    #[test]
    fn a_span_past_the_end_is_cut() {
        let source = abc();
        assert_eq!(source.slice(Span::new(FileId(0), 10, 99)), b"four");
        assert_eq!(source.slice(Span::new(FileId(0), 50, 99)), b"");
    }

    #[test]
    fn sources_number_and_place() {
        let mut sources = Sources::new();
        let id = sources.add(abc());
        assert_eq!(sources.place(Span::new(id, 5, 6)), "a.yaml:2:2");
        assert_eq!(sources.place(Span::new(FileId(9), 5, 6)), "?");
        assert_eq!(sources.iter().count(), 1);
    }
}
