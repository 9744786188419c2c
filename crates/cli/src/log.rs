//! Log lines as Helm 4 writes them to standard error: Go's `slog` text form without a time.

use std::borrow::Cow;
use std::fmt::Write as _;

use rhumb_chart::log::Line;
use rhumb_gostd::raw;
use rhumb_gostd::strconv::quote_string;

use crate::flags::quote;

/// How important a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// Only with `--debug`.
    Debug,
    /// Worth knowing.
    Info,
    /// Likely wrong.
    Warn,
    /// Wrong.
    Error,
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
        }
    }
}

impl From<rhumb_chart::log::Level> for Level {
    fn from(level: rhumb_chart::log::Level) -> Self {
        match level {
            rhumb_chart::log::Level::Debug => Self::Debug,
            rhumb_chart::log::Level::Info => Self::Info,
            rhumb_chart::log::Level::Warn => Self::Warn,
            rhumb_chart::log::Level::Error => Self::Error,
        }
    }
}

/// A line about a chart.
pub(crate) fn of(line: &Line) -> String {
    let fields: Vec<(&str, &str)> = line.attributes.iter().map(|(k, v)| (*k, v.as_str())).collect();
    self::line(line.level.into(), &line.message, &fields)
}

/// One line, `level=WARN msg="…" key=value`, with its newline.
pub(crate) fn line(level: Level, message: &str, fields: &[(&str, &str)]) -> String {
    let mut out = format!("level={} msg={}", level.word(), word(message));
    for (key, value) in fields {
        let _ = write!(out, " {key}={}", word(value));
    }
    out.push('\n');
    out
}

/// A value as slog prints it: quoted as soon as it is empty or holds a space, a quote, an equals sign or something unprintable.
fn word(text: &str) -> String {
    if let Cow::Owned(bytes) = raw::bytes(text) {
        return quote_string(&bytes);
    }
    let plain = |c: char| !(c == ' ' || c == '"' || c == '=' || c.is_control() || c == char::REPLACEMENT_CHARACTER);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { quote(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Observed from Helm 4.3.1.
    #[test]
    fn lines_as_the_reference_writes_them() {
        let cases = [
            (
                line(
                    Level::Warn,
                    "command failed",
                    &[("error", "invalid color mode \"bad\": must be one of: never, auto, always")],
                ),
                "level=WARN msg=\"command failed\" error=\"invalid color mode \\\"bad\\\": must be one of: never, auto, always\"\n",
            ),
            (
                line(Level::Debug, "Original chart version", &[("version", "")]),
                "level=DEBUG msg=\"Original chart version\" version=\"\"\n",
            ),
            (
                line(Level::Debug, "Chart path", &[("path", "/tmp/cl/a")]),
                "level=DEBUG msg=\"Chart path\" path=/tmp/cl/a\n",
            ),
        ];
        for (got, want) in cases {
            assert_eq!(got, want);
        }
    }
}
