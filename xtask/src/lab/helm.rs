//! Older releases of Helm.

use std::path::Path;

use rhumb_testkit::lab::Part;

use super::go;

const MODULE: &str = "helm.sh/helm/v3";

/// Builds one, with its version stamped: charts can ask for it.
pub(super) fn build(part: &Part, folder: &Path) -> Result<(), String> {
    let lines = format!("go 1.25.0\n\nrequire {MODULE} v{}\n", part.version);
    let flags = format!("-X {MODULE}/internal/version.version=v{}", part.version);
    go::Workspace::new(&lines)?.build(&format!("{MODULE}/cmd/helm"), &flags, &folder.join("helm"))
}
