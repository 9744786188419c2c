//! Lines for the log: what loading, merging, checking and rendering a chart say beside their results.

/// How important a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Only for those who look for faults.
    Debug,
    /// Worth knowing.
    Info,
    /// Likely wrong.
    Warn,
    /// Wrong, though the work goes on.
    Error,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How important it is.
    pub level: Level,
    /// The message.
    pub message: String,
    /// Its attributes in their order.
    pub attributes: Vec<(&'static str, String)>,
}

impl Line {
    /// A line of this level.
    pub fn new(level: Level, message: impl Into<String>, attributes: Vec<(&'static str, String)>) -> Self {
        Line { level, message: message.into(), attributes }
    }
}
