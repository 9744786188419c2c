//! Where each value was set: files and flags, the places in them, and which setting won over which.
//!
//! Values carry an [`OriginId`]; the table here says what it means. Nobody but `explain` and the display of errors asks,
//! so a plain rendering has no table and stamps nothing.

use std::collections::BTreeMap;
use std::ops::Range;

use rhumb_diag::{FileId, Source, Sources, Span};
use rhumb_value::{Map, OriginId, Path, Step, Value};
use rhumb_yaml::{Document, NodeId, NodeKind};

use super::coalesce::Notes;
use super::layers;
use crate::model::Chart;

/// What kind of thing values were read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// `values.yaml` of a chart; its path of names, as in the paths of templates.
    Chart(String),
    /// `Chart.yaml` of a chart; its path of names.
    Definition(String),
    /// A file given with `-f`.
    File,
    /// Standard input.
    Stdin,
    /// The argument of this flag, such as `--set`.
    Flag(&'static str),
    /// What no file holds: the release's name, the cluster's abilities. The source's name says more.
    BuiltIn,
}

/// One place where a value was set.
#[derive(Clone, Debug)]
struct Place {
    file: FileId,
    /// Where the key starts, or the element of a list.
    at: u32,
    /// The value's own text.
    start: u32,
    end: u32,
    parent: OriginId,
    step: Option<Step>,
}

/// The table of all origins of one run.
#[derive(Debug, Default)]
pub struct Origins {
    sources: Sources,
    kinds: Vec<SourceKind>,
    places: Vec<Place>,
    /// What each winner won over, the strongest first.
    overrode: BTreeMap<OriginId, Vec<OriginId>>,
    deleted: Vec<(String, OriginId)>,
}

impl Origins {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The texts that values were read from.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// What a source is.
    #[must_use]
    pub fn kind(&self, file: FileId) -> &SourceKind {
        self.kinds.get(file.number() as usize).unwrap_or(&SourceKind::BuiltIn)
    }

    /// Whether this table knows the origin.
    #[must_use]
    pub fn knows(&self, origin: OriginId) -> bool {
        self.place(origin).is_some()
    }

    fn place(&self, origin: OriginId) -> Option<&Place> {
        self.places.get((origin.0 as usize).checked_sub(1)?)
    }

    /// The span of the value's own text.
    #[must_use]
    pub fn value_span(&self, origin: OriginId) -> Option<Span> {
        self.place(origin).map(|p| Span { file: p.file, start: p.start, end: p.end })
    }

    /// The span from the key (or the start of a list's element) to the end of the value: where to point.
    #[must_use]
    pub fn span(&self, origin: OriginId) -> Option<Span> {
        self.place(origin).map(|p| Span { file: p.file, start: p.at, end: p.end.max(p.at) })
    }

    /// The span of the outermost table or list that holds the value in its source, from its key on.
    #[must_use]
    pub fn outermost_span(&self, origin: OriginId) -> Option<Span> {
        let mut at = origin;
        while let Some(parent) = self.place(at).map(|p| p.parent).filter(|p| self.knows(*p)) {
            at = parent;
        }
        self.span(at)
    }

    /// The path inside the source.
    #[must_use]
    pub fn path(&self, origin: OriginId) -> Path {
        let mut steps = Vec::new();
        let mut next = self.place(origin);
        while let Some(place) = next {
            steps.extend(place.step.clone());
            next = self.place(place.parent);
        }
        steps.reverse();
        Path(steps)
    }

    /// What lost against this origin, the strongest first.
    #[must_use]
    pub fn overridden(&self, origin: OriginId) -> Vec<OriginId> {
        let mut found = Vec::new();
        let mut open = vec![origin];
        while let Some(winner) = open.pop() {
            if winner != origin && !found.contains(&winner) {
                found.push(winner);
            }
            let losers = self.overrode.get(&winner).map_or(&[][..], Vec::as_slice);
            open.extend(losers.iter().rev().filter(|l| **l != origin && !found.contains(l)));
        }
        found
    }

    /// The nulls that took a value away; the path starts with the chart's name.
    pub fn deleted(&self) -> impl Iterator<Item = (&str, OriginId)> {
        self.deleted.iter().map(|(path, origin)| (path.as_str(), *origin))
    }

    /// Takes in what merging noted.
    pub fn absorb(&mut self, notes: &Notes) {
        for (winner, loser) in &notes.overrode {
            self.note_override(*winner, *loser);
        }
        for (path, origin) in &notes.deleted {
            if !self.deleted.iter().any(|(p, o)| p == path && o == origin) {
                self.deleted.push((path.clone(), *origin));
            }
        }
    }

    /// Notes that one setting won over another.
    pub fn note_override(&mut self, winner: OriginId, loser: OriginId) {
        if winner.is_known() && loser.is_known() && winner != loser {
            let losers = self.overrode.entry(winner).or_default();
            if !losers.contains(&loser) {
                losers.push(loser);
            }
        }
    }

    /// Takes in a text.
    pub fn add_source(&mut self, kind: SourceKind, name: impl Into<std::sync::Arc<str>>, text: &[u8]) -> FileId {
        self.kinds.push(kind);
        self.sources.add(Source::new(name, text))
    }

    /// A place for one value; [`Origins::close`] gives its end when that is not known yet.
    pub fn add(&mut self, span: Span, value_start: usize, parent: OriginId, step: Option<Step>) -> OriginId {
        let start = u32::try_from(value_start).unwrap_or(u32::MAX);
        self.places.push(Place { file: span.file, at: span.start, start, end: span.end, parent, step });
        OriginId(u32::try_from(self.places.len()).unwrap_or(0))
    }

