//! The short way through plain documents: text to value in one pass, without tokens and nodes.
//!
//! Nearly all YAML of a chart is made of block mappings, block sequences, small flow collections and scalars. This reader
//! knows these and nothing else. At the first sight of anything else (an anchor, a tag, a second document, a tab, any
//! error) it gives up, and the whole reader starts again from the beginning. So it never words an error and
//! never has to agree with the grammar where that is odd; where it does answer, it must answer the same, which
//! debug builds check each time.

use std::borrow::Cow;

use rhumb_value::{Entry, List, Map, OriginId, Str, Value};

use crate::chars::is_blank_or_end;
use crate::gosyntax::key_text;
use crate::resolve::{Scalar, plain_scalar};
use crate::scan::Scanner;
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

/// What becomes of what is read.
pub(crate) trait Sink<'a> {
    /// A finished value.
    type Value;
    /// A mapping in the making.
    type Map: Default;
    /// A sequence in the making.
    type List: Default;
    /// A value that is not written.
    fn null() -> Self::Value;
    /// A scalar.
    fn scalar(text: Text<'a>) -> Option<Self::Value>;
    /// One more entry.
    fn put(map: &mut Self::Map, key: &Text<'a>, value: Self::Value) -> Option<()>;
    /// One more item.
    fn push(list: &mut Self::List, value: Self::Value);
    /// The end of a mapping.
    fn map(map: Self::Map) -> Self::Value;
    /// The end of a sequence.
    fn list(list: Self::List) -> Self::Value;
}

/// Makes values.
struct Build;

impl<'a> Sink<'a> for Build {
    type Value = Value;
    type Map = Vec<Entry>;
    type List = Vec<Value>;

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

    fn put(map: &mut Vec<Entry>, key: &Text<'a>, value: Value) -> Option<()> {
        map.push(Entry { key: Str::from_bytes(&key.key()?), value, origin: OriginId::NONE });
        Some(())
    }

    fn push(list: &mut Vec<Value>, value: Value) {
        list.push(value);
    }

    fn map(map: Vec<Entry>) -> Value {
        Value::Map(Map::from_entries(map))
    }

    fn list(mut list: Vec<Value>) -> Value {
        list.shrink_to_fit();
        Value::List(List::new(list))
    }
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
    type Map = ();
    type List = ();

    fn null() -> Seen<'a> {
        Seen::Null
    }

    fn scalar(text: Text<'a>) -> Option<Seen<'a>> {
        text.resolve()?;
        Some(Seen::Scalar(text))
    }

    fn put((): &mut (), key: &Text<'a>, _: Seen<'a>) -> Option<()> {
        key.key().map(drop)
    }

    fn push((): &mut (), _: Seen<'a>) {}

    fn map((): ()) -> Seen<'a> {
        Seen::Other
    }

    fn list((): ()) -> Seen<'a> {
        Seen::Other
    }
}

/// The value of a text that is all plain.
pub(crate) fn value(src: &[u8]) -> Option<Value> {
    whole::<Build>(src)
}

/// Whether a text is plain, and so without errors.
pub(crate) fn is_good(src: &[u8]) -> bool {
    whole::<Look>(src).is_some()
}

fn whole<'a, S: Sink<'a>>(src: &'a [u8]) -> Option<S::Value> {
    let mut q = Quick::new(src)?;
    let column = q.start()?;
    let value = q.block::<S>(column, -1)?;
    q.finish()?;
    Some(value)
}

/// The reader: the scanner's way with single scalars, and its own with everything around them.
pub(crate) struct Quick<'a> {
    s: Scanner<'a>,
    depth: u32,
}

