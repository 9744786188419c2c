//! Values to YAML, byte for byte as Helm's `toYaml` and `toYamlPretty` write it.
//!
//! `toYaml` is `sigs.k8s.io/yaml.Marshal`: JSON first, which is then read as YAML and written by yaml v2. The JSON text
//! is never made here; what it does to numbers and strings is applied to each scalar. `toYamlPretty` is yaml v3 without JSON.

use std::borrow::Cow;
use std::rc::Rc;

use rhumb_value::{Entry, IntKind, List, Map, Str, Value};

use crate::error::Error;
use crate::input::is_allowed;
use crate::number::{go_g, json_then_yaml};
use crate::order;
use crate::scalar_out::{Flavour, Writer};

/// JSON deeper than this cannot be read back by the reference.
const MAX_DEPTH: usize = 10_000;

/// Longer texts are refused: a few lists that hold each other twice make one without end. Go has no limit.
const MOST: usize = if cfg!(test) { 1 << 20 } else { 1 << 30 };

/// Writes a value as `toYaml` does, with the newline at the end that Helm trims.
pub fn to_yaml(value: &Value) -> Result<Vec<u8>, Error> {
    Emitter::new(Flavour::V2).run(value)
}

/// Writes a value as `toYamlPretty` does, with the newline at the end that Helm trims.
pub fn to_yaml_pretty(value: &Value) -> Result<Vec<u8>, Error> {
    Emitter::new(Flavour::V3).run(value)
}

/// A key with fewer bytes fits into 1024 characters of JSON, whatever it is made of.
const SURELY_SIMPLE: usize = 128;

/// Below this a whole number is written with all its digits.
const EXACT: f64 = 1e15;

/// A collection that is being written.
struct Frame {
    indent: usize,
    /// The first entry goes on the line that is already begun.
    inline: bool,
    content: Content,
}

/// The number says how much of a collection has been written.
#[derive(Clone)]
enum Content {
    List(List, usize),
    /// A map whose entries are written as they stand, or in the order of these numbers.
    Ordered(Map, Option<Rc<[u32]>>, usize),
    Map(Rc<[(Str, Value)]>, usize),
}

impl Content {
    /// Notes how much has been written.
    fn written(&mut self, count: usize) {
        match self {
            Content::List(_, at) | Content::Ordered(_, _, at) | Content::Map(_, at) => *at = count,
        }
    }
}

struct Emitter {
    flavour: Flavour,
    out: Writer,
    frames: Vec<Frame>,
}

/// A value as the writer needs it.
enum Shape {
    Scalar,
    Empty(&'static [u8]),
    List(List),
    Ordered(Map, Option<Rc<[u32]>>),
    Map(Vec<(Str, Value)>),
}

impl Emitter {
    fn new(flavour: Flavour) -> Self {
        Emitter { flavour, out: Writer::new(flavour), frames: Vec::new() }
    }

    fn run(mut self, value: &Value) -> Result<Vec<u8>, Error> {
        self.value(value, Place::Root)?;
        while let Some(frame) = self.frames.last_mut() {
            let (indent, inline) = (frame.indent, std::mem::replace(&mut frame.inline, false));
            match frame.content.clone() {
                Content::List(list, from) => self.walk(&list, from, inline, |e, item| {
                    e.out.raw(b"-");
                    e.value(item, Place::Item(indent))
                })?,
                Content::Ordered(map, order, from) => {
                    let entries = map.borrow();
                    let entries = entries.as_slice().unwrap_or_default();
                    match order {
                        None => self.walk(entries, from, inline, |e, x| e.entry(&x.key, &x.value, indent))?,
                        Some(order) => self.walk(&order, from, inline, |e, i| {
                            let x = &entries[*i as usize];
                            e.entry(&x.key, &x.value, indent)
                        })?,
                    }
                }
                Content::Map(entries, from) => {
                    self.walk(&entries, from, inline, |e, (key, item)| e.entry(key, item, indent))?;
                }
            }
        }
        Ok(self.out.finish())
    }

