//! Go's `unicode` and `unicode/utf8`: character classes, simple case maps and byte-wise decoding.
//!
//! Go strings are bytes. Everything that reads text here takes `&[u8]`, and a byte that is not part
//! of valid UTF-8 counts as one character, U+FFFD, of width one.
//!
//! Case maps build on the standard library's (Unicode 17, as the reference's), corrected where Go's
//! simple one-to-one map differs from the full one; the tests compare checksums over all code points,
//! so a toolchain with another Unicode version is noticed.

mod tables;

/// The character that stands for a byte that is not valid UTF-8.
pub const RUNE_ERROR: char = '\u{FFFD}';

/// Decodes the first character: the character and its width in bytes.
///
/// Invalid UTF-8 gives (`RUNE_ERROR`, 1), empty input (`RUNE_ERROR`, 0), as Go's `utf8.DecodeRune`.
#[must_use]
pub fn decode_rune(bytes: &[u8]) -> (char, usize) {
    let Some(&first) = bytes.first() else {
        return (RUNE_ERROR, 0);
    };
    let width = match first {
        0..0x80 => return (char::from(first), 1),
        0xc2..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0..0xf5 => 4,
        _ => return (RUNE_ERROR, 1),
    };
    bytes
        .get(..width)
        .and_then(|head| std::str::from_utf8(head).ok())
        .and_then(|text| text.chars().next())
        .map_or((RUNE_ERROR, 1), |c| (c, width))
}

/// Decodes the last character, with the same rules as [`decode_rune`].
#[must_use]
pub fn decode_last_rune(bytes: &[u8]) -> (char, usize) {
    let Some(&last) = bytes.last() else {
        return (RUNE_ERROR, 0);
    };
    if last < 0x80 {
        return (char::from(last), 1);
    }
    for width in 2..=4.min(bytes.len()) {
        let tail = &bytes[bytes.len() - width..];
        let (c, w) = decode_rune(tail);
        if w == width {
            return (c, width);
        }
    }
    (RUNE_ERROR, 1)
}

/// True when the bytes at the front are a whole character (not an invalid byte).
#[must_use]
pub fn is_valid_rune(decoded: (char, usize)) -> bool {
    decoded.0 != RUNE_ERROR || decoded.1 > 1
}

/// The characters of a byte string, each with its width, as Go's `range` over a string gives them.
pub fn runes(bytes: &[u8]) -> Runes<'_> {
    Runes { rest: bytes }
}

/// Iterator of [`runes`].
#[derive(Clone, Debug)]
pub struct Runes<'a> {
    rest: &'a [u8],
}

impl<'a> Runes<'a> {
    /// The bytes that are not yet read.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl Iterator for Runes<'_> {
    type Item = (char, usize);

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let (c, width) = decode_rune(self.rest);
        self.rest = &self.rest[width..];
        Some((c, width))
    }
}

/// The number of characters, invalid bytes counting one each (`utf8.RuneCount`).
#[must_use]
pub fn rune_count(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.chars().count(),
        Err(_) => runes(bytes).count(),
    }
}

/// Appends a character as UTF-8.
pub fn append_rune(out: &mut Vec<u8>, c: char) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

fn in_table(table: &[(u32, u32)], c: char) -> bool {
    let code = u32::from(c);
    let after = table.partition_point(|&(low, _)| low <= code);
    after > 0 && code <= table[after - 1].1
}

/// `unicode.IsPrint`: what `%q` shows as itself. The only printable space is U+0020.
#[must_use]
pub fn is_print(c: char) -> bool {
    match c {
        ' '..='~' => true,
        '\0'..'\u{a0}' => false,
        _ => in_table(tables::PRINT, c),
    }
}

/// `unicode.IsLetter` (category L).
#[must_use]
pub fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic();
    }
    in_table(tables::LETTER, c)
}

/// `unicode.IsDigit` (category Nd).
#[must_use]
pub fn is_digit(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_digit();
    }
    in_table(tables::DIGIT, c)
}

/// `unicode.IsNumber` (category N).
#[must_use]
pub fn is_number(c: char) -> bool {
    c.is_numeric()
}

/// `unicode.IsSpace` (the White_Space property).
#[must_use]
pub fn is_space(c: char) -> bool {
    c.is_whitespace()
}

/// `unicode.IsUpper` (category Lu).
#[must_use]
pub fn is_upper(c: char) -> bool {
    c.is_uppercase() && (c.is_ascii() || is_letter(c))
}

/// `unicode.IsLower` (category Ll).
#[must_use]
pub fn is_lower(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_lowercase();
    }
    c.is_lowercase() && is_letter(c) && !is_modifier_lower(c)
}

