//! Observed with `helm template` of Helm 4.3.1 (its Chart.yaml written as JSON).

use super::*;
use crate::values::show::parse;

fn run(text: &str) -> String {
    let value = parse(text);
    let read = Metadata::from_value(&value, &CHART_BASE).and_then(|_| Metadata::from_value(&value, &CHART));
    match read.and_then(|mut m| m.validate()) {
        Ok(()) => "ok".into(),
        Err(text) => text,
    }
}

#[test]
fn texts_of_failures() {
    let base = r#""apiVersion":"v2","name":"c","version":"1.0.0""#;
    let cases = [
        (r#"{"apiVersion":"v2"}"#.to_owned(), "validation: chart.metadata.name is required"),
        (r#"{"apiVersion":"v2","name":"c"}"#.into(), "validation: chart.metadata.version is required"),
        (
            r#"{"apiVersion":"v2","name":"a/b","version":"1.0.0"}"#.into(),
            r#"validation: chart.metadata.name "a/b" is invalid"#,
        ),
        (
            r#"{"apiVersion":"v2","name":"c","version":"zz"}"#.into(),
            r#"validation: chart.metadata.version "zz" is invalid"#,
        ),
        (r#"{"apiVersion":"v2","name":5,"version":1}"#.into(), "ok"),
        (
            r#"{"apiVersion":"v2","name":"..","version":"1.0.0"}"#.into(),
            r#"validation: chart.metadata.name ".." is not allowed"#,
        ),
        (
            r#"{"apiVersion":"v2","name":"d\u0001e/","version":"1.0.0"}"#.into(),
            r#"validation: chart.metadata.name "de/" is invalid"#,
        ),
        (
            r#"{"apiVersion":"v2","name":"c","version":"1.0.0\u0001"}"#.into(),
            r#"validation: chart.metadata.version "1.0.0\x01" is invalid"#,
        ),
        (format!(r#"{{{base},"type":"foo"}}"#), "validation: chart.metadata.type must be application or library"),
        (format!(r#"{{{base},"maintainers":[null]}}"#), "validation: maintainers must not contain empty or null nodes"),
        (
            format!(r#"{{{base},"maintainers":"x"}}"#),
            "json: cannot unmarshal string into Go struct field .maintainers of type []*v2.Maintainer",
        ),
        (
            format!(r#"{{{base},"maintainers":["x"]}}"#),
            "json: cannot unmarshal string into .maintainers.0 of type v2.Maintainer",
        ),
        (
            format!(r#"{{{base},"dependencies":[null]}}"#),
            "validation: dependencies must not contain empty or null nodes",
        ),
        (
            format!(r#"{{{base},"dependencies":[{{"name":"a","alias":"a b"}}]}}"#),
            r#"validation: dependency "a" has disallowed characters in the alias"#,
        ),
        (
            format!(r#"{{{base},"dependencies":[{{"name":"a"}},{{"name":"a"}}]}}"#),
            r#"validation: more than one dependency with name or alias "a""#,
        ),
        (format!(r#"{{{base},"annotations":{{"a":1}}}}"#), "ok"),
        (
            format!(r#"{{{base},"annotations":["a"]}}"#),
            "json: cannot unmarshal array into Go struct field .annotations of type map[string]string",
        ),
        (
            format!(r#"{{{base},"deprecated":"x"}}"#),
            "json: cannot unmarshal string into Go struct field .deprecated of type bool",
        ),
        (format!(r#"{{{base},"keywords":[1]}}"#), "ok"),
        (r#""x""#.into(), "json: cannot unmarshal string into Go value of type loader.chartBase"),
    ];
    for (text, want) in cases {
        assert_eq!(run(&text), want, "{text}");
    }
}

#[test]
fn scalars_become_text() {
    let m =
        Metadata::from_value(&parse(r#"{"version":1,"appVersion":1.20,"name":true,"home":20200101}"#), &CHART).unwrap();
    assert_eq!([m.version, m.app_version, m.name, m.home], ["1", "1.2", "true", "20200101"].map(String::from));
}

#[test]
fn unprintable_characters_go() {
    let text = r#"{"apiVersion":"v2","name":"d\u0001e\tm\u200bo","version":"1","annotations":{"a\u0001":"b\u0001"},
        "description":"a\u007f\ufeff b\nd\u00a0e\u2028f\u00e9","tags":"t\u0001\ta","keywords":["k\u0001\ta"],
        "dependencies":[{"name":"n\u0001\ta","version":"1\t\u0001","tags":["t\u0001"],"import-values":["i\u0001"]}]}"#;
    let mut m = Metadata::from_value(&parse(text), &CHART).unwrap();
    assert_eq!(m.validate(), Ok(()));
    assert_eq!([&m.name, &m.description, &m.tags, &m.keywords[0]], ["de mo", "a b d e f\u{e9}", "t a", "k a"]);
    assert_eq!(m.annotations, [("a\u{1}".to_owned(), "b\u{1}".to_owned())]);
    let d = &m.dependencies.unwrap()[0];
    assert_eq!([&d.name, &d.version, &d.tags[0]], ["n a", "1 ", "t"]);
}
