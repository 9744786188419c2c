//! Tables of flags: Helm's names, types and defaults, our words.

use crate::flags::{Flag, Kind};

/// Flags that every command takes, the logging library's hidden ones among them.
pub(crate) static GLOBALS: &[Flag] = &[
    Flag::new("burst-limit", Kind::Int, "how many requests may go to the cluster at once").default("100"),
    Flag::new("color", Kind::Text, "when to colour output: never, auto or always").default("auto"),
    Flag::new("colour", Kind::Text, "same as --color").default("auto"),
    Flag::new("content-cache", Kind::Text, "folder for downloaded charts and other content"),
    Flag::new("debug", Kind::Bool, "say more on standard error"),
    Flag::new("kube-apiserver", Kind::Text, "address and port of the Kubernetes API server"),
    Flag::new("kube-as-group", Kind::Array, "group to act as; may be repeated"),
    Flag::new("kube-as-user", Kind::Text, "user to act as"),
    Flag::new("kube-ca-file", Kind::Text, "file with the authority that signed the API server's certificate"),
    Flag::new("kube-context", Kind::Text, "context of the kubeconfig file to use"),
    Flag::new("kube-insecure-skip-tls-verify", Kind::Bool, "do not check the API server's certificate (insecure)"),
    Flag::new(
        "kube-tls-server-name",
        Kind::Text,
        "name to expect in the API server's certificate, if not its host name",
    ),
    Flag::new("kube-token", Kind::Text, "bearer token for the API server"),
    Flag::new("kubeconfig", Kind::Text, "kubeconfig file to use"),
    Flag::new("namespace", Kind::Text, "namespace to work in").short('n'),
    Flag::new("qps", Kind::Float32, "requests a second to the cluster, bursts aside"),
    Flag::new("registry-config", Kind::Text, "file with registry credentials"),
    Flag::new("repository-cache", Kind::Text, "folder for cached repository indexes"),
    Flag::new("repository-config", Kind::Text, "file with repository names and addresses"),
    Flag::new("add-dir-header", Kind::GoBool, "").hidden(),
    Flag::new("alsologtostderr", Kind::GoBool, "").hidden(),
    Flag::new("legacy-stderr-threshold-behavior", Kind::GoBool, "").hidden(),
    Flag::new("log-backtrace-at", Kind::Backtrace, "").hidden(),
    Flag::new("log-dir", Kind::Text, "").hidden(),
    Flag::new("log-file", Kind::Text, "").hidden(),
    Flag::new("log-file-max-size", Kind::GoUint, "").hidden(),
    Flag::new("logtostderr", Kind::GoBool, "").hidden(),
    Flag::new("one-output", Kind::GoBool, "").hidden(),
    Flag::new("skip-headers", Kind::GoBool, "").hidden(),
    Flag::new("skip-log-headers", Kind::GoBool, "").hidden(),
    Flag::new("stderrthreshold", Kind::Int32, "").hidden(),
    Flag::new("v", Kind::Int32, "").short('v').hidden(),
    Flag::new("vmodule", Kind::VModule, "").hidden(),
];

/// Values, as every command takes them that renders.
pub(super) const VALUES: &[Flag] = &[
    Flag::new("set", Kind::Array, "set values, typed: a=1,b.c=true; may be repeated"),
    Flag::new("set-file", Kind::Array, "set values from files: key=path; may be repeated"),
    Flag::new(
        "set-json",
        Kind::Array,
        "set values from JSON: key={\"a\":1}, or one whole JSON object; may be repeated",
    ),
    Flag::new("set-literal", Kind::Array, "set one value to a text, taken as it stands"),
    Flag::new("set-string", Kind::Array, "set values as texts; may be repeated"),
    Flag::new("values", Kind::Slice, "values file or address, - for standard input; may be repeated").short('f'),
];

/// Where a chart comes from and how it is trusted.
pub(super) const CHART_SOURCE: &[Flag] = &[
    Flag::new("ca-file", Kind::Text, "authority that signed the chart server's certificate"),
    Flag::new("cert-file", Kind::Text, "client certificate for the chart server"),
    Flag::new("devel", Kind::Bool, "take pre-releases too, as --version '>0.0.0-0'; without effect beside --version"),
    Flag::new("insecure-skip-tls-verify", Kind::Bool, "do not check the chart server's certificate (insecure)"),
    Flag::new("key-file", Kind::Text, "key of the client certificate"),
    Flag::new("keyring", Kind::Text, "file with the public keys to verify charts against"),
    Flag::new("pass-credentials", Kind::Bool, "send credentials to every host"),
    Flag::new("password", Kind::Text, "password for the chart repository"),
    Flag::new("plain-http", Kind::Bool, "download over HTTP (insecure)"),
    Flag::new("repo", Kind::Text, "address of the repository that holds the chart"),
    Flag::new("username", Kind::Text, "user name for the chart repository"),
    Flag::new("verify", Kind::Bool, "verify the chart's signature first"),
    Flag::new("version", Kind::Text, "version of the chart, or a range of versions; the newest when left out"),
];

/// `show values` alone.
pub(super) const JSONPATH: &[Flag] = &[Flag::new("jsonpath", Kind::Text, "print only what this JSONPath selects")];

/// `create`.
pub(super) const CREATE: &[Flag] =
    &[Flag::new("starter", Kind::Text, "starter chart to copy: a name in the starters folder, or an absolute path")
        .short('p')];

