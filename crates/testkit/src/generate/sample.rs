//! A generated input: files and a command line, and its form as a conformance case.

use crate::answer::Answer;
use crate::case::{Action, Case, Content, InputFile, Options, Program, Step};

/// Files, and one command over them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Paths and contents, in the order of the case's text.
    pub files: Vec<(String, Vec<u8>)>,
    /// The folders that are packed into an archive, if there is a file in them: the archive's path, and the folder.
    pub packs: Vec<(String, String)>,
    /// The arguments, without the program's name.
    pub args: Vec<String>,
    /// The file that is the standard input.
    pub stdin: Option<String>,
}

impl Sample {
    /// A sample that runs `helm template demo`.
    #[must_use]
    pub fn template() -> Self {
        let args = vec!["template".to_owned(), "demo".to_owned()];
        Sample { files: Vec::new(), packs: Vec::new(), args, stdin: None }
    }

    /// Adds a file, or replaces the one of that path.
    pub fn put(&mut self, path: &str, content: impl Into<Vec<u8>>) {
        let content = content.into();
        match self.files.iter_mut().find(|(have, _)| have == path) {
            Some(file) => file.1 = content,
            None => self.files.push((path.to_owned(), content)),
        }
    }

    /// Adds arguments.
    pub fn args(&mut self, args: &[&str]) {
        self.args.extend(args.iter().map(|arg| (*arg).to_owned()));
    }

    /// The case that runs this sample.
    #[must_use]
    pub fn case(&self) -> Case {
        let bytes = |(path, bytes): &(String, Vec<u8>)| InputFile {
            path: path.clone(),
            content: Content::Bytes(bytes.clone()),
        };
        let pack = |(path, folder): &(String, String)| InputFile {
            path: path.clone(),
            content: Content::Pack(folder.clone()),
        };
        let full = |(_, folder): &&(String, String)| {
            self.files.iter().any(|(path, _)| path.starts_with(&format!("{folder}/")))
        };
        let files = self.files.iter().map(bytes).chain(self.packs.iter().filter(full).map(pack)).collect();
        let action = Action::Command { program: Program::Helm, args: self.args.clone() };
        let options = Options { stdin: self.stdin.clone(), ..Options::default() };
        let step = Step { line: 1, action, options, recorded: None, recorded_lines: 0..0 };
        Case { title: "generated".to_owned(), files, steps: vec![step] }
    }

    /// The text of a case file of this sample with an answer.
    #[must_use]
    pub fn text(&self, title: &str, answer: &Answer) -> String {
        let mut text = format!("# Generated: the two programs answered differently.\n=== {title}\n");
        for (path, bytes) in &self.files {
            text += &file_text(path, bytes);
        }
        for (path, folder) in &self.packs {
            text += &format!("-- {path} (pack {folder}) --\n");
        }
        if let Some(path) = &self.stdin {
            text += &format!("% stdin {path}\n");
        }
        let args: Vec<String> = self.args.iter().map(|arg| quoted(arg)).collect();
        text += &format!("$ helm {}\n", args.join(" "));
        for line in answer.to_lines() {
            text += &line;
            text.push('\n');
        }
        text
    }
}

fn file_text(path: &str, bytes: &[u8]) -> String {
    let plain = |text: &str| text.chars().all(|c| c == '\n' || !c.is_control());
    let marked = |line: &str| line.is_empty() || "#=-$>%|!+?\\~".contains(|mark| line.starts_with(mark));
    match std::str::from_utf8(bytes) {
        Ok(text) if plain(text) && text.ends_with('\n') && !text.lines().any(marked) => {
            format!("-- {path} --\n{text}")
        }
        Ok(text) if plain(text) && text.ends_with('\n') => {
            let lines: String = text.lines().map(|line| format!("| {line}\n")).collect();
            format!("-- {path} (quoted) --\n{lines}")
        }
        _ => {
            let mut text = escaped(bytes);
            // The first sign must not look like a mark of the case file.
            if let Some(first) = text.chars().next().filter(|c| "#=-$>%|!+?~".contains(*c)) {
                text.replace_range(..1, &format!("\\x{:02x}", u32::from(first)));
            }
            format!("-- {path} (escaped) --\n{text}\n")
        }
    }
}

/// Bytes as one line for an `(escaped)` file.
fn escaped(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\n' => text += "\\n",
                '\t' => text += "\\t",
                '\r' => text += "\\r",
                '\\' => text += "\\\\",
                c if c.is_control() || c == '\u{feff}' => {
                    let mut buffer = [0; 4];
                    for byte in c.encode_utf8(&mut buffer).bytes() {
                        text += &format!("\\x{byte:02x}");
                    }
                }
                c => text.push(c),
            }
        }
        for byte in chunk.invalid() {
            text += &format!("\\x{byte:02x}");
        }
    }
    text
}

fn quoted(arg: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@".contains(c);
    if !arg.is_empty() && arg.chars().all(bare) {
        return arg.to_owned();
    }
    format!("$'{}'", escaped(arg.as_bytes()).replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    #[test]
    fn the_text_is_a_case_again() {
        let mut sample = Sample::template();
        sample.put("demo/values.yaml", "a: 1\n");
        sample.put("demo/templates/a.yaml", "x\ty\r\\n\u{1}é\n\n# z");
        sample.put("demo/templates/b.yaml", &b"\xff"[..]);
        sample.put("demo/templates/b.yaml", &b"\xfe"[..]);
        sample.args(&["--set", "a='b', c\n"]);
        let answer = Answer { stdout: b"out\n".to_vec(), ..Answer::default() };
        let file = parse::file("generated/x", sample.text("it is", &answer)).unwrap();
        let case = &file.cases[0];
        assert_eq!(case.steps[0].recorded.as_ref(), Some(&answer));
        let Action::Command { args, .. } = &case.steps[0].action else { panic!() };
        assert_eq!(args, &sample.args);
        let files: Vec<(String, Vec<u8>)> = case
            .files
            .iter()
            .map(|file| match &file.content {
                Content::Bytes(bytes) => (file.path.clone(), bytes.clone()),
                _ => panic!(),
            })
            .collect();
        assert_eq!(files, sample.files);
    }
}
