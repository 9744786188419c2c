//! What is ours by design and not the reference's: taken out of both answers, so that the rest must be equal.

use crate::answer::Answer;
use crate::case::Ours;

/// Takes a text of our own out of an answer, whoever gave it.
pub(crate) fn take_out(answer: &mut Answer, ours: &Ours) {
    match ours {
        Ours::Help => {
            answer.stdout = skeleton(&answer.stdout);
            answer.stderr = complaint(&answer.stderr);
        }
        Ours::File(name) => {
            answer.files.retain(|path, _| !path.ends_with(name.as_str()));
            for stream in [&mut answer.stdout, &mut answer.stderr] {
                let text = String::from_utf8_lossy(stream).into_owned();
                *stream =
                    text.split_inclusive('\n').filter(|line| !line.contains(name.as_str())).collect::<String>().into();
            }
        }
    }
}

/// A help page without its prose: usage lines, names of commands, flags with their types and defaults stay.
fn skeleton(page: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(page);
    let mut out = String::new();
    for line in text.lines().skip_while(|line| !line.starts_with("Usage:")) {
        out.push_str(&bare(line));
        out.push('\n');
    }
    out.into()
}

/// A help page on standard error follows a complaint, which counts.
fn complaint(text: &[u8]) -> Vec<u8> {
    let Some(at) = text.windows(7).position(|w| w == b"\nUsage:") else { return text.to_vec() };
    let first = text.iter().position(|b| *b == b'\n').unwrap_or(at);
    [&text[..first.min(at) + 1], &skeleton(&text[at + 1..])].concat()
}

/// A line of a list: what stands before the gap, and a default at the end.
fn bare(line: &str) -> String {
    let Some(item) = line.strip_prefix("  ") else { return line.to_owned() };
    let start = item.len() - item.trim_start().len();
    let Some((name, words)) = item[start..].split_once("  ") else { return line.trim_end().to_owned() };
    let default = words.rfind(" (default ").filter(|_| words.ends_with(')')).map_or("", |at| &words[at..]);
    format!("  {}{name}{default}", &item[..start])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn a_help_page_keeps_its_bones() {
        let page = "\nSome words (default 1).\n\nUsage:\n  helm x PATH [flags]\n\nAvailable Commands:\n  all         show all\n\n\
                    Flags:\n  -h, --help            help for x\n      --wait string    words (default \"a b\")\n\n\
                    Use \"helm x [command] --help\" for more.\n";
        let want = "Usage:\n  helm x PATH [flags]\n\nAvailable Commands:\n  all\n\nFlags:\n  -h, --help\n\
                    \x20     --wait string (default \"a b\")\n\nUse \"helm x [command] --help\" for more.\n";
        assert_eq!(String::from_utf8_lossy(&skeleton(page.as_bytes())), want);
    }

    #[test]
    fn a_file_of_ours_is_not_seen() {
        let files = BTreeMap::from([("a/x.json".to_owned(), Some(Vec::new())), ("a/y".to_owned(), None)]);
        let mut answer = Answer { stdout: b"one\nx.json is there\n".to_vec(), files, ..Answer::default() };
        take_out(&mut answer, &Ours::File("x.json".to_owned()));
        assert_eq!(answer.stdout, b"one\n");
        assert_eq!(answer.files.len(), 1);
    }
}
