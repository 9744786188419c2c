//! Each value with the place where it was set, and what it won over. The merged values themselves are compared with the
//! reference elsewhere; here it is only asked that the places follow them.

use super::*;
use crate::dependency;
use crate::metadata::{Dependency, Metadata};
use crate::model::File;
use crate::values::coalesce::{self, Notes};
use crate::values::layers::{Flags, merge_with};
use crate::values::show::json;

fn chart(name: &str, values: &str, dependencies: Vec<Chart>) -> Chart {
    let metadata = Metadata { name: name.into(), version: "0.1.0".into(), ..Metadata::default() };
    let file = File { name: "values.yaml".into(), data: values.as_bytes().into(), modified: 0 };
    let values = layers::parse_documents(values.as_bytes()).unwrap();
    Chart { metadata, values, dependencies, raw: vec![file], ..Chart::default() }
}

fn read(path: &str) -> Result<Vec<u8>, String> {
    Ok(match path {
        "a.yaml" => b"x: a\nm:\n  k: a\n  l: [p, q]\n---\nm: {z: a}\n".to_vec(),
        "b.yaml" => b"x: b\nm: {k: b}\n".to_vec(),
        "-" => b"x: stdin\n".to_vec(),
        "null.yaml" => b"x: null\nkid:\n  k: null\n".to_vec(),
        "t.txt" => b"text".to_vec(),
        _ => return Err(format!("open {path}: no such file or directory")),
    })
}

/// `name:line:column path`
fn place(table: &Origins, origin: OriginId) -> String {
    format!("{} {}", table.sources().place(table.span(origin).unwrap()), table.path(origin))
}

/// The leaves below a path, with their places.
fn leaves(mut chart: Chart, flags: &Flags, below: &str) -> Vec<String> {
    let mut table = Origins::new();
    table.stamp_chart(&mut chart);
    let values = merge_with(flags, &read, Some(&mut table)).unwrap();
    let mut choosing = Notes::default();
    dependency::process(&mut chart, &values, &mut choosing).unwrap();
    let mut notes = Notes::default();
    let values = coalesce::coalesce(&chart, values, &mut notes).unwrap();
    table.absorb(&choosing);
    table.absorb(&notes);
    let mut lines = Vec::new();
    for (origin, path) in table.seen_paths(&values) {
        let value = path.find(&Value::Map(values.clone())).unwrap();
        if matches!(value, Value::Map(_)) || !path.to_string().starts_with(below) {
            continue;
        }
        let lost: Vec<String> = table.overridden(origin).iter().map(|o| place(&table, *o)).collect();
        let over = if lost.is_empty() { String::new() } else { format!(" > {}", lost.join(" > ")) };
        lines.push(format!("{path} = {} <- {}{over}", json(&value), place(&table, origin)));
    }
    for (path, origin) in table.deleted() {
        let lost: Vec<String> = table.overridden(origin).iter().map(|o| place(&table, *o)).collect();
        lines.push(format!("-{path} <- {} > {}", place(&table, origin), lost.join(" > ")));
    }
    lines
}

fn list(items: &[&str]) -> Vec<String> {
    items.iter().map(|s| (*s).to_owned()).collect()
}

const VALUES: &str = "# head\nx: chart\nm:\n  k: chart\n  l:\n  - one\n  - {p: 1}\n";

#[test]
fn a_chart_alone() {
    let want = [
        "m.k = \"chart\" <- c/values.yaml:4:3 m.k",
        "m.l = [\"one\",{\"p\":1}] <- c/values.yaml:5:3 m.l",
        "m.l[0] = \"one\" <- c/values.yaml:6:5 m.l[0]",
        "m.l[1].p = 1 <- c/values.yaml:7:6 m.l[1].p",
        "x = \"chart\" <- c/values.yaml:2:1 x",
    ];
    assert_eq!(leaves(chart("c", VALUES, vec![]), &Flags::default(), ""), want);
}

