//! From rendered files to documents: splitting, reading heads, telling hooks from the rest, ordering.

use std::ops::Deref;
use std::rc::Rc;

use rhumb_gostd::strings::trim_space;

use crate::hooks::{self, Hook};
use crate::plan::{Manifest, Sorted};
use crate::sort;

/// A text, or a part of one that others have parts of too: what a template wrote is kept once.
#[derive(Clone, Default)]
pub struct Text {
    whole: Rc<Vec<u8>>,
    start: u32,
    end: u32,
}

impl Text {
    /// The part that starts at `start` and is `len` bytes long, as far as there is one.
    #[must_use]
    pub fn part(&self, start: usize, len: usize) -> Text {
        let at = |n: usize| (self.start as usize).saturating_add(n).min(self.end as usize) as u32;
        Text { whole: self.whole.clone(), start: at(start), end: at(start.saturating_add(len)) }
    }
}

impl From<Vec<u8>> for Text {
    /// Texts are bounded far below the 4 GiB that an end can tell; more is cut off.
    fn from(bytes: Vec<u8>) -> Self {
        let end = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        Text { whole: Rc::new(bytes), start: 0, end }
    }
}

impl Deref for Text {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        self.whole.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text {}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(self))
    }
}

/// A file that a template made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The path of the template, the chart's name first.
    pub path: Rc<str>,
    /// What it wrote.
    pub text: Text,
}

/// A document that is no YAML, or no manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The path of the template.
    pub path: String,
    /// Where the document starts in the file's text.
    pub start: usize,
    /// What the reader said.
    pub error: rhumb_yaml::Error,
    /// The unknown hooks that were met before it (see [`Sorted::unknown_hooks`]).
    pub unknown_hooks: Vec<String>,
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "YAML parse error on {}: {}", self.path, self.error)
    }
}

/// Splits and orders the documents of all files. Partials (a name with `_` first) and NOTES.txt must be gone.
pub fn sort(files: &[Rendered]) -> Result<Sorted, Unreadable> {
    let mut in_order: Vec<&Rendered> = files.iter().collect();
    in_order.sort_by(|a, b| a.path.cmp(&b.path));
    let mut sorted = Sorted::default();
    for file in in_order {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        if name.starts_with('_') {
            continue;
        }
        for (start, text) in documents(&file.text) {
            let head = match rhumb_yaml::head(text) {
                Ok(head) => head,
                Err(error) => {
                    let unknown_hooks = sorted.unknown_hooks;
                    return Err(Unreadable { path: file.path.to_string(), start, error, unknown_hooks });
                }
            };
            let text = file.text.part(start, text.len());
            place(&mut sorted, Manifest { path: file.path.clone(), text, head });
        }
    }
    sorted.manifests.sort_by_cached_key(|m| sort::key(&m.head.kind));
    sorted.hooks.sort_by_cached_key(|h| sort::key(&h.manifest.head.kind));
    Ok(sorted)
}

fn place(sorted: &mut Sorted, manifest: Manifest) {
    let Some(kinds) = hooks::annotation(&manifest.head, hooks::HOOK) else {
        sorted.manifests.push(manifest);
        return;
    };
    match hooks::events(kinds) {
        Some(events) => {
            let hook = Hook::new(manifest, events);
            sorted.hooks.push(hook);
        }
        None => sorted.unknown_hooks.push(kinds.to_owned()),
    }
}

/// The documents of a text with where each starts: cut at every line that starts with `---`, without white space (as Unicode
/// knows it) at their start; those with nothing else are left out. Before the first document the separator may be indented.
pub fn documents(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let trimmed = trim_space(text);
    let first = if trimmed.is_empty() { text.len() } else { trimmed.as_ptr().addr() - text.as_ptr().addr() };
    let mut next = first;
    std::iter::from_fn(move || {
        loop {
            let start = next;
            let rest = text.get(start..)?;
            let end = separator(rest, start == first).map_or(text.len(), |at| start + at);
            // One past the end stops the walk.
            next = if end == text.len() { end + 1 } else { end + 3 };
            let inner = trim_space(&text[start..end]);
            if !inner.is_empty() {
                let from = inner.as_ptr().addr() - text.as_ptr().addr();
                return Some((from, &text[from..end]));
            }
        }
    })
}

