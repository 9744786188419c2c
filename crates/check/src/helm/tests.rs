//! Whole runs. All answers were observed with `helm lint` of Helm 4.3.1.

use rhumb_world::Memory;

use super::*;

const CHART: &str = "apiVersion: v2\nname: c\nversion: 0.1.0\nicon: https://x\n";

/// Files, and what is said of them.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);

fn run(files: &[(&str, &str)]) -> Vec<String> {
    let mut world = Memory::new();
    for (name, text) in files {
        world = world.file(&format!("/c/{name}"), *text);
    }
    let request = Request {
        folder: "/c",
        values: &Map::new(),
        namespace: "default",
        kube_version: KubeVersion::default(),
        skip_schema: false,
    };
    let report = lint(&request, &world);
    let said =
        report.log.iter().filter(|l| l.level != Level::Debug).map(|l| format!("{}: {:?}", l.message, l.attributes));
    report.messages.iter().map(ToString::to_string).chain(said).collect()
}

#[test]
fn groups_of_rules_in_order() {
    let cases: &[Case<'_>] = &[
        (
            &[("Chart.yaml", CHART)],
            &["[INFO] values.yaml: file does not exist", "[WARNING] templates/: directory does not exist"],
        ),
        (
            &[("Chart.yaml", CHART), ("values.yaml", "a: 1"), ("templates", "x"), ("crds", "y")],
            &["[ERROR] templates/: not a directory", "[ERROR] crds/: not a directory"],
        ),
        (
            &[("Chart.yaml", "name: a/b"), ("values.yaml", "- a"), ("crds/a.yaml", "x: y")],
            &[
                "[ERROR] Chart.yaml: chart name \"a/b\" is invalid",
                "[ERROR] Chart.yaml: apiVersion is required. The value must be either \"v1\" or \"v2\"",
                "[ERROR] Chart.yaml: version is required",
                "[INFO] Chart.yaml: icon is recommended",
                "[WARNING] Chart.yaml: version '' is not a valid SemVerV2",
                "[ERROR] values.yaml: unable to parse YAML: error unmarshaling JSON: while decoding JSON: json: cannot \
                 unmarshal array into Go value of type common.Values",
                "[WARNING] templates/: directory does not exist",
                "[ERROR] : unable to load chart\n\tcannot load values.yaml: cannot unmarshal yaml document: error \
                 unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type \
                 map[string]interface {}",
                "[ERROR] crds/: cannot load values.yaml: cannot unmarshal yaml document: error unmarshaling JSON: while \
                 decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}",
            ],
        ),
        (
            &[("Chart.yaml", CHART), ("values.yaml", ""), ("charts/k/Chart.yaml", "name: k\nversion: 1.0.0")],
            &[
                "[WARNING] templates/: directory does not exist",
                "[ERROR] /c: chart metadata is missing these dependencies: k",
            ],
        ),
    ];
    for (files, want) in cases {
        assert_eq!(run(files), *want, "{files:?}");
    }
}

#[test]
fn templates_and_what_they_render_to() {
    let template = |text: &str| run(&[("Chart.yaml", CHART), ("values.yaml", "a: 1"), ("templates/a.yaml", text)]);
    let cases: &[(&str, &[&str])] = &[
        ("kind: A\nmetadata: {name: '{{ .Release.Name }}'}", &[]),
        (
            "{{ fail \"no\" }}{{ required \"m\" .Values.q }}",
            &["funcMap fail: [(\"message\", \"no\")]", "missing required value: [(\"message\", \"m\")]"],
        ),
        (
            "kind: DaemonSet\nmetadata: {name: x}",
            &["[ERROR] templates/a.yaml: a DaemonSet must contain matchLabels or matchExpressions, and \"x\" does not"],
        ),
        ("kind: A\nmetadata: {name: x}\n---\nkind: List\nmetadata: {name: x}\nitems: 5", &[]),
        (
            "kind: List\nmetadata: {name: x}\nitems: [{metadata: {annotations: {helm.sh/resource-policy: keep}}}]",
            &["[ERROR] templates/a.yaml: annotation 'helm.sh/resource-policy' within List objects are ignored"],
        ),
        (
            "{{ nosuch }}",
            &["[ERROR] templates/: parse error at (c/templates/a.yaml:1): function \"nosuch\" not defined"],
        ),
    ];
    for (text, want) in cases {
        assert_eq!(template(text), *want, "{text}");
    }
}

#[test]
fn a_broken_manifest_ends_the_rules_for_those_behind_it() {
    let said = run(&[
        ("Chart.yaml", CHART),
        ("values.yaml", ""),
        ("templates/a.yaml", "a: ["),
        ("templates/b.yaml", "kind: DaemonSet\nmetadata: {name: x}"),
    ]);
    let want = "[ERROR] templates/a.yaml: unable to parse YAML: error converting YAML to JSON: yaml: line 1: did not find \
                expected node content";
    assert_eq!(said, [want]);
}
