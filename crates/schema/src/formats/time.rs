//! Dates, times and spans of time.

use rhumb_gostd::layout::{self, Zone};
use rhumb_gostd::strconv::{atoi, quote_rune};

/// `date`
pub(crate) fn date(text: &str) -> Result<(), String> {
    layout::parse(b"2006-01-02", text.as_bytes(), &Zone::Utc).map(|_| ()).map_err(|e| e.to_string())
}

/// `time`
pub(crate) fn time(text: &str) -> Result<(), String> {
    let bytes = text.as_bytes();
    if bytes.len() < 9 {
        return Err("less than 9 characters long".into());
    }
    if bytes[2] != b':' || bytes[5] != b':' {
        return Err("missing colon in correct place".into());
    }
    let number = |part| number(part, "hour/min/sec");
    let (hour, minute, second) = (number(&bytes[..2])?, number(&bytes[3..5])?, number(&bytes[6..8])?);
    if hour > 23 || minute > 59 || second > 60 {
        return Err("hour/min/sec out of range".into());
    }
    let mut zone = &bytes[8..];
    if let Some(fraction) = zone.strip_prefix(b".") {
        let digits = fraction.iter().take_while(|c| c.is_ascii_digit()).count();
        if digits == 0 {
            return Err("no digits in second fraction".into());
        }
        zone = &fraction[digits..];
    }
    let mut since_midnight = hour * 60 + minute;
    if !matches!(zone, b"z" | b"Z") {
        since_midnight -= offset(zone)?;
        if since_midnight < 0 {
            since_midnight += 24 * 60;
        }
    }
    // Only the last minute of the day has a sixty-first second.
    if second == 60 && since_midnight != 24 * 60 - 1 { Err("invalid leap second".into()) } else { Ok(()) }
}

/// Minutes east.
fn offset(zone: &[u8]) -> Result<i64, String> {
    if zone.len() != 6 {
        return Err("offset must be 6 characters long".into());
    }
    let sign = match zone[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return Err("offset must begin with plus/minus".into()),
    };
    if zone[3] != b':' {
        return Err("missing colon in offset in correct place".into());
    }
    let number = |part| number(part, "hour/min in offset");
    let (hour, minute) = (number(&zone[1..3])?, number(&zone[4..])?);
    if hour > 23 || minute > 59 {
        return Err("hour/min in offset out of range".into());
    }
    Ok(sign * (hour * 60 + minute))
}

fn number(part: &[u8], what: &str) -> Result<i64, String> {
    match atoi(part) {
        Ok(n) if n < 0 => Err(format!("non-positive {what}")),
        Ok(n) => Ok(n),
        Err(_) => Err(format!("invalid {what}")),
    }
}

/// `date-time`
pub(crate) fn date_time(text: &str) -> Result<(), String> {
    if text.len() < 20 {
        return Err("less than 20 characters long".into());
    }
    if !matches!(text.as_bytes()[10], b't' | b'T') {
        return Err("11th character must be t or T".into());
    }
    // The letter is one byte, so both sides of it are texts.
    date(&text[..10]).map_err(|e| format!("invalid date element: {e}"))?;
    time(&text[11..]).map_err(|e| format!("invalid time element: {e}"))
}

/// `duration`
pub(crate) fn duration(text: &str) -> Result<(), String> {
    let rest = text.strip_prefix('P').ok_or("must start with P")?;
    if rest.is_empty() {
        return Err("nothing after P".into());
    }
    if let Some(weeks) = rest.strip_suffix('W') {
        return match weeks {
            "" => Err("no number in week".into()),
            _ if weeks.bytes().all(|c| c.is_ascii_digit()) => Ok(()),
            _ => Err("invalid week".into()),
        };
    }
    for (i, part) in rest.split('T').enumerate() {
        if i > 0 && part.is_empty() {
            return Err("no time elements".into());
        }
        let all: &[u8] = *[b"YMD", b"HMS"].get(i).ok_or("more than one T")?;
        elements(part.as_bytes(), all)?;
    }
    Ok(())
}

/// Numbers with units in their order.
fn elements(mut part: &[u8], all: &[u8]) -> Result<(), String> {
    let mut units = all;
    while !part.is_empty() {
        let digits = part.iter().take_while(|c| c.is_ascii_digit()).count();
        if digits == 0 {
            return Err("missing number".into());
        }
        let unit = *part.get(digits).ok_or("missing unit")?;
        let shown = || String::from_utf8_lossy(&quote_rune(i64::from(unit), false)).into_owned();
        match units.iter().position(|c| *c == unit) {
            Some(at) => units = &units[at + 1..],
            None if all.contains(&unit) => return Err(format!("unit {} out of order", shown())),
            None => return Err(format!("invalid unit {}", shown())),
        }
        part = &part[digits + 1..];
    }
    Ok(())
}

/// `period`
pub(crate) fn period(text: &str) -> Result<(), String> {
    let (start, end) = text.split_once('/').ok_or("missing slash")?;
    if start.starts_with('P') {
        duration(start).map_err(|e| format!("invalid start duration: {e}"))?;
    } else {
        date_time(start).map_err(|e| format!("invalid start date-time: {e}"))?;
        if end.starts_with('P') {
            return duration(end).map_err(|e| format!("invalid end duration: {e}"));
        }
    }
    date_time(end).map_err(|e| format!("invalid end date-time: {e}"))
}
