//! Conversions in the manner of the cast library: nothing fails, what does not fit is zero.

use rhumb_template::{Call, Func};
use rhumb_value::{Str, Type, Value, fmt};

use crate::args::{Answer, any, fail, func, text};

pub(crate) static FUNCS: &[Func] = &[
    func("atoi", &[Type::String], Type::INT, atoi),
    func("float64", &[Type::Any], Type::Float64, |c| Ok(Value::Float(to_float(any(c, 0))))),
    func("int", &[Type::Any], Type::INT, |c| Ok(Value::int(to_int(any(c, 0))))),
    func("int64", &[Type::Any], Type::INT64, |c| Ok(Value::int64(to_int(any(c, 0))))),
    func("toDecimal", &[Type::Any], Type::INT64, to_decimal),
    func("toString", &[Type::Any], Type::String, |c| Ok(Value::Str(to_text(any(c, 0))))),
    func("toStrings", &[Type::Any], Type::Strings, |c| Ok(Value::strings(to_texts(any(c, 0))))),
];

/// A value as text: a string as it is, bytes as a string, all else as `%v`.
pub(crate) fn to_text(value: &Value) -> Str {
    match value {
        Value::Str(s) => s.clone(),
        Value::Bytes(b) => Str::from(&b[..]),
        // The nil slice of bytes.
        Value::List(l) if l.is_nil() && value.type_name() == "[]uint8" => Str::new(),
        other => fmt::to_v(other).into(),
    }
}

/// A list as texts without its nils; nil is none, anything else is one.
pub(crate) fn to_texts(value: &Value) -> Vec<Str> {
    match value {
        Value::Nil => Vec::new(),
        Value::List(l) => l.iter().filter(|v| !v.is_nil()).map(to_text).collect(),
        Value::Bytes(b) => b.iter().map(|n| Str::from(n.to_string())).collect(),
        other => vec![to_text(other)],
    }
}

/// An integer of anything; floats lose their fraction, and what is too large becomes the least integer.
pub(crate) fn to_int(value: &Value) -> i64 {
    match value {
        Value::Int(n, _) => *n,
        Value::Float(f) => float_to_int(*f),
        Value::Bool(b) => i64::from(*b),
        Value::Str(s) => s.to_str().and_then(|s| parse_int(trim_zero_decimal(s), 0)).unwrap_or(0),
        other => named(other),
    }
}

/// The number of a month or a day of the week; the cast library knows no durations.
fn named(value: &Value) -> i64 {
    value.integer().filter(|_| value.type_name() != "time.Duration").map_or(0, |(n, _)| n)
}

/// What the processor of the reference does: the least integer where the number does not fit.
pub(crate) fn float_to_int(f: f64) -> i64 {
    // The cast truncates; both bounds are powers of two and so exact.
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&f) { f as i64 } else { i64::MIN }
}

/// `1.00` is read as `1`; other fractions stay.
fn trim_zero_decimal(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|c| c == b'0') => whole,
        _ => text,
    }
}

/// Go's `strconv.ParseInt`; base 0 reads prefixes and underscores.
pub(crate) fn parse_int(text: &str, base: u32) -> Option<i64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, body) = match base {
        0 => match (lower.get(..2), lower.get(2..)) {
            (Some("0x"), Some(rest)) => (16, rest),
            (Some("0o"), Some(rest)) => (8, rest),
            (Some("0b"), Some(rest)) => (2, rest),
            _ if lower.len() > 1 && lower.starts_with('0') => (8, &lower[1..]),
            _ => (10, &lower[..]),
        },
        _ => (base, &lower[..]),
    };
    let prefixed = body.len() < lower.len();
    let clean = if base == 0 && body.contains('_') {
        let bare = body.strip_prefix('_').filter(|_| prefixed).unwrap_or(body);
        if bare.starts_with('_') || bare.ends_with('_') || bare.contains("__") {
            return None;
        }
        body.replace('_', "")
    } else {
        body.to_owned()
    };
    if clean.is_empty() || clean.starts_with(['+', '-']) {
        return None;
    }
    let n = i128::from_str_radix(&clean, radix).ok()?;
    i64::try_from(if negative { -n } else { n }).ok()
}

/// A float of anything.
pub(crate) fn to_float(value: &Value) -> f64 {
    match value {
        Value::Int(n, kind) if kind.is_unsigned() => n.cast_unsigned() as f64,
        Value::Int(n, _) => *n as f64,
        Value::Float(f) => *f,
        Value::Bool(b) => f64::from(u8::from(*b)),
        Value::Str(s) => parse_float(s).unwrap_or(0.0),
        other => named(other) as f64,
    }
}

/// Floats as Go reads them, with single underscores inside; what overflows does not count.
fn parse_float(text: &[u8]) -> Option<f64> {
    if text.starts_with(b"_") || text.ends_with(b"_") || text.windows(2).any(|w| w == b"__") {
        return None;
    }
    let bare: Vec<u8> = text.iter().copied().filter(|c| *c != b'_').collect();
    rhumb_gostd::strconv::parse_float(&bare, 64).ok()
}

fn atoi(c: &mut Call<'_>) -> Answer {
    let digits = String::from_utf8_lossy(text(c, 0)).into_owned();
    let n = digits.parse::<i64>().or_else(|_| match digits.parse::<f64>() {
        // Out of range: Go hands back the nearest bound along with its error.
        Ok(f) if digits.trim_start_matches(['+', '-']).bytes().all(|c| c.is_ascii_digit()) => {
            Ok::<i64, ()>(if f < 0.0 { i64::MIN } else { i64::MAX })
        }
        _ => Ok(0),
    });
    match n {
        Ok(n) => Ok(Value::int(n)),
        Err(()) => fail("atoi"),
    }
}

fn to_decimal(c: &mut Call<'_>) -> Answer {
    let shown = fmt::to_v(any(c, 0));
    let n = std::str::from_utf8(&shown).ok().and_then(|s| parse_int(s, 8)).unwrap_or(0);
    Ok(Value::int64(n))
}
