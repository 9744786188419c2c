//! Nodes as Go's parse tree prints them; error texts quote them between `<` and `>`.

use crate::ast::{Branch, Chain, Command, Expr, List, Node, Pipe, TemplateCall, Variable};
use crate::quote::quote;

/// A place of the tree that an error can point at.
#[derive(Clone, Copy, Debug)]
pub(crate) enum At<'t> {
    Node(&'t Node),
    Call(&'t TemplateCall),
    Pipe(&'t Pipe),
    Command(&'t Command),
    Expr(&'t Expr),
}

impl At<'_> {
    /// The offset that Go reports.
    pub(crate) fn pos(self) -> u32 {
        match self {
            At::Node(n) => n.pos(),
            At::Call(n) => n.pos,
            At::Pipe(n) => n.pos,
            At::Command(n) => n.pos,
            At::Expr(n) => n.pos(),
        }
    }

    /// The node as text; `text` is the source it came from.
    pub(crate) fn show(self, text: &[u8]) -> String {
        let mut out = Vec::new();
        match self {
            At::Node(n) => node(&mut out, n, text),
            At::Call(n) => call(&mut out, n),
            At::Pipe(n) => pipe(&mut out, n),
            At::Command(n) => command(&mut out, n),
            At::Expr(n) => expr(&mut out, n),
        }
        String::from_utf8_lossy(&out).into_owned()
    }
}

impl Node {
    /// The offset that Go reports.
    pub(crate) fn pos(&self) -> u32 {
        match self {
            Node::Text { start, .. } => *start,
            Node::Action(p) => p.pos,
            Node::If(b) | Node::With(b) | Node::Range(b) => b.pos,
            Node::Template(t) => t.pos,
            Node::Break(pos) | Node::Continue(pos) => *pos,
        }
    }
}

/// An operand as text.
pub(crate) fn show_expr(e: &Expr) -> String {
    At::Expr(e).show(&[])
}

/// A whole tree as text, as Go prints it.
#[must_use]
pub fn show_list(l: &List, text: &[u8]) -> String {
    let mut out = Vec::new();
    list(&mut out, l, text);
    String::from_utf8_lossy(&out).into_owned()
}

fn list(out: &mut Vec<u8>, l: &List, text: &[u8]) {
    for n in &l.nodes {
        node(out, n, text);
    }
}

fn node(out: &mut Vec<u8>, n: &Node, text: &[u8]) {
    match n {
        Node::Text { start, end } => out.extend_from_slice(&text[*start as usize..*end as usize]),
        Node::Action(p) => {
            out.extend_from_slice(b"{{");
            pipe(out, p);
            out.extend_from_slice(b"}}");
        }
        Node::If(b) => branch(out, "if", b, text),
        Node::With(b) => branch(out, "with", b, text),
        Node::Range(b) => branch(out, "range", b, text),
        Node::Template(t) => call(out, t),
        Node::Break(_) => out.extend_from_slice(b"{{break}}"),
        Node::Continue(_) => out.extend_from_slice(b"{{continue}}"),
    }
}

fn branch(out: &mut Vec<u8>, word: &str, b: &Branch, text: &[u8]) {
    out.extend_from_slice(b"{{");
    out.extend_from_slice(word.as_bytes());
    out.push(b' ');
    pipe(out, &b.pipe);
    out.extend_from_slice(b"}}");
    list(out, &b.list, text);
    if let Some(l) = &b.otherwise {
        out.extend_from_slice(b"{{else}}");
        list(out, l, text);
    }
    out.extend_from_slice(b"{{end}}");
}

fn call(out: &mut Vec<u8>, t: &TemplateCall) {
    out.extend_from_slice(b"{{template ");
    out.extend_from_slice(quote(&t.name).as_bytes());
    if let Some(p) = &t.pipe {
        out.push(b' ');
        pipe(out, p);
    }
    out.extend_from_slice(b"}}");
}

fn pipe(out: &mut Vec<u8>, p: &Pipe) {
    for (i, v) in p.decl.iter().enumerate() {
        if i > 0 {
            out.extend_from_slice(b", ");
        }
        variable(out, v);
    }
    if !p.decl.is_empty() {
        out.extend_from_slice(if p.assign { b" = " } else { b" := " });
    }
    for (i, c) in p.commands.iter().enumerate() {
        if i > 0 {
            out.extend_from_slice(b" | ");
        }
        command(out, c);
    }
}

fn command(out: &mut Vec<u8>, c: &Command) {
    for (i, arg) in c.args.iter().enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        parenthesised(out, arg);
    }
}

fn parenthesised(out: &mut Vec<u8>, e: &Expr) {
    match e {
        Expr::Pipe(p) => {
            out.push(b'(');
            pipe(out, p);
            out.push(b')');
        }
        e => expr(out, e),
    }
}

fn variable(out: &mut Vec<u8>, v: &Variable) {
    out.extend_from_slice(&v.name);
    names(out, &v.names);
}

fn names(out: &mut Vec<u8>, names: &[rhumb_value::Str]) {
    for n in names {
        out.push(b'.');
        out.extend_from_slice(n);
    }
}

/// A chain as text; the parser needs it before it knows what the chain becomes.
pub(crate) fn chain(out: &mut Vec<u8>, c: &Chain) {
    parenthesised(out, &c.node);
    names(out, &c.names);
}

fn expr(out: &mut Vec<u8>, e: &Expr) {
    match e {
        Expr::Dot(_) => out.push(b'.'),
        Expr::Nil(_) => out.extend_from_slice(b"nil"),
        Expr::Bool(_, b) => out.extend_from_slice(if *b { b"true" } else { b"false" }),
        Expr::Number(n) => out.extend_from_slice(&n.text),
        Expr::Text(n) => out.extend_from_slice(&n.quoted),
        Expr::Field(f) => names(out, &f.names),
        Expr::Variable(v) => variable(out, v),
        Expr::Chain(c) => chain(out, c),
        Expr::Function(f) => out.extend_from_slice(f.func.name.as_bytes()),
        Expr::Pipe(p) => pipe(out, p),
    }
}
