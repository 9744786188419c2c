//! Exit codes, and the failure that a verb hands up.

use rhumb_diag::{Report, codes};

/// Everything went well.
pub(crate) const OK: u8 = 0;
/// Any failure; Helm knows no other number for its own commands.
pub(crate) const FAILED: u8 = 1;
/// A fault of ours: the number with which Rust ends a process that panicked.
pub(crate) const PANICKED: u8 = 101;
/// Whoever read our output went away: the number that a shell shows for a program ended by SIGPIPE.
pub(crate) const PIPE: u8 = 141;

/// Why a command stopped, as the text after `Error: `.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    /// Helm's words where it has some.
    pub(crate) message: String,
    /// The code that `docs/errors.md` explains.
    pub(crate) code: &'static str,
    /// Advice of our own.
    pub(crate) hints: Vec<String>,
    /// The place and the cause, where somebody looked for them.
    pub(crate) report: Option<Box<Report>>,
}

impl Failure {
    /// A failure from its text.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: codes::FAILED, hints: Vec::new(), report: None }
    }

    /// The same under a code.
    pub(crate) fn code(self, code: &'static str) -> Self {
        Self { code, ..self }
    }

    /// The same with advice.
    pub(crate) fn hint(mut self, text: impl Into<String>) -> Self {
        self.hints.push(text.into());
        self
    }

    /// The same with what was found out about it.
    pub(crate) fn with(self, report: Option<Report>) -> Self {
        Self { report: report.map(Box::new), ..self }
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::new(error.to_string())
    }
}

/// What a verb gives back.
pub(crate) type Outcome = Result<(), Failure>;
