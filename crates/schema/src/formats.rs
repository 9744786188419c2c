//! The formats that the Go validator knows, and what it says of a text that is not of one.

mod mail;
mod place;
mod time;
mod version;

use boon::{Compiler, Format};
use rhumb_gostd::regexp::Regexp;
use serde_json::Value;

pub(crate) use place::uri_reference;

/// Whether a text is of a format; else why not.
pub(crate) type Check = fn(&str) -> Result<(), String>;

/// What stands for `regex` in a schema given to the validator, whose own format of that name cannot be replaced.
pub(crate) const REGEX: &str = "regex of Go";

macro_rules! formats {
    ($($name:expr => $check:path,)*) => {
        /// The check of a format; nothing where the Go validator knows none of that name.
        pub(crate) fn find(name: &str) -> Option<Check> {
            $(if name == $name { return Some($check); })*
            None
        }

        /// Gives the formats to the validator.
        pub(crate) fn register(compiler: &mut Compiler) {
            $(compiler.register_format(Format { name: $name, func: |value| of_text(value, $check) });)*
        }
    };
}

formats! {
    REGEX => regex,
    "ipv4" => place::ipv4,
    "ipv6" => place::ipv6,
    "hostname" => place::hostname,
    "email" => mail::email,
    "date" => time::date,
    "time" => time::time,
    "date-time" => time::date_time,
    "duration" => time::duration,
    "period" => time::period,
    "json-pointer" => place::json_pointer,
    "relative-json-pointer" => place::relative_json_pointer,
    "uuid" => version::uuid,
    "uri" => place::uri,
    "iri" => place::uri,
    "uri-reference" => place::uri_reference,
    "iri-reference" => place::uri_reference,
    "uri-template" => place::uri_template,
    "semver" => version::semver,
    // The validator at hand knows these, the Go one lets anything pass.
    "idn-hostname" => anything,
    "idn-email" => anything,
}

fn of_text(value: &Value, check: Check) -> Result<(), Box<dyn std::error::Error>> {
    match value {
        Value::String(text) => check(text).map_err(Into::into),
        _ => Ok(()),
    }
}

fn anything(_: &str) -> Result<(), String> {
    Ok(())
}

fn regex(text: &str) -> Result<(), String> {
    Regexp::compile(text).map(|_| ()).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests;
