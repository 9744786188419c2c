//! Functions that failed or were called wrongly, and templates that are not there.

use rhumb_diag::{Diagnostic, Span, codes};
use rhumb_template::{Detail, ExecError};
use rhumb_value::{Str, Value};

use super::desk::Desk;
use super::exec::{Failed, said};
use super::{Scene, actions, call_hints, spans, words};

/// The diagnosis of a failure that is no chain of names.
pub(super) fn failure(
    desk: &mut Desk<'_>,
    scene: &Scene<'_>,
    failed: &Failed<'_>,
    detail: Option<&Detail>,
) -> Diagnostic {
    let text = failed.text.as_str();
    if let Some(message) = said(text) {
        return refused(scene, failed, message);
    }
    if text.contains("rendering template has a nested reference name: ")
        || text.starts_with("exceeded maximum template depth")
    {
        return too_deep(failed);
    }
    if let Some(name) = unknown_template(text) {
        return no_template(desk, scene, failed, &name);
    }
    match failed.function {
        Some(function) => function_failed(scene, failed, function, detail),
        None => executor(scene, failed, detail),
    }
}

/// `fail` and `required`: the chart's author speaks.
fn refused(scene: &Scene<'_>, failed: &Failed<'_>, _message: &str) -> Diagnostic {
    let function = failed.function.unwrap_or("fail");
    let label = if function == "required" { "this value is required" } else { "the chart stops here" };
    let found = Diagnostic::error(codes::CHART_SAYS_NO, "").at(failed.span, label);
    let found = conditions(found, failed);
    if function == "required" { to_be_set(found, scene, failed) } else { found }
}

/// How to set the first value that the node at fault reads.
fn to_be_set(found: Diagnostic, scene: &Scene<'_>, failed: &Failed<'_>) -> Diagnostic {
    let Some((names, _)) = own_values(failed).into_iter().find(|(names, _)| !names.is_empty()) else { return found };
    let path = names.iter().map(|n| n.to_string_lossy().into_owned());
    let sections = words::sections(scene.chart, &failed.at.source.name.to_string_lossy());
    let path: Vec<String> = sections.into_iter().chain(path).collect();
    found.hint(format!("give it a value: `--set {}=...`, or in a values file", path.join(".")))
}

/// The conditions that led to a place, innermost first, as far as they are blocks of the same text.
fn conditions(found: Diagnostic, failed: &Failed<'_>) -> Diagnostic {
    let (open, _) = actions::before(&failed.at.source.text, failed.at.offset as usize);
    match open.iter().rev().find(|a| matches!(a.word(), b"if" | b"with" | b"range")) {
        Some(block) => {
            let at = |range: &std::ops::Range<usize>| Span::new(failed.span.file, range.start, range.end);
            match &block.branch {
                None => found.also(at(&block.range), "because of this condition"),
                Some(branch) if branch.conditional => found.also(at(&branch.range), "because of this condition"),
                Some(branch) => found
                    .also(at(&branch.range), "in this branch")
                    .also(at(&block.range), "because this condition does not hold"),
            }
        }
        None => found,
    }
}

fn too_deep(failed: &Failed<'_>) -> Diagnostic {
    Diagnostic::error(codes::TOO_DEEP, "")
        .at(failed.span, "this call leads back to itself")
        .hint("give the recursion an end: a condition that becomes false, or a smaller value with each call")
}

/// The name in the texts of `include` and of the template action.
fn unknown_template(text: &str) -> Option<String> {
    let rest = text
        .strip_prefix("template: no template ")
        .or_else(|| text.strip_prefix("template ").filter(|t| t.ends_with(" not defined")))?;
    let quoted = rest.strip_prefix('"')?;
    quoted.find("\" ").map(|end| quoted[..end].to_owned())
}

