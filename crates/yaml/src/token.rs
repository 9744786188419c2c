//! The words of YAML: what the scanner hands to the parser.

use std::borrow::Cow;

/// How a scalar was written; only plain ones may be something other than a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without any quotes.
    Plain,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// One token. The names follow the productions of the YAML 1.1 specification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    StreamEnd,
    VersionDirective { known: bool },
    TagDirective { handle: &'a [u8], prefix: Cow<'a, [u8]> },
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(&'a [u8]),
    Anchor(&'a [u8]),
    Tag { handle: &'a [u8], suffix: Cow<'a, [u8]> },
    Scalar { text: Cow<'a, [u8]>, style: Style },
}

/// A token with its place: bytes `start..end`, and the line (from 0) on which it starts.
#[derive(Clone, Debug)]
pub(crate) struct Spanned<'a> {
    pub(crate) token: Token<'a>,
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) line: u32,
}
