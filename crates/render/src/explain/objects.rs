//! The documents of a rendered chart: what they are and where they lie.

use std::collections::BTreeMap;
use std::ops::Range;

use rhumb_chart::Chart;
use rhumb_yaml::{Document, NodeId};

use super::Written;
use crate::manifest::{self, Rendered};
use crate::run::RenderError;
use crate::{hooks, sort};

/// Which part of the output an object belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObjectKind {
    /// What is installed.
    Manifest,
    /// What runs at an event.
    Hook,
    /// A file of `crds/`.
    Crd,
    /// What a NOTES.txt wrote.
    Notes,
}

/// One document.
#[derive(Clone, Debug)]
pub struct Object {
    /// What to call it on a command line: as short as it can be and no other object's name.
    pub reference: String,
    /// Which part it belongs to.
    pub part: ObjectKind,
    /// `apiVersion`
    pub api_version: String,
    /// `kind`
    pub kind: String,
    /// `metadata.name`, or `metadata.generateName`.
    pub name: String,
    /// `metadata.namespace`, or the release's.
    pub namespace: String,
    /// The events, for a hook.
    pub hook: Option<String>,
    /// The path of the template, or of the CRD's file.
    pub template: String,
    /// The number of the file that holds it, unless it is a CRD.
    pub(super) file: Option<usize>,
    /// Its bytes in that file.
    pub(super) range: Range<usize>,
    /// The text of a CRD.
    pub(super) own: Vec<u8>,
}

impl Object {
    /// `Deployment/web`.
    #[must_use]
    pub fn title(&self) -> String {
        match self.part {
            ObjectKind::Notes => "NOTES".to_owned(),
            _ => format!("{}/{}", self.kind, self.name),
        }
    }

    /// The API group; empty for the core.
    #[must_use]
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// Its text.
    pub(super) fn text<'a>(&'a self, files: &'a [Written]) -> &'a [u8] {
        match self.file.and_then(|f| files.get(f)) {
            Some(file) => file.text.get(self.range.clone()).unwrap_or_default(),
            None => self.own.get(self.range.clone()).unwrap_or_default(),
        }
    }
}

/// All objects in the order of the output.
pub(super) fn find(chart: &Chart, files: &[Written], namespace: &str) -> Result<Vec<Object>, RenderError> {
    let mut found = Vec::new();
    for (i, file) in files.iter().enumerate() {
        if file.path.ends_with("NOTES.txt") {
            found.push(notes(i, file));
            continue;
        }
        for (start, text) in manifest::documents(&file.text) {
            let head = rhumb_yaml::head(text).map_err(|error| {
                let rendered = files.iter().map(|f| Rendered { path: (*f.path).into(), text: f.text.clone().into() });
                let unreadable =
                    manifest::Unreadable { path: file.path.clone(), start, error, unknown_hooks: Vec::new() };
                RenderError::Manifest(unreadable, rendered.collect())
            })?;
            let hook = hooks::annotation(&head, hooks::HOOK).map(str::to_owned);
            let part = if hook.is_some() { ObjectKind::Hook } else { ObjectKind::Manifest };
            let range = start..start + text.len();
            let mut object = read(text, part, namespace, &file.path);
            (object.file, object.range, object.hook) = (Some(i), range, hook);
            // Comments alone are no object.
            if !object.kind.is_empty() || !object.name.is_empty() {
                found.push(object);
            }
        }
    }
    crds(chart, chart.name(), namespace, &mut found);
    found.sort_by(|a, b| a.part.cmp(&b.part).then_with(|| sort::by_install_order(&a.kind, &b.kind)));
    name_all(&mut found);
    Ok(found)
}

/// Gives every object its shortest name among those of one title.
fn name_all(objects: &mut [Object]) {
    let mut by_title: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (i, object) in objects.iter().enumerate() {
        by_title.entry(object.title()).or_default().push(i);
    }
    for (title, all) in by_title {
        if let [one] = all.as_slice() {
            objects[*one].reference = title;
            continue;
        }
        for i in &all {
            let others: Vec<&Object> = all.iter().map(|j| &objects[*j]).collect();
            objects[*i].reference = exact(&objects[*i], &others);
        }
    }
}

/// A way to name one of several objects of one kind and name.
fn exact(object: &Object, all: &[&Object]) -> String {
    let same = |f: &dyn Fn(&Object) -> (String, String)| all.iter().filter(|o| f(o) == f(object)).count() == 1;
    let group = if object.group().is_empty() { &object.api_version } else { object.group() };
    let with_group = format!("{}.{group}", object.kind);
    if object.part == ObjectKind::Notes {
        format!("NOTES with --show-only {}", object.template)
    } else if same(&|o| (o.group().to_owned(), String::new())) {
        format!("{with_group}/{}", object.name)
    } else if same(&|o| (String::new(), o.namespace.clone())) {
        format!("{}/{}/{}", object.kind, object.namespace, object.name)
    } else if same(&|o| (o.group().to_owned(), o.namespace.clone())) {
        format!("{with_group}/{}/{}", object.namespace, object.name)
    } else {
        format!("{}/{} with --show-only {}", object.kind, object.name, object.template)
    }
}

fn notes(index: usize, file: &Written) -> Object {
    let mut object = read(b"", ObjectKind::Notes, "", &file.path);
    (object.file, object.range) = (Some(index), 0..file.text.len());
    object
}

fn crds(chart: &Chart, path: &str, namespace: &str, found: &mut Vec<Object>) {
    for file in chart.crd_files() {
        let path = format!("{path}/{}", file.name);
        for (start, text) in manifest::documents(&file.data) {
            let mut object = read(text, ObjectKind::Crd, namespace, &path);
            object.own = file.data.to_vec();
            object.range = start..start + text.len();
            found.push(object);
        }
    }
    for sub in &chart.dependencies {
        crds(sub, &format!("{path}/charts/{}", sub.name()), namespace, found);
    }
}

fn read(text: &[u8], part: ObjectKind, namespace: &str, template: &str) -> Object {
    let doc = rhumb_yaml::parse_spanned(text).unwrap_or_default();
    let word = |path: &[&str]| scalar(&doc, path).unwrap_or_default();
    let name = Some(word(&["metadata", "name"])).filter(|n| !n.is_empty());
    Object {
        reference: String::new(),
        part,
        api_version: word(&["apiVersion"]),
        kind: word(&["kind"]),
        name: name.unwrap_or_else(|| word(&["metadata", "generateName"])),
        namespace: Some(word(&["metadata", "namespace"])).filter(|n| !n.is_empty()).unwrap_or(namespace.to_owned()),
        hook: None,
        template: template.to_owned(),
        file: None,
        range: 0..0,
        own: Vec::new(),
    }
}

fn scalar(doc: &Document<'_>, path: &[&str]) -> Option<String> {
    let node = path.iter().try_fold(doc.root()?, |at: NodeId, key| doc.get(at, key.as_bytes()))?;
    Some(String::from_utf8_lossy(&doc.node(doc.follow(node)).text).into_owned())
}
