//! A difference made small: files, arguments, lines, then words are left out as long as the programs still differ in the same way.

use super::differ::{Difference, Pair};
use super::mutate;
use super::sample::Sample;
use std::io;

/// The smallest difference found with at most so many tries.
pub(super) fn shrink(pair: &Pair, found: Difference, tries: usize) -> io::Result<Difference> {
    let mut work = Shrink { pair, kind: kind(&found), best: found, left: tries };
    work.files()?;
    work.args()?;
    work.texts(lines)?;
    work.texts(mutate::pieces)?;
    Ok(work.best)
}

/// In which way two answers differ; a smaller sample must differ in the same way.
fn kind(found: &Difference) -> (i32, i32, bool, bool, bool) {
    let (want, got) = (&found.want, &found.got);
    (want.exit, got.exit, want.stdout == got.stdout, want.stderr == got.stderr, want.files == got.files)
}

fn lines(text: &str) -> Vec<String> {
    text.split_inclusive('\n').map(str::to_owned).collect()
}

struct Shrink<'a> {
    pair: &'a Pair,
    kind: (i32, i32, bool, bool, bool),
    best: Difference,
    left: usize,
}

impl Shrink<'_> {
    /// Takes the sample where it still differs in the same way.
    fn keep(&mut self, sample: &Sample) -> io::Result<bool> {
        if self.left == 0 {
            return Ok(false);
        }
        self.left -= 1;
        match self.pair.difference(sample)? {
            Some(found) if kind(&found) == self.kind => {
                self.best = found;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    fn files(&mut self) -> io::Result<()> {
        for at in (0..self.best.sample.files.len()).rev() {
            let mut sample = self.best.sample.clone();
            sample.files.remove(at);
            self.keep(&sample)?;
        }
        for at in (0..self.best.sample.packs.len()).rev() {
            let mut sample = self.best.sample.clone();
            sample.packs.remove(at);
            self.keep(&sample)?;
        }
        Ok(())
    }

    fn args(&mut self) -> io::Result<()> {
        for width in [2, 1] {
            let mut at = 2;
            while at + width <= self.best.sample.args.len() {
                let mut sample = self.best.sample.clone();
                sample.args.drain(at..at + width);
                if !self.keep(&sample)? {
                    at += 1;
                }
            }
        }
        Ok(())
    }

    fn texts(&mut self, split: fn(&str) -> Vec<String>) -> io::Result<()> {
        for at in 0..self.best.sample.files.len() {
            self.text(at, split)?;
        }
        Ok(())
    }

    /// Leaves out runs of pieces of one file, long runs first.
    fn text(&mut self, file: usize, split: fn(&str) -> Vec<String>) -> io::Result<()> {
        let Ok(text) = String::from_utf8(self.best.sample.files[file].1.clone()) else { return Ok(()) };
        let mut pieces = split(&text);
        let mut width = pieces.len();
        while width > 0 && self.left > 0 {
            let mut at = 0;
            while at < pieces.len() {
                let end = (at + width).min(pieces.len());
                let rest: Vec<String> = pieces[..at].iter().chain(&pieces[end..]).cloned().collect();
                let mut sample = self.best.sample.clone();
                sample.files[file].1 = rest.concat().into_bytes();
                if self.keep(&sample)? {
                    pieces = rest;
                } else {
                    at = end;
                }
            }
            width /= 2;
        }
        Ok(())
    }
}
