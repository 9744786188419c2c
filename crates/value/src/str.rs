//! Go's string: immutable bytes, nearly always UTF-8, never guaranteed to be.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::rc::Rc;

/// The most bytes that are kept without an allocation.
const INLINE: usize = 22;

/// A byte string that is cheap to clone. Most keys and words of a chart fit inline and cost no allocation.
#[derive(Clone)]
pub struct Str(Repr);

#[derive(Clone)]
enum Repr {
    Inline(u8, [u8; INLINE]),
    Shared(Rc<[u8]>),
    Static(&'static [u8]),
}

impl Str {
    /// The empty string.
    #[must_use]
    pub const fn new() -> Self {
        Str(Repr::Inline(0, [0; INLINE]))
    }

    /// A string that lives as long as the program; never copied.
    #[must_use]
    pub const fn from_static(text: &'static str) -> Self {
        Str(Repr::Static(text.as_bytes()))
    }

    /// A copy of the bytes, inline where they fit.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        if bytes.len() <= INLINE {
            let mut buf = [0; INLINE];
            buf[..bytes.len()].copy_from_slice(bytes);
            // The length was just checked to fit.
            Str(Repr::Inline(bytes.len() as u8, buf))
        } else {
            Str(Repr::Shared(Rc::from(bytes)))
        }
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Repr::Inline(len, buf) => &buf[..*len as usize],
            Repr::Shared(bytes) => bytes,
            Repr::Static(bytes) => bytes,
        }
    }

    /// The text where it is valid UTF-8.
    #[must_use]
    pub fn to_str(&self) -> Option<&str> {
        std::str::from_utf8(self.as_bytes()).ok()
    }

    /// The text, with U+FFFD for what is not UTF-8.
    #[must_use]
    pub fn to_string_lossy(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(self.as_bytes())
    }
}

impl Default for Str {
    fn default() -> Self {
        Str::new()
    }
}

impl Deref for Str {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl Borrow<[u8]> for Str {
    fn borrow(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl AsRef<[u8]> for Str {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl From<&str> for Str {
    fn from(text: &str) -> Self {
        Str::from_bytes(text.as_bytes())
    }
}

impl From<String> for Str {
    fn from(text: String) -> Self {
        Str::from(text.into_bytes())
    }
}

impl From<Rc<str>> for Str {
    /// Shares the text.
    fn from(text: Rc<str>) -> Self {
        Str(Repr::Shared(text.into()))
    }
}

impl From<&[u8]> for Str {
    fn from(bytes: &[u8]) -> Self {
        Str::from_bytes(bytes)
    }
}

impl From<Vec<u8>> for Str {
    fn from(bytes: Vec<u8>) -> Self {
        Str::from_bytes(&bytes)
    }
}

impl PartialEq for Str {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Str {}

impl PartialEq<str> for Str {
    fn eq(&self, other: &str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl PartialEq<&str> for Str {
    fn eq(&self, other: &&str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl PartialOrd for Str {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Str {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl Hash for Str {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl std::fmt::Debug for Str {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.to_string_lossy())
    }
}

impl std::fmt::Display for Str {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_string_lossy())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_and_shared_compare_by_content() {
        for n in [0, 1, INLINE, INLINE + 1, 500] {
            let s = Str::from(vec![b'x'; n]);
            assert_eq!(s.len(), n);
            assert_eq!(s, s.clone());
        }
        let (a, b) = (Str::from("a"), Str::from("b"));
        assert!(a < b);
        assert_eq!(Str::from_static("name"), Str::from("name"));
    }

    #[test]
    fn a_value_stays_three_words() {
        assert_eq!(size_of::<Str>(), 24);
        assert_eq!(size_of::<crate::Value>(), 24);
    }
}
