//! The whole way: a chart and values in, a plan out.

use rhumb_chart::Chart;
use rhumb_value::Map;
use rhumb_world::World;

use crate::capabilities::Capabilities;
use crate::context::{self, Release};
use crate::engine::{self, Mode, TemplateError};
use crate::manifest::{self, Rendered, Unreadable};
use crate::plan::{Crd, Plan};
use crate::post_render;

/// What a chart is rendered with, besides its values.
#[derive(Clone, Debug)]
pub struct RenderOptions {
    /// The release.
    pub release: Release,
    /// What the cluster can do.
    pub capabilities: Capabilities,
    /// How templates are run.
    pub mode: Mode,
    /// Whether the notes of subcharts count too.
    pub subchart_notes: bool,
}

/// Why there is no plan. `Display` is the text of the reference after `Error: `, without the advice on `--debug`.
#[derive(Debug)]
pub enum RenderError {
    /// The chart wants another version of Kubernetes.
    KubeVersion {
        /// The chart's range.
        range: String,
        /// The version there is.
        version: String,
    },
    /// A template failed.
    Template(TemplateError),
    /// What the templates wrote is no YAML; all of it, for `--debug`.
    Manifest(Unreadable, Vec<Rendered>),
    /// The post-renderer failed, or could not be given what the templates wrote; all of that, for `--debug`.
    PostRender(String, Vec<Rendered>),
}

impl std::fmt::Display for RenderError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RenderError::KubeVersion { range, version } => {
                write!(f, "chart requires kubeVersion: {range} which is incompatible with Kubernetes {version}")
            }
            RenderError::Template(e) => e.fmt(f),
            RenderError::Manifest(e, _) => e.fmt(f),
            RenderError::PostRender(text, _) => f.write_str(text),
        }
    }
}

impl std::error::Error for RenderError {}

/// What a post-renderer is to the renderer: a stream of documents in, another one out. The error is the reference's text.
pub type PostRenderer<'p> = &'p mut dyn FnMut(&[u8]) -> Result<Vec<u8>, String>;

/// Renders a chart whose dependencies have been processed, with its merged values (see
/// [`rhumb_chart::values::coalesce`]).
pub fn render(chart: &Chart, values: Map, options: &RenderOptions, world: &dyn World) -> Result<Plan, RenderError> {
    render_through(chart, values, options, world, None)
}

/// The same; manifests and hooks go through a post-renderer before they are sorted.
pub fn render_through(
    chart: &Chart,
    values: Map,
    options: &RenderOptions,
    world: &dyn World,
    post: Option<PostRenderer<'_>>,
) -> Result<Plan, RenderError> {
    check_version(chart, options)?;
    let templates = context::templates(chart, values, &options.release, &options.capabilities);
    let mut files = engine::run(templates, options.mode, world).map_err(RenderError::Template)?;
    let notes = take_notes(&mut files, chart.name(), options.subchart_notes);
    if let Some(post) = post {
        let answer = post_render::mark(&files).and_then(|stream| post(&stream)).and_then(|s| post_render::unmark(&s));
        files = match answer {
            Ok(answer) => answer,
            Err(text) => return Err(RenderError::PostRender(text, files)),
        };
    }
    let sorted = match manifest::sort(&files) {
        Ok(sorted) => sorted,
        Err(e) => return Err(RenderError::Manifest(e, files)),
    };
    let mut crds = Vec::new();
    collect_crds(chart, chart.name(), &mut crds);
    Ok(Plan { crds, sorted, notes })
}

/// Whether the chart takes this version of Kubernetes.
pub(crate) fn check_version(chart: &Chart, options: &RenderOptions) -> Result<(), RenderError> {
    let range = &chart.metadata.kube_version;
    let version = &options.capabilities.kube_version;
    if !range.is_empty() && !version.satisfies(range) {
        return Err(RenderError::KubeVersion { range: range.clone(), version: version.version.clone() });
    }
    Ok(())
}

/// Takes every NOTES.txt out of the files and gives those that count.
fn take_notes(files: &mut Vec<Rendered>, chart: &str, subcharts: bool) -> Vec<u8> {
    let own = format!("{chart}/templates/NOTES.txt");
    let mut found: Vec<Rendered> = Vec::new();
    files.retain(|f| {
        let is_notes = f.path.ends_with("NOTES.txt");
        if is_notes && (subcharts || *f.path == own) {
            found.push(f.clone());
        }
        !is_notes
    });
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found.iter().map(|f| &*f.text).collect::<Vec<_>>().join(&b'\n')
}

fn collect_crds(chart: &Chart, path: &str, crds: &mut Vec<Crd>) {
    for file in chart.crd_files() {
        crds.push(Crd { path: format!("{path}/{}", file.name), text: file.data.clone() });
    }
    for sub in &chart.dependencies {
        collect_crds(sub, &format!("{path}/charts/{}", sub.name()), crds);
    }
}
