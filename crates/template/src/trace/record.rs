//! The machine's hooks: what is noted while templates run.

use std::ops::Range;
use std::rc::Rc;

use rhumb_value::{OriginId, Str, Value};

use super::{Baggage, Branch, Captured, Control, DERIVED, Frame, Piece, Read, Trace};
use crate::source::Source;

/// At most so many readings and texts are kept for one variable or entry.
const MOST: usize = 200;

/// At most so many readings, and passes through controls, are noted: a chart that loops must not eat the memory.
const MOST_NOTES: usize = 4_000_000;

/// What is at work while templates run.
#[derive(Debug, Default)]
pub(super) struct State {
    frame: Option<u32>,
    at: u32,
    control: Option<u32>,
    pub(super) captured: Vec<Captured>,
    variables: Vec<Baggage>,
    dot: Baggage,
    /// The last known origin of the chain of fields at hand, and the keys after it.
    noted: OriginId,
    rest: Vec<Str>,
    /// All names of the chain.
    names: Vec<Str>,
    /// The pipeline at hand started here: what is piped was read since then.
    pipe: Used,
    /// The calls whose arguments are being computed: where each argument ends.
    pub(super) calls: Vec<Vec<Used>>,
    /// The number of the last argument of the call at hand.
    pub(super) last_argument: usize,
    /// What the dot of the template that starts next brings along.
    next_dot: Baggage,
    text_reads: Option<Rc<[u32]>>,
}

/// A place in the two growing lists: the tape and the captured texts.
pub(crate) type Used = (usize, usize);

/// What was used between two places.
pub(crate) type Span = (Used, Used);

/// What is put back when a template or a control has run.
pub(crate) struct Before {
    frame: Option<u32>,
    at: u32,
    control: Option<u32>,
    dot: Option<Baggage>,
}

/// Where an action started.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    out: usize,
    used: Used,
    at: u32,
}

impl Trace {
    /// Ends one output: its pieces.
    pub fn take_pieces(&mut self) -> Vec<Piece> {
        self.state = State::default();
        std::mem::take(&mut self.pieces)
    }

    fn place(&self) -> (u32, u32) {
        (self.state.frame.unwrap_or(0), self.state.at)
    }

    /// A template starts, whose `$` is the variable at this place of the stack. When a function runs it, the dot is its
    /// last argument.
    pub(crate) fn enter(&mut self, source: &Rc<Source>, template: &Str, called: bool, root: usize) -> Box<Before> {
        let dot =
            if called { self.argument(self.state.last_argument) } else { std::mem::take(&mut self.state.next_dot) };
        self.store(root, dot.clone());
        let s = &mut self.state;
        let before = Box::new(Before {
            frame: s.frame,
            at: s.at,
            control: s.control.take(),
            dot: Some(std::mem::replace(&mut s.dot, dot)),
        });
        let caller = s.frame.map(|f| (f, s.at));
        s.frame = u32::try_from(self.frames.len()).ok();
        self.frames.push(Frame {
            source: source.clone(),
            template: template.clone(),
            caller,
            control: before.control,
            text_reads: s.text_reads.take(),
        });
        before
    }

    /// A template or a control ends.
    pub(crate) fn leave(&mut self, before: Before) {
        let s = &mut self.state;
        s.frame = before.frame;
        s.at = before.at;
        s.control = before.control;
        if let Some(dot) = before.dot {
            s.dot = dot;
        }
    }

    /// The dot of the template that starts next was read since `from`.
    pub(crate) fn next_dot(&mut self, from: Used) {
        self.state.next_dot = self.baggage(from);
    }

    /// The text that is run next was the first argument of a function.
    pub(crate) fn text_of_argument(&mut self) {
        self.state.text_reads = Some(self.argument(0).reads);
    }

    /// Sets the place that a call comes from.
    pub(crate) fn set_place(&mut self, offset: u32) {
        self.state.at = offset;
    }

    // Output.

    pub(crate) fn text(&mut self, range: Range<usize>, offset: u32) {
        let uses = self.tape.len()..self.tape.len();
        let piece = self.piece(range, offset, uses);
        self.push(Piece { is_text: true, ..piece });
    }

    fn piece(&self, range: Range<usize>, offset: u32, uses: Range<usize>) -> Piece {
        Piece {
            range,
            frame: self.state.frame.unwrap_or(0),
            offset,
            is_text: false,
            control: self.state.control,
            printer: None,
            uses,
            via: None,
        }
    }

    pub(crate) fn start(&mut self, out: usize, offset: u32) -> Mark {
        self.state.at = offset;
        Mark { out, used: self.used(), at: offset }
    }

