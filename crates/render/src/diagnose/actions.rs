//! The actions of a template's text, read far enough to tell which block is open and what is defined.
//!
//! The parser gives up at the first error; this goes over the whole text whatever it holds.

use std::ops::Range;

/// One `{{ ... }}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Action<'t> {
    /// Its bytes, delimiters included. Without a closing delimiter it ends at the text's end.
    pub(super) range: Range<usize>,
    /// What stands between the delimiters, trim markers and spaces left out.
    pub(super) inner: &'t [u8],
    /// Whether there is a closing delimiter.
    pub(super) closed: bool,
    /// The last `else` of the block that it opens, as far as the text was read.
    pub(super) branch: Option<Branch>,
}

/// An `else` of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Branch {
    pub(super) range: Range<usize>,
    /// Whether it has a condition of its own.
    pub(super) conditional: bool,
}

impl Action<'_> {
    /// The first word.
    pub(super) fn word(&self) -> &[u8] {
        let end = self.inner.iter().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(self.inner.len());
        &self.inner[..end]
    }

    /// Whether it opens a block that needs an end.
    pub(super) fn opens(&self) -> bool {
        matches!(self.word(), b"if" | b"with" | b"range" | b"define" | b"block")
    }

    /// The name that a `define` or `block` gives.
    pub(super) fn defines(&self) -> Option<String> {
        if !matches!(self.word(), b"define" | b"block") {
            return None;
        }
        let rest = self.inner[self.word().len()..].trim_ascii_start();
        let quote = *rest.first().filter(|b| matches!(b, b'"' | b'`'))?;
        let end = memchr::memchr(quote, &rest[1..])?;
        Some(String::from_utf8_lossy(&rest[1..1 + end]).into_owned())
    }
}

/// All actions, comments left out.
pub(super) fn actions(text: &[u8]) -> impl Iterator<Item = Action<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + memchr::memmem::find(text.get(at..)?, b"{{")?;
            let mut from = start + 2;
            if text[from..].starts_with(b"-") && text.get(from + 1).is_some_and(u8::is_ascii_whitespace) {
                from += 1;
            }
            let skipped = text[from..].iter().take_while(|b| b.is_ascii_whitespace()).count();
            if text[from + skipped..].starts_with(b"/*") {
                let end = memchr::memmem::find(&text[from + skipped..], b"*/");
                at = end.map_or(text.len(), |e| from + skipped + e + 2);
                continue;
            }
            let (end, closed) = closing(text, from);
            at = end;
            let inner = &text[from..if closed { end - 2 } else { end }];
            let trimmed = inner.trim_ascii();
            let inner = trimmed.strip_suffix(b"-").map_or(trimmed, <[u8]>::trim_ascii);
            return Some(Action { range: start..end, inner, closed, branch: None });
        }
    })
}

/// Where an action ends: behind its delimiter, those inside of quotes not counted.
fn closing(text: &[u8], from: usize) -> (usize, bool) {
    let mut quote = None;
    let mut i = from;
    while let Some(b) = text.get(i) {
        match (quote, b) {
            (None, b'}') if text[i..].starts_with(b"}}") => return (i + 2, true),
            // A new action inside of one: the first was never closed.
            (None, b'{') if text[i..].starts_with(b"{{") => return (i, false),
            (None, b'"' | b'`') => quote = Some(*b),
            (Some(b'"'), b'\\') => i += 1,
            (Some(b'"'), b'\n') => quote = None,
            (Some(open), b) if open == *b => quote = None,
            _ => {}
        }
        i += 1;
    }
    (text.len(), false)
}

/// The blocks that are open at the end of the text, outermost first.
pub(super) fn unclosed(text: &[u8]) -> Vec<Action<'_>> {
    let mut open: Vec<Action<'_>> = Vec::new();
    for action in actions(text) {
        if action.opens() {
            open.push(action);
        } else if action.word() == b"end" {
            open.pop();
        }
    }
    open
}

/// The blocks that are open just before an offset, outermost first, and the one that was closed last.
pub(super) fn before(text: &[u8], offset: usize) -> (Vec<Action<'_>>, Option<(Action<'_>, Action<'_>)>) {
    let mut open: Vec<Action<'_>> = Vec::new();
    let mut closed = None;
    for action in actions(text).take_while(|a| a.range.end <= offset) {
        if action.opens() {
            open.push(action);
        } else if let (b"else", Some(block)) = (action.word(), open.last_mut()) {
            block.branch = Some(Branch { range: action.range, conditional: action.inner.len() > b"else".len() });
        } else if action.word() == b"end"
            && let Some(block) = open.pop()
        {
            closed = Some((block, action));
        }
    }
    (open, closed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        actions(text.as_bytes()).map(|a| String::from_utf8_lossy(a.inner).into_owned()).collect()
    }

    #[test]
    fn actions_of_a_text() {
        let cases: &[(&str, &[&str])] = &[
            ("a{{ x }}b{{- y -}}c", &["x", "y"]),
            ("{{/* {{ no }} */}}{{ x }}", &["x"]),
            ("{{ \"}}\" }}{{ `}}\n` }}", &["\"}}\"", "`}}\n`"]),
            ("{{ if x\n{{ end }}", &["if x", "end"]),
            ("{{", &[""]),
            ("{{ \"a\n }}", &["\"a"]),
        ];
        for (text, want) in cases {
            assert_eq!(words(text), *want, "{text:?}");
        }
    }

    #[test]
    fn what_is_open() {
        let open = |text: &'static str| -> Vec<String> {
            unclosed(text.as_bytes()).iter().map(|a| String::from_utf8_lossy(a.inner).into_owned()).collect()
        };
        assert_eq!(open("{{ if a }}{{ range b }}{{ end }}"), ["if a"]);
        assert_eq!(open("{{ define \"x\" }}{{ with c }}{{else}}"), ["define \"x\"", "with c"]);
        assert_eq!(open("{{ if a }}{{ end }}{{ end }}"), [""; 0]);
        let text = b"{{ if a }}{{ end }}{{ end }}";
        let (open, closed) = before(text, 19);
        assert!(open.is_empty());
        assert_eq!(closed.map(|(o, _)| o.range), Some(0..10));
        let (open, _) = before(b"{{ if a }}{{ else if b }}x", 25);
        assert_eq!(open[0].branch, Some(Branch { range: 10..25, conditional: true }));
    }

    #[test]
    fn what_is_defined() {
        let names: Vec<String> =
            actions(b"{{ define \"a.b\" }}{{- block `c` . }}{{ define x }}").filter_map(|a| a.defines()).collect();
        assert_eq!(names, ["a.b", "c"]);
    }
}
