//! The functions that need a chart or the outside: include, tpl, required, fail, lookup, getHostByName.

use std::cell::RefCell;

use rhumb_chart::log::{Level, Line};
use rhumb_gostd::raw;
use rhumb_template::{Call, Error, Func};
use rhumb_value::{Map, Str, Type, Value};
use rustc_hash::FxHashMap;

/// How often one template may include itself, directly or not.
const MAX_NESTING: u32 = 1000;

/// Marks the text of `fail` and `required`, which is shown without the function's name.
pub(crate) const MARK: (&str, &str) = ("HELM_ERR_START", "HELM_ERR_END");

/// What the functions know of the run.
#[derive(Debug, Default)]
pub(crate) struct Host {
    /// How many times each template is being included right now.
    pub(crate) included: RefCell<FxHashMap<Str, u32>>,
    /// Whether `getHostByName` may ask.
    pub(crate) enable_dns: bool,
    /// Whether `required` and `fail` are disarmed, as for lint.
    pub(crate) lint: bool,
    /// What they said instead.
    pub(crate) said: RefCell<Vec<Line>>,
}

/// The functions, sorted by name.
pub(crate) static FUNCS: &[Func] = &[
    Func { name: "fail", params: &[Type::String], variadic: false, result: Type::String, call: fail },
    Func { name: "getHostByName", params: &[Type::String], variadic: false, result: Type::String, call: host_by_name },
    Func { name: "include", params: &[Type::String, Type::Any], variadic: false, result: Type::String, call: include },
    Func {
        name: "lookup",
        params: &[Type::String, Type::String, Type::String, Type::String],
        variadic: false,
        result: Type::Map,
        call: |_| Ok(Value::Map(Map::new())),
    },
    Func { name: "required", params: &[Type::String, Type::Any], variadic: false, result: Type::Any, call: required },
    Func { name: "tpl", params: &[Type::String, Type::Any], variadic: false, result: Type::String, call: tpl },
];

fn text(call: &Call<'_>, i: usize) -> Str {
    call.args.get(i).and_then(Value::as_str).cloned().unwrap_or_default()
}

fn include(call: &mut Call<'_>) -> Result<Value, Error> {
    let name = text(call, 0);
    if !enter(call, &name) {
        let name = raw::text(&name);
        return Err(Error::new(format!(
            "rendering template has a nested reference name: {name}: unable to execute template"
        )));
    }
    let data = call.args.get(1).cloned().unwrap_or_default();
    let result = call.runtime.execute(&name, &data);
    leave(call, &name);
    result.map(Value::Str)
}

fn enter(call: &Call<'_>, name: &Str) -> bool {
    let Some(host) = call.runtime.host().downcast_ref::<Host>() else { return true };
    let mut included = host.included.borrow_mut();
    match included.get_mut(name) {
        Some(count) if *count > MAX_NESTING => return false,
        Some(count) => *count += 1,
        None => {
            included.insert(name.clone(), 1);
        }
    }
    true
}

fn leave(call: &Call<'_>, name: &Str) {
    if let Some(host) = call.runtime.host().downcast_ref::<Host>()
        && let Some(count) = host.included.borrow_mut().get_mut(name)
    {
        *count = count.saturating_sub(1);
    }
}

fn tpl(call: &mut Call<'_>) -> Result<Value, Error> {
    let template = text(call, 0);
    let data = call.args.get(1).cloned().unwrap_or_default();
    let result = call.runtime.execute_text(&template, &data);
    // Taken out here too, so that a checksum over the result does not see it.
    result.map(|text| Value::Str(without_no_value(text))).map_err(|e| {
        let quoted = rhumb_gostd::strconv::quote_string(&template);
        let words = match &e {
            Error::Parse(_) => format!("cannot parse template {quoted}: "),
            _ => format!("error during tpl function execution for {quoted}: "),
        };
        Error::Inside(Box::new((words, e)))
    })
}

/// The same string, shared, where there is nothing to take out.
fn without_no_value(text: Str) -> Str {
    match memchr::memmem::find(&text, b"<no value>") {
        None => text,
        Some(_) => Str::from(crate::engine::without_no_value(text.to_vec())),
    }
}

fn marked(message: &Str) -> Error {
    Error::new(format!("{}{}{}", MARK.0, raw::text(message), MARK.1))
}

/// For lint: writes down what would have ended the rendering, and answers whether it did.
fn disarmed(call: &Call<'_>, what: &'static str, level: Level) -> bool {
    let Some(host) = call.runtime.host().downcast_ref::<Host>().filter(|h| h.lint) else { return false };
    let message = raw::text(&text(call, 0)).into_owned();
    host.said.borrow_mut().push(Line::new(level, what, vec![("message", message)]));
    true
}

fn fail(call: &mut Call<'_>) -> Result<Value, Error> {
    if disarmed(call, "funcMap fail", Level::Info) { Ok(Value::str("")) } else { Err(marked(&text(call, 0))) }
}

fn required(call: &mut Call<'_>) -> Result<Value, Error> {
    let what = match call.args.get(1) {
        None | Some(Value::Nil) => "missing required value",
        Some(Value::Str(s)) if s.is_empty() => "missing required values",
        Some(value) => return Ok(value.clone()),
    };
    if disarmed(call, what, Level::Warn) { Ok(Value::str("")) } else { Err(marked(&text(call, 0))) }
}

fn host_by_name(call: &mut Call<'_>) -> Result<Value, Error> {
    let may_ask = call.runtime.host().downcast_ref::<Host>().is_some_and(|h| h.enable_dns);
    if !may_ask {
        return Ok(Value::str(""));
    }
    resolve(call)
}

/// An address of the host that the first argument names. The reference picks one at random, and so dies of none.
pub(crate) fn resolve(call: &mut Call<'_>) -> Result<Value, Error> {
    let found = call.runtime.world().resolve_host(&text(call, 0).to_string_lossy());
    found.map(Value::from).ok_or_else(|| Error::new("invalid argument to Intn"))
}
