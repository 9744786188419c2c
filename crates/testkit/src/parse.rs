//! Case files: text to data.

use crate::answer::Answer;
use crate::case::{Action, Case, CaseFile, Content, InputFile, Only, Options, Ours, Program, Step};
use crate::words;
use base64::Engine as _;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// All case files below a folder, sorted by name.
pub fn tree(root: &Path) -> Result<Vec<CaseFile>, String> {
    let mut paths = Vec::new();
    walk(root, &mut paths).map_err(|e| format!("{}: {e}", root.display()))?;
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
            let name = path.strip_prefix(root).unwrap_or(path).with_extension("");
            file(&name.to_string_lossy(), text).map_err(|e| format!("{}: {e}", path.display()))
        })
        .collect()
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, paths)?;
        } else if path.extension().is_some_and(|ext| ext == "case") {
            paths.push(path);
        }
    }
    Ok(())
}

/// One case file from its text. The error names the line.
pub fn file(name: &str, text: String) -> Result<CaseFile, String> {
    let cases = {
        let lines: Vec<&str> = text.lines().collect();
        if !lines.first().is_some_and(|line| line.starts_with("# ")) {
            return Err("line 1: a case file starts with a comment that says what it tests".to_owned());
        }
        let mut reader = Reader { lines, at: 0, shared: Vec::new(), cases: Vec::new(), options: Options::default() };
        reader.read().map_err(|message| format!("line {}: {message}", reader.at))?;
        reader.cases
    };
    let mut titles = BTreeSet::new();
    for case in &cases {
        if !titles.insert(case.title.as_str()) {
            return Err(format!("two cases are called `{}`", case.title));
        }
        if case.steps.is_empty() {
            return Err(format!("case `{}` runs nothing", case.title));
        }
    }
    if cases.is_empty() {
        return Err("no case".to_owned());
    }
    Ok(CaseFile { name: name.to_owned(), text, cases })
}

struct Reader<'a> {
    lines: Vec<&'a str>,
    at: usize,
    shared: Vec<InputFile>,
    cases: Vec<Case>,
    options: Options,
}

impl<'a> Reader<'a> {
    fn read(&mut self) -> Result<(), String> {
        while let Some(line) = self.next() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            } else if let Some(title) = line.strip_prefix("=== ") {
                self.cases.push(Case { title: title.to_owned(), files: self.shared.clone(), steps: Vec::new() });
            } else if let Some(head) = line.strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --")) {
                let file = self.input(head)?;
                match self.cases.last_mut() {
                    Some(case) => case.files.push(file),
                    None => self.shared.push(file),
                }
            } else if let Some(option) = line.strip_prefix("% ") {
                set_option(&mut self.options, option)?;
            } else if let Some(command) = line.strip_prefix("$ ") {
                let action = command_action(command)?;
                self.step(action)?;
            } else if line.starts_with('>') {
                let mut text = template_line(line);
                while let Some(more) = self.lines.get(self.at).filter(|line| line.starts_with('>')) {
                    text += &template_line(more);
                    self.at += 1;
                }
                self.step(Action::Template { text })?;
            } else {
                return Err(format!("not understood: {line}"));
            }
        }
        Ok(())
    }

    fn next(&mut self) -> Option<&'a str> {
        let line = self.lines.get(self.at).copied();
        self.at += 1;
        line
    }

    fn step(&mut self, action: Action) -> Result<(), String> {
        let start = self.at;
        while self.lines.get(self.at).is_some_and(|line| Answer::owns(line)) {
            self.at += 1;
        }
        let recorded = match &self.lines[start..self.at] {
            [] => None,
            lines => Some(Answer::from_lines(lines)?),
        };
        let options = std::mem::take(&mut self.options);
        let case = self.cases.last_mut().ok_or("a command before the first case (`=== title`)")?;
        case.steps.push(Step { line: start, action, options, recorded, recorded_lines: start..self.at });
        Ok(())
    }

    /// An input file: `path`, `path -> target`, or `path (how)`.
    fn input(&mut self, head: &str) -> Result<InputFile, String> {
        if let Some((path, target)) = head.split_once(" -> ") {
            return Ok(InputFile { path: path.to_owned(), content: Content::Link(target.to_owned()) });
        }
        let (path, how) = match head.strip_suffix(')').and_then(|rest| rest.split_once(" (")) {
            Some((path, how)) => (path, how),
            None => (head, ""),
        };
        if let Some(folder) = how.strip_prefix("pack ") {
            return Ok(InputFile { path: path.to_owned(), content: Content::Pack(folder.to_owned()) });
        }
        if how == "none" {
            return Ok(InputFile { path: path.to_owned(), content: Content::Nothing });
        }
        let mut text = String::new();
        while let Some(line) = self.lines.get(self.at).filter(|line| !ends_section(line, how)) {
            text += if how == "quoted" { line.get(2..).unwrap_or_default() } else { line };
            text.push('\n');
            self.at += 1;
        }
        let bytes = content(text, how)?;
        Ok(InputFile { path: path.to_owned(), content: Content::Bytes(bytes) })
    }
}

