//! Who wrote a range of the output: template places, the calls that led to them, the controls around them.

use std::collections::BTreeMap;
use std::ops::Range;

use rhumb_template::trace::{Branch, Control, Read};
use rhumb_template::{Frame, Piece};
use rhumb_value::Value;

use super::reads::{Reading, Wanted};
use super::{Explained, Written};

/// A place in a template, or in a text of the values that `tpl` ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file: a template's path, the chart's name first, or a file of values.
    pub file: String,
    /// The line, from one.
    pub line: u32,
    /// The column in bytes, from one.
    pub column: u32,
    /// The template that holds it, where it is not the file's own.
    pub template: Option<String>,
    /// The line's text.
    pub source: String,
}

/// One call on the way to a place, from the inside out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// What was called.
    pub template: String,
    /// Where.
    pub place: Place,
}

/// A control that let a place be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// `if`, `if not`, `with`, `with not`, `range`, `range over nothing`.
    pub what: &'static str,
    /// The index or key of a `range`.
    pub element: Option<String>,
    /// Where it stands.
    pub place: Place,
    /// What it decided upon.
    pub reads: Vec<Reading>,
}

/// A range of the output with one writer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The bytes.
    pub text: String,
    /// Whether they stand like this in the template.
    pub is_text: bool,
    /// Who wrote them.
    pub place: Place,
    /// The calls that led there, innermost first.
    pub calls: Vec<Call>,
    /// What was read.
    pub reads: Vec<Reading>,
    /// The controls around it, outermost first.
    pub causes: Vec<Cause>,
    /// Where text was made that went into it.
    pub via: Vec<Place>,
}

/// A piece cut to a range.
struct Cut<'a> {
    piece: &'a Piece,
    offset: u32,
    text: &'a [u8],
}

impl Explained {
    /// Who wrote a range of a file's text. White space alone has no writer.
    pub(super) fn parts(&self, file: &Written, range: Range<usize>, wanted: Option<Wanted<'_>>) -> Vec<Part> {
        let cuts = cut(file, range);
        let has_action = cuts.iter().any(|c| !c.piece.is_text);
        let is_blank = |c: &Cut<'_>| c.text.trim_ascii().is_empty();
        let has_letters = |c: &Cut<'_>| c.text.iter().any(|b| b.is_ascii_alphanumeric() || *b >= 0x80);
        let some_letters = cuts.iter().any(has_letters);
        // Quotes and the like around what matters.
        let is_decoration =
            |c: &Cut<'_>| !has_letters(c) && !c.text.is_empty() && (some_letters || has_action && c.piece.is_text);
        let has_words = cuts.iter().any(|c| !is_blank(c) && !is_decoration(c));
        let mut parts: Vec<(u32, usize, Part)> = Vec::new();
        for c in &cuts {
            // An action that printed nothing counts beside others of its line, or alone.
            let is_beside = c.text.is_empty() && !c.piece.is_text && self.is_beside(c, &cuts);
            if is_decoration(c) || is_blank(c) && (c.piece.is_text || has_words && !is_beside) {
                continue;
            }
            let Some(frame) = self.trace.frame(c.piece.frame) else { continue };
            let line = self.line_of(frame, c.offset);
            let reads = self.piece_reads(c.piece, frame);
            let readings = self.readings(&reads, wanted);
            let text = String::from_utf8_lossy(c.text);
            match parts.iter_mut().find(|(f, l, _)| *f == c.piece.frame && *l == line) {
                Some((_, _, part)) => {
                    part.text.push_str(&text);
                    part.is_text &= c.piece.is_text;
                    for reading in readings {
                        if !part.reads.contains(&reading) {
                            part.reads.push(reading);
                        }
                    }
                }
                None => parts.extend(self.part(c, readings, text.into_owned()).map(|part| (c.piece.frame, line, part))),
            }
        }
        parts.into_iter().map(|(_, _, part)| part).collect()
    }

