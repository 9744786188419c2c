//! Names that were perhaps meant.

use rhumb_diag::edits;

/// The nearest of these names: equal but for case, containing the word, or a few letters away; best first.
pub(super) fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>, most: usize) -> Vec<&'n str> {
    let wanted = word.to_lowercase();
    let mut ranked: Vec<(usize, &str)> = Vec::new();
    for name in names {
        let lower = name.to_lowercase();
        let far = distance(&wanted, &lower);
        let rank = match far {
            n if n <= 1 + wanted.len() / 4 => n,
            _ if !wanted.is_empty() && (lower.contains(&wanted) || wanted.contains(&lower)) => 10,
            _ => continue,
        };
        if !ranked.iter().any(|(_, n)| *n == name) {
            ranked.push((rank, name));
        }
    }
    ranked.sort();
    ranked.into_iter().take(most).map(|(_, name)| name).collect()
}

/// The distance of two names; long ones are not compared letter by letter.
fn distance(a: &str, b: &str) -> usize {
    if a.len() > 200 || b.len() > 200 { usize::MAX } else { edits(a, b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near() {
        let names = ["image", "imagePullPolicy", "replicas", "Image"];
        assert_eq!(nearest("imgae", names, 3), ["Image", "image"]);
        assert_eq!(nearest("pullpolicy", names, 3), ["imagePullPolicy"]);
        assert!(nearest("x", names, 3).is_empty());
    }
}
