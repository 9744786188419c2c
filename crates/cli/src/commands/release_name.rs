//! What a release may be called.

use crate::flags::quote;

/// Longest name: labels hold 63 characters, and ten are left for what charts add.
const MAX: usize = 53;

/// Checks a name. The error is Helm's text.
pub(super) fn check(name: &str) -> Result<(), String> {
    let title = format!("release name {}", quote(name));
    if name.is_empty() {
        return Err(format!("{title}: no name provided"));
    }
    if name.len() <= MAX && name.split('.').all(is_label) {
        return Ok(());
    }
    Err(format!(
        "{title}: invalid release name, must match regex \
         ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and the length must not be longer than {MAX}"
    ))
}

fn is_label(part: &str) -> bool {
    let bytes = part.as_bytes();
    let edge = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    edge(bytes.first())
        && edge(bytes.last())
        && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
}

#[cfg(test)]
mod tests {
    use super::check;

    // Observed from Helm 4.3.1.
    #[test]
    fn names() {
        for good in ["a", "a-b", "a.b-c.1", "0"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in ["Bad", "a_b", "-a", "a-", "a..b", ".a", &"a".repeat(54)] {
            assert!(check(bad).is_err_and(|e| e.contains("invalid release name")), "{bad}");
        }
        assert_eq!(check(""), Err("release name \"\": no name provided".to_owned()));
    }
}
