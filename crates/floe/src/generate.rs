//! The whole way: files in, the text of a values file out.

use std::io::Read as _;

use rhumb_chart::values::layers::parse_documents;
use rhumb_world::{Os, World as _};
use serde_json::Value;

use crate::artifacts::{self, Artifacts};
use crate::check::Checked;
use crate::layers::{decides, disagreements, over};
use crate::secrets::references;
use crate::{jobs, output, platform};

/// A generated file has fewer bytes than this.
pub const MOST: usize = 1_000_000;

/// What is to be generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The document.
    pub artifacts: String,
    /// The chart's folder.
    pub chart: String,
    /// The environment.
    pub environment: String,
    /// A plugin's type, and the file with its values.
    pub plugins: Vec<(String, String)>,
    /// The user's own values files, the last the strongest.
    pub values: Vec<String>,
    /// The jobs' image: repository and tag.
    pub image: Option<(String, String)>,
    /// The store of referenced secrets.
    pub store: Option<String>,
    /// Where to write.
    pub output: Option<String>,
}

impl Default for Request {
    fn default() -> Self {
        Request {
            artifacts: String::new(),
            chart: "charts/floe-platform".to_owned(),
            environment: "dev".to_owned(),
            plugins: Vec::new(),
            values: Vec::new(),
            image: None,
            store: None,
            output: None,
        }
    }
}

/// Which chart the values are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// floe-platform.
    Platform,
    /// floe-jobs.
    Jobs,
}

/// What comes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The values file.
    pub text: String,
    /// What the user should know.
    pub notes: Vec<String>,
}

/// What one chart's part of the work makes of a document.
#[derive(Debug, Default)]
pub(crate) struct Part {
    /// The chart's values.
    pub(crate) values: Value,
    /// What the user should know.
    pub(crate) notes: Vec<String>,
    /// Whether some secret is in a store.
    pub(crate) stored: bool,
}

/// Generates values; nothing is written.
///
/// # Errors
/// What is wrong, in sentences: with the document, with a file, with what comes of them together.
pub fn generate(request: &Request) -> Result<Generated, String> {
    let checked = Checked::load(&request.chart)?;
    if request.image.is_some() && checked.target == Target::Platform {
        return Err(format!("--image is for the jobs, and {} is the platform", request.chart));
    }
    let artifacts = read_artifacts(&request.artifacts)?;
    let of = |why: String| format!("{}:\n  - {why}", request.artifacts);
    let found = references(&artifacts).map_err(of)?;
    let lowest = environment_file(request)?;
    let part = match checked.target {
        Target::Platform => platform::values(&artifacts, &lowest).map_err(of)?,
        Target::Jobs => jobs::values(&artifacts, &found, request),
    };
    let own = own_values(&request.values)?;
    let plugins = plugin_values(&artifacts, &request.plugins, &own)?;
    let mut values = lowest;
    over(&mut values, serde_json::json!({"global": {"environment": request.environment}}));
    over(&mut values, part.values);
    if let Some(store) = &request.store {
        over(&mut values, serde_json::json!({"externalSecrets": {"secretStoreRef": {"name": store}}}));
    }
    for (_, layer) in plugins {
        over(&mut values, layer);
    }
    over(&mut values, own.clone());
    if checked.target == Target::Jobs {
        jobs::carry(&mut values, &artifacts)?;
        jobs::image_is_known(&values)?;
    }
    let store = values.pointer("/externalSecrets/secretStoreRef/name").and_then(Value::as_str).unwrap_or_default();
    if part.stored && store.is_empty() {
        return Err("the document refers to secrets in a store: name it with --secret-store".to_owned());
    }
    let text = head(&checked, &artifacts, &request.environment) + &output::yaml(&values)?;
    if text.len() >= MOST {
        return Err(format!(
            "the result has {} bytes, and {MOST} are too many: put the document on a volume or into a ConfigMap, and name it in \
             --values as compiledArtifacts.volume or compiledArtifacts.existingConfigMap",
            text.len()
        ));
    }
    checked.takes(text.as_bytes())?;
    Ok(Generated { text, notes: part.notes })
}

