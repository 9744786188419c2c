//! Go's pattern syntax (`regexp/syntax` with the Perl flags) to the automaton builder's tree.
//!
//! The groups are kept on a stack of our own, so a deep pattern costs no call stack here; the
//! height is limited as in Go, which bounds every later walk over the tree.

use regex_syntax::hir::{Capture, Class, Dot, Hir, Look, Repetition};

use super::class;
use super::cursor::Cursor;
use super::error::{Error, ErrorKind};

type Result<T> = std::result::Result<T, Error>;

/// The largest repeat count, also of nested repeats multiplied.
const MAX_REPEAT: u32 = 1000;
/// The greatest height of a pattern's tree.
const MAX_HEIGHT: u32 = 1000;

/// A parsed pattern.
pub(super) struct Parsed {
    pub hir: Hir,
    /// The names of the groups; the first is the whole match.
    pub names: Vec<Option<Box<str>>>,
}

/// Parses a pattern.
pub(super) fn parse(pattern: &str) -> Result<Parsed> {
    let mut parser = Parser {
        pattern,
        cursor: Cursor::new(pattern),
        flags: Flags::default(),
        outer: Vec::new(),
        group: Group::default(),
        names: vec![None],
    };
    parser.run()?;
    if !parser.outer.is_empty() {
        return Err(Error::new(ErrorKind::MissingParen, pattern));
    }
    let whole = std::mem::take(&mut parser.group).finish();
    parser.check_height(&whole)?;
    Ok(Parsed { hir: whole.hir, names: parser.names })
}

#[derive(Debug, Clone, Copy, Default)]
struct Flags {
    fold: bool,
    multi_line: bool,
    dot_all: bool,
    swap_greed: bool,
}

/// A finished part of the tree.
struct Item {
    hir: Hir,
    height: u32,
    /// The greatest product of repeat counts on a way down.
    repeats: u32,
}

impl Item {
    fn leaf(hir: Hir) -> Item {
        Item { hir, height: 1, repeats: 1 }
    }
}

/// An open group: what was read of it.
#[derive(Default)]
struct Group {
    alternatives: Vec<Item>,
    items: Vec<Item>,
    /// The number of the capture, for a capturing group.
    capture: Option<u32>,
    /// The flags to go back to after it.
    flags: Flags,
}

impl Group {
    fn end_alternative(&mut self) {
        let item = join(std::mem::take(&mut self.items), Hir::concat);
        self.alternatives.push(item);
    }

    fn finish(mut self) -> Item {
        self.end_alternative();
        join(self.alternatives, Hir::alternation)
    }
}

fn join(mut items: Vec<Item>, build: fn(Vec<Hir>) -> Hir) -> Item {
    if items.len() == 1
        && let Some(item) = items.pop()
    {
        return item;
    }
    let height = 1 + items.iter().map(|item| item.height).max().unwrap_or(0);
    let repeats = items.iter().map(|item| item.repeats).max().unwrap_or(1);
    let hir = build(items.into_iter().map(|item| item.hir).collect());
    Item { hir, height, repeats }
}

struct Parser<'a> {
    pattern: &'a str,
    cursor: Cursor<'a>,
    flags: Flags,
    outer: Vec<Group>,
    group: Group,
    names: Vec<Option<Box<str>>>,
}

impl<'a> Parser<'a> {
    fn run(&mut self) -> Result<()> {
        // Where the repetition began that stands directly before the cursor.
        let mut last_repeat: Option<&'a str> = None;
        while let Some(c) = self.cursor.rest().chars().next() {
            let before = self.cursor.rest();
            let mut repeated = false;
            match c {
                '*' | '+' | '?' => {
                    let (min, max) = match c {
                        '*' => (0, None),
                        '+' => (1, None),
                        _ => (0, Some(1)),
                    };
                    self.cursor.advance(1);
                    self.repeat(min, max, before, last_repeat)?;
                    repeated = true;
                }
                '{' => match counts(before) {
                    Some((counts, len)) => {
                        self.cursor.advance(len);
                        let Some((min, max)) = counts else {
                            return Err(Error::new(ErrorKind::RepeatSize, &before[..len]));
                        };
                        self.repeat(min, max, before, last_repeat)?;
                        repeated = true;
                    }
                    None => self.literal_here(),
                },
                _ => self.part(c)?,
            }
            last_repeat = repeated.then_some(before);
        }
        Ok(())
    }

