//! Documents that are read, changed and written without losing how they were written.
//!
//! This is what a post-renderer gets and gives: every document goes through the reference's reader and writer of
//! nodes, which keep styles, comments, anchors and tags, but not the indentation, the line breaks within flow
//! collections and folded text, nor the white space before comments.
//!
//! `comments` finds comments while tokens are scanned, `notes` gives them to nodes, `tree` is what both make,
//! `write` writes it.

pub(crate) mod comments;
pub(crate) mod notes;
pub(crate) mod tree;
pub(crate) mod write;

use std::borrow::Cow;

use crate::error::Error;
use crate::resolve::{Scalar, plain_scalar};
use crate::token::Style;
use crate::{input, parse, scan};
use tree::{Item, Shape, Tree};

pub use tree::ItemId;

/// A document as it was written.
#[derive(Clone, Debug)]
pub struct Kept(Tree);

/// The kind of a node, as the reference names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text, a number, nothing.
    Scalar,
    /// `*name`
    Alias,
    /// A list.
    Sequence,
    /// A map.
    Mapping,
}

impl Kind {
    /// The reference's name for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Scalar => "ScalarNode",
            Kind::Alias => "AliasNode",
            Kind::Sequence => "SequenceNode",
            Kind::Mapping => "MappingNode",
        }
    }
}

/// The root of a document.
pub const ROOT: ItemId = 0;

impl Kept {
    /// Reads the first document of a text; nothing where it holds none.
    pub fn read(bytes: &[u8]) -> Result<Option<Kept>, Error> {
        let (src, bad): (Cow<'_, [u8]>, _) = input::read(bytes)?;
        let (doc, notes) = parse::Parser::new(scan::Scanner::new(&src, bad)).document_and_notes()?;
        Ok(doc.root().map(|_| Kept(Tree::new(&src, &doc, notes))))
    }

    /// The text of the document. Sequences stand below their keys without indentation, unless they shall be `wide`.
    #[must_use]
    pub fn write(&self, wide: bool) -> Vec<u8> {
        write::write(&self.0, ROOT, wide)
    }

    /// The text of one node, as a document of its own.
    #[must_use]
    pub fn write_node(&self, id: ItemId) -> Vec<u8> {
        write::write(&self.0, id, false)
    }

    /// One node as a document.
    #[must_use]
    pub fn cut_out(&self, id: ItemId) -> Kept {
        Kept(self.0.cut_out(id))
    }

    /// What a node is.
    #[must_use]
    pub fn kind(&self, id: ItemId) -> Kind {
        match self.0.items[id].shape {
            Shape::Scalar(_) => Kind::Scalar,
            Shape::Alias => Kind::Alias,
            Shape::Sequence => Kind::Sequence,
            Shape::Mapping => Kind::Mapping,
        }
    }

    /// Whether a node means nothing: `null`, `~`, or not written.
    #[must_use]
    pub fn is_null(&self, id: ItemId) -> bool {
        let item = &self.0.items[id];
        match &item.tag {
            Some(tag) => tag == b"tag:yaml.org,2002:null",
            None => item.shape == Shape::Scalar(Style::Plain) && plain_scalar(&item.text) == Scalar::Null,
        }
    }

    /// The line that a node stands on, from 1; 0 for one that was added.
    #[must_use]
    pub fn line(&self, id: ItemId) -> u32 {
        self.0.items[id].line
    }

    /// The items of a sequence, or keys and values of a mapping in turn.
    #[must_use]
    pub fn children(&self, id: ItemId) -> &[ItemId] {
        &self.0.items[id].children
    }

    /// The text of a scalar, the name of an alias; empty for a collection.
    #[must_use]
    pub fn text(&self, id: ItemId) -> &[u8] {
        &self.0.items[id].text
    }

    /// The value under the first key of this text.
    #[must_use]
    pub fn get(&self, map: ItemId, key: &str) -> Option<ItemId> {
        let at = self.position(map, key)?;
        self.0.items[map].children.get(at + 1).copied()
    }

    /// Removes the first entry under this key, with all its comments.
    pub fn remove(&mut self, map: ItemId, key: &str) {
        if let Some(at) = self.position(map, key) {
            self.0.items[map].children.drain(at..at + 2);
        }
    }

    /// Adds a key with an empty mapping at the end of a mapping.
    pub fn add_mapping(&mut self, map: ItemId, key: &str) -> ItemId {
        self.add(map, key, Item::mapping(Vec::new()))
    }

    /// Gives a key a text: an old text loses its comments and keeps its quotes, a new one stands in single quotes.
    pub fn set_text(&mut self, map: ItemId, key: &str, text: &str) {
        let new = Item::scalar(text.as_bytes(), Style::Single);
        match self.get(map, key) {
            Some(id) => {
                let style = match self.0.items[id].shape {
                    Shape::Scalar(style) => style,
                    _ => Style::Plain,
                };
                self.0.items[id] = Item { shape: Shape::Scalar(style), ..new };
            }
            None => {
                self.add(map, key, new);
            }
        }
    }

    fn add(&mut self, map: ItemId, key: &str, value: Item) -> ItemId {
        let key = self.0.add(Item::scalar(key.as_bytes(), Style::Plain));
        let value = self.0.add(value);
        self.0.items[map].children.extend([key, value]);
        value
    }

    fn position(&self, map: ItemId, key: &str) -> Option<usize> {
        let item = &self.0.items[map];
        let keys = item.children.iter().step_by(2);
        let at = keys
            .map(|k| &self.0.items[*k])
            .position(|k| matches!(k.shape, Shape::Scalar(_) | Shape::Alias) && k.text == key.as_bytes())?;
        (item.shape == Shape::Mapping).then_some(at * 2)
    }
}

#[cfg(test)]
mod tests;
