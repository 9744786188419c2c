//! Values that are Go structs or pointers: fields and methods, nothing a template can change.

use std::any::Any;
use std::fmt::Debug;

use crate::{Kind, Str, Type, Value};

/// A method that a template may call on a value.
#[derive(Debug)]
pub struct Method {
    /// The name, capitalised as in Go.
    pub name: &'static str,
    /// The declared types of the parameters, receiver excluded; the last is the element type where variadic.
    pub params: &'static [Type],
    /// Whether the last parameter repeats.
    pub variadic: bool,
    /// The call: receiver and checked arguments in, result or the error's text out.
    pub call: fn(&Value, &[Value]) -> Result<Value, String>,
}

/// A Go struct, or a pointer to one, as a template sees it.
pub trait Object: Debug {
    /// Go's name of the type, such as `*common.Capabilities`.
    fn go_type(&self) -> &'static str;

    /// `Struct` or `Ptr`.
    fn kind(&self) -> Kind;

    /// Whether it is the nil of its type, which is false and, as an argument, nothing but nil.
    fn is_nil(&self) -> bool {
        false
    }

    /// The exported fields in their order, for printing.
    fn fields(&self) -> Vec<(&'static str, Value)>;

    /// The fields under the names that JSON has for them.
    fn json_fields(&self) -> Vec<(&'static str, Value)> {
        self.fields()
    }

    /// Of a pointer: its address, where printing shows one. In Go most are different in every run.
    fn address(&self) -> u64 {
        0xc0_0000_0000
    }

    /// All fields, those that Go does not export too, as `%v` shows them.
    fn printed_fields(&self) -> Vec<(&'static str, Value)> {
        self.fields()
    }

    /// One exported field.
    fn field(&self, name: &str) -> Option<Value> {
        self.fields().into_iter().find(|(n, _)| *n == name).map(|(_, v)| v)
    }

    /// The methods a template may call.
    fn methods(&self) -> &'static [Method] {
        &[]
    }

    /// What `String()` or `Error()` gives, where the type has one; used by printing.
    fn string(&self) -> Option<Str> {
        None
    }

    /// What a template writes for it where it can take its address, for a `String()` that only the pointer has.
    fn address_string(&self) -> Option<Str> {
        self.string()
    }

    /// What `GoString()` gives, where the type has one: `%#v` shows it.
    fn go_string(&self) -> Option<Str> {
        None
    }

    /// Whether both are pointers to the same thing, for pointers that are made anew.
    fn same_pointer(&self, _other: &dyn Object) -> bool {
        false
    }

    /// The value that JSON and YAML show in place of the fields, where the type marshals itself.
    fn marshal(&self) -> Option<Value> {
        None
    }

    /// For the functions that take this type and no other.
    fn as_any(&self) -> &dyn Any;
}
