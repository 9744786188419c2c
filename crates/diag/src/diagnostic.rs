//! The one shape of a finding: what, where, by which way, and what to do.

use crate::{Sources, Span};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Likely wrong; the work goes on.
    Warning,
    /// Wrong; the work stops.
    Error,
}

impl Severity {
    /// The word that the renderers print.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A span with a word about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there, or empty.
    pub text: String,
    /// Whether the lines around a secondary place are shown too, as they are for the primary one.
    pub around: bool,
}

/// One step of the way that led to the place, outermost last: what happened at a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The call.
    pub span: Span,
    /// What happened there: `included`, `called from`.
    pub text: String,
}

/// Findings with the texts that they point into.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// What was found, the most important first.
    pub diagnostics: Vec<Diagnostic>,
    /// What the spans refer to.
    pub sources: Sources,
}

/// A finding as data. `message` is what Helm prints where Helm has an answer; everything else is ours and goes beyond it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad.
    pub severity: Severity,
    /// A stable short name such as `RH0301`, for machines and documentation (see [`crate::codes`]).
    pub code: &'static str,
    /// Helm's exact text where Helm has one; may hold several lines.
    pub message: String,
    /// A shorter headline for people who see the place beside it; the message's own words when empty.
    pub headline: String,
    /// Where the cause is.
    pub primary: Option<Label>,
    /// Other places that matter: where a value was set, what it overrode.
    pub secondary: Vec<Label>,
    /// The chain of includes that led there, innermost first.
    pub trail: Vec<Frame>,
    /// What else is known; each is one sentence.
    pub notes: Vec<String>,
    /// What to do about it; each is one sentence.
    pub hints: Vec<String>,
}

impl Diagnostic {
    /// An error with its code and Helm's text.
    #[must_use]
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A warning with its code and Helm's text.
    #[must_use]
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// A finding with nothing but severity, code and text.
    #[must_use]
    pub fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity,
            code,
            message: message.into(),
            headline: String::new(),
            primary: None,
            secondary: Vec::new(),
            trail: Vec::new(),
            notes: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// Adds the place of the cause.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.primary = Some(Label { span, text: text.into(), around: true });
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push(Label { span, text: text.into(), around: false });
        self
    }

    /// Adds another place with the lines around it.
    #[must_use]
    pub fn around(mut self, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push(Label { span, text: text.into(), around: true });
        self
    }

    /// Adds one step of the way, from the inside out.
    #[must_use]
    pub fn via(mut self, span: Span, text: impl Into<String>) -> Self {
        self.trail.push(Frame { span, text: text.into() });
        self
    }

    /// Adds something that is known besides.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds advice.
    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.hints.push(text.into());
        self
    }

    /// Replaces the headline that the human renderer shows.
    #[must_use]
    pub fn headline(mut self, text: impl Into<String>) -> Self {
        self.headline = text.into();
        self
    }
}

impl std::fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Diagnostic {}
