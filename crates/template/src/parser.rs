//! Tokens to trees, with Go's grammar and Go's error texts.

use std::rc::Rc;

use rhumb_gostd::strconv::unquote;
use rhumb_gostd::unicode::decode_rune;
use rhumb_value::Str;

use crate::ast::{Branch, Command, Expr, List, Node, TemplateCall};
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
    run(name, text, funcs, true)
}

/// Parses a text up to the first error.
pub(crate) fn parse_strict(name: &Str, text: Rc<[u8]>, funcs: &Funcs) -> Result<Vec<Rc<Template>>, ParseError> {
    let mut parsed = run(name, text, funcs, false);
    if parsed.errors.is_empty() { Ok(parsed.templates) } else { Err(parsed.errors.swap_remove(0)) }
}

fn run(name: &Str, text: Rc<[u8]>, funcs: &Funcs, lenient: bool) -> Parsed {
    let source = Rc::new(Source { name: name.clone(), text: text.clone() });
    if u32::try_from(text.len()).is_err() {
        let errors = vec![ParseError::new(&source, 0, "text too long".into())];
        return Parsed { templates: Vec::new(), errors };
    }
    let mut p = Parser {
        source: &source,
        funcs,
        lex: Lexer::new(&text),
        ahead: [NONE; 3],
        count: 0,
        last: NONE,
        names: vec![Str::from_static("$")],
        vars: vec![0],
        range_depth: 0,
        depth: 0,
        parens: 0,
        action: None,
        templates: Vec::new(),
        errors: Vec::new(),
        lenient,
        words: Vec::new(),
        commands: Vec::new(),
    };
    if let Ok(root) = p.top() {
        let _ = p.add(name.clone(), root);
    }
    Parsed { templates: p.templates, errors: p.errors }
}

const NONE: Token = Token { kind: Kind::Eof, start: 0, end: 0 };

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
    Node(Node),
    /// A declaration that leaves nothing in the tree.
    Nothing,
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
    funcs: &'p Funcs,
    lex: Lexer<'p>,
    /// Tokens that were put back; the last comes first.
    ahead: [Token; 3],
    count: usize,
    /// The token that the lexer gave last; errors are reported on its line.
    last: Token,
    /// Every variable name of the source; its index is the variable's number.
    names: Vec<Str>,
    /// The variables in scope.
    vars: Vec<u32>,
    range_depth: usize,
    depth: usize,
    parens: usize,
    /// Where the action at hand started.
    action: Option<u32>,
    templates: Vec<Rc<Template>>,
    errors: Vec<ParseError>,
    lenient: bool,
    /// The words and commands of pipelines being read; a finished one takes its own off the end, with no room to spare.
    words: Vec<Expr>,
    commands: Vec<Command>,
}

impl<'p> Parser<'p> {
    // Tokens.

    fn next(&mut self) -> Token {
        if self.count > 0 {
            self.count -= 1;
            return self.ahead[self.count];
        }
        self.last = self.lex.next();
        self.last
    }

    fn back(&mut self, token: Token) {
        self.ahead[self.count] = token;
        self.count += 1;
    }

    fn peek(&mut self) -> Token {
        let token = self.next();
        self.back(token);
        token
    }

    fn next_word(&mut self) -> Token {
        loop {
            let token = self.next();
            if token.kind != Kind::Space {
                return token;
            }
        }
    }

    fn peek_word(&mut self) -> Token {
        let token = self.next_word();
        self.back(token);
        token
    }

