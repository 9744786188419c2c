//! Text to a time by a layout, with Go's error texts.

use std::fmt;

use super::civil::days_in;
use super::element::{DAYS, Element, MONTHS, next};
use super::{Time, Zone};
use crate::duration::time_quote;

/// `*time.ParseError`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    message: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ParseError {}

/// `time.Parse`: without a zone in the text the time is in UTC; an offset or abbreviation that is the
/// local zone's gives a time there.
///
/// # Errors
/// `parsing time "x" as "y": cannot parse "rest" as "element"` and its kin.
pub fn parse(layout: &[u8], value: &[u8], local: &Zone) -> Result<Time, ParseError> {
    parse_with(layout, value, &Zone::Utc, local)
}

/// `time.ParseInLocation`: as [`parse`], with `zone` for both.
///
/// # Errors
/// As [`parse`].
pub fn parse_in_location(layout: &[u8], value: &[u8], zone: &Zone) -> Result<Time, ParseError> {
    parse_with(layout, value, zone, zone)
}

/// Why one element failed.
enum Fault {
    Bad,
    Range(&'static str),
}

type Step<'a, T> = Result<(T, &'a [u8]), Fault>;

/// What has been read so far.
#[derive(Default)]
struct Fields {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    year_day: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanos: i64,
    pm: bool,
    am: bool,
    utc: bool,
    offset: Option<i64>,
    zone_name: String,
}

fn parse_with(layout: &[u8], value: &[u8], default: &Zone, local: &Zone) -> Result<Time, ParseError> {
    let cannot = |rest: &[u8], element: &[u8]| ParseError {
        message: format!(
            "parsing time {} as {}: cannot parse {} as {}",
            time_quote(value),
            time_quote(layout),
            time_quote(rest),
            time_quote(element)
        ),
    };
    let because = |reason: &str| ParseError { message: format!("parsing time {}: {reason}", time_quote(value)) };
    let mut fields = Fields::default();
    let (mut pattern, mut rest) = (layout, value);
    while let Some((before, element, spelling, after)) = next(pattern) {
        rest = skip(rest, before).map_err(|at| cannot(at, before))?;
        match fields.read(element, rest, after) {
            Ok(following) => rest = following,
            Err(Fault::Bad) => return Err(cannot(rest, spelling)),
            Err(Fault::Range(what)) => return Err(because(&format!("{what} out of range"))),
        }
        pattern = after;
    }
    rest = skip(rest, pattern).map_err(|at| cannot(at, pattern))?;
    if !rest.is_empty() {
        return Err(because(&format!("extra text: {}", time_quote(rest))));
    }
    fields.finish(default, local).map_err(because)
}

/// Passes over literal text of the layout; a run of spaces there fits any run in the value.
fn skip<'a>(mut value: &'a [u8], mut literal: &[u8]) -> Result<&'a [u8], &'a [u8]> {
    while let Some(&first) = literal.first() {
        if first == b' ' {
            if value.first().is_some_and(|&b| b != b' ') {
                return Err(value);
            }
            literal = without_spaces(literal);
            value = without_spaces(value);
            continue;
        }
        if value.first() != Some(&first) {
            return Err(value);
        }
        (value, literal) = (&value[1..], &literal[1..]);
    }
    Ok(value)
}

fn without_spaces(s: &[u8]) -> &[u8] {
    &s[s.iter().take_while(|&&b| b == b' ').count()..]
}

/// One or two digits; two when `fixed`.
fn number(s: &[u8], fixed: bool) -> Step<'_, i64> {
    match s {
        [a @ b'0'..=b'9', b @ b'0'..=b'9', rest @ ..] => Ok((i64::from((a - b'0') * 10 + (b - b'0')), rest)),
        [a @ b'0'..=b'9', rest @ ..] if !fixed => Ok((i64::from(a - b'0'), rest)),
        _ => Err(Fault::Bad),
    }
}

/// Exactly these digits.
fn digits(s: &[u8], count: usize) -> Step<'_, i64> {
    let (head, rest) = s.split_at_checked(count).ok_or(Fault::Bad)?;
    let mut value = 0;
    for &b in head {
        if !b.is_ascii_digit() {
            return Err(Fault::Bad);
        }
        value = value * 10 + i64::from(b - b'0');
    }
    Ok((value, rest))
}

