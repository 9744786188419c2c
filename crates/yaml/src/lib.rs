//! YAML as Helm reads and writes it.
//!
//! Helm's documents go through `sigs.k8s.io/yaml`: YAML 1.1 in the dialect of Go's yaml v2, then JSON, then Go values.
//! [`parse_value`] is that whole way, [`parse_spanned`] stops at the nodes with their places, [`to_yaml`] is the way back.
//! No third-party parser is exact enough, so all of it is written here.
//!
//! The way of the text: `input` (encoding) → `scan` (tokens) → `parse` (nodes) → `resolve` and `decode` (values).
//! `quick` is the short way for plain documents, which are nearly all.

mod chars;
mod decode;
mod duplicates;
mod emit;
mod error;
mod gosyntax;
mod head;
mod input;
pub mod keep;
mod node;
mod number;
mod order;
mod parse;
mod quick;
mod resolve;
mod scalar_out;
mod scan;
mod scan_scalar;
mod scan_tag;
pub mod shape;
mod split;
mod style;
mod text;
mod token;
mod typed;

use std::borrow::Cow;

use rhumb_value::{OriginId, Value};

pub use emit::{to_yaml, to_yaml_pretty};
pub use error::{Error, Stage};
pub use head::{Head, Metadata, head};
pub use node::{Document, Node, NodeId, NodeKind};
pub use split::{documents, ended};
pub use token::Style;
pub use typed::parse_for;

/// Reads the first document of a text into nodes with their places.
pub fn parse_spanned(bytes: &[u8]) -> Result<Document<'_>, Error> {
    match input::read(bytes)? {
        (Cow::Borrowed(src), bad) => parse_read(src, bad),
        (Cow::Owned(src), bad) => Ok(parse_read(&src, bad)?.into_owned()),
    }
}

fn parse_read(src: &[u8], bad: Option<scan::BadByte>) -> Result<Document<'_>, Error> {
    parse::Parser::new(scan::Scanner::new(src, bad)).document()
}

/// Reads the first document of a text, as `yaml.Unmarshal` does into an `interface {}`: all numbers are floats.
pub fn parse_value(bytes: &[u8]) -> Result<Value, Error> {
    let (src, bad) = input::read(bytes)?;
    if bad.is_none()
        && let Some(value) = quick::value(&src)
    {
        debug_assert!(
            parse_read(&src, bad).and_then(|doc| doc.to_value()).is_ok_and(|long| long.deep_equal(&value)),
            "the short way differs: {:?}",
            String::from_utf8_lossy(bytes)
        );
        return Ok(value);
    }
    parse_read(&src, bad)?.to_value()
}

/// Reads a document that must be a mapping or empty, as `yaml.Unmarshal` does into a `map[string]interface {}`.
/// Nothing and null give an empty map's place: [`Value::Nil`].
pub fn parse_map(bytes: &[u8]) -> Result<Value, Error> {
    expect_map(parse_value(bytes)?)
}

