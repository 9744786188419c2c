//! JSON text to values, with Go's error texts.

use rhumb_gostd::unicode::is_print;

use crate::fmt::quote;
use crate::{Entry, List, Map, OriginId, Str, Value};

/// Go's limit of nesting.
const MAX_DEPTH: usize = 10_000;

/// What Go's decoder of a stream reads first; then it reads as much again.
const FIRST_BLOCK: usize = 64;

/// Reads one JSON text; all numbers become `float64`. The error is Go's text.
///
/// Works without recursion, so that depth costs no stack.
pub fn from_json(text: &[u8]) -> Result<Value, String> {
    match from_json_lenient(text)? {
        (value, None) => Ok(value),
        (_, Some(error)) => Err(error),
    }
}

/// Looks for the fault in a text as Go's decoder of a stream does, which has read the first 64 bytes, or 128, 256 and so on: of a
/// character across that end it knows the first bytes only.
pub fn from_json_stream(text: &[u8]) -> Result<Value, String> {
    match read(Reader { text, at: 0, too_large: None, is_stream: true })? {
        (value, None) => Ok(value),
        (_, Some(error)) => Err(error),
    }
}

/// As [`from_json`], but a number that is too large becomes 0, and the complaint about the first one comes beside
/// the value: Go fills in what it can.
pub fn from_json_lenient(text: &[u8]) -> Result<(Value, Option<String>), String> {
    read(Reader { text, at: 0, too_large: None, is_stream: false })
}

fn read(mut r: Reader<'_>) -> Result<(Value, Option<String>), String> {
    let mut open: Vec<Open> = Vec::new();
    loop {
        let mut done = match r.start(open.last_mut())? {
            Start::Value(value) => {
                r.name_place(&open);
                value
            }
            Start::Open(container) if open.len() < MAX_DEPTH => {
                open.push(container);
                continue;
            }
            Start::Open(_) => return Err("exceeded max depth".into()),
            Start::Close => open.pop().map_or(Value::Nil, Open::finish),
        };
        // Hand the value to whoever is open, and close what ends here.
        loop {
            r.space();
            let next = r.peek();
            let Some(top) = open.last_mut() else {
                return if next.is_none() {
                    Ok((done, r.too_large.map(Overflow::into_text)))
                } else {
                    Err(r.bad("after top-level value"))
                };
            };
            let complaint = top.put(done);
            if next == Some(b',') {
                r.at += 1;
                break;
            }
            if next != Some(top.bracket()) {
                return Err(r.bad(complaint));
            }
            r.at += 1;
            done = open.pop().map_or(Value::Nil, Open::finish);
        }
    }
}

/// What stands where a value may start.
enum Start {
    Value(Value),
    Open(Open),
    /// The end of an empty container.
    Close,
}

/// A container whose end has not come yet.
enum Open {
    List(Vec<Value>),
    /// The members so far, and the key whose value comes next.
    Map(Vec<Entry>, Str),
}

impl Open {
    fn bracket(&self) -> u8 {
        match self {
            Open::List(_) => b']',
            Open::Map(..) => b'}',
        }
    }

    /// Takes a value; answers what Go says if neither a comma nor the end follows.
    fn put(&mut self, value: Value) -> &'static str {
        match self {
            Open::List(items) => {
                items.push(value);
                "after array element"
            }
            Open::Map(entries, key) => {
                entries.push(Entry { key: std::mem::take(key), value, origin: OriginId::NONE });
                "after object key:value pair"
            }
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Open::List(items) => items.is_empty(),
            Open::Map(entries, _) => entries.is_empty(),
        }
    }

    fn finish(self) -> Value {
        match self {
            Open::List(items) => Value::List(List::new(items)),
            Open::Map(entries, _) => Value::Map(Map::from_entries(entries)),
        }
    }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    too_large: Option<Overflow>,
    is_stream: bool,
}

/// The first number that is too large.
enum Overflow {
    /// Its digits, while its place is not known.
    Number(String),
    /// What Go says about it.
    Text(String),
}

