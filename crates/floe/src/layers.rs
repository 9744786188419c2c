//! Layers of values, one over the other.

use serde_json::{Map, Value};

/// Lays one value over another: maps are merged, everything else is replaced. A null stays: to a chart it takes a default away.
pub(crate) fn over(base: &mut Value, layer: Value) {
    match (base, layer) {
        (Value::Object(base), Value::Object(layer)) => {
            for (key, value) in layer {
                match base.get_mut(&key) {
                    Some(below) => over(below, value),
                    None => drop(base.insert(key, value)),
                }
            }
        }
        (base, layer) => *base = layer,
    }
}

/// Sets a value at a path whose keys are given one by one.
pub(crate) fn set(values: &mut Value, path: &[&str], value: Value) {
    let layer = path.iter().rev().fold(value, |inner, key| Value::Object(Map::from_iter([((*key).to_owned(), inner)])));
    over(values, layer);
}

/// Where two layers of plugins disagree: the path, and who wants what.
pub(crate) fn disagreements(layers: &[(String, Value)]) -> Vec<(Vec<String>, String)> {
    let mut found = Vec::new();
    for (number, (later, value)) in layers.iter().enumerate() {
        for (earlier, below) in &layers[..number] {
            compare(below, value, &mut Vec::new(), &mut |path, first, second| {
                let place = path.join(".");
                found.push((path.to_vec(), format!("{place}: {earlier} wants {first}, {later} wants {second}")));
            });
        }
    }
    found
}

fn compare(first: &Value, second: &Value, path: &mut Vec<String>, tell: &mut dyn FnMut(&[String], &Value, &Value)) {
    match (first, second) {
        (Value::Object(first), Value::Object(second)) => {
            for (key, value) in second {
                if let Some(below) = first.get(key) {
                    path.push(key.clone());
                    compare(below, value, path, tell);
                    path.pop();
                }
            }
        }
        (first, second) if first != second => tell(path, first, second),
        _ => {}
    }
}

/// Whether a value is set at a path or above it.
pub(crate) fn decides(values: &Value, path: &[String]) -> bool {
    let mut at = values;
    for key in path {
        match at {
            Value::Object(map) => match map.get(key) {
                Some(value) => at = value,
                None => return false,
            },
            // Something else stands where the plugins have a map: it takes the place of all of it.
            _ => return true,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn maps_are_merged_and_the_rest_replaced() {
        let mut base = json!({"a": {"b": 1, "c": [1, 2]}, "d": {"e": 1}});
        over(&mut base, json!({"a": {"c": [3], "f": null}, "d": 2}));
        assert_eq!(base, json!({"a": {"b": 1, "c": [3], "f": null}, "d": 2}));
        set(&mut base, &["a", "g", "h.i"], json!(true));
        assert_eq!(base["a"]["g"], json!({"h.i": true}));
    }

    #[test]
    fn disagreements_are_told_and_may_be_decided() {
        let layers = [
            ("compute duckdb".to_owned(), json!({"a": {"b": 1, "c": 1}, "d": [1]})),
            ("storage s3".to_owned(), json!({"a": {"b": 2, "c": 1}, "d": [1]})),
        ];
        let found = disagreements(&layers);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].1, "a.b: compute duckdb wants 1, storage s3 wants 2");
        for (own, decided) in [(json!({"a": {"b": 3}}), true), (json!({"a": 1}), true), (json!({"a": {"c": 1}}), false)]
        {
            assert_eq!(decides(&own, &found[0].0), decided, "{own}");
        }
    }
}
