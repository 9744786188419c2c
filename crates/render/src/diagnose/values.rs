//! Values that cannot be read, or that the chart's schema refuses.

use rhumb_chart::values::layers::Flags;
use rhumb_chart::values::set::{self, Mode};
use rhumb_chart::{Bytes, Chart};
use rhumb_diag::{Diagnostic, Report, Source, Sources, Span, codes};
use rhumb_schema::Failed;
use rhumb_value::{Map, Value};

use super::desk::Desk;
use super::{Scene, yaml_cause};

/// At most so many failures of a schema are shown.
const MANY: usize = 12;

/// Gives the content of a file that a flag names.
type Read<'a> = &'a dyn Fn(&str) -> Result<Vec<u8>, String>;

/// The diagnosis of value flags that cannot be read. `message` is the reference's text.
#[must_use]
pub fn flags(flags: &Flags, read: Read<'_>, message: &str) -> Option<Report> {
    for path in &flags.files {
        match read(path) {
            Err(_) => return Some(unreadable(path, message)),
            Ok(bytes) => {
                let name = if path.trim() == "-" { "standard input" } else { path };
                if let Some(report) = file(name, &bytes, message) {
                    return Some(report);
                }
            }
        }
    }
    let base = Map::new();
    let kinds: [(&str, &[String], Mode<'_>); 5] = [
        ("--set-json", &flags.json, Mode::Json),
        ("--set", &flags.set, Mode::Typed),
        ("--set-string", &flags.strings, Mode::Strings),
        ("--set-file", &flags.set_files, Mode::Files(read)),
        ("--set-literal", &flags.literals, Mode::Literal),
    ];
    kinds
        .into_iter()
        .find_map(|(flag, texts, mode)| texts.iter().find_map(|text| argument(&base, flag, text, mode, message)))
}

fn unreadable(path: &str, message: &str) -> Report {
    let found = Diagnostic::error(codes::UNREADABLE_FILE, message);
    let found = match path.contains("://") {
        true => found.hint("download it first, and give the file"),
        false => found.hint("relative paths start at the folder you are in"),
    };
    Report { diagnostics: vec![found], sources: Sources::new() }
}

/// The diagnosis of a values file that is no YAML; nothing where it can be read.
#[must_use]
pub fn file(name: &str, bytes: &[u8], message: &str) -> Option<Report> {
    let (range, cause) = fault(bytes)?;
    let mut sources = Sources::new();
    let id = sources.add(Source::new(name, bytes));
    let mut found = Diagnostic::error(codes::VALUES_SYNTAX, message);
    found = found.at(Span::new(id, range.start, range.end), cause.label);
    if let Some(hint) = cause.hint {
        found = found.hint(hint);
    }
    Some(Report { diagnostics: vec![found], sources })
}

/// Where a values file breaks, and why.
pub(super) fn fault(bytes: &[u8]) -> Option<(std::ops::Range<usize>, yaml_cause::Cause)> {
    let mut seen = 0;
    for document in rhumb_yaml::documents(bytes) {
        let Ok(document) = document else {
            // A line of three dashes with something behind them, after what was seen.
            let at = memchr::memmem::find(&bytes[seen..], b"---").map_or(seen, |i| seen + i);
            let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |i| at + i);
            let cause = yaml_cause::Cause::new(at..end, "only a comment may stand behind the three dashes");
            return Some((at..end, cause));
        };
        let start = document.as_ptr().addr().saturating_sub(bytes.as_ptr().addr());
        let text = rhumb_yaml::ended(document);
        if let Err(error) = rhumb_yaml::parse_map(&text) {
            let cause = yaml_cause::of_values(&text, &error);
            let [from, to] = [cause.at.start, cause.at.end].map(|at| (start + at).min(bytes.len()));
            return Some((from..to, cause));
        }
        seen = start + document.len();
    }
    None
}

/// An argument of `--set` and its kin; nothing where it can be read, and then it takes part in `base`.
fn argument(base: &Map, flag: &str, text: &str, mode: Mode<'_>, message: &str) -> Option<Report> {
    let json = matches!(mode, Mode::Json) && text.trim_start().starts_with('{');
    let range = match json {
        true if rhumb_yaml::parse_map(text.as_bytes()).is_ok() => return None,
        true => 0..text.len(),
        false => set::fault(base, text, mode)?,
    };
    let mut sources = Sources::new();
    let before = format!("{flag} '");
    let id = sources.add(Source::new("the command line", format!("{before}{text}'").into_bytes()));
    let at = |start: usize, end: usize| Span::new(id, before.len() + start, before.len() + end);
    let found = Diagnostic::error(codes::SET_SYNTAX, message);
    let (span, label, hint) = match () {
        () if message.contains("has no value") => (
            at(range.start, range.end),
            "no `=` and no value",
            "write `path.to.key=value`; a comma in a value needs a backslash: `a=x\\,y`",
        ),
        () if message.contains("interface conversion") => (
            at(range.start, range.end),
            "a value of another kind stands in the way",
            "an earlier part sets this path to something that has no keys or elements",
        ),
        () if message.contains("list must terminate") => (
            at(range.start, range.end),
            "`{` opens a list, and there is no `}`",
            "close the list; as plain text write it with `--set-literal`",
        ),
        () if message.contains("index") => {
            (at(range.start, range.end), "this index cannot be used", "elements count from 0: `list[0].key=value`")
        }
        () if flag == "--set-json" => (
            at(range.start, text.len()),
            "this is no JSON",
            "texts stand in double quotes: `--set-json 'key=\"text\"'`; mind the shell's own quotes",
        ),
        () if flag == "--set-file" => {
            (at(range.start, range.end), "this file cannot be read", "relative paths start at the folder you are in")
        }
        () => (at(range.start, range.end), "this cannot be read", "write `path.to.key=value`"),
    };
    Some(Report { diagnostics: vec![found.at(span, label).hint(hint)], sources })
}

