//! Where values were set, what they won over, and who reads them.

use std::collections::BTreeSet;

use rhumb_chart::values::origin::SourceKind;
use rhumb_diag::Source;
use rhumb_value::{OriginId, Path, Step, Str, Value};

use super::built_in::chart_names;
use super::{Explained, Place, near};

/// One setting of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// What it was set with: `chart`, `file`, `stdin`, `flag` or `built-in`.
    pub kind: &'static str,
    /// The file, the flag, or what stands for it.
    pub source: String,
    /// The line, from one; zero for what is no text.
    pub line: usize,
    /// The column in bytes, from one.
    pub column: usize,
    /// The path in that source.
    pub path: String,
    /// The value as it is written there, in short.
    pub value: String,
    /// The flag's argument.
    pub argument: Option<String>,
}

/// A value of the user's that no template read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Its path below `.Values`.
    pub path: String,
    /// Where it was set.
    pub set: Setting,
    /// A path that is read and was perhaps meant.
    pub meant: Option<String>,
}

/// A value with its settings and its readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueView {
    /// Its path below `.Values`.
    pub path: String,
    /// What it is, as short JSON; nothing when it is not set.
    pub value: Option<String>,
    /// Where it was set, the winner first; for a table, where each of its leaves was set.
    pub set: Vec<(String, Vec<Setting>)>,
    /// The null that took it away.
    pub deleted: Option<Setting>,
    /// Who reads it.
    pub uses: Vec<ValueUse>,
    /// Paths that are set and were perhaps meant.
    pub near: Vec<String>,
}

/// One place of the templates that reads a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueUse {
    /// The place.
    pub place: Place,
    /// Whether it decides an `if`, `with` or `range` there.
    pub decides: bool,
    /// What it reads, when that is a table around the value.
    pub whole: Option<String>,
    /// The objects that its text went into.
    pub objects: Vec<String>,
}

impl Explained {
    /// Where an origin was set.
    pub(super) fn setting(&self, origin: OriginId) -> Option<Setting> {
        let span = self.origins.span(origin)?;
        let value = self.origins.value_span(origin)?;
        let source = self.origins.sources().get(span.file)?;
        let (line, whole) = self.lines.line(source.text(), span.start as usize);
        let column = (span.start as usize).saturating_sub(whole.start) + 1;
        let (kind, argument) = match self.origins.kind(span.file) {
            SourceKind::Chart(_) | SourceKind::Definition(_) => ("chart", None),
            SourceKind::File => ("file", None),
            SourceKind::Stdin => ("stdin", None),
            SourceKind::Flag(flag) => ("flag", Some(self.argument(origin, flag, source))),
            SourceKind::BuiltIn => ("built-in", None),
        };
        let is_text = kind != "built-in";
        let name = if kind == "stdin" { "standard input" } else { source.name() };
        Some(Setting {
            kind,
            source: name.to_owned(),
            line: if is_text { line } else { 0 },
            column: if is_text { column } else { 0 },
            path: self.origins.path(origin).to_string(),
            value: in_short(source.slice(value)),
            argument,
        })
    }

    /// The part of a flag's argument that set an origin: `path=value`, or the whole of an object.
    fn argument(&self, origin: OriginId, flag: &str, source: &Source) -> String {
        let whole = flag == "--set-json" && source.text().trim_ascii_start().starts_with(b"{");
        let text = match self.origins.outermost_span(origin) {
            Some(span) if !whole => source.slice(span),
            _ => source.text(),
        };
        in_short(text)
    }

    /// What an origin won over, the strongest first.
    pub(super) fn overrode(&self, origin: OriginId) -> Vec<Setting> {
        self.origins.overridden(origin).into_iter().filter_map(|o| self.setting(o)).collect()
    }

    /// The same as a template sees it: a global wins over those of all subcharts, and only the reader's own counts.
    pub(super) fn overrode_for(&self, origin: OriginId, template: &str) -> Vec<Setting> {
        let names = chart_names(template);
        let counts = |o: &OriginId| {
            let kind = self.origins.span(*o).map(|s| self.origins.kind(s.file));
            let Some(SourceKind::Chart(path)) = kind else { return true };
            names.starts_with(&path.split("/charts/").collect::<Vec<_>>())
        };
        let is_shared = self.seen.get(&origin).is_some_and(|paths| paths.len() > 1);
        let all = self.origins.overridden(origin).into_iter();
        all.filter(|o| !is_shared || counts(o)).filter_map(|o| self.setting(o)).collect()
    }