    /// An action has written what it writes. One that prints counts even when it printed nothing.
    pub(crate) fn finish(&mut self, mark: Mark, out: &[u8], prints: bool) {
        let captured = self.state.captured.split_off(mark.used.1.min(self.state.captured.len()));
        let own = self.piece(mark.out..out.len(), mark.at, mark.used.0..self.tape.len());
        if own.range.is_empty() && prints {
            self.pieces.push(own);
        } else if captured.is_empty() {
            self.push(own);
        } else {
            self.align(&own, &out[mark.out..], &captured);
        }
    }

    pub(super) fn push(&mut self, piece: Piece) {
        if !piece.range.is_empty() {
            self.pieces.push(piece);
        }
    }

    /// How many pieces there are, for [`Trace::capture`].
    pub(crate) fn mark_pieces(&self) -> usize {
        self.pieces.len()
    }

    /// Text was taken out of the output again, to be the result of a call.
    pub(crate) fn capture(&mut self, first: usize, start: usize, text: &Str) {
        let mut pieces = self.pieces.split_off(first.min(self.pieces.len()));
        for p in &mut pieces {
            p.range = p.range.start.saturating_sub(start)..p.range.end.saturating_sub(start);
        }
        self.state.captured.push(Captured { text: text.clone(), pieces: pieces.into() });
    }

    // Controls.

    /// A branch is taken, decided by these readings.
    pub(crate) fn branch(&mut self, branch: Branch, offset: u32, read: Span) -> Box<Before> {
        let reads = self.between(read.0, read.1).reads;
        let (frame, at) = self.place();
        let before = Box::new(Before { frame: self.state.frame, at, control: self.state.control, dot: None });
        if self.controls.len() < MOST_NOTES {
            self.controls.push(Control { branch, frame, offset, outer: before.control, reads });
            self.state.control = u32::try_from(self.controls.len() - 1).ok();
        }
        before
    }

    /// The dot becomes what was read there; [`Trace::leave`] puts it back.
    pub(crate) fn dot_of(&mut self, read: Span, before: &mut Before) {
        let dot = self.between(read.0, read.1);
        before.dot = Some(std::mem::replace(&mut self.state.dot, dot));
    }

    /// An element of what was read there becomes the dot and the variables at these places of the stack.
    pub(crate) fn element(
        &mut self,
        origin: OriginId,
        value: &Value,
        read: Span,
        variables: Range<usize>,
        before: &mut Before,
    ) {
        let baggage = if origin.is_known() { self.baggage_of(origin, value) } else { self.between(read.0, read.1) };
        for index in variables {
            self.store(index, baggage.clone());
        }
        before.dot = Some(std::mem::replace(&mut self.state.dot, baggage));
    }

    fn baggage_of(&mut self, origin: OriginId, value: &Value) -> Baggage {
        if let Some(derived) = self.derived(origin) {
            return derived.baggage.clone();
        }
        let read = self.note_read(origin, Rc::from([]), value, false);
        Baggage { reads: Rc::from([read]), captured: Rc::from([]) }
    }

    // Readings.

    /// A field of what is at hand is asked for.
    pub(crate) fn step(&mut self, name: &[u8]) {
        let name = Str::from_bytes(name);
        self.state.rest.push(name.clone());
        self.state.names.push(name);
    }

    /// The field is an entry that was set there.
    pub(crate) fn note(&mut self, origin: OriginId) {
        if origin.is_known() {
            self.state.noted = origin;
            self.state.rest.clear();
        }
    }

    /// A chain of fields starts.
    pub(crate) fn chain_start(&mut self) {
        self.state.noted = OriginId::NONE;
        self.state.rest.clear();
        self.state.names.clear();
    }

    /// The arguments of a method are computed in between; gives what [`Trace::resume`] puts back.
    pub(crate) fn pause(&mut self) -> Box<(OriginId, Vec<Str>)> {
        self.state.names.clear();
        Box::new((std::mem::take(&mut self.state.noted), std::mem::take(&mut self.state.rest)))
    }

    /// The chain goes on.
    pub(crate) fn resume(&mut self, chain: (OriginId, Vec<Str>)) {
        (self.state.noted, self.state.rest) = chain;
    }

    /// The chain ended with this value; `on_dot` says where it started.
    pub(crate) fn chain_end(&mut self, value: &Value, on_dot: bool) {
        let noted = std::mem::take(&mut self.state.noted);
        let rest = std::mem::take(&mut self.state.rest);
        self.read(noted, &rest, value, on_dot);
    }

    /// A value was read at the end of these keys behind an origin.
    pub(super) fn read(&mut self, origin: OriginId, rest: &[Str], value: &Value, on_dot: bool) {
        if let Some(derived) = self.derived(origin) {
            let baggage = derived.baggage.clone();
            if derived.replaced.is_known() {
                // That a template changed a setting must be told.
                let read = self.note_read(origin, rest.into(), value, false);
                self.tape.push(read);
            }
            self.read_through(&baggage, rest, value);
        } else if origin.is_known() {
            let read = self.note_read(origin, rest.into(), value, false);
            self.tape.push(read);
        } else if on_dot {
            let baggage = self.state.dot.clone();
            self.read_through(&baggage, rest, value);
        }
    }

