//! Types and kinds of values.

use rhumb_template::Func;
use rhumb_value::{Type, Value};

use crate::args::{any, func, text};

pub(crate) static FUNCS: &[Func] = &[
    func("kindOf", &[Type::Any], Type::String, |c| Ok(any(c, 0).kind().name().into())),
    func("kindIs", &[Type::String, Type::Any], Type::Bool, |c| {
        Ok((any(c, 1).kind().name().as_bytes() == text(c, 0)).into())
    }),
    func("typeOf", &[Type::Any], Type::String, |c| Ok(any(c, 0).type_name().into())),
    func("typeIs", &[Type::String, Type::Any], Type::Bool, |c| {
        Ok((any(c, 1).type_name().as_bytes() == text(c, 0)).into())
    }),
    func("typeIsLike", &[Type::String, Type::Any], Type::Bool, |c| {
        let name = any(c, 1).type_name();
        Ok((name.as_bytes() == text(c, 0) || name.strip_prefix('*').map(str::as_bytes) == Some(text(c, 0))).into())
    }),
    func("deepEqual", &[Type::Any, Type::Any], Type::Bool, |c| Ok(any(c, 0).deep_equal(any(c, 1)).into())),
    func("hello", &[], Type::String, |_| Ok(Value::from("Hello!"))),
];
