//! What a scalar means: the YAML 1.1 resolution of the reference.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use std::borrow::Cow;

use crate::node::{Node, NodeKind};
use crate::token::Style;

/// The meaning of a scalar.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Scalar<'s> {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    Str(Cow<'s, [u8]>),
    /// A plain `<<`.
    Merge,
}

const LONG: &[u8] = b"tag:yaml.org,2002:";

/// The meaning of a scalar node, or the error of a tag that does not fit.
pub(crate) fn resolve<'s>(node: &'s Node<'_>) -> Result<Scalar<'s>, String> {
    let plain = node.kind == NodeKind::Scalar(Style::Plain);
    match &node.tag {
        None if plain => Ok(plain_scalar(&node.text)),
        None => Ok(Scalar::Str(Cow::Borrowed(&node.text))),
        Some(tag) => tagged(tag, &node.text),
    }
}

fn tagged<'s>(tag: &[u8], text: &'s [u8]) -> Result<Scalar<'s>, String> {
    let kind = tag.strip_prefix(LONG).unwrap_or_default();
    let as_text = || Scalar::Str(Cow::Borrowed(text));
    match kind {
        b"str" => Ok(as_text()),
        b"merge" if text == b"<<" => Ok(Scalar::Merge),
        b"binary" => match decode_base64(text) {
            Some(bytes) => Ok(Scalar::Str(Cow::Owned(bytes))),
            None => Err("yaml: !!binary value contains invalid base64 data".to_owned()),
        },
        b"int" | b"float" | b"bool" | b"null" | b"timestamp" => {
            if kind == b"timestamp" {
                return if is_timestamp(text) { Ok(as_text()) } else { Err(mismatch(text, "timestamp")) };
            }
            let value = plain_scalar(text);
            match (kind, value) {
                (b"int", v @ (Scalar::Int(_) | Scalar::Uint(_))) => Ok(v),
                (b"float", v @ Scalar::Float(_)) => Ok(v),
                (b"float", Scalar::Int(n)) => Ok(Scalar::Float(n as f64)),
                (b"float", Scalar::Uint(n)) => Ok(Scalar::Float(n as f64)),
                (b"bool", v @ Scalar::Bool(_)) => Ok(v),
                (b"null", Scalar::Null) => Ok(Scalar::Null),
                _ => Err(mismatch(text, &String::from_utf8_lossy(kind))),
            }
        }
        _ => Ok(as_text()),
    }
}

fn mismatch(text: &[u8], wanted: &str) -> String {
    let is = match plain_scalar(text) {
        Scalar::Null => "null",
        Scalar::Bool(_) => "bool",
        Scalar::Int(_) | Scalar::Uint(_) => "int",
        Scalar::Float(_) => "float",
        Scalar::Merge => "merge",
        Scalar::Str(_) if wanted != "timestamp" && is_timestamp(text) => "timestamp",
        Scalar::Str(_) => "str",
    };
    format!("yaml: cannot decode !!{is} `{}` as a !!{wanted}", String::from_utf8_lossy(text))
}

/// The meaning of an untagged plain scalar.
pub(crate) fn plain_scalar(text: &[u8]) -> Scalar<'_> {
    let Some(first) = text.first() else { return Scalar::Null };
    let number = match first {
        b'+' | b'-' | b'.' | b'0'..=b'9' => number(text),
        b'~' | b'<' | b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' => word(text),
        _ => None,
    };
    number.unwrap_or(Scalar::Str(Cow::Borrowed(text)))
}

fn word(text: &[u8]) -> Option<Scalar<'static>> {
    if text.len() > b"false".len() {
        return None;
    }
    Some(match text {
        b"y" | b"Y" | b"yes" | b"Yes" | b"YES" | b"true" | b"True" | b"TRUE" | b"on" | b"On" | b"ON" => {
            Scalar::Bool(true)
        }
        b"n" | b"N" | b"no" | b"No" | b"NO" | b"false" | b"False" | b"FALSE" | b"off" | b"Off" | b"OFF" => {
            Scalar::Bool(false)
        }
        b"~" | b"null" | b"Null" | b"NULL" => Scalar::Null,
        b"<<" => Scalar::Merge,
        _ => return None,
    })
}

fn number(text: &[u8]) -> Option<Scalar<'static>> {
    match text {
        b".nan" | b".NaN" | b".NAN" => return Some(Scalar::Float(f64::NAN)),
        b".inf" | b".Inf" | b".INF" | b"+.inf" | b"+.Inf" | b"+.INF" => return Some(Scalar::Float(f64::INFINITY)),
        b"-.inf" | b"-.Inf" | b"-.INF" => return Some(Scalar::Float(f64::NEG_INFINITY)),
        _ => {}
    }
    let dotted = text[0] == b'.';
    let plain: Cow<'_, [u8]> = if !text.contains(&b'_') {
        Cow::Borrowed(text)
    } else if !dotted || underscores_separate_digits(text) {
        Cow::Owned(text.iter().copied().filter(|b| *b != b'_').collect())
    } else {
        return None;
    };
    if !dotted && let Some(n) = integer(&plain) {
        return Some(n);
    }
    float(&plain).map(Scalar::Float)
}

