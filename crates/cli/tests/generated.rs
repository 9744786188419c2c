//! Generated charts through both programs, when `RHUMB_LIVE=1` says that the reference is there; `cargo xtask compare` runs more.

use rhumb_testkit::generate::differ::Pair;
use rhumb_testkit::{compare, reference};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many charts; each with up to forty template bodies, or one command line.
const COUNT: u64 = 150;

/// A seed whose charts all came out alike when this was written; new rules of the generator may find something new.
const SEED: u64 = 20;

#[test]
fn generated_charts_come_out_alike() {
    if std::env::var_os("RHUMB_LIVE").is_none_or(|value| value != "1") {
        return;
    }
    let reference = reference::path().expect("the reference is not on this machine: cargo xtask reference");
    let pair = Pair { ours: PathBuf::from(env!("CARGO_BIN_EXE_rhumb")), reference };
    let next = AtomicU64::new(0);
    let work = || {
        let mut problems = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= COUNT {
                return problems;
            }
            match pair.run(SEED, index, 60) {
                Ok(outcome) => problems.extend(outcome.differences.iter().map(|found| {
                    let diff = compare::difference(&found.want, &found.got).unwrap_or_default();
                    format!("number {index}\n{}{diff}", found.sample.text("generated", &found.want))
                })),
                Err(e) => problems.push(format!("number {index}: {e}")),
            }
        }
    };
    let problems: Vec<String> = std::thread::scope(|scope| {
        let threads = [scope.spawn(work), scope.spawn(work)];
        threads.into_iter().flat_map(|thread| thread.join().expect("a thread failed")).collect()
    });
    assert!(problems.is_empty(), "{} differences\n{}", problems.len(), problems.join("\n"));
}
