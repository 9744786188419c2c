//! Go's durations, `1h30m`: only whether a text is one, and Go's complaint when it is not.

use rhumb_gostd::duration::Duration;

/// Checks a text as `time.ParseDuration` does.
pub(super) fn parse(text: &str) -> Result<(), String> {
    Duration::parse(text.as_bytes()).map(drop).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    // Observed from Helm 4.3.1 (`--timeout`).
    #[test]
    fn durations() {
        let cases = [
            ("5m0s", None),
            ("1.5h", None),
            ("-3ms", None),
            ("0", None),
            ("x", Some("time: invalid duration \"x\"")),
            ("", Some("time: invalid duration \"\"")),
            ("5", Some("time: missing unit in duration \"5\"")),
            ("9999999999h", Some("time: invalid duration \"9999999999h\"")),
            ("5x", Some("time: unknown unit \"x\" in duration \"5x\"")),
        ];
        for (text, want) in cases {
            assert_eq!(parse(text).err().as_deref(), want, "{text}");
        }
    }
}
