//! Tokens to trees, with Go's grammar and Go's error texts.

use std::rc::Rc;

use rhumb_gostd::raw;
use rhumb_gostd::strconv::unquote;
use rhumb_gostd::unicode::decode_rune;
use rhumb_value::Str;

use crate::ast::{Control, Index, Literal, Node, Number, Tree, is_blank};
use crate::error::ParseError;
use crate::funcs::Funcs;
use crate::lexer::{Kind, Lexer, Token};
use crate::quote::quote;
use crate::source::Source;
use crate::template::Template;

mod pipeline;
#[cfg(test)]
mod tests;

/// Parentheses inside each other; Go's limit.
const MAX_PARENS: usize = 10_000;

/// Controls inside each other; Go has no limit but its stack.
const MAX_DEPTH: usize = 10_000;

/// What a text holds: its own template last, those that it defines before.
#[derive(Debug)]
pub struct Parsed {
    /// The templates in the order in which they were finished.
    pub templates: Vec<Rc<Template>>,
    /// What was wrong, in order. Where there is anything, Go would give the first and nothing else.
    pub errors: Vec<ParseError>,
}

/// Parses a text. Goes on after an error, so that an editor has a tree to work with.
#[must_use]
pub fn parse(name: &Str, text: Rc<[u8]>, funcs: &Funcs) -> Parsed {
    run(name, text, funcs, &mut Scratch::default(), true)
}

/// Parses a text up to the first error.
pub(crate) fn parse_strict(
    name: &Str,
    text: Rc<[u8]>,
    funcs: &Funcs,
    scratch: &mut Scratch,
) -> Result<Vec<Rc<Template>>, ParseError> {
    let mut parsed = run(name, text, funcs, scratch, false);
    if parsed.errors.is_empty() { Ok(parsed.templates) } else { Err(parsed.errors.swap_remove(0)) }
}

/// Where trees grow; each is copied out with no room to spare.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    nodes: Vec<Node>,
}

fn run(name: &Str, text: Rc<[u8]>, funcs: &Funcs, scratch: &mut Scratch, lenient: bool) -> Parsed {
    let source = Rc::new(Source { name: name.clone(), text: text.clone() });
    if u32::try_from(text.len()).is_err() {
        let errors = vec![ParseError::new(&source, 0, "text too long".into())];
        return Parsed { templates: Vec::new(), errors };
    }
    scratch.nodes.clear();
    let mut p = Parser {
        source: &source,
        text: &text,
        funcs,
        lex: Lexer::new(&text),
        ahead: [NONE; 3],
        count: 0,
        last: NONE,
        names: vec![b"$"],
        vars: vec![0],
        range_depth: 0,
        depth: 0,
        parens: 0,
        action: None,
        found: Vec::new(),
        errors: Vec::new(),
        lenient,
        nodes: &mut scratch.nodes,
        numbers: Vec::new(),
        literals: Vec::new(),
    };
    if p.top().is_ok() {
        let _ = p.add(name.clone(), 0);
    }
    let (found, errors) = (std::mem::take(&mut p.found), std::mem::take(&mut p.errors));
    let tree = Rc::new(Tree {
        nodes: p.nodes.as_slice().into(),
        numbers: p.numbers.into(),
        literals: p.literals.into(),
        funcs: funcs.clone(),
        text: text.clone(),
    });
    let template = |f: Found| {
        Rc::new(Template { name: f.name, source: source.clone(), tree: tree.clone(), root: f.root, blank: f.blank })
    };
    Parsed { templates: found.into_iter().map(template).collect(), errors }
}

/// A template of the text: its list, and whether that is blank.
struct Found {
    name: Str,
    root: Index,
    blank: bool,
}

const NONE: Token = Token { kind: Kind::Eof, spaced: false, start: 0, end: 0 };

/// The error is in [`Parser::errors`]; this only unwinds.
struct Failed;

type Result1<T> = Result<T, Failed>;

/// What stands at the end of a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stop {
    End,
    Else,
}

impl Stop {
    fn text(self) -> &'static str {
        match self {
            Stop::End => "{{end}}",
            Stop::Else => "{{else}}",
        }
    }
}

enum Item {
    /// Something is in the tree, or left nothing there.
    Done,
    Stop(Stop),
}

