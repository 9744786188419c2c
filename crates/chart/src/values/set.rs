//! The language of `--set` and its relatives: `a.b[0].c=value,d={x,y}`.
//!
//! Behaviour, limits and error texts are those the reference shows (Helm calls this `strvals`). A path makes the maps and
//! lists it needs; where one is in the way of another kind of value the reference panics inside and reports Go's text.

use rhumb_value::{Entry, List, Map, OriginId, Str, Value};

use super::json_prefix;

/// The greatest list index that a path may name.
const MAX_INDEX: i64 = 65_536;

/// How many dots a path may have.
const MAX_NESTING: u32 = 30;

/// Which of the flags an argument belongs to: they share the paths and differ in what follows the `=`.
#[derive(Clone, Copy)]
pub enum Mode<'a> {
    /// `--set`: whole numbers, booleans and null are recognised.
    Typed,
    /// `--set-string`: every value is a string.
    Strings,
    /// `--set-literal`: one path, and all the rest is its value.
    Literal,
    /// `--set-json`: every value is JSON.
    Json,
    /// `--set-file`: every value names a file (or an address) whose content counts.
    Files(&'a dyn Fn(&str) -> Result<Vec<u8>, String>),
}

/// Applies one argument to `into`; every entry that it makes gets `origin`. The error is the text after
/// `failed parsing --set data: `.
pub fn set(into: &Map, text: &str, mode: Mode<'_>, origin: OriginId) -> Result<(), String> {
    let mut parser = Parser { text, at: 0, mode, origin };
    loop {
        match parser.key(into, 0) {
            Ok(()) => {}
            Err(Stop::End) => return Ok(()),
            Err(Stop::Error(text)) => return Err(text),
        }
    }
}

/// Why a step did not go on.
enum Stop {
    /// The text is used up, which at most places is no error.
    End,
    /// A real error.
    Error(String),
}

impl Stop {
    fn error(text: impl Into<String>) -> Stop {
        Stop::Error(text.into())
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    mode: Mode<'a>,
    origin: OriginId,
}

impl Parser<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.text[self.at..].chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Reads up to one of the stops, which is taken too. A backslash takes the next character as it is, but not in
    /// literal mode.
    fn until(&mut self, stops: &[char]) -> (String, Option<char>) {
        let mut read = String::new();
        while let Some(c) = self.next() {
            if stops.contains(&c) {
                return (read, Some(c));
            }
            if c == '\\' && !matches!(self.mode, Mode::Literal) {
                match self.next() {
                    Some(c) => read.push(c),
                    None => return (read, None),
                }
            } else {
                read.push(c);
            }
        }
        (read, None)
    }

    /// One `path=value`, from where the reading stands, into `data`.
    fn key(&mut self, data: &Map, level: u32) -> Result<(), Stop> {
        let literal = matches!(self.mode, Mode::Literal);
        let (key, stop) = self.until(if literal { &['=', '[', '.'] } else { &['=', '[', ',', '.'] });
        match stop {
            None if key.is_empty() => Err(Stop::End),
            None => Err(Stop::error(format!("key {} has no value", quoted(&key)))),
            Some('[') => self.indexed(data, &key, level),
            Some('=') => {
                let (value, stop) = self.value()?;
                self.put(data, &key, value);
                stop.map_or(Ok(()), Err)
            }
            Some('.') => self.nested(data, &key, level),
            Some(_) => Err(Stop::error(format!("key {} has no value (cannot end with ,)", quoted(&key)))),
        }
    }

    fn nested(&mut self, data: &Map, key: &str, level: u32) -> Result<(), Stop> {
        let level = deeper(level)?;
        let inner = match data.get(key) {
            None => Map::new(),
            Some(Value::Map(m)) => m,
            Some(other) => return Err(conversion(&other, "map[string]interface {}")),
        };
        let done = self.key(&inner, level);
        if done.is_ok() && inner.is_empty() {
            return Err(Stop::error(format!("key map {} has no value", quoted(key))));
        }
        if !inner.is_empty() {
            self.put(data, key, Value::Map(inner));
        }
        done
    }

