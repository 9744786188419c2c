//! Values as the validator takes them.

use rhumb_value::{Kind, Value};
use serde_json::{Map, Number};

/// A value as JSON. Bytes that are not UTF-8 become U+FFFD; a number JSON cannot hold becomes null.
pub(crate) fn to_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Nil => serde_json::Value::Null,
        Value::Bool(b) => serde_json::Value::Bool(*b),
        Value::Int(n, k) if k.is_unsigned() => Number::from(n.cast_unsigned()).into(),
        Value::Int(n, _) => Number::from(*n).into(),
        Value::Float(f) => float(*f),
        Value::Str(s) => serde_json::Value::String(s.to_string_lossy().into_owned()),
        Value::Bytes(b) => serde_json::Value::String(String::from_utf8_lossy(b).into_owned()),
        Value::List(l) => serde_json::Value::Array(l.iter().map(to_json).collect()),
        Value::Map(m) => {
            let entries = m.borrow();
            let pairs = entries.iter().map(|e| (e.key.to_string_lossy().into_owned(), to_json(&e.value)));
            serde_json::Value::Object(pairs.collect::<Map<_, _>>())
        }
        Value::Object(o) => match (o.marshal(), o.kind()) {
            (Some(v), _) => to_json(&v),
            (None, Kind::Struct | Kind::Ptr) => {
                serde_json::Value::Object(o.json_fields().iter().map(|(k, v)| ((*k).to_string(), to_json(v))).collect())
            }
            _ => serde_json::Value::Null,
        },
    }
}

/// A whole number is written without a fraction, as Go's encoder writes it: the validator shows numbers in its messages.
fn float(f: f64) -> serde_json::Value {
    if f.fract() == 0.0 && f.abs() < 9e15 {
        return Number::from(f as i64).into();
    }
    Number::from_f64(f).map_or(serde_json::Value::Null, Into::into)
}
