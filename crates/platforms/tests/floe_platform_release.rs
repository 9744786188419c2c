//! The floe platform as a release on a real API server, by the real Helm: installed, upgraded, rolled back, removed, installed again.
//!
//! Nothing runs there, so hooks are left out. Without the parts that `cargo xtask lab` gets there are no trials, which under
//! `RHUMB_LIVE=1` is a failure.

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use rhumb_platforms::cluster::Cluster;
use rhumb_platforms::programs::copy;
use rhumb_platforms::{Chart, live, value};
use rhumb_testkit::reference;
use serde_json::Value;

const CHART: Chart = Chart::FLOE_PLATFORM;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let can = Cluster::can_start().is_ok() && reference::path().is_some();
    let mut trials = Vec::new();
    if can || live() || arguments.list {
        trials.push(Trial::test("a release over its life", life));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The server, and Helm for it.
struct Lab {
    cluster: Cluster,
    folder: tempfile::TempDir,
}

impl Lab {
    fn start() -> Result<Lab, Failed> {
        let lab = Lab { cluster: Cluster::start("floe")?, folder: tempfile::tempdir()? };
        lab.cluster.must(&["create", "namespace", "floe"], "")?;
        Ok(lab)
    }

    fn helm(&self, args: &[&str]) -> Result<String, Failed> {
        Ok(self.cluster.helm(CHART, args)?)
    }

    fn get(&self, kind: &str, name: &str) -> Result<Value, Failed> {
        let answer = self.cluster.kubectl(&["--namespace", "floe", "get", kind, name, "--output", "yaml"], "")?;
        if answer.exit == 0 {
            Ok(value(&answer.stdout))
        } else {
            Err(format!("{kind} {name}: {}", answer.stderr).into())
        }
    }

    fn password(&self) -> Result<String, Failed> {
        let secret = self.get("secret", "floe-postgresql")?;
        let word = secret["data"]["postgresql-password"].as_str().unwrap_or_default();
        if word.len() == 44 {
            Ok(word.to_owned())
        } else {
            Err(format!("no password of 32 characters: {secret}").into())
        }
    }
}

/// P-21, REQ-631, REQ-628, F-21, P-29, BP-20: the generated password is the same over upgrades, to the next version of the chart too,
/// over a rollback, and after an uninstall and a new install; nothing immutable changes on the way, and the next version of the chart
/// is no reason to restart the database.
fn life() -> Result<(), Failed> {
    let lab = Lab::start()?;
    lab.helm(&["install", "floe", ".", "--no-hooks"])?;
    let password = lab.password()?;
    let selector = lab.get("deployment", "floe-polaris")?["spec"]["selector"].clone();
    let next = lab.folder.path().join("next");
    copy(&CHART.path(), &next)?;
    for chart in ["", "charts/dagster", "charts/polaris", "charts/otel-collector"] {
        let file = next.join(chart).join("Chart.yaml");
        let text = std::fs::read_to_string(&file)?;
        std::fs::write(&file, text.replace("version: 0.1.0", "version: 0.2.0").replace("\"0.1.0\"", "\"0.2.0\""))?;
    }
    let next = next.display().to_string();
    let steps: [&[&str]; 5] = [
        &["upgrade", "floe", ".", "--no-hooks"],
        &[
            "upgrade",
            "floe",
            ".",
            "--no-hooks",
            "--values",
            "values-staging.yaml",
            "--set",
            "postgresql.persistence.size=8Gi",
        ],
        &["upgrade", "floe", &next, "--no-hooks"],
        &["rollback", "floe", "1", "--no-hooks"],
        &["upgrade", "floe", ".", "--no-hooks", "--set", "polaris.enabled=false"],
    ];
    let mut database = Value::Null;
    for step in steps {
        lab.helm(step)?;
        if lab.password()? != password {
            return Err(format!("{step:?} changes the password").into());
        }
        let now = lab.get("statefulset", "floe-postgresql")?["spec"]["template"].clone();
        if step[2] == next && now != database {
            return Err(format!("{step:?} restarts the database: {now}").into());
        }
        database = now;
    }
    volume(&lab)?;
    lab.helm(&["uninstall", "floe", "--no-hooks"])?;
    if lab.password()? != password {
        return Err("the uninstall takes the password with it".into());
    }
    lab.helm(&["install", "floe", ".", "--no-hooks"])?;
    if lab.password()? != password || lab.get("deployment", "floe-polaris")?["spec"]["selector"] != selector {
        return Err("the second install is not the first".into());
    }
    Ok(())
}

/// X-11: what the server would refuse of the database's volume, the chart refuses first, with the way out; the same size in other words is
/// no change.
fn volume(lab: &Lab) -> Result<(), Failed> {
    let upgrade = |set: &str| lab.helm(&["upgrade", "floe", ".", "--no-hooks", "--set", set]);
    for same in ["postgresql.persistence.size=8192Mi", "postgresql.persistence.size=8388608Ki"] {
        upgrade(same)?;
    }
    let claim = "postgresql.persistence.existingClaim=mine";
    for (set, words) in [
        ("postgresql.persistence.size=20Gi", "size is 20Gi, and the volume of floe-postgresql was made with 8Gi"),
        (claim, "postgresql.persistence.existingClaim has changed since the first install"),
        ("postgresql.persistence.enabled=false", "--cascade=orphan"),
    ] {
        match upgrade(set) {
            Ok(_) => return Err(format!("{set} is taken").into()),
            Err(why) if format!("{why:?}").contains(words) => {}
            Err(why) => return Err(format!("{set}: {why:?}").into()),
        }
    }
    // The way out works. What the garbage collector does, and none runs here, is taking the mark off the object that is to go.
    let delete =
        ["--namespace", "floe", "delete", "statefulset", "floe-postgresql", "--cascade=orphan", "--wait=false"];
    let unmark = ["--namespace", "floe", "patch", "statefulset", "floe-postgresql", "--type=merge"];
    let gone = || -> Result<(), Failed> {
        lab.cluster.must(&delete, "")?;
        Ok(lab.cluster.must(&[&unmark[..], &["--patch", r#"{"metadata":{"finalizers":null}}"#]].concat(), "")?)
    };
    gone()?;
    upgrade(claim)?;
    gone()?;
    upgrade("postgresql.persistence.size=8Gi").map(drop)
}
