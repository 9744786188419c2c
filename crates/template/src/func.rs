//! What a function of the template language is, and what it may ask of the machine that runs it.

use std::any::Any;

use rhumb_value::{Str, Type, Value};
use rhumb_world::World;

use crate::error::Error;

/// A function that templates may call, with the Go signature that the executor checks arguments against.
#[derive(Debug)]
pub struct Func {
    /// The name in templates.
    pub name: &'static str,
    /// The declared types of the parameters; the last is the element type where variadic.
    pub params: &'static [Type],
    /// Whether the last parameter repeats.
    pub variadic: bool,
    /// The declared type of the result; it shows in error texts.
    pub result: Type,
    /// The call. Arguments have been counted and converted to the declared types before.
    pub call: fn(&mut Call<'_>) -> Result<Value, Error>,
}

/// One call of a function.
pub struct Call<'c> {
    /// The arguments, checked against the signature.
    pub args: &'c [Value],
    /// The machine that runs the template.
    pub runtime: &'c mut dyn Runtime,
}

/// What a function may ask of the machine that runs the template.
pub trait Runtime {
    /// The outside: clock, entropy, names.
    fn world(&self) -> &dyn World;

    /// The state of whoever embeds the engine (for Helm: the chart's files, the cluster lookup, the mode).
    fn host(&self) -> &dyn Any;

    /// Runs a named template and returns what it wrote (`include`).
    fn execute(&mut self, template: &Str, data: &Value) -> Result<Str, Error>;

    /// Parses a text beside the templates that are there, runs it and returns what it wrote (`tpl`). What the text
    /// defines is seen only while it runs.
    fn execute_text(&mut self, text: &Str, data: &Value) -> Result<Str, Error>;
}
