//! One comparison of a range, such as `>=1.2`, and whether a version meets it.

use std::fmt;

use super::error::Error;
use super::scan::{self, Fields};
use super::version::Version;

/// The comparison signs, with the spellings that mean the same folded together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterEqual,
    LessEqual,
    Tilde,
    Caret,
}

/// Every spelling; a longer one stands before its own start.
const OPERATORS: [(&str, Operator); 11] = [
    ("!=", Operator::NotEqual),
    (">=", Operator::GreaterEqual),
    ("=>", Operator::GreaterEqual),
    ("<=", Operator::LessEqual),
    ("=<", Operator::LessEqual),
    ("~>", Operator::Tilde),
    ("=", Operator::Equal),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("~", Operator::Tilde),
    ("^", Operator::Caret),
];

/// How much of the version was left open, by absence or by a wildcard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    Patch,
    Minor,
    Everything,
}

/// One comparison.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    operator: Operator,
    open: Open,
    /// The version with zeros for what was left open.
    version: Version,
    /// The sign as written.
    sign: &'static str,
    /// The version as written.
    written: String,
}

/// A comparison's text, found but not yet read.
pub(super) struct Shape<'a> {
    sign: &'static str,
    operator: Operator,
    fields: Fields<'a>,
    written: &'a str,
}

/// Finds a comparison at the start of the text, and what is left after it.
pub(super) fn shape(text: &str) -> Option<(Shape<'_>, &str)> {
    let known = OPERATORS.iter().find(|(sign, _)| text.starts_with(sign));
    let &(sign, operator) = known.unwrap_or(&("", Operator::Equal));
    let start = scan::skip_space(&text[sign.len()..]);
    let (fields, rest) = scan::range_version(start)?;
    let written = &start[..start.len() - rest.len()];
    Some((Shape { sign, operator, fields, written }, rest))
}

fn is_wildcard(number: &str) -> bool {
    matches!(number, "x" | "X" | "*")
}

impl Shape<'_> {
    /// Reads the version of the comparison.
    pub(super) fn read(&self) -> Result<Bound, Error> {
        let [major, minor, patch] = self.fields.numbers;
        let (open, kept) = if is_wildcard(major) {
            (Open::Everything, 0)
        } else if minor.is_empty() || is_wildcard(minor) {
            (Open::Minor, 1)
        } else if patch.is_empty() || is_wildcard(patch) {
            (Open::Patch, 2)
        } else {
            (Open::Nothing, 3)
        };
        Ok(Bound {
            operator: self.operator,
            open,
            version: self.version(open, kept)?,
            sign: self.sign,
            written: self.written.to_owned(),
        })
    }

    fn version(&self, open: Open, kept: usize) -> Result<Version, Error> {
        if open == Open::Nothing {
            return Version::parse(self.written).map_err(|_| Error::Parser);
        }
        let mut text = match open {
            Open::Everything => "0.0.0".to_owned(),
            _ => self.fields.numbers[..kept].join("."),
        };
        if !self.fields.prerelease.is_empty() {
            text.push('-');
            text.push_str(self.fields.prerelease);
        }
        Version::parse(&text).map_err(|_| Error::Parser)
    }
}

/// Why a version does not meet a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Miss {
    /// A pre-release, and the comparison has none. Reported once for a whole range.
    Prerelease,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Major,
    MajorMinor,
    Minor,
    MinorOfZero,
    Patch,
}

impl Bound {
    /// Whether the comparison names a pre-release.
    pub(super) fn names_prerelease(&self) -> bool {
        !self.version.prerelease().is_empty()
    }

    /// Whether the version meets the comparison, and if not why.
    pub(super) fn test(&self, v: &Version, include_prerelease: bool) -> Result<(), Miss> {
        if !v.prerelease().is_empty() && !include_prerelease {
            return Err(Miss::Prerelease);
        }
        match self.operator {
            Operator::Equal if self.open == Open::Nothing => fail_if(*v != self.version, Miss::NotEqual),
            Operator::Equal | Operator::Tilde => self.tilde(v),
            Operator::NotEqual => fail_if(self.is_equal(v), Miss::Equal),
            Operator::Greater => fail_if(!self.is_greater(v), Miss::LessOrEqual),
            Operator::Less => fail_if(*v >= self.version, Miss::GreaterOrEqual),
            Operator::GreaterEqual => fail_if(*v < self.version, Miss::Less),
            Operator::LessEqual => fail_if(!self.is_at_most(v), Miss::Greater),
            Operator::Caret => self.caret(v),
        }
    }

