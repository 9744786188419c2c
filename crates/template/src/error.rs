//! Errors of templates as data; the words of Go are one way to show them.

/// What went wrong in a function or while a template ran.
#[derive(Clone, Debug)]
pub enum Error {
    /// A function returned an error; the text is the error's own, without "error calling X".
    Message(String),
}

impl Error {
    /// An error with the text a Go function would return.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Error::Message(text.into())
    }
}

impl From<String> for Error {
    fn from(text: String) -> Self {
        Error::Message(text)
    }
}
