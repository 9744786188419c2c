//! Values that go into maps and lists by way of functions: their entries learn where the values came from.
//!
//! A function gets values and gives a value; which argument an entry of its result came from is found by looking: the
//! same map, list or text. `dict`, `list` and `set` are known by name, so that equal values do not confuse.

use rhumb_value::{Entry, List, ListKind, Map, OriginId, Str, Value};

use super::record::Used;
use super::{Baggage, Trace};

/// At most so many entries of a result are looked at.
const MOST: usize = 2000;

/// Maps are compared down to here.
const DEEPEST: usize = 50;

impl Trace {
    /// The arguments of a call will be computed now.
    pub(crate) fn call_start(&mut self) {
        let used = self.used();
        self.state.calls.push(vec![used]);
    }

    /// One argument is there.
    pub(crate) fn argument_done(&mut self) {
        let used = self.used();
        if let Some(call) = self.state.calls.last_mut() {
            call.push(used);
        }
    }

    fn argument_range(&self, i: usize) -> Option<(Used, Used)> {
        let marks = self.state.calls.last()?;
        match marks.get(i + 1) {
            Some(end) => Some((marks[i], *end)),
            // What was piped in was computed before.
            None => Some((self.pipe(), marks[0])),
        }
    }

    /// What an argument of the call at hand brings along.
    pub(super) fn argument(&self, i: usize) -> Baggage {
        self.argument_range(i).map_or_else(Baggage::default, |(from, to)| self.between(from, to))
    }

    /// All arguments are there; gives what [`Trace::call_end`] wants back.
    pub(crate) fn call(&mut self, name: &str, args: &[Value]) -> (OriginId, usize) {
        let replaced = match (name, args) {
            ("set", [Value::Map(m), Value::Str(key), ..]) => m.entry(key).map_or(OriginId::NONE, |e| e.origin),
            _ => OriginId::NONE,
        };
        self.state.last_argument = args.len().saturating_sub(1);
        (replaced, self.frames.len())
    }

    /// The function has given its result.
    pub(crate) fn call_end(&mut self, name: &str, args: &[Value], result: &mut Value, start: (OriginId, usize)) {
        let ran_templates = self.frames.len() > start.1;
        match result {
            Value::Map(m) => self.adopt_map(name, args, m, start.0),
            Value::List(l) => self.adopt_list(name, args, l),
            Value::Str(_) if !ran_templates => self.note_arguments(args),
            _ => {}
        }
        self.read_inside(name, args, result);
    }

    /// Nothing of the call is at work any more.
    pub(crate) fn call_over(&mut self) {
        self.state.calls.pop();
    }

    /// Tables that become text: a line of the text may come from any of their entries.
    fn note_arguments(&mut self, args: &[Value]) {
        for arg in args {
            let is_table = match arg {
                Value::Map(m) => !m.is_empty() && m.kind().type_name().starts_with("map["),
                Value::List(l) => !l.is_empty(),
                _ => false,
            };
            if is_table {
                let read = self.note_read(OriginId::NONE, [].into(), arg, true);
                self.tape.push(read);
            }
        }
    }

    fn adopt_map(&mut self, name: &str, args: &[Value], map: &Map, replaced: OriginId) {
        if let ("set", [_, Value::Str(key), _]) = (name, args) {
            let origin = self.derive_argument(2, replaced);
            set_origin(map, key, origin);
            return;
        }
        let was_there = args.iter().any(|a| matches!(a, Value::Map(m) if m.ptr_eq(map)));
        if was_there || !map.is_unshared() {
            return;
        }
        // What went through text and back is compared with what was read for it.
        if !args.iter().any(|a| matches!(a, Value::Map(_) | Value::List(_))) {
            for number in (0..args.len()).flat_map(|i| self.argument(i).reads.to_vec()) {
                if let Some(Value::Map(read)) = self.reads.get(number as usize).map(|r| &r.value) {
                    imprint(map, read, 0);
                }
            }
        }
        let mut all = None;
        for entry in map.snapshot().into_iter().filter(|e| !e.origin.is_known()).take(MOST) {
            let by_name = || args.iter().step_by(2).rposition(|a| a.as_str() == Some(&entry.key)).map(|i| 2 * i + 1);
            let origin = match name {
                "dict" => by_name().map_or(OriginId::NONE, |i| self.derive_argument(i, OriginId::NONE)),
                _ => self.origin_of(args, Some(&entry.key), &entry.value, &mut all),
            };
            set_origin(map, &entry.key, origin);
        }
    }

    fn adopt_list(&mut self, name: &str, args: &[Value], list: &mut List) {
        if !list.is_unshared()
            || !list.origins().is_empty()
            || !matches!(list.kind(), ListKind::Any | ListKind::Strings)
        {
            return;
        }
        let mut all = None;
        let items: Vec<Value> = list.to_vec();
        let origins: Vec<OriginId> = items
            .iter()
            .take(MOST)
            .enumerate()
            .map(|(i, item)| match name {
                "list" | "tuple" => self.derive_argument(i, OriginId::NONE),
                _ => self.origin_of(args, None, item, &mut all),
            })
            .collect();
        if origins.iter().any(|o| o.is_known()) {
            list.set_origins(origins);
        }
    }

