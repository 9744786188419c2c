//! A time as text by a layout.

use super::element::{DAYS, Element, MONTHS, next};
use super::zone::Offset;
use super::{Civil, Time};

/// Appends `time` in the form of `layout`.
pub(super) fn append(out: &mut Vec<u8>, time: &Time, mut layout: &[u8]) {
    let civil = time.civil();
    let offset = time.zone.lookup(time.unix_sec);
    while let Some((before, element, spelling, after)) = next(layout) {
        out.extend_from_slice(before);
        field(out, element, spelling[0], &civil, &offset, time.nanos);
        layout = after;
    }
    out.extend_from_slice(layout);
}

fn field(out: &mut Vec<u8>, element: Element, first: u8, c: &Civil, zone: &Offset, nanos: u32) {
    let hour12 = if c.hour.is_multiple_of(12) { 12 } else { c.hour % 12 };
    let month = MONTHS[(c.month as usize + 11) % 12];
    let day = DAYS[c.weekday as usize % 7];
    let text = match element {
        Element::LongYear if c.year < 0 => format!("-{:04}", -c.year),
        Element::LongYear => format!("{:04}", c.year),
        Element::Year => format!("{:02}", (c.year % 100).abs()),
        Element::LongMonth => month.to_owned(),
        Element::Month => month[..3].to_owned(),
        Element::NumMonth => c.month.to_string(),
        Element::ZeroMonth => format!("{:02}", c.month),
        Element::LongWeekDay => day.to_owned(),
        Element::WeekDay => day[..3].to_owned(),
        Element::Day => c.day.to_string(),
        Element::UnderDay => format!("{:2}", c.day),
        Element::ZeroDay => format!("{:02}", c.day),
        Element::UnderYearDay => format!("{:3}", c.year_day),
        Element::ZeroYearDay => format!("{:03}", c.year_day),
        Element::Hour => format!("{:02}", c.hour),
        Element::Hour12 => hour12.to_string(),
        Element::ZeroHour12 => format!("{hour12:02}"),
        Element::Minute => c.minute.to_string(),
        Element::ZeroMinute => format!("{:02}", c.minute),
        Element::Second => c.second.to_string(),
        Element::ZeroSecond => format!("{:02}", c.second),
        Element::UpperPm => if c.hour >= 12 { "PM" } else { "AM" }.to_owned(),
        Element::LowerPm => if c.hour >= 12 { "pm" } else { "am" }.to_owned(),
        Element::Offset { zulu, colon, parts } => offset_text(zone.offset, zulu, colon, parts),
        Element::ZoneName => zone_name(zone),
        Element::ZeroFraction(digits) => fraction(first, nanos, digits, false),
        Element::NineFraction(digits) => fraction(first, nanos, digits, true),
    };
    out.extend_from_slice(text.as_bytes());
}

fn offset_text(offset: i32, zulu: bool, colon: bool, parts: u8) -> String {
    if zulu && offset == 0 {
        return "Z".to_owned();
    }
    // the sign is that of whole minutes
    let sign = if offset / 60 < 0 { '-' } else { '+' };
    let seconds = offset.unsigned_abs();
    let separator = if colon { ":" } else { "" };
    let mut text = format!("{sign}{:02}", seconds / 3600);
    if parts >= 2 {
        text.push_str(&format!("{separator}{:02}", seconds / 60 % 60));
    }
    if parts >= 3 {
        text.push_str(&format!("{separator}{:02}", seconds % 60));
    }
    text
}

/// The abbreviation, or `+hhmm` where there is none.
fn zone_name(zone: &Offset) -> String {
    if zone.name.is_empty() { offset_text(zone.offset, false, false, 2) } else { zone.name.clone() }
}

fn fraction(point: u8, nanos: u32, digits: usize, trim: bool) -> String {
    let text = format!("{nanos:09}");
    let text = &text[..digits.min(9)];
    let text = if trim { text.trim_end_matches('0') } else { text };
    if trim && text.is_empty() { String::new() } else { format!("{}{text}", char::from(point)) }
}