/// Where the next `---` at the start of a line is.
fn separator(text: &[u8], at_line_start: bool) -> Option<usize> {
    if at_line_start && text.starts_with(b"---") {
        return Some(0);
    }
    memchr::memmem::find(text, b"\n---").map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<String> {
        documents(text.as_bytes()).map(|(_, d)| String::from_utf8_lossy(d).into_owned()).collect()
    }

    /// Observed with Helm 4.3.1.
    #[test]
    fn splitting() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            ("\n\n", &[]),
            ("---\n---\n", &[]),
            ("a: 1", &["a: 1"]),
            ("a: 1\n\n\n---   \n\nb: 1\n", &["a: 1\n\n\n", "b: 1\n"]),
            ("# c\n---\nk: |\n  --- b\n  ---c\n", &["# c\n", "k: |\n  --- b\n  ---c\n"]),
            ("--- # c\nk: 1\n---a: 1\n", &["# c\nk: 1\n", "a: 1\n"]),
            ("a: 1\r\n---\r\nb: 1\r\n", &["a: 1\r\n", "b: 1\r\n"]),
            ("a: 1\n---\u{a0}\nb: 1\n---\n\u{85}\n\u{2003}\n", &["a: 1\n", "b: 1\n"]),
            (" \n\t---\na: 1\n ---\nb: 1\n", &["a: 1\n ---\nb: 1\n"]),
            ("\u{a0}---a: 1", &["a: 1"]),
            ("\u{a0}", &[]),
        ];
        for (text, want) in cases {
            assert_eq!(split(text), *want, "{text:?}");
        }
    }

    #[test]
    fn starts_are_offsets_into_the_file() {
        let text = b"---\na: 1\n---\n  b: 1\n";
        let starts: Vec<usize> = documents(text).map(|(at, _)| at).collect();
        assert_eq!(starts, [4, 15]);
    }

    fn rendered(path: &str, text: &str) -> Rendered {
        Rendered { path: path.into(), text: Vec::from(text).into() }
    }

    #[test]
    fn parts_stay_inside() {
        let text = Text::from(b"0123456789".to_vec());
        let part = text.part(2, 5);
        assert_eq!((&*part, &*part.part(3, 9), &*part.part(9, 1)), (&b"23456"[..], &b"56"[..], &b""[..]));
        assert_eq!(part, Text::from(b"23456".to_vec()));
        assert_eq!(&*Text::default(), b"");
    }

    #[test]
    fn hooks_are_told_from_the_rest() {
        let files = vec![
            rendered("c/templates/b.yaml", "kind: Role"),
            rendered("c/templates/a.yaml", "kind: Pod\n---\nkind: Role"),
            rendered("c/templates/_p.yaml", "a: ["),
            rendered(
                "c/templates/h.yaml",
                "kind: Pod\nmetadata: {annotations: {helm.sh/hook: 'pre-install, POST-install'}}",
            ),
            rendered("c/templates/i.yaml", "kind: Pod\nmetadata: {annotations: {helm.sh/hook: 'foo,pre-install'}}"),
        ];
        let sorted = sort(&files).unwrap();
        let kinds: Vec<_> = sorted.manifests.iter().map(|m| (&*m.path, m.head.kind.as_str())).collect();
        let want = [("c/templates/a.yaml", "Role"), ("c/templates/b.yaml", "Role"), ("c/templates/a.yaml", "Pod")];
        assert_eq!(kinds, want);
        assert_eq!(sorted.hooks.len(), 1);
        assert_eq!(sorted.unknown_hooks, ["foo,pre-install"]);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let error = sort(&[rendered("m/templates/q.yaml", "a: [\n")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "YAML parse error on m/templates/q.yaml: error converting YAML to JSON: yaml: line 1: did not find \
             expected node content"
        );
    }
}
