//! What a program answered, and its form in a case file.
//!
//! Every line has a mark of its own, so that no content can be mistaken for syntax: `|` standard output, `!` standard
//! error, `+` a file written (`+|` its lines), `-` a file removed, `?` an exit code other than 0. A mark with
//! `~` holds a line with escapes (control characters, bytes that are no UTF-8, blanks at the end). `\` after a line
//! says that it has no newline.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What a program answered to one command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// Exit code; a signal is 128 and its number, as in a shell.
    pub exit: i32,
    /// Files written or changed (with their content) and removed (without), by path.
    pub files: BTreeMap<String, Option<Vec<u8>>>,
}

const NO_NEWLINE: &str = "\\";

impl Answer {
    /// The lines for a case file, without newlines at their ends.
    pub fn to_lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        mark_lines("|", &self.stdout, &mut lines);
        mark_lines("!", &self.stderr, &mut lines);
        for (path, content) in &self.files {
            match content {
                Some(bytes) => {
                    lines.push(format!("+ {path}"));
                    mark_lines("+|", bytes, &mut lines);
                }
                None => lines.push(format!("- {path}")),
            }
        }
        if self.exit != 0 || lines.is_empty() {
            lines.push(format!("? {}", self.exit));
        }
        lines
    }

    /// Whether this line of a case file belongs to a recorded answer.
    pub fn owns(line: &str) -> bool {
        line == NO_NEWLINE || ["|", "!", "+", "- ", "? "].iter().any(|mark| line.starts_with(mark))
    }

    /// Reads back what [`Answer::to_lines`] wrote.
    pub fn from_lines(lines: &[&str]) -> Result<Self, String> {
        let mut answer = Answer::default();
        let mut open: Option<String> = None;
        let mut last = Stream::Out;
        for line in lines {
            if *line == NO_NEWLINE {
                answer.stream(last, &open).pop();
            } else if let Some(rest) = line.strip_prefix("+|") {
                last = Stream::File;
                unmark(rest, answer.stream(last, &open))?;
            } else if let Some(path) = line.strip_prefix("+ ") {
                answer.files.insert(path.to_owned(), Some(Vec::new()));
                open = Some(path.to_owned());
            } else if let Some(path) = line.strip_prefix("- ") {
                answer.files.insert(path.to_owned(), None);
            } else if let Some(rest) = line.strip_prefix('|') {
                last = Stream::Out;
                unmark(rest, &mut answer.stdout)?;
            } else if let Some(rest) = line.strip_prefix('!') {
                last = Stream::Err;
                unmark(rest, &mut answer.stderr)?;
            } else if let Some(code) = line.strip_prefix("? ") {
                answer.exit = code.parse().map_err(|_| format!("no exit code: {line}"))?;
            } else {
                return Err(format!("not a line of an answer: {line}"));
            }
        }
        Ok(answer)
    }

    fn stream(&mut self, which: Stream, open: &Option<String>) -> &mut Vec<u8> {
        match which {
            Stream::Out => &mut self.stdout,
            Stream::Err => &mut self.stderr,
            Stream::File => {
                let path = open.clone().unwrap_or_default();
                self.files.entry(path).or_default().get_or_insert_default()
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Stream {
    Out,
    Err,
    File,
}

fn mark_lines(mark: &str, bytes: &[u8], lines: &mut Vec<String>) {
    if bytes.is_empty() {
        return;
    }
    let (body, newline) = match bytes.strip_suffix(b"\n") {
        Some(body) => (body, true),
        None => (bytes, false),
    };
    for line in body.split(|byte| *byte == b'\n') {
        lines.push(match plain(line) {
            Some("") => mark.to_owned(),
            Some(text) => format!("{mark} {text}"),
            None => format!("{mark}~ {}", escape(line)),
        });
    }
    if !newline {
        lines.push(NO_NEWLINE.to_owned());
    }
}

/// The line as text where it can stand in a file for people without loss.
fn plain(line: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(line).ok()?;
    let visible =
        |c: char| !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{200b}'..='\u{200f}');
    (text.chars().all(visible) && text.trim_end() == text).then_some(text)
}

fn escape(line: &[u8]) -> String {
    let mut out = String::new();
    let end = line.len() - line.iter().rev().take_while(|b| **b == b' ').count();
    for chunk in line[..end].utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\\' => out.push_str("\\\\"),
                '\t' => out.push_str("\\t"),
                '\r' => out.push_str("\\r"),
                c if plain(c.to_string().as_bytes()).is_some() || c == ' ' => out.push(c),
                c => escape_bytes(c.to_string().as_bytes(), &mut out),
            }
        }
        escape_bytes(chunk.invalid(), &mut out);
    }
    escape_bytes(&line[end..], &mut out);
    out
}

