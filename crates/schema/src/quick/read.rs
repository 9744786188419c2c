//! A JSON text as a flat list of nodes.
//!
//! Texts stay where they are; a container knows how many children it has and where the next node after it stands. What
//! the validator's reader would refuse is refused here, and a little more.

use std::borrow::Cow;

use super::keyword::Keyword;
use super::number::Number;
use super::{Sure, Unsure};

/// The containers that may stand in each other. The validator's reader takes 127.
const DEEPEST: usize = 100;

/// An object with more entries than this has its names sorted, for finding one.
const LINEAR: u32 = 6;

/// Where a node stands.
pub(crate) type At = u32;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    False,
    True,
    Number,
    Text,
    /// A text with escapes.
    Escaped,
    List,
    /// Names and values take turns.
    Object,
}

/// A part of the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// Of a name in a schema: what it says.
    pub(crate) keyword: Keyword,
    /// Of a container: the node after it. Of a reference: its target.
    pub(crate) link: At,
    /// Where the text begins, quotes aside. Of an object: where the number of its sorted names stands, and they after it, if they are sorted.
    pub(crate) start: u32,
    /// How many bytes, elements or entries there are.
    pub(crate) len: u32,
}

/// The text and its nodes. The first node is the whole.
#[derive(Debug)]
pub(crate) struct Doc<'t> {
    text: &'t str,
    pub(crate) nodes: Vec<Node>,
    sorted: Vec<At>,
}

/// No sorted names.
const UNSORTED: u32 = u32::MAX;

/// Reads a text.
pub(crate) fn read(text: &str) -> Sure<Doc<'_>> {
    if text.len() > 1 << 28 {
        return Err(Unsure);
    }
    let doc = Doc { text, nodes: Vec::with_capacity(text.len() / 16 + 8), sorted: Vec::new() };
    let mut reader = Reader { rest: text.as_bytes(), doc };
    reader.value(0)?;
    reader.space();
    if reader.rest.is_empty() { Ok(reader.doc) } else { Err(Unsure) }
}

impl<'t> Doc<'t> {
    /// A node.
    pub(crate) fn node(&self, at: At) -> &Node {
        &self.nodes[at as usize]
    }

    /// The node after one and all within it.
    pub(crate) fn after(&self, at: At) -> At {
        let node = self.node(at);
        if matches!(node.kind, Kind::List | Kind::Object) { node.link } else { at + 1 }
    }

