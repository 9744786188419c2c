//! KEDA: its operator, its metrics adapter, and the objects that both are installed with.

use std::path::Path;

use rhumb_testkit::lab::Part;

use super::go;

const MODULE: &str = "github.com/kedacore/keda/v2";

/// Name of the program, package.
const PROGRAMS: &[(&str, &str)] = &[("keda", "./cmd/operator"), ("keda-adapter", "./cmd/adapter")];

/// Its rights, the announcement of its metrics, and those resources of its own that no chart of ours uses but it watches.
const OBJECTS: &[&str] = &[
    "config/crd/bases/eventing.keda.sh_cloudeventsources.yaml",
    "config/crd/bases/eventing.keda.sh_clustercloudeventsources.yaml",
    "config/rbac/role.yaml",
    "config/rbac/role_binding.yaml",
    "config/metrics-server/api_service.yaml",
    "config/metrics-server/role.yaml",
    "config/metrics-server/role_binding.yaml",
];

/// Builds the programs, each of which takes a good while: it knows every cloud there is.
pub(super) fn build(part: &Part, folder: &Path) -> Result<(), String> {
    let sources = go::download(MODULE, &format!("v{}", part.version))?;
    for file in OBJECTS {
        let (from, to) = (sources.join(file), folder.join(file.trim_start_matches("config/").replace('/', "-")));
        // Read and written, not copied: files of modules are write-protected.
        let text = std::fs::read(&from).map_err(|e| format!("{}: {e}", from.display()))?;
        std::fs::write(to, text).map_err(|e| e.to_string())?;
    }
    let flags = format!("-X {MODULE}/version.Version={}", part.version);
    for (program, package) in PROGRAMS {
        go::build_in(&sources, package, &flags, &folder.join(program))?;
    }
    Ok(())
}
