//! What a document asks of floe-platform: which parts there are, the catalog over its bucket, where credentials come from.

use serde_json::{Value, json};

use crate::artifacts::Artifacts;
use crate::generate::Part;
use crate::layers::{over, set};
use crate::secrets::{Reference, Source};

/// The chart's values. `lowest` is what the chart says of the environment: its lists would be replaced, and some must be kept.
pub(crate) fn values(artifacts: &Artifacts, lowest: &Value) -> Result<Part, String> {
    let mut part = Part { values: json!({}), ..Part::default() };
    for (category, kind, key) in [("orchestrator", "dagster", "dagster"), ("catalog", "polaris", "polaris")] {
        if let Some((_, found, _)) = artifacts.plugins().find(|(of, ..)| *of == category) {
            set(&mut part.values, &[key, "enabled"], Value::Bool(found == kind));
            if found != kind {
                part.notes.push(format!("the {category} is {found}, so {key} is off: this chart brings no {found}"));
            }
        }
    }
    if artifacts.at("observability.telemetry").is_some() {
        set(&mut part.values, &["otel-collector", "enabled"], Value::Bool(artifacts.observes("telemetry")));
    }
    if artifacts.is("catalog", "polaris") {
        catalog(artifacts, &mut part)?;
    }
    keep(&mut part, lowest);
    Ok(part)
}

/// The catalog: over which bucket, with whose credentials.
fn catalog(artifacts: &Artifacts, part: &mut Part) -> Result<(), String> {
    credentials(artifacts, part, &LOGIN)?;
    if !artifacts.is("storage", "s3") {
        part.notes.push("the storage is not s3: list the catalogs yourself, in polaris.bootstrap.catalogs".to_owned());
        return Ok(());
    }
    credentials(artifacts, part, &KEYS)?;
    for key in ["region", "endpoint"] {
        if let Some(text) = artifacts.text("storage", key) {
            set(&mut part.values, &["polaris", "storage", "s3", key], Value::from(text));
        }
    }
    match (artifacts.text("catalog", "warehouse"), artifacts.text("storage", "bucket")) {
        (Some(warehouse), Some(bucket)) => {
            let mut storage = json!({"type": "S3"});
            if artifacts.config("storage", "path_style_access") == Some(&Value::Bool(true)) {
                over(&mut storage, json!({"pathStyleAccess": true}));
            }
            if let Some(role) = artifacts.text("storage", "role_arn") {
                over(&mut storage, json!({"roleArn": role}));
            }
            let place = format!("s3://{bucket}/{warehouse}");
            let catalog = json!({"name": warehouse, "defaultBaseLocation": place, "storage": storage});
            set(&mut part.values, &["polaris", "bootstrap", "catalogs"], json!([catalog]));
        }
        _ => part.notes.push(
            "no catalog is made: that needs plugins.catalog.config.warehouse and plugins.storage.config.bucket"
                .to_owned(),
        ),
    }
    Ok(())
}

/// Two words that belong together, and where the chart wants to know of them.
struct Pair {
    /// Which plugin.
    category: &'static str,
    /// The two, below its configuration, and the chart's own keys for them in a Secret. The second is the secret one.
    words: [(&'static str, &'static str); 2],
    /// Where the chart wants the Secret's name.
    secret: &'static [&'static str],
    /// Where it wants its keys.
    keys: [&'static [&'static str]; 2],
}

/// With these floe logs in to the catalog; the chart makes them the first principal's.
const LOGIN: Pair = Pair {
    category: "catalog",
    words: [("oauth2.client_id", "client-id"), ("oauth2.client_secret", "client-secret")],
    secret: &["polaris", "bootstrap", "credentials", "existingSecret"],
    keys: [
        &["polaris", "bootstrap", "credentials", "existingSecretKeys", "clientId"],
        &["polaris", "bootstrap", "credentials", "existingSecretKeys", "clientSecret"],
    ],
};

/// With these Polaris reaches the store.
const KEYS: Pair = Pair {
    category: "storage",
    words: [("access_key_id", "access-key-id"), ("secret_access_key", "secret-access-key")],
    secret: &["polaris", "storage", "s3", "existingSecret"],
    keys: [&["polaris", "storage", "s3", "accessKeyKey"], &["polaris", "storage", "s3", "secretKeyKey"]],
};

