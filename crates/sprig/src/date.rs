//! Dates in Go's layouts and time zones, and durations. The clock and the local zone are the world's.

use rhumb_gostd::duration::Duration;
use rhumb_gostd::layout::{Time, Zone, parse_in_location};
use rhumb_template::{Call, Error, Func};
use rhumb_value::{IntKind, Type, Value};

use crate::args::{Answer, any, fail, func, text};
use crate::time_object::{TIME, clock_value, later, time_of, time_value};

const S: Type = Type::String;
const TA: &[Type] = &[S, Type::Any];
const TAT: &[Type] = &[S, Type::Any, S];
const T_TIME: &[Type] = &[S, TIME];
const A: &[Type] = &[Type::Any];

pub(crate) static FUNCS: &[Func] = &[
    func("now", &[], TIME, |c| Ok(clock_value(now(c), local(c)))),
    func("date", TA, S, |c| Ok(shown(c, text(c, 0), any(c, 1), b"Local"))),
    func("dateInZone", TAT, S, |c| Ok(shown(c, text(c, 0), any(c, 1), text(c, 2)))),
    func("date_in_zone", TAT, S, |c| Ok(shown(c, text(c, 0), any(c, 1), text(c, 2)))),
    func("htmlDate", A, S, |c| Ok(shown(c, b"2006-01-02", any(c, 0), b"Local"))),
    func("htmlDateInZone", &[Type::Any, S], S, |c| Ok(shown(c, b"2006-01-02", any(c, 0), text(c, 1)))),
    func("dateModify", T_TIME, TIME, |c| Ok(modified(c).unwrap_or_else(|_| any(c, 1).clone()))),
    func("date_modify", T_TIME, TIME, |c| Ok(modified(c).unwrap_or_else(|_| any(c, 1).clone()))),
    func("mustDateModify", T_TIME, TIME, |c| modified(c)),
    func("must_date_modify", T_TIME, TIME, |c| modified(c)),
    func("toDate", &[S, S], TIME, |c| Ok(read(c).unwrap_or_else(|_| time_value(Time::zero(), local(c))))),
    func("mustToDate", &[S, S], TIME, |c| read(c)),
    func("unixEpoch", &[TIME], S, |c| match time_of(any(c, 0)) {
        Some(t) => Ok(t.unix_sec.to_string().into()),
        None => fail(crate::args::NIL_POINTER),
    }),
    func("ago", A, S, ago),
    func("duration", A, S, duration),
    func("durationRound", A, S, duration_round),
];

fn local(c: &Call<'_>) -> Zone {
    let world = c.runtime.world();
    Zone::local(&world.local_zone(), world.local_zone_name())
}

fn now(c: &Call<'_>) -> Time {
    let (seconds, nanos) = c.runtime.world().now();
    Time::unix(seconds, nanos.into(), local(c))
}

/// A time as it is, an integer as seconds since 1970; anything else is now.
fn moment(c: &Call<'_>, value: &Value) -> Time {
    match value {
        Value::Int(n, IntKind::Int | IntKind::Int64 | IntKind::Int32) => Time::unix(*n, 0, local(c)),
        other => time_of(other).cloned().unwrap_or_else(|| now(c)),
    }
}

/// An unknown zone is UTC.
fn shown(c: &Call<'_>, layout: &[u8], value: &Value, zone: &[u8]) -> Value {
    let zone = Zone::load(&String::from_utf8_lossy(zone), &local(c)).unwrap_or(Zone::Utc);
    moment(c, value).in_zone(zone).format(layout).into()
}

fn modified(c: &Call<'_>) -> Answer {
    let by = Duration::parse(text(c, 0)).map_err(|e| Error::new(e.to_string()))?;
    match time_of(any(c, 1)) {
        Some(t) => Ok(later(any(c, 1), t.add(by), by.0)),
        None => fail(crate::args::NIL_POINTER),
    }
}

fn read(c: &Call<'_>) -> Answer {
    let zone = local(c);
    parse_in_location(text(c, 0), text(c, 1), &zone).map(|t| time_value(t, zone)).map_err(|e| Error::new(e.to_string()))
}

fn ago(c: &mut Call<'_>) -> Answer {
    let gap = now(c).sub(&moment(c, any(c, 0)));
    Ok(gap.round(Duration::SECOND).to_string().into())
}

/// Seconds as a duration; only strings and `int64` count.
fn duration(c: &mut Call<'_>) -> Answer {
    let seconds = match any(c, 0) {
        Value::Str(s) => rhumb_gostd::strconv::parse_int(s, 10, 64).unwrap_or(0),
        Value::Int(n, IntKind::Int64) => *n,
        _ => 0,
    };
    Ok(Duration(seconds.wrapping_mul(Duration::SECOND.0)).to_string().into())
}

fn duration_round(c: &mut Call<'_>) -> Answer {
    let span = match any(c, 0) {
        Value::Str(s) => Duration::parse(s).unwrap_or_default(),
        Value::Int(n, IntKind::Int64) => Duration(*n),
        other => time_of(other).map(|t| now(c).sub(t)).unwrap_or_default(),
    };
    Ok(span.largest_unit().into())
}
