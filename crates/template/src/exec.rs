//! Walking a template: text, actions, controls.

use std::rc::Rc;

use rhumb_gostd::raw;
use rhumb_value::{OriginId, Value};

use crate::ast::{Control, Index, Node, Tree};
use crate::display::At;
use crate::error::{CallSite, Detail, Error, ExecError, Reason};
use crate::machine::{Machine, Val};
use crate::print;
use crate::template::Template;
use crate::trace::{self, Before, Span, Used};

/// What comes after a node.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    Next,
    Break,
    Continue,
}

/// The body of a `range`.
#[derive(Clone, Copy)]
struct Body {
    list: Index,
    pos: u32,
    /// Its variables: where the first stands, how many there are, and whether they were declared before.
    first: Index,
    variables: u8,
    assign: bool,
    /// What was read to get what is ranged over.
    read: Option<Span>,
}

/// One template that runs.
pub(crate) struct Exec<'e, 'm> {
    pub(crate) machine: &'e mut Machine<'m>,
    pub(crate) template: &'e Rc<Template>,
    pub(crate) tree: &'e Tree,
    /// Where its variables start.
    base: usize,
    /// The node that an error is reported at, set where Go sets it.
    pub(crate) at: Option<At>,
}

impl<'e, 'm> Exec<'e, 'm> {
    pub(crate) fn new(machine: &'e mut Machine<'m>, template: &'e Rc<Template>, base: usize) -> Self {
        Exec { machine, template, tree: &template.tree, base, at: None }
    }

    pub(crate) fn run(mut self, dot: &Val) -> Result<(), Error> {
        self.list(dot, self.template.root).map(|_| ())
    }

    // Errors.

    /// An error at the node at hand.
    #[cold]
    pub(crate) fn error(&self, reason: Reason) -> Error {
        let source = &self.template.source;
        let (offset, context) = self.at.map_or((0, String::new()), |at| (at.pos(self.tree), at.show(self.tree)));
        Error::Exec(Box::new(ExecError {
            source: source.clone(),
            template: self.template.name.clone(),
            offset,
            line: source.line(offset),
            column: source.column(offset),
            context,
            reason,
            calls: Vec::new(),
            detail: None,
        }))
    }

    /// Adds the values at fault, when somebody takes notes.
    #[cold]
    pub(crate) fn detailed(&self, error: Error, detail: impl FnOnce() -> Detail) -> Error {
        let mut error = error;
        if self.machine.trace.is_some()
            && let Error::Exec(e) = &mut error
            && e.detail.is_none()
        {
            e.detail = Some(Box::new(detail()));
        }
        error
    }

    #[cold]
    pub(crate) fn fail<T>(&self, message: impl Into<String>) -> Result<T, Error> {
        Err(self.error(Reason::Message(message.into())))
    }

    // Variables.

    pub(crate) fn push(&mut self, id: u16, val: Val) {
        self.machine.vars.push((id, val));
    }

    /// The value of a variable of the name that starts there.
    pub(crate) fn variable(&mut self, id: u16, start: u32, end: u32) -> Result<Val, Error> {
        for (i, (n, val)) in self.machine.vars.iter().enumerate().skip(self.base).rev() {
            if *n == id {
                if let Some(t) = &mut self.machine.trace {
                    t.read_variable(i);
                }
                return Ok(val.clone());
            }
        }
        self.undefined(start, end)
    }

    pub(crate) fn assign(&mut self, (id, start, end): (u16, u32, u32), val: Val) -> Result<usize, Error> {
        for (i, (n, slot)) in self.machine.vars.iter_mut().enumerate().skip(self.base).rev() {
            if *n == id {
                *slot = val;
                return Ok(i);
            }
        }
        self.undefined(start, end)
    }

    #[cold]
    fn undefined<T>(&self, start: u32, end: u32) -> Result<T, Error> {
        let end = self.tree.dot(start, end).unwrap_or(end);
        self.fail(format!("undefined variable: {}", raw::text(self.tree.span(start, end))))
    }

