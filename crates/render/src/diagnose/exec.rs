//! Templates that failed while they ran: the innermost place, the way that led there, and who explains the cause.

use rhumb_diag::{Diagnostic, Frame, Span, codes};
use rhumb_template::{Detail, Error, ExecError, Reason};

use super::desk::Desk;
use super::{Scene, calls, missing, parse, spans};
use crate::funcs::MARK;

/// A node's text longer than this is cut in the title.
const CONTEXT: usize = 100;

/// A failure with the place that it is explained at.
pub(super) struct Failed<'e> {
    /// The innermost template that failed.
    pub(super) at: &'e ExecError,
    /// The place of the node.
    pub(super) span: Span,
    /// The function whose error it is; none where the executor itself complains.
    pub(super) function: Option<&'e str>,
    /// The complaint, without places.
    pub(super) text: String,
}

/// The diagnosis of an error of the engine.
pub(super) fn failure(desk: &mut Desk<'_>, scene: &Scene<'_>, error: &Error) -> Diagnostic {
    let levels = levels(error);
    let Some(innermost) = levels.last() else {
        return Diagnostic::error(codes::TEMPLATE_FAILED, error.go_message());
    };
    if let Error::Parse(text) = error.root() {
        let inner = parse::failure(desk, scene, text);
        let inner = calls::text_places(inner, scene, innermost);
        let trail = trail(desk, &levels, levels.len());
        return Diagnostic { trail, headline: format!("cannot parse template: {}", text.message), ..inner };
    }
    let (function, text) = match &innermost.reason {
        Reason::Message(text) => (None, text.clone()),
        Reason::Calling { name, .. } => (name.to_str(), error.root().go_message()),
    };
    let range = spans::node(&innermost.source.text, innermost.offset, &innermost.context);
    let span = desk.span(&innermost.source, range);
    let failed = Failed { at: innermost, span, function, text };
    let found = match &innermost.detail.as_deref() {
        Some(Detail::Names { start, names, failed: which, placed }) if failed.function.is_none() => {
            let chain = missing::Chain { start, names, failed: *which, placed: *placed };
            missing::failure(desk, scene, &failed, chain)
        }
        detail => calls::failure(desk, scene, &failed, *detail),
    };
    let found = match levels.iter().rev().nth(1) {
        Some(outer) if is_tpl(outer) => calls::text_places(found, scene, outer),
        _ => found,
    };
    let headline = title(&levels, &failed);
    let trail = trail(desk, &levels, levels.len() - 1);
    Diagnostic { trail, headline, ..found }
}

fn is_tpl(level: &ExecError) -> bool {
    matches!(&level.reason, Reason::Calling { name, .. } if name.as_bytes() == b"tpl")
}

/// The templates that failed because one inside them did, outermost first.
fn levels(error: &Error) -> Vec<&ExecError> {
    let mut levels = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        next = match error {
            Error::Inside(inside) => Some(&inside.1),
            Error::Exec(e) => {
                levels.push(&**e);
                match &e.reason {
                    Reason::Calling { cause, .. } => Some(cause),
                    Reason::Message(_) => None,
                }
            }
            _ => None,
        };
    }
    levels
}

/// The reference's words for the innermost template; its text for `fail` and `required`, which has the outermost place.
fn title(levels: &[&ExecError], failed: &Failed<'_>) -> String {
    if let Some(message) = said(&failed.text) {
        let place = levels.first().map_or_else(String::new, |e| format!("{}:{}:{}", e.source.name, e.line, e.column));
        return format!("execution error at ({place}): {message}");
    }
    let calling = failed.function.map_or_else(String::new, |name| format!("error calling {name}: "));
    let context = failed.at.context.replace('\n', " ");
    let context = match context.char_indices().nth(CONTEXT) {
        Some((end, _)) => format!("{}…", &context[..end]),
        None => context,
    };
    format!("executing \"{}\" at <{context}>: {calling}{}", failed.at.template, failed.text)
}

/// What `fail` or `required` was told to say.
pub(super) fn said(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once(MARK.0)?;
    rest.rsplit_once(MARK.1).map(|(message, _)| message)
}

/// The calls from the innermost template outwards. The first `count` levels have a place of their own in it.
fn trail(desk: &mut Desk<'_>, levels: &[&ExecError], count: usize) -> Vec<Frame> {
    let mut trail = Vec::new();
    for (i, level) in levels.iter().enumerate().rev() {
        if i < count {
            let name = match &level.reason {
                Reason::Calling { name, .. } => name.to_string_lossy().into_owned(),
                Reason::Message(_) => String::new(),
            };
            let text = match name.as_str() {
                "include" => "included at".to_owned(),
                "tpl" => "run by tpl at".to_owned(),
                name => format!("called by {name} at"),
            };
            let range = spans::node(&level.source.text, level.offset, &level.context);
            trail.push(Frame { span: desk.span(&level.source, range), text });
        }
        for call in &level.calls {
            let offset = call.offset as usize;
            let range = spans::action(&call.source.text, call.offset).unwrap_or(offset..offset);
            trail.push(Frame { span: desk.span(&call.source, range), text: "called at".to_owned() });
        }
    }
    trail
}
