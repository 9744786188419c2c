//! Writing one scalar: plain, quoted or literal, folded near column 80.

use std::io::Write;

use crate::resolve::{Scalar, is_timestamp, plain_scalar};
use crate::style::{Analysis, analyze, choose, is_break, is_printable, is_word};
use crate::token::Style;

/// Which of the two emitters is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// go-yaml v2: folds at 80 columns.
    V2,
    /// go-yaml v3: never folds.
    V3,
}

/// A line may run past this column up to the next space.
const WIDTH: usize = 80;
/// How many bytes a value takes, mostly.
const ROOM: usize = 256;
/// A key longer than this gets a line of its own.
const MAX_SIMPLE_KEY: usize = 128;

/// The output, with what is needed to fold.
pub(crate) struct Writer {
    flavour: Flavour,
    out: Vec<u8>,
    column: usize,
}

impl Writer {
    pub(crate) fn new(flavour: Flavour) -> Self {
        Writer { flavour, out: Vec::with_capacity(ROOM), column: 0 }
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        if self.column > 0 {
            self.out.push(b'\n');
        }
        self.out
    }

    /// How many bytes were written.
    pub(crate) fn len(&self) -> usize {
        self.out.len()
    }

    /// ASCII text as it is.
    pub(crate) fn raw(&mut self, text: &[u8]) {
        self.out.extend_from_slice(text);
        self.column += text.len();
    }

    /// Whether so many more characters stay on the line without a fold.
    pub(crate) fn fits(&self, more: usize) -> bool {
        self.flavour == Flavour::V3 || self.column + more <= WIDTH
    }

    /// Writes a text that is a plain scalar at first sight, behind a space where one is wanted; writes nothing, and says so, else.
    pub(crate) fn as_it_is(&mut self, text: &[u8], gap: bool) -> bool {
        let is_plain = is_word(text) && matches!(plain_scalar(text), Scalar::Str(_));
        if is_plain {
            self.gap(gap);
            self.raw(text);
        }
        is_plain
    }

    pub(crate) fn gap(&mut self, wanted: bool) {
        if wanted {
            self.raw(b" ");
        }
    }

    pub(crate) fn begin_line(&mut self, indent: usize, inline: bool) {
        if !inline {
            self.newline(indent);
        }
    }

    /// Ends the line, unless it is ended, and indents the next.
    pub(crate) fn newline(&mut self, indent: usize) {
        if self.column > 0 {
            self.out.push(b'\n');
        }
        self.out.resize(self.out.len() + indent, b' ');
        self.column = indent;
    }

    fn char(&mut self, c: char) {
        self.out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        self.column += 1;
    }

    pub(crate) fn line_break(&mut self, c: char) {
        self.out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        self.column = 0;
    }

    /// Writes a key; false when it needs the `? key` form, which is then begun.
    pub(crate) fn key(&mut self, key: &str, indent: usize) -> bool {
        let analysis = analyze(key, self.flavour == Flavour::V3);
        let simple = !analysis.multiline && key.len() <= MAX_SIMPLE_KEY;
        if !simple {
            self.raw(b"? ");
        }
        self.write(key, analysis, indent + 2, simple);
        simple
    }

    /// Writes a string value.
    pub(crate) fn string(&mut self, text: &str, indent: usize) {
        self.write(text, analyze(text, self.flavour == Flavour::V3), indent, false);
    }

    fn write(&mut self, text: &str, analysis: Analysis, indent: usize, simple_key: bool) {
        match choose(self.wanted(text), analysis, text.is_empty(), simple_key) {
            Style::Plain => self.plain(text, indent, simple_key),
            Style::Single => self.single(text, indent, simple_key),
            Style::Double => self.double(text, indent, simple_key),
            Style::Literal | Style::Folded => self.literal(text, indent),
        }
    }

    /// The style that suits the meaning of the text.
    fn wanted(&self, text: &str) -> Style {
        if text.contains('\n') {
            Style::Literal
        } else if self.reads_as_text(text) {
            Style::Plain
        } else {
            Style::Double
        }
    }

    fn reads_as_text(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let is_text = matches!(plain_scalar(bytes), Scalar::Str(_) | Scalar::Merge);
        is_text
            && (!bytes.first().is_some_and(|b| matches!(b, b'0'..=b'9' | b'+' | b'-'))
                || !(is_timestamp(bytes) || is_base_60(bytes)))
    }

    pub(crate) fn plain(&mut self, text: &str, indent: usize, simple_key: bool) {
        if self.flavour == Flavour::V3 || simple_key || self.column + text.len() <= WIDTH {
            self.out.extend_from_slice(text.as_bytes());
            self.column += text.chars().count();
            return;
        }
        let mut spaces = false;
        for (i, c) in text.char_indices() {
            if c == ' ' && !spaces && self.column > WIDTH && !text[i + 1..].starts_with(' ') {
                self.newline(indent);
                spaces = true;
            } else {
                self.char(c);
                spaces = c == ' ';
            }
        }
    }

    pub(crate) fn single(&mut self, text: &str, indent: usize, simple_key: bool) {
        let fold = !simple_key && self.flavour == Flavour::V2;
        self.char('\'');
        let (mut spaces, mut breaks) = (false, false);
        for (i, c) in text.char_indices() {
            let inner = i > 0 && i + 1 < text.len();
            if c == ' ' {
                if fold && !spaces && self.column > WIDTH && inner && !text[i + 1..].starts_with(' ') {
                    self.newline(indent);
                } else {
                    self.char(' ');
                }
                spaces = true;
            } else if is_break(c) {
                if !breaks && c == '\n' {
                    self.line_break('\n');
                }
                self.line_break(c);
                breaks = true;
            } else {
                if breaks {
                    self.indent_after_break(indent);
                }
                if c == '\'' {
                    self.char('\'');
                }
                self.char(c);
                (spaces, breaks) = (false, false);
            }
        }
        self.char('\'');
    }

