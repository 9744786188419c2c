//! For people at a terminal: Helm's text as the title, source lines with carets, the way that led there, notes and hints.

mod line;
mod paint;
mod snippet;

use std::fmt::Write as _;

use crate::{Diagnostic, Frame, Label, Sources, width};
use paint::Paint;

/// At most this many steps of the way are shown; of a longer one the middle is left out.
const STEPS: usize = 8;

/// How a terminal looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Whether ANSI colours are understood.
    pub colour: bool,
    /// How many columns there are.
    pub width: usize,
}

impl Look {
    /// No colours, and as wide as most pages.
    pub const PLAIN: Look = Look { colour: false, width: 110 };

    /// The columns that are used: a terminal of no sensible width counts as a narrow one, a very wide one is not filled.
    fn columns(self) -> usize {
        self.width.clamp(40, 160)
    }
}

/// The diagnostic as text ending in a newline.
#[must_use]
pub fn human(diagnostic: &Diagnostic, sources: &Sources, look: Look) -> String {
    let paint = Paint { colour: look.colour };
    let mut out = String::new();
    title(&mut out, diagnostic, paint);
    let groups = groups(diagnostic);
    let gutter = groups.iter().map(|g| g.gutter(sources)).max().unwrap_or(1);
    for (i, group) in groups.iter().enumerate() {
        let page = snippet::Page { sources, paint, gutter, columns: look.columns(), first: i == 0 };
        snippet::write(&mut out, group, page);
    }
    let mut tail = Tail { out: &mut out, paint, gutter, columns: look.columns() };
    if !groups.is_empty() && has_tail(diagnostic) {
        tail.bar();
    }
    tail.trail(&diagnostic.trail, sources);
    for note in &diagnostic.notes {
        tail.item("note", Paint::bold, note);
    }
    for hint in &diagnostic.hints {
        tail.item("hint", Paint::hint, hint);
    }
    out
}

fn has_tail(d: &Diagnostic) -> bool {
    !(d.trail.is_empty() && d.notes.is_empty() && d.hints.is_empty())
}

fn title(out: &mut String, diagnostic: &Diagnostic, paint: Paint) {
    let text = if diagnostic.headline.is_empty() { &diagnostic.message } else { &diagnostic.headline };
    let word = format!("{}[{}]", diagnostic.severity.word(), diagnostic.code);
    let _ = write!(out, "{}: ", paint.severity(diagnostic.severity, &word));
    let mut lines = text.trim_end().lines().map(line::clean);
    let _ = writeln!(out, "{}", paint.bold(&lines.next().unwrap_or_default()));
    // The rest of a long message stands as it was written, which may be a table or a list.
    for line in lines {
        let _ = writeln!(out, "  {line}");
    }
}

/// Labels of one file, shown as one snippet.
pub(super) struct Group<'d> {
    /// Each label with whether it is the primary one.
    labels: Vec<(&'d Label, bool)>,
}

impl Group<'_> {
    fn gutter(&self, sources: &Sources) -> usize {
        let line = |label: &Label| {
            sources.get(label.span.file).map_or(1, |s| s.position(label.span.start as usize).line + 1).to_string().len()
        };
        self.labels.iter().map(|(l, _)| line(l)).max().unwrap_or(1)
    }
}

fn groups(diagnostic: &Diagnostic) -> Vec<Group<'_>> {
    let primary = diagnostic.primary.iter().map(|l| (l, true));
    let all = primary.chain(diagnostic.secondary.iter().map(|l| (l, false)));
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (label, is_primary) in all {
        match groups.iter_mut().find(|g| g.labels[0].0.span.file == label.span.file) {
            Some(group) => group.labels.push((label, is_primary)),
            None => groups.push(Group { labels: vec![(label, is_primary)] }),
        }
    }
    groups
}

/// What stands below the snippets.
struct Tail<'o> {
    out: &'o mut String,
    paint: Paint,
    gutter: usize,
    columns: usize,
}

impl Tail<'_> {
    fn bar(&mut self) {
        let bar = self.paint.dim("|");
        let _ = writeln!(self.out, "{:1$} {bar}", "", self.gutter);
    }

    fn trail(&mut self, trail: &[Frame], sources: &Sources) {
        // Recursion comes by the same place again and again.
        let mut steps: Vec<(&Frame, usize)> = Vec::new();
        for frame in trail {
            match steps.last_mut() {
                Some((last, times)) if *last == frame => *times += 1,
                _ => steps.push((frame, 1)),
            }
        }
        let skipped = steps.len().saturating_sub(STEPS);
        for (i, (frame, times)) in steps.into_iter().enumerate() {
            if skipped > 0 && i == STEPS / 2 {
                self.item("via", Paint::bold, &format!("{skipped} more"));
            }
            if skipped > 0 && (STEPS / 2..STEPS / 2 + skipped).contains(&i) {
                continue;
            }
            let excerpt = sources.get(frame.span.file).map_or_else(String::new, |s| {
                let words = line::clean(&String::from_utf8_lossy(s.slice(frame.span)));
                line::cut(&words, 60)
            });
            let colon = if excerpt.is_empty() { "" } else { ": " };
            let times = if times > 1 { format!(" ({times} times)") } else { String::new() };
            let place = sources.place(frame.span);
            self.item("via", Paint::bold, &format!("{} {place}{colon}{excerpt}{times}", frame.text));
        }
    }

    /// `= word: text`, wrapped at words with the text's left edge kept.
    fn item(&mut self, word: &str, colour: fn(Paint, &str) -> String, text: &str) {
        let edge = self.gutter + 3 + word.len() + 2;
        let sign = self.paint.dim("=");
        let _ = write!(self.out, "{:1$} {sign} {2}: ", "", self.gutter, colour(self.paint, word));
        for (i, line) in wrapped(text, self.columns.saturating_sub(edge)).iter().enumerate() {
            if i > 0 {
                let _ = write!(self.out, "{:1$}", "", edge);
            }
            let _ = writeln!(self.out, "{line}");
        }
    }
}

/// A text in lines of at most so many columns, cut between words; line ends of its own are kept.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for part in text.lines() {
        let mut line = String::new();
        let mut taken = 0;
        for word in line::clean(part).split(' ') {
            let wide = width::of(word);
            if taken > 0 && taken + 1 + wide > columns {
                lines.push(std::mem::take(&mut line));
                taken = 0;
            }
            if taken > 0 {
                line.push(' ');
                taken += 1;
            }
            line.push_str(word);
            taken += wide;
        }
        lines.push(line);
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

#[cfg(test)]
mod tests;
