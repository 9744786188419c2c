//! One line of a source as columns of a terminal, and the window of it that is shown.

use crate::width;

/// A tab goes to the next multiple of this.
const TAB: usize = 4;

/// What stands for a cut.
const MORE: &str = "…";

/// A line laid out: the column at which each of its bytes starts.
pub(super) struct Laid {
    /// What is shown, each piece with its first column.
    pieces: Vec<(usize, char)>,
    /// The column of each byte, and of the end.
    starts: Vec<usize>,
}

impl Laid {
    /// Lays a line out: tabs become spaces, bytes that are no UTF-8 and signs that move the cursor a replacement mark.
    pub(super) fn new(bytes: &[u8]) -> Self {
        let mut laid = Self { pieces: Vec::new(), starts: Vec::with_capacity(bytes.len() + 1) };
        let mut at = 0;
        for chunk in bytes.utf8_chunks() {
            for c in chunk.valid().chars() {
                laid.starts.extend(std::iter::repeat_n(at, c.len_utf8()));
                at = laid.put(c, at);
            }
            for _ in chunk.invalid() {
                laid.starts.push(at);
                at = laid.put(char::REPLACEMENT_CHARACTER, at);
            }
        }
        laid.starts.push(at);
        laid
    }

    fn put(&mut self, c: char, at: usize) -> usize {
        if c == '\t' {
            let next = (at / TAB + 1) * TAB;
            self.pieces.extend((at..next).map(|column| (column, ' ')));
            return next;
        }
        let c = if width::is_unsafe(c) { char::REPLACEMENT_CHARACTER } else { c };
        self.pieces.push((at, c));
        at + width::columns(c)
    }

    /// How many columns the line takes.
    pub(super) fn len(&self) -> usize {
        self.starts.last().copied().unwrap_or_default()
    }

    /// The column of a byte; past the end is the end.
    pub(super) fn column(&self, byte: usize) -> usize {
        self.starts.get(byte).copied().unwrap_or_else(|| self.len())
    }

    /// The part that is shown in so many columns when a place of the line must be seen.
    pub(super) fn window(&self, must: std::ops::Range<usize>, columns: usize) -> Window {
        if self.len() <= columns {
            return Window { start: 0, end: self.len() };
        }
        if must.end + 12 <= columns {
            return Window { start: 0, end: columns - 1 };
        }
        // A third of the room for what stands before the place.
        let start = must.start.saturating_sub(columns / 3).min(self.len().saturating_sub(columns - 1));
        let end = if start + columns > self.len() { self.len() } else { start + columns - 2 };
        Window { start, end }
    }

    /// The text of a window, marked where it is cut.
    pub(super) fn show(&self, window: Window) -> String {
        let mut out = String::new();
        if window.start > 0 {
            out.push_str(MORE);
        }
        let inside = |at: usize, c: char| at >= window.start && at + width::columns(c) <= window.end;
        out.extend(self.pieces.iter().filter(|(at, c)| inside(*at, *c)).map(|(_, c)| c));
        let mut out = out.trim_end().to_owned();
        if window.end < self.len() {
            out.push_str(MORE);
        }
        out
    }
}

/// The columns of a line that are shown.
#[derive(Clone, Copy)]
pub(super) struct Window {
    start: usize,
    end: usize,
}

impl Window {
    /// Where a column of the line stands on the screen, beside the mark of a cut.
    pub(super) fn place(self, column: usize) -> usize {
        let cut = usize::from(self.start > 0);
        column.clamp(self.start, self.end.max(self.start)) - self.start + cut
    }
}

/// A text without signs that could change the terminal; tabs become spaces.
pub(super) fn clean(text: &str) -> String {
    let one = |c: char| match c {
        '\t' => ' ',
        c if width::is_unsafe(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.chars().map(one).collect()
}

/// The start of a text, at most so many columns of its first line.
pub(super) fn cut(text: &str, columns: usize) -> String {
    let mut out = String::new();
    let mut taken = 0;
    for c in text.chars() {
        taken += width::columns(c);
        if taken > columns {
            out.push_str(MORE);
            break;
        }
        out.push(c);
    }
    out
}
