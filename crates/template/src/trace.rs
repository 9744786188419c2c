//! Where the output comes from: ranges of it, the nodes that wrote them, the includes that led there, the values read.
//!
//! Costs one branch for each action while nobody asks. Text that comes back from an `include` or `tpl` goes through
//! functions such as `nindent` that keep the lines' content, so the lines of the finished action are matched with the
//! lines that were captured, and keep the places of those.

use std::ops::Range;
use std::rc::Rc;

use rhumb_value::{OriginId, Str, Value};

use crate::source::Source;

/// At most this many origins are noted for one table or list that an action reads as a whole.
const NESTED: usize = 64;

/// A range of the output and who wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The bytes of the output.
    pub range: Range<usize>,
    /// The run of a template that wrote it: an index for [`Trace::frame`].
    pub frame: u32,
    /// Where the text or the action stands in that template's source, in bytes.
    pub offset: u32,
    reads: Range<usize>,
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
}

/// Text that a call returned, with the pieces it was made of.
#[derive(Clone, Debug)]
struct Captured {
    text: Str,
    pieces: Rc<[Piece]>,
}

/// What a variable brings along: the origins that were read and the texts that were captured to compute it.
#[derive(Clone, Debug, Default)]
struct Baggage {
    reads: Rc<[OriginId]>,
    captured: Rc<[Captured]>,
}

/// The origins of one output.
#[derive(Debug, Default)]
pub struct Trace {
    pieces: Vec<Piece>,
    frames: Vec<Frame>,
    reads: Vec<OriginId>,
    // The state while templates run.
    frame: Option<u32>,
    at: u32,
    captured: Vec<Captured>,
    baggage: Vec<Baggage>,
    dot: Option<OriginId>,
    noted: OriginId,
}

/// What is put back when a template has run.
pub(crate) struct Caller {
    frame: Option<u32>,
    at: u32,
    dot: Option<OriginId>,
}

/// Where an action started.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    out: usize,
    reads: usize,
    captured: usize,
    at: u32,
}

impl Trace {
    /// The pieces in the order of the output, without gaps or overlaps but for empty ones.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The piece that wrote a byte.
    #[must_use]
    pub fn piece_at(&self, offset: usize) -> Option<&Piece> {
        let i = self.pieces.partition_point(|p| p.range.end <= offset);
        self.pieces.get(i).filter(|p| p.range.contains(&offset))
    }

