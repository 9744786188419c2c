//! Numbers as Go writes them.

use std::fmt::Write;

/// The shortest decimal digits of a number and its decimal exponent (`d.ddd` times ten to that power).
fn digits(formatted: &str) -> (bool, String, i32) {
    let (negative, rest) = match formatted.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, formatted),
    };
    let (mantissa, exponent) = rest.split_once('e').unwrap_or((rest, "0"));
    (negative, mantissa.replace('.', ""), exponent.parse().unwrap_or(0))
}

/// Go's `strconv.FormatFloat(f, 'g', -1, 64)`, with a plain form below ten to the power of `limit`.
pub(crate) fn go_g(f: f64, limit: i32, out: &mut String) {
    general(&format!("{f:e}"), limit, out);
}

/// The same for a float32, as map keys are written.
pub(crate) fn go_g32(f: f32) -> String {
    let mut out = String::new();
    if f.is_nan() {
        out.push_str("NaN");
    } else if f.is_infinite() {
        out.push_str(if f > 0.0 { "+Inf" } else { "-Inf" });
    } else {
        general(&format!("{f:e}"), 6, &mut out);
    }
    out
}

fn general(formatted: &str, limit: i32, out: &mut String) {
    let (negative, digits, exponent) = digits(formatted);
    if negative {
        out.push('-');
    }
    if exponent < -4 || exponent >= limit {
        let (first, rest) = digits.split_at(1);
        out.push_str(first);
        if !rest.is_empty() {
            out.push('.');
            out.push_str(rest);
        }
        let sign = if exponent < 0 { '-' } else { '+' };
        let _ = write!(out, "e{sign}{:02}", exponent.abs());
    } else {
        plain(&digits, exponent, out);
    }
}

fn plain(digits: &str, exponent: i32, out: &mut String) {
    if exponent < 0 {
        out.push_str("0.");
        for _ in 1..-exponent {
            out.push('0');
        }
        out.push_str(digits);
        return;
    }
    let whole = exponent as usize + 1;
    if digits.len() <= whole {
        out.push_str(digits);
        for _ in digits.len()..whole {
            out.push('0');
        }
    } else {
        out.push_str(&digits[..whole]);
        out.push('.');
        out.push_str(&digits[whole..]);
    }
}

/// A float as it comes out of `toYaml`: JSON first, then read again, where a number without dot and exponent is an integer.
pub(crate) fn json_then_yaml(f: f64, out: &mut String) {
    let start = out.len();
    let size = f.abs();
    if f == 0.0 {
        out.push('0');
    } else if !(1e-6..1e21).contains(&size) {
        go_g(f, 6, out);
    } else {
        let (negative, digits, exponent) = digits(&format!("{f:e}"));
        if negative {
            out.push('-');
        }
        plain(&digits, exponent, out);
        let text = &out[start..];
        let integer = !text.contains('.') && (text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok());
        if !integer {
            out.truncate(start);
            go_g(f, 6, out);
        }
    }
}
