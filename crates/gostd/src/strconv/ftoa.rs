//! Floats to text: `strconv.FormatFloat`, fmt's `%v` and the number rule of `encoding/json`.

use std::fmt::Write as _;

/// More digits than any exact double has before or after its point; beyond are only zeros.
const MAX_EXACT: usize = 1100;

/// `strconv.FormatFloat(f, fmt, prec, bits)`; see [`append_float`].
#[must_use]
pub fn format_float(f: f64, fmt: u8, prec: i32, bits: u32) -> String {
    let mut out = Vec::with_capacity(24);
    append_float(&mut out, f, fmt, prec, bits);
    into_string(out)
}

/// fmt's `%v`: shortest digits, exponent form when the decimal exponent is below -4 or at least 6
/// (`1e+06`, `999999`, `1.2345678e+07`).
#[must_use]
pub fn fmt_float_v(f: f64) -> String {
    let mut out = Vec::with_capacity(24);
    append_float_v(&mut out, f);
    into_string(out)
}

/// Appends what [`fmt_float_v`] gives.
pub fn append_float_v(out: &mut Vec<u8>, f: f64) {
    append_float(out, f, b'g', -1, 64);
}

/// A number as `encoding/json` writes it: plain digits between 1e-6 and 1e21, else `1e-7`, `1e+21`.
///
/// The caller deals with NaN and infinities, which JSON does not have.
#[must_use]
pub fn json_float(f: f64) -> String {
    let mut out = Vec::with_capacity(24);
    append_json_float(&mut out, f);
    into_string(out)
}

/// Appends what [`json_float`] gives.
pub fn append_json_float(out: &mut Vec<u8>, f: f64) {
    let abs = f.abs();
    if abs != 0.0 && !(1e-6..1e21).contains(&abs) {
        let start = out.len();
        append_float(out, f, b'e', -1, 64);
        // e-09 becomes e-9
        let n = out.len();
        if n >= start + 4 && &out[n - 4..n - 1] == b"e-0" {
            out[n - 2] = out[n - 1];
            out.pop();
        }
    } else {
        append_float(out, f, b'f', -1, 64);
    }
}

/// Appends `f` in the form `fmt` (`e E f g G b x X`; another letter `%` and itself) with `prec` digits (-1: the shortest text that
/// reads back as the same number) for a float of `bits` (32 or 64) bits, as `strconv.AppendFloat`.
pub fn append_float(out: &mut Vec<u8>, f: f64, fmt: u8, prec: i32, bits: u32) {
    let f = if bits == 32 { f64::from(f as f32) } else { f };
    if f.is_nan() {
        return out.extend_from_slice(b"NaN");
    }
    if f.is_infinite() {
        return out.extend_from_slice(if f > 0.0 { b"+Inf" } else { b"-Inf" });
    }
    if f.is_sign_negative() {
        out.push(b'-');
    }
    let f = f.abs();
    match fmt {
        b'b' => binary(out, f, bits),
        b'x' | b'X' => hex(out, f, fmt, prec),
        b'e' | b'E' | b'f' | b'g' | b'G' => decimal(out, f, fmt, prec, bits),
        _ => {
            if out.last() == Some(&b'-') {
                out.pop();
            }
            out.extend_from_slice(&[b'%', fmt]);
        }
    }
}

/// Decimal digits without trailing zeros and the place of the point: 0.d1d2... * 10^point.
struct Digits {
    digits: Vec<u8>,
    point: i32,
}

impl Digits {
    /// From Rust's `{:e}` text: `d.ddde-x`.
    fn from_exponential(text: &str) -> Self {
        let (mantissa, exp) = text.split_once('e').unwrap_or((text, "0"));
        let mut digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).collect();
        let kept = digits.iter().rposition(|&d| d != b'0').map_or(0, |i| i + 1);
        digits.truncate(kept);
        let point = if kept == 0 { 0 } else { exp.parse::<i32>().unwrap_or(0) + 1 };
        Digits { digits, point }
    }

    fn get(&self, i: i32) -> u8 {
        usize::try_from(i).ok().and_then(|i| self.digits.get(i)).copied().unwrap_or(b'0')
    }

    fn len(&self) -> i32 {
        i32::try_from(self.digits.len()).unwrap_or(i32::MAX)
    }
}

fn decimal(out: &mut Vec<u8>, f: f64, fmt: u8, prec: i32, bits: u32) {
    let lower = fmt.to_ascii_lowercase();
    if prec >= 0 && lower == b'f' {
        return fixed(out, f, prec);
    }
    let mut text = String::with_capacity(32);
    let shortest = prec < 0;
    let wanted = if lower == b'g' { prec.max(1) - 1 } else { prec };
    let done = if !shortest {
        let places = usize::try_from(wanted).unwrap_or(0).min(MAX_EXACT);
        write!(text, "{f:.places$e}")
    } else if bits == 32 {
        write!(text, "{:e}", f as f32)
    } else {
        write!(text, "{f:e}")
    };
    debug_assert!(done.is_ok());
    let mut d = Digits::from_exponential(&text);
    if shortest {
        prefer_even(&mut d, f, bits);
    }
    match lower {
        b'e' => exponent_form(out, &d, if shortest { d.len().max(1) - 1 } else { prec }, fmt),
        b'f' => point_form(out, &d),
        _ => {
            let limit = if shortest { 6 } else { prec.max(1) };
            let exp = d.point - 1;
            if exp < -4 || exp >= limit {
                exponent_form(out, &d, d.len().max(1) - 1, fmt - 2);
            } else {
                point_form(out, &d);
            }
        }
    }
}

