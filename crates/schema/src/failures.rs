//! The failures of a validation one by one, with their places in values and schema: for those who show more than text.

use crate::references::key;
use boon::{ErrorKind, Schemas, ValidationError};
use rhumb_value::Value;

use crate::go_message::Words;
use crate::{Closed, compile, go_message, json, prepared};

/// One thing that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// The way to the value: keys and indexes.
    pub value: Vec<String>,
    /// The way to the part of the schema that refuses it, its keyword last where that is known.
    pub rule: Vec<String>,
    /// The reference's words, without the place.
    pub message: String,
    /// The properties that are missing or too many.
    pub names: Vec<String>,
    /// Whether `names` are missing; else they are too many.
    pub missing: bool,
    /// Of several ways to fit, why each was not taken.
    pub ways: Vec<String>,
}

/// What does not fit; nothing where all does, or the schema itself cannot be used.
#[must_use]
pub fn failures(schema: &[u8], values: &Value) -> Vec<Failed> {
    let loader = Closed::default();
    let Ok((schema, words)) = prepared(schema, &loader) else { return Vec::new() };
    let mut schemas = Schemas::new();
    let Ok(index) = compile(loader, &schema, &words.parts, &mut schemas) else { return Vec::new() };
    let instance = json::to_json(values);
    let mut found = Vec::new();
    if let Err(error) = schemas.validate(&instance, index) {
        collect(&error, &words, &mut found);
    }
    found
}

fn collect(error: &ValidationError<'_, '_>, words: &Words, found: &mut Vec<Failed>) {
    let is_choice = matches!(error.kind, ErrorKind::AnyOf | ErrorKind::OneOf(_) | ErrorKind::Not | ErrorKind::Contains);
    if !error.causes.is_empty() && !is_choice {
        error.causes.iter().for_each(|cause| collect(cause, words, found));
        return;
    }
    let (names, missing) = match &error.kind {
        ErrorKind::Required { want } => (want.iter().map(|n| (*n).to_owned()).collect(), true),
        ErrorKind::AdditionalProperties { got } => (got.iter().map(|n| n.to_string()).collect(), false),
        _ => (Vec::new(), false),
    };
    let mut rule = pointer(words.parts.whole(error.schema_url).split_once('#').map_or("", |(_, p)| p));
    rule.extend(keyword(&error.kind).map(str::to_owned));
    found.push(Failed {
        value: pointer(&error.instance_location.to_string()),
        rule,
        message: go_message::message(&error.kind, words),
        names,
        missing,
        ways: error.causes.iter().map(|cause| way(cause, words)).collect(),
    });
}

/// A way that was not taken, in one line.
fn way(error: &ValidationError<'_, '_>, words: &Words) -> String {
    let mut leaf = error;
    while let [only] = leaf.causes.as_slice() {
        leaf = only;
    }
    format!("at '{}': {}", leaf.instance_location, go_message::message(&leaf.kind, words))
}

/// The parts of a JSON pointer.
fn pointer(text: &str) -> Vec<String> {
    text.split('/').skip(1).map(key).collect()
}

/// The keyword that a failure is about.
fn keyword(kind: &ErrorKind<'_, '_>) -> Option<&'static str> {
    use ErrorKind as K;
    Some(match kind {
        K::Type { .. } => "type",
        K::Enum { .. } => "enum",
        K::Const { .. } => "const",
        K::Format { .. } => "format",
        K::MinProperties { .. } => "minProperties",
        K::MaxProperties { .. } => "maxProperties",
        K::AdditionalProperties { .. } => "additionalProperties",
        K::Required { .. } => "required",
        K::MinItems { .. } => "minItems",
        K::MaxItems { .. } => "maxItems",
        K::UniqueItems { .. } => "uniqueItems",
        K::MinLength { .. } => "minLength",
        K::MaxLength { .. } => "maxLength",
        K::Pattern { .. } => "pattern",
        K::Minimum { .. } => "minimum",
        K::Maximum { .. } => "maximum",
        K::ExclusiveMinimum { .. } => "exclusiveMinimum",
        K::ExclusiveMaximum { .. } => "exclusiveMaximum",
        K::MultipleOf { .. } => "multipleOf",
        K::Not => "not",
        K::AnyOf => "anyOf",
        K::OneOf(_) => "oneOf",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rhumb_value::Map;

    #[test]
    fn each_failure_has_its_places() {
        let schema = br#"{"properties":{"a/b":{"type":"integer"},"o":{"required":["x"],"additionalProperties":false},
            "c":{"anyOf":[{"type":"string"},{"minimum":5}]}}}"#;
        let (values, inner) = (Map::new(), Map::new());
        inner.insert("y", 1);
        values.insert("a/b", "t");
        values.insert("o", inner);
        values.insert("c", Value::Float(1.0));
        let mut found = failures(schema, &Value::Map(values));
        found.sort_by(|a, b| a.rule.cmp(&b.rule));
        let places: Vec<String> =
            found.iter().map(|f| format!("{} <- {}", f.value.join("."), f.rule.join("."))).collect();
        assert_eq!(
            places,
            [
                "a/b <- properties.a/b.type",
                "c <- properties.c.anyOf",
                "o <- properties.o.additionalProperties",
                "o <- properties.o.required"
            ]
        );
        assert_eq!(found[1].ways, ["at '/c': got number, want string", "at '/c': minimum: got 1, want 5"]);
        assert_eq!((found[3].names.as_slice(), found[3].missing), (&["x".to_owned()][..], true));
        assert_eq!((found[2].names.as_slice(), found[2].missing), (&["y".to_owned()][..], false));
    }

    #[test]
    fn nothing_to_tell() {
        assert_eq!(failures(b"{", &Value::Nil), []);
        assert_eq!(failures(br##"{"$ref":"#/q"}"##, &Value::Nil), []);
        assert_eq!(failures(b"true", &Value::Nil), []);
        assert_eq!(pointer("/a%20b/c~1d~0/%zz"), ["a b", "c/d~", "%zz"]);
    }
}
