//! Scalars: plain, quoted and block, with their folding. What needs no change is borrowed from the text.

use std::borrow::Cow;

use crate::chars::{CLASS, FLOW_STOP, PLAIN_STOP, break_len, is_blank, is_blank_or_end};
use crate::error::Error;
use crate::keep::comments::Role;
use crate::scan::{Mark, Scanner};
use crate::token::{Style, Token};

type Result<T> = std::result::Result<T, Error>;

/// Most block scalars are no longer.
const USUAL_BLOCK: usize = 512;

/// White space between two runs of text: either blanks on one line, or line breaks.
#[derive(Default)]
struct Gap {
    blanks: (usize, usize),
    first_break: &'static [u8],
    more_breaks: Vec<u8>,
}

impl Gap {
    fn has_break(&self) -> bool {
        !self.first_break.is_empty()
    }

    fn add_break(&mut self, text: &'static [u8]) {
        if self.first_break.is_empty() {
            self.first_break = text;
        } else {
            self.more_breaks.extend_from_slice(text);
        }
    }

    /// Writes the gap folded: a single newline becomes a space, further ones stay.
    fn write(&mut self, src: &[u8], out: &mut Vec<u8>) {
        if !self.has_break() {
            out.extend_from_slice(&src[self.blanks.0..self.blanks.1]);
        } else if self.first_break == b"\n" {
            if self.more_breaks.is_empty() {
                out.push(b' ');
            }
            out.extend_from_slice(&self.more_breaks);
        } else {
            out.extend_from_slice(self.first_break);
            out.extend_from_slice(&self.more_breaks);
        }
        self.clear();
    }

    fn clear(&mut self) {
        self.blanks = (0, 0);
        self.first_break = b"";
        self.more_breaks.clear();
    }
}

impl<'a> Scanner<'a> {
    /// A plain scalar and the byte after its last character.
    pub(crate) fn scan_plain(&mut self) -> Result<(Token<'a>, usize)> {
        let first = self.at.pos;
        let indent = self.indent + 1;
        let mut end = first;
        let mut owned: Option<Vec<u8>> = None;
        let mut gap = Gap::default();
        loop {
            self.check_readable(4)?;
            if self.at_document_indicator() || self.byte(0) == b'#' {
                break;
            }
            let run = self.at.pos;
            self.skip_plain_run();
            if self.at.pos == run {
                break;
            }
            if run != first {
                if owned.is_none() && !gap.has_break() {
                    // Blanks on one line: the borrowed slice simply grows over them.
                    gap.clear();
                } else {
                    let text = owned.get_or_insert_with(|| self.src[first..end].to_vec());
                    gap.write(self.src, text);
                }
            }
            end = self.at.pos;
            if let Some(text) = &mut owned {
                text.extend_from_slice(&self.src[run..end]);
            }
            if !is_blank(self.byte(0)) && break_len(self.rest()) == 0 {
                break;
            }
            self.skip_plain_gap(indent, &mut gap)?;
            if self.flow_level == 0 && self.column() < indent {
                break;
            }
        }
        if gap.has_break() {
            self.key_allowed = true;
        }
        let text = owned.map_or(Cow::Borrowed(&self.src[first..end]), Cow::Owned);
        Ok((Token::Scalar { text, style: Style::Plain }, end))
    }

    /// Steps over the characters of a plain scalar up to white space or an indicator that ends it.
    fn skip_plain_run(&mut self) {
        let class = if self.flow_level > 0 { FLOW_STOP } else { PLAIN_STOP };
        loop {
            while let Some(b) = self.src.get(self.at.pos)
                && CLASS[*b as usize] & class == 0
            {
                self.at.pos += 1;
            }
            match self.byte(0) {
                b':' if !is_blank_or_end(&self.rest()[1..]) => self.at.pos += 1,
                0xC2 | 0xE2 if break_len(self.rest()) == 0 => self.at.pos += 1,
                _ => return,
            }
        }
    }

    fn skip_plain_gap(&mut self, indent: i32, gap: &mut Gap) -> Result<()> {
        let start = self.at.pos;
        loop {
            match self.byte(0) {
                b'\t' if gap.has_break() && self.column() < indent => {
                    return self.fail("found a tab character that violates indentation");
                }
                b' ' | b'\t' => self.at.pos += 1,
                _ if break_len(self.rest()) > 0 => gap.add_break(self.line_break()),
                _ => break,
            }
            if !gap.has_break() {
                gap.blanks = (start, self.at.pos);
            }
        }
        Ok(())
    }

