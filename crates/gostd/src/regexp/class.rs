//! Character classes: brackets, `\d`, `\pL`, `[:alpha:]`.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

use super::cursor::Cursor;
use super::error::{Error, ErrorKind};
use super::scripts::SCRIPTS;

type Result<T> = std::result::Result<T, Error>;

/// A class of the given inclusive ranges.
pub(super) fn of(ranges: &[(char, char)]) -> ClassUnicode {
    ClassUnicode::new(ranges.iter().map(|&(lo, hi)| ClassUnicodeRange::new(lo, hi)))
}

/// Adds the other cases of every character.
pub(super) fn fold(class: &mut ClassUnicode) {
    // It fails only without case tables, and they are built in.
    let _ = class.try_case_fold_simple();
}

/// The class for a group, folded first and negated after, as Go does it.
fn group(mut class: ClassUnicode, folded: bool, negated: bool) -> ClassUnicode {
    if folded {
        fold(&mut class);
    }
    if negated {
        class.negate();
    }
    class
}

/// `\d`, `\s`, `\w` and their negations at the cursor; all are ASCII in Go.
pub(super) fn perl(cursor: &mut Cursor<'_>, folded: bool) -> Option<ClassUnicode> {
    let mut chars = cursor.rest().chars();
    if chars.next() != Some('\\') {
        return None;
    }
    let letter = chars.next()?;
    let ranges: &[(char, char)] = match letter.to_ascii_lowercase() {
        'd' => &[('0', '9')],
        's' => &[('\t', '\n'), ('\x0c', '\r'), (' ', ' ')],
        'w' => &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        _ => return None,
    };
    cursor.advance(2);
    Some(group(of(ranges), folded, letter.is_ascii_uppercase()))
}

/// `[:alpha:]` and the like, at the cursor inside brackets.
fn posix(cursor: &mut Cursor<'_>, folded: bool) -> Result<Option<ClassUnicode>> {
    let rest = cursor.rest();
    if !rest.starts_with("[:") {
        return Ok(None);
    }
    let Some(end) = rest[2..].find(":]") else { return Ok(None) };
    let name = &rest[2..2 + end];
    let (negated, plain) = name.strip_prefix('^').map_or((false, name), |name| (true, name));
    let ranges: &[(char, char)] = match plain {
        "alnum" => &[('0', '9'), ('A', 'Z'), ('a', 'z')],
        "alpha" => &[('A', 'Z'), ('a', 'z')],
        "ascii" => &[('\0', '\x7f')],
        "blank" => &[('\t', '\t'), (' ', ' ')],
        "cntrl" => &[('\0', '\x1f'), ('\x7f', '\x7f')],
        "digit" => &[('0', '9')],
        "graph" => &[('!', '~')],
        "lower" => &[('a', 'z')],
        "print" => &[(' ', '~')],
        "punct" => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "space" => &[('\t', '\r'), (' ', ' ')],
        "upper" => &[('A', 'Z')],
        "word" => &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        "xdigit" => &[('0', '9'), ('A', 'F'), ('a', 'f')],
        _ => return Err(Error::new(ErrorKind::CharRange, &rest[..end + 4])),
    };
    cursor.advance(end + 4);
    Ok(Some(group(of(ranges), folded, negated)))
}

/// `\pL`, `\p{Greek}`, `\P{^Lu}` at the cursor.
pub(super) fn unicode(cursor: &mut Cursor<'_>, folded: bool) -> Result<Option<ClassUnicode>> {
    let rest = cursor.rest();
    if !rest.starts_with("\\p") && !rest.starts_with("\\P") {
        return Ok(None);
    }
    let mut negated = rest.starts_with("\\P");
    let (name, len) = match rest[2..].chars().next() {
        None => return Err(Error::new(ErrorKind::CharRange, rest)),
        Some('{') => match rest.find('}') {
            None => return Err(Error::new(ErrorKind::CharRange, rest)),
            Some(end) => (&rest[3..end], end + 1),
        },
        Some(c) => (&rest[2..2 + c.len_utf8()], 2 + c.len_utf8()),
    };
    let plain = match name.strip_prefix('^') {
        Some(plain) => {
            negated = !negated;
            plain
        }
        None => name,
    };
    let Some(class) = table(plain) else {
        return Err(Error::new(ErrorKind::CharRange, &rest[..len]));
    };
    cursor.advance(len);
    Ok(Some(group(class, folded, negated)))
}

