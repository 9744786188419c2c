//! Where the real Helm is, if it is on this machine.

use std::path::PathBuf;

/// The version that all answers come from.
pub const VERSION: &str = "4.3.1";

/// The path named by `RHUMB_REFERENCE`, or the one in the cache folder, where `cargo xtask reference` puts it.
/// Nothing where there is no such file.
pub fn path() -> Option<PathBuf> {
    let named = std::env::var_os("RHUMB_REFERENCE").map(PathBuf::from);
    named.or_else(cached).filter(|path| path.is_file())
}

/// The place in the user's cache folder, whether or not the file is there.
pub fn cached() -> Option<PathBuf> {
    Some(cache()?.join(format!("reference/helm-{VERSION}/helm")))
}

/// The folder in the user's cache where everything is that tests bring from outside.
pub(crate) fn cache() -> Option<PathBuf> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = variable("XDG_CACHE_HOME").or_else(|| Some(variable("HOME")?.join(".cache")))?;
    Some(cache.join("rhumb"))
}
