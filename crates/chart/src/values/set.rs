//! The language of `--set` and its relatives: `a.b[0].c=value,d={x,y}`.
//!
//! Behaviour, limits and error texts are those the reference shows (Helm calls this `strvals`). A path makes the maps and
//! lists it needs; where one is in the way of another kind of value the reference panics inside and reports Go's text.

use rhumb_value::{Entry, List, Map, OriginId, Step, Str, Value};

use super::json_prefix;
use super::origin::Marks;

/// The greatest list index that a path may name.
const MAX_INDEX: usize = 65_536;

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

/// Applies one argument to `into`. The error is the text after `failed parsing --set data: `.
pub fn set(into: &Map, text: &str, mode: Mode<'_>) -> Result<(), String> {
    set_marked(into, text, mode, Marks::new(None))
}

/// The same, with an origin for everything that is set.
pub(crate) fn set_marked(into: &Map, text: &str, mode: Mode<'_>, marks: Marks<'_>) -> Result<(), String> {
    let mut parser = Parser { text, at: 0, mode, marks, pair: 0 };
    parser.pairs(into)
}

/// Where the reading of an argument fails: the bytes from the start of the `path=value` at fault to the place reached.
#[must_use]
pub fn fault(into: &Map, text: &str, mode: Mode<'_>) -> Option<std::ops::Range<usize>> {
    let mut parser = Parser { text, at: 0, mode, marks: Marks::new(None), pair: 0 };
    parser.pairs(into).err().map(|_| parser.pair..parser.at)
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

struct Parser<'a, 'm> {
    text: &'a str,
    at: usize,
    mode: Mode<'a>,
    marks: Marks<'m>,
    /// Where the `path=value` at hand starts.
    pair: usize,
}

impl Parser<'_, '_> {
    /// All of the argument.
    fn pairs(&mut self, into: &Map) -> Result<(), String> {
        loop {
            self.pair = self.at;
            match self.key(into, 0, OriginId::NONE) {
                Ok(()) => {}
                Err(Stop::End) => return Ok(()),
                Err(Stop::Error(text)) => return Err(text),
            }
        }
    }

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
    fn key(&mut self, data: &Map, level: u32, parent: OriginId) -> Result<(), Stop> {
        let literal = matches!(self.mode, Mode::Literal);
        let (key, stop) = self.until(if literal { &['=', '[', '.'] } else { &['=', '[', ',', '.'] });
        match stop {
            None if key.is_empty() => Err(Stop::End),
            None => Err(Stop::error(format!("key {} has no value", quoted(&key)))),
            Some('[') => self.indexed(data, &key, level, parent),
            Some('=') => {
                let origin = self.open(parent, || Step::key(key.as_str()));
                let (value, stop) = self.value(origin)?;
                self.put(data, &key, value, origin);
                stop.map_or(Ok(()), Err)
            }
            Some('.') => self.nested(data, &key, level, parent),
            Some(_) => Err(Stop::error(format!("key {} has no value (cannot end with ,)", quoted(&key)))),
        }
    }

    fn nested(&mut self, data: &Map, key: &str, level: u32, parent: OriginId) -> Result<(), Stop> {
        let level = deeper(level)?;
        let inner = match data.get(key) {
            None => Map::new(),
            Some(Value::Map(m)) => m,
            Some(other) => return Err(conversion(&other, "map[string]interface {}")),
        };
        let origin = self.open(parent, || Step::key(key));
        let done = self.key(&inner, level, origin);
        self.close(origin);
        if done.is_ok() && inner.is_empty() {
            return Err(Stop::error(format!("key map {} has no value", quoted(key))));
        }
        if !inner.is_empty() {
            self.put(data, key, Value::Map(inner), origin);
        }
        done
    }

    fn indexed(&mut self, data: &Map, key: &str, level: u32, parent: OriginId) -> Result<(), Stop> {
        let index = self.index()?;
        // Taken out of the map, so that a long list is not copied for each element that is set.
        let before = data.remove(key);
        let known = before.as_ref().map_or(OriginId::NONE, |e| e.origin);
        let mut list = match before.map(|e| e.value) {
            None => List::default(),
            Some(Value::List(l)) => l,
            Some(other) => return Err(conversion(&other, "[]interface {}")),
        };
        let origin = self.open(parent, || Step::key(key));
        let done = self.item(&mut list, index, level, origin);
        self.close(origin);
        // A list that was there before stays where it was set; its elements tell what is new.
        self.put(data, key, Value::List(list), if known.is_known() { known } else { origin });
        done
    }

    /// What follows `[i]`.
    fn item(&mut self, list: &mut List, index: i64, level: u32, parent: OriginId) -> Result<(), Stop> {
        let Ok(at) = usize::try_from(index) else {
            return Err(Stop::error(format!("negative {index} index not allowed")));
        };
        let (between, stop) = self.until(&['[', '.', '=']);
        if !between.is_empty() {
            let runes: Vec<String> = between.chars().map(quoted_rune).collect();
            return Err(Stop::error(format!("unexpected data at end of array index: [{}]", runes.join(" "))));
        }
        let origin = self.open(parent, || Step::Index(at));
        match stop {
            None => Err(Stop::End),
            Some('=') => {
                let (value, stop) = self.value(origin)?;
                self.put_at(list, at, value, origin)?;
                // That the text ends here does not stop those around, but for JSON.
                let stop = stop.filter(|_| matches!(self.mode, Mode::Json));
                stop.map_or(Ok(()), Err)
            }
            Some('[') => {
                let next = self.index()?;
                let mut inner = match list.get(at) {
                    None | Some(Value::Nil) => List::default(),
                    Some(Value::List(l)) => l.clone(),
                    Some(other) => return Err(conversion(other, "[]interface {}")),
                };
                self.item(&mut inner, next, level, origin)?;
                self.put_at(list, at, Value::List(inner), origin)
            }
            // Only dots after names count: one after an index is free.
            Some(_) => {
                let inner = match list.get(at) {
                    Some(Value::Map(m)) => m.clone(),
                    _ => Map::new(),
                };
                self.key(&inner, level, origin)?;
                self.put_at(list, at, Value::Map(inner), origin)
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
    fn value(&mut self, origin: OriginId) -> Result<(Value, Option<Stop>), Stop> {
        let start = self.at;
        let value = self.unmarked(origin);
        let end = self.at - usize::from(self.at > start && self.text[..self.at].ends_with(','));
        self.marks.close(origin, start, end);
        value
    }

    fn unmarked(&mut self, origin: OriginId) -> Result<(Value, Option<Stop>), Stop> {
        match self.mode {
            Mode::Json => return self.json(origin),
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
                Ok((self.braced(origin)?, None))
            }
            Some(_) => {
                let (text, _) = self.until(&[',']);
                Ok((self.scalar(&text)?, None))
            }
        }
    }

    /// The rest of `{a,b}`, and a comma after it.
    fn braced(&mut self, parent: OriginId) -> Result<Value, Stop> {
        let (mut items, mut origins) = (Vec::new(), Vec::new());
        loop {
            let start = self.at;
            let (text, stop) = self.until(&[',', '}']);
            match stop {
                None => return Err(Stop::error("list must terminate with '}'")),
                Some(stop) => {
                    if self.marks.is_on() {
                        let origin = self.marks.open(parent, || Step::Index(items.len()), start);
                        self.marks.close(origin, start, self.at - 1);
                        origins.push(origin);
                    }
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
        Ok(Value::List(List::with_origins(items, origins)))
    }

    fn json(&mut self, origin: OriginId) -> Result<(Value, Option<Stop>), Stop> {
        let rest = &self.text[self.at..];
        let spaces = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
        let (value, used) = match rest[spaces..].chars().next() {
            None | Some(',') => (Value::Nil, spaces),
            Some(_) => json_prefix::read_marked(rest, &mut self.marks, origin, self.at).map_err(Stop::Error)?,
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
            Mode::Files(read) => read(text).map(|bytes| Value::Str(Str::from(bytes))).map_err(Stop::Error),
            _ => Ok(Value::str(text)),
        }
    }

    /// A path part without a name sets nothing.
    fn put(&mut self, data: &Map, key: &str, value: Value, mut origin: OriginId) {
        if key.is_empty() {
            return;
        }
        if self.marks.is_on()
            && let Some(before) = data.entry(key)
            && before.origin.is_known()
        {
            match (&before.value, &value) {
                // A table that only got another entry stays where it was set.
                (Value::Map(a), Value::Map(b)) if a.ptr_eq(b) => origin = before.origin,
                _ => self.marks.overrode(origin, before.origin),
            }
        }
        data.insert_entry(Entry { key: key.into(), value, origin });
    }

    fn put_at(&mut self, list: &mut List, at: usize, value: Value, origin: OriginId) -> Result<(), Stop> {
        check_size(at, list.len())?;
        let mut origins = if self.marks.is_on() { list.origins().to_vec() } else { Vec::new() };
        list.edit(|items| {
            if at >= items.len() {
                items.resize(at + 1, Value::Nil);
            }
            items[at] = value;
        });
        if self.marks.is_on() {
            origins.resize(list.len(), OriginId::NONE);
            let before = std::mem::replace(&mut origins[at], origin);
            self.marks.overrode(origin, before);
            list.set_origins(origins);
        }
        Ok(())
    }

    /// A place for a part of the pair at hand.
    fn open(&mut self, parent: OriginId, step: impl FnOnce() -> Step) -> OriginId {
        self.marks.open(parent, step, self.pair)
    }

    /// A table or list that a path goes through spans the whole pair.
    fn close(&mut self, origin: OriginId) {
        let end = self.at - usize::from(self.at > self.pair && self.text[..self.at].ends_with(','));
        self.marks.close(origin, self.pair, end);
    }
}

fn deeper(level: u32) -> Result<u32, Stop> {
    if level < MAX_NESTING {
        return Ok(level + 1);
    }
    Err(Stop::error(format!("value name nested level is greater than maximum supported nested level of {MAX_NESTING}")))
}

/// Only when a value is there to be set is an index found too large. A list that is longer already (from JSON) may be
/// changed anywhere.
fn check_size(at: usize, len: usize) -> Result<(), Stop> {
    if at > MAX_INDEX && at >= len {
        return Err(Stop::error(format!("index of {at} is greater than maximum supported index of {MAX_INDEX}")));
    }
    Ok(())
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

/// Go's `%q`.
pub(crate) fn quoted(text: &str) -> String {
    rhumb_gostd::strconv::quote_string(text.as_bytes())
}

fn quoted_rune(c: char) -> String {
    String::from_utf8(rhumb_gostd::strconv::quote_rune(i64::from(u32::from(c)), false)).unwrap_or_default()
}

#[cfg(test)]
#[path = "set_tests.rs"]
mod tests;