    /// The variable at a place of the tree: its number and its range of the source.
    pub(crate) fn declared(&self, at: Index) -> (u16, u32, u32) {
        match self.tree.node(at) {
            Node::Variable { id, start, end } => (id, start, end),
            _ => (0, 0, 0),
        }
    }

    fn set_from_top(&mut self, back: usize, val: Val) {
        let len = self.machine.vars.len();
        self.machine.vars[len - back].1 = val;
    }

    // Nodes.

    fn list(&mut self, dot: &Val, list: Index) -> Result<Flow, Error> {
        self.enter()?;
        let flow = self.nodes(dot, list);
        self.machine.nesting -= 1;
        flow
    }

    /// One level deeper on the native stack.
    pub(crate) fn enter(&mut self) -> Result<(), Error> {
        self.machine.nesting += 1;
        if self.machine.nesting > self.machine.options.max_nesting {
            return self.fail("templates nested too deeply");
        }
        Ok(())
    }

    fn nodes(&mut self, dot: &Val, list: Index) -> Result<Flow, Error> {
        let mut at = list + 1;
        let end = self.tree.after(list);
        while at < end {
            let mut flow = Flow::Next;
            let next = match self.tree.node(at) {
                Node::Text { start, end } => {
                    self.text(at, start, end)?;
                    at + 1
                }
                Node::Pipe { variables, pos, end, .. } => {
                    self.action(at, dot, pos, variables == 0)?;
                    end
                }
                Node::Control { word: Control::Range, end } => {
                    flow = self.range(dot, at)?;
                    end
                }
                Node::Control { word, end } => {
                    flow = self.if_or_with(dot, at, word == Control::With)?;
                    end
                }
                Node::Call { piped, pos, name } => {
                    self.call_template(dot, at, (piped, pos, name))?;
                    self.tree.after(at)
                }
                Node::Break(_) => return Ok(Flow::Break),
                Node::Continue(_) => return Ok(Flow::Continue),
                _ => self.tree.after(at),
            };
            if flow != Flow::Next {
                return Ok(flow);
            }
            at = next;
        }
        Ok(Flow::Next)
    }

    /// Where calls come from, for the trace.
    fn set_place(&mut self, offset: u32) {
        if let Some(t) = &mut self.machine.trace {
            t.set_place(offset);
        }
    }

    /// What was read so far, for the trace.
    fn used(&self) -> Option<Used> {
        self.machine.trace.as_ref().map(|t| t.used())
    }

    /// Notes which way an `if` or `with` went.
    fn branch(&mut self, pos: u32, with: bool, truth: bool, from: Used) -> Option<Box<Before>> {
        let t = self.machine.trace.as_mut()?;
        let branch = if with { trace::Branch::With(truth) } else { trace::Branch::If(truth) };
        let read = (from, t.used());
        let mut before = t.branch(branch, pos, read);
        if with && truth {
            t.dot_of(read, &mut before);
        }
        Some(before)
    }

    /// Notes that a `range` is at an element.
    fn element(&mut self, body: Body, index: &Value, elem: &Value, origin: OriginId) -> Option<Box<Before>> {
        let vars = self.machine.vars.len();
        let t = self.machine.trace.as_mut()?;
        let read = body.read?;
        let key = if index.is_nil() { elem } else { index };
        let mut before = t.branch(trace::Branch::Range(show(key)), body.pos, read);
        let declared = if body.assign { 0 } else { usize::from(body.variables).min(2) };
        t.element(origin, elem, read, vars.saturating_sub(declared)..vars, &mut before);
        Some(before)
    }

    fn end_branch(&mut self, before: Option<Box<Before>>) {
        if let (Some(t), Some(before)) = (&mut self.machine.trace, before) {
            t.leave(*before);
        }
    }

    fn text(&mut self, at: Index, start: u32, end: u32) -> Result<(), Error> {
        let text = self.tree.span(start, end);
        self.machine.out.extend_from_slice(text);
        if let Some(t) = &mut self.machine.trace {
            let end = self.machine.out.len();
            t.text(end - text.len()..end, start);
        }
        self.check_output(At::Node(at))
    }

