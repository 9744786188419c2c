//! `.helmignore`: which files of a folder are no part of the chart.
//!
//! One pattern a line, in the dialect of Go's `filepath.Match`. Unlike git, `!pattern` ignores all that does *not* match.

use rhumb_gostd::filepath_match::filepath_match;

use crate::log::{Level, Line};

/// The rules of one chart.
#[derive(Debug, Default)]
pub struct Rules(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    pattern: String,
    /// The pattern stands for itself, or for what ends with the rest of it behind a first `*`.
    simple: Option<Simple>,
    /// `!`: what does not match is ignored.
    negated: bool,
    /// A trailing slash: only folders.
    folders: bool,
    /// Holds a slash: matched against the whole path, and not the last part only.
    whole: bool,
}

/// A pattern that needs no general search. Every file of a chart is held against every rule.
#[derive(Clone, Copy, Debug)]
enum Simple {
    Name,
    Ending,
}

impl Rule {
    /// A pattern that turns out to be a bad one only now is told, and matches nothing.
    fn matches(&self, name: &str, log: &mut Vec<Line>) -> bool {
        match self.simple {
            Some(Simple::Name) => name == self.pattern,
            // A star stops at a slash.
            Some(Simple::Ending) => name.strip_suffix(&self.pattern[1..]).is_some_and(|front| !front.contains('/')),
            None => filepath_match(&self.pattern, name).unwrap_or_else(|error| {
                let attributes = vec![("rule", self.pattern.clone()), ("error", error.to_string())];
                log.push(Line::new(Level::Error, "failed to compile".to_owned(), attributes));
                false
            }),
        }
    }
}

impl Rules {
    /// The rules of a `.helmignore`.
    pub fn parse(text: &[u8]) -> Result<Rules, String> {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let mut rules = Rules::default();
        for line in text.split(|b| *b == b'\n') {
            let shown = String::from_utf8_lossy(line);
            if shown.contains('[') && !shown.starts_with('#') && std::str::from_utf8(line).is_err() {
                check(&dashed(line))?;
            }
            rules.add(shown.trim())?;
        }
        Ok(rules)
    }

    fn add(&mut self, line: &str) -> Result<(), String> {
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if line.contains("**") {
            return Err("double-star (**) syntax is not supported".into());
        }
        // Nothing else makes a pattern a bad one.
        if line.contains(['[', '\\']) {
            check(line)?;
        }
        let (negated, line) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest));
        let (folders, line) = line.strip_suffix('/').map_or((false, line), |rest| (true, rest));
        let whole = line.contains('/');
        let pattern = line.strip_prefix('/').unwrap_or(line).to_owned();
        let is_literal = |text: &str| !text.contains(['*', '?', '[', '\\']);
        let simple = match pattern.strip_prefix('*') {
            Some(ending) if is_literal(ending) => Some(Simple::Ending),
            None if is_literal(&pattern) => Some(Simple::Name),
            _ => None,
        };
        self.0.push(Rule { pattern, simple, negated, folders, whole });
        Ok(())
    }

    /// Whether the file or folder at this path (from the chart's root, with `/`) is left out.
    pub fn ignores(&self, path: &str, is_folder: bool, log: &mut Vec<Line>) -> bool {
        let last = path.rsplit('/').next().unwrap_or(path);
        let ignores = |rule: &Rule| {
            if rule.folders && !is_folder {
                return rule.negated;
            }
            rule.matches(if rule.whole { path } else { last }, log) != rule.negated
        };
        is_hidden_template(path) || self.0.iter().any(ignores)
    }
}

/// The reference tries each pattern once, so only what is wrong before a star comes to light here.
fn check(line: &str) -> Result<(), String> {
    filepath_match(line, "abc").map(drop).map_err(|e| e.to_string())
}

/// A line with a dash for each byte that is not UTF-8: in brackets Go refuses both.
fn dashed(line: &[u8]) -> String {
    let piece = |chunk: std::str::Utf8Chunk<'_>| chunk.valid().to_owned() + &"-".repeat(chunk.invalid().len());
    line.utf8_chunks().map(piece).collect::<String>().trim().to_owned()
}

