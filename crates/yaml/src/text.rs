//! UTF-8 as Go's JSON encoder sees it.

use std::borrow::Cow;

/// Replaces every byte that is not part of a valid UTF-8 sequence by U+FFFD (Go: one for each byte).
pub(crate) fn replace_invalid(text: &[u8]) -> Cow<'_, [u8]> {
    if std::str::from_utf8(text).is_ok() {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len() + 8);
    for chunk in text.utf8_chunks() {
        out.extend_from_slice(chunk.valid().as_bytes());
        for _ in chunk.invalid() {
            out.extend_from_slice("\u{FFFD}".as_bytes());
        }
    }
    Cow::Owned(out)
}
