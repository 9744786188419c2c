//! What the tests of this repository's own charts stand on: the charts, a render of one, its objects, golden files, schemas.
//!
//! A render is one run of our own binary. With `RHUMB_LIVE=1` the real Helm answers each question as well, and must say the same
//! on both streams. Everything here panics with what went wrong: it is for tests.

mod binary;
mod chart;
mod client;
pub mod cluster;
mod golden;
pub mod images;
mod live;
pub mod matrix;
#[cfg(feature = "node")]
pub mod node;
mod objects;
pub mod pairs;
pub mod programs;
pub mod readme;
pub mod requirements;
pub mod schema;
mod yaml;

pub use chart::{Answer, Chart, every};
pub use client::Client;
pub use golden::golden;
pub use live::live;
pub use objects::Objects;
pub use yaml::{documents, value};

use std::path::{Path, PathBuf};

/// The top of the repository.
#[must_use]
pub fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap_or(root)
}
