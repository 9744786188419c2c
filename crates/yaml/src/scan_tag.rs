//! Anchors, aliases, tags and directives.

use std::borrow::Cow;

use crate::chars::{is_blank, is_blank_or_end, is_break_or_end, is_word};
use crate::error::Error;
use crate::scan::Scanner;
use crate::token::Token;

type Result<T> = std::result::Result<T, Error>;

impl<'a> Scanner<'a> {
    pub(crate) fn scan_anchor(&mut self) -> Result<Token<'a>> {
        Ok(Token::Anchor(self.anchor_name()?))
    }

    pub(crate) fn scan_alias(&mut self) -> Result<Token<'a>> {
        Ok(Token::Alias(self.anchor_name()?))
    }

    fn anchor_name(&mut self) -> Result<&'a [u8]> {
        self.at.pos += 1;
        let name = self.word();
        let ends = is_blank_or_end(self.rest())
            || matches!(self.byte(0), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if name.is_empty() || !ends {
            return self.fail("did not find expected alphabetic or numeric character");
        }
        Ok(name)
    }

    fn word(&mut self) -> &'a [u8] {
        let start = self.at.pos;
        while is_word(self.byte(0)) {
            self.at.pos += 1;
        }
        &self.src[start..self.at.pos]
    }

    /// `!<uri>`, `!suffix`, `!!suffix`, `!handle!suffix` or `!`.
    pub(crate) fn scan_tag(&mut self) -> Result<Token<'a>> {
        let (handle, suffix): (&'a [u8], Cow<'a, [u8]>) = if self.byte(1) == b'<' {
            self.at.pos += 2;
            let uri = self.tag_uri(b"")?;
            if self.byte(0) != b'>' {
                return self.fail("did not find the expected '>'");
            }
            self.at.pos += 1;
            (b"", uri)
        } else {
            self.short_tag()?
        };
        if !is_blank_or_end(self.rest()) {
            return self.fail("did not find expected whitespace or line break");
        }
        Ok(Token::Tag { handle, suffix })
    }

    fn short_tag(&mut self) -> Result<(&'a [u8], Cow<'a, [u8]>)> {
        let handle = self.tag_handle(false)?;
        if handle.len() >= 2 && handle.ends_with(b"!") {
            return Ok((handle, self.tag_uri(b"")?));
        }
        let suffix = self.tag_uri(handle)?;
        if suffix.is_empty() {
            // A lone `!`: the reference swaps handle and suffix.
            return Ok((b"", Cow::Borrowed(b"!")));
        }
        Ok((b"!", suffix))
    }

    fn tag_handle(&mut self, directive: bool) -> Result<&'a [u8]> {
        let start = self.at.pos;
        if self.byte(0) != b'!' {
            return self.fail("did not find expected '!'");
        }
        self.at.pos += 1;
        self.word();
        if self.byte(0) == b'!' {
            self.at.pos += 1;
        } else if directive && self.at.pos != start + 1 {
            return self.fail("did not find expected '!'");
        }
        Ok(&self.src[start..self.at.pos])
    }

    /// The characters of a URI; `head` is a handle read before that turned out to be its beginning.
    fn tag_uri(&mut self, head: &[u8]) -> Result<Cow<'a, [u8]>> {
        let mut out: Vec<u8> = head.get(1..).unwrap_or_default().to_vec();
        let start = self.at.pos;
        while is_word(self.byte(0))
            || matches!(
                self.byte(0),
                b';' | b'/'
                    | b'?'
                    | b':'
                    | b'@'
                    | b'&'
                    | b'='
                    | b'+'
                    | b'$'
                    | b','
                    | b'.'
                    | b'!'
                    | b'~'
                    | b'*'
                    | b'\''
                    | b'('
                    | b')'
                    | b'['
                    | b']'
                    | b'%'
            )
        {
            if self.byte(0) == b'%' {
                self.uri_escapes(&mut out)?;
            } else {
                out.push(self.byte(0));
                self.at.pos += 1;
            }
        }
        if self.at.pos == start && head.is_empty() {
            return self.fail("did not find expected tag URI");
        }
        Ok(Cow::Owned(out))
    }

    /// One character written as `%XX` octets.
    fn uri_escapes(&mut self, out: &mut Vec<u8>) -> Result<()> {
        let mut left = 0;
        loop {
            let digits = (char::from(self.byte(1)).to_digit(16), char::from(self.byte(2)).to_digit(16));
            let (b'%', (Some(high), Some(low))) = (self.byte(0), digits) else {
                return self.fail("did not find URI escaped octet");
            };
            let octet = (high * 16 + low) as u8;
            if left == 0 {
                left = match octet {
                    0..0x80 => 1,
                    0xC0..0xE0 => 2,
                    0xE0..0xF0 => 3,
                    0xF0..0xF8 => 4,
                    _ => return self.fail("found an incorrect leading UTF-8 octet"),
                };
            } else if octet & 0xC0 != 0x80 {
                return self.fail("found an incorrect trailing UTF-8 octet");
            }
            out.push(octet);
            self.at.pos += 3;
            left -= 1;
            if left == 0 {
                return Ok(());
            }
        }
    }

    /// `%YAML 1.1` or `%TAG handle prefix`; the `%` is at hand.
    pub(crate) fn scan_directive(&mut self) -> Result<Token<'a>> {
        self.at.pos += 1;
        let name = self.word();
        if name.is_empty() {
            return self.fail("could not find expected directive name");
        }
        if !is_blank_or_end(self.rest()) {
            return self.fail("found unexpected non-alphabetical character");
        }
        let token = match name {
            b"YAML" => self.version_directive()?,
            b"TAG" => self.tag_directive()?,
            _ => return self.fail("found unknown directive name"),
        };
        self.end_line()?;
        Ok(token)
    }

    /// The rest of a line that holds nothing more than a comment, and the break behind it.
    pub(crate) fn end_line(&mut self) -> Result<()> {
        self.skip_blanks();
        if self.byte(0) == b'#' {
            self.skip_comment();
        }
        if !is_break_or_end(self.rest()) {
            return self.fail("did not find expected comment or line break");
        }
        if !self.rest().is_empty() {
            self.line_break();
        }
        Ok(())
    }

    fn version_directive(&mut self) -> Result<Token<'a>> {
        self.skip_blanks();
        let major = self.version_number()?;
        if self.byte(0) != b'.' {
            return self.fail("did not find expected digit or '.' character");
        }
        self.at.pos += 1;
        let minor = self.version_number()?;
        Ok(Token::VersionDirective { known: major == 1 && minor == 1 })
    }

    fn version_number(&mut self) -> Result<u32> {
        let mut value = 0;
        let start = self.at.pos;
        while let b @ b'0'..=b'9' = self.byte(0) {
            if self.at.pos - start >= 2 {
                return self.fail("found extremely long version number");
            }
            value = value * 10 + u32::from(b - b'0');
            self.at.pos += 1;
        }
        if self.at.pos == start {
            return self.fail("did not find expected version number");
        }
        Ok(value)
    }

    fn tag_directive(&mut self) -> Result<Token<'a>> {
        self.skip_blanks();
        let handle = self.tag_handle(true)?;
        if !is_blank(self.byte(0)) {
            return self.fail("did not find expected whitespace");
        }
        self.skip_blanks();
        let prefix = self.tag_uri(b"")?;
        if !is_blank_or_end(self.rest()) {
            return self.fail("did not find expected whitespace or line break");
        }
        Ok(Token::TagDirective { handle, prefix })
    }
}
