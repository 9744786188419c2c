//! Templates outside charts: `--name-template`, and `version --template`.
//!
//! A name has sprig's functions as sprig has them, without Helm's own: `env` reads the environment, and `fail` fails as
//! any function does. The version has Go's functions alone.

use rhumb_template::{Call, Error, Func, Funcs, Machine, Options, TemplateSet};
use rhumb_value::{Type, Value, json};
use rhumb_world::World;

use crate::capabilities::BuildInfo;

/// What Helm adds to sprig, which a name does not see.
const HELM_ONLY: &[&str] = &[
    "fromJsonArray",
    "fromToml",
    "fromYaml",
    "fromYamlArray",
    "mustToToml",
    "mustToYaml",
    "toToml",
    "toYaml",
    "toYamlPretty",
];

/// Sorted by name.
static OWN: &[Func] = &[
    Func { name: "env", params: &[Type::String], variadic: false, result: Type::String, call: env },
    Func { name: "expandenv", params: &[Type::String], variadic: false, result: Type::String, call: expand_env },
    Func { name: "fail", params: &[Type::String], variadic: false, result: Type::String, call: fail },
    Func { name: "fromJson", params: &[Type::String], variadic: false, result: Type::Any, call: from_json },
    Func { name: "getHostByName", params: &[Type::String], variadic: false, result: Type::String, call: host_by_name },
];

/// The release's name that a template makes.
pub fn release_name(template: &str, world: &dyn World) -> Result<String, String> {
    let mut tables = vec![OWN];
    tables.extend(rhumb_sprig::families());
    run("name-template", template, Funcs::new(&tables).without(HELM_ONLY), &Value::Nil, world)
}

/// What `version --template` prints about Helm 4.3.1.
pub fn version(template: &str, world: &dyn World) -> Result<String, String> {
    run("_", template, Funcs::new(&[]), &Value::object(BuildInfo), world)
}

fn run(name: &str, template: &str, funcs: Funcs, data: &Value, world: &dyn World) -> Result<String, String> {
    let mut set = TemplateSet::new(name, funcs);
    set.parse(name, template.as_bytes()).map_err(|e| e.go_message())?;
    let mut machine = Machine::new(&set, world, &(), Options::default());
    let text = machine.render(name.as_bytes(), data).map_err(|e| e.go_message())?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn text(call: &Call<'_>) -> String {
    call.args.first().and_then(Value::as_str).map(|s| s.to_string_lossy().into_owned()).unwrap_or_default()
}

fn env(call: &mut Call<'_>) -> Result<Value, Error> {
    Ok(Value::from(call.runtime.world().var(&text(call)).unwrap_or_default()))
}

fn expand_env(call: &mut Call<'_>) -> Result<Value, Error> {
    let world = call.runtime.world();
    Ok(Value::from(expand(&text(call), &|name| world.var(name).unwrap_or_default())))
}

fn fail(call: &mut Call<'_>) -> Result<Value, Error> {
    Err(Error::new(text(call)))
}

/// Sprig's own: any value, and nil for a text that is no JSON.
fn from_json(call: &mut Call<'_>) -> Result<Value, Error> {
    let text = call.args.first().and_then(Value::as_str).cloned().unwrap_or_default();
    Ok(json::from_json(&text).unwrap_or_default())
}

fn host_by_name(call: &mut Call<'_>) -> Result<Value, Error> {
    crate::funcs::resolve(call)
}

/// `$NAME` and `${NAME}` as Go's `os.Expand` reads them.
pub fn expand(text: &str, value: &dyn Fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let (name, len) = shell_name(after);
        match (name, len) {
            // A dollar with no name behind it stays.
            ("", 0) => out.push('$'),
            // A broken name is taken out.
            ("", _) => {}
            (name, _) => out.push_str(&value(name)),
        }
        rest = &after[len..];
    }
    out + rest
}

/// The name at the start of what follows a dollar, and how many bytes it takes.
fn shell_name(text: &str) -> (&str, usize) {
    let special = |c: u8| matches!(c, b'*' | b'#' | b'$' | b'@' | b'!' | b'?' | b'-' | b'0'..=b'9');
    match text.as_bytes() {
        [b'{', ..] => match text.find('}') {
            Some(1) => ("", 2),
            Some(end) => (&text[1..end], end + 1),
            None => ("", 1),
        },
        [c, ..] if special(*c) => (&text[..1], 1),
        bytes => {
            let len = bytes.iter().take_while(|c| c.is_ascii_alphanumeric() || **c == b'_').count();
            (&text[..len], len)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rhumb_world::Memory;

    // All answers are those of Helm 4.3.1.
    #[test]
    fn names() {
        let world = Memory::new().env("AB", "xy");
        let cases = [
            ("x-{{ 1 }}", "x-1"),
            ("{{ trunc 3 \"abcdef\" }}{{ env \"AB\" }}", "abcxy"),
            ("{{ expandenv \"$AB-${AB}-$NOPE-$$-$-${\" }}", "xy-xy---"),
            ("{{ expandenv \"$1 ${AB ${} $AB.c ${A-B} $\u{e9} $* $@ $# $A_B\" }}", "  xy.c  $\u{e9}    "),
            ("{{ .Values.a }}", "<no value>"),
            ("{{ fromJson \"[1,2]\" | toString }}{{ fromJson \"{\" | toString }}", "[1 2]<nil>"),
            ("{{", "template: name-template:1: unclosed action"),
            ("{{ toYaml 1 }}", "template: name-template:1: function \"toYaml\" not defined"),
            ("{{ include \"x\" . }}", "template: name-template:1: function \"include\" not defined"),
            (
                "{{ fail \"x\" }}",
                "template: name-template:1:3: executing \"name-template\" at <fail \"x\">: error calling fail: x",
            ),
        ];
        for (template, want) in cases {
            let got = release_name(template, &world).unwrap_or_else(|e| e);
            assert_eq!(got, want, "{template}");
        }
    }

    #[test]
    fn versions() {
        let cases = [
            ("{{.Version}} {{ printf \"%s\" .GoVersion }}!", "v4.3.1 go1.27.2!"),
            ("{{ . }}", "{v4.3.1 c0d08d0d6d9424d4a14febb5e8a3e51b0dd00dff clean go1.27.2 v1.37}"),
            ("{{", "template: _:1: unclosed action"),
            ("{{ upper \"a\" }}", "template: _:1: function \"upper\" not defined"),
            (
                "{{ .Nope }}",
                "template: _:1:3: executing \"_\" at <.Nope>: can't evaluate field Nope in type version.BuildInfo",
            ),
        ];
        for (template, want) in cases {
            assert_eq!(version(template, &Memory::new()).unwrap_or_else(|e| e), want, "{template}");
        }
    }
}
