//! From a command line to an exit code: find the command, read its flags, call its verb.

use std::cell::OnceCell;

use rhumb_diag::codes;
use rhumb_world::World;

use crate::command::{self, Found, Verb};
use crate::commands;
use crate::exit::{self, Failure, Outcome};
use crate::flags::{Parsed, Set, parse};
use crate::log::{self, Level};
use crate::persona::Persona;
use crate::plugins::{self, Plugins};
use crate::settings::Settings;
use crate::tree::{GLOBALS, root};
use crate::ui::Ui;
use crate::{complete, errors, help};

/// Everything that a verb works with.
pub(crate) struct Call<'a> {
    /// The outside.
    pub(crate) world: &'a dyn World,
    /// The streams.
    pub(crate) ui: &'a mut Ui,
    /// Who we are.
    pub(crate) persona: Persona,
    /// The command with its way.
    pub(crate) found: &'a Found,
    /// Flags and arguments.
    pub(crate) parsed: &'a Parsed,
    /// Environment and global flags.
    pub(crate) settings: &'a Settings,
    /// The installed plugins.
    pub(crate) plugins: &'a Plugins<'a>,
    /// What came on standard input, which can be read but once.
    pub(crate) input: OnceCell<Vec<u8>>,
}

impl Call<'_> {
    /// Whether `--debug` asks for more lines in the log.
    pub(crate) fn is_debug(&self) -> bool {
        self.settings.var("HELM_DEBUG") == "true"
    }

    /// A line for the log when `--debug` is on.
    pub(crate) fn debug(&mut self, message: &str, fields: &[(&str, &str)]) {
        if self.is_debug() {
            self.ui.err(log::line(Level::Debug, message, fields));
        }
    }

    /// Everything on standard input.
    pub(crate) fn stdin(&self) -> Result<Vec<u8>, String> {
        if let Some(bytes) = self.input.get() {
            return Ok(bytes.clone());
        }
        let bytes = self.world.stdin().map_err(|e| e.to_string())?;
        Ok(self.input.get_or_init(|| bytes).clone())
    }
}

/// Runs one command line (without the program's name) and gives the exit code.
pub(crate) fn run(program: &str, args: &[String], world: &dyn World, ui: &mut Ui) -> u8 {
    let persona = Persona::from_program(program);
    ui.must_print = persona == Persona::Rhumb;
    if let Some(mode) = bad_colour(args) {
        let error = format!("invalid color mode \"{mode}\": must be one of: never, auto, always");
        ui.err(log::line(Level::Warn, "command failed", &[("error", &error)]));
        return exit::FAILED;
    }
    let plugins = Plugins::new(world);
    ui.err(plugins.greeting());
    if let Some(words) = complete::request(args) {
        return complete::answer(&words, persona, world, ui);
    }
    let choice = errors::take_choice(persona, args);
    let done = choice.and_then(|(args, choice)| {
        ui.errors = errors::Format::choose(persona, choice, &args, world);
        call(program, persona, &args, &plugins, world, ui)
    });
    match done {
        Ok(()) => exit::OK,
        Err(failure) => {
            errors::show(ui, &failure);
            exit::FAILED
        }
    }
}

fn call(
    program: &str,
    persona: Persona,
    args: &[String],
    plugins: &Plugins<'_>,
    world: &dyn World,
    ui: &mut Ui,
) -> Outcome {
    let name = persona.name();
    let found = command::find(root(persona), GLOBALS, args);
    let command = found.command();
    let set = Set::of(command, GLOBALS);
    if found.path.len() == 1
        && let Some(at) = command::first_word(&found.rest, &set)
    {
        let text = command::unknown_command(root(persona), name, &found.rest[at]);
        return Err(Failure::new(text).code(codes::UNKNOWN_COMMAND));
    }
    if command.verb == Verb::Later && !asks_for_help(&found.rest) {
        return Err(errors::not_yet(&found, persona));
    }
    let parsed = if command.verb == Verb::Later {
        Parsed::default()
    } else {
        let mut find = |name: &str| {
            let installed = plugins.look();
            ui.err(&installed.warnings);
            installed.find(plugins::Kind::PostRenderer, name)
        };
        parse(&set, &found.rest, &mut find).map_err(|e| errors::flag(&set, e))?
    };
    ui.err(&parsed.notices);
    let settings = Settings::new(world, &parsed, program);
    for warning in &parsed.warnings {
        ui.err(log::line(Level::Warn, warning, &[]));
    }
    if parsed.is("help") || matches!(command.verb, Verb::Group | Verb::Later) {
        ui.out(help::page(&found, name, &settings));
        return Ok(());
    }
    if let Some(complaint) = command::check_arity(&found, name, parsed.args.len()) {
        return Err(Failure::new(complaint).code(codes::BAD_ARGUMENTS));
    }
    check_exclusive(command.exclusive, &parsed)?;
    let mut call = Call {
        world,
        ui,
        persona,
        found: &found,
        parsed: &parsed,
        settings: &settings,
        plugins,
        input: OnceCell::new(),
    };
    commands::dispatch(command.verb, &mut call)
}

fn asks_for_help(args: &[String]) -> bool {
    args.iter().take_while(|a| *a != "--").any(|a| a == "-h" || a == "--help")
}

/// The colour mode of the command line when it is none of the three; Helm looks at it before anything else.
fn bad_colour(args: &[String]) -> Option<String> {
    let mut mode = None;
    let mut words = args.iter().take_while(|a| *a != "--");
    while let Some(word) = words.next() {
        for flag in ["--color", "--colour"] {
            match word.strip_prefix(flag) {
                Some("") => mode = words.next().cloned().or(mode.take()),
                Some(rest) if rest.starts_with('=') => mode = Some(rest[1..].to_owned()),
                _ => {}
            }
        }
    }
    mode.filter(|m| !matches!(m.as_str(), "never" | "auto" | "always"))
}

fn check_exclusive(groups: &[&[&str]], parsed: &Parsed) -> Outcome {
    for group in groups {
        let mut given: Vec<&str> = group.iter().copied().filter(|f| parsed.changed(f)).collect();
        if given.len() > 1 {
            given.sort_unstable();
            let text = format!(
                "if any flags in the group [{}] are set none of the others can be; [{}] were all set",
                group.join(" "),
                given.join(" ")
            );
            return Err(Failure::new(text).code(codes::BAD_ARGUMENTS).hint("give one of them"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
