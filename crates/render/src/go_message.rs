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
    if block(outermost, &mut blocks).is_some() { blocks } else { plain }
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

/// Messages with a colon that make a block all the same.
const UNDERSTOOD: [&str; 2] = ["wrong number of args for ", "undefined variable: "];

/// One block for each level of include. Nothing where a level is of another kind: then the plain text is shown.
fn block(e: &ExecError, out: &mut String) -> Option<()> {
    write!(out, "{}\n  executing \"{}\" at <{}>:\n    ", place(e), e.template, e.context).ok()?;
    match &e.reason {
        // A colon in the message is taken for a level of its own; only these have one and are still understood.
        Reason::Message(text) if !text.contains(": ") || UNDERSTOOD.iter().any(|start| text.starts_with(start)) => {
            out.push_str(text);
            Some(())
        }
        Reason::Message(_) => None,
        Reason::Calling { name, cause } if name.as_bytes() == b"include" => {
            out.push_str("error calling include:\n");
            match cause {
                Error::Exec(inner) => block(inner, out),
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