    /// Writes what is left of the collection at hand, up to the first item that is a collection itself: that comes first then.
    fn walk<T>(
        &mut self,
        items: &[T],
        from: usize,
        inline: bool,
        write: impl Fn(&mut Self, &T) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let depth = self.frames.len();
        let indent = self.frames[depth - 1].indent;
        for (at, item) in items.iter().enumerate().skip(from) {
            self.out.begin_line(indent, inline && at == from);
            write(self, item)?;
            if self.frames.len() > depth {
                self.frames[depth - 1].content.written(at + 1);
                return Ok(());
            }
        }
        self.frames.pop();
        Ok(())
    }

    fn entry(&mut self, key: &Str, item: &Value, indent: usize) -> Result<(), Error> {
        if key.len() < SURELY_SIMPLE && self.out.as_it_is(key, false) {
            self.out.raw(b":");
            return self.value(item, Place::Entry(indent));
        }
        // The keys were made valid when they were sorted.
        if self.out.key(std::str::from_utf8(key).unwrap_or_default(), indent) {
            self.out.raw(b":");
            return self.value(item, Place::Entry(indent));
        }
        self.out.newline(indent);
        self.out.raw(b":");
        self.value(item, Place::Item(indent))
    }

    /// Writes what comes after a dash or a colon, or opens a collection.
    fn value(&mut self, value: &Value, place: Place) -> Result<(), Error> {
        if let Value::Str(text) = value
            && self.out.fits(text.len() + 1)
            && self.out.as_it_is(text, place != Place::Root)
        {
            return Ok(());
        }
        let original = value;
        let shown = self.marshalled(original);
        let value = shown.as_ref().unwrap_or(original);
        if let (true, Some(Value::Str(text))) = (self.is_time(original), &shown) {
            self.out.gap(place != Place::Root);
            self.out.raw(text);
            return Ok(());
        }
        match self.shape(value)? {
            Shape::Scalar => {
                self.out.gap(place != Place::Root);
                self.scalar(value, place.indent())
            }
            Shape::Empty(text) => {
                self.out.gap(place != Place::Root);
                self.out.raw(text);
                Ok(())
            }
            Shape::List(list) => {
                let indent = match place {
                    Place::Entry(i) if self.flavour == Flavour::V2 => i,
                    _ => place.indent_of_block(),
                };
                self.open(place, indent, Content::List(list, 0))
            }
            Shape::Ordered(map, order) => self.open(place, place.indent_of_block(), Content::Ordered(map, order, 0)),
            Shape::Map(entries) => self.open(place, place.indent_of_block(), Content::Map(entries.into(), 0)),
        }
    }

    /// What an object shows in its place. Yaml v3 knows texts and times, but not the names of JSON.
    fn marshalled(&self, value: &Value) -> Option<Value> {
        let Value::Object(object) = value else { return None };
        if self.flavour == Flavour::V3 && object.go_type() == "time.Duration" {
            return object.string().map(Value::Str);
        }
        let shown = object.marshal()?;
        match (self.flavour, &shown) {
            (Flavour::V3, Value::Map(_)) => None,
            _ => Some(shown),
        }
    }

    /// Yaml v3 writes a time as a timestamp, without quotes.
    fn is_time(&self, value: &Value) -> bool {
        self.flavour == Flavour::V3 && matches!(value, Value::Object(o) if o.go_type() == "time.Time")
    }

    fn open(&mut self, place: Place, indent: usize, content: Content) -> Result<(), Error> {
        if self.out.len() > MOST {
            return Err(Error::marshal(format!("yaml: text longer than {MOST} bytes")));
        }
        if self.frames.len() >= MAX_DEPTH {
            return Err(Error::marshal("yaml: exceeded max depth of 10000"));
        }
        let inline = matches!(place, Place::Item(_) | Place::Root);
        if matches!(place, Place::Item(_)) {
            self.out.gap(true);
        }
        self.frames.push(Frame { indent, inline, content });
        Ok(())
    }

