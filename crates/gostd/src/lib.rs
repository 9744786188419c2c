//! The corners of Go's library whose bytes users see.

pub mod duration;
pub mod escape;
pub mod filepath_match;
pub mod glob;
pub mod goutils;
pub mod layout;
pub mod netip;
pub mod path;
pub mod raw;
pub mod regexp;
pub mod semver;
pub mod strconv;
pub mod strings;
pub mod unicode;
pub mod url;
pub mod xstrings;
