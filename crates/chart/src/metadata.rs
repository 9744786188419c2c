//! `Chart.yaml` as typed data.

use std::collections::BTreeMap;

use rhumb_gostd::layout::{self, Zone};
use rhumb_gostd::semver::Version;
use rhumb_gostd::unicode;
use rhumb_value::{Map, Value};
use rhumb_yaml::shape::{self, Fields, Shape};

use crate::values::set::quoted;

/// A person or group that looks after a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Maintainer {
    /// The name.
    pub name: String,
    /// Where to write to.
    pub email: String,
    /// A web page.
    pub url: String,
}

/// A declared dependency.
#[derive(Clone, Debug, Default)]
pub struct Dependency {
    /// The name of the chart; processing replaces it by the alias.
    pub name: String,
    /// The wanted range of versions.
    pub version: String,
    /// Where the chart comes from.
    pub repository: String,
    /// Comma-separated value paths that switch it.
    pub condition: String,
    /// Tags that switch it.
    pub tags: Vec<String>,
    /// Whether it takes part; set while processing.
    pub enabled: bool,
    /// What is imported of its values: a name, or a map with `child` and `parent`.
    pub import_values: Vec<Value>,
    /// Another name for this use of the chart.
    pub alias: String,
}

/// The fields of `Chart.yaml`; a field that is not there is empty.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// `name`
    pub name: String,
    /// `home`
    pub home: String,
    /// `sources`
    pub sources: Vec<String>,
    /// `version`
    pub version: String,
    /// `description`
    pub description: String,
    /// `keywords`
    pub keywords: Vec<String>,
    /// `maintainers`
    pub maintainers: Vec<Maintainer>,
    /// `icon`
    pub icon: String,
    /// `apiVersion`
    pub api_version: String,
    /// `condition`
    pub condition: String,
    /// `tags`
    pub tags: String,
    /// `appVersion`
    pub app_version: String,
    /// `deprecated`
    pub deprecated: bool,
    /// `annotations`, in key order.
    pub annotations: Vec<(String, String)>,
    /// Whether there are `annotations`, be there none in them.
    pub has_annotations: bool,
    /// `kubeVersion`
    pub kube_version: String,
    /// `dependencies`; nothing where the key is missing, which the reference tells from an empty list.
    pub dependencies: Option<Vec<Dependency>>,
    /// `type`
    pub kind: String,
    /// The first of `maintainers` and `dependencies` that holds a null; only validation asks.
    pub(crate) null_in: Option<&'static str>,
}

/// `Chart.yaml` as the type that the reference reads it into.
pub const CHART: Shape = Shape::Struct("v2.Metadata", FIELDS);

/// The one field that the reference looks at first, to learn which kind of chart it has.
pub const CHART_BASE: Shape = Shape::Struct("loader.chartBase", &[("apiVersion", Shape::Text)]);

const FIELDS: Fields = &[
    ("name", Shape::Text),
    ("home", Shape::Text),
    ("sources", Shape::List("[]string", &Shape::Text)),
    ("version", Shape::Text),
    ("description", Shape::Text),
    ("keywords", Shape::List("[]string", &Shape::Text)),
    ("maintainers", Shape::List("[]*v2.Maintainer", &MAINTAINER)),
    ("icon", Shape::Text),
    ("apiVersion", Shape::Text),
    ("condition", Shape::Text),
    ("tags", Shape::Text),
    ("appVersion", Shape::Text),
    ("deprecated", Shape::Flag),
    ("annotations", Shape::Map("map[string]string", &Shape::Text)),
    ("kubeVersion", Shape::Text),
    ("dependencies", DEPENDENCIES),
    ("type", Shape::Text),
];

const MAINTAINER: Shape =
    Shape::Struct("v2.Maintainer", &[("name", Shape::Text), ("email", Shape::Text), ("url", Shape::Text)]);

const DEPENDENCIES: Shape = Shape::List("[]*v2.Dependency", &DEPENDENCY);

const DEPENDENCY: Shape = Shape::Struct(
    "v2.Dependency",
    &[
        ("name", Shape::Text),
        ("version", Shape::Text),
        ("repository", Shape::Text),
        ("condition", Shape::Text),
        ("tags", Shape::List("[]string", &Shape::Text)),
        ("enabled", Shape::Flag),
        ("import-values", Shape::List("[]interface {}", &Shape::Any)),
        ("alias", Shape::Text),
    ],
);

