//! The values that the user gives: files, then flags, in an order fixed by their kind.

use rhumb_value::{Map, OriginId, Value};

use super::json_prefix;
use super::set::{self, Mode};

/// The value flags of a command, each kind in the order given.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `-f`, `--values`: paths; `-` is standard input.
    pub files: Vec<String>,
    /// `--set-json`
    pub json: Vec<String>,
    /// `--set`
    pub set: Vec<String>,
    /// `--set-string`
    pub strings: Vec<String>,
    /// `--set-file`
    pub set_files: Vec<String>,
    /// `--set-literal`
    pub literals: Vec<String>,
}

/// All layers merged. `read` gives the content of a path, or the text of why not.
pub fn merge(flags: &Flags, read: &dyn Fn(&str) -> Result<Vec<u8>, String>) -> Result<Map, String> {
    let base = Map::new();
    for path in &flags.files {
        let bytes = read(path)?;
        let layer = parse_documents(&bytes).map_err(|e| format!("failed to parse {path}: {e}"))?;
        merge_over(&base, layer);
    }
    for text in &flags.json {
        set_json(&base, text)?;
    }
    let each = |texts: &[String], flag: &str, mode: Mode<'_>| {
        texts.iter().try_for_each(|text| {
            set::set(&base, text, mode, OriginId::NONE).map_err(|e| format!("failed parsing {flag} data: {e}"))
        })
    };
    each(&flags.set, "--set", Mode::Typed)?;
    each(&flags.strings, "--set-string", Mode::Strings)?;
    each(&flags.set_files, "--set-file", Mode::Files(read))?;
    each(&flags.literals, "--set-literal", Mode::Literal)?;
    Ok(base)
}

/// `--set-json`: a whole object, or paths.
fn set_json(base: &Map, text: &str) -> Result<(), String> {
    if !text.trim_start().starts_with('{') {
        return set::set(base, text, Mode::Json, OriginId::NONE)
            .map_err(|_| format!("failed parsing --set-json data {text}"));
    }
    match json_prefix::read(text, OriginId::NONE) {
        Ok((Value::Map(layer), used)) if text[used..].trim().is_empty() => {
            merge_over(base, layer);
            Ok(())
        }
        _ => Err(format!("failed parsing --set-json data JSON: {text}")),
    }
}

/// The documents of a values file, each over the ones before it.
pub fn parse_documents(bytes: &[u8]) -> Result<Map, String> {
    let merged = Map::new();
    for document in rhumb_yaml::documents(bytes) {
        let document = document.map_err(|e| e.to_string())?;
        let value = rhumb_yaml::parse_map(document).map_err(|e| format!("cannot unmarshal yaml document: {e}"))?;
        if let Value::Map(layer) = value {
            if merged.is_empty() {
                // The usual file has one document, which need not be moved.
                for entry in layer.snapshot() {
                    merged.insert_entry(entry);
                }
            } else {
                merge_over(&merged, layer);
            }
        }
    }
    Ok(merged)
}

/// Puts a layer over another; tables merge, all else is replaced.
fn merge_over(base: &Map, layer: Map) {
    for entry in layer.snapshot() {
        match (&entry.value, base.get(&entry.key)) {
            (Value::Map(upper), Some(Value::Map(lower))) => merge_over(&lower, upper.clone()),
            _ => base.insert_entry(entry),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::show::json;

    fn read(path: &str) -> Result<Vec<u8>, String> {
        match path {
            "a.yaml" => Ok(b"a: {x: 1, z: 1}\n---\na: {z: null}\nb: [1]\n".to_vec()),
            "b.yaml" => Ok(b"a: {w: 2}\nb: [2]\n".to_vec()),
            "list.yaml" => Ok(b"- 1".to_vec()),
            _ => Err(format!("open {path}: no such file or directory")),
        }
    }

    fn run(flags: &Flags) -> String {
        merge(flags, &read).map_or_else(|e| format!("! {e}"), |m| json(&Value::Map(m)))
    }

    fn owned(items: &[&str]) -> Vec<String> {
        items.iter().map(|s| (*s).to_owned()).collect()
    }

    /// Observed with Helm 4.3.1.
    #[test]
    fn kinds_have_their_order() {
        let flags = Flags {
            files: owned(&["a.yaml", "b.yaml"]),
            json: owned(&[r#"{"c":{"b":1}}"#]),
            set: owned(&["c.c=2"]),
            strings: owned(&["c.d=3"]),
            literals: owned(&["c.e=x,y"]),
            ..Flags::default()
        };
        let want = r#"{"a":{"w":2,"x":1,"z":null},"b":[2],"c":{"b":1,"c":2,"d":"3","e":"x,y"}}"#;
        assert_eq!(run(&flags), want);
    }

    #[test]
    fn texts_of_failures() {
        let cases = [
            (Flags { set: owned(&["a"]), ..Flags::default() }, r#"! failed parsing --set data: key "a" has no value"#),
            (Flags { json: owned(&["a={"]), ..Flags::default() }, "! failed parsing --set-json data a={"),
            (
                Flags { json: owned(&[r#"{"a":1} x"#]), ..Flags::default() },
                r#"! failed parsing --set-json data JSON: {"a":1} x"#,
            ),
            (Flags { files: owned(&["no"]), ..Flags::default() }, "! open no: no such file or directory"),
        ];
        for (flags, want) in cases {
            assert_eq!(run(&flags), want);
        }
    }
}
