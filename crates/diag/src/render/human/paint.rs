//! Colours, or none.

use crate::Severity;

/// Wraps words in ANSI sequences where they are wanted.
#[derive(Clone, Copy)]
pub(super) struct Paint {
    pub(super) colour: bool,
}

impl Paint {
    fn wrap(self, code: &str, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    pub(super) fn severity(self, severity: Severity, text: &str) -> String {
        let code = match severity {
            Severity::Info => "1;36",
            Severity::Warning => "1;33",
            Severity::Error => "1;31",
        };
        self.wrap(code, text)
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.wrap("1;34", text)
    }

    pub(super) fn hint(self, text: &str) -> String {
        self.wrap("1;32", text)
    }

    /// The carets of a label and its words.
    pub(super) fn label(self, text: &str, is_primary: bool) -> String {
        self.wrap(if is_primary { "1;31" } else { "1;34" }, text)
    }
}
