//! Values as text, and the file that holds it: whole, or not there.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use rhumb_value::{List, ListKind, Map, Value as ChartValue};
use serde_json::Value;

/// Values as YAML, keys in order.
pub(crate) fn yaml(values: &Value) -> Result<String, String> {
    let bytes = rhumb_yaml::to_yaml(&chart_value(values)).map_err(|e| e.to_string())?;
    String::from_utf8(bytes).map_err(|e| e.to_string())
}

/// The same value for a chart. Whole numbers stay whole.
fn chart_value(value: &Value) -> ChartValue {
    match value {
        Value::Null => ChartValue::Nil,
        Value::Bool(on) => ChartValue::Bool(*on),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => ChartValue::int64(whole),
            None => ChartValue::Float(number.as_f64().unwrap_or_default()),
        },
        Value::String(text) => ChartValue::str(text.as_str()),
        Value::Array(list) => {
            let items = list.iter().map(chart_value).collect();
            ChartValue::List(List::with_kind(ListKind::default(), items))
        }
        Value::Object(object) => {
            let map = Map::new();
            for (key, value) in object {
                map.insert(key.as_str(), chart_value(value));
            }
            ChartValue::Map(map)
        }
    }
}

/// A chart's value as JSON.
pub(crate) fn from_chart(value: &ChartValue) -> Result<Value, String> {
    let text = rhumb_value::json::to_json(value, false)?;
    serde_json::from_slice(&text).map_err(|e| e.to_string())
}

/// Writes a file beside its place and moves it there.
pub(crate) fn write(path: &str, bytes: &[u8]) -> Result<(), String> {
    let place = Path::new(path);
    let why = |e: &std::io::Error| format!("{path}: {e}");
    if place.is_dir() {
        return Err(format!("{path} is a folder: --output names a file"));
    }
    let fresh = beside(place);
    let written = std::fs::File::create_new(&fresh).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let done = written.and_then(|()| std::fs::rename(&fresh, place));
    done.map_err(|e| {
        let _ = std::fs::remove_file(&fresh);
        why(&e)
    })
}

/// A name of its own in the same folder.
fn beside(place: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(place.file_name().unwrap_or_default());
    name.push(format!(".{}", std::process::id()));
    place.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_go_there_and_back() {
        let values = json!({
            "b": [1, {"c": null}, 1_000_000], "a": {"text": "on", "number": "0123", "lines": "x\ny \n", "half": 0.5},
            "big": 9_007_199_254_740_993_i64, "empty": {}, "none": [],
        });
        let text = yaml(&values).expect("YAML");
        assert!(text.starts_with("a:\n") && text.contains("- 1000000\n"), "{text}");
        assert!(text.contains("big: 9007199254740993\n") && text.contains("text: \"on\"\n"), "{text}");
        let read = rhumb_yaml::parse_value(text.as_bytes()).expect("YAML");
        let back = from_chart(&read).expect("JSON");
        assert_eq!((&back["a"], &back["b"]), (&values["a"], &values["b"]));
    }

    #[test]
    fn a_file_is_whole_or_not_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("values.yaml");
        let text = path.to_str().expect("UTF-8");
        for content in ["a: 1\n", "b: 2\n"] {
            write(text, content.as_bytes()).expect("it is written");
            assert_eq!(std::fs::read_to_string(&path).expect("it is there"), content);
        }
        assert!(write(folder.path().to_str().expect("UTF-8"), b"").expect_err("a folder").contains("is a folder"));
        let nowhere = folder.path().join("no/values.yaml");
        assert!(write(nowhere.to_str().expect("UTF-8"), b"x").expect_err("no folder").contains("No such file"));
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }
}
