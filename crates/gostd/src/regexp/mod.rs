//! Go's `regexp`: its syntax, its error texts, its rules for empty matches and replacements.
//!
//! Patterns are parsed by our own reader of Go's dialect and run by `regex-automata`, which finds
//! the same leftmost-first matches in linear time. Texts are bytes, as Go strings are.

mod class;
mod cursor;
mod error;
mod expand;
mod haystack;
mod parse;
mod scripts;

use std::borrow::Cow;

use regex_automata::meta;
use regex_automata::{Input, MatchKind, util::captures::Captures};

use crate::raw;
pub use error::{Error, ErrorKind};
use haystack::Haystack;

/// The places of a match and its groups; a group that took no part has none.
pub type Submatches = Vec<Option<(usize, usize)>>;

/// A pattern in Go's syntax, written again in the syntax of Rust's `regex`, with the same meaning.
///
/// # Errors
/// Go's, for a pattern that Go refuses.
pub fn rust_syntax(pattern: &str) -> Result<String, Error> {
    let parsed = parse::parse(pattern)?;
    let mut text = String::new();
    let printed = regex_syntax::hir::print::Printer::new().print(&parsed.hir, &mut text);
    // What cannot be written in that syntax stays as it is.
    Ok(if printed.is_ok() && regex_syntax::parse(&text).is_ok() { text } else { pattern.to_owned() })
}

/// The memory that one compiled pattern may take. Go's limit is 128 MiB of another program.
const SIZE_LIMIT: usize = 32 << 20;

/// A compiled pattern.
#[derive(Debug, Clone)]
pub struct Regexp {
    program: meta::Regex,
    pattern: Box<str>,
    names: Vec<Option<Box<str>>>,
}

impl Regexp {
    /// Compiles a pattern in Go's syntax.
    pub fn compile(pattern: &str) -> Result<Regexp, Error> {
        let parsed = parse::parse(pattern)?;
        // The lazy automaton is left out: building its reversed program doubles the cost of a
        // compilation, and templates match short texts. So is the search for literals: it costs
        // as much again and gains nothing on them.
        let config = meta::Config::new()
            .match_kind(MatchKind::LeftmostFirst)
            .utf8_empty(true)
            .hybrid(false)
            .auto_prefilter(false)
            .nfa_size_limit(Some(SIZE_LIMIT));
        let program = meta::Builder::new()
            .configure(config)
            .build_from_hir(&parsed.hir)
            .map_err(|_| Error::new(ErrorKind::Large, pattern))?;
        Ok(Regexp { program, pattern: pattern.into(), names: parsed.names })
    }

    /// Compiles a pattern that may not be UTF-8, which is an error in Go's words.
    pub fn compile_bytes(pattern: &[u8]) -> Result<Regexp, Error> {
        match std::str::from_utf8(pattern) {
            Ok(pattern) => Regexp::compile(pattern),
            Err(e) => Err(Error::new(ErrorKind::Utf8, &raw::text(&pattern[e.valid_up_to()..]))),
        }
    }

    /// The pattern as it was given.
    pub fn as_str(&self) -> &str {
        &self.pattern
    }

    /// The number of groups, the whole match not counted.
    pub fn group_count(&self) -> usize {
        self.names.len() - 1
    }

    /// The names of the groups by number; the first stands for the whole match.
    pub fn group_names(&self) -> impl Iterator<Item = Option<&str>> {
        self.names.iter().map(Option::as_deref)
    }

    /// Whether the pattern matches anywhere.
    pub fn is_match(&self, src: &[u8]) -> bool {
        let hay = Haystack::new(src);
        self.program.is_match(Input::new(&*hay.text).earliest(true))
    }

    /// The place of the first match.
    pub fn find(&self, src: &[u8]) -> Option<(usize, usize)> {
        let hay = Haystack::new(src);
        let found = self.program.search(&Input::new(&*hay.text))?;
        Some((hay.original(found.start()), hay.original(found.end())))
    }

    /// The places of the first match and its groups.
    pub fn find_submatch(&self, src: &[u8]) -> Option<Submatches> {
        self.find_all_submatch(src, 1).pop()
    }

    /// The places of at most `n` matches (all of them for a negative `n`).
    pub fn find_all(&self, src: &[u8], n: i64) -> Vec<(usize, usize)> {
        let hay = Haystack::new(src);
        let mut all = Vec::new();
        let mut previous_end = None;
        let mut at = 0;
        while at <= hay.text.len() && within(all.len(), n) {
            let input = Input::new(&*hay.text).span(at..hay.text.len());
            let Some(found) = self.program.search(&input) else { break };
            let place = (found.start(), found.end());
            if accept(place, at, previous_end) {
                all.push((hay.original(place.0), hay.original(place.1)));
            }
            previous_end = Some(place.1);
            at = next_start(&hay, place, at);
        }
        all
    }

