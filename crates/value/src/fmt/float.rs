//! Floats in Go's forms (`strconv.AppendFloat`): `e f g x b`, exact or shortest.

/// Appends a float as `%v` does: the shortest digits that read back, with an exponent where the number is below 1e-4 or
/// from 1e6 on (`1e+06`).
pub fn append_float_v(out: &mut Vec<u8>, f: f64) {
    append_float(out, f, b'g', -1);
}

/// The decimal digits of a finite non-negative float and the place of the point before them: `0.d1d2d3 * 10^point`.
struct Digits {
    digits: Vec<u8>,
    point: i32,
}

impl Digits {
    /// The shortest digits, or `count` of them, correctly rounded.
    fn of(f: f64, count: Option<usize>) -> Digits {
        let text = match count {
            None => format!("{f:e}"),
            Some(n) => format!("{:.*e}", n.max(1) - 1, f),
        };
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let digits = mantissa.bytes().filter(u8::is_ascii_digit).collect();
        Digits { digits, point: exponent.parse::<i32>().unwrap_or(0) + 1 }
    }
}

/// Appends a float in Go's format `verb` (`e E f g G x X b`) with `precision`, -1 for the shortest that reads back.
/// Negative zero keeps its sign; infinities are `+Inf` and `-Inf`.
pub fn append_float(out: &mut Vec<u8>, f: f64, verb: u8, precision: i32) {
    if f.is_nan() {
        out.extend_from_slice(b"NaN");
        return;
    }
    if f.is_infinite() {
        out.extend_from_slice(if f > 0.0 { b"+Inf" } else { b"-Inf" });
        return;
    }
    if f.is_sign_negative() {
        out.push(b'-');
    }
    let f = f.abs();
    let exact = usize::try_from(precision).ok();
    match verb {
        b'e' | b'E' => {
            let d = Digits::of(f, exact.map(|p| p + 1));
            append_e(out, &d, exact.map_or(d.digits.len(), |p| p + 1), verb);
        }
        b'f' | b'F' => match exact {
            Some(p) => out.extend_from_slice(format!("{f:.p$}").as_bytes()),
            None => out.extend_from_slice(format!("{f}").as_bytes()),
        },
        b'x' | b'X' => append_hex(out, f, exact, verb),
        b'b' => append_binary(out, f),
        _ => append_g(out, f, exact, verb),
    }
}

fn append_g(out: &mut Vec<u8>, f: f64, exact: Option<usize>, verb: u8) {
    let mut d = Digits::of(f, exact.map(|p| p.max(1)));
    let mut limit = 6;
    if let Some(p) = exact {
        limit = i32::try_from(p.max(1)).unwrap_or(i32::MAX);
        while d.digits.len() > 1 && d.digits.last() == Some(&b'0') {
            d.digits.pop();
        }
        let n = i32::try_from(d.digits.len()).unwrap_or(i32::MAX);
        if limit > n && n >= d.point {
            limit = n;
        }
    }
    let exponent = d.point - 1;
    if f != 0.0 && (exponent < -4 || exponent >= limit) {
        append_e(out, &d, d.digits.len(), if verb == b'G' { b'E' } else { b'e' });
        return;
    }
    if d.point <= 0 {
        out.extend_from_slice(b"0.");
        out.extend(std::iter::repeat_n(b'0', usize::try_from(-d.point).unwrap_or(0)));
        out.extend_from_slice(&d.digits);
        return;
    }
    let point = usize::try_from(d.point).unwrap_or(0);
    for i in 0..point.max(d.digits.len()) {
        if i == point {
            out.push(b'.');
        }
        out.push(d.digits.get(i).copied().unwrap_or(b'0'));
    }
}

fn append_e(out: &mut Vec<u8>, d: &Digits, count: usize, e: u8) {
    for i in 0..count.max(1) {
        if i == 1 {
            out.push(b'.');
        }
        out.push(d.digits.get(i).copied().unwrap_or(b'0'));
    }
    append_exponent(out, e, d.point - 1);
}

/// A sign and at least two digits, as in C.
fn append_exponent(out: &mut Vec<u8>, letter: u8, exponent: i32) {
    out.push(letter);
    out.push(if exponent < 0 { b'-' } else { b'+' });
    out.extend_from_slice(format!("{:02}", exponent.unsigned_abs()).as_bytes());
}

/// Mantissa (with its leading one) and exponent, such that the value is `mantissa * 2^exponent`.
fn parts(f: f64) -> (u64, i32) {
    let bits = f.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    // Eleven bits always fit.
    let biased = ((bits >> 52) & 0x7ff) as i32;
    if biased == 0 { (fraction, -1074) } else { (fraction | 1 << 52, biased - 1075) }
}

fn append_binary(out: &mut Vec<u8>, f: f64) {
    let (mantissa, exponent) = parts(f);
    out.extend_from_slice(format!("{mantissa}p{exponent:+}").as_bytes());
}

fn append_hex(out: &mut Vec<u8>, f: f64, exact: Option<usize>, verb: u8) {
    let (mut mantissa, mut exponent) = parts(f);
    if mantissa == 0 {
        exponent = 0;
    } else {
        // One digit before the point, fifteen hexadecimal places after it (sixty bits).
        let shift = mantissa.leading_zeros().cast_signed() - 3;
        mantissa <<= shift;
        exponent += 60 - shift;
        if let Some(p) = exact.filter(|p| *p < 15) {
            let cut = 60 - 4 * p;
            let (half, mask) = (1u64 << (cut - 1), (1u64 << cut) - 1);
            let rest = mantissa & mask;
            mantissa &= !mask;
            if rest > half || rest == half && mantissa >> cut & 1 == 1 {
                mantissa += mask + 1;
            }
            if mantissa >> 61 != 0 {
                mantissa >>= 1;
                exponent += 1;
            }
        }
    }
    let mut places: Vec<u8> = format!("{:015x}", mantissa & ((1 << 60) - 1)).into_bytes();
    match exact {
        Some(p) => places.resize(p, b'0'),
        None => {
            while places.last() == Some(&b'0') {
                places.pop();
            }
        }
    }
    let start = out.len();
    out.extend_from_slice(if mantissa == 0 { b"0x0" } else { b"0x1" });
    if !places.is_empty() {
        out.push(b'.');
        out.extend_from_slice(&places);
    }
    append_exponent(out, b'p', exponent);
    if verb == b'X' {
        out[start..].make_ascii_uppercase();
    }
}
