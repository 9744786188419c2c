//! Hosts, addresses, URLs and pointers.

use crate::references::unescaped;
use rhumb_gostd::netip::parse_addr;
use rhumb_gostd::strconv::atoi;
use rhumb_gostd::url::Url;

use super::mail::invalid_character;

/// `ipv4`
pub(crate) fn ipv4(text: &str) -> Result<(), String> {
    if text.split('.').count() != 4 {
        return Err("expected four decimals".into());
    }
    for group in text.split('.') {
        if group.len() > 1 && group.starts_with('0') {
            return Err("leading zeros".into());
        }
        let number = atoi(group.as_bytes()).map_err(|e| e.to_string())?;
        if !(0..=255).contains(&number) {
            return Err("decimal must be between 0 and 255".into());
        }
    }
    Ok(())
}

/// `ipv6`
pub(crate) fn ipv6(text: &str) -> Result<(), String> {
    if !text.contains(':') {
        return Err("missing colon".into());
    }
    let address = parse_addr(text.as_bytes()).map_err(|e| e.to_string())?;
    if address.has_zone { Err("zone id is not a part of ipv6 address".into()) } else { Ok(()) }
}

/// `hostname`
pub(crate) fn hostname(text: &str) -> Result<(), String> {
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.len() > 253 {
        return Err("more than 253 characters long".into());
    }
    for label in text.split('.') {
        if !(1..=63).contains(&label.len()) {
            return Err("label must be 1 to 63 characters long".into());
        }
        if label.starts_with('-') {
            return Err("label starts with hyphen".into());
        }
        if label.ends_with('-') {
            return Err("label ends with hyphen".into());
        }
        if let Some(c) = label.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-') {
            return Err(invalid_character(c));
        }
    }
    Ok(())
}

/// A URL as Go reads it; a host of version 6 has to be an address in brackets.
fn url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.as_bytes()).map_err(|e| e.to_string())?;
    let host = url.hostname();
    if host.contains(&b':') {
        if url.host.first() != Some(&b'[') || !url.host.contains(&b']') {
            return Err("ipv6 address not enclosed in brackets".into());
        }
        ipv6(&String::from_utf8_lossy(host)).map_err(|e| format!("invalid ipv6 address: {e}"))?;
    }
    Ok(url)
}

/// `uri` and `iri`
pub(crate) fn uri(text: &str) -> Result<(), String> {
    if url(text)?.scheme.is_empty() { Err("relative url".into()) } else { Ok(()) }
}

/// `uri-reference` and `iri-reference`
pub(crate) fn uri_reference(text: &str) -> Result<(), String> {
    if text.contains('\\') {
        return Err("contains \\".into());
    }
    url(text).map(|_| ())
}

/// `uri-template`: what is looked at is the path as it was written, where its escapes are not the usual ones.
pub(crate) fn uri_template(text: &str) -> Result<(), String> {
    let url = url(text)?;
    for part in url.raw_path.split(|c| *c == b'/') {
        let mut is_open = false;
        for c in unescaped(part) {
            match (c, is_open) {
                (b'{', true) | (b'}', false) => return Err("nested curly braces".into()),
                (b'{', false) => is_open = true,
                (b'}', true) => is_open = false,
                _ => {}
            }
        }
        if is_open {
            return Err("no matching closing brace".into());
        }
    }
    Ok(())
}

/// `json-pointer`
pub(crate) fn json_pointer(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Ok(());
    }
    let mut parts = text.strip_prefix('/').ok_or("not starting with /")?.split('~');
    parts.next();
    let fits = parts.all(|rest| rest.starts_with(['0', '1']));
    if fits { Ok(()) } else { Err("~ must be followed by 0 or 1".into()) }
}

/// `relative-json-pointer`
pub(crate) fn relative_json_pointer(text: &str) -> Result<(), String> {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    match text.len() - rest.len() {
        0 => Err("must start with non-negative integer".into()),
        2.. if text.starts_with('0') => Err("starts with zero".into()),
        _ if rest == "#" => Ok(()),
        _ => json_pointer(rest),
    }
}