/// `completion <shell>`.
pub(super) const NO_DESCRIPTIONS: &[Flag] =
    &[Flag::new("no-descriptions", Kind::Bool, "complete names without their descriptions")];

/// `version`.
pub(super) const VERSION: &[Flag] = &[
    Flag::new("short", Kind::Bool, "print the number alone"),
    Flag::new("template", Kind::Text, "print with this template"),
];

/// `lint`, values aside.
pub(super) const LINT: &[Flag] = &[
    Flag::new("kube-version", Kind::Text, "Kubernetes version for capabilities and deprecations"),
    Flag::new("quiet", Kind::Bool, "print warnings and errors only"),
    Flag::new("skip-schema-validation", Kind::Bool, "do not check values against the chart's schema"),
    Flag::new("strict", Kind::Bool, "fail on warnings too"),
    Flag::new("with-subcharts", Kind::Bool, "look at the charts it depends on as well"),
];

/// `template`, values and chart source aside.
/// What shapes the rendering that `explain` tells about, and the form of its answer.
pub(super) const EXPLAIN: &[Flag] = &[
    Flag::new("api-versions", Kind::Slice, "API versions for .Capabilities.APIVersions; may be repeated").short('a'),
    Flag::new("enable-dns", Kind::Bool, "let templates look up host names"),
    Flag::new("is-upgrade", Kind::Bool, "set .Release.IsUpgrade in place of .Release.IsInstall"),
    Flag::new("kube-version", Kind::Text, "Kubernetes version for .Capabilities.KubeVersion"),
    Flag::new("name-template", Kind::Text, "template that makes the release name"),
    Flag::new("output", Kind::Text, "form of the answer: text or json").short('o').default("text"),
    Flag::new("show-only", Kind::Array, "look only at what these templates made; may be repeated").short('s'),
    Flag::new("skip-schema-validation", Kind::Bool, "do not check values against the chart's schema"),
];

pub(super) const TEMPLATE: &[Flag] = &[
    Flag::new("api-versions", Kind::Slice, "API versions for .Capabilities.APIVersions; may be repeated").short('a'),
    Flag::new("atomic", Kind::Bool, "").deprecated("use --rollback-on-failure instead"),
    Flag::new("create-namespace", Kind::Bool, "make the namespace if it does not exist"),
    Flag::new("dependency-update", Kind::Bool, "fetch dependencies that are missing"),
    Flag::new("description", Kind::Text, "text to keep with the release"),
    Flag::new("disable-openapi-validation", Kind::Bool, "do not check manifests against the cluster's schema"),
    Flag::new("dry-run", Kind::Text, "\"client\" works without a cluster, \"server\" asks one")
        .bare("unset")
        .default("client"),
    Flag::new("enable-dns", Kind::Bool, "let templates look up host names"),
    Flag::new("force", Kind::Bool, "").deprecated("use --force-replace instead"),
    Flag::new("force-conflicts", Kind::Bool, "win conflicts of a server-side apply"),
    Flag::new("force-replace", Kind::Bool, "update by replacement"),
    Flag::new("generate-name", Kind::Bool, "make up the release name").short('g'),
    Flag::new("hide-notes", Kind::Bool, "")
        .deprecated("this flag has no effect for 'helm template' and will be removed in Helm 5"),
    Flag::new("include-crds", Kind::Bool, "print the chart's CRDs too"),
    Flag::new("is-upgrade", Kind::Bool, "render as an upgrade, not as an installation"),
    Flag::new("kube-version", Kind::Text, "Kubernetes version for .Capabilities.KubeVersion"),
    Flag::new("labels", Kind::Map, "labels to keep with the release: a=b,c=d").short('l'),
    Flag::new("name-template", Kind::Text, "template that makes the release name"),
    Flag::new("no-hooks", Kind::Bool, "leave hooks out"),
    Flag::new("output-dir", Kind::Text, "write a file for each template into this folder"),
    Flag::new("post-renderer", Kind::PostRenderer, "plugin that rewrites the manifests"),
    Flag::new("post-renderer-args", Kind::PostRendererArgs, "argument for the post-renderer; may be repeated"),
    Flag::new("release-name", Kind::Bool, "put the release name into the paths of --output-dir"),
    Flag::new("render-subchart-notes", Kind::Bool, "")
        .deprecated("this flag has no effect for 'helm template' and will be removed in Helm 5"),
    Flag::new("replace", Kind::Bool, "take over the name of a deleted release"),
    Flag::new("rollback-on-failure", Kind::Bool, "undo the installation when it fails; implies --wait"),
    Flag::new("server-side", Kind::Bool, "let the server apply updates").default("true"),
    Flag::new("show-only", Kind::Array, "print only what these templates made; may be repeated").short('s'),
    Flag::new("skip-crds", Kind::Bool, "do not install CRDs"),
    Flag::new("skip-schema-validation", Kind::Bool, "do not check values against the chart's schema"),
    Flag::new("skip-tests", Kind::Bool, "leave tests out"),
    Flag::new("take-ownership", Kind::Bool, "take over resources of others"),
    Flag::new("timeout", Kind::Duration, "how long to wait for one operation").default("5m0s"),
    Flag::new("validate", Kind::Bool, "").deprecated("use '--dry-run=server' instead"),
    Flag::new("wait", Kind::Wait, "wait until resources are ready: watcher, hookOnly or legacy")
        .bare("watcher")
        .default("hookOnly"),
    Flag::new("wait-for-jobs", Kind::Bool, "with --wait, wait for jobs to finish too"),
];
