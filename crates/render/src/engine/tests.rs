//! Observed with `helm template r e` of Helm 4.3.1, each line a template of its own.

use rhumb_chart::load;
use rhumb_world::Memory;

use crate::capabilities::Capabilities;
use crate::context::Release;
use crate::print::{Parts, print};
use crate::run::{RenderOptions, render};

fn run(files: &[(&str, &str)]) -> String {
    let base = Memory::new().file("/e/Chart.yaml", "apiVersion: v2\nname: e\nversion: 0.1.0\n");
    let world = files.iter().fold(base, |w, (name, data)| w.file(&format!("/e/{name}"), *data));
    let chart = load::load(&world, "/e", &mut Vec::new()).unwrap();
    let values = rhumb_chart::values::coalesce::coalesce(&chart, rhumb_value::Map::new(), &mut Default::default());
    let options = RenderOptions {
        release: Release { name: "r".into(), namespace: "default".into(), is_upgrade: false, revision: 1 },
        capabilities: Capabilities::default(),
        mode: Default::default(),
        subchart_notes: false,
    };
    match render(&chart, values.unwrap(), &options, &world) {
        Ok(plan) => String::from_utf8(print(&plan, Parts { crds: false, hooks: true, tests: true })).unwrap(),
        Err(e) => format!("Error: {e}"),
    }
}

fn one(template: &str) -> String {
    run(&[("templates/a.yaml", template), ("values.yaml", "a: {b: 1}\nl: [1]\n")])
}

#[test]
fn errors_in_their_shapes() {
    let cases = [
        (
            "{{ .Values.x.b }}",
            "e/templates/a.yaml:1:10\n  executing \"e/templates/a.yaml\" at <.Values.x.b>:\n    nil pointer evaluating \
             interface {}.b",
        ),
        (
            "{{ include \"nope\" . }}",
            "e/templates/a.yaml:1:3\n  executing \"e/templates/a.yaml\" at <include \"nope\" .>:\n    error calling \
             include:\ntemplate: no template \"nope\" associated with template \"gotpl\"",
        ),
        (
            "{{ define \"x\" }}{{ .Values.x.b }}{{ end }}{{ include \"x\" . }}",
            "e/templates/a.yaml:1:45\n  executing \"e/templates/a.yaml\" at <include \"x\" .>:\n    error calling \
             include:\ne/templates/a.yaml:1:26\n  executing \"x\" at <.Values.x.b>:\n    nil pointer evaluating \
             interface {}.b",
        ),
        ("{{ fail \"boo: x\" }}", "execution error at (e/templates/a.yaml:1:3): boo: x"),
        (
            "{{ define \"x\" }}{{ fail \"boo\" }}{{ end }}\n{{ include \"x\" . }}",
            "execution error at (e/templates/a.yaml:2:3): boo",
        ),
        (
            "{{ define \"x\" }}{{ fail \"boo\" }}{{ end }}\n{{ template \"x\" . }}",
            "execution error at (e/templates/a.yaml:1:19): boo",
        ),
        ("{{ required \"need: it\" .Values.x }}", "execution error at (e/templates/a.yaml:1:3): need: it"),
        (
            "{{ eq 1 1.0 }}",
            "template: e/templates/a.yaml:1:3: executing \"e/templates/a.yaml\" at <eq 1 1.0>: error calling eq: \
             incompatible types for comparison: int and float64",
        ),
        ("{{ tpl \"{{ fail \\\"x\\\" }}\" . }}", "execution error at (e/templates/a.yaml:1:3): x"),
        ("{{ if }}", "parse error at (e/templates/a.yaml:1): missing value for if"),
        ("{{ nofunc 1 }}", "parse error at (e/templates/a.yaml:1): function \"nofunc\" not defined"),
        (
            "{{ .Values.Table \"l\" }}",
            "template: e/templates/a.yaml:1:10: executing \"e/templates/a.yaml\" at <.Values.Table>: error calling \
             Table: \"l\" is not a table",
        ),
    ];
    for (template, want) in cases {
        assert_eq!(one(template), format!("Error: {want}"), "{template}");
    }
}

#[test]
fn endless_includes_end() {
    let endless = || one("{{ define \"l\" }}{{ include \"l\" . }}{{ end }}{{ include \"l\" . }}");
    // A test's thread has less stack than a program's, and code that is not optimised needs more.
    let thread = std::thread::Builder::new().stack_size(256 << 20).spawn(endless).unwrap();
    let text = thread.join().unwrap();
    assert!(text.ends_with("rendering template has a nested reference name: l: unable to execute template"));
}

#[test]
fn what_templates_see() {
    let cases = [
        ("# {{ .Release.Name }} {{ .Release.Service }} {{ .Release.Revision }}", "# r Helm 1"),
        ("# {{ .Template.Name }} {{ .Template.BasePath }}", "# e/templates/a.yaml e/templates"),
        ("# {{ .Capabilities.KubeVersion }} {{ .Capabilities.KubeVersion.Minor }}", "# v1.37.0 37"),
        ("# {{ .Capabilities.APIVersions.Has \"apps/v1\" }} {{ .Capabilities.APIVersions | len }}", "# true 57"),
        ("# {{ .Nope }}{{ .Chart.Nope }}{{ .Release.Nope }}<no value>|", "# |"),
        ("# {{ tpl \"{{ .Values.nope }}\" . | len }}", "# 0"),
        ("# {{ .Values.YAML | quote }} {{ .Values.PathValue \"a.b\" }}", "# \"a:\\n  b: 1\\nl:\\n- 1\\n\" 1"),
        ("# {{ printf \"%T %T %T\" . .Files .Capabilities }}", "# common.Values engine.files *common.Capabilities"),
        ("# {{ lookup \"v1\" \"Pod\" \"\" \"\" }} {{ getHostByName \"localhost\" }}|", "# map[] |"),
    ];
    for (template, want) in cases {
        assert_eq!(one(template), format!("---\n# Source: e/templates/a.yaml\n{want}\n"), "{template}");
    }
}

#[test]
fn files() {
    let template = "# {{ .Files.Get \"f.txt\" | quote }} {{ .Files.GetBytes \"f.txt\" }} {{ .Files.Lines \"f.txt\" }} \
                    {{ (.Files.Glob \"*\").AsConfig | quote }} {{ (.Files.Glob \"*\").AsSecrets | quote }} \
                    {{ (.Files.Glob \"x\").AsConfig | quote }}";
    let text = run(&[("templates/a.yaml", template), ("f.txt", "x\ny\n"), ("g.bin", "z")]);
    let want = "# \"x\\ny\\n\" [120 10 121 10] [x y] \"f.txt: |\\n  x\\n  y\\ng.bin: z\" \"f.txt: eAp5Cg==\\ng.bin: \
                eg==\" \"{}\"";
    assert_eq!(text, format!("---\n# Source: e/templates/a.yaml\n{want}\n"));
}

#[test]
fn deeper_templates_run_first_and_shallow_definitions_win() {
    let text = run(&[
        ("templates/a.yaml", "# {{ .Values.order }} {{ include \"d\" . }}{{ define \"d\" }}shallow{{ end }}"),
        ("templates/sub/d.yaml", "# {{ $_ := set .Values \"order\" \"d first\" }}{{ define \"d\" }}deep{{ end }}"),
    ]);
    assert!(text.contains("# d first shallow\n"), "{text}");
}
