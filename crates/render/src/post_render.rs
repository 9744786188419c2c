//! What a post-renderer is given and what becomes of its answer.
//!
//! It gets all manifests and hooks of the chart as one stream, each marked with the file that it comes from by an
//! annotation. Its answer is taken apart by that mark again, which is then removed. The rules are those of the
//! reference, whose library reads and writes every document on both ways and knows lists and a few annotations of its own.

use rhumb_yaml::keep::{ItemId, Kept, Kind, ROOT};

use crate::manifest::{self, Rendered};

/// The annotation that names a document's file.
const FILE_NAME: &str = "postrenderer.helm.sh/postrender-filename";
/// How sequences below a key are written.
const WIDTH: &str = "internal.config.kubernetes.io/seqindent";
/// Where documents stood in a stream: of no use behind it, and removed.
const INDEXES: [&str; 2] = ["internal.config.kubernetes.io/index", "config.kubernetes.io/index"];
/// Annotations of two names: one of them is given the text of the other.
const TWINS: [(&str, &str); 2] = [
    ("internal.config.kubernetes.io/path", "config.kubernetes.io/path"),
    ("internal.config.kubernetes.io/id", "config.k8s.io/id"),
];

/// The stream of all documents, marked with their files. The error is the reference's text.
pub fn mark(files: &[Rendered]) -> Result<Vec<u8>, String> {
    let mut in_order: Vec<&Rendered> = files.iter().collect();
    in_order.sort_by(|a, b| a.path.cmp(&b.path));
    let mut out = Vec::new();
    for file in in_order {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        if name.starts_with('_') {
            continue;
        }
        for (_, text) in manifest::documents(&file.text) {
            let documents =
                read_stream(text).map_err(|e| format!("error merging manifests: parsing {}: {e}", file.path))?;
            for mut doc in documents {
                annotate(&mut doc, &[(FILE_NAME, &file.path)])
                    .map_err(|e| format!("error merging manifests: annotating {}: {e}", file.path))?;
                append(&mut out, doc);
            }
        }
    }
    Ok(out)
}

/// The files of an answer, in no particular order. The error is the reference's text.
pub fn unmark(stream: &[u8]) -> Result<Vec<Rendered>, String> {
    let told = |e: String| format!("error while parsing post rendered output: {e}");
    let documents = read_stream(stream).map_err(|e| told(format!("error parsing YAML: {e}")))?;
    let mut files: std::collections::BTreeMap<String, Vec<u8>> = std::collections::BTreeMap::new();
    for (n, mut doc) in documents.into_iter().enumerate() {
        if !doc.is_null(ROOT) && !has_head(&doc) {
            return Err(told("getting metadata: missing Resource metadata".to_owned()));
        }
        let name = annotations(&doc).and_then(|a| doc.get(a, FILE_NAME)).filter(|v| !doc.is_null(*v));
        let path = match name.map(|v| String::from_utf8_lossy(doc.text(v)).into_owned()) {
            Some(path) if !path.is_empty() => path,
            _ => format!("generated-by-postrender-{n}.yaml"),
        };
        if let Some(list) = annotations(&doc) {
            doc.remove(list, FILE_NAME);
        }
        append(files.entry(path).or_default(), doc);
    }
    Ok(files.into_iter().map(|(path, text)| Rendered { path: path.into(), text: text.into() }).collect())
}

/// Whether anything says what the document is.
fn has_head(doc: &Kept) -> bool {
    ["apiVersion", "kind", "metadata"].iter().any(|key| doc.get(ROOT, key).is_some())
}

fn annotations(doc: &Kept) -> Option<ItemId> {
    let metadata = doc.get(ROOT, "metadata")?;
    doc.get(metadata, "annotations").filter(|a| doc.kind(*a) == Kind::Mapping)
}

/// Reads all documents of a stream; those with nothing in them are left out, and a single list is taken apart.
fn read_stream(stream: &[u8]) -> Result<Vec<Kept>, String> {
    let text = without_carriage_returns(stream);
    let chunks = chunks(&text)?;
    let single = chunks.len() == 1;
    let mut documents = Vec::new();
    for chunk in chunks {
        let read = Kept::read(chunk).map_err(|e| format!("MalformedYAMLError: {}", e.text()))?;
        let Some(mut doc) = read.filter(|doc| !doc.is_null(ROOT)) else { continue };
        annotate(&mut doc, &[])?;
        match doc.get(ROOT, "items").filter(|_| single && is_list(&doc)) {
            Some(items) => documents.extend(doc.children(items).iter().map(|item| doc.cut_out(*item))),
            None => documents.push(doc),
        }
    }
    Ok(documents)
}