    fn part(&mut self, c: char) -> Result<()> {
        match c {
            '(' if self.cursor.rest().starts_with("(?") => self.perl_group(),
            '(' => {
                self.cursor.advance(1);
                self.open_capture(None)
            }
            '|' => {
                self.cursor.advance(1);
                self.group.end_alternative();
                Ok(())
            }
            ')' => self.close(),
            '^' | '$' | '.' => {
                self.cursor.advance(1);
                let hir = self.sign(c);
                self.push(hir);
                Ok(())
            }
            '[' => {
                let class = class::bracket(&mut self.cursor, self.flags.fold)?;
                self.push(Hir::class(Class::Unicode(class)));
                Ok(())
            }
            '\\' => self.backslash(),
            _ => {
                self.literal_here();
                Ok(())
            }
        }
    }

    fn sign(&self, c: char) -> Hir {
        match (c, self.flags.multi_line, self.flags.dot_all) {
            ('^', true, _) => Hir::look(Look::StartLF),
            ('^', false, _) => Hir::look(Look::Start),
            ('$', true, _) => Hir::look(Look::EndLF),
            ('$', false, _) => Hir::look(Look::End),
            (_, _, true) => Hir::dot(Dot::AnyChar),
            (_, _, false) => Hir::dot(Dot::AnyCharExceptLF),
        }
    }

    fn push(&mut self, hir: Hir) {
        self.group.items.push(Item::leaf(hir));
    }

    fn literal_here(&mut self) {
        if let Some(c) = self.cursor.bump() {
            self.literal(c);
        }
    }

    fn literal(&mut self, c: char) {
        if self.flags.fold && (c.is_alphabetic() || !c.is_ascii()) {
            let mut class = class::of(&[(c, c)]);
            class::fold(&mut class);
            return self.push(Hir::class(Class::Unicode(class)));
        }
        let mut bytes = [0; 4];
        let hir = Hir::literal(c.encode_utf8(&mut bytes).as_bytes());
        self.push(hir);
    }

    fn backslash(&mut self) -> Result<()> {
        let look = match self.cursor.rest().chars().nth(1) {
            Some('A') => Some(Look::Start),
            Some('b') => Some(Look::WordAscii),
            Some('B') => Some(Look::WordAsciiNegate),
            Some('z') => Some(Look::End),
            Some('Q') => return self.quotation(),
            _ => None,
        };
        if let Some(look) = look {
            self.cursor.advance(2);
            self.push(Hir::look(look));
            return Ok(());
        }
        let fold = self.flags.fold;
        if let Some(class) = class::unicode(&mut self.cursor, fold)? {
            self.push(Hir::class(Class::Unicode(class)));
        } else if let Some(class) = class::perl(&mut self.cursor, fold) {
            self.push(Hir::class(Class::Unicode(class)));
        } else {
            let c = self.cursor.escape()?;
            self.literal(c);
        }
        Ok(())
    }

    /// `\Q` up to `\E` or the end, each character for itself.
    fn quotation(&mut self) -> Result<()> {
        self.cursor.advance(2);
        let rest = self.cursor.rest();
        let quoted = rest.split_once("\\E").map_or(rest, |(quoted, _)| quoted);
        for c in quoted.chars() {
            self.literal(c);
        }
        self.cursor.advance((quoted.len() + 2).min(rest.len()));
        Ok(())
    }

    /// Repeats the last item. `before` starts at the operator, which has been taken but for the
    /// `?` that may follow it.
    fn repeat(&mut self, min: u32, max: Option<u32>, before: &'a str, last: Option<&'a str>) -> Result<()> {
        let lazy = self.cursor.eat('?');
        let after = self.cursor.rest().len();
        if let Some(last) = last {
            return Err(Error::new(ErrorKind::RepeatOp, &last[..last.len() - after]));
        }
        let operator = &before[..before.len() - after];
        let Some(item) = self.group.items.pop() else {
            return Err(Error::new(ErrorKind::MissingRepeatArgument, operator));
        };
        let counted = before.starts_with('{');
        let factor = if counted { max.unwrap_or(min).max(1) } else { 1 };
        let repeats = if max == Some(0) { 1 } else { item.repeats.saturating_mul(factor) };
        if counted && (min >= 2 || max.is_some_and(|max| max >= 2)) && repeats > MAX_REPEAT {
            return Err(Error::new(ErrorKind::RepeatSize, operator));
        }
        let greedy = lazy == self.flags.swap_greed;
        let hir = Hir::repetition(Repetition { min, max, greedy, sub: Box::new(item.hir) });
        let height = item.height + 1;
        self.group.items.push(Item { hir, height, repeats });
        Ok(())
    }

