//! Values that must fit a Go type: what `encoding/json` says of those that do not, and of keys that have no field.
//!
//! A [`Shape`] is a Go type as data. [`fit`] turns a parsed document into one that has just the fields of the type, each of
//! the right kind. Rules as observed with Helm 4.3.1: keys count without regard to case, scalars become text where text
//! is wanted, and the first key in order whose value does not fit is the one that is reported.

use rhumb_gostd::strings::equal_fold;
use rhumb_value::{Entry, Map, Str, Value};

use crate::number::go_g32;

/// A Go type.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// `interface {}`: anything.
    Any,
    /// `string`
    Text,
    /// `bool`
    Flag,
    /// A list: how Go writes its type, and that of its items.
    List(&'static str, &'static Shape),
    /// A map with string keys: how Go writes its type, and that of its values.
    Map(&'static str, &'static Shape),
    /// A struct: how Go writes its type, and its fields by their JSON names.
    Struct(&'static str, Fields),
}

/// The fields of a struct.
pub type Fields = &'static [(&'static str, Shape)];

/// A value that fits the shape: a struct becomes a map with the field names as the shape spells them. The error is Go's text.
pub fn fit(value: &Value, shape: &Shape) -> Result<Value, String> {
    Reader { path: Vec::new() }.fit(value, shape)
}

/// The first key, in the order of keys, that no field of the shape takes.
#[must_use]
pub fn unknown_field(value: &Value, shape: &Shape) -> Option<String> {
    match (value, shape) {
        (Value::Map(map), Shape::Struct(_, fields)) => map.borrow().iter().find_map(|entry| {
            let key = entry.key.to_string_lossy();
            match field(&key, fields) {
                None => Some(key.into_owned()),
                Some((_, shape)) => unknown_field(&entry.value, shape),
            }
        }),
        (Value::Map(map), Shape::Map(_, item)) => map.borrow().iter().find_map(|e| unknown_field(&e.value, item)),
        (Value::List(list), Shape::List(_, item)) => list.iter().find_map(|v| unknown_field(v, item)),
        _ => None,
    }
}

/// The field that a key sets: the exact name, or one that differs in case only.
pub(crate) fn field<'a>(key: &str, fields: &'a [(&'static str, Shape)]) -> Option<&'a (&'static str, Shape)> {
    fields
        .iter()
        .find(|(n, _)| *n == key)
        .or_else(|| fields.iter().find(|(n, _)| equal_fold(n.as_bytes(), key.as_bytes())))
}

/// What a scalar is as text; nothing for lists and maps. Whole numbers keep their digits, others those of a float32.
#[must_use]
pub fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::Str(s) => Some(s.to_string_lossy().into_owned()),
        Value::Bool(b) => Some(b.to_string()),
        Value::Int(n, _) => Some(n.to_string()),
        Value::Float(f) if f.fract() == 0.0 && f.abs() < 9.2e18 => Some(format!("{f:.0}")),
        Value::Float(f) => Some(go_g32(*f)),
        _ => None,
    }
}

/// What Go says of a value that does not fit the field at this path, which begins with a dot.
#[must_use]
pub fn misfit(found: &Value, field: &str, wanted: &str) -> String {
    format!("json: cannot unmarshal {} into Go struct field {field} of type {wanted}", json_kind(found))
}

fn json_kind(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "bool",
        Value::Int(..) | Value::Float(_) => "number",
        Value::Str(_) => "string",
        Value::List(_) => "array",
        _ => "object",
    }
}

struct Reader {
    path: Vec<String>,
}

impl Reader {
    fn fit(&mut self, value: &Value, shape: &Shape) -> Result<Value, String> {
        match (shape, value) {
            (Shape::Any, _) | (_, Value::Nil) => Ok(value.clone()),
            (Shape::Text, Value::Str(_)) => Ok(value.clone()),
            (Shape::Text, _) => scalar_text(value).map(Value::from).ok_or_else(|| self.misfit(value, "string")),
            (Shape::Flag, Value::Bool(_)) => Ok(value.clone()),
            (Shape::Flag, _) => Err(self.misfit(value, "bool")),
            (Shape::List(_, item), Value::List(list)) => {
                let items = list.iter().enumerate().map(|(i, v)| self.below(i.to_string(), v, item));
                Ok(Value::from(items.collect::<Result<Vec<Value>, String>>()?))
            }
            (Shape::Map(_, item), Value::Map(map)) => {
                let out = Map::new();
                for entry in map.borrow().iter() {
                    let fitted = self.below(entry.key.to_string_lossy().into_owned(), &entry.value, item)?;
                    out.insert_entry(Entry { value: fitted, ..entry.clone() });
                }
                Ok(Value::Map(out))
            }
            (Shape::Struct(_, fields), Value::Map(map)) => self.fields(map, fields),
            (Shape::List(go_type, _) | Shape::Map(go_type, _) | Shape::Struct(go_type, _), _) => {
                Err(self.misfit(value, go_type))
            }
        }
    }

