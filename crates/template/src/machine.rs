//! The machine that runs templates: its state across templates, and what functions may ask of it.

use std::any::Any;
use std::rc::Rc;

use rhumb_value::{Str, Value};
use rhumb_world::World;
use rustc_hash::FxHashMap;

use crate::error::Error;
use crate::exec::Exec;
use crate::func::Runtime;
use crate::lexer::find_pair;
use crate::parser::{Scratch, parse_strict};
use crate::quote::quote;
use crate::template::{Template, TemplateSet};
use crate::trace::Trace;

/// Go's limit for templates that call templates.
const MAX_DEPTH: usize = 100_000;

/// Go has a gigabyte of stack and dies when it is full; this much fits in a quarter.
const MAX_NESTING: usize = 200_000;

/// The most bytes of `tpl` texts whose parsed form is kept.
const CACHE_BYTES: usize = 16 << 20;

/// The longest output that is copied out of the buffer.
const MAX_COPY: usize = 64 << 10;

/// What a missing key of a map gives (Go: the option `missingkey`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingKey {
    /// Nothing at all: prints `<no value>`, and its fields are nothing too.
    #[default]
    Default,
    /// The zero value of the map's element type: a field of a nil fails.
    Zero,
    /// An error.
    Error,
}

/// How templates run.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What a missing key gives.
    pub missing_key: MissingKey,
    /// How many templates may run inside each other. Each needs up to a few kilobytes of the thread's stack.
    pub max_depth: usize,
    /// How many controls, pipelines and templates may be at work inside each other: what bounds the native stack.
    /// The default needs a thread with 256 MiB of it.
    pub max_nesting: usize,
    /// The most bytes that may be written, by all templates together.
    pub max_output: usize,
    /// The most bytes that the texts given to a function, or the text it gives, may have.
    pub max_text: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            missing_key: MissingKey::Default,
            max_depth: MAX_DEPTH,
            max_nesting: MAX_NESTING,
            max_output: 1 << 30,
            max_text: 1 << 28,
        }
    }
}

/// A value with what Go's reflection knows besides: whether it stands in a slot of type `interface {}`.
///
/// A nil in such a slot is a value (its fields fail); a nil outside is no value at all (its fields are nothing).
#[derive(Clone, Debug, Default)]
pub(crate) struct Val {
    pub(crate) value: Value,
    pub(crate) in_interface: bool,
    /// Whether Go can take its address, and so finds the methods of the pointer.
    pub(crate) addressable: bool,
}

impl Val {
    /// No value at all.
    pub(crate) const NONE: Val = Val { value: Value::Nil, in_interface: false, addressable: false };

    pub(crate) fn of(value: Value) -> Val {
        Val { value, in_interface: false, addressable: false }
    }

    pub(crate) fn slot(value: Value) -> Val {
        Val { value, in_interface: true, addressable: false }
    }

    /// Go's zero `reflect.Value`.
    pub(crate) fn is_none(&self) -> bool {
        !self.in_interface && self.value.is_nil()
    }

    /// The name of the static type.
    pub(crate) fn static_type(&self) -> &'static str {
        if self.in_interface { "interface {}" } else { self.value.type_name() }
    }
}

type Texts = FxHashMap<Str, Rc<[Rc<Template>]>>;

/// Runs the templates of a set.
pub struct Machine<'m> {
    pub(crate) set: &'m TemplateSet,
    world: &'m dyn World,
    host: &'m dyn Any,
    pub(crate) options: Options,
    /// What was written so far, by all templates that run.
    pub(crate) out: Vec<u8>,
    /// The variables of all templates that run.
    pub(crate) vars: Vec<(u16, Val)>,
    pub(crate) depth: usize,
    pub(crate) nesting: usize,
    /// The templates that texts being executed define; a later one hides an earlier one.
    overlays: Vec<Rc<[Rc<Template>]>>,
    texts: Texts,
    text_bytes: usize,
    scratch: Scratch,
    pub(crate) trace: Option<Box<Trace>>,
}

impl<'m> Machine<'m> {
    /// A machine for the templates of a set.
    #[must_use]
    pub fn new(set: &'m TemplateSet, world: &'m dyn World, host: &'m dyn Any, options: Options) -> Self {
        Machine {
            set,
            world,
            host,
            options,
            out: Vec::new(),
            vars: Vec::new(),
            depth: 0,
            nesting: 0,
            overlays: Vec::new(),
            texts: Texts::default(),
            text_bytes: 0,
            scratch: Scratch::default(),
            trace: None,
        }
    }

    /// Notes where the next output comes from; [`Machine::take_trace`] gives the notes.
    pub fn start_trace(&mut self) {
        self.trace = Some(Box::default());
    }

