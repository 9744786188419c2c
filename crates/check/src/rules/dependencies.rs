//! Rules over the dependencies that `Chart.yaml` declares and the charts that `charts/` holds.

use rhumb_chart::Chart;

use crate::helm::Run;
use crate::message::Severity;
use crate::registry::Rule;

const RULES: &[Rule<Chart>] = &[
    Rule { name: "undeclared-dependency", severity: Severity::Error, check: undeclared },
    Rule { name: "missing-dependency", severity: Severity::Warning, check: missing },
];

/// Looks at the chart as it was loaded.
pub(crate) fn check(run: &mut Run<'_>) {
    match run.load() {
        Ok(chart) => run.messages.apply(RULES, &chart, run.request.folder),
        Err(text) => run.messages.say(Severity::Error, "", format!("unable to load chart\n\t{text}")),
    }
}

fn declared(chart: &Chart) -> impl Iterator<Item = &rhumb_chart::Dependency> {
    chart.metadata.dependencies.iter().flatten()
}

fn undeclared(chart: &Chart) -> Option<String> {
    let found = chart.dependencies.iter().map(Chart::name);
    let extra: Vec<&str> = found.filter(|name| declared(chart).all(|d| d.name != *name)).collect();
    (!extra.is_empty()).then(|| format!("chart metadata is missing these dependencies: {}", extra.join(",")))
}

fn missing(chart: &Chart) -> Option<String> {
    let names = declared(chart).map(|d| d.name.as_str());
    let missing: Vec<&str> = names.filter(|name| chart.dependencies.iter().all(|c| c.name() != *name)).collect();
    (!missing.is_empty()).then(|| format!("chart directory is missing these dependencies: {}", missing.join(",")))
}
