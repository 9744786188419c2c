//! Where each byte of the output comes from: the template place that wrote it, the calls and controls that led there,
//! the values that were read, and where each of those was set.
//!
//! [`run`] renders a chart with notes taken; [`Explained`] answers questions about the result as plain data, which
//! `text` and `json` write out. The way of a question: `target` (what is asked for) → `objects` (which document) →
//! `fields` (which bytes) → `parts` (who wrote them) → `reads` (what was read, and where that was set).

mod built_in;
mod fields;
pub mod json;
mod kinds;
mod lines;
mod near;
mod objects;
mod parts;
mod reads;
mod settings;
pub mod target;
pub mod text;

use std::collections::BTreeMap;

use rhumb_chart::Chart;
use rhumb_chart::values::origin::Origins;
use rhumb_template::{Piece, Trace};
use rhumb_value::{Map, OriginId, Path, Value};
use rhumb_world::World;

use crate::context;
use crate::engine;
use crate::run::{RenderError, RenderOptions};

pub use fields::{Field, Line};
pub use objects::{Object, ObjectKind};
pub use parts::{Call, Cause, Part, Place};
pub use reads::Reading;
pub use settings::{Setting, Unread, ValueUse, ValueView};
pub use target::{Answer, Target, Trouble};

/// One file that templates wrote, with who wrote each byte.
#[derive(Debug)]
struct Written {
    path: String,
    text: Vec<u8>,
    pieces: Vec<Piece>,
    /// Where each `<no value>` stood in what the machine wrote.
    cuts: Vec<usize>,
    /// The same places in the finished text.
    gaps: Vec<usize>,
}

impl Written {
    /// The bytes of what the machine wrote for a range of the finished text, with what was taken out at its ends.
    fn raw(&self, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let start = self.gaps.partition_point(|at| *at < range.start);
        let end = self.gaps.partition_point(|at| *at <= range.end);
        range.start + start * NO_VALUE.len()..range.end + end * NO_VALUE.len()
    }

    /// The place in the finished text of a place in what the machine wrote.
    fn finished(&self, raw: usize) -> usize {
        let before = self.cuts.partition_point(|at| *at < raw);
        match before.checked_sub(1).map(|last| self.cuts[last]) {
            Some(last) => raw - (before - 1) * NO_VALUE.len() - NO_VALUE.len().min(raw - last),
            None => raw,
        }
    }
}

const NO_VALUE: &[u8] = b"<no value>";

/// A rendered chart that can be asked.
#[derive(Debug)]
pub struct Explained {
    trace: Trace,
    origins: Origins,
    files: Vec<Written>,
    objects: Vec<Object>,
    /// The merged values as they were before templates ran.
    values: Map,
    /// The paths at which the values of an origin are seen, from the root's values.
    seen: BTreeMap<OriginId, Vec<Path>>,
    /// The origins of each chart's `.Values`, with the path of its section.
    sections: BTreeMap<OriginId, Path>,
    root: String,
    lines: lines::LineStarts,
}

/// Renders a chart as [`crate::render`] does, with notes. `origins` knows the values.
pub fn run(
    chart: &Chart,
    values: Map,
    mut origins: Origins,
    options: &RenderOptions,
    world: &dyn World,
) -> Result<Explained, RenderError> {
    crate::run::check_version(chart, options)?;
    let mut seen: BTreeMap<OriginId, Vec<Path>> = BTreeMap::new();
    for (origin, path) in origins.seen_paths(&values) {
        seen.entry(origin).or_default().push(path);
    }
    let before = Value::Map(values.clone()).deep_copy().as_map().cloned().unwrap_or_default();
    let templates = context::templates(chart, values, &options.release, &options.capabilities);
    let sections = built_in::stamp(chart, &templates, &mut origins);
    let (mut trace, mut files) = (Trace::default(), Vec::new());
    engine::each(templates, options.mode, world, &mut Vec::new(), &mut |machine, t| {
        machine.resume_trace(std::mem::take(&mut trace));
        let raw = machine.render(t.path.as_bytes(), &Value::Map(t.top.clone()));
        trace = machine.take_trace().unwrap_or_default();
        let raw = raw?;
        let pieces = trace.take_pieces();
        let cuts: Vec<usize> = memchr::memmem::find_iter(&raw, NO_VALUE).collect();
        let gaps = cuts.iter().enumerate().map(|(i, at)| at - i * NO_VALUE.len()).collect();
        files.push(Written { path: t.path.to_string(), text: engine::without_no_value(raw), pieces, cuts, gaps });
        Ok(())
    })
    .map_err(RenderError::Template)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let root = chart.name().to_owned();
    let objects = objects::find(chart, &files, &options.release.namespace)?;
    let lines = lines::LineStarts::default();
    Ok(Explained { trace, origins, files, objects, values: before, seen, sections, root, lines })
}

impl Explained {
    /// All objects in the order of the output: manifests, hooks, CRDs, notes.
    #[must_use]
    pub fn objects(&self) -> &[Object] {
        &self.objects
    }
}

#[cfg(test)]
mod tests;
