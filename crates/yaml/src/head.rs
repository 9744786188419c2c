//! What Helm reads of a rendered manifest: apiVersion, kind, metadata.name and metadata.annotations.

use crate::error::Error;
use crate::node::{Document, NodeId, NodeKind};
use crate::quick::{Look, Quick, Seen};
use crate::resolve::{Scalar, resolve};
use crate::{input, parse_read};

/// The head of a manifest; missing strings are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// `apiVersion`
    pub api_version: String,
    /// `kind`
    pub kind: String,
    /// `metadata`, where there is one.
    pub metadata: Option<Metadata>,
}

/// The part of a manifest's metadata that Helm looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// `metadata.name`
    pub name: String,
    /// `metadata.annotations` in the order of the text; `None` when absent or null. A key set twice has its last value.
    pub annotations: Option<Vec<(String, String)>>,
}

/// Reads the head with the errors of a full `yaml.Unmarshal` into Helm's `SimpleHead`.
pub fn head(bytes: &[u8]) -> Result<Head, Error> {
    let (src, bad) = input::read(bytes)?;
    if bad.is_none()
        && let Some(head) = quick_head(&src)
    {
        debug_assert_eq!(long_head(&parse_read(&src, bad)?), Ok(head.clone()));
        return Ok(head);
    }
    long_head(&parse_read(&src, bad)?)
}

fn long_head(doc: &Document<'_>) -> Result<Head, Error> {
    // The errors of the whole document come before those of the fields.
    let unfit = doc.check().err();
    if let Some(error) = &unfit
        && !error.text().starts_with("json: unsupported value")
    {
        return Err(error.clone());
    }
    read(doc, unfit)
}

/// The head of a plain document with fields of the right types and names; the whole text is looked through.
fn quick_head(src: &[u8]) -> Option<Head> {
    let mut q = Quick::new(src, Look)?;
    let column = q.start()?;
    let mut head = Head::default();
    let first = q.key(column)?;
    q.entries(column, first, |q, key| {
        let key = key.key()?;
        match field(&key, &["apiVersion", "kind", "metadata"]) {
            None => q.entry(column).map(drop),
            Some("apiVersion") => once(&mut head.api_version, &key, "apiVersion", q.entry(column)?),
            Some("kind") => once(&mut head.kind, &key, "kind", q.entry(column)?),
            Some(_) => {
                let first_and_exact = *key == *b"metadata" && head.metadata.is_none();
                head.metadata = Some(quick_metadata(q, column)?);
                first_and_exact.then_some(())
            }
        }
    })?;
    q.finish()?;
    Some(head)
}

fn quick_metadata(q: &mut Quick<'_, Look>, outer: i32) -> Option<Metadata> {
    let column = q.below(outer)?;
    let mut out = Metadata::default();
    let first = q.key(column)?;
    q.entries(column, first, |q, key| {
        let key = key.key()?;
        match field(&key, &["name", "annotations"]) {
            None => q.entry(column).map(drop),
            Some("name") => once(&mut out.name, &key, "name", q.entry(column)?),
            Some(_) => {
                let first_and_exact = *key == *b"annotations" && out.annotations.is_none();
                out.annotations = Some(quick_annotations(q, column)?);
                first_and_exact.then_some(())
            }
        }
    })?;
    Some(out)
}

fn quick_annotations(q: &mut Quick<'_, Look>, outer: i32) -> Option<Vec<(String, String)>> {
    let column = q.below(outer)?;
    let mut all = Vec::new();
    let first = q.key(column)?;
    q.reads_blocks = true;
    q.entries(column, first, |q, key| {
        let key = String::from_utf8(key.key()?.into_owned()).ok()?;
        all.push((key, plain_text(q.entry(column)?)?));
        Some(())
    })?;
    q.reads_blocks = false;
    all.sort();
    let is_repeated = all.windows(2).any(|pair| pair[0].0 == pair[1].0);
    (!is_repeated).then_some(all)
}

/// Sets a field that is written under its exact name, and not yet set.
fn once(slot: &mut String, key: &[u8], name: &str, value: Seen<'_>) -> Option<()> {
    let text = plain_text(value)?;
    let is_first = slot.is_empty() && key == name.as_bytes();
    *slot = text;
    is_first.then_some(())
}

fn plain_text(value: Seen<'_>) -> Option<String> {
    match value {
        Seen::Null => Some(String::new()),
        Seen::Scalar(text) => Some(scalar_text(&text.resolve()?).unwrap_or_default()),
        Seen::Other => None,
    }
}

