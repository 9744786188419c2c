//! A template's error in the words of the reference, which has several shapes for it.

use std::fmt::Write;

use rhumb_template::{Error, ExecError, ParseError, Reason};

use crate::funcs::MARK;

/// The text for an error while a template ran.
#[must_use]
pub fn exec(error: &Error) -> String {
    let plain = error.go_message();
    let Error::Exec(outermost) = error else { return plain };
    if let Some(message) = marked(&plain) {
        return format!("execution error at ({}): {message}", place(outermost));
    }
    let mut blocks = String::new();
    if block(outermost, &mut blocks, 0).is_some() { blocks } else { plain }
}

/// The text for one that could not be parsed: what stands after the last colon.
#[must_use]
pub fn parse(error: &ParseError) -> String {
    let message = error.message.rsplit(": ").next().unwrap_or(&error.message);
    format!("parse error at ({}:{}): {message}", error.source.name, error.line)
}

/// What `fail` or `required` said.
fn marked(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once(MARK.0)?;
    rest.rsplit_once(MARK.1).map(|(message, _)| message)
}

fn place(e: &ExecError) -> String {
    format!("{}:{}:{}", e.source.name, e.line, e.column)
}

/// One block for each level of include. Nothing where a level is of another kind: then the plain text is shown.
/// A template that includes itself from one place is told of once: a block like the one before, which begins at `before`, is left out.
fn block(e: &ExecError, out: &mut String, before: usize) -> Option<()> {
    let start = out.len();
    // The context ends where its end first seems to be.
    let (context, behind) = match e.context.split_once(">: ") {
        Some((context, rest)) => (context, format!("{rest}>: ")),
        None => (&*e.context, String::new()),
    };
    write!(out, "{}\n  executing \"{}\" at <{context}>:\n    {behind}", place(e), e.template).ok()?;
    match &e.reason {
        Reason::Message(text) => {
            // What begins with a word like the next level's is taken for one, and dropped; so are blanks at the end.
            let text = text.split_once(" template:").map_or(&**text, |(text, _)| text);
            out.push_str(text.trim_end());
            Some(())
        }
        Reason::Calling { name, cause } if name.as_bytes() == b"include" => {
            out.push_str("error calling include:\n");
            let start = if before < start && out[before..start] == out[start..] {
                out.truncate(start);
                before
            } else {
                start
            };
            match cause {
                Error::Exec(inner) => block(inner, out, start),
                Error::Message(text) if text.starts_with("template: no template ") => {
                    out.push_str(text);
                    Some(())
                }
                _ => None,
            }
        }
        Reason::Calling { .. } => None,
    }
}