    /// Keys behind a value that has baggage: one reading goes on, several are taken as they are.
    fn read_through(&mut self, baggage: &Baggage, rest: &[Str], value: &Value) {
        if let ([only], false) = (&*baggage.reads, rest.is_empty())
            && let Some(read) = self.reads.get(*only as usize)
        {
            let (origin, keys) = (read.origin, [&read.rest, rest].concat());
            let read = self.note_read(origin, keys.into(), value, false);
            self.tape.push(read);
            return;
        }
        let inside: Vec<(OriginId, Value)> = match rest {
            [] => Vec::new(),
            _ => baggage.reads.iter().filter_map(|n| inside(&self.reads.get(*n as usize)?.value, rest)).collect(),
        };
        if inside.is_empty() {
            self.carry(baggage);
        }
        for (origin, value) in inside {
            let read = self.note_read(origin, Rc::from([]), &value, false);
            self.tape.push(read);
        }
    }

    pub(super) fn note_read(&mut self, origin: OriginId, rest: Rc<[Str]>, value: &Value, is_argument: bool) -> u32 {
        if self.reads.len() >= MOST_NOTES {
            return u32::MAX;
        }
        let (frame, offset) = self.place();
        let names = std::mem::take(&mut self.state.names).into();
        self.reads.push(Read { origin, rest, names, value: value.clone(), frame, offset, is_argument });
        u32::try_from(self.reads.len() - 1).unwrap_or(u32::MAX)
    }

    fn carry(&mut self, baggage: &Baggage) {
        self.tape.extend_from_slice(&baggage.reads);
        self.state.captured.extend(baggage.captured.iter().cloned());
    }

    /// The dot itself was read.
    pub(crate) fn read_dot(&mut self) {
        let dot = self.state.dot.clone();
        self.carry(&dot);
    }

    // Variables and what else carries baggage.

    pub(crate) fn used(&self) -> Used {
        (self.tape.len(), self.state.captured.len())
    }

    /// What was used since a mark.
    pub(super) fn baggage(&self, from: Used) -> Baggage {
        self.between(from, self.used())
    }

    pub(super) fn between(&self, from: Used, to: Used) -> Baggage {
        let mut reads: Vec<u32> = Vec::new();
        for read in self.tape.get(from.0..to.0).unwrap_or_default() {
            if reads.len() < MOST && !reads.contains(read) {
                reads.push(*read);
            }
        }
        let captured = self.state.captured.get(from.1..to.1).unwrap_or_default();
        Baggage { reads: reads.into(), captured: captured[..captured.len().min(MOST)].into() }
    }

    /// A pipeline's next command starts; the pipeline started at `from`. Gives what to put back.
    pub(crate) fn set_pipe(&mut self, from: Used) -> Used {
        std::mem::replace(&mut self.state.pipe, from)
    }

    pub(super) fn pipe(&self) -> Used {
        self.state.pipe
    }

    /// A variable at a place of the stack was set by the pipeline that started at `from`.
    pub(crate) fn set_variable(&mut self, index: usize, from: Used) {
        let baggage = self.baggage(from);
        self.store(index, baggage);
    }

    fn store(&mut self, index: usize, baggage: Baggage) {
        if self.state.variables.len() <= index {
            self.state.variables.resize(index + 1, Baggage::default());
        }
        self.state.variables[index] = baggage;
    }

    /// A variable was read.
    pub(crate) fn read_variable(&mut self, index: usize) {
        if let Some(baggage) = self.state.variables.get(index).cloned() {
            self.carry(&baggage);
        }
    }

    /// A new origin for what a template puts somewhere.
    pub(super) fn derive(&mut self, baggage: Baggage, replaced: OriginId) -> OriginId {
        let (frame, offset) = self.place();
        let Ok(index) = u32::try_from(self.derived.len()) else { return OriginId::NONE };
        self.derived.push(super::Derived { frame, offset, replaced, baggage });
        OriginId(index.checked_add(DERIVED).unwrap_or(0))
    }
}

/// The value at the end of these keys inside a table, when it is known where it was set.
fn inside(table: &Value, keys: &[Str]) -> Option<(OriginId, Value)> {
    let (mut at, mut origin) = (table.clone(), OriginId::NONE);
    for key in keys {
        let entry = at.as_map()?.entry(key)?;
        (at, origin) = (entry.value, entry.origin);
    }
    (origin.is_known() && origin.0 < DERIVED).then_some((origin, at))
}
