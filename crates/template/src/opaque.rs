//! Values of types that nothing of ours has: complex constants, and a slot that Go does not look into.

use std::any::Any;

use rhumb_value::{Kind, Object, Str, Value};

#[derive(Debug)]
struct Complex(f64, f64);

/// A `complex128`.
pub(crate) fn complex(re: f64, im: f64) -> Value {
    Value::object(Complex(re, im))
}

impl Object for Complex {
    fn go_type(&self) -> &'static str {
        "complex128"
    }

    fn kind(&self) -> Kind {
        Kind::Complex128
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    fn string(&self) -> Option<Str> {
        let mut out = b"(".to_vec();
        crate::print::append(&mut out, &Value::Float(self.0));
        if !self.1.is_sign_negative() {
            out.push(b'+');
        }
        crate::print::append(&mut out, &Value::Float(self.1));
        out.extend_from_slice(b"i)");
        Some(Str::from(out))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[derive(Debug)]
struct Interface;

/// Stands for a value that Go's reflection leaves in its `interface {}`; it only shows its type.
pub(crate) fn interface() -> Value {
    Value::object(Interface)
}

impl Object for Interface {
    fn go_type(&self) -> &'static str {
        "interface {}"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