    /// Goes on with notes that were taken before.
    pub fn resume_trace(&mut self, trace: Trace) {
        self.trace = Some(Box::new(trace));
    }

    /// The notes about what was written since [`Machine::start_trace`]; ends the note-taking.
    pub fn take_trace(&mut self) -> Option<Trace> {
        self.trace.take().map(|t| *t)
    }

    /// Runs a template and returns what it wrote.
    pub fn render(&mut self, template: &[u8], data: &Value) -> Result<Vec<u8>, Error> {
        let found = self.find(template)?;
        self.out.clear();
        self.vars.clear();
        self.depth = 0;
        self.nesting = 0;
        self.run(&found, Val::of(data.clone()), false)?;
        self.options.max_output = self.options.max_output.saturating_sub(self.out.len());
        // The buffer stays for the next template, unless it is large: then a copy would cost more than a new one.
        Ok(if self.out.len() > MAX_COPY { std::mem::take(&mut self.out) } else { self.out.clone() })
    }

    /// The template of a name, those of texts being executed first.
    pub(crate) fn lookup(&self, name: &[u8]) -> Option<Rc<Template>> {
        let base = self.set.get(name);
        for layer in self.overlays.iter().rev() {
            if let Some(t) = layer.iter().find(|t| *t.name == *name)
                && (!t.blank || base.is_none())
            {
                return Some(t.clone());
            }
        }
        base.cloned()
    }

    fn find(&self, name: &[u8]) -> Result<Rc<Template>, Error> {
        self.lookup(name).ok_or_else(|| {
            let set = quote(self.set.name());
            Error::new(format!("template: no template {} associated with template {set}", quote(name)))
        })
    }

    /// Runs a template; what it writes is appended to the output. `called` says that a function runs it.
    pub(crate) fn run(&mut self, template: &Rc<Template>, dot: Val, called: bool) -> Result<(), Error> {
        let (base, nesting) = (self.vars.len(), self.nesting);
        self.depth += 1;
        self.vars.push((0, dot.clone()));
        let caller = self.trace.as_mut().map(|t| t.enter(&template.source, &template.name, called, base));
        let result = Exec::new(self, template, base).run(&dot);
        if let (Some(t), Some(caller)) = (&mut self.trace, caller) {
            t.leave(*caller);
        }
        self.vars.truncate(base);
        self.nesting = nesting;
        self.depth -= 1;
        result
    }

    fn capture(&mut self, template: &Rc<Template>, data: &Value) -> Result<Str, Error> {
        let start = self.out.len();
        let first = self.trace.as_ref().map_or(0, |t| t.mark_pieces());
        let result = self.run(template, Val::of(data.clone()), true);
        let text = result.map(|()| Str::from_bytes(&self.out[start..]));
        self.out.truncate(start);
        if let (Some(t), Ok(text)) = (&mut self.trace, &text) {
            t.capture(first, start, text);
        }
        text
    }

    fn parse_text(&mut self, text: &Str) -> Result<Rc<[Rc<Template>]>, Error> {
        if let Some(parsed) = self.texts.get(text) {
            return Ok(parsed.clone());
        }
        let templates = parse_strict(self.set.name(), Rc::from(text.as_bytes()), self.set.funcs(), &mut self.scratch)?;
        let parsed: Rc<[Rc<Template>]> = templates.into();
        if self.text_bytes > CACHE_BYTES {
            self.texts.clear();
            self.text_bytes = 0;
        }
        self.text_bytes += text.len() + 256;
        self.texts.insert(text.clone(), parsed.clone());
        Ok(parsed)
    }
}

impl Runtime for Machine<'_> {
    fn world(&self) -> &dyn World {
        self.world
    }

    fn host(&self) -> &dyn Any {
        self.host
    }

    fn execute(&mut self, template: &Str, data: &Value) -> Result<Str, Error> {
        let found = self.find(template)?;
        self.capture(&found, data)
    }

    fn execute_text(&mut self, text: &Str, data: &Value) -> Result<Str, Error> {
        if find_pair(b'{', text).is_none() {
            return Ok(text.clone());
        }
        let parsed = self.parse_text(text)?;
        // The text's own template comes last, unless it is blank and defines itself.
        let Some(main) = parsed.last().cloned() else { return Ok(Str::new()) };
        if let Some(t) = &mut self.trace {
            t.text_of_argument();
        }
        // Lookups walk the layers, so a text that defines nothing adds none.
        if parsed.len() == 1 {
            return self.capture(&main, data);
        }
        self.overlays.push(parsed);
        let result = self.capture(&main, data);
        self.overlays.pop();
        result
    }
}
