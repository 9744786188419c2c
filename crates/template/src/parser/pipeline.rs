//! Pipelines, commands and operands.

use rhumb_gostd::strconv::unquote;
use rhumb_value::Str;

use super::{Context, MAX_PARENS, Parser, Result1};
use crate::ast::{Index, MANY, Node};
use crate::lexer::{Kind, Token};
use crate::number;
use crate::quote::quote;

/// The longest string that needs no memory of its own when it becomes a value.
const SHORT: usize = 22;

/// Numbers of so many digits fit a node.
const DIGITS: usize = 9;

impl Parser<'_> {
    pub(super) fn pipeline(&mut self, context: Context) -> Result1<()> {
        let parens = usize::from(context == Context::Parens);
        self.parens += parens;
        if self.parens > MAX_PARENS {
            return self.fail("max expression depth exceeded".into());
        }
        let pos = self.peek().start;
        let node = self.push(Node::Pipe { variables: 0, assign: false, pos, end: 0 });
        let (variables, assign) = self.declarations(context)?;
        let mut stages = 0;
        // The first that only gives a value, behind another.
        let mut idle = None;
        loop {
            let token = self.next();
            if token.kind == context.end() {
                break;
            }
            if !token.kind.starts_operand() {
                return self.unexpected(token, context.name());
            }
            self.back(token);
            stages += 1;
            let command = self.command()?;
            if stages > 1 && idle.is_none() && self.is_idle(command + 1) {
                idle = Some(stages);
            }
        }
        if stages == 0 {
            return self.fail(format!("missing value for {}", context.name()));
        }
        if let Some(stage) = idle {
            return self.fail(format!("non executable command in pipeline stage {stage}"));
        }
        self.set(node, Node::Pipe { variables, assign, pos, end: self.here() });
        self.parens -= parens;
        Ok(())
    }

    fn is_idle(&self, operand: Index) -> bool {
        matches!(
            self.nodes[operand as usize],
            Node::Bool(..)
                | Node::Dot(_)
                | Node::Nil(_)
                | Node::Int { .. }
                | Node::Number { .. }
                | Node::Word { .. }
                | Node::Literal { .. }
        )
    }

    /// The variables of a pipeline: how many, and whether they are assigned and not declared.
    fn declarations(&mut self, context: Context) -> Result1<(u8, bool)> {
        let mut count = 0;
        loop {
            let name = self.peek();
            if name.kind != Kind::Variable {
                return Ok((count, false));
            }
            self.next();
            let after = self.peek();
            match after.kind {
                Kind::Assign | Kind::Declare => {
                    self.next();
                    self.declare(name)?;
                    return Ok((count + 1, after.kind == Kind::Assign));
                }
                Kind::Char if self.bytes(after) == b"," => {
                    self.next();
                    self.declare(name)?;
                    count += 1;
                    if context != Context::Range || count >= 2 {
                        return self.fail(format!("too many declarations in {}", context.name()));
                    }
                    if !matches!(self.peek().kind, Kind::Variable | Kind::RightDelim | Kind::RightParen) {
                        return self.fail("range can only initialize variables".into());
                    }
                }
                _ => {
                    self.back(name);
                    return Ok((count, false));
                }
            }
        }
    }

    fn declare(&mut self, token: Token) -> Result1<()> {
        let name = self.bytes(token);
        let known = self.names.iter().position(|n| *n == name);
        let Ok(id) = u16::try_from(known.unwrap_or(self.names.len())) else {
            return self.fail("too many names of variables".into());
        };
        if known.is_none() {
            self.names.push(name);
        }
        self.push(Node::Variable { id, start: token.start, end: token.end });
        self.vars.push(id);
        Ok(())
    }

    fn command(&mut self) -> Result1<Index> {
        let pos = self.peek().start;
        let node = self.push(Node::Command { words: 0, pos, end: 0 });
        let mut words = 0;
        loop {
            words += usize::from(self.operand()?);
            let token = self.peek();
            // White space stands between operands, and may stand behind the last.
            if token.spaced && token.kind.starts_operand() {
                continue;
            }
            match token.kind {
                Kind::RightDelim | Kind::RightParen => {}
                Kind::Pipe => {
                    self.next();
                }
                _ => return self.unexpected(token, "operand"),
            }
            break;
        }
        if words == 0 {
            return self.fail("empty command".into());
        }
        let words = u16::try_from(words).unwrap_or(MANY);
        self.set(node, Node::Command { words, pos, end: self.here() });
        Ok(node)
    }

    /// Reads an operand, if there is one.
    fn operand(&mut self) -> Result1<bool> {
        let node = self.here();
        let Some(term) = self.term()? else { return Ok(false) };
        let first = self.peek();
        if first.kind != Kind::Field || first.spaced {
            return Ok(true);
        }
        let (start, mut end) = (first.start, first.end);
        while self.peek().kind == Kind::Field && !self.peek().spaced {
            end = self.next().end;
        }
        let chain = match self.nodes[node as usize] {
            Node::Field { start, .. } => Node::Field { start, end },
            Node::Variable { id, start, .. } => Node::Variable { id, start, end },
            Node::Pipe { variables, assign, pos, end } => Node::PipeChain { variables, assign, pos, end },
            Node::Function { index, pos } => Node::FunctionChain { index, pos },
            _ => {
                // Go has seen the white space behind the fields, and not what comes after it.
                if self.peek().spaced {
                    self.last = Token { kind: Kind::Char, spaced: false, start: end, end };
                }
                let term = quote(&self.text[term as usize..start as usize]);
                return self.fail(format!("unexpected . after term {term}"));
            }
        };
        self.set(node, chain);
        if matches!(chain, Node::PipeChain { .. } | Node::FunctionChain { .. }) {
            self.push(Node::Names { start, end });
        }
        Ok(true)
    }

    /// Reads a term, if there is one, and tells where it starts.
    fn term(&mut self) -> Result1<Option<u32>> {
        let token = self.next();
        let (pos, text) = (token.start, self.bytes(token));
        let node = match token.kind {
            Kind::Identifier => match self.funcs.index(text) {
                Some(index) => Node::Function { index, pos },
                None => return self.fail(format!("function {} not defined", quote(text))),
            },
            Kind::Dot => Node::Dot(pos),
            Kind::Nil => Node::Nil(pos),
            Kind::Bool => Node::Bool(pos, text == b"true"),
            Kind::Variable => self.use_variable(token)?,
            Kind::Field => Node::Field { start: pos, end: token.end },
            Kind::CharConstant | Kind::Complex | Kind::Number => self.number(token)?,
            Kind::LeftParen => {
                self.pipeline(Context::Parens)?;
                return Ok(Some(pos));
            }
            Kind::String | Kind::RawString => self.string(token)?,
            _ => {
                self.back(token);
                return Ok(None);
            }
        };
        self.push(node);
        Ok(Some(pos))
    }

    fn number(&mut self, token: Token) -> Result1<Node> {
        let (pos, text) = (token.start, self.bytes(token));
        if let Some(value) = small(text) {
            return Ok(Node::Int { len: text.len() as u8, pos, value });
        }
        let number = match token.kind {
            Kind::CharConstant => number::character(pos, text),
            Kind::Complex => number::complex_pair(pos, text),
            _ => number::number(pos, text),
        };
        match number {
            Ok(n) => {
                self.numbers.push(n);
                Ok(Node::Number { index: self.numbers.len() as u32 - 1 })
            }
            Err(reason) => self.fail(reason),
        }
    }

    fn string(&mut self, token: Token) -> Result1<Node> {
        let text = self.bytes(token);
        let means_itself = match text {
            [b'"', inner @ .., _] => inner.iter().all(|b| b.is_ascii() && *b != b'\\'),
            [_, inner @ .., _] => !inner.contains(&b'\r'),
            _ => false,
        };
        if means_itself && text.len() <= SHORT + 2 {
            return Ok(Node::Word { start: token.start, end: token.end });
        }
        let value =
            if means_itself { Some(Str::from_bytes(&text[1..text.len() - 1])) } else { unquote(text).map(Str::from) };
        match value {
            Some(value) => Ok(Node::Literal { pos: token.start, index: self.literal(token, value) }),
            None => self.fail("invalid syntax".into()),
        }
    }

    fn use_variable(&mut self, token: Token) -> Result1<Node> {
        let text = self.bytes(token);
        match self.vars.iter().find(|id| self.names[usize::from(**id)] == text) {
            Some(id) => Ok(Node::Variable { id: *id, start: token.start, end: token.end }),
            None => self.fail(format!("undefined variable {}", quote(text))),
        }
    }
}

/// A plain decimal number of few digits; a zero in front would make it octal.
fn small(text: &[u8]) -> Option<u32> {
    if text.len() > DIGITS || (text.len() > 1 && text[0] == b'0') {
        return None;
    }
    text.iter().try_fold(0, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')))
}
