//! What was read: from the trace's notes to paths, settings and values; and which leaf of a table that was printed as a
//! whole became the field that is asked for.

use rhumb_chart::values::origin::SourceKind;
use rhumb_template::trace::Read;
use rhumb_value::{OriginId, Path, Step, Str, Value};

use super::settings::{Setting, in_short};
use super::{Explained, Place};

/// One reading of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What a template of the root chart would write: `.Values.image.tag`.
    pub path: String,
    /// The value as short JSON; nothing where it is not set.
    pub value: Option<String>,
    /// Where it was set, if anywhere.
    pub set: Option<Setting>,
    /// What that won over, the strongest first.
    pub overrode: Vec<Setting>,
    /// The null that took a default away.
    pub deleted: Option<Setting>,
    /// The template place that put the value there in place of what was set.
    pub changed_at: Option<Place>,
}

/// The field that is asked for: where it stands in its document.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) path: &'a Path,
    pub(super) document: &'a Value,
}

/// A reading on its way: the path for comparing, and the origin.
struct Resolved<'t> {
    read: &'t Read,
    origin: OriginId,
    rest: Vec<Str>,
    value: Value,
}

impl Explained {
    /// The readings of a piece in the light of the field that is asked for.
    pub(super) fn readings(&self, reads: &[&Read], wanted: Option<Wanted<'_>>) -> Vec<Reading> {
        let mut plain: Vec<Resolved<'_>> = Vec::new();
        let mut exact: Vec<Resolved<'_>> = Vec::new();
        for read in reads {
            let found = wanted.and_then(|w| self.leaf(read, w, 0));
            match found {
                Some(found) if read.is_argument => exact.extend(found),
                Some(found) => plain.extend(found),
                None if read.is_argument => {}
                None => plain.push(as_read(read)),
            }
        }
        // What a function was handed in the end says more than what it was made of.
        let chosen = if exact.iter().any(|r| r.origin.is_known()) { exact } else { plain };
        let mut found: Vec<(Option<Path>, Reading)> = Vec::new();
        for r in &chosen {
            let Some((path, reading)) = self.reading(r) else { continue };
            if !found.iter().any(|(_, known)| *known == reading) {
                found.push((path, reading));
            }
        }
        // What a template put in place of a setting is told with the setting.
        let changed: Vec<String> =
            found.iter().filter(|(_, r)| r.changed_at.is_some()).map(|(_, r)| r.path.clone()).collect();
        found.retain(|(_, r)| r.changed_at.is_some() || !changed.contains(&r.path));
        let paths: Vec<Path> = found.iter().filter_map(|(p, _)| p.clone()).collect();
        let inner = |p: &Path| paths.iter().any(|q| q.0.len() > p.0.len() && q.0.starts_with(&p.0));
        found.retain(|(path, reading)| path.as_ref().is_none_or(|p| !inner(p)) || reading.value.is_none());
        found.into_iter().map(|(_, reading)| reading).collect()
    }

    /// The leaf of what was read as a whole that the wanted field shows.
    fn leaf<'t>(&'t self, read: &'t Read, wanted: Wanted<'_>, depth: u32) -> Option<Vec<Resolved<'t>>> {
        if depth > 8 || !matches!(read.value, Value::Map(_) | Value::List(_)) {
            return None;
        }
        let steps = &wanted.path.0;
        (0..steps.len()).find_map(|from| {
            let (origin, rest, value) = walk(&read.value, read.origin, wanted, from)?;
            let Some(derived) = self.trace.derived(origin) else {
                return Some(vec![Resolved { read, origin, rest, value }]);
            };
            // A template put it there: what it was made of is the answer.
            let inner = self.trace.derived_reads(derived);
            let mut found = Vec::new();
            for r in inner {
                match self.leaf(r, wanted, depth + 1) {
                    Some(deeper) => found.extend(deeper),
                    None if !r.is_argument => found.push(as_read(r)),
                    None => {}
                }
            }
            Some(found)
        })
    }

    /// The path below the root's `.Values` that was read.
    pub(super) fn value_path(&self, read: &Read) -> Option<Path> {
        self.path_of(&as_read(read))
    }

    fn path_of(&self, r: &Resolved<'_>) -> Option<Path> {
        let template = self.template_of(r.read.frame);
        let origin = self.trace.derived(r.origin).map_or(r.origin, |d| d.replaced);
        // What was found inside a table is not at the end of the chain.
        let is_inside = origin != r.read.origin && self.trace.derived(r.origin).is_none();
        let names = if is_inside { &[][..] } else { &r.read.names[..r.read.names.len().saturating_sub(r.rest.len())] };
        let mut path = match self.sections.get(&origin) {
            Some(section) => section.clone(),
            None => match self.seen_path(origin, &template, names) {
                Some(path) => path,
                None => {
                    let file = self.origins.span(origin)?.file;
                    if matches!(self.origins.kind(file), SourceKind::BuiltIn | SourceKind::Definition(_)) {
                        return None;
                    }
                    self.origins.path(origin)
                }
            },
        };
        path.0.extend(r.rest.iter().map(|k| Step::Key(k.clone())));
        Some(path)
    }

    fn reading(&self, r: &Resolved<'_>) -> Option<(Option<Path>, Reading)> {
        if !r.origin.is_known() {
            return None;
        }
        let derived = self.trace.derived(r.origin);
        let origin = derived.map_or(r.origin, |d| d.replaced);
        let values = self.path_of(r);
        // The whole of `.Values` handed on is no reading that helps.
        if self.sections.contains_key(&origin) && r.rest.is_empty() {
            return None;
        }
        let is_missing = r.value.is_nil() && !r.rest.is_empty();
        let deleted = match (&values, r.value.is_nil()) {
            (Some(path), true) => self.deletion(path),
            _ => None,
        };
        let set = if is_missing || self.sections.contains_key(&origin) { None } else { self.setting(origin) };
        let mut overrode = deleted
            .or(set.is_some().then_some(origin))
            .map_or_else(Vec::new, |o| self.overrode_for(o, &self.template_of(r.read.frame)));
        let set = match derived {
            Some(_) => {
                overrode.splice(0..0, set);
                None
            }
            None => set,
        };
        let reading = Reading {
            path: self.shown_path(&values, origin, &r.rest),
            value: if is_missing { None } else { Some(short_json(&r.value)) },
            set,
            overrode,
            deleted: deleted.and_then(|o| self.setting(o)),
            changed_at: derived.and_then(|d| self.place(d.frame, d.offset)),
        };
        Some((values, reading))
    }

    fn shown_path(&self, values: &Option<Path>, origin: OriginId, rest: &[Str]) -> String {
        if let Some(path) = values {
            return format!(".Values.{path}");
        }
        let mut path = self.origins.path(origin);
        let file = self.origins.span(origin).map(|s| s.file);
        if file.is_some_and(|f| matches!(self.origins.kind(f), SourceKind::Definition(_))) {
            if let Some(Step::Key(first)) = path.0.first_mut() {
                *first = Str::from(field_of(&first.to_string_lossy()));
            }
            path.0.insert(0, Step::key("Chart"));
        }
        path.0.extend(rest.iter().map(|k| Step::Key(k.clone())));
        format!(".{path}")
    }
}

