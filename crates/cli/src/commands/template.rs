//! `template`: from flags to a request, in the order in which Helm looks at them; so the first complaint is the same.

use rhumb_chart::values::layers::{self, Flags};
use rhumb_chart::{Chart, dependency};
use rhumb_gostd::semver::Version;
use rhumb_value::Map;

use super::{locate, not_yet, release_name};
use crate::exit::{Failure, Outcome};
use crate::flags::{Parsed, quote};
use crate::log::{self, Level};
use crate::run::Call;

/// Everything that rendering needs.
#[derive(Debug)]
#[expect(dead_code, reason = "the engine reads these as soon as it is wired in")]
struct Request {
    chart: Chart,
    values: Map,
    release_name: String,
    namespace: String,
    is_upgrade: bool,
    kube_version: Option<Version>,
    api_versions: Vec<String>,
    enable_dns: bool,
    skip_schema: bool,
}

/// Renders a chart and prints it.
pub(super) fn run(call: &mut Call<'_>) -> Outcome {
    let request = request(call)?;
    release_name::check(&request.release_name).map_err(|e| {
        let line = log::line(Level::Error, "release name check failed", &[("error", &e)]);
        call.ui.err(line);
        Failure::new(format!("release name check failed: {e}"))
    })?;
    Err(not_yet(call.found, call.persona))
}

fn request(call: &mut Call<'_>) -> Result<Request, Failure> {
    let kube_version = kube_version(call.parsed)?;
    let asks_server = dry_run(call)?;
    let (release_name, chart_name) = name_and_chart(call.parsed)?;
    debug(call, "Original chart version", &[("version", call.parsed.last("version").unwrap_or_default())]);
    let path = locate::path(call, &chart_name)?;
    debug(call, "Chart path", &[("path", &path)]);
    let values = merge_values(call)?;
    let chart = locate::load(call, &path)?;
    installable(call, &chart)?;
    if asks_server {
        return Err(Failure::new("--dry-run=server needs a cluster, which rhumb does not talk to yet"));
    }
    let parsed = call.parsed;
    Ok(Request {
        chart,
        values,
        release_name,
        namespace: call.settings.var("HELM_NAMESPACE").to_owned(),
        is_upgrade: parsed.is("is-upgrade"),
        kube_version,
        api_versions: parsed.list("api-versions").to_vec(),
        enable_dns: parsed.is("enable-dns"),
        skip_schema: parsed.is("skip-schema-validation"),
    })
}

fn debug(call: &mut Call<'_>, message: &str, fields: &[(&str, &str)]) {
    if call.settings.var("HELM_DEBUG") == "true" {
        call.ui.err(log::line(Level::Debug, message, fields));
    }
}

fn kube_version(parsed: &Parsed) -> Result<Option<Version>, Failure> {
    match parsed.last("kube-version") {
        None | Some("") => Ok(None),
        Some(text) => Version::parse(text).map(Some).map_err(|_| {
            Failure::new(format!("invalid kube version '{text}': could not parse {} as version", quote(text)))
        }),
    }
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
            return Err(Failure::new(format!("invalid dry-run value (\"{text}\"). Must be \"server\" or \"client\"")));
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
fn name_and_chart(parsed: &Parsed) -> Result<(String, String), Failure> {
    let template = parsed.last("name-template").unwrap_or_default();
    match parsed.args.as_slice() {
        [_, _, rest @ ..] if !rest.is_empty() => {
            Err(Failure::new(format!("expected at most two arguments, unexpected arguments: {}", rest.join(", "))))
        }
        [_, _] if parsed.is("generate-name") => Err(Failure::new("cannot set --generate-name and also specify a name")),
        [_, _] if !template.is_empty() => Err(Failure::new("cannot set --name-template and also specify a name")),
        [name, chart] => Ok((name.clone(), chart.clone())),
        [chart] if template.contains("{{") => {
            Err(Failure::new(format!("{chart}: --name-template takes plain text for now")))
        }
        [chart] if !template.is_empty() => Ok((template.to_owned(), chart.clone())),
        [chart] => Ok(("release-name".to_owned(), chart.clone())),
        _ => Err(Failure::new("must provide a chart")),
    }
}

fn merge_values(call: &Call<'_>) -> Result<Map, Failure> {
    let list = |name: &str| call.parsed.list(name).to_vec();
    let flags = Flags {
        files: list("values"),
        json: list("set-json"),
        set: list("set"),
        strings: list("set-string"),
        set_files: list("set-file"),
        literals: list("set-literal"),
    };
    let read = |path: &str| {
        if path.trim() == "-" {
            return call.world.stdin().map_err(|e| e.to_string());
        }
        if ["http://", "https://", "oci://"].iter().any(|scheme| path.starts_with(scheme)) {
            return Err(format!("{path}: rhumb does not fetch values yet; give a file"));
        }
        call.world.read(path).map_err(|e| e.to_string())
    };
    layers::merge(&flags, &read).map_err(Failure::new)
}

fn installable(call: &mut Call<'_>, chart: &Chart) -> Outcome {
    let kind = chart.metadata.kind.as_str();
    if !matches!(kind, "" | "application") {
        return Err(Failure::new(format!("{kind} charts are not installable")));
    }
    if chart.metadata.deprecated {
        call.ui.err(log::line(Level::Warn, "this chart is deprecated", &[]));
    }
    dependency::check_present(chart).map_err(|e| {
        Failure::new(format!(
            "an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' \
             to fetch missing dependencies: {e}"
        ))
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
