//! A chart that could not be loaded: its small files once more, to find the one at fault.

use rhumb_chart::load::archive;
use rhumb_chart::{Bytes, Chart, File};
use rhumb_diag::Report;
use rhumb_render::diagnose::{self, Part};
use rhumb_world::{FileKind, World};

use crate::exit::Failure;
use crate::run::Call;

/// The files of a chart that loading reads as YAML.
const READ: [&str; 5] = ["Chart.yaml", "values.yaml", "Chart.lock", "requirements.yaml", "requirements.lock"];

/// Charts deeper inside of charts are not looked at.
const DEPTH: usize = 8;

/// What is known about the failure; nothing where no file of the chart explains it.
pub(crate) fn loading(world: &dyn World, given: &str, path: &str, message: &str) -> Option<Report> {
    let mut parts = Vec::new();
    let shown = given.trim().trim_end_matches('/');
    if world.is_dir(path) {
        folder(world, path, if shown == "." { "" } else { shown }, 0, &mut parts);
    } else {
        packed(&content(world, path)?, shown, 0, &mut parts);
    }
    diagnose::chart(&parts, message)
}

/// A regular file, up to the size that a chart may have; reading a pipe could wait for ever.
fn content(world: &dyn World, path: &str) -> Option<Vec<u8>> {
    let is_file = world.stat(path).is_ok_and(|found| found.kind == FileKind::File);
    if is_file { world.read_at_most(path, archive::MAX_UNPACKED).ok() } else { None }
}

/// The same failure with the lines of Chart.yaml that it is about.
pub(crate) fn declared(call: &Call<'_>, chart: &Chart, given: &str, failure: Failure) -> Failure {
    if !call.ui.errors.wants_report() {
        return failure;
    }
    let shown = given.trim().trim_end_matches('/');
    let display = |file: &str| {
        let inner = file.rsplit('/').next().unwrap_or(file);
        if call.world.is_dir(given.trim()) {
            join(if shown == "." { "" } else { shown }, inner)
        } else {
            file.to_owned()
        }
    };
    let report = diagnose::declared(chart, &display, failure.code, &failure.message);
    failure.with(report)
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn folder(world: &dyn World, path: &str, shown: &str, depth: usize, parts: &mut Vec<Part>) {
    for name in READ {
        if let Some(data) = content(world, &format!("{path}/{name}")) {
            parts.push(Part { shown: join(shown, name), name: name.to_owned(), data: unmarked(&data) });
        }
    }
    if depth >= DEPTH {
        return;
    }
    for entry in world.read_dir(&format!("{path}/charts")).unwrap_or_default() {
        let (below, shown) = (format!("{path}/charts/{}", entry.name), join(shown, &format!("charts/{}", entry.name)));
        match entry.kind {
            FileKind::Dir => folder(world, &below, &shown, depth + 1, parts),
            _ if entry.name.ends_with(".tgz") => {
                if let Some(data) = content(world, &below) {
                    packed(&data, &shown, depth + 1, parts);
                }
            }
            _ => {}
        }
    }
}

/// The content without a byte order mark, as the loader takes it.
fn unmarked(data: &[u8]) -> Bytes {
    data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data).into()
}

fn packed(data: &[u8], shown: &str, depth: usize, parts: &mut Vec<Part>) {
    let Ok(files) = archive::unpack(data) else { return };
    for File { name, data, .. } in files {
        let last = name.rsplit('/').next().unwrap_or(&name);
        if READ.contains(&last) {
            parts.push(Part { shown: format!("{shown}: {name}"), name: last.to_owned(), data });
        } else if depth < DEPTH && last.ends_with(".tgz") {
            packed(&data, &format!("{shown}: {name}"), depth + 1, parts);
        }
    }
}
