//! Origins for what templates see beside the values: `.Release`, `.Chart`, `.Capabilities`, `.Files`, and each
//! `.Values` as a whole.

use std::collections::BTreeMap;

use rhumb_chart::Chart;
use rhumb_chart::values::origin::{Origins, SourceKind};
use rhumb_diag::{FileId, Span};
use rhumb_value::{Entry, Map, OriginId, Path, Step, Value};

use crate::context::Renderable;

/// Gives origins to the entries of every chart's `.`; the result are those of the `.Values` with their sections.
pub(super) fn stamp(chart: &Chart, templates: &[Renderable], origins: &mut Origins) -> BTreeMap<OriginId, Path> {
    let mut sections = BTreeMap::new();
    let mut done: Vec<Map> = Vec::new();
    let common = Common::new(origins);
    for t in templates {
        if done.iter().any(|m| m.ptr_eq(&t.top)) {
            continue;
        }
        done.push(t.top.clone());
        let names = chart_names(&t.path);
        let values = common.values(origins);
        set_origin(&t.top, "Values", values);
        sections.insert(values, Path(names.iter().skip(1).map(|n| Step::key(*n)).collect()));
        for (key, origin) in [("Capabilities", common.capabilities), ("Files", common.files)] {
            set_origin(&t.top, key, origin);
        }
        if let Some(Value::Map(release)) = t.top.get("Release") {
            for (key, origin) in &common.release {
                set_origin(&release, key, *origin);
            }
        }
        if let Some(Value::Map(seen)) = t.top.get("Chart")
            && let Some(found) = find(chart, &names)
        {
            definition(found, &names.join("/charts/"), &seen, origins);
        }
    }
    sections
}

/// The names of the charts on the way to a template, the root's first.
pub(super) fn chart_names(template: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = template;
    loop {
        let Some((name, below)) = rest.split_once('/') else { return names };
        names.push(name);
        match below.strip_prefix("charts/") {
            Some(next) => rest = next,
            None => return names,
        }
    }
}

fn find<'c>(chart: &'c Chart, names: &[&str]) -> Option<&'c Chart> {
    let (first, rest) = names.split_first()?;
    (chart.name() == *first).then_some(())?;
    rest.iter().try_fold(chart, |c, name| c.dependencies.iter().find(|d| d.name() == *name))
}

struct Common {
    file: FileId,
    capabilities: OriginId,
    files: OriginId,
    release: Vec<(&'static str, OriginId)>,
}

impl Common {
    fn new(origins: &mut Origins) -> Common {
        let mut add = |source: &str, path: &[&'static str]| {
            let file = origins.add_source(SourceKind::BuiltIn, source, b"");
            path.iter()
                .fold(OriginId::NONE, |parent, key| origins.add(Span::point(file, 0), 0, parent, Some(Step::key(*key))))
        };
        let capabilities = add("--kube-version and --api-versions", &["Capabilities"]);
        let files = add("the files of the chart", &["Files"]);
        let release = [
            ("Name", "the release's name"),
            ("Namespace", "--namespace"),
            ("IsUpgrade", "--is-upgrade"),
            ("IsInstall", "--is-upgrade"),
            ("Revision", "the release's revision"),
            ("Service", "the program"),
        ];
        let release = release.into_iter().map(|(key, source)| (key, add(source, &["Release", key]))).collect();
        Common { file: origins.add_source(SourceKind::BuiltIn, "the values", b""), capabilities, files, release }
    }

    fn values(&self, origins: &mut Origins) -> OriginId {
        origins.add(Span::point(self.file, 0), 0, OriginId::NONE, None)
    }
}

fn set_origin(map: &Map, key: &str, origin: OriginId) {
    if let Some(entry) = map.entry(key) {
        map.insert_entry(Entry { origin, ..entry });
    }
}

/// `.Chart`: the places in `Chart.yaml`.
fn definition(chart: &Chart, path: &str, seen: &Map, origins: &mut Origins) {
    let Some(file) = chart.raw_file("Chart.yaml") else { return };
    let Ok(doc) = rhumb_yaml::parse_spanned(&file.data) else { return };
    let id = origins.add_source(SourceKind::Definition(path.to_owned()), format!("{path}/Chart.yaml"), &file.data);
    let base = origins.add_document(id, 0..file.data.len(), &doc);
    let Some(root) = doc.root() else { return };
    for entry in seen.snapshot() {
        let Some(node) = doc.get(root, key_of(&entry.key.to_string_lossy()).as_bytes()) else { continue };
        set_origin(seen, &entry.key.to_string_lossy(), OriginId(base + node));
        if let Value::Map(inner) = &entry.value {
            for e in inner.snapshot() {
                if let Some(node) = doc.get(node, &e.key) {
                    set_origin(inner, &e.key.to_string_lossy(), OriginId(base + node));
                }
            }
        }
    }
}

/// The key in `Chart.yaml` of a field of `.Chart`.
fn key_of(field: &str) -> String {
    match field {
        "APIVersion" => "apiVersion".to_owned(),
        _ => {
            let mut chars = field.chars();
            chars.next().map(|c| c.to_lowercase().collect::<String>() + chars.as_str()).unwrap_or_default()
        }
    }
}
