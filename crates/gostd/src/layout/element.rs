//! The elements of a layout: which parts of it stand for a field.

/// One field of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// `January`
    LongMonth,
    /// `Jan`
    Month,
    /// `1`
    NumMonth,
    /// `01`
    ZeroMonth,
    /// `Monday`
    LongWeekDay,
    /// `Mon`
    WeekDay,
    /// `2`
    Day,
    /// `_2`
    UnderDay,
    /// `02`
    ZeroDay,
    /// `__2`
    UnderYearDay,
    /// `002`
    ZeroYearDay,
    /// `15`
    Hour,
    /// `3`
    Hour12,
    /// `03`
    ZeroHour12,
    /// `4`
    Minute,
    /// `04`
    ZeroMinute,
    /// `5`
    Second,
    /// `05`
    ZeroSecond,
    /// `2006`
    LongYear,
    /// `06`
    Year,
    /// `PM`
    UpperPm,
    /// `pm`
    LowerPm,
    /// `MST`
    ZoneName,
    /// An offset.
    Offset {
        /// `Z` for UTC.
        zulu: bool,
        /// A colon between the parts.
        colon: bool,
        /// 1: hours, 2: and minutes, 3: and seconds.
        parts: u8,
    },
    /// `.000` or `,000`: that many digits.
    ZeroFraction(usize),
    /// `.999` or `,999`: up to that many digits.
    NineFraction(usize),
}

const fn offset(zulu: bool, colon: bool, parts: u8) -> Element {
    Element::Offset { zulu, colon, parts }
}

/// Fixed spellings, longer ones before their prefixes.
const SPELLINGS: &[(&[u8], Element)] = &[
    (b"January", Element::LongMonth),
    (b"Jan", Element::Month),
    (b"Monday", Element::LongWeekDay),
    (b"Mon", Element::WeekDay),
    (b"MST", Element::ZoneName),
    (b"002", Element::ZeroYearDay),
    (b"01", Element::ZeroMonth),
    (b"02", Element::ZeroDay),
    (b"03", Element::ZeroHour12),
    (b"04", Element::ZeroMinute),
    (b"05", Element::ZeroSecond),
    (b"06", Element::Year),
    (b"15", Element::Hour),
    (b"1", Element::NumMonth),
    (b"2006", Element::LongYear),
    (b"2", Element::Day),
    (b"__2", Element::UnderYearDay),
    (b"_2", Element::UnderDay),
    (b"3", Element::Hour12),
    (b"4", Element::Minute),
    (b"5", Element::Second),
    (b"PM", Element::UpperPm),
    (b"pm", Element::LowerPm),
    (b"-07:00:00", offset(false, true, 3)),
    (b"-070000", offset(false, false, 3)),
    (b"-07:00", offset(false, true, 2)),
    (b"-0700", offset(false, false, 2)),
    (b"-07", offset(false, false, 1)),
    (b"Z07:00:00", offset(true, true, 3)),
    (b"Z070000", offset(true, false, 3)),
    (b"Z07:00", offset(true, true, 2)),
    (b"Z0700", offset(true, false, 2)),
    (b"Z07", offset(true, false, 1)),
];

/// A layout cut at its first element: the text before, the element, its spelling, the text after.
pub(super) type Cut<'a> = (&'a [u8], Element, &'a [u8], &'a [u8]);

/// Cuts a layout at its first element; none when it is all literal text.
pub(super) fn next(layout: &[u8]) -> Option<Cut<'_>> {
    for at in 0..layout.len() {
        let rest = &layout[at..];
        // `_2006` is an underscore and the year
        if rest.starts_with(b"_2006") {
            return Some((&layout[..=at], Element::LongYear, &rest[1..5], &rest[5..]));
        }
        if let Some((element, length)) = fraction(rest) {
            return Some((&layout[..at], element, &rest[..length], &rest[length..]));
        }
        for &(spelling, element) in SPELLINGS {
            let Some(after) = rest.strip_prefix(spelling) else {
                continue;
            };
            // `Month` or `January`-like words that go on in lower case are no abbreviations
            let word = matches!(element, Element::Month | Element::WeekDay);
            if word && after.first().is_some_and(u8::is_ascii_lowercase) {
                continue;
            }
            return Some((&layout[..at], element, &rest[..spelling.len()], after));
        }
    }
    None
}

/// `.000`, `,999`: zeros or nines after a point or comma, and no digit after them.
fn fraction(rest: &[u8]) -> Option<(Element, usize)> {
    let &[b'.' | b',', digit @ (b'0' | b'9'), ..] = rest else {
        return None;
    };
    let digits = rest[1..].iter().take_while(|&&b| b == digit).count();
    if rest.get(1 + digits).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let element = if digit == b'0' { Element::ZeroFraction(digits) } else { Element::NineFraction(digits) };
    Some((element, 1 + digits))
}

/// English names in calendar order.
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// English names, Sunday first.
pub(super) const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