    /// A run of a template.
    #[must_use]
    pub fn frame(&self, index: u32) -> Option<&Frame> {
        self.frames.get(index as usize)
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

    /// The known origins of the values that were read to write a piece, each once, in the order of reading.
    #[must_use]
    pub fn origins(&self, piece: &Piece) -> Vec<OriginId> {
        let mut seen: Vec<OriginId> = Vec::new();
        for origin in self.reads.get(piece.reads.clone()).unwrap_or_default() {
            if !seen.contains(origin) {
                seen.push(*origin);
            }
        }
        seen
    }

    // Hooks of the machine.

    pub(crate) fn enter(&mut self, source: &Rc<Source>, template: &Str) -> Caller {
        let caller = Caller { frame: self.frame, at: self.at, dot: self.dot.take() };
        let outer = self.frame.map(|f| (f, self.at));
        self.frame = u32::try_from(self.frames.len()).ok();
        self.frames.push(Frame { source: source.clone(), template: template.clone(), caller: outer });
        caller
    }

    pub(crate) fn leave(&mut self, caller: Caller) {
        self.frame = caller.frame;
        self.at = caller.at;
        self.dot = caller.dot;
    }

    /// Sets the place that a call comes from.
    pub(crate) fn set_place(&mut self, offset: u32) {
        self.at = offset;
    }

    pub(crate) fn text(&mut self, range: Range<usize>, offset: u32) {
        let reads = self.reads.len()..self.reads.len();
        self.push(Piece { range, frame: self.frame.unwrap_or(0), offset, reads });
    }

    pub(crate) fn start(&mut self, out: usize, offset: u32) -> Mark {
        self.at = offset;
        Mark { out, reads: self.reads.len(), captured: self.captured.len(), at: offset }
    }

    /// An action has written what it writes.
    pub(crate) fn finish(&mut self, mark: Mark, out: &[u8]) {
        let captured = self.captured.split_off(mark.captured.min(self.captured.len()));
        let own = Piece {
            range: mark.out..out.len(),
            frame: self.frame.unwrap_or(0),
            offset: mark.at,
            reads: mark.reads..self.reads.len(),
        };
        if captured.is_empty() {
            self.push(own);
        } else {
            self.align(&own, &out[mark.out..], &captured);
        }
    }

    fn push(&mut self, piece: Piece) {
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
        self.captured.push(Captured { text: text.clone(), pieces: pieces.into() });
    }

    /// Matches the lines that an action wrote with the lines of captured texts.
    fn align(&mut self, own: &Piece, written: &[u8], captured: &[Captured]) {
        let mut source = captured.iter().flat_map(|c| lines(&c.text).map(move |line| (c, line))).peekable();
        let mut done = 0;
        for line in lines(written) {
            let content = &written[line.clone()];
            if content.is_empty() {
                continue;
            }
            // A line that was dropped on the way must not hide those behind it.
            let ahead = source.clone().position(|(c, l)| &c.text[l] == content);
            let Some((from, found)) = ahead.and_then(|n| source.nth(n)) else { continue };
            self.push(Piece { range: own.range.start + done..own.range.start + line.start, ..own.clone() });
            for p in from.pieces.iter() {
                let (start, end) = (p.range.start.max(found.start), p.range.end.min(found.end));
                if start < end {
                    let shift = own.range.start + line.start;
                    self.push(Piece { range: shift + start - found.start..shift + end - found.start, ..p.clone() });
                }
            }
            done = line.end;
        }
        self.push(Piece { range: own.range.start + done..own.range.end, ..own.clone() });
    }

    /// A chain of fields came through an entry.
    pub(crate) fn note(&mut self, origin: OriginId) {
        self.noted = origin;
    }

    /// The chain ended with this value of the entry noted last.
    pub(crate) fn read_noted(&mut self, value: &Value) {
        let origin = std::mem::take(&mut self.noted);
        if origin.is_known() {
            self.reads.push(origin);
        }
        let mut budget = NESTED;
        self.read_inside(value, &mut budget);
    }

    fn read_inside(&mut self, value: &Value, budget: &mut usize) {
        match value {
            Value::Map(m) => {
                for e in m.borrow().iter() {
                    self.read_entry(e.origin, &e.value, budget);
                }
            }
            Value::List(l) => {
                for (i, item) in l.iter().enumerate() {
                    self.read_entry(l.origin(i), item, budget);
                }
            }
            _ => {}
        }
    }

    fn read_entry(&mut self, origin: OriginId, value: &Value, budget: &mut usize) {
        // The budget also ends maps that hold themselves.
        let Some(left) = budget.checked_sub(1) else { return };
        *budget = left;
        if origin.is_known() {
            self.reads.push(origin);
        }
        self.read_inside(value, budget);
    }

    /// The dot itself was read.
    pub(crate) fn read_dot(&mut self) {
        self.reads.extend(self.dot);
    }

    /// Sets where the dot came from; gives what was set before.
    pub(crate) fn set_dot(&mut self, origin: Option<OriginId>) -> Option<OriginId> {
        std::mem::replace(&mut self.dot, origin)
    }

    /// A variable at a place of the stack was set by the pipeline that started at `reads`.
    pub(crate) fn set_variable(&mut self, index: usize, mark: (usize, usize)) {
        let reads = self.reads.get(mark.0..).unwrap_or_default().into();
        let captured = self.captured.get(mark.1..).unwrap_or_default().into();
        self.store(index, Baggage { reads, captured });
    }

    /// A variable was set to an element of what is ranged over.
    pub(crate) fn set_element(&mut self, index: usize, origin: OriginId) {
        let reads: &[OriginId] = if origin.is_known() { &[origin] } else { &[] };
        self.store(index, Baggage { reads: reads.into(), ..Baggage::default() });
    }

    fn store(&mut self, index: usize, baggage: Baggage) {
        if self.baggage.len() <= index {
            self.baggage.resize(index + 1, Baggage::default());
        }
        self.baggage[index] = baggage;
    }

    /// What a pipeline that starts now would bring into a variable.
    pub(crate) fn mark_reads(&self) -> (usize, usize) {
        (self.reads.len(), self.captured.len())
    }

    /// A variable was read.
    pub(crate) fn read_variable(&mut self, index: usize) {
        if let Some(b) = self.baggage.get(index).cloned() {
            self.reads.extend_from_slice(&b.reads);
            self.captured.extend(b.captured.iter().cloned());
        }
    }
}

/// The lines of a text without the white space around them.
fn lines(text: &[u8]) -> impl Iterator<Item = Range<usize>> + Clone + '_ {
    let mut start = 0;
    std::iter::from_fn(move || {
        if start >= text.len() {
            return None;
        }
        let end = memchr::memchr(b'\n', &text[start..]).map_or(text.len(), |i| start + i);
        let line = &text[start..end];
        let content = start + (line.len() - line.trim_ascii_start().len());
        let range = content..content + line.trim_ascii().len();
        start = end + 1;
        Some(range)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Call, Error, Func, Funcs, Machine, Options, TemplateSet};
    use rhumb_value::{Entry, List, Map, Type};
    use rhumb_world::Memory;

    fn include(c: &mut Call<'_>) -> Result<Value, Error> {
        let name = c.args[0].as_str().cloned().unwrap_or_default();
        c.runtime.execute(&name, &c.args[1]).map(Value::Str)
    }

    fn indent(c: &mut Call<'_>) -> Result<Value, Error> {
        let text = c.args[0].as_str().cloned().unwrap_or_default();
        let lines: Vec<Vec<u8>> = text.split(|b| *b == b'\n').map(|l| [b"  ", l].concat()).collect();
        Ok(Value::from([b"\n".to_vec(), lines.join(&b'\n')].concat()))
    }

    static FUNCS: &[Func] = &[
        Func {
            name: "include",
            params: &[Type::String, Type::Any],
            variadic: false,
            result: Type::String,
            call: include,
        },
        Func { name: "nindent", params: &[Type::String], variadic: false, result: Type::String, call: indent },
    ];

    fn entry(key: &str, value: impl Into<Value>, origin: u32) -> Entry {
        Entry { key: key.into(), value: value.into(), origin: OriginId(origin) }
    }

    /// Each line of the output with the chain that wrote its last byte, `template:line` from inside out, and the reads.
    fn explain(text: &str) -> Vec<String> {
        let list = List::with_origins(vec![Value::from("p"), Value::from("q")], vec![OriginId(8), OriginId(9)]);
        let data = Map::from_entries(vec![
            entry("a", "A", 1),
            entry("b", "B", 2),
            entry("l", Value::List(list), 3),
            entry("t", Map::from_entries(vec![entry("x", "X", 4), entry("y", "Y", 5)]), 0),
        ]);
        let mut set = TemplateSet::new("gotpl", Funcs::new(&[FUNCS]));
        set.parse("f", text.as_bytes()).expect("a template");
        let world = Memory::default();
        let mut machine = Machine::new(&set, &world, &(), Options::default());
        machine.start_trace();
        let out = machine.render(b"f", &Value::Map(data)).expect("an output");
        let trace = machine.take_trace().expect("a trace");
        assert_eq!(trace.pieces().iter().map(|p| p.range.len()).sum::<usize>(), out.len());
        let mut shown = Vec::new();
        for line in lines(&out).filter(|l| !l.is_empty()) {
            let piece = trace.piece_at(line.end - 1).expect("a piece");
            let chain: Vec<String> = trace
                .chain(piece)
                .iter()
                .map(|(f, offset)| format!("{}:{}", f.template, f.source.line(*offset)))
                .collect();
            let reads: Vec<u32> = trace.origins(piece).iter().map(|o| o.0).collect();
            let text = String::from_utf8_lossy(&out[line]).into_owned();
            shown.push(format!("{text} <- {} {reads:?}", chain.join(" ")));
        }
        shown
    }

    #[test]
    fn an_action_knows_its_line_and_what_it_read() {
        assert_eq!(
            explain("k: v\nx: {{ .a }}\ny: {{ .t.x }}"),
            ["k: v <- f:1 []", "x: A <- f:2 [1]", "y: X <- f:3 [4]"]
        );
    }

    #[test]
    fn included_lines_keep_their_places_through_functions() {
        let text =
            "{{ define \"i\" }}one: {{ .a }}\ntwo: {{ .b }}\nthree{{ end }}top:\n  {{ include \"i\" . | nindent }}";
        let want = ["top: <- f:3 []", "one: A <- i:1 f:4 [1]", "two: B <- i:2 f:4 [2]", "three <- i:2 f:4 []"];
        assert_eq!(explain(text), want);
    }

    #[test]
    fn variables_and_elements_bring_their_origins() {
        let text = "{{ $v := .b }}v: {{ $v }}\n{{ range .l }}- {{ . }}\n{{ end }}{{ range $i, $e := .l }}= {{ $e }}\n{{ end }}";
        let want = ["v: B <- f:1 [2]", "- p <- f:2 [8]", "- q <- f:2 [9]", "= p <- f:3 [8]", "= q <- f:3 [9]"];
        assert_eq!(explain(text), want);
    }

    #[test]
    fn a_whole_table_counts_as_read() {
        assert_eq!(explain("{{ .t }}"), ["map[x:X y:Y] <- f:1 [4, 5]"]);
    }

    #[test]
    fn template_calls_are_in_the_chain() {
        let text = "{{ define \"i\" }}z: {{ .a }}{{ end }}\n{{ template \"i\" . }}";
        assert_eq!(explain(text), ["z: A <- i:1 f:2 [1]"]);
    }
}
