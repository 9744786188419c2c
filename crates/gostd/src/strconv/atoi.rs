//! Text to numbers: `ParseInt`, `ParseUint`, `ParseFloat`, `ParseBool`, `Atoi`, with Go's error texts.

use std::fmt;

use super::quote::quote_string;

/// What was wrong (`strconv.ErrSyntax`, `ErrRange` and the two invalid arguments).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumErrorKind {
    /// `invalid syntax`
    Syntax,
    /// `value out of range`
    Range,
    /// `invalid base N`
    Base(u32),
    /// `invalid bit size N`
    BitSize(u32),
}

impl fmt::Display for NumErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax => f.write_str("invalid syntax"),
            Self::Range => f.write_str("value out of range"),
            Self::Base(base) => write!(f, "invalid base {base}"),
            Self::BitSize(bits) => write!(f, "invalid bit size {bits}"),
        }
    }
}

/// `*strconv.NumError`; displays as `strconv.ParseInt: parsing "x": invalid syntax`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumError {
    /// The failing function, `ParseInt` for example.
    pub func: &'static str,
    /// The text that was parsed.
    pub input: Vec<u8>,
    /// The reason.
    pub kind: NumErrorKind,
}

impl fmt::Display for NumError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "strconv.{}: parsing {}: {}", self.func, quote_string(&self.input), self.kind)
    }
}

impl std::error::Error for NumError {}

fn error(func: &'static str, s: &[u8], kind: NumErrorKind) -> NumError {
    NumError { func, input: s.to_vec(), kind }
}

/// `strconv.ParseUint(s, base, bits)`: base 0 reads prefixes and underscores, bits 0 means 64.
///
/// # Errors
/// Go's `*NumError`.
pub fn parse_uint(s: &[u8], base: u32, bits: u32) -> Result<u64, NumError> {
    unsigned(s, base, bits).map_err(|kind| error("ParseUint", s, kind))
}

/// `strconv.ParseInt(s, base, bits)`, with an optional sign.
///
/// # Errors
/// Go's `*NumError`.
pub fn parse_int(s: &[u8], base: u32, bits: u32) -> Result<i64, NumError> {
    signed(s, base, bits).map_err(|kind| error("ParseInt", s, kind))
}

/// `strconv.Atoi`: base 10, 64 bits.
///
/// # Errors
/// Go's `*NumError`, naming `Atoi`.
pub fn atoi(s: &[u8]) -> Result<i64, NumError> {
    signed(s, 10, 64).map_err(|kind| error("Atoi", s, kind))
}

/// `strconv.ParseBool`: 1 t T TRUE true True, 0 f F FALSE false False.
///
/// # Errors
/// Go's `*NumError`.
pub fn parse_bool(s: &[u8]) -> Result<bool, NumError> {
    match s {
        b"1" | b"t" | b"T" | b"true" | b"TRUE" | b"True" => Ok(true),
        b"0" | b"f" | b"F" | b"false" | b"FALSE" | b"False" => Ok(false),
        _ => Err(error("ParseBool", s, NumErrorKind::Syntax)),
    }
}

fn signed(s: &[u8], base: u32, bits: u32) -> Result<i64, NumErrorKind> {
    let (negative, digits) = match s.first() {
        Some(b'-') => (true, &s[1..]),
        Some(b'+') => (false, &s[1..]),
        _ => (false, s),
    };
    let value = unsigned(digits, base, bits)?;
    let bits = if bits == 0 { 64 } else { bits };
    let limit = 1u64 << (bits - 1);
    if negative {
        if value > limit {
            return Err(NumErrorKind::Range);
        }
        return Ok(0i64.wrapping_sub_unsigned(value));
    }
    if value >= limit {
        return Err(NumErrorKind::Range);
    }
    i64::try_from(value).map_err(|_| NumErrorKind::Range)
}

fn unsigned(s: &[u8], base: u32, bits: u32) -> Result<u64, NumErrorKind> {
    if s.is_empty() {
        return Err(NumErrorKind::Syntax);
    }
    let (radix, digits) = match base {
        2..=36 => (base, s),
        0 => prefixed(s),
        _ => return Err(NumErrorKind::Base(base)),
    };
    let max = match bits {
        0 | 64 => u64::MAX,
        1..64 => (1 << bits) - 1,
        _ => return Err(NumErrorKind::BitSize(bits)),
    };
    if base == 0 && s.contains(&b'_') && !underscores_ok(s) {
        // a wrong digit or a number too large is told first; both texts are the same for syntax
        return match accumulate(digits, radix, true, max) {
            Err(kind) => Err(kind),
            Ok(_) => Err(NumErrorKind::Syntax),
        };
    }
    accumulate(digits, radix, base == 0, max)
}

