//! Go-like dynamic values: kinds, truth, order, printing, JSON, origins.
//!
//! A template sees the world through Go's `interface{}`. [`Value`] is that: a small, cheaply cloned
//! value with Go's kinds and Go's sharing. Maps are shared and mutable (`set` and `merge` are seen by
//! all who hold the map), lists never change once made, strings are bytes.

pub mod fmt;
pub mod json;
pub mod kind;
pub mod list;
pub mod map;
pub mod object;
pub mod origin;
pub mod path;
pub mod str;
pub mod types;
pub mod value;

pub use kind::{IntKind, Kind};
pub use list::{List, ListKind};
pub use map::{Entries, Entry, Map, MapKind};
pub use object::{Method, Object};
pub use origin::OriginId;
pub use path::{Path, Step};
pub use str::Str;
pub use types::Type;
pub use value::Value;
