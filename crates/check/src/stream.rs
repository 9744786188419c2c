//! The manifests in a text that may be YAML or JSON, read as the reference's lint reads them.
//!
//! A text that begins with `{` is taken for a row of JSON values. When one of the first two is none, the rest is tried as
//! YAML; only when that fails too is the JSON complaint the answer. Found by experiment with `helm lint` of Helm 4.3.1.

use std::borrow::Cow;

use rhumb_value::{Value, json};
use rhumb_yaml::shape::{self, Shape};

use crate::json_scan;

/// How far the reference looks for the `{`.
const FIRST_LOOK: usize = 4096;

/// What may follow a JSON value at least, so that it is tried as YAML.
const LEAST_YAML: usize = 4;

const METADATA: Shape = Shape::Struct("rules.k8sYamlMetadata", &[("namespace", Shape::Text), ("name", Shape::Text)]);
const MANIFEST: Shape =
    Shape::Struct("rules.k8sYamlStruct", &[("apiVersion", Shape::Text), ("kind", Shape::Text), ("metadata", METADATA)]);

/// What the rules want to know of a manifest; what is missing is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) api_version: String,
    pub(crate) kind: String,
    pub(crate) name: String,
}

/// The manifests, nothing for a document that is null or empty. The first error, with the reference's text, is the last item.
pub(crate) fn documents(text: &[u8]) -> Documents<'_> {
    let start = String::from_utf8_lossy(&text[..text.len().min(FIRST_LOOK)]);
    let is_json = start.trim_start_matches(rhumb_gostd::unicode::is_space).starts_with('{');
    Documents { text, at: 0, mode: if is_json { Mode::Json(0) } else { Mode::Yaml } }
}

pub(crate) struct Documents<'a> {
    text: &'a [u8],
    at: usize,
    mode: Mode,
}

#[derive(Clone, Copy)]
enum Mode {
    /// So many JSON values have been read.
    Json(usize),
    Yaml,
    Done,
}

type Found = Result<Option<Head>, String>;

impl Iterator for Documents<'_> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        let found = match self.mode {
            Mode::Json(count) => self.json(count),
            Mode::Yaml => self.yaml(),
            Mode::Done => None,
        };
        if matches!(found, None | Some(Err(_))) {
            self.mode = Mode::Done;
        }
        found
    }
}

impl Documents<'_> {
    fn json(&mut self, count: usize) -> Option<Found> {
        let fault = match json_scan::value_at(self.text, self.at) {
            Ok(None) => return None,
            Ok(Some((start, end))) => match read_json(&self.text[start..end]) {
                Ok(head) => {
                    self.at = end;
                    self.mode = Mode::Json(count + 1);
                    return Some(Ok(head));
                }
                Err(text) => json_scan::Fault { text, offset: None },
            },
            Err(fault) => fault,
        };
        if count > 1 {
            return Some(Err(fault.text));
        }
        if (count == 0 || self.skip_to_yaml())
            && let Some(Ok(head)) = self.yaml()
        {
            self.mode = Mode::Yaml;
            return Some(Ok(head));
        }
        Some(Err(match fault.offset {
            Some(at) => format!("json: offset {at}: {}", fault.text),
            None => fault.text,
        }))
    }

    /// Steps over the end of a line behind a JSON value; `false` where too little follows.
    fn skip_to_yaml(&mut self) -> bool {
        let spaces = self.text[self.at..].iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
        self.at += spaces;
        if self.text.len() - self.at < LEAST_YAML {
            return false;
        }
        self.at += usize::from(self.text[self.at] == b'\n');
        true
    }

    fn yaml(&mut self) -> Option<Found> {
        let document = match self.cut()? {
            Ok((from, to)) => whole_lines(&self.text[from..to]),
            Err(text) => return Some(Err(text)),
        };
        Some(read_yaml(&document))
    }

    /// The next document: up to a line that starts with `---`. Such a line at the very start belongs to it.
    fn cut(&mut self) -> Option<Result<(usize, usize), String>> {
        let start = self.at;
        while self.at < self.text.len() {
            let line = self.at;
            self.at = memchr::memchr(b'\n', &self.text[line..]).map_or(self.text.len(), |n| line + n + 1);
            let Some(behind) = self.text[line..self.at].strip_prefix(b"---") else { continue };
            let behind = String::from_utf8_lossy(behind);
            let behind = behind.trim_matches(rhumb_gostd::unicode::is_space);
            if !behind.is_empty() && !behind.starts_with('#') {
                return Some(Err(format!("invalid Yaml document separator: {behind}")));
            }
            if line > start {
                return Some(Ok((start, line)));
            }
        }
        (self.at > start).then_some(Ok((start, self.at)))
    }
}

