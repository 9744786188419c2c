//! Rules over one rendered manifest. Texts as observed with `helm lint` of Helm 4.3.1.

use std::rc::Rc;

use rhumb_gostd::strconv::quote_string;
use rhumb_render::KubeVersion;
use rhumb_value::Value;
use rhumb_yaml::shape::{self, Shape};

use crate::message::Severity;
use crate::registry::Rule;
use crate::stream::Head;
use crate::{deprecated, names};

/// The annotation that has no effect inside a list.
const POLICY: &str = "helm.sh/resource-policy";

/// A manifest with all that its rules look at.
pub(crate) struct Seen {
    pub(crate) head: Head,
    /// The whole text of the file that it is in.
    pub(crate) file: Rc<[u8]>,
    pub(crate) kube_version: Rc<KubeVersion>,
}

pub(crate) const RULES: &[Rule<Seen>] = &[
    Rule { name: "object-name", severity: Severity::Warning, check: object_name },
    Rule { name: "deprecated-api", severity: Severity::Warning, check: deprecated_api },
    Rule { name: "selector", severity: Severity::Error, check: selector },
    Rule { name: "list-annotations", severity: Severity::Error, check: list_annotations },
];

fn object_name(seen: &Seen) -> Option<String> {
    let Head { kind, name, .. } = &seen.head;
    let complaint = names::check(kind, name)?;
    let name = quote_string(name.as_bytes());
    Some(format!("object name does not conform to Kubernetes naming requirements: {name}: {complaint}"))
}

fn deprecated_api(seen: &Seen) -> Option<String> {
    let version = &seen.kube_version;
    deprecated::check(&seen.head.api_version, &seen.head.kind, (&version.major, &version.minor))
}

/// Whether the file speaks of selectors anywhere is enough.
fn selector(seen: &Seen) -> Option<String> {
    let Head { kind, name, .. } = &seen.head;
    if !matches!(kind.as_str(), "Deployment" | "ReplicaSet" | "DaemonSet" | "StatefulSet") {
        return None;
    }
    let has = |word: &[u8]| memchr::memmem::find(&seen.file, word).is_some();
    let name = quote_string(name.as_bytes());
    (!has(b"matchLabels") && !has(b"matchExpressions"))
        .then(|| format!("a {kind} must contain matchLabels or matchExpressions, and {name} does not"))
}

/// The list is looked for in the first document of the file, wherever the manifest stands.
fn list_annotations(seen: &Seen) -> Option<String> {
    const ANNOTATIONS: Shape = Shape::Map("map[string]string", &Shape::Text);
    const METADATA: Shape = Shape::Struct("struct { Annotations map[string]string }", &[("annotations", ANNOTATIONS)]);
    const ITEM: Shape =
        Shape::Struct("struct { Metadata struct { Annotations map[string]string } }", &[("metadata", METADATA)]);
    const ITEMS: Shape = Shape::List("[]struct { Metadata struct { Annotations map[string]string } }", &ITEM);
    const LIST: Shape = Shape::Struct(
        "struct { Items []struct { Metadata struct { Annotations map[string]string } } }",
        &[("items", ITEMS)],
    );
    if seen.head.kind != "List" {
        return None;
    }
    let value = match rhumb_yaml::parse_value(&seen.file) {
        Ok(value) => value,
        Err(error) => return Some(format!("unable to parse YAML: {error}")),
    };
    let list = match shape::fit(&value, &LIST) {
        Ok(list) => list,
        Err(text) => {
            return Some(format!("unable to parse YAML: error unmarshaling JSON: while decoding JSON: {text}"));
        }
    };
    let Some(Value::List(items)) = list.as_map()?.get("items") else { return None };
    let has_policy = |item: &Value| {
        let Some(Value::Map(metadata)) = item.as_map().and_then(|i| i.get("metadata")) else { return false };
        matches!(metadata.get("annotations"), Some(Value::Map(a)) if a.contains(POLICY))
    };
    items.iter().any(has_policy).then(|| format!("annotation '{POLICY}' within List objects are ignored"))
}
