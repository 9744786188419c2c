//! Evaluating pipelines, commands and operands.

use rhumb_gostd::raw;
use rhumb_value::{IntKind, Kind, List, ListKind, Map, MapKind, Str, Type, Value};

use crate::ast::{Index, Node, Words};
use crate::builtins::{self, AND, CALL, LEN, NON_FUNCTION, OR, SLICE};
use crate::display::{At, show_operand};
use crate::error::{Detail, Error, Reason};
use crate::exec::Exec;
use crate::func::{Call, Func};
use crate::machine::{MissingKey, Val};
use crate::quote::quote;
use crate::trace::Used;

/// Arguments up to this many need no allocation.
const FEW: usize = 4;

/// A function or a method, as far as counting and checking arguments goes.
struct Signature {
    params: &'static [Type],
    variadic: bool,
}

/// Fields behind a value: where the value stands and their range of the source.
#[derive(Clone, Copy)]
struct Fields {
    chain: Index,
    start: u32,
    end: u32,
}

/// The operands behind the first word of a command, and the value that was piped into it. Whoever uses that takes it.
struct Rest<'r> {
    words: Words,
    last: &'r mut Option<Val>,
}

impl Rest<'_> {
    fn is_none(&self) -> bool {
        self.words.count == 0 && self.last.is_none()
    }
}

/// No operands, and nothing piped in.
macro_rules! alone {
    () => {
        Rest { words: Words::NONE, last: &mut None }
    };
}

