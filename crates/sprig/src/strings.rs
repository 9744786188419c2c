//! Strings.

use rhumb_gostd::strconv::append_quote;
use rhumb_gostd::{goutils, strings, unicode, xstrings};
use rhumb_template::{Call, Error, Func};
use rhumb_value::{Map, MapKind, Type, Value, fmt};

use crate::args::{Answer, fail, func, int, text, variadic};
use crate::convert::to_text;

const T: &[Type] = &[Type::String];
const TT: &[Type] = &[Type::String, Type::String];
const TTT: &[Type] = &[Type::String, Type::String, Type::String];
const NT: &[Type] = &[Type::INT, Type::String];
const NNT: &[Type] = &[Type::INT, Type::INT, Type::String];
const ANY: &[Type] = &[Type::Any];
const S: Type = Type::String;

pub(crate) static FUNCS: &[Func] = &[
    func("indent", NT, S, |c| indent(int(c, 0), text(c, 1), b"")),
    func("nindent", NT, S, |c| indent(int(c, 0), text(c, 1), b"\n")),
    variadic("quote", ANY, S, |c| Ok(joined(c, append_quoted))),
    variadic("squote", ANY, S, |c| {
        Ok(joined(c, |out, v| {
            out.push(b'\'');
            fmt::append_v(out, v);
            out.push(b'\'');
        }))
    }),
    variadic("cat", ANY, S, |c| Ok(joined(c, fmt::append_v))),
    func("trim", T, S, |c| Ok(strings::trim_space(text(c, 0)).to_vec().into())),
    func("trimAll", TT, S, trim_set),
    func("trimall", TT, S, trim_set),
    func("trimSuffix", TT, S, |c| Ok(text(c, 1).strip_suffix(text(c, 0)).unwrap_or(text(c, 1)).to_vec().into())),
    func("trimPrefix", TT, S, |c| Ok(text(c, 1).strip_prefix(text(c, 0)).unwrap_or(text(c, 1)).to_vec().into())),
    func("trunc", NT, S, trunc),
    func("substr", NNT, S, substr),
    func("replace", TTT, S, |c| Ok(strings::replace(text(c, 2), text(c, 0), text(c, 1), -1).into())),
    func("contains", TT, Type::Bool, |c| Ok(strings::contains(text(c, 1), text(c, 0)).into())),
    func("hasPrefix", TT, Type::Bool, |c| Ok(text(c, 1).starts_with(text(c, 0)).into())),
    func("hasSuffix", TT, Type::Bool, |c| Ok(text(c, 1).ends_with(text(c, 0)).into())),
    func("upper", T, S, |c| Ok(strings::to_upper(text(c, 0)).into())),
    func("lower", T, S, |c| Ok(strings::to_lower(text(c, 0)).into())),
    func("title", T, S, |c| Ok(strings::title(text(c, 0)).into())),
    func("untitle", T, S, |c| Ok(goutils::uncapitalize(text(c, 0)).into())),
    func("swapcase", T, S, |c| Ok(swap_case(text(c, 0)).into())),
    func("nospace", T, S, |c| Ok(goutils::delete_white_space(text(c, 0)).into())),
    func("initials", T, S, |c| Ok(goutils::initials(text(c, 0)).into())),
    func("snakecase", T, S, |c| Ok(xstrings::to_snake_case(text(c, 0)).into())),
    func("kebabcase", T, S, |c| Ok(xstrings::to_kebab_case(text(c, 0)).into())),
    func("camelcase", T, S, |c| Ok(xstrings::to_pascal_case(text(c, 0)).into())),
    func("abbrev", NT, S, |c| Ok(abbreviated(text(c, 1), 0, int(c, 0)).into())),
    func("abbrevboth", NNT, S, |c| Ok(abbreviated(text(c, 2), int(c, 0), int(c, 1)).into())),
    func("wrap", NT, S, |c| Ok(goutils::wrap(text(c, 1), int(c, 0), b"\n", false).into())),
    func("wrapWith", &[Type::INT, Type::String, Type::String], S, |c| {
        Ok(goutils::wrap(text(c, 2), int(c, 0), text(c, 1), true).into())
    }),
    func("plural", &[Type::String, Type::String, Type::INT], S, |c| {
        Ok(text(c, usize::from(int(c, 2) != 1)).to_vec().into())
    }),
    func("repeat", NT, S, |c| Ok(repeated(text(c, 1), int(c, 0))?.into())),
    func("splitList", TT, Type::Strings, |c| Ok(Value::strings(strings::split(text(c, 1), text(c, 0))))),
    func("split", TT, Type::Map, |c| Ok(numbered(strings::split(text(c, 1), text(c, 0))))),
    func("splitn", &[Type::String, Type::INT, Type::String], Type::Map, splitn),
];

