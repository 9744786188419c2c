//! The document that floe compiles, checked as far as the charts read it. What else is in it is nobody's business here: floe's own
//! model decides that, and it grows.

use serde_json::{Map, Value};

/// The most bytes of a document that are read.
pub(crate) const MOST: usize = 16 << 20;

/// Plugins in the order of the document's contract, which is the order in which their values are laid over each other.
const CATEGORIES: [&str; 7] =
    ["compute", "orchestrator", "catalog", "storage", "ingestion", "semantic", "lineage_backend"];

/// The document.
#[derive(Debug, Clone)]
pub(crate) struct Artifacts {
    /// As it was given, byte for byte.
    pub(crate) text: String,
    /// Read.
    pub(crate) document: Map<String, Value>,
}

impl Artifacts {
    /// Reads a document; the error is everything that is wrong with it, a line each.
    pub(crate) fn read(text: String) -> Result<Artifacts, String> {
        let document: Value = serde_json::from_str(&text).map_err(|e| format!("it is not JSON: {e}"))?;
        let Value::Object(document) = document else { return Err("it is not a JSON object".to_owned()) };
        let problems = problems(&document);
        if problems.is_empty() { Ok(Artifacts { text, document }) } else { Err(problems.join("\n  - ")) }
    }

    /// The plugins that the document names: category, type, configuration.
    pub(crate) fn plugins(&self) -> impl Iterator<Item = (&'static str, &str, Option<&Value>)> {
        let all = self.document.get("plugins").and_then(Value::as_object);
        CATEGORIES.iter().filter_map(move |category| {
            let plugin = all?.get(*category)?;
            Some((*category, plugin.get("type")?.as_str()?, plugin.get("config").filter(|config| !config.is_null())))
        })
    }

    /// Whether the plugin of a category is of this type.
    pub(crate) fn is(&self, category: &str, kind: &str) -> bool {
        self.plugins().any(|(of, found, _)| of == category && found == kind)
    }

    /// A value below a plugin's configuration.
    pub(crate) fn config(&self, category: &str, path: &str) -> Option<&Value> {
        let (_, _, config) = self.plugins().find(|(of, ..)| *of == category)?;
        path.split('.').try_fold(config?, |value, key| value.get(key)).filter(|value| !value.is_null())
    }

    /// The same, where it is a text that is not empty.
    pub(crate) fn text(&self, category: &str, path: &str) -> Option<&str> {
        self.config(category, path)?.as_str().filter(|text| !text.is_empty())
    }

    /// A value at a path of the document.
    pub(crate) fn at(&self, path: &str) -> Option<&Value> {
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let rest = rest.split('.').filter(|key| !key.is_empty());
        rest.into_iter().try_fold(self.document.get(first)?, |value, key| value.get(key))
    }

    /// Whether something of `observability` is on: a boolean, or a map with its own `enabled`.
    pub(crate) fn observes(&self, what: &str) -> bool {
        match self.at(&format!("observability.{what}")) {
            Some(Value::Bool(on)) => *on,
            Some(Value::Object(map)) => map.get("enabled").is_none_or(|on| on == true),
            _ => false,
        }
    }
}

fn problems(document: &Map<String, Value>) -> Vec<String> {
    let mut problems = Vec::new();
    let text = |value: Option<&Value>| value.and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    match text(document.get("version")) {
        Some(version) if is_known(&version) => {}
        Some(version) => problems.push(format!("version is {version:?}, and versions 0.x.y are known")),
        None => problems.push("version is missing: is it a CompiledArtifacts document?".to_owned()),
    }
    let metadata = document.get("metadata");
    for key in ["product_name", "product_version"] {
        if text(metadata.and_then(|map| map.get(key))).is_none() {
            problems.push(format!("metadata.{key} is missing"));
        }
    }
    for key in ["plugins", "observability", "transforms", "dbt_profiles"] {
        if document.get(key).is_some_and(|value| !value.is_object() && !value.is_null()) {
            problems.push(format!("{key} is no map"));
        }
    }
    for (category, plugin) in document.get("plugins").and_then(Value::as_object).into_iter().flatten() {
        if plugin.is_null() {
            continue;
        }
        if !CATEGORIES.contains(&category.as_str()) {
            problems.push(format!("plugins.{category}: not one of {}", CATEGORIES.join(", ")));
        } else if text(plugin.get("type")).is_none() {
            problems.push(format!("plugins.{category}.type is missing"));
        } else if plugin.get("config").is_some_and(|config| !config.is_object() && !config.is_null()) {
            problems.push(format!("plugins.{category}.config is no map"));
        }
    }
    problems
}