/// What stands above the values.
fn head(checked: &Checked, artifacts: &Artifacts, environment: &str) -> String {
    let word = |path: &str| artifacts.at(path).and_then(Value::as_str).unwrap_or_default().to_owned();
    // One line each, whatever a name is made of.
    let line = |text: String| text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    let hash = Some(word("metadata.source_hash")).filter(|hash| !hash.is_empty());
    let product = [word("metadata.product_name"), word("metadata.product_version")].join(" ");
    let from = line(format!("{product}{}", hash.map(|hash| format!(" ({hash})")).unwrap_or_default()));
    format!(
        "# Written by floe-helm for {}, environment {environment}, from {from}.\n\
         # Change the document, a plugin's values or your own, and write it anew.\n",
        checked.name
    )
}

fn read_artifacts(path: &str) -> Result<Artifacts, String> {
    let bytes = if path == "-" {
        let mut bytes = Vec::new();
        let stdin = std::io::stdin().lock().take(artifacts::MOST as u64 + 1).read_to_end(&mut bytes);
        stdin.map_err(|e| format!("standard input: {e}"))?;
        bytes
    } else {
        Os.read_at_most(path, artifacts::MOST as u64 + 1).map_err(|e| e.to_string())?
    };
    if bytes.len() > artifacts::MOST {
        return Err(format!("{path}: more than {} MiB are no document", artifacts::MOST >> 20));
    }
    let text = String::from_utf8(bytes).map_err(|_| format!("{path}: it is not UTF-8"))?;
    Artifacts::read(text).map_err(|why| format!("{path}:\n  - {why}"))
}

/// A values file, its documents over each other.
fn file(path: &str) -> Result<Value, String> {
    let bytes = Os.read_at_most(path, MOST as u64 + 1).map_err(|e| e.to_string())?;
    if bytes.len() > MOST {
        return Err(format!("{path}: more than {MOST} bytes are no values file"));
    }
    let map = parse_documents(&bytes).map_err(|e| format!("{path}: {e}"))?;
    output::from_chart(&rhumb_value::Value::Map(map)).map_err(|e| format!("{path}: {e}"))
}

/// What the chart says of the environment; nothing where it has no file for it.
fn environment_file(request: &Request) -> Result<Value, String> {
    let path = format!("{}/values-{}.yaml", request.chart.trim_end_matches('/'), request.environment);
    if Os.stat(&path).is_ok() { file(&path) } else { Ok(Value::Object(serde_json::Map::new())) }
}

fn own_values(paths: &[String]) -> Result<Value, String> {
    let mut values = Value::Object(serde_json::Map::new());
    for path in paths {
        over(&mut values, file(path)?);
    }
    Ok(values)
}

/// The values of plugins in the order of the document, whatever the order of the flags.
fn plugin_values(
    artifacts: &Artifacts,
    given: &[(String, String)],
    own: &Value,
) -> Result<Vec<(String, Value)>, String> {
    for (number, (kind, _)) in given.iter().enumerate() {
        let known: Vec<&str> = artifacts.plugins().map(|(_, kind, _)| kind).collect();
        if !known.contains(&kind.as_str()) {
            let known = if known.is_empty() { "no plugins".to_owned() } else { known.join(", ") };
            return Err(format!("--plugin-values {kind}: the document has {known}"));
        }
        if given[..number].iter().any(|(earlier, _)| earlier == kind) {
            return Err(format!("--plugin-values {kind} is given twice"));
        }
    }
    let mut layers = Vec::new();
    for (category, kind, _) in artifacts.plugins() {
        if let Some((_, path)) = given.iter().find(|(of, _)| of == kind) {
            layers.push((format!("{category} {kind}"), file(path)?));
        }
    }
    let open: Vec<String> =
        disagreements(&layers).into_iter().filter(|(path, _)| !decides(own, path)).map(|(_, said)| said).collect();
    if open.is_empty() {
        return Ok(layers);
    }
    Err(format!("plugins disagree; decide in a file of --values:\n  - {}", open.join("\n  - ")))
}