impl Overflow {
    fn into_text(self) -> String {
        match self {
            Overflow::Text(text) => text,
            Overflow::Number(digits) => format!("json: cannot unmarshal number {digits} into Go value of type float64"),
        }
    }
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// Up to where the text has been read when a place in it is looked at.
    fn end(&self, place: usize) -> usize {
        let read = if self.is_stream { (place + 1).next_power_of_two().max(FIRST_BLOCK) } else { usize::MAX };
        self.text.len().min(read)
    }

    /// The complaint about the character at hand.
    fn bad(&self, what: &str) -> String {
        let Some(byte) = self.peek() else { return "unexpected end of JSON input".into() };
        let rest = &self.text[self.at..self.end(self.at).min(self.at + 4)];
        let valid = rest.utf8_chunks().next().and_then(|c| c.valid().chars().next()).map_or(1, char::len_utf8);
        let shown = match byte {
            b'\'' => "\\'".to_owned(),
            b'"' => "\"".to_owned(),
            _ => {
                let quoted = quote(&rest[..valid]);
                String::from_utf8_lossy(&quoted[1..quoted.len() - 1]).into_owned()
            }
        };
        format!("invalid character '{shown}' {what}")
    }

    fn start(&mut self, open: Option<&mut Open>) -> Result<Start, String> {
        self.space();
        if let Some(open) = open {
            if open.is_empty() && self.peek() == Some(open.bracket()) {
                self.at += 1;
                return Ok(Start::Close);
            }
            if let Open::Map(_, key) = open {
                if self.peek() != Some(b'"') {
                    return Err(self.bad("looking for beginning of object key string"));
                }
                *key = self.string()?;
                self.space();
                if self.peek() != Some(b':') {
                    return Err(self.bad("after object key"));
                }
                self.at += 1;
                self.space();
            }
        }
        let Some(byte) = self.peek() else { return Err(self.bad("")) };
        Ok(Start::Value(match byte {
            b'{' | b'[' => {
                self.at += 1;
                let map = byte == b'{';
                return Ok(Start::Open(if map { Open::Map(Vec::new(), Str::new()) } else { Open::List(Vec::new()) }));
            }
            b'"' => Value::Str(self.string()?),
            b't' => self.word("true", Value::Bool(true))?,
            b'f' => self.word("false", Value::Bool(false))?,
            b'n' => self.word("null", Value::Nil)?,
            b'-' | b'0'..=b'9' => self.number()?,
            _ => return Err(self.bad("looking for beginning of value")),
        }))
    }

