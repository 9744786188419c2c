//! The quick way: says that values fit a schema where that is sure, and nothing else.
//!
//! The validator compiles the schemas of all drafts and then the chart's, which costs more than the rest of many a
//! render; nearly all values fit. Here the text is read once into a flat list of nodes (`read`), each keyword is looked at
//! as the schema of its draft demands (`check`), and the values are judged on the nodes themselves (`judge`). Whatever is
//! not plain — a rare keyword, a broken schema, a value that does not fit — is `Unsure`: then the validator decides, and
//! finds the words.

mod check;
mod judge;
mod keyword;
mod number;
mod pattern;
mod read;
#[cfg(test)]
mod tests;

use rhumb_value::Value;

pub(crate) use keyword::{Draft, draft};
use read::Doc;

/// Only the validator can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unsure;

/// An answer that the validator would give too.
pub(crate) type Sure<T> = Result<T, Unsure>;

/// Whether a text is surely JSON.
pub(crate) fn is_json(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| read::read(text).is_ok())
}

/// A schema that its draft takes, ready to judge values.
#[derive(Debug)]
pub(crate) struct Quick<'t> {
    doc: Doc<'t>,
    draft: Draft,
}

impl<'t> Quick<'t> {
    /// Reads a schema.
    pub(crate) fn new(schema: &'t [u8]) -> Sure<Self> {
        let text = std::str::from_utf8(schema).map_err(|_| Unsure)?;
        let mut doc = read::read(text)?;
        let draft = check::check(&mut doc)?;
        Ok(Quick { doc, draft })
    }

    /// Whether the values surely fit.
    pub(crate) fn fits(&self, values: &Value) -> Sure<bool> {
        judge::fits(&self.doc, self.draft, values)
    }
}
