//! One version: reading, printing, ordering, incrementing.

use std::cmp::Ordering;
use std::fmt;

use super::error::Error;
use super::scan;

/// The longest version text that is read.
const MAX_LEN: usize = 256;

/// A semantic version that remembers how it was written.
///
/// `Display` prints the full three-number form; `==` and the order are precedence, so they ignore
/// metadata and the original text.
#[derive(Debug, Clone)]
pub struct Version {
    numbers: [u64; 3],
    prerelease: String,
    metadata: String,
    original: String,
}

impl Version {
    /// Reads a version leniently: an optional `v`, one to three numbers, leading zeros allowed.
    /// The reference's `NewVersion`, and what the template function `semver` uses.
    pub fn parse(text: &str) -> Result<Version, Error> {
        if text.len() > MAX_LEN {
            return Err(Error::VersionTooLong);
        }
        let Some((fields, "")) = scan::version(text) else {
            return Err(Error::Invalid);
        };
        let mut numbers = [0; 3];
        for (number, digits) in numbers.iter_mut().zip(fields.numbers) {
            if !digits.is_empty() {
                *number = parse_number(digits, true)?;
            }
        }
        if !fields.prerelease.is_empty() {
            check_prerelease(fields.prerelease)?;
        }
        Ok(Version::assemble(numbers, fields.prerelease, fields.metadata, text))
    }

    /// Reads a version by the letter of the specification: three numbers, no `v`, no leading
    /// zeros. The reference's `StrictNewVersion`.
    pub fn parse_strict(text: &str) -> Result<Version, Error> {
        if text.is_empty() {
            return Err(Error::Empty);
        }
        if text.len() > MAX_LEN {
            return Err(Error::VersionTooLong);
        }
        let mut parts = text.splitn(3, '.');
        let (Some(major), Some(minor), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Error::Invalid);
        };
        let (rest, metadata) = split_optional(rest, '+');
        let (patch, prerelease) = split_optional(rest, '-');
        let texts = [major, minor, patch];
        metadata.map_or(Ok(()), check_metadata)?;
        prerelease.map_or(Ok(()), check_prerelease)?;
        texts.iter().try_for_each(|digits| check_strict_number(digits))?;
        let mut numbers = [0; 3];
        for (number, digits) in numbers.iter_mut().zip(texts) {
            *number = parse_number(digits, false)?;
        }
        Ok(Version::assemble(numbers, prerelease.unwrap_or(""), metadata.unwrap_or(""), text))
    }

    /// A version of three numbers, nothing else.
    pub fn new(major: u64, minor: u64, patch: u64) -> Version {
        let original = format!("{major}.{minor}.{patch}");
        Version::assemble([major, minor, patch], "", "", &original)
    }

    fn assemble(numbers: [u64; 3], prerelease: &str, metadata: &str, original: &str) -> Version {
        Version {
            numbers,
            prerelease: prerelease.to_owned(),
            metadata: metadata.to_owned(),
            original: original.to_owned(),
        }
    }

    /// The first number.
    pub fn major(&self) -> u64 {
        self.numbers[0]
    }

    /// The second number.
    pub fn minor(&self) -> u64 {
        self.numbers[1]
    }

    /// The third number.
    pub fn patch(&self) -> u64 {
        self.numbers[2]
    }

    /// The part after `-`, empty for a release.
    pub fn prerelease(&self) -> &str {
        &self.prerelease
    }

    /// The part after `+`, empty when there is none.
    pub fn metadata(&self) -> &str {
        &self.metadata
    }

    /// The text as it was written; of a derived version its full form, with the `v` of its source.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// The next major version.
    pub fn inc_major(&self) -> Result<Version, Error> {
        let major = self.major().checked_add(1).ok_or(Error::Overflow("major"))?;
        Ok(self.derive([major, 0, 0], "", ""))
    }

    /// The next minor version.
    pub fn inc_minor(&self) -> Result<Version, Error> {
        let minor = self.minor().checked_add(1).ok_or(Error::Overflow("minor"))?;
        Ok(self.derive([self.major(), minor, 0], "", ""))
    }

    /// The next patch version; of a pre-release its release.
    pub fn inc_patch(&self) -> Result<Version, Error> {
        let [major, minor, mut patch] = self.numbers;
        if self.prerelease.is_empty() {
            patch = patch.checked_add(1).ok_or(Error::Overflow("patch"))?;
        }
        Ok(self.derive([major, minor, patch], "", ""))
    }

    /// The same version with another pre-release part (empty takes it away).
    pub fn set_prerelease(&self, prerelease: &str) -> Result<Version, Error> {
        if !prerelease.is_empty() {
            check_prerelease(prerelease)?;
        }
        Ok(self.derive(self.numbers, prerelease, &self.metadata))
    }

    /// The same version with other metadata (empty takes it away).
    pub fn set_metadata(&self, metadata: &str) -> Result<Version, Error> {
        if !metadata.is_empty() {
            check_metadata(metadata)?;
        }
        Ok(self.derive(self.numbers, &self.prerelease, metadata))
    }

    fn derive(&self, numbers: [u64; 3], prerelease: &str, metadata: &str) -> Version {
        let mut version = Version::assemble(numbers, prerelease, metadata, "");
        let prefix = if self.original.starts_with('v') { "v" } else { "" };
        version.original = format!("{prefix}{version}");
        version
    }

    /// The order by precedence; metadata does not count.
    pub fn compare(&self, other: &Version) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| compare_prerelease(&self.prerelease, &other.prerelease))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.numbers;
        write!(f, "{major}.{minor}.{patch}")?;
        if !self.prerelease.is_empty() {
            write!(f, "-{}", self.prerelease)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Version) -> bool {
        self.compare(other) == Ordering::Equal
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Version) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Version) -> Ordering {
        self.compare(other)
    }
}

