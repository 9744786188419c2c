//! Go's `time.Time` as a template sees it: a struct without fields, with methods.

use std::any::Any;

use rhumb_gostd::duration::Duration;
use rhumb_gostd::layout::{self, Time, Zone};
use rhumb_value::{IntKind, Kind, List, Method, Object, Str, Type, Value};

/// A moment in a template.
#[derive(Debug)]
pub(crate) struct TimeObject {
    pub(crate) time: Time,
    /// Nanoseconds since the program began, which Go shows behind a time that the clock gave.
    pub(crate) since_start: Option<i64>,
    /// The machine's zone, which a method cannot ask for.
    pub(crate) local: Zone,
}

/// The type in signatures.
pub(crate) const TIME: Type = Type::Named("time.Time");

/// The time behind a value, where it is one.
pub(crate) fn time_of(value: &Value) -> Option<&Time> {
    match value {
        Value::Object(o) => o.as_any().downcast_ref::<TimeObject>().map(|t| &t.time),
        _ => None,
    }
}

/// A time as a value.
pub(crate) fn time_value(time: Time, local: Zone) -> Value {
    Value::object(TimeObject { time, since_start: None, local })
}

/// A time that a method gives, without what the clock gave to the first.
fn derived(from: &Value, time: Time) -> Value {
    time_value(time, local_of(from))
}

fn local_of(value: &Value) -> Zone {
    match value {
        Value::Object(o) => o.as_any().downcast_ref::<TimeObject>().map(|t| t.local.clone()),
        _ => None,
    }
    .unwrap_or(Zone::Utc)
}

/// The time that the clock shows.
pub(crate) fn clock_value(time: Time, local: Zone) -> Value {
    // How long the program has run differs from run to run; the clock's last digits stand for it.
    let since_start = Some(i64::from(time.nanos / 100));
    Value::object(TimeObject { time, since_start, local })
}

/// A later time; what the clock gave goes on with it.
pub(crate) fn later(value: &Value, time: Time, by: i64) -> Value {
    Value::object(TimeObject {
        time,
        since_start: since_start(value).map(|n| n.saturating_add(by)),
        local: local_of(value),
    })
}

const NONE: &[Type] = &[];
const TEXT: &[Type] = &[Type::String];
const OTHER: &[Type] = &[TIME];
const SPAN: &[Type] = &[Type::Named("time.Duration")];

const fn method(
    name: &'static str,
    params: &'static [Type],
    call: fn(&Value, &[Value]) -> Result<Value, String>,
) -> Method {
    Method { name, params, variadic: false, call }
}

