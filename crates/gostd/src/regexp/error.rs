//! Why a pattern was refused, in the words of Go's `regexp`.

use std::fmt;

/// The kinds of fault, as `regexp/syntax` names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// `[z-a]`, `[[:foo:]]`, `\pX`.
    CharRange,
    /// `\8`.
    Escape,
    /// `(?P<n`.
    NamedCapture,
    /// `(?=`.
    PerlOp,
    /// `a**`.
    RepeatOp,
    /// `a{1001}`.
    RepeatSize,
    /// A pattern that is not UTF-8.
    Utf8,
    /// `[a`.
    MissingBracket,
    /// `(a`.
    MissingParen,
    /// `*`.
    MissingRepeatArgument,
    /// A backslash at the end.
    TrailingBackslash,
    /// `a)`.
    UnexpectedParen,
    /// More than a thousand levels.
    NestingDepth,
    /// A program beyond the size limit.
    Large,
}

impl ErrorKind {
    fn text(self) -> &'static str {
        match self {
            ErrorKind::CharRange => "invalid character class range",
            ErrorKind::Escape => "invalid escape sequence",
            ErrorKind::NamedCapture => "invalid named capture",
            ErrorKind::PerlOp => "invalid or unsupported Perl syntax",
            ErrorKind::RepeatOp => "invalid nested repetition operator",
            ErrorKind::RepeatSize => "invalid repeat count",
            ErrorKind::Utf8 => "invalid UTF-8",
            ErrorKind::MissingBracket => "missing closing ]",
            ErrorKind::MissingParen => "missing closing )",
            ErrorKind::MissingRepeatArgument => "missing argument to repetition operator",
            ErrorKind::TrailingBackslash => "trailing backslash at end of expression",
            ErrorKind::UnexpectedParen => "unexpected )",
            ErrorKind::NestingDepth => "expression nests too deeply",
            ErrorKind::Large => "expression too large",
        }
    }
}

/// A refused pattern; `Display` is Go's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// The piece of the pattern that Go shows.
    pub fragment: String,
}

impl Error {
    pub(super) fn new(kind: ErrorKind, fragment: &str) -> Error {
        Error { kind, fragment: fragment.to_owned() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error parsing regexp: {}: `{}`", self.kind.text(), self.fragment)
    }
}

impl std::error::Error for Error {}
