//! What Helm says after an install, by the real Helm: whatever the notes tell a user to type names things that are there.

use std::process::Command;

use rhumb_platforms::live;
use rhumb_testkit::reference;

use super::{Chart, Objects, settings, text};

/// The notes of an install that is only tried, if the chart takes the values.
fn notes(helm: &std::path::Path, chart: Chart, args: &[String]) -> Option<String> {
    let mut command = Command::new(helm);
    command.args(["install", chart.release, ".", "--dry-run=client", "--namespace", "data"]).args(args);
    command.current_dir(chart.path()).env("KUBECONFIG", "/dev/null");
    let said = command.output().expect("Helm runs");
    if !said.status.success() {
        return None;
    }
    let text = String::from_utf8(said.stdout).expect("UTF-8");
    Some(text.split("\nNOTES:\n").nth(1).unwrap_or_default().to_owned())
}

/// The objects that the commands of the notes name: kind, name.
fn named(notes: &str) -> Vec<(&'static str, String)> {
    let kinds =
        [("service/", "Service"), ("deployment/", "Deployment"), ("cronjob/", "CronJob"), (" get secret ", "Secret")];
    let mut found = Vec::new();
    for (before, kind) in kinds {
        for rest in notes.split(before).skip(1) {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"-.".contains(c)).unwrap_or(rest.len());
            found.push((kind, rest[..end].trim_end_matches('.').to_owned()));
        }
    }
    found
}

/// BP-17: notes are whole, name the namespace, lead to objects of the release (or to Secrets that it reads), speak of `helm test` where
/// there is a test, and hold no secret.
#[test]
fn bp17_notes_lead_somewhere() {
    let Some(helm) = reference::path() else {
        assert!(!live(), "Helm is not on this machine: cargo xtask reference");
        return;
    };
    let (mut read, mut commands) = (0, 0);
    for setting in settings() {
        let Some(notes) = notes(&helm, setting.chart, &setting.args()) else {
            assert!(setting.file.is_none(), "{}", setting.name());
            continue;
        };
        let args = setting.args();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let objects: Objects = setting.chart.render_as(setting.chart.release, "data", &args);
        let at = format!("{}:\n{notes}", setting.name());
        assert!(notes.trim().lines().count() >= 3, "{at}");
        for left in ["<no value>", "%!", "map[", "<nil>", "only-for-tests"] {
            assert!(!notes.contains(left), "{left} in {at}");
        }
        for (kind, name) in named(&notes) {
            let reads = kind == "Secret" && objects.text.contains(&name);
            assert!(reads || objects.find(kind, &name).is_some(), "{kind} {name} is not there: {at}");
            commands += 1;
        }
        for line in notes.lines().filter(|line| line.trim_start().starts_with("kubectl ")) {
            assert!(line.contains("--namespace data") || line.contains("-n data"), "{line} in {at}");
        }
        let tests = objects.kind("Pod").any(|pod| text(&pod["metadata"]["annotations"]["helm.sh/hook"]) == "test");
        assert!(!notes.contains("helm test") || tests, "no test is there: {at}");
        read += 1;
    }
    assert!(read >= 20 && commands >= 30, "{read}, {commands}");
}
