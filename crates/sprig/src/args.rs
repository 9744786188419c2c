//! Reading the arguments of a call, and the short ways to declare a function.

use rhumb_template::{Call, Error, Func};
use rhumb_value::{IntKind, List, Map, Type, Value};

/// What every function gives.
pub(crate) type Answer = Result<Value, Error>;

/// A function of fixed arity.
pub(crate) const fn func(
    name: &'static str,
    params: &'static [Type],
    result: Type,
    call: fn(&mut Call<'_>) -> Answer,
) -> Func {
    Func { name, params, variadic: false, result, call }
}

/// A function whose last parameter repeats.
pub(crate) const fn variadic(
    name: &'static str,
    params: &'static [Type],
    result: Type,
    call: fn(&mut Call<'_>) -> Answer,
) -> Func {
    Func { name, params, variadic: true, result, call }
}

/// Go's word for a use of nil that it does not survive.
pub(crate) const NIL_POINTER: &str = "runtime error: invalid memory address or nil pointer dereference";

/// An error with Go's text.
pub(crate) fn fail<T>(text: impl Into<String>) -> Result<T, Error> {
    Err(Error::new(text))
}

/// The argument at `i`, as it came.
pub(crate) fn any<'c>(call: &Call<'c>, i: usize) -> &'c Value {
    call.args.get(i).unwrap_or(&Value::Nil)
}

/// A string argument.
pub(crate) fn text<'c>(call: &Call<'c>, i: usize) -> &'c [u8] {
    match call.args.get(i) {
        Some(Value::Str(s)) => s,
        _ => b"",
    }
}

/// An integer argument.
pub(crate) fn int(call: &Call<'_>, i: usize) -> i64 {
    match call.args.get(i) {
        Some(Value::Int(n, _)) => *n,
        Some(Value::Float(f)) => *f as i64,
        _ => 0,
    }
}

/// A map argument; a nil one is an empty map of its own.
pub(crate) fn map(call: &Call<'_>, i: usize) -> Map {
    match call.args.get(i) {
        Some(Value::Map(m)) => m.clone(),
        _ => Map::new(),
    }
}

/// The elements of anything that Go calls a slice.
pub(crate) fn items(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::List(l) => Some(l.to_vec()),
        Value::Bytes(b) => Some(b.iter().map(|n| Value::Int(i64::from(*n), IntKind::Uint8)).collect()),
        _ => None,
    }
}

/// A list of type `[]interface {}`.
pub(crate) fn list(items: Vec<Value>) -> Value {
    Value::List(List::new(items))
}
