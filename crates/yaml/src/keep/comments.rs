//! Comments, found while tokens are scanned: which stands behind a node, which heads the next, which is the foot of the last.
//!
//! A comment on the line of a token belongs to that line. One on lines of its own heads what follows, but for
//! three cases in which it is a foot: it lies right below the content and an empty line follows, it is less indented than
//! the block that it ends, or it is the last thing before a closing bracket. All as observed with the reference.

use crate::chars::{break_len, is_blank, is_break_or_end};
use crate::scan::{Mark, Scanner};
use crate::token::{Spanned, Token};

/// What a comment is to the node that it is given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Head,
    Line,
    Foot,
}

/// Some lines of comment.
#[derive(Debug)]
pub(crate) struct Comment {
    pub(crate) role: Role,
    /// It belongs to the first token looked at that starts here or later.
    pub(crate) owner: usize,
    /// The lines, with an empty one where there were any between them.
    pub(crate) text: Vec<u8>,
    column: i32,
    start: usize,
    /// The run of white space and comments around it.
    around: (usize, usize),
}

/// The comments of a text so far.
#[derive(Debug, Default)]
pub(crate) struct Comments {
    found: std::collections::VecDeque<Comment>,
    /// Kind and start of the two tokens taken last, the later first.
    taken: [(Before, usize); 2],
    /// Where the white space before the token at hand begins.
    pub(crate) gap: usize,
    /// The line of that token.
    pub(crate) token_line: u32,
}

/// The kinds of tokens that make a difference for the comment behind them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Before {
    FlowEntry,
    Value,
    BlockEntry,
    #[default]
    Other,
}

impl Before {
    fn of(token: &Token<'_>) -> Before {
        match token {
            Token::FlowEntry => Before::FlowEntry,
            Token::Value => Before::Value,
            Token::BlockEntry => Before::BlockEntry,
            _ => Before::Other,
        }
    }
}

impl Comments {
    /// Remembers a token that leaves the queue.
    pub(crate) fn note_taken(&mut self, token: &Spanned<'_>) {
        self.taken = [(Before::of(&token.token), token.start as usize), self.taken[0]];
    }

    /// The next comment, if it belongs to a token that starts here. Heads are not for the ends of blocks.
    pub(crate) fn next_for(&mut self, token: &Spanned<'_>) -> Option<Comment> {
        let first = self.found.front()?;
        let fits = token.start as usize >= first.owner;
        if !fits || (first.role == Role::Head && matches!(token.token, Token::BlockEnd)) {
            return None;
        }
        self.found.pop_front()
    }

    /// Where a block that is indented so far ends, when white space and comments behind it begin at `gap`: before the
    /// comments in its column, which belong to what follows it.
    pub(crate) fn end_of_block(&self, indent: i32, gap: usize) -> usize {
        let mut end = gap.saturating_sub(1);
        let mut reach = end;
        for comment in self.found.iter().rev() {
            if comment.around.1 < reach || comment.role == Role::Line {
                break;
            }
            if comment.column == indent {
                end = comment.start;
            }
            reach = comment.around.0;
        }
        end
    }
}

/// Comment lines that are being put together.
struct Group {
    text: Vec<u8>,
    start: Mark,
    owner: usize,
    gap: usize,
}

