//! What happens at the edge of the process: pipes that close, disks that are full, files that are no files, limits.
//! Exit codes and texts under the name `helm` are those of Helm 4.3.1; `docs/limits.md` lists them.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "test helpers may panic")]

use std::path::Path;
use std::process::{Command, Output};

/// Runs a line of shell in a folder of its own with `rhumb` and `helm` (the same binary) on the path.
fn shell(folder: &Path, line: &str) -> Output {
    let bin = folder.join("bin");
    if !bin.exists() {
        std::fs::create_dir(&bin).unwrap();
        for name in ["rhumb", "helm"] {
            std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_rhumb"), bin.join(name)).unwrap();
        }
    }
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    Command::new("bash").args(["-c", line]).current_dir(folder).env("PATH", path).output().unwrap()
}

/// A folder with a chart `c` in it, whose one template is given.
fn chart(template: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("c");
    std::fs::create_dir_all(root.join("templates")).unwrap();
    std::fs::write(root.join("Chart.yaml"), "apiVersion: v2\nname: c\nversion: 0.1.0\n").unwrap();
    std::fs::write(root.join("templates/a.yaml"), template).unwrap();
    folder
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Asserts exit code and standard error of every line.
fn check(folder: &Path, cases: &[(&str, i32, &str)]) {
    for (line, code, stderr) in cases {
        let output = shell(folder, line);
        let got = (output.status.code(), text(&output.stderr));
        assert_eq!(got, (Some(*code), (*stderr).to_owned()), "{line}");
    }
}

#[test]
fn a_reader_that_goes_away_ends_us_as_it_ends_helm() {
    let folder = chart("{{ range until 20000 }}\n---\na: {{ . }}\n{{ end }}");
    // A small text may be written before its reader has gone, so that writer waits.
    let slow = |line: &str| format!("{{ sleep 1; {line}; }} | true; exit ${{PIPESTATUS[0]}}");
    check(
        folder.path(),
        &[
            ("helm template c | head -1 >/dev/null; exit ${PIPESTATUS[0]}", 141, ""),
            (&slow("rhumb show chart c"), 141, ""),
            (&slow("helm template nowhere/here 2>&1 >/dev/null"), 141, ""),
        ],
    );
}

#[test]
fn a_full_disk_is_a_failure() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let folder = chart("a: 1\n");
    let full = "Error: write /dev/stdout: no space left on device\n";
    check(
        folder.path(),
        &[
            ("rhumb template c > /dev/full", 1, full),
            ("rhumb show chart c > /dev/full", 1, full),
            ("rhumb --help > /dev/full", 1, full),
            ("helm completion bash > /dev/full", 1, full),
            // The reference does not notice.
            ("helm template c > /dev/full", 0, ""),
            ("helm version > /dev/full", 0, ""),
            ("rhumb template c >&-", 0, ""),
        ],
    );
}

#[test]
fn no_half_file_is_left() {
    let folder = chart("a: 1\n---\nb: {{ repeat 5000 \"x\" }}\n");
    std::fs::write(folder.path().join("c/templates/b.yaml"), "b: 1\n").unwrap();
    let line = "trap '' XFSZ; ulimit -f 1; rhumb template c --output-dir out";
    let output = shell(folder.path(), line);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("out/c/templates/a.yaml: file too large"), "{}", text(&output.stderr));
    let left = shell(folder.path(), "cd out && find . -type f | sort").stdout;
    assert!(!text(&left).contains("a.yaml"), "{}", text(&left));
    // With room, both documents of the file are in it.
    assert!(shell(folder.path(), "rhumb template c --output-dir out").status.success());
    let whole = std::fs::read_to_string(folder.path().join("out/c/templates/a.yaml")).unwrap();
    assert_eq!(whole.matches("# Source: c/templates/a.yaml\n").count(), 2);
}

#[test]
fn folders_that_cannot_be_written() {
    let folder = chart("a: 1\n");
    std::fs::write(folder.path().join("file"), "x").unwrap();
    std::fs::create_dir_all(folder.path().join("taken/c/templates/a.yaml")).unwrap();
    let advice = "\n\nUse --debug flag to render out invalid YAML\n";
    for (place, error) in [
        ("file", "Error: stat file/c/templates: not a directory"),
        ("file/b", "Error: stat file/b/c/templates: not a directory"),
        ("taken", "Error: open taken/c/templates/a.yaml: is a directory"),
    ] {
        check(folder.path(), &[(&format!("helm template c --output-dir {place}"), 1, &format!("{error}{advice}"))]);
    }
}

