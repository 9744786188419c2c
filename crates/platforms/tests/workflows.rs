//! Definitions for GitHub's runners. Nothing of them runs here: they are read, judged by actionlint, and held to what keeps a release
//! one's own.

use std::path::Path;
use std::process::Command;

use rhumb_platforms::programs::words;
use rhumb_platforms::{live, root, value};
use rhumb_testkit::lab;
use serde_json::Value;

fn each() -> Vec<(String, String, Value)> {
    let folder = root().join(".github/workflows");
    let mut all: Vec<_> =
        std::fs::read_dir(folder).expect("a workflow").map(|entry| entry.expect("a workflow").path()).collect();
    all.sort();
    let read = |file: &std::path::PathBuf| {
        let text = std::fs::read_to_string(file).expect("a workflow");
        (file.file_name().expect("a workflow").to_string_lossy().into_owned(), text.clone(), value(&text))
    };
    all.iter().map(read).collect()
}

fn steps(workflow: &Value) -> impl Iterator<Item = &Value> {
    let jobs = workflow["jobs"].as_object().expect("jobs");
    jobs.values().flat_map(|job| job["steps"].as_array().expect("steps"))
}

#[test]
fn there_are_workflows() {
    let names: Vec<_> = each().into_iter().map(|(name, ..)| name).collect();
    for name in ["charts.yml", "ci.yml", "release-charts.yml"] {
        assert!(names.iter().any(|n| n == name), "{name}");
    }
}

/// A tag can be moved, a hash cannot; the version stands behind it, and the same version is the same hash everywhere.
#[test]
fn actions_are_pinned() {
    let mut seen = std::collections::BTreeMap::new();
    for (name, text, workflow) in each() {
        let count = text.lines().filter(|line| line.trim_start_matches(['-', ' ']).starts_with("uses:")).count();
        assert_eq!(count, steps(&workflow).filter(|step| step["uses"].is_string()).count(), "{name}");
        for line in text.lines().filter(|line| line.trim_start_matches(['-', ' ']).starts_with("uses:")) {
            let (action, version) =
                line.split_once(" # v").unwrap_or_else(|| panic!("{name}: no version behind {line}"));
            let (action, hash) = action.split_once('@').unwrap_or_else(|| panic!("{name}: no hash in {line}"));
            assert!(
                hash.len() == 40 && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)),
                "{line}"
            );
            let action = action.split("uses: ").nth(1).unwrap().to_owned();
            let before = seen.insert((action.clone(), version.to_owned()), hash.to_owned());
            assert!(before.is_none_or(|before| before == hash), "{name}: {action} {version} has two hashes");
        }
    }
    assert!(seen.len() >= 6, "{seen:?}");
}

#[test]
fn failures_fail_and_rights_are_named() {
    for (name, text, workflow) in each() {
        assert!(!text.contains("continue-on-error"), "{name}");
        assert!(!text.contains("pull_request_target"), "{name}");
        let rights = workflow["permissions"].as_object().unwrap_or_else(|| panic!("{name}: no permissions"));
        assert!(rights.values().all(|right| right == "read"), "{name}: {rights:?}");
        for (job, about) in workflow["jobs"].as_object().unwrap() {
            assert!(about["timeout-minutes"].is_u64(), "{name}: {job} may run for ever");
            assert!(about["runs-on"].as_str().is_some_and(|on| !on.ends_with("latest")), "{name}: {job}");
        }
        let checkouts =
            steps(&workflow).filter(|s| s["uses"].as_str().is_some_and(|u| u.starts_with("actions/checkout@")));
        for step in checkouts {
            assert_eq!(step["with"]["persist-credentials"], false, "{name}");
        }
    }
}

/// What others write (titles, branches) reaches scripts as variables, never as their text.
#[test]
fn scripts_hold_no_expressions() {
    for (name, _, workflow) in each() {
        for script in steps(&workflow).filter_map(|step| step["run"].as_str()) {
            assert!(!script.contains("${{"), "{name}: {script}");
        }
    }
}

