//! Fresh answers put into the text of a case file.

use crate::answer::Answer;
use crate::case::CaseFile;

/// The text with the recorded part of every step that has a new answer replaced, and all else as it was. Answers
/// are those of [`crate::run::case`], one list a case.
pub fn with_answers(file: &CaseFile, answers: &[Vec<Option<Answer>>]) -> String {
    let lines: Vec<&str> = file.text.lines().collect();
    let mut out = String::new();
    let mut at = 0;
    let mut push = |line: &str| {
        out.push_str(line);
        out.push('\n');
    };
    for (case, answers) in file.cases.iter().zip(answers) {
        for (step, answer) in case.steps.iter().zip(answers) {
            let Some(answer) = answer else { continue };
            lines[at..step.recorded_lines.start].iter().for_each(|line| push(line));
            answer.to_lines().iter().for_each(|line| push(line));
            at = step.recorded_lines.end;
        }
    }
    lines[at..].iter().for_each(|line| push(line));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_answers_change() {
        let text = "# a\n=== a\n$ helm x\n| old\n? 1\n\n# note\n$ rhumb y\n| own\n$ helm z\n";
        let file = crate::parse::file("x", text.to_owned()).unwrap();
        let new = |text: &str| Some(Answer { stdout: text.as_bytes().to_vec(), ..Answer::default() });
        let got = with_answers(&file, &[vec![new("one\n"), None, new("two")]]);
        assert_eq!(got, "# a\n=== a\n$ helm x\n| one\n\n# note\n$ rhumb y\n| own\n$ helm z\n| two\n\\\n");
    }
}
