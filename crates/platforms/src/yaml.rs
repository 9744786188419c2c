//! YAML by our own parser, as JSON values.

use serde_json::{Map, Number, Value};

/// The objects of a text with several documents; one without content is none.
///
/// # Panics
/// On a text that is no YAML.
#[must_use]
pub fn documents(text: &str) -> Vec<Value> {
    let documents = rhumb_yaml::documents(text.as_bytes()).map(|part| part.expect("separators are whole lines"));
    let values = documents.map(|part| value(std::str::from_utf8(part).expect("cut at lines")));
    values.filter(|value| !value.is_null()).collect()
}

/// The first document of a text. Numbers without a fraction are integers.
///
/// # Panics
/// On a text that is no YAML.
#[must_use]
pub fn value(text: &str) -> Value {
    convert(&rhumb_yaml::parse_value(text.as_bytes()).unwrap_or_else(|e| panic!("no YAML: {e}\n{text}")))
}

fn convert(value: &rhumb_value::Value) -> Value {
    use rhumb_value::Value as Ours;
    match value {
        Ours::Bool(b) => Value::Bool(*b),
        Ours::Int(n, _) => Value::from(*n),
        Ours::Float(n) => number(*n),
        Ours::Str(text) => Value::from(text.to_string_lossy()),
        Ours::List(list) => list.iter().map(convert).collect(),
        Ours::Map(map) => {
            let entries = map.snapshot().into_iter();
            Value::Object(entries.map(|e| (e.key.to_string_lossy().into_owned(), convert(&e.value))).collect())
        }
        Ours::Nil | Ours::Bytes(_) | Ours::Object(_) => Value::Null,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "only whole numbers that a float holds exactly")]
fn number(n: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if n.fract() == 0.0 && n.abs() < EXACT {
        return Value::from(n as i64);
    }
    Number::from_f64(n).map_or(Value::Null, Value::Number)
}

/// Every leaf of a map, its keys joined by dots.
pub(crate) fn leaves(value: &Value) -> Vec<(String, Value)> {
    fn walk(map: &Map<String, Value>, path: &str, found: &mut Vec<(String, Value)>) {
        for (key, value) in map {
            let path = format!("{path}{}", key.replace('.', "\\."));
            match value {
                Value::Object(map) if !map.is_empty() => walk(map, &format!("{path}."), found),
                value => found.push((path, value.clone())),
            }
        }
    }
    let mut found = Vec::new();
    value.as_object().into_iter().for_each(|map| walk(map, "", &mut found));
    found
}

/// The keys of such a path.
pub(crate) fn keys(path: &str) -> Vec<String> {
    let marked = path.replace("\\.", "\0");
    marked.split('.').map(|key| key.replace('\0', ".")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn documents_become_json() {
        let got = documents("a: 1\nb: [yes, 1.5, \"1\", null]\n---\n# nothing\n---\nc: {}\n");
        assert_eq!(got, [json!({"a": 1, "b": [true, 1.5, "1", null]}), json!({"c": {}})]);
    }

    #[test]
    fn leaves_have_the_paths_of_set() {
        let got = leaves(&value("a: {b: 1, c.d: {}}\ne: [1]\nf:\n"));
        assert_eq!(
            got,
            [
                ("a.b".to_owned(), json!(1)),
                ("a.c\\.d".to_owned(), json!({})),
                ("e".to_owned(), json!([1])),
                ("f".to_owned(), json!(null))
            ]
        );
    }
}
