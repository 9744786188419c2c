//! `show`: what a chart holds, without rendering it.

use rhumb_chart::{Chart, definition};
use rhumb_value::Value;

use super::locate;
use crate::exit::{Failure, Outcome};
use crate::jsonpath;
use crate::run::Call;

/// Names of a README, in any case of letters.
const README: [&str; 3] = ["readme.md", "readme.txt", "readme"];

/// Prints the part that the subcommand names.
pub(super) fn run(call: &mut Call<'_>) -> Outcome {
    let part = call.found.command().name;
    let name = call.parsed.args.first().cloned().unwrap_or_default();
    let version = call.parsed.last("version").unwrap_or_default();
    call.debug("original chart version", &[("version", version)]);
    let chart = locate::chart(call, &name)?;
    if let Some(template) = call.parsed.last("jsonpath").filter(|t| !t.is_empty()) {
        let found = jsonpath::render(template, &Value::Map(chart.values.clone())).map_err(Failure::new)?;
        call.ui.out(found);
        return Ok(());
    }
    let mut out = Vec::new();
    match part {
        "chart" => definition(&mut out, &chart)?,
        "values" => values(&mut out, &chart, false),
        "readme" => readme(&mut out, &chart, false),
        "crds" => crds(&mut out, &chart),
        _ => {
            definition(&mut out, &chart)?;
            values(&mut out, &chart, true);
            readme(&mut out, &chart, true);
            crds(&mut out, &chart);
        }
    }
    call.ui.out(out);
    Ok(())
}

fn definition(out: &mut Vec<u8>, chart: &Chart) -> Outcome {
    out.extend(definition::to_yaml(&chart.metadata).map_err(Failure::new)?);
    out.push(b'\n');
    Ok(())
}

fn values(out: &mut Vec<u8>, chart: &Chart, ruled: bool) {
    if let Some(file) = chart.raw_file("values.yaml") {
        part(out, &file.data, ruled);
    }
}

fn readme(out: &mut Vec<u8>, chart: &Chart, ruled: bool) {
    if let Some(file) = chart.files.iter().find(|f| README.iter().any(|name| f.name.eq_ignore_ascii_case(name))) {
        part(out, &file.data, ruled);
    }
}

/// A file with one more newline, after a `---` where several parts are printed.
fn part(out: &mut Vec<u8>, data: &[u8], ruled: bool) {
    if ruled {
        out.extend_from_slice(b"---\n");
    }
    out.extend_from_slice(data);
    out.push(b'\n');
}

/// The chart's CRDs and those of the charts below it; each begins with a `---`, its own or ours.
fn crds(out: &mut Vec<u8>, chart: &Chart) {
    for file in chart.crd_files() {
        part(out, &file.data, !file.data.starts_with(b"---"));
    }
    for below in &chart.dependencies {
        crds(out, below);
    }
}

#[cfg(test)]
mod tests {
    use rhumb_world::Memory;

    use crate::ui::Ui;

    fn show(part: &str, chart: &str) -> (u8, String, String) {
        let world = Memory::new()
            .file("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n")
            .file("c/values.yaml", "k: 1 # c")
            .file("c/ReadMe.MD", "S\n")
            .file("c/crds/a.yaml", "kind: CRD")
            .file("c/crds/b.yml", "---\nkind: B\n")
            .file("c/crds/n.txt", "x")
            .file("c/charts/s/Chart.yaml", "apiVersion: v1\nname: s\nversion: 0.1.0\n")
            .file("c/charts/s/crds/s.yaml", "kind: S\n")
            .file("d/Chart.yaml", "apiVersion: v2\nname: d\nversion: 0.1.0\n");
        let mut ui = Ui::new();
        let args = ["show", part, chart].map(str::to_owned);
        let status = crate::run::run("helm", &args, &world, &mut ui);
        let (out, err) = ui.said();
        (status, out, err)
    }

    // Observed from Helm 4.3.1.
    #[test]
    fn parts() {
        let definition = "apiVersion: v2\nname: c\nversion: 0.1.0\n\n";
        let crds = "---\nkind: CRD\n---\nkind: B\n\n---\nkind: S\n\n";
        let cases = [
            ("chart", "c", definition.to_owned()),
            ("values", "c", "k: 1 # c\n".to_owned()),
            ("readme", "c", "S\n\n".to_owned()),
            ("crds", "c", crds.to_owned()),
            ("all", "c", format!("{definition}---\nk: 1 # c\n---\nS\n\n{crds}")),
            ("values", "d", String::new()),
            ("all", "d", "apiVersion: v2\nname: d\nversion: 0.1.0\n\n".to_owned()),
        ];
        for (part, chart, want) in cases {
            assert_eq!(show(part, chart), (0, want, String::new()), "{part} {chart}");
        }
    }

    // Observed from Helm 4.3.1.
    #[test]
    fn charts_that_are_not_there() {
        let cases = [
            ("nope", "non-absolute URLs should be in form of repo_name/path_to_chart, got: nope"),
            ("", "non-absolute URLs should be in form of repo_name/path_to_chart, got: "),
            ("./nope", "path \"./nope\" not found"),
            ("repo/x", "repo repo not found"),
            ("file://x", "non-absolute URLs should be in form of repo_name/path_to_chart, got: file://x"),
        ];
        for (chart, want) in cases {
            assert_eq!(show("chart", chart), (1, String::new(), format!("Error: {want}\n")), "{chart}");
        }
    }
}
