//! Go's `filepath.Match`, the dialect of `.helmignore` and `--show-only`.
//!
//! `*` and `?` do not cross `/`; brackets do. A malformed piece is an error only when the pieces
//! before the star in front of it match, for Go reads a pattern from star to star.

use std::fmt;

/// A malformed pattern; `Display` is Go's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadPattern;

impl fmt::Display for BadPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("syntax error in pattern")
    }
}

impl std::error::Error for BadPattern {}

/// What a pattern is made of.
enum Term {
    Star,
    Single,
    Literal(char),
    Bracket { negated: bool, ranges: Vec<(char, char)> },
}

/// Whether the whole name matches the pattern.
pub fn filepath_match(pattern: &str, name: &str) -> Result<bool, BadPattern> {
    let mut terms = Vec::new();
    if parse(pattern, &mut terms).is_ok() {
        return Ok(matches(&terms, name, false));
    }
    let last_star = terms.iter().rposition(|term| matches!(term, Term::Star));
    if last_star.is_none_or(|star| matches(&terms[..star], name, true)) {
        return Err(BadPattern);
    }
    Ok(false)
}

/// Adds the pattern's terms, as far as they are well formed.
fn parse(pattern: &str, terms: &mut Vec<Term>) -> Result<(), BadPattern> {
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        terms.push(match c {
            '*' => Term::Star,
            '?' => Term::Single,
            '[' => bracket(&mut chars)?,
            '\\' => Term::Literal(chars.next().ok_or(BadPattern)?),
            c => Term::Literal(c),
        });
    }
    Ok(())
}

/// The inside of a bracket: one range or more, and no bare `-` or `]` as a bound.
fn bracket(chars: &mut std::str::Chars<'_>) -> Result<Term, BadPattern> {
    let negated = eat(chars, '^');
    let mut ranges = Vec::new();
    while ranges.is_empty() || !eat(chars, ']') {
        let lo = bound(chars)?;
        let hi = if eat(chars, '-') { bound(chars)? } else { lo };
        ranges.push((lo, hi));
    }
    Ok(Term::Bracket { negated, ranges })
}

fn eat(chars: &mut std::str::Chars<'_>, wanted: char) -> bool {
    let found = chars.as_str().starts_with(wanted);
    if found {
        chars.next();
    }
    found
}

fn bound(chars: &mut std::str::Chars<'_>) -> Result<char, BadPattern> {
    match chars.next() {
        Some('\\') => chars.next().ok_or(BadPattern),
        None | Some('-' | ']') => Err(BadPattern),
        Some(c) => Ok(c),
    }
}

/// Only the last star needs to be tried again: an earlier one that took more could not help.
/// With `partial`, a name that begins so is enough.
fn matches(terms: &[Term], name: &str, partial: bool) -> bool {
    let (mut at, mut place) = (0, name);
    let mut retry: Option<(usize, &str)> = None;
    loop {
        let after = match terms.get(at) {
            None if partial || place.is_empty() => return true,
            None => None,
            Some(Term::Star) => {
                retry = Some((at + 1, place));
                at += 1;
                continue;
            }
            Some(term) => one(term, place),
        };
        if let Some(after) = after {
            (at, place) = (at + 1, after);
            continue;
        }
        let Some((after_star, taken)) = retry else { return false };
        let mut rest = taken.chars();
        match rest.next() {
            None | Some('/') => return false,
            Some(_) => (at, place) = (after_star, rest.as_str()),
        }
        retry = Some((after_star, place));
    }
}

/// Takes one character if it fits.
fn one<'a>(term: &Term, name: &'a str) -> Option<&'a str> {
    let mut rest = name.chars();
    let c = rest.next()?;
    let fits = match term {
        Term::Star => false,
        Term::Single => c != '/',
        Term::Literal(wanted) => c == *wanted,
        Term::Bracket { negated, ranges } => ranges.iter().any(|&(lo, hi)| lo <= c && c <= hi) != *negated,
    };
    fits.then_some(rest.as_str())
}

#[cfg(test)]
mod tests {
    use super::filepath_match;

