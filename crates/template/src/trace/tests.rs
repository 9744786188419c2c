//! Lines of small outputs with who wrote them and what was read.

use super::align::lines;
use super::*;
use crate::{Call, Error, Func, Funcs, Machine, Options, TemplateSet};
use rhumb_value::{Entry, List, Map, Type};
use rhumb_world::Memory;

fn include(c: &mut Call<'_>) -> Result<Value, Error> {
    let name = c.args[0].as_str().cloned().unwrap_or_default();
    c.runtime.execute(&name, &c.args[1]).map(Value::Str)
}

fn indent(c: &mut Call<'_>) -> Result<Value, Error> {
    let text = c.args[0].as_str().cloned().unwrap_or_default();
    let lines: Vec<Vec<u8>> = text.split(|b| *b == b'\n').map(|l| [b"  ", l].concat()).collect();
    Ok(Value::from([b"\n".to_vec(), lines.join(&b'\n')].concat()))
}

fn dict(c: &mut Call<'_>) -> Result<Value, Error> {
    let map = Map::new();
    c.args.chunks(2).for_each(|kv| map.insert(kv[0].as_str().cloned().unwrap_or_default(), kv[1].clone()));
    Ok(Value::Map(map))
}

fn set(c: &mut Call<'_>) -> Result<Value, Error> {
    let map = c.args[0].as_map().cloned().unwrap_or_default();
    map.insert(c.args[1].as_str().cloned().unwrap_or_default(), c.args[2].clone());
    Ok(Value::Map(map))
}

fn list(c: &mut Call<'_>) -> Result<Value, Error> {
    Ok(Value::from(c.args.to_vec()))
}

fn tpl(c: &mut Call<'_>) -> Result<Value, Error> {
    let text = c.args[0].as_str().cloned().unwrap_or_default();
    c.runtime.execute_text(&text, &c.args[1]).map(Value::Str)
}

static FUNCS: &[Func] = &[
    Func { name: "dict", params: &[Type::Any], variadic: true, result: Type::Map, call: dict },
    Func { name: "list", params: &[Type::Any], variadic: true, result: Type::List, call: list },
    Func { name: "set", params: &[Type::Map, Type::String, Type::Any], variadic: false, result: Type::Map, call: set },
    Func { name: "tpl", params: &[Type::String, Type::Any], variadic: false, result: Type::String, call: tpl },
    Func { name: "include", params: &[Type::String, Type::Any], variadic: false, result: Type::String, call: include },
    Func { name: "nindent", params: &[Type::String], variadic: false, result: Type::String, call: indent },
];

fn entry(key: &str, value: impl Into<Value>, origin: u32) -> Entry {
    Entry { key: key.into(), value: value.into(), origin: OriginId(origin) }
}

fn data() -> Map {
    let list = List::with_origins(vec![Value::from("p"), Value::from("q")], vec![OriginId(8), OriginId(9)]);
    Map::from_entries(vec![
        entry("a", "A", 1),
        entry("b", "B", 2),
        entry("l", Value::List(list), 3),
        entry("t", Map::from_entries(vec![entry("x", "X", 4), entry("y", "Y", 5)]), 6),
    ])
}

/// The output of a template over the data, and who wrote it.
fn traced(text: &str) -> (Vec<u8>, Trace) {
    let mut set = TemplateSet::new("gotpl", Funcs::new(&[FUNCS]));
    set.parse("f", text.as_bytes()).expect("a template");
    let world = Memory::default();
    let mut machine = Machine::new(&set, &world, &(), Options::default());
    machine.start_trace();
    let out = machine.render(b"f", &Value::Map(data())).expect("an output");
    let trace = machine.take_trace().expect("a trace");
    (out, trace)
}

/// Each line of the output with the chain that wrote its last byte, `template:line` from inside out, and the reads.
fn explain(text: &str) -> Vec<String> {
    let (out, trace) = traced(text);
    assert_eq!(trace.pieces().iter().map(|p| p.range.len()).sum::<usize>(), out.len());
    let mut shown = Vec::new();
    for line in lines(&out).filter(|l| !l.is_empty()) {
        let piece = trace.piece_at(line.end - 1).expect("a piece");
        let chain: Vec<String> =
            trace.chain(piece).iter().map(|(f, offset)| format!("{}:{}", f.template, f.source.line(*offset))).collect();
        let reads: Vec<u32> = trace.origins(piece).iter().map(|o| o.0).collect();
        let text = String::from_utf8_lossy(&out[line]).into_owned();
        shown.push(format!("{text} <- {} {reads:?}", chain.join(" ")));
    }
    shown
}

#[test]
fn an_action_knows_its_line_and_what_it_read() {
    assert_eq!(explain("k: v\nx: {{ .a }}\ny: {{ .t.x }}"), ["k: v <- f:1 []", "x: A <- f:2 [1]", "y: X <- f:3 [4]"]);
}

