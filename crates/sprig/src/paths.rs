//! Paths, as strings only; the `os` forms are the same on the systems where the reference was asked.

use rhumb_template::Func;
use rhumb_value::Type;

use crate::args::{func, text};

const T: &[Type] = &[Type::String];
const S: Type = Type::String;

pub(crate) static FUNCS: &[Func] = &[
    func("base", T, S, |c| Ok(base(text(c, 0)).into())),
    func("osBase", T, S, |c| Ok(base(text(c, 0)).into())),
    func("dir", T, S, |c| Ok(dir(text(c, 0)).into())),
    func("osDir", T, S, |c| Ok(dir(text(c, 0)).into())),
    func("ext", T, S, |c| Ok(ext(text(c, 0)).into())),
    func("osExt", T, S, |c| Ok(ext(text(c, 0)).into())),
    func("clean", T, S, |c| Ok(clean(text(c, 0)).into())),
    func("osClean", T, S, |c| Ok(clean(text(c, 0)).into())),
    func("isAbs", T, Type::Bool, |c| Ok(text(c, 0).starts_with(b"/").into())),
    func("osIsAbs", T, Type::Bool, |c| Ok(text(c, 0).starts_with(b"/").into())),
];

/// The shortest path that means the same.
pub(crate) fn clean(path: &[u8]) -> Vec<u8> {
    let rooted = path.starts_with(b"/");
    let mut kept: Vec<&[u8]> = Vec::new();
    for part in path.split(|c| *c == b'/') {
        match part {
            b"" | b"." => {}
            b".." if kept.last().is_some_and(|p| *p != b"..") => {
                kept.pop();
            }
            b".." if rooted => {}
            _ => kept.push(part),
        }
    }
    let mut out = if rooted { b"/".to_vec() } else { Vec::new() };
    out.extend(kept.join(&b'/'));
    if out.is_empty() { b".".to_vec() } else { out }
}

fn base(path: &[u8]) -> Vec<u8> {
    if path.is_empty() {
        return b".".to_vec();
    }
    let part = path.split(|c| *c == b'/').rfind(|p| !p.is_empty());
    part.unwrap_or(b"/").to_vec()
}

fn dir(path: &[u8]) -> Vec<u8> {
    clean(&path[..path.iter().rposition(|c| *c == b'/').map_or(0, |i| i + 1)])
}

fn ext(path: &[u8]) -> Vec<u8> {
    let name = &path[path.iter().rposition(|c| *c == b'/').map_or(0, |i| i + 1)..];
    name.iter().rposition(|c| *c == b'.').map_or(Vec::new(), |i| name[i..].to_vec())
}
