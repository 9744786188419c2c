//! Files, spans, span maps and the one diagnostic.
//!
//! The words every other crate uses to say *where*: a [`Source`] is a file's bytes with a [`FileId`], a [`Span`] is a byte range in
//! one, a [`SpanMap`] ties ranges of generated text to whatever wrote them, and a [`Diagnostic`] is the one shape of a finding.
//! Nothing here reads files, prints or knows a chart; [`render`] turns a diagnostic into text for people or machines.

mod source;
mod span;
mod span_map;

pub mod codes;
mod diagnostic;
mod nearest;
pub mod render;
mod width;

pub use diagnostic::{Diagnostic, Frame, Label, Report, Severity};
pub use nearest::{edits, nearest};
pub use source::{FileId, Position, Source, Sources};
pub use span::Span;
pub use span_map::SpanMap;
