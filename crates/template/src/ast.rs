//! The tree that the parser builds and the machine runs, laid flat: one row of small nodes in the order of the source.
//!
//! A node with others inside comes before them and knows where they end. So the tree of a text is one block of memory,
//! built by appending and thrown away at once. Names, words and short texts stay in the source; a node has their place.

use std::rc::Rc;

use rhumb_value::{Str, Value};

use crate::func::Func;
use crate::funcs::Funcs;

/// The number of a node in its tree.
pub(crate) type Index = u32;

/// One node. `end` is the number of the first node behind all that is inside.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Node {
    /// Plain text: a range of the source.
    Text { start: u32, end: u32 },
    /// `{{if}}`, `{{with}}` or `{{range}}`; inside are a pipeline, a list, and a second list where there is an `else`.
    Control { word: Control, end: Index },
    /// `{{template}}`, and what is left of a `{{block}}`; the pipeline comes behind it where there is one.
    Call { piped: bool, pos: u32, name: u32 },
    /// `{{break}}`
    Break(u32),
    /// `{{continue}}`
    Continue(u32),
    /// What a `define` or a `block` holds: one list. Runs only by its name.
    Define { end: Index },
    /// A run of texts, controls, calls and pipelines; a pipeline in a list is an action.
    List { end: Index },
    /// A pipeline; inside are its variables and commands.
    Pipe { variables: u8, assign: bool, pos: u32, end: Index },
    /// A pipeline in parentheses with fields; they come behind it.
    PipeChain { variables: u8, assign: bool, pos: u32, end: Index },
    /// A command; inside are its words, at least one. [`MANY`] of them must be counted.
    Command { words: u16, pos: u32, end: Index },
    /// `.`
    Dot(u32),
    /// `nil`
    Nil(u32),
    /// `true`, `false`
    Bool(u32, bool),
    /// A plain decimal number below 10^9.
    Int { len: u8, pos: u32, value: u32 },
    /// Any other number or a character.
    Number { index: u32 },
    /// A short string literal that means what stands between its quotes.
    Word { start: u32, end: u32 },
    /// Any other string literal.
    Literal { pos: u32, index: u32 },
    /// `.A.B`: a range of the source.
    Field { start: u32, end: u32 },
    /// `$x.A.B`: the number of the name and a range of the source.
    Variable { id: u16, start: u32, end: u32 },
    /// The name of a function.
    Function { index: u16, pos: u32 },
    /// The name of a function with fields; they come behind it.
    FunctionChain { index: u16, pos: u32 },
    /// The fields of a chain: a range of the source.
    Names { start: u32, end: u32 },
}

/// So many words of a command are not told by its node.
pub(crate) const MANY: u16 = u16::MAX;

/// The word of a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Control {
    If,
    With,
    Range,
}

/// A number with all the types it may take.
#[derive(Debug, Default)]
pub(crate) struct Number {
    /// Where it stands.
    pub(crate) pos: u32,
    /// As written.
    pub(crate) text: Str,
    /// As a signed integer.
    pub(crate) int: Option<i64>,
    /// As an unsigned integer.
    pub(crate) uint: Option<u64>,
    /// As a float.
    pub(crate) float: Option<f64>,
    /// As a complex number.
    pub(crate) complex: Option<(f64, f64)>,
    /// What it is where nothing asks for a type; none where it does not fit an `int`.
    pub(crate) ideal: Option<Value>,
}

/// A string literal.
#[derive(Debug)]
pub(crate) struct Literal {
    /// The first byte behind it.
    pub(crate) end: u32,
    /// What it means.
    pub(crate) value: Str,
}

/// What a text became.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) text: Rc<[u8]>,
    pub(crate) nodes: Box<[Node]>,
    pub(crate) numbers: Box<[Number]>,
    pub(crate) literals: Box<[Literal]>,
    pub(crate) funcs: Funcs,
}

/// The operands behind the first word of a command.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    pub(crate) first: Index,
    pub(crate) count: usize,
}

impl Words {
    pub(crate) const NONE: Words = Words { first: 0, count: 0 };
}

