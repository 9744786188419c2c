//! One sample through both programs, and what differs.

use super::charts::{self, Area};
use super::random::Random;
use super::sample::Sample;
use super::shrink;
use crate::answer::Answer;
use crate::run::{self, Which};
use std::io;
use std::path::PathBuf;

/// The two programs.
#[derive(Debug, Clone)]
pub struct Pair {
    /// Our binary.
    pub ours: PathBuf,
    /// The real Helm.
    pub reference: PathBuf,
}

/// A sample that the two answer differently.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The files and the command.
    pub sample: Sample,
    /// What the reference answered.
    pub want: Answer,
    /// What ours answered.
    pub got: Answer,
}

/// What came of one number of a seed.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many samples both answered alike.
    pub same: usize,
    /// How many the reference does not answer twice in the same way (or not in time), or ours says it cannot do yet.
    pub unsteady: usize,
    /// Those answered differently, made small.
    pub differences: Vec<Difference>,
}

impl Pair {
    /// Runs the samples of one number of a seed. `effort` is how many runs may be spent on making a difference small.
    pub fn run(&self, seed: u64, index: u64, effort: usize) -> io::Result<Outcome> {
        let mut random = Random::new(seed, index);
        let mut outcome = Outcome::default();
        let area = charts::area(index);
        if area != Area::Expressions {
            let sample = charts::sample(&mut random, area);
            self.one(sample, effort, &mut outcome)?;
            return Ok(outcome);
        }
        let (good, failing) = self.sorted_bodies(charts::bodies(&mut random, 40))?;
        self.batch(&good, effort, &mut outcome)?;
        for body in failing.iter().take(2) {
            let sample = charts::with_one(&mut random, body);
            self.one(sample, effort, &mut outcome)?;
        }
        Ok(outcome)
    }

    /// Bodies that our program renders, and those it refuses. One error ends a run, so the refused ones go alone.
    fn sorted_bodies(&self, mut bodies: Vec<String>) -> io::Result<(Vec<String>, Vec<String>)> {
        let mut failing = Vec::new();
        loop {
            let sample = charts::with_bodies(&bodies);
            let answer = self.answer(&sample, Which::Ours)?;
            if answer.exit == 0 || bodies.is_empty() {
                return Ok((bodies, failing));
            }
            match blamed(&sample, &answer).filter(|at| *at < bodies.len()) {
                Some(at) => failing.push(bodies.remove(at)),
                None => {
                    let at = self.refused(&bodies)?.unwrap_or(0);
                    failing.push(bodies.remove(at));
                }
            }
        }
    }

    fn refused(&self, bodies: &[String]) -> io::Result<Option<usize>> {
        for (i, body) in bodies.iter().enumerate() {
            if self.answer(&charts::with_bodies(std::slice::from_ref(body)), Which::Ours)?.exit != 0 {
                return Ok(Some(i));
            }
        }
        Ok(None)
    }

    /// All bodies in one run; where the answers differ, each body that differs on its own.
    fn batch(&self, bodies: &[String], effort: usize, outcome: &mut Outcome) -> io::Result<()> {
        let sample = charts::with_bodies(bodies);
        if self.alike(&sample)? {
            outcome.same += 1;
            return Ok(());
        }
        if bodies.len() > 1 {
            let known = (outcome.differences.len(), outcome.unsteady);
            let (left, right) = bodies.split_at(bodies.len() / 2);
            self.batch(left, effort, outcome)?;
            self.batch(right, effort, outcome)?;
            if (outcome.differences.len(), outcome.unsteady) != known {
                return Ok(());
            }
        }
        self.one(sample, effort, outcome)
    }

    fn one(&self, sample: Sample, effort: usize, outcome: &mut Outcome) -> io::Result<()> {
        match self.difference(&sample)? {
            None => outcome.same += 1,
            Some(found) if !self.steady(&found)? => outcome.unsteady += 1,
            Some(found) => {
                let small = shrink::shrink(self, found, effort)?;
                if self.steady(&small)? {
                    outcome.differences.push(small);
                } else {
                    outcome.unsteady += 1;
                }
            }
        }
        Ok(())
    }