    fn check_output(&mut self, at: At) -> Result<(), Error> {
        if self.machine.out.len() > self.machine.options.max_output {
            self.at = Some(at);
            return self.fail("output too long");
        }
        Ok(())
    }

    fn action(&mut self, pipe: Index, dot: &Val, pos: u32, prints: bool) -> Result<(), Error> {
        self.at = Some(At::Action(pipe));
        let out = self.machine.out.len();
        let mark = self.machine.trace.as_mut().map(|t| t.start(out, pos));
        let val = self.pipeline(dot, pipe)?;
        if prints {
            match &val.value {
                Value::Nil => self.machine.out.extend_from_slice(print::NO_VALUE),
                Value::Object(o) if val.addressable => print::append_object(&mut self.machine.out, &val.value, &**o),
                value => print::append(&mut self.machine.out, value),
            }
        }
        if let (Some(t), Some(mark)) = (&mut self.machine.trace, mark) {
            t.finish(mark, &self.machine.out, prints);
        }
        self.check_output(At::Action(pipe))
    }

    /// The two lists of a control; the second starts at its end where there is none.
    fn lists(&self, control: Index) -> (Index, Index) {
        let list = self.tree.after(control + 1);
        (list, self.tree.after(list))
    }

    fn if_or_with(&mut self, dot: &Val, control: Index, with: bool) -> Result<Flow, Error> {
        self.at = Some(At::Node(control));
        let mark = self.machine.vars.len();
        let pos = self.tree.pos(control);
        self.set_place(pos);
        let from = self.used();
        let val = self.pipeline(dot, control + 1)?;
        let truth = val.value.truth();
        let before = from.and_then(|from| self.branch(pos, with, truth, from));
        let (list, otherwise) = self.lists(control);
        let flow = if truth {
            let dot = if with { &val } else { dot };
            self.list(dot, list)
        } else if otherwise < self.tree.after(control) {
            self.list(dot, otherwise)
        } else {
            Ok(Flow::Next)
        };
        self.end_branch(before);
        self.machine.vars.truncate(mark);
        flow
    }

    fn range(&mut self, dot: &Val, control: Index) -> Result<Flow, Error> {
        self.at = Some(At::Node(control));
        let outer = self.machine.vars.len();
        let pos = self.tree.pos(control);
        self.set_place(pos);
        let from = self.used();
        let val = self.pipeline(dot, control + 1)?;
        let read = from.zip(self.used());
        let (list, otherwise) = self.lists(control);
        let body = match self.tree.node(control + 1) {
            Node::Pipe { variables, assign, .. } => Body { list, pos, first: control + 2, variables, assign, read },
            _ => return Ok(Flow::Next),
        };
        let ran = self.iterate(&val.value, body)?;
        if !ran && otherwise < self.tree.after(control) {
            let before =
                read.and_then(|read| Some(self.machine.trace.as_mut()?.branch(trace::Branch::RangeElse, pos, read)));
            let flow = self.list(dot, otherwise)?;
            self.end_branch(before);
            self.machine.vars.truncate(outer);
            return Ok(flow);
        }
        self.machine.vars.truncate(outer);
        Ok(Flow::Next)
    }

