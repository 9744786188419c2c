//! The corners of Go's library whose bytes users see.

pub mod semver;
