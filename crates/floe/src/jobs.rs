//! What a document asks of floe-jobs: the document itself, a dbt run, the catalog's address, secrets as variables.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::artifacts::Artifacts;
use crate::generate::{Part, Request};
use crate::layers::{over, set};
use crate::secrets::{Reference, Source};

/// The key under which a Secret holds its only value, where a reference names none.
const WHOLE: &str = "value";

/// The chart's values.
pub(crate) fn values(artifacts: &Artifacts, secrets: &BTreeMap<String, Reference>, request: &Request) -> Part {
    let mut part = Part { values: json!({}), ..Part::default() };
    let models = artifacts.at("transforms.models").and_then(Value::as_array).map_or(0, Vec::len);
    if models > 0 {
        set(&mut part.values, &["dbt", "enabled"], Value::Bool(true));
    } else {
        part.notes.push("the document has no models, so there is no dbt run".to_owned());
    }
    if has_target(artifacts, &request.environment) {
        set(&mut part.values, &["dbt", "target"], Value::from(request.environment.as_str()));
    }
    for (from, to) in [("uri", "polarisEndpoint"), ("warehouse", "warehouse")] {
        if let Some(text) = artifacts.text("catalog", from) {
            set(&mut part.values, &["platform", to], Value::from(text));
        }
    }
    if let Some((repository, tag)) = &request.image {
        over(&mut part.values, json!({"defaults": {"image": {"repository": repository, "tag": tag}}}));
    }
    variables(secrets, &mut part);
    for name in read_variables(artifacts).filter(|name| !secrets.contains_key(*name)) {
        part.notes.push(format!(
            "dbt_profiles read {name}, to which no reference of the document leads: set it in defaults.env"
        ));
    }
    part
}

/// The variables of floe's secrets that profiles read.
fn read_variables(artifacts: &Artifacts) -> impl Iterator<Item = &str> {
    fn texts<'a>(value: &'a Value, found: &mut std::collections::BTreeSet<&'a str>) {
        match value {
            Value::String(text) => {
                for rest in text.split("env_var(").skip(1) {
                    let name = rest.trim_start().trim_start_matches(['\'', '"']);
                    let end = name.find(|c: char| c != '_' && !c.is_ascii_alphanumeric()).unwrap_or(name.len());
                    found.extend(name[..end].starts_with("FLOE_SECRET_").then_some(&name[..end]));
                }
            }
            Value::Array(list) => list.iter().for_each(|value| texts(value, found)),
            Value::Object(map) => map.values().for_each(|value| texts(value, found)),
            _ => {}
        }
    }
    let mut found = std::collections::BTreeSet::new();
    if let Some(profiles) = artifacts.document.get("dbt_profiles") {
        texts(profiles, &mut found);
    }
    found.into_iter()
}

/// Whether the profiles know a target of this name.
fn has_target(artifacts: &Artifacts, name: &str) -> bool {
    let profiles = artifacts.at("dbt_profiles").and_then(Value::as_object);
    profiles.into_iter().flatten().any(|(_, profile)| profile.get("outputs").is_some_and(|all| all.get(name).is_some()))
}

/// Secrets become variables under the names by which floe's profiles read them.
fn variables(secrets: &BTreeMap<String, Reference>, part: &mut Part) {
    let mut env = Vec::new();
    for (variable, reference) in secrets {
        match reference.source {
            Source::Environment => {
                part.notes.push(format!("{variable} is in floe's environment: give it to the jobs in defaults.env"));
            }
            Source::Kubernetes => {
                let key = reference.key.as_deref().unwrap_or(WHOLE);
                let from = json!({"secretKeyRef": {"name": reference.name, "key": key}});
                env.push(json!({"name": variable, "valueFrom": from}));
            }
            Source::Store => {
                let path = ["externalSecrets", "items", reference.name.as_str(), "data", variable.as_str()];
                set(&mut part.values, &path, reference.remote());
                set(&mut part.values, &["externalSecrets", "enabled"], Value::Bool(true));
                part.stored = true;
            }
        }
    }
    if !env.is_empty() {
        set(&mut part.values, &["defaults", "env"], Value::from(env));
    }
}