/// The same, with an origin for each entry; see [`Document::to_value_with`].
pub fn parse_map_with(bytes: &[u8], stamp: impl FnMut(&Document<'_>, NodeId) -> OriginId) -> Result<Value, Error> {
    expect_map(parse_spanned(bytes)?.to_value_with(stamp)?)
}

/// Whether a text could be read at all; the error is that of [`parse_value`].
pub fn check(bytes: &[u8]) -> Result<(), Error> {
    let (src, bad) = input::read(bytes)?;
    if bad.is_none() && quick::is_good(&src) {
        debug_assert_eq!(parse_read(&src, bad).and_then(|doc| doc.check()), Ok(()));
        return Ok(());
    }
    parse_read(&src, bad)?.check()
}

fn expect_map(value: Value) -> Result<Value, Error> {
    let found = match &value {
        Value::Nil | Value::Map(_) => return Ok(value),
        Value::Bool(_) => "bool",
        Value::Float(_) => "number",
        Value::List(_) => "array",
        _ => "string",
    };
    let text = format!("json: cannot unmarshal {found} into Go value of type map[string]interface {{}}");
    Err(Error::unmarshal(text, None))
}

impl Document<'_> {
    /// Whether the document has a value; the error is that of [`Document::to_value`].
    pub fn check(&self) -> Result<(), Error> {
        decode::Decoder::new(self, None::<fn(NodeId) -> OriginId>).check()
    }

    /// The document as a value.
    pub fn to_value(&self) -> Result<Value, Error> {
        decode::Decoder::new(self, None::<fn(NodeId) -> OriginId>).run()
    }

    /// The same with infinities.
    fn to_value_loose(&self) -> Result<Value, Error> {
        decode::Decoder::new(self, None::<fn(NodeId) -> OriginId>).with(decode::Numbers::Loose).run()
    }

    /// The same with infinities, and with large whole numbers as integers.
    fn to_value_exact(&self) -> Result<Value, Error> {
        decode::Decoder::new(self, None::<fn(NodeId) -> OriginId>).with(decode::Numbers::Exact).run()
    }

    /// The document as a value whose entries carry origins: `stamp` is asked for each value's node.
    pub fn to_value_with(&self, mut stamp: impl FnMut(&Document<'_>, NodeId) -> OriginId) -> Result<Value, Error> {
        decode::Decoder::new(self, Some(|id| stamp(self, id))).run()
    }

    /// Fails when a key is set twice (`yaml.UnmarshalStrict`). The document must have a value.
    pub fn check_keys(&self) -> Result<(), Error> {
        match duplicates::duplicates(self) {
            lines if lines.is_empty() => Ok(()),
            lines => Err(Error::convert(
                format!(
                    "yaml: unmarshal errors:
  {}",
                    lines.join(
                        "
  "
                    )
                ),
                None,
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# head\na: 1\nb:\n  - x\n  - \"é y\"\nc: &n !!str {d: |\n    t\n}\n";

    /// Every node's own bytes, quotes and indicators included, tags and anchors not.
    #[test]
    fn spans_hold_the_bytes_of_the_value() {
        let text = "a: 1\nb:\n  - x # c\n  - \"é y\"\nc: &n !t [d, {e: f}]  # c\ng:\n  h: |\n    t\n    u\n\ni: p\n  q\nj: *n\n";
        let doc = parse_spanned(text.as_bytes()).unwrap();
        let own = |n: &Node<'_>| text[n.start as usize..n.end as usize].to_owned();
        let got: Vec<String> = doc.nodes().iter().skip(1).map(own).collect();
        let want = [
            "a",
            "1",
            "b",
            "- x # c\n  - \"é y\"",
            "x",
            "\"é y\"",
            "c",
            "[d, {e: f}]",
            "d",
            "{e: f}",
            "e",
            "f",
            "g",
            "h: |\n    t\n    u",
            "h",
            "|\n    t\n    u",
            "i",
            "p\n  q",
            "j",
            "*n",
        ];
        assert_eq!(got, want);
        let c = doc.get(0, b"c").unwrap();
        assert_eq!(&text[doc.node(c).outer_start as usize..][..6], "&n !t ");
        assert_eq!(doc.follow(doc.get(0, b"j").unwrap()), c);
    }

    #[test]
    fn origins_are_those_of_the_values() {
        let value = parse_map_with(TEXT.replace("    t\n", "t").replace('|', "u").as_bytes(), |doc, id| {
            OriginId(doc.node(id).line + 1)
        })
        .unwrap();
        let map = value.as_map().unwrap();
        let line = |key: &str| map.entry(key).unwrap().origin.0;
        assert_eq!((line("a"), line("b"), line("c")), (2, 4, 6));
        let list = map.get("b").unwrap();
        let list = list.as_list().unwrap();
        assert_eq!((list.origin(0).0, list.origin(1).0), (4, 5));
    }
}
