//! From text to nodes.

use rhumb_gostd::strconv::unquote_char;
use rhumb_gostd::unicode::{append_rune, is_digit, is_letter, is_print};
use rhumb_value::Value;
use rhumb_value::kind::IntKind;

use super::Node;

/// How deep brackets in brackets may go: a filter's side is a template of its own.
const MAX_DEPTH: u32 = 100;

type Parsed<T> = Result<T, String>;

/// Reads a template.
pub(super) fn parse(text: &str) -> Parsed<Vec<Node>> {
    template(text, 0)
}

fn template(text: &str, depth: u32) -> Parsed<Vec<Node>> {
    if depth > MAX_DEPTH {
        return Err("nested too deeply".to_owned());
    }
    let mut nodes = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let at = rest.find('{').unwrap_or(rest.len());
        if at > 0 {
            nodes.push(Node::Text(rest[..at].into()));
        }
        let Some(inside) = rest[at..].strip_prefix('{') else { break };
        let mut action = Action { rest: inside, nodes: Vec::new(), depth };
        action.read()?;
        rest = action.rest;
        nodes.push(Node::Action(action.nodes));
    }
    Ok(nodes)
}

/// An action while it is read.
struct Action<'t> {
    rest: &'t str,
    nodes: Vec<Node>,
    depth: u32,
}

impl<'t> Action<'t> {
    fn read(&mut self) -> Parsed<()> {
        loop {
            let Some(c) = self.rest.chars().next() else { return Err("unclosed action".to_owned()) };
            match c {
                '\n' | '\r' => return Err("unclosed action".to_owned()),
                '}' => {
                    self.skip(1);
                    return Ok(());
                }
                ' ' | '@' | '$' => self.skip(1),
                '[' => self.brackets()?,
                '"' | '\'' => self.quoted(c)?,
                '.' if self.rest.starts_with("..") => self.recursive(),
                '.' => {
                    self.skip(1);
                    self.field();
                }
                '+' | '-' => self.number()?,
                c if is_digit(c) => self.number()?,
                c if is_word(c) => self.word(),
                c => return Err(format!("unrecognized character in action: {}", named(c))),
            }
        }
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = &self.rest[bytes..];
    }

    /// Takes what comes before a byte of the rest.
    fn take(&mut self, bytes: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        taken
    }

    /// Two dots, and a name right behind them where there is one.
    fn recursive(&mut self) {
        self.skip(2);
        self.nodes.push(Node::Recursive);
        if self.rest.starts_with(is_word) {
            self.field();
        }
    }

    /// A name, in which a backslash takes the meaning from any sign.
    fn field(&mut self) {
        let mut name = String::new();
        let mut signs = self.rest.char_indices();
        let mut end = self.rest.len();
        while let Some((at, c)) = signs.next() {
            if c == '\\' {
                name.extend(signs.next().map(|(_, c)| c));
            } else if is_end(c) {
                end = at;
                break;
            } else {
                name.push(c);
            }
        }
        let raw = self.take(end);
        self.nodes.push(if raw == "*" { Node::Wildcard } else { Node::Field(name) });
    }

    fn word(&mut self) {
        let word = self.take(self.rest.find(is_end).unwrap_or(self.rest.len()));
        self.nodes.push(match word {
            "true" => Node::Literal(Value::Bool(true)),
            "false" => Node::Literal(Value::Bool(false)),
            other => Node::Word(other.to_owned()),
        });
    }

    fn number(&mut self) -> Parsed<()> {
        let signed = usize::from(self.rest.starts_with(['+', '-']));
        let len = self.rest[signed..].find(|c: char| c != '.' && !is_digit(c)).unwrap_or(self.rest.len() - signed);
        let text = self.take(signed + len);
        let number = match text.parse::<i64>() {
            Ok(n) => Value::Int(n, IntKind::Int),
            Err(_) => text.parse().map(Value::Float).map_err(|_| format!("cannot parse number {text}"))?,
        };
        self.nodes.push(Node::Literal(number));
        Ok(())
    }

    /// A quoted text. A quote behind a backslash does not end it, whatever stands before that.
    fn quoted(&mut self, quote: char) -> Parsed<()> {
        let inner = &self.rest[1..];
        let mut last = quote;
        for (at, c) in inner.char_indices() {
            if matches!(c, '\n' | '\r') {
                break;
            }
            if c == quote && last != '\\' {
                let raw = self.take(at + 2);
                let text = unquote(&raw[1..raw.len() - 1], quote)
                    .ok_or_else(|| format!("unquote string {raw} error invalid syntax"))?;
                self.nodes.push(Node::Text(text));
                return Ok(());
            }
            last = c;
        }
        Err("unterminated quoted string".to_owned())
    }

