//! The values that the user gives: files, then flags, in an order fixed by their kind.

use rhumb_diag::FileId;
use rhumb_value::{Map, OriginId, Value};

use super::json_prefix;
use super::origin::{Marks, Origins, SourceKind};
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
    merge_with(flags, read, None)
}

/// The same, with an origin for everything that is set when there is a table for them.
pub fn merge_with(
    flags: &Flags,
    read: &dyn Fn(&str) -> Result<Vec<u8>, String>,
    origins: Option<&mut Origins>,
) -> Result<Map, String> {
    let mut layers = Layers { base: Map::new(), origins };
    flags.files.iter().try_for_each(|path| layers.file(path, read))?;
    flags.json.iter().try_for_each(|text| layers.json(text))?;
    layers.each(&flags.set, "--set", Mode::Typed)?;
    layers.each(&flags.strings, "--set-string", Mode::Strings)?;
    layers.each(&flags.set_files, "--set-file", Mode::Files(read))?;
    layers.each(&flags.literals, "--set-literal", Mode::Literal)?;
    Ok(layers.base)
}

struct Layers<'o> {
    base: Map,
    origins: Option<&'o mut Origins>,
}

impl Layers<'_> {
    fn file(&mut self, path: &str, read: &dyn Fn(&str) -> Result<Vec<u8>, String>) -> Result<(), String> {
        let bytes = read(path)?;
        let table = self.origins.as_deref_mut().map(|table| {
            let is_stdin = path.trim() == "-";
            let kind = if is_stdin { SourceKind::Stdin } else { SourceKind::File };
            let id = table.add_source(kind, if is_stdin { "-" } else { path }, &bytes);
            (table, id)
        });
        let layer = parse_documents_with(&bytes, table).map_err(|e| format!("failed to parse {path}: {e}"))?;
        merge_over(&self.base, layer, &mut self.origins.as_deref_mut());
        Ok(())
    }

    fn marks(&mut self, flag: &'static str, text: &str) -> Marks<'_> {
        Marks::new(self.origins.as_deref_mut().map(|table| {
            let id = table.add_source(SourceKind::Flag(flag), flag, text.as_bytes());
            (table, id)
        }))
    }

    fn each(&mut self, texts: &[String], flag: &'static str, mode: Mode<'_>) -> Result<(), String> {
        texts.iter().try_for_each(|text| {
            let base = self.base.clone();
            set::set_marked(&base, text, mode, self.marks(flag, text))
                .map_err(|e| format!("failed parsing {flag} data: {e}"))
        })
    }

    /// `--set-json`: a whole object, or paths.
    fn json(&mut self, text: &str) -> Result<(), String> {
        let base = self.base.clone();
        let mut marks = self.marks("--set-json", text);
        if !text.trim_start().starts_with('{') {
            return set::set_marked(&base, text, Mode::Json, marks)
                .map_err(|_| format!("failed parsing --set-json data {text}"));
        }
        match json_prefix::read_marked(text, &mut marks, OriginId::NONE, 0) {
            Ok((Value::Map(layer), used)) if text[used..].trim().is_empty() => {
                merge_over(&base, layer, &mut self.origins.as_deref_mut());
                Ok(())
            }
            _ => Err(format!("failed parsing --set-json data JSON: {text}")),
        }
    }
}

/// The documents of a values file, each over the ones before it.
pub fn parse_documents(bytes: &[u8]) -> Result<Map, String> {
    parse_documents_with(bytes, None)
}

/// The same, with an origin for each value when there is a table for them.
pub fn parse_documents_with(bytes: &[u8], mut table: Option<(&mut Origins, FileId)>) -> Result<Map, String> {
    let merged = Map::new();
    for document in rhumb_yaml::documents(bytes) {
        let document = document.map_err(|e| e.to_string())?;
        let text = rhumb_yaml::ended(document);
        let value = match &mut table {
            None => rhumb_yaml::parse_map(&text),
            Some((table, file)) => {
                let offset = document.as_ptr().addr() - bytes.as_ptr().addr();
                let mut base = None;
                let part = offset..offset + document.len();
                rhumb_yaml::parse_map_with(&text, |doc, node| {
                    OriginId(*base.get_or_insert_with(|| table.add_document(*file, part.clone(), doc)) + node)
                })
            }
        };
        if let Value::Map(layer) = value.map_err(|e| format!("cannot unmarshal yaml document: {e}"))? {
            if merged.is_empty() {
                // The usual file has one document, which need not be moved.
                for entry in layer.snapshot() {
                    merged.insert_entry(entry);
                }
            } else {
                merge_over(&merged, layer, &mut table.as_mut().map(|(table, _)| &mut **table));
            }
        }
    }
    Ok(merged)
}

/// Puts a layer over another; tables merge, all else is replaced.
fn merge_over(base: &Map, layer: Map, origins: &mut Option<&mut Origins>) {
    for entry in layer.snapshot() {
        let lower = base.get(&entry.key);
        if let (Value::Map(upper), Some(Value::Map(lower))) = (&entry.value, &lower) {
            merge_over(lower, upper.clone(), origins);
            continue;
        }
        if let Some(table) = origins
            && let Some(before) = base.entry(&entry.key)
        {
            table.note_override(entry.origin, before.origin);
        }
        base.insert_entry(entry);
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