impl Scanner<'_> {
    /// Kind and start of the last token but `n`.
    fn before(&self, n: usize) -> (Before, usize) {
        let waiting = self.waiting().count();
        match self.waiting().nth(n) {
            Some(token) => (Before::of(&token.token), token.start as usize),
            None => self.comments.as_ref().and_then(|c| c.taken.get(n - waiting).copied()).unwrap_or_default(),
        }
    }

    /// Line breaks since the last thing that is not white space.
    fn breaks_before(&self) -> u32 {
        let text = &self.src[..self.at.pos];
        let blank = text.iter().rev().take_while(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r')).count();
        memchr::memchr_iter(b'\n', &text[text.len() - blank..]).count() as u32
    }

    /// Says where the white space and comments begin that the scanner is about to skip.
    pub(crate) fn begin_comments(&mut self) {
        let at = self.at.pos;
        if let Some(comments) = &mut self.comments {
            comments.gap = at;
        }
    }

    /// Reads all comments up to the next token; the first is at hand. `from` is where the white space around them begins.
    pub(crate) fn collect_comments(&mut self, from: Mark) {
        let (mut kind, mut last) = self.before(0);
        if kind == Before::FlowEntry {
            (kind, last) = self.before(1);
        }
        let indent = self.indent.max(0);
        let breaks = self.breaks_before();
        let foot_line = match from.line {
            0 => None,
            _ => Some(self.at.line + 1 - breaks + u32::from(breaks == 0 && self.column() > 1)),
        };
        let mut may_be_foot = breaks <= 1;
        let mut after_empty = false;
        let mut group = Group { text: Vec::new(), start: self.at, owner: last, gap: from.pos };
        let mut here = self.at;
        loop {
            here.pos += self.src[here.pos..].iter().take_while(|b| is_blank(**b)).count();
            let rest = &self.src[here.pos..];
            let closes = self.flow_level > 0 && matches!(rest.first(), Some(b']' | b'}'));
            if closes || is_break_or_end(rest) {
                let below = Some(group.start.line) == foot_line && kind != Before::Value;
                let dedented = group.start.column() < indent;
                if closes || (!after_empty && may_be_foot && (below || dedented)) {
                    if dedented {
                        group.owner = group.start.pos;
                    }
                    self.end_group(&mut group, Role::Foot, here);
                } else if !after_empty && !group.text.is_empty() && !rest.is_empty() {
                    group.text.push(b'\n');
                }
                if closes || break_len(rest) == 0 {
                    break;
                }
                (may_be_foot, after_empty) = (false, true);
                here = next_line(here, rest);
                continue;
            }
            if here.column() < indent && here.column() != group.start.column() {
                self.end_group(&mut group, Role::Foot, here);
            }
            if rest[0] != b'#' {
                break;
            }
            if group.text.is_empty() {
                group.start = here;
            } else {
                group.text.push(b'\n');
            }
            self.at = here;
            self.skip_comment();
            group.text.extend_from_slice(&self.src[here.pos..self.at.pos]);
            after_empty = false;
            here = next_line(self.at, self.rest());
        }
        group.owner = group.start.pos;
        self.end_group(&mut group, Role::Head, here);
    }

    /// Hands the lines over; what follows starts at `here`.
    fn end_group(&mut self, group: &mut Group, role: Role, here: Mark) {
        let text = std::mem::take(&mut group.text);
        if text.is_empty() {
            return;
        }
        let Group { start, owner, gap, .. } = *group;
        let comment = Comment { role, owner, text, column: start.column(), start: start.pos, around: (gap, here.pos) };
        if let Some(comments) = &mut self.comments {
            comments.found.push_back(comment);
        }
        (group.gap, group.owner) = (here.pos, here.pos);
    }

    /// The start of the token that a comment behind the token at hand belongs to.
    pub(crate) fn owner_of_line_comment(&self) -> usize {
        let joins = if self.flow_level == 0 { b':' } else { b',' };
        if self.byte(0) == joins { self.before(0).1 } else { self.at.pos }
    }

    /// Reads the comment behind the token that was just scanned.
    pub(crate) fn collect_comment_behind(&mut self, owner: usize, role: Role) {
        if self.comments.is_none() || self.breaks_before() > 0 {
            return;
        }
        let blanks = self.rest().iter().take_while(|b| is_blank(**b)).count();
        if self.rest().get(blanks) != Some(&b'#') {
            return;
        }
        self.at.pos += blanks;
        let start = self.at;
        self.skip_comment();
        let text = self.src[start.pos..self.at.pos].to_vec();
        let (column, around) = (start.column(), (start.pos, 0));
        if let Some(comments) = &mut self.comments {
            comments.found.push_back(Comment { role, owner, text, column, start: start.pos, around });
        }
    }
}

/// The start of the line behind the break that `rest` begins with.
fn next_line(at: Mark, rest: &[u8]) -> Mark {
    match break_len(rest) {
        0 => at,
        len => Mark { pos: at.pos + len, line: at.line + 1, line_start: at.pos + len },
    }
}
