//! Keys that are set twice, as `yaml.UnmarshalStrict` tells them.
//!
//! A merge (`<<`) sets the keys of what it merges, so these count too; of several mappings the last is merged first. A
//! key is told where its value begins, after whatever is wrong inside that value.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use rhumb_gostd::strconv::quote_string;

use crate::gosyntax::key_text;
use crate::node::{Document, NodeId, NodeKind};
use crate::resolve::{Scalar, resolve};

/// The keys that a mapping has, as Go's map would hold them: their kind and their text.
type Keys = Rc<RefCell<BTreeSet<(u8, String)>>>;

enum Step {
    Value(NodeId),
    /// What a `<<` brings into the mapping of these keys.
    Merge(NodeId, Keys),
    /// The entries of a mapping from one node to another.
    Entries(NodeId, NodeId, Keys),
    Set(NodeId, NodeId, Keys),
}

/// One line for each; the document must have been decoded before, so that its aliases are few and lead nowhere back.
pub(crate) fn duplicates(doc: &Document<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let mut todo: Vec<Step> = doc.root().map(Step::Value).into_iter().collect();
    while let Some(step) = todo.pop() {
        match step {
            Step::Value(id) => {
                let id = doc.follow(id);
                match doc.node(id).kind {
                    NodeKind::Mapping => todo.push(Step::Entries(id + 1, doc.node(id).next, Keys::default())),
                    NodeKind::Sequence => {
                        let from = todo.len();
                        todo.extend(doc.children(id).map(Step::Value));
                        todo[from..].reverse();
                    }
                    _ => {}
                }
            }
            Step::Merge(id, keys) => {
                let id = doc.follow(id);
                match doc.node(id).kind {
                    NodeKind::Mapping => todo.push(Step::Entries(id + 1, doc.node(id).next, keys)),
                    NodeKind::Sequence => todo.extend(doc.children(id).map(|child| Step::Merge(child, keys.clone()))),
                    _ => {}
                }
            }
            Step::Entries(at, end, _) if at >= end => {}
            Step::Entries(key, end, keys) => {
                let value = doc.node(key).next;
                todo.push(Step::Entries(doc.node(value).next, end, keys.clone()));
                if is_merge(doc, key) {
                    todo.push(Step::Merge(value, keys));
                } else {
                    todo.push(Step::Set(key, value, keys));
                    todo.push(Step::Value(value));
                }
            }
            Step::Set(key, value, keys) => {
                if let Some(line) = set(doc, key, value, &keys) {
                    found.push(line);
                }
            }
        }
    }
    found
}

fn is_merge(doc: &Document<'_>, key: NodeId) -> bool {
    let node = doc.node(key);
    matches!(node.kind, NodeKind::Scalar(_)) && resolve(node) == Ok(Scalar::Merge)
}

/// Notes the key; what is to be said when it is there already.
fn set(doc: &Document<'_>, key: NodeId, value: NodeId, keys: &Keys) -> Option<String> {
    let scalar = resolve(doc.node(doc.follow(key))).ok()?;
    let (kind, shown) = match &scalar {
        Scalar::Str(text) => (0, quote_string(text)),
        Scalar::Merge => (0, quote_string(b"<<")),
        other => {
            let kind = match other {
                Scalar::Bool(_) => 1,
                Scalar::Float(_) => 2,
                _ => 3,
            };
            (kind, String::from_utf8_lossy(&key_text(other).ok()?).into_owned())
        }
    };
    if keys.borrow_mut().insert((kind, shown.clone())) {
        return None;
    }
    Some(format!("line {}: key {shown} already set in map", doc.node(value).line + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Observed with `helm lint` of Helm 4.3.1, in a Chart.yaml.
    #[test]
    fn as_the_reference_tells_them() {
        let cases = [
            ("a: 1\nb: 2", ""),
            ("home: ~\nhome: x", r#"2 "home""#),
            ("home:\n  b\nhome:\n   c", r#"4 "home""#),
            ("a:\n  a: b\n  a: c\na:\n  d: e\n  d: f", r#"3 "a", 6 "d", 5 "a""#),
            ("<<: {home: a}\nhome: b", r#"2 "home""#),
            ("home: b\n<<: {home: a}", r#"2 "home""#),
            ("home: x\n<<: [{home: a},{home: b}]", r#"2 "home", 2 "home""#),
            ("a:\n  <<:\n   - {a: b}\n   - {a: c}\n   - {a: d, e: f}\n  e: q", r#"4 "a", 3 "a", 6 "e""#),
            ("q:\n - &q {home: a}\n - &r\n   <<: *q\n   home: b\n<<: *r", r#"5 "home", 5 "home""#),
            ("a: &a {x: y}\nb: {<<: [*a, *a], x: z}", r#"1 "x", 2 "x""#),
            ("a: {0x1: a, 1: b, 1.0: c}", "1 1"),
            ("a: {5: a, \"5\": b}", ""),
            ("<<: {5: a}\n5: b", "2 5"),
            ("\"<<\": {home: a}\nhome: b", ""),
        ];
        for (text, want) in cases {
            let doc = crate::parse_spanned(text.as_bytes()).unwrap();
            let told = duplicates(&doc).join(", ");
            assert_eq!(
                told.replace("line ", "").replace(": key", "").replace(" already set in map", ""),
                want,
                "{text}"
            );
        }
    }
}
