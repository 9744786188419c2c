//! Where the output comes from: ranges of it, the nodes that wrote them, the calls and controls that led there, the
//! values that were read.
//!
//! Costs one branch for each action while nobody asks. [`Trace`] is what is known in the end; `record` holds the
//! machine's hooks, `align` follows text through functions, `adopt` follows values into the maps and lists that
//! functions build.

mod adopt;
mod align;
mod record;

use std::ops::Range;
use std::rc::Rc;

use rhumb_value::{OriginId, Str, Value};

use crate::source::Source;

pub(crate) use record::{Before, Span, Used};

/// Origins from here on are this trace's own: values that templates put into maps and lists.
const DERIVED: u32 = 1 << 31;

/// A range of the output and who wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The bytes of the output.
    pub range: Range<usize>,
    /// The run of a template that wrote it: an index for [`Trace::frame`].
    pub frame: u32,
    /// Where the action, or the first byte of the text, stands in that template's source.
    pub offset: u32,
    /// Whether it is the template's own text and no action's.
    pub is_text: bool,
    /// The innermost control it stands in, for [`Trace::control`].
    pub control: Option<u32>,
    /// The action that printed it, where that is not in the chain of calls: the text lay in a variable.
    pub printer: Option<(u32, u32)>,
    uses: Range<usize>,
    via: Option<u32>,
}

/// One run of a template.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The text that holds the template.
    pub source: Rc<Source>,
    /// The template's name.
    pub template: Str,
    /// The run that called it, and where in its source; none for the outermost.
    pub caller: Option<(u32, u32)>,
    /// The control around the call.
    pub control: Option<u32>,
    /// What was read for the template's text itself, where `tpl` ran it.
    text_reads: Option<Rc<[u32]>>,
}

/// What a control did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Branch {
    /// An `if` whose condition held or not.
    If(bool),
    /// A `with` whose value was there or not.
    With(bool),
    /// A `range` at the element of this index or key.
    Range(String),
    /// The `else` of a `range` over nothing.
    RangeElse,
}

/// One pass through a branch of a control.
#[derive(Clone, Debug)]
pub struct Control {
    /// What it did.
    pub branch: Branch,
    /// The run of the template it stands in, and where.
    pub frame: u32,
    /// Its place in the source.
    pub offset: u32,
    /// The control around it, in the same run.
    pub outer: Option<u32>,
    reads: Rc<[u32]>,
}

/// One reading of a value.
#[derive(Clone, Debug)]
pub struct Read {
    /// Where the value was set, or the innermost known table on the way to it.
    pub origin: OriginId,
    /// The keys after that; not empty where something is not set, or has no origin of its own.
    pub rest: Rc<[Str]>,
    /// The names of the chain of fields that was followed.
    pub names: Rc<[Str]>,
    /// What was read.
    pub value: Value,
    /// The run of a template that read it, and the place of its action.
    pub frame: u32,
    /// See `frame`.
    pub offset: u32,
    /// The value was not read but handed to a function that made text of it.
    pub is_argument: bool,
}

/// A value that a template put into a map or a list.
#[derive(Clone, Debug)]
pub struct Derived {
    /// The run of a template that put it there, and the place of its action.
    pub frame: u32,
    /// See `frame`.
    pub offset: u32,
    /// The origin of what it replaced.
    pub replaced: OriginId,
    baggage: Baggage,
}

/// Text that a call returned, with the pieces it was made of.
#[derive(Clone, Debug)]
struct Captured {
    text: Str,
    pieces: Rc<[Piece]>,
}

/// What a value brings along: what was read and the texts that were captured to compute it.
#[derive(Clone, Debug, Default)]
struct Baggage {
    reads: Rc<[u32]>,
    captured: Rc<[Captured]>,
}

impl Baggage {
    fn is_empty(&self) -> bool {
        self.reads.is_empty() && self.captured.is_empty()
    }
}

/// The origins of one machine's outputs.
#[derive(Debug, Default)]
pub struct Trace {
    pieces: Vec<Piece>,
    frames: Vec<Frame>,
    controls: Vec<Control>,
    reads: Vec<Read>,
    derived: Vec<Derived>,
    /// The calls whose text was taken apart so far that its lines are not found again, for pieces.
    vias: Vec<Rc<[(u32, u32)]>>,
    /// What was used, in the order of the work: numbers of reads.
    tape: Vec<u32>,
    state: record::State,
}

impl Trace {
    /// The pieces of the output that is being written, without gaps or overlaps, in order.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The piece that wrote a byte.
    #[must_use]
    pub fn piece_at(&self, offset: usize) -> Option<&Piece> {
        piece_at(&self.pieces, offset)
    }

