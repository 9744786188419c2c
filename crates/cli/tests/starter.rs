//! The chart that `create` writes: it renders, its schema is strict, and the reference has nothing to complain about.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rhumb_testkit::reference;

/// Everything that is off by default, switched on.
const ALL_ON: &[&str] = &[
    "--set",
    "ingress.enabled=true,ingress.className=nginx,ingress.tls[0].secretName=x,ingress.annotations.a=b,httpRoute.enabled=true",
    "--set",
    "autoscaling.enabled=true,autoscaling.targetMemoryUtilizationPercentage=70,service.annotations.a=b,podLabels.a=b",
    "--set",
    "imagePullSecrets[0].name=x,env[0].name=A,env[0].value=b,nodeSelector.a=b,tolerations[0].key=a,serviceAccount.name=x",
];

fn created() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let chart = folder.path().join("demo");
    let out = run(Path::new(env!("CARGO_BIN_EXE_rhumb")), &["create", &chart.to_string_lossy()]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    (folder, chart)
}

fn run(program: &Path, args: &[&str]) -> Output {
    Command::new(program).args(args).output().expect("it runs")
}

fn template(chart: &Path, more: &[&str]) -> Output {
    let chart = chart.to_string_lossy();
    run(Path::new(env!("CARGO_BIN_EXE_rhumb")), &[&["template", "9x", &chart], more].concat())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn it_renders_with_everything_off_and_on() {
    let (_folder, chart) = created();
    for (args, kinds) in [
        (&[][..], "ServiceAccount Service Deployment Pod"),
        (ALL_ON, "ServiceAccount Service Deployment HorizontalPodAutoscaler Ingress HTTPRoute Pod"),
    ] {
        let out = template(&chart, args);
        assert!(out.status.success(), "{}", text(&out.stderr));
        let out = text(&out.stdout);
        let found: Vec<&str> = out.lines().filter_map(|l| l.strip_prefix("kind: ")).collect();
        assert_eq!(found.join(" "), kinds);
    }
}

#[test]
fn its_schema_refuses_wrong_values() {
    let (_folder, chart) = created();
    for (set, complaint) in [
        ("repliaCount=1", "at '': additional properties 'repliaCount' not allowed"),
        ("replicaCount=x", "at '/replicaCount': got string, want integer"),
        ("image.tga=1", "at '/image': additional properties 'tga' not allowed"),
        ("image.digest=abc", "at '/image/digest': 'abc' does not match pattern"),
        ("service.port=0", "at '/service/port': minimum: got 0, want 1"),
        ("service.type=Public", "at '/service/type': value must be one of"),
        (
            "ingress.hosts[0].host=a,ingress.hosts[0].paths[0].path=x",
            "at '/ingress/hosts/0/paths/0/path': 'x' does not match",
        ),
    ] {
        let out = template(&chart, &["--set", set]);
        assert!(!out.status.success(), "{set}");
        assert!(text(&out.stderr).contains(complaint), "{set}: {}", text(&out.stderr));
    }
}

/// A parent chart hands these to each of its subcharts.
#[test]
fn its_schema_lets_pass_what_a_parent_adds() {
    let (_folder, chart) = created();
    let out = template(&chart, &["--set", "global.region=x,enabled=true"]);
    assert!(out.status.success(), "{}", text(&out.stderr));
}

#[test]
fn the_reference_agrees() {
    let Some(helm) = reference::path() else {
        assert!(
            std::env::var_os("RHUMB_LIVE").is_none(),
            "the reference is not on this machine: cargo xtask reference"
        );
        let _ = writeln!(std::io::stderr(), "skipped: the reference is not on this machine");
        return;
    };
    let (_folder, chart) = created();
    let path = chart.to_string_lossy();
    let lint = run(&helm, &["lint", "--strict", &path]);
    let said = text(&lint.stdout);
    assert!(lint.status.success() && !said.contains("[WARNING]") && !said.contains("[ERROR]"), "{said}");
    for args in [&[][..], ALL_ON] {
        let theirs = run(&helm, &[&["template", "9x", &path], args].concat());
        assert_eq!(text(&template(&chart, args).stdout), text(&theirs.stdout));
    }
}