/// A scalar where a string is wanted: the way through JSON writes those of other types as text. Nothing for null.
fn scalar_text(value: &Scalar<'_>) -> Option<String> {
    Some(match value {
        Scalar::Null => return None,
        Scalar::Bool(b) => b.to_string(),
        Scalar::Int(n) => n.to_string(),
        Scalar::Uint(n) => n.to_string(),
        // As for keys, a float becomes text with the digits of a float32.
        Scalar::Float(f) => crate::number::go_g32(*f),
        Scalar::Str(text) => String::from_utf8_lossy(text).into_owned(),
        Scalar::Merge => "<<".to_owned(),
    })
}

/// Reads the fields; `unfit` is a number that JSON cannot hold, which is no error where a text is wanted.
fn read(doc: &Document<'_>, unfit: Option<Error>) -> Result<Head, Error> {
    let Some(root) = doc.root() else { return Ok(Head::default()) };
    let mut head = Head::default();
    let mut reader = Reader { doc, error: None, unfit };
    let Some(pairs) = reader.pairs(root, &[], "util.SimpleHead") else {
        return reader.finish(head);
    };
    for (key, value) in pairs {
        match field(key.as_bytes(), &["apiVersion", "kind", "metadata"]) {
            Some("apiVersion") => reader.text(value, &[&key], &mut head.api_version),
            Some("kind") => reader.text(value, &[&key], &mut head.kind),
            Some(_) => head.metadata = reader.metadata(value, &key, head.metadata.take()),
            None => {}
        }
    }
    reader.finish(head)
}

