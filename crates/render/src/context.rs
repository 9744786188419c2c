//! What a template sees as `.`: `.Values`, `.Release`, `.Chart`, `.Capabilities`, `.Files`, `.Subcharts`, `.Template`.

use std::rc::Rc;

use rhumb_chart::{Chart, Metadata};
use rhumb_gostd::raw;
use rhumb_gostd::strconv::quote_string;
use rhumb_value::{Entry, List, Map, MapKind, Method, OriginId, Str, Type, Value};

use crate::capabilities::{Capabilities, REVISION_KIND};
use crate::files;

/// The release that a chart is rendered for.
#[derive(Clone, Debug)]
pub struct Release {
    /// The name.
    pub name: String,
    /// The namespace.
    pub namespace: String,
    /// Whether it is an upgrade and not an installation.
    pub is_upgrade: bool,
    /// The number of the revision; none, 0, means that nothing is installed at all, as when a chart is linted.
    pub revision: i64,
}

impl Release {
    fn to_value(&self) -> Value {
        let map = Map::new();
        map.insert("Name", self.name.as_str());
        map.insert("Namespace", self.namespace.as_str());
        map.insert("IsUpgrade", self.is_upgrade);
        map.insert("IsInstall", !self.is_upgrade && self.revision > 0);
        map.insert("Revision", Value::Int(self.revision, REVISION_KIND));
        map.insert("Service", "Helm");
        Value::Map(map)
    }
}

/// A template with what it sees.
#[derive(Clone, Debug)]
pub struct Renderable {
    /// The path, the chart's name first; also the template's name.
    pub path: Rc<str>,
    /// The text.
    pub text: rhumb_chart::Bytes,
    /// `.` of its chart, shared by all its templates.
    pub top: Map,
    /// `.Template.BasePath`
    pub base: Str,
}

/// All templates of a chart and of those below it. `values` are the merged values of the root.
#[must_use]
pub fn templates(chart: &Chart, values: Map, release: &Release, capabilities: &Capabilities) -> Vec<Renderable> {
    let mut walk =
        Walk { release: release.to_value(), capabilities: Value::object(capabilities.clone()), templates: Vec::new() };
    walk.chart(chart, Some(values), chart.name(), true);
    walk.templates
}

struct Walk {
    release: Value,
    capabilities: Value,
    templates: Vec<Renderable>,
}

impl Walk {
    fn chart(&mut self, chart: &Chart, values: Option<Map>, path: &str, is_root: bool) -> Map {
        // All charts share one tree: what a subchart sets in its values is seen by its parent.
        let values = values.unwrap_or_default().seen_as(&SEEN_AS_VALUES);
        let subcharts = Map::new();
        let top = Map::with_kind(VALUES);
        top.insert("Chart", metadata(&chart.metadata, is_root));
        top.insert("Files", files::value(&chart.files));
        top.insert("Release", self.release.clone());
        top.insert("Capabilities", self.capabilities.clone());
        top.insert("Values", values.clone());
        top.insert("Subcharts", subcharts.clone());
        for sub in &chart.dependencies {
            let section = section(&values, sub.name());
            let below = format!("{path}/charts/{}", sub.name());
            let seen = self.chart(sub, section, &below, false);
            subcharts.insert(sub.name(), seen.as_plain());
        }
        let is_library = chart.metadata.kind == "library";
        let base = Str::from(format!("{path}/templates"));
        for file in &chart.templates {
            let is_partial = file.name.rsplit('/').next().unwrap_or_default().starts_with('_');
            if is_library && !is_partial {
                continue;
            }
            self.templates.push(Renderable {
                path: format!("{path}/{}", file.name).into(),
                text: file.data.clone(),
                top: top.clone(),
                base: base.clone(),
            });
        }
        top
    }
}

/// A subchart's values. Its name is a path here, so one with a dot finds nothing.
fn section(values: &Map, name: &str) -> Option<Map> {
    name.split('.').try_fold(values.clone(), |m, key| m.get(key)?.as_map().cloned())
}

