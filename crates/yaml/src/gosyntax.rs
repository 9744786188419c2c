//! Go's `%#v` of decoded YAML, for the error texts that show it.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;

use rhumb_gostd::strconv::quote_string;

use crate::node::{Document, NodeId, NodeKind};
use crate::number::{go_g, go_g32};
use crate::resolve::{Scalar, resolve};

/// The nodes that are looked at, and the levels.
const MOST: u32 = 100_000;
const DEEPEST: u32 = 100;

/// A decoded node in Go syntax. Not deeper than a few levels is ever useful; deeper ones are cut.
pub(crate) fn go_syntax(doc: &Document<'_>, id: NodeId) -> String {
    let (mut out, mut budget) = (String::new(), MOST);
    write(doc, id, 0, &mut budget, &mut out);
    out
}

/// `budget` bounds the nodes written: aliases could multiply them without end.
fn write(doc: &Document<'_>, id: NodeId, depth: u32, budget: &mut u32, out: &mut String) {
    let node = doc.node(id);
    if depth > DEEPEST || *budget == 0 {
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
            let mut pairs = entries(doc, id, depth, budget).all;
            pairs.sort_by(|a, b| order(doc, a.0, b.0));
            out.push_str("map[interface {}]interface {}{");
            for (i, (key, value)) in pairs.into_iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                write(doc, key, depth + 1, budget, out);
                out.push(':');
                write(doc, value, depth + 1, budget, out);
            }
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

/// The order in which Go prints keys: by kind (that of nil, texts, large numbers, whole numbers, fractions, truths was observed),
/// then by value.
fn order(doc: &Document<'_>, a: NodeId, b: NodeId) -> Ordering {
    let scalar = |key: NodeId| resolve(doc.node(doc.follow(key))).unwrap_or(Scalar::Null);
    let rank = |scalar: &Scalar<'_>| match scalar {
        Scalar::Null => 0,
        Scalar::Str(_) | Scalar::Merge => 1,
        Scalar::Uint(_) => 2,
        Scalar::Int(_) => 3,
        Scalar::Float(_) => 4,
        Scalar::Bool(_) => 5,
    };
    let (a, b) = (scalar(a), scalar(b));
    rank(&a).cmp(&rank(&b)).then_with(|| match (&a, &b) {
        (Scalar::Str(a), Scalar::Str(b)) => a.cmp(b),
        (Scalar::Uint(a), Scalar::Uint(b)) => a.cmp(b),
        (Scalar::Int(a), Scalar::Int(b)) => a.cmp(b),
        // What is no number comes first.
        (Scalar::Float(a), Scalar::Float(b)) => a.partial_cmp(b).unwrap_or_else(|| b.is_nan().cmp(&a.is_nan())),
        (Scalar::Bool(a), Scalar::Bool(b)) => a.cmp(b),
        _ => Ordering::Equal,
    })
}

/// Keys and values as Go's map holds them: each key once, and what a merge brings in.
#[derive(Default)]
struct Entries {
    all: Vec<(NodeId, NodeId)>,
    places: BTreeMap<(u8, String), usize>,
}

impl Entries {
    fn set(&mut self, doc: &Document<'_>, key: NodeId, value: NodeId) {
        let place = *self.places.entry(identity(doc, key)).or_insert(self.all.len());
        match self.all.get_mut(place) {
            Some(entry) => *entry = (key, value),
            None => self.all.push((key, value)),
        }
    }
}

/// What makes a key the same as another: its kind and its text.
fn identity(doc: &Document<'_>, key: NodeId) -> (u8, String) {
    let node = doc.node(doc.follow(key));
    if !matches!(node.kind, NodeKind::Scalar(_)) {
        return (9, key.to_string());
    }
    match resolve(node).unwrap_or(Scalar::Null) {
        Scalar::Null => (0, String::new()),
        Scalar::Bool(b) => (1, b.to_string()),
        Scalar::Int(n) => (2, n.to_string()),
        Scalar::Uint(n) => (3, n.to_string()),
        // No two of these are the same.
        Scalar::Float(f) if f.is_nan() => (4, key.to_string()),
        Scalar::Float(f) => (5, (f + 0.0).to_string()),
        Scalar::Str(text) => (6, String::from_utf8_lossy(&text).into_owned()),
        Scalar::Merge => (6, "<<".to_owned()),
    }
}

fn entries(doc: &Document<'_>, map: NodeId, depth: u32, budget: &mut u32) -> Entries {
    let mut found = Entries::default();
    collect(doc, map, depth, budget, &mut found);
    found
}

