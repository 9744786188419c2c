//! `template`: from flags to a request, in the order in which Helm looks at them; so the first complaint is the same.

use std::mem::{ManuallyDrop, take};

use rhumb_chart::dependency;
use rhumb_chart::load::Door;
use rhumb_chart::values::coalesce::{self, Notes};
use rhumb_chart::values::layers::{self, Flags};
use rhumb_chart::values::origin::Origins;
use rhumb_chart::{Chart, values::schema};
use rhumb_diag::codes;
use rhumb_gostd::strings::trim_space;
use rhumb_render::diagnose;
use rhumb_render::{
    Capabilities, KubeVersion, Mode, Release, RenderError, RenderOptions, plain, render, render_through,
};
use rhumb_value::Map;

use super::post_render::PostRenderer;
use super::{locate, output, release_name};
use crate::errors::{self, Again};
use crate::exit::{Failure, Outcome};
use crate::flags::quote;
use crate::log::{self, Level};
use crate::run::Call;

/// What Helm adds to a failure of rendering.
const ADVICE: &str = "\n\nUse --debug flag to render out invalid YAML";

/// Everything that rendering needs.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) chart: Chart,
    /// As it was named.
    given: String,
    path: String,
    pub(super) values: Map,
    pub(super) options: RenderOptions,
}

/// Renders a chart and prints it.
pub(super) fn run(call: &mut Call<'_>) -> Outcome {
    let mut request = request(call, &call.parsed.args, None)?;
    let name = request.options.release.name.clone();
    // The process ends with the command: taking large values and charts apart, piece by piece, would be for nothing.
    let prepared = ManuallyDrop::new(prepare(call, &mut request, None)?);
    let (chart, values) = &*prepared;
    let advice = if call.is_debug() { "" } else { ADVICE };
    let mut post = PostRenderer::of(call);
    let through = post.as_mut().map(|p| |stream: &[u8]| p.run(stream));
    let result = match through {
        Some(mut through) => render_through(chart, values.clone(), &request.options, call.world, Some(&mut through)),
        None => render(chart, values.clone(), &request.options, call.world),
    };
    let complaint = post.as_ref().and_then(PostRenderer::complaint);
    if let Some(post) = post.filter(|_| call.is_debug()) {
        call.ui.err(post.log);
    }
    let unknown_hooks = match &result {
        Ok(plan) => &plan.sorted.unknown_hooks,
        Err(RenderError::Manifest(unreadable, _)) => &unreadable.unknown_hooks,
        Err(_) => &Vec::new(),
    };
    for kinds in unknown_hooks {
        call.ui.err(log::line(Level::Info, "skipping unknown hooks", &[("hookTypes", kinds)]));
    }
    let plan = match result {
        Ok(plan) => ManuallyDrop::new(plan),
        Err(error) => {
            if call.is_debug() {
                print_unfinished(call, &error);
            }
            let report = report(call, &request, &error);
            let failure = Failure::new(format!("{error}{advice}")).with(report);
            return Err(match complaint.filter(|_| matches!(error, RenderError::PostRender(..))) {
                Some(text) => failure.hint(text),
                None => failure,
            });
        }
    };
    output::give(call, &plan, &name, advice)
}

/// What is known about a failure of rendering, where somebody wants to know.
pub(super) fn report(call: &Call<'_>, request: &Request, error: &RenderError) -> Option<rhumb_diag::Report> {
    looked_at(call, request, |again| errors::rendering(again, error))
}