/// The document goes into the values, unless it is elsewhere.
pub(crate) fn carry(values: &mut Value, artifacts: &Artifacts) -> Result<(), String> {
    let at = |path: &str| values.pointer(&format!("/compiledArtifacts/{path}"));
    let named = at("existingConfigMap").and_then(Value::as_str).is_some_and(|name| !name.is_empty());
    if named || at("volume").is_some_and(|volume| !volume.is_null()) {
        return Ok(());
    }
    if at("inline").is_some_and(|inline| !inline.is_null()) {
        return Err("compiledArtifacts.inline is what --artifacts is for: take it out of the other files".to_owned());
    }
    set(values, &["compiledArtifacts", "inline"], Value::from(artifacts.text.as_str()));
    Ok(())
}

/// A dbt run needs an image, and the document knows none.
pub(crate) fn image_is_known(values: &Value) -> Result<(), String> {
    let runs = values.pointer("/dbt/enabled") == Some(&Value::Bool(true));
    let known = |path: &str| values.pointer(path).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    if !runs
        || known("/defaults/image/repository")
        || known("/dbt/job/image/repository")
        || known("/dbt/image/repository")
    {
        return Ok(());
    }
    Err("the document does not say in which image the models are: --image names it, for example \
         ghcr.io/example/customers:1.2.0"
        .to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifacts::tests::document;

    fn reference(source: Source, name: &str, key: Option<&str>) -> (String, Reference) {
        let reference = Reference { source, name: name.to_owned(), key: key.map(str::to_owned) };
        (reference.variable(), reference)
    }

    #[test]
    fn a_document_becomes_jobs() {
        let plugins = json!({"catalog": {"type": "polaris", "config": {"uri": "http://p:8181/api/catalog", "warehouse": "demo"}}});
        let more = json!({
            "transforms": {"models": [{"name": "a"}]},
            "dbt_profiles": {"p": {"target": "dev", "outputs": {"dev": {}, "prod": {
                "a": "{{ env_var('FLOE_SECRET_LAKE') }}{{env_var( \"FLOE_SECRET_LOST\")}}", "b": ["{{ env_var('HOME') }}"],
            }}}},
        });
        let artifacts = document(plugins, &more);
        let mut request = Request { environment: "prod".to_owned(), ..Request::default() };
        request.image = Some(("r/x".to_owned(), "1".to_owned()));
        let secrets = BTreeMap::from([
            reference(Source::Kubernetes, "lake", None),
            reference(Source::Store, "warehouse", Some("password")),
            reference(Source::Store, "warehouse", Some("user")),
            reference(Source::Environment, "home", None),
        ]);
        let part = values(&artifacts, &secrets, &request);
        assert_eq!(part.values["dbt"], json!({"enabled": true, "target": "prod"}));
        assert_eq!(
            part.values["platform"],
            json!({"polarisEndpoint": "http://p:8181/api/catalog", "warehouse": "demo"})
        );
        let from = json!({"secretKeyRef": {"name": "lake", "key": "value"}});
        assert_eq!(part.values["defaults"]["env"], json!([{"name": "FLOE_SECRET_LAKE", "valueFrom": from}]));
        let data = &part.values["externalSecrets"]["items"]["warehouse"]["data"];
        assert_eq!(data["FLOE_SECRET_WAREHOUSE_USER"], json!({"key": "warehouse", "property": "user"}));
        assert_eq!(data.as_object().unwrap().len(), 2);
        assert!(part.stored && part.notes[0].contains("FLOE_SECRET_HOME"));
        assert!(
            part.notes.len() == 2 && part.notes[1].contains("dbt_profiles read FLOE_SECRET_LOST"),
            "{:?}",
            part.notes
        );
        assert_eq!(image_is_known(&part.values), Ok(()));
        let other =
            values(&artifacts, &BTreeMap::new(), &Request { environment: "qa".to_owned(), ..Request::default() });
        assert_eq!(other.values["dbt"], json!({"enabled": true}));
        assert!(image_is_known(&other.values).unwrap_err().contains("--image"));
    }

    #[test]
    fn the_document_is_carried_once() {
        let artifacts = document(json!({}), &json!({}));
        let mut plain = json!({});
        carry(&mut plain, &artifacts).unwrap();
        assert_eq!(plain["compiledArtifacts"]["inline"], artifacts.text.as_str());
        for elsewhere in [json!({"existingConfigMap": "a"}), json!({"volume": {"emptyDir": {}}})] {
            let mut values = json!({"compiledArtifacts": elsewhere});
            carry(&mut values, &artifacts).unwrap();
            assert!(values["compiledArtifacts"].get("inline").is_none());
        }
        assert!(carry(&mut json!({"compiledArtifacts": {"inline": {}}}), &artifacts).is_err());
    }
}
