//! Go's text/template; knows nothing of Helm.

pub mod error;
pub mod func;

pub use error::Error;
pub use func::{Call, Func, Runtime};