/// The release runs what the tests of charts/publish run; without a key it fails, and nothing is served before it is signed.
#[test]
fn signing_is_a_gate() {
    let all = each();
    let (_, text, workflow) = all.iter().find(|(name, ..)| name == "release-charts.yml").unwrap();
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("no {part}"));
    let order = ["no key, no release", "sh charts/publish", "cosign sign", "cosign verify", "HEAD:gh-pages"];
    assert!(order.windows(2).all(|pair| at(pair[0]) < at(pair[1])));
    assert!(steps(workflow).all(|step| step["if"].is_null()), "a step can be left out");
    let charts = text.split("options:").nth(1).unwrap().split("permissions").next().unwrap();
    let charts: Vec<_> = charts.lines().filter_map(|line| line.trim().strip_prefix("- ")).collect();
    assert_eq!(charts.len(), 3);
    for chart in charts {
        assert!(root().join(chart).join("Chart.yaml").is_file(), "{chart}");
    }
}

/// Programs are got in ways that work: `go install` refuses modules whose go.mod replaces others, as Terraform's does.
#[test]
fn what_is_installed_can_be_installed() {
    for (name, _, workflow) in each() {
        for script in steps(&workflow).filter_map(|step| step["run"].as_str()) {
            for line in script.lines().filter(|line| line.trim().starts_with("go install")) {
                assert_eq!(line.trim(), "go install helm.sh/helm/v4/cmd/helm@v4.3.1", "{name}: looked at its go.mod?");
            }
        }
    }
}

/// What actionlint says of files, with ShellCheck for the scripts in them; nothing where it is missing.
fn linted(files: &[&Path]) -> Option<(bool, String)> {
    let Some(part) = lab::ACTIONLINT.path() else {
        assert!(!live(), "actionlint is not on this machine: cargo xtask lab");
        return None;
    };
    let mut actionlint = Command::new(part.join("actionlint"));
    actionlint.current_dir(root()).args(["-no-color", "-pyflakes=", "-shellcheck"]).arg(part.join("shellcheck"));
    let said = actionlint.args(files).output().expect("actionlint");
    Some((said.status.success(), words(&said)))
}

/// Keys, expressions, contexts, outputs of steps, labels of runners and scripts are right; what is not is found.
#[test]
fn actionlint_finds_nothing() {
    let names: Vec<_> = each().into_iter().map(|(name, ..)| root().join(".github/workflows").join(name)).collect();
    let names: Vec<_> = names.iter().map(std::path::PathBuf::as_path).collect();
    let Some((passed, said)) = linted(&names) else { return };
    assert!(passed && said.is_empty(), "{said}");
    let release = std::fs::read_to_string(root().join(".github/workflows/release-charts.yml")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (from, to, wanted) in [
        ("timeout-minutes:", "timeout-minute:", "unexpected key \"timeout-minute\""),
        ("steps.publish.outputs", "steps.publishing.outputs", "property \"publishing\" is not defined"),
        ("secrets.GITHUB_TOKEN }}", "secret.GITHUB_TOKEN }}", "undefined variable \"secret\""),
        ("ubuntu-24.04", "ubuntu-24.4", "label \"ubuntu-24.4\" is unknown"),
        ("\"$SIGN_KEYRING\"\n", "$SIGN_KEYRING\n", "SC2086"),
        ("id-token: write", "id-tokens: write", "unknown permission scope \"id-tokens\""),
    ] {
        assert!(release.contains(from), "{from}");
        let file = folder.path().join("release.yml");
        std::fs::write(&file, release.replacen(from, to, 1)).unwrap();
        let (passed, said) = linted(&[&file]).unwrap();
        assert!(!passed && said.contains(wanted), "{to}: {said}");
    }
}

/// The scripts that workflows and people start.
#[test]
fn shellcheck_finds_nothing() {
    let Some(part) = lab::ACTIONLINT.path() else {
        assert!(!live(), "ShellCheck is not on this machine: cargo xtask lab");
        return;
    };
    let mut shellcheck = Command::new(part.join("shellcheck"));
    shellcheck.current_dir(root()).args(["charts/publish", "charts/testing/check-versions", ".ci/run"]);
    let said = shellcheck.output().unwrap();
    assert!(said.status.success(), "{}", words(&said));
}
