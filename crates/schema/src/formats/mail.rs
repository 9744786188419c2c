//! Mail addresses.

use rhumb_gostd::strconv::quote_rune;

use super::place::{hostname, ipv4, ipv6};

/// `email`
pub(crate) fn email(text: &str) -> Result<(), String> {
    if text.len() > 254 {
        return Err("more than 255 characters long".into());
    }
    let (local, domain) = text.rsplit_once('@').ok_or("missing @")?;
    if local.len() > 64 {
        return Err("local part more than 64 characters long".into());
    }
    match local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(quoted) if quoted.contains(['\\', '"']) => {
            return Err("backslash and quote are not allowed within quoted local part".into());
        }
        Some(_) => {}
        None => plain(local)?,
    }
    let Some(address) = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else {
        return hostname(domain).map_err(|e| format!("invalid domain: {e}"));
    };
    match address.strip_prefix("IPv6:") {
        Some(v6) => ipv6(v6).map_err(|e| format!("invalid ipv6 address: {e}")),
        None => ipv4(address).map_err(|e| format!("invalid ipv4 address: {e}")),
    }
}

/// A local part without quotes.
fn plain(local: &str) -> Result<(), String> {
    if local.starts_with('.') {
        return Err("starts with dot".into());
    }
    if local.ends_with('.') {
        return Err("ends with dot".into());
    }
    if local.contains("..") {
        return Err("consecutive dots".into());
    }
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c);
    local.chars().find(|c| !is_allowed(*c)).map_or(Ok(()), |c| Err(invalid_character(c)))
}

/// The complaint about a character.
pub(crate) fn invalid_character(c: char) -> String {
    format!("invalid character {}", rune(c))
}

/// A character as Go quotes it.
pub(crate) fn rune(c: char) -> String {
    String::from_utf8_lossy(&quote_rune(i64::from(u32::from(c)), false)).into_owned()
}
