//! An OCI registry.

use std::path::Path;

use rhumb_testkit::lab::Part;

use super::go;

/// Builds it.
pub(super) fn build(part: &Part, folder: &Path) -> Result<(), String> {
    go::install("github.com/distribution/distribution/v3/cmd/registry", &format!("v{}", part.version), folder)
}