/// `.Chart`: a plain map with the names of Go's fields.
fn metadata(m: &Metadata, is_root: bool) -> Value {
    let texts = |items: &[String]| Value::List(items.iter().map(|s| Value::from(s.as_str())).collect::<List>());
    let annotations = match m.has_annotations {
        false => Map::nil(MapKind::Strings),
        true => Map::with_kind(MapKind::Strings),
    };
    m.annotations.iter().for_each(|(key, value)| annotations.insert(key.as_str(), value.as_str()));
    let maintainers = m.maintainers.iter().map(|p| {
        Value::Map(fields([
            ("Name", p.name.as_str().into()),
            ("Email", p.email.as_str().into()),
            ("URL", p.url.as_str().into()),
        ]))
    });
    let dependencies = m.dependencies.iter().flatten().map(|d| {
        Value::Map(fields([
            ("Name", d.name.as_str().into()),
            ("Version", d.version.as_str().into()),
            ("Repository", d.repository.as_str().into()),
            ("Condition", d.condition.as_str().into()),
            ("Tags", texts(&d.tags)),
            ("Enabled", d.enabled.into()),
            ("ImportValues", d.import_values.clone().into()),
            ("Alias", d.alias.as_str().into()),
        ]))
    });
    Value::Map(fields([
        ("Name", m.name.as_str().into()),
        ("Home", m.home.as_str().into()),
        ("Version", m.version.as_str().into()),
        ("Description", m.description.as_str().into()),
        ("Icon", m.icon.as_str().into()),
        ("APIVersion", m.api_version.as_str().into()),
        ("Condition", m.condition.as_str().into()),
        ("Tags", m.tags.as_str().into()),
        ("AppVersion", m.app_version.as_str().into()),
        ("KubeVersion", m.kube_version.as_str().into()),
        ("Type", m.kind.as_str().into()),
        ("Sources", texts(&m.sources)),
        ("Keywords", texts(&m.keywords)),
        ("Deprecated", m.deprecated.into()),
        ("IsRoot", is_root.into()),
        ("Annotations", annotations.into()),
        ("Maintainers", maintainers.collect::<List>().into()),
        ("Dependencies", dependencies.collect::<List>().into()),
    ]))
}

/// A map of these, made in one piece.
fn fields<const N: usize>(entries: [(&'static str, Value); N]) -> Map {
    let entry = |(key, value)| Entry { key: Str::from_static(key), value, origin: OriginId::NONE };
    Map::from_entries(entries.into_iter().map(entry).collect())
}

/// `.Template`.
pub(crate) fn template(name: Str, base: Str) -> Map {
    fields([("Name", name.into()), ("BasePath", base.into())]).seen_as(&SEEN_AS_VALUES)
}

/// The type of `.Values`, of `.Template` and of `.` itself.
const VALUES: MapKind = MapKind::Named("common.Values", VALUES_METHODS);

/// The same, for views.
static SEEN_AS_VALUES: MapKind = VALUES;

static VALUES_METHODS: &[Method] = &[
    Method { name: "AsMap", params: &[], variadic: false, call: as_map },
    Method { name: "Encode", params: &[Type::Named("io.Writer")], variadic: false, call: encode },
    Method { name: "PathValue", params: &[Type::String], variadic: false, call: path_value },
    Method { name: "Table", params: &[Type::String], variadic: false, call: table },
    Method { name: "YAML", params: &[], variadic: false, call: yaml },
];

fn as_map(this: &Value, _: &[Value]) -> Result<Value, String> {
    let plain = |m: &Map| Value::Map(m.as_plain());
    Ok(this.as_map().map(plain).unwrap_or_default())
}

/// No value of a template is a writer, so only a nil comes here.
fn encode(_: &Value, _: &[Value]) -> Result<Value, String> {
    Err("runtime error: invalid memory address or nil pointer dereference".to_owned())
}

fn yaml(this: &Value, _: &[Value]) -> Result<Value, String> {
    let text = rhumb_yaml::to_yaml(this).map_err(|e| e.to_string())?;
    Ok(Value::from(text))
}

fn table(this: &Value, args: &[Value]) -> Result<Value, String> {
    let path = argument(args);
    find_table(this, &path).map(|m| Value::Map(m.seen_as(&SEEN_AS_VALUES)))
}

fn find_table(this: &Value, path: &str) -> Result<Map, String> {
    let start = this.as_map().cloned().unwrap_or_default();
    path.split('.').try_fold(start, |m, key| {
        m.get(key).and_then(|v| v.as_map().cloned()).ok_or_else(|| format!("{} is not a table", quoted(key)))
    })
}

fn path_value(this: &Value, args: &[Value]) -> Result<Value, String> {
    let path = argument(args);
    if path.is_empty() {
        return Err("YAML path cannot be empty".to_owned());
    }
    let (map, key) = match path.rsplit_once('.') {
        None => (this.as_map().cloned().unwrap_or_default(), path.as_str()),
        Some((tables, key)) => (find_table(this, tables).map_err(|_| format!("{} is not a value", quoted(key)))?, key),
    };
    match map.get(key) {
        Some(value) if !matches!(value, Value::Map(_)) => Ok(value),
        _ => Err(format!("{} is not a value", quoted(key))),
    }
}

/// A key as Go's `%q` shows it.
fn quoted(key: &str) -> String {
    quote_string(&raw::bytes(key))
}

pub(crate) fn argument(args: &[Value]) -> String {
    args.first().and_then(Value::as_str).map_or_else(String::new, |s: &Str| raw::text(s).into_owned())
}