fn no_template(desk: &mut Desk<'_>, scene: &Scene<'_>, failed: &Failed<'_>, name: &str) -> Diagnostic {
    let range = spans::action(&failed.at.source.text, failed.at.offset)
        .and_then(|action| {
            let at = memchr::memmem::find(&failed.at.source.text[action.clone()], name.as_bytes())? + action.start;
            Some(at..at + name.len())
        })
        .map(|r| Span::new(failed.span.file, r.start, r.end));
    let found = Diagnostic::error(codes::UNKNOWN_TEMPLATE, "")
        .at(range.unwrap_or(failed.span), "no file of the chart defines this template");
    let defined = defined(scene);
    let names: Vec<&str> = defined.iter().map(|d| d.name.as_str()).collect();
    if let Some(near) = rhumb_diag::nearest(name, names.iter().copied())
        && let Some(d) = defined.iter().find(|d| d.name == near)
    {
        let file = desk.file(&d.file, &d.text);
        return found
            .also(Span::new(file, d.range.start, d.range.end), "the nearest name is defined here")
            .hint(format!("did you mean \"{near}\"?"));
    }
    let library = name.split_once('.').map(|(library, _)| library);
    match library {
        Some(library) if let Some(d) = scene.chart.dependencies.iter().find(|d| d.name() == library) => {
            found.hint(format!(
                "the chart `{library}` in charts/, version {}, defines no template of this name: another version may",
                d.metadata.version
            ))
        }
        Some(library)
            if !scene.chart.dependencies.iter().any(|d| d.name() == library) && library != scene.chart.name() =>
        {
            found.hint(format!(
                "names are usually led by the chart that defines them: is the chart `{library}` missing in charts/? \
                 `helm dependency build` fetches what Chart.yaml declares"
            ))
        }
        _ => found.hint("templates are defined in files below templates/, usually in _helpers.tpl"),
    }
}

/// A template that some file defines.
struct Defined {
    name: String,
    file: String,
    text: rhumb_chart::Bytes,
    range: std::ops::Range<usize>,
}

/// All named templates of the chart and of those below it.
fn defined(scene: &Scene<'_>) -> Vec<Defined> {
    let mut all = Vec::new();
    collect(scene.chart, scene.chart.name(), &mut all);
    all
}

fn collect(chart: &rhumb_chart::Chart, path: &str, all: &mut Vec<Defined>) {
    for file in &chart.templates {
        for action in actions::actions(&file.data) {
            if let Some(name) = action.defines() {
                all.push(Defined {
                    name,
                    file: format!("{path}/{}", file.name),
                    text: file.data.clone(),
                    range: action.range,
                });
            }
        }
    }
    for sub in &chart.dependencies {
        collect(sub, &format!("{path}/charts/{}", sub.name()), all);
    }
}

/// A function returned an error.
fn function_failed(scene: &Scene<'_>, failed: &Failed<'_>, function: &str, detail: Option<&Detail>) -> Diagnostic {
    let arguments: &[Value] = match detail {
        Some(Detail::Arguments(arguments)) => arguments,
        _ => &[],
    };
    let code = match function {
        "index" | "slice" | "first" | "last" | "initial" | "rest" | "len" | "get" => codes::INDEX,
        "eq" | "ne" | "lt" | "le" | "gt" | "ge" => codes::INCOMPARABLE,
        _ => codes::FUNCTION_FAILED,
    };
    let mut found =
        Diagnostic::error(code, "").at(failed.span, call_hints::label(function, arguments, &failed.at.context));
    found = own_places(found, scene, failed);
    for hint in call_hints::hints(function, arguments, &failed.text) {
        found = found.hint(hint);
    }
    found
}

