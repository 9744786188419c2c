//! Where this machine's Debian comes from.

use std::process::Command;

/// The address of the archive that apt takes ordinary packages from: the first that is configured.
///
/// # Errors
/// Where there is no apt, or none is configured.
pub(crate) fn archive() -> Result<String, String> {
    let mut apt = Command::new("apt-get");
    apt.args(["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]);
    let output = apt.output().map_err(|e| format!("apt-get: {e}"))?;
    let addresses = String::from_utf8_lossy(&output.stdout).into_owned();
    first(&addresses).ok_or_else(|| "apt has no source of packages".to_owned())
}

fn first(addresses: &str) -> Option<String> {
    addresses.lines().map(|line| line.trim().trim_end_matches('/')).find(|line| !line.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_source_counts() {
        let found = first("\nhttp://mirror.example/debian/\nhttp://mirror.example/debian-security/\n");
        assert_eq!(found.as_deref(), Some("http://mirror.example/debian"));
        assert_eq!(first(""), None);
    }
}
