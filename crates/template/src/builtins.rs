//! Go's own functions: every template has them.

use rhumb_gostd::escape;
use rhumb_value::{List, ListKind, Map, Str, Type, Value};

use crate::compare;
use crate::error::Error;
use crate::func::{Call, Func};

const REFLECT: &[Type] = &[Type::Reflect];
const REFLECTS: &[Type] = &[Type::Reflect, Type::Reflect];
const REFLECT_ANY: &[Type] = &[Type::Reflect, Type::Reflect];
const ANY: &[Type] = &[Type::Any];

type Run = fn(&mut Call<'_>) -> Result<Value, Error>;

const fn func(name: &'static str, params: &'static [Type], variadic: bool, result: Type, call: Run) -> Func {
    Func { name, params, variadic, result, call }
}

/// Sorted by name.
pub(crate) static BUILTINS: [Func; 19] = [
    func("and", REFLECT_ANY, true, Type::Reflect, last),
    func("call", REFLECT_ANY, true, Type::Reflect, call),
    func("eq", REFLECT_ANY, true, Type::Bool, |c| compare::eq(c.args).map(Value::Bool)),
    func("ge", REFLECTS, false, Type::Bool, |c| Ok(Value::Bool(!compare::lt(&c.args[0], &c.args[1])?))),
    func("gt", REFLECTS, false, Type::Bool, gt),
    func("html", ANY, true, Type::String, |c| Ok(Value::from(escape::html_escape(&printed(c))))),
    func("index", REFLECT_ANY, true, Type::Reflect, |c| index(c.args)),
    func("js", ANY, true, Type::String, |c| Ok(Value::from(escape::js_escape(&printed(c))))),
    func("le", REFLECTS, false, Type::Bool, |c| compare::le(&c.args[0], &c.args[1]).map(Value::Bool)),
    func("len", REFLECT, false, Type::INT, |c| len(&c.args[0])),
    func("lt", REFLECTS, false, Type::Bool, |c| compare::lt(&c.args[0], &c.args[1]).map(Value::Bool)),
    func("ne", REFLECTS, false, Type::Bool, |c| compare::ne(&c.args[0], &c.args[1]).map(Value::Bool)),
    func("not", REFLECT, false, Type::Bool, |c| Ok(Value::Bool(!c.args[0].truth()))),
    func("or", REFLECT_ANY, true, Type::Reflect, last),
    func("print", ANY, true, Type::String, |c| Ok(Value::from(rhumb_value::fmt::sprint(c.args)))),
    func("printf", &[Type::String, Type::Any], true, Type::String, printf),
    func("println", ANY, true, Type::String, |c| Ok(Value::from(rhumb_value::fmt::sprintln(c.args)))),
    func("slice", REFLECT_ANY, true, Type::Reflect, |c| slice(c.args)),
    func("urlquery", ANY, true, Type::String, |c| Ok(Value::from(escape::url_query_escape(&printed(c))))),
];

/// `and`, which the executor runs itself since it may leave arguments alone.
pub(crate) static AND: &Func = &BUILTINS[0];
/// `call`, whose error quotes its operand.
pub(crate) static CALL: &Func = &BUILTINS[1];
/// `len`, which the executor runs too.
pub(crate) static LEN: &Func = &BUILTINS[9];
/// `or`, likewise.
pub(crate) static OR: &Func = &BUILTINS[13];
/// `slice`, likewise.
pub(crate) static SLICE: &Func = &BUILTINS[17];

fn last(c: &mut Call<'_>) -> Result<Value, Error> {
    Ok(c.args.last().cloned().unwrap_or_default())
}

fn gt(c: &mut Call<'_>) -> Result<Value, Error> {
    Ok(Value::Bool(!compare::le(&c.args[0], &c.args[1])?))
}

fn printf(c: &mut Call<'_>) -> Result<Value, Error> {
    let format = c.args[0].as_str().cloned().unwrap_or_default();
    Ok(Value::from(rhumb_value::fmt::sprintf(&format, &c.args[1..])))
}

/// No value of ours is a function. The executor puts the operand's text behind the first word.
fn call(c: &mut Call<'_>) -> Result<Value, Error> {
    Err(match &c.args[0] {
        Value::Nil => Error::new("call of nil"),
        other => Error::new(format!("{NON_FUNCTION} of type {}", other.type_name())),
    })
}

/// How the error of `call` starts.
pub(crate) const NON_FUNCTION: &str = "non-function";

/// What `html`, `js` and `urlquery` work on: a single string as it is, all else printed, nil as `<no value>`.
fn printed(c: &Call<'_>) -> Vec<u8> {
    if let [Value::Str(s)] = c.args {
        return s.to_vec();
    }
    if let [object @ Value::Object(_)] = c.args {
        let mut out = Vec::new();
        rhumb_value::fmt::append_written(&mut out, object);
        return out;
    }
    let args: Vec<Value> = c
        .args
        .iter()
        .map(|v| if v.is_nil() { Value::Str(Str::from_static("<no value>")) } else { v.clone() })
        .collect();
    rhumb_value::fmt::sprint(&args)
}

pub(crate) fn len(item: &Value) -> Result<Value, Error> {
    let n = match item {
        Value::Nil => return Err(Error::new("reflect: call of reflect.Value.Type on zero Value")),
        Value::Str(s) => s.len(),
        Value::Bytes(b) => b.len(),
        Value::List(l) => l.len(),
        Value::Map(m) => m.len(),
        other => return Err(Error::new(format!("len of type {}", pointed_to(other)))),
    };
    Ok(Value::int(n as i64))
}

fn index(args: &[Value]) -> Result<Value, Error> {
    let mut item = args[0].clone();
    if item.is_nil() {
        return Err(Error::new("index of untyped nil"));
    }
    for key in &args[1..] {
        item = match &item {
            Value::Nil => return Err(Error::new("index of nil pointer")),
            Value::Map(m) => index_map(m, key)?,
            Value::List(l) => l[position(key, l.len(), "slice")?].clone(),
            Value::Str(s) => byte(s[position(key, s.len(), "string")?]),
            Value::Bytes(b) => byte(b[position(key, b.len(), "slice")?]),
            other => return Err(Error::new(format!("can't index item of type {}", pointed_to(other)))),
        };
    }
    Ok(item)
}

fn byte(b: u8) -> Value {
    Value::Int(i64::from(b), rhumb_value::IntKind::Uint8)
}

fn index_map(m: &Map, key: &Value) -> Result<Value, Error> {
    match key {
        Value::Str(k) => Ok(m.get(k).or_else(|| m.kind().zero()).unwrap_or_default()),
        Value::Nil => Err(Error::new("value is nil; should be of type string")),
        other => Err(Error::new(format!("value has type {}; should be string", other.type_name()))),
    }
}

/// The type behind a pointer, which Go follows before it looks.
fn pointed_to(value: &Value) -> &'static str {
    value.type_name().trim_start_matches('*')
}

