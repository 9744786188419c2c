//! The support itself, on a small chart: what it renders, and what it finds wrong.

use rhumb_platforms::{Chart, every, schema};
use serde_json::json;

/// A chart in a temporary folder.
fn small(folder: &tempfile::TempDir) -> Chart {
    let files = [
        ("Chart.yaml", "apiVersion: v2\nname: small\nversion: 0.1.0\n"),
        ("values.yaml", "a: 1\nb: {c: true, d: {}}\n"),
        ("values-x.yaml", "a: 2\n"),
        ("values-from-terraform.yaml", "a: 3\n"),
        ("ci/y-values.yaml", "a: 4\n"),
        ("templates/x.yaml", "kind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {a: {{ .Values.a }}}\n"),
        ("values.schema.json", SCHEMA),
    ];
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("below the chart")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    Chart { folder: folder.path().to_str().expect("UTF-8").to_owned().leak(), release: "x" }
}

const SCHEMA: &str = r#"{
    "additionalProperties": false,
    "properties": {
        "a": {"type": "integer", "description": "a number"},
        "b": {"type": "object", "properties": {"c": {"type": "boolean", "description": "on"}}}
    }
}"#;

#[test]
fn a_chart_is_rendered_and_refused() {
    let folder = tempfile::tempdir().unwrap();
    let chart = small(&folder);
    let objects = chart.render(&["-f", "ci/y-values.yaml"]);
    assert_eq!(objects.get("ConfigMap", "x")["data"], json!({"a": 4}));
    assert_eq!(chart.render_as("other", "z", &[]).names(), ["ConfigMap other"]);
    assert!(chart.refused(&["--set", "a=x"]).contains("at '/a': got string, want integer"));
    assert_eq!(chart.values_files(), ["ci/y-values.yaml", "values-x.yaml"]);
}

#[test]
fn a_schema_is_held_against_the_values() {
    let folder = tempfile::tempdir().unwrap();
    let chart = small(&folder);
    assert_eq!(schema::uncovered(chart), ["b.d"]);
    assert_eq!(schema::loose(chart), ["/b: no description", "/b: says nothing of further keys"]);
    schema::refuses(chart, &[("a=x", "/a"), ("z=1", ""), ("--set-json a=[1]", "/a")]);
}

#[test]
#[should_panic(expected = "a=1: not refused")]
fn a_value_that_is_not_refused_is_named() {
    let folder = tempfile::tempdir().unwrap();
    schema::refuses(small(&folder), &[("a=1", "/a")]);
}

#[test]
fn charts_that_are_there_have_names_of_their_own() {
    let names: Vec<_> = every().iter().map(Chart::name).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.len(), names.len());
}