/// The text as the reference's reader of lines leaves it: plain ends of lines, one at the very end too.
fn whole_lines(text: &[u8]) -> Cow<'_, [u8]> {
    let has_returns = memchr::memmem::find(text, b"\r\n").is_some();
    if !has_returns && text.ends_with(b"\n") {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len() + 1);
    for line in text.split_inclusive(|b| *b == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        out.extend_from_slice(if has_returns { line.strip_suffix(b"\r").unwrap_or(line) } else { line });
        out.push(b'\n');
    }
    Cow::Owned(out)
}

fn read_yaml(text: &[u8]) -> Found {
    let value = match rhumb_yaml::parse_value(text) {
        Ok(value) => value,
        // A number without a JSON form is no fault where text is wanted.
        Err(error) => {
            let head = rhumb_yaml::head(text).map_err(|_| error.to_string())?;
            let name = head.metadata.map(|m| m.name).unwrap_or_default();
            return Ok(Some(Head { api_version: head.api_version, kind: head.kind, name }));
        }
    };
    let fitted = shape::fit(&value, &MANIFEST);
    fitted.map(|v| head(&v)).map_err(|e| format!("error unmarshaling JSON: while decoding JSON: {e}"))
}

/// JSON that was scanned already: its members one by one, since the first that does not fit is the one that is told, and
/// one that comes twice is set twice.
fn read_json(text: &[u8]) -> Found {
    let misfit = |value: &[u8], place: &str, wanted: &str| {
        let kind = match value.first() {
            Some(b'{') => "object",
            Some(b'[') => "array",
            Some(b'"') => "string",
            Some(b't' | b'f') => "bool",
            _ => "number",
        };
        format!("json: cannot unmarshal {kind} into {place} of type {wanted}")
    };
    let set = |field: &mut String, value: &[u8], path: &str| match value {
        b"null" => Ok(()),
        [b'"', ..] => {
            *field = string(value);
            Ok(())
        }
        other => Err(misfit(other, &format!("Go struct field {path}"), "string")),
    };
    match text {
        b"null" => return Ok(None),
        [b'{', ..] => {}
        other => return Err(misfit(other, "Go value", "rules.k8sYamlStruct")),
    }
    let mut head = Head::default();
    for (key, value) in json_scan::members(text) {
        let key = string(key);
        match key.to_ascii_lowercase().as_str() {
            "apiversion" => set(&mut head.api_version, value, &format!(".{key}"))?,
            "kind" => set(&mut head.kind, value, &format!(".{key}"))?,
            "metadata" if value == b"null" => head.name.clear(),
            "metadata" if !value.starts_with(b"{") => {
                return Err(misfit(value, &format!("Go struct field .{key}"), "rules.k8sYamlMetadata"));
            }
            "metadata" => {
                for (inner, value) in json_scan::members(value) {
                    let inner = string(inner);
                    let path = format!(".{key}.{inner}");
                    match inner.to_ascii_lowercase().as_str() {
                        "name" => set(&mut head.name, value, &path)?,
                        "namespace" => set(&mut String::new(), value, &path)?,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    Ok(Some(head))
}

/// The text of a JSON string.
fn string(quoted: &[u8]) -> String {
    match json::from_json(quoted) {
        Ok(Value::Str(text)) => text.to_string_lossy().into_owned(),
        _ => String::new(),
    }
}

fn head(value: &Value) -> Option<Head> {
    let map = value.as_map()?;
    let text = |value: Option<Value>| value.as_ref().and_then(shape::scalar_text).unwrap_or_default();
    let metadata = map.get("metadata");
    let name = metadata.as_ref().and_then(Value::as_map).and_then(|m| m.get("name"));
    Some(Head { api_version: text(map.get("apiVersion")), kind: text(map.get("kind")), name: text(name) })
}

#[cfg(test)]
mod tests;
