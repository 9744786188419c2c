//! Go's durations, `1h30m`: only whether a text is one, and Go's complaint when it is not.

use super::quote;

/// Checks a text as `time.ParseDuration` does.
pub(super) fn parse(text: &str) -> Result<(), String> {
    let invalid = || Err(format!("time: invalid duration {}", quote(text)));
    let body = text.strip_prefix(['-', '+']).unwrap_or(text);
    if body == "0" {
        return Ok(());
    }
    if body.is_empty() {
        return invalid();
    }
    let mut rest = body;
    let mut total: f64 = 0.0;
    while !rest.is_empty() {
        let digits = |s: &str| s.bytes().take_while(u8::is_ascii_digit).count();
        let whole = digits(rest);
        let mut len = whole;
        if rest[len..].starts_with('.') {
            len += 1 + digits(&rest[len + 1..]);
        }
        if len == 0 || (whole == 0 && len == 1) {
            return invalid();
        }
        let number: f64 = rest[..len].parse().unwrap_or(0.0);
        rest = &rest[len..];
        let unit_len = rest.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(rest.len());
        let unit = &rest[..unit_len];
        let nanos = match unit {
            "" => return Err(format!("time: missing unit in duration {}", quote(text))),
            "ns" => 1.0,
            "us" | "µs" | "μs" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "m" => 6e10,
            "h" => 3.6e12,
            _ => return Err(format!("time: unknown unit {} in duration {}", quote(unit), quote(text))),
        };
        total += number * nanos;
        rest = &rest[unit_len..];
    }
    if total >= 9_223_372_036_854_775_807.0 { invalid() } else { Ok(()) }
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
            ("5x", Some("time: unknown unit \"x\" in duration \"5x\"")),
        ];
        for (text, want) in cases {
            assert_eq!(parse(text).err().as_deref(), want, "{text}");
        }
    }
}
