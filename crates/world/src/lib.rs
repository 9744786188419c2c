//! The only door outside: files, environment, clock, entropy, DNS, standard input.
//!
//! Everything below the command line reaches the outside world through [`World`], so the same code runs in the command line
//! (`Os`, behind the cargo feature `os`), in a test ([`Memory`]), in an editor and in a browser. Errors speak as Go's
//! `fs.PathError` does, because Helm prints them.

use std::io::ErrorKind;

mod error;
mod memory;
#[cfg(feature = "os")]
mod os;

pub use error::PathError;
pub use memory::Memory;
#[cfg(feature = "os")]
pub use os::Os;

/// What a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A folder.
    Dir,
    /// A symbolic link (only [`World::lstat`] and [`World::read_dir`] tell it).
    Link,
    /// A pipe, device or socket.
    Other,
}

/// What is known about a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metadata {
    /// What the path names.
    pub kind: FileKind,
    /// Size in bytes, as the system reports it.
    pub len: u64,
    /// Permission bits (`0o644`); a system without them reports what Go would.
    pub mode: u32,
    /// Modification time in seconds since 1970.
    pub modified: i64,
}

/// One name in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirEntry {
    /// The name without its folder.
    pub name: String,
    /// What it is; a link is not followed.
    pub kind: FileKind,
}

/// What a started program left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// Its exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Its standard output.
    pub stdout: Vec<u8>,
    /// Its standard error.
    pub stderr: Vec<u8>,
}

/// A result whose failure names operation and path.
pub type Result<T> = std::result::Result<T, PathError>;

/// The outside world. Paths are text with the system's separator, as the user typed them; relative ones start at
/// [`World::current_dir`]. A path that is not UTF-8 cannot be asked for.
///
/// Only clock and chance must be given; a world that says nothing else has no files, no environment and no programs.
pub trait World {
    /// A whole file. Fails with `open …` or `read …`.
    fn read(&self, path: &str) -> Result<Vec<u8>> {
        Err(PathError::new("open", path, ErrorKind::NotFound))
    }

    /// A file up to this many bytes; what lies behind them is not read. Fails as [`World::read`] does.
    fn read_at_most(&self, path: &str, most: u64) -> Result<Vec<u8>> {
        let mut bytes = self.read(path)?;
        bytes.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        Ok(bytes)
    }

    /// The same into a buffer that many reads share, emptied first.
    fn read_into(&self, path: &str, most: u64, buffer: &mut Vec<u8>) -> Result<()> {
        *buffer = self.read_at_most(path, most)?;
        Ok(())
    }

    /// What a path names, links followed. Fails with `stat …`.
    fn stat(&self, path: &str) -> Result<Metadata> {
        Err(PathError::new("stat", path, ErrorKind::NotFound))
    }

    /// What a path names, links not followed. Fails with `lstat …`.
    fn lstat(&self, path: &str) -> Result<Metadata> {
        Err(PathError::new("lstat", path, ErrorKind::NotFound))
    }

    /// The names in a folder, sorted by bytes. Fails with `open …`.
    fn read_dir(&self, path: &str) -> Result<Vec<DirEntry>> {
        Err(PathError::new("open", path, ErrorKind::NotFound))
    }

    /// The path with every link resolved, as Go's `filepath.EvalSymlinks`. Fails with `lstat …`, or `EvalSymlinks: too many links`.
    fn real_path(&self, path: &str) -> Result<String> {
        Err(PathError::new("lstat", path, ErrorKind::NotFound))
    }

    /// Writes a whole file, made anew or cut to nothing first, with these permissions (before the umask). Fails with `open …`
    /// or `write …`; what could not be written whole is removed.
    fn write(&self, path: &str, _bytes: &[u8], _mode: u32) -> Result<()> {
        Err(PathError::new("open", path, ErrorKind::ReadOnlyFilesystem))
    }

    /// Adds to the end of a file, which is made if need be. Fails with `open …`.
    fn append(&self, path: &str, _bytes: &[u8], _mode: u32) -> Result<()> {
        Err(PathError::new("open", path, ErrorKind::ReadOnlyFilesystem))
    }

    /// Makes a folder and its parents; one that exists is fine. Fails with `mkdir …`.
    fn create_dir_all(&self, path: &str) -> Result<()> {
        Err(PathError::new("mkdir", path, ErrorKind::NotFound))
    }

    /// Removes one file or empty folder. Fails with `remove …`.
    fn remove(&self, path: &str) -> Result<()> {
        Err(PathError::new("remove", path, ErrorKind::NotFound))
    }

    /// Everything on standard input, read once. Fails with `read /dev/stdin …`.
    fn stdin(&self) -> Result<Vec<u8>> {
        Ok(Vec::new())
    }

    /// An environment variable, `None` when unset.
    fn var(&self, _name: &str) -> Option<String> {
        None
    }

    /// The folder that relative paths start at.
    fn current_dir(&self) -> Result<String> {
        Ok("/".to_owned())
    }

    /// Now: seconds since 1970-01-01T00:00:00Z and nanoseconds within the second.
    fn now(&self) -> (i64, u32);

    /// The name of the local time zone (`UTC`, `Europe/Berlin`), as Go's `time.Local` would find it.
    fn local_zone(&self) -> String;

    /// The name that Go gives that zone: the same where `TZ` sets one, else `Local`.
    fn local_zone_name(&self) -> String {
        self.local_zone()
    }

    /// Fills a buffer with bytes that nobody can guess.
    fn entropy(&self, buffer: &mut [u8]);

    /// One address of a host name, or nothing where it does not resolve.
    fn resolve_host(&self, name: &str) -> Option<String>;

    /// Runs a program with its standard input and waits for it. Fails with `exec …` when it does not start.
    fn run(&self, program: &str, _args: &[String], _env: &[(String, String)], _stdin: &[u8]) -> Result<Finished> {
        Err(PathError::new("exec", program, ErrorKind::NotFound))
    }

    /// Whether the path names something, links followed.
    fn exists(&self, path: &str) -> bool {
        self.stat(path).is_ok()
    }

    /// Whether the path names a folder, links followed.
    fn is_dir(&self, path: &str) -> bool {
        self.stat(path).is_ok_and(|m| m.kind == FileKind::Dir)
    }
}