    fn shape(&self, value: &Value) -> Result<Shape, Error> {
        Ok(match value {
            Value::List(l) if l.is_nil() && self.flavour == Flavour::V2 => Shape::Empty(b"null"),
            Value::Map(m) if m.is_nil() && self.flavour == Flavour::V2 => Shape::Empty(b"null"),
            Value::List(l) if l.is_empty() => Shape::Empty(b"[]"),
            Value::List(l) => Shape::List(l.clone()),
            Value::Map(m) if m.is_empty() => Shape::Empty(b"{}"),
            Value::Map(m) => {
                if let Some(order) = m.borrow().as_slice().and_then(|entries| self.order(entries)) {
                    return Ok(Shape::Ordered(m.clone(), order));
                }
                let entries = m
                    .borrow()
                    .iter()
                    .map(|e| Ok((self.key(&e.key)?, e.value.clone())))
                    .collect::<Result<Vec<_>, _>>()?;
                Shape::Map(order::sort(entries, self.flavour == Flavour::V3, |e| e.0.as_bytes()))
            }
            Value::Object(o) => {
                let fields = if self.flavour == Flavour::V2 { o.json_fields() } else { o.fields() };
                if fields.is_empty() {
                    return Ok(Shape::Empty(b"{}"));
                }
                let v3 = self.flavour == Flavour::V3;
                let name = |n: &str| if v3 { Str::from(n.to_lowercase()) } else { Str::from(n) };
                let entries = fields.into_iter().map(|(n, v)| (name(n), v)).collect();
                Shape::Map(if v3 { entries } else { order::sort(entries, false, |e: &(Str, Value)| e.0.as_bytes()) })
            }
            Value::Bytes(b) if self.flavour == Flavour::V3 => {
                Shape::List(b.iter().map(|n| Value::int(i64::from(*n))).collect())
            }
            _ => Shape::Scalar,
        })
    }

    /// The order of entries that do not stand in it; nothing where JSON would not leave the keys as they are.
    fn order(&self, entries: &[Entry]) -> Option<Option<Rc<[u32]>>> {
        let v3 = self.flavour == Flavour::V3;
        if !entries.iter().all(|e| e.key.len() < SURELY_SIMPLE && e.key.iter().all(|b| matches!(b, b' '..=b'~'))) {
            return None;
        }
        if entries.windows(2).all(|w| order::before_ascii(&w[0].key, &w[1].key, v3)) {
            return Some(None);
        }
        Some(Some(order::sort_ascii(entries.iter().map(|e| e.key.as_bytes()), v3).into()))
    }

    fn scalar(&mut self, value: &Value, indent: usize) -> Result<(), Error> {
        match value {
            Value::Bool(b) => self.out.raw(if *b { b"true" } else { b"false" }),
            Value::Int(n, IntKind::Uint | IntKind::Uint64) => self.out.raw((*n as u64).to_string().as_bytes()),
            Value::Int(n, _) => self.out.raw(n.to_string().as_bytes()),
            Value::Float(f) if self.flavour == Flavour::V2 && f.fract() == 0.0 && f.abs() < EXACT => {
                self.out.raw((*f as i64).to_string().as_bytes());
            }
            Value::Float(f) => {
                let text = self.float(*f)?;
                self.out.raw(text.as_bytes());
            }
            Value::Str(s) => {
                let text = self.text(s)?;
                self.out.string(&text, indent);
            }
            Value::Bytes(b) => self.out.string(&base64(b), indent),
            _ => self.out.raw(b"null"),
        }
        Ok(())
    }

