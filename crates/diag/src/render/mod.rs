//! A diagnostic as text, one file a format.

mod human;
mod json;

pub use human::human;
pub use json::json;
