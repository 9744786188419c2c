//! `Chart.yaml` as typed data.

use rhumb_gostd::semver::Version;
use rhumb_value::{Map, Value};

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
    /// `kubeVersion`
    pub kube_version: String,
    /// `dependencies`; nothing where the key is missing, which the reference tells from an empty list.
    pub dependencies: Option<Vec<Dependency>>,
    /// `type`
    pub kind: String,
    /// The first of `maintainers` and `dependencies` that holds a null; only validation asks.
    pub(crate) null_in: Option<&'static str>,
}

impl Metadata {
    /// Reads the parsed `Chart.yaml`. The error is Go's for the first field of a wrong type.
    pub fn from_value(value: &Value) -> Result<Metadata, String> {
        let map = match value {
            Value::Nil => return Ok(Metadata::default()),
            Value::Map(m) => m,
            other => return Err(mismatch(other, "", "loader.chartBase")),
        };
        let f = Fields { map };
        Ok(Metadata {
            name: f.text("name")?,
            home: f.text("home")?,
            sources: f.texts("sources")?,
            version: f.text("version")?,
            description: f.text("description")?,
            keywords: f.texts("keywords")?,
            maintainers: f.structs("maintainers", "v2.Maintainer", |m| {
                let f = Fields { map: m };
                Ok(Maintainer { name: f.text("name")?, email: f.text("email")?, url: f.text("url")? })
            })?,
            icon: f.text("icon")?,
            api_version: f.text("apiVersion")?,
            condition: f.text("condition")?,
            tags: f.text("tags")?,
            app_version: f.text("appVersion")?,
            deprecated: f.flag("deprecated")?,
            annotations: f.pairs("annotations")?,
            kube_version: f.text("kubeVersion")?,
            dependencies: match map.get("dependencies") {
                None | Some(Value::Nil) => None,
                Some(_) => Some(f.structs("dependencies", "v2.Dependency", dependency)?),
            },
            kind: f.text("type")?,
            null_in: ["maintainers", "dependencies"].into_iter().find(|key| f.has_null(key)),
        })
    }
}

impl Metadata {
    /// What a chart must have before anything is done with it. The texts are those of the reference.
    pub fn validate(&self) -> Result<(), String> {
        let fail = |text: String| Err(format!("validation: {text}"));
        if self.api_version.is_empty() {
            return fail("chart.metadata.apiVersion is required".into());
        }
        if self.name.is_empty() {
            return fail("chart.metadata.name is required".into());
        }
        if matches!(self.name.as_str(), "." | "..") || self.name.contains('/') {
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

/// The `dependencies` of `requirements.yaml` and of lock files.
pub fn dependencies(map: &Map) -> Result<Vec<Dependency>, String> {
    Fields { map }.structs("dependencies", "v2.Dependency", dependency)
}

fn dependency(map: &Map) -> Result<Dependency, String> {
    let f = Fields { map };
    Ok(Dependency {
        name: f.text("name")?,
        version: f.text("version")?,
        repository: f.text("repository")?,
        condition: f.text("condition")?,
        tags: f.texts("tags")?,
        enabled: f.flag("enabled")?,
        import_values: match map.get("import-values") {
            None | Some(Value::Nil) => Vec::new(),
            Some(Value::List(l)) => l.to_vec(),
            Some(other) => return Err(mismatch(&other, "import-values", "[]interface {}")),
        },
        alias: f.text("alias")?,
    })
}

/// Typed looks into a parsed map, with Go's complaint where the type is wrong.
struct Fields<'a> {
    map: &'a Map,
}

impl Fields<'_> {
    fn text(&self, key: &str) -> Result<String, String> {
        match self.map.get(key) {
            None | Some(Value::Nil) => Ok(String::new()),
            Some(other) => as_text(&other).ok_or_else(|| mismatch(&other, key, "string")),
        }
    }

    fn has_null(&self, key: &str) -> bool {
        matches!(self.map.get(key), Some(Value::List(l)) if l.iter().any(Value::is_nil))
    }

    fn flag(&self, key: &str) -> Result<bool, String> {
        match self.map.get(key) {
            None | Some(Value::Nil) => Ok(false),
            Some(Value::Bool(b)) => Ok(b),
            Some(other) => Err(mismatch(&other, key, "bool")),
        }
    }

    fn texts(&self, key: &str) -> Result<Vec<String>, String> {
        let list = match self.map.get(key) {
            None | Some(Value::Nil) => return Ok(Vec::new()),
            Some(Value::List(l)) => l,
            Some(other) => return Err(mismatch(&other, key, "[]string")),
        };
        let text = |item: &Value| match item {
            Value::Nil => Ok(String::new()),
            other => as_text(other).ok_or_else(|| mismatch(other, key, "string")),
        };
        list.iter().map(text).collect()
    }

    fn pairs(&self, key: &str) -> Result<Vec<(String, String)>, String> {
        let map = match self.map.get(key) {
            None | Some(Value::Nil) => return Ok(Vec::new()),
            Some(Value::Map(m)) => m,
            Some(other) => return Err(mismatch(&other, key, "map[string]string")),
        };
        let pair = |e: &rhumb_value::Entry| {
            let text = match &e.value {
                Value::Nil => String::new(),
                other => as_text(other).ok_or_else(|| mismatch(other, key, "string"))?,
            };
            Ok((e.key.to_string_lossy().into_owned(), text))
        };
        map.borrow().iter().map(pair).collect()
    }

    fn structs<T>(&self, key: &str, go_type: &str, read: impl Fn(&Map) -> Result<T, String>) -> Result<Vec<T>, String> {
        let list = match self.map.get(key) {
            None | Some(Value::Nil) => return Ok(Vec::new()),
            Some(Value::List(l)) => l,
            Some(other) => return Err(mismatch(&other, key, &format!("[]*{go_type}"))),
        };
        let mut items = Vec::new();
        for (i, item) in list.iter().enumerate() {
            match item {
                Value::Nil => {}
                Value::Map(m) => items.push(read(m)?),
                other => {
                    let found = json_type(other);
                    return Err(format!("json: cannot unmarshal {found} into .{key}.{i} of type {go_type}"));
                }
            }
        }
        Ok(items)
    }
}

/// A scalar as text: the reader of the reference turns numbers and booleans into strings where a string is wanted.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::Str(s) => Some(s.to_string_lossy().into_owned()),
        Value::Bool(b) => Some(b.to_string()),
        Value::Int(n, _) => Some(n.to_string()),
        Value::Float(f) if f.fract() == 0.0 && f.abs() < 9.2e18 => Some(format!("{f:.0}")),
        Value::Float(_) => Some(crate::values::coalesce::printed(value)),
        _ => None,
    }
}

fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "bool",
        Value::Int(..) | Value::Float(_) => "number",
        Value::Str(_) => "string",
        Value::List(_) => "array",
        _ => "object",
    }
}

/// What Go's decoder says of a value that does not fit its field.
fn mismatch(found: &Value, field: &str, wanted: &str) -> String {
    let place = if field.is_empty() { "Go value".to_owned() } else { format!("Go struct field .{field}") };
    format!("json: cannot unmarshal {} into {place} of type {wanted}", json_type(found))
}

#[cfg(test)]
#[path = "metadata_tests.rs"]
mod tests;
