//! What checking a chart has to say: messages for the user, and lines for the log.

use std::fmt;

/// How grave a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Against what charts should do.
    Warning,
    /// Keeps the chart from being used.
    Error,
}

impl Severity {
    fn word(self) -> &'static str {
        match self {
            Severity::Info => "INFO",
            Severity::Warning => "WARNING",
            Severity::Error => "ERROR",
        }
    }
}

/// One message, as `helm lint` prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// How grave it is.
    pub severity: Severity,
    /// The file or folder it is about; empty for the chart as a whole.
    pub path: String,
    /// What is the matter.
    pub text: String,
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}: {}", self.severity.word(), self.path, self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Observed with `helm lint`: a message about the chart as a whole keeps its colon.
    #[test]
    fn printed() {
        let message = |severity, path: &str| Message { severity, path: path.into(), text: "x".into() }.to_string();
        assert_eq!(message(Severity::Error, ""), "[ERROR] : x");
        assert_eq!(message(Severity::Warning, "templates/"), "[WARNING] templates/: x");
        assert_eq!(message(Severity::Info, "Chart.yaml"), "[INFO] Chart.yaml: x");
    }
}
