//! JSON Schema over values, with Helm's wording of failures.
//!
//! The validator is `boon`, by the author of the Go validator that Helm uses: it builds the same tree of errors. What is
//! ours is the way in (values become JSON) and the words (`go_message`).

mod drafts;
mod failures;
mod formats;
mod go_message;
mod json;
mod metaschema;
mod patterns;
mod quick;
mod references;
mod tree;

pub use failures::{Failed, failures};

use std::cell::RefCell;
use std::rc::Rc;

use boon::{CompileError, Compiler, Schemas, UrlLoader};
use rhumb_gostd::strconv::quote_string;
use rhumb_gostd::url::Url;
use rhumb_value::{Value, json as json_text};

use drafts::Parts;
use go_message::Words;
use references::shown;

/// The name under which Helm hands a chart's schema to its validator; it shows in messages.
const LOCATION: &str = "file:///values.schema.json";

/// Validates values against a schema.
///
/// `schema` is the content of `values.schema.json`. The error is the text that Helm prints below the chart's name; the
/// failures of values end with an empty line, those of the schema itself do not.
pub fn validate(schema: &[u8], values: &Value) -> Result<(), String> {
    let surely_fits = quick::Quick::new(schema).and_then(|quick| quick.fits(values)) == Ok(true);
    // A build for finding faults asks the validator too.
    if surely_fits && !cfg!(debug_assertions) {
        return Ok(());
    }
    let verdict = validate_slowly(schema, values);
    debug_assert!(!surely_fits || verdict.is_ok(), "{verdict:?} of {}", String::from_utf8_lossy(schema));
    verdict
}

/// What the validator says.
fn validate_slowly(schema: &[u8], values: &Value) -> Result<(), String> {
    let loader = Closed::default();
    let (schema, words) = prepared(schema, &loader)?;
    let mut schemas = Schemas::new();
    let index =
        compile(loader, &schema, &words.parts, &mut schemas).map_err(|e| compile_message(&e, &schema, &words))?;
    let instance = json::to_json(values);
    match schemas.validate(&instance, index) {
        Ok(()) => Ok(()),
        Err(e) => match tree::nodes(&e, &schema, &instance, &words).as_slice() {
            [] => Ok(()),
            nodes => Err(go_message::lines(nodes) + "\n"),
        },
    }
}

/// The URNs that a schema refers to. The reference warns of each: what it names is let pass.
#[must_use]
pub fn unresolved(schema: &[u8]) -> Vec<String> {
    let is_urn = |at: usize| at.checked_sub(3).is_some_and(|from| schema[from..at].eq_ignore_ascii_case(b"urn"));
    if !memchr::memchr_iter(b':', schema).any(is_urn) {
        return Vec::new();
    }
    let loader = Closed::default();
    // A schema that cannot be used has its URNs too, up to the fault.
    if let Ok((schema, words)) = prepared(schema, &loader) {
        let _ = compile(loader.clone(), &schema, &words.parts, &mut Schemas::new());
    }
    loader.urns.take()
}

/// A schema as the validator takes it, its parts of other drafts cut out.
fn prepared(schema: &[u8], loader: &Closed) -> Result<(serde_json::Value, Words), String> {
    let mut schema = parse(schema)?;
    check_draft(&schema)?;
    let originals = patterns::rewrite(&mut schema);
    let words = Words { originals, parts: Parts::cut(&mut schema, loader)? };
    metaschema::check(&schema, &words)?;
    Ok((schema, words))
}

fn compile(
    loader: Closed,
    schema: &serde_json::Value,
    parts: &Parts,
    schemas: &mut Schemas,
) -> Result<boon::SchemaIndex, Box<CompileError>> {
    let mut compiler = Compiler::new();
    compiler.use_loader(Box::new(loader));
    formats::register(&mut compiler);
    compiler.add_resource(LOCATION, schema.clone())?;
    for part in &parts.0 {
        compiler.add_resource(&part.url, part.schema.clone())?;
    }
    Ok(compiler.compile(LOCATION, schemas)?)
}

