//! Whether the real Helm is asked as well.

use std::path::PathBuf;

use rhumb_testkit::reference;

/// Whether `RHUMB_LIVE=1` is set: everything that can be tried must be tried.
#[must_use]
pub fn live() -> bool {
    std::env::var_os("RHUMB_LIVE").is_some_and(|value| value == "1")
}

/// The real Helm, where it has to answer as well.
pub(crate) fn reference() -> Option<PathBuf> {
    live().then(|| reference::path().expect("the reference is not on this machine: cargo xtask reference"))
}
