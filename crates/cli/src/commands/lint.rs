//! `lint`: looks for faults in charts, one after the other, and counts those that fail.

use rhumb_chart::log::Level;
use rhumb_check::{Broken, Fault, Message, Report, Request, Severity};
use rhumb_gostd::{path, raw};
use rhumb_render::KubeVersion;
use rhumb_value::Map;
use rhumb_world::World;

use super::locate;
use super::template::{merge_values, read_values, value_flags};
use super::unpacked::Unpacked;
use crate::errors::{self, Again, Format};
use crate::exit::{Failure, Outcome};
use crate::run::Call;

/// What all charts of one command are looked at with.
struct Settings {
    values: Map,
    namespace: String,
    kube_version: KubeVersion,
    skip_schema: bool,
}

/// Looks at the charts that the arguments name, and at those below them where that is asked for.
pub(super) fn run(call: &mut Call<'_>) -> Outcome {
    let kube_version = match call.parsed.last("kube-version") {
        None | Some("") => KubeVersion::default(),
        Some(text) => KubeVersion::parse(text).map_err(Failure::new)?,
    };
    let mut paths = call.parsed.args.clone();
    if call.parsed.is("with-subcharts") {
        for root in &call.parsed.args {
            below(call, &path::join(&[root, "charts"]), &mut paths, 0);
        }
    }
    let settings = Settings {
        values: merge_values(call, None)?,
        namespace: call.settings.var("HELM_NAMESPACE").to_owned(),
        kube_version,
        skip_schema: call.parsed.is("skip-schema-validation"),
    };
    let (strict, quiet) = (call.parsed.is("strict"), call.parsed.is("quiet"));
    let mut failed = 0;
    let mut spoke = false;
    let mut pages = Vec::new();
    for path in &paths {
        let result = chart(call, path, &settings, &mut pages);
        let is_failure = match &result {
            Ok(messages) => messages.iter().any(|m| m.severity >= lowest(strict)),
            Err(_) => true,
        };
        failed += usize::from(is_failure);
        spoke |= print(call, path, &result, quiet);
    }
    let summary = format!("{} chart(s) linted, {failed} chart(s) failed", paths.len());
    explain(call, &pages);
    if failed > 0 {
        return Err(Failure::new(summary));
    }
    if !quiet || spoke {
        call.ui.out(format!("{summary}\n"));
    }
    Ok(())
}

/// What is known about charts that cannot be rendered, after the findings.
fn explain(call: &mut Call<'_>, pages: &[rhumb_diag::Report]) {
    if !pages.is_empty() {
        call.ui.out_with(|_| Ok(()));
    }
    for page in pages {
        errors::explain(call.ui, page);
        if matches!(call.ui.errors, Format::Rich(_)) {
            call.ui.err("\n");
        }
    }
}

/// The least grave message that makes a chart fail.
fn lowest(strict: bool) -> Severity {
    if strict { Severity::Warning } else { Severity::Error }
}

/// Prints what was found in one chart; `true` where it is more than news.
fn print(call: &mut Call<'_>, path: &str, result: &Result<Vec<Message>, String>, quiet: bool) -> bool {
    let shown: Vec<String> = match result {
        Ok(messages) => {
            let least = if quiet { Severity::Warning } else { Severity::Info };
            messages.iter().filter(|m| m.severity >= least).map(ToString::to_string).collect()
        }
        Err(text) => vec![format!("Error {text}")],
    };
    if quiet && shown.is_empty() {
        return false;
    }
    let mut text = format!("==> Linting {path}\n");
    for line in shown {
        text.push_str(&line);
        text.push('\n');
    }
    text.push('\n');
    call.ui.out(raw::bytes(&text));
    match result {
        Ok(messages) => messages.iter().any(|m| m.severity >= Severity::Warning),
        Err(_) => true,
    }
}

/// Looks at one chart, a folder or an archive. The error is the text after `Error `; the pages take what else is known of it, where
/// somebody wants to know.
fn chart(
    call: &mut Call<'_>,
    name: &str,
    settings: &Settings,
    pages: &mut Vec<rhumb_diag::Report>,
) -> Result<Vec<Message>, String> {
    let world = call.world;
    if name.ends_with(".tgz") || name.ends_with(".tar.gz") {
        let bytes = world.read(name).map_err(|e| format!("unable to open tarball: {e}"))?;
        let unpacked = Unpacked::new(world, &bytes).map_err(|e| format!("unable to extract tarball: {e}"))?;
        let folder = unpacked.folder().to_owned();
        return Ok(look(call, name, &folder, settings, &unpacked, pages));
    }
    let manifest = path::join(&[name, "Chart.yaml"]);
    world.stat(&manifest).map_err(|e| format!("unable to check Chart.yaml file in chart: {e}"))?;
    let folder = path::absolute(name, || world.current_dir()).map_err(|e| e.to_string())?;
    Ok(look(call, name, &folder, settings, world, pages))
}

/// Runs all rules over the chart in a folder.
fn look(
    call: &mut Call<'_>,
    name: &str,
    folder: &str,
    settings: &Settings,
    world: &dyn World,
    pages: &mut Vec<rhumb_diag::Report>,
) -> Vec<Message> {
    let mut report = rhumb_check::lint(&request(folder, settings), world);
    if let Some(broken) = report.broken.take().filter(|_| call.ui.errors.wants_report()) {
        pages.extend(page(call, name, folder, world, &broken));
    }
    tell(call, report)
}

/// What is known about a chart that cannot be rendered; nothing where it cannot even be read again.
fn page(call: &Call<'_>, given: &str, path: &str, world: &dyn World, broken: &Broken) -> Option<rhumb_diag::Report> {
    let flags = value_flags(call);
    let read = |path: &str| read_values(call, path);
    let again = Again { world, given, path, flags: &flags, read: &read, options: &broken.options };
    match &broken.fault {
        Fault::Schema(message) => errors::schema(&again, message),
        Fault::Render(error) => errors::rendering(&again, error),
        Fault::Yaml => errors::unreadable(&again),
    }
}

fn request<'a>(folder: &'a str, settings: &'a Settings) -> Request<'a> {
    Request {
        folder,
        values: &settings.values,
        namespace: &settings.namespace,
        kube_version: settings.kube_version.clone(),
        skip_schema: settings.skip_schema,
    }
}

/// Says on standard error what the log has, and gives the messages.
fn tell(call: &mut Call<'_>, report: Report) -> Vec<Message> {
    let is_debug = call.settings.var("HELM_DEBUG") == "true";
    let lines = report.log.into_iter().filter(|line| is_debug || line.level != Level::Debug);
    locate::say(call, lines.collect());
    report.messages
}

/// Every folder with a `Chart.yaml` and every archive below a folder, in the order of a walk by name.
fn below(call: &Call<'_>, folder: &str, paths: &mut Vec<String>, depth: u32) {
    /// Systems stop earlier, with the length of a path.
    const MAX_DEPTH: u32 = 1000;
    let Ok(entries) = call.world.read_dir(folder) else { return };
    for entry in entries {
        let path = path::join(&[folder, &entry.name]);
        if entry.kind == rhumb_world::FileKind::Dir {
            if depth < MAX_DEPTH {
                below(call, &path, paths, depth + 1);
            }
        } else if entry.name == "Chart.yaml" {
            paths.push(path::dir(&path).into_owned());
        } else if entry.name.ends_with(".tgz") || entry.name.ends_with(".tar.gz") {
            paths.push(path);
        }
    }
}