/// What a pipeline is part of: its words in error texts, and where it ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Command,
    Parens,
    If,
    With,
    Range,
    Block,
    Template,
}

impl Context {
    fn name(self) -> &'static str {
        match self {
            Context::Command => "command",
            Context::Parens => "parenthesized pipeline",
            Context::If => "if",
            Context::With => "with",
            Context::Range => "range",
            Context::Block => "block clause",
            Context::Template => "template clause",
        }
    }

    fn end(self) -> Kind {
        if self == Context::Parens { Kind::RightParen } else { Kind::RightDelim }
    }
}

struct Parser<'p> {
    source: &'p Rc<Source>,
    text: &'p [u8],
    funcs: &'p Funcs,
    lex: Lexer<'p>,
    /// Tokens that were put back; the last comes first.
    ahead: [Token; 3],
    count: usize,
    /// The token that the lexer gave last; errors are reported on its line.
    last: Token,
    /// Every variable name of the source; its index is the variable's number.
    names: Vec<&'p [u8]>,
    /// The variables in scope.
    vars: Vec<u16>,
    range_depth: usize,
    depth: usize,
    parens: usize,
    /// Where the action at hand started.
    action: Option<u32>,
    found: Vec<Found>,
    errors: Vec<ParseError>,
    lenient: bool,
    /// The tree so far. A node with others inside is there before them, and gets its end when it is known.
    nodes: &'p mut Vec<Node>,
    numbers: Vec<Number>,
    literals: Vec<Literal>,
}

impl<'p> Parser<'p> {
    // Tokens.

    #[inline]
    fn next(&mut self) -> Token {
        if self.count > 0 {
            self.count -= 1;
            return self.ahead[self.count];
        }
        self.last = self.lex.next();
        self.last
    }

    #[inline]
    fn back(&mut self, token: Token) {
        self.ahead[self.count] = token;
        self.count += 1;
    }

    #[inline]
    fn peek(&mut self) -> Token {
        if self.count == 0 {
            self.last = self.lex.next();
            self.ahead[0] = self.last;
            self.count = 1;
        }
        self.ahead[self.count - 1]
    }

