//! The two streams: data on standard output, written once; talk on standard error.

use std::io::{ErrorKind, IsTerminal as _, Write as _};

use rhumb_world::PathError;

use crate::errors::Format;
use crate::exit;

/// Collects what a command says. Standard output is held back until the end, so that it is one write; standard error goes out
/// in order at the same time, because nobody reads the two interleaved.
#[derive(Debug, Default)]
pub(crate) struct Ui {
    out: Vec<u8>,
    err: Vec<u8>,
    /// Whether standard output that cannot be written is a failure.
    pub(crate) must_print: bool,
    /// How failures are shown.
    pub(crate) errors: Format,
}

impl Ui {
    /// Nothing said yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Data for standard output.
    pub(crate) fn out(&mut self, text: impl AsRef<[u8]>) {
        self.out.extend_from_slice(text.as_ref());
    }

    /// The same for a long text, which is not copied when it is the first.
    pub(crate) fn out_all(&mut self, text: Vec<u8>) {
        if self.out.is_empty() {
            self.out = text;
        } else {
            self.out(text);
        }
    }

    /// Talk for standard error.
    pub(crate) fn err(&mut self, text: impl AsRef<[u8]>) {
        self.err.extend_from_slice(text.as_ref());
    }

    /// The columns of standard error, when it is a terminal, where more may be said.
    pub(crate) fn terminal() -> Option<usize> {
        let stderr = std::io::stderr();
        stderr.is_terminal().then(|| terminal_size::terminal_size_of(&stderr).map_or(80, |(width, _)| width.0.into()))
    }

    /// Whether standard output is a terminal.
    pub(crate) fn prints_to_terminal() -> bool {
        std::io::stdout().is_terminal()
    }

    /// Writes both streams, and gives the exit code: that of the work, unless writing failed.
    ///
    /// A reader that went away (`| head`) ends the program with the code that a shell shows for SIGPIPE, as it ends Helm. A full
    /// disk is a failure; Helm goes on as if nothing were amiss, but for a few commands, and so do we under its name.
    pub(crate) fn flush(&mut self, status: u8) -> u8 {
        let told = std::io::stderr().write_all(&self.err);
        let mut stdout = std::io::stdout().lock();
        let printed = stdout.write_all(&self.out).and_then(|()| stdout.flush());
        self.out.clear();
        self.err.clear();
        let gone = |result: &std::io::Result<()>| result.as_ref().is_err_and(|e| e.kind() == ErrorKind::BrokenPipe);
        if gone(&told) || gone(&printed) {
            return exit::PIPE;
        }
        match printed {
            Err(e) if self.must_print => {
                let error = PathError::from_io("write", "/dev/stdout", &e);
                let _ = writeln!(std::io::stderr(), "Error: {error}");
                exit::FAILED
            }
            _ => status,
        }
    }

    /// What was said so far, for tests: standard output and standard error.
    #[cfg(test)]
    pub(crate) fn said(&self) -> (String, String) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (text(&self.out), text(&self.err))
    }
}
