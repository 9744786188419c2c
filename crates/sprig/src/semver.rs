//! Semantic versions: ranges, and a version as an object with methods.

use std::any::Any;
use std::cell::{Ref, RefCell};

use rhumb_gostd::raw;
use rhumb_gostd::semver::{Constraints, Version};
use rhumb_template::{Call, Error, Func};
use rhumb_value::json::from_json;
use rhumb_value::{IntKind, Kind, Method, Object, Str, Type, Value};

use crate::args::{Answer, func, text};
use crate::failure::outcome;

pub(crate) static FUNCS: &[Func] = &[
    func("semver", &[Type::String], Type::Named("*semver.Version"), |c| {
        Ok(Value::object(SemVer::new(parse(text(c, 0))?, true)))
    }),
    func("semverCompare", &[Type::String, Type::String], Type::Bool, compare),
];

fn parse(text: &[u8]) -> Result<Version, Error> {
    Version::parse(&String::from_utf8_lossy(text)).map_err(|e| Error::new(e.to_string()))
}

fn compare(c: &mut Call<'_>) -> Answer {
    let range = Constraints::parse(&raw::text(text(c, 0))).map_err(|e| Error::new(e.to_string()))?;
    Ok(range.check(&parse(text(c, 1))?).into())
}

/// What `semver` gives: a pointer to a version; the `Inc` methods give the struct itself.
#[derive(Debug)]
struct SemVer {
    /// `Scan` and its kin put another one here.
    version: RefCell<Version>,
    pointer: bool,
}

impl SemVer {
    fn new(version: Version, pointer: bool) -> Self {
        SemVer { version: RefCell::new(version), pointer }
    }
}

const VERSION: &[Type] = &[Type::Named("*semver.Version")];
const NUMBER: IntKind = IntKind::Uint64;

macro_rules! method {
    ($name:literal, $params:expr, $call:expr) => {
        Method { name: $name, params: $params, variadic: false, call: $call }
    };
}

/// How many of the methods the struct itself has; the others are only the pointer's.
const OF_STRUCT: usize = 14;

static METHODS: &[Method] = &[
    method!("Major", &[], |v, _| Ok(Value::Int(this(v)?.major().cast_signed(), NUMBER))),
    method!("Minor", &[], |v, _| Ok(Value::Int(this(v)?.minor().cast_signed(), NUMBER))),
    method!("Patch", &[], |v, _| Ok(Value::Int(this(v)?.patch().cast_signed(), NUMBER))),
    method!("Prerelease", &[], |v, _| Ok(this(v)?.prerelease().into())),
    method!("Metadata", &[], |v, _| Ok(this(v)?.metadata().into())),
    method!("Value", &[], |v, _| Ok(this(v)?.to_string().into())),
    method!("MarshalText", &[], |v, _| Ok(Value::Bytes(this(v)?.to_string().into_bytes().into()))),
    method!("MarshalJSON", &[], |v, _| Ok(Value::Bytes(format!("\"{}\"", this(v)?).into_bytes().into()))),
    method!("String", &[], |v, _| Ok(this(v)?.to_string().into())),
    method!("IncMajor", &[], |v, _| stepped(this(v)?.inc_major())),
    method!("IncMinor", &[], |v, _| stepped(this(v)?.inc_minor())),
    method!("IncPatch", &[], |v, _| stepped(this(v)?.inc_patch())),
    method!("SetPrerelease", &[Type::String], |v, a| stepped(this(v)?.set_prerelease(&argument(a)))),
    method!("SetMetadata", &[Type::String], |v, a| stepped(this(v)?.set_metadata(&argument(a)))),
    method!("Original", &[], |v, _| Ok(this(v)?.original().into())),
    method!("Compare", VERSION, |v, a| Ok((order(v, a)? as i64).into())),
    method!("Equal", VERSION, |v, a| match a {
        [Value::Nil] => Ok(false.into()),
        _ => Ok(order(v, a)?.is_eq().into()),
    }),
    method!("LessThan", VERSION, |v, a| Ok(order(v, a)?.is_lt().into())),
    method!("LessThanEqual", VERSION, |v, a| Ok(order(v, a)?.is_le().into())),
    method!("GreaterThan", VERSION, |v, a| Ok(order(v, a)?.is_gt().into())),
    method!("GreaterThanEqual", VERSION, |v, a| Ok(order(v, a)?.is_ge().into())),
    method!("Scan", &[Type::Any], |v, a| {
        Ok(outcome(match a.first().unwrap_or(&Value::Nil) {
            Value::Str(s) => replace(v, s)?,
            Value::Bytes(b) => replace(v, b)?,
            Value::Nil => Err((TEXT_ERROR, "cannot scan nil into Version".to_owned())),
            other => Err((TEXT_ERROR, format!("unsupported Scan type {}", other.type_name()))),
        }))
    }),
    method!("UnmarshalText", &[Type::Bytes], |v, a| Ok(outcome(replace(v, bytes(a))?))),
    method!("UnmarshalJSON", &[Type::Bytes], |v, a| {
        Ok(outcome(match from_json(bytes(a)) {
            Ok(Value::Str(s)) => replace(v, &s)?,
            Ok(Value::Nil) => replace(v, b"")?,
            Ok(other) => Err(("*json.UnmarshalTypeError", not_a_text(&other))),
            Err(text) => Err(("*json.SyntaxError", text)),
        }))
    }),
];

