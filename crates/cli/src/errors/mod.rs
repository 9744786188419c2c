//! How failures are shown: in Helm's words alone, with place and cause for people, or as JSON for programs.
//!
//! Under the name `helm` the words are always Helm's alone, and so they are where standard error is no terminal, unless the
//! environment variable `RHUMB_ERRORS` or the flag `--errors` asks for another form.

mod command_line;
mod loading;
mod page;
mod rendering;

use rhumb_diag::render::{Look, human, json};
use rhumb_diag::{Diagnostic, Report};
use rhumb_gostd::raw;
use rhumb_world::World;

pub(crate) use command_line::{flag, not_yet};
pub(crate) use loading::{declared, loading};
pub(crate) use page::section;
pub(crate) use rendering::{Again, rendering, schema, unreadable};

use crate::exit::Failure;
use crate::flags::{Flag, Kind, quote};
use crate::persona::Persona;
use crate::ui::Ui;

/// The form of failures on standard error.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Format {
    /// `Error: ` and Helm's words.
    #[default]
    Plain,
    /// With place and cause.
    Rich(Look),
    /// One object a line.
    Json,
}

/// The flag, for help pages: it is taken out of command lines before they are read.
pub(crate) static FLAG: Flag =
    Flag::new("errors", Kind::Text, "how failures are shown: auto, rich, plain or json").default("auto");

/// What may stand behind it.
pub(crate) const FORMS: [&str; 4] = ["auto", "rich", "plain", "json"];

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    /// Rich on a terminal, else plain.
    Auto,
    /// Rich everywhere.
    Rich,
    /// Plain everywhere.
    Plain,
    /// JSON everywhere.
    Json,
}

impl Choice {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "auto" => Some(Self::Auto),
            "rich" => Some(Self::Rich),
            "plain" => Some(Self::Plain),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// Takes `--errors WORD` out of a command line. Helm has no such flag, so under its name nothing is taken.
pub(crate) fn take_choice(persona: Persona, args: &[String]) -> Result<(Vec<String>, Option<Choice>), Failure> {
    let mut rest = Vec::with_capacity(args.len());
    let mut choice = None;
    if persona == Persona::Helm {
        return Ok((args.to_vec(), None));
    }
    let mut words = args.iter();
    while let Some(word) = words.next() {
        if word == "--" {
            rest.push(word.clone());
            rest.extend(words.cloned());
            break;
        }
        let given = match word.strip_prefix("--errors") {
            Some("") => words.next().ok_or_else(|| Failure::new("flag needs an argument: --errors"))?.as_str(),
            Some(value) if value.starts_with('=') => &value[1..],
            _ => {
                rest.push(word.clone());
                continue;
            }
        };
        choice = Some(Choice::parse(given).ok_or_else(|| {
            let given = quote(given);
            let forms = FORMS.join(", ");
            Failure::new(format!("invalid argument {given} for \"--errors\" flag: must be one of: {forms}"))
        })?);
    }
    Ok((rest, choice))
}

impl Format {
    /// The form for this run: the flag decides, then the environment, then whether there is a terminal.
    pub(crate) fn choose(persona: Persona, flag: Option<Choice>, args: &[String], world: &dyn World) -> Self {
        if persona == Persona::Helm {
            return Self::Plain;
        }
        let named = || world.var("RHUMB_ERRORS").and_then(|word| Choice::parse(&word));
        let terminal = Ui::terminal();
        match flag.or_else(named).unwrap_or(Choice::Auto) {
            Choice::Plain => Self::Plain,
            Choice::Json => Self::Json,
            Choice::Auto if terminal.is_none() => Self::Plain,
            Choice::Auto | Choice::Rich => {
                let columns = || world.var("COLUMNS").and_then(|text| text.parse().ok());
                let width = terminal.or_else(columns).unwrap_or(Look::PLAIN.width);
                Self::Rich(Look { colour: wants_colour(args, world, terminal.is_some()), width })
            }
        }
    }

