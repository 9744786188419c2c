//! Reading charts, from folders and archives.

pub mod archive;
pub mod dir;
pub mod files;
mod gunzip;
pub mod ignore;
mod sniff;
mod tar;

use rhumb_world::{FileKind, World};

use crate::log::{Level, Line};
use crate::metadata::Generation;
use crate::model::Chart;

/// The most bytes of an archive that are read: more than any archive has whose files keep to the limit.
const MOST_PACKED: u64 = 2 * archive::MAX_UNPACKED;

/// What is said of a chart's files.
fn info(message: String) -> Line {
    Line::new(Level::Info, message, Vec::new())
}

/// What is said of a link that is followed.
fn link(path: &str, resolved: &str) -> Line {
    let message = "found symbolic link in path. Contents of linked file included and used";
    Line::new(Level::Info, message, vec![("path", path.to_owned()), ("resolved", resolved.to_owned())])
}

/// What a chart is loaded for. The reference has two ways in, which word some failures in their own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// To be rendered or installed: the chart's generation (`apiVersion`) is looked at first.
    Installable,
    /// To be shown, checked or packed: any `apiVersion` will do.
    Plain,
}

/// The chart at an absolute path, be it a folder or an archive, to be rendered. The error is the text after `Error: `.
pub fn load(world: &dyn World, path: &str, log: &mut Vec<Line>) -> Result<Chart, String> {
    load_by(world, path, Door::Installable, log)
}

/// The same by either door.
pub fn load_by(world: &dyn World, path: &str, door: Door, log: &mut Vec<Line>) -> Result<Chart, String> {
    match load_any(world, path, door, log)? {
        (chart, Generation::V2) => Ok(chart),
        (chart, Generation::V3) => Err(refuse_v3(&chart, log)),
    }
}

/// What is said of a chart of the generation that the reference can load, but not render.
fn refuse_v3(chart: &Chart, log: &mut Vec<Line>) -> String {
    if chart.metadata.kind == "library" {
        return "library charts are not installable".into();
    }
    if chart.metadata.deprecated {
        log.push(Line::new(Level::Warn, "this chart is deprecated".to_owned(), Vec::new()));
    }
    let declares = chart.metadata.dependencies.as_ref().is_some_and(|d| !d.is_empty());
    if !chart.dependencies.is_empty() && !declares {
        return "an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to \
                fetch missing dependencies: unsupported chart dependency type"
            .into();
    }
    "invalid chart apiVersion".into()
}

fn load_any(world: &dyn World, path: &str, door: Door, log: &mut Vec<Line>) -> Result<(Chart, Generation), String> {
    if world.is_dir(path) {
        return dir::load(world, path.trim_end_matches('/'), door, log);
    }
    let bytes = world.read_at_most(path, MOST_PACKED).map_err(|e| e.to_string())?;
    if !bytes.starts_with(b"\x1f\x8b\x08") {
        if path.ends_with(".yaml") || path.ends_with(".yml") {
            return Err(format!("file '{path}' seems to be a YAML file, but expected a gzipped archive"));
        }
        let kind = sniff::content_type(&bytes);
        return Err(format!("file '{path}' does not appear to be a gzipped archive; got '{kind}'"));
    }
    // The reference goes back to the start of a file, which a pipe does not let it do.
    if world.stat(path).is_ok_and(|found| found.kind != FileKind::File) {
        return Err(if door == Door::Installable { "unable to load chart archive" } else { "EOF" }.into());
    }
    let mut messages = Vec::new();
    let chart = archive::load(&bytes, door, &mut messages);
    log.extend(messages.into_iter().map(info));
    chart.map_err(|e| match e.ends_with("gzip: invalid header") {
        true => format!("file '{path}' does not appear to be a valid chart file (details: {e})"),
        false => e,
    })
}

#[cfg(test)]
mod tests;
