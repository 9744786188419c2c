//! What a cluster can do, as charts see it: `.Capabilities`.

use std::any::Any;

use rhumb_gostd::semver::{Constraints, Version};
use rhumb_value::{IntKind, Kind, List, ListKind, Method, Object, Str, Type, Value};

/// The Kubernetes version that Helm 4.3.1 assumes when there is no cluster.
pub const DEFAULT_KUBE_VERSION: &str = "v1.37.0";

/// The API versions that Helm 4.3.1 assumes when there is no cluster, in its order.
pub const DEFAULT_API_VERSIONS: &[&str] = &[
    "v1",
    "admissionregistration.k8s.io/v1",
    "admissionregistration.k8s.io/v1alpha1",
    "admissionregistration.k8s.io/v1beta1",
    "internal.apiserver.k8s.io/v1alpha1",
    "apps/v1",
    "apps/v1beta1",
    "apps/v1beta2",
    "authentication.k8s.io/v1",
    "authentication.k8s.io/v1alpha1",
    "authentication.k8s.io/v1beta1",
    "authorization.k8s.io/v1",
    "authorization.k8s.io/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1beta1",
    "certificates.k8s.io/v1alpha1",
    "coordination.k8s.io/v1alpha2",
    "coordination.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "lifecycle.k8s.io/v1alpha1",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1beta1",
    "rbac.authorization.k8s.io/v1alpha1",
    "resource.k8s.io/v1",
    "resource.k8s.io/v1beta2",
    "resource.k8s.io/v1beta1",
    "resource.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1beta1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "storagemigration.k8s.io/v1",
    "storagemigration.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
];

/// A version of Kubernetes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubeVersion {
    /// As given, with a `v` first.
    pub version: String,
    /// Its numbers alone, with a `v` first.
    pub normalized: String,
    /// The first number.
    pub major: String,
    /// The second number.
    pub minor: String,
}

impl Default for KubeVersion {
    fn default() -> Self {
        KubeVersion {
            version: DEFAULT_KUBE_VERSION.into(),
            normalized: DEFAULT_KUBE_VERSION.into(),
            major: "1".into(),
            minor: "37".into(),
        }
    }
}

impl KubeVersion {
    /// Reads what `--kube-version` gives: a generic version, of which only the leading numbers count.
    pub fn parse(text: &str) -> Result<KubeVersion, String> {
        let fail = |why: String| format!("invalid kube version '{text}': {why}");
        let start = text.trim_start_matches([' ', '\t', '\n', '\x0c', '\r']);
        let start = start.strip_prefix('v').unwrap_or(start);
        let mut numbers = Vec::new();
        for (i, part) in leading_numbers(start).into_iter().enumerate() {
            if i == 0 && part.len() > 1 && part.starts_with('0') {
                return Err(fail(format!("illegal zero-prefixed version component \"{part}\" in \"{text}\"")));
            }
            let number = part.parse::<u64>().map_err(|_| {
                let why = format!("strconv.ParseUint: parsing \"{part}\": value out of range");
                fail(format!("illegal non-numeric version component \"{part}\" in \"{text}\": {why}"))
            });
            numbers.push(number?.to_string());
        }
        match numbers.as_slice() {
            [] => Err(fail(format!("could not parse \"{text}\" as version"))),
            [_] => Err(fail(format!("illegal version string \"{text}\""))),
            [major, minor, ..] => Ok(KubeVersion {
                version: if text.starts_with('v') { text.to_owned() } else { format!("v{text}") },
                normalized: format!("v{}", numbers.join(".")),
                major: major.clone(),
                minor: minor.clone(),
            }),
        }
    }

    /// Whether a chart's `kubeVersion` allows this version; its suffix does not count.
    #[must_use]
    pub fn satisfies(&self, range: &str) -> bool {
        match (Constraints::parse(range), Version::parse(&self.normalized)) {
            (Ok(range), Ok(version)) => range.check(&version),
            _ => false,
        }
    }
}

/// The numbers with dots between them that a text starts with.
fn leading_numbers(text: &str) -> Vec<&str> {
    let mut numbers = Vec::new();
    let mut rest = text;
    loop {
        let len = rest.bytes().take_while(u8::is_ascii_digit).count();
        if len == 0 {
            return numbers;
        }
        numbers.push(&rest[..len]);
        match rest[len..].strip_prefix('.') {
            Some(after) => rest = after,
            None => return numbers,
        }
    }
}

/// All that `.Capabilities` tells.
#[derive(Clone, Debug)]
pub struct Capabilities {
    /// The version of Kubernetes.
    pub kube_version: KubeVersion,
    /// The API versions beyond the default ones.
    pub extra_apis: Vec<String>,
    value: OnceValue,
}

/// Objects made once, so that a chart that asks often does not pay often.
#[derive(Clone, Debug, Default)]
struct OnceValue(std::cell::OnceCell<Value>);

impl Capabilities {
    /// The given version, and the default API versions with these besides.
    #[must_use]
    pub fn new(kube_version: KubeVersion, extra_apis: Vec<String>) -> Capabilities {
        Capabilities { kube_version, extra_apis, value: OnceValue::default() }
    }