impl Tree {
    pub(crate) fn node(&self, at: Index) -> Node {
        self.nodes[at as usize]
    }

    /// A range of the source.
    pub(crate) fn span(&self, start: u32, end: u32) -> &[u8] {
        &self.text[start as usize..end as usize]
    }

    /// The function of a node.
    pub(crate) fn func(&self, index: u16) -> &'static Func {
        self.funcs.at(index)
    }

    /// The node behind a node and all that is inside.
    pub(crate) fn after(&self, at: Index) -> Index {
        match self.node(at) {
            Node::Control { end, .. }
            | Node::Define { end }
            | Node::List { end }
            | Node::Pipe { end, .. }
            | Node::Command { end, .. } => end,
            Node::PipeChain { end, .. } => end + 1,
            Node::FunctionChain { .. } => at + 2,
            Node::Call { piped: true, .. } => self.after(at + 1),
            _ => at + 1,
        }
    }

    /// The arguments of a command.
    pub(crate) fn arguments(&self, command: Index) -> Words {
        let Node::Command { words, end, .. } = self.node(command) else { return Words::NONE };
        match words {
            1 => Words::NONE,
            MANY => {
                let first = self.after(command + 1);
                let mut count = 0;
                let mut at = first;
                while at < end {
                    at = self.after(at);
                    count += 1;
                }
                Words { first, count }
            }
            words => Words { first: self.after(command + 1), count: usize::from(words) - 1 },
        }
    }

    /// The fields of a chain: a range of the source.
    pub(crate) fn fields(&self, chain: Index) -> (u32, u32) {
        let names = match self.node(chain) {
            Node::PipeChain { end, .. } => end,
            _ => chain + 1,
        };
        match self.node(names) {
            Node::Names { start, end } => (start, end),
            _ => (0, 0),
        }
    }

    /// Where a node stands, as Go reports it.
    pub(crate) fn pos(&self, at: Index) -> u32 {
        match self.node(at) {
            Node::Text { start, .. } | Node::Word { start, .. } | Node::Names { start, .. } => start,
            // Its pipeline's.
            Node::Control { .. } => self.pos(at + 1),
            Node::Define { .. } | Node::List { .. } => 0,
            Node::Call { pos, .. }
            | Node::Break(pos)
            | Node::Continue(pos)
            | Node::Pipe { pos, .. }
            | Node::Command { pos, .. }
            | Node::Dot(pos)
            | Node::Nil(pos)
            | Node::Bool(pos, _)
            | Node::Int { pos, .. }
            | Node::Literal { pos, .. }
            | Node::Function { pos, .. } => pos,
            Node::Number { index } => self.numbers[index as usize].pos,
            // The second name where there are several.
            Node::Field { start, end } => self.dot(start + 1, end).unwrap_or(start),
            Node::Variable { start, end, .. } => self.dot(start, end).unwrap_or(start),
            Node::PipeChain { .. } | Node::FunctionChain { .. } => self.fields(at).0,
        }
    }

    /// Where the first dot of a range stands.
    pub(crate) fn dot(&self, start: u32, end: u32) -> Option<u32> {
        self.span(start, end).iter().position(|b| *b == b'.').map(|at| start + at as u32)
    }
}

/// Whether a list would write nothing but white space (Go: `parse.IsEmptyTree`).
pub(crate) fn is_blank(nodes: &[Node], list: Index, text: &[u8]) -> bool {
    let mut at = list as usize + 1;
    let Some(Node::List { end }) = nodes.get(list as usize) else { return true };
    while at < *end as usize {
        match nodes[at] {
            Node::Text { start, end } if is_white(&text[start as usize..end as usize]) => at += 1,
            Node::Define { end } => at = end as usize,
            _ => return false,
        }
    }
    true
}

fn is_white(text: &[u8]) -> bool {
    match std::str::from_utf8(text) {
        Ok(text) => text.trim().is_empty(),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_three_words_of_32_bits() {
        assert_eq!(size_of::<Node>(), 12);
    }
}
