//! A document to a value: what is left of it after YAML → JSON → Go's `interface {}`.
//!
//! Three things can fail, in this order whatever their place: decoding (tags, merges, aliases, keys that are
//! collections), turning keys into strings, and writing the numbers that JSON has no form for.

use rhumb_value::{Entry, IntKind, List, Map, OriginId, Str, Value};

use crate::error::Error;
use crate::gosyntax::{First, first_bad_key, go_syntax, key_text};
use crate::node::{Document, NodeId, NodeKind};
use crate::number::go_g;
use crate::resolve::{Scalar, resolve};
use crate::typed::first_unsupported;

/// Go's JSON decoder refuses deeper nesting.
const MAX_DEPTH: usize = 10_000;

type Result<T> = std::result::Result<T, Error>;

/// Every whole number up to this one is a float too.
const EXACT: u64 = 1 << 53;

/// How numbers are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// As JSON has them: floats, and finite.
    Json,
    /// Infinities stay.
    Loose,
    /// The same, and large whole numbers stay whole.
    Exact,
}

/// What is said of a number that JSON has no form for.
pub(crate) fn unsupported(number: f64, place: Option<u32>) -> Error {
    Error::convert(format!("json: unsupported value: {}", go_g(number)), place)
}

/// A collection that is being filled.
struct Frame {
    /// The child being read.
    child: NodeId,
    at: NodeId,
    end: NodeId,
    /// The collection was reached through an alias.
    aliased: bool,
    content: Content,
}

enum Content {
    List { items: Vec<Value>, origins: Vec<OriginId> },
    Map { entries: Vec<Entry>, key: Key },
}

/// The key that waits for its value.
enum Key {
    None,
    Text(Str),
    Merge,
    /// A collection, which is decoded before it is refused: what is wrong inside comes first.
    Collection(NodeId),
}

/// Turns one document into a value; `stamp` gives the origin of the node that a map entry or list item holds.
pub(crate) struct Decoder<'d, 'a, S> {
    doc: &'d Document<'a>,
    stamp: Option<S>,
    /// Without building only the errors are looked for.
    build: bool,
    frames: Vec<Frame>,
    decoded: u64,
    through_alias: u64,
    alias_depth: u32,
    /// The first key that has no text, and why.
    bad_key: Option<(NodeId, String)>,
    numbers: Numbers,
    /// Numbers that JSON has no form for, and where each stands.
    bad_numbers: Vec<(f64, u32)>,
    too_deep: bool,
    /// And something lies in what is too deep.
    full_too_deep: bool,
}

impl<'d, 'a, S: FnMut(NodeId) -> OriginId> Decoder<'d, 'a, S> {
    pub(crate) fn new(doc: &'d Document<'a>, stamp: Option<S>) -> Self {
        Decoder {
            doc,
            stamp,
            build: true,
            frames: Vec::new(),
            decoded: 0,
            through_alias: 0,
            alias_depth: 0,
            bad_key: None,
            numbers: Numbers::Json,
            bad_numbers: Vec::new(),
            too_deep: false,
            full_too_deep: false,
        }
    }

    /// Takes numbers in another way.
    pub(crate) fn with(mut self, numbers: Numbers) -> Self {
        self.numbers = numbers;
        self
    }

    /// Finds the error that [`Decoder::run`] would give, without making the value.
    pub(crate) fn check(mut self) -> Result<()> {
        self.build = false;
        self.run().map(drop)
    }

    pub(crate) fn run(mut self) -> Result<Value> {
        let Some(root) = self.doc.root() else { return Ok(Value::Nil) };
        let mut done = self.enter(root)?;
        while let Some(frame) = self.frames.last_mut() {
            if let Some(value) = done.take() {
                self.add(value)?;
                continue;
            }
            if frame.at < frame.end {
                let id = frame.at;
                frame.child = id;
                frame.at = self.doc.node(id).next;
                done = self.child(id)?;
            } else {
                done = self.leave();
                if self.frames.is_empty() {
                    break;
                }
            }
        }
        self.finish(done.unwrap_or_default())
    }

