//! Terraform's provider `local`, laid out as `terraform init` finds it without a registry.

use std::path::Path;

use rhumb_testkit::lab::Part;

use super::go;

/// The path under which this version was published.
const MODULE: &str = "github.com/terraform-providers/terraform-provider-local";

/// Builds it.
pub(super) fn build(part: &Part, folder: &Path) -> Result<(), String> {
    let platform = platform()?;
    let version = part.version;
    let place = folder.join(format!("registry.terraform.io/hashicorp/local/{version}/{platform}"));
    std::fs::create_dir_all(&place).map_err(|e| e.to_string())?;
    go::install(MODULE, &format!("v{version}"), &place)?;
    let named = place.join(format!("terraform-provider-local_v{version}"));
    std::fs::rename(place.join("terraform-provider-local"), named).map_err(|e| e.to_string())
}

/// The machine's name in a registry.
pub(super) fn platform() -> Result<String, String> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        (os, "x86_64") => Ok(format!("{os}_amd64")),
        (os, "aarch64") => Ok(format!("{os}_arm64")),
        (os, arch) => Err(format!("no name for {os} on {arch}")),
    }
}
