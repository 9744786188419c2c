//! Writes TOML, laid out as the reference's encoder does.

use rhumb_gostd::layout::Zone;
use rhumb_gostd::strconv::append_float;
use rhumb_template::Error;
use rhumb_value::{Kind, Object, Str, Value, fmt};

use super::MAX_DEPTH;
use crate::args::{Answer, fail};
use crate::time_object::time_of;

const NIL_ELEMENT: &str = "toml: cannot encode array with nil element";

/// A value as TOML: a map as a document, anything else as it would stand after a `=`.
pub(super) fn to_toml(value: &Value) -> Answer {
    let mut out = Vec::new();
    match value {
        Value::Nil => return fail("reflect: call of reflect.Value.Type on zero Value"),
        value if is_tables(value) => return fail("toml: top-level values must be Go maps or structs"),
        value if is_table(value) => table(&mut out, &mut Vec::new(), value, 0)?,
        other => inline(&mut out, other, 0)?,
    }
    Ok(out.into())
}

/// A list of maps only, which is written as `[[table]]`s.
fn is_tables(value: &Value) -> bool {
    matches!(value, Value::List(l) if !l.is_empty() && l.iter().all(is_table))
}

/// A map, or a struct that has no form of its own.
fn is_table(value: &Value) -> bool {
    match value {
        Value::Map(_) => true,
        Value::Object(o) => {
            matches!(o.kind(), Kind::Struct | Kind::Ptr) && o.marshal().is_none() && o.string().is_none()
        }
        _ => false,
    }
}

/// The members of a table: a map's by key, a struct's in their order.
fn members(value: &Value) -> Vec<(Str, Value)> {
    match value {
        Value::Map(m) => m.snapshot().into_iter().map(|e| (e.key, e.value)).collect(),
        Value::Object(o) => o.fields().into_iter().map(|(name, v)| (name.into(), v)).collect(),
        _ => Vec::new(),
    }
}

/// The members of a table: plain ones first, then tables, each kind in key order.
fn table(out: &mut Vec<u8>, path: &mut Vec<Vec<u8>>, value: &Value, depth: usize) -> Result<(), Error> {
    if depth > MAX_DEPTH {
        return fail("toml: nested too deeply");
    }
    let entries = members(value);
    let has_header = |v: &Value| is_table(v) || is_tables(v);
    for (name, value) in entries.iter().filter(|(_, v)| !has_header(v) && !v.is_nil()) {
        indent(out, path.len());
        out.extend(key(name));
        out.extend_from_slice(b" = ");
        inline(out, value, depth)?;
        out.push(b'\n');
    }
    let is_made = |v: &Value| !matches!(v, Value::Map(m) if m.is_nil());
    for (name, value) in entries.iter().filter(|(_, v)| has_header(v) && is_made(v)) {
        path.push(key(name));
        match value {
            value if is_table(value) => {
                // A blank line goes before a table of the first level only.
                if path.len() == 1 && !out.is_empty() {
                    out.push(b'\n');
                }
                header(out, path, b"[", b"]");
                table(out, path, value, depth + 1)?;
            }
            Value::List(l) => {
                for item in l.iter() {
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
            // A duration is written as its text.
            Some(_) if o.go_type() == "time.Duration" => {
                inline(out, &Value::Str(o.string().unwrap_or_default()), depth + 1)?;
            }
            Some(shown) => inline(out, &shown, depth + 1)?,
            None => inline_struct(out, &**o, depth)?,
        },
    }
    Ok(())
}

/// The reference counts the fields that are not exported as places, but not in the number of places; so a comma can stand at the
/// end and be missing before it.
fn inline_struct(out: &mut Vec<u8>, object: &dyn Object, depth: usize) -> Result<(), Error> {
    out.push(b'{');
    let all = object.printed_fields();
    let exported = |name: &str| name.starts_with(|c: char| c.is_ascii_uppercase());
    let count = all.iter().filter(|(name, _)| exported(name)).count();
    for (i, (name, value)) in all.iter().enumerate().filter(|(_, (name, _))| exported(name)) {
        out.extend(key(name.as_bytes()));
        out.extend_from_slice(b" = ");
        inline(out, value, depth + 1)?;
        if i + 1 != count {
            out.extend_from_slice(b", ");
        }
    }
    out.push(b'}');
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
