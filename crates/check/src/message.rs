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

/// How important a line of the log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Only for those who look for faults.
    Debug,
    /// Worth knowing.
    Info,
    /// Likely wrong.
    Warn,
}

/// A line of the log: what loading, merging and rendering said on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// How important it is.
    pub level: Level,
    /// The message.
    pub message: String,
    /// Its attributes in their order.
    pub attributes: Vec<(&'static str, String)>,
}

impl Log {
    /// What checking values against a schema logs. A warning that was given before is left out.
    pub(crate) fn add_schema(log: &mut Vec<Log>, lines: Vec<rhumb_chart::values::schema::Line>) {
        for line in lines {
            let level = if line.is_warning { Level::Warn } else { Level::Debug };
            let new = Log { level, message: line.message.to_owned(), attributes: line.fields };
            if !line.is_warning || !log.contains(&new) {
                log.push(new);
            }
        }
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
