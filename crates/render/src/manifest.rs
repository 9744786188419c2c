//! From rendered files to documents: splitting, reading heads, telling hooks from the rest, ordering.

use rhumb_yaml::Head;

use crate::hooks::{self, Hook};
use crate::plan::{Manifest, Sorted};
use crate::sort::by_install_order;

/// A file that a template made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The path of the template, the chart's name first.
    pub path: String,
    /// What it wrote.
    pub text: Vec<u8>,
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
                    return Err(Unreadable { path: file.path.clone(), start, error, unknown_hooks });
                }
            };
            place(&mut sorted, &file.path, text, head);
        }
    }
    sorted.manifests.sort_by(|a, b| by_install_order(&a.head.kind, &b.head.kind));
    sorted.hooks.sort_by(|a, b| by_install_order(&a.manifest.head.kind, &b.manifest.head.kind));
    Ok(sorted)
}

fn place(sorted: &mut Sorted, path: &str, text: &[u8], head: Head) {
    let manifest = Manifest { path: path.to_owned(), text: text.to_vec(), head };
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

/// The documents of a text with where each starts: cut at every line that starts with `---`, without white space at
/// their start; those with nothing else are left out.
pub fn documents(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut next = 0;
    std::iter::from_fn(move || {
        loop {
            let start = next;
            let rest = text.get(start..)?;
            let end = separator(rest, start == 0).map_or(text.len(), |at| start + at);
            // One past the end stops the walk.
            next = if end == text.len() { end + 1 } else { end + 3 };
            let spaces = text[start..end].iter().take_while(|b| b.is_ascii_whitespace() || **b == 0x0b).count();
            if start + spaces < end {
                return Some((start + spaces, &text[start + spaces..end]));
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
        Rendered { path: path.into(), text: text.into() }
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
        let kinds: Vec<_> = sorted.manifests.iter().map(|m| (m.path.as_str(), m.head.kind.as_str())).collect();
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
