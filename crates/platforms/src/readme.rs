//! The table of values in a chart's README.md, out of the comments of values.yaml and its schema.

use serde_json::Value;

use crate::Chart;

const OPEN: &str = "<!-- values -->";
const CLOSE: &str = "<!-- /values -->";

/// README.md with the table between its marks as it has to be.
///
/// # Errors
/// Where the marks are not there, or a key of values.yaml has neither a comment nor a description.
pub fn with_table(chart: Chart) -> Result<String, String> {
    let path = chart.path().join("README.md");
    let readme = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let place = format!("{}/README.md", chart.folder);
    let missing = || format!("{place}: no {OPEN} with a {CLOSE} behind it");
    let (before, rest) = readme.split_once(OPEN).ok_or_else(missing)?;
    let (_, after) = rest.split_once(CLOSE).ok_or_else(missing)?;
    Ok(format!("{before}{OPEN}\n{}{CLOSE}{after}", table(chart)?))
}

fn table(chart: Chart) -> Result<String, String> {
    let comments = comments(&chart.file("values.yaml"));
    let schema = chart.schema();
    let mut rows = String::from("| Key | Type | Default | Required | Description |\n|---|---|---|---|---|\n");
    let mut silent = Vec::new();
    for (keys, value) in rows_of(&chart.values(), &comments) {
        let path = keys.iter().map(|key| key.replace('.', "\\.")).collect::<Vec<_>>().join(".");
        let property = property(&schema, &keys);
        let said = comments.iter().find(|(of, _)| *of == keys).map(|(_, text)| text.clone());
        let Some(said) = said.or_else(|| property.described.clone()) else {
            silent.push(path);
            continue;
        };
        let required = if property.required { "yes" } else { "" };
        let kind = property.kind.unwrap_or_else(|| kind(&value).to_owned());
        rows += &format!("| `{path}` | {kind} | {} | {required} | {} |\n", default(&value), cell(&said));
    }
    if silent.is_empty() {
        return Ok(rows);
    }
    Err(format!("{}/values.yaml: nothing is said of {}", chart.folder, silent.join(", ")))
}

/// The keys that make rows, with their defaults: leaves, and maps of which no part is spoken of (a probe, for example).
fn rows_of(values: &Value, comments: &[Comment]) -> Vec<(Vec<String>, Value)> {
    fn walk(value: &Value, keys: &[String], comments: &[Comment], rows: &mut Vec<(Vec<String>, Value)>) {
        let inside = |(of, _): &Comment| of.len() > keys.len() && of.starts_with(keys);
        let own = comments.iter().any(|(of, _)| of == keys);
        match value {
            Value::Object(map) if !map.is_empty() && (!own || comments.iter().any(inside)) => {
                for (key, value) in map {
                    walk(value, &[keys, std::slice::from_ref(key)].concat(), comments, rows);
                }
            }
            value => rows.push((keys.to_owned(), value.clone())),
        }
    }
    let mut rows = Vec::new();
    walk(values, &[], comments, &mut rows);
    rows
}

/// What a schema says of a key.
#[derive(Debug, Default, PartialEq, Eq)]
struct Property {
    kind: Option<String>,
    described: Option<String>,
    required: bool,
}

fn property(root: &Value, keys: &[String]) -> Property {
    let mut schema = root;
    let mut found = Property::default();
    for key in keys {
        let object = resolve(root, schema);
        let required = object["required"].as_array();
        found.required = required.is_some_and(|names| names.iter().any(|name| name == key));
        let next = object["properties"].get(key).or_else(|| object.get("additionalProperties"));
        let Some(next) = next else { return Property::default() };
        schema = next;
    }
    let shape = resolve(root, schema);
    let described = schema.get("description").or_else(|| shape.get("description"));
    found.described = described.and_then(Value::as_str).map(str::to_owned);
    found.kind = type_of(root, shape);
    found
}

fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    crate::schema::target(root, schema).map_or(schema, |target| resolve(root, target))
}

