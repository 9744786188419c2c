//! Pairs of switches on charts where it is known what comes of them.

use rhumb_platforms::Chart;
use rhumb_platforms::matrix::Setting;

/// A chart of three switches, the last of which is on, and a template.
fn setting(folder: &tempfile::TempDir, template: &str) -> Setting {
    for (name, text) in [
        ("Chart.yaml", "apiVersion: v2\nname: small\nversion: 0.1.0\n"),
        ("values.yaml", "a: false\nb: {up: false}\nc: true\nd: 1\n"),
        ("templates/x.yaml", template),
    ] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("below the chart")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    let chart = Chart { folder: folder.path().to_str().expect("UTF-8").to_owned().leak(), release: "x" };
    Setting { chart, file: None }
}

fn sets(rows: &[Vec<String>]) -> Vec<&str> {
    rows.iter().map(|args| args.get(1).map_or("", String::as_str)).collect()
}

#[test]
fn every_pair_renders_or_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let setting = setting(&folder, "{{ if and .Values.a .Values.b.up }}{{ fail \"not both\" }}{{ end }}");
    let outcome = setting.pairs().unwrap();
    assert_eq!(sets(&outcome.refused), ["a=true,b.up=true"]);
    let rows = sets(&outcome.rows);
    for row in ["", "a=true,c=false", "b.up=true,c=false"] {
        assert!(rows.contains(&row), "{row:?} is not among {rows:?}");
    }
    for alone in ["a=true", "b.up=true"] {
        assert!(rows.contains(&alone), "{alone:?} is not among {rows:?}");
    }
}

#[test]
fn a_switch_that_needs_other_values_is_refused_alone() {
    let folder = tempfile::tempdir().unwrap();
    let setting = setting(&folder, "{{ if .Values.b.up }}{{ required \"e is needed\" .Values.e }}{{ end }}");
    let outcome = setting.pairs().unwrap();
    assert_eq!(sets(&outcome.refused), ["b.up=true"]);
    assert!(sets(&outcome.rows).contains(&"a=true,c=false"));
}

#[test]
fn a_template_that_breaks_is_no_refusal() {
    let folder = tempfile::tempdir().unwrap();
    let setting = setting(&folder, "{{ if not .Values.c }}{{ .Values.e.f }}{{ end }}");
    let why = setting.pairs().unwrap_err();
    assert!(why.contains("c=false breaks") && why.contains("nil pointer"), "{why}");
}