/// Whether a schema is JSON at all.
#[must_use]
pub fn is_json(schema: &[u8]) -> bool {
    quick::is_json(schema) || parse(schema).is_ok()
}

/// The schema as JSON. Go's decoder has its own words for a text that ends too early, or late, and takes some that the
/// reader at hand does not.
fn parse(schema: &[u8]) -> Result<serde_json::Value, String> {
    serde_json::from_slice(schema).or_else(|e| match json_text::from_json_stream(schema) {
        _ if schema.trim_ascii().is_empty() => Err("EOF".to_owned()),
        Err(text) if text == "unexpected end of JSON input" => Err("unexpected EOF".to_owned()),
        Err(text) if text.ends_with("after top-level value") => {
            Err("invalid character after top-level value".to_owned())
        }
        Err(text) => Err(text),
        Ok(_) => serde_json::from_str(&json::whole_characters(schema)).map_err(|_| e.to_string()),
    })
}

/// The `$schema` of a schema, without what is behind `#`.
fn draft(schema: &serde_json::Value) -> Option<&str> {
    schema.get("$schema")?.as_str()?.split('#').next()
}

/// A `$schema` that Go cannot read is refused before anything else.
fn check_draft(schema: &serde_json::Value) -> Result<(), String> {
    let read = draft(schema).map(|url| Url::parse(url.as_bytes()));
    read.transpose().map_err(|e| format!("invalid $schema in \"{LOCATION}#\": {e}")).map(drop)
}

/// What Helm prints for a schema that is itself wrong.
fn compile_message(error: &CompileError, schema: &serde_json::Value, words: &Words) -> String {
    match error {
        CompileError::ValidationError { src, .. } => {
            let draft = match src.kind {
                boon::ErrorKind::Schema { url } => url,
                _ => LOCATION,
            };
            go_message::metaschema_failure(LOCATION, draft, &tree::nodes(src, schema, schema, words))
        }
        CompileError::JsonPointerNotFound(url) => {
            format!("json-pointer in \"{}\" not found", shown(&words.parts.whole(url)))
        }
        CompileError::InvalidJsonPointer(url) => format!("invalid json-pointer \"{}\"", shown(url)),
        CompileError::AnchorNotFound { url, reference } => {
            let whole = words.parts.whole(url);
            let document = whole.split('#').next().unwrap_or_default();
            format!("anchor in \"{}\" not found in schema \"{document}\"", shown(reference))
        }
        CompileError::ParseIdError { loc } => {
            let place = if loc.contains('#') { "" } else { "#" };
            format!("error in parsing id at \"{loc}{place}\"")
        }
        CompileError::DuplicateId { url, id, ptr1, ptr2 } => {
            format!("duplicate id \"{id}\" in \"{url}\" at \"{ptr1}\" and \"{ptr2}\"")
        }
        CompileError::LoadUrlError { url, src } => format!("failing loading \"{url}\": {src}"),
        CompileError::UnsupportedUrlScheme { url } => {
            format!("failing loading \"{url}\": no URLLoader registered for \"{url}\"")
        }
        CompileError::InvalidMetaSchemaUrl { .. } => {
            let url = draft(schema).unwrap_or_default();
            let parsed = Url::parse(url.as_bytes()).map(|url| url.to_bytes()).unwrap_or_default();
            let (url, parsed) = (quote_string(url.as_bytes()), String::from_utf8_lossy(&parsed).into_owned());
            format!("failing loading {url}: no URLLoader registered for \"{parsed}\"")
        }
        CompileError::UnsupportedDraft { url } => format!("draft \"{url}\" is not supported"),
        other => other.to_string(),
    }
}

/// Longer names, and longer paths, are refused by the system before it looks for them.
const MAX_NAME: usize = 255;
const MAX_PATH: usize = 4096;

