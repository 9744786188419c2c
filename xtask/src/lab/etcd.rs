//! `etcd`.

use std::path::Path;

use rhumb_testkit::lab::Part;

use super::go;

const MODULE: &str = "go.etcd.io/etcd/server/v3";

/// Builds it.
pub(super) fn build(part: &Part, folder: &Path) -> Result<(), String> {
    let lines = format!("go 1.25.0\n\nrequire {MODULE} v{}\n", part.version);
    go::Workspace::new(&lines)?.build(MODULE, "", &folder.join("etcd"))
}
