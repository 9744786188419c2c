//! Reads TOML. What goes wrong is said in the reference's words.

use rhumb_gostd::strconv::{quote_rune, quote_string};
use rhumb_value::{List, Value};

use super::MAX_DEPTH;
use super::scalar::{float, integer, time};
use super::tree::{Node, Table};

/// The map of a TOML text, or the whole text of the error.
pub(super) fn from_toml(text: &[u8]) -> Result<Value, String> {
    let chars: Vec<char> = match std::str::from_utf8(text) {
        Ok(s) => s.trim_start_matches('\u{feff}').replace("\r\n", "\n").chars().collect(),
        Err(e) => {
            let good = &text[..e.valid_up_to()];
            let line = good.iter().filter(|c| **c == b'\n').count() + 1;
            return Err(format!("toml: line {line}: invalid UTF-8 byte: 0x{:02x}", text[good.len()]));
        }
    };
    let mut r = Reader { chars, at: 0, last: None, context: Vec::new(), root: Table::default(), later: 0 };
    r.document().map_err(|e| r.located(&e))?;
    Ok(r.root.finish())
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    /// The key whose value is being read.
    last: Option<Vec<String>>,
    /// The table of the last header.
    context: Vec<String>,
    root: Table,
    /// Lines that the reference has already counted when it complains.
    later: usize,
}

fn shown(c: Option<char>) -> String {
    String::from_utf8_lossy(&quote_rune(i64::from(u32::from(c.unwrap_or('\0'))), false)).into_owned()
}

type Step<T = ()> = Result<T, String>;