/// The diagnosis of values that schemas refuse: one for each failure, the first with the reference's whole text.
#[must_use]
pub fn schema(scene: &Scene<'_>, message: &str) -> Report {
    let mut desk = Desk::new(scene);
    let mut found = Vec::new();
    collect(&mut desk, scene, scene.chart, &scene.values, scene.chart.name(), &mut found);
    let count = found.len();
    found.truncate(MANY);
    if let Some(last) = found.last_mut()
        && count > MANY
    {
        last.notes.push(format!("and {} more", count - MANY));
    }
    match found.first_mut() {
        Some(first) => {
            message.clone_into(&mut first.message);
            first.headline.clear();
        }
        None => found.push(bad_schema(&mut desk, scene.chart, &scene.values, scene.chart.name(), message)),
    }
    Report { diagnostics: found, sources: desk.into_sources() }
}

/// A schema that cannot be used itself: the first of the charts' that complains without a failure of values.
fn bad_schema(desk: &mut Desk<'_>, chart: &Chart, values: &Map, path: &str, message: &str) -> Diagnostic {
    let mut found = Diagnostic::error(codes::BAD_SCHEMA, message);
    let mut open = vec![(chart, values.clone(), path.to_owned())];
    while let Some((chart, values, path)) = open.pop() {
        let complaint =
            chart.schema.as_ref().and_then(|s| rhumb_schema::validate(s, &Value::Map(values.clone())).err());
        if let (Some(schema), Some(complaint)) = (&chart.schema, complaint) {
            let id = desk.file(&format!("{path}/values.schema.json"), schema);
            // The account names parts of the schema; the first that is a leaf is shown.
            let part =
                complaint.lines().filter(|l| !l.ends_with("failed")).find_map(|l| l.trim().strip_prefix("- at '"));
            let way: Vec<String> = part
                .and_then(|p| p.split_once("': "))
                .map_or_else(Vec::new, |(pointer, _)| pointer.split('/').skip(1).map(str::to_owned).collect());
            let range = rule(schema, &way).unwrap_or(0..0);
            found = found.at(Span::new(id, range.start, range.end), "the schema is wrong here");
            break;
        }
        for sub in &chart.dependencies {
            if let Some(Value::Map(below)) = values.get(sub.name()) {
                open.push((sub, below, format!("{path}/charts/{}", sub.name())));
            }
        }
    }
    found.hint("the schema itself is at fault, not the values; `--skip-schema-validation` goes on without it")
}

fn collect(
    desk: &mut Desk<'_>,
    scene: &Scene<'_>,
    chart: &Chart,
    values: &Map,
    path: &str,
    found: &mut Vec<Diagnostic>,
) {
    if let Some(schema) = &chart.schema {
        for failed in rhumb_schema::failures(schema, &Value::Map(values.clone())) {
            let id = desk.file(&format!("{path}/values.schema.json"), schema);
            found.push(failure(scene, values, &failed, id, schema));
        }
    }
    for sub in &chart.dependencies {
        if let Some(Value::Map(below)) = values.get(sub.name()) {
            collect(desk, scene, sub, &below, &format!("{path}/charts/{}", sub.name()), found);
        }
    }
}