/// The characters of a category or script; names are matched without case, blanks, `_` and `-`.
fn table(name: &str) -> Option<ClassUnicode> {
    let plain: String =
        name.chars().filter(|c| !matches!(c, ' ' | '_' | '-')).map(|c| c.to_ascii_lowercase()).collect();
    if plain.is_empty() || !plain.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    match plain.as_str() {
        "any" => return Some(of(&[('\0', char::MAX)])),
        "ascii" => return Some(of(&[('\0', '\x7f')])),
        // Surrogates cannot stand in UTF-8, so nothing matches.
        "cs" | "surrogate" => return Some(ClassUnicode::empty()),
        "lc" => return parsed("[\\p{Lu}\\p{Ll}\\p{Lt}]"),
        "assigned" => return parsed("\\P{Cn}"),
        _ => {}
    }
    if SCRIPTS.binary_search(&plain.as_str()).is_ok() {
        return parsed(&format!("\\p{{sc={plain}}}"));
    }
    parsed(&format!("\\p{{gc={plain}}}"))
}

/// The class that a pattern of the `regex-syntax` dialect stands for.
fn parsed(pattern: &str) -> Option<ClassUnicode> {
    match regex_syntax::parse(pattern).ok()?.into_kind() {
        HirKind::Class(Class::Unicode(class)) => Some(class),
        _ => None,
    }
}

/// A whole bracket expression; the cursor stands on its `[`.
pub(super) fn bracket(cursor: &mut Cursor<'_>, folded: bool) -> Result<ClassUnicode> {
    let whole = cursor.rest();
    let missing = || Error::new(ErrorKind::MissingBracket, whole);
    cursor.advance(1);
    let negated = cursor.eat('^');
    let mut class = ClassUnicode::empty();
    let mut first = true;
    while first || !cursor.rest().starts_with(']') {
        first = false;
        if cursor.rest().is_empty() {
            return Err(missing());
        }
        if let Some(part) = named(cursor, folded)? {
            class.union(&part);
            continue;
        }
        class.union(&range(cursor, folded, whole)?);
    }
    cursor.advance(1);
    if negated {
        class.negate();
    }
    Ok(class)
}

fn named(cursor: &mut Cursor<'_>, folded: bool) -> Result<Option<ClassUnicode>> {
    if let Some(class) = posix(cursor, folded)? {
        return Ok(Some(class));
    }
    if let Some(class) = unicode(cursor, folded)? {
        return Ok(Some(class));
    }
    Ok(perl(cursor, folded))
}

/// One character or a range `a-z` inside brackets.
fn range(cursor: &mut Cursor<'_>, folded: bool, whole: &str) -> Result<ClassUnicode> {
    let start = cursor.rest();
    let lo = one(cursor, whole)?;
    let mut hi = lo;
    let rest = cursor.rest();
    if rest.starts_with('-') && rest.len() > 1 && !rest.starts_with("-]") {
        cursor.advance(1);
        hi = one(cursor, whole)?;
        if hi < lo {
            let len = start.len() - cursor.rest().len();
            return Err(Error::new(ErrorKind::CharRange, &start[..len]));
        }
    }
    let mut class = of(&[(lo, hi)]);
    if folded {
        fold(&mut class);
    }
    Ok(class)
}

fn one(cursor: &mut Cursor<'_>, whole: &str) -> Result<char> {
    if cursor.rest().starts_with('\\') {
        return cursor.escape();
    }
    cursor.bump().ok_or_else(|| Error::new(ErrorKind::MissingBracket, whole))
}
