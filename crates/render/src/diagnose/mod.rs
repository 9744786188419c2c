//! From a failure to what a person needs to mend it: the place, the way that led there, the value at fault, a hint.
//!
//! Nothing here runs unless something failed and somebody wants to see more than the reference's words. The failure is
//! looked at again with all the texts at hand, and templates are run once more with notes being taken; so the fast path
//! carries nothing for it. Hints go by the reference's words where these are the only difference between causes: the words
//! are fixed by the conformance suite.

mod actions;
mod call_hints;
mod calls;
mod chart_file;
mod desk;
mod exec;
mod missing;
mod parse;
mod rendered;
mod replay;
mod spans;
mod values;
mod words;
mod yaml_cause;

pub use chart_file::{Part, chart, declared};
pub use values::{file as values_file, flags, schema};

use rhumb_chart::Chart;
use rhumb_diag::{Diagnostic, Report, Sources, Span, codes};
use rhumb_value::{Map, OriginId};
use rhumb_world::World;

use crate::engine::TemplateError;
use crate::manifest;
use crate::run::{RenderError, RenderOptions};

/// Everything that a rendering was made of, once more.
pub struct Scene<'a> {
    /// The chart, its dependencies processed.
    pub chart: &'a Chart,
    /// The merged values. Templates change them, so they are this scene's own.
    pub values: Map,
    /// What it was rendered with.
    pub options: &'a RenderOptions,
    /// The outside.
    pub world: &'a dyn World,
    /// The texts that values were read from.
    pub sources: Sources,
    /// The place of a value in them.
    pub place: &'a dyn Fn(OriginId) -> Option<Span>,
    /// The nulls that took a value away: the path, which starts with the chart's name, and the place of the null.
    pub deleted: &'a [(String, Span)],
    /// The name to show for a file of the chart, given the name it has in messages.
    pub display: &'a dyn Fn(&str) -> String,
}

/// What went wrong while rendering. `message` is the reference's whole text, without the advice on `--debug`.
#[must_use]
pub fn rendering(scene: Scene<'_>, error: &RenderError, message: &str) -> Report {
    let mut desk = desk::Desk::new(&scene);
    let diagnostic = match error {
        RenderError::KubeVersion { range, version } => chart_file::kube_version(&mut desk, &scene, range, version),
        RenderError::Template(TemplateError::Parse(e)) => parse::failure(&mut desk, &scene, e),
        RenderError::Template(TemplateError::Run { error, .. }) => {
            // With notes, where the second run fails too: it may hang on chance or the clock.
            let again = replay::failure(&scene);
            exec::failure(&mut desk, &scene, again.as_ref().unwrap_or(error))
        }
        RenderError::Manifest(unreadable, files) => rendered::failure(&mut desk, &scene, unreadable, files),
        // What a template wrote may be the reason.
        RenderError::PostRender(_, files) => match manifest::sort(files) {
            Err(unreadable) => rendered::failure(&mut desk, &scene, &unreadable, files),
            Ok(_) => Diagnostic::error(codes::POST_RENDERER, message),
        },
    };
    let diagnostic = Diagnostic { message: message.to_owned(), ..diagnostic };
    Report { diagnostics: vec![diagnostic], sources: desk.into_sources() }
}
