//! Go's `strconv`: numbers and quoted strings, to text and back.

mod atoi;
mod ftoa;
mod quote;

pub use atoi::{NumError, NumErrorKind, atoi, parse_bool, parse_float, parse_int, parse_uint};
pub use ftoa::{append_float, append_float_v, append_json_float, fmt_float_v, format_float, json_float};
pub use quote::{
    UnquotedChar, append_quote, append_quote_rune, can_backquote, quote, quote_rune, quote_string, quote_to_ascii,
    unquote, unquote_char,
};

#[cfg(test)]
mod tests;