fn underscores_separate_digits(text: &[u8]) -> bool {
    let digit = |i: usize| text.get(i).is_some_and(u8::is_ascii_digit);
    (0..text.len()).all(|i| text[i] != b'_' || (i > 0 && digit(i - 1) && digit(i + 1)))
}

/// Go's base prefixes and C's octal zero, in 64 bits, signed where it fits.
fn integer(text: &[u8]) -> Option<Scalar<'static>> {
    let (sign, digits) = match text {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] => (1, rest),
        rest => (0, rest),
    };
    let (radix, digits) = match digits {
        [b'0', b'x' | b'X', rest @ ..] => (16, rest),
        [b'0', b'b' | b'B', rest @ ..] => (2, rest),
        [b'0', b'o' | b'O', rest @ ..] => (8, rest),
        [b'0', rest @ ..] if !rest.is_empty() => (8, rest),
        rest => (10, rest),
    };
    if digits.is_empty() || !digits.iter().all(|b| char::from(*b).is_digit(radix)) {
        return None;
    }
    let value = u64::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()?;
    match sign {
        -1 if value <= 1 << 63 => Some(Scalar::Int((value as i64).wrapping_neg())),
        -1 => None,
        _ => match i64::try_from(value) {
            Ok(n) => Some(Scalar::Int(n)),
            Err(_) if sign == 0 => Some(Scalar::Uint(value)),
            Err(_) => None,
        },
    }
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, within the range of a float64.
fn float(text: &[u8]) -> Option<f64> {
    let unsigned = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    let digits = |s: &[u8]| s.iter().take_while(|b| b.is_ascii_digit()).count();
    let whole = digits(unsigned);
    let mut rest = &unsigned[whole..];
    if let Some(after) = rest.strip_prefix(b".") {
        let fraction = digits(after);
        if whole + fraction == 0 {
            return None;
        }
        rest = &after[fraction..];
    } else if whole == 0 {
        return None;
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = exponent.strip_prefix(b"-").or(exponent.strip_prefix(b"+")).unwrap_or(exponent);
        if exponent.is_empty() || digits(exponent) != exponent.len() {
            return None;
        }
    } else if !rest.is_empty() {
        return None;
    }
    let value: f64 = std::str::from_utf8(text).ok()?.parse().ok()?;
    value.is_finite().then_some(value)
}

/// A date, or a date with a time, in one of the forms that the reference takes.
pub(crate) fn is_timestamp(text: &[u8]) -> bool {
    let number = |s: &[u8], max: usize| s.iter().take(max).take_while(|b| b.is_ascii_digit()).count();
    if number(text, 4) != 4 || text.get(4) != Some(&b'-') {
        return false;
    }
    let value = |s: &[u8]| s.iter().fold(0u32, |n, b| n * 10 + u32::from(*b - b'0'));
    let year = value(&text[..4]);
    let rest = &text[5..];
    let m = number(rest, 2);
    if m == 0 || rest.get(m) != Some(&b'-') {
        return false;
    }
    let month = value(&rest[..m]);
    let rest = &rest[m + 1..];
    let d = number(rest, 2);
    if d == 0 {
        return false;
    }
    let day = value(&rest[..d]);
    if !(1..=12).contains(&month) || day == 0 || day > days(year, month) {
        return false;
    }
    let rest = &rest[d..];
    if rest.is_empty() {
        return true;
    }
    let (t, rest) = (rest[0], &rest[1..]);
    (matches!(t, b'T' | b't') && time_of_day(rest, true)) || (t == b' ' && time_of_day(rest.trim_ascii_start(), false))
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// `15:4:5.9`, with a zone (`Z` or `±hh:mm`) exactly when `zoned`.
fn time_of_day(text: &[u8], zoned: bool) -> bool {
    let mut rest = text;
    for (i, max) in [23, 59, 59].into_iter().enumerate() {
        let n = rest.iter().take(2).take_while(|b| b.is_ascii_digit()).count();
        if n == 0 || rest[..n].iter().fold(0, |v, b| v * 10 + u32::from(*b - b'0')) > max {
            return false;
        }
        rest = &rest[n..];
        if i < 2 {
            match rest.strip_prefix(b":") {
                Some(after) => rest = after,
                None => return false,
            }
        }
    }
    if let [b'.' | b',', fraction @ ..] = rest {
        let n = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
        if n == 0 {
            return false;
        }
        rest = &fraction[n..];
    }
    if zoned { zone(rest) } else { rest.is_empty() }
}

fn zone(text: &[u8]) -> bool {
    match text {
        b"Z" => true,
        [b'+' | b'-', a, b, b':', c, d] => {
            [a, b, c, d].iter().all(|x| x.is_ascii_digit())
                && (a - b'0') * 10 + (b - b'0') <= 24
                && (c - b'0') * 10 + (d - b'0') < 60
        }
        _ => false,
    }
}

/// Standard base64 with its padding. As Go reads it: line breaks are skipped, and the bits that the last digit has to spare may be set.
fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    const READER: GeneralPurpose =
        GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));
    let digits: Vec<u8> = text.iter().copied().filter(|b| !matches!(b, b'\r' | b'\n')).collect();
    READER.decode(digits).ok()
}
