//! Evaluating pipelines, commands and operands.

use rhumb_value::{Kind, List, ListKind, Map, MapKind, Str, Type, Value};

use crate::ast::{Chain, Command, Expr, Number, Pipe};
use crate::builtins::{self, AND, CALL, LEN, NON_FUNCTION, OR, SLICE};
use crate::display::{At, show_expr};
use crate::error::{Detail, Error, Reason};
use crate::exec::Exec;
use crate::func::{Call, Func};
use crate::machine::{MissingKey, Val};
use crate::quote::quote;

/// Arguments up to this many need no allocation.
const FEW: usize = 4;

/// A function or a method, as far as counting and checking arguments goes.
struct Signature {
    params: &'static [Type],
    variadic: bool,
}

impl<'e> Exec<'e, '_> {
    /// A pipeline's value, which also goes into its variables.
    pub(crate) fn pipeline(&mut self, dot: &Val, pipe: &'e Pipe) -> Result<Val, Error> {
        self.at = Some(At::Pipe(pipe));
        self.enter()?;
        let val = self.pipeline_value(dot, pipe);
        self.machine.nesting -= 1;
        val
    }

    fn pipeline_value(&mut self, dot: &Val, pipe: &'e Pipe) -> Result<Val, Error> {
        let mark = self.machine.trace.as_ref().map(|t| t.used());
        let (first, rest) = pipe.commands.split_first().ok_or_else(|| Error::new("empty pipeline"))?;
        let mut val = self.command(dot, first, None)?;
        val.in_interface = false;
        for command in rest {
            let outer = mark.and_then(|from| Some(self.machine.trace.as_mut()?.set_pipe(from)));
            val = self.command(dot, command, Some(val))?;
            val.in_interface = false;
            if let (Some(t), Some(outer)) = (&mut self.machine.trace, outer) {
                t.set_pipe(outer);
            }
        }
        for v in &pipe.decl {
            let index = if pipe.assign {
                self.assign(v.id, &v.name, val.clone())?
            } else {
                self.push(v.id, val.clone());
                self.machine.vars.len() - 1
            };
            if let (Some(t), Some(mark)) = (&mut self.machine.trace, mark) {
                t.set_variable(index, mark);
            }
        }
        Ok(val)
    }

    fn command(&mut self, dot: &Val, command: &'e Command, last: Option<Val>) -> Result<Val, Error> {
        let word = &command.args[0];
        let args = &command.args[1..];
        match word {
            Expr::Function(f) => {
                self.at = Some(At::Expr(word));
                self.function(dot, f.func, At::Command(command), args, last)
            }
            Expr::Field(_) | Expr::Variable(_) | Expr::Chain(_) => self.chained(dot, word, args, last),
            Expr::Pipe(pipe) => {
                self.no_arguments(word, args, &last)?;
                self.pipeline(dot, pipe)
            }
            Expr::Nil(_) => {
                self.at = Some(At::Expr(word));
                self.no_arguments(word, args, &last)?;
                self.fail("nil is not a command")
            }
            _ => {
                self.at = Some(At::Expr(word));
                self.no_arguments(word, args, &last)?;
                self.constant(dot, word)
            }
        }
    }

    fn no_arguments(&self, word: &Expr, args: &[Expr], last: &Option<Val>) -> Result<(), Error> {
        if args.is_empty() && last.is_none() {
            return Ok(());
        }
        self.fail(format!("can't give argument to non-function {}", show_expr(word)))
    }

    /// The dot or a literal.
    fn constant(&mut self, dot: &Val, word: &'e Expr) -> Result<Val, Error> {
        match word {
            Expr::Dot(_) => {
                if let Some(t) = &mut self.machine.trace {
                    t.read_dot();
                }
                Ok(dot.clone())
            }
            Expr::Bool(_, b) => Ok(Val::of(Value::Bool(*b))),
            Expr::Text(t) => Ok(Val::of(t.value.clone())),
            Expr::Number(n) => self.ideal(word, n),
            _ => self.fail(format!("can't evaluate command {}", quote(show_expr(word).as_bytes()))),
        }
    }

    fn ideal(&mut self, word: &'e Expr, n: &Number) -> Result<Val, Error> {
        match &n.ideal {
            Some(value) => Ok(Val::of(value.clone())),
            None => {
                self.at = Some(At::Expr(word));
                self.fail(format!("{} overflows int", n.text))
            }
        }
    }

    /// A field, a variable or a chain, with the arguments that its last name may take as a method.
    fn chained(&mut self, dot: &Val, word: &'e Expr, args: &'e [Expr], last: Option<Val>) -> Result<Val, Error> {
        self.at = Some(At::Expr(word));
        match word {
            Expr::Field(f) => self.fields(dot, dot.clone(), word, &f.names, args, last),
            Expr::Variable(v) => {
                let val = self.variable(v.id, &v.name)?;
                if v.names.is_empty() {
                    self.no_arguments(word, args, &last)?;
                    return Ok(val);
                }
                self.fields(dot, val, word, &v.names, args, last)
            }
            Expr::Chain(c) => {
                let receiver = self.chain_start(dot, c)?;
                self.fields(dot, receiver, word, &c.names, args, last)
            }
            _ => self.fail("not a field"),
        }
    }

    fn chain_start(&mut self, dot: &Val, c: &'e Chain) -> Result<Val, Error> {
        self.at = Some(At::Expr(&c.node));
        match &c.node {
            Expr::Pipe(pipe) => self.pipeline(dot, pipe),
            Expr::Function(f) => self.function(dot, f.func, At::Expr(&c.node), &[], None),
            node => self.chained(dot, node, &[], None),
        }
    }

    fn fields(
        &mut self,
        dot: &Val,
        mut receiver: Val,
        word: &'e Expr,
        names: &'e [Str],
        args: &'e [Expr],
        last: Option<Val>,
    ) -> Result<Val, Error> {
        let Some((name, before)) = names.split_last() else { return Ok(receiver) };
        if let Some(t) = &mut self.machine.trace {
            t.chain_start();
        }
        let start = self.machine.trace.is_some().then(|| receiver.value.clone());
        for (i, name) in before.iter().enumerate() {
            let next = self.field(dot, receiver, word, name, &[], None);
            receiver = next.map_err(|e| self.not_followed(e, word, names, i, start.as_ref()))?;
        }
        let val = self.field(dot, receiver, word, name, args, last);
        let val = val.map_err(|e| self.not_followed(e, word, names, before.len(), start.as_ref()))?;
        if let Some(t) = &mut self.machine.trace {
            // Tables on the way are not what was read; the end of the chain is.
            t.chain_end(&val.value, matches!(word, Expr::Field(_)));
        }
        Ok(val)
    }

    /// The error of a chain with what is known of the chain.
    #[cold]
    fn not_followed(&self, error: Error, word: &Expr, names: &[Str], failed: usize, start: Option<&Value>) -> Error {
        // What the last name's arguments or the name's own call did is told there.
        let Some(start) = start else { return error };
        let placed = usize::from(matches!(word, Expr::Field(f) if f.names.len() > 1));
        self.detailed(error, || Detail::Names { start: start.clone(), names: names.to_vec(), failed, placed })
    }

    fn field(
        &mut self,
        dot: &Val,
        receiver: Val,
        word: &'e Expr,
        name: &'e Str,
        args: &'e [Expr],
        last: Option<Val>,
    ) -> Result<Val, Error> {
        let has_args = !args.is_empty() || last.is_some();
        if let Some(t) = &mut self.machine.trace {
            t.step(name);
        }
        match &receiver.value {
            Value::Nil if receiver.in_interface => self.fail(format!("nil pointer evaluating interface {{}}.{name}")),
            Value::Nil => {
                if self.machine.options.missing_key == MissingKey::Error {
                    return self.fail(format!("nil data; no entry for key {}", quote(name)));
                }
                Ok(Val::NONE)
            }
            Value::Map(map) => {
                if let Some(m) = map.kind().methods().iter().find(|m| *name == *m.name) {
                    return self.method(dot, &receiver, m, word, args, last);
                }
                if has_args {
                    return self.fail(format!("{name} is not a method but has arguments"));
                }
                self.map_entry(map, name)
            }
            other => {
                if let Some(m) = other.methods().iter().find(|m| *name == *m.name) {
                    return self.method(dot, &receiver, m, word, args, last);
                }
                if let Value::Object(o) = other
                    && let Some(value) = name.to_str().and_then(|n| o.field(n))
                {
                    if has_args {
                        return self.fail(format!("{name} has arguments but cannot be invoked as function"));
                    }
                    let in_interface = value.is_nil();
                    let addressable = o.kind() == Kind::Ptr;
                    return Ok(Val { value, in_interface, addressable });
                }
                if let Value::Object(o) = other
                    && o.printed_fields().iter().any(|(hidden, _)| *name == **hidden)
                {
                    return self.fail(format!("{name} is an unexported field of struct type {}", o.go_type()));
                }
                self.fail(format!("can't evaluate field {name} in type {}", receiver.static_type()))
            }
        }
    }

    fn map_entry(&mut self, map: &Map, name: &Str) -> Result<Val, Error> {
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

    fn function(
        &mut self,
        dot: &Val,
        func: &'static Func,
        node: At<'e>,
        args: &'e [Expr],
        last: Option<Val>,
    ) -> Result<Val, Error> {
        let signature = Signature { params: func.params, variadic: func.variadic };
        self.count_arguments(func.name, &signature, args.len(), last.is_some())?;
        if std::ptr::eq(func, AND) || std::ptr::eq(func, OR) {
            return self.and_or(dot, std::ptr::eq(func, OR), args, last);
        }
        if std::ptr::eq(func, LEN) {
            return self.len(dot, node, args, last);
        }
        if std::ptr::eq(func, SLICE) {
            return self.slice(dot, node, args, last);
        }
        let word = args.first();
        self.with_arguments(dot, &signature, args, last, |exec, args| {
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
                    let cause = if std::ptr::eq(func, CALL) { not_callable(cause, word, &args[0]) } else { cause };
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
        word: &'e Expr,
        args: &'e [Expr],
        last: Option<Val>,
    ) -> Result<Val, Error> {
        let signature = Signature { params: method.params, variadic: method.variadic };
        self.count_arguments(method.name, &signature, args.len(), last.is_some())?;
        let chain = self.machine.trace.as_mut().map(|t| t.pause());
        let result = self.with_arguments(dot, &signature, args, last, |exec, args| {
            (method.call)(&receiver.value, args)
                .map(Val::of)
                .map_err(|text| exec.call_failed(At::Expr(word), Str::from_static(method.name), Error::Message(text)))
        });
        if let (Some(t), Some(chain)) = (&mut self.machine.trace, chain) {
            t.resume(*chain);
        }
        result
    }

    #[cold]
    fn call_failed(&mut self, node: At<'e>, name: Str, cause: Error) -> Error {
        self.at = Some(node);
        self.error(Reason::Calling { name, cause })
    }

    fn count_arguments(&self, name: &str, s: &Signature, given: usize, piped: bool) -> Result<(), Error> {
        let (count, want) = (given + usize::from(piped), s.params.len());
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

    fn and_or(&mut self, dot: &Val, or: bool, args: &'e [Expr], last: Option<Val>) -> Result<Val, Error> {
        let mut val = Val::NONE;
        for arg in args {
            val = self.operand(dot, arg)?;
            if val.value.truth() == or {
                return Ok(val);
            }
        }
        Ok(last.unwrap_or(val))
    }

    /// `len`, which tells a nil in a slot from nothing at all.
    fn len(&mut self, dot: &Val, node: At<'e>, args: &'e [Expr], last: Option<Val>) -> Result<Val, Error> {
        let val = match args {
            [arg, ..] => self.operand(dot, arg)?,
            [] => last.unwrap_or_default(),
        };
        let result = if val.value.is_nil() && val.in_interface {
            Err(Error::new("len of nil pointer"))
        } else {
            builtins::len(&val.value)
        };
        result.map(Val::of).map_err(|cause| self.call_failed(node, Str::from_static("len"), cause))
    }

    /// `slice`, which takes no index out of an interface slot.
    fn slice(&mut self, dot: &Val, node: At<'e>, args: &'e [Expr], last: Option<Val>) -> Result<Val, Error> {
        let mut values = Vec::with_capacity(args.len() + 1);
        for arg in args {
            values.push(self.operand(dot, arg)?);
        }
        values.extend(last);
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
        args: &'e [Expr],
        last: Option<Val>,
        call: impl FnOnce(&mut Self, &[Value]) -> Result<Val, Error>,
    ) -> Result<Val, Error> {
        let count = args.len() + usize::from(last.is_some());
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
        for (i, arg) in args.iter().enumerate() {
            values[i] = self.argument(dot, param(s, i), arg)?;
            if let Some(t) = &mut self.machine.trace {
                t.argument_done();
            }
        }
        if let Some(val) = last {
            values[args.len()] = self.convert(val, param(s, args.len()))?;
        }
        let result = call(self, values);
        if let Some(t) = &mut self.machine.trace {
            t.call_over();
        }
        result
    }

    /// An operand that may be of any type, with what reflection knows about it.
    fn operand(&mut self, dot: &Val, arg: &'e Expr) -> Result<Val, Error> {
        self.at = Some(At::Expr(arg));
        match arg {
            Expr::Field(_) | Expr::Variable(_) | Expr::Chain(_) => self.chained(dot, arg, &[], None),
            Expr::Pipe(pipe) => self.pipeline(dot, pipe),
            Expr::Function(f) => self.function(dot, f.func, At::Expr(arg), &[], None),
            Expr::Nil(_) => Ok(Val::NONE),
            _ => self.constant(dot, arg),
        }
    }

    fn argument(&mut self, dot: &Val, want: Type, arg: &'e Expr) -> Result<Value, Error> {
        match arg {
            Expr::Nil(_) if !can_be_nil(want) => {
                self.at = Some(At::Expr(arg));
                self.fail(format!("cannot assign nil to {}", want.name()))
            }
            Expr::Bool(..) | Expr::Text(_) | Expr::Number(_) => self.literal(want, arg),
            _ => {
                let val = self.operand(dot, arg)?;
                self.convert(val, want)
            }
        }
    }

    /// A literal as an argument: it takes the type that is asked for.
    fn literal(&mut self, want: Type, arg: &'e Expr) -> Result<Value, Error> {
        self.at = Some(At::Expr(arg));
        let expected = match (want, arg) {
            (Type::Any | Type::Reflect, _) => return self.constant(&Val::NONE, arg).map(|v| v.value),
            (Type::Bool, Expr::Bool(_, b)) => return Ok(Value::Bool(*b)),
            (Type::Bool, _) => "bool",
            (Type::String, Expr::Text(t)) => return Ok(t.value.clone()),
            (Type::String, _) => "string",
            (Type::Int(kind), Expr::Number(n)) if kind.is_unsigned() => match n.uint {
                Some(u) => return Ok(Value::Int(u as i64, kind)),
                None => "unsigned integer",
            },
            (Type::Int(kind), Expr::Number(n)) => match n.int {
                Some(i) => return Ok(Value::Int(i, kind)),
                None => "integer",
            },
            (Type::Int(kind), _) if kind.is_unsigned() => "unsigned integer",
            (Type::Int(_), _) => "integer",
            (Type::Float64, Expr::Number(n)) => match n.float {
                Some(f) => return Ok(Value::Float(f)),
                None => "float",
            },
            (Type::Float64, _) => "float",
            (other, _) => {
                let text = show_expr(arg);
                return self.fail(format!("can't handle {text} for arg of type {}", other.name()));
            }
        };
        self.fail(format!("expected {expected}; found {}", show_expr(arg)))
    }

    /// Checks a value against a declared type (Go: `validateType`).
    fn convert(&self, val: Val, want: Type) -> Result<Value, Error> {
        if matches!(want, Type::Any | Type::Reflect) {
            return Ok(val.value);
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

/// The error of `call` with the text of its operand, or of the value that was piped into it.
#[cold]
fn not_callable(cause: Error, word: Option<&Expr>, value: &Value) -> Error {
    let Error::Message(text) = &cause else { return cause };
    let Some(rest) = text.strip_prefix(NON_FUNCTION) else { return cause };
    let operand = match (word, value) {
        (Some(word), _) => show_expr(word),
        (None, Value::Str(s)) => s.to_string(),
        (None, other) => format!("<{} Value>", other.type_name()),
    };
    Error::new(format!("{NON_FUNCTION} {operand}{rest}"))
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
