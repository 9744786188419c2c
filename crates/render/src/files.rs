//! `.Files`: the chart's other files, as templates read them.

use rhumb_chart::File;
use rhumb_gostd::glob::Glob;
use rhumb_value::{Map, MapKind, Method, Type, Value};

use crate::context::argument;

const FILES: MapKind = MapKind::Bytes("engine.files", METHODS);

static METHODS: &[Method] = &[
    Method { name: "AsConfig", params: &[], variadic: false, call: as_config },
    Method { name: "AsSecrets", params: &[], variadic: false, call: as_secrets },
    Method { name: "Get", params: &[Type::String], variadic: false, call: get },
    Method { name: "GetBytes", params: &[Type::String], variadic: false, call: get_bytes },
    Method { name: "Glob", params: &[Type::String], variadic: false, call: glob },
    Method { name: "Lines", params: &[Type::String], variadic: false, call: lines },
];

/// `.Files` over these files.
pub(crate) fn value(files: &[File]) -> Value {
    let map = Map::with_kind(FILES);
    files.iter().for_each(|f| map.insert(f.name.as_str(), Value::Bytes(f.data.clone())));
    Value::Map(map)
}

/// The content of a file; nothing where it is not there.
fn content(this: &Value, args: &[Value]) -> Vec<u8> {
    match this.as_map().and_then(|m| m.get(argument(args))) {
        Some(Value::Bytes(bytes)) => bytes.to_vec(),
        _ => Vec::new(),
    }
}

fn get(this: &Value, args: &[Value]) -> Result<Value, String> {
    Ok(Value::from(content(this, args)))
}

fn get_bytes(this: &Value, args: &[Value]) -> Result<Value, String> {
    Ok(Value::Bytes(content(this, args).into()))
}

fn lines(this: &Value, args: &[Value]) -> Result<Value, String> {
    let content = content(this, args);
    let text = content.strip_suffix(b"\n").unwrap_or(&content);
    if content.is_empty() {
        return Ok(Value::strings(Vec::<Vec<u8>>::new()));
    }
    Ok(Value::strings(text.split(|b| *b == b'\n').map(<[u8]>::to_vec)))
}

/// The files whose paths match. A pattern that is none matches everything, as in the reference.
fn glob(this: &Value, args: &[Value]) -> Result<Value, String> {
    let glob = Glob::compile(&argument(args)).or_else(|_| Glob::compile("**")).ok();
    let found = Map::with_kind(FILES);
    for entry in this.as_map().map(Map::snapshot).unwrap_or_default() {
        if glob.as_ref().is_some_and(|g| g.matches(&entry.key.to_string_lossy())) {
            found.insert_entry(entry);
        }
    }
    Ok(Value::Map(found))
}

fn as_config(this: &Value, _: &[Value]) -> Result<Value, String> {
    listing(this, |bytes| Value::from(bytes.to_vec()))
}

/// Bytes become base64 when they are written.
fn as_secrets(this: &Value, _: &[Value]) -> Result<Value, String> {
    listing(this, |bytes| Value::Bytes(bytes.into()))
}

/// YAML of base names and contents.
fn listing(this: &Value, content: impl Fn(&[u8]) -> Value) -> Result<Value, String> {
    let map = Map::new();
    for entry in this.as_map().map(Map::snapshot).unwrap_or_default() {
        if let Value::Bytes(bytes) = &entry.value {
            let name = entry.key.to_string_lossy();
            map.insert(rhumb_gostd::path::base(&name), content(bytes));
        }
    }
    let mut text = rhumb_yaml::to_yaml(&Value::Map(map)).unwrap_or_default();
    if text.ends_with(b"\n") {
        text.pop();
    }
    Ok(Value::from(text))
}
