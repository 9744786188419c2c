//! Static Go types, for the signatures of functions and methods.

use crate::IntKind;

/// The declared type of a parameter, as Go's reflection names it in error texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// `interface {}`: anything, nil included.
    Any,
    /// `bool`
    Bool,
    /// An integer.
    Int(IntKind),
    /// `float64`
    Float64,
    /// `string`
    String,
    /// `[]interface {}`
    List,
    /// `[]string`
    Strings,
    /// `[]uint8`
    Bytes,
    /// `map[string]interface {}`
    Map,
    /// `error`
    Error,
    /// `reflect.Value`, which the executor's own functions take: anything, with nil told apart from nothing.
    Reflect,
    /// Another named type, such as `time.Time`.
    Named(&'static str),
}

impl Type {
    /// `int`
    pub const INT: Type = Type::Int(IntKind::Int);
    /// `int64`
    pub const INT64: Type = Type::Int(IntKind::Int64);

    /// Go's name of the type.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Type::Any => "interface {}",
            Type::Bool => "bool",
            Type::Int(k) => k.name(),
            Type::Float64 => "float64",
            Type::String => "string",
            Type::List => "[]interface {}",
            Type::Strings => "[]string",
            Type::Bytes => "[]uint8",
            Type::Map => "map[string]interface {}",
            Type::Error => "error",
            Type::Reflect => "reflect.Value",
            Type::Named(name) => name,
        }
    }
}
