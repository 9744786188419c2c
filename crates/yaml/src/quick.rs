//! The short way through plain documents: text to value in one pass, without tokens and nodes.
//!
//! Nearly all YAML of a chart is made of block mappings, block sequences, small flow collections and scalars. This reader
//! knows these and nothing else. At the first sight of anything else (an anchor, a tag, a second document, a tab, any
//! error) it gives up, and the whole reader starts again from the beginning. So it never words an error and
//! never has to agree with the grammar where that is odd; where it does answer, it must answer the same, which
//! debug builds check each time.

use std::borrow::Cow;

use rhumb_value::{Entry, List, Map, OriginId, Str, Value};

use crate::chars::{CLASS, FLOW_STOP, PLAIN_STOP, is_blank_or_end};
use crate::gosyntax::key_text;
use crate::resolve::{Scalar, plain_scalar};
use crate::scan::{Mark, Scanner};
use crate::token::{Style, Token};

/// Deeper nesting takes the long way, which needs no stack.
const MAX_DEPTH: u32 = 64;

/// Well below the 1024 characters that a key may have.
const MAX_KEY: usize = 1000;

/// A scalar as it was written.
pub(crate) struct Text<'a> {
    plain: bool,
    text: Cow<'a, [u8]>,
}

impl Text<'_> {
    /// What it means; nothing for numbers that JSON does not have.
    pub(crate) fn resolve(&self) -> Option<Scalar<'_>> {
        if !self.plain {
            return Some(Scalar::Str(Cow::Borrowed(&self.text)));
        }
        match plain_scalar(&self.text) {
            Scalar::Float(f) if !f.is_finite() => None,
            value => Some(value),
        }
    }

    /// The text of a key; nothing for `<<` and for what cannot be a key.
    pub(crate) fn key(&self) -> Option<Cow<'_, [u8]>> {
        if !self.plain {
            return Some(Cow::Borrowed(&self.text));
        }
        match plain_scalar(&self.text) {
            Scalar::Str(text) => Some(text),
            Scalar::Merge => None,
            other => key_text(&other).ok().map(|text| Cow::Owned(text.into_owned())),
        }
    }
}

