//! Writing a value into the output, as Go's `fmt.Fprint` does for one operand.

use std::io::Write as _;

use rhumb_value::{Object, Value};

/// What a template writes for a value that is not there.
pub(crate) const NO_VALUE: &[u8] = b"<no value>";

/// Appends a value; nil is `<nil>` here.
pub(crate) fn append(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Str(s) => out.extend_from_slice(s),
        Value::Bool(b) => out.extend_from_slice(if *b { b"true" } else { b"false" }),
        Value::Int(n, kind) if !kind.is_unsigned() => append_int(out, *n),
        other => rhumb_value::fmt::append_written(out, other),
    }
}

/// Appends an object that stands where Go can take its address, and so finds the methods of the pointer.
pub(crate) fn append_object(out: &mut Vec<u8>, value: &Value, object: &dyn Object) {
    match object.address_string() {
        Some(text) => out.extend_from_slice(&text),
        None => append(out, value),
    }
}

fn append_int(out: &mut Vec<u8>, n: i64) {
    if (0..10).contains(&n) {
        out.push(b'0' + n as u8);
    } else {
        // Writing to a vector cannot fail.
        let _ = write!(out, "{n}");
    }
}