    /// Sets where the value's text starts and ends.
    pub fn close(&mut self, origin: OriginId, start: usize, end: usize) {
        if let Some(place) = (origin.0 as usize).checked_sub(1).and_then(|i| self.places.get_mut(i)) {
            place.start = u32::try_from(start).unwrap_or(u32::MAX);
            place.end = u32::try_from(end).unwrap_or(u32::MAX);
        }
    }

    /// Places for all nodes of a document that is a part of its file; the origin of a node is the result plus
    /// the node's number.
    pub fn add_document(&mut self, file: FileId, part: Range<usize>, doc: &Document<'_>) -> u32 {
        let base = u32::try_from(self.places.len() + 1).unwrap_or(u32::MAX);
        let [offset, last] = [part.start, part.end].map(|at| u32::try_from(at).unwrap_or(u32::MAX));
        for node in doc.nodes() {
            // A document is read with a line end that the file may lack.
            let [start, end] = [node.start, node.end].map(|at| at.saturating_add(offset).min(last));
            self.places.push(Place { file, at: start, start, end, parent: OriginId::NONE, step: None });
        }
        for (id, node) in (0..).zip(doc.nodes()) {
            match node.kind {
                NodeKind::Sequence => {
                    for (i, child) in doc.children(id).enumerate() {
                        self.link(base, id, child, Step::Index(i), None);
                    }
                }
                NodeKind::Mapping => {
                    let mut children = doc.children(id);
                    while let (Some(key), Some(value)) = (children.next(), children.next()) {
                        let text = doc.node(doc.follow(key)).text.as_ref();
                        let at = doc.node(key).outer_start.saturating_add(offset).min(last);
                        self.link(base, id, value, Step::key(text), Some(at));
                    }
                }
                _ => {}
            }
        }
        base
    }

    fn link(&mut self, base: u32, parent: NodeId, child: NodeId, step: Step, at: Option<u32>) {
        let index = (base + child - 1) as usize;
        if let Some(place) = self.places.get_mut(index) {
            // What an alias stands for keeps the place where it is written.
            place.parent = OriginId(base + parent);
            place.step = Some(step);
            place.at = at.unwrap_or(place.at);
        }
    }

    /// Reads the `values.yaml` of a chart and of all below it once more, now with origins. To be called on a chart as it
    /// was loaded, before its dependencies are processed.
    pub fn stamp_chart(&mut self, chart: &mut Chart) {
        let path = chart.name().to_owned();
        self.stamp_below(chart, &path);
    }

    fn stamp_below(&mut self, chart: &mut Chart, path: &str) {
        if let Some(file) = chart.raw_file("values.yaml") {
            let kind = SourceKind::Chart(path.to_owned());
            let id = self.add_source(kind, format!("{path}/values.yaml"), &file.data);
            if let Ok(values) = layers::parse_documents_with(&file.data, Some((self, id))) {
                chart.values = values;
            }
        }
        for sub in &mut chart.dependencies {
            let path = format!("{path}/charts/{}", sub.name());
            self.stamp_below(sub, &path);
        }
    }

    /// The path of each origin in finished values: where a setting is seen by templates. Entries of maps and elements
    /// of lists that have no origin of their own are left out.
    #[must_use]
    pub fn seen_paths(&self, values: &Map) -> Vec<(OriginId, Path)> {
        let mut found = Vec::new();
        walk(&Value::Map(values.clone()), &Path::default(), 0, &mut |origin, path| found.push((origin, path.clone())));
        found
    }
}

/// Deeper values are not walked.
const MAX_DEPTH: u32 = 200;

fn walk(value: &Value, path: &Path, depth: u32, visit: &mut impl FnMut(OriginId, &Path)) {
    if depth > MAX_DEPTH {
        return;
    }
    let mut step = |step: Step, origin: OriginId, value: &Value| {
        let path = path.join(step);
        if origin.is_known() {
            visit(origin, &path);
        }
        walk(value, &path, depth + 1, visit);
    };
    match value {
        Value::Map(m) => m.borrow().iter().for_each(|e| step(Step::Key(e.key.clone()), e.origin, &e.value)),
        Value::List(l) => l.iter().enumerate().for_each(|(i, item)| step(Step::Index(i), l.origin(i), item)),
        _ => {}
    }
}

/// Hands out origins while the argument of a flag is read; over nothing it hands out none.
pub(crate) struct Marks<'a> {
    table: Option<(&'a mut Origins, FileId)>,
}

impl<'a> Marks<'a> {
    pub(crate) fn new(table: Option<(&'a mut Origins, FileId)>) -> Self {
        Marks { table }
    }

    /// Whether anybody listens.
    pub(crate) fn is_on(&self) -> bool {
        self.table.is_some()
    }

    /// A value whose path or key starts at `at`.
    pub(crate) fn open(&mut self, parent: OriginId, step: impl FnOnce() -> Step, at: usize) -> OriginId {
        match &mut self.table {
            Some((table, file)) => table.add(Span::point(*file, at), at, parent, Some(step())),
            None => OriginId::NONE,
        }
    }

    pub(crate) fn close(&mut self, origin: OriginId, start: usize, end: usize) {
        if let Some((table, _)) = &mut self.table {
            table.close(origin, start, end);
        }
    }

    pub(crate) fn overrode(&mut self, winner: OriginId, loser: OriginId) {
        if let Some((table, _)) = &mut self.table {
            table.note_override(winner, loser);
        }
    }
}

#[cfg(test)]
#[path = "origin_tests.rs"]
mod tests;
