//! The parts of a case file as data.

use crate::answer::Answer;

/// One text file under `conformance/`: files that all its cases share, and the cases.
#[derive(Debug)]
pub struct CaseFile {
    /// Path below `conformance/` without the extension, such as `template/printf`.
    pub name: String,
    /// The whole text, as read.
    pub text: String,
    /// The cases in order of the text.
    pub cases: Vec<Case>,
}

/// Files and the commands that run over them, one after the other, in one fresh folder.
#[derive(Debug)]
pub struct Case {
    /// What is tested, unique in its file.
    pub title: String,
    /// The files to unpack before the first command, the shared ones first.
    pub files: Vec<InputFile>,
    /// The commands.
    pub steps: Vec<Step>,
}

/// A file that a case brings along.
#[derive(Debug, Clone)]
pub struct InputFile {
    /// Path below the case's folder; it may lead out of a chart, but not out of the folder.
    pub path: String,
    /// How to make it.
    pub content: Content,
}

/// How an input file is made.
#[derive(Debug, Clone)]
pub enum Content {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A symbolic link to this target.
    Link(String),
    /// A gzipped tar of a folder of the case.
    Pack(String),
    /// No file, not even the one that would be there without asking.
    Nothing,
}

/// One command and what was recorded for it.
#[derive(Debug)]
pub struct Step {
    /// Line number (from 1) where it stands, for messages.
    pub line: usize,
    /// What to run.
    pub action: Action,
    /// How to run it and what to look at.
    pub options: Options,
    /// What Helm answered, or nothing where it has not been recorded yet.
    pub recorded: Option<Answer>,
    /// Range of line indices (from 0) of the recorded part, empty where there is none.
    pub recorded_lines: std::ops::Range<usize>,
}

/// What a step runs.
#[derive(Debug)]
pub enum Action {
    /// A command line, without the program's name.
    Command {
        /// Which program the line names.
        program: Program,
        /// Its arguments.
        args: Vec<String>,
    },
    /// `helm template demo`, with this text as the template `demo/templates/main.yaml`.
    Template {
        /// The template's text.
        text: String,
    },
}

/// Whose answer a step records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// The drop-in name: both programs run it, and both must say the same.
    Helm,
    /// A verb of our own, which the reference does not have.
    Rhumb,
}

/// The `%` lines before a step.
#[derive(Debug, Default, Clone)]
pub struct Options {
    /// Further arguments of a template step.
    pub args: Vec<String>,
    /// Environment on top of the isolated one.
    pub env: Vec<(String, String)>,
    /// A file of the case that becomes the standard input.
    pub stdin: Option<String>,
    /// What the reference itself does not repeat.
    pub masks: Vec<String>,
    /// Texts that are ours by design.
    pub ours: Vec<Ours>,
    /// What of the answer counts.
    pub only: Only,
    /// Compare the lines of each stream without their order.
    pub sorted: bool,
}

/// A text that is ours by design, and so neither recorded nor compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ours {
    /// The prose of a help page; commands, flags, types and defaults are compared.
    Help,
    /// A file whose path ends so, and the lines that name it.
    File(String),
}

/// What of an answer counts.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// Everything.
    #[default]
    All,
    /// Streams and exit code, but only the names of the files written.
    Names,
    /// The exit code and nothing else.
    Exit,
    /// The standard output and the exit code.
    Stdout,
}
