//! The chores of this repository: `cargo xtask <chore>`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a chore talks to the person who runs it")]

mod bench;
mod charts;
mod compare;
mod debian;
mod demo;
mod e2e;
mod explained;
mod instructions;
mod lab;
mod layers;
mod order;
mod pure;
mod reached;
mod record;
mod reference;
mod suite;
mod tidy;
mod wasm;
mod written;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <chore>

  demo                    show what rhumb does: a chart made, rendered, explained and broken
  test [--all]            all tests, and what could not be tried here; with --all, against the real Helm too
  test charts SUITE [--all]
                          one suite of the charts' tests: unit or integration
  reference               get the real Helm into the cache folder, and print its path
  lab [NAME...]           get the outside parts that tests of our charts need into the cache folder: all, or those named
  e2e [NAME...]           run the charts' pods on a real node (as root): all tests of that kind, or those named
  record [--check] [TEXT] let the reference answer the conformance cases whose name contains TEXT
  reached BINARY          list the cases that a binary of ours answers as recorded in conformance/reached.txt
  bench BINARY [RUNS]     time a binary of ours beside the reference, as a table
  bench BINARY --charts FOLDER
                          CPU time over all charts below a folder, beside the reference
  compare BINARY [--count N] [--seed S]
                          generated charts through a binary of ours and the reference; what differs, in target/compare
  explained BINARY FOLDER ask explain about every field of every chart below a folder; each must have a writer
  instructions BINARY     count the instructions of a small run with Valgrind, against docs/benchmarks.md
  layers                  check that no crate depends on a higher one
  order BINARY [CHART...] write down which functions a run reaches, for the linker to lay side by side
  pure                    check that nothing below the command line reaches files, network, clock or chance
  values                  write the tables of values in the README.md of our charts
  requirements            write docs/requirements.md: what is asked of our charts, and which test shows it
  tidy                    check files for headers, length and a runner
  wasm                    build all below the command line for wasm32, where that target can be had
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match args.as_slice() {
        ["demo"] => demo::run(),
        ["test"] => suite::run(false),
        ["test", "--all"] => suite::run(true),
        ["test", "charts", suite] => charts::run(suite, false),
        ["test", "charts", suite, "--all"] => charts::run(suite, true),
        ["reference"] => reference::run().map(|path| println!("{}", path.display())),
        ["record", rest @ ..] => record::run(rest),
        ["reached", binary] => reached::run(Path::new(binary)),
        ["bench", binary] => bench::run(Path::new(binary), 11),
        ["bench", binary, "--charts", folder] => bench::charts::run(Path::new(binary), Path::new(folder)),
        ["bench", binary, runs] => match runs.parse() {
            Ok(runs) => bench::run(Path::new(binary), runs),
            Err(_) => Err(HELP.to_owned()),
        },
        ["compare", binary, rest @ ..] => compare::run(Path::new(binary), rest),
        ["explained", binary, folder] => explained::run(Path::new(binary), Path::new(folder)),
        ["instructions", binary] => instructions::run(Path::new(binary)),
        ["order", binary, charts @ ..] => order::run(Path::new(binary), charts),
        ["lab", names @ ..] => lab::run(names),
        ["e2e", names @ ..] => e2e::run(names),
        ["layers"] => layers::run(),
        ["pure"] => pure::run(),
        ["values"] => written::run("readme"),
        ["requirements"] => written::run("requirements"),
        ["tidy"] => tidy::run(),
        ["wasm"] => wasm::run().map(|said| println!("{said}")),
        _ => Err(HELP.to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{}", message.trim_end());
            ExitCode::FAILURE
        }
    }
}

/// The top of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