    fn alike(&self, sample: &Sample) -> io::Result<bool> {
        Ok(self.difference(sample)?.is_none())
    }

    /// The two answers, if they are not the same.
    pub fn difference(&self, sample: &Sample) -> io::Result<Option<Difference>> {
        let got = self.answer(sample, Which::Ours)?;
        let want = self.answer(sample, Which::Reference)?;
        let sample = sample.clone();
        Ok((want != got).then_some(Difference { sample, want, got }))
    }

    /// Whether the reference says the same again, several times: maps without order come out the same by chance.
    fn steady(&self, found: &Difference) -> io::Result<bool> {
        if spent(&found.want) || says(&found.got, "is not done yet by rhumb") {
            return Ok(false);
        }
        for _ in 0..6 {
            if self.answer(&found.sample, Which::Reference)? != found.want {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn answer(&self, sample: &Sample, which: Which) -> io::Result<Answer> {
        let program = if which == Which::Ours { &self.ours } else { &self.reference };
        let answers = run::case(&sample.case(), program, which)?;
        Ok(answers.into_iter().flatten().next().unwrap_or_default())
    }
}

/// Whether the reference ended for want of memory or time.
fn spent(answer: &Answer) -> bool {
    answer.exit > 100 || ["out of memory", "it took too long", "fatal error: "].iter().any(|text| says(answer, text))
}

fn says(answer: &Answer, text: &str) -> bool {
    answer.stderr.windows(text.len()).any(|window| window == text.as_bytes())
}

/// The body that an error message points at: the last position in the file with the bodies.
fn blamed(sample: &Sample, answer: &Answer) -> Option<usize> {
    let text = String::from_utf8_lossy(&answer.stderr);
    let at = text.rfind("_bodies.tpl:")? + "_bodies.tpl:".len();
    let digits: String = text[at..].chars().take_while(char::is_ascii_digit).collect();
    let line: usize = digits.parse().ok()?;
    let (_, bytes) = sample.files.iter().find(|(path, _)| path.ends_with("_bodies.tpl"))?;
    let bodies = String::from_utf8_lossy(bytes);
    bodies
        .lines()
        .take(line)
        .filter_map(|line| line.strip_prefix("{{ define \"e")?.split('"').next()?.parse().ok())
        .last()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_its_body() {
        let bodies = ["{{ 1 }}".to_owned(), "{{ 2\n}}".to_owned(), "{{ 3 }}".to_owned()];
        let sample = charts::with_bodies(&bodies);
        let blame = |line: usize| {
            let stderr =
                format!("Error: demo/templates/main.yaml:6:1 x\n demo/templates/_bodies.tpl:{line}:3: no").into_bytes();
            blamed(&sample, &Answer { stderr, exit: 1, ..Answer::default() })
        };
        assert_eq!([blame(1), blame(2), blame(3), blame(4)], [Some(0), Some(1), Some(1), Some(2)]);
    }

    #[cfg(unix)]
    #[test]
    fn programs_that_differ_are_found_out() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let program = |name: &str, script: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
            path
        };
        let ours = program("ours", "grep -q upper -r . && echo HERE; exit 0");
        let reference = program("reference", "exit 0");
        let pair = Pair { ours, reference: reference.clone() };
        let mut sample = Sample::template();
        sample.put("demo/a", "one\ntwo | upper | three\nfour\n");
        sample.put("demo/b", "x");
        let mut outcome = Outcome::default();
        pair.one(sample.clone(), 200, &mut outcome).unwrap();
        let small = &outcome.differences[0];
        assert_eq!(small.sample.files, [("demo/a".to_owned(), b"upper".to_vec())]);
        assert_eq!(small.got.stdout, b"HERE\n");
        let same = Pair { ours: reference.clone(), reference };
        assert!(same.difference(&sample).unwrap().is_none());
    }
}