    /// Observed from Go's `filepath.Match`; an empty last field is the error.
    #[test]
    fn answers_are_gos() {
        for line in TABLE.lines() {
            let mut fields = line.split('\t');
            let (pattern, name) = (fields.next().unwrap(), fields.next().unwrap());
            let expected = fields.next().unwrap();
            let got = match filepath_match(pattern, name) {
                Ok(true) => "1".to_owned(),
                Ok(false) => "0".to_owned(),
                Err(error) => error.to_string(),
            };
            assert_eq!(got, expected, "{pattern:?} on {name:?}");
        }
    }

    const TABLE: &str = "\
\t\t1\n\
\tabc\t0\n\
\ta/b\t0\n\
*\t\t1\n\
*\ta\t1\n\
*\tab\t1\n\
*\tabc\t1\n\
*\t*\t1\n\
*\tb.txt\t1\n\
*\t-\t1\n\
*\té\t1\n\
*\t!\t1\n\
*\taXbYc\t1\n\
*\taaba\t1\n\
*\ta\\\t1\n\
a*\ta\t1\n\
a*\tab\t1\n\
a*\tabc\t1\n\
a*\t*\t0\n\
a*\t-\t0\n\
a*\té\t0\n\
a*\t!\t0\n\
a*\taXbYc\t1\n\
a*\taaba\t1\n\
a*\ta\\\t1\n\
*b\ta\t0\n\
*b\tab\t1\n\
*b\t*\t0\n\
*b\t-\t0\n\
*b\té\t0\n\
*b\t!\t0\n\
*b\taaba\t0\n\
a*b*c\ta\t0\n\
a*b*c\tabc\t1\n\
a*b*c\t*\t0\n\
a*b*c\t-\t0\n\
a*b*c\té\t0\n\
a*b*c\t!\t0\n\
a*b*c\taXbYc\t1\n\
a*b*c\taaba\t0\n\
?\ta\t1\n\
?\tab\t0\n\
?\t*\t1\n\
?\tb.txt\t0\n\
?\t-\t1\n\
?\té\t1\n\
?\t!\t1\n\
?\taXbYc\t0\n\
?\ta\\\t0\n\
[a]\t\t0\n\
[a]\ta\t1\n\
[a]\tabc\t0\n\
[a]\ta/b\t0\n\
[^a]\tab\t0\n\
[^a]\t*\t1\n\
[^a]\tb.txt\t0\n\
[^a]\t-\t1\n\
[^a]\té\t1\n\
[^a]\t!\t1\n\
[^a]\taXbYc\t0\n\
[^a]\ta\\\t0\n\
[a-c]\ta\t1\n\
[a-c]\t*\t0\n\
[a-c]\t-\t0\n\
[a-c]\té\t0\n\
[a-c]\t!\t0\n\
[a-c]\taaba\t0\n\
[c-a]\ta\t0\n\
[c-a]\t*\t0\n\
[c-a]\t-\t0\n\
[c-a]\té\t0\n\
[c-a]\t!\t0\n\
[c-a]\taaba\t0\n\
[]a]\t\tsyntax error in pattern\n\
[]a]\tab\tsyntax error in pattern\n\
[a\t\tsyntax error in pattern\n\
[a\tab\tsyntax error in pattern\n\
[\t\tsyntax error in pattern\n\
[\tab\tsyntax error in pattern\n\
[^]\t\tsyntax error in pattern\n\
[^]\tab\tsyntax error in pattern\n\
[-a]\t\tsyntax error in pattern\n\
[-a]\tab\tsyntax error in pattern\n\
[a-]\t\tsyntax error in pattern\n\
[a-]\tab\tsyntax error in pattern\n\
[\\]a]\ta\t1\n\
[\\]a]\t*\t0\n\
[\\]a]\t-\t0\n\
[\\]a]\té\t0\n\
[\\]a]\t!\t0\n\
[\\]a]\taaba\t0\n\
[a\\-z]\t\t0\n\
[a\\-z]\ta\t1\n\
[a\\-z]\tabc\t0\n\
[a\\-z]\ta/b\t0\n\
[a\\-z]\t-\t1\n\
\\\t\tsyntax error in pattern\n\
\\\tab\tsyntax error in pattern\n\
a\\\t\tsyntax error in pattern\n\
a\\\tab\tsyntax error in pattern\n\
\\*\ta\t0\n\
\\*\t*\t1\n\
\\*\t-\t0\n\
\\*\té\t0\n\
\\*\t!\t0\n\
\\*\taaba\t0\n\
**\t\t1\n\
**\ta\t1\n\
**\tab\t1\n\
**\tabc\t1\n\
**\t*\t1\n\
**\tb.txt\t1\n\
**\t-\t1\n\
**\té\t1\n\
**\t!\t1\n\
**\taXbYc\t1\n\
**\taaba\t1\n\
**\ta\\\t1\n\
*/*\t\t0\n\
*/*\tabc\t0\n\
*/*\ta/b\t1\n\
a/*\t\t0\n\
a/*\tabc\t0\n\
a/*\ta/b\t1\n\
[^/]\ta\t1\n\
[^/]\tab\t0\n\
[^/]\t*\t1\n\
[^/]\tb.txt\t0\n\
[^/]\t-\t1\n\
[^/]\té\t1\n\
[^/]\t!\t1\n\
[^/]\taXbYc\t0\n\
[^/]\ta\\\t0\n\
[/]\t\t0\n\
[/]\tabc\t0\n\
[/]\ta/b\t0\n\
a[/]b\ta\t0\n\
a[/]b\ta/b\t1\n\
a[/]b\t*\t0\n\
a[/]b\t-\t0\n\
a[/]b\té\t0\n\
a[/]b\t!\t0\n\
a[/]b\taaba\t0\n\
*.txt\ta\t0\n\
*.txt\t*\t0\n\
*.txt\tb.txt\t1\n\
*.txt\t-\t0\n\
*.txt\té\t0\n\
*.txt\t!\t0\n\
*.txt\taaba\t0\n\
**/a\tab\t0\n\
**/a\tb.txt\t0\n\
**/a\taXbYc\t0\n\
**/a\ta\\\t0\n\
[a]*[b]\tab\t1\n\
[a]*[b]\tb.txt\t0\n\
[a]*[b]\taXbYc\t0\n\
[a]*[b]\ta\\\t0\n\
*a*a\tab\t0\n\
*a*a\tb.txt\t0\n\
*a*a\taXbYc\t0\n\
*a*a\taaba\t1\n\
*a*a\ta\\\t0\n\
[!a]\ta\t1\n\
[!a]\tab\t0\n\
[!a]\tb.txt\t0\n\
[!a]\t!\t1\n\
[!a]\taXbYc\t0\n\
[!a]\ta\\\t0\n\
{a,b}\ta\t0\n\
{a,b}\t*\t0\n\
{a,b}\t-\t0\n\
{a,b}\té\t0\n\
{a,b}\t!\t0\n\
{a,b}\taaba\t0\n\
[a-z0-9]\ta\t1\n\
[a-z0-9]\t*\t0\n\
[a-z0-9]\t-\t0\n\
[a-z0-9]\té\t0\n\
[a-z0-9]\t!\t0\n\
[a-z0-9]\taaba\t0\n\
é*\ta\t0\n\
é*\t*\t0\n\
é*\t-\t0\n\
é*\té\t1\n\
é*\t!\t0\n\
é*\taaba\t0\n\
[à-ü]\ta\t0\n\
[à-ü]\t*\t0\n\
[à-ü]\t-\t0\n\
[à-ü]\té\t1\n\
[à-ü]\t!\t0\n\
[à-ü]\taaba\t0\n\
x[\t\tsyntax error in pattern\n\
x[\tab\tsyntax error in pattern\n\
?/?\t\t0\n\
?/?\tabc\t0\n\
?/?\ta/b\t1\n\
*?\ta\t1\n\
*?\tab\t1\n\
*?\tabc\t1\n\
*?\t*\t1\n\
*?\tb.txt\t1\n\
*?\t-\t1\n\
*?\té\t1\n\
*?\t!\t1\n\
*?\taXbYc\t1\n\
*?\taaba\t1\n\
*?\ta\\\t1\n\
?*\ta\t1\n\
?*\tab\t1\n\
?*\tabc\t1\n\
?*\t*\t1\n\
?*\tb.txt\t1\n\
?*\t-\t1\n\
?*\té\t1\n\
?*\t!\t1\n\
?*\taXbYc\t1\n\
?*\taaba\t1\n\
?*\ta\\\t1\n\
";
}