    /// A run of a template.
    #[must_use]
    pub fn frame(&self, index: u32) -> Option<&Frame> {
        self.frames.get(index as usize)
    }

    /// A pass through a control.
    #[must_use]
    pub fn control(&self, index: u32) -> Option<&Control> {
        self.controls.get(index as usize)
    }

    /// All passes through controls.
    #[must_use]
    pub fn controls(&self) -> &[Control] {
        &self.controls
    }

    /// All readings, in the order in which they happened.
    #[must_use]
    pub fn all_reads(&self) -> &[Read] {
        &self.reads
    }

    /// The runs from the one that wrote a piece outwards, each with the place in its source that was at work.
    #[must_use]
    pub fn chain(&self, piece: &Piece) -> Vec<(&Frame, u32)> {
        let mut chain = Vec::new();
        let mut next = Some((piece.frame, piece.offset));
        while let Some((frame, offset)) = next {
            let Some(frame) = self.frame(frame) else { break };
            chain.push((frame, offset));
            next = frame.caller;
        }
        chain
    }

    /// The controls around a piece, innermost first, those around its callers too.
    #[must_use]
    pub fn controls_around(&self, piece: &Piece) -> Vec<&Control> {
        let mut found = Vec::new();
        let (mut control, mut frame) = (piece.control, self.frame(piece.frame));
        loop {
            while let Some(c) = control.and_then(|c| self.control(c)) {
                found.push(c);
                control = c.outer;
            }
            let Some(f) = frame else { return found };
            control = f.control;
            frame = f.caller.and_then(|(f, _)| self.frame(f));
        }
    }

    /// What was read to write a piece, in the order of reading, each once.
    #[must_use]
    pub fn reads(&self, piece: &Piece) -> Vec<&Read> {
        self.pick(self.tape.get(piece.uses.clone()).unwrap_or_default())
    }

    /// The numbers of those readings in [`Trace::all_reads`].
    #[must_use]
    pub fn read_numbers(&self, piece: &Piece) -> &[u32] {
        self.tape.get(piece.uses.clone()).unwrap_or_default()
    }

    /// The numbers of the readings that a control decided upon.
    #[must_use]
    pub fn control_read_numbers<'c>(&self, control: &'c Control) -> &'c [u32] {
        &control.reads
    }

    /// What a control decided upon.
    #[must_use]
    pub fn control_reads(&self, control: &Control) -> Vec<&Read> {
        self.pick(&control.reads)
    }

    /// What was read to get the text of a template that `tpl` ran.
    #[must_use]
    pub fn text_reads(&self, frame: &Frame) -> Vec<&Read> {
        self.pick(frame.text_reads.as_deref().unwrap_or_default())
    }

    /// The calls whose text went into a piece in a form that cannot be followed line by line: their places.
    #[must_use]
    pub fn via(&self, piece: &Piece) -> &[(u32, u32)] {
        piece.via.and_then(|v| self.vias.get(v as usize)).map_or(&[], |v| v)
    }

    /// What a template put into a map or list, when the origin is of that kind.
    #[must_use]
    pub fn derived(&self, origin: OriginId) -> Option<&Derived> {
        self.derived.get(origin.0.checked_sub(DERIVED)? as usize)
    }

    /// What was read for a value that a template put somewhere.
    #[must_use]
    pub fn derived_reads(&self, derived: &Derived) -> Vec<&Read> {
        self.pick(&derived.baggage.reads)
    }

    /// The known origins of the values that were read to write a piece, each once, in the order of reading.
    #[must_use]
    pub fn origins(&self, piece: &Piece) -> Vec<OriginId> {
        let mut seen: Vec<OriginId> = Vec::new();
        for read in self.reads(piece) {
            if read.origin.is_known() && !seen.contains(&read.origin) {
                seen.push(read.origin);
            }
        }
        seen
    }

    fn pick(&self, uses: &[u32]) -> Vec<&Read> {
        let mut seen = std::collections::BTreeSet::new();
        uses.iter().filter(|u| seen.insert(**u)).filter_map(|u| self.reads.get(*u as usize)).collect()
    }
}

/// The piece among these that wrote a byte.
#[must_use]
pub fn piece_at(pieces: &[Piece], offset: usize) -> Option<&Piece> {
    let i = pieces.partition_point(|p| p.range.end <= offset);
    pieces.get(i).filter(|p| p.range.contains(&offset))
}

#[cfg(test)]
mod tests;
