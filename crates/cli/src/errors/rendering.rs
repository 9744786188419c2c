//! A rendering that failed, gone through once more with all notes: where each value was set, who wrote each byte.

use rhumb_chart::load;
use rhumb_chart::values::coalesce::{self, Notes};
use rhumb_chart::values::layers::{self, Flags};
use rhumb_chart::values::origin::{Origins, SourceKind};
use rhumb_chart::{Chart, dependency};
use rhumb_diag::{Report, Source, Sources, Span};
use rhumb_render::diagnose::{self, Scene};
use rhumb_render::{RenderError, RenderOptions};
use rhumb_value::{Map, OriginId};
use rhumb_world::World;

/// What is rendered once more.
pub(crate) struct Again<'a> {
    /// The outside.
    pub(crate) world: &'a dyn World,
    /// The chart as it was named on the command line.
    pub(crate) given: &'a str,
    /// Its absolute path.
    pub(crate) path: &'a str,
    /// The value flags.
    pub(crate) flags: &'a Flags,
    /// Gives the files that they name.
    pub(crate) read: &'a dyn Fn(&str) -> Result<Vec<u8>, String>,
    /// The release and the cluster.
    pub(crate) options: &'a RenderOptions,
}

/// What is known about a failure of rendering; nothing where the chart cannot even be read again.
pub(crate) fn rendering(again: &Again<'_>, error: &RenderError) -> Option<Report> {
    with_scene(again, |scene| diagnose::rendering(scene, error, &error.to_string()))
}

/// What is known about values that a schema refuses.
pub(crate) fn schema(again: &Again<'_>, message: &str) -> Option<Report> {
    with_scene(again, |scene| diagnose::schema(&scene, message))
}

/// What is known about templates that wrote no YAML, found by rendering them again; nothing where they write some now.
pub(crate) fn unreadable(again: &Again<'_>) -> Option<Report> {
    let mut error = None;
    with_scene(again, |scene| {
        error = rhumb_render::render(scene.chart, scene.values, again.options, again.world).err();
        Report::default()
    })?;
    rendering(again, &error?)
}

fn with_scene(again: &Again<'_>, look: impl FnOnce(Scene<'_>) -> Report) -> Option<Report> {
    let mut chart = load::load(again.world, again.path, &mut Vec::new()).ok()?;
    let name = chart.name().to_owned();
    let mut origins = Origins::new();
    origins.stamp_chart(&mut chart);
    let values = merged(again, &mut chart, &mut origins)?;
    let display = |file: &str| shown(again, &name, file);
    let place = |origin: OriginId| origins.span(origin);
    let deleted: Vec<(String, Span)> =
        origins.deleted().filter_map(|(path, origin)| Some((path.to_owned(), origins.span(origin)?))).collect();
    Some(look(Scene {
        chart: &chart,
        values,
        options: again.options,
        world: again.world,
        sources: sources(&origins, &display),
        place: &place,
        deleted: &deleted,
        display: &display,
    }))
}

/// The values as templates saw them, with origins.
fn merged(again: &Again<'_>, chart: &mut Chart, origins: &mut Origins) -> Option<Map> {
    let values = layers::merge_with(again.flags, again.read, Some(origins)).ok()?;
    let mut choosing = Notes::default();
    dependency::process(chart, &values, &mut choosing).ok()?;
    origins.absorb(&choosing);
    let mut notes = Notes::default();
    let merged = coalesce::coalesce(chart, values, &mut notes).ok()?;
    origins.absorb(&notes);
    Some(merged)
}

/// The texts of values under the names that they have on this machine.
fn sources(origins: &Origins, display: &dyn Fn(&str) -> String) -> Sources {
    let mut sources = Sources::new();
    for (id, source) in origins.sources().iter() {
        let name = match origins.kind(id) {
            SourceKind::Chart(_) => display(source.name()),
            SourceKind::Stdin => "standard input".to_owned(),
            _ => source.name().to_owned(),
        };
        sources.add(Source::new(name, source.text()));
    }
    sources
}

/// The path of a chart's file as the user would type it, given the path that messages have, which starts with the chart's name.
fn shown(again: &Again<'_>, chart: &str, file: &str) -> String {
    let Some(inner) = file.strip_prefix(chart).and_then(|f| f.strip_prefix('/')) else { return file.to_owned() };
    if !again.world.exists(&format!("{}/{inner}", again.path)) {
        return file.to_owned();
    }
    match again.given.trim().trim_end_matches('/') {
        "." => inner.to_owned(),
        given => format!("{given}/{inner}"),
    }
}
