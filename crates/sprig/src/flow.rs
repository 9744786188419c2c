//! Ways to stop.

use rhumb_gostd::raw;
use rhumb_template::Func;
use rhumb_value::Type;

use crate::args::{fail, func, text};

pub(crate) static FUNCS: &[Func] = &[func("fail", &[Type::String], Type::String, |c| fail(raw::text(text(c, 0))))];
