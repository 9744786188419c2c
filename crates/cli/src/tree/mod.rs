//! The tree of commands, as data: the same names, aliases, flags and arities as Helm 4.3.1; the words are ours.

mod flags;
mod later;

pub(crate) use flags::GLOBALS;

use crate::command::{Arity, Command, Verb};
use crate::persona::Persona;
use flags::{CHART_SOURCE, CREATE, EXPLAIN, JSONPATH, LINT, NO_DESCRIPTIONS, TEMPLATE, VALUES, VERSION};

/// The program under Helm's name.
pub(crate) static ROOT: Command = BARE;

/// The program under its own name: with what Helm does not have.
static OURS: Command = Command {
    own: &[Command {
        name: "explain",
        arguments: "[NAME] [CHART] [KIND/NAME[:path] | NOTES | .Values.path]",
        short: "tell where a line of the output comes from",
        long: include_str!("explain.txt"),
        flags: &[EXPLAIN, CHART_SOURCE, VALUES],
        arity: Arity::AtLeast(1),
        verb: Verb::Explain,
        ..Command::BLANK
    }],
    ..BARE
};

/// The program as it was started.
pub(crate) fn root(persona: Persona) -> &'static Command {
    match persona {
        Persona::Helm => &ROOT,
        Persona::Rhumb => &OURS,
    }
}

const BARE: Command = Command {
    name: "helm",
    short: "render, check and inspect Helm charts",
    long: include_str!("root.txt"),
    verb: Verb::Group,
    subcommands: &[
        Command {
            name: "completion",
            short: "print a completion script for a shell",
            long: "Print a script that teaches a shell to complete commands, flags and arguments.\nPick the shell with a subcommand.",
            verb: Verb::Group,
            subcommands: &[shell("bash"), shell("fish"), shell("powershell"), shell("zsh")],
            ..Command::BLANK
        },
        Command {
            name: "create",
            arguments: "NAME",
            short: "start a new chart in a folder of that name",
            long: include_str!("create.txt"),
            flags: &[CREATE],
            arity: Arity::Exactly(1),
            verb: Verb::Create,
            ..Command::BLANK
        },
        later::DEPENDENCY,
        Command {
            name: "env",
            short: "print the settings that come from the environment",
            long: "Print every setting that the environment or a global flag decides, one NAME=\"value\" a line.\nWith a NAME, print that value alone.",
            arity: Arity::AtMost(1),
            verb: Verb::Env,
            ..Command::BLANK
        },
        later::GET,
        Command {
            name: "help",
            arguments: "[command]",
            short: "show the help page of a command",
            long: "Show the help page of any command; write the command as you would call it.",
            verb: Verb::Help,
            ..Command::BLANK
        },
        later::HISTORY,
        later::INSTALL,
        Command {
            name: "lint",
            arguments: "PATH",
            short: "look for faults in a chart",
            long: include_str!("lint.txt"),
            flags: &[LINT, VALUES],
            arity: Arity::AtLeast(1),
            verb: Verb::Lint,
            ..Command::BLANK
        },
        later::LIST,
        later::PACKAGE,
        later::PLUGIN,
        later::PULL,
        later::PUSH,
        later::REGISTRY,
        later::REPO,
        later::ROLLBACK,
        later::SEARCH,
        Command {
            name: "show",
            aliases: &["inspect"],
            short: "print what a chart holds",
            long: "Print parts of a chart without rendering it. Pick the part with a subcommand.",
            verb: Verb::Group,
            subcommands: &[
                show("all", "print definition, values, README and CRDs of a chart", &[CHART_SOURCE]),
                show("chart", "print a chart's definition, Chart.yaml", &[CHART_SOURCE]),
                show("crds", "print a chart's CustomResourceDefinitions", &[CHART_SOURCE]),
                show("readme", "print a chart's README", &[CHART_SOURCE]),
                show("values", "print a chart's default values", &[CHART_SOURCE, JSONPATH]),
            ],
            ..Command::BLANK
        },
        later::STATUS,
        Command {
            name: "template",
            arguments: "[NAME] [CHART]",
            short: "render a chart to manifests, without a cluster",
            long: include_str!("template.txt"),
            flags: &[TEMPLATE, CHART_SOURCE, VALUES],
            exclusive: &[
                &["force-replace", "force-conflicts"],
                &["force", "force-conflicts"],
                &["validate", "dry-run"],
            ],
            arity: Arity::AtLeast(1),
            verb: Verb::Template,
            ..Command::BLANK
        },
        later::TEST,
        later::UNINSTALL,
        later::UPGRADE,
        later::VERIFY,
        Command {
            name: "version",
            short: "print the version",
            long: include_str!("version.txt"),
            flags: &[VERSION],
            arity: Arity::None,
            verb: Verb::Version,
            ..Command::BLANK
        },
    ],
    ..Command::BLANK
};

const fn shell(name: &'static str) -> Command {
    Command {
        name,
        short: "print the completion script for this shell",
        long: "Print the completion script for this shell. Load it for one session by evaluating the output,\nor keep it where the shell looks for completions.",
        flags: &[NO_DESCRIPTIONS],
        arity: Arity::None,
        verb: Verb::Completion,
        ..Command::BLANK
    }
}

const fn show(name: &'static str, short: &'static str, flags: &'static [&'static [crate::flags::Flag]]) -> Command {
    Command {
        name,
        arguments: "[CHART]",
        short,
        long: short,
        flags,
        arity: Arity::Exactly(1),
        verb: Verb::Show,
        ..Command::BLANK
    }
}