/// The values or types that a schema allows, in words.
fn type_of(root: &Value, schema: &Value) -> Option<String> {
    if let Some(values) = schema["enum"].as_array() {
        let words = values.iter().map(|value| match value {
            Value::String(text) if text.is_empty() => "`\"\"`".to_owned(),
            Value::String(text) => format!("`{text}`"),
            other => format!("`{other}`"),
        });
        return Some(words.collect::<Vec<_>>().join(", "));
    }
    for word in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[word].as_array() {
            let mut kinds: Vec<_> = choices.iter().filter_map(|s| type_of(root, resolve(root, s))).collect();
            kinds.dedup();
            return (!kinds.is_empty()).then(|| kinds.join(" or "));
        }
    }
    match &schema["type"] {
        Value::String(name) if name == "array" => {
            let items = schema.get("items").and_then(|items| type_of(root, resolve(root, items)));
            Some(items.map_or_else(|| "list".to_owned(), |items| format!("list of {items}")))
        }
        Value::String(name) => Some(name.clone()),
        Value::Array(names) => Some(names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or ")),
        _ => None,
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "any",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

/// A default as JSON; a long one is left to values.yaml.
fn default(value: &Value) -> String {
    const LONG: usize = 60;
    let text = value.to_string();
    if text.chars().count() > LONG { "see values.yaml".to_owned() } else { format!("`{}`", cell(&text)) }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// The keys of a line, and the comment above it.
type Comment = (Vec<String>, String);

/// The comments that begin with `# --`, by the keys of the line behind them.
fn comments(text: &str) -> Vec<Comment> {
    let mut found = Vec::new();
    let mut above: Vec<(usize, String)> = Vec::new();
    let mut comment: Option<String> = None;
    let mut block: Option<usize> = None;
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        let line = line.trim();
        if block.is_some_and(|depth| indent > depth || line.is_empty()) {
            continue;
        }
        block = None;
        if let Some(said) = line.strip_prefix("# --") {
            comment = Some(said.trim().to_owned());
        } else if let Some(more) = line.strip_prefix('#') {
            if let Some(comment) = &mut comment {
                *comment = format!("{comment} {}", more.trim()).trim_end().to_owned();
            }
        } else if let Some((key, value)) = entry(line) {
            above.retain(|(depth, _)| *depth < indent);
            above.push((indent, key));
            if let Some(said) = comment.take() {
                found.push((above.iter().map(|(_, key)| key.clone()).collect(), said));
            }
            block = value.starts_with(['|', '>']).then_some(indent);
        } else {
            comment = None;
        }
    }
    found
}

/// Key and value of a line of a map.
fn entry(line: &str) -> Option<(String, &str)> {
    if line.starts_with(['-', '{', '[']) {
        return None;
    }
    let (key, value) = match line.split_once(": ") {
        Some((key, value)) => (key, value.trim()),
        None => (line.strip_suffix(':')?, ""),
    };
    Some((key.trim_matches(['"', '\'']).to_owned(), value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn comments_belong_to_the_key_behind_them() {
        let text = "# a file\n\n# -- One\n# and more.\na:\n  # -- Two\n  \"b.c\": |\n    # -- text\n    x: 1\n  # no\n  d: 1\n# -- Three\ne: [1, 2]\n# -- lost\n- x\nf: 1\n";
        let got: Vec<_> = comments(text).into_iter().map(|(keys, said)| format!("{}={said}", keys.join("/"))).collect();
        assert_eq!(got, ["a=One and more.", "a/b.c=Two", "e=Three"]);
    }

    #[test]
    fn a_map_nobody_speaks_of_is_one_row() {
        let text = "# -- A probe\na: {b: 1, c: {d: 2}}\n# -- Both\ne:\n  # -- One\n  f: 1\n  g: {}\nh: {i: 1}\n";
        let rows = rows_of(&crate::value(text), &comments(text));
        let keys: Vec<_> = rows.iter().map(|(keys, _)| keys.join(".")).collect();
        assert_eq!(keys, ["a", "e.f", "e.g", "h.i"]);
    }

    #[test]
    fn types_are_words() {
        let schema = json!({
            "definitions": {"port": {"type": "integer", "description": "a port"}},
            "required": ["a"],
            "properties": {
                "a": {"$ref": "#/definitions/port"},
                "b": {"properties": {"c": {"type": ["string", "null"]}, "d": {"enum": ["x", "", true]}}},
                "l": {"type": "array", "items": {"$ref": "#/definitions/port"}},
                "o": {"oneOf": [{"type": "string"}, {"$ref": "#/definitions/port"}]},
                "m": {"type": "object", "additionalProperties": {"type": "string", "description": "each"}}
            }
        });
        let of = |path: &str| {
            let Property { kind, described, required } = property(&schema, &crate::yaml::keys(path));
            format!("{} {} {required}", kind.unwrap_or_default(), described.unwrap_or_default())
        };
        assert_eq!(of("a"), "integer a port true");
        assert_eq!(of("b.c"), "string or null  false");
        assert_eq!(of("b.d"), "`x`, `\"\"`, `true`  false");
        assert_eq!(of("l"), "list of integer  false");
        assert_eq!(of("o"), "string or integer  false");
        assert_eq!(of("m.k"), "string each false");
        assert_eq!(of("z"), "  false");
    }

    #[test]
    fn defaults_fit_a_cell() {
        assert_eq!(default(&json!("a|b")), "`\"a\\|b\"`");
        assert_eq!(default(&json!(["x".repeat(80)])), "see values.yaml");
    }
}
