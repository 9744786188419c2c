//! Text that comes back from `include` or `tpl` goes through functions that keep its lines, such as `nindent`, or parts
//! of them, such as `quote`: what an action wrote is compared with the lines that were captured, and what is found keeps
//! its place.

use std::ops::Range;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{Captured, Piece, Trace};

/// Inside a line, only so many captured texts are looked for.
const FEW: usize = 32;

/// One line of a captured text: the text's number and the bytes.
type Line = (usize, Range<usize>);

impl Trace {
    /// Splits what an action wrote by the captured texts that it is made of.
    pub(super) fn align(&mut self, own: &Piece, written: &[u8], captured: &[Captured]) {
        let own = &Piece { via: self.via_of(captured), ..own.clone() };
        let index = Index::new(captured);
        let (mut done, mut cursor) = (0, 0);
        for line in lines(written) {
            let content = &written[line.clone()];
            let found = match index.find(content, cursor) {
                Some((at, whole)) => {
                    cursor = at + 1;
                    Some((line.clone(), whole))
                }
                None => inside(content, captured).map(|(at, part)| {
                    let start = line.start + at;
                    (start..start + part.1.len(), part)
                }),
            };
            let Some((there, (text, found))) = found else { continue };
            self.push(shifted(own, done..there.start));
            for p in captured[text].pieces.iter() {
                let (start, end) = (p.range.start.max(found.start), p.range.end.min(found.end));
                if start < end {
                    let shift = own.range.start + there.start;
                    let range = shift + start - found.start..shift + end - found.start;
                    self.push_part(p, start, range, own);
                }
            }
            done = there.end;
        }
        self.push(shifted(own, done..written.len()));
    }

    fn push_part(&mut self, part: &Piece, start: usize, range: Range<usize>, own: &Piece) {
        let moved = u32::try_from(start - part.range.start).unwrap_or(0);
        let offset = if part.is_text { part.offset + moved } else { part.offset };
        let called_here =
            self.chain(part).iter().skip(1).any(|(f, at)| *at == own.offset && self.is_frame(f, own.frame));
        let printer = part.printer.or((!called_here).then_some((own.frame, own.offset)));
        self.push(Piece { range, offset, printer, ..part.clone() });
    }

    fn is_frame(&self, frame: &super::Frame, number: u32) -> bool {
        self.frame(number).is_some_and(|f| std::ptr::eq(f, frame))
    }

    /// The places that wrote the captured texts, for what cannot be followed.
    fn via_of(&mut self, captured: &[Captured]) -> Option<u32> {
        let mut places: Vec<(u32, u32)> = Vec::new();
        for c in captured.iter().take(FEW) {
            for p in c.pieces.iter().filter(|p| !c.text[p.range.clone()].trim_ascii().is_empty()).take(FEW) {
                if !places.contains(&(p.frame, p.offset)) {
                    places.push((p.frame, p.offset));
                }
            }
        }
        places.truncate(FEW);
        if places.is_empty() {
            return None;
        }
        self.vias.push(Rc::from(places));
        u32::try_from(self.vias.len() - 1).ok()
    }
}

fn shifted(own: &Piece, range: Range<usize>) -> Piece {
    Piece { range: own.range.start + range.start..own.range.start + range.end, ..own.clone() }
}

/// The captured lines by their content.
struct Index<'c> {
    lines: Vec<Line>,
    by_content: FxHashMap<&'c [u8], Vec<usize>>,
}

impl<'c> Index<'c> {
    fn new(captured: &'c [Captured]) -> Self {
        let mut index = Index { lines: Vec::new(), by_content: FxHashMap::default() };
        for (i, c) in captured.iter().enumerate() {
            for line in lines(&c.text) {
                index.by_content.entry(&c.text[line.clone()]).or_default().push(index.lines.len());
                index.lines.push((i, line));
            }
        }
        index
    }

    /// The next line of this content behind the cursor, or else the first one.
    fn find(&self, content: &[u8], cursor: usize) -> Option<(usize, Line)> {
        let all = self.by_content.get(content)?;
        let at = *all.get(all.partition_point(|at| *at < cursor)).or(all.first())?;
        Some((at, self.lines[at].clone()))
    }
}

/// A captured text of one line that stands inside a written one: where, and which part.
fn inside(content: &[u8], captured: &[Captured]) -> Option<(usize, Line)> {
    captured.iter().enumerate().rev().take(FEW).find_map(|(i, c)| {
        let mut all = lines(&c.text);
        let line = all.next().filter(|l| l.len() > 1)?;
        if all.next().is_some() {
            return None;
        }
        memchr::memmem::find(content, &c.text[line.clone()]).map(|at| (at, (i, line)))
    })
}

/// The lines of a text without the white space around them; empty ones are left out.
pub(super) fn lines(text: &[u8]) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    std::iter::from_fn(move || {
        while start < text.len() {
            let end = memchr::memchr(b'\n', &text[start..]).map_or(text.len(), |i| start + i);
            let line = &text[start..end];
            let content = start + (line.len() - line.trim_ascii_start().len());
            start = end + 1;
            let range = content..content + line.trim_ascii().len();
            if !range.is_empty() {
                return Some(range);
            }
        }
        None
    })
}