    /// The nodes in a list, or the names in an object.
    pub(crate) fn children(&self, at: At) -> Children<'_> {
        let node = self.node(at);
        let is_object = node.kind == Kind::Object;
        let left = if is_object || node.kind == Kind::List { node.len } else { 0 };
        Children { nodes: &self.nodes, at: at + 1, left, is_object }
    }

    /// The bytes of a text between its quotes, or of a number.
    fn raw(&self, at: At) -> &'t str {
        let node = self.node(at);
        &self.text[node.start as usize..(node.start + node.len) as usize]
    }

    /// A text; nothing where the node is none.
    pub(crate) fn text(&self, at: At) -> Option<Cow<'t, str>> {
        match self.node(at).kind {
            Kind::Text => Some(Cow::Borrowed(self.raw(at))),
            Kind::Escaped => {
                let node = self.node(at);
                let quoted = &self.text[node.start as usize - 1..(node.start + node.len) as usize + 1];
                serde_json::from_str(quoted).ok().map(Cow::Owned)
            }
            _ => None,
        }
    }

    /// A name. Names have no escapes.
    pub(crate) fn name(&self, at: At) -> &'t str {
        self.raw(at)
    }

    /// A text without escapes; nothing where the node is no such.
    pub(crate) fn raw_text(&self, at: At) -> Option<&'t str> {
        (self.node(at).kind == Kind::Text).then(|| self.raw(at))
    }

    /// A number; nothing where the node is none.
    pub(crate) fn number(&self, at: At) -> Option<Number> {
        if self.node(at).kind != Kind::Number {
            return None;
        }
        Number::parse(self.raw(at)).ok()
    }

    /// Where the value of a name stands.
    pub(crate) fn get(&self, object: At, name: &[u8]) -> Option<At> {
        let node = self.node(object);
        if node.kind != Kind::Object {
            return None;
        }
        if node.start == UNSORTED {
            return self.children(object).find(|at| self.name(*at).as_bytes() == name).map(|at| at + 1);
        }
        let (count, names) = self.sorted[node.start as usize..].split_first()?;
        let names = &names[..*count as usize];
        let found = names.binary_search_by(|at| self.name(*at).as_bytes().cmp(name)).ok()?;
        Some(names[found] + 1)
    }

    /// Makes the names of an object ready for finding one. Whether none is there twice: else the last one counts.
    pub(crate) fn index(&mut self, object: At) -> bool {
        let node = self.node(object);
        if node.start != UNSORTED {
            return self.sorted[node.start as usize] == node.len;
        }
        let is_many = node.len > LINEAR;
        let mut names: Vec<At> = self.children(object).collect();
        let is_twice = |(i, at): (usize, &At)| names[..i].iter().any(|other| self.name(*other) == self.name(*at));
        if !is_many && !names.iter().enumerate().any(is_twice) {
            return true;
        }
        // The later of two first, which is the one that stays.
        names.sort_unstable_by(|a, b| self.name(*a).cmp(self.name(*b)).then(b.cmp(a)));
        names.dedup_by(|a, b| self.name(*a) == self.name(*b));
        let count = names.len() as u32;
        self.nodes[object as usize].start = self.sorted.len() as u32;
        self.sorted.push(count);
        self.sorted.append(&mut names);
        count == self.node(object).len
    }
}

/// Walks over what a container holds.
#[derive(Clone, Debug)]
pub(crate) struct Children<'n> {
    nodes: &'n [Node],
    at: At,
    left: u32,
    is_object: bool,
}

impl Iterator for Children<'_> {
    type Item = At;

    fn next(&mut self) -> Option<At> {
        self.left = self.left.checked_sub(1)?;
        let at = self.at;
        let value = at + u32::from(self.is_object);
        let node = &self.nodes[value as usize];
        self.at = if matches!(node.kind, Kind::List | Kind::Object) { node.link } else { value + 1 };
        Some(at)
    }
}

struct Reader<'t> {
    rest: &'t [u8],
    doc: Doc<'t>,
}

