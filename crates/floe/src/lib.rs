//! Values for the floe charts, out of the document that floe compiles (CompiledArtifacts).
//!
//! `floe-helm generate` reads the document, lays over each other what the chart says of an environment, what the document asks for,
//! what floe's plugins want and what the user wants, and renders the chart with the result before anything is written. It is floe's
//! tool, not rhumb's: rhumb renders any chart and knows none of these keys.
//!
//! The way: `arguments` → `artifacts` (the document, checked as far as it is read) → `secrets` (references, and literals that are
//! refused) → `platform` or `jobs` (keys of the chart) → `layers` (one over the other) → `check` (the chart takes it) → the file.

mod arguments;
mod artifacts;
mod check;
mod generate;
mod jobs;
mod layers;
mod output;
mod platform;
mod secrets;

pub use generate::{Generated, MOST, Request, Target, generate};

use arguments::Command;

/// What a run says, and its exit code: 0 done, 1 refused, 2 not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Standard output.
    pub out: Vec<u8>,
    /// Standard error.
    pub err: String,
    /// The exit code.
    pub exit: u8,
}

/// Runs the program with the words behind its name.
#[must_use]
pub fn run(arguments: &[String]) -> Said {
    let done = |out: Vec<u8>, err: String| Said { out, err, exit: 0 };
    let refused = |err: String, exit: u8| Said { out: Vec::new(), err: format!("error: {err}\n"), exit };
    let request = match arguments::read(arguments) {
        Ok(Command::Help(text)) => return done(text.as_bytes().to_vec(), String::new()),
        Ok(Command::Version) => return done(concat!(env!("CARGO_PKG_VERSION"), "\n").into(), String::new()),
        Ok(Command::Generate(request)) => request,
        Err(why) => return refused(format!("{why}\nfloe-helm --help says what there is"), 2),
    };
    let generated = match generate(&request) {
        Ok(generated) => generated,
        Err(why) => return refused(why, 1),
    };
    let notes: String = generated.notes.iter().map(|note| format!("note: {note}\n")).collect();
    match request.output.as_deref() {
        None | Some("-") => done(generated.text.into_bytes(), notes),
        Some(path) => match output::write(path, generated.text.as_bytes()) {
            Ok(()) => done(Vec::new(), notes),
            Err(why) => refused(why, 1),
        },
    }
}
