//! Every pair of a chart's switches, on top of each of its values files.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{Answer, Chart, pairs};

/// A chart with one of its values files, or with none.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The chart.
    pub chart: Chart,
    /// The file, from the chart's folder.
    pub file: Option<String>,
}

/// A boolean of values.yaml.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switch {
    /// Its keys, as `--set` takes them.
    pub path: String,
    /// What it is under the values file.
    pub on: bool,
}

/// What came of trying all pairs.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Arguments that render; all pairs that can be had are among them.
    pub rows: Vec<Vec<String>>,
    /// Arguments that are refused, one switch turned or two.
    pub refused: Vec<Vec<String>>,
}

/// Every chart with each of its values files, the plain chart first.
#[must_use]
pub fn settings() -> Vec<Setting> {
    let of = |chart: Chart| {
        let files = std::iter::once(None).chain(chart.values_files().into_iter().map(Some));
        files.map(move |file| Setting { chart, file })
    };
    crate::every().into_iter().flat_map(of).collect()
}

/// The boolean leaves of a chart's values and of its subcharts' own (which stand below the subchart's name). Fields of a security
/// context are Kubernetes', not switches of the chart.
#[must_use]
pub fn switches(chart: Chart) -> Vec<String> {
    let booleans = |text: &str| -> Vec<String> {
        let leaves = crate::yaml::leaves(&crate::value(text)).into_iter();
        let switches = leaves.filter(|(path, value)| value.is_boolean() && !path.contains("ecurityContext."));
        switches.map(|(path, _)| path).collect()
    };
    let mut found: BTreeSet<String> = booleans(&chart.file("values.yaml")).into_iter().collect();
    for entry in std::fs::read_dir(chart.path().join("charts")).into_iter().flatten().flatten() {
        let text = std::fs::read_to_string(entry.path().join("values.yaml")).unwrap_or_default();
        let name = entry.file_name().to_string_lossy().into_owned();
        let own = booleans(&text).into_iter().filter(|path| path != "enabled" && !path.starts_with("global."));
        found.extend(own.map(|path| format!("{name}.{path}")));
    }
    found.into_iter().collect()
}

impl Setting {
    /// The name of its trials.
    #[must_use]
    pub fn name(&self) -> String {
        let file = self.file.as_deref().unwrap_or("values.yaml");
        format!("{} {}", self.chart.name(), file.trim_start_matches("../"))
    }

    /// The arguments that choose the file.
    #[must_use]
    pub fn args(&self) -> Vec<String> {
        self.file.iter().flat_map(|file| ["-f".to_owned(), file.clone()]).collect()
    }

    /// The switches as they stand under the file.
    #[must_use]
    pub fn switches(&self) -> Vec<Switch> {
        let file = self.file.as_ref().map(|file| crate::value(&self.chart.file(file)));
        let plain = self.chart.values();
        let below = |path: &str| {
            let (name, rest) = path.split_once('.')?;
            let text = std::fs::read_to_string(self.chart.path().join("charts").join(name).join("values.yaml")).ok()?;
            at(&crate::value(&text), rest)
        };
        let is_on = |path: &str| {
            let set = file.as_ref().and_then(|values| at(values, path)).or_else(|| at(&plain, path));
            set.or_else(|| below(path)).unwrap_or_default()
        };
        switches(self.chart).into_iter().map(|path| Switch { on: is_on(&path), path }).collect()
    }

    /// Tries them all, with our own program. What came of it is kept in the target folder for as long as program and chart stay as they
    /// are: two tests ask.
    ///
    /// # Errors
    /// A combination that neither renders nor is refused by the chart in its own words.
    pub fn pairs(&self) -> Result<Outcome, String> {
        if !self.chart.path().starts_with(crate::root()) {
            return self.try_pairs();
        }
        let kept = crate::root().join("target/pairs").join(format!("{:016x}.json", self.key()));
        let read = std::fs::read(&kept).ok().and_then(|text| serde_json::from_slice(&text).ok());
        if let Some((rows, refused)) = read {
            return Ok(Outcome { rows, refused });
        }
        let outcome = self.try_pairs()?;
        let text = serde_json::to_vec(&(&outcome.rows, &outcome.refused)).map_err(|e| e.to_string())?;
        // Written beside and moved: another test may be reading. Where that fails, the other test tries for itself.
        let fresh = kept.with_extension(format!("{}", std::process::id()));
        let folder = kept.parent().expect("below target");
        let _ = std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&fresh, text))
            .and_then(|()| std::fs::rename(&fresh, &kept));
        Ok(outcome)
    }

    /// A number that changes with the program, the chart's files and the values file.
    fn key(&self) -> u64 {
        let mut hash = DefaultHasher::new();
        self.name().hash(&mut hash);
        let file = self.file.iter().map(|file| self.chart.path().join(file));
        let mut files: Vec<_> = below(&self.chart.path()).into_iter().chain(file).collect();
        files.sort();
        for file in files {
            file.hash(&mut hash);
            std::fs::read(&file).unwrap_or_default().hash(&mut hash);
        }
        if let Ok(data) = crate::binary::ours().metadata() {
            (data.len(), data.modified().ok()).hash(&mut hash);
        }
        hash.finish()
    }

    fn try_pairs(&self) -> Result<Outcome, String> {
        let switches = self.switches();
        let mut tried = Tried { setting: self, switches: &switches, outcome: Outcome::default(), seen: Vec::new() };
        if !tried.renders(&BTreeSet::new())? {
            if self.file.is_none() {
                // A chart that cannot know what it needs, a database for example, says so.
                tried.refuse(&BTreeSet::new());
                return Ok(tried.outcome);
            }
            return Err(format!("{}: refused as it is:\n{}", self.name(), self.answer(&self.args()).stderr));
        }
        tried.accept(BTreeSet::new());
        // One that is refused alone needs other values as well: whoever turns it says so by a values file.
        let mut able = Vec::new();
        for at in 0..switches.len() {
            if tried.renders(&BTreeSet::from([at]))? {
                able.push(at);
            } else {
                tried.refuse(&BTreeSet::from([at]));
            }
        }
        for row in pairs::rows(able.len()) {
            let turned: Vec<usize> = able.iter().zip(row).filter(|(_, on)| *on).map(|(at, _)| *at).collect();
            let row = tried.extend(BTreeSet::new(), &turned)?;
            tried.accept(row);
        }
        tried.rest(&able)?;
        Ok(tried.outcome)
    }

    /// The answer of our program to a render with these arguments.
    #[must_use]
    pub fn answer(&self, args: &[String]) -> Answer {
        let mut all = vec!["template", self.chart.release, "."];
        all.extend(args.iter().map(String::as_str));
        self.chart.ours(&all)
    }
}