impl Reader<'_> {
    fn place(&self) -> u32 {
        (self.doc.text.len() - self.rest.len()) as u32
    }

    fn space(&mut self) {
        let mut rest = self.rest;
        loop {
            match rest {
                // Most texts are indented.
                [b' ', b' ', b' ', b' ', b' ', b' ', b' ', b' ', more @ ..] => rest = more,
                [b' ' | b'\n' | b'\t' | b'\r', more @ ..] => rest = more,
                _ => break,
            }
        }
        self.rest = rest;
    }

    /// The next byte that is no space.
    fn next(&mut self) -> Sure<u8> {
        self.space();
        let (&first, more) = self.rest.split_first().ok_or(Unsure)?;
        self.rest = more;
        Ok(first)
    }

    fn push(&mut self, kind: Kind, start: u32, len: u32) -> At {
        let at = self.doc.nodes.len() as At;
        self.doc.nodes.push(Node { kind, keyword: Keyword::None, link: at + 1, start, len });
        at
    }

    fn value(&mut self, depth: usize) -> Sure<()> {
        match self.next()? {
            b'"' => self.text(),
            b'{' => self.container(Kind::Object, b'}', depth + 1),
            b'[' => self.container(Kind::List, b']', depth + 1),
            b't' => self.word(b"rue", Kind::True),
            b'f' => self.word(b"alse", Kind::False),
            b'n' => self.word(b"ull", Kind::Null),
            b'-' | b'0'..=b'9' => self.number(),
            _ => Err(Unsure),
        }
    }

    fn container(&mut self, kind: Kind, end: u8, depth: usize) -> Sure<()> {
        if depth > DEEPEST {
            return Err(Unsure);
        }
        let at = self.push(kind, UNSORTED, 0);
        self.space();
        let mut len = 0;
        if self.rest.first() == Some(&end) {
            self.rest = &self.rest[1..];
        } else {
            loop {
                if kind == Kind::Object {
                    self.name()?;
                }
                self.value(depth)?;
                len += 1;
                match self.next()? {
                    b',' => {}
                    c if c == end => break,
                    _ => return Err(Unsure),
                }
            }
        }
        let link = self.doc.nodes.len() as At;
        let node = &mut self.doc.nodes[at as usize];
        (node.len, node.link) = (len, link);
        Ok(())
    }

    fn name(&mut self) -> Sure<()> {
        if self.next()? != b'"' {
            return Err(Unsure);
        }
        self.text()?;
        let is_plain = self.doc.nodes.last().is_some_and(|node| node.kind == Kind::Text);
        if is_plain && self.next()? == b':' { Ok(()) } else { Err(Unsure) }
    }

    /// A text after its first quote.
    fn text(&mut self) -> Sure<()> {
        let start = self.place();
        let mut len = plain(self.rest);
        let mut kind = Kind::Text;
        while self.rest.get(len) == Some(&b'\\') {
            kind = Kind::Escaped;
            len += match self.rest.get(len + 1) {
                Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
                Some(b'u') => 2 + character(self.rest.get(len + 2..len + 6))?,
                _ => return Err(Unsure),
            };
            len += plain(&self.rest[len..]);
        }
        if self.rest.get(len) != Some(&b'"') {
            return Err(Unsure);
        }
        self.rest = &self.rest[len + 1..];
        self.push(kind, start, len as u32);
        Ok(())
    }

    fn word(&mut self, more: &[u8], kind: Kind) -> Sure<()> {
        self.rest = self.rest.strip_prefix(more).ok_or(Unsure)?;
        self.push(kind, 0, 0);
        Ok(())
    }

    /// A number after its first byte.
    fn number(&mut self) -> Sure<()> {
        let start = self.place() - 1;
        let is_part = |c: &&u8| matches!(c, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
        let len = 1 + self.rest.iter().take_while(is_part).count();
        let text = &self.doc.text[start as usize..start as usize + len];
        if let [b'0', b'0'..=b'9', ..] = text.strip_prefix('-').unwrap_or(text).as_bytes() {
            return Err(Unsure);
        }
        Number::parse(text)?;
        self.rest = &self.rest[len - 1..];
        self.push(Kind::Number, start, len as u32);
        Ok(())
    }
}

/// How many bytes there are before a quote, a backslash or a control character; eight are looked at in one step.
fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = 0x8080_8080_8080_8080;
    let zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let mut done = 0;
    for chunk in bytes.chunks_exact(8) {
        let word = chunk.iter().rev().fold(0u64, |word, byte| word << 8 | u64::from(*byte));
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        let found = (control | zero(word ^ (ONES * 0x22)) | zero(word ^ (ONES * 0x5c))) & TOPS;
        if found != 0 {
            return done + found.trailing_zeros() as usize / 8;
        }
        done += 8;
    }
    let is_plain = |c: &&u8| !matches!(c, b'"' | b'\\' | 0..=0x1f);
    done + bytes[done..].iter().take_while(is_plain).count()
}