fn accumulate(digits: &[u8], radix: u32, underscores: bool, max: u64) -> Result<u64, NumErrorKind> {
    if digits.is_empty() {
        return Err(NumErrorKind::Syntax);
    }
    let mut value = 0u64;
    for &b in digits {
        if b == b'_' && underscores {
            continue;
        }
        let digit = char::from(b).to_digit(radix).ok_or(NumErrorKind::Syntax)?;
        value = value
            .checked_mul(u64::from(radix))
            .and_then(|v| v.checked_add(u64::from(digit)))
            .filter(|&v| v <= max)
            .ok_or(NumErrorKind::Range)?;
    }
    Ok(value)
}

/// Base and digits of a literal: `0x`, `0b`, `0o`, `0` (octal) or decimal.
fn prefixed(s: &[u8]) -> (u32, &[u8]) {
    if s[0] != b'0' {
        return (10, s);
    }
    // a lone `0` has no digits after its octal prefix, and is 0
    match s.get(1).map(u8::to_ascii_lowercase) {
        None => (10, s),
        Some(b'x') if s.len() >= 3 => (16, &s[2..]),
        Some(b'b') if s.len() >= 3 => (2, &s[2..]),
        Some(b'o') if s.len() >= 3 => (8, &s[2..]),
        _ => (8, &s[1..]),
    }
}

/// Underscores only between digits, or between a base prefix and the first digit.
fn underscores_ok(s: &[u8]) -> bool {
    let s = s.strip_prefix(b"-").or_else(|| s.strip_prefix(b"+")).unwrap_or(s);
    let prefix = s.len() >= 2 && s[0] == b'0' && matches!(s[1].to_ascii_lowercase(), b'x' | b'b' | b'o');
    let hex = prefix && s[1].eq_ignore_ascii_case(&b'x');
    let digits = if prefix { &s[2..] } else { s };
    let is_digit = |b: u8| b.is_ascii_digit() || (hex && b.is_ascii_hexdigit());
    digits.iter().enumerate().all(|(i, &b)| {
        b != b'_'
            || ((if i == 0 { prefix } else { is_digit(digits[i - 1]) })
                && digits.get(i + 1).is_some_and(|&next| is_digit(next)))
    })
}

/// `strconv.ParseFloat(s, bits)`: decimal, hexadecimal (`0x1.8p3`), `inf`, `infinity`, `nan` in any case.
///
/// # Errors
/// Go's `*NumError`; a value too large is out of range, one too small is 0.
pub fn parse_float(s: &[u8], bits: u32) -> Result<f64, NumError> {
    float(s, bits).map_err(|kind| error("ParseFloat", s, kind))
}

fn float(s: &[u8], bits: u32) -> Result<f64, NumErrorKind> {
    let (negative, body) = match s.first() {
        Some(b'-') => (true, &s[1..]),
        Some(b'+') => (false, &s[1..]),
        _ => (false, s),
    };
    let lower = |text: &str| body.eq_ignore_ascii_case(text.as_bytes());
    let value = if lower("inf") || lower("infinity") {
        f64::INFINITY
    } else if lower("nan") && body.len() == s.len() {
        f64::NAN
    } else if body.len() >= 2 && body[0] == b'0' && body[1].eq_ignore_ascii_case(&b'x') {
        hex_float(s, &body[2..], bits)?
    } else {
        decimal_float(body, bits)?
    };
    Ok(if negative { -value } else { value })
}

