//! What holds for every chart, told by programs other than the two that render them elsewhere.

use std::path::Path;
use std::process::Command;

use rhumb_platforms::matrix::settings;
use rhumb_platforms::{Objects, every, live, root, value};
use rhumb_testkit::lab;

/// F-23: Helm 3.12, the oldest that the charts are for, and the last Helm 3 render the same objects as we do.
#[test]
fn f23_older_helms_render_the_same() {
    for part in lab::HELMS {
        let Some(folder) = part.path() else {
            assert!(!live(), "Helm {} is not on this machine: cargo xtask lab", part.version);
            continue;
        };
        for setting in settings() {
            let file = setting.args();
            // A Helm that was not released but built says another version of Kubernetes.
            let mut args = vec!["template", setting.chart.release, ".", "--kube-version=1.33.0"];
            args.extend(file.iter().map(String::as_str));
            let (ours, theirs) = (setting.chart.ours(&args), setting.chart.by(&folder.join("helm"), &args));
            let place = format!("Helm {}, {}", part.version, setting.name());
            assert_eq!(ours.exit, theirs.exit, "{place}:\n{}\n{}", ours.stderr, theirs.stderr);
            assert_eq!(sorted(&ours.stdout), sorted(&theirs.stdout), "{place}");
        }
    }
}

/// The objects of an output, in an order of their own: that of hooks differs between releases.
fn sorted(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Objects::read(text).iter().map(ToString::to_string).collect();
    all.sort();
    all
}

/// F-15, REQ-626: the linters of chart-testing have nothing to say of Chart.yaml and of values files, with the configuration that
/// charts/testing/ct.yaml names.
#[test]
fn f15_the_linters_of_chart_testing_are_content() {
    let Some(folder) = lab::LINTERS.path() else {
        assert!(!live(), "the linters are not on this machine: cargo xtask lab");
        return;
    };
    for chart in every() {
        let mut files = vec!["Chart.yaml".to_owned(), "values.yaml".to_owned()];
        files.extend(chart.values_files());
        let config = root().join("charts/testing/lintconf.yaml");
        let said = python(
            &folder,
            &chart.path(),
            "yamllint",
            &[&["--strict", "-c", &config.to_string_lossy()], &refs(&files)[..]].concat(),
        );
        assert!(said.is_empty(), "{}: {said}", chart.folder);
        let schema = root().join("charts/testing/chart_schema.yaml");
        let said = python(
            &folder,
            &chart.path(),
            "yamale.command_line",
            &["--schema", &schema.to_string_lossy(), "Chart.yaml"],
        );
        assert!(said.is_empty(), "{}: {said}", chart.folder);
    }
}

fn refs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

/// What a Python program complains of.
fn python(modules: &Path, folder: &Path, module: &str, args: &[&str]) -> String {
    let mut python = Command::new("python3");
    python.args(["-m", module]).args(args).current_dir(folder).env("PYTHONPATH", modules);
    let output = python.output().expect("python3 runs");
    if output.status.success() {
        return String::new();
    }
    [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat()
}

/// F-15: chart-testing is told of every chart.
#[test]
fn f15_chart_testing_knows_every_chart() {
    let text = std::fs::read_to_string(root().join("charts/testing/ct.yaml")).unwrap();
    let known = value(&text)["charts"].clone();
    let there: Vec<_> = every().iter().map(|chart| chart.folder).collect();
    assert_eq!(known, serde_json::json!(there));
}
