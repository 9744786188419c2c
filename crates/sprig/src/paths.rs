//! Paths, as strings only; the `os` forms are the same on the systems where the reference was asked.

use std::borrow::Cow;

use rhumb_gostd::{path, raw};
use rhumb_template::{Call, Func};
use rhumb_value::Type;

use crate::args::{Answer, func, text};

const T: &[Type] = &[Type::String];
const S: Type = Type::String;

pub(crate) static FUNCS: &[Func] = &[
    func("base", T, S, |c| by(c, |p| path::base(p).into())),
    func("osBase", T, S, |c| by(c, |p| path::base(p).into())),
    func("dir", T, S, |c| by(c, path::dir)),
    func("osDir", T, S, |c| by(c, path::dir)),
    func("ext", T, S, |c| by(c, |p| path::ext(p).into())),
    func("osExt", T, S, |c| by(c, |p| path::ext(p).into())),
    func("clean", T, S, |c| by(c, path::clean)),
    func("osClean", T, S, |c| by(c, path::clean)),
    func("isAbs", T, Type::Bool, is_abs),
    func("osIsAbs", T, Type::Bool, is_abs),
];

/// A path need not be UTF-8.
fn by(c: &mut Call<'_>, f: for<'p> fn(&'p str) -> Cow<'p, str>) -> Answer {
    Ok(raw::bytes(&f(&raw::text(text(c, 0)))).into_owned().into())
}

fn is_abs(c: &mut Call<'_>) -> Answer {
    Ok(path::is_abs(&raw::text(text(c, 0))).into())
}
