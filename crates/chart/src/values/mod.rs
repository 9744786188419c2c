//! The values that a chart will see: flags and files in layers, then merged with the charts' own defaults.

pub mod coalesce;
mod json_prefix;
pub mod layers;
pub mod origin;
pub mod schema;
pub mod set;
#[cfg(test)]
pub(crate) mod show;