    /// A quoted scalar; the quote is at hand.
    pub(crate) fn scan_quoted(&mut self, style: Style) -> Result<Token<'a>> {
        let quote = if style == Style::Single { b'\'' } else { b'"' };
        self.at.pos += 1;
        if let Some(text) = self.quoted_in_one_run(quote) {
            return Ok(Token::Scalar { text: Cow::Borrowed(text), style });
        }
        let mut out = Vec::new();
        let mut gap = Gap::default();
        loop {
            if self.at_document_indicator() {
                return self.fail("found unexpected document indicator");
            }
            if self.rest().is_empty() {
                return self.fail("found unexpected end of stream");
            }
            let joined = self.quoted_run(quote, &mut out)?;
            if self.byte(0) == quote {
                break;
            }
            if joined {
                // `\` at the end of a line: the break itself is dropped, further empty lines stay.
                self.line_break();
                gap.first_break = b"\0";
            }
            self.quoted_gap(&mut gap, joined);
            if gap.first_break == b"\0" {
                gap.first_break = b"";
                out.extend_from_slice(&gap.more_breaks);
                gap.clear();
            } else {
                gap.write(self.src, &mut out);
            }
        }
        self.at.pos += 1;
        Ok(Token::Scalar { text: Cow::Owned(out), style })
    }

    /// The text up to the quote when nothing in it needs work; leaves the place untouched otherwise.
    fn quoted_in_one_run(&mut self, quote: u8) -> Option<&'a [u8]> {
        let rest = self.rest();
        let stop = rest.iter().position(|b| {
            *b == quote || matches!(*b, b'\\' | b'\n' | b'\r' | 0xC2 | 0xE2) && (*b != b'\\' || quote == b'"')
        })?;
        if rest[stop] != quote || (quote == b'\'' && rest.get(stop + 1) == Some(&b'\'')) {
            return None;
        }
        self.at.pos += stop + 1;
        Some(&rest[..stop])
    }

    /// Reads characters up to white space, the closing quote or the end; true when an escaped line break stopped it.
    fn quoted_run(&mut self, quote: u8, out: &mut Vec<u8>) -> Result<bool> {
        while !is_blank_or_end(self.rest()) {
            let b = self.byte(0);
            if quote == b'\'' && b == b'\'' && self.byte(1) == b'\'' {
                out.push(b'\'');
                self.at.pos += 2;
            } else if b == quote {
                return Ok(false);
            } else if quote == b'"' && b == b'\\' {
                if break_len(&self.rest()[1..]) > 0 {
                    self.at.pos += 1;
                    return Ok(true);
                }
                self.escape(out)?;
            } else {
                out.push(b);
                self.at.pos += 1;
            }
        }
        Ok(false)
    }

    fn quoted_gap(&mut self, gap: &mut Gap, joined: bool) {
        let start = self.at.pos;
        loop {
            if is_blank(self.byte(0)) {
                self.at.pos += 1;
                if !gap.has_break() {
                    gap.blanks = (start, self.at.pos);
                }
            } else if break_len(self.rest()) > 0 {
                let text = self.line_break();
                gap.add_break(text);
            } else {
                break;
            }
        }
        debug_assert!(!joined || gap.has_break());
    }

    /// One `\` escape of a double-quoted scalar.
    fn escape(&mut self, out: &mut Vec<u8>) -> Result<()> {
        let (text, digits): (&[u8], usize) = match self.byte(1) {
            b'0' => (b"\0", 0),
            b'a' => (b"\x07", 0),
            b'b' => (b"\x08", 0),
            b't' | b'\t' => (b"\t", 0),
            b'n' => (b"\n", 0),
            b'v' => (b"\x0B", 0),
            b'f' => (b"\x0C", 0),
            b'r' => (b"\r", 0),
            b'e' => (b"\x1B", 0),
            b' ' => (b" ", 0),
            b'"' => (b"\"", 0),
            b'\'' => (b"'", 0),
            b'\\' => (b"\\", 0),
            b'N' => (b"\xC2\x85", 0),
            b'_' => (b"\xC2\xA0", 0),
            b'L' => (b"\xE2\x80\xA8", 0),
            b'P' => (b"\xE2\x80\xA9", 0),
            b'x' => (b"", 2),
            b'u' => (b"", 4),
            b'U' => (b"", 8),
            _ => return self.fail("found unknown escape character"),
        };
        out.extend_from_slice(text);
        self.at.pos += 2;
        if digits > 0 {
            self.escape_code(digits, out)?;
        }
        Ok(())
    }

    fn escape_code(&mut self, digits: usize, out: &mut Vec<u8>) -> Result<()> {
        let mut code: u32 = 0;
        for i in 0..digits {
            let Some(d) = char::from(self.byte(i)).to_digit(16) else {
                return self.fail("did not find expected hexdecimal number");
            };
            code = (code << 4) | d;
        }
        let Some(c) = char::from_u32(code) else {
            return self.fail("found invalid Unicode character escape code");
        };
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        self.at.pos += digits;
        Ok(())
    }

    /// A block scalar and the byte after its last line.
    pub(crate) fn scan_block_scalar(&mut self, style: Style) -> Result<(Token<'a>, usize)> {
        let start = self.at.pos;
        self.at.pos += 1;
        let (chomp, increment) = self.block_header(start)?;
        let mut indent = match increment {
            0 => 0,
            n => self.indent.max(0) + n,
        };
        let mut out: Vec<u8> = Vec::with_capacity(self.rest().len().min(USUAL_BLOCK));
        let mut pending: &'static [u8] = b"";
        let mut blank_lines: Vec<u8> = Vec::new();
        let mut end = self.at.pos;
        self.block_breaks(&mut indent, &mut blank_lines)?;
        let mut last_starts_blank = false;
        while self.column() == indent && !self.rest().is_empty() {
            let starts_blank = is_blank(self.byte(0));
            let fold = style == Style::Folded && pending == b"\n" && !last_starts_blank && !starts_blank;
            if !fold {
                out.extend_from_slice(pending);
            } else if blank_lines.is_empty() {
                out.push(b' ');
            }
            out.append(&mut blank_lines);
            last_starts_blank = starts_blank;
            let line = self.at.pos;
            self.skip_comment();
            out.extend_from_slice(&self.src[line..self.at.pos]);
            end = self.at.pos;
            pending = if self.rest().is_empty() { b"" } else { self.line_break() };
            self.block_breaks(&mut indent, &mut blank_lines)?;
        }
        if chomp != Chomp::Strip {
            out.extend_from_slice(pending);
        }
        if chomp == Chomp::Keep {
            out.append(&mut blank_lines);
        }
        Ok((Token::Scalar { text: Cow::Owned(out), style }, end))
    }

    /// Steps over a block scalar, as [`Scanner::scan_block_scalar`] does, in a text whose lines all end in LF.
    pub(crate) fn skip_block_scalar(&mut self) -> Result<()> {
        let start = self.at.pos;
        self.at.pos += 1;
        let (_, increment) = self.block_header(start)?;
        let mut indent = match increment {
            0 => 0,
            n => self.indent.max(0) + n,
        };
        self.block_breaks(&mut indent, &mut Vec::new())?;
        let src = self.src;
        while self.column() == indent && self.at.pos < src.len() {
            let Some(mut len) = memchr::memchr(b'\n', self.rest()) else {
                self.at.pos = src.len();
                break;
            };
            loop {
                let start = self.at.pos + len + 1;
                let spaces = src[start..].iter().take(indent as usize).take_while(|b| **b == b' ').count();
                self.at = Mark { pos: start + spaces, line: self.at.line + 1, line_start: start };
                match src.get(self.at.pos) {
                    Some(b'\n') => len = 0,
                    Some(b'\t') if self.column() < indent => {
                        return self.fail("found a tab character where an indentation space is expected");
                    }
                    _ => break,
                }
            }
        }
        Ok(())
    }

    /// What stands behind `|` or `>`: chomping and indentation, in either order, then nothing but a comment.
    fn block_header(&mut self, start: usize) -> Result<(Chomp, i32)> {
        let mut chomp = Chomp::Clip;
        let mut increment = 0;
        if let Some(c) = self.chomp_sign() {
            chomp = c;
            increment = self.indent_digit()?;
        } else {
            increment = self.indent_digit()?.max(increment);
            if increment > 0 {
                chomp = self.chomp_sign().unwrap_or(chomp);
            }
        }
        self.collect_comment_behind(start, Role::Line);
        self.end_line()?;
        Ok((chomp, increment))
    }

    fn chomp_sign(&mut self) -> Option<Chomp> {
        let chomp = match self.byte(0) {
            b'+' => Chomp::Keep,
            b'-' => Chomp::Strip,
            _ => return None,
        };
        self.at.pos += 1;
        Some(chomp)
    }

    fn indent_digit(&mut self) -> Result<i32> {
        match self.byte(0) {
            b'0' => self.fail("found an indentation indicator equal to 0"),
            b @ b'1'..=b'9' => {
                self.at.pos += 1;
                Ok(i32::from(b - b'0'))
            }
            _ => Ok(0),
        }
    }

    /// Reads indentation and empty lines; finds the indentation when it is not known yet (0).
    fn block_breaks(&mut self, indent: &mut i32, breaks: &mut Vec<u8>) -> Result<()> {
        let mut deepest = 0;
        loop {
            let most = if *indent == 0 { usize::MAX } else { (*indent - self.column()).max(0) as usize };
            self.at.pos += self.rest().iter().take(most).take_while(|b| **b == b' ').count();
            deepest = deepest.max(self.column());
            if (*indent == 0 || self.column() < *indent) && self.byte(0) == b'\t' {
                return self.fail("found a tab character where an indentation space is expected");
            }
            if break_len(self.rest()) == 0 {
                break;
            }
            breaks.extend_from_slice(self.line_break());
        }
        if *indent == 0 {
            *indent = deepest.max(self.indent + 1).max(1);
        }
        Ok(())
    }
}

/// What becomes of the line breaks at the end of a block scalar.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomp {
    Strip,
    Clip,
    Keep,
}