fn as_read(read: &Read) -> Resolved<'_> {
    Resolved { read, origin: read.origin, rest: read.rest.to_vec(), value: read.value.clone() }
}

/// Follows the wanted path from one of its steps on inside a table; gives the origin of the leaf when it is the wanted
/// one.
fn walk(table: &Value, origin: OriginId, wanted: Wanted<'_>, from: usize) -> Option<(OriginId, Vec<Str>, Value)> {
    let (mut at, mut origin, mut rest) = (table.clone(), origin, Vec::new());
    for (i, step) in wanted.path.0.iter().enumerate().skip(from) {
        let (next, found) = match (step, &at) {
            (Step::Key(key), Value::Map(m)) => {
                let entry = m.entry(key)?;
                if entry.origin.is_known() {
                    rest.clear();
                } else {
                    rest.push(key.clone());
                }
                (entry.value, entry.origin)
            }
            (Step::Index(_), Value::List(l)) => {
                let shown = Path(wanted.path.0[..=i].to_vec()).find(wanted.document)?;
                let same = |item: &Value| alike(item, &shown, 0);
                let at = l.iter().position(same).or(is_index(step, l.len()))?;
                (l.get(at)?.clone(), l.origin(at))
            }
            _ => return None,
        };
        if found.is_known() {
            origin = found;
        }
        at = next;
    }
    let shown = wanted.path.find(wanted.document)?;
    let is_template = |v: &Value| matches!(v, Value::Str(s) if memchr::memmem::find(s, b"{{").is_some());
    (alike(&at, &shown, 0) || is_template(&at)).then_some((origin, rest, at))
}

fn is_index(step: &Step, len: usize) -> Option<usize> {
    match step {
        Step::Index(i) if *i < len => Some(*i),
        _ => None,
    }
}

/// Equal but for the types of numbers, which a way through text does not keep.
fn alike(a: &Value, b: &Value, depth: u32) -> bool {
    let number = |v: &Value| match v {
        Value::Int(n, _) => Some(*n as f64),
        Value::Float(f) => Some(*f),
        _ => None,
    };
    match (a, b) {
        _ if depth > 50 => false,
        (Value::Map(a), Value::Map(b)) => {
            let (a, b) = (a.borrow(), b.borrow());
            a.len() == b.len()
                && a.iter().zip(b.iter()).all(|(x, y)| x.key == y.key && alike(&x.value, &y.value, depth + 1))
        }
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(x, y)| alike(x, y, depth + 1))
        }
        (Value::Str(a), Value::Str(b)) => a.trim_ascii_end() == b.trim_ascii_end(),
        _ => match (number(a), number(b)) {
            (Some(a), Some(b)) => a == b,
            _ => a.deep_equal(b),
        },
    }
}

/// The field of `.Chart` of a key in `Chart.yaml`.
fn field_of(key: &str) -> String {
    if key == "apiVersion" {
        return "APIVersion".to_owned();
    }
    let mut chars = key.chars();
    chars.next().map(|c| c.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}

/// A value as JSON on one short line.
pub(super) fn short_json(value: &Value) -> String {
    match value {
        Value::Map(m) if m.is_empty() => "{}".to_owned(),
        Value::Map(m) => {
            let keys: Vec<String> = m.keys().iter().take(6).map(|k| k.to_string_lossy().into_owned()).collect();
            let more = if m.len() > 6 { ", ..." } else { "" };
            format!("{{{}{more}}}", keys.join(", "))
        }
        Value::List(l) if l.is_empty() => "[]".to_owned(),
        Value::List(l) => match l.len() {
            1 => "[1 item]".to_owned(),
            n => format!("[{n} items]"),
        },
        Value::Str(s) => scalar(&Value::str(in_short(s))),
        Value::Object(o) => o.go_type().to_owned(),
        other => in_short(scalar(other).as_bytes()),
    }
}

fn scalar(value: &Value) -> String {
    let bytes = rhumb_value::json::to_json(value, false).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