    /// Runs the body for each element; says whether there was any.
    fn iterate(&mut self, val: &Value, body: Body) -> Result<bool, Error> {
        match val {
            Value::List(list) => {
                let in_interface = matches!(list.kind(), rhumb_value::ListKind::Any);
                for (i, item) in list.iter().enumerate() {
                    let elem = Val { value: item.clone(), in_interface, addressable: false };
                    if self.once(body, Val::of(Value::int(i as i64)), elem, list.origin(i))? == Flow::Break {
                        break;
                    }
                }
                Ok(!list.is_empty())
            }
            Value::Bytes(bytes) => {
                for (i, byte) in bytes.iter().enumerate() {
                    let elem = Val::of(Value::Int(i64::from(*byte), rhumb_value::IntKind::Uint8));
                    if self.once(body, Val::of(Value::int(i as i64)), elem, OriginId::NONE)? == Flow::Break {
                        break;
                    }
                }
                Ok(!bytes.is_empty())
            }
            Value::Map(map) => {
                let in_interface = map.kind().zero().is_none();
                // The body may change the map; Go walks what was there at first.
                let entries = map.snapshot();
                let any = !entries.is_empty();
                for e in entries {
                    let elem = Val { value: e.value, in_interface, addressable: false };
                    if self.once(body, Val::of(Value::Str(e.key)), elem, e.origin)? == Flow::Break {
                        break;
                    }
                }
                Ok(any)
            }
            Value::Int(n, kind) => self.count(*n, *kind, body),
            Value::Nil => Ok(false),
            Value::Object(_) if let Some((n, kind)) = val.integer() => self.count(n, kind, body),
            other => {
                let failed = self.fail(format!("range can't iterate over {}", show(other)));
                failed.map_err(|e| self.detailed(e, || Detail::Value(other.clone())))
            }
        }
    }

    fn count(&mut self, n: i64, kind: rhumb_value::IntKind, body: Body) -> Result<bool, Error> {
        if body.variables > 1 {
            let n = show(&Value::Int(n, kind));
            return self.fail(format!("can't use {n} to iterate over more than one variable"));
        }
        let mut i = 0;
        while i < n {
            if self.once(body, Val::NONE, Val::of(Value::Int(i, kind)), OriginId::NONE)? == Flow::Break {
                break;
            }
            i += 1;
        }
        Ok(n > 0)
    }

    /// `origin` is where the element came from.
    fn once(&mut self, body: Body, index: Val, elem: Val, origin: OriginId) -> Result<Flow, Error> {
        let mark = self.machine.vars.len();
        let before = self.element(body, &index.value, &elem.value, origin);
        match (body.variables, body.assign) {
            (0, _) => {}
            (1, true) => {
                self.assign(self.declared(body.first), elem.clone())?;
            }
            (_, true) => {
                self.assign(self.declared(body.first), index)?;
                self.assign(self.declared(body.first + 1), elem.clone())?;
            }
            (1, false) => self.set_from_top(1, elem.clone()),
            (_, false) => {
                self.set_from_top(1, elem.clone());
                self.set_from_top(2, index);
            }
        }
        let flow = self.list(&elem, body.list);
        self.end_branch(before);
        self.machine.vars.truncate(mark);
        flow
    }

    fn call_template(&mut self, dot: &Val, call: Index, (piped, pos, name): (bool, u32, u32)) -> Result<(), Error> {
        self.at = Some(At::Node(call));
        self.set_place(pos);
        let name = &self.tree.literals[name as usize].value;
        let Some(template) = self.machine.lookup(name) else {
            return self.fail(format!("template {} not defined", crate::quote::quote(name)));
        };
        let limit = self.machine.options.max_depth;
        // Go reaches its limit at any depth of controls; ours may come first, but the words are Go's.
        if self.machine.depth > limit || self.machine.nesting + 2 > self.machine.options.max_nesting {
            return self.fail(format!("exceeded maximum template depth ({limit})"));
        }
        let from = self.used();
        let dot = if piped { self.pipeline(dot, call + 1)? } else { Val::NONE };
        if let (Some(t), Some(from)) = (&mut self.machine.trace, from) {
            t.next_dot(from);
        }
        match self.machine.run(&template, dot, false) {
            Ok(()) => Ok(()),
            Err(mut error) => {
                if let Error::Exec(e) = &mut error
                    && e.calls.len() < 100
                {
                    let source = self.template.source.clone();
                    e.calls.push(CallSite { source, offset: pos, template: self.template.name.clone() });
                }
                Err(error)
            }
        }
    }
}

/// A value as Go's `%v` prints it.
pub(crate) fn show(value: &Value) -> String {
    let mut out = Vec::new();
    print::append(&mut out, value);
    raw::text(&out).into_owned()
}
