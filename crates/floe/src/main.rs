//! `floe-helm`: the program around the library.

use std::io::{Write as _, stderr, stdout};
use std::process::ExitCode;

/// As much as the engine needs for its deepest template.
const STACK: usize = 512 << 20;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    // Templates may call each other as deep as the engine lets them.
    let work = std::thread::Builder::new().stack_size(STACK).spawn(move || rhumb_floe::run(&arguments));
    let Some(said) = work.ok().and_then(|work| work.join().ok()) else { return ExitCode::from(1) };
    // A pipe that is closed has nobody who would read why.
    let written = stdout().write_all(&said.out).and_then(|()| stdout().flush());
    let _ = stderr().write_all(said.err.as_bytes());
    match written {
        Err(_) => ExitCode::from(1),
        Ok(()) => ExitCode::from(said.exit),
    }
}
