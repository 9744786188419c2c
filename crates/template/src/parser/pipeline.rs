//! Pipelines, commands and operands.

use rhumb_gostd::strconv::unquote;
use rhumb_value::{Str, Value};

use super::{Context, MAX_PARENS, Parser, Result1};
use crate::ast::{Chain, Command, Expr, Field, Function, Literal, Pipe, Variable};
use crate::display;
use crate::lexer::{Kind, Token};
use crate::number;
use crate::quote::quote;

impl Parser<'_> {
    pub(super) fn pipeline(&mut self, context: Context) -> Result1<Pipe> {
        let parens = usize::from(context == Context::Parens);
        self.parens += parens;
        if self.parens > MAX_PARENS {
            return self.fail("max expression depth exceeded".into());
        }
        let mut pipe = Pipe { pos: self.peek_word().start, assign: false, decl: Vec::new(), commands: Vec::new() };
        self.declarations(&mut pipe, context)?;
        let mark = self.commands.len();
        loop {
            let token = self.next_word();
            match token.kind {
                k if k == context.end() => break,
                Kind::Bool
                | Kind::CharConstant
                | Kind::Complex
                | Kind::Dot
                | Kind::Field
                | Kind::Identifier
                | Kind::Number
                | Kind::Nil
                | Kind::RawString
                | Kind::String
                | Kind::Variable
                | Kind::LeftParen => {
                    self.back(token);
                    let command = self.command()?;
                    self.commands.push(command);
                }
                _ => return self.unexpected(token, context.name()),
            }
        }
        pipe.commands = self.commands.split_off(mark);
        self.check_pipeline(&pipe, context)?;
        self.parens -= parens;
        Ok(pipe)
    }

    fn declarations(&mut self, pipe: &mut Pipe, context: Context) -> Result1<()> {
        loop {
            let name = self.peek_word();
            if name.kind != Kind::Variable {
                return Ok(());
            }
            self.next();
            let adjacent = self.peek();
            let after = self.peek_word();
            match after.kind {
                Kind::Assign | Kind::Declare => {
                    pipe.assign = after.kind == Kind::Assign;
                    self.next_word();
                    self.declare(pipe, name);
                    return Ok(());
                }
                Kind::Char if self.bytes(after) == b"," => {
                    self.next_word();
                    self.declare(pipe, name);
                    if context != Context::Range || pipe.decl.len() >= 2 {
                        return self.fail(format!("too many declarations in {}", context.name()));
                    }
                    if !matches!(self.peek_word().kind, Kind::Variable | Kind::RightDelim | Kind::RightParen) {
                        return self.fail("range can only initialize variables".into());
                    }
                }
                _ => {
                    // Space counts between operands, so it is put back too.
                    if adjacent.kind == Kind::Space {
                        self.back(adjacent);
                    }
                    self.back(name);
                    return Ok(());
                }
            }
        }
    }

    fn declare(&mut self, pipe: &mut Pipe, token: Token) {
        let name = Str::from(self.bytes(token));
        let id = match self.names.iter().position(|n| *n == name) {
            Some(id) => id,
            None => {
                self.names.push(name.clone());
                self.names.len() - 1
            }
        } as u32;
        pipe.decl.push(Variable { pos: token.start, id, name, names: Vec::new() });
        self.vars.push(id);
    }

    fn check_pipeline(&mut self, pipe: &Pipe, context: Context) -> Result1<()> {
        if pipe.commands.is_empty() {
            return self.fail(format!("missing value for {}", context.name()));
        }
        for (i, c) in pipe.commands.iter().enumerate().skip(1) {
            if let Expr::Bool(..) | Expr::Dot(_) | Expr::Nil(_) | Expr::Number(_) | Expr::Text(_) = c.args[0] {
                return self.fail(format!("non executable command in pipeline stage {}", i + 1));
            }
        }
        Ok(())
    }

    fn command(&mut self) -> Result1<Command> {
        let pos = self.peek_word().start;
        let mark = self.words.len();
        loop {
            self.peek_word();
            if let Some(operand) = self.operand()? {
                self.words.push(operand);
            }
            let token = self.next();
            match token.kind {
                Kind::Space => continue,
                Kind::RightDelim | Kind::RightParen => self.back(token),
                Kind::Pipe => {}
                _ => return self.unexpected(token, "operand"),
            }
            break;
        }
        let args = self.words.split_off(mark);
        if args.is_empty() {
            return self.fail("empty command".into());
        }
        Ok(Command { pos, args })
    }

    fn operand(&mut self) -> Result1<Option<Expr>> {
        let Some(node) = self.term()? else { return Ok(None) };
        let first = self.peek();
        if first.kind != Kind::Field {
            return Ok(Some(node));
        }
        let pos = first.start;
        let mut names = Vec::new();
        while self.peek().kind == Kind::Field {
            let token = self.next();
            names.push(Str::from(&self.bytes(token)[1..]));
        }
        Ok(Some(match node {
            Expr::Field(mut f) => {
                f.pos = pos;
                f.names.append(&mut names);
                Expr::Field(f)
            }
            Expr::Variable(mut v) => {
                v.pos = pos;
                v.names = names;
                Expr::Variable(v)
            }
            Expr::Bool(..) | Expr::Text(_) | Expr::Number(_) | Expr::Nil(_) | Expr::Dot(_) => {
                let term = quote(display::show_expr(&node).as_bytes());
                return self.fail(format!("unexpected . after term {term}"));
            }
            node => Expr::Chain(Box::new(Chain { pos, node, names })),
        }))
    }

    fn term(&mut self) -> Result1<Option<Expr>> {
        let token = self.next_word();
        let (pos, text) = (token.start, self.bytes(token));
        let expr = match token.kind {
            Kind::Identifier => match self.funcs.get(text) {
                Some(func) => Expr::Function(Box::new(Function { pos, func })),
                None => return self.fail(format!("function {} not defined", quote(text))),
            },
            Kind::Dot => Expr::Dot(pos),
            Kind::Nil => Expr::Nil(pos),
            Kind::Bool => Expr::Bool(pos, text == b"true"),
            Kind::Variable => self.use_variable(pos, text)?,
            Kind::Field => Expr::Field(Box::new(Field { pos, names: vec![Str::from(&text[1..])] })),
            Kind::CharConstant | Kind::Complex | Kind::Number => {
                let number = match token.kind {
                    Kind::CharConstant => number::character(pos, text),
                    Kind::Complex => number::complex_pair(pos, text),
                    _ => number::number(pos, text),
                };
                match number {
                    Ok(n) => Expr::Number(Box::new(n)),
                    Err(reason) => return self.fail(reason),
                }
            }
            Kind::LeftParen => Expr::Pipe(Box::new(self.pipeline(Context::Parens)?)),
            Kind::String | Kind::RawString => match unquote(text) {
                Some(value) => {
                    let value = Value::Str(Str::from(value));
                    Expr::Text(Box::new(Literal { pos, quoted: Str::from(text), value }))
                }
                None => return self.fail("invalid syntax".into()),
            },
            _ => {
                self.back(token);
                return Ok(None);
            }
        };
        Ok(Some(expr))
    }

    fn use_variable(&mut self, pos: u32, text: &[u8]) -> Result1<Expr> {
        let known = self.vars.iter().copied().find(|id| *self.names[*id as usize] == *text);
        match known {
            Some(id) => {
                let name = self.names[id as usize].clone();
                Ok(Expr::Variable(Box::new(Variable { pos, id, name, names: Vec::new() })))
            }
            None => self.fail(format!("undefined variable {}", quote(text))),
        }
    }
}