/// Four hexadecimal digits that are a character of their own.
fn character(digits: Option<&[u8]>) -> Sure<usize> {
    let digits = digits.and_then(|d| std::str::from_utf8(d).ok()).ok_or(Unsure)?;
    if !digits.bytes().all(|c| c.is_ascii_hexdigit()) {
        return Err(Unsure);
    }
    let code = u32::from_str_radix(digits, 16).map_err(|_| Unsure)?;
    char::from_u32(code).map(|_| 4).ok_or(Unsure)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(doc: &Doc<'_>, at: At) -> serde_json::Value {
        match doc.node(at).kind {
            Kind::Null => serde_json::Value::Null,
            Kind::False => false.into(),
            Kind::True => true.into(),
            Kind::Number => serde_json::from_str(doc.raw(at)).unwrap(),
            Kind::Text | Kind::Escaped => doc.text(at).unwrap().into_owned().into(),
            Kind::List => doc.children(at).map(|at| show(doc, at)).collect(),
            Kind::Object => doc.children(at).map(|at| (doc.name(at).to_owned(), show(doc, at + 1))).collect(),
        }
    }

    /// What is read is what the validator reads; nothing is read that it refuses.
    #[test]
    fn reads_what_the_other_reader_reads() {
        let good = [
            r#"{"a":[1,-2,3.5e3,0,-0,1e-3,18446744073709551615],"b":{"c":null,"d":true},"e":false,"":""}"#,
            "\n\t [ ] \r\n",
            r#"["x\n\"\\\/\u00e9é", "a longer text, of more than eight bytes", "12345678", "1234567\t"]"#,
            r#"{"one":{"two":[[],{}]},"three":"eight by\\tes","z":123456789012345678}"#,
            "12",
            "\"\"",
        ];
        for text in good {
            let want: serde_json::Value = serde_json::from_str(text).unwrap();
            let doc = read(text).unwrap();
            assert_eq!(show(&doc, 0), want, "{text}");
            assert_eq!(doc.after(0) as usize, doc.nodes.len(), "{text}");
        }
        let bad = [
            "",
            " ",
            "[",
            "[1",
            "[1,",
            "[1,]",
            "{",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":1,}",
            "{a:1}",
            "nul",
            "nulll",
            "01",
            "-",
            "-01",
            "1.",
            ".5",
            "+1",
            "1e",
            "1e999",
            "00",
            "--1",
            "1-1",
            "\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\ud800\"",
            "\"\\u+123\"",
            "\"a\nb\"",
            "\"1234567\u{1}\"",
            "[] []",
            "{} x",
            "\u{feff}{}",
            "[1 2]",
            "{\"a\" 1}",
            "tru",
            "NaN",
            "'a'",
            "]",
        ];
        for text in bad {
            assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "{text}");
            assert_eq!(read(text).map(|_| ()), Err(Unsure), "{text}");
        }
        assert!(read(&("[".repeat(DEEPEST) + &"]".repeat(DEEPEST))).is_ok());
        assert!(read(&("[".repeat(DEEPEST + 1) + &"]".repeat(DEEPEST + 1))).is_err());
    }

    #[test]
    fn finds_names() {
        let many: Vec<String> = (0..50).map(|i| format!("\"k{}\":{i}", i * 37 % 50)).collect();
        let text = format!("{{{}}}", many.join(","));
        let mut doc = read(&text).unwrap();
        for sorted in [false, true] {
            for i in 0..50 {
                let at = doc.get(0, format!("k{}", i * 37 % 50).as_bytes()).unwrap();
                assert_eq!(doc.raw(at), i.to_string());
            }
            assert_eq!(doc.get(0, b"k50"), None, "{sorted}");
            assert!(doc.index(0));
        }
        for text in
            [r#"{"a":1,"b":2,"a":3}"#, &text.replace("k7\"", "a\"").replace("k8\"", "a\"").replace("}", ",\"a\":3}")]
        {
            let mut doc = read(text).unwrap();
            assert!(!doc.index(0) && !doc.index(0));
            assert_eq!(doc.get(0, b"a").map(|at| doc.raw(at)), Some("3"));
        }
    }
}