    fn open_capture(&mut self, name: Option<&str>) -> Result<()> {
        let index = u32::try_from(self.names.len()).map_err(|_| Error::new(ErrorKind::Large, self.pattern))?;
        self.names.push(name.map(Into::into));
        self.open(Some(index), self.flags);
        Ok(())
    }

    fn open(&mut self, capture: Option<u32>, inside: Flags) {
        let group = Group { capture, flags: self.flags, ..Group::default() };
        self.outer.push(std::mem::replace(&mut self.group, group));
        self.flags = inside;
    }

    fn close(&mut self) -> Result<()> {
        let Some(outer) = self.outer.pop() else {
            return Err(Error::new(ErrorKind::UnexpectedParen, self.pattern));
        };
        self.cursor.advance(1);
        let group = std::mem::replace(&mut self.group, outer);
        self.flags = group.flags;
        let capture = group.capture;
        let mut item = group.finish();
        if let Some(index) = capture {
            // Go lets two groups share a name and the builder does not: names stay with us.
            item.hir = Hir::capture(Capture { index, name: None, sub: Box::new(item.hir) });
            item.height += 1;
        }
        self.check_height(&item)?;
        self.group.items.push(item);
        Ok(())
    }

    fn check_height(&self, item: &Item) -> Result<()> {
        if item.height > MAX_HEIGHT {
            return Err(Error::new(ErrorKind::NestingDepth, self.pattern));
        }
        Ok(())
    }

    /// `(?P<name>`, `(?<name>`, `(?flags)`, `(?flags:`.
    fn perl_group(&mut self) -> Result<()> {
        let start = self.cursor.rest();
        let named = start.strip_prefix("(?P<").or_else(|| start.strip_prefix("(?<"));
        // With nothing behind the `<` it is read as flags.
        let Some(named) = named.filter(|rest| !rest.is_empty()) else { return self.flag_group() };
        let Some(end) = named.find('>') else {
            return Err(Error::new(ErrorKind::NamedCapture, start));
        };
        let name = &named[..end];
        let len = start.len() - named.len() + end + 1;
        let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        if name.is_empty() || !name.bytes().all(is_word) {
            return Err(Error::new(ErrorKind::NamedCapture, &start[..len]));
        }
        self.cursor.advance(len);
        self.open_capture(Some(name))
    }

    fn flag_group(&mut self) -> Result<()> {
        let start = self.cursor.rest();
        self.cursor.advance(2);
        let mut flags = self.flags;
        let (mut on, mut since_minus) = (true, true);
        while let Some(c) = self.cursor.bump() {
            let flag = match c {
                'i' => &mut flags.fold,
                'm' => &mut flags.multi_line,
                's' => &mut flags.dot_all,
                'U' => &mut flags.swap_greed,
                '-' if on => {
                    (on, since_minus) = (false, false);
                    continue;
                }
                ':' | ')' if since_minus => {
                    if c == ':' {
                        self.open(None, flags);
                    } else {
                        self.flags = flags;
                    }
                    return Ok(());
                }
                _ => break,
            };
            (*flag, since_minus) = (on, true);
        }
        let len = start.len() - self.cursor.rest().len();
        Err(Error::new(ErrorKind::PerlOp, &start[..len]))
    }
}

/// A repeat's least and greatest count.
type Counts = (u32, Option<u32>);

/// Reads `{n}`, `{n,}` or `{n,m}` and its length; nothing when the brace is a literal, and no
/// counts when they are out of bounds.
fn counts(text: &str) -> Option<(Option<Counts>, usize)> {
    let (min, rest) = number(text.strip_prefix('{')?)?;
    let (max, rest) = match rest.strip_prefix(',') {
        None => (Some(min), rest),
        Some(rest) if rest.starts_with('}') => (None, rest),
        Some(rest) => number(rest).map(|(max, rest)| (Some(max), rest))?,
    };
    let rest = rest.strip_prefix('}')?;
    let fits = min <= MAX_REPEAT && max.is_none_or(|max| max <= MAX_REPEAT && min <= max);
    Some((fits.then_some((min, max)), text.len() - rest.len()))
}

/// Decimal digits without a leading zero; beyond any limit is still a number.
fn number(text: &str) -> Option<(u32, &str)> {
    let end = text.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if digits.is_empty() || (digits.len() > 1 && digits.starts_with('0')) {
        return None;
    }
    Some((digits.parse().unwrap_or(u32::MAX), rest))
}
