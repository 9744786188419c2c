//! A chart in memory, and the values it will see.

pub mod values;