/// A number with an upper limit.
fn limited<'a>(s: &'a [u8], fixed: bool, max: i64, what: &'static str) -> Step<'a, i64> {
    let (value, rest) = number(s, fixed)?;
    if value > max { Err(Fault::Range(what)) } else { Ok((value, rest)) }
}

/// A name in any case, its first `length` letters when shortened.
fn name<'a>(s: &'a [u8], names: &[&str], length: Option<usize>) -> Step<'a, i64> {
    for (i, full) in (0..).zip(names) {
        let name = &full.as_bytes()[..length.unwrap_or(full.len())];
        if let Some((head, rest)) = s.split_at_checked(name.len())
            && head.eq_ignore_ascii_case(name)
        {
            return Ok((i, rest));
        }
    }
    Err(Fault::Bad)
}

/// `.5` or `,123` of the given length, in nanoseconds; digits after the ninth do not count.
fn nanoseconds(s: &[u8], length: usize) -> Step<'_, i64> {
    let (head, rest) = s.split_at_checked(length).ok_or(Fault::Bad)?;
    if !matches!(head.first(), Some(b'.' | b',')) {
        return Err(Fault::Bad);
    }
    let kept = &head[1..head.len().min(10)];
    // Go reads the digits as a signed number
    let (negative, unsigned) = match kept.first() {
        Some(b'-') => (true, &kept[1..]),
        Some(b'+') => (false, &kept[1..]),
        _ => (false, kept),
    };
    let (value, _) = digits(unsigned, unsigned.len())?;
    if unsigned.is_empty() {
        return Err(Fault::Bad);
    }
    if negative && value != 0 {
        return Err(Fault::Range("fractional second"));
    }
    let scale = (kept.len()..9).fold(1, |scale, _| scale * 10);
    Ok((value * scale, rest))
}

/// Length of a fraction at the front: the point and its digits.
fn fraction_length(s: &[u8]) -> Option<usize> {
    let count = s.get(1..)?.iter().take_while(|b| b.is_ascii_digit()).count();
    (matches!(s[0], b'.' | b',') && count > 0).then_some(count + 1)
}

