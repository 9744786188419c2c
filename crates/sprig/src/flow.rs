//! Ways to stop.

use rhumb_template::Func;
use rhumb_value::Type;

use crate::args::{fail, func, text};

pub(crate) static FUNCS: &[Func] =
    &[func("fail", &[Type::String], Type::String, |c| fail(String::from_utf8_lossy(text(c, 0))))];