/// The arguments that are not nil, with a space between.
fn joined(c: &Call<'_>, mut one: impl FnMut(&mut Vec<u8>, &Value)) -> Value {
    // Nearly every call has one argument, and it is a string.
    let mut out = Vec::with_capacity(32);
    for (i, arg) in c.args.iter().filter(|v| !v.is_nil()).enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        one(&mut out, arg);
    }
    out.into()
}

fn append_quoted(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Str(s) => append_quote(out, s),
        other => append_quote(out, &to_text(other)),
    }
}

/// Strings longer than this are refused; Go would ask the machine for them.
const MAX_BYTES: usize = 1 << 30;

fn repeated(text: &[u8], count: i64) -> Result<Vec<u8>, Error> {
    let Ok(count) = usize::try_from(count) else { return fail("strings: negative Repeat count") };
    match count.checked_mul(text.len()) {
        Some(n) if n <= MAX_BYTES => Ok(text.repeat(count)),
        _ => fail("strings: Repeat output length overflow"),
    }
}

fn indent(count: i64, text: &[u8], start: &[u8]) -> Answer {
    let pad = repeated(b" ", count)?;
    let lines = memchr::memchr_iter(b'\n', text).count();
    let size = pad.len().saturating_mul(lines + 1).saturating_add(text.len() + 1);
    if size > MAX_BYTES {
        return fail("strings: Repeat output length overflow");
    }
    let mut out = Vec::with_capacity(size);
    out.extend_from_slice(start);
    out.extend_from_slice(&pad);
    let mut from = 0;
    for at in memchr::memchr_iter(b'\n', text) {
        out.extend_from_slice(&text[from..=at]);
        out.extend_from_slice(&pad);
        from = at + 1;
    }
    out.extend_from_slice(&text[from..]);
    Ok(out.into())
}

/// The text shortened with dots; unchanged where the width is too small for that.
fn abbreviated(text: &[u8], offset: i64, width: i64) -> Vec<u8> {
    if width < 4 || offset > 0 && width < 7 {
        return text.to_vec();
    }
    goutils::abbreviate(text, offset, width).unwrap_or_default()
}

fn trim_set(c: &mut Call<'_>) -> Answer {
    Ok(strings::trim(text(c, 1), text(c, 0)).to_vec().into())
}

fn trunc(c: &mut Call<'_>) -> Answer {
    let (count, whole) = (int(c, 0), text(c, 1));
    let size = usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX);
    Ok(match size {
        n if n >= whole.len() => whole,
        n if count < 0 => &whole[whole.len() - n..],
        n => &whole[..n],
    }
    .to_vec()
    .into())
}

fn substr(c: &mut Call<'_>) -> Answer {
    let (from, to, whole) = (int(c, 0), int(c, 1), text(c, 2));
    let size = i64::try_from(whole.len()).unwrap_or(i64::MAX);
    let out_of_range = |what: String| fail(format!("runtime error: slice bounds out of range {what}"));
    let (start, end) = match (from < 0, to < 0 || to > size) {
        (true, _) if to < 0 => return out_of_range(format!("[:{to}]")),
        (true, _) if to > size => return out_of_range(format!("[:{to}] with length {size}")),
        (true, _) => (0, to),
        (false, true) if from > size => return out_of_range(format!("[{from}:{size}]")),
        (false, true) => (from, size),
        (false, false) if from > to => return out_of_range(format!("[{from}:{to}]")),
        (false, false) => (from, to),
    };
    let range = usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
    Ok(whole[range].to_vec().into())
}

fn numbered(parts: Vec<&[u8]>) -> Value {
    let made = Map::with_kind(MapKind::Strings);
    for (i, part) in parts.into_iter().enumerate() {
        made.insert(format!("_{i}"), part.to_vec());
    }
    made.into()
}

fn splitn(c: &mut Call<'_>) -> Answer {
    Ok(numbered(strings::split_n(text(c, 2), text(c, 0), int(c, 1))))
}

/// Upper and title case become lower; lower becomes title at the start of a word, upper elsewhere.
fn swap_case(text: &[u8]) -> String {
    let mut at_start = true;
    let swap = |c: char| {
        let (lower, upper) = (unicode::to_lower(c), unicode::to_upper(c));
        let swapped = match () {
            () if lower != c => lower,
            () if at_start => unicode::to_title(c),
            () => upper,
        };
        at_start = unicode::is_space(c);
        swapped
    };
    String::from_utf8_lossy(text).chars().map(swap).collect()
}
