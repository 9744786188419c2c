//! Where one JSON value in a stream of them ends, or what is wrong with it, in the words of the reference's decoder.

use rhumb_gostd::strconv::{can_backquote, quote_rune, quote_string};
use rhumb_gostd::unicode::decode_rune;

/// Go's limit of nesting.
const MAX_DEPTH: usize = 10_000;

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Go's text.
    pub(crate) text: String,
    /// The bytes read when it was seen; nothing where the text just ends too early.
    pub(crate) offset: Option<usize>,
}

/// The value that starts at `from`, spaces left out: its first byte and the one after its last. Nothing at the end.
pub(crate) fn value_at(text: &[u8], from: usize) -> Result<Option<(usize, usize)>, Fault> {
    let mut scan = Scan { text, at: from };
    scan.space();
    let start = scan.at;
    if scan.peek().is_none() {
        return Ok(None);
    }
    scan.value()?;
    Ok(Some((start, scan.at)))
}

/// The members of an object that was scanned already, in their order: each key with its quotes, and its value's text.
pub(crate) fn members(object: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut scan = Scan { text: object, at: 1 };
    let mut found = Vec::new();
    loop {
        scan.space();
        let key = scan.at;
        if scan.peek() != Some(b'"') || scan.string().is_err() {
            return found;
        }
        let key = &object[key..scan.at];
        // The colon.
        scan.space();
        scan.at += 1;
        scan.space();
        let value = scan.at;
        if scan.value().is_err() {
            return found;
        }
        found.push((key, &object[value..scan.at]));
        // The comma, or the end.
        scan.space();
        scan.at += 1;
    }
}