/// Versions 0.x.y, which the charts read.
fn is_known(version: &str) -> bool {
    let parts: Vec<&str> = version.split('.').collect();
    let number = |part: &&str| !part.is_empty() && part.len() < 10 && part.bytes().all(|b| b.is_ascii_digit());
    parts.len() == 3 && parts[0] == "0" && parts.iter().all(number)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A document with these plugins, and more.
    pub(crate) fn document(plugins: Value, more: &Value) -> Artifacts {
        let mut whole = serde_json::json!({
            "version": "0.10.0",
            "metadata": {"product_name": "customers", "product_version": "1.2.0"},
        });
        whole["plugins"] = plugins;
        for (key, value) in more.as_object().into_iter().flatten() {
            whole[key.as_str()] = value.clone();
        }
        Artifacts::read(whole.to_string()).expect("a document")
    }

    #[test]
    fn what_is_wrong_is_said_at_once() {
        for (text, words) in [
            ("", "not JSON"),
            ("[]", "not a JSON object"),
            ("{}", "version is missing"),
            ("{}", "metadata.product_version is missing"),
            (r#"{"version": "1.0.0"}"#, "\"1.0.0\", and versions 0.x.y are known"),
            (r#"{"version": "0.1"}"#, "versions 0.x.y"),
            (r#"{"version": "0.1.x"}"#, "versions 0.x.y"),
            (r#"{"version": 1}"#, "version is missing"),
            (r#"{"plugins": []}"#, "plugins is no map"),
            (r#"{"plugins": {"catalogue": {"type": "polaris"}}}"#, "plugins.catalogue: not one of compute,"),
            (r#"{"plugins": {"catalog": {}}}"#, "plugins.catalog.type is missing"),
            (r#"{"plugins": {"catalog": "polaris"}}"#, "plugins.catalog.type is missing"),
            (r#"{"plugins": {"catalog": {"type": "polaris", "config": 1}}}"#, "plugins.catalog.config is no map"),
        ] {
            let why = Artifacts::read(text.to_owned()).expect_err(text);
            assert!(why.contains(words), "{text}: {why}");
        }
        let deep = "[".repeat(100_000);
        assert!(Artifacts::read(deep).expect_err("deep").contains("not JSON"));
    }

    #[test]
    fn what_is_there_is_found() {
        let plugins = serde_json::json!({
            "storage": {"type": "s3", "config": {"bucket": "lake", "empty": ""}},
            "compute": {"type": "duckdb", "config": null},
            "semantic": null,
        });
        let more = serde_json::json!({"observability": {"telemetry": {"enabled": false}, "lineage": true, "x": {}}});
        let artifacts = document(plugins, &more);
        let found: Vec<_> = artifacts.plugins().map(|(category, kind, _)| (category, kind)).collect();
        assert_eq!(found, [("compute", "duckdb"), ("storage", "s3")]);
        assert!(artifacts.is("storage", "s3") && !artifacts.is("catalog", "polaris"));
        assert_eq!((artifacts.text("storage", "bucket"), artifacts.text("storage", "empty")), (Some("lake"), None));
        assert_eq!(artifacts.text("compute", "path"), None);
        let on = ["telemetry", "lineage", "x", "y"].map(|what| artifacts.observes(what));
        assert_eq!(on, [false, true, true, false]);
        assert_eq!(artifacts.at("metadata.product_name"), Some(&Value::from("customers")));
    }
}
