//! `cargo run -p rhumb-fuzz --profile quick -- TARGET [--time 1h] [--seed N]`: feeds a target with changed seeds.
//!
//! Inputs with a new outcome are changed further. Before each run the input is written to `target/fuzz/TARGET/current`, so that it is there when the
//! process dies of it; inputs that panic, take too long or too much memory are kept beside it, and the driver goes on.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a chore talks to the person who runs it")]

use rhumb_fuzz::{Run, TARGETS, seeds};
use rhumb_testkit::generate::random::Random;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// As the command line runs the engine.
const STACK: usize = 256 << 20;

/// What one input may take; where programs are started, they have limits of their own.
fn patience(target: &str) -> Duration {
    Duration::from_secs(if target == "compare" { 300 } else { 3 })
}

/// How much the peak of memory may rise in one run, in KiB.
const MEMORY: u64 = 800 << 10;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let work = move || match drive(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work).map(std::thread::JoinHandle::join);
    match thread {
        Ok(Ok(code)) => code,
        _ => ExitCode::FAILURE,
    }
}

fn drive(args: &[String]) -> Result<(), String> {
    let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    let usage = || format!("fuzz TARGET [--time 10s|5m|1h] [--seed N] [INPUT]\ntargets: {}", names.join(", "));
    let [name, rest @ ..] = args else { return Err(usage()) };
    let (_, run) = TARGETS.iter().find(|(have, _)| have == name).ok_or_else(usage)?;
    if name == "compare" {
        rhumb_fuzz::compare::programs()?;
    }
    if let [input] = rest {
        println!("{}", run(&std::fs::read(input).map_err(|e| e.to_string())?));
        return Ok(());
    }
    let (mut time, mut seed) = (Duration::from_secs(10), 1);
    for pair in rest.chunks(2) {
        match pair {
            [flag, value] if flag == "--time" => time = duration(value).ok_or_else(usage)?,
            [flag, value] if flag == "--seed" => seed = value.parse().map_err(|_| usage())?,
            _ => return Err(usage()),
        }
    }
    let folder = PathBuf::from("target/fuzz").join(name);
    std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    let found = Driver { name, run: *run, folder: &folder, outcomes: BTreeSet::new(), found: 0 }.run(time, seed)?;
    if found == 0 { Ok(()) } else { Err(format!("{found} findings in {}", folder.display())) }
}

fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return None,
    };
    Some(Duration::from_secs(number.parse::<u64>().ok()? * seconds))
}

struct Driver<'a> {
    name: &'a str,
    run: Run,
    folder: &'a Path,
    outcomes: BTreeSet<String>,
    found: usize,
}

impl Driver<'_> {
    fn run(mut self, time: Duration, seed: u64) -> Result<usize, String> {
        let mut pool = seeds::of(self.name)?;
        let count = pool.len();
        let start = Instant::now();
        for input in pool.iter().take_while(|_| start.elapsed() < time) {
            self.one(input)?;
        }
        let (mut index, mut shown) = (0, 0);
        while start.elapsed() < time {
            let mut random = Random::new(seed, index);
            index += 1;
            // What was found lately is changed more often.
            let recent = pool.len().saturating_sub(200);
            let from =
                if random.percent(50) { random.below(pool.len()) } else { recent + random.below(pool.len() - recent) };
            let mut input = pool[from].clone();
            for _ in 0..1 + random.below(3) {
                input = seeds::damaged(&mut random, self.name, &input, &pool);
            }
            input.truncate(100_000);
            if self.one(&input)? {
                pool.push(input);
            }
            if start.elapsed().as_secs() / 60 > shown {
                shown = start.elapsed().as_secs() / 60;
                println!("{shown} min: {index} runs, {} outcomes, {} findings", self.outcomes.len(), self.found);
            }
        }
        let seconds = start.elapsed().as_secs();
        println!(
            "{}: {seconds} s, {count} seeds, {index} runs, {} outcomes, {} findings",
            self.name,
            self.outcomes.len(),
            self.found
        );
        Ok(self.found)
    }

    /// Runs one input; answers whether its outcome is new.
    fn one(&mut self, input: &[u8]) -> Result<bool, String> {
        std::fs::write(self.folder.join("current"), input).map_err(|e| e.to_string())?;
        let (start, before) = (Instant::now(), peak());
        let outcome = std::panic::catch_unwind(|| (self.run)(input));
        let (mut took, grown) = (start.elapsed(), peak().saturating_sub(before));
        if outcome.is_ok() && took > patience(self.name) {
            // A busy machine is slow once, a bad input always.
            let again = Instant::now();
            let _ = std::panic::catch_unwind(|| (self.run)(input));
            took = took.min(again.elapsed());
        }
        let outcome = match outcome {
            Err(_) => "panic".to_owned(),
            Ok(_) if took > patience(self.name) => format!("slow {took:?}"),
            Ok(_) if grown > MEMORY => format!("large {grown} KiB"),
            Ok(outcome) => return Ok(self.outcomes.insert(outcome)),
        };
        self.found += 1;
        let file = self.folder.join(format!("found-{}", self.found));
        println!("{outcome}: {}", file.display());
        std::fs::write(file, input).map_err(|e| e.to_string())?;
        Ok(false)
    }
}

/// The highest use of memory so far, in KiB; 0 where the system does not tell.
fn peak() -> u64 {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return 0 };
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
