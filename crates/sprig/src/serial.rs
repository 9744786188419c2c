//! JSON, YAML and TOML in and out.

use rhumb_template::{Call, Error, Func};
use rhumb_value::{List, ListKind, Map, MapKind, Type, Value, json};

use crate::args::{Answer, any, func, text};

const ANY: &[Type] = &[Type::Any];
const T: &[Type] = &[Type::String];
const S: Type = Type::String;

pub(crate) static FUNCS: &[Func] = &[
    func("toJson", ANY, S, |c| Ok(or_empty(json::to_json(any(c, 0), true)))),
    func("mustToJson", ANY, S, |c| must(json::to_json(any(c, 0), true))),
    func("toRawJson", ANY, S, |c| must(json::to_json(any(c, 0), false))),
    func("mustToRawJson", ANY, S, |c| must(json::to_json(any(c, 0), false))),
    func("toPrettyJson", ANY, S, |c| Ok(or_empty(json::to_json_indent(any(c, 0), "", "  ")))),
    func("mustToPrettyJson", ANY, S, |c| must(json::to_json_indent(any(c, 0), "", "  "))),
    func("fromJson", T, Type::Map, from_json),
    func("fromJsonArray", T, Type::List, from_json_array),
    func("toYaml", ANY, S, |c| Ok(without_line_end(rhumb_yaml::to_yaml(any(c, 0)).unwrap_or_default()))),
    func("mustToYaml", ANY, S, |c| rhumb_yaml::to_yaml(any(c, 0)).map(without_line_end).map_err(yaml_error)),
    func("toYamlPretty", ANY, S, |c| Ok(without_line_end(rhumb_yaml::to_yaml_pretty(any(c, 0)).unwrap_or_default()))),
    func("fromYaml", T, Type::Map, |c| Ok(map_or_error(read_yaml(text(c, 0)), YAML_CONTEXT))),
    func("fromYamlArray", T, Type::List, |c| Ok(list_or_error(read_yaml(text(c, 0)), YAML_CONTEXT))),
    func("mustFromJson", T, Type::Any, |c| json::from_json(text(c, 0)).map_err(Error::new)),
];

/// What Go says before the JSON error where YAML does not fit.
const YAML_CONTEXT: &str = "error unmarshaling JSON: while decoding JSON: ";

fn yaml_error(error: rhumb_yaml::Error) -> Error {
    Error::new(error.text())
}

fn read_yaml(text: &[u8]) -> Result<Value, String> {
    rhumb_yaml::parse_value(text).map_err(|e| e.to_string())
}

/// One line end less, so that the text can be indented.
fn without_line_end(mut text: Vec<u8>) -> Value {
    if text.last() == Some(&b'\n') {
        text.pop();
    }
    text.into()
}

fn or_empty(text: Result<Vec<u8>, String>) -> Value {
    text.unwrap_or_default().into()
}

fn must(text: Result<Vec<u8>, String>) -> Answer {
    text.map(Value::from).map_err(Error::new)
}

/// What Go's decoder calls a value that does not fit.
pub(crate) fn json_word(value: &Value) -> &'static str {
    match value {
        Value::Nil => "null",
        Value::Bool(_) => "bool",
        Value::Int(..) | Value::Float(_) => "number",
        Value::Str(_) | Value::Bytes(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) | Value::Object(_) => "object",
    }
}

/// A value that must be a map; the error is in the map where it is none.
pub(crate) fn map_or_error(read: Result<Value, String>, context: &str) -> Value {
    let error = match read {
        Ok(v @ Value::Map(_)) => return v,
        Ok(Value::Nil) => return Map::new().into(),
        Ok(v) => {
            format!("{context}json: cannot unmarshal {} into Go value of type map[string]interface {{}}", json_word(&v))
        }
        Err(e) => e,
    };
    let made = Map::new();
    made.insert("Error", error);
    made.into()
}

/// A value that must be a list; the error is its only element where it is none.
pub(crate) fn list_or_error(read: Result<Value, String>, context: &str) -> Value {
    match read {
        Ok(v @ Value::List(_)) => v,
        Ok(Value::Nil) => Vec::<Value>::new().into(),
        Ok(v) => vec![Value::from(format!(
            "{context}json: cannot unmarshal {} into Go value of type []interface {{}}",
            json_word(&v)
        ))]
        .into(),
        Err(e) => vec![Value::from(e)].into(),
    }
}

fn from_json(c: &mut Call<'_>) -> Answer {
    Ok(match json::from_json_lenient(text(c, 0)) {
        Ok((Value::Nil, _)) => Map::nil(MapKind::Any).into(),
        Ok((Value::Map(map), error)) => {
            if let Some(error) = error {
                map.insert("Error", error);
            }
            map.into()
        }
        other => map_or_error(other.map(|(value, _)| value), ""),
    })
}

fn from_json_array(c: &mut Call<'_>) -> Answer {
    Ok(match json::from_json_lenient(text(c, 0)) {
        Ok((Value::Nil, _)) => List::nil(ListKind::Any).into(),
        Ok((Value::List(_), Some(error))) => list_or_error(Err(error), ""),
        other => list_or_error(other.map(|(value, _)| value), ""),
    })
}
