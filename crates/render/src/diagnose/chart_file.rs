//! Chart.yaml: what it says wrongly, or asks for in vain.

use rhumb_diag::{Diagnostic, Span, codes};

use super::Scene;
use super::desk::Desk;

/// The chart wants another version of Kubernetes.
pub(super) fn kube_version(desk: &mut Desk<'_>, scene: &Scene<'_>, range: &str, version: &str) -> Diagnostic {
    let found = Diagnostic::error(codes::KUBE_VERSION, "");
    let found = match field(desk, scene, "kubeVersion") {
        Some(span) => found.at(span, format!("{version} does not satisfy `{range}`")),
        None => found,
    };
    found.hint("render for another version: `--kube-version 1.33.0`")
}

/// The value of a field of the chart's Chart.yaml.
fn field(desk: &mut Desk<'_>, scene: &Scene<'_>, name: &str) -> Option<Span> {
    let file = scene.chart.raw_file("Chart.yaml")?;
    let doc = rhumb_yaml::parse_spanned(&file.data).ok()?;
    let node = doc.node(doc.get(doc.root()?, name.as_bytes())?);
    let id = desk.file(&format!("{}/Chart.yaml", scene.chart.name()), &file.data);
    Some(Span::new(id, node.start as usize, node.end as usize))
}
