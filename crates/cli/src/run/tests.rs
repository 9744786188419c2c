//! Whole command lines against what Helm 4.3.1 answered.

use rhumb_world::Memory;

use super::run;
use crate::ui::Ui;

fn helm(line: &[&str]) -> (u8, String, String) {
    started("helm", line)
}

fn started(program: &str, line: &[&str]) -> (u8, String, String) {
    let args: Vec<String> = line.iter().map(|s| (*s).to_owned()).collect();
    let mut ui = Ui::new();
    let world = Memory::new().env("HOME", "/root");
    let status = run(program, &args, &world, &mut ui);
    let (out, err) = ui.said();
    (status, out, err)
}

// Observed: exit code 1, nothing on standard output, this on standard error.
#[test]
fn failures() {
    let cases: &[(&[&str], &str)] = &[
        (&["--x"], "Error: unknown flag: --x\n"),
        (&["-x"], "Error: unknown shorthand flag: 'x' in -x\n"),
        (&["template", "--x", "-h"], "Error: unknown flag: --x\n"),
        (&["--namespace", "x", "template", "--x="], "Error: unknown flag: --x\n"),
        (
            &["template", "-fx="],
            "Error: \"helm template\" requires at least 1 argument\n\nUsage:  helm template [NAME] [CHART] [flags]\n",
        ),
        (&["lint"], "Error: \"helm lint\" requires at least 1 argument\n\nUsage:  helm lint PATH [flags]\n"),
        (
            &["show", "chart"],
            "Error: \"helm show chart\" requires 1 argument\n\nUsage:  helm show chart [CHART] [flags]\n",
        ),
        (
            &["inspect", "chart", "a", "b"],
            "Error: \"helm show chart\" requires 1 argument\n\nUsage:  helm show chart [CHART] [flags]\n",
        ),
        (&["create"], "Error: \"helm create\" requires 1 argument\n\nUsage:  helm create NAME [flags]\n"),
        (&["version", "x"], "Error: \"helm version\" accepts no arguments\n\nUsage:  helm version [flags]\n"),
        (&["env", "A", "B"], "Error: \"helm env\" accepts at most 1 argument\n\nUsage:  helm env [flags]\n"),
        (
            &["completion", "bash", "x"],
            "Error: \"helm completion bash\" accepts no arguments\n\nUsage:  helm completion bash [flags]\n",
        ),
        (&["foo"], "Error: unknown command \"foo\" for \"helm\"\nRun 'helm --help' for usage.\n"),
        (
            &["version", "--color=bad"],
            "level=WARN msg=\"command failed\" error=\"invalid color mode \\\"bad\\\": must be one of: never, auto, always\"\n",
        ),
        (
            &["template", "r", "./a", "--force-replace", "--force-conflicts"],
            "Error: if any flags in the group [force-replace force-conflicts] are set none of the others can be; \
             [force-conflicts force-replace] were all set\n",
        ),
        (&["__complete"], "Error: requires at least 1 arg(s), only received 0\n"),
    ];
    for (line, want) in cases {
        assert_eq!(helm(line), (1, String::new(), (*want).to_owned()), "{line:?}");
    }
}

// Observed: exit code 0, this on standard output.
#[test]
fn answers() {
    let build = "version.BuildInfo{Version:\"v4.3.1\", GitCommit:\"c0d08d0d6d9424d4a14febb5e8a3e51b0dd00dff\", \
                 GitTreeState:\"clean\", GoVersion:\"go1.27.2\", KubeClientVersion:\"v1.37\"}\n";
    let cases: &[(&[&str], &str)] = &[
        (&["version"], build),
        (&["-v", "5", "version"], build),
        (&["--logtostderr", "version"], build),
        (&["--v=5", "version", "--short"], "v4.3.1+gc0d08d0\n"),
        (&["version", "--short=1"], "v4.3.1+gc0d08d0\n"),
        (&["version", "--template", "{{.Version}} {{.GoVersion}}"], "v4.3.1 go1.27.2"),
        (&["env", "NOPE"], "\n"),
        (&["env", "HELM_NAMESPACE", "-n", "zz"], "zz\n"),
        (&["env", "HELM_REPOSITORY_CONFIG"], "/root/.config/helm/repositories.yaml\n"),
    ];
    for (line, want) in cases {
        assert_eq!(helm(line), (0, (*want).to_owned(), String::new()), "{line:?}");
    }
}

#[test]
fn help_pages_come_where_the_reference_gives_them() {
    for line in [&[][..], &["show"], &["show", "foo"], &["completion", "foo"], &["--log-dir", "version"], &["help"]] {
        let (status, out, err) = helm(line);
        assert_eq!((status, err.as_str()), (0, ""), "{line:?}");
        assert!(out.contains("\nAvailable Commands:\n"), "{line:?}");
    }
    let (status, out, err) = helm(&["help", "foo"]);
    assert_eq!((status, out.as_str()), (0, ""));
    assert!(err.starts_with("Unknown help topic [`foo`]\nUsage:\n  helm [command]\n"), "{err}");
    assert!(helm(&["help", "template", "foo"]).1.contains("Usage:\n  helm template [NAME] [CHART] [flags]\n"));
}

#[test]
fn our_own_name_says_so() {
    assert_eq!(started("rhumb", &["version"]).1, "rhumb v0.1.0, answers as Helm v4.3.1\n");
    assert!(started("rhumb", &["template"]).2.starts_with("Error: \"rhumb template\" requires"));
}

#[test]
fn commands_to_come_are_honest() {
    let (status, out, err) = helm(&["repo", "add", "x", "y", "--whatever"]);
    assert_eq!((status, out.as_str()), (1, ""));
    assert!(err.contains("\"helm repo add\" is not done yet"), "{err}");
    assert!(helm(&["install", "--help"]).1.contains("Usage:\n  helm install"));
    let page = started("rhumb", &[]).1;
    for line in [
        "install a chart into a cluster (not yet)",
        "look after chart repositories (not yet)",
        "render a chart to manifests, without a cluster\n",
    ] {
        assert!(page.contains(line), "{line}");
    }
    assert!(!helm(&[]).1.contains("(not yet)"));
}

#[test]
fn examples_speak_under_the_name_of_the_day() {
    assert!(started("rhumb", &["template", "--help"]).1.contains("\n  rhumb template web ./shop "));
    assert!(helm(&["template", "--help"]).1.contains("\n  helm template web ./shop "));
}