impl Fields {
    /// Reads one element from the front of `s`; `after` is the layout that follows it.
    fn read<'a>(&mut self, element: Element, s: &'a [u8], after: &[u8]) -> Result<&'a [u8], Fault> {
        let rest;
        match element {
            Element::Year => {
                let signed = matches!(s.first(), Some(b'+' | b'-'));
                let (year, r) = if signed {
                    let (year, r) = digits(s.get(1..).unwrap_or_default(), 1)?;
                    (if s[0] == b'-' { -year } else { year }, r)
                } else {
                    digits(s, 2)?
                };
                self.year = if year >= 69 { year + 1900 } else { year + 2000 };
                rest = r;
            }
            Element::LongYear => (self.year, rest) = digits(s, 4)?,
            Element::Month | Element::LongMonth => {
                let length = (element == Element::Month).then_some(3);
                let (month, r) = name(s, &MONTHS, length)?;
                self.month = Some(month + 1);
                rest = r;
            }
            Element::NumMonth | Element::ZeroMonth => {
                let (month, r) = limited(s, element == Element::ZeroMonth, 12, "month")?;
                if month == 0 {
                    return Err(Fault::Range("month"));
                }
                self.month = Some(month);
                rest = r;
            }
            Element::WeekDay => rest = name(s, &DAYS, Some(3))?.1,
            Element::LongWeekDay => rest = name(s, &DAYS, None)?.1,
            Element::Day | Element::UnderDay | Element::ZeroDay => {
                let s = match element {
                    Element::UnderDay => s.strip_prefix(b" ").unwrap_or(s),
                    _ => s,
                };
                let (day, r) = number(s, element == Element::ZeroDay)?;
                self.day = Some(day);
                rest = r;
            }
            Element::UnderYearDay | Element::ZeroYearDay => {
                let (day, r) = year_day(s, element == Element::ZeroYearDay)?;
                self.year_day = Some(day);
                rest = r;
            }
            Element::Hour => (self.hour, rest) = limited(s, false, 23, "hour")?,
            Element::Hour12 => (self.hour, rest) = limited(s, false, 12, "hour")?,
            Element::ZeroHour12 => (self.hour, rest) = limited(s, true, 12, "hour")?,
            Element::Minute => (self.minute, rest) = limited(s, false, 59, "minute")?,
            Element::ZeroMinute => (self.minute, rest) = limited(s, true, 59, "minute")?,
            Element::Second | Element::ZeroSecond => {
                let fixed = element == Element::ZeroSecond;
                let (second, r) = limited(s, fixed, 59, "second")?;
                self.second = second;
                rest = self.fraction_unasked(r, after)?;
            }
            Element::UpperPm => rest = self.half_day(s, b"AM", b"PM")?,
            Element::LowerPm => rest = self.half_day(s, b"am", b"pm")?,
            Element::Offset { zulu, colon, parts } => {
                if zulu && s.first() == Some(&b'Z') {
                    self.utc = true;
                    return Ok(&s[1..]);
                }
                let (offset, r) = offset(s, colon, parts)?;
                self.offset = Some(offset);
                rest = r;
            }
            Element::ZoneName => {
                if let Some(r) = s.strip_prefix(b"UTC") {
                    self.utc = true;
                    return Ok(r);
                }
                let length = zone_length(s).ok_or(Fault::Bad)?;
                self.zone_name = String::from_utf8_lossy(&s[..length]).into_owned();
                rest = &s[length..];
            }
            Element::ZeroFraction(count) => (self.nanos, rest) = nanoseconds(s, count + 1)?,
            Element::NineFraction(_) => match fraction_length(s) {
                Some(length) => (self.nanos, rest) = nanoseconds(s, length)?,
                None => rest = s,
            },
        }
        Ok(rest)
    }

    /// A fraction after the seconds is read even where the layout has none.
    fn fraction_unasked<'a>(&mut self, s: &'a [u8], after: &[u8]) -> Result<&'a [u8], Fault> {
        let Some(length) = fraction_length(s) else {
            return Ok(s);
        };
        let asked = next(after)
            .is_some_and(|(_, element, _, _)| matches!(element, Element::ZeroFraction(_) | Element::NineFraction(_)));
        if asked {
            return Ok(s);
        }
        let (nanos, rest) = nanoseconds(s, length)?;
        self.nanos = nanos;
        Ok(rest)
    }

    fn half_day<'a>(&mut self, s: &'a [u8], am: &[u8], pm: &[u8]) -> Result<&'a [u8], Fault> {
        let (head, rest) = s.split_at_checked(2).ok_or(Fault::Bad)?;
        if head == pm {
            self.pm = true;
        } else if head == am {
            self.am = true;
        } else {
            return Err(Fault::Bad);
        }
        Ok(rest)
    }

    /// Checks the date and places the time in its zone.
    fn finish(mut self, default: &Zone, local: &Zone) -> Result<Time, &'static str> {
        if self.pm && self.hour < 12 {
            self.hour += 12;
        } else if self.am && self.hour == 12 {
            self.hour = 0;
        }
        if let Some(year_day) = self.year_day {
            self.apply_year_day(year_day)?;
        }
        let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
        if day < 1 || day > days_in(self.year, month) {
            return Err("day out of range");
        }
        let clock = self.hour * 3600 + self.minute * 60 + self.second;
        let date = |zone: Zone| Time::date(self.year, month, day, clock, self.nanos, zone);
        if self.utc {
            return Ok(date(Zone::Utc));
        }
        let mut time = date(Zone::Utc);
        if let Some(offset) = self.offset {
            time.unix_sec -= offset;
            let there = local.lookup(time.unix_sec);
            let same = i64::from(there.offset) == offset && (self.zone_name.is_empty() || there.name == self.zone_name);
            time.zone = if same { local.clone() } else { fixed(&self.zone_name, offset) };
            return Ok(time);
        }
        if self.zone_name.is_empty() {
            return Ok(date(default.clone()));
        }
        if let Some(offset) = local.offset_of(&self.zone_name, time.unix_sec) {
            time.unix_sec -= i64::from(offset);
            time.zone = local.clone();
            return Ok(time);
        }
        // an unknown abbreviation: its name stays, with no offset but the one it spells (GMT+3)
        let spelt = self.zone_name.strip_prefix("GMT").and_then(|hours| hours.parse::<i64>().ok());
        let offset = spelt.unwrap_or(0) * 3600;
        time.unix_sec -= offset;
        time.zone = fixed(&self.zone_name, offset);
        Ok(time)
    }

    fn apply_year_day(&mut self, year_day: i64) -> Result<(), &'static str> {
        let length = days_in(self.year, 2) + 337;
        if year_day < 1 || year_day > length {
            return Err("day-of-year out of range");
        }
        let (mut month, mut day) = (1, year_day);
        while day > days_in(self.year, month) {
            day -= days_in(self.year, month);
            month += 1;
        }
        if self.month.is_some_and(|given| given != month) {
            return Err("day-of-year does not match month");
        }
        if self.day.is_some_and(|given| given != day) {
            return Err("day-of-year does not match day");
        }
        (self.month, self.day) = (Some(month), Some(day));
        Ok(())
    }
}

