//! Go's `time.Duration`: parsing, printing and rounding, and sprig's one-unit wording of it.

use std::fmt;
use std::fmt::Write as _;

/// A span of time in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(pub i64);

impl Duration {
    /// One microsecond.
    pub const MICROSECOND: Self = Self(1_000);
    /// One millisecond.
    pub const MILLISECOND: Self = Self(1_000_000);
    /// One second.
    pub const SECOND: Self = Self(1_000_000_000);
    /// One minute.
    pub const MINUTE: Self = Self(60_000_000_000);
    /// One hour.
    pub const HOUR: Self = Self(3_600_000_000_000);

    /// `time.ParseDuration`: a sequence of decimal numbers with a unit, `1h15m30.918s`.
    ///
    /// # Errors
    /// Go's text: `time: invalid duration "x"`, `missing unit in`, `unknown unit "x" in`.
    pub fn parse(text: &[u8]) -> Result<Self, DurationError> {
        parse(text).map_err(|cause| DurationError { text: time_quote(text), cause })
    }

    /// `Hours()`, as a float.
    #[must_use]
    pub fn hours(self) -> f64 {
        self.in_unit(Self::HOUR)
    }

    /// `Minutes()`, as a float.
    #[must_use]
    pub fn minutes(self) -> f64 {
        self.in_unit(Self::MINUTE)
    }

    /// `Seconds()`, as a float.
    #[must_use]
    pub fn seconds(self) -> f64 {
        self.in_unit(Self::SECOND)
    }

    /// Whole and fractional part are converted apart, as Go does, so that they round alike.
    fn in_unit(self, unit: Self) -> f64 {
        (self.0 / unit.0) as f64 + (self.0 % unit.0) as f64 / unit.0 as f64
    }

    /// `Truncate`: towards zero to a multiple of `unit`; a unit of zero or less changes nothing.
    #[must_use]
    pub fn truncate(self, unit: Self) -> Self {
        if unit.0 <= 0 { self } else { Self(self.0 - self.0 % unit.0) }
    }

    /// `Round`: to the nearest multiple of `unit`, halves away from zero, saturating.
    #[must_use]
    pub fn round(self, unit: Self) -> Self {
        if unit.0 <= 0 {
            return self;
        }
        let rest = self.0 % unit.0;
        let up = rest.unsigned_abs() * 2 >= unit.0.unsigned_abs();
        let low = self.0 - rest;
        Self(match (up, self.0 < 0) {
            (false, _) => low,
            (true, false) => low.saturating_add(unit.0),
            (true, true) => low.saturating_sub(unit.0),
        })
    }

    /// sprig's `durationRound`: the largest unit that fits more than once over, `2y 3mo 5d 4h 1m 7s`
    /// in the form of that one unit; anything of a second or less is `0s`.
    #[must_use]
    pub fn largest_unit(self) -> String {
        const DAY: u64 = 86_400_000_000_000;
        let amount = self.0.unsigned_abs();
        let units = [(365 * DAY, "y"), (30 * DAY, "mo"), (DAY, "d"), (DAY / 24, "h"), (DAY / 1440, "m")];
        for (unit, name) in units.into_iter().chain([(DAY / 86_400, "s")]) {
            if amount > unit {
                return format!("{}{name}", amount / unit);
            }
        }
        "0s".to_owned()
    }
}

/// `Duration.String`: `72h3m0.5s`, `1.5ms`, `0s`.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let amount = self.0.unsigned_abs();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        match amount {
            0 => f.write_str("0s"),
            1..1_000 => write!(f, "{amount}ns"),
            1_000..1_000_000 => fraction(f, amount, 1_000, "µs"),
            1_000_000..1_000_000_000 => fraction(f, amount, 1_000_000, "ms"),
            _ => {
                let minutes = amount / 60_000_000_000;
                if minutes >= 60 {
                    write!(f, "{}h", minutes / 60)?;
                }
                if minutes > 0 {
                    write!(f, "{}m", minutes % 60)?;
                }
                fraction(f, amount % 60_000_000_000, 1_000_000_000, "s")
            }
        }
    }
}