/// Reaches no other document: the middle of rhumb knows neither disk nor network. What a URN names is let pass, as the
/// reference lets it pass.
#[derive(Clone, Debug, Default)]
struct Closed {
    /// The URNs that were asked for.
    urns: Rc<RefCell<Vec<String>>>,
}

impl UrlLoader for Closed {
    fn load(&self, url: &str) -> Result<serde_json::Value, Box<dyn std::error::Error>> {
        if let Some(path) = url.strip_prefix("file://") {
            // The base of a chart's schema is the root folder, where no schema lies.
            let path = references::path(path);
            let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
            let is_long = first.len() > MAX_NAME || path.len() >= MAX_PATH;
            let trouble = if is_long { "file name too long" } else { "no such file or directory" };
            return Err(format!("open {path}: {trouble}").into());
        }
        if url.starts_with("urn:") {
            let (mut urns, urn) = (self.urns.borrow_mut(), references::percent(url));
            if !urns.contains(&urn) {
                urns.push(urn);
            }
            return Ok(serde_json::Value::Bool(true));
        }
        if url.starts_with("http:") || url.starts_with("https:") {
            return Err(format!("rhumb does not load {url}: put the schema it names into values.schema.json").into());
        }
        Err(format!("no URLLoader registered for \"{url}\"").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rhumb_value::Map;

    fn values(pairs: &[(&str, Value)]) -> Value {
        let map = Map::new();
        for (k, v) in pairs {
            map.insert(*k, v.clone());
        }
        Value::Map(map)
    }

    #[test]
    fn what_fits_says_nothing() {
        let schema = br#"{"type":"object","properties":{"a":{"type":"integer","minimum":1}}}"#;
        assert_eq!(validate(schema, &values(&[("a", Value::Float(5.0))])), Ok(()));
    }

    /// Each line as the reference printed it for the same schema and value.
    #[test]
    fn failures_read_as_the_reference_says_them() {
        let list = Value::from(vec![Value::Float(1.0), Value::Float(2.0), Value::Float(2.0)]);
        let cases: &[(&str, Value, &str)] = &[
            (r#"{"type":"string"}"#, Value::Float(5.0), "- at '/k': got number, want string"),
            (r#"{"type":["string","null"]}"#, Value::from(false), "- at '/k': got boolean, want null or string"),
            (r#"{"enum":["y",1,null]}"#, Value::from("x"), "- at '/k': value must be one of 'y', 1, <nil>"),
            (r#"{"enum":[{"a":1},2]}"#, Value::Float(7.0), "- at '/k': 'enum' failed"),
            (r#"{"enum":["x"]}"#, Value::Float(7.0), "- at '/k': value must be 'x'"),
            (r#"{"const":3}"#, Value::Float(1.5), "- at '/k': value must be 3"),
            (r#"{"minItems":4}"#, list.clone(), "- at '/k': minItems: got 3, want 4"),
            (r#"{"uniqueItems":true}"#, list.clone(), "- at '/k': items at 1 and 2 are equal"),
            (r#"{"minLength":3}"#, Value::from("q"), "- at '/k': minLength: got 1, want 3"),
            (
                r#"{"pattern":"^'z\"$"}"#,
                Value::from("it's \"q\""),
                r#"- at '/k': 'it\'s "q"' does not match pattern '^\'z"$'"#,
            ),
            (r#"{"multipleOf":2}"#, Value::Float(2.5), "- at '/k': multipleOf: got 2.5, want 2"),
            (
                r#"{"minimum":123456789}"#,
                Value::Float(12345678.0),
                "- at '/k': minimum: got 1.2345678×10⁰⁷, want 1.23456789×10⁰⁸",
            ),
            (r#"{"minimum":1234567}"#, Value::Float(123456.0), "- at '/k': minimum: got 123,456, want 1.234567×10⁰⁶"),
            (r#"{"minimum":0.001}"#, Value::Float(0.00001), "- at '/k': minimum: got 1×10⁻⁰⁵, want 0.001"),
            (r#"{"maximum":1e20}"#, Value::Float(1e21), "- at '/k': maximum: got 1×10²¹, want 1×10²⁰"),
            (r#"{"minimum":-1000}"#, Value::Float(-1234.5678), "- at '/k': minimum: got -1,234.5678, want -1,000"),
            (r#"{"maxLength":1000}"#, Value::from("x".repeat(1500)), "- at '/k': maxLength: got 1,500, want 1,000"),
            (r#"{"not":{"type":"string"}}"#, Value::from("x"), "- at '/k': 'not' failed"),
            ("false", Value::from("x"), "- at '/k': false schema"),
            (
                r#"{"oneOf":[{"type":"number"},{"minimum":1}]}"#,
                Value::Float(5.0),
                "- at '/k': 'oneOf' failed, subschemas 0, 1 matched",
            ),
            (
                r#"{"anyOf":[{"type":"integer"},{"minLength":3}]}"#,
                Value::from("q"),
                "- at '/k': 'anyOf' failed\n  - at '/k': got string, want integer\n  - at '/k': minLength: got 1, want 3",
            ),
            (
                r#"{"allOf":[{"required":["f"]},{"required":["g","h"]}]}"#,
                values(&[]),
                "- at '/k': 'allOf' failed\n  - at '/k': missing property 'f'\n  - at '/k': missing properties 'g', 'h'",
            ),
            (
                r#"{"additionalProperties":false}"#,
                values(&[("x", Value::Nil)]),
                "- at '/k': additional properties 'x' not allowed",
            ),
        ];
        for (schema, value, want) in cases {
            let schema = format!(r#"{{"properties":{{"k":{schema}}}}}"#);
            let got = validate(schema.as_bytes(), &values(&[("k", value.clone())]));
            assert_eq!(got, Err(format!("{want}\n")), "{schema}");
        }
    }

    // Observed from Helm 4.3.1.
    #[test]
    fn several_failures_of_one_schema_in_a_group_stay_together() {
        let two = r#"{"minimum":7,"maximum":0}"#;
        let failures = "minimum: got 1, want 7\n    - at '/k': maximum: got 1, want 0";
        for group in ["allOf", "anyOf", "oneOf"] {
            let schema = format!(r#"{{"properties":{{"k":{{"{group}":[{two}]}}}}}}"#);
            let none = if group == "oneOf" { ", none matched" } else { "" };
            let want = format!(
                "- at '/k': '{group}' failed{none}\n  - at '/k': validation failed\n    - at '/k': {failures}\n"
            );
            assert_eq!(validate(schema.as_bytes(), &values(&[("k", Value::Float(1.0))])), Err(want));
        }
    }

    // Observed from Helm 4.3.1.
    #[test]
    fn urns_are_told_once() {
        let schema = br#"{"properties":{"a":{"$ref":"urn:b c"},"b":{"$ref":"URN:a#/x"},"c":{"$ref":"urn:b c"}}}"#;
        assert_eq!(unresolved(schema), ["urn:b c", "urn:a"]);
        assert!(unresolved(br#"{"$defs":{"a":{"$ref":"urn:x:y"}}}"#).is_empty());
        assert!(unresolved(br#"{"title":"urn:"}"#).is_empty() && unresolved(b"{urn:").is_empty());
    }

    #[test]
    fn a_wrong_schema_is_an_error() {
        assert_eq!(validate(br#"{"type":"#, &Value::Nil), Err("unexpected EOF".into()));
        assert_eq!(validate(b"", &Value::Nil), Err("EOF".into()));
        let missing = validate(br##"{"$ref":"#/definitions/q"}"##, &Value::Nil);
        assert_eq!(missing, Err("json-pointer in \"file:///values.schema.json#/definitions/q\" not found".into()));
        let elsewhere = validate(br#"{"$ref":"http://x.y/z.json"}"#, &Value::Nil).unwrap_err();
        assert!(elsewhere.contains("http://x.y/z.json"), "{elsewhere}");
    }
}
