//! Versions and identifiers.

use super::mail::{invalid_character, rune};

/// `uuid`
pub(crate) fn uuid(text: &str) -> Result<(), String> {
    const LENGTHS: [usize; 5] = [8, 4, 4, 4, 12];
    let elements: Vec<&str> = text.split('-').collect();
    if elements.len() != LENGTHS.len() {
        return Err("must have 5 elements".into());
    }
    for (i, (element, length)) in elements.iter().zip(LENGTHS).enumerate() {
        if element.len() != length {
            return Err(format!("element {} must be {length} characters long", i + 1));
        }
        if let Some(c) = element.chars().find(|c| !c.is_ascii_hexdigit()) {
            return Err(format!("non-hex character {}", rune(c)));
        }
    }
    Ok(())
}

/// `semver`
pub(crate) fn semver(text: &str) -> Result<(), String> {
    let (rest, build) = text.split_once('+').map_or((text, None), |(rest, build)| (rest, Some(build)));
    let (core, pre) = rest.split_once('-').map_or((rest, None), |(core, pre)| (core, Some(pre)));
    match build {
        Some("") => return Err("build is empty".into()),
        Some(build) => build.split('.').try_for_each(|id| identifier(id, "build"))?,
        None => {}
    }
    for id in pre.into_iter().flat_map(|pre| pre.split('.')) {
        identifier(id, "pre-release")?;
        if id.len() > 1 && id.starts_with('0') && id.bytes().all(|c| c.is_ascii_digit()) {
            return Err("pre-release numeric identifier starts with zero".into());
        }
    }
    let numbers: Vec<&str> = core.split('.').collect();
    if numbers.len() != 3 {
        return Err("versionCore must have 3 numbers separated by dot".into());
    }
    for (name, number) in ["major", "minor", "patch"].into_iter().zip(numbers) {
        if number.is_empty() {
            return Err(format!("{name} is empty"));
        }
        if number.len() > 1 && number.starts_with('0') {
            return Err(format!("{name} starts with zero"));
        }
        if !number.bytes().all(|c| c.is_ascii_digit()) {
            return Err(format!("{name} contains non-digit"));
        }
    }
    Ok(())
}

fn identifier(id: &str, kind: &str) -> Result<(), String> {
    if id.is_empty() {
        return Err(format!("{kind} identifier is empty"));
    }
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let wrong = id.chars().find(|c| !is_allowed(*c));
    wrong.map_or(Ok(()), |c| Err(format!("{} in {kind} identifier", invalid_character(c))))
}
