//! TOML in and out, in the layout and with the error texts of the reference.

mod read;
mod scalar;
mod tree;
mod write;

use rhumb_template::{Call, Error, Func};
use rhumb_value::{Map, Type, Value};

use crate::args::{Answer, any, func, text};

pub(crate) static FUNCS: &[Func] = &[
    func("toToml", &[Type::Any], Type::String, |c| write::to_toml(any(c, 0)).or_else(|e| recovered(e, any(c, 0)))),
    func("mustToToml", &[Type::Any], Type::String, |c| write::to_toml(any(c, 0))),
    func("fromToml", &[Type::String], Type::Map, from_toml),
];

/// How deep tables, arrays and dotted keys may go, in both directions.
const MAX_DEPTH: usize = 200;

/// `toToml` hands the text of an error on as its result; only nil itself is fatal.
fn recovered(error: Error, value: &Value) -> Answer {
    match error {
        Error::Message(text) if !value.is_nil() => Ok(text.into()),
        other => Err(other),
    }
}

/// The map; or a map with the error in it.
fn from_toml(c: &mut Call<'_>) -> Answer {
    Ok(read::from_toml(text(c, 0)).unwrap_or_else(|error| {
        let made = Map::new();
        made.insert("Error", error);
        made.into()
    }))
}
