//! Regular expressions in Go's syntax.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use rhumb_gostd::raw;
use rhumb_gostd::regexp::{Regexp, quote_meta};
use rhumb_gostd::strconv::{can_backquote, quote};
use rhumb_template::{Call, Error, Func};
use rhumb_value::{List, ListKind, Type, Value};

use crate::args::{Answer, fail, func, int, text};

const T: &[Type] = &[Type::String];
const TT: &[Type] = &[Type::String, Type::String];
const TTN: &[Type] = &[Type::String, Type::String, Type::INT];
const TTT: &[Type] = &[Type::String, Type::String, Type::String];
const S: Type = Type::String;

pub(crate) static FUNCS: &[Func] = &[
    func("regexMatch", TT, Type::Bool, |c| Ok(compiled(text(c, 0)).is_ok_and(|r| r.is_match(text(c, 1))).into())),
    func("mustRegexMatch", TT, Type::Bool, |c| Ok(or_error(c)?.is_match(text(c, 1)).into())),
    func("regexFind", TT, S, |c| Ok(find(&*or_panic(c)?, text(c, 1)))),
    func("mustRegexFind", TT, S, |c| Ok(find(&*or_error(c)?, text(c, 1)))),
    func("regexFindAll", TTN, Type::Strings, |c| Ok(find_all(&*or_panic(c)?, text(c, 1), int(c, 2)))),
    func("mustRegexFindAll", TTN, Type::Strings, |c| Ok(find_all(&*or_error(c)?, text(c, 1), int(c, 2)))),
    func("regexReplaceAll", TTT, S, |c| replace(&*or_panic(c)?, c)),
    func("mustRegexReplaceAll", TTT, S, |c| replace(&*or_error(c)?, c)),
    func("regexReplaceAllLiteral", TTT, S, |c| replace_literal(&*or_panic(c)?, c)),
    func("mustRegexReplaceAllLiteral", TTT, S, |c| replace_literal(&*or_error(c)?, c)),
    func("regexSplit", TTN, Type::Strings, |c| Ok(split(&*or_panic(c)?, c))),
    func("mustRegexSplit", TTN, Type::Strings, |c| Ok(split(&*or_error(c)?, c))),
    func("regexQuoteMeta", T, S, |c| Ok(quote_meta(text(c, 0)).into())),
];

/// Patterns kept for the next call; a chart has few, and calls them in loops.
const MOST_KEPT: usize = 128;

thread_local! {
    static KEPT: RefCell<HashMap<Box<[u8]>, Rc<Regexp>>> = RefCell::new(HashMap::new());
}

fn compiled(pattern: &[u8]) -> Result<Rc<Regexp>, String> {
    KEPT.with_borrow_mut(|kept| {
        if let Some(found) = kept.get(pattern) {
            return Ok(found.clone());
        }
        let fresh = Rc::new(Regexp::compile_bytes(pattern).map_err(|e| e.to_string())?);
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(pattern.into(), fresh.clone());
        Ok(fresh)
    })
}

/// The pattern, or its error as a function returns it.
fn or_error(c: &Call<'_>) -> Result<Rc<Regexp>, Error> {
    compiled(text(c, 0)).map_err(Error::new)
}

/// The pattern, or its error as Go's `MustCompile` dies with it.
fn or_panic(c: &Call<'_>) -> Result<Rc<Regexp>, Error> {
    compiled(text(c, 0)).or_else(|e| {
        let pattern = text(c, 0);
        let shown = if can_backquote(pattern) { [b"`", pattern, b"`"].concat() } else { quote(pattern) };
        fail(format!("regexp: Compile({}): {e}", raw::text(&shown)))
    })
}

fn find(r: &Regexp, whole: &[u8]) -> Value {
    r.find(whole).map_or(&b""[..], |(from, to)| &whole[from..to]).to_vec().into()
}

fn find_all(r: &Regexp, whole: &[u8], most: i64) -> Value {
    let found = r.find_all(whole, most);
    if found.is_empty() {
        return Value::List(List::nil(ListKind::Strings));
    }
    Value::strings(found.into_iter().map(|(from, to)| &whole[from..to]))
}

fn split(r: &Regexp, c: &Call<'_>) -> Value {
    match int(c, 2) {
        0 => Value::List(List::nil(ListKind::Strings)),
        most => Value::strings(r.split(text(c, 1), most)),
    }
}

fn replace(r: &Regexp, c: &Call<'_>) -> Answer {
    Ok(r.replace_all(text(c, 1), text(c, 2)).into_owned().into())
}

fn replace_literal(r: &Regexp, c: &Call<'_>) -> Answer {
    Ok(r.replace_all_literal(text(c, 1), text(c, 2)).into_owned().into())
}