/// The rule that always holds: `templates/.?*`.
fn is_hidden_template(path: &str) -> bool {
    path.strip_prefix("templates/.").is_some_and(|rest| !rest.is_empty() && !rest.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left of a chart's files; a folder that is ignored takes its files along.
    fn left(rules: &str) -> String {
        let rules = match Rules::parse(rules.as_bytes()) {
            Ok(rules) => rules,
            Err(text) => return text,
        };
        let paths = ["Chart.yaml", "a.txt", "b.txt", "sub/a.txt", "sub/b.yaml", "sub/deep/c.txt", "sp ace"];
        let kept = |path: &&str| {
            let mut parents = path.match_indices('/').map(|(i, _)| &path[..i]);
            !parents.any(|p| rules.ignores(p, true, &mut Vec::new())) && !rules.ignores(path, false, &mut Vec::new())
        };
        paths.into_iter().filter(kept).collect::<Vec<_>>().join(" ")
    }

    /// Observed through `.Files` of Helm 4.3.1.
    #[test]
    fn patterns() {
        let cases = [
            ("a.txt", "Chart.yaml b.txt sub/b.yaml sub/deep/c.txt sp ace"),
            ("/a.txt", "Chart.yaml b.txt sub/a.txt sub/b.yaml sub/deep/c.txt sp ace"),
            ("sub/a.txt", "Chart.yaml a.txt b.txt sub/b.yaml sub/deep/c.txt sp ace"),
            ("sub", "Chart.yaml a.txt b.txt sp ace"),
            ("sub/", "Chart.yaml a.txt b.txt sp ace"),
            ("sub/*", "Chart.yaml a.txt b.txt sp ace"),
            ("*.txt", "Chart.yaml sub/b.yaml sp ace"),
            ("deep/", "Chart.yaml a.txt b.txt sub/a.txt sub/b.yaml sp ace"),
            ("./a.txt", "Chart.yaml a.txt b.txt sub/a.txt sub/b.yaml sub/deep/c.txt sp ace"),
            ("/", "Chart.yaml a.txt b.txt sub/a.txt sub/b.yaml sub/deep/c.txt sp ace"),
            ("a*/", "Chart.yaml a.txt b.txt sub/a.txt sub/b.yaml sub/deep/c.txt sp ace"),
            ("!*\na.txt", "Chart.yaml b.txt sub/b.yaml sub/deep/c.txt sp ace"),
            ("!a.txt", "a.txt"),
            ("!sub/", ""),
            ("\u{feff}a.txt\r\n  # no\n", "Chart.yaml b.txt sub/b.yaml sub/deep/c.txt sp ace"),
            ("a.txt #x", "Chart.yaml a.txt b.txt sub/a.txt sub/b.yaml sub/deep/c.txt sp ace"),
            ("x/**", "double-star (**) syntax is not supported"),
            ("/[a", "syntax error in pattern"),
            ("d*x[a", "Chart.yaml a.txt b.txt sub/a.txt sub/b.yaml sub/deep/c.txt sp ace"),
        ];
        for (rules, want) in cases {
            assert_eq!(left(rules), want, "{rules}");
        }
    }

    /// Observed from Helm 4.3.1.
    #[test]
    fn bad_patterns_and_bytes() {
        for rules in [&b"[\xe9]"[..], b"a\n![^\xe9] \n", b"[a\xe9]"] {
            assert_eq!(Rules::parse(rules).unwrap_err(), "syntax error in pattern");
        }
        let rules = Rules::parse(b"x*[a\n\xe9.txt\n# [\xe9]").unwrap();
        let mut log = Vec::new();
        assert!(!rules.ignores("b.txt", false, &mut log) && log.is_empty());
        assert!(!rules.ignores("x.txt", false, &mut log));
        assert_eq!(log[0].attributes[0], ("rule", "x*[a".to_owned()));
    }

    #[test]
    fn simple_patterns_match_as_all_do() {
        let patterns = ["a", "*", "*a", "*.b", "a.b", "*/a", "a/b", "*a/b", "", "/", "é", "*é"];
        for pattern in patterns {
            let mut rules = Rules::default();
            rules.0.clear();
            let _ = rules.add(pattern);
            for rule in &rules.0 {
                assert!(rule.simple.is_some(), "{pattern}");
                for name in patterns.iter().chain(&["xa", "x/a", "x.b", ".b", "x/xa/b", "xé"]) {
                    assert_eq!(
                        rule.matches(name, &mut Vec::new()),
                        filepath_match(&rule.pattern, name) == Ok(true),
                        "{pattern} {name}"
                    );
                }
            }
        }
    }

    #[test]
    fn hidden_templates_never_count() {
        let rules = Rules::parse(b"").unwrap();
        assert!(rules.ignores("templates/.a.yaml", false, &mut Vec::new()));
        assert!(!rules.ignores("templates/a.yaml", false, &mut Vec::new()));
        assert!(!rules.ignores(".hidden", false, &mut Vec::new()));
        for path in ["templates/.", "templates/./a", "templates/.a/b", "templates/.é", "templates/..", "a/templates/.b"]
        {
            assert_eq!(Ok(rules.ignores(path, true, &mut Vec::new())), filepath_match("templates/.?*", path), "{path}");
        }
    }
}
