//! The names that a Rust source speaks of: comments, texts and test code left out, `use` trees followed.

use std::collections::BTreeMap;

/// A piece of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    /// `::`
    Path,
    Sign(u8),
}

/// A path such as `std::fs::read`, with imports resolved, and the line it stands on. A macro's name ends in `!`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    pub(super) line: usize,
    pub(super) path: String,
}

/// All paths of a source outside of its tests.
pub(super) fn names(text: &str) -> Vec<Name> {
    let tokens = without_tests(tokens(text));
    let (imports, mut names) = imports(&tokens);
    names.extend(expressions(&tokens, &imports));
    names.sort();
    names.dedup();
    names
}

fn tokens(text: &str) -> Vec<(usize, Token<'_>)> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            b'/' if bytes[at..].starts_with(b"//") => at += bytes[at..].iter().take_while(|b| **b != b'\n').count(),
            b'/' if bytes[at..].starts_with(b"/*") => at = comment_end(bytes, at),
            b'"' => at = text_end(bytes, at + 1),
            b'\'' => at = quote_end(bytes, at),
            b':' if bytes[at..].starts_with(b"::") => {
                out.push((line, Token::Path));
                at += 2;
            }
            b if b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80 => {
                at +=
                    bytes[at..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_' || **b >= 0x80).count();
                match raw_text_end(bytes, start, at) {
                    Some(end) => at = end,
                    None => out.push((line, Token::Word(&text[start..at]))),
                }
            }
            b if b.is_ascii_whitespace() => at += 1,
            b => {
                out.push((line, Token::Sign(b)));
                at += 1;
            }
        }
        line += bytes[start..at].iter().filter(|b| **b == b'\n').count();
    }
    out
}

fn comment_end(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0;
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += 1;
        }
    }
    at.min(bytes.len())
}

fn text_end(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

/// The end of a character, or of the quote of a lifetime.
fn quote_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at + 1..];
    let length = match rest.first() {
        Some(b'\\') => rest.iter().skip(2).position(|b| *b == b'\'').map(|n| n + 3),
        Some(first) => {
            let width = match first {
                0..0x80 => 1,
                0x80..0xe0 => 2,
                0xe0..0xf0 => 3,
                _ => 4,
            };
            (rest.get(width) == Some(&b'\'')).then_some(width + 1)
        }
        None => None,
    };
    at + 1 + length.unwrap_or(0)
}

/// Where a text ends that the word before it begins: `r"…"`, `br#"…"#`, `b"…"`, `c"…"`.
fn raw_text_end(bytes: &[u8], start: usize, at: usize) -> Option<usize> {
    let (word, rest) = (&bytes[start..at], &bytes[at..]);
    let hashes = rest.iter().take_while(|b| **b == b'#').count();
    if rest.get(hashes) != Some(&b'"') {
        return None;
    }
    match word {
        b"b" | b"c" if hashes == 0 => Some(text_end(bytes, at + 1)),
        b"r" | b"br" | b"cr" => {
            let close = [&b"\""[..], &b"#".repeat(hashes)].concat();
            let body = at + hashes + 1;
            let length = bytes[body..].windows(close.len()).position(|w| w == close)?;
            Some(body + length + close.len())
        }
        _ => None,
    }
}