fn position(key: &Value, len: usize, what: &str) -> Result<usize, Error> {
    let n = index_arg(key)?;
    // Go's own check lets the length pass, and dies of it.
    if usize::try_from(n) == Ok(len) {
        return Err(Error::new(format!("reflect: {what} index out of range")));
    }
    usize::try_from(n).ok().filter(|i| *i < len).ok_or_else(|| Error::new(format!("index out of range: {n}")))
}

fn index_arg(key: &Value) -> Result<i64, Error> {
    match (key, key.integer()) {
        (_, Some((n, _))) => Ok(n),
        (Value::Nil, _) => Err(Error::new("cannot index slice/array with nil")),
        (other, _) => Err(Error::new(format!("cannot index slice/array with type {}", other.type_name()))),
    }
}

pub(crate) fn slice(args: &[Value]) -> Result<Value, Error> {
    let item = &args[0];
    if item.is_nil() {
        return Err(Error::new("slice of untyped nil"));
    }
    if args.len() > 4 {
        return Err(Error::new(format!("too many slice indexes: {}", args.len() - 1)));
    }
    let length = match item {
        Value::Str(_) if args.len() == 4 => return Err(Error::new("cannot 3-index slice a string")),
        Value::Str(s) => s.len(),
        Value::List(l) => l.len(),
        Value::Bytes(b) => b.len(),
        other => return Err(Error::new(format!("can't slice item of type {}", other.type_name()))),
    };
    let mut bounds = [0, length, length];
    for (i, arg) in args[1..].iter().enumerate() {
        let n = index_arg(arg)?;
        bounds[i] = usize::try_from(n)
            .ok()
            .filter(|n| *n <= length)
            .ok_or_else(|| Error::new(format!("index out of range: {n}")))?;
    }
    let [from, to, cap] = bounds;
    if from > to {
        return Err(Error::new(format!("invalid slice index: {from} > {to}")));
    }
    if to > cap {
        return Err(Error::new(format!("invalid slice index: {to} > {cap}")));
    }
    Ok(match item {
        Value::Str(s) => Value::Str(Str::from_bytes(&s[from..to])),
        Value::Bytes(b) => Value::Bytes(b[from..to].into()),
        Value::List(l) => Value::List(cut(l, from, to)),
        other => other.clone(),
    })
}

fn cut(l: &List, from: usize, to: usize) -> List {
    let items = l[from..to].to_vec();
    match l.kind() {
        ListKind::Any => List::with_origins(items, (from..to).map(|i| l.origin(i)).collect()),
        kind => List::with_kind(kind, items),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_its_shortcuts_point_right() {
        assert!(BUILTINS.is_sorted_by(|a, b| a.name < b.name));
        let shortcuts = [(AND, "and"), (CALL, "call"), (LEN, "len"), (OR, "or"), (SLICE, "slice")];
        for (func, name) in shortcuts {
            assert_eq!(func.name, name);
        }
    }
}