    fn float(&self, f: f64) -> Result<String, Error> {
        Ok(match self.flavour {
            Flavour::V2 if !f.is_finite() => {
                let text = format!("error marshaling into JSON: json: unsupported value: {}", go_g(f));
                return Err(Error::marshal(text));
            }
            Flavour::V2 => json_then_yaml(f),
            Flavour::V3 if f.is_nan() => ".nan".to_owned(),
            Flavour::V3 if f.is_infinite() => if f > 0.0 { ".inf" } else { "-.inf" }.to_owned(),
            Flavour::V3 => go_g(f),
        })
    }

    /// A key as it comes out of JSON, where it must be a simple key: on one line, up to 1024 characters.
    fn key(&self, key: &Str) -> Result<Str, Error> {
        let text = match self.text(key)? {
            Cow::Borrowed(text) if text.len() < SURELY_SIMPLE && text.is_ascii() => return Ok(key.clone()),
            text => text.into_owned(),
        };
        if self.flavour == Flavour::V3 {
            return Ok(Str::from(text));
        }
        let lines = if text.is_ascii() && text.len() == key.len() {
            0
        } else {
            key.to_string_lossy().matches('\u{85}').count()
        };
        match lines {
            0 if json_len(&text) <= 1024 => Ok(Str::from(text)),
            0 => Err(Error::marshal("yaml: did not find expected ',' or '}'")),
            n => Err(Error::marshal(format!("yaml: line {n}: did not find expected ',' or '}}'"))),
        }
    }

    /// A string as it comes out of the JSON that the reference makes and reads.
    fn text<'s>(&self, text: &'s Str) -> Result<Cow<'s, str>, Error> {
        let text = match std::str::from_utf8(text) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => {
                let valid = crate::text::replace_invalid(text);
                Cow::Owned(String::from_utf8_lossy(&valid).into_owned())
            }
        };
        if self.flavour == Flavour::V3 || text.is_ascii() && !text.as_bytes().contains(&0x7F) {
            return Ok(text);
        }
        if text.chars().any(|c| !is_allowed(c) && c >= ' ') {
            return Err(Error::marshal("yaml: control characters are not allowed"));
        }
        Ok(if text.contains('\u{85}') { Cow::Owned(fold_next_lines(&text)) } else { text })
    }
}

/// NEL is a line break in YAML 1.1, so reading the JSON folds it like any other.
fn fold_next_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{85}') {
        out.push_str(rest[..at].trim_end_matches(' '));
        let after = rest[at..].trim_start_matches([' ', '\u{85}']);
        let breaks = rest[at..rest.len() - after.len()].matches('\u{85}').count();
        out.push_str(&if breaks == 1 { " ".to_owned() } else { "\n".repeat(breaks - 1) });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// How many characters a key takes in JSON, quotes included.
fn json_len(key: &str) -> usize {
    if key.len() < SURELY_SIMPLE {
        return 0;
    }
    let width = |c: char| match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\x08' | '\x0C' => 2,
        '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\x1F' => 6,
        _ => 1,
    };
    2 + key.chars().map(width).sum::<usize>()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let n = group.iter().fold(0u32, |n, b| (n << 8) | u32::from(*b)) << (8 * (3 - group.len()));
        for i in 0..4 {
            let digit = DIGITS[(n >> (18 - 6 * i)) as usize & 63];
            out.push(if i > group.len() { '=' } else { char::from(digit) });
        }
    }
    out
}

/// Where a value stands; the number is the indentation of the collection around it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    /// After a dash, or after the colon of a key that has a line of its own.
    Item(usize),
    /// After the colon of a key.
    Entry(usize),
}

impl Place {
    /// The indentation of the further lines of a scalar.
    fn indent(self) -> usize {
        match self {
            Place::Root => 2,
            Place::Item(i) | Place::Entry(i) => i + 2,
        }
    }

    fn indent_of_block(self) -> usize {
        match self {
            Place::Root => 0,
            Place::Item(i) | Place::Entry(i) => i + 2,
        }
    }
}
