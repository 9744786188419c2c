//! Rules over charts and plans, Helm's lint among them.
//!
//! A rule is data: a name, where its messages point, how grave they are, and a function over what it looks at
//! ([`registry::Rule`]). [`helm`] puts Helm's own rules in order.

pub mod deprecated;
pub mod helm;
mod json_scan;
mod mail;
pub mod message;
mod names;
pub mod registry;
mod rules;
mod stream;
mod web;

pub use helm::{Broken, Fault, Report, Request, lint};
pub use message::{Message, Severity};