    fn is_beside(&self, c: &Cut<'_>, cuts: &[Cut<'_>]) -> bool {
        let line = |c: &Cut<'_>| self.trace.frame(c.piece.frame).map(|f| self.line_of(f, c.offset));
        cuts.iter().any(|d| !d.text.is_empty() && d.piece.frame == c.piece.frame && line(d) == line(c))
    }

    fn part(&self, c: &Cut<'_>, reads: Vec<Reading>, text: String) -> Option<Part> {
        let place = self.place(c.piece.frame, c.offset)?;
        let mut via: Vec<Place> = Vec::new();
        for (frame, offset) in self.trace.via(c.piece) {
            let known = |p: &Place| via.iter().any(|v: &Place| v.file == p.file && v.line == p.line);
            let place = self.place(*frame, *offset).filter(|p| !known(p));
            via.extend(place);
        }
        Some(Part {
            text,
            is_text: c.piece.is_text,
            place,
            calls: self.calls(c.piece),
            reads,
            causes: self.causes(c.piece),
            via,
        })
    }

    fn piece_reads<'t>(&'t self, piece: &Piece, frame: &'t Frame) -> Vec<&'t Read> {
        let mut reads = self.trace.reads(piece);
        // A text that `tpl` ran was read from somewhere itself.
        reads.extend(self.trace.text_reads(frame));
        reads
    }

    fn calls(&self, piece: &Piece) -> Vec<Call> {
        let chain = self.trace.chain(piece);
        let mut calls = Vec::new();
        let mut at = self.trace.frame(piece.frame);
        for pair in chain.windows(2) {
            let (inner, (_, offset)) = (pair[0].0, &pair[1]);
            let caller = at.and_then(|f| f.caller);
            let template = match inner.template.to_string_lossy() {
                // The name under which the engine knows texts of `tpl`.
                name if name == "gotpl" => "tpl".to_owned(),
                name => name.into_owned(),
            };
            if let Some(place) = caller.and_then(|(frame, _)| self.place(frame, *offset)) {
                calls.push(Call { template, place });
            }
            at = caller.and_then(|(frame, _)| self.trace.frame(frame));
        }
        if let Some(place) = piece.printer.and_then(|(frame, offset)| self.place(frame, offset)) {
            calls.push(Call { template: String::new(), place });
        }
        calls
    }

    /// The controls around a piece, outermost first.
    pub(super) fn causes(&self, piece: &Piece) -> Vec<Cause> {
        let mut causes: Vec<Cause> =
            self.trace.controls_around(piece).into_iter().filter_map(|c| self.cause(c)).collect();
        causes.reverse();
        causes
    }

    fn cause(&self, control: &Control) -> Option<Cause> {
        let (what, element) = match &control.branch {
            Branch::If(true) => ("if", None),
            Branch::If(false) => ("if not", None),
            Branch::With(true) => ("with", None),
            Branch::With(false) => ("with not", None),
            Branch::Range(element) => ("range", Some(element.clone())),
            Branch::RangeElse => ("range over nothing", None),
        };
        let reads = self.readings(&self.trace.control_reads(control), None);
        Some(Cause { what, element, place: self.place(control.frame, control.offset)?, reads })
    }

    /// The path of the outermost template that a run belongs to.
    pub(super) fn template_of(&self, frame: u32) -> String {
        let mut at = self.trace.frame(frame);
        let mut name = String::new();
        while let Some(f) = at {
            name = f.source.name.to_string_lossy().into_owned();
            at = f.caller.and_then(|(caller, _)| self.trace.frame(caller));
        }
        name
    }

    fn line_of(&self, frame: &Frame, offset: u32) -> usize {
        self.lines.line(&frame.source.text, offset as usize).0
    }

    /// A place of a run's source.
    pub(super) fn place(&self, frame: u32, offset: u32) -> Option<Place> {
        let frame = self.trace.frame(frame)?;
        let (text, at) = (&frame.source.text, (offset as usize).min(frame.source.text.len()));
        let (line, range) = self.lines.line(text, at);
        let (line, column) = (u32::try_from(line).ok()?, u32::try_from(at - range.start + 1).ok()?);
        let source = String::from_utf8_lossy(&text[range]).trim_end().to_owned();
        let file = frame.source.name.to_string_lossy().into_owned();
        let own = frame.template == frame.source.name;
        let template = (!own).then(|| frame.template.to_string_lossy().into_owned());
        let place = Place { file, line, column, template, source };
        Some(self.place_in_values(frame, &place).unwrap_or(place))
    }

    /// A line of a text that came from the values stands in a file too.
    fn place_in_values(&self, frame: &Frame, place: &Place) -> Option<Place> {
        let reads = self.trace.text_reads(frame);
        let is_whole = |r: &&Read| matches!(&r.value, Value::Str(s) if **s == *frame.source.text);
        let read = reads.into_iter().find(is_whole)?;
        let span = self.origins.value_span(read.origin)?;
        let source = self.origins.sources().get(span.file)?;
        let (start, _) = self.lines.line(source.text(), span.start as usize);
        let is_block = source.slice(span).starts_with(b"|");
        let line = u32::try_from(start).ok()? + if is_block { place.line } else { place.line - 1 };
        let range = self.lines.nth(source.text(), line as usize)?;
        let shown = String::from_utf8_lossy(&source.text()[range]).trim_end().to_owned();
        let column = shown.find(place.source.trim()).map_or(1, |indent| indent + 1);
        let template = Some("text run by tpl".to_owned());
        Some(Place {
            file: source.name().to_owned(),
            line,
            column: u32::try_from(column).ok()?,
            template,
            source: shown,
        })
    }

    /// The numbers of the readings that decided about a control.
    pub(super) fn deciding_reads(&self) -> std::collections::BTreeSet<u32> {
        self.trace.controls().iter().flat_map(|c| self.trace.control_read_numbers(c).iter().copied()).collect()
    }
}