static METHODS: &[Method] = &[
    method("Year", NONE, |v, _| civil(v, |c| c.year)),
    method("Month", NONE, |v, _| {
        let month = this(v)?.civil().month;
        Ok(Value::object(Named { number: month, name: this(v)?.format(b"January").into(), go_type: "time.Month" }))
    }),
    method("Weekday", NONE, |v, _| {
        let day = this(v)?.civil().weekday;
        Ok(Value::object(Named { number: day, name: this(v)?.format(b"Monday").into(), go_type: "time.Weekday" }))
    }),
    method("Day", NONE, |v, _| civil(v, |c| c.day.into())),
    method("Hour", NONE, |v, _| civil(v, |c| c.hour.into())),
    method("Minute", NONE, |v, _| civil(v, |c| c.minute.into())),
    method("Second", NONE, |v, _| civil(v, |c| c.second.into())),
    method("YearDay", NONE, |v, _| civil(v, |c| c.year_day.into())),
    method("Nanosecond", NONE, |v, _| Ok(i64::from(this(v)?.nanos).into())),
    method("Unix", NONE, |v, _| Ok(Value::int64(this(v)?.unix_sec))),
    method("UnixMilli", NONE, |v, _| Ok(Value::int64(this(v)?.unix_nano().div_euclid(1_000_000)))),
    method("UnixMicro", NONE, |v, _| Ok(Value::int64(this(v)?.unix_nano().div_euclid(1_000)))),
    method("UnixNano", NONE, |v, _| Ok(Value::int64(this(v)?.unix_nano()))),
    method("IsZero", NONE, |v, _| Ok(this(v)?.is_zero().into())),
    method("UTC", NONE, |v, _| Ok(derived(v, this(v)?.in_zone(Zone::Utc)))),
    method("Local", NONE, |v, _| Ok(derived(v, this(v)?.in_zone(local_of(v))))),
    method("String", NONE, |v, _| match v {
        Value::Object(o) => Ok(o.string().unwrap_or_default().into()),
        _ => Err(crate::args::NIL_POINTER.to_owned()),
    }),
    method("Format", TEXT, |v, a| {
        Ok(this(v)?.format(a.first().and_then(Value::as_str).map_or(b"", Str::as_bytes)).into())
    }),
    method("AddDate", &[Type::INT, Type::INT, Type::INT], |v, a| {
        let number = |i: usize| a.get(i).map_or(0, crate::convert::to_int);
        Ok(derived(v, this(v)?.add_date(number(0), number(1), number(2))))
    }),
    method("Before", OTHER, |v, a| Ok((moment(v)? < other(a)?).into())),
    method("After", OTHER, |v, a| Ok((moment(v)? > other(a)?).into())),
    method("Equal", OTHER, |v, a| Ok((moment(v)? == other(a)?).into())),
    method("Compare", OTHER, |v, a| Ok((moment(v)?.cmp(&other(a)?) as i64).into())),
    method("Add", SPAN, |v, a| {
        let by = length(a)?;
        Ok(later(v, this(v)?.add(by), by.0))
    }),
    // Both drop what the clock gave.
    method("Round", SPAN, |v, a| Ok(derived(v, this(v)?.round(length(a)?)))),
    method("Truncate", SPAN, |v, a| Ok(derived(v, this(v)?.truncate(length(a)?)))),
    method("IsDST", NONE, |v, _| Ok(this(v)?.zone.is_dst(this(v)?.unix_sec).into())),
    method("Location", NONE, |v, _| Ok(Value::object(Place(this(v)?.zone.clone())))),
    method("In", &[Type::Named(LOCATION)], |v, a| match a.first() {
        Some(Value::Object(o)) => {
            let place = o.as_any().downcast_ref::<Place>().ok_or(crate::args::NIL_POINTER)?;
            Ok(derived(v, this(v)?.in_zone(place.0.clone())))
        }
        _ => Err("time: missing Location in call to Time.In".to_owned()),
    }),
    method("GoString", NONE, |v, _| Ok(go_string(this(v)?).into())),
    method("MarshalJSON", NONE, |v, _| Ok(bytes(format!("\"{}\"", rfc3339(v)?).into_bytes()))),
    method("MarshalText", NONE, |v, _| Ok(bytes(rfc3339(v)?.into_bytes()))),
    method("MarshalBinary", NONE, |v, _| Ok(bytes(binary(this(v)?)))),
    method("GobEncode", NONE, |v, _| Ok(bytes(binary(this(v)?)))),
    method("AppendFormat", &[Type::Bytes, Type::String], |v, a| {
        let layout = a.get(1).and_then(Value::as_str).map_or(&b""[..], Str::as_bytes);
        Ok(appended(a, &this(v)?.format(layout)))
    }),
    method("AppendText", &[Type::Bytes], |v, a| Ok(appended(a, rfc3339(v)?.as_bytes()))),
    method("AppendBinary", &[Type::Bytes], |v, a| Ok(appended(a, &binary(this(v)?)))),
    // Go's templates refuse to call these; the engine knows the texts.
    method("Clock", NONE, |_, _| Err("function Clock has 3 return values; should be 1 or 2".to_owned())),
    method("Date", NONE, |_, _| Err("function Date has 3 return values; should be 1 or 2".to_owned())),
    method("ISOWeek", NONE, |_, _| Err(second_result("ISOWeek", "int"))),
    method("Zone", NONE, |_, _| Err(second_result("Zone", "int"))),
    method("ZoneBounds", NONE, |_, _| Err(second_result("ZoneBounds", "time.Time"))),
    method("Sub", OTHER, |v, a| {
        let gap = this(v)?.sub(this(a.first().unwrap_or(&Value::Nil))?);
        Ok(Value::object(Span(gap)))
    }),
];

fn second_result(name: &str, given: &str) -> String {
    format!("invalid function signature for {name}: second return value should be error; is {given}")
}

fn bytes(text: Vec<u8>) -> Value {
    Value::Bytes(text.into())
}