/// The field that a JSON key sets: the exact name, or one that differs in case only.
fn field(key: &[u8], names: &[&'static str]) -> Option<&'static str> {
    let exact = names.iter().find(|n| n.as_bytes() == key);
    exact.or_else(|| names.iter().find(|n| n.as_bytes().eq_ignore_ascii_case(key))).copied()
}

struct Reader<'d, 'a> {
    doc: &'d Document<'a>,
    /// The first field whose type is wrong; Go reads on and reports it at the end.
    error: Option<Error>,
    /// A number without a JSON form, until it turns out to be wanted as text.
    unfit: Option<Error>,
}

impl Reader<'_, '_> {
    fn finish(self, head: Head) -> Result<Head, Error> {
        self.unfit.or(self.error).map_or(Ok(head), Err)
    }

    fn fail(&mut self, id: NodeId, path: &[&str], wanted: &str) {
        let node = self.doc.node(self.doc.follow(id));
        let found = match node.kind {
            NodeKind::Sequence => "array",
            NodeKind::Mapping => "object",
            _ => match resolve(node) {
                Ok(Scalar::Bool(_)) => "bool",
                Ok(Scalar::Int(_) | Scalar::Uint(_) | Scalar::Float(_)) => "number",
                _ => "string",
            },
        };
        if self.error.is_none() {
            let text = format!("json: cannot unmarshal {found} into {} of type {wanted}", place(path));
            self.error = Some(Error::unmarshal(text, Some(node.start)));
        }
    }

    fn is_null(&self, id: NodeId) -> bool {
        let node = self.doc.node(self.doc.follow(id));
        matches!(node.kind, NodeKind::Scalar(_)) && resolve(node) == Ok(Scalar::Null)
    }

    /// The entries of a mapping in key order, as JSON has them; nothing for null, and an error for anything else.
    fn pairs(&mut self, id: NodeId, path: &[&str], wanted: &str) -> Option<Vec<(String, NodeId)>> {
        let target = self.doc.follow(id);
        if self.is_null(id) {
            return None;
        }
        if self.doc.node(target).kind != NodeKind::Mapping {
            self.fail(id, path, wanted);
            return None;
        }
        let mut pairs = Vec::new();
        self.collect(target, &mut pairs, 0);
        pairs.reverse();
        pairs.sort_by(|a: &(String, NodeId), b| a.0.cmp(&b.0));
        pairs.dedup_by(|later, kept| later.0 == kept.0);
        Some(pairs)
    }

    fn collect(&self, map: NodeId, pairs: &mut Vec<(String, NodeId)>, depth: u32) {
        if depth > 100 {
            return;
        }
        let mut children = self.doc.children(map);
        while let (Some(k), Some(v)) = (children.next(), children.next()) {
            let value = resolve(self.doc.node(self.doc.follow(k))).unwrap_or(Scalar::Null);
            if value != Scalar::Merge {
                let text = crate::gosyntax::key_text(&value).unwrap_or_default();
                pairs.push((String::from_utf8_lossy(&text).into_owned(), v));
                continue;
            }
            let target = self.doc.follow(v);
            if self.doc.node(target).kind == NodeKind::Mapping {
                self.collect(target, pairs, depth + 1);
            } else {
                let items: Vec<NodeId> = self.doc.children(target).collect();
                for item in items.into_iter().rev() {
                    self.collect(self.doc.follow(item), pairs, depth + 1);
                }
            }
        }
    }

    fn metadata(&mut self, id: NodeId, outer: &str, before: Option<Metadata>) -> Option<Metadata> {
        if self.is_null(id) {
            return None;
        }
        let mut out = before.unwrap_or_default();
        let pairs = self.pairs(id, &[outer], METADATA_TYPE)?;
        for (key, value) in pairs {
            match field(key.as_bytes(), &["name", "annotations"]) {
                Some("name") => self.text(value, &[outer, &key], &mut out.name),
                Some(_) => self.annotations(value, &[outer, &key], &mut out),
                None => {}
            }
        }
        Some(out)
    }

    fn annotations(&mut self, id: NodeId, path: &[&str; 2], out: &mut Metadata) {
        let Some(pairs) = self.pairs(id, path, "map[string]string") else { return };
        let mut all = out.annotations.take().unwrap_or_default();
        // Only a second field of that name, in other case, meets keys that are there already.
        let merged = !all.is_empty();
        for (key, value) in pairs {
            let mut text = String::new();
            self.text(value, &[path[0], path[1], &key], &mut text);
            if merged {
                all.retain(|(k, _)| *k != key);
            }
            all.push((key, text));
        }
        out.annotations = Some(all);
    }

    /// A string field takes scalars of other types too.
    fn text(&mut self, id: NodeId, path: &[&str], out: &mut String) {
        let node = self.doc.node(self.doc.follow(id));
        if !matches!(node.kind, NodeKind::Scalar(_)) {
            return self.fail(id, path, "string");
        }
        let Ok(value) = resolve(node) else { return };
        if matches!(value, Scalar::Float(_)) {
            self.unfit.take_if(|e| e.offset() == Some(node.start));
        }
        if let Some(text) = scalar_text(&value) {
            *out = text;
        }
    }
}

/// The place of a value in Go 1.27's words: a JSON pointer with dots for slashes; one that ends in a number is taken for an index.
fn place(path: &[&str]) -> String {
    let Some(last) = path.last() else { return "Go value".to_owned() };
    let index = !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit());
    let mut out = String::from(if index { "" } else { "Go struct field " });
    for name in path {
        out.push('.');
        out.push_str(&name.replace('~', "~0").replace('/', "~1"));
    }
    out
}

const METADATA_TYPE: &str =
    "struct { Name string \"json:\\\"name\\\"\"; Annotations map[string]string \"json:\\\"annotations\\\"\" }";

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts of `helm template` 4.3.1 (built with Go 1.27), after `error unmarshaling JSON: while decoding JSON: `.
    #[test]
    fn type_errors_are_worded_as_the_reference() {
        let metadata =
            "struct { Name string \"json:\\\"name\\\"\"; Annotations map[string]string \"json:\\\"annotations\\\"\" }";
        let cases = [
            ("apiVersion: [a]\nkind: {}\n", "array into Go struct field .apiVersion of type string".to_owned()),
            ("metadata: x\n", format!("string into Go struct field .metadata of type {metadata}")),
            ("metadata: {name: [a]}\n", "array into Go struct field .metadata.name of type string".to_owned()),
            ("metadata: {NAME: [x], name: [y]}", "array into Go struct field .metadata.NAME of type string".to_owned()),
            (
                "metadata: {annotations: [a]}\n",
                "array into Go struct field .metadata.annotations of type map[string]string".to_owned(),
            ),
            (
                "metadata: {annotations: {'a~b/': [b]}}\n",
                "array into Go struct field .metadata.annotations.a~0b~1 of type string".to_owned(),
            ),
            ("metadata: {annotations: {1: [b]}}\n", "array into .metadata.annotations.1 of type string".to_owned()),
            ("- a\n", "array into Go value of type util.SimpleHead".to_owned()),
            ("true\n", "bool into Go value of type util.SimpleHead".to_owned()),
        ];
        for (text, want) in cases {
            let error = head(text.as_bytes()).unwrap_err();
            assert_eq!(error.text(), format!("json: cannot unmarshal {want}"), "{text:?}");
            assert_eq!(error.stage(), crate::Stage::Unmarshal);
        }
    }

    /// Observed with sigs.k8s.io/yaml: scalars of any type become text where a string is wanted.
    #[test]
    fn scalars_become_text() {
        let head =
            head(b"APIVERSION: 1\nkind: .inf\nmetadata: {name: 1.10, annotations: {a: true, b: 1e100, 3: ~}}").unwrap();
        assert_eq!((head.api_version.as_str(), head.kind.as_str()), ("1", "+Inf"));
        let metadata = head.metadata.unwrap();
        assert_eq!(metadata.name, "1.1");
        let want = [("3", ""), ("a", "true"), ("b", "+Inf")].map(|(k, v)| (k.to_owned(), v.to_owned()));
        assert_eq!(metadata.annotations.unwrap(), want);
        assert_eq!(super::head(b"null").unwrap(), Head::default());
        assert_eq!(super::head(b"b: .inf").unwrap_err().text(), "json: unsupported value: +Inf");
    }
}
