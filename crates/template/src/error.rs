//! Errors of templates as data; the words of Go are one way to show them.

use std::fmt::{self, Write as _};
use std::rc::Rc;

use rhumb_gostd::raw;
use rhumb_value::{Str, Value};

use crate::quote::quote;
use crate::source::Source;

/// What went wrong in a function or while a template ran.
#[derive(Clone, Debug)]
pub enum Error {
    /// A function returned an error; the text is the error's own, without "error calling X".
    Message(String),
    /// A template failed while it ran.
    Exec(Box<ExecError>),
    /// A text could not be parsed.
    Parse(Box<ParseError>),
    /// A function's own words in front of an error of a template that it ran.
    Inside(Box<(String, Error)>),
}

impl Error {
    /// An error with the text a Go function would return.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Error::Message(text.into())
    }

    /// Go's text.
    #[must_use]
    pub fn go_message(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    /// Appends Go's text: one pass, however many includes lie inside each other.
    fn write(&self, out: &mut String) {
        let mut error = self;
        loop {
            match error {
                Error::Message(text) => out.push_str(text),
                Error::Parse(e) => out.push_str(&e.go_message()),
                Error::Inside(inside) => {
                    out.push_str(&inside.0);
                    error = &inside.1;
                    continue;
                }
                Error::Exec(e) => {
                    e.write_place(out);
                    match e.reason.write(out) {
                        Some(cause) => {
                            error = cause;
                            continue;
                        }
                        None => return,
                    }
                }
            }
            return;
        }
    }

    /// The innermost cause: what a function returned, or the error of the template that failed by itself.
    #[must_use]
    pub fn root(&self) -> &Error {
        let mut error = self;
        loop {
            error = match error {
                Error::Inside(inside) => &inside.1,
                Error::Exec(e) => match &e.reason {
                    Reason::Calling { cause, .. } => cause,
                    Reason::Message(_) => return error,
                },
                Error::Message(_) | Error::Parse(_) => return error,
            };
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.go_message())
    }
}

impl std::error::Error for Error {}

impl From<String> for Error {
    fn from(text: String) -> Self {
        Error::Message(text)
    }
}

impl From<ParseError> for Error {
    fn from(e: ParseError) -> Self {
        Error::Parse(Box::new(e))
    }
}

/// A text that is no template.
#[derive(Clone, Debug)]
pub struct ParseError {
    /// The text.
    pub source: Rc<Source>,
    /// Where, in bytes.
    pub offset: u32,
    /// The line, as Go counts it.
    pub line: u32,
    /// What is wrong.
    pub message: String,
}

impl ParseError {
    pub(crate) fn new(source: &Rc<Source>, offset: u32, message: String) -> Self {
        ParseError { source: source.clone(), offset, line: source.line(offset), message }
    }

    /// Go's text.
    #[must_use]
    pub fn go_message(&self) -> String {
        format!("template: {}:{}: {}", self.source.name, self.line, self.message)
    }
}

/// A template that failed while it ran.
#[derive(Clone, Debug)]
pub struct ExecError {
    /// The text that holds the node at fault.
    pub source: Rc<Source>,
    /// The name of the template that was running.
    pub template: Str,
    /// Where the node stands, in bytes.
    pub offset: u32,
    /// Its line, from one.
    pub line: u32,
    /// Its column in bytes, from zero.
    pub column: u32,
    /// The node as Go prints it; never shortened.
    pub context: String,
    /// What went wrong.
    pub reason: Reason,
    /// The `{{template}}` calls that led here from the template that was executed, innermost first.
    pub calls: Vec<CallSite>,
    /// The values at fault, noted only while a trace is taken.
    pub detail: Option<Box<Detail>>,
}

/// The values that an error is about.
#[derive(Clone, Debug)]
pub enum Detail {
    /// A chain of names that could not be followed to its end.
    Names {
        /// What the first name was asked of.
        start: Value,
        /// The names.
        names: Vec<Str>,
        /// The name that failed: an index.
        failed: usize,
        /// The name that stands at the error's place: an index.
        placed: usize,
    },
    /// A value that is of another type than wanted.
    Value(Value),
    /// What a function was called with.
    Arguments(Vec<Value>),
}

/// Why a node failed.
#[derive(Clone, Debug)]
pub enum Reason {
    /// The executor's own words.
    Message(String),
    /// A function or method returned an error.
    Calling {
        /// Its name.
        name: Str,
        /// The error.
        cause: Error,
    },
}

/// A `{{template}}` action that was running.
#[derive(Clone, Debug)]
pub struct CallSite {
    /// The text.
    pub source: Rc<Source>,
    /// Where the action stands, in bytes.
    pub offset: u32,
    /// The template that holds it.
    pub template: Str,
}

impl Reason {
    /// Appends the text without the cause, which is returned.
    fn write<'r>(&'r self, out: &mut String) -> Option<&'r Error> {
        match self {
            Reason::Message(text) => {
                out.push_str(text);
                None
            }
            Reason::Calling { name, cause } => {
                out.push_str("error calling ");
                out.push_str(&raw::text(name));
                out.push_str(": ");
                Some(cause)
            }
        }
    }
}

impl ExecError {
    /// Go's text.
    #[must_use]
    pub fn go_message(&self) -> String {
        let mut out = String::new();
        self.write_place(&mut out);
        out.push_str(&self.message());
        out
    }

    fn write_place(&self, out: &mut String) {
        let (name, line, column) = (&self.source.name, self.line, self.column);
        let executing = quote(&self.template);
        // Writing to a string cannot fail.
        let _ = write!(out, "template: {name}:{line}:{column}: executing {executing} at <{}>: ", self.context);
    }

    /// What went wrong, without the place.
    #[must_use]
    pub fn message(&self) -> String {
        let mut out = String::new();
        if let Some(cause) = self.reason.write(&mut out) {
            cause.write(&mut out);
        }
        out
    }
}
