//! The documents of a values file.

use std::borrow::Cow;

use memchr::memmem;
use rhumb_gostd::raw;
use rhumb_gostd::strings::trim_space;

use crate::error::{Error, Stage};

/// The documents of a text that may hold several, as Kubernetes' `NewYAMLReader` cuts them: at lines that start with
/// `---`, even inside a block scalar. Behind the dashes only a comment may stand; anything else is an error, which ends the walk.
/// A separator that ends no document belongs to the one behind it, so that its lines count, and `---#` there is a text.
pub fn documents(bytes: &[u8]) -> impl Iterator<Item = Result<&[u8], Error>> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let text = rest.filter(|text| !text.is_empty())?;
        let mut from = 0;
        loop {
            let here = text[from..].starts_with(b"---");
            let at = if here { Some(from) } else { memmem::find(&text[from..], b"\n---").map(|i| from + i + 1) };
            let Some(at) = at else {
                rest = None;
                return Some(Ok(text));
            };
            let line = text[at..].iter().position(|b| *b == b'\n').map_or(text.len(), |n| at + n + 1);
            let behind = trim_space(&text[at + 3..line]);
            if !behind.is_empty() && behind[0] != b'#' {
                rest = None;
                let text =
                    format!("error reading yaml document: invalid Yaml document separator: {}", raw::text(behind));
                return Some(Err(Error::new(Stage::Bare, text, None)));
            }
            if at > 0 {
                rest = Some(&text[line..]);
                return Some(Ok(&text[..at]));
            }
            from = line;
        }
    })
}

/// A document as it is read: its last line is ended, which keeps the line end of a block text, and counts in messages.
pub fn ended(document: &[u8]) -> Cow<'_, [u8]> {
    match document.last() {
        None | Some(b'\n') => Cow::Borrowed(document),
        Some(_) => Cow::Owned([document, b"\n"].concat()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Observed with `helm template -f`.
    #[test]
    fn cuts_as_the_reference() {
        let cases: &[(&str, &[&str])] = &[
            ("a: 1", &["a: 1"]),
            ("a: 1\n--- # c\nb: 2", &["a: 1\n", "b: 2"]),
            ("a: 1\n---#x\nb: 2", &["a: 1\n", "b: 2"]),
            ("---\n---\na: 1\n---\n", &["---\n", "a: 1\n"]),
            ("---#\na: 1\n---\n--- # c\nb: 2", &["---#\na: 1\n", "--- # c\nb: 2"]),
            ("a: 1\n ---\nb: 2\n", &["a: 1\n ---\nb: 2\n"]),
            ("a: 1\r\n---\r\nb: 2\r\n", &["a: 1\r\n", "b: 2\r\n"]),
            ("---", &["---"]),
            ("", &[]),
            ("a: 1\n---b: 2\n", &["!b: 2"]),
            ("a: 1\n----\nb: 2", &["!-"]),
            ("--- x\na: 1", &["!x"]),
        ];
        for (text, want) in cases {
            let got: Vec<String> = documents(text.as_bytes())
                .map(|d| match d {
                    Ok(d) => String::from_utf8_lossy(d).into_owned(),
                    Err(e) => {
                        e.to_string().replace("error reading yaml document: invalid Yaml document separator: ", "!")
                    }
                })
                .collect();
            assert_eq!(got, *want, "{text:?}");
        }
    }

    /// Observed with `helm template`: a block text at the end of values.yaml, with and without the last line end.
    #[test]
    fn the_last_line_is_ended() {
        let cases: &[(&[u8], &[u8])] = &[
            (b"a: |\n  x", b"a: |\n  x\n"),
            (b"a: 1\n", b"a: 1\n"),
            (b"a: 1\r", b"a: 1\r\n"),
            (b"a: 1\n\n", b"a: 1\n\n"),
            (b"", b""),
        ];
        for (text, want) in cases {
            assert_eq!(*ended(text), **want, "{text:?}");
        }
    }
}
