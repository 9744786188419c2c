//! Bytes to tokens, on demand. A token is a range of the text; nothing is copied and no line is counted.

use rhumb_gostd::unicode::{decode_rune, is_digit, is_letter};

use crate::quote::{char_name, quote};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The lexer gave up; [`Lexer::error`] holds the reason.
    Error,
    Eof,
    Bool,
    /// A printable ASCII character that means nothing else, such as a comma.
    Char,
    CharConstant,
    Complex,
    Assign,
    Declare,
    Field,
    Identifier,
    LeftDelim,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelim,
    RightParen,
    String,
    Text,
    Variable,
    Dot,
    // The words; they are shown as `<word>`.
    Block,
    Break,
    Continue,
    Define,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
}

impl Kind {
    /// Whether an operand starts with it.
    pub(crate) fn starts_operand(self) -> bool {
        matches!(
            self,
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
                | Kind::LeftParen
        )
    }

    /// Whether Go shows it as `<text>`.
    pub(crate) fn is_keyword(self) -> bool {
        self as u8 >= Kind::Dot as u8
    }
}

/// A token: what it is and where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// Whether white space stands before it, inside an action.
    pub(crate) spaced: bool,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// Where a byte stands twice in a row. Quicker than a general search, which has to be set up for each of many short texts.
pub(crate) fn find_pair(byte: u8, text: &[u8]) -> Option<usize> {
    memchr::memchr_iter(byte, text).find(|at| text.get(at + 1) == Some(&byte))
}

/// The state between tokens.
pub(crate) struct Lexer<'t> {
    text: &'t [u8],
    pos: usize,
    inside: bool,
    parens: i32,
    /// Whether white space was skipped before the token at hand.
    spaced: bool,
    /// The reason of the error token.
    pub(crate) error: String,
}

impl<'t> Lexer<'t> {
    pub(crate) fn new(text: &'t [u8]) -> Self {
        Lexer { text, pos: 0, inside: false, parens: 0, spaced: false, error: String::new() }
    }

    /// The next token. After an error or the end it says so again.
    pub(crate) fn next(&mut self) -> Token {
        self.spaced = false;
        if self.inside { self.inside_action() } else { self.text_or_action() }
    }

    /// Leaves a broken action: goes on behind the next closing delimiter.
    pub(crate) fn recover(&mut self, from: u32) {
        let from = from as usize;
        self.pos = find_pair(b'}', &self.text[from..]).map_or(self.text.len(), |i| from + i + 2);
        self.inside = false;
        self.parens = 0;
    }

    fn token(&self, kind: Kind, start: usize) -> Token {
        // Texts longer than four gigabytes are refused before lexing.
        Token { kind, spaced: self.spaced, start: start as u32, end: self.pos.max(start) as u32 }
    }

    #[cold]
    #[inline(never)]
    fn fail(&mut self, start: usize, reason: &str) -> Token {
        self.error = reason.into();
        self.token(Kind::Error, start)
    }

    fn peek_byte(&self, ahead: usize) -> Option<u8> {
        self.text.get(self.pos + ahead).copied()
    }

    /// Whether these bytes stand at the offset.
    fn is_at(&self, offset: usize, bytes: &[u8]) -> bool {
        self.text.get(offset..).is_some_and(|rest| rest.starts_with(bytes))
    }

