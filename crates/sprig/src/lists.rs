//! Lists. Each function exists with and without `must`, and both fail with the same words.

use rhumb_template::{Call, Error, Func};
use rhumb_value::{List, ListKind, Str, Type, Value};

use crate::args::{Answer, NIL_POINTER, any, fail, func, int, items, list, text, variadic};
use crate::convert::{to_int, to_text, to_texts};
use crate::defaults::is_empty;

const ANY: &[Type] = &[Type::Any];
const ANY2: &[Type] = &[Type::Any, Type::Any];

pub(crate) static FUNCS: &[Func] = &[
    variadic("list", ANY, Type::List, |c| Ok(list(c.args.to_vec()))),
    variadic("tuple", ANY, Type::List, |c| Ok(list(c.args.to_vec()))),
    func("first", ANY, Type::Any, first),
    func("mustFirst", ANY, Type::Any, first),
    func("last", ANY, Type::Any, last),
    func("mustLast", ANY, Type::Any, last),
    func("rest", ANY, Type::List, rest),
    func("mustRest", ANY, Type::List, rest),
    func("initial", ANY, Type::List, initial),
    func("mustInitial", ANY, Type::List, initial),
    func("append", ANY2, Type::List, append),
    func("mustAppend", ANY2, Type::List, append),
    func("push", ANY2, Type::List, append),
    func("mustPush", ANY2, Type::List, append),
    func("prepend", ANY2, Type::List, prepend),
    func("mustPrepend", ANY2, Type::List, prepend),
    func("reverse", ANY, Type::List, reverse),
    func("mustReverse", ANY, Type::List, reverse),
    func("uniq", ANY, Type::List, uniq),
    func("mustUniq", ANY, Type::List, uniq),
    func("compact", ANY, Type::List, compact),
    func("mustCompact", ANY, Type::List, compact),
    variadic("without", ANY2, Type::List, without),
    variadic("mustWithout", ANY2, Type::List, without),
    func("has", ANY2, Type::Bool, has),
    func("mustHas", ANY2, Type::Bool, has),
    variadic("slice", ANY2, Type::Any, slice),
    variadic("mustSlice", ANY2, Type::Any, slice),
    variadic("concat", ANY, Type::Any, concat),
    func("chunk", &[Type::INT, Type::Any], Type::List, chunk),
    func("mustChunk", &[Type::INT, Type::Any], Type::List, chunk),
    func("join", &[Type::String, Type::Any], Type::String, join),
    func("sortAlpha", ANY, Type::Strings, sort_alpha),
];

/// The elements, or the complaint `<words> <kind>`.
fn elements(value: &Value, words: &str) -> Result<Vec<Value>, Error> {
    match items(value) {
        Some(items) => Ok(items),
        None if value.is_nil() => fail(NIL_POINTER),
        None => fail(format!("{words} {}", value.kind().name())),
    }
}

/// What Go returns where it made no list.
fn nil_list() -> Value {
    Value::List(List::nil(ListKind::Any))
}

fn first(c: &mut Call<'_>) -> Answer {
    // The usual list is not copied for one element.
    if let Value::List(l) = any(c, 0) {
        return Ok(l.first().cloned().unwrap_or_default());
    }
    Ok(elements(any(c, 0), "Cannot find first on type")?.into_iter().next().unwrap_or_default())
}

fn last(c: &mut Call<'_>) -> Answer {
    if let Value::List(l) = any(c, 0) {
        return Ok(l.last().cloned().unwrap_or_default());
    }
    Ok(elements(any(c, 0), "Cannot find last on type")?.pop().unwrap_or_default())
}

fn rest(c: &mut Call<'_>) -> Answer {
    let all = elements(any(c, 0), "Cannot find rest on type")?;
    Ok(if all.is_empty() { nil_list() } else { list(all.into_iter().skip(1).collect()) })
}

fn initial(c: &mut Call<'_>) -> Answer {
    let mut all = elements(any(c, 0), "Cannot find initial on type")?;
    Ok(if all.pop().is_none() { nil_list() } else { list(all) })
}

fn append(c: &mut Call<'_>) -> Answer {
    let mut all = elements(any(c, 0), "Cannot push on type")?;
    all.push(any(c, 1).clone());
    Ok(list(all))
}

fn prepend(c: &mut Call<'_>) -> Answer {
    let mut all = elements(any(c, 0), "Cannot prepend on type")?;
    all.insert(0, any(c, 1).clone());
    Ok(list(all))
}

