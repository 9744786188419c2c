//! Whole numbers, floats, and floats by way of decimals.

use rhumb_template::{Call, Func};
use rhumb_value::{List, ListKind, Type, Value};

use crate::args::{Answer, any, fail, func, int, variadic};
use crate::convert::{to_float, to_int};
use crate::decimal::Decimal;

const ANY2: &[Type] = &[Type::Any, Type::Any];

pub(crate) static FUNCS: &[Func] = &[
    variadic("add", &[Type::Any], Type::INT64, |c| Ok(Value::int64(fold(c.args, 0, i64::wrapping_add)))),
    func("add1", &[Type::Any], Type::INT64, |c| Ok(Value::int64(to_int(any(c, 0)).wrapping_add(1)))),
    func("sub", ANY2, Type::INT64, |c| Ok(Value::int64(to_int(any(c, 0)).wrapping_sub(to_int(any(c, 1)))))),
    variadic("mul", ANY2, Type::INT64, |c| Ok(Value::int64(fold(c.args, 1, i64::wrapping_mul)))),
    func("div", ANY2, Type::INT64, |c| divide(c, i64::wrapping_div)),
    func("mod", ANY2, Type::INT64, |c| divide(c, i64::wrapping_rem)),
    variadic("max", ANY2, Type::INT64, |c| extreme(c, i64::max)),
    variadic("biggest", ANY2, Type::INT64, |c| extreme(c, i64::max)),
    variadic("min", ANY2, Type::INT64, |c| extreme(c, i64::min)),
    variadic("maxf", ANY2, Type::Float64, |c| extreme_float(c, f64::max)),
    variadic("minf", ANY2, Type::Float64, |c| extreme_float(c, f64::min)),
    func("ceil", &[Type::Any], Type::Float64, |c| Ok(to_float(any(c, 0)).ceil().into())),
    func("floor", &[Type::Any], Type::Float64, |c| Ok(to_float(any(c, 0)).floor().into())),
    variadic("round", &[Type::Any, Type::INT, Type::Float64], Type::Float64, round),
    variadic("addf", &[Type::Any], Type::Float64, |c| decimals(c, Decimal::add)),
    func("add1f", &[Type::Any], Type::Float64, |c| {
        let one = Decimal::of(1.0);
        Ok(Decimal::of(to_float(any(c, 0))).add(&one).to_float().into())
    }),
    variadic("subf", ANY2, Type::Float64, |c| decimals(c, Decimal::sub)),
    variadic("mulf", ANY2, Type::Float64, |c| decimals(c, Decimal::mul)),
    variadic("divf", ANY2, Type::Float64, |c| {
        if c.args.iter().skip(1).any(|v| to_float(v) == 0.0) {
            return fail("decimal division by 0");
        }
        decimals(c, Decimal::div)
    }),
    func("until", &[Type::INT], Type::List, |c| {
        let n = int(c, 0);
        Ok(ints(steps(0, n, if n < 0 { -1 } else { 1 })?))
    }),
    func("untilStep", &[Type::INT, Type::INT, Type::INT], Type::List, |c| {
        Ok(ints(steps(int(c, 0), int(c, 1), int(c, 2))?))
    }),
    variadic("seq", &[Type::INT], Type::String, seq),
];

fn fold(args: &[Value], start: i64, f: fn(i64, i64) -> i64) -> i64 {
    args.iter().fold(start, |n, v| f(n, to_int(v)))
}

fn divide(c: &mut Call<'_>, f: fn(i64, i64) -> i64) -> Answer {
    match to_int(any(c, 1)) {
        0 => fail("runtime error: integer divide by zero"),
        n => Ok(Value::int64(f(to_int(any(c, 0)), n))),
    }
}

fn extreme(c: &mut Call<'_>, f: fn(i64, i64) -> i64) -> Answer {
    Ok(Value::int64(c.args.iter().map(to_int).reduce(f).unwrap_or(0)))
}

fn extreme_float(c: &mut Call<'_>, f: fn(f64, f64) -> f64) -> Answer {
    Ok(c.args.iter().map(to_float).reduce(f).unwrap_or(0.0).into())
}

/// Rounds half (or what the third argument says) towards plus infinity, as the reference does: `-1.5` is `-2`.
fn round(c: &mut Call<'_>) -> Answer {
    let limit = c.args.get(2).map_or(0.5, to_float);
    let power = 10f64.powi(i32::try_from(int(c, 1)).unwrap_or(i32::MAX));
    let scaled = to_float(any(c, 0)) * power;
    let whole = if scaled.fract() >= limit { scaled.ceil() } else { scaled.floor() };
    Ok((whole / power).into())
}

fn decimals(c: &mut Call<'_>, f: fn(&Decimal, &Decimal) -> Decimal) -> Answer {
    let result = c.args.iter().map(|v| Decimal::of(to_float(v))).reduce(|a, b| f(&a, &b));
    Ok(result.map_or(0.0, |d| d.to_float()).into())
}

fn ints(items: Vec<i64>) -> Value {
    Value::List(List::with_kind(ListKind::Ints, items.into_iter().map(Value::int).collect()))
}

/// More than any chart needs; Go would die of a lack of memory somewhere above.
const MOST_STEPS: i128 = 20_000_000;

fn steps(start: i64, stop: i64, step: i64) -> Result<Vec<i64>, rhumb_template::Error> {
    if step == 0 || (stop < start) != (step < 0) {
        return Ok(Vec::new());
    }
    if (i128::from(stop) - i128::from(start)) / i128::from(step) > MOST_STEPS {
        return fail("too many numbers");
    }
    let (mut out, mut at) = (Vec::new(), start);
    while if step < 0 { at > stop } else { at < stop } {
        out.push(at);
        match at.checked_add(step) {
            Some(next) => at = next,
            None => break,
        }
    }
    Ok(out)
}

fn seq(c: &mut Call<'_>) -> Answer {
    let (start, step, end) = match c.args.len() {
        1 => (1, None, int(c, 0)),
        2 => (int(c, 0), None, int(c, 1)),
        3 => (int(c, 0), Some(int(c, 1)), int(c, 2)),
        _ => return Ok("".into()),
    };
    let one = if end < start { -1 } else { 1 };
    if one < 0 && step.is_some_and(|s| s > 0) {
        return Ok("".into());
    }
    let numbers = steps(start, end.saturating_add(one), step.unwrap_or(one))?;
    Ok(numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(" ").into())
}