    fn bytes(&self, token: Token) -> &'p [u8] {
        &self.text[token.start as usize..token.end as usize]
    }

    // Errors.

    #[cold]
    fn fail<T>(&mut self, message: String) -> Result1<T> {
        self.errors.push(ParseError::new(self.source, self.last.start, message));
        Err(Failed)
    }

    fn describe(&self, token: Token) -> String {
        let text = self.bytes(token);
        match token.kind {
            Kind::Eof => "EOF".into(),
            Kind::Error => self.lex.error.clone(),
            k if k.is_keyword() => format!("<{}>", raw::text(text)),
            _ => {
                let cut = cut_runes(text, 10);
                if text.len() > 10 { format!("{}...", quote(cut)) } else { quote(text) }
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn unexpected<T>(&mut self, token: Token, context: &str) -> Result1<T> {
        let mut message = self.describe(token);
        if token.kind != Kind::Error {
            return self.fail(format!("unexpected {message} in {context}"));
        }
        if let Some(start) = self.action {
            let line = self.source.line(start);
            if line != self.source.line(token.start) {
                // Not "action in action".
                let join = if message.ends_with(" action") { "" } else { " in action" };
                message = format!("{message}{join} started at {}:{line}", self.source.name);
            }
        }
        self.fail(message)
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Result1<Token> {
        let token = self.next();
        if token.kind == kind { Ok(token) } else { self.unexpected(token, context) }
    }

    fn enter(&mut self) -> Result1<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { self.fail("controls nested too deeply".into()) } else { Ok(()) }
    }

    // The tree.

    /// The number of the next node. A node comes from a byte or more, and a text has no more than 2^32 of them.
    fn here(&self) -> Index {
        self.nodes.len() as Index
    }

    fn push(&mut self, node: Node) -> Index {
        self.nodes.push(node);
        self.here() - 1
    }

    fn set(&mut self, at: Index, node: Node) {
        self.nodes[at as usize] = node;
    }

    // Templates.

    fn top(&mut self) -> Result1<()> {
        let list = self.push(Node::List { end: 0 });
        while self.peek().kind != Kind::Eof {
            if self.peek().kind == Kind::LeftDelim {
                let delim = self.next();
                let word = self.next();
                if word.kind == Kind::Define {
                    let before = (self.depth, self.here());
                    if let Err(failed) = self.definition() {
                        self.resume(failed, before)?;
                    }
                    continue;
                }
                self.back(word);
                self.back(delim);
            }
            if let Item::Stop(stop) = self.item_or_resume()? {
                let before = (self.depth, self.here());
                if let Err(failed) = self.fail::<()>(format!("unexpected {}", stop.text())) {
                    self.resume(failed, before)?;
                }
            }
        }
        self.set(list, Node::List { end: self.here() });
        Ok(())
    }

    /// After an error: leaves the broken action where errors are collected, gives up where not.
    fn resume(&mut self, failed: Failed, (depth, node): (usize, Index)) -> Result1<()> {
        // An error at the end of the text leaves nothing to go on with.
        if !self.lenient || self.last.start as usize >= self.source.text.len() {
            return Err(failed);
        }
        self.count = 0;
        self.depth = depth;
        self.parens = 0;
        self.action = None;
        // The broken nodes stay, since a finished template may lie among them, but nobody runs them.
        if node < self.here() {
            self.set(node, Node::Define { end: self.here() });
        }
        if self.last.kind != Kind::RightDelim && self.last.kind != Kind::Text {
            self.lex.recover(self.last.start);
        }
        Ok(())
    }

    /// Adds a template to those of this text; of two with one name, one must be empty.
    fn add(&mut self, name: Str, root: Index) -> Result1<()> {
        let blank = is_blank(self.nodes, root, &self.source.text);
        let old = self.found.iter().position(|t| t.name == name);
        if let Some(i) = old {
            if self.found[i].blank {
                self.found.remove(i);
            } else if blank {
                return Ok(());
            } else {
                let message = format!("template: multiple definition of template {}", quote(&name));
                return self.fail(message);
            }
        }
        self.found.push(Found { name, root, blank });
        Ok(())
    }

    /// Parses the body of a `define` or `block` with no variable but `$`.
    fn body(&mut self, name: Str, context: &str) -> Result1<()> {
        let vars = std::mem::replace(&mut self.vars, vec![0]);
        let range_depth = std::mem::take(&mut self.range_depth);
        let action = self.action.take();
        let node = self.push(Node::Define { end: 0 });
        let result = self.list();
        self.vars = vars;
        self.range_depth = range_depth;
        self.action = action;
        if result? == Stop::Else {
            return self.fail(format!("unexpected {} in {context}", Stop::Else.text()));
        }
        self.set(node, Node::Define { end: self.here() });
        self.add(name, node + 1)
    }

    fn definition(&mut self) -> Result1<()> {
        const CONTEXT: &str = "define clause";
        let token = self.next();
        let name = self.template_name(token, CONTEXT)?;
        self.expect(Kind::RightDelim, CONTEXT)?;
        self.body(name, CONTEXT)
    }

    fn template_name(&mut self, token: Token, context: &str) -> Result1<Str> {
        if !matches!(token.kind, Kind::String | Kind::RawString) {
            return self.unexpected(token, context);
        }
        match unquote(self.bytes(token)) {
            Some(name) => Ok(Str::from(name)),
            None => self.fail("invalid syntax".into()),
        }
    }

    // Lists and actions.

    fn list(&mut self) -> Result1<Stop> {
        self.enter()?;
        let list = self.push(Node::List { end: 0 });
        while self.peek().kind != Kind::Eof {
            if let Item::Stop(stop) = self.item_or_resume()? {
                self.depth -= 1;
                self.set(list, Node::List { end: self.here() });
                return Ok(stop);
            }
        }
        self.fail("unexpected EOF".into())
    }

    fn item_or_resume(&mut self) -> Result1<Item> {
        let before = (self.depth, self.here());
        match self.item() {
            Ok(item) => Ok(item),
            Err(failed) => self.resume(failed, before).map(|()| Item::Done),
        }
    }

    fn item(&mut self) -> Result1<Item> {
        let token = self.next();
        match token.kind {
            Kind::Text => {
                self.push(Node::Text { start: token.start, end: token.end });
                Ok(Item::Done)
            }
            Kind::LeftDelim => {
                self.action = Some(token.start);
                let item = self.action()?;
                self.action = None;
                Ok(item)
            }
            _ => self.unexpected(token, "input"),
        }
    }

    fn action(&mut self) -> Result1<Item> {
        let token = self.next();
        match token.kind {
            Kind::Block => self.block()?,
            Kind::Break => self.jump(token, "{{break}}", Node::Break)?,
            Kind::Continue => self.jump(token, "{{continue}}", Node::Continue)?,
            Kind::Else => return self.otherwise(),
            Kind::End => {
                self.expect(Kind::RightDelim, "end")?;
                return Ok(Item::Stop(Stop::End));
            }
            Kind::If => self.control(Context::If)?,
            Kind::Range => self.control(Context::Range)?,
            Kind::With => self.control(Context::With)?,
            Kind::Template => self.template()?,
            _ => {
                self.back(token);
                self.pipeline(Context::Command)?;
            }
        }
        Ok(Item::Done)
    }

    fn otherwise(&mut self) -> Result1<Item> {
        if !matches!(self.peek().kind, Kind::If | Kind::With) {
            self.expect(Kind::RightDelim, "else")?;
        }
        Ok(Item::Stop(Stop::Else))
    }

    fn jump(&mut self, token: Token, text: &str, node: fn(u32) -> Node) -> Result1<()> {
        let end = self.next();
        if end.kind != Kind::RightDelim {
            return self.unexpected(end, text);
        }
        if self.range_depth == 0 {
            return self.fail(format!("{text} outside {{{{range}}}}"));
        }
        self.push(node(token.start));
        Ok(())
    }

    fn control(&mut self, context: Context) -> Result1<()> {
        let scope = self.vars.len();
        let word = match context {
            Context::Range => Control::Range,
            Context::With => Control::With,
            _ => Control::If,
        };
        let node = self.push(Node::Control { word, end: 0 });
        let result = self.control_in_scope(context);
        self.set(node, Node::Control { word, end: self.here() });
        self.vars.truncate(scope);
        result
    }

    fn control_in_scope(&mut self, context: Context) -> Result1<()> {
        self.pipeline(context)?;
        let in_range = usize::from(context == Context::Range);
        self.range_depth += in_range;
        let body = self.list();
        self.range_depth -= in_range;
        if body? == Stop::Else { self.else_list(context) } else { Ok(()) }
    }

    fn else_list(&mut self, context: Context) -> Result1<()> {
        let next = self.peek();
        if !matches!((context, next.kind), (Context::If, Kind::If) | (Context::With, Kind::With)) {
            return match self.list()? {
                Stop::Else => self.fail(format!("expected end; found {}", Stop::Else.text())),
                Stop::End => Ok(()),
            };
        }
        self.next();
        self.enter()?;
        let list = self.push(Node::List { end: 0 });
        self.control(context)?;
        self.set(list, Node::List { end: self.here() });
        self.depth -= 1;
        Ok(())
    }

    fn block(&mut self) -> Result1<()> {
        let token = self.next();
        let name = self.template_name(token, Context::Block.name())?;
        self.call(token, &name, true);
        self.pipeline(Context::Block)?;
        self.enter()?;
        self.body(name, Context::Block.name())?;
        self.depth -= 1;
        Ok(())
    }

    fn template(&mut self) -> Result1<()> {
        let token = self.next();
        let name = self.template_name(token, Context::Template.name())?;
        let after = self.next();
        let piped = after.kind != Kind::RightDelim;
        self.call(token, &name, piped);
        if piped {
            self.back(after);
            self.pipeline(Context::Template)?;
        }
        Ok(())
    }

    fn call(&mut self, token: Token, name: &Str, piped: bool) {
        let name = self.literal(token, name.clone());
        self.push(Node::Call { piped, pos: token.start, name });
    }

    /// Keeps what a string means; its number.
    fn literal(&mut self, token: Token, value: Str) -> u32 {
        self.literals.push(Literal { end: token.end, value });
        self.literals.len() as u32 - 1
    }
}

/// The first characters of a text, for Go's `%.10q`.
fn cut_runes(text: &[u8], count: usize) -> &[u8] {
    let mut end = 0;
    for _ in 0..count {
        end += decode_rune(&text[end..]).1;
    }
    &text[..end]
}
