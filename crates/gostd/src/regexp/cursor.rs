//! A place in a pattern, and the escapes that stand for one character.

use super::error::{Error, ErrorKind};

/// What is left of a pattern.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(pattern: &'a str) -> Cursor<'a> {
        Cursor { rest: pattern }
    }

    /// The text from here to the end.
    pub(super) fn rest(&self) -> &'a str {
        self.rest
    }

    /// Goes on by some bytes, which must end at a character.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or("");
    }

    /// Takes one character.
    pub(super) fn bump(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.advance(c.len_utf8());
        Some(c)
    }

    /// Takes the character if it is the next one.
    pub(super) fn eat(&mut self, wanted: char) -> bool {
        let found = self.rest.starts_with(wanted);
        if found {
            self.advance(wanted.len_utf8());
        }
        found
    }

    /// Reads an escape that stands for one character; the cursor stands on its backslash.
    ///
    /// A surrogate (`\x{D800}`) becomes U+FFFD: no UTF-8 text holds one.
    pub(super) fn escape(&mut self) -> Result<char, Error> {
        let start = self.rest;
        self.advance(1);
        let Some(c) = self.bump() else {
            return Err(Error::new(ErrorKind::TrailingBackslash, ""));
        };
        let code = match c {
            '1'..='7' if !self.rest.starts_with(|c| matches!(c, '0'..='7')) => None,
            '0'..='7' => Some(self.octal(c)),
            'x' => self.hex(),
            'a' => Some(7),
            'f' => Some(12),
            'n' => Some(10),
            'r' => Some(13),
            't' => Some(9),
            'v' => Some(11),
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => Some(u32::from(c)),
            _ => None,
        };
        match code {
            Some(code) => Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)),
            None => {
                let len = start.len() - self.rest.len();
                Err(Error::new(ErrorKind::Escape, &start[..len]))
            }
        }
    }

    /// Up to two more octal digits after the first.
    fn octal(&mut self, first: char) -> u32 {
        let mut value = first.to_digit(8).unwrap_or(0);
        for _ in 0..2 {
            let Some(digit) = self.rest.chars().next().and_then(|c| c.to_digit(8)) else { break };
            value = value * 8 + digit;
            self.advance(1);
        }
        value
    }

    /// The digits after `\x`: two, or any number in braces. The cursor stops behind the
    /// character that was wrong, because the error shows the text up to there.
    fn hex(&mut self) -> Option<u32> {
        let first = self.bump()?;
        if first != '{' {
            let second = self.bump()?;
            return Some(first.to_digit(16)? * 16 + second.to_digit(16)?);
        }
        let mut value = 0;
        let mut digits = 0;
        loop {
            match self.bump()? {
                '}' => return (digits > 0).then_some(value),
                c => value = value * 16 + c.to_digit(16)?,
            }
            digits += 1;
            if value > u32::from(char::MAX) {
                return None;
            }
        }
    }
}
