//! Go's `%#v` of decoded YAML, for the error texts that show it.

use std::borrow::Cow;

use rhumb_gostd::strconv::quote_string;

use crate::node::{Document, NodeId, NodeKind};
use crate::number::{go_g, go_g32};
use crate::resolve::{Scalar, resolve};

/// A decoded node in Go syntax. Not deeper than a few levels is ever useful; deeper ones are cut.
pub(crate) fn go_syntax(doc: &Document<'_>, id: NodeId) -> String {
    let mut out = String::new();
    write(doc, id, 0, &mut 100_000, &mut out);
    out
}

/// `budget` bounds the nodes written: aliases could multiply them without end.
fn write(doc: &Document<'_>, id: NodeId, depth: u32, budget: &mut u32, out: &mut String) {
    let node = doc.node(id);
    if depth > 100 || *budget == 0 {
        return;
    }
    *budget -= 1;
    match node.kind {
        NodeKind::Alias(target) => {
            if !(target < id && id < doc.node(target).next) {
                write(doc, target, depth + 1, budget, out);
            }
        }
        NodeKind::Sequence => {
            out.push_str("[]interface {}{");
            for (i, child) in doc.children(id).enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                write(doc, child, depth + 1, budget, out);
            }
            out.push('}');
        }
        NodeKind::Mapping => {
            let mut pairs = Vec::new();
            let mut children = doc.children(id);
            while let (Some(k), Some(v)) = (children.next(), children.next()) {
                let (mut key, mut value) = (String::new(), String::new());
                write(doc, k, depth + 1, budget, &mut key);
                write(doc, v, depth + 1, budget, &mut value);
                pairs.push(format!("{key}:{value}"));
            }
            pairs.sort();
            out.push_str("map[interface {}]interface {}{");
            out.push_str(&pairs.join(", "));
            out.push('}');
        }
        NodeKind::Scalar(_) => match resolve(node).unwrap_or(Scalar::Null) {
            Scalar::Null => out.push_str("interface {}(nil)"),
            Scalar::Bool(b) => out.push_str(if b { "true" } else { "false" }),
            Scalar::Int(n) => out.push_str(&n.to_string()),
            Scalar::Uint(n) => out.push_str(&format!("{n:#x}")),
            Scalar::Float(f) => out.push_str(&go_g(f)),
            Scalar::Str(text) => out.push_str(&quote_string(&text)),
            Scalar::Merge => out.push_str("\"<<\""),
        },
    }
}

/// The text of a map key, or the beginning of the error for one that has none.
pub(crate) fn key_text<'s>(value: &'s Scalar<'_>) -> Result<Cow<'s, [u8]>, String> {
    Ok(match value {
        Scalar::Null => return Err("unsupported map key of type: %!s(<nil>), key: <nil>".to_owned()),
        Scalar::Uint(n) => return Err(format!("unsupported map key of type: uint64, key: {n:#x}")),
        Scalar::Bool(b) => Cow::Borrowed(if *b { b"true" } else { b"false" }),
        Scalar::Int(n) => Cow::Owned(n.to_string().into_bytes()),
        Scalar::Float(f) => Cow::Owned(float_key(*f).into_bytes()),
        Scalar::Str(text) => Cow::Borrowed(text),
        Scalar::Merge => Cow::Borrowed(b"<<"),
    })
}

/// A float key has the digits of a float32.
fn float_key(f: f64) -> String {
    match go_g32(f).as_str() {
        "+Inf" => ".inf".to_owned(),
        "-Inf" => "-.inf".to_owned(),
        "NaN" => ".nan".to_owned(),
        text => text.to_owned(),
    }
}
