//! Semantic versions: ranges, and a version as an object with methods.

use std::any::Any;

use rhumb_gostd::raw;
use rhumb_gostd::semver::{Constraints, Version};
use rhumb_template::{Call, Error, Func};
use rhumb_value::{IntKind, Kind, Method, Object, Str, Type, Value};

use crate::args::{Answer, func, text};

pub(crate) static FUNCS: &[Func] = &[
    func("semver", &[Type::String], Type::Named("*semver.Version"), |c| {
        Ok(Value::object(SemVer { version: parse(text(c, 0))?, pointer: true }))
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
    version: Version,
    pointer: bool,
}

const VERSION: &[Type] = &[Type::Named("*semver.Version")];
const NUMBER: IntKind = IntKind::Uint64;

macro_rules! method {
    ($name:literal, $params:expr, $call:expr) => {
        Method { name: $name, params: $params, variadic: false, call: $call }
    };
}

static METHODS: &[Method] = &[
    method!("Major", &[], |v, _| Ok(Value::Int(this(v)?.major().cast_signed(), NUMBER))),
    method!("Minor", &[], |v, _| Ok(Value::Int(this(v)?.minor().cast_signed(), NUMBER))),
    method!("Patch", &[], |v, _| Ok(Value::Int(this(v)?.patch().cast_signed(), NUMBER))),
    method!("Prerelease", &[], |v, _| Ok(this(v)?.prerelease().into())),
    method!("Metadata", &[], |v, _| Ok(this(v)?.metadata().into())),
    method!("Value", &[], |v, _| Ok(this(v)?.to_string().into())),
    method!("MarshalText", &[], |v, _| Ok(Value::Bytes(this(v)?.to_string().into_bytes().into()))),
    method!("MarshalJSON", &[], |v, _| Ok(Value::Bytes(format!("\"{}\"", this(v)?).into_bytes().into()))),
    method!("Original", &[], |v, _| Ok(this(v)?.original().into())),
    method!("String", &[], |v, _| Ok(this(v)?.to_string().into())),
    method!("IncMajor", &[], |v, _| stepped(this(v)?.inc_major())),
    method!("IncMinor", &[], |v, _| stepped(this(v)?.inc_minor())),
    method!("IncPatch", &[], |v, _| stepped(this(v)?.inc_patch())),
    method!("SetPrerelease", &[Type::String], |v, a| stepped(this(v)?.set_prerelease(&argument(a)))),
    method!("SetMetadata", &[Type::String], |v, a| stepped(this(v)?.set_metadata(&argument(a)))),
    method!("Compare", VERSION, |v, a| Ok((order(v, a)? as i64).into())),
    method!("Equal", VERSION, |v, a| Ok(order(v, a)?.is_eq().into())),
    method!("LessThan", VERSION, |v, a| Ok(order(v, a)?.is_lt().into())),
    method!("LessThanEqual", VERSION, |v, a| Ok(order(v, a)?.is_le().into())),
    method!("GreaterThan", VERSION, |v, a| Ok(order(v, a)?.is_gt().into())),
    method!("GreaterThanEqual", VERSION, |v, a| Ok(order(v, a)?.is_ge().into())),
];

fn this(value: &Value) -> Result<&Version, String> {
    match value {
        Value::Object(o) => o.as_any().downcast_ref::<SemVer>().map(|s| &s.version),
        _ => None,
    }
    .ok_or_else(|| crate::args::NIL_POINTER.to_owned())
}

fn argument(args: &[Value]) -> String {
    args.first().and_then(Value::as_str).map(|s| s.to_string_lossy().into_owned()).unwrap_or_default()
}

fn order(value: &Value, args: &[Value]) -> Result<std::cmp::Ordering, String> {
    Ok(this(value)?.compare(this(args.first().unwrap_or(&Value::Nil))?))
}

fn stepped(version: Result<Version, rhumb_gostd::semver::Error>) -> Result<Value, String> {
    let version = version.map_err(|e| e.to_string())?;
    Ok(Value::object(SemVer { version, pointer: false }))
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
        let v = &self.version;
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
        METHODS
    }

    fn string(&self) -> Option<Str> {
        Some(self.version.to_string().into())
    }

    fn marshal(&self) -> Option<Value> {
        Some(self.version.to_string().into())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
