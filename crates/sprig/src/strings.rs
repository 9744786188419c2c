//! Strings.

use rhumb_template::{Call, Error, Func};
use rhumb_value::{Map, MapKind, Type, Value, fmt};

use crate::args::{Answer, fail, func, int, text, variadic};
use crate::convert::to_text;
use crate::words;

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
    variadic("quote", ANY, S, |c| Ok(joined(c, |out, v| out.extend(fmt::quote(&to_text(v)))))),
    variadic("squote", ANY, S, |c| {
        Ok(joined(c, |out, v| {
            out.push(b'\'');
            fmt::append_v(out, v);
            out.push(b'\'');
        }))
    }),
    variadic("cat", ANY, S, |c| Ok(joined(c, fmt::append_v))),
    func("trim", T, S, |c| Ok(trimmed(text(c, 0)).into())),
    func("trimAll", TT, S, trim_set),
    func("trimall", TT, S, trim_set),
    func("trimSuffix", TT, S, |c| Ok(text(c, 1).strip_suffix(text(c, 0)).unwrap_or(text(c, 1)).to_vec().into())),
    func("trimPrefix", TT, S, |c| Ok(text(c, 1).strip_prefix(text(c, 0)).unwrap_or(text(c, 1)).to_vec().into())),
    func("trunc", NT, S, trunc),
    func("substr", NNT, S, substr),
    func("replace", TTT, S, |c| Ok(replaced(text(c, 2), text(c, 0), text(c, 1)).into())),
    func("contains", TT, Type::Bool, |c| Ok(find(text(c, 1), text(c, 0)).is_some().into())),
    func("hasPrefix", TT, Type::Bool, |c| Ok(text(c, 1).starts_with(text(c, 0)).into())),
    func("hasSuffix", TT, Type::Bool, |c| Ok(text(c, 1).ends_with(text(c, 0)).into())),
    func("upper", T, S, |c| Ok(mapped(text(c, 0), |out, ch| out.extend(one_upper(ch))))),
    func("lower", T, S, |c| Ok(mapped(text(c, 0), |out, ch| out.extend(one_lower(ch))))),
    func("title", T, S, |c| Ok(words::title(text(c, 0)).into())),
    func("untitle", T, S, |c| Ok(words::untitle(text(c, 0)).into())),
    func("swapcase", T, S, |c| Ok(mapped(text(c, 0), |out, ch| out.extend(words::swap_case(ch))))),
    func("nospace", T, S, |c| Ok(without_spaces(text(c, 0)).into())),
    func("initials", T, S, |c| Ok(words::initials(text(c, 0)).into())),
    func("snakecase", T, S, |c| Ok(words::joined_case(text(c, 0), '_').into())),
    func("kebabcase", T, S, |c| Ok(words::joined_case(text(c, 0), '-').into())),
    func("camelcase", T, S, |c| Ok(words::camel_case(text(c, 0)).into())),
    func("abbrev", NT, S, |c| Ok(words::abbreviate(text(c, 1), 0, int(c, 0)).into())),
    func("abbrevboth", NNT, S, |c| Ok(words::abbreviate(text(c, 2), int(c, 0), int(c, 1)).into())),
    func("wrap", NT, S, |c| Ok(words::wrap(text(c, 1), int(c, 0), b"\n", false).into())),
    func("wrapWith", &[Type::INT, Type::String, Type::String], S, |c| {
        Ok(words::wrap(text(c, 2), int(c, 0), text(c, 1), true).into())
    }),
    func("plural", &[Type::String, Type::String, Type::INT], S, |c| {
        Ok(text(c, usize::from(int(c, 2) != 1)).to_vec().into())
    }),
    func("repeat", NT, S, |c| Ok(repeated(text(c, 1), int(c, 0))?.into())),
    func("splitList", TT, Type::Strings, |c| Ok(Value::strings(split(text(c, 1), text(c, 0), usize::MAX)))),
    func("split", TT, Type::Map, |c| Ok(numbered(split(text(c, 1), text(c, 0), usize::MAX)))),
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

