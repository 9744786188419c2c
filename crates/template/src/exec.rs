//! Walking a template: text, actions, controls.

use std::rc::Rc;

use rhumb_value::{OriginId, Str, Value};

use crate::ast::{Branch, List, Node, Pipe, TemplateCall};
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

/// One template that runs.
pub(crate) struct Exec<'e, 'm> {
    pub(crate) machine: &'e mut Machine<'m>,
    pub(crate) template: &'e Rc<Template>,
    /// Where its variables start.
    base: usize,
    /// The node that an error is reported at, set where Go sets it.
    pub(crate) at: Option<At<'e>>,
}

impl<'e, 'm> Exec<'e, 'm> {
    pub(crate) fn new(machine: &'e mut Machine<'m>, template: &'e Rc<Template>, base: usize) -> Self {
        Exec { machine, template, base, at: None }
    }

    pub(crate) fn run(mut self, dot: &Val) -> Result<(), Error> {
        let template = self.template;
        self.list(dot, &template.root).map(|_| ())
    }

    // Errors.

    /// An error at the node at hand.
    #[cold]
    pub(crate) fn error(&self, reason: Reason) -> Error {
        let source = &self.template.source;
        let (offset, context) = self.at.map_or((0, String::new()), |at| (at.pos(), at.show(&source.text)));
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

    pub(crate) fn push(&mut self, id: u32, val: Val) {
        self.machine.vars.push((id, val));
    }

    pub(crate) fn variable(&mut self, id: u32, name: &Str) -> Result<Val, Error> {
        for (i, (n, val)) in self.machine.vars.iter().enumerate().skip(self.base).rev() {
            if *n == id {
                if let Some(t) = &mut self.machine.trace {
                    t.read_variable(i);
                }
                return Ok(val.clone());
            }
        }
        self.fail(format!("undefined variable: {name}"))
    }

    pub(crate) fn assign(&mut self, id: u32, name: &Str, val: Val) -> Result<usize, Error> {
        for (i, (n, slot)) in self.machine.vars.iter_mut().enumerate().skip(self.base).rev() {
            if *n == id {
                *slot = val;
                return Ok(i);
            }
        }
        self.fail(format!("undefined variable: {name}"))
    }

    fn set_from_top(&mut self, back: usize, val: Val) {
        let len = self.machine.vars.len();
        self.machine.vars[len - back].1 = val;
    }

    // Nodes.

    fn list(&mut self, dot: &Val, list: &'e List) -> Result<Flow, Error> {
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

    fn nodes(&mut self, dot: &Val, list: &'e List) -> Result<Flow, Error> {
        for node in &list.nodes {
            let flow = match node {
                Node::Text { start, end } => self.text(node, *start, *end)?,
                Node::Action(pipe) => self.action(node, dot, pipe)?,
                Node::If(b) => self.if_or_with(node, dot, b, false)?,
                Node::With(b) => self.if_or_with(node, dot, b, true)?,
                Node::Range(b) => self.range(node, dot, b)?,
                Node::Template(t) => self.call_template(dot, t)?,
                Node::Break(_) => return Ok(Flow::Break),
                Node::Continue(_) => return Ok(Flow::Continue),
            };
            if flow != Flow::Next {
                return Ok(flow);
            }
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
    fn element(
        &mut self,
        b: &Branch,
        index: &Value,
        elem: &Value,
        origin: OriginId,
        read: Span,
    ) -> Option<Box<Before>> {
        let vars = self.machine.vars.len();
        let t = self.machine.trace.as_mut()?;
        let key = if index.is_nil() { elem } else { index };
        let mut before = t.branch(trace::Branch::Range(show(key)), b.pos, read);
        let declared = if b.pipe.assign { 0 } else { b.pipe.decl.len().min(2) };
        t.element(origin, elem, read, vars.saturating_sub(declared)..vars, &mut before);
        Some(before)
    }

    fn end_branch(&mut self, before: Option<Box<Before>>) {
        if let (Some(t), Some(before)) = (&mut self.machine.trace, before) {
            t.leave(*before);
        }
    }

    fn text(&mut self, node: &'e Node, start: u32, end: u32) -> Result<Flow, Error> {
        let text = &self.template.source.text[start as usize..end as usize];
        self.machine.out.extend_from_slice(text);
        if let Some(t) = &mut self.machine.trace {
            let end = self.machine.out.len();
            t.text(end - text.len()..end, start);
        }
        self.check_output(node)
    }

    fn check_output(&mut self, node: &'e Node) -> Result<Flow, Error> {
        if self.machine.out.len() > self.machine.options.max_output {
            self.at = Some(At::Node(node));
            return self.fail("output too long");
        }
        Ok(Flow::Next)
    }

    fn action(&mut self, node: &'e Node, dot: &Val, pipe: &'e Pipe) -> Result<Flow, Error> {
        self.at = Some(At::Node(node));
        let out = self.machine.out.len();
        let mark = self.machine.trace.as_mut().map(|t| t.start(out, pipe.pos));
        let val = self.pipeline(dot, pipe)?;
        if pipe.decl.is_empty() {
            match &val.value {
                Value::Nil => self.machine.out.extend_from_slice(print::NO_VALUE),
                Value::Object(o) if val.addressable => print::append_object(&mut self.machine.out, &val.value, &**o),
                value => print::append(&mut self.machine.out, value),
            }
        }
        if let (Some(t), Some(mark)) = (&mut self.machine.trace, mark) {
            t.finish(mark, &self.machine.out, pipe.decl.is_empty());
        }
        self.check_output(node)
    }

    fn if_or_with(&mut self, node: &'e Node, dot: &Val, b: &'e Branch, with: bool) -> Result<Flow, Error> {
        self.at = Some(At::Node(node));
        let mark = self.machine.vars.len();
        self.set_place(b.pos);
        let from = self.used();
        let val = self.pipeline(dot, &b.pipe)?;
        let truth = val.value.truth();
        let before = from.and_then(|from| self.branch(b.pos, with, truth, from));
        let flow = if truth {
            let dot = if with { &val } else { dot };
            self.list(dot, &b.list)
        } else if let Some(list) = &b.otherwise {
            self.list(dot, list)
        } else {
            Ok(Flow::Next)
        };
        self.end_branch(before);
        self.machine.vars.truncate(mark);
        flow
    }

    fn range(&mut self, node: &'e Node, dot: &Val, b: &'e Branch) -> Result<Flow, Error> {
        self.at = Some(At::Node(node));
        let outer = self.machine.vars.len();
        self.set_place(b.pos);
        let from = self.used();
        let val = self.pipeline(dot, &b.pipe)?;
        let read = from.zip(self.used());
        let ran = self.iterate(&val.value, b, read)?;
        let flow = match (&b.otherwise, ran) {
            (Some(list), false) => {
                let before = read
                    .and_then(|read| Some(self.machine.trace.as_mut()?.branch(trace::Branch::RangeElse, b.pos, read)));
                let flow = self.list(dot, list)?;
                self.end_branch(before);
                flow
            }
            _ => Flow::Next,
        };
        self.machine.vars.truncate(outer);
        Ok(flow)
    }

    /// Runs the body for each element; says whether there was any.
    fn iterate(&mut self, val: &Value, b: &'e Branch, read: Option<Span>) -> Result<bool, Error> {
        match val {
            Value::List(list) => {
                let in_interface = matches!(list.kind(), rhumb_value::ListKind::Any);
                for (i, item) in list.iter().enumerate() {
                    let elem = Val { value: item.clone(), in_interface, addressable: false };
                    if self.once(b, Val::of(Value::int(i as i64)), elem, (list.origin(i), read))? == Flow::Break {
                        break;
                    }
                }
                Ok(!list.is_empty())
            }
            Value::Bytes(bytes) => {
                for (i, byte) in bytes.iter().enumerate() {
                    let elem = Val::of(Value::Int(i64::from(*byte), rhumb_value::IntKind::Uint8));
                    if self.once(b, Val::of(Value::int(i as i64)), elem, (OriginId::NONE, read))? == Flow::Break {
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
                    if self.once(b, Val::of(Value::Str(e.key)), elem, (e.origin, read))? == Flow::Break {
                        break;
                    }
                }
                Ok(any)
            }
            Value::Int(n, kind) => self.count(*n, *kind, b, read),
            Value::Nil => Ok(false),
            other => {
                let failed = self.fail(format!("range can't iterate over {}", show(other)));
                failed.map_err(|e| self.detailed(e, || Detail::Value(other.clone())))
            }
        }
    }

    fn count(&mut self, n: i64, kind: rhumb_value::IntKind, b: &'e Branch, read: Option<Span>) -> Result<bool, Error> {
        if b.pipe.decl.len() > 1 {
            let n = show(&Value::Int(n, kind));
            return self.fail(format!("can't use {n} to iterate over more than one variable"));
        }
        let mut i = 0;
        while i < n {
            if self.once(b, Val::NONE, Val::of(Value::Int(i, kind)), (OriginId::NONE, read))? == Flow::Break {
                break;
            }
            i += 1;
        }
        Ok(n > 0)
    }

    /// `origin` is where the element came from, and what was read to get what is ranged over.
    fn once(&mut self, b: &'e Branch, index: Val, elem: Val, origin: (OriginId, Option<Span>)) -> Result<Flow, Error> {
        let mark = self.machine.vars.len();
        let before = origin.1.and_then(|read| self.element(b, &index.value, &elem.value, origin.0, read));
        match (b.pipe.decl.as_slice(), b.pipe.assign) {
            ([], _) => {}
            ([one], true) => {
                self.assign(one.id, &one.name, elem.clone())?;
            }
            ([first, second, ..], true) => {
                self.assign(first.id, &first.name, index)?;
                self.assign(second.id, &second.name, elem.clone())?;
            }
            ([_], false) => self.set_from_top(1, elem.clone()),
            ([_, _, ..], false) => {
                self.set_from_top(1, elem.clone());
                self.set_from_top(2, index);
            }
        }
        let flow = self.list(&elem, &b.list);
        self.end_branch(before);
        self.machine.vars.truncate(mark);
        flow
    }

    fn call_template(&mut self, dot: &Val, t: &'e TemplateCall) -> Result<Flow, Error> {
        self.at = Some(At::Call(t));
        self.set_place(t.pos);
        let Some(template) = self.machine.lookup(&t.name) else {
            return self.fail(format!("template {} not defined", crate::quote::quote(&t.name)));
        };
        let limit = self.machine.options.max_depth;
        // Go reaches its limit at any depth of controls; ours may come first, but the words are Go's.
        if self.machine.depth > limit || self.machine.nesting + 2 > self.machine.options.max_nesting {
            return self.fail(format!("exceeded maximum template depth ({limit})"));
        }
        let from = self.used();
        let dot = match &t.pipe {
            Some(pipe) => self.pipeline(dot, pipe)?,
            None => Val::NONE,
        };
        if let (Some(t), Some(from)) = (&mut self.machine.trace, from) {
            t.next_dot(from);
        }
        match self.machine.run(&template, dot, false) {
            Ok(()) => Ok(Flow::Next),
            Err(mut error) => {
                if let Error::Exec(e) = &mut error
                    && e.calls.len() < 100
                {
                    let source = self.template.source.clone();
                    e.calls.push(CallSite { source, offset: t.pos, template: self.template.name.clone() });
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
    String::from_utf8_lossy(&out).into_owned()
}
