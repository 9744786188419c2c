//! Patterns of a schema: Go's syntax, which the validator does not speak.
//!
//! Each pattern is read by Go's rules and written again so that Rust's reader understands the same by it; one that Go
//! refuses becomes one that Rust refuses too. Messages show the patterns as they were. The format `regex` gets the name of
//! our own, and references lose what only Go takes.

use std::collections::BTreeMap;

use rhumb_gostd::regexp;
use serde_json::Value;

use crate::{formats, references};

/// From the new pattern to the one in the schema.
pub(crate) type Originals = BTreeMap<String, String>;

/// Keywords whose values are no schemas.
const DATA: &[&str] = &["enum", "const", "default", "examples"];

/// Keywords whose values have free names, not keywords.
const NAMES: &[&str] = &["properties", "patternProperties", "definitions", "$defs", "dependencies", "dependentSchemas"];

/// Rewrites all patterns in a schema.
pub(crate) fn rewrite(schema: &mut Value) -> Originals {
    let mut originals = Originals::new();
    let mut work = vec![(schema, false)];
    while let Some((value, has_names)) = work.pop() {
        match value {
            Value::Array(items) => work.extend(items.iter_mut().map(|item| (item, false))),
            Value::Object(map) => {
                if has_names {
                    work.extend(map.values_mut().map(|item| (item, false)));
                    continue;
                }
                if let Some(Value::String(pattern)) = map.get_mut("pattern") {
                    *pattern = other_words(pattern, &mut originals);
                }
                for keyword in references::KEYWORDS {
                    if let Some(Value::String(reference)) = map.get_mut(*keyword)
                        && let Some(new) = references::escaped(reference)
                    {
                        *reference = new;
                    }
                }
                if let Some(Value::String(format)) = map.get_mut("format")
                    && format == "regex"
                {
                    *format = formats::REGEX.to_owned();
                }
                if let Some(Value::Object(by_pattern)) = map.get_mut("patternProperties") {
                    let old = std::mem::take(by_pattern);
                    by_pattern.extend(old.into_iter().map(|(p, s)| (other_words(&p, &mut originals), s)));
                }
                let schemas = map.iter_mut().filter(|(k, _)| !DATA.contains(&k.as_str()));
                work.extend(schemas.map(|(k, v)| (v, NAMES.contains(&k.as_str()))));
            }
            _ => {}
        }
    }
    originals
}

fn other_words(pattern: &str, originals: &mut Originals) -> String {
    let new = match regexp::rust_syntax(pattern) {
        Ok(text) => text,
        // No group may have this name.
        Err(_) => format!("(?P<?>{pattern}"),
    };
    if new != pattern {
        originals.insert(new.clone(), pattern.to_owned());
    }
    new
}