/// Checks Go's syntax, which lets an underscore stand between digits, then reads.
fn decimal_float(body: &[u8], bits: u32) -> Result<f64, NumErrorKind> {
    if body.contains(&b'_') {
        if !underscores_ok(body) {
            return Err(NumErrorKind::Syntax);
        }
        let plain: Vec<u8> = body.iter().copied().filter(|&b| b != b'_').collect();
        return decimal_float(&plain, bits);
    }
    let digits = |s: &[u8]| s.iter().take_while(|b| b.is_ascii_digit()).count();
    let whole = digits(body);
    let mut at = whole;
    let mut fraction = 0;
    if body.get(at) == Some(&b'.') {
        fraction = digits(&body[at + 1..]);
        at += 1 + fraction;
    }
    if whole + fraction == 0 {
        return Err(NumErrorKind::Syntax);
    }
    if matches!(body.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(body.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(&body[at.min(body.len())..]);
        if exponent == 0 {
            return Err(NumErrorKind::Syntax);
        }
        at += exponent;
    }
    if at != body.len() {
        return Err(NumErrorKind::Syntax);
    }
    let text = std::str::from_utf8(body).map_err(|_| NumErrorKind::Syntax)?;
    let value = if bits == 32 { text.parse::<f32>().map(f64::from) } else { text.parse::<f64>() }
        .map_err(|_| NumErrorKind::Syntax)?;
    if value.is_infinite() { Err(NumErrorKind::Range) } else { Ok(value) }
}

/// What follows `0x`: digits with a point, and the binary exponent that must be there.
fn hex_float(whole: &[u8], s: &[u8], bits: u32) -> Result<f64, NumErrorKind> {
    let mut mantissa = 0u128;
    let mut scale = 0i64;
    let (mut seen, mut point) = (false, false);
    let mut at = 0;
    while let Some(&b) = s.get(at) {
        match char::from(b).to_digit(16) {
            _ if b == b'_' => {}
            _ if b == b'.' && !point => point = true,
            None => break,
            Some(digit) => {
                seen = true;
                if mantissa >> 100 == 0 {
                    mantissa = mantissa << 4 | u128::from(digit);
                    scale -= if point { 4 } else { 0 };
                } else {
                    // far below the last bit: only "not zero" matters
                    mantissa |= u128::from(digit != 0);
                    scale += if point { 0 } else { 4 };
                }
            }
        }
        at += 1;
    }
    if !seen || !matches!(s.get(at), Some(b'p' | b'P')) {
        return Err(NumErrorKind::Syntax);
    }
    let exponent = binary_exponent(&s[at + 1..])?;
    if whole.contains(&b'_') && !underscores_ok(whole) {
        return Err(NumErrorKind::Syntax);
    }
    round_binary(mantissa, scale.saturating_add(exponent), bits)
}

fn binary_exponent(s: &[u8]) -> Result<i64, NumErrorKind> {
    let (negative, digits) = match s.first() {
        Some(b'-') => (true, &s[1..]),
        Some(b'+') => (false, &s[1..]),
        _ => (false, s),
    };
    if !digits.first().is_some_and(u8::is_ascii_digit) {
        return Err(NumErrorKind::Syntax);
    }
    let mut value = 0i64;
    for &b in digits {
        match b {
            b'0'..=b'9' => value = (value * 10 + i64::from(b - b'0')).min(100_000_000),
            b'_' => {}
            _ => return Err(NumErrorKind::Syntax),
        }
    }
    Ok(if negative { -value } else { value })
}

/// mantissa * 2^exp rounded to nearest even.
fn round_binary(mantissa: u128, exp: i64, bits: u32) -> Result<f64, NumErrorKind> {
    if mantissa == 0 {
        return Ok(0.0);
    }
    let (precision, lowest, highest) = if bits == 32 { (24, -149, 128) } else { (53, -1074, 1024) };
    let length = 128 - i64::from(mantissa.leading_zeros());
    // the power of two of the last bit that is kept
    let last = (exp + length - precision).max(lowest);
    let dropped = last - exp;
    let (mut kept, mut exp) = (mantissa, exp);
    if dropped > 0 {
        exp = last;
        if dropped > 120 {
            kept = 0;
        } else {
            let rest = mantissa & ((1 << dropped) - 1);
            let half = 1 << (dropped - 1);
            kept = mantissa >> dropped;
            if rest > half || (rest == half && kept & 1 == 1) {
                kept += 1;
            }
        }
    }
    if kept == 0 {
        return Ok(0.0);
    }
    if exp + 128 - i64::from(kept.leading_zeros()) > highest {
        return Err(NumErrorKind::Range);
    }
    // exact: kept has at most 53 bits; two steps so that neither power underflows alone
    let kept = kept as f64;
    let exp = i32::try_from(exp).map_err(|_| NumErrorKind::Range)?;
    let first = exp.clamp(-1000, 900);
    Ok(kept * 2f64.powi(first) * 2f64.powi(exp - first))
}