fn failure(scene: &Scene<'_>, values: &Map, failed: &Failed, schema: rhumb_diag::FileId, text: &Bytes) -> Diagnostic {
    let pointer: String = failed.value.iter().map(|p| format!("/{p}")).collect();
    let message = format!("at '{pointer}': {}", failed.message);
    let mut found = Diagnostic::error(codes::SCHEMA, message);
    let extra: Vec<&str> = failed.names.iter().filter(|_| !failed.missing).map(String::as_str).collect();
    let mut way: Vec<&str> = failed.value.iter().map(String::as_str).collect();
    way.extend(extra.first());
    let (span, whole) = place(scene, values, &way);
    if let Some(span) = span {
        let label = match (whole, failed.missing) {
            (true, false) => failed.message.clone(),
            (_, true) => format!("{} is missing here", names(&failed.names)),
            (false, false) => format!("in here: {}", failed.message),
        };
        found = found.at(span, label);
    }
    if let Some(range) = rule(text, &failed.rule) {
        let span = Span::new(schema, range.start, range.end);
        found = if found.primary.is_some() { found.also(span, "the rule") } else { found.at(span, "the rule") };
    }
    for way in &failed.ways {
        found = found.note(format!("one way to fit: {way}"));
    }
    if let (Some(name), false) = (extra.first(), failed.missing)
        && let Some(near) = nearest(text, failed, name)
    {
        found = found.hint(format!("did you mean `{near}`?"));
    }
    found
}

fn names(names: &[String]) -> String {
    names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ")
}

/// The place of a value, or of the nearest one around it that has a place; whether it is the value's own.
fn place(scene: &Scene<'_>, values: &Map, way: &[&str]) -> (Option<Span>, bool) {
    let mut at = Value::Map(values.clone());
    let mut last = (None, way.is_empty());
    for (i, step) in way.iter().enumerate() {
        let (origin, next) = match &at {
            Value::Map(m) => match m.entry(step) {
                Some(e) => (e.origin, e.value),
                None => break,
            },
            Value::List(l) => match step.parse::<usize>().ok().and_then(|n| Some((l.origin(n), l.get(n)?.clone()))) {
                Some(found) => found,
                None => break,
            },
            _ => break,
        };
        if let Some(span) = (scene.place)(origin) {
            last = (Some(span), i + 1 == way.len());
        }
        at = next;
    }
    last
}

/// The text of a rule in a schema, its keyword included; the nearest part around it that the text holds.
fn rule(schema: &[u8], way: &[String]) -> Option<std::ops::Range<usize>> {
    let doc = rhumb_yaml::parse_spanned(schema).ok()?;
    let mut at = doc.root()?;
    let mut range = None;
    for step in way {
        let key =
            doc.children(at).zip(0usize..).find(|(child, i)| i % 2 == 0 && *doc.node(*child).text == *step.as_bytes());
        let next = match (doc.get(at, step.as_bytes()), step.parse::<usize>()) {
            (Some(next), _) => next,
            (None, Ok(n)) => doc.children(at).nth(n)?,
            _ => break,
        };
        let start = key.map_or(doc.node(next).start, |(key, _)| doc.node(key).start);
        range = Some(start as usize..doc.node(next).end as usize);
        at = next;
    }
    range
}

/// The property of the schema that was probably meant.
fn nearest(schema: &[u8], failed: &Failed, name: &str) -> Option<String> {
    let doc = rhumb_yaml::parse_spanned(schema).ok()?;
    let (_, way) = failed.rule.split_last()?;
    let at = way.iter().try_fold(doc.root()?, |at, step| doc.get(at, step.as_bytes()))?;
    let properties = doc.get(at, b"properties")?;
    let keys: Vec<String> = doc
        .children(properties)
        .step_by(2)
        .map(|key| String::from_utf8_lossy(&doc.node(key).text).into_owned())
        .collect();
    rhumb_diag::nearest(name, keys.iter().map(String::as_str)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_of_a_file_keep_their_places() {
        let text = b"a: 1\n---\nb: [\n---\nc: 1\n";
        let (range, _) = fault(text).expect("no YAML");
        assert!(range.start >= 9, "{range:?}");
        let (range, cause) = fault(b"a: 1\n---x\n").expect("no document");
        assert_eq!((range, cause.label.as_str()), (5..9, "only a comment may stand behind the three dashes"));
        assert!(fault(b"a: 1\n---\nb: 2\n").is_none());
        // What is at fault stays inside a file without a last line end.
        for text in [&b"a: \""[..], b"a: \"\\", b"a: 1\n---\nb: '", b"a: |x", b"a: [", b"a: 1\nb"] {
            let (range, _) = fault(text).expect("no YAML");
            assert!(range.end <= text.len() && range.start <= range.end, "{range:?}");
        }
    }

    #[test]
    fn rules_have_places() {
        let schema = br#"{"properties": {"a": {"type": "integer"}}, "allOf": [{"required": ["x"]}]}"#;
        let shown = |way: &[&str]| {
            let way: Vec<String> = way.iter().map(|s| (*s).to_owned()).collect();
            rule(schema, &way).map(|r| String::from_utf8_lossy(&schema[r]).into_owned()).unwrap_or_default()
        };
        assert_eq!(shown(&["properties", "a", "type"]), "\"type\": \"integer\"");
        assert_eq!(shown(&["allOf", "0", "required"]), "\"required\": [\"x\"]");
        assert_eq!(shown(&["properties", "nope"]), "\"properties\": {\"a\": {\"type\": \"integer\"}}");
        assert_eq!(shown(&[]), "");
    }
}