    fn fields(&mut self, map: &Map, fields: Fields) -> Result<Value, String> {
        let out = Map::new();
        for entry in map.borrow().iter() {
            let key = entry.key.to_string_lossy();
            let Some((name, shape)) = field(&key, fields) else { continue };
            let fitted = self.below(key.clone().into_owned(), &entry.value, shape)?;
            out.insert_entry(Entry { key: Str::from_static(name), value: fitted, ..entry.clone() });
        }
        Ok(Value::Map(out))
    }

    fn below(&mut self, step: String, value: &Value, shape: &Shape) -> Result<Value, String> {
        self.path.push(step);
        let fitted = self.fit(value, shape)?;
        self.path.pop();
        Ok(fitted)
    }

    fn misfit(&self, found: &Value, wanted: &str) -> String {
        format!("json: cannot unmarshal {} into {} of type {wanted}", json_kind(found), self.place())
    }

    /// The path as a JSON pointer with dots for slashes; one that ends in a number is an index and no field.
    fn place(&self) -> String {
        let Some(last) = self.path.last() else { return "Go value".to_owned() };
        let is_index = !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit());
        let mut out = String::from(if is_index { "" } else { "Go struct field " });
        for step in &self.path {
            out.push('.');
            out.push_str(&step.replace('~', "~0").replace('/', "~1"));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERSON: Shape = Shape::Struct("v2.Maintainer", &[("name", Shape::Text), ("email", Shape::Text)]);
    const CHART: Shape = Shape::Struct(
        "v2.Metadata",
        &[
            ("name", Shape::Text),
            ("keywords", Shape::List("[]string", &Shape::Text)),
            ("maintainers", Shape::List("[]*v2.Maintainer", &PERSON)),
            ("deprecated", Shape::Flag),
            ("annotations", Shape::Map("map[string]string", &Shape::Text)),
        ],
    );

    fn run(text: &str) -> String {
        let value = crate::parse_value(text.as_bytes()).unwrap();
        match fit(&value, &CHART) {
            Ok(v) => String::from_utf8(rhumb_value::json::to_json(&v, true).unwrap()).unwrap(),
            Err(text) => text.replace("json: cannot unmarshal ", "! "),
        }
    }

    // Observed with `helm lint` of Helm 4.3.1.
    #[test]
    fn values_that_fit_and_that_do_not() {
        let cases = [
            ("name: 5", r#"{"name":"5"}"#),
            ("NAME: 1.23456789012\nfoo: 1", r#"{"name":"1.2345679"}"#),
            ("keywords: [1.10, true, ~, x]", r#"{"keywords":["1.1","true",null,"x"]}"#),
            ("annotations: {a: 1.5, 5: x}", r#"{"annotations":{"5":"x","a":"1.5"}}"#),
            ("null", "null"),
            ("- a", "! array into Go value of type v2.Metadata"),
            ("name: {}\nkeywords: {}", "! object into Go struct field .keywords of type []string"),
            ("keywords: [[a]]", "! array into .keywords.0 of type string"),
            ("maintainers: [{}, x]", "! string into .maintainers.1 of type v2.Maintainer"),
            ("maintainers: [{NAME: [x]}]", "! array into Go struct field .maintainers.0.NAME of type string"),
            ("annotations: {'a/~': []}", "! array into Go struct field .annotations.a~1~0 of type string"),
            ("deprecated: 'x'", "! string into Go struct field .deprecated of type bool"),
        ];
        for (text, want) in cases {
            assert_eq!(run(text), want, "{text}");
        }
    }

    // Observed with `helm lint` of Helm 4.3.1.
    #[test]
    fn unknown_fields() {
        let cases = [
            ("name: 1\nzed: 1\nabc: {d: 1}", Some("abc")),
            ("maintainers: [{nick: x}]\nzed: 1", Some("nick")),
            ("Name: x\nannotations: {q: r}", None),
        ];
        for (text, want) in cases {
            let value = crate::parse_value(text.as_bytes()).unwrap();
            assert_eq!(unknown_field(&value, &CHART).as_deref(), want, "{text}");
        }
    }
}
