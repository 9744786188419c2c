//! Helm's rules, a file for each part of a chart that they look at.

pub(crate) mod crds;
pub(crate) mod definition;
pub(crate) mod dependencies;
pub(crate) mod manifest;
pub(crate) mod templates;
pub(crate) mod values;