#[test]
fn included_lines_keep_their_places_through_functions() {
    let text = "{{ define \"i\" }}one: {{ .a }}\ntwo: {{ .b }}\nthree{{ end }}top:\n  {{ include \"i\" . | nindent }}";
    let want = ["top: <- f:3 []", "one: A <- i:1 f:4 [1]", "two: B <- i:2 f:4 [2]", "three <- i:3 f:4 []"];
    assert_eq!(explain(text), want);
}

#[test]
fn variables_and_elements_bring_their_origins() {
    let text =
        "{{ $v := .b }}v: {{ $v }}\n{{ range .l }}- {{ . }}\n{{ end }}{{ range $i, $e := .l }}= {{ $e }}\n{{ end }}";
    let want = ["v: B <- f:1 [2]", "- p <- f:2 [8]", "- q <- f:2 [9]", "= p <- f:3 [8]", "= q <- f:3 [9]"];
    assert_eq!(explain(text), want);
}

#[test]
fn a_whole_table_counts_as_read() {
    assert_eq!(explain("{{ .t }}"), ["map[x:X y:Y] <- f:1 [6]"]);
}

#[test]
fn template_calls_are_in_the_chain() {
    let text = "{{ define \"i\" }}z: {{ .a }}{{ end }}\n{{ template \"i\" . }}";
    assert_eq!(explain(text), ["z: A <- i:1 f:2 [1]"]);
}

#[test]
fn values_are_followed_through_dicts_lists_and_dots() {
    let cases = [
        ("{{ with .t }}{{ .x }}{{ end }}", "X <- f:1 [4]"),
        ("{{ with .a }}{{ . }}{{ end }}", "A <- f:1 [1]"),
        ("{{ define \"i\" }}{{ .v }}{{ end }}{{ include \"i\" (dict \"k\" 1 \"v\" .b) }}", "B <- i:1 f:1 [2]"),
        ("{{ define \"i\" }}{{ . }}{{ end }}{{ include \"i\" .b }}", "B <- i:1 f:1 [2]"),
        ("{{ define \"i\" }}{{ . }}{{ end }}{{ template \"i\" .t.y }}", "Y <- i:1 f:1 [5]"),
        ("{{ define \"i\" }}{{ .c.t.x }}{{ end }}{{ include \"i\" (dict \"c\" $) }}", "X <- i:1 f:1 [4]"),
        ("{{ $d := dict \"z\" .t }}{{ $d.z.y }}", "Y <- f:1 [6, 5]"),
        ("{{ range list .a .b }}{{ . }} {{ end }}", "A B <- f:1 [2]"),
        ("{{ $_ := set .t \"x\" .b }}{{ .t.x }}", "B <- f:1 [2147483648, 2]"),
        ("{{ index .t \"y\" }}", "Y <- f:1 [6, 5]"),
        ("{{ .t.none }}", "<no value> <- f:1 [6]"),
        ("{{ tpl \"{{ .a }}\" . }}", "A <- gotpl:1 f:1 [1]"),
    ];
    for (text, want) in cases {
        assert_eq!(explain(text), [want], "{text}");
    }
}

/// The controls around the last byte, innermost first, with what they read.
fn why(text: &str) -> Vec<String> {
    let (out, trace) = traced(text);
    let piece = trace.piece_at(out.len() - 1).expect("a piece");
    let show = |c: &Control| {
        let reads: Vec<String> = trace
            .control_reads(c)
            .iter()
            .map(|r| format!("{}{}", r.origin.0, r.rest.iter().map(|k| format!(".{k}")).collect::<String>()))
            .collect();
        format!("{:?} {reads:?}", c.branch)
    };
    trace.controls_around(piece).into_iter().map(show).collect()
}

#[test]
fn controls_are_known() {
    let cases: [(&str, &[&str]); 5] = [
        ("{{ if .a }}x{{ end }}", &["If(true) [\"1\"]"]),
        ("{{ if .t.q }}y{{ else if .b }}x{{ end }}", &["If(true) [\"2\"]", "If(false) [\"6.q\"]"]),
        ("{{ range .l }}{{ if . }}x{{ end }}{{ end }}", &["If(true) [\"9\"]", "Range(\"1\") [\"3\"]"]),
        (
            "{{ define \"i\" }}{{ with . }}x{{ end }}{{ end }}{{ if .a }}{{ include \"i\" .b }}{{ end }}",
            &["With(true) [\"2\"]", "If(true) [\"1\"]"],
        ),
        ("{{ range .t.none }}{{ else }}x{{ end }}", &["RangeElse [\"6.none\"]"]),
    ];
    for (text, want) in cases {
        assert_eq!(why(text), want, "{text}");
    }
}

#[test]
fn parts_of_lines_and_texts_in_variables_are_found_again() {
    let define = "{{ define \"i\" }}{{ .a }}-text{{ end }}";
    let cases = [
        ("{{ include \"i\" . | printf \"%q\" }}", "\"A-text\" <- f:1 [1]"),
        ("{{ $v := include \"i\" . }}\n{{ $v }}", "A-text <- i:1 f:1 []"),
    ];
    for (text, want) in cases {
        assert_eq!(explain(&format!("{define}{text}")), [want], "{text}");
    }
}