/// What becomes of what is read. Collections are filled on one stack: `mark` says where one begins on it.
pub(crate) trait Sink<'a> {
    /// A finished value.
    type Value;
    /// What stands for a block scalar, where its text is of no interest.
    const BLOCK: Option<Self::Value>;
    /// A value that is not written.
    fn null() -> Self::Value;
    /// A scalar.
    fn scalar(text: Text<'a>) -> Option<Self::Value>;
    /// Where a mapping begins.
    fn map_mark(&self) -> usize;
    /// Where a sequence begins.
    fn list_mark(&self) -> usize;
    /// One more entry.
    fn put(&mut self, key: &Text<'a>, value: Self::Value) -> Option<()>;
    /// One more item.
    fn push(&mut self, value: Self::Value);
    /// The end of a mapping.
    fn map(&mut self, mark: usize) -> Self::Value;
    /// The end of a sequence.
    fn list(&mut self, mark: usize) -> Self::Value;
}

/// Makes values. What is not finished lies on stacks, so each collection is allocated once, with its size.
#[derive(Default)]
struct Build {
    entries: Vec<Entry>,
    items: Vec<Value>,
}

impl<'a> Sink<'a> for Build {
    type Value = Value;
    const BLOCK: Option<Value> = None;

    fn null() -> Value {
        Value::Nil
    }

    fn scalar(text: Text<'a>) -> Option<Value> {
        Some(match text.resolve()? {
            Scalar::Null => Value::Nil,
            Scalar::Bool(b) => Value::Bool(b),
            Scalar::Int(n) => Value::Float(n as f64),
            Scalar::Uint(n) => Value::Float(n as f64),
            Scalar::Float(f) => Value::Float(f),
            Scalar::Str(text) => Value::Str(Str::from_bytes(&text)),
            Scalar::Merge => Value::Str(Str::from_static("<<")),
        })
    }

    fn map_mark(&self) -> usize {
        self.entries.len()
    }

    fn list_mark(&self) -> usize {
        self.items.len()
    }

    fn put(&mut self, key: &Text<'a>, value: Value) -> Option<()> {
        self.entries.push(Entry { key: Str::from_bytes(&key.key()?), value, origin: OriginId::NONE });
        Some(())
    }

    fn push(&mut self, value: Value) {
        self.items.push(value);
    }

    fn map(&mut self, mark: usize) -> Value {
        Value::Map(Map::from_entries(rest(&mut self.entries, mark)))
    }

    fn list(&mut self, mark: usize) -> Value {
        Value::List(List::new(rest(&mut self.items, mark)))
    }
}

/// What lies above the mark. The last collection of all takes the stack itself: it may be large.
fn rest<T>(stack: &mut Vec<T>, mark: usize) -> Vec<T> {
    if mark > 0 {
        return stack.split_off(mark);
    }
    let mut all = std::mem::take(stack);
    all.shrink_to_fit();
    all
}

/// Makes nothing; only scalars are handed on, for those who ask for one.
pub(crate) struct Look;

/// What [`Look`] saw.
pub(crate) enum Seen<'a> {
    Scalar(Text<'a>),
    Null,
    Other,
}

impl<'a> Sink<'a> for Look {
    type Value = Seen<'a>;
    const BLOCK: Option<Seen<'a>> = Some(Seen::Other);

    fn null() -> Seen<'a> {
        Seen::Null
    }

    fn scalar(text: Text<'a>) -> Option<Seen<'a>> {
        text.resolve()?;
        Some(Seen::Scalar(text))
    }

    fn map_mark(&self) -> usize {
        0
    }

    fn list_mark(&self) -> usize {
        0
    }

    fn put(&mut self, key: &Text<'a>, _: Seen<'a>) -> Option<()> {
        key.key().map(drop)
    }

    fn push(&mut self, _: Seen<'a>) {}

    fn map(&mut self, _: usize) -> Seen<'a> {
        Seen::Other
    }

    fn list(&mut self, _: usize) -> Seen<'a> {
        Seen::Other
    }
}

/// The value of a text that is all plain.
pub(crate) fn value(src: &[u8]) -> Option<Value> {
    whole(src, Build::default())
}

/// Whether a text is plain, and so without errors.
pub(crate) fn is_good(src: &[u8]) -> bool {
    whole(src, Look).is_some()
}

fn whole<'a, S: Sink<'a>>(src: &'a [u8], sink: S) -> Option<S::Value> {
    let mut q = Quick::new(src, sink)?;
    let column = q.start()?;
    let value = q.block(column, -1)?;
    q.finish()?;
    Some(value)
}

/// The reader: the scanner's way with single scalars, and its own with everything around them.
pub(crate) struct Quick<'a, S> {
    s: Scanner<'a>,
    sink: S,
    depth: u32,
    /// Whether the texts of block scalars are wanted, also by a sink that does not ask for them.
    pub(crate) reads_blocks: bool,
}

