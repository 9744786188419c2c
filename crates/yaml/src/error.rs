//! What can go wrong, in the words that Helm prints.

use std::fmt;

/// Where in Helm's way of a document the error arose; it decides the words put before the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Writing or splitting failed; nothing is put before the text.
    Bare,
    /// The text is no YAML, or YAML that has no JSON form (`error converting YAML to JSON: …`).
    Convert,
    /// The JSON does not fit what the caller wanted (`error unmarshaling JSON: while decoding JSON: …`).
    Unmarshal,
}

/// A failure with Go's wording and, when known, the byte where the trouble lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    stage: Stage,
    text: String,
    offset: Option<u32>,
}

impl Error {
    /// An error of the given stage, with the library's own text.
    pub fn new(stage: Stage, text: impl Into<String>, offset: Option<u32>) -> Self {
        Self(Box::new(Inner { stage, text: text.into(), offset }))
    }

    pub(crate) fn convert(text: impl Into<String>, offset: Option<u32>) -> Self {
        Self::new(Stage::Convert, text, offset)
    }

    pub(crate) fn marshal(text: impl Into<String>) -> Self {
        Self::new(Stage::Bare, text, None)
    }

    pub(crate) fn unmarshal(text: impl Into<String>, offset: Option<u32>) -> Self {
        Self::new(Stage::Unmarshal, text, offset)
    }

    /// The innermost text, as the YAML or JSON library words it: `yaml: line 3: …`, `json: cannot unmarshal …`.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The stage that failed.
    pub fn stage(&self) -> Stage {
        self.0.stage
    }

    /// The byte of the document at which the failure was noticed, for carets.
    pub fn offset(&self) -> Option<u32> {
        self.0.offset
    }
}

/// The whole text as `sigs.k8s.io/yaml.Unmarshal` returns it.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = match self.0.stage {
            Stage::Bare => "",
            Stage::Convert => "error converting YAML to JSON: ",
            Stage::Unmarshal => "error unmarshaling JSON: while decoding JSON: ",
        };
        f.write_str(prefix)?;
        f.write_str(&self.0.text)
    }
}

impl std::error::Error for Error {}
