//! What a method of Go gives that returns nothing but an error: the error, or no error.

use std::any::Any;

use rhumb_value::{Kind, Method, Object, Str, Value};

/// An error as a value; a template goes on with it.
#[derive(Debug)]
struct Failure {
    text: Str,
    go_type: &'static str,
}

/// No error: Go's nil of the type `error`, which is written as `<nil>` and counts as nil everywhere else.
#[derive(Debug)]
struct NoFailure;

/// The answer of such a method; the first of a failure is Go's type of it.
pub(crate) fn outcome(result: Result<(), (&'static str, String)>) -> Value {
    match result {
        Ok(()) => Value::object(NoFailure),
        Err((go_type, text)) => Value::object(Failure { text: text.into(), go_type }),
    }
}

static METHODS: &[Method] = &[Method {
    name: "Error",
    params: &[],
    variadic: false,
    call: |v, _| match v {
        Value::Object(o) => Ok(o.string().unwrap_or_default().into()),
        _ => Err(crate::args::NIL_POINTER.to_owned()),
    },
}];

impl Object for Failure {
    fn go_type(&self) -> &'static str {
        self.go_type
    }

    fn kind(&self) -> Kind {
        Kind::Ptr
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    fn methods(&self) -> &'static [Method] {
        METHODS
    }

    fn string(&self) -> Option<Str> {
        Some(self.text.clone())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Object for NoFailure {
    fn go_type(&self) -> &'static str {
        "error"
    }

    fn kind(&self) -> Kind {
        Kind::Ptr
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    fn is_nil(&self) -> bool {
        true
    }

    fn string(&self) -> Option<Str> {
        Some(Str::from_static("<nil>"))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
