//! A document that keeps how it was written: styles, comments, anchors, tags and the order of keys.

use crate::keep::notes::{Note, Notes};
use crate::node::{Document, Node, NodeId, NodeKind};
use crate::token::Style;

/// The index of an item in its tree.
pub type ItemId = usize;

/// What an item is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Scalar(Style),
    Alias,
    Sequence,
    /// Keys and values in turn.
    Mapping,
}

/// One node of the tree.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) shape: Shape,
    /// A collection in brackets.
    pub(crate) flow: bool,
    /// The text of a scalar, the name of an alias.
    pub(crate) text: Vec<u8>,
    /// The full tag, where one was written.
    pub(crate) tag: Option<Vec<u8>>,
    pub(crate) anchor: Option<Vec<u8>>,
    pub(crate) note: Note,
    pub(crate) children: Vec<ItemId>,
    /// The line it stands on, from 1; 0 for what was added.
    pub(crate) line: u32,
}

impl Item {
    /// A scalar without ornament.
    pub(crate) fn scalar(text: &[u8], style: Style) -> Item {
        Item::new(Shape::Scalar(style), text)
    }

    /// A mapping with these keys and values, in block style.
    pub(crate) fn mapping(children: Vec<ItemId>) -> Item {
        Item { children, ..Item::new(Shape::Mapping, b"") }
    }

    fn new(shape: Shape, text: &[u8]) -> Item {
        let (text, note) = (text.to_vec(), Note::default());
        Item { shape, flow: false, text, tag: None, anchor: None, note, children: Vec::new(), line: 0 }
    }
}

/// A document; its root is the first item.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    pub(crate) items: Vec<Item>,
    /// The comments above and below all.
    pub(crate) note: Note,
}

impl Tree {
    /// A tree of a document and its comments.
    pub(crate) fn new(src: &[u8], doc: &Document<'_>, mut notes: Notes) -> Tree {
        let mut tree = Tree { items: Vec::with_capacity(doc.nodes().len() + 8), note: notes.document.clone() };
        for (id, node) in doc.nodes().iter().enumerate() {
            tree.items.push(item(src, doc, id as NodeId, node, notes.at(id as NodeId)));
        }
        // What is inside comes later in the list, and must be done first.
        for id in (0..tree.items.len()).rev() {
            let end = notes.at_end(id as NodeId);
            match tree.items[id].shape {
                Shape::Sequence => tree.end_collection(id, end),
                Shape::Mapping => {
                    tree.settle_feet(id);
                    tree.end_mapping(id, end);
                }
                _ => {}
            }
        }
        tree
    }

    fn end_collection(&mut self, id: ItemId, end: Note) {
        let note = &mut self.items[id].note;
        (note.line, note.foot) = (end.line, end.foot);
    }

    /// A comment below a mapping is about its last entry, when that has a line of its own.
    fn end_mapping(&mut self, id: ItemId, end: Note) {
        self.end_collection(id, end);
        let last_key = self.items[id].children.iter().rev().nth(1).copied();
        if let Some(key) = last_key.filter(|_| !self.items[id].flow && !self.items[id].note.foot.is_empty()) {
            self.items[key].note.foot = std::mem::take(&mut self.items[id].note.foot);
        }
    }

    /// Comments below an entry are kept at its key; those that a key in a block has belong to the entry before it.
    fn settle_feet(&mut self, id: ItemId) {
        let mut before = None;
        for at in (0..self.items[id].children.len()).step_by(2) {
            let (key, value) = (self.items[id].children[at], self.items[id].children[at + 1]);
            if let Some(before) = before.filter(|_| !self.items[id].flow && !self.items[key].note.foot.is_empty()) {
                let foot = std::mem::take(&mut self.items[key].note.foot);
                let before: ItemId = before;
                self.items[before].note.foot = foot;
            }
            if self.items[key].note.foot.is_empty() {
                self.items[key].note.foot = std::mem::take(&mut self.items[value].note.foot);
            }
            before = Some(key);
        }
    }

    /// A tree of one item and what is below it.
    pub(crate) fn cut_out(&self, root: ItemId) -> Tree {
        let mut tree = Tree { items: vec![self.items[root].clone()], note: Note::default() };
        let mut at = 0;
        while at < tree.items.len() {
            for n in 0..tree.items[at].children.len() {
                let child = self.items[tree.items[at].children[n]].clone();
                tree.items[at].children[n] = tree.items.len();
                tree.items.push(child);
            }
            at += 1;
        }
        tree
    }

    /// Adds an item that is in no collection yet.
    pub(crate) fn add(&mut self, item: Item) -> ItemId {
        self.items.push(item);
        self.items.len() - 1
    }
}

fn item(src: &[u8], doc: &Document<'_>, id: NodeId, node: &Node<'_>, note: Note) -> Item {
    let shape = match node.kind {
        NodeKind::Scalar(style) => Shape::Scalar(style),
        NodeKind::Alias(_) => Shape::Alias,
        NodeKind::Sequence => Shape::Sequence,
        NodeKind::Mapping => Shape::Mapping,
    };
    let children: Vec<ItemId> = match shape {
        Shape::Sequence | Shape::Mapping => doc.children(id).map(|c| c as ItemId).collect(),
        _ => Vec::new(),
    };
    // A block mapping may begin with a key in brackets; then both begin at the same place.
    let brackets = matches!(src.get(node.start as usize), Some(b'[' | b'{'));
    let flow = brackets && children.first().is_none_or(|c| doc.node(*c as NodeId).outer_start > node.start);
    let tag = node.tag.as_deref().map(<[u8]>::to_vec);
    let anchor = anchor(src.get(node.outer_start as usize..node.start as usize).unwrap_or_default());
    let line = node.line + 1;
    Item { shape, flow, text: node.text.to_vec(), tag, anchor, note, children, line }
}

/// The anchor among what stands before a value.
fn anchor(mut before: &[u8]) -> Option<Vec<u8>> {
    while let Some(first) = before.first() {
        let is_comment = *first == b'#';
        let end = before.iter().position(|b| *b == b'\n' || (!is_comment && b.is_ascii_whitespace()));
        let (word, rest) = before.split_at(end.unwrap_or(before.len()));
        if let Some(name) = word.strip_prefix(b"&") {
            return Some(name.to_vec());
        }
        before = rest.get(1..).unwrap_or_default();
    }
    None
}
