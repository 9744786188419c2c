//! What a command is, as data: names, usage, flags, subcommands; and how a command line finds its command.

use rhumb_diag::edits;

use crate::flags::{Flag, Set};

/// What to do when a command is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    /// Only holds subcommands: prints its help.
    Group,
    /// `template`.
    Template,
    /// `lint`.
    Lint,
    /// `explain`, which is ours.
    Explain,
    /// `show` with its part.
    Show,
    /// `create`.
    Create,
    /// `version`.
    Version,
    /// `env`.
    Env,
    /// `completion` for the shell of the command's name.
    Completion,
    /// `help`.
    Help,
    /// A command of Helm that is not done yet.
    Later,
}

/// How many arguments a command takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arity {
    /// No rule.
    Any,
    /// None.
    None,
    /// Exactly so many.
    Exactly(usize),
    /// At least so many.
    AtLeast(usize),
    /// At most so many.
    AtMost(usize),
}

/// One command of the tree.
#[derive(Debug)]
pub(crate) struct Command {
    /// The first name.
    pub(crate) name: &'static str,
    /// Other names.
    pub(crate) aliases: &'static [&'static str],
    /// What follows the name in the usage line: `[NAME] [CHART]`.
    pub(crate) arguments: &'static str,
    /// One line for lists.
    pub(crate) short: &'static str,
    /// The help page's text.
    pub(crate) long: &'static str,
    /// Its own flags, in tables that commands share.
    pub(crate) flags: &'static [&'static [Flag]],
    /// Flags of which only one may be given, in Helm's order.
    pub(crate) exclusive: &'static [&'static [&'static str]],
    /// How many arguments.
    pub(crate) arity: Arity,
    /// What it does.
    pub(crate) verb: Verb,
    /// Its subcommands, in the order of the list.
    pub(crate) subcommands: &'static [Command],
    /// Further subcommands, which Helm does not have.
    pub(crate) own: &'static [Command],
}

impl Command {
    /// A command with a name and nothing else, to be completed with struct update syntax.
    pub(crate) const BLANK: Self = Self {
        name: "",
        aliases: &[],
        arguments: "",
        short: "",
        long: "",
        flags: &[],
        exclusive: &[],
        arity: Arity::Any,
        verb: Verb::Later,
        subcommands: &[],
        own: &[],
    };

    /// The subcommand with this name or alias.
    pub(crate) fn subcommand(&self, name: &str) -> Option<&'static Command> {
        self.subcommands.iter().chain(self.own).find(|c| c.name == name || c.aliases.contains(&name))
    }

    /// All subcommands by name.
    pub(crate) fn all(&self) -> Vec<&'static Command> {
        let mut all: Vec<&'static Command> = self.subcommands.iter().chain(self.own).collect();
        all.sort_by_key(|c| c.name);
        all
    }
}

/// A command with the way that led to it.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// From the root down; never empty.
    pub(crate) path: Vec<&'static Command>,
    /// The command line without the names of the way.
    pub(crate) rest: Vec<String>,
}

impl Found {
    /// The command itself.
    pub(crate) fn command(&self) -> &'static Command {
        self.path.last().copied().unwrap_or(&crate::tree::ROOT)
    }

    /// `helm show chart`, with the program's name first.
    pub(crate) fn full_name(&self, program: &str) -> String {
        let mut name = program.to_owned();
        for command in &self.path[1..] {
            name.push(' ');
            name.push_str(command.name);
        }
        name
    }

    /// `helm show chart [CHART] [flags]`.
    pub(crate) fn usage_line(&self, program: &str) -> String {
        let command = self.command();
        let mut line = self.full_name(program);
        if !command.arguments.is_empty() {
            line.push(' ');
            line.push_str(command.arguments);
        }
        line.push_str(" [flags]");
        line
    }
}

/// Finds the command of a command line: the first word that is neither flag nor flag value names a subcommand, again and again.
pub(crate) fn find(root: &'static Command, globals: &'static [Flag], args: &[String]) -> Found {
    let mut found = Found { path: vec![root], rest: args.to_vec() };
    loop {
        let command = found.command();
        let set = Set::of(command, globals);
        let Some((at, next)) =
            first_word(&found.rest, &set).and_then(|at| command.subcommand(&found.rest[at]).map(|next| (at, next)))
        else {
            return found;
        };
        found.rest.remove(at);
        found.path.push(next);
    }
}

/// Where the first word is that is no flag and no flag's value; a `--` ends the search.
pub(crate) fn first_word(args: &[String], set: &Set) -> Option<usize> {
    let mut at = 0;
    while let Some(arg) = args.get(at) {
        if arg == "--" {
            return None;
        }
        if takes_next(arg, set) {
            at += 2;
        } else if !arg.is_empty() && !arg.starts_with('-') {
            return Some(at);
        } else {
            at += 1;
        }
    }
    None
}

