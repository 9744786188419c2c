//! The words of the Go validator that Helm prints, for each kind of failure.

use boon::ErrorKind;
use rhumb_gostd::strconv::quote_string;
use serde_json::{Number, Value};

use crate::drafts::Parts;
use crate::formats;
use crate::patterns::Originals;
use crate::tree::Node;

/// What messages need besides the failure itself.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// The patterns of the schema as they were.
    pub(crate) originals: Originals,
    /// The parts of the schema that are documents of their own for the validator.
    pub(crate) parts: Parts,
}

impl Words {
    fn pattern<'p>(&'p self, text: &'p str) -> &'p str {
        self.originals.get(text).map_or(text, String::as_str)
    }
}

/// The list of failures, one a line, nested by two spaces.
pub(crate) fn lines(nodes: &[Node]) -> String {
    let mut out = String::new();
    nodes.iter().for_each(|node| append(&mut out, node, 0));
    out.truncate(out.trim_end_matches('\n').len());
    out
}

/// What is printed when the schema does not fit the schema of schemas.
pub(crate) fn metaschema_failure(location: &str, draft: &str, nodes: &[Node]) -> String {
    let draft = draft.trim_end_matches('#');
    let details = lines(nodes);
    format!("\"{location}#\" is not valid against metaschema: jsonschema validation failed with '{draft}#'\n{details}")
}

fn append(out: &mut String, node: &Node, depth: usize) {
    out.push_str(&format!("{:1$}- at {2}: {3}\n", "", depth * 2, quote(&node.at), node.message));
    for cause in &node.causes {
        append(out, cause, depth + 1);
    }
}

/// The order in which the types of a `type` are told, whatever order the schema has (observed).
const TYPES: [&str; 7] = ["null", "boolean", "number", "integer", "string", "array", "object"];

/// What one failure says, its place aside.
pub(crate) fn message(kind: &ErrorKind<'_, '_>, words: &Words) -> String {
    use ErrorKind as K;
    match kind {
        K::Group | K::Schema { .. } | K::Reference { .. } => "validation failed".into(),
        K::ContentSchema => "'contentSchema' failed".into(),
        K::PropertyName { prop } => format!("invalid propertyName {}", quote(words.pattern(prop))),
        K::RefCycle { url, kw_loc1, kw_loc2 } => {
            format!("both {kw_loc1} and {kw_loc2} resolve to {url:?} causing reference cycle")
        }
        K::FalseSchema => "false schema".into(),
        K::Type { got, want } => {
            let mut names: Vec<String> = want.iter().map(|t| t.to_string()).collect();
            names.sort_by_key(|name| TYPES.iter().position(|known| known == name));
            format!("got {got}, want {}", names.join(" or "))
        }
        K::Enum { want } => alternatives(want),
        K::Const { want } if primitive(want) => format!("value must be {}", show(want)),
        K::Const { .. } => "'const' failed".into(),
        K::Format { got, want, err } => match got.as_ref() {
            Value::String(got) => format_message(words.pattern(got), want, &err.to_string()),
            other => format!("{} is not valid {want}: {err}", show(other)),
        },
        K::MinProperties { got, want } => bound("minProperties", got, want),
        K::MaxProperties { got, want } => bound("maxProperties", got, want),
        K::MinItems { got, want } => bound("minItems", got, want),
        K::MaxItems { got, want } => bound("maxItems", got, want),
        K::MinLength { got, want } => bound("minLength", got, want),
        K::MaxLength { got, want } => bound("maxLength", got, want),
        K::AdditionalProperties { got } => format!("additional properties {} not allowed", quoted(got)),
        K::Required { want } if want.len() == 1 => format!("missing property {}", quoted(want)),
        K::Required { want } => format!("missing properties {}", quoted(want)),
        K::Dependency { prop, missing } | K::DependentRequired { prop, missing } => {
            format!("properties {} required, if {} exists", quoted(missing), quote(prop))
        }
        K::Contains => "no items match contains schema".into(),
        K::MinContains { got, want } => contains("min", got, *want),
        K::MaxContains { got, want } => contains("max", got, *want),
        K::UniqueItems { got: [i, j] } => format!("items at {i} and {j} are equal"),
        K::AdditionalItems { got } => format!("last {got} additionalItem(s) not allowed"),
        K::Pattern { got, want } => {
            format!("{} does not match pattern {}", quote(got), quote(words.pattern(want)))
        }
        K::ContentEncoding { want, err } => format!("value is not {} encoded: {err}", quote(want)),
        K::ContentMediaType { want, err, .. } => format!("value if not of mediatype {}: {err}", quote(want)),
        K::Minimum { got, want } => limit("minimum", got, want),
        K::Maximum { got, want } => limit("maximum", got, want),
        K::ExclusiveMinimum { got, want } => limit("exclusiveMinimum", got, want),
        K::ExclusiveMaximum { got, want } => limit("exclusiveMaximum", got, want),
        K::MultipleOf { got, want } => limit("multipleOf", got, want),
        K::Not => "'not' failed".into(),
        K::AllOf => "'allOf' failed".into(),
        K::AnyOf => "'anyOf' failed".into(),
        K::OneOf(None) => "'oneOf' failed, none matched".into(),
        K::OneOf(Some((i, j))) => format!("'oneOf' failed, subschemas {i}, {j} matched"),
    }
}

