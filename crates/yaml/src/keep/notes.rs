//! The comments of a document, given to its nodes as the parser comes to them.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::keep::comments::Role;
use crate::node::NodeId;
use crate::scan::Scanner;

/// The comments of one node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Note {
    /// On lines above it.
    pub(crate) head: Vec<u8>,
    /// Behind it.
    pub(crate) line: Vec<u8>,
    /// On lines below it.
    pub(crate) foot: Vec<u8>,
}

/// All comments of a document.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// Those met and not given yet.
    met: Note,
    /// Of the collection that a dash will open.
    stem: Vec<u8>,
    /// Those of the document: above it, and at its end.
    pub(crate) document: Note,
    begun: BTreeMap<NodeId, Note>,
    ended: BTreeMap<NodeId, Note>,
}

impl Notes {
    /// Meets the comments that belong to the next token.
    pub(crate) fn look_at_next(&mut self, scanner: &mut Scanner<'_>) -> Result<(), Error> {
        let token = scanner.peek()?.clone();
        let Some(comments) = &mut scanner.comments else { return Ok(()) };
        while let Some(comment) = comments.next_for(&token) {
            let lines = match comment.role {
                Role::Head => &mut self.met.head,
                Role::Line => &mut self.met.line,
                Role::Foot => &mut self.met.foot,
            };
            if !lines.is_empty() {
                lines.push(b'\n');
            }
            lines.extend_from_slice(&comment.text);
        }
        Ok(())
    }

    /// What stands above the last empty line of the comment at the top belongs to the document.
    pub(crate) fn begin_document(&mut self) {
        let head = &mut self.met.head;
        let Some(at) = head.iter().rposition(|b| *b == b'\n').filter(|at| *at > 0) else { return };
        let cut = match at + 1 == head.len() {
            true => Some((at, at + 1)),
            false => (1..head.len()).rev().find(|i| head[*i] == b'\n' && head[i - 1] == b'\n').map(|i| (i - 1, i + 1)),
        };
        if let Some((end, next)) = cut {
            let rest = head.split_off(next);
            head.truncate(end);
            self.document.head = std::mem::replace(head, rest);
        }
    }

    /// What is left belongs to the document's end.
    pub(crate) fn end_document(&mut self) {
        let met = std::mem::take(&mut self.met);
        self.document.foot = if met.foot.is_empty() { met.head } else { met.foot };
    }

    /// How long the comment above is so far.
    pub(crate) fn head_len(&self) -> usize {
        self.met.head.len()
    }

    /// Keeps the first `len` bytes of the comment above for the collection that follows.
    pub(crate) fn set_stem_aside(&mut self, len: usize) {
        if len > 0 {
            let rest = self.met.head.split_off(len);
            self.stem = std::mem::replace(&mut self.met.head, rest.get(1..).unwrap_or_default().to_vec());
        }
    }

    /// Gives what was kept to the collection.
    pub(crate) fn give_stem(&mut self, id: NodeId) {
        let head = std::mem::take(&mut self.stem);
        if !head.is_empty() {
            self.begun.insert(id, Note { head, ..Note::default() });
        }
    }

    /// Gives all that was met to a node.
    pub(crate) fn give(&mut self, id: NodeId) {
        self.stem.clear();
        let met = std::mem::take(&mut self.met);
        if met != Note::default() {
            self.begun.insert(id, met);
        }
    }

    /// Gives all that was met to the end of a collection.
    pub(crate) fn give_end(&mut self, id: NodeId) {
        self.stem.clear();
        let met = std::mem::take(&mut self.met);
        if met != Note::default() {
            self.ended.insert(id, met);
        }
    }

    /// The comments at a node's beginning, taken.
    pub(crate) fn at(&mut self, id: NodeId) -> Note {
        self.begun.remove(&id).unwrap_or_default()
    }

    /// The comments at a collection's end, taken.
    pub(crate) fn at_end(&mut self, id: NodeId) -> Note {
        self.ended.remove(&id).unwrap_or_default()
    }
}
