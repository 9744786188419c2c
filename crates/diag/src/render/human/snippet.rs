//! The lines of one file with carets under the places that matter.

use std::fmt::Write as _;

use super::line::{Laid, Window};
use super::paint::Paint;
use super::{Group, wrapped};
use crate::{Label, Source, Sources, width};

/// Lines shown before and after a place.
const AROUND: usize = 1;

/// What a snippet is written on.
#[derive(Clone, Copy)]
pub(super) struct Page<'p> {
    pub(super) sources: &'p Sources,
    pub(super) paint: Paint,
    /// Columns of the line numbers.
    pub(super) gutter: usize,
    /// Columns of the terminal.
    pub(super) columns: usize,
    /// Whether this is the first snippet.
    pub(super) first: bool,
}

/// A label with its place in lines and bytes of its first line.
struct Mark<'d> {
    label: &'d Label,
    is_primary: bool,
    line: usize,
    bytes: std::ops::Range<usize>,
}

/// Writes the snippet of a group. A file that is not known is left out.
pub(super) fn write(out: &mut String, group: &Group<'_>, page: Page<'_>) {
    let Some((first, _)) = group.labels.first() else { return };
    let Some(source) = page.sources.get(first.span.file) else { return };
    let marks: Vec<Mark<'_>> = group.labels.iter().map(|(label, primary)| mark(source, label, *primary)).collect();
    if !page.first {
        let bar = page.paint.dim("|");
        let _ = writeln!(out, "{:1$} {bar}", "", page.gutter);
    }
    let arrow = page.paint.dim(if page.first { "-->" } else { ":::" });
    let _ = writeln!(out, "{:1$}{arrow} {2}", "", page.gutter, page.sources.place(first.span));
    let mut writer = Writer { out, page, source };
    writer.empty();
    let lines = lines(source, &marks);
    let mut before: Option<usize> = None;
    for line in lines {
        if before.is_some_and(|b| b + 1 < line) {
            let dots = page.paint.dim("...");
            let _ = writeln!(writer.out, "{dots}");
        }
        let mut here: Vec<&Mark<'_>> = marks.iter().filter(|m| m.line == line).collect();
        here.sort_by_key(|m| std::cmp::Reverse(m.bytes.start));
        writer.line(line, &here);
        before = Some(line);
    }
}

fn mark<'d>(source: &Source, label: &'d Label, is_primary: bool) -> Mark<'d> {
    let start = label.span.start as usize;
    let (line_start, line) = source.line_at(start);
    let from = start.saturating_sub(line_start).min(line.len());
    let to = (label.span.end as usize).saturating_sub(line_start).clamp(from, line.len());
    Mark { label, is_primary, line: source.position(start).line, bytes: from..to }
}

/// The numbers of the lines to show, rising.
fn lines(source: &Source, marks: &[Mark<'_>]) -> Vec<usize> {
    let mut lines: Vec<usize> = Vec::new();
    for m in marks {
        let around = if m.label.around { AROUND } else { 0 };
        lines.extend(m.line.saturating_sub(around).max(1)..=m.line + around);
    }
    lines.sort_unstable();
    lines.dedup();
    let last = source.line_count();
    lines.retain(|l| *l <= last || marks.iter().any(|m| m.line == *l));
    // Empty lines around a place tell nothing.
    lines.retain(|l| marks.iter().any(|m| m.line == *l) || !source.line(*l).trim_ascii().is_empty());
    // A gap of one line is not worth the dots.
    let gaps: Vec<usize> = lines.windows(2).filter(|w| w[1] == w[0] + 2).map(|w| w[0] + 1).collect();
    lines.extend(gaps);
    lines.sort_unstable();
    lines
}

struct Writer<'o, 'p> {
    out: &'o mut String,
    page: Page<'p>,
    source: &'p Source,
}

impl Writer<'_, '_> {
    /// The columns that text may take.
    fn room(&self) -> usize {
        self.page.columns.saturating_sub(self.page.gutter + 3)
    }

    fn empty(&mut self) {
        let bar = self.page.paint.dim("|");
        let _ = writeln!(self.out, "{:1$} {bar}", "", self.page.gutter);
    }

    fn line(&mut self, number: usize, marks: &[&Mark<'_>]) {
        let bytes = self.source.line(number);
        let laid = Laid::new(bytes);
        let must = marks.iter().find(|m| m.is_primary).or(marks.first()).map_or(0..0, |m| {
            laid.column(m.bytes.start)..laid.column(m.bytes.end).min(laid.column(m.bytes.start) + self.room() / 2)
        });
        let window = laid.window(must, self.room());
        let text = laid.show(window);
        let bar = self.page.paint.dim("|");
        let number = self.page.paint.dim(&format!("{number:>0$}", self.page.gutter));
        let space = if text.is_empty() { "" } else { " " };
        let _ = writeln!(self.out, "{number} {bar}{space}{text}");
        for m in marks {
            self.carets(m, &laid, window);
        }
    }

    fn carets(&mut self, m: &Mark<'_>, laid: &Laid, window: Window) {
        let start = window.place(laid.column(m.bytes.start));
        let end = window.place(laid.column(m.bytes.end)).max(start + 1);
        let sign = if m.is_primary { "^" } else { "-" };
        let signs = self.page.paint.label(&sign.repeat(end - start), m.is_primary);
        let bar = self.page.paint.dim("|");
        let gutter = self.page.gutter;
        let _ = write!(self.out, "{:gutter$} {bar} {:start$}{signs}", "", "");
        let text = &m.label.text;
        let wide = width::of(text);
        if text.is_empty() || end + 1 + wide <= self.room() {
            let space = if text.is_empty() { "" } else { " " };
            let shown = self.page.paint.label(&super::line::clean(text), m.is_primary);
            let _ = writeln!(self.out, "{space}{shown}");
            return;
        }
        // No room beside the carets: below them, moved to the left as far as needed.
        let _ = writeln!(self.out);
        let left = start.min(self.room().saturating_sub(wide)).min(self.room() / 3);
        for line in wrapped(text, self.room().saturating_sub(left)) {
            let shown = self.page.paint.label(&line, m.is_primary);
            let _ = writeln!(self.out, "{:gutter$} {bar} {:left$}{shown}", "", "");
        }
    }
}
