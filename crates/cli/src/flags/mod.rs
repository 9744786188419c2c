//! Flags as data, read the way Go's pflag reads them: one table a command, from which help, completion and parsing come.

mod csv;
mod duration;
mod parse;
mod usage;
mod value;

pub(crate) use parse::{Parsed, parse};
pub(crate) use usage::usages;
pub(crate) use value::boolean;

use rhumb_gostd::strconv::quote_string;

use crate::command::Command;

/// The text as Go's `%q` writes it, for messages that repeat what the user typed.
pub(crate) fn quote(text: &str) -> String {
    quote_string(text.as_bytes())
}

/// What a flag's value must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `true` or `false`; alone it is `true`.
    Bool,
    /// Go's plain `flag` boolean, whose complaint is shorter.
    GoBool,
    /// Go's plain `flag` unsigned number.
    GoUint,
    /// Any text.
    Text,
    /// A whole number of 64 bits.
    Int,
    /// A whole number of 32 bits.
    Int32,
    /// A floating-point number of 32 bits.
    Float32,
    /// `1h30m`.
    Duration,
    /// Each use adds one text.
    Array,
    /// Each use adds the fields of a line of CSV.
    Slice,
    /// `key=value` pairs, several in a line of CSV.
    Map,
    /// How to wait for a release.
    Wait,
    /// The name of a post-renderer plugin.
    PostRenderer,
    /// Arguments of the post-renderer.
    PostRendererArgs,
    /// `file=N` pairs of the logging library.
    VModule,
    /// `file.go:234` of the logging library.
    Backtrace,
}

/// One flag.
#[derive(Debug)]
pub(crate) struct Flag {
    /// The name without dashes.
    pub(crate) name: &'static str,
    /// The one-letter form.
    pub(crate) short: Option<char>,
    /// What its value must look like.
    pub(crate) kind: Kind,
    /// The value when it is not given, in the form that `Parsed::text` returns.
    pub(crate) default: &'static str,
    /// The value of the flag without `=value`, where it may stand alone and is no boolean.
    pub(crate) bare: Option<&'static str>,
    /// One line of help.
    pub(crate) usage: &'static str,
    /// Not listed.
    pub(crate) hidden: bool,
    /// Still taken, with this advice.
    pub(crate) deprecated: Option<&'static str>,
}

impl Flag {
    /// A flag with nothing but a name, kind and help.
    pub(crate) const fn new(name: &'static str, kind: Kind, usage: &'static str) -> Self {
        let default = match kind {
            Kind::Bool | Kind::GoBool => "false",
            Kind::Int | Kind::Int32 | Kind::GoUint | Kind::Float32 => "0",
            _ => "",
        };
        Self { name, short: None, kind, default, bare: None, usage, hidden: false, deprecated: None }
    }

    /// With a one-letter form.
    pub(crate) const fn short(mut self, short: char) -> Self {
        self.short = Some(short);
        self
    }

    /// With a value when it is not given.
    pub(crate) const fn default(mut self, default: &'static str) -> Self {
        self.default = default;
        self
    }

    /// With a value when it stands alone.
    pub(crate) const fn bare(mut self, bare: &'static str) -> Self {
        self.bare = Some(bare);
        self
    }

    /// Not listed in help.
    pub(crate) const fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    /// Taken with a warning, and not listed.
    pub(crate) const fn deprecated(mut self, advice: &'static str) -> Self {
        self.deprecated = Some(advice);
        self.hidden = true;
        self
    }

    /// The value of the flag standing alone, or nothing when it needs one.
    pub(crate) fn alone(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Bool | Kind::GoBool => Some("true"),
            _ => self.bare,
        }
    }

    /// Whether it may be given several times, each adding to the last.
    pub(crate) fn is_list(&self) -> bool {
        matches!(self.kind, Kind::Array | Kind::Slice | Kind::PostRendererArgs)
    }

    /// The name in complaints: `-f, --values`.
    pub(crate) fn title(&self) -> String {
        match self.short {
            Some(short) => format!("-{short}, --{}", self.name),
            None => format!("--{}", self.name),
        }
    }
}

/// The flag that every command has.
pub(crate) static HELP: Flag = Flag::new("help", Kind::Bool, "show this page").short('h');

/// The flags that count for one command.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Set {
    own: &'static [&'static [Flag]],
    globals: &'static [Flag],
}

impl Set {
    /// The flags of a command and those of the program.
    pub(crate) fn of(command: &Command, globals: &'static [Flag]) -> Self {
        Self { own: command.flags, globals }
    }

    /// The command's own flags with `--help`, unsorted.
    pub(crate) fn own(&self) -> impl Iterator<Item = &'static Flag> + use<> {
        self.own.iter().flat_map(|t| t.iter()).chain(std::iter::once(&HELP))
    }

    /// The program's flags.
    pub(crate) fn globals(&self) -> impl Iterator<Item = &'static Flag> + use<> {
        self.globals.iter()
    }

    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &'static Flag> + use<> {
        self.own().chain(self.globals())
    }

    /// The flag of this name.
    pub(crate) fn by_name(&self, name: &str) -> Option<&'static Flag> {
        self.all().find(|f| f.name == name)
    }

    /// The flag of this letter.
    pub(crate) fn by_short(&self, short: Option<char>) -> Option<&'static Flag> {
        self.all().find(|f| f.short.is_some() && f.short == short)
    }
}