impl<'e> Exec<'e, '_> {
    /// A pipeline's value, which also goes into its variables.
    pub(crate) fn pipeline(&mut self, dot: &Val, pipe: Index) -> Result<Val, Error> {
        let (variables, assign, end) = match self.tree.node(pipe) {
            Node::Pipe { variables, assign, end, .. } => {
                self.at = Some(At::Node(pipe));
                (variables, assign, end)
            }
            Node::PipeChain { variables, assign, end, .. } => {
                self.at = Some(At::Start(pipe));
                (variables, assign, end)
            }
            _ => return Err(Error::new("no pipeline")),
        };
        let first = pipe + 1 + u32::from(variables);
        // Most are one word that is no call: nothing to count and nothing to pipe.
        if variables == 0
            && let Node::Command { words: 1, end: only, .. } = self.tree.node(first)
            && only == end
            && let Node::Field { .. } | Node::Variable { .. } = self.tree.node(first + 1)
        {
            let mut val = self.chained(dot, first + 1, alone!())?;
            val.in_interface = false;
            return Ok(val);
        }
        self.enter()?;
        let mark = self.machine.trace.as_ref().map(|t| t.used());
        let val = self.commands(dot, first, end, mark)?;
        if variables > 0 {
            self.set_variables(pipe + 1..first, assign, &val, mark)?;
        }
        self.machine.nesting -= 1;
        Ok(val)
    }

    fn commands(&mut self, dot: &Val, first: Index, end: Index, mark: Option<Used>) -> Result<Val, Error> {
        let mut val = self.command(dot, first, None)?;
        val.in_interface = false;
        let mut command = self.tree.after(first);
        while command < end {
            let outer = mark.and_then(|from| Some(self.machine.trace.as_mut()?.set_pipe(from)));
            val = self.command(dot, command, Some(val))?;
            val.in_interface = false;
            if let (Some(t), Some(outer)) = (&mut self.machine.trace, outer) {
                t.set_pipe(outer);
            }
            command = self.tree.after(command);
        }
        Ok(val)
    }

    fn set_variables(
        &mut self,
        variables: std::ops::Range<Index>,
        assign: bool,
        val: &Val,
        mark: Option<Used>,
    ) -> Result<(), Error> {
        for at in variables {
            let variable = self.declared(at);
            let index = if assign {
                self.assign(variable, val.clone())?
            } else {
                self.push(variable.0, val.clone());
                self.machine.vars.len() - 1
            };
            if let (Some(t), Some(mark)) = (&mut self.machine.trace, mark) {
                t.set_variable(index, mark);
            }
        }
        Ok(())
    }

    fn command(&mut self, dot: &Val, command: Index, last: Option<Val>) -> Result<Val, Error> {
        let word = command + 1;
        let mut last = last;
        let rest = Rest { words: self.tree.arguments(command), last: &mut last };
        match self.tree.node(word) {
            Node::Function { index, .. } => {
                self.at = Some(At::Node(word));
                self.function(dot, self.tree.func(index), At::Node(command), rest)
            }
            Node::Field { .. } | Node::Variable { .. } | Node::PipeChain { .. } | Node::FunctionChain { .. } => {
                self.chained(dot, word, rest)
            }
            Node::Pipe { .. } => {
                self.no_arguments(word, &rest)?;
                self.pipeline(dot, word)
            }
            Node::Nil(_) => {
                self.at = Some(At::Node(word));
                self.no_arguments(word, &rest)?;
                self.fail("nil is not a command")
            }
            _ => {
                self.at = Some(At::Node(word));
                self.no_arguments(word, &rest)?;
                self.constant(dot, word)
            }
        }
    }

    fn no_arguments(&self, word: Index, rest: &Rest<'_>) -> Result<(), Error> {
        if rest.is_none() {
            return Ok(());
        }
        self.fail(format!("can't give argument to non-function {}", show_operand(self.tree, word)))
    }

    /// The dot or a literal.
    fn constant(&mut self, dot: &Val, word: Index) -> Result<Val, Error> {
        match self.tree.node(word) {
            Node::Dot(_) => {
                if let Some(t) = &mut self.machine.trace {
                    t.read_dot();
                }
                Ok(dot.clone())
            }
            Node::Bool(_, b) => Ok(Val::of(Value::Bool(b))),
            Node::Word { start, end } => Ok(Val::of(self.word(start, end))),
            Node::Literal { index, .. } => Ok(Val::of(self.literal(index))),
            Node::Int { value, .. } => Ok(Val::of(Value::int(i64::from(value)))),
            Node::Number { index } => self.ideal(word, index),
            _ => {
                let text = show_operand(self.tree, word);
                self.fail(format!("can't evaluate command {}", quote(text.as_bytes())))
            }
        }
    }

    /// What stands between the quotes there.
    fn word(&self, start: u32, end: u32) -> Value {
        Value::Str(Str::from_bytes(self.tree.span(start + 1, end - 1)))
    }

    fn literal(&self, index: u32) -> Value {
        Value::Str(self.tree.literals[index as usize].value.clone())
    }

    fn ideal(&mut self, word: Index, index: u32) -> Result<Val, Error> {
        let number = &self.tree.numbers[index as usize];
        match &number.ideal {
            Some(value) => Ok(Val::of(value.clone())),
            None => {
                self.at = Some(At::Node(word));
                self.fail(format!("{} overflows int", number.text))
            }
        }
    }

    /// A field, a variable or a chain, with the arguments that its last name may take as a method.
    fn chained(&mut self, dot: &Val, word: Index, rest: Rest<'_>) -> Result<Val, Error> {
        self.at = Some(At::Node(word));
        match self.tree.node(word) {
            Node::Field { start, end } => self.fields(dot, dot, Fields { chain: word, start, end }, rest),
            Node::Variable { id, start, end } => {
                let val = self.variable(id, start, end)?;
                match self.tree.dot(start, end) {
                    None => {
                        self.no_arguments(word, &rest)?;
                        Ok(val)
                    }
                    Some(start) => self.fields(dot, &val, Fields { chain: word, start, end }, rest),
                }
            }
            _ => {
                let receiver = self.chain_start(dot, word)?;
                let (start, end) = self.tree.fields(word);
                self.fields(dot, &receiver, Fields { chain: word, start, end }, rest)
            }
        }
    }

    fn chain_start(&mut self, dot: &Val, chain: Index) -> Result<Val, Error> {
        self.at = Some(At::Start(chain));
        match self.tree.node(chain) {
            Node::PipeChain { .. } => self.pipeline(dot, chain),
            Node::FunctionChain { index, .. } => self.function(dot, self.tree.func(index), At::Start(chain), alone!()),
            _ => self.fail("not a field"),
        }
    }

    /// Follows fields; the last may be a method and take the arguments.
    fn fields(&mut self, dot: &Val, start: &Val, fields: Fields, rest: Rest<'_>) -> Result<Val, Error> {
        if let Some(t) = &mut self.machine.trace {
            t.chain_start();
        }
        let mut receiver = start;
        let mut held;
        let start = self.machine.trace.is_some().then(|| start.value.clone());
        // Every name has a dot in front.
        let mut names = self.tree.span(fields.start + 1, fields.end);
        let mut i = 0;
        while let Some(at) = names.iter().position(|b| *b == b'.') {
            let next = self.field(dot, receiver, fields.chain, &names[..at], alone!());
            held = next.map_err(|e| self.not_followed(e, fields, i, start.as_ref()))?;
            receiver = &held;
            names = &names[at + 1..];
            i += 1;
        }
        let val = self.field(dot, receiver, fields.chain, names, rest);
        let val = val.map_err(|e| self.not_followed(e, fields, i, start.as_ref()))?;
        if let Some(t) = &mut self.machine.trace {
            // Tables on the way are not what was read; the end of the chain is.
            t.chain_end(&val.value, matches!(self.tree.node(fields.chain), Node::Field { .. }));
        }
        Ok(val)
    }

    /// The error of a chain with what is known of the chain.
    #[cold]
    fn not_followed(&self, error: Error, fields: Fields, failed: usize, start: Option<&Value>) -> Error {
        // What the last name's arguments or the name's own call did is told there.
        let Some(start) = start else { return error };
        let names = self.tree.span(fields.start + 1, fields.end).split(|b| *b == b'.');
        let names: Vec<Str> = names.map(Str::from_bytes).collect();
        let is_field = matches!(self.tree.node(fields.chain), Node::Field { .. });
        let placed = usize::from(is_field && names.len() > 1);
        self.detailed(error, || Detail::Names { start: start.clone(), names, failed, placed })
    }

    fn field(&mut self, dot: &Val, receiver: &Val, chain: Index, name: &'e [u8], rest: Rest<'_>) -> Result<Val, Error> {
        if let Some(t) = &mut self.machine.trace {
            t.step(name);
        }
        match &receiver.value {
            Value::Map(map) => {
                if let Some(m) = map.kind().methods().iter().find(|m| *name == *m.name.as_bytes()) {
                    return self.method(dot, receiver, m, chain, rest);
                }
                if !rest.is_none() {
                    return self.fail(format!("{} is not a method but has arguments", shown(name)));
                }
                self.map_entry(map, name)
            }
            Value::Nil if receiver.in_interface => {
                self.fail(format!("nil pointer evaluating interface {{}}.{}", shown(name)))
            }
            Value::Nil => {
                if self.machine.options.missing_key == MissingKey::Error {
                    return self.fail(format!("nil data; no entry for key {}", quote(name)));
                }
                Ok(Val::NONE)
            }
            other => {
                if let Some(m) = other.methods().iter().find(|m| *name == *m.name.as_bytes()) {
                    return self.method(dot, receiver, m, chain, rest);
                }
                self.field_of_object(receiver, name, &rest)
            }
        }
    }

    fn field_of_object(&mut self, receiver: &Val, name: &[u8], rest: &Rest<'_>) -> Result<Val, Error> {
        if let Value::Object(o) = &receiver.value
            && let Some(value) = std::str::from_utf8(name).ok().and_then(|n| o.field(n))
        {
            if !rest.is_none() {
                return self.fail(format!("{} has arguments but cannot be invoked as function", shown(name)));
            }
            let in_interface = value.is_nil();
            let addressable = o.kind() == Kind::Ptr;
            return Ok(Val { value, in_interface, addressable });
        }
        let name_shown = shown(name);
        if let Value::Object(o) = &receiver.value
            && o.is_nil()
        {
            return self.fail(format!("nil pointer evaluating {}.{name_shown}", o.go_type()));
        }
        if let Value::Object(o) = &receiver.value
            && o.printed_fields().iter().any(|(hidden, _)| *name == *hidden.as_bytes())
        {
            return self.fail(format!("{name_shown} is an unexported field of struct type {}", o.go_type()));
        }
        self.fail(format!("can't evaluate field {name_shown} in type {}", receiver.static_type()))
    }

    fn map_entry(&mut self, map: &Map, name: &[u8]) -> Result<Val, Error> {
        let kind = map.kind();
        if let Some(e) = map.borrow().get(name) {
            let value = e.value.clone();
            if let Some(t) = &mut self.machine.trace {
                t.note(e.origin);
            }
            return Ok(match kind {
                MapKind::Strings | MapKind::Bytes(..) => Val::of(value),
                _ => Val::slot(value),
            });
        }
        match (self.machine.options.missing_key, kind) {
            (MissingKey::Default, _) => Ok(Val::NONE),
            (MissingKey::Zero, kind) => Ok(kind.zero().map_or(Val::slot(Value::Nil), Val::of)),
            (MissingKey::Error, _) => self.fail(format!("map has no entry for key {}", quote(name))),
        }
    }

    // Calls.

    fn function(&mut self, dot: &Val, func: &'static Func, node: At, rest: Rest<'_>) -> Result<Val, Error> {
        let signature = Signature { params: func.params, variadic: func.variadic };
        self.count_arguments(func.name, &signature, &rest)?;
        if std::ptr::eq(func, AND) || std::ptr::eq(func, OR) {
            return self.and_or(dot, std::ptr::eq(func, OR), rest);
        }
        if std::ptr::eq(func, LEN) {
            return self.len(dot, node, rest);
        }
        if std::ptr::eq(func, SLICE) {
            return self.slice(dot, node, rest);
        }
        let word = (rest.words.count > 0).then_some(rest.words.first);
        self.with_arguments(dot, &signature, rest, |exec, args| {
            let before = exec.machine.trace.as_mut().map(|t| t.call(func.name, args));
            let most = exec.machine.options.max_text;
            let mut call = Call { args, runtime: &mut *exec.machine };
            let answer = if text_size(args) > most { Err(too_long(most)) } else { (func.call)(&mut call) };
            match answer {
                Ok(value) if text_size(std::slice::from_ref(&value)) > most => {
                    Err(exec.call_failed(node, Str::from_static(func.name), too_long(most)))
                }
                Ok(mut value) => {
                    if let (Some(t), Some(before)) = (&mut exec.machine.trace, before) {
                        t.call_end(func.name, args, &mut value, before);
                    }
                    Ok(Val { value, in_interface: func.result == Type::Any, addressable: false })
                }
                Err(cause) => {
                    let cause = if std::ptr::eq(func, CALL) { exec.not_callable(cause, word, &args[0]) } else { cause };
                    let error = exec.call_failed(node, Str::from_static(func.name), cause);
                    Err(exec.detailed(error, || Detail::Arguments(args.to_vec())))
                }
            }
        })
    }

    fn method(
        &mut self,
        dot: &Val,
        receiver: &Val,
        method: &'static rhumb_value::Method,
        word: Index,
        rest: Rest<'_>,
    ) -> Result<Val, Error> {
        let signature = Signature { params: method.params, variadic: method.variadic };
        self.count_arguments(method.name, &signature, &rest)?;
        let chain = self.machine.trace.as_mut().map(|t| t.pause());
        let result = self.with_arguments(dot, &signature, rest, |exec, args| {
            match (method.call)(&receiver.value, args) {
                Ok(value) => Ok(Val::of(value)),
                // Go calls no method that gives more than a value and an error; one that would says so itself.
                Err(text) if text.contains("return value") => exec.fail(text),
                Err(text) => {
                    let name = Str::from_static(method.name);
                    Err(exec.call_failed(At::Node(word), name, Error::Message(text)))
                }
            }
        });
        if let (Some(t), Some(chain)) = (&mut self.machine.trace, chain) {
            t.resume(*chain);
        }
        result
    }

    /// The error of `call` with the text of its operand, or of the value that was piped into it.
    #[cold]
    fn not_callable(&self, cause: Error, word: Option<Index>, value: &Value) -> Error {
        let Error::Message(text) = &cause else { return cause };
        let Some(rest) = text.strip_prefix(NON_FUNCTION) else { return cause };
        let operand = match (word, value) {
            (Some(word), _) => show_operand(self.tree, word),
            (None, Value::Str(s)) => s.to_string(),
            (None, other) => format!("<{} Value>", other.type_name()),
        };
        Error::new(format!("{NON_FUNCTION} {operand}{rest}"))
    }

    #[cold]
    fn call_failed(&mut self, node: At, name: Str, cause: Error) -> Error {
        self.at = Some(node);
        self.error(Reason::Calling { name, cause })
    }

    fn count_arguments(&self, name: &str, s: &Signature, rest: &Rest<'_>) -> Result<(), Error> {
        let given = rest.words.count;
        let (count, want) = (given + usize::from(rest.last.is_some()), s.params.len());
        if s.variadic {
            if count < want - 1 {
                let want = want - 1;
                return self.fail(format!("wrong number of args for {name}: want at least {want} got {given}"));
            }
        } else if count != want {
            return self.fail(format!("wrong number of args for {name}: want {want} got {count}"));
        }
        Ok(())
    }

    fn and_or(&mut self, dot: &Val, or: bool, Rest { words, last }: Rest<'_>) -> Result<Val, Error> {
        let mut val = Val::NONE;
        let mut word = words.first;
        for _ in 0..words.count {
            val = self.operand(dot, word)?;
            if val.value.truth() == or {
                return Ok(val);
            }
            word = self.tree.after(word);
        }
        Ok(last.take().unwrap_or(val))
    }

    /// `len`, which tells a nil in a slot from nothing at all.
    fn len(&mut self, dot: &Val, node: At, Rest { words, last }: Rest<'_>) -> Result<Val, Error> {
        let val = if words.count > 0 { self.operand(dot, words.first)? } else { last.take().unwrap_or_default() };
        let result = if val.value.is_nil() && val.in_interface {
            Err(Error::new("len of nil pointer"))
        } else {
            builtins::len(&val.value)
        };
        result.map(Val::of).map_err(|cause| self.call_failed(node, Str::from_static("len"), cause))
    }

    /// `slice`, which takes no index out of an interface slot.
    fn slice(&mut self, dot: &Val, node: At, Rest { words, last }: Rest<'_>) -> Result<Val, Error> {
        let mut values = Vec::with_capacity(words.count + 1);
        let mut word = words.first;
        for _ in 0..words.count {
            values.push(self.operand(dot, word)?);
            word = self.tree.after(word);
        }
        values.extend(last.take());
        let indexes = values
            .iter()
            .enumerate()
            .map(|(i, v)| if i > 0 && v.in_interface { crate::opaque::interface() } else { v.value.clone() });
        let indexes: Vec<Value> = indexes.collect();
        let result = builtins::slice(&indexes);
        result.map(Val::of).map_err(|cause| self.call_failed(node, Str::from_static("slice"), cause))
    }

    fn with_arguments(
        &mut self,
        dot: &Val,
        s: &Signature,
        Rest { words, last }: Rest<'_>,
        call: impl FnOnce(&mut Self, &[Value]) -> Result<Val, Error>,
    ) -> Result<Val, Error> {
        let count = words.count + usize::from(last.is_some());
        let mut few: [Value; FEW] = [const { Value::Nil }; FEW];
        let mut many = Vec::new();
        let values: &mut [Value] = if count <= FEW {
            &mut few[..count]
        } else {
            many.resize(count, Value::Nil);
            &mut many
        };
        if let Some(t) = &mut self.machine.trace {
            t.call_start();
        }
        let mut word = words.first;
        for (i, value) in values.iter_mut().take(words.count).enumerate() {
            *value = self.argument(dot, param(s, i), word)?;
            if let Some(t) = &mut self.machine.trace {
                t.argument_done();
            }
            word = self.tree.after(word);
        }
        if let Some(val) = last.take() {
            values[words.count] = self.convert(val, param(s, words.count))?;
        }
        let result = call(self, values);
        if let Some(t) = &mut self.machine.trace {
            t.call_over();
        }
        result
    }

    /// An operand that may be of any type, with what reflection knows about it.
    fn operand(&mut self, dot: &Val, word: Index) -> Result<Val, Error> {
        self.at = Some(At::Node(word));
        match self.tree.node(word) {
            Node::Field { .. } | Node::Variable { .. } | Node::PipeChain { .. } | Node::FunctionChain { .. } => {
                self.chained(dot, word, alone!())
            }
            Node::Pipe { .. } => self.pipeline(dot, word),
            Node::Function { index, .. } => self.function(dot, self.tree.func(index), At::Node(word), alone!()),
            Node::Nil(_) => Ok(Val::NONE),
            _ => self.constant(dot, word),
        }
    }

    fn argument(&mut self, dot: &Val, want: Type, word: Index) -> Result<Value, Error> {
        match self.tree.node(word) {
            Node::Nil(_) if !can_be_nil(want) => {
                self.at = Some(At::Node(word));
                self.fail(format!("cannot assign nil to {}", want.name()))
            }
            Node::Bool(..) | Node::Word { .. } | Node::Literal { .. } | Node::Int { .. } | Node::Number { .. } => {
                self.literal_argument(want, word)
            }
            _ => {
                let val = self.operand(dot, word)?;
                self.convert(val, want)
            }
        }
    }

    /// A literal as an argument: it takes the type that is asked for.
    fn literal_argument(&mut self, want: Type, word: Index) -> Result<Value, Error> {
        self.at = Some(At::Node(word));
        let node = self.tree.node(word);
        let expected = match (want, node) {
            (Type::Any | Type::Reflect, _) => return self.constant(&Val::NONE, word).map(|v| v.value),
            (Type::Bool, Node::Bool(_, b)) => return Ok(Value::Bool(b)),
            (Type::Bool, _) => "bool",
            (Type::String, Node::Word { start, end }) => return Ok(self.word(start, end)),
            (Type::String, Node::Literal { index, .. }) => return Ok(self.literal(index)),
            (Type::String, _) => "string",
            (Type::Int(_) | Type::Named("time.Duration"), _) => {
                let kind = if let Type::Int(kind) = want { kind } else { IntKind::Int64 };
                let (int, uint) = match node {
                    Node::Int { value, .. } => (Some(i64::from(value)), Some(u64::from(value))),
                    Node::Number { index } => {
                        let n = &self.tree.numbers[index as usize];
                        (n.int, n.uint)
                    }
                    _ => (None, None),
                };
                match (kind.is_unsigned(), int, uint) {
                    (true, _, Some(u)) => return Ok(Value::Int(u as i64, kind)),
                    (true, ..) => "unsigned integer",
                    (false, Some(i), _) => return Ok(Value::Int(i, kind)),
                    (false, ..) => "integer",
                }
            }
            (Type::Float64, Node::Int { value, .. }) => return Ok(Value::Float(f64::from(value))),
            (Type::Float64, Node::Number { index }) => match self.tree.numbers[index as usize].float {
                Some(f) => return Ok(Value::Float(f)),
                None => "float",
            },
            (Type::Float64, _) => "float",
            (other, _) => {
                let text = show_operand(self.tree, word);
                return self.fail(format!("can't handle {text} for arg of type {}", other.name()));
            }
        };
        self.fail(format!("expected {expected}; found {}", show_operand(self.tree, word)))
    }

    /// Checks a value against a declared type (Go: `validateType`).
    fn convert(&self, val: Val, want: Type) -> Result<Value, Error> {
        if matches!(want, Type::Any | Type::Reflect) {
            return Ok(match val.value {
                Value::Object(o) if o.is_nil() => Value::Nil,
                value => value,
            });
        }
        if val.is_none() {
            return match want {
                Type::Map => Ok(Value::Map(Map::nil(MapKind::Any))),
                Type::List => Ok(Value::List(List::nil(ListKind::Any))),
                Type::Strings => Ok(Value::List(List::nil(ListKind::Strings))),
                t if can_be_nil(t) => Ok(Value::Nil),
                t => self.fail(format!("invalid value; expected {}", t.name())),
            };
        }
        if assignable(&val.value, want) {
            return Ok(val.value);
        }
        let got = if val.value.is_nil() { "interface {}" } else { val.value.type_name() };
        let failed = self.fail(format!("wrong type for value; expected {}; got {got}", want.name()));
        failed.map_err(|e| self.detailed(e, || Detail::Value(val.value)))
    }
}

