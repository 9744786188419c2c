//! Chart, values and release in; manifests, hooks, notes and CRDs with provenance out.

pub mod hooks;
pub mod manifest;
pub mod plan;
pub mod print;
pub mod sort;