fn reverse(c: &mut Call<'_>) -> Answer {
    let mut all = elements(any(c, 0), "Cannot find reverse on type")?;
    all.reverse();
    Ok(list(all))
}

fn uniq(c: &mut Call<'_>) -> Answer {
    let mut kept: Vec<Value> = Vec::new();
    for item in elements(any(c, 0), "Cannot find uniq on type")? {
        if !kept.iter().any(|v| v.deep_equal(&item)) {
            kept.push(item);
        }
    }
    Ok(list(kept))
}

fn compact(c: &mut Call<'_>) -> Answer {
    let all = elements(any(c, 0), "Cannot compact on type")?;
    Ok(list(all.into_iter().filter(|v| !is_empty(v)).collect()))
}

fn without(c: &mut Call<'_>) -> Answer {
    let all = elements(any(c, 0), "Cannot find without on type")?;
    let unwanted = c.args.get(1..).unwrap_or_default();
    Ok(list(all.into_iter().filter(|v| !unwanted.iter().any(|u| u.deep_equal(v))).collect()))
}

fn has(c: &mut Call<'_>) -> Answer {
    if any(c, 1).is_nil() {
        return Ok(false.into());
    }
    if let Value::List(l) = any(c, 1) {
        return Ok(l.iter().any(|v| v.deep_equal(any(c, 0))).into());
    }
    let all = elements(any(c, 1), "Cannot find has on type")?;
    Ok(all.iter().any(|v| v.deep_equal(any(c, 0))).into())
}

/// A part of a list, of the same type as the list; nil of an empty list.
fn slice(c: &mut Call<'_>) -> Answer {
    let whole = any(c, 0);
    let all = elements(whole, "list should be type of slice or array but")?;
    if all.is_empty() {
        return Ok(Value::Nil);
    }
    let from = c.args.get(1).map_or(0, to_int);
    let to = c.args.get(2).map_or(i64::try_from(all.len()).unwrap_or(i64::MAX), to_int);
    let range = usize::try_from(from).ok().zip(usize::try_from(to).ok()).and_then(|(from, to)| all.get(from..to));
    let Some(part) = range else { return fail("reflect.Value.Slice: slice index out of bounds") };
    Ok(match whole {
        Value::Bytes(b) => {
            let from = usize::try_from(from).unwrap_or(0);
            Value::Bytes(b[from..from + part.len()].into())
        }
        Value::List(l) => Value::List(List::with_kind(l.kind(), part.to_vec())),
        _ => Value::Nil,
    })
}

fn concat(c: &mut Call<'_>) -> Answer {
    let mut all: Vec<Value> = Vec::new();
    for arg in c.args {
        match items(arg) {
            Some(items) => all.extend(items),
            None if arg.is_nil() => return fail(NIL_POINTER),
            None => return fail(format!("Cannot concat type {} as list", arg.kind().name())),
        }
    }
    Ok(if all.is_empty() { nil_list() } else { list(all) })
}

/// Sprig counts the parts as `(len - 1) / size + 1`, rounded down, before it makes any: with a negative size that is none for a list
/// of up to `|size| + 1` items, and the one item of a list of one is a part of its own.
fn chunk(c: &mut Call<'_>) -> Answer {
    let all = elements(any(c, 1), "Cannot chunk type")?;
    let size = int(c, 0);
    let room = usize::try_from(size.unsigned_abs()).unwrap_or(usize::MAX);
    let parts: Vec<Value> = match all.len() {
        _ if size > 0 => all.chunks(room).map(|part| list(part.to_vec())).collect(),
        1 if room > 1 => vec![list(all.to_vec())],
        many if many > 1 && many - 1 <= room => Vec::new(),
        _ => return fail("runtime error: makeslice: len out of range"),
    };
    Ok(Value::List(List::with_kind(ListKind::Lists, parts)))
}

fn join(c: &mut Call<'_>) -> Answer {
    let texts = to_texts(any(c, 1));
    let parts: Vec<&[u8]> = texts.iter().map(Str::as_bytes).collect();
    Ok(parts.join(text(c, 0)).into())
}

fn sort_alpha(c: &mut Call<'_>) -> Answer {
    let mut texts = match any(c, 0) {
        v @ (Value::List(_) | Value::Bytes(_)) => to_texts(v),
        other => vec![to_text(other)],
    };
    texts.sort();
    Ok(Value::strings(texts))
}