fn shown(name: &[u8]) -> std::borrow::Cow<'_, str> {
    raw::text(name)
}

fn param(s: &Signature, index: usize) -> Type {
    s.params.get(index).or(s.params.last()).copied().unwrap_or(Type::Any)
}

/// Whether Go lets a nil stand for the type.
fn can_be_nil(t: Type) -> bool {
    match t {
        Type::Any | Type::List | Type::Strings | Type::Bytes | Type::Map | Type::Error | Type::Reflect => true,
        // An interface, a pointer, a slice or a map.
        Type::Named(name) => {
            name == "io.Writer" || name.starts_with('*') || name.starts_with(['[', 'm']) && !name.contains('.')
        }
        Type::Bool | Type::Int(_) | Type::Float64 | Type::String => false,
    }
}

/// Go's assignability: the same type, or a named type over the same unnamed one.
fn assignable(value: &Value, want: Type) -> bool {
    match (want, value) {
        (Type::Any | Type::Reflect, _)
        | (Type::Bool, Value::Bool(_))
        | (Type::Float64, Value::Float(_))
        | (Type::String, Value::Str(_))
        | (Type::Bytes, Value::Bytes(_)) => true,
        (Type::Int(want), Value::Int(_, kind)) => want == *kind,
        (Type::List, Value::List(l)) => matches!(l.kind(), ListKind::Any),
        (Type::Strings, Value::List(l)) => matches!(l.kind(), ListKind::Strings | ListKind::Named(..)),
        (Type::Map, Value::Map(m)) => match m.kind() {
            MapKind::Any | MapKind::Named(..) => true,
            MapKind::Strings | MapKind::Bytes(..) => false,
        },
        (Type::Error, Value::Object(o)) => o.string().is_some(),
        (Type::Named(name), v) => v.type_name() == name,
        _ => false,
    }
}

/// The bytes of the texts among these values, not of those inside lists and maps.
fn text_size(values: &[Value]) -> usize {
    let sizes = values.iter().map(|v| if let Value::Str(s) = v { s.len() } else { 0 });
    sizes.fold(0, usize::saturating_add)
}

#[cold]
fn too_long(most: usize) -> Error {
    Error::new(format!("text longer than {most} bytes"))
}