    /// Says where a number that is too large stands: Go calls a key a struct's field.
    fn name_place(&mut self, open: &[Open]) {
        let Some(Overflow::Number(digits)) = &self.too_large else { return };
        if open.is_empty() {
            return;
        }
        let mut place = String::new();
        for level in open {
            place.push('.');
            match level {
                Open::List(items) => place.push_str(&items.len().to_string()),
                Open::Map(_, key) => place.push_str(&key.to_string_lossy().replace('~', "~0").replace('/', "~1")),
            }
        }
        let what = if matches!(open.last(), Some(Open::Map(_, key)) if !key.iter().all(u8::is_ascii_digit)) {
            "Go struct field "
        } else {
            ""
        };
        let text = format!("json: cannot unmarshal number {digits} into {what}{place} of type float64");
        self.too_large = Some(Overflow::Text(text));
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, String> {
        for expected in word.chars() {
            if self.peek().map(char::from) != Some(expected) {
                return Err(self.bad(&format!("in literal {word} (expecting '{expected}')")));
            }
            self.at += 1;
        }
        Ok(value)
    }

    fn digits(&mut self, complaint: &str) -> Result<(), String> {
        if !self.peek().is_some_and(|c| c.is_ascii_digit()) {
            return Err(self.bad(complaint));
        }
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Value, String> {
        let from = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits("in numeric literal")?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits("in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits("in numeric literal")?;
        }
        let text = String::from_utf8_lossy(&self.text[from..self.at]);
        match text.parse::<f64>() {
            Ok(f) if f.is_finite() => Ok(Value::Float(f)),
            _ => {
                self.too_large.get_or_insert_with(|| Overflow::Number(text.into_owned()));
                Ok(Value::Float(0.0))
            }
        }
    }

    fn string(&mut self) -> Result<Str, String> {
        self.at += 1;
        let from = self.at;
        // Most strings hold no escape and are taken as they are.
        while let Some(c) = self.peek() {
            match c {
                b'"' => {
                    let raw = &self.text[from..self.at];
                    self.at += 1;
                    return Ok(match std::str::from_utf8(raw) {
                        Ok(_) => Str::from(raw),
                        Err(_) => Str::from(with_replacements(raw)),
                    });
                }
                b'\\' => return self.escaped(from),
                0..0x20 => return Err(self.bad("in string")),
                _ => self.at += 1,
            }
        }
        Err(self.bad(""))
    }

    /// Goes on at the first backslash.
    fn escaped(&mut self, from: usize) -> Result<Str, String> {
        let mut out = self.text[from..self.at].to_vec();
        loop {
            match self.peek() {
                None | Some(0..0x20) => return Err(self.bad("in string")),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Str::from(with_replacements(&out)));
                }
                Some(b'\\') => {
                    self.at += 1;
                    let Some(c) = self.peek() else { return Err(self.bad("")) };
                    out.push(match c {
                        b'"' | b'\\' | b'/' => c,
                        b'b' => 8,
                        b'f' => 12,
                        b'n' => b'\n',
                        b'r' => b'\r',
                        b't' => b'\t',
                        b'u' => {
                            self.at += 1;
                            let c = self.unicode()?;
                            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                            continue;
                        }
                        _ => return Err(self.bad_escape(self.at - 1, 2)),
                    });
                    self.at += 1;
                }
                Some(c) => {
                    out.push(c);
                    self.at += 1;
                }
            }
        }
    }

    /// The complaint about an escape of so many bytes that begins at a place, with the wrong byte at hand.
    fn bad_escape(&self, from: usize, size: usize) -> String {
        let sequence = &self.text[from..self.end(self.at).min(from + size)];
        let is_plain = |c: char| c != '`' && c != '\u{fffd}' && c != ' ' && is_print(c);
        let shown = match std::str::from_utf8(sequence) {
            Ok(text) if text.chars().all(is_plain) => [b"`", sequence, b"`"].concat(),
            _ => quote(sequence),
        };
        format!("invalid escape sequence {} in string", String::from_utf8_lossy(&shown))
    }

    /// The character of `\u`, whose letter has been read; a lone surrogate becomes U+FFFD.
    fn unicode(&mut self) -> Result<char, String> {
        let high = self.hex()?;
        if (0xd800..0xdc00).contains(&high) && self.text[self.at..].starts_with(b"\\u") {
            let back = self.at;
            self.at += 2;
            let low = self.hex()?;
            if (0xdc00..0xe000).contains(&low) {
                let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or('\u{fffd}'));
            }
            self.at = back;
        }
        Ok(char::from_u32(high).unwrap_or('\u{fffd}'))
    }

    fn hex(&mut self) -> Result<u32, String> {
        let (start, mut n) = (self.at, 0);
        for _ in 0..4 {
            match self.peek().and_then(|c| char::from(c).to_digit(16)) {
                Some(digit) => n = n << 4 | digit,
                None if self.text.len() < start + 4 && self.peek().is_none() => return Err(self.bad("")),
                None => return Err(self.bad_escape(start - 2, 6)),
            }
            self.at += 1;
        }
        Ok(n)
    }
}