fn split_optional(text: &str, separator: char) -> (&str, Option<&str>) {
    match text.split_once(separator) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

fn parse_number(digits: &str, lenient: bool) -> Result<u64, Error> {
    digits.parse().map_err(|_| Error::Number { digits: digits.to_owned(), lenient })
}

fn check_strict_number(digits: &str) -> Result<(), Error> {
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Error::Characters);
    }
    if digits.len() > 1 && digits.starts_with('0') {
        return Err(Error::LeadingZero);
    }
    Ok(())
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn is_identifier(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(scan::is_identifier_byte)
}

fn check_prerelease(text: &str) -> Result<(), Error> {
    for part in text.split('.') {
        if !is_identifier(part) {
            return Err(Error::Prerelease);
        }
        if part.len() > 1 && part.starts_with('0') && is_number(part) {
            return Err(Error::LeadingZero);
        }
    }
    Ok(())
}

fn check_metadata(text: &str) -> Result<(), Error> {
    if text.split('.').all(is_identifier) { Ok(()) } else { Err(Error::Metadata) }
}

/// A release comes after its pre-releases.
fn compare_prerelease(a: &str, b: &str) -> Ordering {
    match (a.is_empty(), b.is_empty()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => compare_dotted(a, b),
    }
}

fn compare_dotted(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.split('.'), b.split('.'));
    loop {
        match (left.next(), right.next()) {
            (Some(x), Some(y)) => match compare_identifier(x, y) {
                Ordering::Equal => {}
                unequal => return unequal,
            },
            (x, y) => return x.is_some().cmp(&y.is_some()),
        }
    }
}

/// Numbers by value and before words, words by their bytes. A number beyond 64 bits is a word.
fn compare_identifier(a: &str, b: &str) -> Ordering {
    let number = |text: &str| {
        if is_number(text) { text.parse::<u64>().ok() } else { None }
    };
    match (number(a), number(b)) {
        (Some(x), Some(y)) => x.cmp(&y),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.cmp(b),
    }
}