    fn finish(self, value: Value) -> Result<Value> {
        if let Some((key, start)) = self.bad_key {
            let found = match self.doc.root().map(|root| first_bad_key(self.doc, root)) {
                // What a later key replaced does not count.
                None | Some(First::None) => None,
                Some(First::Found { key, value, why }) => Some((key, value, why)),
                Some(First::Unknown) => Some((key, self.doc.node(key).next, start)),
            };
            if let Some((key, value, why)) = found {
                let shown = match go_syntax(self.doc, self.doc.follow(value)) {
                    nil if nil == "interface {}(nil)" => "<nil>".to_owned(),
                    text => text,
                };
                return Err(Error::convert(format!("{why}, value: {shown}"), Some(self.doc.node(key).start)));
            }
        }
        if !self.bad_numbers.is_empty() {
            if !self.build {
                return Decoder::new(self.doc, None::<S>).run();
            }
            // What a later key replaced does not count.
            if let Some(bad) = first_unsupported(&value) {
                let same = |found: &f64| found.total_cmp(&bad).is_eq() || (found.is_nan() && bad.is_nan());
                let place = self.bad_numbers.iter().find(|(found, _)| same(found)).map(|(_, at)| *at);
                return Err(unsupported(bad, place));
            }
        }
        if self.full_too_deep {
            return Err(Error::convert("exceeded max depth", None));
        }
        if self.too_deep {
            return Err(Error::unmarshal("exceeded max depth", None));
        }
        Ok(value)
    }

    /// The next child of the innermost collection: a key is kept, anything else may be a value.
    fn child(&mut self, id: NodeId) -> Result<Option<Value>> {
        let wants_key = matches!(self.frames.last(), Some(Frame { content: Content::Map { key: Key::None, .. }, .. }));
        if wants_key {
            return self.key(id);
        }
        if matches!(self.frames.last(), Some(Frame { content: Content::Map { key: Key::Merge, .. }, .. })) {
            self.check_merge(id)?;
        }
        self.enter(id)
    }

    /// A scalar's value, or opens a collection.
    fn enter(&mut self, id: NodeId) -> Result<Option<Value>> {
        self.count()?;
        let node = self.doc.node(id);
        match node.kind {
            NodeKind::Alias(target) => {
                self.check_cycle(id, target)?;
                self.alias_depth += 1;
                let value = self.enter(target)?;
                if value.is_some() {
                    self.alias_depth -= 1;
                } else if let Some(frame) = self.frames.last_mut() {
                    frame.aliased = true;
                }
                Ok(value)
            }
            NodeKind::Scalar(_) => Ok(Some(self.scalar(id)?)),
            NodeKind::Sequence | NodeKind::Mapping => {
                let content = if node.kind == NodeKind::Sequence {
                    Content::List { items: Vec::new(), origins: Vec::new() }
                } else {
                    Content::Map { entries: Vec::new(), key: Key::None }
                };
                if self.frames.len() >= MAX_DEPTH {
                    // The rest is still checked for what fails earlier, but no longer built.
                    self.too_deep = true;
                    self.full_too_deep |= node.next > id + 1;
                }
                self.frames.push(Frame { child: id, at: id + 1, end: node.next, aliased: false, content });
                Ok(None)
            }
        }
    }

    fn check_cycle(&self, id: NodeId, target: NodeId) -> Result<()> {
        let node = self.doc.node(target);
        if target < id && id < node.next {
            let name = self.anchor_name(id);
            return Err(Error::convert(format!("yaml: anchor '{name}' value contains itself"), None));
        }
        Ok(())
    }

    fn anchor_name(&self, id: NodeId) -> String {
        String::from_utf8_lossy(&self.doc.node(id).text).into_owned()
    }

    fn scalar(&mut self, id: NodeId) -> Result<Value> {
        let node = self.doc.node(id);
        Ok(match resolve(node).map_err(|text| Error::convert(text, Some(node.start)))? {
            Scalar::Null => Value::Nil,
            Scalar::Bool(b) => Value::Bool(b),
            Scalar::Int(n) if self.numbers == Numbers::Exact && n.unsigned_abs() > EXACT => {
                Value::Int(n, IntKind::Int64)
            }
            // Its bits are kept.
            Scalar::Uint(n) if self.numbers == Numbers::Exact => Value::Int(n as i64, IntKind::Uint64),
            Scalar::Int(n) => Value::Float(n as f64),
            Scalar::Uint(n) => Value::Float(n as f64),
            Scalar::Float(f) => {
                if !f.is_finite() && self.numbers == Numbers::Json {
                    self.bad_numbers.push((f, node.start));
                }
                Value::Float(f)
            }
            Scalar::Str(_) if !self.build => Value::Nil,
            Scalar::Str(text) => Value::Str(json_text(&text)),
            Scalar::Merge => Value::Str(Str::from_static("<<")),
        })
    }