    /// Equal in all numbers that were not left open. (`*` counts as 0.0.0 here.)
    fn is_equal(&self, v: &Version) -> bool {
        match self.open {
            Open::Minor => v.major() == self.version.major(),
            // Here, and only here, a pre-release of an open patch counts as different.
            Open::Patch => {
                (v.major(), v.minor()) == (self.version.major(), self.version.minor())
                    && v.prerelease() == self.version.prerelease()
            }
            Open::Nothing | Open::Everything => *v == self.version,
        }
    }

    /// Beyond every version that an open comparison stands for.
    fn is_greater(&self, v: &Version) -> bool {
        match self.open {
            Open::Minor => v.major() > self.version.major(),
            Open::Patch => (v.major(), v.minor()) > (self.version.major(), self.version.minor()),
            Open::Nothing | Open::Everything => *v > self.version,
        }
    }

    /// At most the greatest version that an open comparison stands for.
    fn is_at_most(&self, v: &Version) -> bool {
        match self.open {
            Open::Nothing => *v <= self.version,
            Open::Minor => v.major() <= self.version.major(),
            Open::Patch | Open::Everything => (v.major(), v.minor()) <= (self.version.major(), self.version.minor()),
        }
    }

    /// Same major and, if given, same minor number.
    fn tilde(&self, v: &Version) -> Result<(), Miss> {
        let from = &self.version;
        fail_if(v < from, Miss::Less)?;
        let from_zero = [from.major(), from.minor(), from.patch()] == [0; 3];
        if from_zero && matches!(self.open, Open::Nothing | Open::Everything) {
            return Ok(());
        }
        fail_if(v.major() != from.major(), Miss::Major)?;
        fail_if(self.open != Open::Minor && v.minor() != from.minor(), Miss::MajorMinor)
    }

    /// Same leftmost number that is not zero.
    fn caret(&self, v: &Version) -> Result<(), Miss> {
        let from = &self.version;
        fail_if(v < from, Miss::Less)?;
        fail_if(v.major() != from.major(), Miss::Major)?;
        if from.major() > 0 || self.open == Open::Minor {
            return Ok(());
        }
        if from.minor() > 0 || self.open == Open::Patch {
            return fail_if(v.minor() != from.minor(), Miss::MinorOfZero);
        }
        fail_if(v.minor() != 0, Miss::Minor)?;
        fail_if(v.patch() != from.patch(), Miss::Patch)
    }

    /// The reference's sentence for a miss.
    pub(super) fn explain(&self, v: &Version, miss: Miss) -> String {
        let relation = match miss {
            Miss::Prerelease => {
                return format!(
                    "\"{v}\" is a prerelease version and the constraint is only looking for release versions"
                );
            }
            Miss::Equal => "is equal to",
            Miss::NotEqual => "is not equal to",
            Miss::Less => "is less than",
            Miss::LessOrEqual => "is less than or equal to",
            Miss::Greater => "is greater than",
            Miss::GreaterOrEqual => "is greater than or equal to",
            Miss::Major => "does not have same major version as",
            Miss::MajorMinor => "does not have same major and minor version as",
            Miss::Minor | Miss::MinorOfZero => "does not have same minor version as",
            Miss::Patch => "does not equal",
        };
        let advice = match miss {
            Miss::MinorOfZero => ". Expected minor versions to match when constraint major version is 0",
            Miss::Patch => ". Expect version and constraint to equal when major and minor versions are 0",
            _ => "",
        };
        format!("\"{v}\" {relation} \"{}\"{advice}", self.written)
    }
}

fn fail_if(failed: bool, miss: Miss) -> Result<(), Miss> {
    if failed { Err(miss) } else { Ok(()) }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.sign, self.written)
    }
}
