//! Nodes as Go's parse tree prints them; error texts quote them between `<` and `>`.

use rhumb_gostd::raw;

use crate::ast::{Control, Index, Node, Tree};
use crate::quote::quote;

/// A place of the tree that an error can point at.
#[derive(Clone, Copy, Debug)]
pub(crate) enum At {
    /// A node as it is; a pipeline without braces or parentheses.
    Node(Index),
    /// A pipeline as an action.
    Action(Index),
    /// What a chain starts with, without the fields.
    Start(Index),
}

impl At {
    /// The offset that Go reports.
    pub(crate) fn pos(self, tree: &Tree) -> u32 {
        match self {
            At::Node(at) | At::Action(at) => tree.pos(at),
            At::Start(at) => match tree.node(at) {
                Node::PipeChain { pos, .. } | Node::FunctionChain { pos, .. } => pos,
                _ => tree.pos(at),
            },
        }
    }

    /// The node as text.
    pub(crate) fn show(self, tree: &Tree) -> String {
        let mut out = Printer { tree, out: Vec::new() };
        match self {
            At::Node(at) => out.node(at),
            At::Action(at) => out.item(at),
            At::Start(at) => out.start(at),
        }
        raw::text(&out.out).into_owned()
    }
}

/// An operand as text.
pub(crate) fn show_operand(tree: &Tree, at: Index) -> String {
    At::Node(at).show(tree)
}

/// A whole list as text, as Go prints it.
pub(crate) fn show_list(tree: &Tree, list: Index) -> String {
    let mut out = Printer { tree, out: Vec::new() };
    out.list(list);
    raw::text(&out.out).into_owned()
}

struct Printer<'t> {
    tree: &'t Tree,
    out: Vec<u8>,
}

impl Printer<'_> {
    fn text(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn span(&mut self, start: u32, end: u32) {
        self.out.extend_from_slice(self.tree.span(start, end));
    }

    fn list(&mut self, list: Index) {
        let Node::List { end } = self.tree.node(list) else { return };
        let mut at = list + 1;
        while at < end {
            self.item(at);
            at = self.tree.after(at);
        }
    }

    /// A node of a list.
    fn item(&mut self, at: Index) {
        match self.tree.node(at) {
            Node::Pipe { .. } => {
                self.text("{{");
                self.node(at);
                self.text("}}");
            }
            _ => self.node(at),
        }
    }

    fn node(&mut self, at: Index) {
        match self.tree.node(at) {
            Node::Text { start, end }
            | Node::Word { start, end }
            | Node::Field { start, end }
            | Node::Variable { start, end, .. }
            | Node::Names { start, end } => self.span(start, end),
            Node::Control { word, end } => self.control(word, at, end),
            Node::Call { piped, name, .. } => {
                self.text("{{template ");
                self.text(&quote(&self.tree.literals[name as usize].value));
                if piped {
                    self.text(" ");
                    self.node(at + 1);
                }
                self.text("}}");
            }
            Node::Break(_) => self.text("{{break}}"),
            Node::Continue(_) => self.text("{{continue}}"),
            Node::Define { .. } => {}
            Node::List { .. } => self.list(at),
            Node::Pipe { .. } => self.pipe(at),
            Node::PipeChain { .. } => {
                self.text("(");
                self.pipe(at);
                self.text(")");
                self.fields(at);
            }
            Node::Command { end, .. } => self.command(at, end),
            Node::Dot(_) => self.text("."),
            Node::Nil(_) => self.text("nil"),
            Node::Bool(_, b) => self.text(if b { "true" } else { "false" }),
            Node::Int { pos, len, .. } => self.span(pos, pos + u32::from(len)),
            Node::Number { index } => self.out.extend_from_slice(&self.tree.numbers[index as usize].text),
            Node::Literal { pos, index } => self.span(pos, self.tree.literals[index as usize].end),
            Node::Function { index, .. } => self.text(self.tree.func(index).name),
            Node::FunctionChain { .. } => {
                self.start(at);
                self.fields(at);
            }
        }
    }

    /// What a chain starts with.
    fn start(&mut self, at: Index) {
        match self.tree.node(at) {
            Node::PipeChain { .. } => self.pipe(at),
            Node::FunctionChain { index, .. } => self.text(self.tree.func(index).name),
            _ => self.node(at),
        }
    }

    fn fields(&mut self, chain: Index) {
        let (start, end) = self.tree.fields(chain);
        self.span(start, end);
    }

    fn control(&mut self, word: Control, at: Index, end: Index) {
        self.text("{{");
        self.text(match word {
            Control::If => "if ",
            Control::With => "with ",
            Control::Range => "range ",
        });
        self.node(at + 1);
        self.text("}}");
        let list = self.tree.after(at + 1);
        self.list(list);
        let otherwise = self.tree.after(list);
        if otherwise < end {
            self.text("{{else}}");
            self.list(otherwise);
        }
        self.text("{{end}}");
    }

    fn pipe(&mut self, at: Index) {
        let (Node::Pipe { variables, assign, end, .. } | Node::PipeChain { variables, assign, end, .. }) =
            self.tree.node(at)
        else {
            return;
        };
        let mut next = at + 1;
        for i in 0..variables {
            if i > 0 {
                self.text(", ");
            }
            self.node(next);
            next += 1;
        }
        if variables > 0 {
            self.text(if assign { " = " } else { " := " });
        }
        let first = next;
        while next < end {
            if next > first {
                self.text(" | ");
            }
            self.node(next);
            next = self.tree.after(next);
        }
    }

    fn command(&mut self, at: Index, end: Index) {
        let mut word = at + 1;
        while word < end {
            if word > at + 1 {
                self.text(" ");
            }
            let in_parens = matches!(self.tree.node(word), Node::Pipe { .. });
            self.text(if in_parens { "(" } else { "" });
            self.node(word);
            self.text(if in_parens { ")" } else { "" });
            word = self.tree.after(word);
        }
    }
}
