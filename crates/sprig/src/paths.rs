//! Paths, as strings only; the `os` forms are the same on the systems where the reference was asked.

use rhumb_gostd::path;
use rhumb_template::{Call, Func};
use rhumb_value::{Type, Value};

use crate::args::{Answer, func, text};

const T: &[Type] = &[Type::String];
const S: Type = Type::String;

pub(crate) static FUNCS: &[Func] = &[
    func("base", T, S, |c| by(c, |p| path::base(p).into())),
    func("osBase", T, S, |c| by(c, |p| path::base(p).into())),
    func("dir", T, S, |c| by(c, |p| path::dir(p).as_ref().into())),
    func("osDir", T, S, |c| by(c, |p| path::dir(p).as_ref().into())),
    func("ext", T, S, |c| by(c, |p| path::ext(p).into())),
    func("osExt", T, S, |c| by(c, |p| path::ext(p).into())),
    func("clean", T, S, |c| by(c, |p| path::clean(p).as_ref().into())),
    func("osClean", T, S, |c| by(c, |p| path::clean(p).as_ref().into())),
    func("isAbs", T, Type::Bool, |c| by(c, |p| path::is_abs(p).into())),
    func("osIsAbs", T, Type::Bool, |c| by(c, |p| path::is_abs(p).into())),
];

fn by(c: &mut Call<'_>, f: fn(&str) -> Value) -> Answer {
    Ok(f(&String::from_utf8_lossy(text(c, 0))))
}
