//! Go's `encoding/json` over values.

mod read;
mod write;

pub use read::{from_json, from_json_lenient, from_json_stream};
pub use write::{append_string, to_json, to_json_indent};