/// Of two shortest texts equally near to the number, Go takes the one with the even last digit, Rust the
/// upper. A tie needs as many digits as the type can hold, so most numbers are not looked at twice.
fn prefer_even(d: &mut Digits, f: f64, bits: u32) {
    let candidate = d.digits.len() >= if bits == 32 { 6 } else { 15 };
    if !candidate || d.digits.last().is_none_or(|digit| digit % 2 == 0) {
        return;
    }
    let places = d.digits.len() - 1;
    let even = format!("{f:.places$e}");
    let same = if bits == 32 {
        even.parse::<f32>().is_ok_and(|back| back == f as f32)
    } else {
        even.parse::<f64>().is_ok_and(|back| back == f)
    };
    if same {
        *d = Digits::from_exponential(&even);
    }
}

/// `%.{prec}f`, exact.
fn fixed(out: &mut Vec<u8>, f: f64, prec: i32) {
    let prec = usize::try_from(prec).unwrap_or(0);
    let places = prec.min(MAX_EXACT);
    out.extend_from_slice(format!("{f:.places$}").as_bytes());
    out.resize(out.len() + (prec - places), b'0');
}

fn point_form(out: &mut Vec<u8>, d: &Digits) {
    if d.point > 0 {
        out.extend((0..d.point).map(|i| d.get(i)));
    } else {
        out.push(b'0');
    }
    if d.len() > d.point {
        out.push(b'.');
        out.extend((d.point..d.len()).map(|i| d.get(i)));
    }
}

fn exponent_form(out: &mut Vec<u8>, d: &Digits, prec: i32, letter: u8) {
    out.push(d.get(0));
    if prec > 0 {
        out.push(b'.');
        out.extend((1..=prec).map(|i| d.get(i)));
    }
    let exp = if d.digits.is_empty() { 0 } else { d.point - 1 };
    out.push(letter);
    push_exponent(out, exp);
}

/// Sign and at least two digits.
fn push_exponent(out: &mut Vec<u8>, exp: i32) {
    let sign = if exp < 0 { '-' } else { '+' };
    out.extend_from_slice(format!("{sign}{:02}", exp.unsigned_abs()).as_bytes());
}

/// Mantissa and power of two so that f = mantissa * 2^exp, for the given size.
fn parts(f: f64, bits: u32) -> (u64, i32) {
    let (raw, mantissa_bits, bias) =
        if bits == 32 { (u64::from((f as f32).to_bits()), 23, 127) } else { (f.to_bits(), 52, 1023) };
    let fraction = raw & ((1 << mantissa_bits) - 1);
    let exp = i32::try_from(raw >> mantissa_bits).unwrap_or(0);
    let (mantissa, exp) = if exp == 0 { (fraction, 1) } else { (fraction | 1 << mantissa_bits, exp) };
    (mantissa, exp - bias - mantissa_bits)
}

fn binary(out: &mut Vec<u8>, f: f64, bits: u32) {
    let (mantissa, exp) = parts(f, bits);
    out.extend_from_slice(format!("{mantissa}p{exp:+}").as_bytes());
}

fn hex(out: &mut Vec<u8>, f: f64, fmt: u8, prec: i32) {
    let (mut mantissa, mut exp) = parts(f, 64);
    if mantissa == 0 {
        exp = 0;
    } else {
        // one bit before the point, 60 after it
        let shift = i32::try_from(mantissa.leading_zeros()).unwrap_or(0) - 3;
        mantissa <<= shift;
        exp += 60 - shift;
    }
    if (0..15).contains(&prec) {
        let dropped = 4 * (15 - prec.unsigned_abs());
        let rest = mantissa & ((1 << dropped) - 1);
        let half = 1 << (dropped - 1);
        mantissa >>= dropped;
        if rest > half || (rest == half && mantissa & 1 == 1) {
            mantissa += 1;
        }
        mantissa <<= dropped;
        if mantissa >> 61 != 0 {
            mantissa >>= 1;
            exp += 1;
        }
    }
    let digits = format!("{:015x}", mantissa & ((1 << 60) - 1));
    let start = out.len();
    out.extend_from_slice(b"0x");
    out.push(b'0' + u8::from(mantissa >> 60 != 0));
    let digits = if prec < 0 {
        digits.trim_end_matches('0').to_owned()
    } else {
        let width = usize::try_from(prec).unwrap_or(0);
        format!("{:0<width$.width$}", digits, width = width.min(MAX_EXACT))
    };
    if !digits.is_empty() {
        out.push(b'.');
        out.extend_from_slice(digits.as_bytes());
        let wanted = usize::try_from(prec).unwrap_or(0);
        out.resize(out.len() + wanted.saturating_sub(digits.len()), b'0');
    }
    out.push(b'p');
    push_exponent(out, exp);
    if fmt == b'X' {
        out[start..].make_ascii_uppercase();
    }
}

/// The text is ASCII by construction.
fn into_string(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_default()
}