/// Whether a word is a flag whose value is the next word. An unknown flag is taken to have one, as cobra does.
fn takes_next(arg: &str, set: &Set) -> bool {
    if arg.contains('=') {
        return false;
    }
    let flag = match arg.strip_prefix("--") {
        Some(name) => set.by_name(name),
        None => match arg.strip_prefix('-') {
            Some(short) if short.len() == 1 => set.by_short(short.chars().next()),
            _ => return false,
        },
    };
    flag.is_none_or(|f| f.alone().is_none())
}

/// Helm's complaint about a number of arguments, or nothing.
pub(crate) fn check_arity(found: &Found, program: &str, count: usize) -> Option<String> {
    let plural = |n: usize| if n == 1 { "argument" } else { "arguments" };
    let words = match found.command().arity {
        Arity::None if count > 0 => "accepts no arguments".to_owned(),
        Arity::Exactly(n) if count != n => format!("requires {n} {}", plural(n)),
        Arity::AtLeast(n) if count < n => format!("requires at least {n} {}", plural(n)),
        Arity::AtMost(n) if count > n => format!("accepts at most {n} {}", plural(n)),
        _ => return None,
    };
    let name = found.full_name(program);
    Some(format!("\"{name}\" {words}\n\nUsage:  {}", found.usage_line(program)))
}

/// The order in which the reference offers its commands.
const SUGGESTED: [&str; 26] = [
    "create",
    "dependency",
    "pull",
    "show",
    "lint",
    "package",
    "repo",
    "search",
    "verify",
    "get",
    "history",
    "install",
    "list",
    "test",
    "rollback",
    "status",
    "template",
    "uninstall",
    "upgrade",
    "completion",
    "env",
    "plugin",
    "version",
    "registry",
    "push",
    "help",
];

/// The message for a first word that names nothing, with names that are near.
pub(crate) fn unknown_command(root: &Command, program: &str, word: &str) -> String {
    let mut text = format!("unknown command \"{word}\" for \"{program}\"\n");
    let near = SUGGESTED.iter().copied().chain(root.own.iter().map(|c| c.name)).filter(|name| is_near(word, name));
    let near: Vec<_> = near.filter_map(|name| root.subcommand(name)).collect();
    if !near.is_empty() {
        text.push_str("\nDid you mean this?\n");
        for command in near {
            text.push('\t');
            text.push_str(command.name);
            text.push('\n');
        }
        text.push('\n');
    }
    text.push_str(&format!("Run '{program} --help' for usage."));
    text
}

fn is_near(word: &str, name: &str) -> bool {
    let (word, name) = (word.to_lowercase(), name.to_lowercase());
    edits(&word, &name) <= 2 || name.starts_with(&word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{GLOBALS, ROOT};

    fn way(line: &str) -> String {
        let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let found = find(&ROOT, GLOBALS, &args);
        format!("{} | {}", found.full_name("helm"), found.rest.join(" "))
    }

    #[test]
    fn finds_commands_between_flags() {
        let cases = [
            ("show chart x", "helm show chart | x"),
            ("--debug show chart x", "helm show chart | --debug x"),
            ("--namespace show show chart", "helm show chart | --namespace show"),
            ("-n show show chart", "helm show chart | -n show"),
            ("--log-dir version", "helm | --log-dir version"),
            ("inspect values x", "helm show values | x"),
            ("-- version", "helm | -- version"),
            ("foo version", "helm | foo version"),
        ];
        for (line, want) in cases {
            assert_eq!(way(line), want, "{line}");
        }
    }

    // Observed from Helm 4.3.1.
    #[test]
    fn near_names_are_offered() {
        assert_eq!(
            unknown_command(&ROOT, "helm", "templte"),
            "unknown command \"templte\" for \"helm\"\n\nDid you mean this?\n\ttemplate\n\nRun 'helm --help' for usage."
        );
        let near = |word: &str| -> Vec<String> {
            let text = unknown_command(&ROOT, "helm", word);
            text.lines().filter_map(|line| line.strip_prefix('\t')).map(str::to_owned).collect()
        };
        for (word, want) in [
            ("lnt", "lint get list env"),
            ("re", "repo get registry"),
            ("p", "pull package plugin push"),
            ("t", "get test template"),
            ("s", "show search status"),
            ("v", "verify env version"),
        ] {
            assert_eq!(near(word).join(" "), want, "{word}");
        }
        assert_eq!(
            unknown_command(&ROOT, "helm", "foo"),
            "unknown command \"foo\" for \"helm\"\nRun 'helm --help' for usage."
        );
    }
}