/// Drops every item that `#[cfg(test)]` (or `all(test, …)`) stands before.
fn without_tests(tokens: Vec<(usize, Token<'_>)>) -> Vec<(usize, Token<'_>)> {
    use Token::{Sign, Word};
    let mut out = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let begins = |mark: &[Token<'_>]| tokens[at..].iter().map(|(_, t)| t).take(mark.len()).eq(mark);
        let plain = [Sign(b'#'), Sign(b'['), Word("cfg"), Sign(b'('), Word("test"), Sign(b')')];
        let with_more =
            [Sign(b'#'), Sign(b'['), Word("cfg"), Sign(b'('), Word("all"), Sign(b'('), Word("test"), Sign(b',')];
        if begins(&plain) || begins(&with_more) {
            let close = tokens[at..].iter().position(|(_, t)| *t == Sign(b']')).unwrap_or(0);
            at = item_end(&tokens, at + close + 1);
        } else {
            out.push(tokens[at]);
        }
        at += 1;
    }
    out
}

/// The last token of an item: its semicolon, or the brace that closes it.
fn item_end(tokens: &[(usize, Token<'_>)], from: usize) -> usize {
    let mut depth = 0;
    for (at, (_, token)) in tokens.iter().enumerate().skip(from) {
        match token {
            Token::Sign(b'{' | b'(' | b'[') => depth += 1,
            Token::Sign(b')' | b']') => depth -= 1,
            Token::Sign(b'}') if depth == 1 => return at,
            Token::Sign(b'}') => depth -= 1,
            Token::Sign(b';') if depth == 0 => return at,
            _ => {}
        }
    }
    tokens.len()
}

/// Every imported path: by the name it gets here, and as a list.
fn imports(tokens: &[(usize, Token<'_>)]) -> (BTreeMap<String, String>, Vec<Name>) {
    let (mut by_name, mut names) = (BTreeMap::new(), Vec::new());
    for (at, _) in tokens.iter().enumerate().filter(|(_, (_, t))| *t == Token::Word("use")) {
        let mut rest = &tokens[at + 1..];
        tree(&mut rest, "", &mut |line, path: String, name| {
            if name != "_" && name != "*" {
                by_name.insert(name.to_owned(), path.clone());
            }
            names.push(Name { line, path });
        });
    }
    (by_name, names)
}

/// One branch of a `use` tree.
fn tree(rest: &mut &[(usize, Token<'_>)], above: &str, found: &mut impl FnMut(usize, String, &str)) {
    let mut path = above.to_owned();
    let mut last = above.rsplit("::").next().unwrap_or("").to_owned();
    let mut line = rest.first().map_or(0, |(line, _)| *line);
    while let Some(((at, token), tail)) = rest.split_first() {
        match token {
            Token::Word("as") => {
                let Some(((_, Token::Word(name)), tail)) = tail.split_first() else { return };
                *rest = tail;
                return found(line, path, name);
            }
            Token::Word("self") if !above.is_empty() && path == above => {}
            Token::Word(word) => {
                line = *at;
                path = if path.is_empty() { (*word).to_owned() } else { format!("{path}::{word}") };
                last = (*word).to_owned();
            }
            Token::Sign(b'*') => {
                *rest = tail;
                return found(line, format!("{path}::*"), "*");
            }
            Token::Sign(b'{') => {
                *rest = tail;
                while rest.first().is_some_and(|(_, t)| *t != Token::Sign(b'}')) {
                    let before = rest.len();
                    tree(rest, &path, found);
                    // A comma, or something that is no import at all.
                    if rest.first().is_some_and(|(_, t)| *t == Token::Sign(b',')) || rest.len() == before {
                        *rest = &rest[1..];
                    }
                }
                *rest = rest.get(1..).unwrap_or_default();
                return;
            }
            Token::Path => {}
            Token::Sign(_) => break,
        }
        *rest = tail;
    }
    if !path.is_empty() {
        found(line, path, &last);
    }
}

/// Paths in the code itself, their first word replaced where it was imported.
fn expressions(tokens: &[(usize, Token<'_>)], imports: &BTreeMap<String, String>) -> Vec<Name> {
    let mut names = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at].1 == Token::Word("use") {
            at += tokens[at..].iter().position(|(_, t)| *t == Token::Sign(b';')).unwrap_or(1);
        }
        let Some(&(line, Token::Word(first))) = tokens.get(at) else {
            at += 1;
            continue;
        };
        let inside = at > 0 && matches!(tokens[at - 1].1, Token::Path | Token::Sign(b'.'));
        let mut path = imports.get(first).filter(|_| !inside).map_or(first, String::as_str).to_owned();
        at += 1;
        while let [(_, Token::Path), (_, Token::Word(word)), ..] = tokens[at..] {
            path = format!("{path}::{word}");
            at += 2;
        }
        let is_macro = matches!(tokens[at..], [(_, Token::Sign(b'!')), (_, Token::Sign(b'(' | b'[' | b'{')), ..]);
        if is_macro {
            path.push('!');
        }
        if is_macro || path.contains("::") {
            names.push(Name { line, path });
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        names(text).into_iter().map(|n| format!("{} {}", n.line, n.path)).collect()
    }

    #[test]
    fn use_trees_are_followed() {
        let text = "use std::{fs, io::{self, Read as _, stdin as input}};\npub use a::b::*;\nfn f() { fs::read(\"x\"); io::stdout(); input() }";
        let want = [
            "1 std::fs",
            "1 std::io",
            "1 std::io::Read",
            "1 std::io::stdin",
            "2 a::b::*",
            "3 std::fs::read",
            "3 std::io::stdin",
            "3 std::io::stdout",
        ];
        assert_eq!(paths(text), want);
    }

    #[test]
    fn texts_and_comments_say_nothing() {
        let text = r##"// std::fs
/* std::fs /* nested */ std::env */
const A: &str = "std::net"; const B: &str = r#"std::fs "# ; const C: u8 = b'"'; const D: char = '\''; fn f<'a>(x: &'a str) { g('"', "\"", br"\"); }
fn g() { std::env::var("HOME"); println!("x") }"##;
        assert_eq!(paths(text), ["4 println!", "4 std::env::var"]);
    }

    #[test]
    fn tests_do_not_count() {
        let text = "#[cfg(test)]\nmod tests { use std::fs; fn f() { fs::x() } }\n#[cfg(all(test, unix))]\nmod more;\nfn g() { core::mem::take(x) }";
        assert_eq!(paths(text), ["5 core::mem::take"]);
    }

    #[test]
    fn methods_and_fields_are_no_paths() {
        assert_eq!(paths("use std::fs; fn f() { a.fs.read(); x::fs::y() }"), ["1 std::fs", "1 x::fs::y"]);
    }
}