fn credentials(artifacts: &Artifacts, part: &mut Part, pair: &Pair) -> Result<(), String> {
    let reference = |word: &str| artifacts.config(pair.category, word).and_then(Reference::of).and_then(Result::ok);
    let [(first, first_key), (second, second_key)] = pair.words;
    let place = |word: &str| format!("plugins.{}.config.{word}", pair.category);
    let (public, secret) = match (reference(first), reference(second)) {
        (None, None) => return Ok(()),
        (Some(_), None) => return Err(format!("{} is a reference, and {} is not", place(first), place(second))),
        (public, Some(secret)) => (public, secret),
    };
    if let Some(public) = &public
        && (public.name != secret.name || public.source != secret.source)
    {
        return Err(format!("{} and {} are in two Secrets: the chart reads one", place(first), place(second)));
    }
    match secret.source {
        Source::Environment => {
            let (place, key) = (place(second), pair.secret.join("."));
            part.notes.push(format!("{place} is in floe's environment: make a Secret of it, and name it in {key}"));
            return Ok(());
        }
        Source::Kubernetes => {
            for ((key, found), own) in
                pair.keys.iter().zip([&public, &Some(secret.clone())]).zip([first_key, second_key])
            {
                if let Some(found) = found.as_ref().and_then(|reference| reference.key.as_deref()).filter(|k| *k != own)
                {
                    set(&mut part.values, key, Value::from(found));
                }
            }
            if public.is_none() {
                let name = &secret.name;
                part.notes.push(format!("the Secret {name} needs {first_key} too: {} is no reference", place(first)));
            }
        }
        Source::Store => {
            let Some(public) = &public else {
                return Err(format!(
                    "{} is in a store, and {} is no reference: the chart reads both from one Secret",
                    place(second),
                    place(first)
                ));
            };
            let data = json!({first_key: public.remote(), second_key: secret.remote()});
            let extra = json!({"name": secret.name, "data": data});
            let all = part.values.pointer("/externalSecrets/extra").and_then(Value::as_array).cloned();
            let all: Vec<Value> = all.unwrap_or_default().into_iter().chain([extra]).collect();
            over(&mut part.values, json!({"externalSecrets": {"enabled": true, "extra": all}}));
            part.stored = true;
        }
    }
    set(&mut part.values, pair.secret, Value::from(secret.name));
    Ok(())
}

