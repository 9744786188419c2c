//! Go's `time.Time`: an instant with a zone, its text by layout, and arithmetic on it.
//!
//! Zones come from the tz database that jiff carries; nothing is read from the system. The local zone,
//! like the current time, comes from the caller.

mod civil;
mod element;
mod format;
mod parse;
mod zone;

pub use parse::{ParseError, parse, parse_in_location};
pub use zone::{Zone, ZoneError};

use crate::duration::Duration;
use civil::{civil_from_days, days_from_civil};

/// Seconds from year 1 (Go's zero time) to 1970.
const ZERO_TO_UNIX: i64 = 62_135_596_800;

/// `time.RFC3339`.
pub const RFC3339: &str = "2006-01-02T15:04:05Z07:00";
/// `time.RFC3339Nano`.
pub const RFC3339_NANO: &str = "2006-01-02T15:04:05.999999999Z07:00";
/// The layout of [`Time`]'s own text (`Time.String`).
pub const STRING: &str = "2006-01-02 15:04:05.999999999 -0700 MST";

/// An instant, shown in a zone.
#[derive(Clone, Debug)]
pub struct Time {
    /// Seconds since 1970, UTC.
    pub unix_sec: i64,
    /// Nanoseconds within the second, below 1e9.
    pub nanos: u32,
    /// The zone it is shown in.
    pub zone: Zone,
}

/// A date and a time of day, as the zone shows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// Year; 0 is 1 BC.
    pub year: i64,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    /// 0 to 23.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
    /// 0 to 59.
    pub second: u32,
    /// 1 to 366.
    pub year_day: u32,
    /// 0 is Sunday.
    pub weekday: u32,
}

impl Time {
    /// `time.Time{}`: year 1, UTC.
    #[must_use]
    pub fn zero() -> Self {
        Self::unix(-ZERO_TO_UNIX, 0, Zone::Utc)
    }

    /// `time.Unix(sec, nanos).In(zone)`; nanoseconds beyond a second carry over.
    #[must_use]
    pub fn unix(sec: i64, nanos: i64, zone: Zone) -> Self {
        let unix_sec = sec.wrapping_add(nanos.div_euclid(1_000_000_000));
        let nanos = u32::try_from(nanos.rem_euclid(1_000_000_000)).unwrap_or(0);
        Time { unix_sec, nanos, zone }
    }

    /// `time.Date`: fields out of range carry over; a time that a zone skips or repeats is read as Go does.
    #[must_use]
    pub fn date(year: i64, month: i64, day: i64, clock_sec: i64, nanos: i64, zone: Zone) -> Self {
        let days = days_from_civil(year, month, day);
        let local = days.saturating_mul(86_400).saturating_add(clock_sec);
        let unix = zone.to_unix(local);
        Self::unix(unix, nanos, zone)
    }

    /// `IsZero`.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.unix_sec == -ZERO_TO_UNIX && self.nanos == 0
    }

    /// `In(zone)`.
    #[must_use]
    pub fn in_zone(&self, zone: Zone) -> Self {
        Time { zone, ..*self }
    }

    /// The fields the zone shows.
    #[must_use]
    pub fn civil(&self) -> Civil {
        let offset = self.zone.lookup(self.unix_sec).offset;
        let local = self.unix_sec.saturating_add(i64::from(offset));
        let (days, clock) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        let (year, month, day) = civil_from_days(days);
        let small = |v: i64| u32::try_from(v).unwrap_or(0);
        Civil {
            year,
            month,
            day,
            hour: small(clock / 3600),
            minute: small(clock / 60 % 60),
            second: small(clock % 60),
            year_day: small(days - days_from_civil(year, 1, 1) + 1),
            weekday: small((days + 4).rem_euclid(7)),
        }
    }

    /// `UnixNano`, wrapping as Go's does.
    #[must_use]
    pub fn unix_nano(&self) -> i64 {
        self.unix_sec.wrapping_mul(1_000_000_000).wrapping_add(i64::from(self.nanos))
    }

    /// `Add(duration)`.
    #[must_use]
    pub fn add(&self, duration: Duration) -> Self {
        let nanos = i64::from(self.nanos) + duration.0 % 1_000_000_000;
        Self::unix(self.unix_sec.wrapping_add(duration.0 / 1_000_000_000), nanos, self.zone.clone())
    }

    /// `Sub(other)`, saturating.
    #[must_use]
    pub fn sub(&self, other: &Self) -> Duration {
        let nanos = (i128::from(self.unix_sec) - i128::from(other.unix_sec)) * 1_000_000_000 + i128::from(self.nanos)
            - i128::from(other.nanos);
        let clamped = nanos.clamp(i128::from(i64::MIN), i128::from(i64::MAX));
        Duration(i64::try_from(clamped).unwrap_or(i64::MAX))
    }

    /// `AddDate(years, months, days)`: normalised, so 31 October plus a month is 1 December.
    #[must_use]
    pub fn add_date(&self, years: i64, months: i64, days: i64) -> Self {
        let c = self.civil();
        let clock = i64::from(c.hour * 3600 + c.minute * 60 + c.second);
        Self::date(
            c.year.saturating_add(years),
            i64::from(c.month).saturating_add(months),
            i64::from(c.day).saturating_add(days),
            clock,
            i64::from(self.nanos),
            self.zone.clone(),
        )
    }

    /// `Truncate(unit)`: down to a multiple of the unit since the zero time.
    #[must_use]
    pub fn truncate(&self, unit: Duration) -> Self {
        if unit.0 <= 0 {
            return self.clone();
        }
        self.add(Duration(-self.past_multiple(unit)))
    }

    /// `Round(unit)`: to the nearest multiple since the zero time, halves up.
    #[must_use]
    pub fn round(&self, unit: Duration) -> Self {
        if unit.0 <= 0 {
            return self.clone();
        }
        let past = self.past_multiple(unit);
        if past < unit.0 - past { self.add(Duration(-past)) } else { self.add(Duration(unit.0 - past)) }
    }

    /// Nanoseconds since the last multiple of the unit.
    fn past_multiple(&self, unit: Duration) -> i64 {
        let since_zero =
            (i128::from(self.unix_sec) + i128::from(ZERO_TO_UNIX)) * 1_000_000_000 + i128::from(self.nanos);
        i64::try_from(since_zero.rem_euclid(i128::from(unit.0))).unwrap_or(0)
    }

    /// `Format(layout)`.
    #[must_use]
    pub fn format(&self, layout: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(layout.len() + 10);
        format::append(&mut out, self, layout);
        out
    }
}

/// `Time.String` without a monotonic reading: `2006-01-02 15:04:05.999999999 -0700 MST`.
impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.format(STRING.as_bytes())))
    }
}

#[cfg(test)]
mod tests;
