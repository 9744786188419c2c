//! One JSON value at the start of a text, for `--set-json`.
//!
//! The rest of the text stays for the caller. The texts of errors are not shown by the reference, so they are short.

use rhumb_value::{Entry, List, Map, OriginId, Step, Str, Value};

use super::origin::Marks;

/// How deep the reading recurses, and marks values.
const MARKED_DEPTH: u32 = 500;

/// How many lists and tables may lie in each other, as in Go.
const MAX_DEPTH: u32 = 10_000;

/// The value and how many bytes it took, spaces before it included. What is inside the value gets marks below
/// `parent`; the text is part of one that starts `offset` bytes before it.
pub(crate) fn read_marked(
    text: &str,
    marks: &mut Marks<'_>,
    parent: OriginId,
    offset: usize,
) -> Result<(Value, usize), String> {
    let mut reader = Reader { bytes: text.as_bytes(), at: 0, marks, offset };
    let value = reader.value(0, parent)?;
    Ok((value, reader.at))
}

/// The same without marks.
#[cfg(test)]
pub(crate) fn read(text: &str) -> Result<(Value, usize), String> {
    read_marked(text, &mut Marks::new(None), OriginId::NONE, 0)
}

struct Reader<'a, 'm, 't> {
    bytes: &'a [u8],
    at: usize,
    marks: &'m mut Marks<'t>,
    offset: usize,
}

impl Reader<'_, '_, '_> {
    fn peek(&mut self) -> Option<u8> {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    fn expect(&mut self, wanted: u8) -> Result<(), String> {
        match self.peek() {
            Some(b) if b == wanted => {
                self.at += 1;
                Ok(())
            }
            _ => Err(self.wrong()),
        }
    }

    fn wrong(&self) -> String {
        match self.bytes.get(self.at) {
            None => "unexpected end of JSON input".into(),
            Some(b) => format!("invalid character {:?}", char::from(*b)),
        }
    }

    fn value(&mut self, depth: u32, origin: OriginId) -> Result<Value, String> {
        match self.peek() {
            Some(b'{' | b'[') if depth >= MARKED_DEPTH => self.deep(MAX_DEPTH - depth),
            Some(b'{') => self.object(depth, origin),
            Some(b'[') => self.array(depth, origin),
            Some(b'"') => self.string().map(Value::Str),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Nil),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(self.wrong()),
        }
    }

    /// A list or table far inside others, with at most `levels` more: read without recursion and without marks.
    fn deep(&mut self, levels: u32) -> Result<Value, String> {
        let (start, mut open, mut in_string) = (self.at, 0, false);
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' if in_string => self.at += 1,
                b'"' => in_string = !in_string,
                b'{' | b'[' if !in_string => open += 1,
                b'}' | b']' if !in_string => open -= 1,
                _ => {}
            }
            if open > levels {
                return Err("exceeded max depth".into());
            }
            if open == 0 {
                return rhumb_value::json::from_json(&self.bytes[start..self.at]);
            }
        }
        Err("unexpected end of JSON input".into())
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, String> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(value);
        }
        Err(self.wrong())
    }

    fn object(&mut self, depth: u32, parent: OriginId) -> Result<Value, String> {
        self.at += 1;
        let mut entries = Vec::new();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Map(Map::new()));
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.wrong());
            }
            let start = self.at;
            let key = self.string()?;
            self.expect(b':')?;
            let (value, origin) = self.marked(depth, parent, Some(start), || Step::Key(key.clone()))?;
            entries.push(Entry { key, value, origin });
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Value::Map(Map::from_entries(entries)));
                }
                _ => return Err(self.wrong()),
            }
        }
    }

    fn array(&mut self, depth: u32, parent: OriginId) -> Result<Value, String> {
        self.at += 1;
        let (mut items, mut origins) = (Vec::new(), Vec::new());
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::List(List::default()));
        }
        loop {
            let (value, origin) = self.marked(depth, parent, None, || Step::Index(items.len()))?;
            items.push(value);
            if origin.is_known() {
                origins.push(origin);
            }
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Value::List(List::with_origins(items, origins)));
                }
                _ => return Err(self.wrong()),
            }
        }
    }

    /// A value inside an object or an array, with its mark.
    fn marked(
        &mut self,
        depth: u32,
        parent: OriginId,
        key: Option<usize>,
        step: impl FnOnce() -> Step,
    ) -> Result<(Value, OriginId), String> {
        self.peek();
        let start = self.at;
        let origin = self.marks.open(parent, step, self.offset + key.unwrap_or(start));
        let value = self.value(depth + 1, origin)?;
        self.marks.close(origin, self.offset + start, self.offset + self.at);
        Ok((value, origin))
    }

    fn digits(&mut self) -> Result<(), String> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        if self.at == start { Err(self.wrong()) } else { Ok(()) }
    }

    fn number(&mut self) -> Result<Value, String> {
        let start = self.at;
        if self.bytes[self.at] == b'-' {
            self.at += 1;
        }
        if self.bytes.get(self.at) == Some(&b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.bytes.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        let text = std::str::from_utf8(&self.bytes[start..self.at]).unwrap_or_default();
        match text.parse::<f64>() {
            Ok(n) if n.is_finite() => Ok(Value::Float(n)),
            _ => Err(format!("cannot unmarshal number {text}")),
        }
    }

    fn string(&mut self) -> Result<Str, String> {
        self.at += 1;
        let mut out = Vec::new();
        loop {
            match self.bytes.get(self.at) {
                None | Some(0..=0x1f) => return Err(self.wrong()),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Str::from(out));
                }
                Some(b'\\') => {
                    self.at += 1;
                    self.escape(&mut out)?;
                }
                Some(b) => {
                    out.push(*b);
                    self.at += 1;
                }
            }
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), String> {
        let plain = match self.bytes.get(self.at) {
            Some(b'n') => b'\n',
            Some(b't') => b'\t',
            Some(b'r') => b'\r',
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b @ (b'"' | b'\\' | b'/')) => *b,
            Some(b'u') => return self.unicode(out),
            _ => return Err(self.wrong()),
        };
        out.push(plain);
        self.at += 1;
        Ok(())
    }

    /// `\uXXXX`, pairs included; half a pair becomes U+FFFD.
    fn unicode(&mut self, out: &mut Vec<u8>) -> Result<(), String> {
        let first = self.hex(self.at + 1).ok_or_else(|| self.wrong())?;
        self.at += 5;
        let mut c = char::from_u32(first);
        if (0xd800..0xdc00).contains(&first)
            && self.bytes[self.at..].starts_with(b"\\u")
            && let Some(second @ 0xdc00..0xe000) = self.hex(self.at + 2)
        {
            self.at += 6;
            c = char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
        }
        out.extend(c.unwrap_or('\u{fffd}').encode_utf8(&mut [0; 4]).bytes());
        Ok(())
    }

    fn hex(&self, at: usize) -> Option<u32> {
        let digits = self.bytes.get(at..at + 4)?;
        digits.iter().try_fold(0, |n, b| Some(n * 16 + char::from(*b).to_digit(16)?))
    }
}