    fn brackets(&mut self) -> Parsed<()> {
        if self.rest.starts_with("[?(") {
            self.skip(3);
            return self.filter();
        }
        let inner = &self.rest[1..];
        let end = inner.find([']', '\n', '\r']).filter(|at| inner[*at..].starts_with(']'));
        let end = end.ok_or("unterminated array")?;
        let node = subscript(&inner[..end], self.depth)?;
        self.skip(end + 2);
        self.nodes.push(node);
        Ok(())
    }

    /// A filter, up to the first closing parenthesis that is not quoted.
    fn filter(&mut self) -> Parsed<()> {
        let mut quote = None;
        let mut last = '(';
        let mut end = None;
        for (at, c) in self.rest.char_indices() {
            match (quote, c) {
                (_, '\n' | '\r') => break,
                (None, ')') => {
                    end = Some(at);
                    break;
                }
                (None, '"' | '\'') => quote = Some(c),
                (Some(q), c) if q == c && last != '\\' => quote = None,
                _ => {}
            }
            last = c;
        }
        let text = self.take(end.ok_or("unterminated filter")?);
        self.skip(1);
        if !self.rest.starts_with(']') {
            return Err("unclosed array expect ]".to_owned());
        }
        self.skip(1);
        let (left, operator, right) = sides(text);
        let side = |text: &str| template(&format!("{{{text}}}"), self.depth + 1);
        let left = side(left)?;
        let right = if operator.is_empty() { Vec::new() } else { side(right)? };
        self.nodes.push(Node::Filter(left, operator.to_owned(), right));
        Ok(())
    }
}

/// What stands in brackets.
fn subscript(text: &str, depth: u32) -> Parsed<Node> {
    if text.contains(',') {
        let parts = text.split(',').map(|part| template(&format!("{{[{}]}}", part.trim()), depth + 1));
        return Ok(Node::Union(parts.collect::<Parsed<_>>()?));
    }
    if text == "*" {
        return Ok(Node::Slice([None; 3]));
    }
    if let Some(name) = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\''))
        && !name.contains('\'')
    {
        return template(&format!("{{.{name}}}"), depth + 1).map(Node::Action);
    }
    let parts: Vec<&str> = text.split(':').collect();
    let digits = |part: &&str| part.strip_prefix('-').unwrap_or(part).bytes().all(|b| b.is_ascii_digit());
    if parts.len() > 3 || !parts.iter().all(digits) {
        return Err(format!("invalid array index {text}"));
    }
    let number = |part: &str| part.parse::<i64>().map_err(|_| format!("array index {part} is not a number"));
    if let [single] = parts.as_slice() {
        return Ok(Node::Index(if single.is_empty() { 0 } else { number(single)? }));
    }
    let mut bounds = [None; 3];
    for (bound, part) in bounds.iter_mut().zip(parts).filter(|(_, part)| !part.is_empty()) {
        *bound = Some(number(part)?);
    }
    Ok(Node::Slice(bounds))
}

/// The sides of a filter and the operator between them, which is empty where there is none.
fn sides(text: &str) -> (&str, &str, &str) {
    let is_sign = |c: char| "!<>=".contains(c);
    let Some(start) = text.find(is_sign).filter(|at| *at > 0) else { return (text, "", "") };
    let end = text[start..].find(|c| !is_sign(c)).map_or(text.len(), |n| start + n);
    // Something must be left for the right side, be it a sign of the operator.
    let end = if end == text.len() { end - 1 } else { end };
    if end == start { (text, "", "") } else { (&text[..start], &text[start..end], &text[end..]) }
}

fn unquote(inner: &str, quote: char) -> Option<Vec<u8>> {
    let mut rest = inner.as_bytes();
    let mut out = Vec::with_capacity(rest.len());
    while !rest.is_empty() {
        let sign = unquote_char(rest, u8::try_from(quote).ok()?)?;
        match char::from_u32(sign.value) {
            Some(c) if sign.multibyte => append_rune(&mut out, c),
            _ => out.push(u8::try_from(sign.value).ok()?),
        }
        rest = sign.rest;
    }
    Some(out)
}

fn is_word(c: char) -> bool {
    c == '_' || is_letter(c) || is_digit(c)
}

/// What ends a name.
fn is_end(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}')
}

/// A character as Go's `%#U` writes it.
fn named(c: char) -> String {
    let code = format!("U+{:04X}", u32::from(c));
    if is_print(c) { format!("{code} '{c}'") } else { code }
}