fn escape_bytes(bytes: &[u8], out: &mut String) {
    for byte in bytes {
        let _ = write!(out, "\\x{byte:02x}");
    }
}

/// The bytes of a text with the escapes `\\`, `\t`, `\r`, `\n` and `\xNN`.
pub fn unescape(text: &str) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'\\' {
            out.push(*first);
            continue;
        }
        let [kind, tail @ ..] = rest else {
            return Err(format!("a backslash at the end: {text}"));
        };
        rest = tail;
        match kind {
            b'\\' => out.push(b'\\'),
            b't' => out.push(b'\t'),
            b'r' => out.push(b'\r'),
            b'n' => out.push(b'\n'),
            b'x' => {
                let digits = rest.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
                let byte = digits.and_then(|hex| u8::from_str_radix(hex, 16).ok());
                out.push(byte.ok_or_else(|| format!("no byte after \\x: {text}"))?);
                rest = &rest[2..];
            }
            _ => return Err(format!("unknown escape in: {text}")),
        }
    }
    Ok(out)
}

fn unmark(rest: &str, out: &mut Vec<u8>) -> Result<(), String> {
    match rest.strip_prefix("~ ") {
        Some(escaped) => out.extend(unescape(escaped)?),
        None => out.extend(rest.strip_prefix(' ').unwrap_or(rest).as_bytes()),
    }
    out.push(b'\n');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(answer: &Answer) -> Answer {
        let lines = answer.to_lines();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert!(lines.iter().all(|line| Answer::owns(line)), "{lines:?}");
        Answer::from_lines(&lines).unwrap()
    }

    #[test]
    fn every_answer_reads_back() {
        let outs: [&[u8]; 11] = [
            b"",
            b"\n",
            b"a",
            b"a\n",
            b"a\n\n",
            b" a \n",
            b"\xff\\\t\r\n",
            b"\\\n",
            b"~ x\n",
            b"| x\n!\n",
            "é\u{200b}\u{7f}\n".as_bytes(),
        ];
        for out in outs {
            for err in outs {
                let files = BTreeMap::from([
                    ("a b/c".to_owned(), Some(out.to_vec())),
                    ("gone".to_owned(), None),
                    ("z".to_owned(), Some(err.to_vec())),
                ]);
                for files in [BTreeMap::new(), files] {
                    let answer = Answer { stdout: out.to_vec(), stderr: err.to_vec(), exit: out.len() as i32, files };
                    assert_eq!(round(&answer), answer);
                }
            }
        }
    }

    #[test]
    fn blanks_at_the_end_are_visible() {
        let answer = Answer { stdout: b"a \\ \n".to_vec(), ..Answer::default() };
        assert_eq!(answer.to_lines(), ["|~ a \\\\\\x20"]);
    }

    #[test]
    fn bad_lines_are_refused() {
        for line in ["x", "? x", "|~ \\", "|~ \\x1", "|~ \\q"] {
            assert!(Answer::from_lines(&[line]).is_err(), "{line}");
        }
    }
}
