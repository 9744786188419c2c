//! `eq`, `lt` and their kin: Go's rules about which values compare at all.

use std::cmp::Ordering;

use rhumb_gostd::raw;
use rhumb_value::{IntKind, Kind, Value};

use crate::error::Error;

/// The kinds that compare with each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Basic {
    Bool,
    Int,
    Uint,
    Float,
    String,
}

fn basic(v: &Value) -> Option<Basic> {
    Some(match v {
        Value::Bool(_) => Basic::Bool,
        Value::Int(_, k) if k.is_unsigned() => Basic::Uint,
        Value::Int(..) => Basic::Int,
        Value::Float(_) => Basic::Float,
        Value::Str(_) => Basic::String,
        v => return v.integer().map(|_| Basic::Int),
    })
}

fn incompatible(a: &Value, b: &Value) -> Error {
    Error::new(format!("incompatible types for comparison: {} and {}", kind(a), kind(b)))
}

fn kind(v: &Value) -> &'static str {
    match v {
        Value::Nil => "invalid",
        v => v.type_name(),
    }
}

fn non_comparable(v: &Value) -> Error {
    // Go shows the value with %s, complaints about numbers included.
    let shown = rhumb_value::fmt::sprintf(b"%s", std::slice::from_ref(v));
    Error::new(format!("non-comparable type {}: {}", raw::text(&shown), v.type_name()))
}

fn non_comparable_pair(a: &Value, b: &Value) -> Error {
    let shown = |verb: &[u8], v: &Value| {
        let text = rhumb_value::fmt::sprintf(verb, std::slice::from_ref(v));
        raw::text(&text).into_owned()
    };
    let (x, y) = (a.type_name(), b.type_name());
    Error::new(format!("non-comparable types {}: {x}, {y}: {}", shown(b"%s", a), shown(b"%v", b)))
}

/// Whether the first equals any of the others.
pub(crate) fn eq(args: &[Value]) -> Result<bool, Error> {
    let (a, rest) = args.split_first().ok_or_else(|| Error::new("missing argument for comparison"))?;
    if rest.is_empty() {
        return Err(Error::new("missing argument for comparison"));
    }
    for b in rest {
        if equal(a, b)? {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(crate) fn ne(a: &Value, b: &Value) -> Result<bool, Error> {
    equal(a, b).map(|equal| !equal)
}

fn equal(a: &Value, b: &Value) -> Result<bool, Error> {
    match (basic(a), basic(b)) {
        (Some(x), Some(y)) if x == y => Ok(order(a, b) == Some(Ordering::Equal)),
        (Some(Basic::Int), Some(Basic::Uint)) | (Some(Basic::Uint), Some(Basic::Int)) => {
            Ok(order(a, b) == Some(Ordering::Equal))
        }
        (None, None) => same(a, b),
        _ if a.is_nil() || b.is_nil() => Ok(false),
        _ => Err(incompatible(a, b)),
    }
}

/// Values that are neither numbers, texts nor bools.
fn same(a: &Value, b: &Value) -> Result<bool, Error> {
    match (a, b) {
        (Value::Nil, other) | (other, Value::Nil) => Ok(other.is_nil() || is_nil(other)),
        // Go looks at the kinds first: maps of two types come as far as the next rules.
        _ if a.kind() != b.kind() => Err(non_comparable_pair(a, b)),
        _ if is_nil(a) || is_nil(b) => Ok(is_nil(a) == is_nil(b)),
        _ if matches!(b.kind(), Kind::Slice | Kind::Map) => Err(non_comparable(b)),
        _ if a.type_name() != b.type_name() => Ok(false),
        (Value::Object(x), Value::Object(y)) if x.kind() == Kind::Ptr => {
            Ok(std::rc::Rc::ptr_eq(x, y) || x.same_pointer(&**y))
        }
        _ => Ok(a.deep_equal(b)),
    }
}

/// Whether it is the nil of a type of maps or lists.
fn is_nil(v: &Value) -> bool {
    match v {
        Value::Map(m) => m.is_nil(),
        Value::List(l) => l.is_nil(),
        _ => false,
    }
}

fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Int(a, k), Value::Int(b, l)) => Some(wide(*a, *k).cmp(&wide(*b, *l))),
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
        (Value::Str(a), Value::Str(b)) => Some(a.cmp(b)),
        (a, b) => {
            let ((a, k), (b, l)) = (a.integer()?, b.integer()?);
            Some(wide(a, k).cmp(&wide(b, l)))
        }
    }
}

fn wide(n: i64, kind: IntKind) -> i128 {
    if kind.is_unsigned() { i128::from(n as u64) } else { i128::from(n) }
}

pub(crate) fn lt(a: &Value, b: &Value) -> Result<bool, Error> {
    let (x, y) = (basic(a), basic(b));
    let (Some(x), Some(y)) = (x, y) else {
        return Err(Error::new("invalid type for comparison"));
    };
    let mixed = matches!((x, y), (Basic::Int, Basic::Uint) | (Basic::Uint, Basic::Int));
    if x != y && !mixed {
        return Err(incompatible(a, b));
    }
    if x == Basic::Bool {
        return Err(Error::new("invalid type for comparison"));
    }
    Ok(order(a, b) == Some(Ordering::Less))
}

pub(crate) fn le(a: &Value, b: &Value) -> Result<bool, Error> {
    Ok(lt(a, b)? || equal(a, b)?)
}
