//! Semantic versions and version ranges as Helm reads them.
//!
//! The dialect is that of Masterminds/semver 3.5.0: lenient versions (`v1`, `1.2`), its own range
//! grammar and its own words for failures. Behaviour was observed, not translated; the tables in
//! the tests are the reference's answers.

mod bound;
mod constraint;
mod error;
mod scan;
mod version;

pub use constraint::Constraints;
pub use error::Error;
pub use version::Version;

#[cfg(test)]
mod tests;
