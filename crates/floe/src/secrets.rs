//! Secrets of the document: references become references of the chart, literals are refused.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::artifacts::Artifacts;

/// A reference to a secret, as floe writes it: where it is, its name there, a key of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reference {
    pub(crate) source: Source,
    pub(crate) name: String,
    pub(crate) key: Option<String>,
}

/// Where a secret is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// In the environment of whoever runs: nothing that a chart could bring.
    Environment,
    /// In a Secret of the cluster that is there already.
    Kubernetes,
    /// In a store that the External Secrets operator reads.
    Store,
}

impl Reference {
    /// A reference, if a value is one: a map of a name, and perhaps a source and a key, and nothing else.
    pub(crate) fn of(value: &Value) -> Option<Result<Reference, String>> {
        let map = value.as_object()?;
        let known = map.keys().all(|key| ["source", "name", "key"].contains(&key.as_str()));
        if !known || !map.contains_key("name") || !(map.contains_key("source") || map.contains_key("key")) {
            return None;
        }
        let text = |key: &str| map.get(key).filter(|value| !value.is_null()).map(|value| value.as_str());
        let name = match text("name") {
            Some(Some(name)) if is_name(name) => name.to_owned(),
            _ => return Some(Err("name: lower-case letters, digits and dashes".to_owned())),
        };
        let source = match text("source") {
            None | Some(Some("kubernetes")) => Source::Kubernetes,
            Some(Some("env")) => Source::Environment,
            Some(Some("vault" | "external-secrets" | "infisical")) => Source::Store,
            _ => return Some(Err("source: not one of env, kubernetes, vault, external-secrets, infisical".to_owned())),
        };
        let key = match text("key") {
            None => None,
            Some(Some(key)) if is_key(key) => Some(key.to_owned()),
            _ => return Some(Err("key: letters, digits, dashes, dots and underlines".to_owned())),
        };
        Some(Ok(Reference { source, name, key }))
    }

    /// The variable under which floe's profiles read it.
    pub(crate) fn variable(&self) -> String {
        let words = [Some(self.name.as_str()), self.key.as_deref()];
        let words = words.into_iter().flatten().map(|word| word.to_uppercase().replace(['-', '.'], "_"));
        format!("FLOE_SECRET_{}", words.collect::<Vec<_>>().join("_"))
    }

    /// Where a store has it, as ExternalSecret says it.
    pub(crate) fn remote(&self) -> Value {
        match &self.key {
            Some(key) => serde_json::json!({"key": self.name, "property": key}),
            None => serde_json::json!({"key": self.name}),
        }
    }
}

fn is_name(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let ends = text.bytes().next().is_some_and(inner) && text.bytes().next_back().is_some_and(inner);
    text.len() <= 253 && ends && text.bytes().all(|b| inner(b) || b == b'-')
}

fn is_key(text: &str) -> bool {
    let all = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
    !text.is_empty() && text.len() <= 253 && all
}

/// Every reference of the document by its variable; the error is every literal that should be one, and every broken one.
pub(crate) fn references(artifacts: &Artifacts) -> Result<BTreeMap<String, Reference>, String> {
    let (mut found, mut problems) = (BTreeMap::new(), Vec::new());
    for top in ["plugins", "dbt_profiles"] {
        if let Some(value) = artifacts.document.get(top) {
            walk(value, &mut vec![top.to_owned()], &mut found, &mut problems);
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems.join("\n  - ")) }
}