fn ends_section(line: &str, how: &str) -> bool {
    if how == "quoted" {
        return !(line == "|" || line.starts_with("| "));
    }
    line.starts_with("=== ")
        || line.starts_with("$ helm")
        || line.starts_with("$ rhumb")
        || line.starts_with("% ")
        || line.starts_with('>')
        || (line.starts_with("-- ") && line.ends_with(" --"))
}

fn content(mut text: String, how: &str) -> Result<Vec<u8>, String> {
    match how.split_once(' ').unwrap_or((how, "")) {
        ("" | "quoted", _) => Ok(text.into_bytes()),
        ("no-newline", _) => {
            text.pop();
            Ok(text.into_bytes())
        }
        ("escaped", _) => {
            text.pop();
            crate::answer::unescape(&text)
        }
        ("repeat", count) => {
            let count: usize = count.parse().map_err(|_| format!("no number: {how}"))?;
            Ok(text.repeat(count).into_bytes())
        }
        ("base64", _) => {
            text.retain(|c| !c.is_whitespace());
            base64::engine::general_purpose::STANDARD.decode(text).map_err(|e| e.to_string())
        }
        _ => Err(format!("unknown kind of file: {how}")),
    }
}

fn template_line(line: &str) -> String {
    let text = line.strip_prefix("> ").or(line.strip_prefix('>')).unwrap_or(line);
    format!("{text}\n")
}

fn command_action(command: &str) -> Result<Action, String> {
    let mut args = words::split(command)?;
    let program = match args.first().map(String::as_str) {
        Some("helm") => Program::Helm,
        Some("rhumb") => Program::Rhumb,
        _ => return Err(format!("a command runs helm or rhumb: {command}")),
    };
    args.remove(0);
    Ok(Action::Command { program, args })
}

fn set_option(options: &mut Options, line: &str) -> Result<(), String> {
    let (key, value) = line.split_once(' ').unwrap_or((line, ""));
    match (key, value) {
        ("args", words) => options.args = words::split(words)?,
        ("env", pair) => {
            let (name, value) = pair.split_once('=').ok_or("env takes NAME=VALUE")?;
            options.env.push((name.to_owned(), value.to_owned()));
        }
        ("stdin", path) => options.stdin = Some(path.to_owned()),
        ("mask", regex) => {
            regex_lite::Regex::new(regex).map_err(|e| e.to_string())?;
            options.masks.push(regex.to_owned());
        }
        ("only", "names") => options.only = Only::Names,
        ("only", "exit") => options.only = Only::Exit,
        ("only", "stdout") => options.only = Only::Stdout,
        ("ours", "help") => options.ours.push(Ours::Help),
        ("ours", name) if name.starts_with("file ") => options.ours.push(Ours::File(name[5..].to_owned())),
        ("sorted", "") => options.sorted = true,
        _ => return Err(format!("unknown option: {line}")),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<CaseFile, String> {
        file("x", text.to_owned())
    }

    #[test]
    fn a_file_with_everything() {
        let text = "# what\n-- a/b --\none\n\n-- l -> a/b --\n=== first\n-- q (quoted) --\n| $ helm\n|\n-- n (no-newline) --\nx\n\
                    -- p.tgz (pack a) --\n% args --set 'a=1 2'\n% mask \\d+\n> # {{ 1 }}\n>\n| # 1\n\n$ helm lint 'a b'\n! no\n? 1\n=== second\n$ rhumb explain\n";
        let file = parse(text).unwrap();
        assert_eq!(file.cases.len(), 2);
        let first = &file.cases[0];
        let bytes: Vec<Option<&[u8]>> = first
            .files
            .iter()
            .map(|f| match &f.content {
                Content::Bytes(bytes) => Some(bytes.as_slice()),
                _ => None,
            })
            .collect();
        assert_eq!(bytes, [Some(&b"one\n\n"[..]), None, Some(b"$ helm\n\n"), Some(b"x"), None]);
        assert!(matches!(&first.steps[0].action, Action::Template { text } if text == "# {{ 1 }}\n\n"));
        assert_eq!(first.steps[0].options.args, ["--set", "a=1 2"]);
        assert_eq!(first.steps[0].recorded.as_ref().unwrap().stdout, b"# 1\n");
        assert!(first.steps[1].options.args.is_empty());
        assert_eq!(first.steps[1].recorded.as_ref().unwrap().exit, 1);
        assert!(matches!(&file.cases[1].steps[0].action, Action::Command { program: Program::Rhumb, .. }));
        assert!(file.cases[1].steps[0].recorded.is_none());
    }

    #[test]
    fn mistakes_are_named() {
        for (text, want) in [
            ("=== a\n$ helm\n", "comment"),
            ("# a\n", "no case"),
            ("# a\n=== a\n", "runs nothing"),
            ("# a\n$ helm\n", "before the first case"),
            ("# a\n=== a\n$ ls\n", "runs helm or rhumb"),
            ("# a\n=== a\n$ helm\n=== a\n$ helm\n", "two cases"),
            ("# a\n=== a\nwhat\n", "not understood"),
            ("# a\n=== a\n% what\n", "unknown option"),
            ("# a\n=== a\n-- f (what) --\n$ helm\n", "unknown kind"),
            ("# a\n=== a\n$ helm 'x\n", "not closed"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(want), "{text:?}: {error}");
        }
    }
}
