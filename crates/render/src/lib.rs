//! Chart, values and release in; manifests, hooks, notes and CRDs with provenance out.
//!
//! `examples/in_memory.rs` shows the whole way from files in memory to manifests, as a program that embeds rhumb goes it.

pub mod capabilities;
pub mod context;
pub mod diagnose;
pub mod engine;
pub mod explain;
mod files;
mod funcs;
pub mod go_message;
pub mod hooks;
pub mod manifest;
pub mod pick;
pub mod plain;
pub mod plan;
pub mod post_render;
pub mod print;
mod run;
pub mod sort;

pub use capabilities::{Capabilities, KubeVersion};
pub use context::Release;
pub use engine::{Mode, TemplateError};
pub use plan::Plan;
pub use run::{PostRenderer, RenderError, RenderOptions, render, render_through};