/// The first argument's bytes with these behind them.
fn appended(args: &[Value], more: &[u8]) -> Value {
    let mut all = match args.first() {
        Some(Value::Bytes(before)) => before.to_vec(),
        _ => Vec::new(),
    };
    all.extend_from_slice(more);
    bytes(all)
}

fn rfc3339(value: &Value) -> Result<String, String> {
    Ok(String::from_utf8_lossy(&this(value)?.format(layout::RFC3339_NANO.as_bytes())).into_owned())
}

/// The time as the Go expression that makes it.
fn go_string(time: &Time) -> String {
    let c = time.civil();
    let month = String::from_utf8_lossy(&time.format(b"January")).into_owned();
    let zone = match &time.zone {
        Zone::Utc => "time.UTC".to_owned(),
        Zone::Local { .. } => "time.Local".to_owned(),
        zone => format!("time.Location({:?})", zone.name()),
    };
    let (year, day, hour, minute, second, nanos) = (c.year, c.day, c.hour, c.minute, c.second, time.nanos);
    format!("time.Date({year}, time.{month}, {day}, {hour}, {minute}, {second}, {nanos}, {zone})")
}

/// `MarshalBinary`: version, seconds since year 1, nanoseconds, minutes east of UTC or -1 for UTC itself, and in the second version
/// the seconds of the offset.
fn binary(time: &Time) -> Vec<u8> {
    let offset = match time.zone {
        layout::Zone::Utc => -60,
        _ => time.zone.offset(time.unix_sec),
    };
    let seconds = (offset % 60) as u8;
    let mut out = vec![if seconds == 0 { 1 } else { 2 }];
    let since_year_one = time.unix_sec.wrapping_sub(Time::zero().unix_sec);
    out.extend_from_slice(&since_year_one.to_be_bytes());
    out.extend_from_slice(&time.nanos.to_be_bytes());
    out.extend_from_slice(&((offset / 60) as i16).to_be_bytes());
    if seconds != 0 {
        out.push(seconds);
    }
    out
}

/// The length of time that the first argument is: a number of the template, or a duration.
fn length(args: &[Value]) -> Result<Duration, String> {
    match args.first() {
        Some(Value::Int(nanos, _)) => Ok(Duration(*nanos)),
        other => span(other.unwrap_or(&Value::Nil)),
    }
}

fn since_start(value: &Value) -> Option<i64> {
    match value {
        Value::Object(o) => o.as_any().downcast_ref::<TimeObject>().and_then(|t| t.since_start),
        _ => None,
    }
}

fn this(value: &Value) -> Result<&Time, String> {
    time_of(value).ok_or_else(|| crate::args::NIL_POINTER.to_owned())
}

fn civil(value: &Value, part: fn(layout::Civil) -> i64) -> Result<Value, String> {
    Ok(part(this(value)?.civil()).into())
}

fn moment(value: &Value) -> Result<(i64, u32), String> {
    this(value).map(|t| (t.unix_sec, t.nanos))
}

fn other(args: &[Value]) -> Result<(i64, u32), String> {
    moment(args.first().unwrap_or(&Value::Nil))
}

/// Seconds from year 1885, where the numbers of the clock begin, to 1970.
const FROM_1885: i64 = 2_682_288_000;

impl TimeObject {
    /// The first two of Go's hidden fields: nanoseconds and seconds since year 1, or what the clock gave in its own form.
    fn inside(&self) -> (u64, i64) {
        let nanos = u64::from(self.time.nanos);
        match self.since_start {
            Some(since) => {
                let seconds = self.time.unix_sec.wrapping_add(FROM_1885).cast_unsigned() & ((1 << 33) - 1);
                (1 << 63 | seconds << 30 | nanos, since)
            }
            None => (nanos, self.time.unix_sec.wrapping_sub(Time::zero().unix_sec)),
        }
    }
}

impl Object for TimeObject {
    fn go_type(&self) -> &'static str {
        "time.Time"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    fn printed_fields(&self) -> Vec<(&'static str, Value)> {
        let (wall, ext) = self.inside();
        let place = match &self.time.zone {
            Zone::Utc => Value::object(Nowhere("*time.Location")),
            zone => Value::object(Place(zone.clone())),
        };
        vec![("wall", Value::Int(wall.cast_signed(), IntKind::Uint64)), ("ext", Value::int64(ext)), ("loc", place)]
    }