    /// The places of at most `n` matches and their groups (all of them for a negative `n`).
    pub fn find_all_submatch(&self, src: &[u8], n: i64) -> Vec<Submatches> {
        let hay = Haystack::new(src);
        let mut all = Vec::new();
        let mut caps = self.program.create_captures();
        let mut previous_end = None;
        let mut at = 0;
        while at <= hay.text.len() && within(all.len(), n) {
            let Some(place) = self.search_groups(&hay, at, &mut caps) else { break };
            if accept(place, at, previous_end) {
                all.push(self.places(&hay, &caps));
            }
            previous_end = Some(place.1);
            at = next_start(&hay, place, at);
        }
        all
    }

    /// Replaces every match by the template with `$1` and `${name}` filled in.
    pub fn replace_all<'a>(&self, src: &'a [u8], template: &[u8]) -> Cow<'a, [u8]> {
        if memchr::memchr(b'$', template).is_none() {
            return self.replace_all_literal(src, template);
        }
        self.replace(src, |out, found| expand::expand(out, template, self, src, found))
    }

    /// Replaces every match by the text as it is.
    pub fn replace_all_literal<'a>(&self, src: &'a [u8], text: &[u8]) -> Cow<'a, [u8]> {
        self.replace(src, |out, _| out.extend_from_slice(text))
    }

    /// Unlike in `find_all`, an empty match directly behind another match is passed over here
    /// only when it is not at the start of the text.
    fn replace<'a>(&self, src: &'a [u8], mut write: impl FnMut(&mut Vec<u8>, &Submatches)) -> Cow<'a, [u8]> {
        let hay = Haystack::new(src);
        let mut caps = self.program.create_captures();
        let mut out = Vec::new();
        let (mut last_end, mut at, mut any) = (0, 0, false);
        while at <= hay.text.len() {
            let Some((start, end)) = self.search_groups(&hay, at, &mut caps) else { break };
            any = true;
            out.extend_from_slice(&src[hay.original(last_end)..hay.original(start)]);
            if end > last_end || start == 0 {
                write(&mut out, &self.places(&hay, &caps));
            }
            last_end = end;
            let step = at + hay.width(at).max(1);
            at = step.max(end);
        }
        if !any {
            return Cow::Borrowed(src);
        }
        out.extend_from_slice(&src[hay.original(last_end)..]);
        Cow::Owned(out)
    }

    /// Cuts the text at every match into at most `n` pieces (any number for a negative `n`,
    /// none at all for zero).
    pub fn split<'a>(&self, src: &'a [u8], n: i64) -> Vec<&'a [u8]> {
        if n == 0 {
            return Vec::new();
        }
        if src.is_empty() && !self.pattern.is_empty() {
            return vec![src];
        }
        let mut pieces = Vec::new();
        let (mut begin, mut end) = (0, 0);
        for (start, stop) in self.find_all(src, n) {
            if n > 0 && !within(pieces.len() + 1, n) {
                break;
            }
            end = start;
            if stop != 0 {
                pieces.push(&src[begin..end]);
            }
            begin = stop;
        }
        if end != src.len() {
            pieces.push(&src[begin..]);
        }
        pieces
    }

    fn search_groups(&self, hay: &Haystack<'_>, at: usize, caps: &mut Captures) -> Option<(usize, usize)> {
        let input = Input::new(&*hay.text).span(at..hay.text.len());
        self.program.search_captures(&input, caps);
        caps.get_group(0).map(|span| (span.start, span.end))
    }

    fn places(&self, hay: &Haystack<'_>, caps: &Captures) -> Submatches {
        (0..self.names.len()).map(|i| caps.get_group(i).map(|s| (hay.original(s.start), hay.original(s.end)))).collect()
    }
}

fn within(count: usize, n: i64) -> bool {
    usize::try_from(n).map_or(true, |n| count < n)
}

/// An empty match directly behind the match before it does not count.
fn accept((start, end): (usize, usize), at: usize, previous_end: Option<usize>) -> bool {
    end != at || previous_end != Some(start)
}

/// Where to search next: behind the match, but always further on.
fn next_start(hay: &Haystack<'_>, (_, end): (usize, usize), at: usize) -> usize {
    if end > at { end } else { at + hay.width(at).max(1) }
}

/// Escapes every character that means something in a pattern.
pub fn quote_meta(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &b in text {
        if br"\.+*?()|[]{}^$".contains(&b) {
            out.push(b'\\');
        }
        out.push(b);
    }
    out
}

#[cfg(test)]
mod tests;
