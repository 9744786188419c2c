//! What can be wrong with a version or a range, in the reference's words.

use std::fmt;

use crate::raw;
use crate::strconv::quote_string;

/// Why a version or a range was refused; `Display` is the reference's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A strict version of no characters.
    Empty,
    /// A version of more than 256 bytes.
    VersionTooLong,
    /// The text does not have the shape of a version.
    Invalid,
    /// A number of a strict version holds something other than digits.
    Characters,
    /// A number, or a numeric pre-release part, starts with a zero.
    LeadingZero,
    /// The pre-release part is empty somewhere or holds other characters than letters, digits, `-`.
    Prerelease,
    /// The same for the metadata part.
    Metadata,
    /// A number beyond 64 bits (or empty): the text of Go's `strconv` error.
    Number {
        /// The digits that were read.
        digits: String,
        /// Whether the lenient reader found it, which names the place too.
        lenient: bool,
    },
    /// Adding one to the named number (`major`, `minor`, `patch`) leaves 64 bits.
    Overflow(&'static str),
    /// A range of more than 512 bytes.
    ConstraintTooLong,
    /// A text that is no range; the text as it stood after hyphen ranges were rewritten.
    Improper(String),
    /// A range of the right shape whose version cannot be read (`1xx`, `1|2`).
    Parser,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Empty => f.write_str("version string empty"),
            Error::VersionTooLong => f.write_str("version string is too long (max 256 bytes)"),
            Error::Invalid => f.write_str("invalid semantic version"),
            Error::Characters => f.write_str("invalid characters in version"),
            Error::LeadingZero => f.write_str("version segment starts with 0"),
            Error::Prerelease => f.write_str("invalid prerelease string"),
            Error::Metadata => f.write_str("invalid metadata string"),
            Error::Number { digits, lenient } => write_number(f, digits, *lenient),
            Error::Overflow(part) => write!(f, "{part} version increment would overflow uint64"),
            Error::ConstraintTooLong => f.write_str("constraint string is too long (max 512 bytes)"),
            Error::Improper(text) => {
                write!(f, "improper constraint: {}", quote_string(&raw::bytes(text)))
            }
            Error::Parser => f.write_str("constraint parser error"),
        }
    }
}

impl std::error::Error for Error {}

fn write_number(f: &mut fmt::Formatter<'_>, digits: &str, lenient: bool) -> fmt::Result {
    if lenient {
        f.write_str("error parsing version segment: ")?;
    }
    let why = if digits.is_empty() { "invalid syntax" } else { "value out of range" };
    write!(f, "strconv.ParseUint: parsing \"{digits}\": {why}")
}
