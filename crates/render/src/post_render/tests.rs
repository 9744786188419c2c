//! What a post-renderer gets and what becomes of its answer, as observed with Helm 4.3.1 and plugins that copy or reply.

use super::*;

fn rendered(path: &str, text: &str) -> Rendered {
    Rendered { path: path.into(), text: text.as_bytes().to_vec().into() }
}

fn marked(text: &str) -> String {
    let files = [rendered("c/templates/a.yaml", text), rendered("c/templates/_p", "- no")];
    match mark(&files) {
        Ok(stream) => String::from_utf8(stream)
            .unwrap()
            .replace("postrenderer.helm.sh/postrender-filename: 'c/templates/a.yaml'", "MARK"),
        Err(e) => e.replace("error merging manifests: ", "! "),
    }
}

fn taken(stream: &str) -> String {
    match unmark(stream.replace("MARK", FILE_NAME).as_bytes()) {
        Ok(files) => {
            let shown = files.iter().map(|f| format!("<{}>{}", f.path, String::from_utf8_lossy(&f.text)));
            shown.collect::<String>().replace("generated-by-postrender-", "#")
        }
        Err(e) => e.replace("error while parsing post rendered output: ", "! "),
    }
}

#[test]
fn documents_are_marked() {
    let cases = [
        ("kind: A\n", "kind: A\nmetadata:\n  annotations:\n    MARK\n"),
        ("metadata: {name: x}\n", "metadata: {name: x, annotations: {MARK}}\n"),
        ("metadata: {}\nb: 1\n", "b: 1\nmetadata:\n  annotations:\n    MARK\n"),
        ("metadata:\n  annotations:\n  name: x\n", "metadata:\n  name: x\n  annotations:\n    MARK\n"),
        ("metadata:\n  annotations: x\n", "metadata:\n  annotations:\n    MARK\n"),
        ("metadata: {annotations: {a: b}}\n", "metadata: {annotations: {a: b, MARK}}\n"),
        (
            "a: 1\n--- # c\nb: 2\n---\n# only\n",
            "a: 1\nmetadata:\n  annotations:\n    MARK\n---\n# c\nb: 2\nmetadata:\n  annotations:\n    MARK\n",
        ),
        ("kind: List\nitems: [{a: 1}]\n", "{a: 1, metadata: {annotations: {MARK}}}\n"),
        (
            "metadata:\n  annotations:\n    config.kubernetes.io/path: p\n    config.kubernetes.io/index: 1\n",
            "metadata:\n  annotations:\n    config.kubernetes.io/path: p\n    internal.config.kubernetes.io/path: 'p'\n    MARK\n",
        ),
        ("", ""),
        ("~", ""),
        (
            "a: b: c",
            "! parsing c/templates/a.yaml: MalformedYAMLError: yaml: mapping values are not allowed in this context",
        ),
        (
            "- a",
            "! parsing c/templates/a.yaml: wrong node kind: expected MappingNode but got SequenceNode: node contents:\n- a\n",
        ),
        (
            "metadata: x",
            "! parsing c/templates/a.yaml: wrong node kind: expected MappingNode but got ScalarNode: node contents:\nx\n",
        ),
        (
            "metadata: {annotations: [a]}",
            "! parsing c/templates/a.yaml: wrong node kind: expected MappingNode but got SequenceNode: node contents:\n[a]\n",
        ),
        (
            "kind: List\nitems: [a]",
            "! annotating c/templates/a.yaml: wrong node kind: expected MappingNode but got ScalarNode: node contents:\na\n",
        ),
    ];
    for (text, want) in cases {
        assert_eq!(marked(text), want, "{text:?}");
    }
}

#[test]
fn answers_are_taken_apart() {
    let cases = [
        ("kind: A\n---\nkind: B\n", "<#0.yaml>kind: A\n<#1.yaml>kind: B\n"),
        ("kind: A\n---\nkind: B\nmetadata: {annotations: {MARK: x}}\n", "<#0.yaml>kind: A\n<x>kind: B\n"),
        (
            "kind: A\nmetadata: {annotations: {MARK: x, a: b}}\n---\nkind: B\nmetadata: {name: n, annotations: {MARK: x}}",
            "<x>kind: A\nmetadata: {annotations: {a: b}}\n---\nkind: B\nmetadata: {name: n}\n",
        ),
        ("metadata: {annotations: {MARK: [x]}}", "<#0.yaml>{}\n"),
        ("metadata: {annotations: {MARK: 5}}", "<5>{}\n"),
        ("kind: A\n---\n---\n# c\n---\nkind: B\n", "<#0.yaml>kind: A\n<#1.yaml>kind: B\n"),
        ("kind: A\r\nx: |\r\n  y\r\n---\r\nkind: B", "<#0.yaml>kind: A\nx: |\n  y\n<#1.yaml>kind: B\n"),
        (
            "kind: A\nx:\n- 1\nmetadata: {annotations: {internal.config.kubernetes.io/seqindent: wide}}",
            "<#0.yaml>kind: A\nx:\n  - 1\n",
        ),
        ("kind: List\nitems: [{kind: A}]", "<#0.yaml>{kind: A}\n"),
        (
            "kind: List\nitems: [{kind: A}]\n---\nkind: B\n",
            "<#0.yaml>kind: List\nitems: [{kind: A}]\n<#1.yaml>kind: B\n",
        ),
        ("kind: List\nitems: [{a: 1}]", "! getting metadata: missing Resource metadata"),
        ("kind: A\n---foo: 1\nkind: B", "! error parsing YAML: invalid document separator: ---foo: 1"),
        ("a: *x", "! error parsing YAML: MalformedYAMLError: yaml: unknown anchor 'x' referenced"),
        ("# c", ""),
        ("", ""),
    ];
    for (stream, want) in cases {
        assert_eq!(taken(stream), want, "{stream:?}");
    }
}

/// What a copying post-renderer gives back is what the round trip alone makes of the chart's files.
#[test]
fn a_copy_loses_the_mark() {
    let text = "# head\nkind: A\nmetadata: {name: x, annotations: {a: b}} # tail\ndata:\n    k: \"v\"\n";
    let files = [rendered("c/templates/a.yaml", text)];
    let back = unmark(&mark(&files).unwrap()).unwrap();
    assert_eq!(back.len(), 1);
    assert_eq!(back[0], rendered("c/templates/a.yaml", &text.replace("    k", "  k")));
}