    /// The path from the root's values at which a template sees an origin.
    pub(super) fn seen_path(&self, origin: OriginId, template: &str, chain: &[Str]) -> Option<Path> {
        let all = self.seen.get(&origin)?;
        if all.len() == 1 {
            return all.first().cloned();
        }
        let names = chart_names(template);
        let section: Vec<Step> = names.iter().skip(1).map(|n| Step::key(*n)).collect();
        let shared = |p: &&Path| p.0.iter().zip(&section).take_while(|(a, b)| a == b).count();
        let global = |p: &&Path| matches!(p.0.first(), Some(Step::Key(k)) if **k == *b"global");
        // An anchor or an import is seen at several paths: the one that was written in the template is meant.
        let named = |p: &&Path| {
            let pairs = p.0.iter().rev().zip(chain.iter().rev());
            pairs.take_while(|(step, name)| matches!(step, Step::Key(k) if k == *name)).count()
        };
        all.iter().rev().max_by_key(|p| (named(p), global(p), shared(p))).cloned()
    }

    /// The null that took away what would be at a path.
    pub(super) fn deletion(&self, path: &Path) -> Option<OriginId> {
        let keys: Vec<String> = path
            .0
            .iter()
            .map_while(|s| match s {
                Step::Key(k) => Some(k.to_string_lossy().into_owned()),
                Step::Index(_) => None,
            })
            .collect();
        let full = format!("{}.{}", self.root, keys.join("."));
        let covers = |p: &str| full == p || full.strip_prefix(p).is_some_and(|rest| rest.starts_with('.'));
        self.origins.deleted().find(|(p, _)| covers(p)).map(|(_, origin)| origin)
    }

    /// The user's settings that nobody read.
    #[must_use]
    pub fn unread(&self) -> Vec<Unread> {
        let mut read = BTreeSet::new();
        let mut asked: BTreeSet<String> = BTreeSet::new();
        for r in self.trace.all_reads() {
            if r.rest.is_empty() && read.insert(r.origin) {
                collect(&r.value, &mut read, 0);
            }
            if r.is_argument {
                collect(&r.value, &mut read, 0);
            }
            if let Some(path) = self.value_path(r) {
                asked.insert(path.to_string());
            }
        }
        let mut found = Vec::new();
        for (origin, paths) in &self.seen {
            let Some(span) = self.origins.span(*origin) else { continue };
            let is_users =
                matches!(self.origins.kind(span.file), SourceKind::File | SourceKind::Stdin | SourceKind::Flag(_));
            let Some(path) = paths.first() else { continue };
            let is_leaf = path.find(&Value::Map(self.values.clone())).is_some_and(|v| !is_table(&v));
            if !is_users || !is_leaf || read.contains(origin) || self.is_switch(path) {
                continue;
            }
            let Some(set) = self.setting(*origin) else { continue };
            let text = path.to_string();
            let names = asked.iter().map(String::as_str);
            let meant = near::nearest(&text, names, 1).first().map(|n| (*n).to_owned());
            found.push(Unread { path: text, set, meant });
        }
        found
    }

    /// Whether a value switches subcharts on and off, which no template needs to read.
    fn is_switch(&self, path: &Path) -> bool {
        matches!(path.0.first(), Some(Step::Key(k)) if **k == *b"tags")
            || matches!(path.0.last(), Some(Step::Key(k)) if **k == *b"enabled") && path.0.len() == 2
    }

    /// The paths of all tables and scalars below `.Values`, those inside lists left out.
    #[must_use]
    pub fn value_paths(&self) -> Vec<Path> {
        let mut found = Vec::new();
        let mut open = vec![(Path::default(), self.values.clone())];
        while let Some((path, map)) = open.pop() {
            for entry in map.borrow().iter() {
                let below = path.join(Step::Key(entry.key.clone()));
                if let Value::Map(m) = &entry.value
                    && below.0.len() < 50
                {
                    open.push((below.clone(), m.clone()));
                }
                found.push(below);
            }
        }
        found.sort();
        found
    }