struct Scan<'a> {
    text: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// The complaint about the character at hand.
    fn bad(&self, what: &str) -> Fault {
        let rest = &self.text[self.at..];
        if rest.is_empty() {
            return Fault { text: "unexpected EOF".to_owned(), offset: None };
        }
        let (c, len) = decode_rune(rest);
        let shown = if c == char::REPLACEMENT_CHARACTER && len == 1 {
            format!("'\\x{:02x}'", rest[0])
        } else {
            String::from_utf8_lossy(&quote_rune(i64::from(u32::from(c)), false)).into_owned()
        };
        Fault { text: format!("invalid character {shown} {what}"), offset: Some(self.at + len) }
    }

    /// One whole value; containers are kept on a list of ours, so that depth costs no stack.
    fn value(&mut self) -> Result<(), Fault> {
        let mut open: Vec<u8> = Vec::new();
        loop {
            if self.opens(&mut open)? {
                continue;
            }
            loop {
                let Some(&close) = open.last() else { return Ok(()) };
                self.space();
                match self.peek() {
                    Some(b) if b == close => {
                        self.at += 1;
                        open.pop();
                    }
                    Some(b',') => {
                        self.at += 1;
                        self.space();
                        if close == b'}' {
                            self.key()?;
                        }
                        break;
                    }
                    _ if close == b'}' => return Err(self.bad("after object key:value pair")),
                    _ => return Err(self.bad("after array element")),
                }
            }
        }
    }

    /// Reads a scalar, or steps into a container; `true` where a value must follow now.
    fn opens(&mut self, open: &mut Vec<u8>) -> Result<bool, Fault> {
        self.space();
        match self.peek() {
            Some(bracket @ (b'{' | b'[')) => {
                self.at += 1;
                if open.len() >= MAX_DEPTH {
                    return Err(Fault { text: "exceeded max depth".to_owned(), offset: Some(self.at) });
                }
                let close = if bracket == b'{' { b'}' } else { b']' };
                self.space();
                if self.peek() == Some(close) {
                    self.at += 1;
                    return Ok(false);
                }
                if bracket == b'{' {
                    self.key()?;
                }
                open.push(close);
                return Ok(true);
            }
            Some(b'"') => self.string()?,
            Some(b't') => self.word("true")?,
            Some(b'f') => self.word("false")?,
            Some(b'n') => self.word("null")?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => return Err(self.bad("looking for beginning of value")),
        }
        Ok(false)
    }

    fn key(&mut self) -> Result<(), Fault> {
        if self.peek() != Some(b'"') {
            return Err(self.bad("looking for beginning of object key string"));
        }
        self.string()?;
        self.space();
        if self.peek() != Some(b':') {
            return Err(self.bad("after object key"));
        }
        self.at += 1;
        Ok(())
    }

    fn word(&mut self, word: &str) -> Result<(), Fault> {
        for expected in word.bytes() {
            if self.peek() != Some(expected) {
                return Err(self.bad(&format!("in literal {word} (expecting '{}')", char::from(expected))));
            }
            self.at += 1;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Fault> {
        if !self.peek().is_some_and(|c| c.is_ascii_digit()) {
            return Err(self.bad("in numeric literal"));
        }
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), Fault> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn string(&mut self) -> Result<(), Fault> {
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                None | Some(0..0x20) => return Err(self.bad("in string")),
                Some(_) => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Result<(), Fault> {
        let rest = &self.text[self.at..];
        let len = if rest.get(1) == Some(&b'u') { 6 } else { 2 };
        let Some(sequence) = rest.get(..len) else {
            self.at = self.text.len();
            return Err(self.bad("in string"));
        };
        let good = match sequence[1] {
            b'u' => sequence[2..].iter().all(u8::is_ascii_hexdigit),
            other => b"\"\\/bfnrt".contains(&other),
        };
        self.at += len;
        if good {
            return Ok(());
        }
        let text = String::from_utf8_lossy(sequence);
        let shown = if can_backquote(sequence) { format!("`{text}`") } else { quote_string(sequence) };
        Err(Fault { text: format!("invalid escape sequence {shown} in string"), offset: Some(self.at) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &[u8]) -> String {
        match value_at(text, 0) {
            Ok(Some((start, end))) => format!("{start}..{end}"),
            Ok(None) => "end".into(),
            Err(Fault { text, offset: Some(at) }) => format!("{at}: {text}"),
            Err(Fault { text, offset: None }) => text,
        }
    }

    // Not observed: what JSON means.
    #[test]
    fn members_in_order() {
        let shown = |text: &[u8]| {
            let show =
                |(k, v): (&[u8], &[u8])| format!("{}={}", String::from_utf8_lossy(k), String::from_utf8_lossy(v));
            members(text).into_iter().map(show).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(shown(b"{}"), "");
        assert_eq!(
            shown(b"{ \"b\" : [1, {\"x\":2}] ,\"a\":\"}\",\"b\":null}"),
            "\"b\"=[1, {\"x\":2}] \"a\"=\"}\" \"b\"=null"
        );
    }

    // Observed with `helm lint` of Helm 4.3.1, each text in a template of its own.
    #[test]
    fn values_and_faults() {
        let cases: &[(&[u8], &str)] = &[
            (b" {\"a\": [1, {}], \"b\": \"\\u00e9\\/\"} x", "1..32"),
            (b"1x", "0..1"),
            (b"{\"a\":\"\xff\"}", "0..9"),
            (b" \n", "end"),
            (b"{\"a\":tru}", "9: invalid character '}' in literal true (expecting 'e')"),
            (b"{\"a\":01}", "7: invalid character '1' after object key:value pair"),
            (b"{\"a\":1.}", "8: invalid character '}' in numeric literal"),
            (b"{\"a\":1e+}", "9: invalid character '}' in numeric literal"),
            (b"{\"a\":-x}", "7: invalid character 'x' in numeric literal"),
            (b"{\"a\":+1}", "6: invalid character '+' looking for beginning of value"),
            (b"{\"a\":[1 2]}", "9: invalid character '2' after array element"),
            (b"{\"a\":[1,]}", "9: invalid character ']' looking for beginning of value"),
            (b"{\"a\":1,}", "8: invalid character '}' looking for beginning of object key string"),
            (b"{{ x }}", "2: invalid character '{' looking for beginning of object key string"),
            (b"{\"a\"}", "5: invalid character '}' after object key"),
            ("{\"a\":\u{20ac}}".as_bytes(), "8: invalid character '\u{20ac}' looking for beginning of value"),
            (b"{\"a\":\xff}", "6: invalid character '\\xff' looking for beginning of value"),
            (b"{\"a\":'x'}", "6: invalid character '\\'' looking for beginning of value"),
            (b"{\"a\":\"\\x\"}", "8: invalid escape sequence `\\x` in string"),
            (b"{\"a\":\"\\u12g4\"}", "12: invalid escape sequence `\\u12g4` in string"),
            (b"{\"a\":\"\\u1\"}\n@", "12: invalid escape sequence \"\\\\u1\\\"}\\n\" in string"),
            (b"{\"a\":\"x\ny\"}", "8: invalid character '\\n' in string"),
            (b"{", "unexpected EOF"),
            (b"{\"a\":1,", "unexpected EOF"),
            (b"{\"a\":tru", "unexpected EOF"),
            (b"{\"a", "unexpected EOF"),
        ];
        for (text, want) in cases {
            assert_eq!(run(text), *want, "{}", String::from_utf8_lossy(text));
        }
        assert_eq!(run("{\"a\":".repeat(12_000).as_bytes()), "50001: exceeded max depth");
    }
}