/// Each byte that is not UTF-8 becomes U+FFFD.
fn with_replacements(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    for chunk in raw.utf8_chunks() {
        out.extend_from_slice(chunk.valid().as_bytes());
        for _ in chunk.invalid() {
            out.extend_from_slice("\u{fffd}".as_bytes());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    // Observed on Helm 4.3.1 (values.schema.json).
    #[test]
    fn a_stream_is_read_in_blocks() {
        let cases = [
            (62, "\u{e9}", "\u{e9}"),
            (63, "\u{e9}", "\\xc3"),
            (64, "\u{e9}", "\u{e9}"),
            (127, "\u{e9}", "\\xc3"),
            (191, "\u{e9}", "\u{e9}"),
            (1022, "\u{65e5}", "\\xe6"),
            (1023, "x", "x"),
        ];
        for (place, text, shown) in cases {
            let text = format!("{}{text}", " ".repeat(place));
            let want = format!("invalid character '{shown}' looking for beginning of value");
            assert_eq!(from_json_stream(text.as_bytes()).unwrap_err(), want, "{place}");
        }
        let text = format!("{}[\"\\u12\u{e9}", " ".repeat(57));
        let want = "invalid escape sequence \"\\\\u12\\xc3\" in string";
        assert_eq!(from_json_stream(text.as_bytes()).unwrap_err(), want);
        let whole = "invalid escape sequence `\\u12\u{e9}` in string";
        assert_eq!(from_json(text.as_bytes()).unwrap_err(), whole);
        assert!(from_json_stream(b"[1]").is_ok());
    }

    // Observed on Helm 4.3.1 (`mustFromJson`).
    #[test]
    fn complains_as_go() {
        for (text, want) in ERRORS {
            assert_eq!(from_json(text.as_bytes()).unwrap_err(), *want, "{text}");
        }
    }

    const ERRORS: &[(&str, &str)] = &[
        ("", "unexpected end of JSON input"),
        ("x", "invalid character 'x' looking for beginning of value"),
        ("[1 2]", "invalid character '2' after array element"),
        ("[1,]", "invalid character ']' looking for beginning of value"),
        ("{a", "invalid character 'a' looking for beginning of object key string"),
        ("{\"a\" 1}", "invalid character '1' after object key"),
        ("{\"a\":1 2}", "invalid character '2' after object key:value pair"),
        ("tru", "unexpected end of JSON input"),
        ("[\"\\u `\"]", "invalid escape sequence \"\\\\u `\\\"]\" in string"),
        ("[\"\\u\u{a0}\"]", "invalid escape sequence \"\\\\u\\u00a0\\\"]\" in string"),
        ("[\"\\q\"]", "invalid escape sequence `\\q` in string"),
        ("trux", "invalid character 'x' in literal true (expecting 'e')"),
        ("\u{e9}", "invalid character '\u{e9}' looking for beginning of value"),
        ("1 2", "invalid character '2' after top-level value"),
        ("-x", "invalid character 'x' in numeric literal"),
        ("1.x", "invalid character 'x' in numeric literal"),
        ("1ex", "invalid character 'x' in numeric literal"),
        ("\"\\q\"", "invalid escape sequence `\\q` in string"),
        ("\"\\u00g0\"", "invalid escape sequence `\\u00g0` in string"),
        ("\"\\u1\"", "invalid escape sequence `\\u1\"` in string"),
        ("\"\\u1", "unexpected end of JSON input"),
        ("[{\"a\":[0,1e400]}]", "json: cannot unmarshal number 1e400 into .0.a.1 of type float64"),
        ("{\"a/b\":1e400}", "json: cannot unmarshal number 1e400 into Go struct field .a~1b of type float64"),
        ("\"\n\"", "invalid character '\\n' in string"),
        ("1e999", "json: cannot unmarshal number 1e999 into Go value of type float64"),
    ];

    #[test]
    fn reads_values() {
        let text = br#" {"b":[1,-2.5e1,true,null,{}],"a":"\u00e9\ud83d\ude00\n\ud800","a":[]} "#;
        let value = from_json(text).unwrap();
        assert_eq!(crate::fmt::to_v(&value), b"map[a:[] b:[1 -25 true <nil> map[]]]");
        let text = from_json(br#""\u00e9\ud83d\ude00\ud800""#).unwrap();
        assert_eq!(text.as_str().unwrap().to_str(), Some("é\u{1f600}\u{fffd}"));
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |n: usize| "[".repeat(n) + &"]".repeat(n);
        assert!(from_json(nested(10_000).as_bytes()).is_ok());
        assert_eq!(from_json(nested(10_001).as_bytes()).unwrap_err(), "exceeded max depth");
    }
}
