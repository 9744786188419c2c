//! What the parser makes of broken and deep texts.

use super::*;

fn outcome(text: &str) -> (Vec<String>, Vec<String>) {
    let parsed = parse(&"x".into(), Rc::from(text.as_bytes()), &Funcs::default());
    let trees = parsed.templates.iter().map(|t| t.show()).collect();
    (trees, parsed.errors.iter().map(ParseError::go_message).collect())
}

#[test]
fn goes_on_after_an_error() {
    let (trees, errors) = outcome("a{{ nope }}b{{ if . }}{{ 1 2.3.4 }}c{{ end }}\n{{ $x }}{{ print 1 }}");
    assert_eq!(trees, ["ab{{if .}}c{{end}}\n{{print 1}}"]);
    let want = [
        "template: x:1: function \"nope\" not defined",
        "template: x:1: unexpected <.3> in operand",
        "template: x:2: undefined variable \"$x\"",
    ];
    assert_eq!(errors.len(), want.len(), "{errors:?}");
    assert_eq!(errors[0], want[0]);
    assert_eq!(errors[2], want[2]);
}

#[test]
fn trees_print_as_go_prints_them() {
    let text = "{{- range $i, $e := .l | print -}} x {{ else }}{{ ($e).a }}{{ end }}{{ template `t` . }}";
    // `$e` is in scope of the else, as in Go.
    let (trees, errors) = outcome(text);
    assert_eq!(errors, [""; 0]);
    assert_eq!(trees, ["{{range $i, $e := .l | print}}x {{else}}{{($e).a}}{{end}}{{template \"t\" .}}"]);
}

#[test]
fn nesting_has_a_limit() {
    let deep = |n: usize| format!("{{{{{}1{}}}}}", "(".repeat(n), ")".repeat(n));
    let controls = |n: usize| "{{if 1}}".repeat(n) + &"{{end}}".repeat(n);
    let run = move || {
        assert_eq!(outcome(&deep(10_000)).1, [""; 0]);
        // Observed with Go.
        assert_eq!(outcome(&deep(10_001)).1[0], "template: x:1: max expression depth exceeded");
        assert_eq!(outcome(&controls(9_000)).1, [""; 0]);
        assert_eq!(outcome(&controls(11_000)).1[0], "template: x:1: controls nested too deeply");
    };
    let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(run).expect("a thread");
    thread.join().expect("no error");
}