    /// Whether anybody will see more than Helm's words.
    pub(crate) fn wants_report(self) -> bool {
        self != Self::Plain
    }
}

fn wants_colour(args: &[String], world: &dyn World, is_terminal: bool) -> bool {
    let mut mode = None;
    let mut words = args.iter().take_while(|a| *a != "--");
    while let Some(word) = words.next() {
        match word.strip_prefix("--color").or_else(|| word.strip_prefix("--colour")) {
            Some("") => mode = words.next().map(String::as_str),
            Some(value) => mode = value.strip_prefix('=').or(mode),
            None => {}
        }
    }
    let quiet =
        || world.var("NO_COLOR").is_some_and(|v| !v.is_empty()) || world.var("TERM").is_some_and(|t| t == "dumb");
    match mode {
        Some("never") => false,
        Some("always") => true,
        _ => is_terminal && !quiet(),
    }
}

/// Tells a failure on standard error.
pub(crate) fn show(ui: &mut Ui, failure: &Failure) {
    if ui.errors == Format::Plain {
        ui.err(raw::bytes(&format!("Error: {}\n", failure.message)));
        return;
    }
    let bare;
    let report = match &failure.report {
        Some(report) if failure.hints.is_empty() && !report.diagnostics.is_empty() => &**report,
        Some(report) if !report.diagnostics.is_empty() => {
            let mut hinted = (**report).clone();
            hinted.diagnostics[0].hints.extend(failure.hints.iter().cloned());
            bare = hinted;
            &bare
        }
        _ => {
            let mut diagnostic = Diagnostic::error(failure.code, failure.message.clone());
            diagnostic.hints.clone_from(&failure.hints);
            bare = Report { diagnostics: vec![diagnostic], ..Report::default() };
            &bare
        }
    };
    explain(ui, report);
}

/// Tells all that a report has, in the form asked for; nothing where Helm's words alone are wanted.
pub(crate) fn explain(ui: &mut Ui, report: &Report) {
    for (i, diagnostic) in report.diagnostics.iter().enumerate() {
        match ui.errors {
            Format::Plain => {}
            Format::Rich(look) => {
                let gap = if i > 0 { "\n" } else { "" };
                ui.err(raw::shown(&format!("{gap}{}", human(diagnostic, &report.sources, look))).as_bytes());
            }
            _ => ui.err(raw::shown(&format!("{}\n", json(diagnostic, &report.sources))).as_bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rhumb_world::Memory;

    fn words(line: &[&str]) -> Vec<String> {
        line.iter().map(|w| (*w).to_owned()).collect()
    }

    #[test]
    fn the_flag_is_taken_out() {
        let taken = |line: &[&str]| take_choice(Persona::Rhumb, &words(line)).map_err(|f| f.message);
        assert_eq!(taken(&["a", "--errors", "json", "b"]), Ok((words(&["a", "b"]), Some(Choice::Json))));
        assert_eq!(taken(&["--errors=rich"]), Ok((Vec::new(), Some(Choice::Rich))));
        assert_eq!(taken(&["--", "--errors=rich"]), Ok((words(&["--", "--errors=rich"]), None)));
        assert!(taken(&["--errors"]).is_err());
        assert!(taken(&["--errors=x"]).is_err());
        let helm = take_choice(Persona::Helm, &words(&["--errors=x"])).map_err(|f| f.message);
        assert_eq!(helm, Ok((words(&["--errors=x"]), None)));
    }

    #[test]
    fn helm_is_always_plain() {
        let world = Memory::new().env("RHUMB_ERRORS", "rich").env("COLUMNS", "60");
        assert_eq!(Format::choose(Persona::Helm, Some(Choice::Json), &[], &world), Format::Plain);
        let rich = Format::choose(Persona::Rhumb, None, &[], &world);
        assert!(matches!(rich, Format::Rich(_)));
        assert_eq!(Format::choose(Persona::Rhumb, Some(Choice::Plain), &[], &world), Format::Plain);
        assert_eq!(Format::choose(Persona::Rhumb, Some(Choice::Json), &[], &world), Format::Json);
    }

    #[test]
    fn colours_on_demand() {
        let world = Memory::new();
        assert!(wants_colour(&words(&["--color", "always"]), &world, false));
        assert!(!wants_colour(&words(&["--colour=never"]), &world, true));
        assert!(wants_colour(&[], &world, true));
        assert!(!wants_colour(&[], &Memory::new().env("NO_COLOR", "1"), true));
        assert!(!wants_colour(&[], &Memory::new().env("TERM", "dumb"), true));
    }
}