/// Whether a refusal is one of the chart's: by `fail` or `required`, or by its schema, and not a template that broke.
#[must_use]
pub fn is_refusal(answer: &Answer) -> bool {
    let said = |from: &str| answer.stderr.starts_with(from);
    let words = answer.stderr.split_once("): ").map_or("", |(_, words)| words).trim();
    let by_template = said("Error: execution error at (") && !words.is_empty() && !words.contains("nil pointer");
    answer.exit != 0 && (by_template || said("Error: values don't meet the specifications of the schema"))
}

/// Every file below a folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] }).collect()
}

/// A boolean below keys joined by dots.
fn at(values: &Value, path: &str) -> Option<bool> {
    crate::yaml::keys(path).iter().try_fold(values, |value, key| value.get(key))?.as_bool()
}

struct Tried<'a> {
    setting: &'a Setting,
    switches: &'a [Switch],
    outcome: Outcome,
    /// The rows that render, by the switches that are turned in them.
    seen: Vec<BTreeSet<usize>>,
}

impl Tried<'_> {
    /// The arguments that turn these switches.
    fn args(&self, turned: &BTreeSet<usize>) -> Vec<String> {
        let mut args = self.setting.args();
        if !turned.is_empty() {
            let set = turned.iter().map(|at| format!("{}={}", self.switches[*at].path, !self.switches[*at].on));
            args.extend(["--set".to_owned(), set.collect::<Vec<_>>().join(",")]);
        }
        args
    }

    fn renders(&self, turned: &BTreeSet<usize>) -> Result<bool, String> {
        let args = self.args(turned);
        let answer = self.setting.answer(&args);
        match answer.exit {
            0 => Ok(true),
            _ if is_refusal(&answer) => Ok(false),
            _ => Err(format!("{}: {} breaks:\n{}", self.setting.name(), args.join(" "), answer.stderr)),
        }
    }

    fn accept(&mut self, turned: BTreeSet<usize>) {
        if !self.seen.contains(&turned) {
            self.outcome.rows.push(self.args(&turned));
            self.seen.push(turned);
        }
    }

    fn refuse(&mut self, turned: &BTreeSet<usize>) {
        self.outcome.refused.push(self.args(turned));
    }

    /// As many of these switches turned together, on top of some, as the chart lets: where they are refused, each half is tried.
    fn extend(&self, row: BTreeSet<usize>, more: &[usize]) -> Result<BTreeSet<usize>, String> {
        let all: BTreeSet<usize> = row.iter().chain(more).copied().collect();
        if all == row || self.renders(&all)? {
            return Ok(all);
        }
        if more.len() == 1 {
            return Ok(row);
        }
        let (left, right) = more.split_at(more.len() / 2);
        let row = self.extend(row, left)?;
        self.extend(row, right)
    }

    /// The pairs that are not turned together in any row so far: each is refused, or makes a row.
    fn rest(&mut self, able: &[usize]) -> Result<(), String> {
        for (n, a) in able.iter().enumerate() {
            for b in &able[n + 1..] {
                let pair = BTreeSet::from([*a, *b]);
                if self.seen.iter().any(|row| row.is_superset(&pair)) {
                    continue;
                }
                if self.renders(&pair)? {
                    let row = self.extend(pair, able)?;
                    self.accept(row);
                } else {
                    self.refuse(&pair);
                }
            }
        }
        // Where rows lost switches, one may be turned only together with another.
        for at in able {
            let with: Vec<_> = self.seen.iter().filter(|row| row.contains(at)).collect();
            if able.iter().any(|other| other != at && with.iter().all(|row| row.contains(other))) {
                self.accept(BTreeSet::from([*at]));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(exit: i32, stderr: &str) -> Answer {
        Answer { stdout: String::new(), stderr: stderr.to_owned(), exit }
    }

    /// Messages observed from the reference.
    #[test]
    fn refusals_are_told_from_breaks() {
        for text in [
            "Error: execution error at (a/templates/x.yaml:1:4): a.b is needed, for instance c\n",
            "Error: values don't meet the specifications of the schema(s) in the following chart(s):\na:\n- at '/a': got string, want integer\n",
        ] {
            assert!(is_refusal(&answer(1, text)), "{text}");
        }
        for text in [
            "Error: template: a/templates/x.yaml:1:8: executing \"a/templates/x.yaml\" at <.Values.a.b>: nil pointer evaluating interface {}.b\n",
            "Error: YAML parse error on a/templates/x.yaml: error converting YAML to JSON: yaml: line 2: did not find expected key\n",
            "Error: execution error at (a/templates/x.yaml:1:4): \n",
        ] {
            assert!(!is_refusal(&answer(1, text)), "{text}");
        }
    }
}