impl Metadata {
    /// Reads the parsed `Chart.yaml`; `shape` is [`CHART`] or [`CHART_BASE`]. The error is Go's for the first field of a wrong type.
    pub fn from_value(value: &Value, shape: &Shape) -> Result<Metadata, String> {
        let Value::Map(map) = shape::fit(value, shape)? else { return Ok(Metadata::default()) };
        let f = Read(&map);
        Ok(Metadata {
            name: f.text("name"),
            home: f.text("home"),
            sources: f.texts("sources"),
            version: f.text("version"),
            description: f.text("description"),
            keywords: f.texts("keywords"),
            maintainers: f.structs("maintainers", |f| Maintainer {
                name: f.text("name"),
                email: f.text("email"),
                url: f.text("url"),
            }),
            icon: f.text("icon"),
            api_version: f.text("apiVersion"),
            condition: f.text("condition"),
            tags: f.text("tags"),
            app_version: f.text("appVersion"),
            deprecated: f.flag("deprecated"),
            annotations: f.pairs("annotations"),
            has_annotations: matches!(map.get("annotations"), Some(Value::Map(_))),
            kube_version: f.text("kubeVersion"),
            dependencies: match map.get("dependencies") {
                None | Some(Value::Nil) => None,
                Some(_) => Some(f.structs("dependencies", dependency)),
            },
            kind: f.text("type"),
            null_in: ["maintainers", "dependencies"].into_iter().find(|key| f.has_null(key)),
        })
    }
}

impl Metadata {
    /// Takes over what `requirements.yaml` says. The reference reads that file as if it were more of `Chart.yaml`, whatever it
    /// holds: what is there replaces what was, texts and flags but by null, annotations one by one.
    pub(crate) fn require(&mut self, value: &Value) -> Result<(), String> {
        let Value::Map(map) = shape::fit(value, &CHART)? else { return Ok(()) };
        let new = Metadata::from_value(value, &CHART)?;
        let is_set = |key: &str| map.get(key).is_some_and(|v| !matches!(v, Value::Nil));
        for (key, old, new) in [
            ("name", &mut self.name, new.name),
            ("home", &mut self.home, new.home),
            ("version", &mut self.version, new.version),
            ("description", &mut self.description, new.description),
            ("icon", &mut self.icon, new.icon),
            ("apiVersion", &mut self.api_version, new.api_version),
            ("condition", &mut self.condition, new.condition),
            ("tags", &mut self.tags, new.tags),
            ("appVersion", &mut self.app_version, new.app_version),
            ("kubeVersion", &mut self.kube_version, new.kube_version),
            ("type", &mut self.kind, new.kind),
        ] {
            if is_set(key) {
                *old = new;
            }
        }
        if is_set("deprecated") {
            self.deprecated = new.deprecated;
        }
        for (key, old, new) in
            [("sources", &mut self.sources, new.sources), ("keywords", &mut self.keywords, new.keywords)]
        {
            if map.contains(key) {
                *old = new;
            }
        }
        if map.contains("maintainers") {
            self.maintainers = new.maintainers;
        }
        if map.contains("annotations") {
            let kept = if new.has_annotations { std::mem::take(&mut self.annotations) } else { Vec::new() };
            let both: BTreeMap<_, _> = kept.into_iter().chain(new.annotations).collect();
            self.annotations = both.into_iter().collect();
            self.has_annotations = new.has_annotations;
        }
        if map.contains("dependencies") {
            self.dependencies = Some(new.dependencies.unwrap_or_default());
        }
        if let Some(list) = new.null_in {
            self.null_in.get_or_insert(list);
        }
        Ok(())
    }

    /// What a chart must have before anything is done with it, with unprintable characters taken out of its texts on the
    /// way. The texts of failures are those of the reference.
    pub fn validate(&mut self) -> Result<(), String> {
        self.clean();
        let fail = |text: String| Err(format!("validation: {text}"));
        if self.api_version.is_empty() {
            return fail("chart.metadata.apiVersion is required".into());
        }
        if self.name.is_empty() {
            return fail("chart.metadata.name is required".into());
        }
        if matches!(self.name.as_str(), "." | "..") {
            return fail(format!("chart.metadata.name {} is not allowed", quoted(&self.name)));
        }
        if self.name.contains('/') {
            return fail(format!("chart.metadata.name {} is invalid", quoted(&self.name)));
        }
        if self.version.is_empty() {
            return fail("chart.metadata.version is required".into());
        }
        if Version::parse(&self.version).is_err() {
            return fail(format!("chart.metadata.version {} is invalid", quoted(&self.version)));
        }
        if !matches!(self.kind.as_str(), "" | "application" | "library") {
            return fail("chart.metadata.type must be application or library".into());
        }
        if let Some(list) = self.null_in {
            return fail(format!("{list} must not contain empty or null nodes"));
        }
        self.validate_dependencies()
    }

