//! Maps: making, reading, changing and merging them.

use rhumb_template::{Call, Func};
use rhumb_value::{Entry, Map, MapKind, Type, Value};

use crate::args::{Answer, any, fail, func, list, map, text, variadic};
use crate::convert::to_text;
use crate::defaults::is_empty;

const MAP_TEXT: &[Type] = &[Type::Map, Type::String];
const MAPS: &[Type] = &[Type::Map, Type::Map];

pub(crate) static FUNCS: &[Func] = &[
    variadic("dict", &[Type::Any], Type::Map, dict),
    func("get", MAP_TEXT, Type::Any, |c| Ok(map(c, 0).get(text(c, 1)).unwrap_or_else(|| "".into()))),
    func("set", &[Type::Map, Type::String, Type::Any], Type::Map, set),
    func("unset", MAP_TEXT, Type::Map, unset),
    func("hasKey", MAP_TEXT, Type::Bool, |c| Ok(map(c, 0).contains(text(c, 1)).into())),
    variadic("keys", &[Type::Map], Type::Strings, keys),
    func("values", &[Type::Map], Type::List, |c| {
        Ok(list(map(c, 0).borrow().iter().map(|e| e.value.clone()).collect()))
    }),
    variadic("pluck", &[Type::String, Type::Map], Type::List, pluck),
    variadic("pick", MAP_TEXT, Type::Map, pick),
    variadic("omit", MAP_TEXT, Type::Map, omit),
    variadic("dig", &[Type::Any], Type::Any, dig),
    variadic("merge", MAPS, Type::Any, |c| merge_all(c, false)),
    variadic("mustMerge", MAPS, Type::Any, |c| merge_all(c, false)),
    variadic("mergeOverwrite", MAPS, Type::Any, |c| merge_all(c, true)),
    variadic("mustMergeOverwrite", MAPS, Type::Any, |c| merge_all(c, true)),
    func("deepCopy", &[Type::Any], Type::Any, deep_copy),
    func("mustDeepCopy", &[Type::Any], Type::Any, deep_copy),
];

fn dict(c: &mut Call<'_>) -> Answer {
    let made = Map::new();
    for pair in c.args.chunks(2) {
        made.insert(to_text(&pair[0]), pair.get(1).cloned().unwrap_or_else(|| "".into()));
    }
    Ok(made.into())
}

/// What Go dies of.
const NIL_MAP: &str = "assignment to entry in nil map";

fn set(c: &mut Call<'_>) -> Answer {
    let Value::Map(target) = any(c, 0) else { return fail(NIL_MAP) };
    if target.is_nil() {
        return fail(NIL_MAP);
    }
    target.insert(text(c, 1), any(c, 2).clone());
    Ok(Value::Map(target.as_plain()))
}

fn unset(c: &mut Call<'_>) -> Answer {
    let target = map(c, 0);
    target.remove(text(c, 1));
    Ok(Value::Map(target.as_plain()))
}

fn keys(c: &mut Call<'_>) -> Answer {
    let mut all = Vec::new();
    for arg in c.args {
        if let Value::Map(m) = arg {
            all.extend(m.keys());
        }
    }
    Ok(Value::strings(all))
}

fn pluck(c: &mut Call<'_>) -> Answer {
    let key = text(c, 0);
    let found = c.args.iter().skip(1).filter_map(|m| m.as_map()?.get(key));
    Ok(list(found.collect()))
}

fn pick(c: &mut Call<'_>) -> Answer {
    let (from, made) = (map(c, 0), Map::new());
    for key in c.args.iter().skip(1).filter_map(Value::as_str) {
        if let Some(entry) = from.entry(key) {
            made.insert_entry(entry);
        }
    }
    Ok(made.into())
}

fn omit(c: &mut Call<'_>) -> Answer {
    let made = map(c, 0).as_kind(MapKind::Any);
    for key in c.args.iter().skip(1).filter_map(Value::as_str) {
        made.remove(key);
    }
    Ok(made.into())
}

fn not_a(value: &Value, wanted: &str) -> Answer {
    let name = if value.is_nil() { "nil" } else { value.type_name() };
    fail(format!("interface conversion: interface {{}} is {name}, not {wanted}"))
}

fn dig(c: &mut Call<'_>) -> Answer {
    let [path @ .., default, start] = c.args else { return fail("dig needs at least three arguments") };
    if path.is_empty() {
        return fail("dig needs at least three arguments");
    }
    let mut at = start.clone();
    let plain = |v: &Value| matches!(v, Value::Map(m) if matches!(m.kind(), MapKind::Any));
    if !plain(&at) {
        return not_a(&at, "map[string]interface {}");
    }
    for key in path {
        if !matches!(key, Value::Str(_)) {
            return not_a(key, "string");
        }
    }
    for key in path.iter().filter_map(Value::as_str) {
        if !plain(&at) {
            return not_a(&at, "map[string]interface {}");
        }
        match at.as_map().and_then(|m| m.get(key)) {
            Some(next) => at = next,
            None => return Ok(default.clone()),
        }
    }
    Ok(at)
}

fn deep_copy(c: &mut Call<'_>) -> Answer {
    match any(c, 0) {
        Value::Nil => fail("reflect: call of reflect.Value.Type on zero Value"),
        other => Ok(other.deep_copy()),
    }
}

fn merge_all(c: &mut Call<'_>, overwrite: bool) -> Answer {
    let target = match map(c, 0) {
        nil if nil.is_nil() => Map::new(),
        target => target,
    };
    for source in c.args.iter().skip(1).filter_map(Value::as_map) {
        merge(&target, source, overwrite, 0);
    }
    Ok(Value::Map(target.as_plain()))
}

/// Maps that hold themselves would never end.
const MAX_DEPTH: usize = 1000;

/// The destination's value stays unless it is empty; with `overwrite` the source's wins. Maps on both sides merge, and
/// what the destination lacks is shared with the source, not copied.
fn merge(target: &Map, source: &Map, overwrite: bool, depth: usize) {
    if target.ptr_eq(source) || depth > MAX_DEPTH {
        return;
    }
    for entry in source.snapshot() {
        let Some(Entry { value: old, .. }) = target.entry(&entry.key) else {
            if overwrite || !entry.value.is_nil() {
                target.insert_entry(entry);
            }
            continue;
        };
        match (&old, &entry.value) {
            (Value::Map(a), Value::Map(b)) if overwrite || !a.is_empty() => merge(a, b, overwrite, depth + 1),
            (_, new) if overwrite || is_empty(&old) && !new.is_nil() => target.insert_entry(entry),
            _ => {}
        }
    }
}