    fn go_string(&self) -> Option<Str> {
        Some(go_string(&self.time).into())
    }

    fn methods(&self) -> &'static [Method] {
        METHODS
    }

    fn string(&self) -> Option<Str> {
        let mut text = self.time.format(layout::STRING.as_bytes());
        if let Some(n) = self.since_start {
            let sign = if n < 0 { '-' } else { '+' };
            let (seconds, nanos) = (n.unsigned_abs() / 1_000_000_000, n.unsigned_abs() % 1_000_000_000);
            text.extend_from_slice(format!(" m={sign}{seconds}.{nanos:09}").as_bytes());
        }
        Some(text.into())
    }

    fn marshal(&self) -> Option<Value> {
        Some(self.time.format(layout::RFC3339_NANO.as_bytes()).into())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A number with a name: a month or a day of the week.
#[derive(Debug)]
struct Named {
    number: u32,
    name: Str,
    go_type: &'static str,
}

impl Object for Named {
    fn go_type(&self) -> &'static str {
        self.go_type
    }

    fn kind(&self) -> Kind {
        Kind::Int(rhumb_value::IntKind::Int)
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    fn methods(&self) -> &'static [Method] {
        STRING_ONLY
    }

    fn string(&self) -> Option<Str> {
        Some(self.name.clone())
    }

    fn marshal(&self) -> Option<Value> {
        Some(i64::from(self.number).into())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Go's type of a [`Place`].
const LOCATION: &str = "*time.Location";

/// A zone: what `Location` gives and `In` takes.
#[derive(Debug)]
struct Place(Zone);

/// A nil pointer of the type, which only printing shows.
#[derive(Debug)]
struct Nowhere(&'static str);

impl Object for Nowhere {
    fn go_type(&self) -> &'static str {
        self.0
    }

    fn kind(&self) -> Kind {
        Kind::Ptr
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    fn is_nil(&self) -> bool {
        true
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

static STRING_ONLY: &[Method] = &[method("String", NONE, |v, _| match v {
    Value::Object(o) => Ok(o.string().unwrap_or_default().into()),
    _ => Err(crate::args::NIL_POINTER.to_owned()),
})];

impl Object for Place {
    fn go_type(&self) -> &'static str {
        LOCATION
    }

    fn kind(&self) -> Kind {
        Kind::Ptr
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    /// The local zone is a variable of Helm's, which stands where it stands in Helm 4.3.1 (observed).
    fn address(&self) -> u64 {
        if matches!(self.0, Zone::Local { .. }) { 0x434_8220 } else { 0xc0_0000_0000 }
    }

    /// The rules of a zone are not shown.
    fn printed_fields(&self) -> Vec<(&'static str, Value)> {
        let none = || Value::List(List::new(Vec::new()));
        let (start, end) = (Value::int64(0), Value::int64(0));
        let zone = Value::object(Nowhere("*time.zone"));
        let (name, extend) = (self.0.name().into(), "".into());
        vec![
            ("name", name),
            ("zone", none()),
            ("tx", none()),
            ("extend", extend),
            ("cacheStart", start),
            ("cacheEnd", end),
            ("cacheZone", zone),
        ]
    }

    fn same_pointer(&self, other: &dyn Object) -> bool {
        let other = other.as_any().downcast_ref::<Place>();
        other.is_some_and(|o| {
            matches!((&self.0, &o.0), (Zone::Utc, Zone::Utc) | (Zone::Local { .. }, Zone::Local { .. }))
        })
    }

    fn methods(&self) -> &'static [Method] {
        STRING_ONLY
    }

    fn string(&self) -> Option<Str> {
        Some(self.0.name().to_owned().into())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A `time.Duration`.
#[derive(Debug)]
struct Span(Duration);

static SPAN_METHODS: &[Method] = &[
    method("Hours", NONE, |v, _| Ok(span(v)?.hours().into())),
    method("Minutes", NONE, |v, _| Ok(span(v)?.minutes().into())),
    method("Seconds", NONE, |v, _| Ok(span(v)?.seconds().into())),
    method("String", NONE, |v, _| Ok(span(v)?.to_string().into())),
    method("Abs", NONE, |v, _| Ok(Value::object(Span(Duration(span(v)?.0.saturating_abs()))))),
    method("Microseconds", NONE, |v, _| Ok(Value::int64(span(v)?.0 / 1_000))),
    method("Milliseconds", NONE, |v, _| Ok(Value::int64(span(v)?.0 / 1_000_000))),
    method("Nanoseconds", NONE, |v, _| Ok(Value::int64(span(v)?.0))),
    method("Round", SPAN, |v, a| Ok(Value::object(Span(span(v)?.round(length(a)?))))),
    method("Truncate", SPAN, |v, a| Ok(Value::object(Span(span(v)?.truncate(length(a)?))))),
];

fn span(value: &Value) -> Result<Duration, String> {
    match value {
        Value::Object(o) => o.as_any().downcast_ref::<Span>().map(|s| s.0),
        _ => None,
    }
    .ok_or_else(|| crate::args::NIL_POINTER.to_owned())
}

impl Object for Span {
    fn go_type(&self) -> &'static str {
        "time.Duration"
    }

    fn kind(&self) -> Kind {
        Kind::Int(rhumb_value::IntKind::Int64)
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    fn methods(&self) -> &'static [Method] {
        SPAN_METHODS
    }

    fn string(&self) -> Option<Str> {
        Some(self.0.to_string().into())
    }

    fn marshal(&self) -> Option<Value> {
        Some(Value::int64(self.0.0))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(offset: i32) -> Time {
        Time::unix(1_711_830_599, 987_654_321, Zone::Fixed { name: "".into(), offset })
    }

    /// Observed with Helm 4.3.1, but the offset with seconds, which is Go's own.
    #[test]
    fn as_bytes() {
        let utc = Time::unix(1_709_212_455, 0, Zone::Utc);
        assert_eq!(binary(&utc), [1, 0, 0, 0, 14, 221, 114, 122, 39, 0, 0, 0, 0, 255, 255]);
        assert_eq!(binary(&fixed(19_800)), [1, 0, 0, 0, 14, 221, 154, 109, 71, 58, 222, 104, 177, 1, 74]);
        assert_eq!(
            binary(&fixed(19_801))[..],
            [&[2, 0, 0, 0, 14, 221, 154, 109, 71, 58, 222, 104, 177, 1, 74, 1][..]].concat()
        );
    }

    #[test]
    fn as_go() {
        let utc = Time::unix(1_709_212_455, 0, Zone::Utc);
        assert_eq!(go_string(&utc), "time.Date(2024, time.February, 29, 13, 14, 15, 0, time.UTC)");
        let want = "time.Date(2024, time.March, 31, 1, 59, 59, 987654321, time.Location(\"\"))";
        assert_eq!(go_string(&fixed(19_800)), want);
    }

    /// Observed with Helm 4.3.1; the clock's form is Go's own.
    #[test]
    fn inside() {
        let object = |since_start| TimeObject {
            time: Time::unix(1_706_933_106, 789_000_000, Zone::Utc),
            since_start,
            local: Zone::Utc,
        };
        assert_eq!(object(None).inside(), (789_000_000, 63_842_529_906));
        assert_eq!(object(Some(7)).inside(), (1 << 63 | 4_389_221_106 << 30 | 789_000_000, 7));
    }

    #[test]
    fn the_machines_zone() {
        let local = Zone::local("Europe/Berlin", "Local".to_owned());
        let time = time_value(Time::unix(1_720_000_000, 0, Zone::Utc), local.clone());
        let there = |name: &str, args: &[Value]| {
            let method = METHODS.iter().find(|m| m.name == name).unwrap();
            (method.call)(&time, args).unwrap()
        };
        assert_eq!(time_of(&there("Local", &[])).unwrap().zone.name(), "Local");
        let (a, b) = (Place(local), Place(Zone::local("UTC", "UTC".to_owned())));
        assert!(a.same_pointer(&b) && !a.same_pointer(&Place(Zone::Utc)));
    }

    #[test]
    fn summer() {
        let zone = Zone::load("Europe/Berlin", &Zone::Utc).unwrap();
        assert_eq!(
            (zone.name(), zone.is_dst(1_720_000_000), zone.is_dst(1_700_000_000)),
            ("Europe/Berlin", true, false)
        );
        assert_eq!((zone.offset(1_720_000_000), Zone::Utc.is_dst(0)), (7200, false));
    }
}
