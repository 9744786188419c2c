//! One flag's value, checked as Go's strconv and time check it.

use super::{Flag, Kind, csv, quote};

/// What a value becomes: the texts that it sets (one for a plain flag, any number for a list).
pub(super) fn read(flag: &Flag, text: &str) -> Result<Vec<String>, String> {
    let one = |text: String| Ok(vec![text]);
    match flag.kind {
        Kind::Text | Kind::Array | Kind::PostRenderer | Kind::PostRendererArgs => one(text.to_owned()),
        Kind::Bool => {
            boolean(text).map_or_else(|| Err(parsing("ParseBool", text, "invalid syntax")), |b| one(b.to_string()))
        }
        Kind::GoBool => boolean(text).map_or_else(|| Err("parse error".to_owned()), |b| one(b.to_string())),
        Kind::GoUint => text.parse::<u64>().map_or_else(|_| Err("parse error".to_owned()), |n| one(n.to_string())),
        Kind::Int => integer(text, i64::MIN.into(), i64::MAX.into()).and_then(one),
        Kind::Int32 => integer(text, i32::MIN.into(), i32::MAX.into()).and_then(one),
        Kind::Float32 => float(text).and_then(one),
        Kind::Duration => super::duration::parse(text).map(|()| vec![text.to_owned()]),
        Kind::Slice => csv_or_empty(text),
        Kind::Map => pairs(text),
        Kind::Wait => wait(text).and_then(one),
        Kind::VModule if text.is_empty() => one(String::new()),
        Kind::VModule => vmodule(text).and_then(one),
        Kind::Backtrace => backtrace(text).and_then(one),
    }
}

fn csv_or_empty(text: &str) -> Result<Vec<String>, String> {
    csv::record(text)
}

/// Go's `strconv.ParseBool`.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

fn parsing(function: &str, text: &str, words: &str) -> String {
    format!("strconv.{function}: parsing {}: {words}", quote(text))
}

/// Go's `strconv.ParseInt` with base 0: prefixes `0x`, `0o`, `0b`, a leading zero for octal, underscores between digits.
fn integer(text: &str, min: i128, max: i128) -> Result<String, String> {
    let bad = |words| Err(parsing("ParseInt", text, words));
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let lower = digits.to_ascii_lowercase();
    let (base, body) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..]),
        [b'0', b'o', ..] => (8, &lower[2..]),
        [b'0', b'b', ..] => (2, &lower[2..]),
        [b'0', _, ..] => (8, &lower[1..]),
        _ => (10, &lower[..]),
    };
    let prefixed = base != 10;
    let Some(clean) = without_underscores(body, prefixed) else { return bad("invalid syntax") };
    let mut value: i128 = 0;
    for c in clean.chars() {
        let Some(digit) = c.to_digit(base) else { return bad("invalid syntax") };
        value = (value * i128::from(base) + i128::from(digit)).min(i128::from(u64::MAX));
    }
    let value = if negative { -value } else { value };
    if value < min || value > max { bad("value out of range") } else { Ok(value.to_string()) }
}

/// The digits without underscores, which may only stand between digits (or after a prefix); plain decimals allow none.
fn without_underscores(body: &str, prefixed: bool) -> Option<String> {
    let bytes = body.as_bytes();
    let placed =
        |at: usize| prefixed && (at == 0 || bytes[at - 1] != b'_') && bytes.get(at + 1).is_some_and(|b| *b != b'_');
    let fine = !body.is_empty() && (0..bytes.len()).all(|at| bytes[at] != b'_' || placed(at));
    fine.then(|| body.replace('_', ""))
}

fn float(text: &str) -> Result<String, String> {
    let named = text.trim_start_matches(['+', '-']).to_ascii_lowercase();
    let number: f64 = match (&*named, text.parse()) {
        ("inf" | "infinity" | "nan", Ok(n)) => n,
        (_, Ok(n)) if text.ends_with(|c: char| c.is_ascii_digit() || c == '.') => n,
        _ => return Err(parsing("ParseFloat", text, "invalid syntax")),
    };
    #[expect(clippy::cast_possible_truncation, reason = "the flag holds 32 bits; the overflow is what is looked for")]
    let overflows = named.starts_with(|c: char| c.is_ascii_digit() || c == '.') && (number as f32).is_infinite();
    if overflows { Err(parsing("ParseFloat", text, "value out of range")) } else { Ok(text.to_owned()) }
}

