//! Templates run once more, with notes taken.

use rhumb_template::{Error, Trace};
use rhumb_value::Value;

use super::Scene;
use crate::context;
use crate::engine::{self, TemplateError};

/// What one template wrote, with the notes about it.
pub(super) struct Written {
    /// The text as the template wrote it, `<no value>` included.
    pub(super) text: Vec<u8>,
    /// Where it came from.
    pub(super) trace: Trace,
}

/// Runs all templates with notes until one fails; gives its error.
pub(super) fn failure(scene: &Scene<'_>) -> Option<Error> {
    match run(scene, None) {
        Err(TemplateError::Run { error, .. }) => Some(error),
        _ => None,
    }
}

/// Runs all templates and gives what one of them wrote.
pub(super) fn written(scene: &Scene<'_>, path: &str) -> Option<Written> {
    run(scene, Some(path)).ok().flatten()
}

/// With notes about the template of this path, or about all.
fn run(scene: &Scene<'_>, noted: Option<&str>) -> Result<Option<Written>, TemplateError> {
    let options = scene.options;
    let templates = context::templates(scene.chart, scene.values.clone(), &options.release, &options.capabilities);
    let mut written = None;
    engine::each(templates, options.mode, scene.world, &mut Vec::new(), &mut |machine, t| {
        if noted.is_none_or(|path| *path == *t.path) {
            machine.start_trace();
        }
        let text = machine.render(t.path.as_bytes(), &Value::Map(t.top.clone()))?;
        if let (Some(trace), Some(_)) = (machine.take_trace(), noted) {
            written = Some(Written { text, trace });
        }
        Ok(())
    })?;
    Ok(written)
}
