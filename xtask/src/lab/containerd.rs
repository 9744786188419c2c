//! `containerd`.

use std::path::Path;

use rhumb_testkit::lab::Part;

use super::go;

const MODULE: &str = "github.com/containerd/containerd/v2";

/// Builds it, the shim between it and runc, and its command line.
pub(super) fn build(part: &Part, folder: &Path) -> Result<(), String> {
    let lines = format!("go 1.25.0\n\nrequire {MODULE} v{}\n", part.version);
    let workspace = go::Workspace::new(&lines)?;
    let flags = format!("-X {MODULE}/version.Version={}", part.version);
    for program in ["containerd", "containerd-shim-runc-v2", "ctr"] {
        workspace.build(&format!("{MODULE}/cmd/{program}"), &flags, &folder.join(program))?;
    }
    Ok(())
}
