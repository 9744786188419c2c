//! The files that make a chart: which of them cannot be read, and which field of Chart.yaml is wrong.

use rhumb_chart::load::files::assemble;
use rhumb_chart::metadata::Generation;
use rhumb_chart::{Bytes, Chart, File};
use rhumb_diag::{Diagnostic, FileId, Report, Source, Sources, Span, codes};

use super::desk::Desk;
use super::{Scene, values, yaml_cause};

/// A file of the chart or of a chart inside it, under the name to show.
pub struct Part {
    /// The name to show.
    pub shown: String,
    /// The name inside its own chart: `Chart.yaml`.
    pub name: String,
    /// The content.
    pub data: Bytes,
}

/// The diagnosis of a chart that cannot be loaded: the file whose own complaint ends the message.
#[must_use]
pub fn chart(parts: &[Part], message: &str) -> Option<Report> {
    parts.iter().find_map(|part| {
        let found = match part.name.as_str() {
            "Chart.yaml" => definition(part, message),
            "values.yaml" => {
                let error = rhumb_chart::values::layers::parse_documents(&part.data).err()?;
                message.ends_with(&error).then(|| values::file(&part.shown, &part.data, message)).flatten()
            }
            _ => other(part, message),
        }?;
        Some(found)
    })
}

/// A Chart.yaml that is no YAML, or has a wrong field.
fn definition(part: &Part, message: &str) -> Option<Report> {
    let own = File { name: part.name.clone(), data: part.data.clone(), modified: 0 };
    let fails = |of| assemble(vec![own.clone()], of, &mut Vec::new()).err().filter(|e| message.ends_with(e));
    let error = [Generation::V2, Generation::V3].into_iter().find_map(fails);
    let error = error.or_else(|| generation(&part.data, message))?;
    if let Err(error) = rhumb_yaml::parse_value(&part.data) {
        return Some(syntax(part, &error, codes::CHART_YAML_SYNTAX, message));
    }
    let mut sources = Sources::new();
    let id = sources.add(Source::new(part.shown.as_str(), &*part.data));
    let found = field(Diagnostic::error(codes::CHART_YAML_FIELD, message), id, &part.data, &error);
    Some(Report { diagnostics: vec![found], sources })
}

/// The complaint about an apiVersion that is none of those known, which comes before all others.
fn generation(data: &[u8], message: &str) -> Option<String> {
    let complaints = ["unsupported chart version", "invalid chart apiVersion"];
    let complaint = complaints.into_iter().find(|c| message.ends_with(c))?;
    let doc = rhumb_yaml::parse_spanned(data).ok()?;
    let version = &doc.node(doc.get(doc.root()?, b"apiVersion")?).text;
    (!matches!(&**version, b"" | b"v1" | b"v2")).then(|| complaint.to_owned())
}

/// A lock file or requirements.yaml.
fn other(part: &Part, message: &str) -> Option<Report> {
    let error = rhumb_yaml::parse_value(&part.data).err()?;
    message.ends_with(&error.to_string()).then(|| syntax(part, &error, codes::DEPENDENCIES, message))
}

fn syntax(part: &Part, error: &rhumb_yaml::Error, code: &'static str, message: &str) -> Report {
    let cause = yaml_cause::of_values(&part.data, error);
    let mut sources = Sources::new();
    let id = sources.add(Source::new(part.shown.as_str(), &*part.data));
    let mut found = Diagnostic::error(code, message).at(Span::new(id, cause.at.start, cause.at.end), cause.label);
    found.hints.extend(cause.hint);
    Report { diagnostics: vec![found], sources }
}

/// The field that a complaint names, with what it should hold.
fn field(found: Diagnostic, file: FileId, data: &[u8], error: &str) -> Diagnostic {
    let name = named(error);
    let way: Vec<&str> = name.split('.').filter(|s| !s.is_empty()).collect();
    let first = way.first().copied().unwrap_or_default();
    let found = match locate(data, &way) {
        Some((range, true)) => found.at(Span::new(file, range.start, range.end), label(error)),
        Some((range, false)) => found.at(Span::new(file, range.start, range.end), format!("no `{first}` in here")),
        None => found.at(Span::new(file, 0, 0), if first.is_empty() { String::new() } else { format!("no `{first}`") }),
    };
    match first {
        "version" => found.hint("a version has three numbers, `1.2.3`; quote what YAML would take for a number"),
        "apiVersion" => found.hint("`apiVersion: v2` for charts of Helm 3 and later, `v1` for older ones"),
        "name" => found.hint("letters, digits and dashes: `name: my-chart`"),
        "type" => found.hint("`application` or `library`"),
        "appVersion" => found.hint("quote it: `appVersion: \"1.20\"`"),
        "dependencies" => found.hint("a list of maps with `name`, `version` and `repository`"),
        "maintainers" => found.hint("a list of maps with `name`, `email` and `url`"),
        "annotations" => found.hint("texts only: quote them"),
        _ => found,
    }
}

/// What is wrong with a field.
fn label(error: &str) -> &'static str {
    match () {
        () if error.contains("cannot unmarshal") => "of another type than it has in a chart",
        () if error.contains("is required") => "this is empty",
        () if error.contains("more than one dependency") => {
            "two dependencies have one name: give one of them an `alias`"
        }
        () => "not allowed",
    }
}