/// A merge overrides what was written before it; of several maps the first wins.
fn collect(doc: &Document<'_>, map: NodeId, depth: u32, budget: &mut u32, found: &mut Entries) {
    let map = doc.follow(map);
    if depth > DEEPEST || *budget == 0 || doc.node(map).kind != NodeKind::Mapping {
        *budget = 0;
        return;
    }
    let mut children = doc.children(map);
    while let (Some(key), Some(value)) = (children.next(), children.next()) {
        *budget = budget.saturating_sub(1);
        let node = doc.node(key);
        let is_merge = matches!(node.kind, NodeKind::Scalar(_)) && resolve(node) == Ok(Scalar::Merge);
        if !is_merge {
            found.set(doc, key, value);
        } else if doc.node(value).kind == NodeKind::Sequence {
            let maps: Vec<NodeId> = doc.children(value).collect();
            maps.into_iter().rev().for_each(|map| collect(doc, map, depth + 1, budget, found));
        } else {
            collect(doc, value, depth + 1, budget, found);
        }
    }
}

/// The first key in a document that has no text.
pub(crate) enum First {
    Found {
        key: NodeId,
        value: NodeId,
        why: String,
    },
    None,
    /// The document is too large or too deep to say.
    Unknown,
}

/// Looks for a key without text in what is left of a document when repeated keys and merges are settled.
pub(crate) fn first_bad_key(doc: &Document<'_>, root: NodeId) -> First {
    let mut budget = MOST;
    let mut work = vec![(root, 0)];
    while let Some((id, depth)) = work.pop() {
        let id = doc.follow(id);
        let from = work.len();
        match doc.node(id).kind {
            NodeKind::Sequence => work.extend(doc.children(id).map(|child| (child, depth + 1))),
            NodeKind::Mapping => {
                for (key, value) in entries(doc, id, 0, &mut budget).all {
                    let scalar = resolve(doc.node(doc.follow(key)));
                    if let Some(why) = scalar.ok().and_then(|scalar| key_text(&scalar).err()) {
                        return First::Found { key, value, why };
                    }
                    work.push((value, depth + 1));
                }
            }
            _ => {}
        }
        budget = budget.saturating_sub((work.len() - from) as u32);
        if budget == 0 || depth > DEEPEST * 100 {
            return First::Unknown;
        }
        work[from..].reverse();
    }
    First::None
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

#[cfg(test)]
mod tests {
    /// What is said of a document, behind what is always said of a key that is nothing.
    fn told(text: &str) -> String {
        let error = crate::parse_value(text.as_bytes()).unwrap_err();
        let start = "unsupported map key of type: %!s(<nil>), key: <nil>, value: ";
        error.text().strip_prefix(start).unwrap_or(error.text()).replace("map[interface {}]interface {}", "")
    }

    // Observed from Helm 4.3.1, in values.yaml.
    #[test]
    fn what_errors_show() {
        let cases = [
            ("~: 1\n~: 2", "2"),
            ("~: ~", "<nil>"),
            ("~: {x: 1, x: 2}", r#"{"x":2}"#),
            ("~: {x: 1, <<: {x: 2, y: 3}}", r#"{"x":2, true:3}"#),
            ("~: {<<: {x: 2, y: 3}, x: 1}", r#"{"x":1, true:3}"#),
            (
                "~: {<<: [{x: 2, y: 3}, {x: 4, z: 4}], q: [1, a]}",
                r#"{"q":[]interface {}{1, "a"}, "x":2, "z":4, true:3}"#,
            ),
            ("~: {10: 1, 9: 2, -2: 3}", "{-2:3, 9:2, 10:1}"),
            (
                "~: {true: 1, 1.5: z, -.inf: 2, 2: x, b: 1, B: 1, 18446744073709551615: u, ~: q}",
                r#"{interface {}(nil):"q", "B":1, "b":1, 0xffffffffffffffff:"u", 2:"x", -Inf:2, 1.5:"z", true:1}"#,
            ),
            ("? {a: 1, <<: {a: 3, b: 2}}\n: x", r#"yaml: invalid map key: {"a":3, "b":2}"#),
            ("k: &k {~: 1}\nk: 2\nb: {<<: *k}", "1"),
            ("a: {b: {~: 1}}\nb: {~: 3}\na: 2", "3"),
        ];
        for (text, want) in cases {
            assert_eq!(told(text), want, "{text}");
        }
    }

    // Observed from Helm 4.3.1.
    #[test]
    fn what_a_later_key_replaces_does_not_count() {
        for text in
            ["a: {~: 1}\na: 2", "a: [1, {b: {~: 1}}]\na: {c: 1}", "1: {~: 1}\n0x1: 2", "{a: {<<: {~: 1}}, a: 2}"]
        {
            assert!(crate::parse_value(text.as_bytes()).is_ok(), "{text}");
        }
    }
}
