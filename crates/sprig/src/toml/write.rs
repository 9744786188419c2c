//! Writes TOML, laid out as the reference's encoder does.

use rhumb_gostd::layout::Zone;
use rhumb_gostd::strconv::append_float;
use rhumb_template::Error;
use rhumb_value::{Map, Value, fmt};

use super::MAX_DEPTH;
use crate::args::{Answer, fail};
use crate::time_object::time_of;

const NIL_ELEMENT: &str = "toml: cannot encode array with nil element";

/// A value as TOML: a map as a document, anything else as it would stand after a `=`.
pub(super) fn to_toml(value: &Value) -> Answer {
    let mut out = Vec::new();
    match value {
        Value::Nil => return fail("reflect: call of reflect.Value.Type on zero Value"),
        Value::Map(m) => table(&mut out, &mut Vec::new(), m, 0)?,
        other => inline(&mut out, other, 0)?,
    }
    Ok(out.into())
}

/// A list of maps only, which is written as `[[table]]`s.
fn is_tables(value: &Value) -> bool {
    matches!(value, Value::List(l) if !l.is_empty() && l.iter().all(|v| matches!(v, Value::Map(_))))
}

/// The members of a table: plain ones first, then tables, each kind in key order.
fn table(out: &mut Vec<u8>, path: &mut Vec<Vec<u8>>, map: &Map, depth: usize) -> Result<(), Error> {
    if depth > MAX_DEPTH {
        return fail("toml: nested too deeply");
    }
    let entries = map.snapshot();
    let is_table = |v: &Value| matches!(v, Value::Map(_)) || is_tables(v);
    for entry in entries.iter().filter(|e| !is_table(&e.value) && !e.value.is_nil()) {
        indent(out, path.len());
        out.extend(key(&entry.key));
        out.extend_from_slice(b" = ");
        inline(out, &entry.value, depth)?;
        out.push(b'\n');
    }
    for entry in entries.iter().filter(|e| is_table(&e.value)) {
        path.push(key(&entry.key));
        match &entry.value {
            Value::Map(m) => {
                // A blank line goes before a table of the first level only.
                if path.len() == 1 && !out.is_empty() {
                    out.push(b'\n');
                }
                header(out, path, b"[", b"]");
                table(out, path, m, depth + 1)?;
            }
            Value::List(l) => {
                for item in l.iter().filter_map(Value::as_map) {
                    if !out.is_empty() {
                        out.push(b'\n');
                    }
                    header(out, path, b"[[", b"]]");
                    table(out, path, item, depth + 1)?;
                }
            }
            _ => {}
        }
        path.pop();
    }
    Ok(())
}

fn indent(out: &mut Vec<u8>, depth: usize) {
    out.extend(std::iter::repeat_n(b' ', 2 * depth));
}

fn header(out: &mut Vec<u8>, path: &[Vec<u8>], open: &[u8], close: &[u8]) {
    indent(out, path.len() - 1);
    out.extend_from_slice(open);
    out.extend(path.join(&b'.'));
    out.extend_from_slice(close);
    out.push(b'\n');
}

fn key(key: &[u8]) -> Vec<u8> {
    let bare = |c: &u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
    if !key.is_empty() && key.iter().all(bare) {
        return key.to_vec();
    }
    let mut out = Vec::new();
    string(&mut out, key);
    out
}

fn string(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    for &c in text {
        match c {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', c]),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            0x08 => out.extend_from_slice(b"\\b"),
            0x0c => out.extend_from_slice(b"\\f"),
            0..0x20 | 0x7f => out.extend_from_slice(format!("\\u{c:04x}").as_bytes()),
            _ => out.push(c),
        }
    }
    out.push(b'"');
}

fn float(out: &mut Vec<u8>, f: f64) {
    if f.is_nan() {
        return out.extend_from_slice(b"nan");
    }
    if f.is_infinite() {
        return out.extend_from_slice(if f > 0.0 { b"inf" } else { b"-inf" });
    }
    let start = out.len();
    append_float(out, f, b'g', -1, 64);
    if !out[start..].iter().any(|c| matches!(c, b'.' | b'e')) {
        out.extend_from_slice(b".0");
    }
}

fn inline(out: &mut Vec<u8>, value: &Value, depth: usize) -> Result<(), Error> {
    if depth > MAX_DEPTH {
        return fail("toml: nested too deeply");
    }
    match value {
        Value::Nil => return fail(NIL_ELEMENT),
        Value::Bool(_) | Value::Int(..) => fmt::append_v(out, value),
        Value::Float(f) => float(out, *f),
        Value::Str(s) => string(out, s),
        Value::Bytes(_) => inline(out, &crate::args::list(crate::args::items(value).unwrap_or_default()), depth)?,
        Value::List(l) => {
            out.push(b'[');
            for (i, item) in l.iter().enumerate() {
                if i > 0 {
                    out.extend_from_slice(b", ");
                }
                inline(out, item, depth + 1)?;
            }
            out.push(b']');
        }
        Value::Map(m) => {
            out.push(b'{');
            for (i, e) in m.snapshot().iter().filter(|e| !e.value.is_nil()).enumerate() {
                if i > 0 {
                    out.extend_from_slice(b", ");
                }
                out.extend(key(&e.key));
                out.extend_from_slice(b" = ");
                inline(out, &e.value, depth + 1)?;
            }
            out.push(b'}');
        }
        Value::Object(o) => match o.marshal() {
            Some(_) if time_of(value).is_some() => out.extend(time(value)),
            Some(shown) => inline(out, &shown, depth + 1)?,
            None => {
                let made = Map::new();
                for (name, field) in o.fields() {
                    made.insert(name, field);
                }
                inline(out, &made.into(), depth + 1)?;
            }
        },
    }
    Ok(())
}

/// A time stands without quotes, and in the form that it was read in.
fn time(value: &Value) -> Vec<u8> {
    let Some(t) = time_of(value) else { return Vec::new() };
    let layout = match &t.zone {
        Zone::Fixed { name, .. } => match &**name {
            "datetime-local" => "2006-01-02T15:04:05.999999999",
            "date-local" => "2006-01-02",
            "time-local" => "15:04:05.999999999",
            _ => rhumb_gostd::layout::RFC3339_NANO,
        },
        _ => rhumb_gostd::layout::RFC3339_NANO,
    };
    t.format(layout.as_bytes())
}