/// What is known about a failure, where somebody wants to know.
fn looked_at(
    call: &Call<'_>,
    request: &Request,
    look: impl FnOnce(&Again<'_>) -> Option<rhumb_diag::Report>,
) -> Option<rhumb_diag::Report> {
    if !call.ui.errors.wants_report() {
        return None;
    }
    let flags = value_flags(call);
    let read = |path: &str| read_values(call, path);
    let Request { given, path, options, .. } = request;
    look(&Again { world: call.world, given, path, flags: &flags, read: &read, options })
}

/// Dependencies, merged values and their schema; each step's talk goes to standard error.
pub(super) fn prepare(
    call: &mut Call<'_>,
    request: &mut Request,
    mut origins: Option<&mut Origins>,
) -> Result<(Chart, Map), Failure> {
    release_name::check(&request.options.release.name).map_err(|e| {
        call.ui.err(log::line(Level::Error, "release name check failed", &[("error", &e)]));
        let hint = "lower-case letters, digits and dashes, a letter or digit at both ends: `my-release`";
        Failure::new(format!("release name check failed: {e}")).code(codes::BAD_ARGUMENTS).hint(hint)
    })?;
    let (mut chart, values) = (take(&mut request.chart), take(&mut request.values));
    if let Some(origins) = &mut origins {
        origins.stamp_chart(&mut chart);
    }
    let mut choosing = Notes::default();
    let processed = dependency::process(&mut chart, &values, &mut choosing);
    locate::say(call, take(&mut choosing.lines));
    processed.map_err(|e| {
        call.ui.err(log::line(Level::Error, "chart dependencies processing failed", &[("error", &e)]));
        Failure::new(format!("chart dependencies processing failed: {e}")).code(codes::DEPENDENCIES)
    })?;
    let mut notes = Notes::default();
    let merged = coalesce::coalesce(&chart, values, &mut notes);
    locate::say(call, take(&mut notes.lines));
    if let Some(origins) = origins {
        origins.absorb(&choosing);
        origins.absorb(&notes);
    }
    let merged = merged.map_err(|e| {
        let hint = "a subchart's values are a map: `NAME: {key: value}`";
        Failure::new(e).code(codes::VALUES_SHAPE).hint(hint)
    })?;
    if !call.parsed.is("skip-schema-validation") {
        locate::say(call, schema::log(&chart, &merged, call.is_debug()));
        schema::validate(&chart, &merged).map_err(|e| {
            let report = looked_at(call, request, |again| errors::schema(again, &e));
            Failure::new(e).code(codes::SCHEMA).with(report)
        })?;
    }
    Ok((chart, merged))
}

/// With `--debug`, all that the templates wrote before it turned out to be no YAML.
fn print_unfinished(call: &mut Call<'_>, error: &RenderError) {
    let mut text = Vec::new();
    if let RenderError::Manifest(_, files) = error {
        for file in files.iter().filter(|f| !trim_space(&f.text).is_empty()) {
            text.extend_from_slice(format!("---\n# Source: {}\n", file.path).as_bytes());
            text.extend_from_slice(&file.text);
            text.push(b'\n');
        }
    }
    let mut printed = trim_space(&text).to_vec();
    printed.push(b'\n');
    match call.parsed.list("show-only") {
        [] => call.ui.out(printed),
        // The failure itself is what is told, and not that a choice matches nothing.
        choices => call.ui.out(rhumb_render::pick::pick(&printed, choices).unwrap_or_default()),
    }
}

/// Everything that the flags and these arguments say; with a table, values know where they were set.
pub(super) fn request(call: &mut Call<'_>, args: &[String], origins: Option<&mut Origins>) -> Result<Request, Failure> {
    let kube_version = match call.parsed.last("kube-version") {
        None | Some("") => KubeVersion::default(),
        Some(text) => KubeVersion::parse(text)
            .map_err(|e| Failure::new(e).code(codes::BAD_FLAG).hint("a version has numbers: `--kube-version 1.33`"))?,
    };
    let asks_server = dry_run(call)?;
    let (release_name, chart_name) = name_and_chart(call, args)?;
    let version = call.parsed.last("version").unwrap_or_default();
    call.debug("Original chart version", &[("version", version)]);
    locate::check_certificates(call)?;
    let path = locate::path(call, &chart_name)?;
    call.debug("Chart path", &[("path", &path)]);
    let values = merge_values(call, origins)?;
    let chart = locate::load(call, &chart_name, &path, Door::Installable)?;
    installable(call, &chart_name, &chart)?;
    if asks_server {
        let text = "--dry-run=server needs a cluster, which rhumb does not talk to yet";
        let hint =
            "without it the chart is rendered here; `--api-versions` and `--kube-version` tell what a cluster has";
        return Err(Failure::new(text).code(codes::NEEDS_CLUSTER).hint(hint));
    }
    let parsed = call.parsed;
    let options = RenderOptions {
        release: Release {
            name: release_name,
            namespace: call.settings.var("HELM_NAMESPACE").to_owned(),
            is_upgrade: parsed.is("is-upgrade"),
            revision: 1,
        },
        capabilities: Capabilities::new(kube_version, parsed.list("api-versions").to_vec()),
        mode: Mode { enable_dns: parsed.is("enable-dns"), ..Mode::default() },
        subchart_notes: false,
    };
    Ok(Request { chart, given: chart_name, path, values, options })
}

/// Whether the server shall be asked. Old boolean spellings are taken with a warning.
fn dry_run(call: &mut Call<'_>) -> Result<bool, Failure> {
    if call.parsed.is("validate") {
        return Ok(true);
    }
    let warning = match call.parsed.last("dry-run") {
        None | Some("client") => return Ok(false),
        Some("server") => return Ok(true),
        Some("unset") => "--dry-run is deprecated and should be replaced with '--dry-run=client'".to_owned(),
        Some("true") => {
            "boolean '--dry-run=true' flag is deprecated and must be replaced with '--dry-run=client'".to_owned()
        }
        Some(text @ ("false" | "none")) => {
            let text = format!("invalid dry-run value (\"{text}\"). Must be \"server\" or \"client\"");
            return Err(Failure::new(text).code(codes::BAD_FLAG));
        }
        Some(text) => {
            let text = quote(text);
            return Err(Failure::new(format!(
                "invalid dry-run value ({text}). Must be \"none\", \"server\", or \"client\""
            )));
        }
    };
    call.ui.err(log::line(Level::Warn, &warning, &[]));
    Ok(false)
}

/// The release's name and the chart's, from one or two arguments and the flags about names.
fn name_and_chart(call: &Call<'_>, args: &[String]) -> Result<(String, String), Failure> {
    let parsed = call.parsed;
    let template = parsed.last("name-template").unwrap_or_default();
    match args {
        [_, _, rest @ ..] if !rest.is_empty() => {
            Err(Failure::new(format!("expected at most two arguments, unexpected arguments: {}", rest.join(", "))))
        }
        [_, _] if parsed.is("generate-name") => Err(Failure::new("cannot set --generate-name and also specify a name")),
        [_, _] if !template.is_empty() => Err(Failure::new("cannot set --name-template and also specify a name")),
        [name, chart] => Ok((name.clone(), chart.clone())),
        [chart] if !template.is_empty() => {
            let name = plain::release_name(template, call.world).map_err(Failure::new)?;
            Ok((name, chart.clone()))
        }
        [chart] => Ok(("release-name".to_owned(), chart.clone())),
        _ => Err(Failure::new("must provide a chart").code(codes::BAD_ARGUMENTS).hint("`rhumb template NAME CHART`")),
    }
}

pub(super) fn value_flags(call: &Call<'_>) -> Flags {
    let list = |name: &str| call.parsed.list(name).to_vec();
    Flags {
        files: list("values"),
        json: list("set-json"),
        set: list("set"),
        strings: list("set-string"),
        set_files: list("set-file"),
        literals: list("set-literal"),
    }
}

pub(super) fn read_values(call: &Call<'_>, path: &str) -> Result<Vec<u8>, String> {
    if path.trim() == "-" {
        return call.stdin();
    }
    if ["http://", "https://", "oci://"].iter().any(|scheme| path.starts_with(scheme)) {
        return Err(format!("{path}: rhumb does not fetch values yet; give a file"));
    }
    call.world.read(path).map_err(|e| e.to_string())
}

/// The values that the flags give.
pub(super) fn merge_values(call: &mut Call<'_>, origins: Option<&mut Origins>) -> Result<Map, Failure> {
    call.ui.err(&call.plugins.look().warnings);
    let call = &*call;
    let (flags, read) = (value_flags(call), |path: &str| read_values(call, path));
    layers::merge_with(&flags, &read, origins).map_err(|e| {
        let report = call.ui.errors.wants_report().then(|| diagnose::flags(&flags, &read, &e)).flatten();
        Failure::new(e).code(codes::VALUES_SYNTAX).with(report)
    })
}

fn installable(call: &mut Call<'_>, given: &str, chart: &Chart) -> Outcome {
    let kind = chart.metadata.kind.as_str();
    if !matches!(kind, "" | "application") {
        let failure = Failure::new(format!("{kind} charts are not installable")).code(codes::LIBRARY);
        let hint = "other charts use it: they name it in their `dependencies` and include its templates";
        return Err(errors::declared(call, chart, given, failure.hint(hint)));
    }
    if chart.metadata.deprecated {
        call.ui.err(log::line(Level::Warn, "this chart is deprecated", &[]));
    }
    dependency::check_present(chart).map_err(|e| {
        let failure = Failure::new(format!(
            "an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' \
             to fetch missing dependencies: {e}"
        ));
        let failure = failure.code(codes::DEPENDENCIES);
        let hint = "`helm dependency build CHART` puts what Chart.yaml declares into charts/";
        errors::declared(call, chart, given, failure.hint(hint))
    })
}

#[cfg(test)]
mod tests {
    use rhumb_world::Memory;

    use crate::ui::Ui;

    fn template(line: &[&str]) -> (u8, String) {
        let world = Memory::new()
            .file("one/Chart.yaml", "apiVersion: v2\nname: one\nversion: 0.1.0\n")
            .file("lib/Chart.yaml", "apiVersion: v2\nname: lib\nversion: 0.1.0\ntype: library\n")
            .file(
                "old/Chart.yaml",
                "apiVersion: v2\nname: old\nversion: 0.1.0\ndeprecated: true\ndependencies:\n- name: d\n  version: '>0'\n",
            );
        let args: Vec<String> = std::iter::once("template").chain(line.iter().copied()).map(str::to_owned).collect();
        let mut ui = Ui::new();
        let status = crate::run::run("helm", &args, &world, &mut ui);
        (status, ui.said().1)
    }

    // Observed from Helm 4.3.1: which complaint comes first.
    #[test]
    fn complaints_in_order() {
        let cases: &[(&[&str], &str)] = &[
            (
                &["--dry-run=foo", "--kube-version=bad", "a", "b", "c"],
                "Error: invalid kube version 'bad': could not parse \"bad\" as version\n",
            ),
            (
                &["--dry-run=foo", "a"],
                "Error: invalid dry-run value (\"foo\"). Must be \"none\", \"server\", or \"client\"\n",
            ),
            (&["--dry-run=none", "a"], "Error: invalid dry-run value (\"none\"). Must be \"server\" or \"client\"\n"),
            (
                &["--dry-run=", "a"],
                "Error: invalid dry-run value (\"\"). Must be \"none\", \"server\", or \"client\"\n",
            ),
            (&["a", "b", "c", "d"], "Error: expected at most two arguments, unexpected arguments: c, d\n"),
            (&["-g", "x", "one"], "Error: cannot set --generate-name and also specify a name\n"),
            (&["--name-template=b", "x", "one"], "Error: cannot set --name-template and also specify a name\n"),
            (
                &["Bad_Name", "nope"],
                "Error: non-absolute URLs should be in form of repo_name/path_to_chart, got: nope\n",
            ),
            (&["Bad_Name", "lib"], "Error: library charts are not installable\n"),
            (&["x", "one", "-f", "nope.yaml"], "Error: open nope.yaml: no such file or directory\n"),
            (&["x", "one", "--set", "a"], "Error: failed parsing --set data: key \"a\" has no value\n"),
            (&["x", "one", "--set-json", "a={"], "Error: failed parsing --set-json data a={\n"),
            (
                &["x", "old"],
                "level=WARN msg=\"this chart is deprecated\"\nError: an error occurred while checking for chart \
                 dependencies. You may need to run 'helm dependency build' to fetch missing dependencies: found in \
                 Chart.yaml, but missing in charts/ directory: d\n",
            ),
            (
                &["", "one"],
                "level=ERROR msg=\"release name check failed\" error=\"release name \\\"\\\": no name provided\"\n\
                 Error: release name check failed: release name \"\": no name provided\n",
            ),
            (
                &["--validate", "--dry-run=client", "one"],
                "Flag --validate has been deprecated, use '--dry-run=server' instead\nError: if any flags in the group \
                 [validate dry-run] are set none of the others can be; [dry-run validate] were all set\n",
            ),
            (&["x", "one", "--verify"], "Error: unpacked charts cannot be verified\n"),
        ];
        for (line, want) in cases {
            assert_eq!(template(line), (1, (*want).to_owned()), "{line:?}");
        }
    }
}