/// A text that is not of its format; the reason in Go's words, also where the validator has its own.
fn format_message(got: &str, want: &str, reason: &str) -> String {
    let want = if want == formats::REGEX { "regex" } else { want };
    let check = if want == "regex" { formats::find(formats::REGEX) } else { formats::find(want) };
    let reason = check.and_then(|check| check(got).err()).unwrap_or_else(|| reason.to_owned());
    format!("{} is not valid {want}: {reason}", quote(got))
}

fn alternatives(want: &[Value]) -> String {
    match want {
        _ if !want.iter().all(primitive) => "'enum' failed".into(),
        [one] => format!("value must be {}", show(one)),
        _ => format!("value must be one of {}", want.iter().map(show).collect::<Vec<_>>().join(", ")),
    }
}

fn contains(word: &str, got: &[usize], want: usize) -> String {
    let items = format!("{word} {want} items required to match contains schema");
    if got.is_empty() {
        return format!("{items}, but none matched");
    }
    let at = got.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    format!("{items}, but matched {} items at {at}", got.len())
}

fn bound(word: &str, got: &usize, want: &usize) -> String {
    format!("{word}: got {}, want {}", grouped(&got.to_string()), grouped(&want.to_string()))
}

fn limit(word: &str, got: &Number, want: &Number) -> String {
    format!("{word}: got {}, want {}", number(got), number(want))
}

/// A number as Go's message printer shows a `float64` for English readers: grouped digits up to a million, then powers of ten.
fn number(n: &Number) -> String {
    let f = n.as_f64().unwrap_or_default();
    if f == 0.0 {
        return "0".into();
    }
    let science = format!("{f:e}");
    let (digits, exponent) = science.split_once('e').unwrap_or((&science, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..6).contains(&exponent) {
        return grouped(&format!("{f}"));
    }
    let sign = if exponent < 0 { "⁻" } else { "" };
    let power: String = format!("{:02}", exponent.abs()).chars().map(superscript).collect();
    format!("{digits}×10{sign}{power}")
}

fn superscript(digit: char) -> char {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    digit.to_digit(10).map_or(digit, |d| DIGITS[d as usize])
}

/// Commas between thousands, in front of a fraction if there is one.
fn grouped(text: &str) -> String {
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |r| ("-", r));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(w, f)| (w, Some(f)));
    let mut out = String::from(sign);
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    if let Some(f) = fraction {
        out.push('.');
        out.push_str(f);
    }
    out
}

fn primitive(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

fn show(value: &Value) -> String {
    match value {
        Value::String(s) => quote(s),
        Value::Null => "<nil>".into(),
        other => other.to_string(),
    }
}

/// A text between single quotes: as Go writes one between double quotes, which then lose their backslashes. The backslash
/// at the end of a text goes with that of the quote after it.
fn quote(text: &str) -> String {
    let quoted = quote_string(text.as_bytes()).replace("\\\"", "\"").replace('\'', "\\'");
    let inner = quoted.get(1..quoted.len() - 1).unwrap_or_default();
    format!("'{inner}'")
}

fn quoted<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|n| quote(n.as_ref())).collect::<Vec<_>>().join(", ")
}