/// pflag's `stringToString`: one pair as it stands, several as a line of CSV.
fn pairs(text: &str) -> Result<Vec<String>, String> {
    let all = match text.matches('=').count() {
        0 => return Err(format!("{text} must be formatted as key=value")),
        1 => vec![text.trim_matches('"').to_owned()],
        _ => csv::record(text)?,
    };
    match all.iter().find(|pair| !pair.contains('=')) {
        Some(pair) => Err(format!("{pair} must be formatted as key=value")),
        None => Ok(all),
    }
}

fn wait(text: &str) -> Result<String, String> {
    match text {
        "watcher" | "hookOnly" | "legacy" | "true" | "false" => Ok(text.to_owned()),
        _ => Err(format!("invalid wait input {}. Valid inputs are watcher, hookOnly, and legacy", quote(text))),
    }
}

fn vmodule(text: &str) -> Result<String, String> {
    for pair in text.split(',').filter(|p| !p.is_empty()) {
        match pair.split_once('=') {
            Some((file, number)) if !file.is_empty() && !number.is_empty() && !number.contains('=') => {
                integer(number, i32::MIN.into(), i32::MAX.into())
                    .map_err(|_| "syntax error: expect comma-separated list of filename=N".to_owned())?;
            }
            _ => return Err("syntax error: expect comma-separated list of filename=N".to_owned()),
        }
    }
    Ok(text.to_owned())
}

fn backtrace(text: &str) -> Result<String, String> {
    let fine = text.is_empty()
        || text
            .split_once(':')
            .is_some_and(|(file, line)| file.contains('.') && line.parse::<u32>().is_ok_and(|n| n > 0));
    if fine { Ok(text.to_owned()) } else { Err("syntax error: expect file.go:234".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: Kind, text: &str) -> String {
        match read(&Flag::new("x", kind, ""), text) {
            Ok(texts) => texts.join("|"),
            Err(e) => format!("! {e}"),
        }
    }

    // Observed from Helm 4.3.1.
    #[test]
    fn values_and_complaints() {
        let cases = [
            (Kind::Bool, "T", "true"),
            (Kind::Bool, "maybe", "! strconv.ParseBool: parsing \"maybe\": invalid syntax"),
            (Kind::Bool, "", "! strconv.ParseBool: parsing \"\": invalid syntax"),
            (Kind::GoBool, "zz", "! parse error"),
            (Kind::Int, "0x10", "16"),
            (Kind::Int, "010", "8"),
            (Kind::Int, "-5", "-5"),
            (Kind::Int, "x", "! strconv.ParseInt: parsing \"x\": invalid syntax"),
            (
                Kind::Int,
                "99999999999999999999",
                "! strconv.ParseInt: parsing \"99999999999999999999\": value out of range",
            ),
            (Kind::Float32, "2.5", "2.5"),
            (Kind::Float32, "x", "! strconv.ParseFloat: parsing \"x\": invalid syntax"),
            (Kind::Float32, "1e99", "! strconv.ParseFloat: parsing \"1e99\": value out of range"),
            (Kind::Slice, "a,b", "a|b"),
            (Kind::Map, "a=b,c", "a=b,c"),
            (Kind::Map, "x", "! x must be formatted as key=value"),
            (Kind::Map, "a=b,c=d,e", "! e must be formatted as key=value"),
            (Kind::Map, "\"", "! \" must be formatted as key=value"),
            (Kind::Wait, "bad", "! invalid wait input \"bad\". Valid inputs are watcher, hookOnly, and legacy"),
            (Kind::VModule, "zz", "! syntax error: expect comma-separated list of filename=N"),
            (Kind::Backtrace, "zz", "! syntax error: expect file.go:234"),
        ];
        for (kind, text, want) in cases {
            assert_eq!(check(kind, text), want, "{kind:?} {text}");
        }
    }
}