    /// Takes out what cannot be printed; every kind of space becomes a plain one. `version`, `apiVersion`, annotations
    /// and aliases stay as they are.
    fn clean(&mut self) {
        let own = [&mut self.name, &mut self.description, &mut self.home, &mut self.icon, &mut self.condition];
        let more = [&mut self.tags, &mut self.app_version, &mut self.kube_version];
        let people = self.maintainers.iter_mut().flat_map(|m| [&mut m.name, &mut m.email, &mut m.url]);
        let charts = self.dependencies.iter_mut().flatten().flat_map(|d| {
            let texts = [&mut d.name, &mut d.version, &mut d.repository, &mut d.condition];
            texts.into_iter().chain(&mut d.tags)
        });
        let lists = self.sources.iter_mut().chain(&mut self.keywords);
        own.into_iter().chain(more).chain(lists).chain(people).chain(charts).for_each(printable);
    }

    fn validate_dependencies(&self) -> Result<(), String> {
        let mut seen: Vec<&str> = Vec::new();
        for d in self.dependencies.iter().flatten() {
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            if !d.alias.chars().all(plain) {
                return Err(format!(
                    "validation: dependency {} has disallowed characters in the alias",
                    quoted(&d.name)
                ));
            }
            let key = if d.alias.is_empty() { &d.name } else { &d.alias };
            if seen.contains(&key.as_str()) {
                return Err(format!("validation: more than one dependency with name or alias {}", quoted(key)));
            }
            seen.push(key);
        }
        Ok(())
    }
}

fn printable(text: &mut String) {
    let is_plain = |c: char| c == ' ' || (unicode::is_print(c) && !unicode::is_space(c));
    if !text.chars().all(is_plain) {
        *text = text
            .chars()
            .filter_map(|c| if unicode::is_space(c) { Some(' ') } else { is_plain(c).then_some(c) })
            .collect();
    }
}

/// The digest and the dependencies of a lock file. The error is Go's.
pub(crate) fn lock(value: &Value) -> Result<(String, Vec<Dependency>), String> {
    const LOCK: Shape =
        Shape::Struct("v2.Lock", &[("digest", Shape::Text), ("dependencies", DEPENDENCIES), ("generated", Shape::Any)]);
    let Value::Map(map) = shape::fit(value, &LOCK)? else { return Ok(<_>::default()) };
    let f = Read(&map);
    match map.get("generated") {
        None | Some(Value::Nil) => {}
        Some(Value::Str(text)) => {
            layout::parse(layout::RFC3339.as_bytes(), &text, &Zone::Utc).map_err(|e| e.to_string())?;
        }
        Some(other) => return Err(shape::misfit(&other, ".generated", "time.Time")),
    }
    Ok((f.text("digest"), f.structs("dependencies", dependency)))
}

fn dependency(f: &Read<'_>) -> Dependency {
    Dependency {
        name: f.text("name"),
        version: f.text("version"),
        repository: f.text("repository"),
        condition: f.text("condition"),
        tags: f.texts("tags"),
        enabled: f.flag("enabled"),
        import_values: match f.0.get("import-values") {
            Some(Value::List(l)) => l.to_vec(),
            _ => Vec::new(),
        },
        alias: f.text("alias"),
    }
}

/// Looks into a map that fits its shape, so that only null can stand where something else is wanted.
struct Read<'a>(&'a Map);

impl Read<'_> {
    fn text(&self, key: &str) -> String {
        self.0.get(key).map_or_else(String::new, |v| text_of(&v))
    }

    fn flag(&self, key: &str) -> bool {
        matches!(self.0.get(key), Some(Value::Bool(true)))
    }

    fn texts(&self, key: &str) -> Vec<String> {
        match self.0.get(key) {
            Some(Value::List(l)) => l.iter().map(text_of).collect(),
            _ => Vec::new(),
        }
    }

    fn has_null(&self, key: &str) -> bool {
        matches!(self.0.get(key), Some(Value::List(l)) if l.iter().any(Value::is_nil))
    }

    fn pairs(&self, key: &str) -> Vec<(String, String)> {
        let Some(Value::Map(map)) = self.0.get(key) else { return Vec::new() };
        map.borrow().iter().map(|e| (e.key.to_string_lossy().into_owned(), text_of(&e.value))).collect()
    }

    fn structs<T>(&self, key: &str, read: impl Fn(&Read<'_>) -> T) -> Vec<T> {
        let Some(Value::List(list)) = self.0.get(key) else { return Vec::new() };
        list.iter().filter_map(|item| item.as_map().map(|m| read(&Read(m)))).collect()
    }
}

fn text_of(value: &Value) -> String {
    shape::scalar_text(value).unwrap_or_default()
}

#[cfg(test)]
#[path = "metadata_tests.rs"]
mod tests;
