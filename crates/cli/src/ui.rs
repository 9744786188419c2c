//! The two streams: data on standard output, written once; talk on standard error.

use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, Write};

use rhumb_world::PathError;

use crate::errors::Format;
use crate::exit;

/// What leaves at once of a long text: as much as a pipe takes.
const PORTION: usize = 64 << 10;

/// Collects what a command says. Standard output is held back until the end, so that it is one write (but a long text that is
/// known to be good leaves in portions); standard error goes out in order at the same time, because nobody reads the two interleaved.
#[derive(Debug, Default)]
pub(crate) struct Ui {
    out: Vec<u8>,
    err: Vec<u8>,
    /// What came of writing so far.
    told: Option<io::Error>,
    printed: Option<io::Error>,
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

    /// The same for a long text, which leaves while `write` makes it. Nothing may go wrong behind it that would forbid it.
    pub(crate) fn out_with(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        if cfg!(test) {
            // Writing to a vector cannot fail.
            let _ = write(&mut self.out);
            return;
        }
        self.tell();
        if self.printed.is_none() {
            let mut stdout = BufWriter::with_capacity(PORTION, io::stdout().lock());
            let printed = stdout.write_all(&self.out).and_then(|()| write(&mut stdout)).and_then(|()| stdout.flush());
            // What could not be written is not tried again.
            let _ = stdout.into_parts();
            self.printed = printed.err();
        }
        self.out.clear();
    }

    fn tell(&mut self) {
        let told = io::stderr().write_all(&self.err);
        self.told = self.told.take().or(told.err());
        self.err.clear();
    }

    /// Talk for standard error.
    pub(crate) fn err(&mut self, text: impl AsRef<[u8]>) {
        self.err.extend_from_slice(text.as_ref());
    }

    /// The columns of standard error, when it is a terminal, where more may be said.
    pub(crate) fn terminal() -> Option<usize> {
        let stderr = io::stderr();
        stderr.is_terminal().then(|| terminal_size::terminal_size_of(&stderr).map_or(80, |(width, _)| width.0.into()))
    }

    /// Whether standard output is a terminal.
    pub(crate) fn prints_to_terminal() -> bool {
        io::stdout().is_terminal()
    }

    /// Writes both streams, and gives the exit code: that of the work, unless writing failed.
    ///
    /// A reader that went away (`| head`) ends the program with the code that a shell shows for SIGPIPE, as it ends Helm. A full
    /// disk is a failure; Helm goes on as if nothing were amiss, but for a few commands, and so do we under its name.
    pub(crate) fn flush(&mut self, status: u8) -> u8 {
        self.tell();
        if self.printed.is_none() {
            let mut stdout = io::stdout().lock();
            self.printed = stdout.write_all(&self.out).and_then(|()| stdout.flush()).err();
        }
        self.out.clear();
        let gone = |error: &Option<io::Error>| error.as_ref().is_some_and(|e| e.kind() == ErrorKind::BrokenPipe);
        if gone(&self.told) || gone(&self.printed) {
            return exit::PIPE;
        }
        match &self.printed {
            Some(e) if self.must_print => {
                let error = PathError::from_io("write", "/dev/stdout", e);
                let _ = writeln!(io::stderr(), "Error: {error}");
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
