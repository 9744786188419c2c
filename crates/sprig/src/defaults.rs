//! Defaults, emptiness and choices.

use rhumb_template::{Call, Func};
use rhumb_value::{Type, Value};

use crate::args::{Answer, any, func, variadic};

pub(crate) static FUNCS: &[Func] = &[
    variadic("default", &[Type::Any, Type::Any], Type::Any, default),
    variadic("all", &[Type::Any], Type::Bool, |c| Ok(c.args.iter().all(|v| !is_empty(v)).into())),
    variadic("any", &[Type::Any], Type::Bool, |c| Ok(c.args.iter().any(|v| !is_empty(v)).into())),
    variadic("coalesce", &[Type::Any], Type::Any, coalesce),
    func("empty", &[Type::Any], Type::Bool, |c| Ok(is_empty(any(c, 0)).into())),
    func("ternary", &[Type::Any, Type::Any, Type::Bool], Type::Any, ternary),
];

/// Nil, zero, false and what has no length; a struct never is.
pub(crate) fn is_empty(value: &Value) -> bool {
    !value.truth()
}

fn default(c: &mut Call<'_>) -> Answer {
    Ok(match c.args.get(1) {
        Some(given) if !is_empty(given) => given.clone(),
        _ => any(c, 0).clone(),
    })
}

fn coalesce(c: &mut Call<'_>) -> Answer {
    Ok(c.args.iter().find(|v| !is_empty(v)).cloned().unwrap_or_default())
}

fn ternary(c: &mut Call<'_>) -> Answer {
    Ok(any(c, if any(c, 2).truth() { 0 } else { 1 }).clone())
}
