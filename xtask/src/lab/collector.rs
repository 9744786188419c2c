//! The OpenTelemetry collector, put together by its own builder. Datadog's exporter is left out: it alone is larger than all the rest.

use std::path::Path;
use std::process::Command;

use rhumb_testkit::lab::Part;

use super::go;

const CORE: &str = "go.opentelemetry.io/collector";
const CONTRIB: &str = "github.com/open-telemetry/opentelemetry-collector-contrib";

/// The stable parts of the core have a version of their own: v1.64.0 belongs to v0.158.0.
const STABLE: &str = "1.64.0";

/// Kind of component, where it is published, module.
const COMPONENTS: &[(&str, &str, &str)] = &[
    ("receivers", CORE, "receiver/otlpreceiver"),
    ("processors", CORE, "processor/batchprocessor"),
    ("processors", CORE, "processor/memorylimiterprocessor"),
    ("processors", CONTRIB, "processor/probabilisticsamplerprocessor"),
    ("processors", CONTRIB, "processor/k8sattributesprocessor"),
    ("exporters", CORE, "exporter/debugexporter"),
    ("exporters", CORE, "exporter/otlpexporter"),
    ("exporters", CORE, "exporter/otlphttpexporter"),
    ("exporters", CONTRIB, "exporter/prometheusexporter"),
    ("extensions", CONTRIB, "extension/healthcheckextension"),
    ("extensions", CONTRIB, "extension/basicauthextension"),
];

/// Builds it.
pub(super) fn build(part: &Part, folder: &Path) -> Result<(), String> {
    let work = tempfile::tempdir().map_err(|e| e.to_string())?;
    go::install(&format!("{CORE}/cmd/builder"), &format!("v{}", part.version), work.path())?;
    std::fs::write(work.path().join("manifest.yaml"), manifest(part.version)).map_err(|e| e.to_string())?;
    let mut builder = Command::new(work.path().join("builder"));
    builder.current_dir(work.path()).env("CGO_ENABLED", "0").args(["--config", "manifest.yaml"]);
    go::answer(builder)?;
    // Copied, since the cache may be on another disk.
    std::fs::copy(work.path().join("out/otelcol"), folder.join("otelcol")).map(drop).map_err(|e| e.to_string())
}

/// What the builder reads.
fn manifest(version: &str) -> String {
    let mut out = format!("dist: {{name: otelcol, output_path: ./out, module: lab/otelcol, version: {version}}}\n");
    let mut last = "";
    for (kind, from, module) in COMPONENTS {
        if *kind != last {
            out.push_str(&format!("{kind}:\n"));
            last = kind;
        }
        out.push_str(&format!("  - gomod: {from}/{module} v{version}\n"));
    }
    out.push_str("providers:\n");
    for provider in ["env", "file"] {
        out.push_str(&format!("  - gomod: {CORE}/confmap/provider/{provider}provider v{STABLE}\n"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_stand_together() {
        let text = manifest("0.1.0");
        let kinds: Vec<_> = text.lines().filter(|line| line.ends_with(':')).collect();
        assert_eq!(kinds, ["receivers:", "processors:", "exporters:", "extensions:", "providers:"]);
        assert!(text.contains("  - gomod: go.opentelemetry.io/collector/receiver/otlpreceiver v0.1.0\n"), "{text}");
    }
}