/// Letters that Unicode calls lower case though their category is not Ll (modifiers and ordinals).
fn is_modifier_lower(c: char) -> bool {
    matches!(c,
        '\u{aa}' | '\u{ba}' | '\u{2b0}'..='\u{2b8}' | '\u{2c0}'..='\u{2c1}' | '\u{2e0}'..='\u{2e4}'
        | '\u{37a}' | '\u{10fc}' | '\u{1d2c}'..='\u{1d6a}' | '\u{1d78}' | '\u{1d9b}'..='\u{1dbf}'
        | '\u{2071}' | '\u{207f}' | '\u{2090}'..='\u{209c}' | '\u{2c7c}'..='\u{2c7d}'
        | '\u{a69c}'..='\u{a69d}' | '\u{a770}' | '\u{a7f1}'..='\u{a7f4}' | '\u{a7f8}'..='\u{a7f9}'
        | '\u{ab5c}'..='\u{ab5f}' | '\u{ab69}' | '\u{10780}'..='\u{107ba}' | '\u{1e030}'..='\u{1e06d}')
}

/// The only mapping, or the character itself when the full map has several.
fn only(c: char, mut mapped: impl ExactSizeIterator<Item = char>) -> char {
    if mapped.len() == 1 { mapped.next().unwrap_or(c) } else { c }
}

/// `unicode.ToUpper`: the simple, one-to-one map.
#[must_use]
pub fn to_upper(c: char) -> char {
    let code = u32::from(c);
    let mapped = match code {
        0..0x80 => return c.to_ascii_uppercase(),
        0x1f80..=0x1f87 | 0x1f90..=0x1f97 | 0x1fa0..=0x1fa7 => code + 8,
        0x1fb3 | 0x1fc3 | 0x1ff3 => code + 9,
        _ => return only(c, c.to_uppercase()),
    };
    char::from_u32(mapped).unwrap_or(c)
}

/// `unicode.ToLower`: the simple, one-to-one map.
#[must_use]
pub fn to_lower(c: char) -> char {
    match c {
        '\0'..'\u{80}' => c.to_ascii_lowercase(),
        '\u{130}' => 'i',
        _ => only(c, c.to_lowercase()),
    }
}

/// `unicode.ToTitle`: as [`to_upper`] but for the digraphs (ǆ → ǅ) and Georgian, which has no title case.
#[must_use]
pub fn to_title(c: char) -> char {
    match c {
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        '\u{10d0}'..='\u{10fa}' | '\u{10fd}'..='\u{10ff}' => c,
        _ => to_upper(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> impl Iterator<Item = char> {
        (0..0x11_0000).filter_map(char::from_u32)
    }

    /// Counts over all code points, as the reference gave them.
    #[test]
    fn classes_have_the_references_size() {
        let count = |f: fn(char) -> bool| all().filter(|&c| f(c)).count();
        assert_eq!(count(is_print), 159_613);
        assert_eq!(count(is_letter), 145_672);
        assert_eq!(count(is_upper), 1886);
        assert_eq!(count(is_lower), 2283);
        assert_eq!(count(is_digit), 770);
        assert_eq!(count(is_number), 1924);
        assert_eq!(count(is_space), 25);
    }

    /// Number of changed code points and the sum of (code * mapped) over them, from the reference.
    #[test]
    fn case_maps_match_the_references_checksums() {
        let sum = |f: fn(char) -> char| {
            all().filter(|&c| f(c) != c).fold((0u32, 0u64), |(n, s), c| {
                (n + 1, s.wrapping_add(u64::from(u32::from(c)) * u64::from(u32::from(f(c)))))
            })
        };
        assert_eq!(sum(to_upper), (1505, 2_419_142_833_293));
        assert_eq!(sum(to_lower), (1488, 2_418_706_960_460));
        assert_eq!(sum(to_title), (1459, 2_417_683_051_964));
    }

    #[test]
    fn decodes_like_go() {
        for (bytes, want) in [
            (&b""[..], (RUNE_ERROR, 0)),
            (b"a", ('a', 1)),
            ("é".as_bytes(), ('é', 2)),
            ("€".as_bytes(), ('€', 3)),
            ("😀".as_bytes(), ('😀', 4)),
            (b"\xe2\x82", (RUNE_ERROR, 1)),
            (b"\xed\xa0\x80", (RUNE_ERROR, 1)),
            (b"\xc0\x80", (RUNE_ERROR, 1)),
            (b"\xf4\x90\x80\x80", (RUNE_ERROR, 1)),
            (b"\x80", (RUNE_ERROR, 1)),
        ] {
            assert_eq!(decode_rune(bytes), want, "{bytes:?}");
        }
        assert_eq!(decode_last_rune("a€".as_bytes()), ('€', 3));
        assert_eq!(decode_last_rune(b"a\x82"), (RUNE_ERROR, 1));
        assert_eq!(rune_count(b"a\xe2\x82z"), 4);
    }
}
