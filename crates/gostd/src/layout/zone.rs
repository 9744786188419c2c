//! Time zones: UTC, fixed offsets, and those of the tz database.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A zone, `*time.Location`.
#[derive(Clone, Debug)]
pub enum Zone {
    /// UTC.
    Utc,
    /// A fixed offset with a name that may be empty (`time.FixedZone`).
    Fixed {
        /// Abbreviation shown for `MST`; empty shows the offset.
        name: Box<str>,
        /// Seconds east of UTC.
        offset: i32,
    },
    /// A zone of the tz database.
    Named(TimeZone),
    /// The machine's own (`time.Local`), under the name that Go gives it; without rules it is UTC.
    Local {
        /// `Local`, or what `TZ` says.
        name: Box<str>,
        /// The zone's rules.
        zone: Option<TimeZone>,
    },
}

/// What a zone says about one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offset {
    /// Abbreviation, `CET`.
    pub(super) name: String,
    /// Seconds east of UTC.
    pub(super) offset: i32,
}

/// Why [`Zone::load`] refuses a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ZoneError {
    /// A name that would leave the database's folder.
    InvalidName,
    /// Not in the database.
    Unknown(String),
}

impl fmt::Display for ZoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidName => f.write_str("time: invalid location name"),
            Self::Unknown(name) => write!(f, "unknown time zone {name}"),
        }
    }
}

impl std::error::Error for ZoneError {}

impl Zone {
    /// `time.LoadLocation`: empty and `UTC` are UTC, `Local` is the zone the caller gives.
    ///
    /// # Errors
    /// Go's texts. Names are case-sensitive.
    pub fn load(name: &str, local: &Zone) -> Result<Zone, ZoneError> {
        match name {
            "" | "UTC" => return Ok(Zone::Utc),
            "Local" => return Ok(local.clone()),
            _ => {}
        }
        if name.contains("..") || name.starts_with('/') || name.contains('\\') {
            return Err(ZoneError::InvalidName);
        }
        match TimeZone::get(name) {
            // jiff finds names in any case, Go only as they are written
            Ok(zone) if zone.iana_name() == Some(name) => Ok(Zone::Named(zone)),
            _ => Err(ZoneError::Unknown(name.to_owned())),
        }
    }

    /// `time.Local`: the zone of the database that the machine is in, and the name that it has there. One that is unknown is UTC.
    #[must_use]
    pub fn local(zone: &str, name: String) -> Zone {
        match Zone::load(zone, &Zone::Utc) {
            Ok(Zone::Named(zone)) => Zone::Local { name: name.into(), zone: Some(zone) },
            Ok(_) => Zone::Local { name: name.into(), zone: None },
            Err(_) => Zone::Local { name: "UTC".into(), zone: None },
        }
    }

    fn rules(&self) -> Option<&TimeZone> {
        match self {
            Zone::Named(zone) => Some(zone),
            Zone::Local { zone, .. } => zone.as_ref(),
            Zone::Utc | Zone::Fixed { .. } => None,
        }
    }

    /// The local zone from the data of a TZif file (`/etc/localtime`), for the caller that reads it.
    #[must_use]
    pub fn from_tzif(data: &[u8]) -> Option<Zone> {
        TimeZone::tzif("Local", data).ok().map(Zone::Named)
    }

    /// `Location.String`: the name of the zone; a fixed offset has the one it was read with.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Zone::Utc => "UTC",
            Zone::Fixed { name, .. } | Zone::Local { name, .. } => name,
            Zone::Named(zone) => zone.iana_name().unwrap_or("Local"),
        }
    }

    /// Seconds east of UTC at an instant.
    #[must_use]
    pub fn offset(&self, unix: i64) -> i32 {
        self.lookup(unix).offset
    }

    /// `IsDST`: whether daylight saving time holds at an instant.
    #[must_use]
    pub fn is_dst(&self, unix: i64) -> bool {
        let Some(zone) = self.rules() else { return false };
        let (low, high) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
        let at = Timestamp::from_second(unix.clamp(low, high)).unwrap_or_default();
        zone.to_offset_info(at).dst().is_dst()
    }

    pub(super) fn lookup(&self, unix: i64) -> Offset {
        match self {
            Zone::Utc | Zone::Local { zone: None, .. } => Offset { name: "UTC".to_owned(), offset: 0 },
            Zone::Fixed { name, offset } => Offset { name: name.to_string(), offset: *offset },
            Zone::Named(zone) | Zone::Local { zone: Some(zone), .. } => {
                let (low, high) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
                let at = Timestamp::from_second(unix.clamp(low, high)).unwrap_or_default();
                let info = zone.to_offset_info(at);
                Offset { name: info.abbreviation().to_owned(), offset: info.offset().seconds() }
            }
        }
    }

    /// Seconds since 1970 of a local reading. Go guesses with the offset of the reading taken as UTC, and
    /// corrects once; so a skipped or repeated time gets the offset of either side.
    pub(super) fn to_unix(&self, local: i64) -> i64 {
        let first = i64::from(self.lookup(local).offset);
        if first == 0 {
            return local;
        }
        let second = i64::from(self.lookup(local.saturating_sub(first)).offset);
        local.saturating_sub(second)
    }

    /// The offset that an abbreviation has in this zone: at the local reading, else whenever it had one.
    pub(super) fn offset_of(&self, name: &str, local: i64) -> Option<i32> {
        let Some(zone) = self.rules() else {
            let here = self.lookup(0);
            return (here.name == name && !name.is_empty()).then_some(here.offset);
        };
        for days in [0, 182, -182] {
            let offset = self.lookup(local.saturating_add(days * 86_400)).offset;
            if self.lookup(local.saturating_sub(i64::from(offset))).name == name {
                return Some(self.lookup(local.saturating_sub(i64::from(offset))).offset);
            }
        }
        let (low, high) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
        // the oldest use counts; rules for the far future repeat for ever, so the search has an end
        Some(self.lookup(low)).filter(|oldest| oldest.name == name).map(|oldest| oldest.offset).or_else(|| {
            zone.following(Timestamp::MIN)
                .take_while(|change| change.timestamp().as_second() < high)
                .take(1000)
                .find(|change| change.abbreviation() == name)
                .map(|change| change.offset().seconds())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Observed from Helm 4.3.1 with TZ set so, and unset.
    #[test]
    fn the_machines_zone_has_a_name_of_its_own() {
        let cases = [
            ("Europe/Berlin", "Local", "Local", 7200),
            ("Europe/Berlin", "Europe/Berlin", "Europe/Berlin", 7200),
            ("UTC", "Local", "Local", 0),
            ("UTC", "UTC", "UTC", 0),
            ("Nope", "Nope", "UTC", 0),
        ];
        for (zone, name, want, offset) in cases {
            let local = Zone::local(zone, name.to_owned());
            assert_eq!((local.name(), local.offset(1_720_000_000)), (want, offset), "{zone} {name}");
            assert_eq!(local.is_dst(1_720_000_000), offset > 0);
        }
    }
}