impl Reader {
    fn located(&self, error: &str) -> String {
        let end = self.at.min(self.chars.len());
        let line = self.chars[..end].iter().filter(|c| **c == '\n').count() + 1 + self.later;
        match &self.last {
            Some(key) => format!("toml: line {line} (last key {}): {error}", quote_string(key.join(".").as_bytes())),
            None => format!("toml: line {line}: {error}"),
        }
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn eat(&mut self, c: char) -> bool {
        let there = self.peek() == Some(c);
        self.at += usize::from(there);
        there
    }

    fn starts(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(i, c)| self.chars.get(self.at + i) == Some(&c))
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t')) {
            self.at += 1;
        }
    }

    /// No control character may stand anywhere.
    fn sound(&self) -> Step {
        match self.peek() {
            Some(c) if u32::from(c) < 0x20 && !matches!(c, '\t' | '\n') || c_is_delete(self.peek()) => {
                Err(format!("TOML files cannot contain control characters: '0x{:02x}'", u32::from(c)))
            }
            _ => Ok(()),
        }
    }

    fn comment(&mut self) -> Step {
        if self.peek() == Some('#') {
            while self.peek().is_some_and(|c| c != '\n') {
                self.sound()?;
                self.at += 1;
            }
        }
        Ok(())
    }

    /// Blanks, line ends and comments.
    fn gap(&mut self) -> Step {
        loop {
            self.blanks();
            self.comment()?;
            if !self.eat('\n') {
                return Ok(());
            }
        }
    }

    fn document(&mut self) -> Step {
        loop {
            self.last = None;
            self.gap()?;
            match self.peek() {
                None => return Ok(()),
                Some('[') => self.header()?,
                Some(_) => {
                    let key = self.key('=')?;
                    let whole: Vec<String> = self.context.iter().chain(&key).cloned().collect();
                    self.last = Some(whole.clone());
                    let node = self.value(&whole, 0)?;
                    self.last = Some(whole);
                    self.root.set(&self.context, &key, node)?;
                    self.last = None;
                }
            }
            self.blanks();
            self.comment()?;
            match self.peek() {
                None | Some('\n') => {}
                c => {
                    return Err(format!(
                        "expected a top-level item to end with a newline, comment, or EOF, but got {} instead",
                        shown(c)
                    ));
                }
            }
        }
    }

    fn header(&mut self) -> Step {
        self.at += 1;
        let array = self.eat('[');
        let path = self.key(']')?;
        if array && !self.eat(']') {
            let c = self.peek();
            return Err(format!("expected end of table array name delimiter ']', but got {} instead", shown(c)));
        }
        if array {
            self.root.open_next(&path)?
        } else {
            self.root.open(&path)?
        }
        self.context = path;
        Ok(())
    }

    /// A key of one or more parts up to and with `end`: `=`, or `]` of a header.
    fn key(&mut self, end: char) -> Step<Vec<String>> {
        let mut parts = Vec::new();
        loop {
            self.blanks();
            self.sound()?;
            match self.peek() {
                Some('.') if parts.is_empty() && end == '=' => {
                    return Err("unexpected '.': keys cannot start with a '.'".into());
                }
                Some('=') if parts.is_empty() && end == '=' => {
                    return Err("unexpected '=': key name appears blank".into());
                }
                Some(']') if end == ']' => {
                    return Err("unexpected end of table name (table names cannot be empty)".into());
                }
                Some(c @ ('.' | '=')) => return Err(format!("unexpected '{c}'")),
                _ => {}
            }
            parts.push(self.key_part()?);
            if parts.len() > MAX_DEPTH {
                return Err("nested too deeply".into());
            }
            self.blanks();
            match self.peek() {
                Some('.') => self.at += 1,
                Some(c) if c == end => {
                    self.at += 1;
                    return Ok(parts);
                }
                None if end == '=' => return Err("unexpected EOF; expected key separator '='".into()),
                c if end == '=' => return Err(format!("expected '.' or '=', but got {} instead", shown(c))),
                c => {
                    self.later = usize::from(c == Some('\n'));
                    return Err(format!("expected '.' or ']' to end table name, but got {} instead", shown(c)));
                }
            }
        }
    }

    fn key_part(&mut self) -> Step<String> {
        match self.peek() {
            Some('"') => self.basic(),
            Some('\'') => self.literal(),
            _ => Ok(self.run(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))),
        }
    }

    fn run(&mut self, fits: impl Fn(char) -> bool) -> String {
        let from = self.at;
        while self.peek().is_some_and(&fits) {
            self.at += 1;
        }
        self.chars[from..self.at].iter().collect()
    }

    fn value(&mut self, path: &[String], depth: usize) -> Step<Node> {
        if depth > MAX_DEPTH {
            return Err("nested too deeply".into());
        }
        self.blanks();
        self.sound()?;
        let Some(c) = self.peek() else { return Err("unexpected EOF; expected value".into()) };
        Ok(Node::Leaf(match c {
            '[' => self.array(path, depth)?,
            '{' => return self.table(path, depth).map(Node::Table),
            '"' if self.starts("\"\"\"") => self.multi_line('"')?.into(),
            '"' => self.basic()?.into(),
            '\'' if self.starts("'''") => self.multi_line('\'')?.into(),
            '\'' => self.literal()?.into(),
            '0'..='9' | '+' | '-' => self.number()?,
            '.' => return Err("floats must start with a digit, not '.'".into()),
            c if c.is_alphabetic() => {
                let from = self.at;
                let word = self.run(char::is_alphanumeric);
                match word.as_str() {
                    "true" => true.into(),
                    "false" => false.into(),
                    "inf" => f64::INFINITY.into(),
                    "nan" => f64::NAN.into(),
                    _ => {
                        self.at = from;
                        return Err(format!("expected value but found {} instead", quote_string(word.as_bytes())));
                    }
                }
            }
            c => return Err(format!("expected value but found {} instead", shown(Some(c)))),
        }))
    }

    fn array(&mut self, path: &[String], depth: usize) -> Step<Value> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.gap()?;
            match self.peek() {
                Some(']') => break,
                Some(',') => return Err("unexpected comma".into()),
                None => return Err(ARRAY_END.to_owned() + "end of file"),
                _ => {}
            }
            items.push(match self.value(path, depth + 1)? {
                Node::Leaf(value) => value,
                Node::Table(table) => table.finish(),
                Node::Tables(_) => Value::Nil,
            });
            self.gap()?;
            match self.peek() {
                Some(',') => self.at += 1,
                Some(']') => break,
                None => return Err(ARRAY_END.to_owned() + "end of file"),
                c => return Err(format!("{ARRAY_END}{}", shown(c))),
            }
        }
        self.at += 1;
        Ok(Value::List(List::new(items)))
    }

    fn table(&mut self, path: &[String], depth: usize) -> Step<Table> {
        self.at += 1;
        let mut table = Table::inline();
        loop {
            self.gap()?;
            match self.peek() {
                Some('}') => break,
                Some(',') => return Err("unexpected comma".into()),
                None => return Err(format!("{TABLE_END}end of file instead")),
                _ => {}
            }
            let key = self.key('=')?;
            let whole: Vec<String> = path.iter().chain(&key).cloned().collect();
            self.last = Some(whole.clone());
            let node = self.value(&whole, depth + 1)?;
            self.last = Some(whole);
            table.set(&[], &key, node)?;
            self.gap()?;
            match self.peek() {
                Some(',') => self.at += 1,
                Some('}') => break,
                None => return Err(format!("{TABLE_END}end of file instead")),
                c => return Err(format!("{TABLE_END}{} instead", shown(c))),
            }
        }
        self.at += 1;
        Ok(table)
    }

    fn number(&mut self) -> Step<Value> {
        let from = self.at;
        let signed = self.eat('+') || self.eat('-');
        if signed && !self.peek().is_some_and(|c| c.is_ascii_digit()) {
            let negative = self.chars[from] == '-';
            for (word, value) in [("inf", f64::INFINITY), ("nan", f64::NAN)] {
                if self.starts(word) {
                    self.at += word.len();
                    return Ok(if negative { -value } else { value }.into());
                }
            }
            return Err(format!("expected a digit but got {}", shown(self.peek())));
        }
        for (prefix, what, base) in [("0x", "a hexadecimal", 16), ("0o", "an octal", 8), ("0b", "a binary", 2)] {
            if !signed && self.starts(prefix) {
                self.at += 2;
                let Some(_) = self.peek().and_then(|c| c.to_digit(base)) else {
                    return Err(format!("not {what} number: '{prefix}{}'", self.peek().unwrap_or('\0')));
                };
                let digits = self.run(|c| c.is_digit(base) || c == '_');
                return integer(&format!("{prefix}{digits}"));
            }
        }
        self.run(|c| c.is_ascii_digit() || c == '_');
        match self.peek() {
            Some('-' | ':') if !signed => {
                let moment = |c: char| c.is_ascii_digit() || matches!(c, '-' | ':' | '.' | '+' | 'T' | 't' | 'Z' | 'z');
                self.run(moment);
                // One blank may stand between the date and the time.
                if self.at - from == 10
                    && self.peek() == Some(' ')
                    && self.chars.get(self.at + 1).is_some_and(char::is_ascii_digit)
                {
                    self.at += 1;
                    self.run(moment);
                }
                time(&self.since(from))
            }
            Some('.' | 'e' | 'E') => {
                self.run(|c| c.is_ascii_digit() || matches!(c, '_' | '.' | 'e' | 'E' | '+' | '-'));
                float(&self.since(from))
            }
            _ => integer(&self.since(from)),
        }
    }

    fn since(&self, from: usize) -> String {
        self.chars[from..self.at].iter().collect()
    }

    fn literal(&mut self) -> Step<String> {
        self.at += 1;
        let from = self.at;
        loop {
            self.sound()?;
            match self.peek() {
                None => return Err("unexpected EOF; expected \"'\"".into()),
                Some('\n') => return Err("strings cannot contain newlines".into()),
                Some('\'') => break,
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        Ok(self.chars[from..self.at - 1].iter().collect())
    }

    fn basic(&mut self) -> Step<String> {
        self.at += 1;
        let from = self.at;
        let mut out = String::new();
        loop {
            self.sound()?;
            match self.peek() {
                None => return Err("unexpected EOF; expected '\"'".into()),
                Some('\n') => return Err("strings cannot contain newlines".into()),
                Some('"') => break,
                Some('\\') => out.push(self.escape(from)?),
                Some(c) => {
                    out.push(c);
                    self.at += 1;
                }
            }
        }
        self.at += 1;
        Ok(out)
    }

    fn multi_line(&mut self, mark: char) -> Step<String> {
        let line_starts = self.at;
        self.at += 3;
        self.eat('\n');
        let from = self.at;
        let mut out = String::new();
        let end: String = [mark; 3].iter().collect();
        loop {
            self.sound()?;
            if self.starts(&end) {
                self.at += 3;
                // Up to two marks may stand right before the end.
                for _ in 0..2 {
                    if self.eat(mark) {
                        out.push(mark);
                    }
                }
                return Ok(out);
            }
            match self.peek() {
                None => {
                    self.at = self.at.max(line_starts);
                    let shown = if mark == '"' { "'\"\"\"'" } else { "\"'''\"" };
                    return Err(format!("unexpected EOF; expected {shown}"));
                }
                Some('\\') if mark == '"' => {
                    let back = self.at;
                    self.at += 1;
                    self.blanks();
                    if self.peek() == Some('\n') {
                        self.run(|c| matches!(c, ' ' | '\t' | '\n'));
                    } else {
                        self.at = back;
                        out.push(self.escape(from)?);
                    }
                }
                Some(c) => {
                    out.push(c);
                    self.at += 1;
                }
            }
        }
    }

    /// The character of an escape, at its backslash; `from` is where the string started.
    fn escape(&mut self, from: usize) -> Step<char> {
        self.at += 1;
        let Some(c) = self.peek() else { return Err("unexpected EOF; expected '\"'".into()) };
        self.at += 1;
        let (count, word) = match c {
            'b' => return Ok('\u{8}'),
            't' => return Ok('\t'),
            'n' => return Ok('\n'),
            'f' => return Ok('\u{c}'),
            'r' => return Ok('\r'),
            'e' => return Ok('\u{1b}'),
            '"' | '\\' => return Ok(c),
            'x' => (2, "two"),
            'u' => (4, "four"),
            'U' => (8, "eight"),
            _ => return Err(format!("invalid escape in string '\\{c}'")),
        };
        let mut code = 0;
        for _ in 0..count {
            let digit = self.peek().and_then(|c| c.to_digit(16));
            self.at = (self.at + 1).min(self.chars.len());
            let Some(digit) = digit else {
                let got = quote_string(self.since(from).as_bytes());
                return Err(format!("expected {word} hexadecimal digits after '\\{c}', but got {got} instead"));
            };
            code = code << 4 | digit;
        }
        char::from_u32(code).ok_or_else(|| format!("Escaped character '\\{c}{code:0count$x}' is not valid UTF-8."))
    }
}

fn c_is_delete(c: Option<char>) -> bool {
    c == Some('\u{7f}')
}

const ARRAY_END: &str = "expected a comma (',') or array terminator (']'), but got ";
const TABLE_END: &str = "expected a comma or an inline table terminator '}', but got ";
