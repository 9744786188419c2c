//! Go's `fmt`: `%v` and the printf verbs over values.
//!
//! [`append_v`] is what a template writes for `{{ value }}`, [`sprint`] what `print` gives, [`sprintf`] what `printf`
//! gives, with all of Go's complaints (`%!d(string=x)`). Behaviour observed on Helm 4.3.1 and on Go itself.

mod printf;

pub use printf::sprintf;
pub use rhumb_gostd::strconv::{append_float_v, quote};

use crate::{IntKind, Kind, Object, Value};

/// Maps can hold themselves; Go then dies of a full stack, we stop at this depth.
const MAX_DEPTH: usize = 1000;

/// What would be longer ends here: a few lists that hold each other twice make a text without end. Go has no limit; whoever writes
/// this much refuses it.
const MOST: usize = if cfg!(test) { 1 << 20 } else { 1 << 30 };

/// Appends a value as `%v` shows it.
pub fn append_v(out: &mut Vec<u8>, value: &Value) {
    append_at(out, value, 0);
}

/// A value as `%v` shows it.
#[must_use]
pub fn to_v(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    append_v(&mut out, value);
    out
}

/// Appends an integer in decimal; an unsigned kind reads its bits without a sign.
pub fn append_int(out: &mut Vec<u8>, n: i64, kind: IntKind) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    // Unsigned 64-bit numbers are kept in the bits of an i64.
    let mut rest = if kind.is_unsigned() { n.cast_unsigned() } else { n.unsigned_abs() };
    loop {
        at -= 1;
        // A remainder by ten fits a byte.
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if n < 0 && !kind.is_unsigned() {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

fn append_at(out: &mut Vec<u8>, value: &Value, depth: usize) {
    if depth > MAX_DEPTH || out.len() > MOST {
        out.extend_from_slice(b"...");
        return;
    }
    match value {
        Value::Nil => out.extend_from_slice(b"<nil>"),
        Value::Bool(b) => out.extend_from_slice(if *b { b"true" } else { b"false" }),
        Value::Int(n, kind) => append_int(out, *n, *kind),
        Value::Float(f) => append_float_v(out, *f),
        Value::Str(s) => out.extend_from_slice(s),
        Value::Bytes(b) => append_spaced(out, b.iter(), |out, n| append_int(out, i64::from(*n), IntKind::Uint8)),
        Value::List(l) => append_spaced(out, l.iter(), |out, v| append_at(out, v, depth + 1)),
        Value::Map(m) => {
            out.extend_from_slice(b"map");
            append_spaced(out, m.borrow().iter(), |out, e| {
                out.extend_from_slice(&e.key);
                out.push(b':');
                append_at(out, &e.value, depth + 1);
            });
        }
        Value::Object(o) => {
            if let Some(text) = o.string() {
                out.extend_from_slice(&text);
                return;
            }
            if o.kind() == Kind::Ptr {
                if depth > 0 {
                    // Go prints an address here, which no run repeats.
                    out.extend_from_slice(b"0xc000000000");
                    return;
                }
                out.push(b'&');
            }
            append_fields(out, &**o, depth);
        }
    }
}

fn append_fields(out: &mut Vec<u8>, object: &dyn Object, depth: usize) {
    out.push(b'{');
    for (i, (_, field)) in object.printed_fields().iter().enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        append_at(out, field, depth + 1);
    }
    out.push(b'}');
}

/// Appends a value as a template writes it: as `%v`, but what a pointer points at in place of the pointer.
pub fn append_written(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Object(o) if o.kind() == Kind::Ptr && o.string().is_none() => append_fields(out, &**o, 0),
        value => append_v(out, value),
    }
}

fn append_spaced<T>(out: &mut Vec<u8>, items: impl Iterator<Item = T>, mut one: impl FnMut(&mut Vec<u8>, T)) {
    out.push(b'[');
    for (i, item) in items.enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        one(out, item);
    }
    out.push(b']');
}

/// `print`: a space between operands when neither is a string.
#[must_use]
pub fn sprint(args: &[Value]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut after_string = true;
    for (i, arg) in args.iter().enumerate() {
        let is_string = matches!(arg, Value::Str(_));
        if i > 0 && !is_string && !after_string {
            out.push(b' ');
        }
        append_v(&mut out, arg);
        after_string = is_string;
    }
    out
}

/// `println`: always a space between operands, and a line end.
#[must_use]
pub fn sprintln(args: &[Value]) -> Vec<u8> {
    let mut out = Vec::new();
    for (i, arg) in args.iter().enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        append_v(&mut out, arg);
    }
    out.push(b'\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{List, Map};

    fn v(value: impl Into<Value>) -> String {
        String::from_utf8(to_v(&value.into())).unwrap()
    }

    // Observed on Helm 4.3.1.
    #[test]
    fn values_print_as_in_go() {
        let m = Map::new();
        m.insert("b", 2);
        m.insert("a", List::new(vec![Value::from(1), Value::from("b"), Value::Nil]));
        assert_eq!(v(m), "map[a:[1 b <nil>] b:2]");
        assert_eq!(v(i64::MIN), "-9223372036854775808");
        assert_eq!(v(Value::Int(-1, IntKind::Uint64)), "18446744073709551615");
        assert_eq!(v(Value::Bytes(b"ab"[..].into())), "[97 98]");
        for (f, want) in [
            (1e6, "1e+06"),
            (999_999.0, "999999"),
            (12_345_678.0, "1.2345678e+07"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (-0.0, "-0"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "+Inf"),
            (9_007_199_254_740_993.0, "9.007199254740992e+15"),
        ] {
            assert_eq!(v(f), want);
        }
    }

    #[test]
    fn a_map_in_itself_ends() {
        let m = Map::new();
        m.insert("m", m.clone());
        assert!(v(m.clone()).contains("..."));
        m.remove("m");
    }

    #[test]
    fn print_puts_spaces_between_non_strings() {
        let args = [Value::from(1), Value::from(2), Value::from("a"), Value::from(3), Value::Nil];
        assert_eq!(sprint(&args), b"1 2a3 <nil>");
        assert_eq!(sprintln(&args), b"1 2 a 3 <nil>\n");
    }
}
