//! Rules over `Chart.yaml`. Texts and order as observed with `helm lint` of Helm 4.3.1.

use std::cmp::Ordering;

use rhumb_chart::Metadata;
use rhumb_chart::metadata::CHART;
use rhumb_gostd::semver::Version;
use rhumb_gostd::strconv::quote_string;
use rhumb_value::Value;
use rhumb_world::FileKind;
use rhumb_yaml::shape;

use crate::helm::Run;
use crate::message::Severity;
use crate::registry::Rule;
use crate::{mail, web};

const PATH: &str = "Chart.yaml";

/// `Chart.yaml`, read and as it stands in the file.
pub(crate) struct Definition {
    metadata: Metadata,
    raw: Value,
}

const RULES: &[Rule<Definition>] = &[
    Rule { name: "name", severity: Severity::Error, check: name },
    Rule { name: "api-version", severity: Severity::Error, check: api_version },
    Rule { name: "version-type", severity: Severity::Error, check: |d| text_wanted(d, "version") },
    Rule { name: "version", severity: Severity::Error, check: version },
    Rule { name: "app-version-type", severity: Severity::Error, check: |d| text_wanted(d, "appVersion") },
    Rule { name: "maintainers", severity: Severity::Error, check: maintainers },
    Rule { name: "sources", severity: Severity::Error, check: sources },
    Rule { name: "icon-presence", severity: Severity::Info, check: icon_presence },
    Rule { name: "icon-url", severity: Severity::Error, check: icon_url },
    Rule { name: "type", severity: Severity::Error, check: kind },
    Rule { name: "dependencies", severity: Severity::Error, check: dependencies },
    Rule { name: "strict-version", severity: Severity::Warning, check: strict_version },
];

/// Looks at the file, then at what it says.
pub(crate) fn check(run: &mut Run<'_>) {
    let path = run.path(PATH);
    if run.world.stat(&path).is_ok_and(|m| m.kind == FileKind::Dir) {
        run.messages.say(Severity::Error, PATH, "should be a file, not a directory");
    }
    let definition = match read(run, &path) {
        Ok(definition) => definition,
        Err(text) => return run.messages.say(Severity::Error, PATH, format!("unable to parse YAML\n\t{text}")),
    };
    run.messages.apply(RULES, &definition, PATH);
}

fn read(run: &mut Run<'_>, path: &str) -> Result<Definition, String> {
    let bytes = run.world.read(path).map_err(|e| e.to_string())?;
    let document = rhumb_yaml::parse_spanned(&bytes).map_err(|e| e.to_string())?;
    let typed = document.to_value_for(&CHART).map_err(|e| e.to_string())?;
    // What JSON has no form for leaves nothing to tell types by.
    let raw = document.to_value().unwrap_or_default();
    let prefix = "error unmarshaling JSON: while decoding JSON: ";
    let metadata = Metadata::from_value(&typed, &CHART).map_err(|e| format!("{prefix}{e}"))?;
    let strict = match document.check_keys() {
        Err(e) => Some(e.to_string()),
        Ok(_) => shape::unknown_field(&typed, &CHART)
            .map(|key| format!("{prefix}json: unknown field {}", quote_string(key.as_bytes()))),
    };
    if let Some(text) = strict {
        let text = format!("failed to strictly parse chart metadata file\n\t{text}");
        run.messages.say(Severity::Warning, PATH, text);
    }
    Ok(Definition { metadata, raw })
}

fn name(d: &Definition) -> Option<String> {
    let name = &d.metadata.name;
    if name.is_empty() {
        return Some("name is required".to_owned());
    }
    name.contains('/').then(|| format!("chart name {} is invalid", quote_string(name.as_bytes())))
}

fn api_version(d: &Definition) -> Option<String> {
    let text = match d.metadata.api_version.as_str() {
        "v1" | "v2" => return None,
        "" => "apiVersion is required".to_owned(),
        other => format!("apiVersion '{other}' is not valid"),
    };
    Some(format!("{text}. The value must be either \"v1\" or \"v2\""))
}

/// A key that is there must hold a text; that YAML makes one of a number does not count.
fn text_wanted(d: &Definition, key: &str) -> Option<String> {
    let found = d.raw.as_map()?.get(key)?;
    let found = match found {
        Value::Str(_) => return None,
        Value::Nil => "<nil>".to_owned(),
        other => other.type_name().to_string(),
    };
    Some(format!("{key} should be of type string but it's of type {found}"))
}

fn version(d: &Definition) -> Option<String> {
    let text = &d.metadata.version;
    if text.is_empty() {
        return Some("version is required".to_owned());
    }
    let Ok(version) = Version::parse(text) else { return Some(format!("version '{text}' is not a valid SemVer")) };
    let lowest = Version::parse("0.0.0-0").ok()?;
    let is_too_low = version.compare(&lowest) != Ordering::Greater;
    is_too_low.then(|| format!("version \"{version}\" is less than or equal to \"0.0.0-0\""))
}

fn maintainers(d: &Definition) -> Option<String> {
    // The typed list has lost its nulls, so the file's own is walked for them.
    let Some(Value::List(raw)) = raw_field(d, "maintainers") else { return None };
    let mut people = d.metadata.maintainers.iter();
    for entry in raw.iter() {
        if entry.is_nil() {
            return Some("a maintainer entry is empty".to_owned());
        }
        let person = people.next()?;
        if person.name.is_empty() {
            return Some("each maintainer requires a name".to_owned());
        }
        if !person.email.is_empty() && !mail::is_address(&person.email) {
            return Some(format!("invalid email '{}' for maintainer '{}'", person.email, person.name));
        }
        if !person.url.is_empty() && !web::is_address(&person.url) {
            return Some(format!("invalid url '{}' for maintainer '{}'", person.url, person.name));
        }
    }
    None
}

fn raw_field(d: &Definition, name: &str) -> Option<Value> {
    let map = d.raw.as_map()?;
    let entries = map.borrow();
    let named = entries.iter().filter(|e| e.key.to_string_lossy().eq_ignore_ascii_case(name));
    named.last().map(|e| e.value.clone())
}

fn sources(d: &Definition) -> Option<String> {
    let bad = d.metadata.sources.iter().find(|s| !web::is_request(s))?;
    Some(format!("invalid source URL '{bad}'"))
}

fn icon_presence(d: &Definition) -> Option<String> {
    d.metadata.icon.is_empty().then(|| "icon is recommended".to_owned())
}

fn icon_url(d: &Definition) -> Option<String> {
    let icon = &d.metadata.icon;
    (!icon.is_empty() && !web::is_request(icon)).then(|| format!("invalid icon URL '{icon}'"))
}

fn kind(d: &Definition) -> Option<String> {
    let api_version = &d.metadata.api_version;
    (!d.metadata.kind.is_empty() && api_version != "v2")
        .then(|| format!("chart type is not valid in apiVersion '{api_version}'. It is valid in apiVersion 'v2'"))
}

fn dependencies(d: &Definition) -> Option<String> {
    let api_version = &d.metadata.api_version;
    let some = matches!(raw_field(d, "dependencies"), Some(Value::List(l)) if !l.is_empty());
    (some && api_version != "v2").then(|| {
        format!(
            "dependencies are not valid in the Chart file with apiVersion '{api_version}'. They are valid in apiVersion 'v2'"
        )
    })
}

fn strict_version(d: &Definition) -> Option<String> {
    let text = &d.metadata.version;
    Version::parse_strict(text).is_err().then(|| format!("version '{text}' is not a valid SemVerV2"))
}