impl<'a, S: Sink<'a>> Quick<'a, S> {
    /// Nothing for texts with line breaks other than LF, or a byte order mark.
    pub(crate) fn new(src: &'a [u8], sink: S) -> Option<Self> {
        let odd = memchr::memchr(b'\r', src).is_some()
            || (!src.is_ascii()
                && [&b"\xC2\x85"[..], b"\xE2\x80\xA8", b"\xE2\x80\xA9", b"\xEF\xBB\xBF"]
                    .iter()
                    .any(|mark| memchr::memmem::find(src, mark).is_some()));
        (!odd).then(|| Quick { s: Scanner::bare(src), sink, depth: 0, reads_blocks: false })
    }

    /// Goes to the root and gives its column; nothing for an empty text.
    pub(crate) fn start(&mut self) -> Option<i32> {
        self.skip()?;
        (!self.at_end()).then(|| self.s.column())
    }

    /// Nothing may follow.
    pub(crate) fn finish(mut self) -> Option<()> {
        self.skip()?;
        self.at_end().then_some(())
    }

    fn at_end(&self) -> bool {
        self.s.at.pos == self.s.src.len()
    }

    /// Skips spaces, comments and line ends.
    fn skip(&mut self) -> Option<()> {
        loop {
            while self.s.byte(0) == b' ' {
                self.s.at.pos += 1;
            }
            if self.s.byte(0) == b'#' {
                self.s.skip_comment();
            }
            match self.s.byte(0) {
                b'\n' => {
                    self.s.at.pos += 1;
                    self.s.at.line += 1;
                    self.s.at.line_start = self.s.at.pos;
                }
                b'\t' => return None,
                _ => return Some(()),
            }
        }
    }

    /// After a value that ends itself: nothing more on its line.
    fn line_end(&mut self) -> Option<()> {
        let line = self.s.at.line;
        self.skip()?;
        (self.at_end() || self.s.at.line > line).then_some(())
    }

    fn at_dash(&self) -> bool {
        self.s.byte(0) == b'-' && is_blank_or_end(&self.s.rest()[1..])
    }

    /// The node at hand, in a block, where the collection around it stands at `parent`.
    fn block(&mut self, column: i32, parent: i32) -> Option<S::Value> {
        self.s.indent = parent;
        if self.s.at_document_indicator() {
            return None;
        }
        if self.at_dash() {
            return self.nested(|q| q.sequence(column, false));
        }
        match self.s.byte(0) {
            b'|' | b'>' => self.block_scalar(),
            b'[' | b'{' => {
                let value = self.flow()?;
                self.line_end()?;
                Some(value)
            }
            _ => {
                let line = self.s.at.line;
                let start = self.s.at.pos;
                let text = self.text()?;
                if self.is_key(line, start) {
                    return self.nested(|q| q.mapping(column, text));
                }
                self.after_text(&text)?;
                S::scalar(text)
            }
        }
    }

    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    /// Whether what was just read is a key: the colon follows on its line. Leaves the place at the colon.
    fn is_key(&mut self, line: u32, start: usize) -> bool {
        if self.s.at.line != line {
            return false;
        }
        self.s.skip_blanks();
        self.s.byte(0) == b':' && is_blank_or_end(&self.s.rest()[1..]) && self.s.at.pos - start < MAX_KEY
    }

    /// A plain or quoted scalar. A plain one may leave the place on a later line, behind its indentation.
    fn text(&mut self) -> Option<Text<'a>> {
        let (token, plain) = match self.s.byte(0) {
            b'"' => (self.s.scan_quoted(Style::Double).ok()?, false),
            b'\'' => (self.s.scan_quoted(Style::Single).ok()?, false),
            b'-' if is_blank_or_end(&self.s.rest()[1..]) => return None,
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'%' | b'@' | b'`' | b'?'
            | b':' | b'\t' | b'\n' | 0 => return None,
            _ => {
                if let Some(text) = self.plain_on_one_line() {
                    return Some(Text { plain: true, text: Cow::Borrowed(text) });
                }
                (self.s.scan_plain().ok()?.0, true)
            }
        };
        match token {
            Token::Scalar { text, .. } => Some(Text { plain, text }),
            _ => None,
        }
    }

    /// A plain scalar that does not go on on the next line, and leaves the place as [`Scanner::scan_plain`] does:
    /// behind the white space that follows it. Nothing, and no step, for others.
    fn plain_on_one_line(&mut self) -> Option<&'a [u8]> {
        let src = self.s.src;
        let class = if self.s.flow_level > 0 { FLOW_STOP } else { PLAIN_STOP };
        let start = self.s.at.pos;
        let mut at = start;
        loop {
            while let Some(b) = src.get(at)
                && CLASS[*b as usize] & class == 0
            {
                at += 1;
            }
            let blanks = src[at..].iter().take_while(|b| **b == b' ').count();
            let next = at + blanks;
            match src.get(next) {
                Some(b'\t') => return None,
                Some(b'\n') => {
                    self.line_behind(next)?;
                    return Some(&src[start..at]);
                }
                // The other line breaks that start so were looked for before.
                Some(0xC2 | 0xE2) => at = next + 1,
                Some(b':') if !is_blank_or_end(&src[next + 1..]) => at = next + 1,
                Some(b) if blanks > 0 && *b != b'#' && CLASS[*b as usize] & class == 0 => at = next,
                _ => {
                    self.s.at.pos = next;
                    return Some(&src[start..at]);
                }
            }
        }
    }

    /// Goes from the line break at `at` to the first text on a later line, unless it would belong to a plain scalar.
    fn line_behind(&mut self, at: usize) -> Option<()> {
        if self.s.flow_level > 0 {
            return None;
        }
        let src = self.s.src;
        let (mut at, mut line) = (at, self.s.at.line);
        loop {
            at += 1;
            line += 1;
            let text = at + src[at..].iter().take_while(|b| **b == b' ').count();
            match src.get(text) {
                Some(b'\n') => at = text,
                Some(b'\t') => return None,
                found => {
                    let deeper = (text - at) as i32 > self.s.indent;
                    if deeper && !matches!(found, None | Some(b'#')) {
                        return None;
                    }
                    self.s.at = Mark { pos: text, line, line_start: at };
                    return Some(());
                }
            }
        }
    }

    /// A scalar that is a value stands at the end of its line.
    fn after_text(&mut self, text: &Text<'a>) -> Option<()> {
        if text.plain {
            // It reaches up to a comment, the end, a later line, or a colon that should not be there.
            return (self.s.byte(0) != b':').then_some(());
        }
        self.line_end()
    }

    fn block_scalar(&mut self) -> Option<S::Value> {
        if let (Some(value), false) = (S::BLOCK, self.reads_blocks) {
            self.s.skip_block_scalar().ok()?;
            return Some(value);
        }
        let style = if self.s.byte(0) == b'|' { Style::Literal } else { Style::Folded };
        match self.s.scan_block_scalar(style).ok()?.0 {
            Token::Scalar { text, .. } => S::scalar(Text { plain: false, text }),
            _ => None,
        }
    }

    fn mapping(&mut self, column: i32, first: Text<'a>) -> Option<S::Value> {
        let mark = self.sink.map_mark();
        self.entries(column, first, |q, key| {
            let value = q.entry(column)?;
            q.sink.put(&key, value)
        })?;
        Some(self.sink.map(mark))
    }

    /// Reads a block mapping whose first key has been read; `each` reads the values, from behind the colon on.
    pub(crate) fn entries(
        &mut self,
        column: i32,
        first: Text<'a>,
        mut each: impl FnMut(&mut Self, Text<'a>) -> Option<()>,
    ) -> Option<()> {
        let mut key = first;
        loop {
            self.s.at.pos += 1;
            each(self, key)?;
            self.skip()?;
            if self.at_end() || self.s.column() < column {
                return Some(());
            }
            key = self.key(column)?;
        }
    }

    /// A key of the block mapping at `column`.
    pub(crate) fn key(&mut self, column: i32) -> Option<Text<'a>> {
        self.s.indent = column;
        if self.s.column() != column || self.s.at_document_indicator() {
            return None;
        }
        let (line, start) = (self.s.at.line, self.s.at.pos);
        let key = self.text()?;
        self.is_key(line, start).then_some(key)
    }

    /// The block mapping on the lines below, where there is one, deeper than `column`: its column.
    pub(crate) fn below(&mut self, column: i32) -> Option<i32> {
        let line = self.s.at.line;
        self.skip()?;
        let found = self.s.column();
        (!self.at_end() && self.s.at.line > line && found > column).then_some(found)
    }

    /// The value behind the colon of an entry of the block mapping at `column`.
    pub(crate) fn entry(&mut self, column: i32) -> Option<S::Value> {
        let line = self.s.at.line;
        self.skip()?;
        if self.at_end() {
            return Some(S::null());
        }
        if self.s.at.line > line {
            let found = self.s.column();
            return match found.cmp(&column) {
                std::cmp::Ordering::Greater => self.block(found, column),
                std::cmp::Ordering::Equal if self.at_dash() => self.nested(|q| q.sequence(column, true)),
                _ => Some(S::null()),
            };
        }
        self.s.indent = column;
        match self.s.byte(0) {
            b'|' | b'>' => self.block_scalar(),
            b'[' | b'{' => {
                let value = self.flow()?;
                self.line_end()?;
                Some(value)
            }
            _ => {
                let text = self.text()?;
                self.after_text(&text)?;
                S::scalar(text)
            }
        }
    }

    /// A block sequence; one that is not indented belongs to a key of the same column.
    fn sequence(&mut self, column: i32, indentless: bool) -> Option<S::Value> {
        let mark = self.sink.list_mark();
        loop {
            self.s.at.pos += 1;
            let line = self.s.at.line;
            self.skip()?;
            let found = self.s.column();
            let is_there = !self.at_end() && (self.s.at.line == line || found > column);
            let item = if is_there { self.block(found, column)? } else { S::null() };
            self.sink.push(item);
            self.skip()?;
            if self.at_end() || self.s.column() < column {
                return Some(self.sink.list(mark));
            }
            match (self.s.column() == column, self.at_dash()) {
                (true, true) => {}
                (true, false) if indentless => return Some(self.sink.list(mark)),
                _ => return None,
            }
        }
    }

    fn flow(&mut self) -> Option<S::Value> {
        self.s.flow_level += 1;
        let is_map = self.s.byte(0) == b'{';
        self.s.at.pos += 1;
        let value = self.nested(|q| if is_map { q.flow_map() } else { q.flow_list() });
        self.s.flow_level -= 1;
        value
    }

    /// Steps to the next word of a flow collection: true at its end, which is taken.
    fn flow_end(&mut self, close: u8) -> Option<bool> {
        self.skip()?;
        if self.s.at_document_indicator() {
            return None;
        }
        let is_end = self.s.byte(0) == close;
        self.s.at.pos += usize::from(is_end);
        Some(is_end)
    }

    /// Takes the comma, or the end; true at the end.
    fn comma(&mut self, close: u8) -> Option<bool> {
        if self.flow_end(close)? {
            return Some(true);
        }
        if self.s.byte(0) != b',' {
            return None;
        }
        self.s.at.pos += 1;
        self.flow_end(close)
    }

    fn flow_item(&mut self) -> Option<S::Value> {
        match self.s.byte(0) {
            b'[' | b'{' => self.flow(),
            _ => {
                let text = self.text()?;
                S::scalar(text)
            }
        }
    }

    fn flow_list(&mut self) -> Option<S::Value> {
        let mark = self.sink.list_mark();
        let mut is_end = self.flow_end(b']')?;
        while !is_end {
            let item = self.flow_item()?;
            self.sink.push(item);
            is_end = self.comma(b']')?;
        }
        Some(self.sink.list(mark))
    }

    fn flow_map(&mut self) -> Option<S::Value> {
        let mark = self.sink.map_mark();
        let mut is_end = self.flow_end(b'}')?;
        while !is_end {
            let (line, start) = (self.s.at.line, self.s.at.pos);
            let key = self.text()?;
            self.s.skip_blanks();
            if self.s.byte(0) != b':' || self.s.at.line != line || self.s.at.pos - start >= MAX_KEY {
                return None;
            }
            self.s.at.pos += 1;
            self.skip()?;
            if self.s.at_document_indicator() {
                return None;
            }
            let value = self.flow_item()?;
            self.sink.put(&key, value)?;
            is_end = self.comma(b'}')?;
        }
        Some(self.sink.map(mark))
    }
}

#[cfg(test)]
mod tests;
