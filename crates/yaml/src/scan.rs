//! The scanner: bytes to tokens, with indentation and simple keys.
//!
//! YAML only learns that a node was a mapping key when it meets the `:` behind it. So tokens wait in a queue while
//! the first of them may still turn out to be a key; then `Key` (and, for a deeper column, `BlockMappingStart`) is
//! put in front of it. A simple key must lie on one line and be no longer than 1024 characters.

use std::collections::VecDeque;

use crate::chars::{break_len, is_blank, is_blank_or_end};
use crate::error::Error;
use crate::keep::comments::{Comments, Role};
use crate::token::{Spanned, Style, Token};

/// Nesting deeper than this is refused, in blocks and in flow collections alike.
const MAX_DEPTH: usize = 10_000;

/// A place in the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub(crate) pos: usize,
    pub(crate) line: u32,
    pub(crate) line_start: usize,
}

impl Mark {
    pub(crate) fn column(self) -> i32 {
        (self.pos - self.line_start) as i32
    }
}

/// A token that may turn out to be the start of a mapping key; one for each flow level.
#[derive(Clone, Copy, Debug)]
struct SimpleKey {
    possible: bool,
    /// The parser waits for this key when it comes to its token.
    awaited: bool,
    required: bool,
    number: usize,
    mark: Mark,
}

/// A byte that cannot be decoded; noticed when reading comes near it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BadByte {
    /// The first byte of the block that the reference decodes together with the bad one.
    pub(crate) seen_from: usize,
    pub(crate) offset: usize,
    pub(crate) problem: &'static str,
}

pub(crate) struct Scanner<'a> {
    pub(crate) src: &'a [u8],
    pub(crate) at: Mark,
    pub(crate) indent: i32,
    pub(crate) flow_level: usize,
    pub(crate) key_allowed: bool,
    bad: Option<BadByte>,
    tokens: VecDeque<Spanned<'a>>,
    taken: usize,
    indents: Vec<i32>,
    keys: Vec<SimpleKey>,
    ended: bool,
    /// Where comments are collected; without it they are skipped.
    pub(crate) comments: Option<Box<Comments>>,
}

type Result<T> = std::result::Result<T, Error>;

impl<'a> Scanner<'a> {
    pub(crate) fn new(src: &'a [u8], bad: Option<BadByte>) -> Self {
        let bare = Scanner::bare(src);
        let key = SimpleKey { possible: false, awaited: false, required: false, number: 0, mark: bare.at };
        Scanner { bad, tokens: VecDeque::with_capacity(8), keys: vec![key], ..bare }
    }

    /// A scanner for single scalars, which makes no tokens on its own.
    pub(crate) fn bare(src: &'a [u8]) -> Self {
        Scanner {
            src,
            at: Mark { pos: 0, line: 0, line_start: 0 },
            indent: -1,
            flow_level: 0,
            key_allowed: true,
            bad: None,
            tokens: VecDeque::new(),
            taken: 0,
            indents: Vec::new(),
            keys: Vec::new(),
            ended: false,
            comments: None,
        }
    }