    fn indexed(&mut self, data: &Map, key: &str, level: u32) -> Result<(), Stop> {
        let index = self.index()?;
        // Taken out of the map, so that a long list is not copied for each element that is set.
        let mut list = match data.remove(key).map(|e| e.value) {
            None => List::default(),
            Some(Value::List(l)) => l,
            Some(other) => return Err(conversion(&other, "[]interface {}")),
        };
        let done = self.item(&mut list, index, level);
        self.put(data, key, Value::List(list));
        done
    }

    /// What follows `[i]`.
    fn item(&mut self, list: &mut List, index: i64, level: u32) -> Result<(), Stop> {
        let at = checked_index(index, list.len())?;
        let (between, stop) = self.until(&['[', '.', '=']);
        if !between.is_empty() {
            let runes: Vec<String> = between.chars().map(quoted_rune).collect();
            return Err(Stop::error(format!("unexpected data at end of array index: [{}]", runes.join(" "))));
        }
        match stop {
            None => Err(Stop::End),
            Some('=') => {
                let (value, stop) = self.value()?;
                put_at(list, at, value);
                stop.map_or(Ok(()), Err)
            }
            Some('[') => {
                let next = self.index()?;
                let mut inner = match list.get(at) {
                    None | Some(Value::Nil) => List::default(),
                    Some(Value::List(l)) => l.clone(),
                    Some(other) => return Err(conversion(other, "[]interface {}")),
                };
                self.item(&mut inner, next, level)?;
                put_at(list, at, Value::List(inner));
                Ok(())
            }
            Some(_) => {
                let level = deeper(level)?;
                let inner = match list.get(at) {
                    Some(Value::Map(m)) => m.clone(),
                    _ => Map::new(),
                };
                self.key(&inner, level)?;
                put_at(list, at, Value::Map(inner));
                Ok(())
            }
        }
    }

    /// The number up to `]`. A text that ends before it sets nothing, without an error.
    fn index(&mut self) -> Result<i64, Stop> {
        let (digits, stop) = self.until(&[']']);
        if stop.is_none() {
            return Err(Stop::End);
        }
        atoi(&digits).map_err(|why| {
            Stop::error(format!("error parsing index: strconv.Atoi: parsing {}: {why}", quoted(&digits)))
        })
    }

    /// What follows `=`, and whether the text ended with nothing there.
    fn value(&mut self) -> Result<(Value, Option<Stop>), Stop> {
        match self.mode {
            Mode::Json => return self.json(),
            Mode::Literal => {
                let rest = &self.text[self.at..];
                self.at = self.text.len();
                return Ok((Value::str(rest), None));
            }
            _ => {}
        }
        match self.text[self.at..].chars().next() {
            None => Ok((Value::str(""), Some(Stop::End))),
            Some('{') => {
                self.at += 1;
                Ok((self.braced()?, None))
            }
            Some(_) => {
                let (text, _) = self.until(&[',']);
                Ok((self.scalar(&text)?, None))
            }
        }
    }

    /// The rest of `{a,b}`, and a comma after it.
    fn braced(&mut self) -> Result<Value, Stop> {
        let mut items = Vec::new();
        loop {
            let (text, stop) = self.until(&[',', '}']);
            match stop {
                None => return Err(Stop::error("list must terminate with '}'")),
                Some(stop) => {
                    items.push(self.scalar(&text)?);
                    if stop == '}' {
                        break;
                    }
                }
            }
        }
        if self.text[self.at..].starts_with(',') {
            self.at += 1;
        }
        Ok(Value::from(items))
    }