fn walk(value: &Value, path: &mut Vec<String>, found: &mut BTreeMap<String, Reference>, problems: &mut Vec<String>) {
    match (Reference::of(value), value) {
        (Some(Ok(reference)), _) => drop(found.insert(reference.variable(), reference)),
        (Some(Err(why)), _) => problems.push(format!("{} is no reference to a secret: {why}", path.join("."))),
        (None, Value::Object(map)) => {
            for (key, value) in map {
                path.push(key.clone());
                let literal = value.as_str().filter(|text| !text.is_empty() && !text.contains("env_var("));
                if literal.is_some() && is_secret(key) {
                    let place = path.join(".");
                    problems.push(format!(
                        "{place} holds a secret, which anyone could read in the result: write a reference, for example \
                         {{\"source\": \"kubernetes\", \"name\": \"warehouse\", \"key\": \"password\"}}"
                    ));
                }
                walk(value, path, found, problems);
                path.pop();
            }
        }
        (None, Value::Array(list)) => {
            for (number, value) in list.iter().enumerate() {
                path.push(number.to_string());
                walk(value, path, found, problems);
                path.pop();
            }
        }
        _ => {}
    }
}

/// Whether a key is one under which secrets stand.
fn is_secret(key: &str) -> bool {
    let key = key.to_lowercase().replace('-', "_");
    let ends = ["password", "passwd", "pass", "token", "secret", "private_key", "api_key", "secret_key", "access_key"];
    let whole = ["secret_access_key", "credentials", "keyfile_json", "connection_string"];
    whole.contains(&key.as_str()) || ends.iter().any(|end| key == *end || key.ends_with(&format!("_{end}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifacts::tests::document;
    use serde_json::json;

    #[test]
    fn references_are_known_and_named() {
        let of = |value: Value| Reference::of(&value);
        let vault = of(json!({"source": "vault", "name": "db-creds", "key": "pass.word"})).unwrap().unwrap();
        assert_eq!((vault.source, vault.variable().as_str()), (Source::Store, "FLOE_SECRET_DB_CREDS_PASS_WORD"));
        assert_eq!(vault.remote(), json!({"key": "db-creds", "property": "pass.word"}));
        let plain = of(json!({"source": null, "name": "a", "key": null})).unwrap().unwrap();
        assert_eq!((plain.source, plain.variable().as_str()), (Source::Kubernetes, "FLOE_SECRET_A"));
        assert_eq!(of(json!({"name": "a model"})), None);
        assert_eq!(of(json!({"source": "x", "name": "y", "columns": []})), None);
        for wrong in [
            json!({"source": "vault", "name": "A"}),
            json!({"source": "kubernetes", "name": "-a"}),
            json!({"source": "aws", "name": "a"}),
            json!({"source": 1, "name": "a"}),
            json!({"source": "env", "name": "a", "key": "b c"}),
            json!({"source": "env", "name": "a".repeat(300)}),
        ] {
            assert!(matches!(of(wrong.clone()), Some(Err(_))), "{wrong}");
        }
    }

    #[test]
    fn literals_are_refused_where_they_stand() {
        let reference = json!({"source": "kubernetes", "name": "lake", "key": "token"});
        let plugins = json!({
            "catalog": {"type": "polaris", "config": {"oauth2": {"client_id": "a", "client_secret": "hunter2", "token_url": "u"}}},
            "storage": {"type": "s3", "config": {"auth": [{"token": reference}], "password": "{{ env_var('P') }}"}},
        });
        let more = json!({"dbt_profiles": {"p": {"outputs": {"dev": {"Password": "x", "api-key": ""}}}}});
        let why = references(&document(plugins.clone(), &more)).expect_err("two literals");
        assert_eq!(why.lines().count(), 2, "{why}");
        assert!(why.contains("plugins.catalog.config.oauth2.client_secret holds") && !why.contains("hunter2"), "{why}");
        assert!(why.contains("dbt_profiles.p.outputs.dev.Password"), "{why}");
        let mut mended = plugins;
        mended["catalog"]["config"]["oauth2"]["client_secret"] =
            json!({"source": "vault", "name": "polaris", "key": "secret"});
        let found = references(&document(mended, &json!({}))).expect("references");
        assert_eq!(found.keys().collect::<Vec<_>>(), ["FLOE_SECRET_LAKE_TOKEN", "FLOE_SECRET_POLARIS_SECRET"]);
    }
}