    /// The next token, left in place.
    pub(crate) fn peek(&mut self) -> Result<&Spanned<'a>> {
        while self.needs_more()? {
            self.fetch()?;
        }
        Ok(&self.tokens[0])
    }

    /// The next token, taken. The parser peeks before it takes.
    pub(crate) fn take(&mut self) -> Spanned<'a> {
        self.taken += 1;
        let token = self.tokens.pop_front().expect("a token was peeked");
        if let Some(comments) = &mut self.comments {
            comments.note_taken(&token);
        }
        token
    }

    /// The tokens that wait to be taken, last first.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = &Spanned<'a>> {
        self.tokens.iter().rev()
    }

    /// An error at the place reached, worded with its line from 1 unless it is the first.
    pub(crate) fn fail<T>(&self, problem: &str) -> Result<T> {
        Err(self.error(problem))
    }

    pub(crate) fn error(&self, problem: &str) -> Error {
        if let Some(bad) = self.bad
            && self.at.pos + 4 > bad.seen_from
        {
            return Error::convert(format!("yaml: {}", bad.problem), Some(bad.offset as u32));
        }
        // The reader that keeps comments tells where the token at hand begins, the other where it is stuck.
        let begun = self.comments.as_ref().map_or(0, |c| c.token_line);
        let text = match if begun > 0 { begun } else { self.at.line } {
            0 => format!("yaml: {problem}"),
            line => format!("yaml: line {}: {problem}", line + 1),
        };
        Error::convert(text, Some(self.at.pos as u32))
    }

    /// An error about a key that has no colon.
    fn fail_at_key<T>(&mut self, key: SimpleKey) -> Result<T> {
        if let Some(comments) = &mut self.comments {
            comments.token_line = key.mark.line;
        }
        self.fail("could not find expected ':'")
    }

    /// The bytes not read yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        &self.src[self.at.pos..]
    }

    /// The byte `n` ahead; NUL beyond the end.
    pub(crate) fn byte(&self, n: usize) -> u8 {
        self.src.get(self.at.pos + n).copied().unwrap_or(0)
    }

    pub(crate) fn column(&self) -> i32 {
        self.at.column()
    }

    /// Steps over the line break at hand and gives the text that stands for it: `\n`, or LS and PS as they are.
    pub(crate) fn line_break(&mut self) -> &'static [u8] {
        let rest = self.rest();
        let len = break_len(rest);
        self.at.pos += len;
        self.at.line += 1;
        self.at.line_start = self.at.pos;
        match (len, rest.get(2)) {
            (3, Some(0xA8)) => b"\xE2\x80\xA8",
            (3, _) => b"\xE2\x80\xA9",
            _ => b"\n",
        }
    }

    /// `---` or `...` alone at the start of a line.
    pub(crate) fn at_document_indicator(&self) -> bool {
        if self.at.pos != self.at.line_start {
            return false;
        }
        let rest = self.rest();
        (rest.starts_with(b"---") || rest.starts_with(b"...")) && is_blank_or_end(&rest[3..])
    }

    fn needs_more(&mut self) -> Result<bool> {
        // With comments two more tokens are read ahead, so that what is below a node is known when it is taken.
        let ahead = if self.comments.is_some() { 2 } else { 0 };
        if self.tokens.len() <= ahead {
            return Ok(!self.ended);
        }
        let first = self.keys.partition_point(|k| k.number < self.taken);
        for i in first..self.keys.len() {
            if self.keys[i].number != self.taken {
                break;
            }
            if self.keys[i].awaited && self.key_is_valid(i)? {
                return Ok(!self.ended);
            }
        }
        Ok(false)
    }

    /// Whether a key candidate still can be one; a required one that cannot is an error.
    fn key_is_valid(&mut self, index: usize) -> Result<bool> {
        let key = self.keys[index];
        if !key.possible {
            return Ok(false);
        }
        if key.mark.line < self.at.line || self.longer_than_a_key(key.mark.pos) {
            if key.required {
                return self.fail_at_key(key);
            }
            self.keys[index].possible = false;
            return Ok(false);
        }
        Ok(true)
    }

    /// More than 1024 characters lie between `from` and here.
    fn longer_than_a_key(&self, from: usize) -> bool {
        let text = &self.src[from..self.at.pos];
        text.len() > 1024 && (text.len() > 4096 || text.iter().filter(|b| (**b & 0xC0) != 0x80).count() > 1024)
    }

    fn save_key(&mut self) -> Result<()> {
        if !self.key_allowed {
            return Ok(());
        }
        let required = self.flow_level == 0 && self.indent == self.column();
        self.drop_key()?;
        let number = self.taken + self.tokens.len();
        if let Some(key) = self.keys.last_mut() {
            *key = SimpleKey { possible: true, awaited: true, required, number, mark: self.at };
        }
        Ok(())
    }

    fn drop_key(&mut self) -> Result<()> {
        let Some(key) = self.keys.last_mut() else { return Ok(()) };
        if key.possible && key.required {
            let key = *key;
            return self.fail_at_key(key);
        }
        key.possible = false;
        Ok(())
    }

    /// Skips spaces, comments and line breaks up to the next token.
    fn skip_to_token(&mut self) {
        if self.at.pos == 0 {
            // One mark is taken by the reader; a second by the scanner, for which it fills a column.
            for width in 0..2 {
                if self.rest().starts_with(b"\xEF\xBB\xBF") {
                    self.at.pos += 3;
                    self.at.line_start = self.at.pos - width;
                }
            }
        }
        let from = self.at;
        loop {
            while self.byte(0) == b' ' || (self.byte(0) == b'\t' && (self.flow_level > 0 || !self.key_allowed)) {
                self.at.pos += 1;
            }
            if self.byte(0) == b'#' {
                match self.comments.is_some() {
                    true => self.collect_comments(from),
                    false => self.skip_comment(),
                }
            }
            if break_len(self.rest()) == 0 {
                return;
            }
            self.line_break();
            if self.flow_level == 0 {
                self.key_allowed = true;
            }
        }
    }

    /// Steps to the end of the line.
    pub(crate) fn skip_comment(&mut self) {
        let rest = self.rest();
        let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let line = &rest[..end];
        self.at.pos += if line.is_ascii() { end } else { (0..end).find(|i| break_len(&line[*i..]) > 0).unwrap_or(end) };
    }

    fn push(&mut self, token: Token<'a>, start: Mark) {
        self.tokens.push_back(self.spanned(token, start));
    }

    fn spanned(&self, token: Token<'a>, start: Mark) -> Spanned<'a> {
        Spanned { token, start: start.pos as u32, end: self.at.pos as u32, line: start.line }
    }

    /// Steps over `len` bytes and makes one token of them.
    fn push_indicator(&mut self, token: Token<'a>, len: usize) {
        let start = self.at;
        self.at.pos += len;
        self.push(token, start);
    }

    /// Opens a block collection at `column` when that is deeper than the present one.
    fn indent_to(&mut self, column: i32, number: Option<usize>, token: Token<'a>, mark: Mark) -> Result<()> {
        if self.flow_level > 0 || self.indent >= column {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column;
        if self.indents.len() > MAX_DEPTH {
            return self.fail("exceeded max depth of 10000");
        }
        let token = Spanned { token, start: mark.pos as u32, end: mark.pos as u32, line: mark.line };
        match number {
            Some(number) => self.insert(number, token),
            None => self.tokens.push_back(token),
        }
        Ok(())
    }

    /// Puts a token at the place of the given number, or last when that one is taken already.
    fn insert(&mut self, number: usize, token: Spanned<'a>) {
        match number.checked_sub(self.taken) {
            Some(index) => self.tokens.insert(index, token),
            None => self.tokens.push_back(token),
        }
    }

    /// Closes the block collections that are deeper than `column`.
    fn unindent_to(&mut self, column: i32) {
        if self.flow_level > 0 {
            return;
        }
        let mut from = self.at;
        while self.indent > column {
            if let Some(comments) = &self.comments {
                // What ends with the document ends here, behind the comments.
                let gap = if column < 0 { self.at.pos } else { comments.gap };
                from.pos = comments.end_of_block(self.indent, gap);
            }
            self.push(Token::BlockEnd, from);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    /// Whether the next so many bytes may be looked at.
    pub(crate) fn check_readable(&self, ahead: usize) -> Result<()> {
        match self.bad {
            Some(bad) if self.at.pos + ahead > bad.seen_from => self.fail(bad.problem),
            _ => Ok(()),
        }
    }

    /// Scans one token (and what belongs before it) into the queue.
    fn fetch(&mut self) -> Result<()> {
        if self.comments.is_none() {
            self.skip_to_token();
            return self.fetch_here();
        }
        self.begin_comments();
        self.skip_to_token();
        let owner = self.owner_of_line_comment();
        let line = self.at.line;
        if let Some(comments) = &mut self.comments {
            comments.token_line = line;
        }
        self.fetch_here()?;
        // A comment behind a dash heads what the dash holds.
        match self.tokens.back().map(|t| &t.token) {
            Some(Token::BlockEntry) => {}
            Some(Token::DocumentStart) => self.collect_comment_behind(self.at.pos, Role::Head),
            _ => self.collect_comment_behind(owner, Role::Line),
        }
        Ok(())
    }

    fn fetch_here(&mut self) -> Result<()> {
        self.check_readable(4)?;
        self.unindent_to(self.column());
        let (b, rest) = (self.byte(0), self.rest());
        if rest.is_empty() {
            return self.fetch_stream_end();
        }
        if self.at.pos == self.at.line_start {
            if b == b'%' {
                return self.fetch_directive();
            }
            if self.at_document_indicator() {
                let token = if b == b'-' { Token::DocumentStart } else { Token::DocumentEnd };
                return self.fetch_document_indicator(token);
            }
        }
        let flow = self.flow_level > 0;
        match b {
            b'[' => self.fetch_flow_start(Token::FlowSequenceStart),
            b'{' => self.fetch_flow_start(Token::FlowMappingStart),
            b']' => self.fetch_flow_end(Token::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(Token::FlowMappingEnd),
            b',' => self.fetch_flow_entry(),
            b'-' if is_blank_or_end(&rest[1..]) => self.fetch_block_entry(),
            b'?' if flow || is_blank_or_end(&rest[1..]) => self.fetch_key(),
            b':' if flow || is_blank_or_end(&rest[1..]) => self.fetch_value(),
            b'*' => self.fetch_key_start(Scanner::scan_alias),
            b'&' => self.fetch_key_start(Scanner::scan_anchor),
            b'!' => self.fetch_key_start(Scanner::scan_tag),
            b'|' if !flow => self.fetch_block_scalar(Style::Literal),
            b'>' if !flow => self.fetch_block_scalar(Style::Folded),
            b'\'' => self.fetch_key_start(|s| s.scan_quoted(Style::Single)),
            b'"' => self.fetch_key_start(|s| s.scan_quoted(Style::Double)),
            b'#' | b'|' | b'>' | b'%' | b'@' | b'`' | b'\t' => self.fail("found character that cannot start any token"),
            _ => self.fetch_plain(),
        }
    }

    fn fetch_stream_end(&mut self) -> Result<()> {
        if self.at.pos != self.at.line_start {
            self.at.line += 1;
            self.at.line_start = self.at.pos;
        }
        self.unindent_to(-1);
        self.drop_key()?;
        self.key_allowed = false;
        self.push(Token::StreamEnd, self.at);
        self.ended = true;
        Ok(())
    }

    fn fetch_directive(&mut self) -> Result<()> {
        self.unindent_to(-1);
        self.drop_key()?;
        self.key_allowed = false;
        let start = self.at;
        let token = self.scan_directive()?;
        self.push(token, start);
        Ok(())
    }

    fn fetch_document_indicator(&mut self, token: Token<'a>) -> Result<()> {
        self.unindent_to(-1);
        self.drop_key()?;
        self.key_allowed = false;
        self.push_indicator(token, 3);
        Ok(())
    }

    fn fetch_flow_start(&mut self, token: Token<'a>) -> Result<()> {
        self.save_key()?;
        let number = self.taken + self.tokens.len();
        self.keys.push(SimpleKey { possible: false, awaited: false, required: false, number, mark: self.at });
        self.flow_level += 1;
        if self.flow_level > MAX_DEPTH {
            return self.fail("exceeded max depth of 10000");
        }
        self.key_allowed = true;
        self.push_indicator(token, 1);
        Ok(())
    }

    fn fetch_flow_end(&mut self, token: Token<'a>) -> Result<()> {
        self.drop_key()?;
        if self.flow_level > 0 {
            self.flow_level -= 1;
            let inner = self.keys.pop();
            // The reference forgets to wait for a collection in which no key candidate was seen, such as `[]`.
            if let (Some(inner), Some(outer)) = (inner, self.keys.last_mut())
                && inner.number == outer.number
            {
                outer.awaited = false;
            }
        }
        self.key_allowed = false;
        self.push_indicator(token, 1);
        Ok(())
    }

    fn fetch_flow_entry(&mut self) -> Result<()> {
        self.drop_key()?;
        self.key_allowed = true;
        self.push_indicator(Token::FlowEntry, 1);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Result<()> {
        if self.flow_level == 0 {
            if !self.key_allowed {
                return self.fail("block sequence entries are not allowed in this context");
            }
            self.indent_to(self.column(), None, Token::BlockSequenceStart, self.at)?;
        }
        self.drop_key()?;
        self.key_allowed = true;
        self.push_indicator(Token::BlockEntry, 1);
        Ok(())
    }

    fn fetch_key(&mut self) -> Result<()> {
        if self.flow_level == 0 {
            if !self.key_allowed {
                return self.fail("mapping keys are not allowed in this context");
            }
            self.indent_to(self.column(), None, Token::BlockMappingStart, self.at)?;
        }
        self.drop_key()?;
        self.key_allowed = self.flow_level == 0;
        self.push_indicator(Token::Key, 1);
        Ok(())
    }

    fn fetch_value(&mut self) -> Result<()> {
        let last = self.keys.len() - 1;
        if self.key_is_valid(last)? {
            let key = self.keys[last];
            let (mark, number) = (key.mark, key.number);
            let token = Spanned { token: Token::Key, start: mark.pos as u32, end: mark.pos as u32, line: mark.line };
            self.insert(number, token);
            self.indent_to(mark.column(), Some(number), Token::BlockMappingStart, mark)?;
            self.keys[last].possible = false;
            self.key_allowed = false;
        } else {
            if self.flow_level == 0 {
                if !self.key_allowed {
                    return self.fail("mapping values are not allowed in this context");
                }
                self.indent_to(self.column(), None, Token::BlockMappingStart, self.at)?;
            }
            self.key_allowed = self.flow_level == 0;
        }
        self.push_indicator(Token::Value, 1);
        Ok(())
    }

    /// A token that may start a key and after which no key may start.
    fn fetch_key_start(&mut self, scan: impl FnOnce(&mut Self) -> Result<Token<'a>>) -> Result<()> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.at;
        let token = scan(self)?;
        self.push(token, start);
        self.check_readable(1)
    }

    fn fetch_block_scalar(&mut self, style: Style) -> Result<()> {
        self.drop_key()?;
        self.key_allowed = true;
        let start = self.at;
        let (token, end) = self.scan_block_scalar(style)?;
        self.push(token, start);
        self.end_last_at(end);
        self.check_readable(1)
    }

    fn fetch_plain(&mut self) -> Result<()> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.at;
        let (token, end) = self.scan_plain()?;
        self.push(token, start);
        self.end_last_at(end);
        // No token need follow that would look again: a text of two lines is no key. A colon is looked behind, no further.
        self.check_readable(if self.byte(0) == b':' { 2 } else { 4 })
    }

    /// Scalars are read past the white space behind them; their span stops before it.
    fn end_last_at(&mut self, end: usize) {
        if let Some(token) = self.tokens.back_mut() {
            token.end = end as u32;
        }
    }

    /// Steps over spaces and tabs.
    pub(crate) fn skip_blanks(&mut self) {
        while is_blank(self.byte(0)) {
            self.at.pos += 1;
        }
    }
}
