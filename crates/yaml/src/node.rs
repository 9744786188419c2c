//! A parsed document: its nodes in the order of the text, each with its place.

use std::borrow::Cow;

use crate::token::Style;

/// The index of a node in its document.
pub type NodeId = u32;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// A scalar, written in this style.
    Scalar(Style),
    /// A sequence; its items follow.
    Sequence,
    /// A mapping; keys and values follow in turn.
    Mapping,
    /// `*name`: stands for the node that carries `&name`.
    Alias(NodeId),
}

/// One node. Its children are the nodes between it and [`Node::next`].
#[derive(Clone, Debug)]
pub struct Node<'a> {
    /// What it is.
    pub kind: NodeKind,
    /// The first byte of the value itself, after tag and anchor.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// The line it starts on, from 0.
    pub line: u32,
    /// The node after this one and all its children.
    pub next: NodeId,
    /// The text of a scalar after folding and escapes, or the name of an alias.
    pub text: Cow<'a, [u8]>,
    /// The full tag, where one was written.
    pub tag: Option<Box<[u8]>>,
    /// The first byte of tag or anchor, or of the value.
    pub outer_start: u32,
}

/// One YAML document as a flat list of nodes in text order; the root is the first. An empty document has no node.
#[derive(Clone, Debug, Default)]
pub struct Document<'a> {
    pub(crate) nodes: Vec<Node<'a>>,
}

impl<'a> Document<'a> {
    /// All nodes in text order.
    #[must_use]
    pub fn nodes(&self) -> &[Node<'a>] {
        &self.nodes
    }

    /// A node.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node<'a> {
        &self.nodes[id as usize]
    }

    /// The root, unless the document is empty.
    #[must_use]
    pub fn root(&self) -> Option<NodeId> {
        (!self.nodes.is_empty()).then_some(0)
    }

    /// The node that an alias stands for; any other node stands for itself.
    #[must_use]
    pub fn follow(&self, id: NodeId) -> NodeId {
        match self.node(id).kind {
            NodeKind::Alias(target) => target,
            _ => id,
        }
    }

    /// The direct children of a node: items, or keys and values in turn.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let end = self.node(id).next;
        let mut at = id + 1;
        std::iter::from_fn(move || {
            let child = (at < end).then_some(at)?;
            at = self.node(child).next;
            Some(child)
        })
    }

    /// The value under a key that is written as this text, the last one when there are several.
    #[must_use]
    pub fn get(&self, id: NodeId, key: &[u8]) -> Option<NodeId> {
        let id = self.follow(id);
        if self.node(id).kind != NodeKind::Mapping {
            return None;
        }
        let mut children = self.children(id);
        let mut found = None;
        while let (Some(k), Some(v)) = (children.next(), children.next()) {
            if *self.node(self.follow(k)).text == *key {
                found = Some(v);
            }
        }
        found
    }

    /// The same document with texts of its own.
    pub(crate) fn into_owned(self) -> Document<'static> {
        Document { nodes: self.nodes.into_iter().map(own).collect() }
    }
}

fn own(n: Node<'_>) -> Node<'static> {
    Node {
        kind: n.kind,
        start: n.start,
        end: n.end,
        line: n.line,
        next: n.next,
        text: Cow::Owned(n.text.into_owned()),
        tag: n.tag,
        outer_start: n.outer_start,
    }
}