    fn indent_after_break(&mut self, indent: usize) {
        self.out.resize(self.out.len() + indent, b' ');
        self.column = indent;
    }

    pub(crate) fn double(&mut self, text: &str, indent: usize, simple_key: bool) {
        let fold = !simple_key && self.flavour == Flavour::V2;
        self.char('"');
        // The reference looks for a byte order mark at the start of the text, whatever character it is at.
        let marked = text.starts_with('\u{FEFF}');
        let mut spaces = false;
        for (i, c) in text.char_indices() {
            if marked || !is_printable(c) || is_break(c) || matches!(c, '"' | '\\') {
                self.escape(c);
                spaces = false;
            } else if c == ' ' {
                let inner = i > 0 && i + 1 < text.len();
                if fold && !spaces && self.column > WIDTH && inner {
                    self.newline(indent);
                    if text[i + 1..].starts_with(' ') {
                        self.char('\\');
                    }
                } else {
                    self.char(' ');
                }
                spaces = true;
            } else {
                self.char(c);
                spaces = false;
            }
        }
        self.char('"');
    }

    fn escape(&mut self, c: char) {
        let short = match c {
            '\0' => "\\0",
            '\x07' => "\\a",
            '\x08' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\x0B' => "\\v",
            '\x0C' => "\\f",
            '\r' => "\\r",
            '\x1B' => "\\e",
            '"' => "\\\"",
            '\\' => "\\\\",
            '\u{85}' => "\\N",
            '\u{A0}' => "\\_",
            '\u{2028}' => "\\L",
            '\u{2029}' => "\\P",
            _ => "",
        };
        if !short.is_empty() {
            return self.raw(short.as_bytes());
        }
        let before = self.out.len();
        let code = c as u32;
        // Writing to a vector cannot fail.
        let _ = match code {
            0..=0xFF => write!(self.out, "\\x{code:02X}"),
            0x100..=0xFFFF => write!(self.out, "\\u{code:04X}"),
            _ => write!(self.out, "\\U{code:08X}"),
        };
        self.column += self.out.len() - before;
    }

    fn literal(&mut self, text: &str, indent: usize) {
        self.block_header(b'|', text);
        self.line_break('\n');
        self.literal_lines(text, indent);
    }

    /// The sign of a block scalar with its hints on indentation and line breaks at the end.
    pub(crate) fn block_header(&mut self, sign: u8, text: &str) {
        self.raw(&[sign]);
        let first = text.chars().next().unwrap_or('x');
        if first == ' ' || is_break(first) {
            self.char('2');
        }
        let mut tail = text.chars().rev();
        match (tail.next().map(is_break), tail.next().map(is_break)) {
            (Some(true), None | Some(true)) => self.char('+'),
            (Some(true), Some(false)) => {}
            _ => self.char('-'),
        }
    }

    /// The lines of a literal block scalar.
    pub(crate) fn literal_lines(&mut self, text: &str, indent: usize) {
        let mut at_start = true;
        for c in text.chars() {
            if is_break(c) {
                self.line_break(c);
                at_start = true;
                continue;
            }
            if at_start {
                self.indent_after_break(indent);
                at_start = false;
            }
            self.char(c);
        }
    }

    /// The lines of a folded block scalar: a break between two lines of text takes two. The reference looks at the start
    /// of the whole text where it should look at the next line.
    pub(crate) fn folded_lines(&mut self, text: &str, indent: usize) {
        let begins_white = text.trim_start_matches(is_break).starts_with([' ', '\t']);
        let (mut at_start, mut set_off) = (true, true);
        for c in text.chars() {
            if is_break(c) {
                if !at_start && !set_off && c == '\n' && !begins_white {
                    self.line_break('\n');
                }
                self.line_break(c);
                at_start = true;
                continue;
            }
            if at_start {
                self.indent_after_break(indent);
                set_off = c == ' ' || c == '\t';
                at_start = false;
            }
            self.char(c);
        }
    }

    /// The bytes of one line as they are.
    pub(crate) fn text(&mut self, line: &[u8]) {
        self.out.extend_from_slice(line);
        self.column += line.len();
    }

    pub(crate) fn column(&self) -> usize {
        self.column
    }
}

/// A base 60 number of YAML 1.1, such as `190:20:30`: quoted for other readers' sake.
fn is_base_60(text: &[u8]) -> bool {
    let rest = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    if !rest.first().is_some_and(u8::is_ascii_digit) || !rest.contains(&b':') {
        return false;
    }
    let (whole, fraction) = match rest.iter().position(|b| *b == b'.') {
        Some(dot) => (&rest[..dot], &rest[dot + 1..]),
        None => (rest, &rest[rest.len()..]),
    };
    let number = |s: &[u8]| s.iter().all(|b| b.is_ascii_digit() || *b == b'_');
    let mut groups = whole.split(|b| *b == b':');
    number(groups.next().unwrap_or_default())
        && number(fraction)
        && groups.all(|g| match g {
            [d] => d.is_ascii_digit(),
            [t, d] => (b'0'..=b'5').contains(t) && d.is_ascii_digit(),
            _ => false,
        })
}
