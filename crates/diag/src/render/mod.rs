//! A diagnostic as text, one file a format.

mod human;
mod json;

pub use human::{Look, human};
pub use json::json;