    /// A value by its path below `.Values`.
    #[must_use]
    pub fn value(&self, path: &Path) -> ValueView {
        let root = Value::Map(self.values.clone());
        let value = path.find(&root);
        let mut set = Vec::new();
        for (origin, paths) in &self.seen {
            for p in paths.iter().filter(|p| p.0.starts_with(&path.0)) {
                let is_leaf = p == path || p.find(&root).is_some_and(|v| !is_table(&v));
                if is_leaf && let Some(winner) = self.setting(*origin) {
                    let mut all = vec![winner];
                    all.extend(self.overrode(*origin));
                    set.push((p.clone(), all));
                }
            }
        }
        set.sort_by(|a, b| a.0.cmp(&b.0));
        // A table's own place says little beside those of its leaves.
        if set.len() > 1 && value.as_ref().is_some_and(is_table) {
            set.retain(|(p, _)| p != path);
        }
        let near = if value.is_some() { Vec::new() } else { self.near_values(path) };
        ValueView {
            path: path.to_string(),
            value: value.as_ref().map(super::reads::short_json),
            set: set.into_iter().map(|(p, s)| (p.to_string(), s)).collect(),
            deleted: if value.is_some() { None } else { self.deletion(path).and_then(|o| self.setting(o)) },
            uses: self.uses(path),
            near,
        }
    }

    fn near_values(&self, path: &Path) -> Vec<String> {
        let all: Vec<String> = self.seen.values().flatten().map(Path::to_string).collect();
        let found = near::nearest(&path.to_string(), all.iter().map(String::as_str), 5);
        if !found.is_empty() {
            return found.into_iter().map(str::to_owned).collect();
        }
        let Some((Step::Key(last), _)) = path.0.split_last() else { return Vec::new() };
        let last = last.to_string_lossy();
        let ends: Vec<&String> = all.iter().filter(|p| p.rsplit('.').next() == Some(&*last)).take(5).collect();
        ends.into_iter().cloned().collect()
    }

    fn uses(&self, path: &Path) -> Vec<ValueUse> {
        let mut found: Vec<ValueUse> = Vec::new();
        let mut objects = super::parts::ObjectsOfReads::new(self);
        let deciding = self.deciding_reads();
        for (number, read) in (0_u32..).zip(self.trace.all_reads()) {
            let Some(seen) = self.value_path(read) else { continue };
            let whole = if seen.0.starts_with(&path.0) {
                None
            } else if path.0.starts_with(&seen.0) && is_table(&read.value) && !seen.0.is_empty() {
                Some(format!(".Values.{seen}"))
            } else {
                continue;
            };
            let Some(place) = self.place(read.frame, read.offset) else { continue };
            let decides = deciding.contains(&number);
            let names = objects.of(number);
            match found.iter_mut().find(|u| u.place == place && u.whole == whole) {
                Some(known) => {
                    known.decides |= decides;
                    names.into_iter().for_each(|n| {
                        if !known.objects.contains(&n) {
                            known.objects.push(n);
                        }
                    });
                }
                None => found.push(ValueUse { place, decides, whole, objects: names }),
            }
        }
        found
    }
}

fn is_table(value: &Value) -> bool {
    matches!(value, Value::Map(m) if !m.is_empty()) || matches!(value, Value::List(l) if !l.is_empty())
}

/// All origins inside a value.
fn collect(value: &Value, into: &mut BTreeSet<OriginId>, depth: u32) {
    if depth > 100 {
        return;
    }
    match value {
        Value::Map(m) => m.borrow().iter().for_each(|e| {
            if !e.origin.is_known() || into.insert(e.origin) {
                collect(&e.value, into, depth + 1);
            }
        }),
        Value::List(l) => l.iter().enumerate().for_each(|(i, item)| {
            if !l.origin(i).is_known() || into.insert(l.origin(i)) {
                collect(item, into, depth + 1);
            }
        }),
        _ => {}
    }
}

/// The first line of a text, cut where it gets long.
pub(super) fn in_short(text: &[u8]) -> String {
    const MOST: usize = 72;
    let text = text.trim_ascii();
    // A character takes four bytes at most, so this much is enough; what follows need not be looked at.
    let head = &text[..text.len().min(MOST * 4 + 1)];
    let line = &head[..memchr::memchr(b'\n', head).unwrap_or(head.len())];
    let shown = String::from_utf8_lossy(line);
    let shown = shown.trim_end();
    if line.len() == text.len() && shown.chars().count() <= MOST {
        return shown.to_owned();
    }
    let cut: String = shown.chars().take(MOST).collect();
    format!("{} ...", cut.trim_end())
}