    fn api_versions(&self) -> Value {
        let make = || {
            let default = DEFAULT_API_VERSIONS.iter().map(|v| Value::Str(Str::from_static(v)));
            let all = default.chain(self.extra_apis.iter().map(|v| Value::from(v.as_str()))).collect();
            Value::List(List::with_kind(ListKind::Named("common.VersionSet", VERSION_SET), all))
        };
        self.value.0.get_or_init(make).clone()
    }
}

impl Default for Capabilities {
    fn default() -> Self {
        Capabilities::new(KubeVersion::default(), Vec::new())
    }
}

impl Object for Capabilities {
    fn go_type(&self) -> &'static str {
        "*common.Capabilities"
    }

    fn kind(&self) -> Kind {
        Kind::Ptr
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("KubeVersion", Value::object(self.kube_version.clone())),
            ("APIVersions", self.api_versions()),
            ("HelmVersion", Value::object(BuildInfo)),
        ]
    }

    fn methods(&self) -> &'static [Method] {
        CAPABILITIES
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

static CAPABILITIES: &[Method] =
    &[Method { name: "Copy", params: &[], variadic: false, call: |this, _| Ok(this.clone()) }];

static VERSION_SET: &[Method] = &[Method {
    name: "Has",
    params: &[Type::String],
    variadic: false,
    call: |this, args| {
        let wanted = args.first().and_then(Value::as_str);
        let has = |l: &List| l.iter().any(|v| v.as_str() == wanted);
        Ok(Value::Bool(wanted.is_some() && this.as_list().is_some_and(has)))
    },
}];

impl Object for KubeVersion {
    fn go_type(&self) -> &'static str {
        "common.KubeVersion"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("Version", Value::from(self.version.as_str())),
            ("Major", Value::from(self.major.as_str())),
            ("Minor", Value::from(self.minor.as_str())),
        ]
    }

    fn methods(&self) -> &'static [Method] {
        KUBE_VERSION
    }

    fn printed_fields(&self) -> Vec<(&'static str, Value)> {
        let mut fields = self.fields();
        fields.insert(1, ("normalizedVersion", Value::from(self.normalized.as_str())));
        fields
    }

    fn address_string(&self) -> Option<Str> {
        Some(self.normalized.as_str().into())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

static KUBE_VERSION: &[Method] = &[
    Method { name: "GitVersion", params: &[], variadic: false, call: |this, _| Ok(version_of(this)) },
    Method { name: "String", params: &[], variadic: false, call: |this, _| Ok(normalized(this)) },
];

fn normalized(this: &Value) -> Value {
    match this {
        Value::Object(o) => o.address_string().map_or(Value::Nil, Value::Str),
        _ => Value::Nil,
    }
}

fn version_of(this: &Value) -> Value {
    match this {
        Value::Object(o) => o.field("Version").unwrap_or_default(),
        _ => Value::Nil,
    }
}

/// The Helm that charts are told they run under.
#[derive(Debug)]
pub(crate) struct BuildInfo;

const BUILD: [(&str, &str, &str); 5] = [
    ("Version", "version", "v4.3.1"),
    ("GitCommit", "git_commit", "c0d08d0d6d9424d4a14febb5e8a3e51b0dd00dff"),
    ("GitTreeState", "git_tree_state", "clean"),
    ("GoVersion", "go_version", "go1.27.2"),
    ("KubeClientVersion", "kube_client_version", "v1.37"),
];

impl Object for BuildInfo {
    fn go_type(&self) -> &'static str {
        "version.BuildInfo"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        BUILD.iter().map(|(name, _, value)| (*name, Value::from(*value))).collect()
    }

    fn json_fields(&self) -> Vec<(&'static str, Value)> {
        BUILD.iter().map(|(_, key, value)| (*key, Value::from(*value))).collect()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The kind of `.Release.Revision`.
pub(crate) const REVISION_KIND: IntKind = IntKind::Int;

#[cfg(test)]
mod tests {
    use super::*;

    /// Observed with `--kube-version` of Helm 4.3.1.
    #[test]
    fn versions() {
        let show = |text: &str| match KubeVersion::parse(text) {
            Ok(v) => format!("{} {} {} {}", v.version, v.normalized, v.major, v.minor),
            Err(text) => text,
        };
        let cases = [
            ("1.30", "v1.30 v1.30 1 30"),
            ("v1.30.2", "v1.30.2 v1.30.2 1 30"),
            ("1.30.2-gke.100", "v1.30.2-gke.100 v1.30.2 1 30"),
            ("1.2.3.4.5-x", "v1.2.3.4.5-x v1.2.3.4.5 1 2"),
            ("1.020.3", "v1.020.3 v1.20.3 1 20"),
            ("1.20.x", "v1.20.x v1.20 1 20"),
            ("01.02", "invalid kube version '01.02': illegal zero-prefixed version component \"01\" in \"01.02\""),
            (".1", "invalid kube version '.1': could not parse \".1\" as version"),
            ("1.", "invalid kube version '1.': illegal version string \"1.\""),
            ("zz", "invalid kube version 'zz': could not parse \"zz\" as version"),
            ("1", "invalid kube version '1': illegal version string \"1\""),
        ];
        for (text, want) in cases {
            assert_eq!(show(text), want);
        }
    }

    #[test]
    fn ranges_do_not_see_the_suffix() {
        let v = KubeVersion::parse("1.30.2-gke.100").unwrap();
        assert!(v.satisfies(">=1.21"));
        assert!(!v.satisfies(">=1.31"));
        assert!(!v.satisfies("zz"));
    }
}
