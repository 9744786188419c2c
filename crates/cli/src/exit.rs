//! Exit codes, and the failure that a verb hands up.

/// Everything went well.
pub(crate) const OK: u8 = 0;
/// Any failure; Helm knows no other number for its own commands.
pub(crate) const FAILED: u8 = 1;
/// A fault of ours: the number with which Rust ends a process that panicked.
pub(crate) const PANICKED: u8 = 101;

/// Why a command stopped, as the text after `Error: `.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// Helm's words where it has some.
    pub(crate) message: String,
}

impl Failure {
    /// A failure from its text.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::new(error.to_string())
    }
}

/// What a verb gives back.
pub(crate) type Outcome = Result<(), Failure>;