/// The text without its white space. The reference takes each byte for a character, and so do we: `é` comes out as `Ã©`.
fn without_spaces(text: &[u8]) -> String {
    text.iter().map(|b| char::from(*b)).filter(|ch| !ch.is_whitespace()).collect()
}

/// The text without white space at its ends; Go's white space is Unicode's.
pub(crate) fn trimmed(text: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(text) {
        Ok(s) => s.trim().into(),
        Err(_) => text.trim_ascii().into(),
    }
}

fn trim_set(c: &mut Call<'_>) -> Answer {
    let (set, whole) = (String::from_utf8_lossy(text(c, 0)), text(c, 1));
    let Ok(whole) = std::str::from_utf8(whole) else { return Ok(whole.to_vec().into()) };
    Ok(whole.trim_matches(|ch| set.contains(ch)).into())
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

/// Where `part` first is in `whole`.
pub(crate) fn find(whole: &[u8], part: &[u8]) -> Option<usize> {
    memchr::memmem::find(whole, part)
}

/// Go's `strings.ReplaceAll`: an empty `old` is found before every character and at the end.
pub(crate) fn replaced(whole: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(whole.len());
    if old.is_empty() {
        for character in split(whole, b"", usize::MAX) {
            out.extend_from_slice(new);
            out.extend_from_slice(character);
        }
        out.extend_from_slice(new);
        return out;
    }
    let mut from = 0;
    for at in memchr::memmem::find_iter(whole, old) {
        out.extend_from_slice(&whole[from..at]);
        out.extend_from_slice(new);
        from = at + old.len();
    }
    out.extend_from_slice(&whole[from..]);
    out
}

/// At most `most` parts, at least one; an empty separator splits into characters.
pub(crate) fn split<'t>(whole: &'t [u8], separator: &[u8], most: usize) -> Vec<&'t [u8]> {
    let mut parts = Vec::new();
    let mut rest = whole;
    if separator.is_empty() {
        while !rest.is_empty() && parts.len() + 1 < most {
            let first = rest.utf8_chunks().next().and_then(|c| c.valid().chars().next());
            let (head, tail) = rest.split_at(first.map_or(1, char::len_utf8));
            parts.push(head);
            rest = tail;
        }
        if !rest.is_empty() {
            parts.push(rest);
        }
        return parts;
    }
    while parts.len() + 1 < most {
        let Some(at) = find(rest, separator) else { break };
        parts.push(&rest[..at]);
        rest = &rest[at + separator.len()..];
    }
    parts.push(rest);
    parts
}

fn numbered(parts: Vec<&[u8]>) -> Value {
    let made = Map::with_kind(MapKind::Strings);
    for (i, part) in parts.into_iter().enumerate() {
        made.insert(format!("_{i}"), part.to_vec());
    }
    made.into()
}

fn splitn(c: &mut Call<'_>) -> Answer {
    Ok(numbered(match int(c, 1) {
        0 => Vec::new(),
        n => split(text(c, 2), text(c, 0), usize::try_from(n).unwrap_or(usize::MAX)),
    }))
}

/// A text made of its characters one by one; bytes that are none become U+FFFD, as in Go's `strings.Map`.
fn mapped(text: &[u8], mut one: impl FnMut(&mut String, char)) -> Value {
    let whole = String::from_utf8_lossy(text);
    let mut out = String::with_capacity(whole.len());
    for ch in whole.chars() {
        one(&mut out, ch);
    }
    out.into()
}

/// Go maps one character to one; where Unicode's full mapping is longer, Go keeps the character.
pub(crate) fn one_upper(ch: char) -> Option<char> {
    let mut all = ch.to_uppercase();
    if all.len() == 1 { all.next() } else { Some(ch) }
}

/// As [`one_upper`], downwards.
pub(crate) fn one_lower(ch: char) -> Option<char> {
    if ch == '\u{130}' {
        return Some('i');
    }
    let mut all = ch.to_lowercase();
    if all.len() == 1 { all.next() } else { Some(ch) }
}