fn is_list(doc: &Kept) -> bool {
    doc.get(ROOT, "kind").is_some_and(|kind| matches!(doc.text(kind), b"List" | b"ResourceList"))
}

fn without_carriage_returns(stream: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    if memchr::memmem::find(stream, b"\r\n").is_none() {
        return stream.into();
    }
    let mut out = Vec::with_capacity(stream.len());
    for line in stream.split_inclusive(|b| *b == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(text) => out.extend_from_slice(&[text, b"\n"].concat()),
            None => out.extend_from_slice(line),
        }
    }
    out.into()
}

/// Cuts a stream at lines that begin with three dashes; behind these only a comment may stand. The first line is no
/// such line, and one that ends the text without a line break is left to the reader.
fn chunks(text: &[u8]) -> Result<Vec<&[u8]>, String> {
    let mut found = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(dashes) = memchr::memmem::find(&text[at..], b"\n---").map(|n| at + n) {
        let Some(end) = memchr::memchr(b'\n', &text[dashes + 4..]).map(|n| dashes + 4 + n) else { break };
        let line = String::from_utf8_lossy(&text[dashes + 1..end]);
        if !matches!(line[3..].trim().bytes().next(), None | Some(b'#')) {
            return Err(format!("invalid document separator: {}", line.trim()));
        }
        found.push(&text[from..=dashes]);
        (from, at) = (end + 1, end + 1);
    }
    if !text.is_empty() {
        found.push(&text[from..]);
    }
    Ok(found)
}

/// Sets annotations, and those that have two names under both. What is no map is replaced when it is nothing else either.
fn annotate(doc: &mut Kept, wanted: &[(&str, &str)]) -> Result<(), String> {
    if doc.is_null(ROOT) {
        return Ok(());
    }
    expect_mapping(doc, ROOT)?;
    let metadata = mapping(doc, ROOT, "metadata")?;
    let list = match doc.get(metadata, "annotations") {
        Some(id) if doc.kind(id) == Kind::Sequence && !doc.children(id).is_empty() => {
            return Err(wrong_kind(doc, id));
        }
        Some(id) if doc.kind(id) == Kind::Mapping && !doc.children(id).is_empty() => id,
        _ => {
            doc.remove(metadata, "annotations");
            doc.add_mapping(metadata, "annotations")
        }
    };
    for (new, old) in TWINS {
        let text = |key| doc.get(list, key).map(|v| String::from_utf8_lossy(doc.text(v)).into_owned());
        match (text(new).filter(|t| !t.is_empty()), text(old).filter(|t| !t.is_empty())) {
            (Some(text), None) => doc.set_text(list, old, &text),
            (None, Some(text)) => doc.set_text(list, new, &text),
            _ => {}
        }
    }
    for (key, text) in wanted {
        doc.set_text(list, key, text);
    }
    Ok(())
}

/// The mapping under a key, made anew where there is nothing in it.
fn mapping(doc: &mut Kept, map: ItemId, key: &str) -> Result<ItemId, String> {
    if let Some(id) = doc.get(map, key)
        && !doc.is_null(id)
    {
        expect_mapping(doc, id)?;
        if !doc.children(id).is_empty() {
            return Ok(id);
        }
    }
    doc.remove(map, key);
    Ok(doc.add_mapping(map, key))
}

fn expect_mapping(doc: &Kept, id: ItemId) -> Result<(), String> {
    if doc.kind(id) == Kind::Mapping { Ok(()) } else { Err(wrong_kind(doc, id)) }
}

fn wrong_kind(doc: &Kept, id: ItemId) -> String {
    let (kind, text) = (doc.kind(id).name(), doc.write_node(id));
    let text = String::from_utf8_lossy(&text);
    format!("wrong node kind: expected MappingNode but got {kind}: node contents:\n{text}")
}

/// Adds a document to a stream, without what was of use for the stream alone.
fn append(stream: &mut Vec<u8>, mut doc: Kept) {
    let mut wide = false;
    if let Some(list) = annotations(&doc) {
        wide = doc.get(list, WIDTH).is_some_and(|v| doc.text(v) == b"wide");
        INDEXES.iter().chain([&WIDTH]).for_each(|key| doc.remove(list, key));
    }
    if let Some(metadata) = doc.get(ROOT, "metadata") {
        remove_empty(&mut doc, metadata, "annotations");
        remove_empty(&mut doc, ROOT, "metadata");
    }
    if !stream.is_empty() {
        stream.extend_from_slice(b"---\n");
    }
    stream.extend_from_slice(&doc.write(wide));
}

fn remove_empty(doc: &mut Kept, map: ItemId, key: &str) {
    if doc.get(map, key).is_some_and(|v| doc.children(v).is_empty()) {
        doc.remove(map, key);
    }
}

#[cfg(test)]
mod tests;
