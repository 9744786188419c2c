//! `Chart.yaml` as typed data.

use rhumb_gostd::layout::{self, Zone};
use rhumb_gostd::semver::Version;
use rhumb_gostd::strings::equal_fold;
use rhumb_gostd::unicode;
use rhumb_value::{Entry, Map, Value};
use rhumb_yaml::shape::{self, Shape};

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

pub use crate::shapes::{CHART, CHART_BASE, Generation, V3};

impl Metadata {
    /// Reads the parsed `Chart.yaml`; `shape` is [`CHART`] or [`CHART_BASE`]. The error is Go's for the first field of a wrong type.
    pub fn from_value(value: &Value, shape: &Shape) -> Result<Metadata, String> {
        Ok(Metadata::from_fitted(&shape::fit(value, shape)?))
    }

    /// The same from what was made to fit.
    pub(crate) fn from_fitted(value: &Value) -> Metadata {
        let Value::Map(map) = value else { return Metadata::default() };
        let f = Read(map);
        Metadata {
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
        }
    }
}

impl Metadata {
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

/// What a second definition leaves of the first, both of the shape, as Go's decoder fills what is filled already: null
/// does nothing to texts and flags, items of lists are matched by their places, and the entries of maps are put together.
pub(crate) fn laid_over(old: &Value, new: &Value, shape: &Shape) -> Value {
    match (shape, old, new) {
        (Shape::Text | Shape::Flag | Shape::Struct(..), _, Value::Nil) => old.clone(),
        (Shape::List(_, item), Value::List(old), Value::List(new)) => {
            let at = |(i, new): (usize, &Value)| match (new, item) {
                // A null takes the place of a struct, which is behind a pointer.
                (Value::Nil, Shape::Struct(..)) => Value::Nil,
                _ => old.get(i).map_or_else(|| new.clone(), |old| laid_over(old, new, item)),
            };
            Value::from(new.iter().enumerate().map(at).collect::<Vec<_>>())
        }
        (Shape::Map(..), Value::Map(old), Value::Map(new)) => {
            let both = old.shallow_copy();
            new.borrow().iter().for_each(|entry| both.insert_entry(entry.clone()));
            Value::Map(both)
        }
        (Shape::Struct(_, fields), Value::Map(old), Value::Map(new)) => {
            let both = old.shallow_copy();
            for entry in new.borrow().iter() {
                let shape = fields.iter().find(|(name, _)| entry.key == *name).map_or(&Shape::Any, |(_, shape)| shape);
                let value = old.get(&entry.key).map_or(entry.value.clone(), |old| laid_over(&old, &entry.value, shape));
                both.insert_entry(Entry { value, ..entry.clone() });
            }
            Value::Map(both)
        }
        _ => new.clone(),
    }
}

/// The digest and the dependencies of a lock file. The error is Go's.
pub(crate) fn lock(value: &Value, shape: &Shape) -> Result<(String, Vec<Dependency>), String> {
    let Value::Map(map) = shape::fit(value, shape)? else { return Ok(<_>::default()) };
    let f = Read(&map);
    match map.get("generated") {
        None | Some(Value::Nil) => {}
        Some(Value::Str(text)) => {
            layout::parse(layout::RFC3339.as_bytes(), &text, &Zone::Utc).map_err(|e| e.to_string())?;
        }
        Some(other) => {
            // Told by the key as it is spelled in the file.
            let spelled = value
                .as_map()
                .and_then(|map| map.keys().into_iter().rev().find(|key| equal_fold(key.as_bytes(), b"generated")));
            let key = spelled.map_or_else(|| "generated".to_owned(), |key| key.to_string_lossy().into_owned());
            return Err(shape::misfit(&other, &format!(".{key}"), "time.Time"));
        }
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