/// The pieces of a range, each with the place of its first byte.
fn cut(file: &Written, range: Range<usize>) -> Vec<Cut<'_>> {
    let raw = file.raw(range);
    let first = file.pieces.partition_point(|p| p.range.end < raw.start);
    let mut cuts = Vec::new();
    for piece in file.pieces[first..].iter().take_while(|p| p.range.start <= raw.end) {
        let touches = piece.range.start < raw.end && piece.range.end > raw.start;
        if !touches && !piece.range.is_empty() {
            continue;
        }
        let start = piece.range.start.max(raw.start);
        let end = piece.range.end.min(raw.end);
        let moved = if piece.is_text { u32::try_from(start - piece.range.start).unwrap_or(0) } else { 0 };
        // Back to the finished text, where `<no value>` is gone.
        let text = file.text.get(file.finished(start)..file.finished(end)).unwrap_or_default();
        cuts.push(Cut { piece, offset: piece.offset + moved, text });
    }
    cuts
}

/// Which objects a reading's text went into; built when the first one asks.
pub(super) struct ObjectsOfReads {
    by_read: BTreeMap<u32, Vec<String>>,
}

impl ObjectsOfReads {
    pub(super) fn new(explained: &Explained) -> Self {
        let mut by_read: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for object in &explained.objects {
            let Some(file) = object.file.and_then(|f| explained.files.get(f)) else { continue };
            for c in cut(file, object.range.clone()) {
                for number in explained.trace.read_numbers(c.piece) {
                    let names = by_read.entry(*number).or_default();
                    let title = object.title();
                    if names.last() != Some(&title) && !names.contains(&title) {
                        names.push(title);
                    }
                }
            }
        }
        ObjectsOfReads { by_read }
    }

    pub(super) fn of(&mut self, read: u32) -> Vec<String> {
        self.by_read.get(&read).cloned().unwrap_or_default()
    }
}