#[test]
fn odd_files_in_a_chart() {
    let folder = chart("a: 1\n");
    let root = folder.path().canonicalize().unwrap();
    let at = root.display();
    let irregular =
        |name: &str| format!("Error: cannot load irregular file {at}/{name} as it has file mode type bits set\n");
    let line = |make: &str| format!("rm -rf d; cp -r c d; {make}; helm template d >/dev/null");
    let link = "level=INFO msg=\"found symbolic link in path. Contents of linked file included and used\"";
    let cases = [
        ("mkfifo d/templates/pipe.yaml", 1, irregular("d/templates/pipe.yaml")),
        ("ln -s /dev/zero d/x", 1, format!("{link} path={at}/d/x resolved=/dev/zero\n{}", irregular("d/x"))),
        (
            "ln -s self d/self",
            1,
            format!("Error: error evaluating symlink {at}/d/self: EvalSymlinks: too many links\n"),
        ),
        (
            "ln -s nowhere d/x",
            1,
            format!("Error: error evaluating symlink {at}/d/x: lstat {at}/d/nowhere: no such file or directory\n"),
        ),
        ("mkdir d/.helmignore", 1, format!("Error: read {at}/d/.helmignore: is a directory\n")),
        (
            "rm d/Chart.yaml; mkdir d/Chart.yaml",
            1,
            format!("Error: unable to detect chart at {at}/d/Chart.yaml: read {at}/d/Chart.yaml: is a directory\n"),
        ),
        // The reference waits for a writer, for ever.
        ("rm d/Chart.yaml; mkfifo d/Chart.yaml", 1, irregular("d/Chart.yaml")),
        ("mkfifo d/.helmignore", 1, irregular("d/.helmignore")),
        // A folder may hold 100 MiB, and not a byte more.
        ("truncate -s 104857557 d/big", 0, String::new()),
        (
            "truncate -s 104857558 d/big",
            1,
            "Error: error reading templates/a.yaml: chart exceeds maximum decompressed size of 104857600 bytes\n"
                .to_owned(),
        ),
        (
            "truncate -s 10G d/big",
            1,
            "Error: error reading big: chart exceeds maximum decompressed size of 104857600 bytes\n".to_owned(),
        ),
    ];
    for (make, code, stderr) in cases {
        check(&root, &[(&line(make), code, &stderr)]);
    }
    // A link back up: every system gives up at some depth.
    let output = shell(&root, &line("ln -s ../d d/up"));
    assert!(text(&output.stderr).ends_with("too many levels of symbolic links\n"), "{}", text(&output.stderr));
}

/// Frames are largest in a build without optimisation, which the stack has to hold as well.
#[test]
fn endless_recursion_is_an_error() {
    let advice = "\n\nUse --debug flag to render out invalid YAML\n";
    let folder = chart("{{ define \"r\" }}{{ template \"r\" . }}{{ end }}{{ template \"r\" . }}");
    let deep = "Error: c/templates/a.yaml:1:28\n  executing \"r\" at <{{template \"r\" .}}>:\n    \
                exceeded maximum template depth (100000)";
    check(folder.path(), &[("helm template c", 1, &format!("{deep}{advice}"))]);
    // Helm goes on for thousands of lines here.
    let inner = "{{ define \"r\" }}{{ if true }}{{ with . }}{{ tpl \"{{ include \\\"r\\\" . }}\" . }}{{ end }}{{ end }}{{ end }}";
    let folder = chart(&format!("{inner}{{{{ template \"r\" . }}}}"));
    let output = shell(folder.path(), "helm template c");
    let error = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.starts_with("Error: template: c/templates/a.yaml:1:44: executing \"r\" at <tpl "), "{error}");
    // Where the address space has no room for the stack, the ordinary one does.
    let folder = chart("a: 1\n");
    check(folder.path(), &[("ulimit -v 200000; helm template c", 0, "")]);
}
