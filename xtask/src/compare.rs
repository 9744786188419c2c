//! `compare`: generated charts through a binary of ours and the reference.

use rhumb_testkit::answer::Answer;
use rhumb_testkit::generate::differ::{Difference, Pair};
use rhumb_testkit::{compare, reference};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// How many runs may be spent on making one difference small.
const EFFORT: usize = 250;

struct Options {
    count: u64,
    seed: u64,
    from: u64,
    stop: usize,
    threads: usize,
    out: PathBuf,
}

/// Runs `--count` samples of `--seed` (from number `--from`), and writes what differs below `--out`, at most `--stop` of them.
pub(crate) fn run(binary: &Path, args: &[&str]) -> Result<(), String> {
    let options = options(args)?;
    let ours = binary.canonicalize().map_err(|e| format!("{}: {e}", binary.display()))?;
    let reference = reference::path().ok_or("the reference is not on this machine: cargo xtask reference")?;
    let pair = Pair { ours, reference };
    let next = AtomicU64::new(options.from);
    let (same, unsteady) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let found: Mutex<Vec<(u64, Difference)>> = Mutex::default();
    let failure: Mutex<Option<String>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..options.threads {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let enough = found.lock().is_ok_and(|found| found.len() >= options.stop);
                    if index >= options.from + options.count || enough {
                        return;
                    }
                    match pair.run(options.seed, index, EFFORT) {
                        Ok(outcome) => {
                            same.fetch_add(outcome.same, Ordering::Relaxed);
                            unsteady.fetch_add(outcome.unsteady, Ordering::Relaxed);
                            if let Ok(mut found) = found.lock() {
                                for difference in outcome.differences {
                                    report(&options.out, options.seed, index, found.len(), &difference);
                                    found.push((index, difference));
                                }
                            }
                        }
                        Err(e) => {
                            if let Ok(mut failure) = failure.lock() {
                                *failure = Some(format!("number {index}: {e}"));
                            }
                            return;
                        }
                    }
                }
            });
        }
    });
    if let Some(failure) = failure.into_inner().ok().flatten() {
        return Err(failure);
    }
    let differing = found.into_inner().map_or(0, |found| found.len());
    println!(
        "{} alike, {} that the reference does not repeat, {differing} different",
        same.into_inner(),
        unsteady.into_inner()
    );
    if differing == 0 { Ok(()) } else { Err(format!("see {}", options.out.display())) }
}

fn options(args: &[&str]) -> Result<Options, String> {
    let mut options =
        Options { count: 200, seed: 1, from: 0, stop: 20, threads: 2, out: PathBuf::from("target/compare") };
    for pair in args.chunks(2) {
        let [name, value] = pair else { return Err(format!("{} needs a value", pair[0])) };
        let number = || value.parse::<u64>().map_err(|_| format!("{name}: not a number: {value}"));
        let size = || number().map(|n| usize::try_from(n).unwrap_or(usize::MAX));
        match *name {
            "--count" => options.count = number()?,
            "--seed" => options.seed = number()?,
            "--from" => options.from = number()?,
            "--stop" => options.stop = size()?,
            "--threads" => options.threads = size()?.max(1),
            "--out" => options.out = PathBuf::from(value),
            _ => return Err(format!("unknown option: {name}")),
        }
    }
    Ok(options)
}

/// Writes the case with the reference's answer, our answer, and the diff; and shows the diff.
fn report(out: &Path, seed: u64, index: u64, number: usize, difference: &Difference) {
    let folder = out.join(format!("{seed}-{index}-{number}"));
    let Difference { sample, want, got } = difference;
    let diff = compare::difference(want, got).unwrap_or_default();
    let text = sample.text(&format!("generated {seed} {index}"), want);
    let files = [("found.case", text.clone()), ("ours.txt", lines(got)), ("diff.txt", diff.clone())];
    let written = std::fs::create_dir_all(&folder)
        .and_then(|()| files.iter().try_for_each(|(name, text)| std::fs::write(folder.join(name), text)));
    if let Err(e) = written {
        println!("{}: {e}", folder.display());
    }
    let input: String = sample.text("", &Answer::default()).lines().skip(2).map(|line| format!("{line}\n")).collect();
    let short: String = (input + "(- reference, + ours)\n" + &diff).lines().map(shorter).collect();
    println!("== {}\n{short}", folder.display());
}

/// A line for the screen, without its middle where it is long.
fn shorter(line: &str) -> String {
    let chars: Vec<char> = line.chars().collect();
    if chars.len() < 400 {
        return format!("{line}\n");
    }
    let part = |range: &[char]| range.iter().collect::<String>();
    format!("{} ... {}\n", part(&chars[..250]), part(&chars[chars.len() - 100..]))
}

fn lines(answer: &Answer) -> String {
    answer.to_lines().iter().map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read() {
        let options = super::options(&["--count", "7", "--out", "x"]).unwrap();
        assert_eq!((options.count, options.seed, options.out), (7, 1, PathBuf::from("x")));
        assert!(super::options(&["--count"]).is_err_and(|e| e.contains("needs a value")));
        assert!(super::options(&["--count", "x"]).is_err());
        assert!(super::options(&["--what", "1"]).is_err());
    }
}