    fn json(&mut self) -> Result<(Value, Option<Stop>), Stop> {
        let rest = &self.text[self.at..];
        let spaces = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
        let (value, used) = match rest[spaces..].chars().next() {
            None | Some(',') => (Value::Nil, spaces),
            Some(_) => json_prefix::read(rest, self.origin).map_err(Stop::Error)?,
        };
        self.at += used;
        let rest = &self.text[self.at..];
        let after = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        self.at += rest.len() - after.len() + usize::from(after.starts_with(','));
        Ok((value, None))
    }

    fn scalar(&self, text: &str) -> Result<Value, Stop> {
        match self.mode {
            Mode::Typed => Ok(typed(text)),
            Mode::Files(read) if !text.is_empty() => {
                read(text).map(|bytes| Value::Str(Str::from(bytes))).map_err(Stop::Error)
            }
            _ => Ok(Value::str(text)),
        }
    }

    /// A path part without a name sets nothing.
    fn put(&self, data: &Map, key: &str, value: Value) {
        if !key.is_empty() {
            data.insert_entry(Entry { key: key.into(), value, origin: self.origin });
        }
    }
}

fn deeper(level: u32) -> Result<u32, Stop> {
    if level < MAX_NESTING {
        return Ok(level + 1);
    }
    Err(Stop::error(format!("value name nested level is greater than maximum supported nested level of {MAX_NESTING}")))
}

fn checked_index(index: i64, len: usize) -> Result<usize, Stop> {
    match usize::try_from(index) {
        Err(_) => Err(Stop::error(format!("negative {index} index not allowed"))),
        // A list that is longer already (from JSON) may be changed anywhere.
        Ok(at) if index > MAX_INDEX && at >= len => {
            Err(Stop::error(format!("index of {index} is greater than maximum supported index of {MAX_INDEX}")))
        }
        Ok(at) => Ok(at),
    }
}

fn put_at(list: &mut List, at: usize, value: Value) {
    let items = list.make_mut();
    if at >= items.len() {
        items.resize(at + 1, Value::Nil);
    }
    items[at] = value;
}

/// What Go's runtime says when a value is of another kind than the path needs.
fn conversion(found: &Value, wanted: &str) -> Stop {
    let found = if found.is_nil() { "nil" } else { found.type_name() };
    Stop::error(format!("unable to parse key: interface conversion: interface {{}} is {found}, not {wanted}"))
}

/// A word as `--set` types it: `null`, booleans in any case, and whole decimal numbers without leading zeros.
fn typed(text: &str) -> Value {
    if text.eq_ignore_ascii_case("true") {
        return Value::Bool(true);
    }
    if text.eq_ignore_ascii_case("false") {
        return Value::Bool(false);
    }
    if text.eq_ignore_ascii_case("null") {
        return Value::Nil;
    }
    match text {
        "0" => Value::int64(0),
        _ if text.starts_with('0') => Value::str(text),
        _ => atoi(text).map_or_else(|_| Value::str(text), Value::int64),
    }
}

/// Go's decimal integers: an optional sign and digits.
fn atoi(text: &str) -> Result<i64, &'static str> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err("invalid syntax");
    }
    text.parse().map_err(|_| "value out of range")
}

/// Go's `%q`, as far as a path part needs it.
pub(crate) fn quoted(text: &str) -> String {
    let inner: String = text.chars().map(|c| escaped(c, '"')).collect();
    format!("\"{inner}\"")
}

fn quoted_rune(c: char) -> String {
    format!("'{}'", escaped(c, '\''))
}

fn escaped(c: char, quote: char) -> String {
    match c {
        '\\' => "\\\\".into(),
        '\n' => "\\n".into(),
        '\t' => "\\t".into(),
        '\r' => "\\r".into(),
        c if c == quote => format!("\\{c}"),
        c if (c as u32) < 0x20 || c as u32 == 0x7f => format!("\\x{:02x}", c as u32),
        c => c.into(),
    }
}

#[cfg(test)]
#[path = "set_tests.rs"]
mod tests;
