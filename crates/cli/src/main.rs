//! A compiler for Helm charts: the command line. Thin on purpose; every answer is made in the crates below.

mod command;
mod commands;
mod complete;
mod exit;
mod flags;
mod help;
mod log;
mod paths;
mod persona;
mod run;
mod settings;
mod tree;
mod ui;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args_os().map(|a| a.to_string_lossy().into_owned());
    let program = args.next().unwrap_or_default();
    let args: Vec<String> = args.collect();
    let mut ui = ui::Ui::new();
    let status = run::run(&program, &args, &rhumb_world::Os, &mut ui);
    ui.flush();
    ExitCode::from(status)
}
