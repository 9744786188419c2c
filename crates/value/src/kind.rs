//! Go's reflection kinds, as far as a template can meet them.

/// What `kindOf` prints and what the executor's rules branch on (Go: `reflect.Kind`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No value at all: Go's zero `reflect.Value`, the untyped nil.
    Invalid,
    /// `bool`
    Bool,
    /// A signed or unsigned integer of some width.
    Int(IntKind),
    /// `float64`
    Float64,
    /// `string`
    String,
    /// A slice of any element type.
    Slice,
    /// A map of any element type.
    Map,
    /// A struct.
    Struct,
    /// A pointer to a struct.
    Ptr,
    /// A function.
    Func,
    /// `complex128`
    Complex128,
}

impl Kind {
    /// The word that Go's `Kind.String` gives.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Invalid => "invalid",
            Kind::Bool => "bool",
            Kind::Int(k) => k.name(),
            Kind::Float64 => "float64",
            Kind::String => "string",
            Kind::Slice => "slice",
            Kind::Map => "map",
            Kind::Struct => "struct",
            Kind::Ptr => "ptr",
            Kind::Func => "func",
            Kind::Complex128 => "complex128",
        }
    }
}

/// The width and sign of an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum IntKind {
    /// `int`, 64 bits here as in the reference.
    #[default]
    Int,
    /// `int32`, also a rune.
    Int32,
    /// `int64`
    Int64,
    /// `uint`
    Uint,
    /// `uint8`, also a byte.
    Uint8,
    /// `uint32`
    Uint32,
    /// `uint64`, kept in the bits of an `i64`.
    Uint64,
}

impl IntKind {
    /// Go's name of the type.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            IntKind::Int => "int",
            IntKind::Int32 => "int32",
            IntKind::Int64 => "int64",
            IntKind::Uint => "uint",
            IntKind::Uint8 => "uint8",
            IntKind::Uint32 => "uint32",
            IntKind::Uint64 => "uint64",
        }
    }

    /// Whether the type has no sign.
    #[must_use]
    pub fn is_unsigned(self) -> bool {
        matches!(self, IntKind::Uint | IntKind::Uint8 | IntKind::Uint32 | IntKind::Uint64)
    }
}