    fn bytes(&self, token: Token) -> &'p [u8] {
        &self.source.text[token.start as usize..token.end as usize]
    }

    // Errors.

    fn fail<T>(&mut self, message: String) -> Result1<T> {
        self.errors.push(ParseError::new(self.source, self.last.start, message));
        Err(Failed)
    }

    fn describe(&self, token: Token) -> String {
        let text = self.bytes(token);
        match token.kind {
            Kind::Eof => "EOF".into(),
            Kind::Error => self.lex.error.clone(),
            k if k.is_keyword() => format!("<{}>", String::from_utf8_lossy(text)),
            _ => {
                let cut = cut_runes(text, 10);
                if text.len() > 10 { format!("{}...", quote(cut)) } else { quote(text) }
            }
        }
    }

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
        let token = self.next_word();
        if token.kind == kind { Ok(token) } else { self.unexpected(token, context) }
    }

    fn enter(&mut self) -> Result1<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { self.fail("controls nested too deeply".into()) } else { Ok(()) }
    }

    // Templates.

    fn top(&mut self) -> Result1<List> {
        let mut root = List { pos: self.peek().start, nodes: Vec::new() };
        while self.peek().kind != Kind::Eof {
            if self.peek().kind == Kind::LeftDelim {
                let delim = self.next();
                let word = self.next_word();
                if word.kind == Kind::Define {
                    let depth = self.depth;
                    if let Err(failed) = self.definition() {
                        self.resume(failed, depth)?;
                    }
                    continue;
                }
                self.back(word);
                self.back(delim);
            }
            match self.item_or_resume()? {
                Item::Node(n) => root.nodes.push(n),
                Item::Nothing => {}
                Item::Stop(stop) => {
                    let depth = self.depth;
                    if let Err(failed) = self.fail::<()>(format!("unexpected {}", stop.text())) {
                        self.resume(failed, depth)?;
                    }
                }
            }
        }
        root.nodes.shrink_to_fit();
        Ok(root)
    }

    /// After an error: leaves the broken action where errors are collected, gives up where not.
    fn resume(&mut self, failed: Failed, depth: usize) -> Result1<()> {
        // An error at the end of the text leaves nothing to go on with.
        if !self.lenient || self.last.start as usize >= self.source.text.len() {
            return Err(failed);
        }
        self.count = 0;
        self.depth = depth;
        self.parens = 0;
        self.action = None;
        self.words.clear();
        self.commands.clear();
        if self.last.kind != Kind::RightDelim && self.last.kind != Kind::Text {
            self.lex.recover(self.last.start);
        }
        Ok(())
    }

    /// Adds a template to those of this text; of two with one name, one must be empty.
    fn add(&mut self, name: Str, root: List) -> Result1<()> {
        let old = self.templates.iter().position(|t| t.name == name);
        if let Some(i) = old {
            if self.templates[i].blank {
                self.templates.remove(i);
            } else if root.is_blank(&self.source.text) {
                return Ok(());
            } else {
                let message = format!("template: multiple definition of template {}", quote(&name));
                return self.fail(message);
            }
        }
        let blank = root.is_blank(&self.source.text);
        self.templates.push(Rc::new(Template { name, source: self.source.clone(), root, blank }));
        Ok(())
    }

    /// Parses the body of a `define` or `block` with no variable but `$`.
    fn body(&mut self, name: Str, context: &str) -> Result1<()> {
        let vars = std::mem::replace(&mut self.vars, vec![0]);
        let range_depth = std::mem::take(&mut self.range_depth);
        let action = self.action.take();
        let result = self.list();
        self.vars = vars;
        self.range_depth = range_depth;
        self.action = action;
        let (root, stop) = result?;
        if stop == Stop::Else {
            return self.fail(format!("unexpected {} in {context}", stop.text()));
        }
        self.add(name, root)
    }

    fn definition(&mut self) -> Result1<()> {
        const CONTEXT: &str = "define clause";
        let token = self.next_word();
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

    fn list(&mut self) -> Result1<(List, Stop)> {
        self.enter()?;
        let mut list = List { pos: self.peek_word().start, nodes: Vec::new() };
        while self.peek_word().kind != Kind::Eof {
            match self.item_or_resume()? {
                Item::Node(n) => list.nodes.push(n),
                Item::Nothing => {}
                Item::Stop(stop) => {
                    self.depth -= 1;
                    list.nodes.shrink_to_fit();
                    return Ok((list, stop));
                }
            }
        }
        self.fail("unexpected EOF".into())
    }

    fn item_or_resume(&mut self) -> Result1<Item> {
        let depth = self.depth;
        match self.item() {
            Ok(item) => Ok(item),
            Err(failed) => self.resume(failed, depth).map(|()| Item::Nothing),
        }
    }

    fn item(&mut self) -> Result1<Item> {
        let token = self.next_word();
        match token.kind {
            Kind::Text => Ok(Item::Node(Node::Text { start: token.start, end: token.end })),
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
        let token = self.next_word();
        let node = match token.kind {
            Kind::Block => self.block()?,
            Kind::Break => self.jump(token, "{{break}}", Node::Break)?,
            Kind::Continue => self.jump(token, "{{continue}}", Node::Continue)?,
            Kind::Else => return self.otherwise(),
            Kind::End => {
                self.expect(Kind::RightDelim, "end")?;
                return Ok(Item::Stop(Stop::End));
            }
            Kind::If => Node::If(Box::new(self.control(Context::If)?)),
            Kind::Range => Node::Range(Box::new(self.control(Context::Range)?)),
            Kind::With => Node::With(Box::new(self.control(Context::With)?)),
            Kind::Template => self.template()?,
            _ => {
                self.back(token);
                Node::Action(Box::new(self.pipeline(Context::Command)?))
            }
        };
        Ok(Item::Node(node))
    }

    fn otherwise(&mut self) -> Result1<Item> {
        if !matches!(self.peek_word().kind, Kind::If | Kind::With) {
            self.expect(Kind::RightDelim, "else")?;
        }
        Ok(Item::Stop(Stop::Else))
    }

    fn jump(&mut self, token: Token, text: &str, node: fn(u32) -> Node) -> Result1<Node> {
        let end = self.next_word();
        if end.kind != Kind::RightDelim {
            return self.unexpected(end, text);
        }
        if self.range_depth == 0 {
            return self.fail(format!("{text} outside {{{{range}}}}"));
        }
        Ok(node(token.start))
    }

    fn control(&mut self, context: Context) -> Result1<Branch> {
        let scope = self.vars.len();
        let result = self.control_in_scope(context);
        self.vars.truncate(scope);
        result
    }

    fn control_in_scope(&mut self, context: Context) -> Result1<Branch> {
        let pipe = self.pipeline(context)?;
        let in_range = usize::from(context == Context::Range);
        self.range_depth += in_range;
        let body = self.list();
        self.range_depth -= in_range;
        let (list, stop) = body?;
        let otherwise = if stop == Stop::Else { Some(self.else_list(context)?) } else { None };
        Ok(Branch { pos: pipe.pos, pipe, list, otherwise })
    }

    fn else_list(&mut self, context: Context) -> Result1<List> {
        let next = self.peek();
        let node: fn(Box<Branch>) -> Node = match (context, next.kind) {
            (Context::If, Kind::If) => Node::If,
            (Context::With, Kind::With) => Node::With,
            _ => {
                let (list, stop) = self.list()?;
                if stop == Stop::Else {
                    return self.fail(format!("expected end; found {}", stop.text()));
                }
                return Ok(list);
            }
        };
        self.next();
        self.enter()?;
        let nodes = vec![node(Box::new(self.control(context)?))];
        self.depth -= 1;
        Ok(List { pos: next.start, nodes })
    }

    fn block(&mut self) -> Result1<Node> {
        let token = self.next_word();
        let name = self.template_name(token, Context::Block.name())?;
        let pipe = self.pipeline(Context::Block)?;
        self.enter()?;
        self.body(name.clone(), Context::Block.name())?;
        self.depth -= 1;
        Ok(Node::Template(Box::new(TemplateCall { pos: token.start, name, pipe: Some(pipe) })))
    }

    fn template(&mut self) -> Result1<Node> {
        let token = self.next_word();
        let name = self.template_name(token, Context::Template.name())?;
        let after = self.next_word();
        let mut pipe = None;
        if after.kind != Kind::RightDelim {
            self.back(after);
            pipe = Some(self.pipeline(Context::Template)?);
        }
        Ok(Node::Template(Box::new(TemplateCall { pos: token.start, name, pipe })))
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
