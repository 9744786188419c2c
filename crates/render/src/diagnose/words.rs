//! Values in a few plain words, and where they stand among a chart's values.

use rhumb_chart::Chart;
use rhumb_value::{Map, Str, Value};

/// Longest value that is shown.
const LONG: usize = 40;

/// At most so many keys are listed.
const KEYS: usize = 8;

/// Tables deeper than this are not looked through.
const DEPTH: usize = 40;

/// What kind of value it is.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Nil => "null",
        Value::Bool(_) => "a boolean",
        Value::Int(..) | Value::Float(_) => "a number",
        Value::Str(_) | Value::Bytes(_) => "a string",
        Value::List(_) => "a list",
        Value::Map(_) => "a map",
        Value::Object(_) => "an object",
    }
}

/// The kind with the value, where that is short.
pub(super) fn shown(value: &Value) -> String {
    let text = match value {
        Value::Bool(b) => b.to_string(),
        Value::Int(n, _) => n.to_string(),
        Value::Float(f) => f.to_string(),
        Value::Str(s) => {
            let s = s.to_string_lossy();
            match s.chars().count() {
                n if n > LONG => format!("{:?}…", s.chars().take(LONG).collect::<String>()),
                _ => format!("{s:?}"),
            }
        }
        _ => return kind(value).to_owned(),
    };
    format!("{}: {text}", kind(value))
}

/// The kind with the value, unless the name says that the value is nobody's business: output of failures ends in logs.
pub(super) fn shown_of(name: &str, value: &Value) -> String {
    if is_secret(name) { kind(value).to_owned() } else { shown(value) }
}

fn is_secret(name: &str) -> bool {
    const WORDS: [&str; 8] =
        ["password", "passwd", "secret", "token", "apikey", "privatekey", "credential", "passphrase"];
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    WORDS.iter().any(|w| plain.contains(w))
}

/// Keys as a list for a sentence.
pub(super) fn keys(map: &Map) -> String {
    let entries = map.borrow();
    let mut names: Vec<String> = entries.iter().take(KEYS).map(|e| format!("`{}`", e.key)).collect();
    if entries.len() > KEYS {
        names.push(format!("{} more", entries.len() - KEYS));
    }
    match names.split_last() {
        None => "none".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// The key of a map that was probably meant.
pub(super) fn nearest(word: &Str, map: &Map) -> Option<String> {
    let names: Vec<String> = map.borrow().iter().map(|e| e.key.to_string_lossy().into_owned()).collect();
    rhumb_diag::nearest(&word.to_string_lossy(), names.iter().map(String::as_str)).map(str::to_owned)
}

/// Where a map stands in the values: the very same map, not an equal one.
pub(super) fn path_of(values: &Map, wanted: &Map) -> Option<Vec<String>> {
    let mut path = Vec::new();
    find(values, wanted, &mut path).then_some(path)
}

fn find(map: &Map, wanted: &Map, path: &mut Vec<String>) -> bool {
    if map.ptr_eq(wanted) {
        return true;
    }
    if path.len() > DEPTH {
        return false;
    }
    map.borrow().iter().any(|e| inside(&e.value, e.key.to_string_lossy().into_owned(), wanted, path))
}

fn inside(value: &Value, step: String, wanted: &Map, path: &mut Vec<String>) -> bool {
    path.push(step);
    let found = match value {
        Value::Map(m) => find(m, wanted, path),
        Value::List(l) if path.len() <= DEPTH => {
            l.iter().enumerate().any(|(i, item)| inside(item, format!("[{i}]"), wanted, path))
        }
        _ => false,
    };
    if !found {
        path.pop();
    }
    found
}

/// A path as `a.b[0].c`.
pub(super) fn joined(path: &[String]) -> String {
    let mut out = String::new();
    for step in path {
        if !out.is_empty() && !step.starts_with('[') {
            out.push('.');
        }
        out.push_str(step);
    }
    out
}

/// The values that the templates of a file see: those of the chart that the file's name leads to.
pub(super) fn values_of(chart: &Chart, values: &Map, file: &str) -> Map {
    sections(chart, file)
        .iter()
        .try_fold(values.clone(), |m, name| m.get(name.as_str())?.as_map().cloned())
        .unwrap_or_default()
}

/// The names of the subcharts that lead to a file such as `a/charts/b/charts/c/templates/x.yaml`.
pub(super) fn sections(chart: &Chart, file: &str) -> Vec<String> {
    let mut names = Vec::new();
    let (mut at, mut rest) = (chart, file.strip_prefix(chart.name()).unwrap_or_default());
    while let Some(below) = rest.strip_prefix("/charts/")
        && let Some(sub) =
            at.dependencies.iter().find(|d| below.strip_prefix(d.name()).is_some_and(|r| r.starts_with('/')))
    {
        names.push(sub.name().to_owned());
        rest = &below[sub.name().len()..];
        at = sub;
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_in_words() {
        let cases = [
            (Value::Nil, "null"),
            (Value::from("a"), "a string: \"a\""),
            (Value::Float(8080.0), "a number: 8080"),
            (Value::from(true), "a boolean: true"),
            (Value::from(vec![Value::Nil]), "a list"),
            (Value::from("x".repeat(50)), "a string: \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"…"),
        ];
        for (value, want) in cases {
            assert_eq!(shown(&value), want);
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        for name in [".Values.db.adminPassword", "API_KEY", "auth.private-key"] {
            assert_eq!(shown_of(name, &Value::from("x")), "a string", "{name}");
        }
        assert_eq!(shown_of("image", &Value::from("x")), "a string: \"x\"");
    }

    #[test]
    fn maps_are_found_by_identity() {
        let (top, inner, twin) = (Map::new(), Map::new(), Map::new());
        top.insert("l", Value::from(vec![Value::Nil, Value::Map(inner.clone())]));
        top.insert("t", Value::Map(twin.clone()));
        assert_eq!(path_of(&top, &inner).map(|p| joined(&p)).as_deref(), Some("l[1]"));
        assert_eq!(path_of(&top, &twin).map(|p| joined(&p)).as_deref(), Some("t"));
        assert_eq!(path_of(&top, &top), Some(Vec::new()));
        assert_eq!(path_of(&top, &Map::new()), None);
        inner.insert("self", Value::Map(top.clone()));
        assert_eq!(path_of(&top, &Map::new()), None);
        assert_eq!(keys(&top), "`l` and `t`");
    }
}
