//! The fields of a document, and its lines, each with its bytes.

use std::ops::Range;

use rhumb_value::{Path, Step, Value};
use rhumb_yaml::{Document, NodeId, NodeKind};

use super::parts::Part;

/// One field with who wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its path in the object.
    pub path: String,
    /// Its value as short JSON.
    pub value: String,
    /// Who wrote the value, or the key where the value is empty.
    pub parts: Vec<Part>,
    /// Who wrote the key, where that is no plain text.
    pub key: Vec<Part>,
}

/// One line of an object with who wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line without its end.
    pub text: String,
    /// Who wrote it.
    pub parts: Vec<Part>,
}

/// A field on its way: where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) path: Path,
    /// The key, or the start of a list's element.
    pub(super) key: Range<usize>,
    pub(super) value: Range<usize>,
    pub(super) is_leaf: bool,
    pub(super) depth: usize,
}

/// A document with all its fields in the order of the text.
#[derive(Debug)]
pub(super) struct Fields {
    pub(super) nodes: Vec<Node>,
    leaves: Vec<usize>,
    pub(super) document: Value,
}

/// Deeper fields are not looked for.
const MAX_DEPTH: usize = 100;

impl Fields {
    /// No fields.
    pub(super) fn none() -> Fields {
        Fields { nodes: Vec::new(), leaves: Vec::new(), document: Value::Nil }
    }

    /// The fields of a text that starts at `offset` of its file.
    pub(super) fn read(text: &[u8], offset: usize) -> Fields {
        let Ok(doc) = rhumb_yaml::parse_spanned(text) else {
            return Fields::none();
        };
        let document = doc.to_value().unwrap_or_default();
        let mut fields = Fields { document, ..Fields::none() };
        if let Some(root) = doc.root() {
            let at = doc.node(root).start as usize + offset;
            fields.walk(&doc, root, &Path::default(), at..at, offset, 0);
        }
        fields
    }

    fn walk(&mut self, doc: &Document<'_>, id: NodeId, path: &Path, key: Range<usize>, offset: usize, depth: usize) {
        let node = doc.node(id);
        let value = node.start as usize + offset..node.end as usize + offset;
        let has_children = node.next > id + 1;
        let is_leaf = !has_children || depth >= MAX_DEPTH;
        self.nodes.push(Node { path: path.clone(), key, value, is_leaf, depth });
        if is_leaf {
            self.leaves.push(self.nodes.len() - 1);
            return;
        }
        match node.kind {
            NodeKind::Sequence => {
                for (i, child) in doc.children(id).enumerate() {
                    let at = doc.node(child).start as usize + offset;
                    self.walk(doc, child, &path.join(Step::Index(i)), at..at, offset, depth + 1);
                }
            }
            NodeKind::Mapping => {
                let mut children = doc.children(id);
                while let (Some(key), Some(value)) = (children.next(), children.next()) {
                    let k = doc.node(key);
                    let step = Step::key(doc.node(doc.follow(key)).text.as_ref());
                    let range = k.start as usize + offset..k.end as usize + offset;
                    self.walk(doc, value, &path.join(step), range, offset, depth + 1);
                }
            }
            _ => {}
        }
    }

    /// The field at a path.
    pub(super) fn at(&self, path: &Path) -> Option<&Node> {
        // Of equal keys the last one counts.
        self.nodes.iter().rev().find(|n| n.path == *path)
    }

    /// The leaf or table whose key or value is on a line, the innermost.
    pub(super) fn on_line(&self, line: &Range<usize>) -> Option<&Node> {
        let touches = |r: &Range<usize>| r.start < line.end && r.end.max(r.start + 1) > line.start;
        // Leaves stand in the order of the text and do not overlap.
        let first = self.leaves.partition_point(|i| self.nodes[*i].value.end.max(self.nodes[*i].key.end) < line.start);
        let near = self.leaves[first..].iter().take(4).map(|i| &self.nodes[*i]);
        let leaf = near.clone().find(|n| touches(&n.value) || touches(&n.key));
        leaf.or_else(|| {
            let from = self.nodes.partition_point(|n| n.key.start < line.start);
            self.nodes[from..].iter().take_while(|n| n.key.start < line.end).max_by_key(|n| n.depth)
        })
    }
}

/// The lines of a text that starts at `offset`: range without the line end.
pub(super) fn lines(text: &[u8], offset: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let end = memchr::memchr(b'\n', &text[start..]).map_or(text.len(), |i| start + i);
        found.push(offset + start..offset + end);
        start = end + 1;
    }
    found
}