    fn rest(&self) -> &'t [u8] {
        &self.text[self.pos.min(self.text.len())..]
    }

    fn text_or_action(&mut self) -> Token {
        loop {
            let start = self.pos;
            let found = if self.is_at(start, b"{{") { Some(0) } else { find_pair(b'{', self.rest()) };
            let Some(found) = found else {
                self.pos = self.text.len();
                let kind = if self.pos > start { Kind::Text } else { Kind::Eof };
                return self.token(kind, start);
            };
            if found > 0 {
                let at = start + found;
                let mut end = at;
                if left_trim_marker(&self.text[at + 2..]) {
                    end = start + trim_end(&self.text[start..at]);
                }
                self.pos = at;
                if end > start {
                    return Token { kind: Kind::Text, spaced: false, start: start as u32, end: end as u32 };
                }
            }
            let start = self.pos;
            let marker = if left_trim_marker(&self.text[start + 2..]) { 2 } else { 0 };
            if self.text[start + 2 + marker..].starts_with(b"/*") {
                if let Some(failed) = self.comment(start + 2 + marker) {
                    return failed;
                }
                continue;
            }
            self.pos = start + 2;
            let token = self.token(Kind::LeftDelim, start);
            self.pos += marker;
            self.inside = true;
            self.parens = 0;
            return token;
        }
    }

    #[inline(never)]
    fn comment(&mut self, open: usize) -> Option<Token> {
        let Some(end) = memchr::memmem::find(&self.text[open + 2..], b"*/") else {
            return Some(self.fail(open, "unclosed comment"));
        };
        self.pos = open + 2 + end + 2;
        let Some(trim) = self.at_right_delim() else {
            return Some(self.fail(open, "comment ends before closing delimiter"));
        };
        self.pos += if trim { 4 } else { 2 };
        if trim {
            self.skip_white();
        }
        None
    }

    fn skip_white(&mut self) {
        while self.peek_byte(0).is_some_and(is_space) {
            self.pos += 1;
        }
    }

    /// At a closing delimiter: whether it trims.
    fn at_right_delim(&self) -> Option<bool> {
        let rest = self.rest();
        if right_trim_marker(rest) && rest[2..].starts_with(b"}}") {
            return Some(true);
        }
        rest.starts_with(b"}}").then_some(false)
    }

    fn right_delim(&mut self, trim: bool) -> Token {
        if self.parens != 0 {
            return self.fail(self.pos, "unclosed left paren");
        }
        if trim {
            self.pos += 2;
        }
        let start = self.pos;
        self.pos += 2;
        let token = self.token(Kind::RightDelim, start);
        if trim {
            self.skip_white();
        }
        self.inside = false;
        token
    }

    fn inside_action(&mut self) -> Token {
        if self.peek_byte(0).is_some_and(is_space) {
            let before = self.pos;
            self.skip_white();
            self.spaced = true;
            // The last space may belong to a trimming delimiter.
            if self.is_at(self.pos, b"-}}") {
                self.pos -= 1;
                self.spaced = self.pos > before;
                return self.right_delim(true);
            }
        }
        let start = self.pos;
        let Some(byte) = self.peek_byte(0) else {
            return self.fail(start, "unclosed action");
        };
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.identifier(),
            b'}' if self.peek_byte(1) == Some(b'}') => self.right_delim(false),
            b'=' => self.single(Kind::Assign),
            b'|' => self.single(Kind::Pipe),
            b':' => {
                self.pos += 1;
                if self.peek_byte(0) != Some(b'=') {
                    return self.fail(start, "expected :=");
                }
                self.pos += 1;
                self.token(Kind::Declare, start)
            }
            b'"' => self.quoted(b'"', Kind::String, "unterminated quoted string"),
            b'\'' => self.quoted(b'\'', Kind::CharConstant, "unterminated character constant"),
            b'`' => self.raw_quoted(),
            b'$' => {
                self.pos += 1;
                self.field_or_variable(start, Kind::Variable)
            }
            b'.' if self.peek_byte(1).is_some_and(|b| !b.is_ascii_digit()) => {
                self.pos += 1;
                self.field_or_variable(start, Kind::Field)
            }
            b'.' | b'+' | b'-' | b'0'..=b'9' => self.number(),
            b'(' => {
                self.parens += 1;
                self.single(Kind::LeftParen)
            }
            b')' => {
                self.parens -= 1;
                let token = self.single(Kind::RightParen);
                if self.parens < 0 { self.fail(start, "unexpected right paren") } else { token }
            }
            _ => self.word_or_char(start),
        }
    }

    #[cold]
    fn word_or_char(&mut self, start: usize) -> Token {
        let (c, len) = decode_rune(self.rest());
        if is_alphanumeric(c) {
            return self.identifier();
        }
        self.pos += len;
        if c.is_ascii() && !c.is_ascii_control() {
            return self.token(Kind::Char, start);
        }
        self.fail(start, &format!("unrecognized character in action: {}", char_name(c)))
    }

    fn single(&mut self, kind: Kind) -> Token {
        self.pos += 1;
        self.token(kind, self.pos - 1)
    }

    /// Skips what is left of a word; says whether what comes then may follow a word.
    fn skip_word(&mut self) -> bool {
        while let Some(byte) = self.text.get(self.pos) {
            let class = CLASSES[usize::from(*byte)];
            if class & WORD != 0 {
                self.pos += 1;
            } else if class & STOP != 0 {
                return true;
            } else if byte.is_ascii() {
                return self.is_at(self.pos, b"}}");
            } else if !self.skip_letter() {
                return false;
            }
        }
        true
    }

    /// Skips a letter or digit beyond ASCII, if there is one.
    #[cold]
    fn skip_letter(&mut self) -> bool {
        let (c, len) = decode_rune(self.rest());
        let is_letter = is_alphanumeric(c);
        self.pos += if is_letter { len } else { 0 };
        is_letter
    }

    #[cold]
    fn bad_character(&mut self, start: usize) -> Token {
        let (c, len) = decode_rune(self.rest());
        self.pos += len;
        self.fail(start, &format!("bad character {}", char_name(c)))
    }

    fn field_or_variable(&mut self, start: usize, kind: Kind) -> Token {
        let name = self.pos;
        if !self.skip_word() {
            return self.bad_character(start);
        }
        let is_dot = self.pos == name && kind == Kind::Field;
        self.token(if is_dot { Kind::Dot } else { kind }, start)
    }

    fn identifier(&mut self) -> Token {
        let start = self.pos;
        if !self.skip_word() {
            return self.bad_character(start);
        }
        let kind = match &self.text[start..self.pos] {
            b"block" => Kind::Block,
            b"break" => Kind::Break,
            b"continue" => Kind::Continue,
            b"define" => Kind::Define,
            b"else" => Kind::Else,
            b"end" => Kind::End,
            b"if" => Kind::If,
            b"nil" => Kind::Nil,
            b"range" => Kind::Range,
            b"template" => Kind::Template,
            b"with" => Kind::With,
            b"true" | b"false" => Kind::Bool,
            _ => Kind::Identifier,
        };
        self.token(kind, start)
    }

    fn quoted(&mut self, end: u8, kind: Kind, reason: &str) -> Token {
        let start = self.pos;
        let mut at = start + 1;
        while let Some(byte) = self.text.get(at) {
            at += 1;
            match *byte {
                b if b == end => {
                    self.pos = at;
                    return self.token(kind, start);
                }
                b'\\' if self.text.get(at).is_some_and(|b| *b != b'\n') => at += 1,
                b'\\' | b'\n' => {
                    at -= 1;
                    break;
                }
                _ => {}
            }
        }
        self.pos = at;
        self.fail(start, reason)
    }

    fn raw_quoted(&mut self) -> Token {
        let start = self.pos;
        match memchr::memchr(b'`', &self.text[start + 1..]) {
            Some(i) => {
                self.pos = start + 1 + i + 1;
                self.token(Kind::RawString, start)
            }
            None => self.fail(start, "unterminated raw quoted string"),
        }
    }

    fn number(&mut self) -> Token {
        let start = self.pos;
        if !self.scan_number() {
            return self.bad_number(start);
        }
        if !matches!(self.peek_byte(0), Some(b'+' | b'-')) {
            return self.token(Kind::Number, start);
        }
        // 1+2i, without a space.
        if !self.scan_number() || self.text[self.pos - 1] != b'i' {
            return self.bad_number(start);
        }
        self.token(Kind::Complex, start)
    }

    #[cold]
    fn bad_number(&mut self, start: usize) -> Token {
        let text = quote(&self.text[start..self.pos]);
        self.fail(start, &format!("bad number syntax: {text}"))
    }

    fn accept(&mut self, set: &[u8]) -> bool {
        let ok = self.peek_byte(0).is_some_and(|b| set.contains(&b));
        self.pos += usize::from(ok);
        ok
    }

    fn scan_number(&mut self) -> bool {
        self.accept(b"+-");
        let mut digits: &[u8] = b"0123456789_";
        if self.accept(b"0") {
            if self.accept(b"xX") {
                digits = b"0123456789abcdefABCDEF_";
            } else if self.accept(b"oO") {
                digits = b"01234567_";
            } else if self.accept(b"bB") {
                digits = b"01_";
            }
        }
        while self.accept(digits) {}
        if self.accept(b".") {
            while self.accept(digits) {}
        }
        let exponent: &[u8] = match digits.len() {
            11 => b"eE",
            23 => b"pP",
            _ => b"",
        };
        if self.accept(exponent) {
            self.accept(b"+-");
            while self.accept(b"0123456789_") {}
        }
        self.accept(b"i");
        let (c, len) = decode_rune(self.rest());
        if len > 0 && is_alphanumeric(c) {
            self.pos += len;
            return false;
        }
        true
    }
}

/// A letter, a digit or an underscore.
const WORD: u8 = 1;
/// What may follow a word, besides a closing delimiter.
const STOP: u8 = 2;

/// What the bytes are.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut i = 0;
    while i < 256 {
        let byte = i as u8;
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            classes[i] |= WORD;
        }
        if is_space(byte) || matches!(byte, b'.' | b',' | b'|' | b':' | b')' | b'(') {
            classes[i] |= STOP;
        }
        i += 1;
    }
    classes
};

/// What Go's templates call white space.
const fn is_space(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\r' | b'\n')
}

fn left_trim_marker(rest: &[u8]) -> bool {
    rest.len() >= 2 && rest[0] == b'-' && is_space(rest[1])
}

fn right_trim_marker(rest: &[u8]) -> bool {
    rest.len() >= 2 && is_space(rest[0]) && rest[1] == b'-'
}

fn trim_end(text: &[u8]) -> usize {
    text.iter().rposition(|b| !is_space(*b)).map_or(0, |i| i + 1)
}

fn is_alphanumeric(c: char) -> bool {
    c == '_' || is_letter(c) || is_digit(c)
}
