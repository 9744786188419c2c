//! References to other places, and how they are shown.
//!
//! Go takes many a character in a URL that the validator refuses. Where Go takes the whole, these are escaped: they name
//! the same place then.

use rhumb_gostd::escape::url_path_escape;

use crate::formats::uri_reference;

/// Keywords whose values are references.
pub(crate) const KEYWORDS: &[&str] = &["$ref", "$id", "id", "$dynamicRef", "$recursiveRef"];

/// A reference as the validator takes it; nothing where it stays as it is.
pub(crate) fn escaped(text: &str) -> Option<String> {
    let fragment = text.find('#').unwrap_or(text.len());
    let is_strange = |(i, c): (usize, char)| match c {
        '[' | ']' => i > fragment,
        '#' => i > fragment,
        '"' | '<' | '>' | '^' | '`' | '{' | '|' | '}' | ' ' => true,
        c => !c.is_ascii(),
    };
    if !text.char_indices().any(is_strange) || uri_reference(text).is_err() {
        return None;
    }
    let mut out = String::new();
    for (i, c) in text.char_indices() {
        if is_strange((i, c)) {
            let mut bytes = [0; 4];
            c.encode_utf8(&mut bytes).bytes().for_each(|b| out.push_str(&format!("%{b:02X}")));
        } else {
            out.push(c);
        }
    }
    Some(out)
}

/// A reference in a message, its fragment escaped as Go does.
pub(crate) fn shown(url: &str) -> String {
    let Some((url, fragment)) = url.split_once('#') else { return url.to_owned() };
    let parts: Vec<String> = percent(fragment).split('/').map(|part| url_path_escape(part.as_bytes())).collect();
    format!("{url}#{}", parts.join("/"))
}

/// The file of a `file` URL, without its scheme.
pub(crate) fn path(url: &str) -> String {
    let path = url.find('/').map_or("", |at| &url[at..]);
    percent(path.split('?').next().unwrap_or_default())
}

/// The key that a part of a JSON pointer in a URL's fragment names.
pub(crate) fn key(part: &str) -> String {
    percent(part).replace("~1", "/").replace("~0", "~")
}

/// A part of a URL without its escapes.
pub(crate) fn percent(part: &str) -> String {
    String::from_utf8_lossy(&unescaped(part.as_bytes())).into_owned()
}

/// A part of a URL without its escapes; what is none stays.
pub(crate) fn unescaped(part: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(part.len());
    let mut rest = part;
    while let Some((&first, more)) = rest.split_first() {
        let code = (first == b'%').then(|| more.get(..2).and_then(|hex| std::str::from_utf8(hex).ok())).flatten();
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                rest = &more[2..];
            }
            None => {
                out.push(first);
                rest = more;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_go_takes_is_escaped() {
        let cases = [
            ("#/definitions/a b", Some("#/definitions/a%20b")),
            ("#/definitions/List<é>[x]", Some("#/definitions/List%3C%C3%A9%3E%5Bx%5D")),
            ("#/a#b", Some("#/a%23b")),
            ("x^y.json#/q", Some("x%5Ey.json#/q")),
            ("#/definitions/a", None),
            ("http://[::1]/a", None),
            ("\\ x", None),
            ("http://x y/", None),
        ];
        for (text, want) in cases {
            assert_eq!(escaped(text).as_deref(), want, "{text}");
        }
    }

    // Observed from Helm 4.3.1.
    #[test]
    fn shown_as_go_escapes() {
        let cases = [
            ("file:///values.schema.json#/a^b", "file:///values.schema.json#/a%5Eb"),
            ("file:///values.schema.json#/a%20(b)!*", "file:///values.schema.json#/a%20%28b%29%21%2A"),
            ("file:///values.schema.json#/a@:&=+,;b/$c?d", "file:///values.schema.json#/a@:&=+%2C%3Bb/$c%3Fd"),
            ("urn:x:y", "urn:x:y"),
        ];
        for (url, want) in cases {
            assert_eq!(shown(url), want);
        }
        assert_eq!(path("/x%20y.json?z"), "/x y.json");
        assert_eq!(path("host/x"), "/x");
    }
}
