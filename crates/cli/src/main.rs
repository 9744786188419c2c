//! A compiler for Helm charts: the command line. Thin on purpose; every answer is made in the crates below.

mod command;
mod commands;
mod complete;
mod errors;
mod exit;
mod flags;
mod help;
mod jsonpath;
mod log;
mod paths;
mod persona;
mod plugins;
mod run;
mod settings;
mod tree;
mod ui;

use std::process::ExitCode;

/// Bytes of stack for the work. Templates nest as deep as the reference lets them, and the engine recurses with them; pages that
/// are never touched cost nothing. Frames of a build without optimisation are several times as large.
const STACK: usize = if cfg!(debug_assertions) { 1 << 30 } else { 256 << 20 };

fn main() -> ExitCode {
    with_stack(work)
}

/// Runs the work on a stack that is large enough, and on this thread: where there is but one, the system's allocator takes no
/// locks and grows its one heap by large steps, where a thread's own grows page by page.
#[cfg(target_os = "linux")]
fn with_stack(work: fn() -> ExitCode) -> ExitCode {
    match corosensei::stack::DefaultStack::new(STACK) {
        Ok(stack) => {
            let done = corosensei::on_stack(stack, || std::panic::catch_unwind(work));
            // The panic has been told on stderr.
            done.unwrap_or(ExitCode::from(exit::PANICKED))
        }
        // An address space too small for the stack: the ordinary one does for all but the deepest templates.
        Err(_) => work(),
    }
}

/// The same on a thread.
#[cfg(not(target_os = "linux"))]
fn with_stack(work: fn() -> ExitCode) -> ExitCode {
    match std::thread::Builder::new().stack_size(STACK).spawn(work).map(std::thread::JoinHandle::join) {
        Ok(Ok(status)) => status,
        Ok(Err(_)) => ExitCode::from(exit::PANICKED),
        Err(_) => work(),
    }
}

fn work() -> ExitCode {
    let mut args = std::env::args_os().map(|a| a.to_string_lossy().into_owned());
    let program = args.next().unwrap_or_default();
    let args: Vec<String> = args.collect();
    let mut ui = ui::Ui::new();
    let status = run::run(&program, &args, &rhumb_world::Os, &mut ui);
    ExitCode::from(ui.flush(status))
}