/// What the executor says of itself.
fn executor(scene: &Scene<'_>, failed: &Failed<'_>, detail: Option<&Detail>) -> Diagnostic {
    let text = failed.text.as_str();
    let starts = |words: &[&str]| words.iter().any(|w| text.starts_with(w));
    let code = match () {
        () if starts(&[
            "wrong type for value",
            "invalid value; expected",
            "expected ",
            "cannot assign nil",
            "can't handle",
        ]) =>
        {
            codes::WRONG_TYPE
        }
        () if starts(&["wrong number of args"]) => codes::WRONG_COUNT,
        () if starts(&["range can't iterate", "can't use "]) => codes::NOT_ITERABLE,
        () if starts(&["templates nested too deeply"]) => codes::TOO_DEEP,
        () if starts(&["undefined variable"]) => codes::UNDEFINED_VARIABLE,
        () if starts(&["nil data; no entry", "map has no entry"]) => codes::NIL_POINTER,
        () => codes::TEMPLATE_FAILED,
    };
    let value = match detail {
        Some(Detail::Value(value)) => Some(value),
        _ => None,
    };
    let label = match (code, value) {
        (codes::WRONG_TYPE | codes::NOT_ITERABLE, Some(value)) => {
            format!("this is {}", words::shown_of(&failed.at.context, value))
        }
        (codes::WRONG_COUNT, _) => count(text),
        _ if text.starts_with("invalid value; expected") => "this is given nothing: the value is missing".to_owned(),
        _ => String::new(),
    };
    let mut found = Diagnostic::error(code, "").at(failed.span, label);
    if code != codes::WRONG_COUNT {
        found = own_places(found, scene, failed);
    }
    if text.starts_with("invalid value; expected") {
        found = to_be_set(found, scene, failed);
    }
    if text.starts_with("can't give argument to non-function")
        && let Some(word) = INFIX.iter().find(|w| failed.at.context.contains(&format!(" {w} ")))
    {
        return found.hint(format!(
            "functions stand before their arguments: `{word} A B`, each in parentheses if it is a call"
        ));
    }
    for hint in call_hints::executor(text, value) {
        found = found.hint(hint);
    }
    found
}

/// Functions that other languages write between their arguments.
const INFIX: [&str; 8] = ["and", "or", "eq", "ne", "lt", "le", "gt", "ge"];

/// `want 3 got 2` in words.
fn count(text: &str) -> String {
    let Some((_, rest)) = text.split_once(": want ") else { return String::new() };
    let Some((want, got)) = rest.split_once(" got ") else { return String::new() };
    let noun = if want.ends_with(" 1") || want == "1" { "argument" } else { "arguments" };
    format!("takes {want} {noun}, not {got}")
}

/// The paths of values in the node at fault, with their places in its text.
fn own_values(failed: &Failed<'_>) -> Vec<(Vec<Str>, std::ops::Range<usize>)> {
    node_values(failed.at)
}

fn node_values(at: &ExecError) -> Vec<(Vec<Str>, std::ops::Range<usize>)> {
    let text = &at.source.text;
    let own = spans::values_chains(text, spans::node(text, at.offset, &at.context));
    if !own.is_empty() {
        return own;
    }
    // What is piped into a function stands before it.
    spans::action(text, at.offset).map(|action| spans::values_chains(text, action)).unwrap_or_default()
}

/// Where the text that a `tpl` runs was set.
pub(super) fn text_places(found: Diagnostic, scene: &Scene<'_>, at: &ExecError) -> Diagnostic {
    places(found, scene, at, 1, |_, _| "the text is set here".to_owned())
}

/// Where the values in the node at fault were set; the first two.
fn own_places(found: Diagnostic, scene: &Scene<'_>, failed: &Failed<'_>) -> Diagnostic {
    places(found, scene, failed.at, 2, |path, value| format!("`.Values.{path}` is {}", words::shown_of(path, value)))
}

fn places(
    mut found: Diagnostic,
    scene: &Scene<'_>,
    at: &ExecError,
    count: usize,
    label: impl Fn(&str, &Value) -> String,
) -> Diagnostic {
    let values = words::values_of(scene.chart, &scene.values, &at.source.name.to_string_lossy());
    for (names, _) in node_values(at).into_iter().filter(|(names, _)| !names.is_empty()).take(count) {
        let mut at = values.clone();
        for (i, name) in names.iter().enumerate() {
            let Some(entry) = at.entry(name) else { break };
            if i + 1 == names.len() {
                let path = names.iter().map(Str::to_string_lossy).collect::<Vec<_>>().join(".");
                if let Some(span) = (scene.place)(entry.origin) {
                    found = found.also(span, label(&path, &entry.value));
                }
            }
            match entry.value {
                Value::Map(m) => at = m,
                _ => break,
            }
        }
    }
    found
}
