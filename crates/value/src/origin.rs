//! Where a value came from, as a small number that rides on each map entry.

/// An index into the table of origins that whoever loaded the values keeps; zero means "not known".
///
/// The number is stamped while values are read and survives coalescing, copying and merging, because those move
/// whole entries. A template that computes a value leaves it unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OriginId(pub u32);

impl OriginId {
    /// No origin is known.
    pub const NONE: OriginId = OriginId(0);

    /// Whether an origin is known.
    #[must_use]
    pub fn is_known(self) -> bool {
        self.0 != 0
    }
}