const TEXT_ERROR: &str = "*errors.errorString";

fn bytes(args: &[Value]) -> &[u8] {
    match args.first() {
        Some(Value::Bytes(b)) => b,
        _ => b"",
    }
}

fn not_a_text(value: &Value) -> String {
    let what = match value {
        Value::Map(_) => "object",
        Value::List(_) => "array",
        Value::Bool(_) => "bool",
        _ => "number",
    };
    format!("json: cannot unmarshal {what} into Go value of type string")
}

/// Puts the version that the text names in the place of this one; one that is none changes nothing.
fn replace(value: &Value, text: &[u8]) -> Result<Result<(), (&'static str, String)>, String> {
    let parsed = Version::parse(&String::from_utf8_lossy(text));
    let place = &object(value)?.version;
    Ok(parsed.map(|version| _ = place.replace(version)).map_err(|e| (TEXT_ERROR, e.to_string())))
}

fn object(value: &Value) -> Result<&SemVer, String> {
    match value {
        Value::Object(o) => o.as_any().downcast_ref::<SemVer>(),
        _ => None,
    }
    .ok_or_else(|| crate::args::NIL_POINTER.to_owned())
}

fn this(value: &Value) -> Result<Ref<'_, Version>, String> {
    Ok(object(value)?.version.borrow())
}

fn argument(args: &[Value]) -> String {
    args.first().and_then(Value::as_str).map(|s| s.to_string_lossy().into_owned()).unwrap_or_default()
}

fn order(value: &Value, args: &[Value]) -> Result<std::cmp::Ordering, String> {
    Ok(this(value)?.compare(&*this(args.first().unwrap_or(&Value::Nil))?))
}

fn stepped(version: Result<Version, rhumb_gostd::semver::Error>) -> Result<Value, String> {
    let version = version.map_err(|e| e.to_string())?;
    Ok(Value::object(SemVer::new(version, false)))
}

impl Object for SemVer {
    fn go_type(&self) -> &'static str {
        if self.pointer { "*semver.Version" } else { "semver.Version" }
    }

    fn kind(&self) -> Kind {
        if self.pointer { Kind::Ptr } else { Kind::Struct }
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    fn printed_fields(&self) -> Vec<(&'static str, Value)> {
        let v = self.version.borrow();
        vec![
            ("major", Value::Int(v.major().cast_signed(), NUMBER)),
            ("minor", Value::Int(v.minor().cast_signed(), NUMBER)),
            ("patch", Value::Int(v.patch().cast_signed(), NUMBER)),
            ("pre", v.prerelease().into()),
            ("metadata", v.metadata().into()),
            ("original", v.original().into()),
        ]
    }

    fn methods(&self) -> &'static [Method] {
        if self.pointer { METHODS } else { &METHODS[..OF_STRUCT] }
    }

    fn string(&self) -> Option<Str> {
        Some(self.version.borrow().to_string().into())
    }

    fn marshal(&self) -> Option<Value> {
        Some(self.version.borrow().to_string().into())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(value: &Value, name: &str, args: &[Value]) -> String {
        let method = value.methods().iter().find(|m| m.name == name).unwrap();
        let answer = (method.call)(value, args).unwrap();
        format!("{} {}", String::from_utf8_lossy(&rhumb_value::fmt::to_v(&answer)), this(value).unwrap().original())
    }

    // Observed from Helm 4.3.1.
    #[test]
    fn other_versions_are_put_in_place() {
        let text = |s: &str| Value::Bytes(s.as_bytes().to_vec().into());
        let cases: &[(&str, Value, &str)] = &[
            ("Scan", "x".into(), "invalid semantic version 1.2"),
            ("Scan", "3.4.5".into(), "<nil> 3.4.5"),
            ("Scan", text("v2"), "<nil> v2"),
            ("Scan", Value::Nil, "cannot scan nil into Version 1.2"),
            ("Scan", true.into(), "unsupported Scan type bool 1.2"),
            ("UnmarshalText", text("3"), "<nil> 3"),
            ("UnmarshalText", Value::Nil, "invalid semantic version 1.2"),
            ("UnmarshalJSON", text("\"3\""), "<nil> 3"),
            ("UnmarshalJSON", text("null"), "invalid semantic version 1.2"),
            ("UnmarshalJSON", text("5"), "json: cannot unmarshal number into Go value of type string 1.2"),
            ("UnmarshalJSON", text("1.2.4"), "invalid character '.' after top-level value 1.2"),
            ("UnmarshalJSON", Value::Nil, "unexpected end of JSON input 1.2"),
        ];
        for (name, arg, want) in cases {
            let version = Value::object(SemVer::new(Version::parse("1.2").unwrap(), true));
            assert_eq!(call(&version, name, std::slice::from_ref(arg)), *want, "{name} {arg:?}");
        }
    }

    #[test]
    fn the_struct_has_fewer_methods() {
        let version = stepped(Version::parse("1.2")).unwrap();
        let names: Vec<&str> = version.methods().iter().map(|m| m.name).collect();
        assert_eq!(names.last(), Some(&"SetMetadata"));
        assert!(!names.contains(&"Original") && !names.contains(&"Compare"));
    }
}
