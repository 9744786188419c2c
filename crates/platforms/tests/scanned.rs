//! What Checkov finds in packages/aws-infra and in what the charts render to, without the network. Where it is missing, nothing is tried.

use std::path::Path;
use std::process::Command;

use rhumb_platforms::programs::{copy_but, words};
use rhumb_platforms::{Chart, live, root};
use rhumb_testkit::lab;
use serde_json::Value;

/// Runs it with a configuration over a folder: what it counted, and each finding as `CHECK RESOURCE`.
fn findings(config: &Path, folder: &Path) -> Option<(u64, Vec<String>)> {
    let Some(part) = lab::CHECKOV.path() else {
        assert!(!live(), "Checkov is not on this machine: cargo xtask lab");
        return None;
    };
    let mut python = Command::new("python3");
    python.args(["-m", "checkov.main", "--output", "json", "--soft-fail", "--config-file"]).arg(config);
    python.current_dir(folder).arg("--directory").arg(folder).env("PYTHONPATH", part);
    // Whoever asks the network all the same gets no answer.
    python.env("HTTP_PROXY", "http://127.0.0.1:9").env("HTTPS_PROXY", "http://127.0.0.1:9").env("NO_PROXY", "");
    let output = python.output().expect("Python");
    assert!(output.status.success(), "{}", words(&output));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", words(&output)));
    assert_eq!(said["summary"]["parsing_errors"], 0, "{said}");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let failed = said["results"]["failed_checks"].as_array().expect("a list").iter();
    let failed = failed.map(|one| format!("{} {}", text(&one["check_id"]), text(&one["resource"]))).collect();
    Some((said["summary"]["passed"].as_u64().expect("a number"), failed))
}

/// Nothing is found in Terraform's files that has no reason beside it; and what is wrong is found.
#[test]
fn terraform_has_no_findings() {
    let folder = tempfile::Builder::new().prefix("terraform").tempdir().unwrap();
    copy_but(&root().join("packages/aws-infra"), folder.path(), |name| name.starts_with(".terraform")).unwrap();
    let config = folder.path().join(".checkov.yaml");
    let Some((passed, failed)) = findings(&config, folder.path()) else { return };
    assert!(failed.is_empty() && passed > 120, "{passed} passed: {failed:#?}");
    for (file, from, to) in [
        ("eks.tf", "enable_key_rotation     = true", "enable_key_rotation     = false"),
        ("ecr.tf", "\"IMMUTABLE\"", "\"MUTABLE\""),
        ("sqs.tf", "  sqs_managed_sse_enabled    = true\n", "  sqs_managed_sse_enabled    = false\n"),
    ] {
        let path = folder.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file}");
        std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
    }
    let (_, failed) = findings(&config, folder.path()).unwrap();
    for check in
        ["CKV_AWS_7 aws_kms_key.cluster", "CKV_AWS_51 aws_ecr_repository.image", "CKV_AWS_27 aws_sqs_queue.work"]
    {
        assert!(failed.iter().any(|one| one.starts_with(check)), "{check}: {failed:#?}");
    }
}

/// Each exception names its reason.
#[test]
fn exceptions_have_reasons() {
    let mut seen = 0;
    for entry in std::fs::read_dir(root().join("packages/aws-infra")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "tf") {
            continue;
        }
        for line in std::fs::read_to_string(&path).unwrap().lines().filter(|line| line.contains("checkov:skip")) {
            let reason =
                line.split("checkov:skip=").nth(1).and_then(|rest| rest.split_once(':')).map(|(_, reason)| reason);
            assert!(reason.is_some_and(|reason| reason.len() > 8), "{}: {line}", path.display());
            seen += 1;
        }
    }
    assert!(seen > 8, "{seen}");
}

/// Findings that are one object's, and why.
const EXPECTED: &[(&str, &str)] = &[
    // Pods of `helm test` end by themselves.
    ("CKV_K8S_8 ", "test"),
    ("CKV_K8S_9 ", "test"),
    ("CKV2_K8S_6 ", "test"),
    // It serves nothing that could be asked; its heartbeats are in the database.
    ("CKV_K8S_8 ", "dagster-daemon"),
    ("CKV_K8S_9 ", "dagster-daemon"),
];

/// Nothing is found in what the charts render to, as one would for production, but what charts/testing/checkov.yaml and
/// the list above say; and each line of the list is still needed.
#[test]
fn charts_have_no_findings() {
    // It does not look into hidden folders.
    let folder = tempfile::Builder::new().prefix("rendered").tempdir().unwrap();
    let stereo_spot = ["-f", "values-from-terraform.example.yaml", "--set", "image.tag=v1,networkPolicy.enabled=true"];
    for (name, chart, args) in [
        ("stereo-spot", Chart::STEREO_SPOT, &stereo_spot[..]),
        ("floe-platform", Chart::FLOE_PLATFORM, &["-f", "values-prod.yaml"]),
        ("floe-jobs", Chart::FLOE_JOBS, &["-f", "ci/everything-values.yaml"]),
    ] {
        std::fs::write(folder.path().join(format!("{name}.yaml")), chart.render(args).text).unwrap();
    }
    let config = root().join("charts/testing/checkov.yaml");
    let Some((passed, failed)) = findings(&config, folder.path()) else { return };
    assert!(passed > 1500, "{passed}");
    let fits = |(check, name): &(&str, &str), one: &str| one.starts_with(check) && one.contains(name);
    let other: Vec<_> = failed.iter().filter(|one| !EXPECTED.iter().any(|expected| fits(expected, one))).collect();
    assert!(other.is_empty(), "{other:#?}");
    for expected in EXPECTED {
        assert!(failed.iter().any(|one| fits(expected, one)), "{expected:?} is not found any more");
    }
}
