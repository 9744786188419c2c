//! Go's `time.Time` as a template sees it: a struct without fields, with methods.

use std::any::Any;

use rhumb_gostd::duration::Duration;
use rhumb_gostd::layout::{self, Time, Zone};
use rhumb_value::{Kind, Method, Object, Str, Type, Value};

/// A moment in a template.
#[derive(Debug)]
pub(crate) struct TimeObject {
    pub(crate) time: Time,
    /// Nanoseconds since the program began, which Go shows behind a time that the clock gave.
    pub(crate) since_start: Option<i64>,
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
pub(crate) fn time_value(time: Time) -> Value {
    Value::object(TimeObject { time, since_start: None })
}

/// The time that the clock shows.
pub(crate) fn clock_value(time: Time) -> Value {
    // How long the program has run differs from run to run; the clock's last digits stand for it.
    let since_start = Some(i64::from(time.nanos / 100));
    Value::object(TimeObject { time, since_start })
}

/// A later time; what the clock gave goes on with it.
pub(crate) fn later(value: &Value, time: Time, by: i64) -> Value {
    let before = match value {
        Value::Object(o) => o.as_any().downcast_ref::<TimeObject>().and_then(|t| t.since_start),
        _ => None,
    };
    Value::object(TimeObject { time, since_start: before.map(|n| n.saturating_add(by)) })
}

const NONE: &[Type] = &[];
const TEXT: &[Type] = &[Type::String];
const OTHER: &[Type] = &[TIME];

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
    method("UTC", NONE, |v, _| Ok(time_value(this(v)?.in_zone(Zone::Utc)))),
    method("String", NONE, |v, _| match v {
        Value::Object(o) => Ok(o.string().unwrap_or_default().into()),
        _ => Err(crate::args::NIL_POINTER.to_owned()),
    }),
    method("Format", TEXT, |v, a| {
        Ok(this(v)?.format(a.first().and_then(Value::as_str).map_or(b"", Str::as_bytes)).into())
    }),
    method("AddDate", &[Type::INT, Type::INT, Type::INT], |v, a| {
        let number = |i: usize| a.get(i).map_or(0, crate::convert::to_int);
        Ok(time_value(this(v)?.add_date(number(0), number(1), number(2))))
    }),
    method("Before", OTHER, |v, a| Ok((moment(v)? < other(a)?).into())),
    method("After", OTHER, |v, a| Ok((moment(v)? > other(a)?).into())),
    method("Equal", OTHER, |v, a| Ok((moment(v)? == other(a)?).into())),
    method("Sub", OTHER, |v, a| {
        let gap = this(v)?.sub(this(a.first().unwrap_or(&Value::Nil))?);
        Ok(Value::object(Span(gap)))
    }),
];

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

/// A `time.Duration`.
#[derive(Debug)]
struct Span(Duration);

static SPAN_METHODS: &[Method] = &[
    method("Hours", NONE, |v, _| Ok(span(v)?.hours().into())),
    method("Minutes", NONE, |v, _| Ok(span(v)?.minutes().into())),
    method("Seconds", NONE, |v, _| Ok(span(v)?.seconds().into())),
    method("String", NONE, |v, _| Ok(span(v)?.to_string().into())),
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
