//! What usually helps when a function is not happy, by function and complaint.

use rhumb_value::Value;

use super::words;

/// What to write beside the call, whose text is `node`.
pub(super) fn label(function: &str, arguments: &[Value], node: &str) -> String {
    match (function, arguments) {
        ("index", [holder, key, ..]) => match holder {
            Value::List(l) => format!("a list of {} {}, asked for {}", l.len(), noun(l.len(), "element"), short(key)),
            other => format!("{}, asked for {}", words::kind(other), short(key)),
        },
        ("eq" | "ne" | "lt" | "le" | "gt" | "ge", [a, b]) => format!("{} and {}", exact(a), exact(b)),
        (_, [one]) => words::shown_of(node, one),
        _ => String::new(),
    }
}

/// The kind, with the two kinds of numbers told apart.
fn exact(value: &Value) -> &'static str {
    match value {
        Value::Int(..) => "an integer",
        Value::Float(_) => "a float",
        other => words::kind(other),
    }
}

fn noun(count: usize, word: &str) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

fn short(value: &Value) -> String {
    match value {
        Value::Str(s) => format!("`{}`", s.to_string_lossy()),
        Value::Int(n, _) => format!("number {n}"),
        other => words::kind(other).to_owned(),
    }
}

/// What to do, for a function that returned an error.
pub(super) fn hints(function: &str, arguments: &[Value], text: &str) -> Vec<String> {
    let hint = match function {
        "index" if text.contains("out of range") => "elements count from 0; test with `if gt (len LIST) N` first",
        "index" if text.contains("nil") => {
            "the value is missing: give it one, or use `dig \"KEY\" DEFAULT MAP`, which takes missing keys"
        }
        "index" if text.contains("cannot index slice/array") => {
            "a list is indexed with a number: numbers in values are floats, so write `(int .Values.n)`"
        }
        "index" => "`index` takes maps with a key and lists with a number",
        "slice" => "`slice` counts from 0 and cuts within the length of a text or list",
        "len" => {
            "`len` takes texts, lists and maps; give what may be missing a value first: `(default list .Values.x)`"
        }
        "eq" | "ne" | "lt" | "le" | "gt" | "ge" => return compare(function, arguments),
        "tpl" => "`tpl` takes a text and the root: `tpl .Values.text $`",
        "semver" | "semverCompare" => "versions look like 1.2.3; an empty value is none",
        "b64dec" => "the text is not base64: was it encoded with `b64enc`, and not encoded at all or twice?",
        "fromJson" | "mustFromJson" => "the text is not JSON",
        "toDate" | "mustToDate" => "layouts are written as Go writes 2 January 2006: `2006-01-02`",
        "atoi" => "the text is no whole number",
        "dict" => "`dict` takes keys and values in turn; keys are texts",
        "merge" | "mergeOverwrite" | "mustMerge" | "mustMergeOverwrite" => {
            "all arguments are maps; give what may be missing a value: `(default dict .Values.x)`"
        }
        "set" | "unset" | "hasKey" | "keys" | "pick" | "omit" | "get" => {
            "the first argument is a map; give what may be missing a value: `(default dict .Values.x)`"
        }
        "lookup" => "without a cluster `lookup` gives an empty map",
        name if name.starts_with("regex") || name.starts_with("mustRegex") => {
            "patterns are RE2's: no look-around, no back-references; write them between backticks"
        }
        name if name.starts_with("must") => "without `must` the function gives an empty value instead of an error",
        _ => return Vec::new(),
    };
    vec![hint.to_owned()]
}

