//! The difference between two answers, in words.

use crate::answer::Answer;
use similar::TextDiff;

/// Nothing where both are equal, otherwise a diff of their recorded forms.
pub fn difference(want: &Answer, got: &Answer) -> Option<String> {
    if want == got {
        return None;
    }
    let (want, got) = (want.to_lines().join("\n") + "\n", got.to_lines().join("\n") + "\n");
    Some(TextDiff::from_lines(&want, &got).unified_diff().context_radius(2).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_shows_both_sides() {
        let want = Answer { stdout: b"a\nb\n".to_vec(), ..Answer::default() };
        let got = Answer { stdout: b"a\nc\n".to_vec(), exit: 1, ..Answer::default() };
        assert_eq!(difference(&want, &want.clone()), None);
        let text = difference(&want, &got).unwrap();
        for line in ["-| b", "+| c", "+? 1"] {
            assert!(text.contains(line), "{text}");
        }
    }
}