/// The Secrets that the environment's file brings stay, but for those whose place the document's take.
fn keep(part: &mut Part, lowest: &Value) {
    let Some(own) = part.values.pointer("/externalSecrets/extra").and_then(Value::as_array).cloned() else { return };
    let replaced: Vec<&Value> = [&LOGIN, &KEYS]
        .into_iter()
        .filter(|pair| part.values.pointer(&format!("/{}", pair.secret.join("/"))).is_some())
        .filter_map(|pair| lowest.pointer(&format!("/{}", pair.secret.join("/"))))
        .collect();
    let below = lowest.pointer("/externalSecrets/extra").and_then(Value::as_array).cloned().unwrap_or_default();
    let stays = |secret: &Value| {
        !replaced.contains(&&secret["name"]) && own.iter().all(|other| other["name"] != secret["name"])
    };
    let all: Vec<Value> = below.into_iter().filter(stays).chain(own.clone()).collect();
    over(&mut part.values, json!({"externalSecrets": {"extra": all}}));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifacts::tests::document;

    fn of(plugins: Value) -> Result<Part, String> {
        values(&document(plugins, &json!({})), &json!({}))
    }

    fn lake(login: Value, keys: Value) -> Value {
        let mut storage = json!({"bucket": "lake", "region": "eu-central-1", "path_style_access": true});
        over(&mut storage, keys);
        json!({
            "orchestrator": {"type": "dagster"},
            "catalog": {"type": "polaris", "config": {"warehouse": "demo", "oauth2": login}},
            "storage": {"type": "s3", "config": storage},
        })
    }

    #[test]
    fn parts_follow_the_plugins() {
        let part = of(json!({"orchestrator": {"type": "airflow"}, "catalog": {"type": "polaris"}})).unwrap();
        assert_eq!(part.values["dagster"]["enabled"], false);
        assert_eq!(part.values["polaris"]["enabled"], true);
        assert!(part.notes[0].contains("the orchestrator is airflow"), "{:?}", part.notes);
        assert_eq!(of(json!({})).unwrap().values, json!({}));
        let off = json!({"observability": {"telemetry": {"enabled": false}}});
        let part = values(&document(json!({}), &off), &json!({})).unwrap();
        assert_eq!(part.values["otel-collector"]["enabled"], false);
    }

    #[test]
    fn a_catalog_lies_in_its_bucket() {
        let part = of(lake(json!({}), json!({"endpoint": "http://minio:9000"}))).unwrap();
        let polaris = &part.values["polaris"];
        assert_eq!(polaris["storage"]["s3"], json!({"region": "eu-central-1", "endpoint": "http://minio:9000"}));
        let storage = json!({"type": "S3", "pathStyleAccess": true});
        let catalog = json!({"name": "demo", "defaultBaseLocation": "s3://lake/demo", "storage": storage});
        assert_eq!(polaris["bootstrap"]["catalogs"], json!([catalog]));
        assert!(part.notes.is_empty() && !part.stored);
        let part = of(json!({"catalog": {"type": "polaris"}, "storage": {"type": "s3"}})).unwrap();
        assert!(part.notes[0].contains("no catalog is made") && part.values["polaris"].get("bootstrap").is_none());
    }

    #[test]
    fn credentials_come_from_one_secret() {
        let reference = |source: &str, name: &str, key: &str| json!({"source": source, "name": name, "key": key});
        let kubernetes = json!({"client_id": "root", "client_secret": reference("kubernetes", "login", "pw")});
        let part = of(lake(kubernetes, json!({}))).unwrap();
        let credentials = &part.values["polaris"]["bootstrap"]["credentials"];
        assert_eq!(*credentials, json!({"existingSecret": "login", "existingSecretKeys": {"clientSecret": "pw"}}));
        assert!(part.notes[0].contains("the Secret login needs client-id too"), "{:?}", part.notes);

        let stored =
            json!({"client_id": reference("vault", "login", "id"), "client_secret": reference("vault", "login", "pw")});
        let keys = json!({
            "access_key_id": reference("external-secrets", "s3", "id"),
            "secret_access_key": reference("external-secrets", "s3", "key"),
        });
        let lowest = json!({
            "polaris": {"bootstrap": {"credentials": {"existingSecret": "floe-polaris-root"}}},
            "externalSecrets": {"extra": [{"name": "floe-polaris-root"}, {"name": "floe-polaris-token-broker"}]},
        });
        let part = values(&document(lake(stored.clone(), keys), &json!({})), &lowest).unwrap();
        let names: Vec<_> =
            part.values["externalSecrets"]["extra"].as_array().unwrap().iter().map(|s| &s["name"]).collect();
        assert_eq!(names, ["floe-polaris-token-broker", "login", "s3"]);
        let login = &part.values["externalSecrets"]["extra"][1]["data"];
        assert_eq!(login["client-secret"], json!({"key": "login", "property": "pw"}));
        assert_eq!(part.values["polaris"]["storage"]["s3"]["existingSecret"], "s3");
        assert!(part.stored);

        for (login, words) in [
            (
                json!({"client_id": "a", "client_secret": reference("vault", "b", "c")}),
                "is no reference: the chart reads both",
            ),
            (
                json!({"client_id": reference("vault", "a", "b"), "client_secret": reference("vault", "c", "d")}),
                "two Secrets",
            ),
            (json!({"client_id": reference("vault", "a", "b")}), "is a reference, and"),
        ] {
            let why = of(lake(login.clone(), json!({}))).expect_err(words);
            assert!(why.contains(words), "{login}: {why}");
        }
        let outside = json!({"client_id": "a", "client_secret": reference("env", "b", "c")});
        assert!(of(lake(outside, json!({}))).unwrap().notes[0].contains("make a Secret of it"));
    }
}
