//! A chart in memory, and the values it will see.

pub mod create;
pub mod definition;
pub mod dependency;
pub mod load;
pub mod log;
pub mod metadata;
pub mod model;
mod shapes;
pub mod values;

pub use metadata::{Dependency, Maintainer, Metadata};
pub use model::{Bytes, Chart, File, Lock};