/// The field that a complaint is about.
fn named(error: &str) -> &str {
    if let Some((_, rest)) = error.split_once("chart.metadata.") {
        return rest.split(' ').next().unwrap_or_default();
    }
    if let Some((_, rest)) = error.split_once("Go struct field ") {
        let path = rest.split(" of type").next().unwrap_or_default();
        return path.split_once('.').map_or(path, |(_, p)| p);
    }
    match () {
        () if error.contains("chart version") || error.contains("apiVersion") => "apiVersion",
        () if error.contains("dependency") || error.contains("dependencies") => "dependencies",
        () if error.contains("maintainers") => "maintainers",
        () => "",
    }
}

/// The value at the end of a path, or the nearest one around it; whether it is the value itself.
fn locate(data: &[u8], way: &[&str]) -> Option<(std::ops::Range<usize>, bool)> {
    let doc = rhumb_yaml::parse_spanned(data).ok()?;
    let mut at = doc.root()?;
    let mut range = None;
    for (i, step) in way.iter().enumerate() {
        let next = match (doc.get(at, step.as_bytes()), step.parse::<usize>()) {
            (Some(next), _) => Some(next),
            (None, Ok(n)) => doc.children(at).nth(n),
            _ => None,
        };
        let Some(next) = next else {
            let end = memchr::memchr(b'\n', data).unwrap_or(data.len());
            return Some((range.unwrap_or(0..end), false));
        };
        let node = doc.node(next);
        range = Some(node.start as usize..node.end as usize);
        at = next;
        if i + 1 == way.len() {
            return range.map(|r| (r, true));
        }
    }
    None
}

/// A complaint about a field of the chart's own Chart.yaml (or requirements.yaml): the entries of `dependencies` that are
/// named, or the `type`.
#[must_use]
pub fn declared(chart: &Chart, display: &dyn Fn(&str) -> String, code: &'static str, message: &str) -> Option<Report> {
    let mut found = Diagnostic::error(code, message);
    let mut sources = Sources::new();
    for name in ["Chart.yaml", "requirements.yaml"] {
        let Some(file) = chart.raw_file(name) else { continue };
        let id = sources.add(Source::new(display(&format!("{}/{name}", chart.name())), &*file.data));
        for (range, label) in places(&file.data, code, message) {
            let span = Span::new(id, range.start, range.end);
            found = if found.primary.is_none() { found.at(span, label) } else { found.also(span, label) };
        }
    }
    found.primary.is_some().then(|| Report { diagnostics: vec![found], sources })
}

fn places(data: &[u8], code: &'static str, message: &str) -> Vec<(std::ops::Range<usize>, &'static str)> {
    if code == codes::LIBRARY {
        return locate(data, &["type"])
            .filter(|(_, own)| *own)
            .map(|(range, _)| (range, "a library"))
            .into_iter()
            .collect();
    }
    let names = message.rsplit(": ").next().unwrap_or_default();
    let wanted: Vec<&str> = names.split(", ").collect();
    let Ok(doc) = rhumb_yaml::parse_spanned(data) else { return Vec::new() };
    let list = doc.root().and_then(|root| doc.get(root, b"dependencies"));
    let entries = list.into_iter().flat_map(|list| doc.children(list).collect::<Vec<_>>());
    let named = entries.filter_map(|entry| doc.get(entry, b"name")).map(|id| doc.node(id));
    let missing = named.filter(|node| wanted.contains(&&*String::from_utf8_lossy(&node.text)));
    missing.map(|node| (node.start as usize..node.end as usize, "not in charts/")).collect()
}

/// The chart wants another version of Kubernetes.
pub(super) fn kube_version(desk: &mut Desk<'_>, scene: &Scene<'_>, range: &str, version: &str) -> Diagnostic {
    let found = Diagnostic::error(codes::KUBE_VERSION, "");
    let file = scene.chart.raw_file("Chart.yaml");
    let found = match file.and_then(|f| Some((f, locate(&f.data, &["kubeVersion"])?.0))) {
        Some((file, at)) => {
            let id = desk.file(&format!("{}/Chart.yaml", scene.chart.name()), &file.data);
            found.at(Span::new(id, at.start, at.end), format!("{version} does not satisfy `{range}`"))
        }
        None => found,
    };
    found.hint("render for another version: `--kube-version VERSION`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_that_complaints_name() {
        let cases = [
            ("validation: chart.metadata.name is required", "name"),
            ("json: cannot unmarshal number into Go struct field .version of type string", "version"),
            (
                "json: cannot unmarshal array into Go struct field .maintainers.0.name of type string",
                "maintainers.0.name",
            ),
            ("unsupported chart version", "apiVersion"),
            ("validation: more than one dependency with name or alias \"a\"", "dependencies"),
            ("something else", ""),
        ];
        for (error, want) in cases {
            assert_eq!(named(error), want, "{error}");
        }
    }

    #[test]
    fn fields_have_places() {
        let data = b"name: a\nmaintainers:\n- name: [x]\n";
        let shown = |way: &[&str]| {
            let (range, own) = locate(data, way).expect("a map");
            format!("{own} {}", String::from_utf8_lossy(&data[range]))
        };
        assert_eq!(shown(&["maintainers", "0", "name"]), "true [x]");
        assert_eq!(shown(&["version"]), "false name: a");
        assert!(locate(b"[", &["a"]).is_none());
    }
}
