//! Numbers and times of TOML, from the text of one value.

use rhumb_gostd::layout::{Zone, parse};
use rhumb_value::Value;

use crate::time_object::time_value;

/// An integer in decimal, or with a prefix for its base.
pub(super) fn integer(text: &str) -> Result<Value, String> {
    check_underscores(text, "integer")?;
    let bare = text.replace('_', "");
    let (sign, digits) = match bare.strip_prefix(['+', '-']) {
        Some(digits) => (&bare[..1], digits),
        None => ("", &bare[..]),
    };
    let (base, digits) = match digits.get(..2) {
        Some("0x") => (16, &digits[2..]),
        Some("0o") => (8, &digits[2..]),
        Some("0b") => (2, &digits[2..]),
        _ if digits.len() > 1 && digits.starts_with('0') => {
            return Err(format!("Invalid integer \"{text}\": cannot have leading zeroes"));
        }
        _ => (10, digits),
    };
    let signed = format!("{}{digits}", if sign == "-" { "-" } else { "" });
    i64::from_str_radix(&signed, base).map(Value::int64).map_err(|_| format!("{text} is out of range for int64"))
}

/// A float with a point or an exponent.
pub(super) fn float(text: &str) -> Result<Value, String> {
    check_underscores(text, "float")?;
    let unsigned = text.trim_start_matches(['+', '-']).as_bytes();
    if unsigned.len() > 1 && unsigned[0] == b'0' && unsigned[1].is_ascii_digit() {
        return Err(format!("Invalid float \"{text}\": cannot have leading zeroes"));
    }
    let bytes = text.as_bytes();
    let lonely = |i: usize| bytes[i] == b'.' && !bytes.get(i + 1).is_some_and(u8::is_ascii_digit);
    if (0..bytes.len()).any(lonely) {
        return Err(format!("Invalid float \"{text}\": '.' must be followed by one or more digits"));
    }
    match text.replace('_', "").parse::<f64>() {
        Ok(f) if f.is_finite() => Ok(f.into()),
        Ok(_) => Err(format!("{text} is out of range for float64")),
        Err(_) => Err(format!("Invalid float value: \"{text}\"")),
    }
}

fn check_underscores(text: &str, what: &str) -> Result<(), String> {
    let bytes = text.as_bytes();
    let digit = |i: Option<usize>| i.and_then(|i| bytes.get(i)).is_some_and(u8::is_ascii_hexdigit);
    let bad = |i: usize| bytes[i] == b'_' && !(digit(i.checked_sub(1)) && digit(Some(i + 1)));
    if (0..bytes.len()).any(bad) {
        return Err(format!("Invalid {what} \"{text}\": underscores must be surrounded by digits"));
    }
    Ok(())
}

/// The forms of a time without an offset, and the zone's name that tells which one it was.
const LOCAL: &[(&str, &str)] = &[
    ("2006-01-02T15:04:05.999999999", "datetime-local"),
    ("2006-01-02T15:04", "datetime-local"),
    ("2006-01-02", "date-local"),
    ("15:04:05.999999999", "time-local"),
    ("15:04", "time-local"),
];

/// A date, a time, or both.
pub(super) fn time(text: &str) -> Result<Value, String> {
    let plain = text.to_ascii_uppercase().replace(' ', "T");
    for layout in ["2006-01-02T15:04:05.999999999Z07:00", "2006-01-02T15:04Z07:00"] {
        if let Ok(t) = parse(layout.as_bytes(), plain.as_bytes(), &Zone::Utc) {
            return Ok(time_value(t, Zone::Utc));
        }
    }
    for (layout, zone) in LOCAL {
        if let Ok(t) = parse(layout.as_bytes(), plain.as_bytes(), &Zone::Utc) {
            // The clock stays, only the zone gets the name.
            return Ok(time_value(t.in_zone(Zone::Fixed { name: (*zone).into(), offset: 0 }), Zone::Utc));
        }
    }
    Err(format!("invalid datetime: \"{text}\""))
}