fn compare(function: &str, arguments: &[Value]) -> Vec<String> {
    let number = |v: &Value| matches!(v, Value::Int(..) | Value::Float(_));
    match arguments {
        [a, b] if number(a) && number(b) => vec![format!(
            "numbers in values are floats, literals such as 1 are integers: write `{function} (int A) B`, or 1.0"
        )],
        [Value::Nil, _] | [_, Value::Nil] => {
            vec!["one of them is missing: give it a value first, with `default`".to_owned()]
        }
        [a, b] => vec![format!(
            "{} and {} cannot be compared: make them alike first, with `toString` or `int`",
            words::kind(a),
            words::kind(b)
        )],
        _ => Vec::new(),
    }
}

/// What to do, for a complaint of the executor.
pub(super) fn executor(text: &str, value: Option<&Value>) -> Vec<String> {
    let wanted = text.split("expected ").nth(1).and_then(|t| t.split([';', ' ']).next()).unwrap_or_default();
    let hint = match (wanted, value) {
        _ if text.starts_with("invalid value; expected") => {
            "or a default in the template: `default \"\"` before the function"
        }
        _ if text.starts_with("wrong number of args for ") => {
            return vec![
                "arguments are separated by spaces; one that is a call itself stands in parentheses".to_owned(),
            ];
        }
        _ if text.starts_with("range can't iterate") => {
            "`range` goes over lists, maps and whole numbers: `range (int .Values.n)`, or `range (list ...)` for one value"
        }
        _ if text.starts_with("undefined variable") => "declare it with `:=` before it is assigned with `=`",
        _ if text.starts_with("can't give argument to non-function")
            || text.contains("is not a method but has arguments") =>
        {
            "this is a value: it takes no arguments, and nothing can be piped into it; is a function's name missing before it?"
        }
        ("string", Some(Value::Nil)) => "the value is missing: give it one, for example with `default \"\"`",
        ("string", Some(Value::Map(_) | Value::List(_))) => "turn it into text first: `toYaml`, `toJson` or `join`",
        ("string", Some(_)) => "turn it into text first: `toString`, or quote the value in the values file",
        ("int" | "int64" | "integer", Some(Value::Float(_))) => "numbers in values are floats: write `(int .Values.x)`",
        ("int" | "int64" | "integer", Some(Value::Str(_))) => {
            "this is text: write `(int .Values.x)`, or unquote it in the values file"
        }
        (w, Some(Value::Nil)) if w.starts_with("map") => "the value is missing: give it one, with `default dict`",
        (w, Some(Value::Nil)) if w.starts_with("[]") => "the value is missing: give it one, with `default list`",
        (w, Some(Value::Str(_))) if w.starts_with("map") || w.starts_with("[]") => {
            "this is text: read it first with `fromYaml` or `fromYamlArray`"
        }
        (_, Some(Value::Nil)) => "the value is missing: give it one, with `default`",
        _ => return Vec::new(),
    };
    vec![hint.to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_apart() {
        let hints = hints("eq", &[Value::Float(1.0), Value::int(1)], "incompatible types for comparison");
        assert!(hints[0].contains("`eq (int A) B`"), "{hints:?}");
        assert_eq!(label("eq", &[Value::from("a"), Value::Float(1.0)], ""), "a string and a float");
        assert_eq!(
            label("index", &[Value::from(vec![Value::Nil]), Value::int(3)], ""),
            "a list of 1 element, asked for number 3"
        );
    }

    #[test]
    fn the_wanted_type_decides() {
        let cases = [
            ("wrong type for value; expected string; got float64", Value::Float(1.0), "toString"),
            (
                "wrong type for value; expected string; got map[string]interface {}",
                Value::Map(rhumb_value::Map::new()),
                "toYaml",
            ),
            ("wrong type for value; expected int; got float64", Value::Float(1.0), "(int .Values.x)"),
            ("wrong type for value; expected map[string]interface {}; got string", Value::from("a"), "fromYaml"),
        ];
        for (text, value, want) in cases {
            let hints = executor(text, Some(&value));
            assert!(hints.iter().any(|h| h.contains(want)), "{text}: {hints:?}");
        }
        assert!(executor("output too long", None).is_empty());
    }
}