/// amount / unit as a decimal without trailing zeros, and the unit's name.
fn fraction(f: &mut fmt::Formatter<'_>, amount: u64, unit: u64, name: &str) -> fmt::Result {
    write!(f, "{}", amount / unit)?;
    let mut rest = amount % unit;
    if rest > 0 {
        let mut digits = unit.ilog10() as usize;
        while rest.is_multiple_of(10) {
            rest /= 10;
            digits -= 1;
        }
        write!(f, ".{rest:0digits$}")?;
    }
    f.write_str(name)
}

/// What [`Duration::parse`] refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DurationError {
    /// The whole input, quoted.
    text: String,
    cause: Cause,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Cause {
    Invalid,
    MissingUnit,
    UnknownUnit(String),
}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Cause::Invalid => write!(f, "time: invalid duration {}", self.text),
            Cause::MissingUnit => write!(f, "time: missing unit in duration {}", self.text),
            Cause::UnknownUnit(unit) => {
                write!(f, "time: unknown unit {unit} in duration {}", self.text)
            }
        }
    }
}

impl std::error::Error for DurationError {}

/// How package time quotes its input in messages: bytes that are not printable ASCII are `\xNN`.
pub(crate) fn time_quote(text: &[u8]) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for &b in text {
        match b {
            b'"' | b'\\' => out.extend(['\\', char::from(b)]),
            b' '..0x80 => out.push(char::from(b)),
            _ => {
                // writing to a String does not fail
                let _ = write!(out, "\\x{b:02x}");
            }
        }
    }
    out.push('"');
    out
}

fn parse(text: &[u8]) -> Result<Duration, Cause> {
    const LIMIT: u64 = 1 << 63;
    let (negative, mut s) = match text.first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    if s == b"0" {
        return Ok(Duration(0));
    }
    if s.is_empty() {
        return Err(Cause::Invalid);
    }
    let mut total = 0u64;
    while !s.is_empty() {
        let (amount, rest) = term(s)?;
        s = rest;
        total = total.checked_add(amount).filter(|&sum| sum <= LIMIT).ok_or(Cause::Invalid)?;
    }
    if negative {
        return Ok(Duration(0i64.wrapping_sub_unsigned(total)));
    }
    i64::try_from(total).map(Duration).map_err(|_| Cause::Invalid)
}

/// One number with its unit, in nanoseconds, and what follows.
fn term(s: &[u8]) -> Result<(u64, &[u8]), Cause> {
    const LIMIT: u64 = 1 << 63;
    let digits = |s: &[u8]| s.iter().take_while(|b| b.is_ascii_digit()).count();
    let whole = digits(s);
    let mut amount = 0u64;
    for &b in &s[..whole] {
        amount = amount
            .checked_mul(10)
            .and_then(|v| v.checked_add(u64::from(b - b'0')))
            .filter(|&v| v <= LIMIT)
            .ok_or(Cause::Invalid)?;
    }
    let mut rest = &s[whole..];
    let (mut part, mut scale, mut places) = (0u64, 1f64, 0);
    if rest.first() == Some(&b'.') {
        places = digits(&rest[1..]);
        for &b in &rest[1..=places] {
            // digits beyond the 63rd bit do not count any more
            let Some(next) =
                part.checked_mul(10).and_then(|v| v.checked_add(u64::from(b - b'0'))).filter(|&v| v < LIMIT)
            else {
                break;
            };
            part = next;
            scale *= 10.0;
        }
        rest = &rest[1 + places..];
    }
    if whole + places == 0 {
        return Err(Cause::Invalid);
    }
    let name = rest.iter().take_while(|&&b| b != b'.' && !b.is_ascii_digit()).count();
    let (name, rest) = rest.split_at(name);
    let unit = match name {
        b"" => return Err(Cause::MissingUnit),
        b"ns" => 1,
        b"us" | b"\xc2\xb5s" | b"\xce\xbcs" => 1_000,
        b"ms" => 1_000_000,
        b"s" => 1_000_000_000,
        b"m" => 60_000_000_000,
        b"h" => 3_600_000_000_000u64,
        _ => return Err(Cause::UnknownUnit(time_quote(name))),
    };
    let amount = amount.checked_mul(unit).filter(|&v| v <= LIMIT).ok_or(Cause::Invalid)?;
    let amount = amount + (part as f64 * (unit as f64 / scale)) as u64;
    if amount > LIMIT { Err(Cause::Invalid) } else { Ok((amount, rest)) }
}

#[cfg(test)]
mod tests;
