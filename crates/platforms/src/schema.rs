//! What a chart's schema reaches, and what it refuses.

use std::path::Path;

use serde_json::Value;

use crate::Chart;
use crate::yaml::keys;

/// The leaves of values.yaml that no property of the schema describes. Below the key of a subchart, the subchart's schema counts.
/// An object that is open by `additionalProperties: true` or a schema there describes what is in it; one that says nothing does not.
#[must_use]
pub fn uncovered(chart: Chart) -> Vec<String> {
    let schema = Schemas::of(&chart.path());
    let paths = chart.values_leaves().into_iter().map(|(path, _)| path);
    paths.filter(|path| !schema.reach(&keys(path))).collect()
}

/// The places of the schema that lack a `description` (each property must have one), or that are objects with properties of their
/// own and do not say what else they allow.
#[must_use]
pub fn loose(chart: Chart) -> Vec<String> {
    let schema = chart.schema();
    let mut found = Vec::new();
    walk(&schema, &schema, "", &mut found);
    found
}

/// Tries wrong values: each must be refused at the place given, a JSON pointer (`""` is the root). A value is an argument of
/// `--set`, or a flag with its argument (`--set-json a=[1]`).
///
/// # Panics
/// On the wrong values that are not refused, or not there.
pub fn refuses(chart: Chart, table: &[(&str, &str)]) {
    let mut problems = Vec::new();
    for (value, place) in table {
        let args = match value.split_once(' ') {
            Some((flag, value)) if flag.starts_with("--") => [flag, value],
            _ => ["--set", value],
        };
        let answer = chart.template(chart.release, "default", &args);
        if answer.exit == 0 {
            problems.push(format!("{value}: not refused"));
        } else if !answer.stderr.contains(&format!("at '{place}'")) {
            problems.push(format!("{value}: refused elsewhere than at '{place}':\n{}", answer.stderr));
        }
    }
    assert!(problems.is_empty(), "{}: {}", chart.folder, problems.join("\n"));
}

/// A chart's schema, and those of its subcharts by name.
struct Schemas {
    own: Value,
    below: Vec<(String, Schemas)>,
}

impl Schemas {
    fn of(folder: &Path) -> Schemas {
        let text = std::fs::read_to_string(folder.join("values.schema.json")).unwrap_or_default();
        let entries = std::fs::read_dir(folder.join("charts")).into_iter().flatten().flatten();
        let charts = entries.filter(|entry| entry.path().is_dir());
        let below = charts.map(|e| (e.file_name().to_string_lossy().into_owned(), Schemas::of(&e.path())));
        Schemas { own: serde_json::from_str(&text).unwrap_or(Value::Bool(false)), below: below.collect() }
    }

    fn reach(&self, keys: &[String]) -> bool {
        if let [first, rest @ ..] = keys
            && !rest.is_empty()
            && let Some((_, schemas)) = self.below.iter().find(|(name, _)| name == first)
            && schemas.reach(rest)
        {
            return true;
        }
        reach(&self.own, &self.own, keys)
    }
}

/// Whether a schema describes what these keys lead to.
fn reach(root: &Value, schema: &Value, keys: &[String]) -> bool {
    if let Some(target) = target(root, schema) {
        return reach(root, target, keys);
    }
    let [key, rest @ ..] = keys else { return schema.is_object() };
    let choices = ["allOf", "anyOf", "oneOf"].iter().filter_map(|word| schema.get(word)?.as_array()).flatten();
    if choices.into_iter().any(|schema| reach(root, schema, keys)) {
        return true;
    }
    if let Some(schema) = schema["properties"].get(key) {
        return reach(root, schema, rest);
    }
    let patterns = schema["patternProperties"].as_object().into_iter().flatten();
    match schema.get("additionalProperties") {
        Some(Value::Bool(open)) if *open => true,
        Some(schema @ Value::Object(_)) if reach(root, schema, rest) => true,
        _ => patterns.into_iter().any(|(_, schema)| reach(root, schema, rest)),
    }
}

/// The place that a `$ref` names.
pub(crate) fn target<'a>(root: &'a Value, schema: &Value) -> Option<&'a Value> {
    root.pointer(schema.get("$ref")?.as_str()?.strip_prefix('#')?)
}

fn walk(root: &Value, schema: &Value, path: &str, found: &mut Vec<String>) {
    let properties = schema["properties"].as_object();
    let says = ["additionalProperties", "unevaluatedProperties", "$ref"].iter().any(|word| schema.get(word).is_some());
    // A condition (`if`, `not`, a choice) only speaks about keys that are described elsewhere.
    if properties.is_some() && !says {
        found.push(format!("{path}: says nothing of further keys"));
    }
    for (key, property) in properties.into_iter().flatten() {
        let path = format!("{path}/{key}");
        let described =
            property.get("description").or_else(|| target(root, property).and_then(|shape| shape.get("description")));
        if described.and_then(Value::as_str).is_none_or(str::is_empty) {
            found.push(format!("{path}: no description"));
        }
        walk(root, property, &path, found);
    }
    for word in ["items", "additionalProperties"] {
        if let Some(inner @ Value::Object(_)) = schema.get(word) {
            walk(root, inner, &format!("{path}/*"), found);
        }
    }
    for word in ["definitions", "$defs"] {
        for (name, shape) in schema[word].as_object().into_iter().flatten() {
            walk(root, shape, &format!("#/{word}/{name}"), found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn reached(schema: &Value, path: &str) -> bool {
        reach(schema, schema, &keys(path))
    }

    #[test]
    fn paths_are_followed_through_references() {
        let schema = json!({
            "definitions": {"d": {"properties": {"x": {"type": "string"}}, "additionalProperties": false}},
            "properties": {
                "a": {"$ref": "#/definitions/d"},
                "open": {"type": "object", "additionalProperties": true},
                "map": {"additionalProperties": {"$ref": "#/definitions/d"}},
                "silent": {"type": "object"},
                "one.two": {"oneOf": [{"type": "null"}, {"$ref": "#/definitions/d"}]},
                "no": false
            }
        });
        for path in ["a", "a.x", "open.what.ever", "map.k.x", "silent", "one\\.two.x"] {
            assert!(reached(&schema, path), "{path}");
        }
        for path in ["b", "a.y", "map.k.y", "silent.x", "one.two.x", "no"] {
            assert!(!reached(&schema, path), "{path}");
        }
    }

    #[test]
    fn loose_places_are_named() {
        let schema = json!({
            "additionalProperties": false,
            "definitions": {"d": {"description": "d", "properties": {"x": {}}}},
            "properties": {"a": {"$ref": "#/definitions/d"}, "b": {"items": {"properties": {"c": {"description": "c"}}}}}
        });
        let mut found = Vec::new();
        walk(&schema, &schema, "", &mut found);
        assert_eq!(
            found,
            [
                "/b: no description",
                "/b/*: says nothing of further keys",
                "#/definitions/d: says nothing of further keys",
                "#/definitions/d/x: no description"
            ]
        );
    }
}