fn fixed(name: &str, offset: i64) -> Zone {
    Zone::Fixed { name: name.into(), offset: i32::try_from(offset).unwrap_or(0) }
}

/// Three digits, or up to three after at most two spaces.
fn year_day(mut s: &[u8], fixed: bool) -> Step<'_, i64> {
    if fixed {
        return digits(s, 3);
    }
    for _ in 0..2 {
        s = s.strip_prefix(b" ").unwrap_or(s);
    }
    let count = s.iter().take(3).take_while(|b| b.is_ascii_digit()).count();
    if count == 0 { Err(Fault::Bad) } else { digits(s, count) }
}

/// `+hh`, `+hhmm`, `+hh:mm`, with seconds when `parts` is 3.
fn offset(s: &[u8], colon: bool, parts: u8) -> Step<'_, i64> {
    let count = usize::from(parts);
    let width = 1 + 2 * count + if colon { count - 1 } else { 0 };
    let (head, rest) = s.split_at_checked(width).ok_or(Fault::Bad)?;
    let step = if colon { 3 } else { 2 };
    if colon && (1..count).any(|i| head[step * i] != b':') {
        return Err(Fault::Bad);
    }
    let limits = [(24, "time zone offset hour"), (60, "time zone offset minute"), (60, "time zone offset second")];
    let mut values = [0; 3];
    for (i, (max, what)) in limits.into_iter().enumerate().take(count) {
        values[i] = limited(&head[1 + step * i..][..2], true, max, what)?.0;
    }
    let sign = match head[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return Err(Fault::Bad),
    };
    Ok((sign * (values[0] * 3600 + values[1] * 60 + values[2]), rest))
}

/// Length of a zone abbreviation at the front: three letters, or four or five that end in T.
fn zone_length(s: &[u8]) -> Option<usize> {
    if s.len() < 3 {
        return None;
    }
    if s.starts_with(b"ChST") || s.starts_with(b"MeST") {
        return Some(4);
    }
    if let Some(rest) = s.strip_prefix(b"GMT") {
        return Some(3 + signed_hours(rest));
    }
    if matches!(s[0], b'+' | b'-') {
        return Some(signed_hours(s)).filter(|&length| length > 0);
    }
    let upper = s.iter().take(6).take_while(|b| b.is_ascii_uppercase()).count();
    match upper {
        3 => Some(3),
        4 if s[3] == b'T' || s.starts_with(b"WITA") => Some(4),
        5 if s[4] == b'T' => Some(5),
        _ => None,
    }
}

/// Length of `+3` or `-11`, 0 when there is none up to 23.
fn signed_hours(s: &[u8]) -> usize {
    let [b'+' | b'-', digits @ ..] = s else {
        return 0;
    };
    let count = digits.iter().take_while(|b| b.is_ascii_digit()).count();
    let value = digits[..count]
        .iter()
        .try_fold(0u32, |value, b| Some(value * 10 + u32::from(b - b'0')).filter(|&value| value <= 23));
    if count > 0 && value.is_some() { count + 1 } else { 0 }
}