/// The line end that a document is read with is no part of its file.
#[test]
fn a_file_without_a_last_line_end() {
    let mut chart = chart("c", "a: 1\nb: |\n  x", vec![]);
    let mut table = Origins::new();
    table.stamp_chart(&mut chart);
    let seen: Vec<_> = table.seen_paths(&chart.values).into_iter().map(|(origin, _)| table.span(origin)).collect();
    assert!(seen.iter().flatten().all(|span| span.end <= 14), "{seen:?}");
    assert_eq!(json(&Value::Map(chart.values)), r#"{"a":1,"b":"x\n"}"#);
}

#[test]
fn files_and_flags_in_layers() {
    let flags = Flags {
        files: list(&["a.yaml", "b.yaml", "-"]),
        json: list(&[r#"m={"j": [1, {"i": 2}]}"#, r#"{"m": {"o": 1}}"#]),
        set: list(&["y=1,m.k=set", "m.l[1]=w", "n={a,b}"]),
        strings: list(&["x=str"]),
        set_files: list(&["f=t.txt"]),
        literals: list(&["lit=a,b=c"]),
    };
    let want = [
        "f = \"text\" <- --set-file:1:1 f",
        "lit = \"a,b=c\" <- --set-literal:1:1 lit",
        "m.j = [1,{\"i\":2}] <- --set-json:1:4 m.j",
        "m.j[0] = 1 <- --set-json:1:10 m.j[0]",
        "m.j[1].i = 2 <- --set-json:1:14 m.j[1].i",
        "m.k = \"set\" <- --set:1:5 m.k > c/values.yaml:4:3 m.k",
        "m.l = [null,\"w\"] <- --set:1:1 m.l > c/values.yaml:5:3 m.l",
        "m.l[1] = \"w\" <- --set:1:1 m.l[1]",
        "m.o = 1 <- --set-json:1:8 m.o",
        "n = [\"a\",\"b\"] <- --set:1:1 n",
        "n[0] = \"a\" <- --set:1:4 n[0]",
        "n[1] = \"b\" <- --set:1:6 n[1]",
        "x = \"str\" <- --set-string:1:1 x > -:1:1 x > b.yaml:1:1 x > a.yaml:1:1 x > c/values.yaml:2:1 x",
        "y = 1 <- --set:1:1 y",
    ];
    assert_eq!(leaves(chart("c", VALUES, vec![]), &flags, ""), want);
}

#[test]
fn parents_over_subcharts_and_globals() {
    let kid = chart("kid", "k: kid\nglobal: {g: kid, h: kid}\n", vec![]);
    let top = chart("c", "kid:\n  k: top\nglobal:\n  g: top\n", vec![kid]);
    let want = [
        "kid.global.g = \"top\" <- c/values.yaml:4:3 global.g > c/charts/kid/values.yaml:2:10 global.g",
        "kid.global.h = \"kid\" <- c/charts/kid/values.yaml:2:18 global.h",
        "kid.k = \"set\" <- --set:1:1 kid.k > c/values.yaml:2:3 kid.k > c/charts/kid/values.yaml:1:1 k",
    ];
    let flags = Flags { set: list(&["kid.k=set"]), ..Flags::default() };
    assert_eq!(leaves(top, &flags, "kid"), want);
}

#[test]
fn nulls_are_remembered() {
    let kid = chart("kid", "k: kid\n", vec![]);
    let flags = Flags { files: list(&["null.yaml"]), ..Flags::default() };
    let want = [
        "-c.x <- null.yaml:1:1 x > c/values.yaml:1:1 x",
        "-c.kid.k <- null.yaml:3:3 kid.k > c/charts/kid/values.yaml:1:1 k",
    ];
    assert_eq!(leaves(chart("c", "x: 1\n", vec![kid]), &flags, "none"), want);
}

#[test]
fn aliases_and_imports_keep_their_places() {
    let declared = |alias: &str| Dependency {
        name: "kid".into(),
        version: "*".into(),
        alias: alias.into(),
        import_values: vec![Value::str("data")],
        ..Dependency::default()
    };
    let kid = chart("kid", "exports: {data: {e: 1}}\n", vec![]);
    let mut top = chart("c", "b:\n  exports:\n    data: {f: 2}\n", vec![kid]);
    top.metadata.dependencies = Some(vec![declared("a"), declared("b")]);
    let all = leaves(top, &Flags::default(), "");
    for line in
        ["e = 1 <- c/charts/kid/values.yaml:1:18 exports.data.e", "f = 2 <- c/values.yaml:3:12 b.exports.data.f"]
    {
        assert!(all.iter().any(|l| l == line), "{all:#?}");
    }
}

#[test]
fn anchors_point_at_what_is_written() {
    let values = "base: &b {p: 1, q: 2}\nuse:\n  <<: *b\n  q: 3\nsame: *b\n";
    let want = ["use.p = 1 <- c/values.yaml:1:11 base.p", "use.q = 3 <- c/values.yaml:4:3 use.q"];
    assert_eq!(leaves(chart("c", values, vec![]), &Flags::default(), "use"), want);
}