    /// Keeps a key; one that is a collection is opened like a value.
    fn key(&mut self, id: NodeId) -> Result<Option<Value>> {
        let target = self.doc.follow(id);
        let node = self.doc.node(target);
        if !matches!(node.kind, NodeKind::Scalar(_)) {
            if let Some(Frame { content: Content::Map { key: slot, .. }, .. }) = self.frames.last_mut() {
                *slot = Key::Collection(target);
            }
            return self.enter(id);
        }
        let value = resolve(node).map_err(|text| Error::convert(text, Some(node.start)))?;
        let key = if value == Scalar::Merge && target == id {
            Key::Merge
        } else {
            self.count()?;
            match key_text(&value) {
                Ok(_) if !self.build => Key::Text(Str::new()),
                Ok(text) => Key::Text(json_text(&text)),
                Err(start) => {
                    self.bad_key.get_or_insert((id, start));
                    Key::Text(Str::new())
                }
            }
        };
        if let Some(Frame { content: Content::Map { key: slot, .. }, .. }) = self.frames.last_mut() {
            *slot = key;
        }
        Ok(None)
    }

    /// A merge takes a mapping, an alias of one, or a sequence of such.
    fn check_merge(&self, id: NodeId) -> Result<()> {
        let is_map = |n: NodeId| self.doc.node(self.doc.follow(n)).kind == NodeKind::Mapping;
        let node = self.doc.node(id);
        let good = is_map(id) || (node.kind == NodeKind::Sequence && self.doc.children(id).all(is_map));
        if good {
            return Ok(());
        }
        Err(Error::convert("yaml: map merge requires map or sequence of maps as the value", Some(node.start)))
    }

    /// Puts a finished value into the innermost collection.
    fn add(&mut self, value: Value) -> Result<()> {
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        if let Content::Map { key: Key::Collection(id), .. } = frame.content {
            let text = format!("yaml: invalid map key: {}", go_syntax(self.doc, id));
            return Err(Error::convert(text, Some(self.doc.node(id).start)));
        }
        if !self.build {
            if let Content::Map { key, .. } = &mut frame.content {
                *key = Key::None;
            }
            return Ok(());
        }
        match &mut frame.content {
            Content::List { items, origins } => {
                items.push(value);
                if let Some(stamp) = &mut self.stamp {
                    origins.push(stamp(frame.child));
                }
            }
            Content::Map { entries, key } => match std::mem::replace(key, Key::None) {
                Key::Text(key) => {
                    let origin = self.stamp.as_mut().map_or(OriginId::NONE, |stamp| stamp(frame.child));
                    entries.push(Entry { key, value, origin });
                }
                Key::Merge => merge(entries, value),
                Key::None | Key::Collection(_) => {}
            },
        }
        Ok(())
    }

    fn leave(&mut self) -> Option<Value> {
        let deep = self.frames.len() > MAX_DEPTH;
        let frame = self.frames.pop()?;
        if frame.aliased {
            self.alias_depth -= 1;
        }
        if deep || !self.build {
            return Some(Value::Nil);
        }
        Some(match frame.content {
            Content::List { items, origins } => Value::List(List::with_origins(items, origins)),
            Content::Map { entries, .. } => Value::Map(Map::from_entries(entries)),
        })
    }

    /// Counts a decoded node and refuses documents that are made of aliases for the greater part.
    fn count(&mut self) -> Result<()> {
        self.decoded += 1;
        if self.alias_depth > 0 {
            self.through_alias += 1;
        }
        if self.through_alias > 100
            && self.decoded > 1000
            && self.through_alias as f64 / self.decoded as f64 > allowed_share(self.decoded)
        {
            return Err(Error::convert("yaml: document contains excessive aliasing", None));
        }
        Ok(())
    }
}

/// The share of nodes that may come through aliases: 99 % in small documents, falling to 10 % in huge ones.
fn allowed_share(decoded: u64) -> f64 {
    const LOW: f64 = 400_000.0;
    const HIGH: f64 = 4_000_000.0;
    let n = decoded as f64;
    if n <= LOW {
        0.99
    } else if n >= HIGH {
        0.10
    } else {
        0.99 - 0.89 * (n - LOW) / (HIGH - LOW)
    }
}

/// `<<` overrides what was written before it; of several maps the first wins.
fn merge(entries: &mut Vec<Entry>, value: Value) {
    match value {
        Value::Map(m) => entries.extend(m.borrow().iter().cloned()),
        Value::List(l) => {
            for item in l.iter().rev() {
                if let Value::Map(m) = item {
                    entries.extend(m.borrow().iter().cloned());
                }
            }
        }
        _ => {}
    }
}

/// Text after JSON: what is no UTF-8 becomes U+FFFD, byte by byte.
fn json_text(text: &[u8]) -> Str {
    match std::str::from_utf8(text) {
        Ok(_) => Str::from_bytes(text),
        Err(_) => Str::from(crate::text::replace_invalid(text).into_owned()),
    }
}
