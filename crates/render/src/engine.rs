//! Running the templates of a chart and of all below it.

use std::cmp::Reverse;

use rhumb_chart::log::Line;
use rhumb_template::{Error, Funcs, Machine, MissingKey, Options, ParseError, TemplateSet};
use rhumb_value::{Str, Value};
use rhumb_world::World;

use crate::context::{self, Renderable};
use crate::funcs::{FUNCS, Host};
use crate::go_message;
use crate::manifest::Rendered;

/// A template that could not be read or run.
#[derive(Debug)]
pub enum TemplateError {
    /// It could not be parsed.
    Parse(Box<ParseError>),
    /// It failed while it ran.
    Run {
        /// The path of the template.
        path: String,
        /// Why.
        error: Error,
    },
}

impl std::fmt::Display for TemplateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            TemplateError::Parse(e) => f.write_str(&go_message::parse(e)),
            TemplateError::Run { error, .. } => f.write_str(&go_message::exec(error)),
        }
    }
}

/// How templates are run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mode {
    /// A missing key is an error.
    pub strict: bool,
    /// `required` and `fail` do nothing, as for lint.
    pub lint: bool,
    /// `getHostByName` may ask.
    pub enable_dns: bool,
}

/// Runs all templates. They are parsed and run deepest path first, then by name backwards, so that what a parent
/// defines replaces what its subcharts define, and what is set in a deeper template is seen by the others.
pub fn run(templates: Vec<Renderable>, mode: Mode, world: &dyn World) -> Result<Vec<Rendered>, TemplateError> {
    run_saying(templates, mode, world, &mut Vec::new())
}

/// The same; in lint mode `said` takes what the disarmed functions said, also where a later template fails.
pub fn run_saying(
    templates: Vec<Renderable>,
    mode: Mode,
    world: &dyn World,
    said: &mut Vec<Line>,
) -> Result<Vec<Rendered>, TemplateError> {
    let mut rendered = Vec::new();
    each(templates, mode, world, said, &mut |machine, t| {
        let text = machine.render(t.path.as_bytes(), &Value::Map(t.top.clone()))?;
        rendered.push(Rendered { path: t.path.clone(), text: without_no_value(text).into() });
        Ok(())
    })?;
    Ok(rendered)
}

/// Runs all templates in their order: `render` is called for each that is no partial, once its `.Template` is set.
pub(crate) fn each(
    mut templates: Vec<Renderable>,
    mode: Mode,
    world: &dyn World,
    said: &mut Vec<Line>,
    render: &mut dyn FnMut(&mut Machine<'_>, &Renderable) -> Result<(), Error>,
) -> Result<(), TemplateError> {
    // Of two files of one path the later counts.
    templates.reverse();
    templates.sort_by_cached_key(|t| Reverse((t.path.matches('/').count(), t.path.clone())));
    templates.dedup_by(|b, a| a.path == b.path);
    let mut set = TemplateSet::new("gotpl", functions());
    for t in &templates {
        set.parse(Str::from(t.path.clone()), t.text.clone()).map_err(|e| TemplateError::Parse(Box::new(e)))?;
    }
    let host = Host { enable_dns: mode.enable_dns, lint: mode.lint, ..Host::default() };
    let missing_key = if mode.strict { MissingKey::Error } else { MissingKey::Zero };
    let mut machine = Machine::new(&set, world, &host, Options { missing_key, ..Options::default() });
    let done = templates.iter().try_for_each(|t| {
        if t.path.rsplit('/').next().unwrap_or_default().starts_with('_') {
            return Ok(());
        }
        t.top.insert("Template", context::template(Str::from(t.path.clone()), t.base.clone()));
        render(&mut machine, t).map_err(|error| TemplateError::Run { path: t.path.to_string(), error })
    });
    said.append(&mut host.said.borrow_mut());
    done
}

/// All functions that the templates of a chart know.
fn functions() -> Funcs {
    let mut tables = vec![FUNCS];
    tables.extend(rhumb_sprig::families());
    Funcs::new(&tables)
}

/// Their names, sorted.
#[must_use]
pub fn function_names() -> Vec<&'static str> {
    functions().names()
}

/// Takes every `<no value>` out.
pub(crate) fn without_no_value(text: Vec<u8>) -> Vec<u8> {
    const MARK: &[u8] = b"<no value>";
    let finder = memchr::memmem::Finder::new(MARK);
    if finder.find(&text).is_none() {
        return text;
    }
    let mut out = Vec::with_capacity(text.len());
    let mut from = 0;
    for at in finder.find_iter(&text) {
        out.extend_from_slice(&text[from..at]);
        from = at + MARK.len();
    }
    out.extend_from_slice(&text[from..]);
    out
}

#[cfg(test)]
mod tests;
