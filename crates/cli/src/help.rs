//! Help pages: the command's text, then usage, aliases, subcommands and flags in cobra's order.

use crate::command::{Command, Found, Verb};
use crate::flags::{Set, usages};
use crate::persona::Persona;
use crate::settings::Settings;
use crate::tree::GLOBALS;

/// The whole page.
pub(crate) fn page(found: &Found, program: &str, settings: &Settings) -> String {
    let text = found.command().long.trim_end().replace("@PROGRAM@", program);
    format!("{text}\n\n{}", usage(found, program, settings))
}

/// The page without the text above it.
pub(crate) fn usage(found: &Found, program: &str, settings: &Settings) -> String {
    let command = found.command();
    let name = found.full_name(program);
    let mut out = String::from("Usage:\n");
    if command.verb == Verb::Group {
        out.push_str(&format!("  {name} [command]\n"));
    } else {
        out.push_str(&format!("  {}\n", found.usage_line(program)));
    }
    if !command.aliases.is_empty() {
        out.push_str(&format!("\nAliases:\n  {}, {}\n", command.name, command.aliases.join(", ")));
    }
    subcommands(&mut out, command, program);
    let set = Set::of(command, GLOBALS);
    let defaults = |flag: &str| default_of(flag, settings);
    // Helm has no such flag.
    let ours = (program != Persona::Helm.name()).then_some(&crate::errors::FLAG);
    if found.path.len() == 1 {
        out.push_str(&format!("\nFlags:\n{}", usages(set.all().chain(ours), &defaults)));
    } else {
        out.push_str(&format!("\nFlags:\n{}", usages(set.own(), &defaults)));
        out.push_str(&format!("\nGlobal Flags:\n{}", usages(set.globals().chain(ours), &defaults)));
    }
    if !command.subcommands.is_empty() {
        out.push_str(&format!("\nUse \"{name} [command] --help\" for more information about a command.\n"));
    }
    out
}

fn subcommands(out: &mut String, command: &Command, program: &str) {
    if command.subcommands.is_empty() {
        return;
    }
    out.push_str("\nAvailable Commands:\n");
    let all = command.all();
    let width = all.iter().map(|c| c.name.len()).max().unwrap_or(0).max(11);
    for sub in all {
        // Under Helm's name the list is Helm's; what is missing says so when it is called.
        let missing = is_missing(sub) && program != Persona::Helm.name();
        let note = if missing { " (not yet)" } else { "" };
        out.push_str(&format!("  {:width$} {}{note}\n", sub.name, sub.short));
    }
}

/// Whether a command, or all below it, are known by name alone.
fn is_missing(command: &Command) -> bool {
    match command.verb {
        Verb::Later => true,
        Verb::Group => command.subcommands.iter().all(is_missing),
        _ => false,
    }
}

/// The default of a flag where the environment decides it.
fn default_of(flag: &str, settings: &Settings) -> Option<String> {
    match flag {
        "keyring" => Some(settings.keyring().to_owned()),
        _ => settings.flag_default(flag),
    }
}