impl<'a> Quick<'a> {
    /// Nothing for texts with line breaks other than LF, or a byte order mark.
    pub(crate) fn new(src: &'a [u8]) -> Option<Self> {
        let odd = memchr::memchr(b'\r', src).is_some()
            || (!src.is_ascii()
                && [&b"\xC2\x85"[..], b"\xE2\x80\xA8", b"\xE2\x80\xA9", b"\xEF\xBB\xBF"]
                    .iter()
                    .any(|mark| memchr::memmem::find(src, mark).is_some()));
        (!odd).then(|| Quick { s: Scanner::new(src, None), depth: 0 })
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
    fn block<S: Sink<'a>>(&mut self, column: i32, parent: i32) -> Option<S::Value> {
        self.s.indent = parent;
        if self.s.at_document_indicator() {
            return None;
        }
        if self.at_dash() {
            return self.nested(|q| q.sequence::<S>(column, false));
        }
        match self.s.byte(0) {
            b'|' | b'>' => self.block_scalar::<S>(),
            b'[' | b'{' => {
                let value = self.flow::<S>()?;
                self.line_end()?;
                Some(value)
            }
            _ => {
                let line = self.s.at.line;
                let start = self.s.at.pos;
                let text = self.text()?;
                if self.is_key(line, start) {
                    return self.nested(|q| q.mapping::<S>(column, text));
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
            _ => (self.s.scan_plain().ok()?.0, true),
        };
        match token {
            Token::Scalar { text, .. } => Some(Text { plain, text }),
            _ => None,
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

    fn block_scalar<S: Sink<'a>>(&mut self) -> Option<S::Value> {
        let style = if self.s.byte(0) == b'|' { Style::Literal } else { Style::Folded };
        match self.s.scan_block_scalar(style).ok()?.0 {
            Token::Scalar { text, .. } => S::scalar(Text { plain: false, text }),
            _ => None,
        }
    }

    fn mapping<S: Sink<'a>>(&mut self, column: i32, first: Text<'a>) -> Option<S::Value> {
        let mut map = S::Map::default();
        self.entries(column, first, |q, key| {
            let value = q.entry::<S>(column)?;
            S::put(&mut map, &key, value)
        })?;
        Some(S::map(map))
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
    pub(crate) fn entry<S: Sink<'a>>(&mut self, column: i32) -> Option<S::Value> {
        let line = self.s.at.line;
        self.skip()?;
        if self.at_end() {
            return Some(S::null());
        }
        if self.s.at.line > line {
            let found = self.s.column();
            return match found.cmp(&column) {
                std::cmp::Ordering::Greater => self.block::<S>(found, column),
                std::cmp::Ordering::Equal if self.at_dash() => self.nested(|q| q.sequence::<S>(column, true)),
                _ => Some(S::null()),
            };
        }
        self.s.indent = column;
        match self.s.byte(0) {
            b'|' | b'>' => self.block_scalar::<S>(),
            b'[' | b'{' => {
                let value = self.flow::<S>()?;
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
    fn sequence<S: Sink<'a>>(&mut self, column: i32, indentless: bool) -> Option<S::Value> {
        let mut list = S::List::default();
        loop {
            self.s.at.pos += 1;
            let line = self.s.at.line;
            self.skip()?;
            let found = self.s.column();
            let is_there = !self.at_end() && (self.s.at.line == line || found > column);
            let item = if is_there { self.block::<S>(found, column)? } else { S::null() };
            S::push(&mut list, item);
            self.skip()?;
            if self.at_end() || self.s.column() < column {
                return Some(S::list(list));
            }
            match (self.s.column() == column, self.at_dash()) {
                (true, true) => {}
                (true, false) if indentless => return Some(S::list(list)),
                _ => return None,
            }
        }
    }

    fn flow<S: Sink<'a>>(&mut self) -> Option<S::Value> {
        self.s.flow_level += 1;
        let is_map = self.s.byte(0) == b'{';
        self.s.at.pos += 1;
        let value =
            self.nested(|q| if is_map { q.flow_map::<S>().map(S::map) } else { q.flow_list::<S>().map(S::list) });
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

    fn flow_item<S: Sink<'a>>(&mut self) -> Option<S::Value> {
        match self.s.byte(0) {
            b'[' | b'{' => self.flow::<S>(),
            _ => {
                let text = self.text()?;
                S::scalar(text)
            }
        }
    }

    fn flow_list<S: Sink<'a>>(&mut self) -> Option<S::List> {
        let mut list = S::List::default();
        let mut is_end = self.flow_end(b']')?;
        while !is_end {
            let item = self.flow_item::<S>()?;
            S::push(&mut list, item);
            is_end = self.comma(b']')?;
        }
        Some(list)
    }

    fn flow_map<S: Sink<'a>>(&mut self) -> Option<S::Map> {
        let mut map = S::Map::default();
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
            let value = self.flow_item::<S>()?;
            S::put(&mut map, &key, value)?;
            is_end = self.comma(b'}')?;
        }
        Some(map)
    }
}

#[cfg(test)]
mod tests;