    fn derive_argument(&mut self, i: usize, replaced: OriginId) -> OriginId {
        let baggage = self.argument(i);
        if baggage.is_empty() && !replaced.is_known() {
            return OriginId::NONE;
        }
        // One value as it was set needs no middleman.
        if let ([only], []) = (&*baggage.reads, &*baggage.captured)
            && !replaced.is_known()
            && let Some(read) = self.reads.get(*only as usize)
            && read.rest.is_empty()
            && !read.is_argument
            && read.origin.is_known()
        {
            return read.origin;
        }
        self.derive(baggage, replaced)
    }

    /// Where an element of a result came from. `all` keeps the origin of what came from anywhere in the arguments.
    fn origin_of(&mut self, args: &[Value], key: Option<&Str>, value: &Value, all: &mut Option<OriginId>) -> OriginId {
        for arg in args {
            let found = match (arg, key) {
                (Value::Map(m), Some(key)) => m.entry(key).filter(|e| same(&e.value, value)).map(|e| e.origin),
                (Value::Map(m), None) => m.borrow().iter().find(|e| same(&e.value, value)).map(|e| e.origin),
                (Value::List(l), _) => l.iter().position(|item| same(item, value)).map(|i| l.origin(i)),
                _ => None,
            };
            if let Some(origin) = found.filter(|o| o.is_known()) {
                return origin;
            }
        }
        if let Some(i) = (0..args.len()).find(|i| same(&args[*i], value)) {
            return self.derive_argument(i, OriginId::NONE);
        }
        *all.get_or_insert_with(|| {
            let mut reads: Vec<u32> = Vec::new();
            let mut captured = Vec::new();
            for i in 0..args.len() {
                let baggage = self.argument(i);
                reads.extend_from_slice(&baggage.reads);
                captured.extend(baggage.captured.iter().cloned());
            }
            let baggage = Baggage { reads: reads.into(), captured: captured.into() };
            if baggage.is_empty() { OriginId::NONE } else { self.derive(baggage, OriginId::NONE) }
        })
    }

    /// Functions that take one value out of a table read that value.
    fn read_inside(&mut self, name: &str, args: &[Value], result: &Value) {
        let (table, keys) = match (name, args) {
            ("index" | "get", [table, keys @ ..]) => (table, keys),
            ("dig", [keys @ .., _, table]) => (table, keys),
            ("first" | "last", [Value::List(l)]) => {
                let at = if name == "first" { 0 } else { l.len().saturating_sub(1) };
                self.read(l.origin(at), &[], result, false);
                return;
            }
            _ => return,
        };
        let (mut at, mut origin, mut rest) = (table.clone(), OriginId::NONE, Vec::new());
        for key in keys {
            let (next, found) = match (&at, key) {
                (Value::Map(m), Value::Str(key)) => {
                    let entry = m.entry(key);
                    (entry.as_ref().map(|e| e.value.clone()), entry.map_or(OriginId::NONE, |e| e.origin))
                }
                (Value::List(l), Value::Int(i, _)) => {
                    let i = usize::try_from(*i).unwrap_or(usize::MAX);
                    (l.get(i).cloned(), l.origin(i))
                }
                _ => (None, OriginId::NONE),
            };
            if found.is_known() {
                origin = found;
                rest.clear();
            } else if let Value::Str(key) = key {
                rest.push(key.clone());
            }
            at = next.unwrap_or_default();
        }
        self.read(origin, &rest, result, false);
    }
}

/// Gives the entries of a new map the origins of equal entries at the same keys of another.
fn imprint(map: &Map, from: &Map, depth: usize) {
    if depth > DEEPEST || map.ptr_eq(from) {
        return;
    }
    for entry in map.snapshot().into_iter().filter(|e| !e.origin.is_known()).take(MOST) {
        let Some(source) = from.entry(&entry.key) else { continue };
        match (&entry.value, &source.value) {
            (Value::Map(a), Value::Map(b)) => imprint(a, b, depth + 1),
            (a, b) if !a.deep_equal(b) => continue,
            _ => {}
        }
        set_origin(map, &entry.key, source.origin);
    }
}

fn set_origin(map: &Map, key: &Str, origin: OriginId) {
    if origin.is_known()
        && let Some(entry) = map.entry(key)
    {
        map.insert_entry(Entry { origin, ..entry });
    }
}

/// Whether two values are one: the same map or list, or an equal scalar.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Map(a), Value::Map(b)) => a.ptr_eq(b),
        (Value::List(a), Value::List(b)) => a.ptr_eq(b),
        (Value::Map(_) | Value::List(_) | Value::Object(_), _) | (_, Value::Map(_) | Value::List(_)) => false,
        (a, b) => a.deep_equal(b),
    }
}
