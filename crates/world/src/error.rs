//! A failed file operation, worded as Go's `fs.PathError`.

use std::fmt;
use std::io::{self, ErrorKind};

/// Operation, path and cause; displayed as `open a/b: no such file or directory`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathError {
    /// Go's name of the operation: `open`, `stat`, `lstat`, `read`, `mkdir`, `remove`.
    pub op: &'static str,
    /// The path as the caller gave it.
    pub path: String,
    /// The kind, for callers that decide by it.
    pub kind: ErrorKind,
    /// The system's own text when the kind has no wording here.
    detail: String,
}

impl PathError {
    /// An error from a kind alone.
    #[must_use]
    pub fn new(op: &'static str, path: &str, kind: ErrorKind) -> Self {
        Self { op, path: path.to_owned(), kind, detail: String::new() }
    }

    /// An error that names neither operation nor path.
    #[must_use]
    pub fn bare(text: &str) -> Self {
        Self { detail: text.to_owned(), ..Self::new("", "", ErrorKind::Other) }
    }

    /// An error from what the system said.
    #[must_use]
    pub fn from_io(op: &'static str, path: &str, error: &io::Error) -> Self {
        Self { detail: bare(&error.to_string()), ..Self::new(op, path, error.kind()) }
    }

    /// Links that lead round in circles, which Go tells without a path.
    #[must_use]
    pub fn too_many_links() -> Self {
        let detail = "EvalSymlinks: too many links".to_owned();
        Self { detail, ..Self::new("", "", ErrorKind::Other) }
    }

    /// Whether the path does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.kind == ErrorKind::NotFound
    }

    /// The cause alone, in Go's words: `no such file or directory`.
    #[must_use]
    pub fn cause(&self) -> &str {
        match self.kind {
            ErrorKind::NotFound => "no such file or directory",
            ErrorKind::PermissionDenied => "permission denied",
            ErrorKind::AlreadyExists => "file exists",
            ErrorKind::IsADirectory => "is a directory",
            ErrorKind::NotADirectory => "not a directory",
            ErrorKind::DirectoryNotEmpty => "directory not empty",
            ErrorKind::ReadOnlyFilesystem => "read-only file system",
            ErrorKind::StorageFull => "no space left on device",
            ErrorKind::QuotaExceeded => "disk quota exceeded",
            ErrorKind::FileTooLarge => "file too large",
            ErrorKind::InvalidFilename => "file name too long",
            ErrorKind::InvalidInput => "invalid argument",
            ErrorKind::BrokenPipe => "broken pipe",
            _ if self.detail.is_empty() => "input/output error",
            _ => &self.detail,
        }
    }
}

/// The system's text without Rust's number, first letter small, as Go writes it.
fn bare(text: &str) -> String {
    let text = text.split(" (os error").next().unwrap_or(text);
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.op.is_empty() {
            return f.write_str(self.cause());
        }
        write!(f, "{} {}: {}", self.op, self.path, self.cause())
    }
}

impl std::error::Error for PathError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speaks_as_go_does() {
        let error = PathError::new("open", "a/b", ErrorKind::NotFound);
        assert_eq!(error.to_string(), "open a/b: no such file or directory");
        assert!(error.is_not_found());
    }

    #[test]
    fn system_errors_keep_their_words() {
        // 40 is ELOOP on Linux, whose kind is not stable in Rust.
        let cases = [(2, "no such file or directory"), (13, "permission denied")];
        for (code, text) in cases {
            let error = PathError::from_io("stat", "x", &io::Error::from_raw_os_error(code));
            assert_eq!(error.to_string(), format!("stat x: {text}"));
        }
        let odd = PathError::from_io("stat", "x", &io::Error::from_raw_os_error(40));
        assert!(!odd.to_string().contains("os error"), "{odd}");
    }
}
