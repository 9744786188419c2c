//! A document read for a Go type: where text is wanted, a number becomes text before anything makes a float of it.
//!
//! So whole numbers keep all their digits there, and infinities, which JSON has no form for, are told by name.

use rhumb_value::{Entry, IntKind, Map, Value};

use crate::decode::unsupported;
use crate::error::Error;
use crate::node::Document;
use crate::number::go_g32;
use crate::shape::{Shape, field};
use crate::{input, parse_read, quick};

/// Every whole number up to this one is a float too.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Reads the first document of a text for a type, as `yaml.Unmarshal` does. What comes out has no more than been made
/// ready for [`crate::shape::fit`]; that it fits is not checked.
pub fn parse_for(bytes: &[u8], shape: &Shape) -> Result<Value, Error> {
    let (src, bad) = input::read(bytes)?;
    if bad.is_none()
        && let Some(value) = quick::value(&src)
        && !has_large(&value)
    {
        return Ok(value);
    }
    parse_read(&src, bad)?.to_value_for(shape)
}

/// Whether a float in it may have been another number. What [`quick::value`] makes is not deep.
fn has_large(value: &Value) -> bool {
    match value {
        Value::Float(f) => f.abs() >= EXACT,
        Value::List(list) => list.iter().any(has_large),
        Value::Map(map) => map.borrow().iter().any(|entry| has_large(&entry.value)),
        _ => false,
    }
}

impl Document<'_> {
    /// The document as a value for a type; see [`parse_for`].
    pub fn to_value_for(&self, shape: &Shape) -> Result<Value, Error> {
        let plain = match self.to_value() {
            Ok(plain) if !has_large_deep(&plain) => return Ok(plain),
            // Only a number without a JSON form can be mended by the type.
            Err(error) if !error.text().starts_with("json: unsupported value") => return Err(error),
            _ => self.to_value_loose()?,
        };
        let mut settle = Settle { bad: None };
        let value = settle.value(&plain, &self.to_value_exact()?, shape);
        settle.bad.map_or(Ok(value), |f| Err(unsupported(f, None)))
    }
}

/// The same for any depth.
fn has_large_deep(value: &Value) -> bool {
    floats(value).any(|f| f.abs() >= EXACT)
}

/// The first number, in the order of keys, that JSON has no form for.
pub(crate) fn first_unsupported(value: &Value) -> Option<f64> {
    floats(value).find(|f| !f.is_finite())
}

/// All floats in a value, in the order of keys.
fn floats(value: &Value) -> impl Iterator<Item = f64> {
    let mut todo = vec![value.clone()];
    std::iter::from_fn(move || {
        while let Some(value) = todo.pop() {
            match value {
                Value::Float(f) => return Some(f),
                Value::List(list) => todo.extend(list.iter().rev().cloned()),
                Value::Map(map) => {
                    let from = todo.len();
                    todo.extend(map.borrow().iter().map(|entry| entry.value.clone()));
                    todo[from..].reverse();
                }
                _ => {}
            }
        }
        None
    })
}

/// Puts texts where the type wants texts.
struct Settle {
    /// The first number that is left over without a JSON form.
    bad: Option<f64>,
}

impl Settle {
    /// `plain` and `exact` are the same document; the latter has its large whole numbers whole.
    fn value(&mut self, plain: &Value, exact: &Value, shape: &Shape) -> Value {
        match (shape, plain, exact) {
            (Shape::Text, _, Value::Int(bits, IntKind::Uint64)) => Value::from((*bits as u64).to_string()),
            (Shape::Text, _, Value::Int(n, _)) => Value::from(n.to_string()),
            (Shape::Text, Value::Float(f), _) if !f.is_finite() => Value::from(go_g32(*f)),
            (Shape::List(_, item), Value::List(plain), Value::List(exact)) => {
                let items = plain.iter().zip(exact.iter()).map(|(plain, exact)| self.value(plain, exact, item));
                Value::from(items.collect::<Vec<_>>())
            }
            (Shape::Map(_, item), Value::Map(plain), Value::Map(exact)) => self.map(plain, exact, |_| item),
            (Shape::Struct(_, fields), Value::Map(plain), Value::Map(exact)) => {
                self.map(plain, exact, |key| field(key, fields).map_or(&Shape::Any, |(_, shape)| shape))
            }
            _ => {
                if self.bad.is_none() {
                    self.bad = first_unsupported(plain);
                }
                plain.clone()
            }
        }
    }

    fn map<'s>(&mut self, plain: &Map, exact: &Map, shape: impl Fn(&str) -> &'s Shape) -> Value {
        let out = Map::new();
        for (plain, exact) in plain.borrow().iter().zip(exact.borrow().iter()) {
            let value = self.value(&plain.value, &exact.value, shape(&plain.key.to_string_lossy()));
            out.insert_entry(Entry { value, ..plain.clone() });
        }
        Value::Map(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape::Struct(
        "T",
        &[
            ("name", Shape::Text),
            ("list", Shape::List("[]string", &Shape::Text)),
            ("notes", Shape::Map("map[string]string", &Shape::Text)),
            ("any", Shape::Any),
        ],
    );

    // Observed with `helm show chart` of Helm 4.3.1.
    #[test]
    fn numbers_become_texts_where_texts_are_wanted() {
        let cases = [
            ("name: 9007199254740993", r#"{"name":"9007199254740993"}"#),
            ("NAME: 18446744073709551615", r#"{"NAME":"18446744073709551615"}"#),
            ("name: -9223372036854775808", r#"{"name":"-9223372036854775808"}"#),
            ("name: 5\nany: 5", r#"{"any":5,"name":5}"#),
            ("list: [.inf, 9007199254740993]", r#"{"list":["+Inf","9007199254740993"]}"#),
            ("notes: {a: .nan, b: -.inf, c: x}", r#"{"notes":{"a":"NaN","b":"-Inf","c":"x"}}"#),
            ("any: 9007199254740993", r#"{"any":9007199254740992}"#),
            ("name: .inf\nany: .nan", "json: unsupported value: NaN"),
            ("zed: .inf\nabc: .nan", "json: unsupported value: NaN"),
            ("list: .inf", "json: unsupported value: +Inf"),
            ("name: .inf\nany: !!int x", "yaml: cannot decode !!str `x` as a !!int"),
        ];
        for (text, want) in cases {
            let got = match parse_for(text.as_bytes(), &SHAPE) {
                Ok(v) => String::from_utf8(rhumb_value::json::to_json(&v, true).unwrap()).unwrap(),
                Err(error) => error.text().to_owned(),
            };
            assert_eq!(got, want, "{text}");
        }
    }

    // Observed with `helm template` of Helm 4.3.1: what a later key replaces is not looked at.
    #[test]
    fn the_first_number_in_order_of_keys_is_told() {
        let told = |text: &str| crate::parse_value(text.as_bytes()).map_err(|e| e.text().to_owned()).err();
        assert_eq!(told("x: .inf\na: .nan").as_deref(), Some("json: unsupported value: NaN"));
        assert_eq!(told("x: .inf\nx: 1"), None);
        assert_eq!(crate::check(b"x: .inf\nx: 1"), Ok(()));
        assert!(crate::check(b"x: .inf\na: .nan").is_err_and(|e| e.text().ends_with("NaN") && e.offset() == Some(11)));
    }
}
