//! The shapes that versions and ranges are made of: small scanners over the start of a text.
//!
//! Each takes the text and returns what it took and what is left, or nothing when the text does
//! not start so.

/// Characters of a number in a range. The bar belongs to them in the reference's pattern, so
/// `1|2` has the shape of a version and fails only when it is read as one.
fn is_range_digit(b: u8) -> bool {
    b.is_ascii_digit() || matches!(b, b'x' | b'X' | b'*' | b'|')
}

/// Go's `\s`.
pub(super) fn is_space(b: u8) -> bool {
    matches!(b, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
}

/// The text without leading white space.
pub(super) fn skip_space(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_ascii() && is_space(c as u8))
}

/// Letters, digits and `-`: what pre-release and metadata parts are made of.
pub(super) fn is_identifier_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'-'
}

/// Splits the leading run of bytes that pass `test` from the rest; an empty run is nothing.
fn run(text: &str, test: impl Fn(u8) -> bool) -> Option<(&str, &str)> {
    let end = text.bytes().position(|b| !test(b)).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// The fields of a version as they were written; absent ones are empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Fields<'a> {
    /// Major, minor and patch.
    pub numbers: [&'a str; 3],
    /// The pre-release, without its `-`.
    pub prerelease: &'a str,
    /// The metadata, without its `+`.
    pub metadata: &'a str,
}

/// Reads `v1.2.3-pre+meta` from the start of the text, with decimal numbers only.
pub(super) fn version(text: &str) -> Option<(Fields<'_>, &str)> {
    fields(text, |b| b.is_ascii_digit())
}

/// The same with the wildcards that a range may hold in place of numbers.
pub(super) fn range_version(text: &str) -> Option<(Fields<'_>, &str)> {
    fields(text, is_range_digit)
}

fn fields(text: &str, digit: impl Fn(u8) -> bool + Copy) -> Option<(Fields<'_>, &str)> {
    let mut fields = Fields::default();
    let (major, mut rest) = run(text.strip_prefix('v').unwrap_or(text), digit)?;
    fields.numbers[0] = major;
    for number in &mut fields.numbers[1..] {
        let Some((digits, after)) = rest.strip_prefix('.').and_then(|r| run(r, digit)) else {
            break;
        };
        (*number, rest) = (digits, after);
    }
    if let Some((identifiers, after)) = rest.strip_prefix('-').and_then(dotted) {
        (fields.prerelease, rest) = (identifiers, after);
    }
    if let Some((identifiers, after)) = rest.strip_prefix('+').and_then(dotted) {
        (fields.metadata, rest) = (identifiers, after);
    }
    Some((fields, rest))
}

/// Identifiers with single dots between them.
fn dotted(text: &str) -> Option<(&str, &str)> {
    let (_, mut rest) = run(text, is_identifier_byte)?;
    while let Some((_, after)) = rest.strip_prefix('.').and_then(|r| run(r, is_identifier_byte)) {
        rest = after;
    }
    Some(text.split_at(text.len() - rest.len()))
}
