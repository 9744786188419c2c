//! Fields of small charts as `path <- place, place | reading, reading`.

use rhumb_chart::values::coalesce::{self, Notes};
use rhumb_chart::values::layers::{self, Flags};
use rhumb_chart::{dependency, load};
use rhumb_world::Memory;

use super::*;
use crate::capabilities::Capabilities;
use crate::context::Release;

fn explained(files: &[(&str, &str)], set: &[&str]) -> Explained {
    let base = Memory::new().file("/e/Chart.yaml", "apiVersion: v2\nname: e\nversion: 0.1.0\n");
    let world = files.iter().fold(base, |w, (name, data)| w.file(&format!("/e/{name}"), *data));
    let mut chart = load::load(&world, "/e", &mut Vec::new()).unwrap();
    let mut origins = Origins::new();
    origins.stamp_chart(&mut chart);
    let flags = Flags { set: set.iter().map(|s| (*s).to_owned()).collect(), ..Flags::default() };
    let values = layers::merge_with(&flags, &|path| Err(path.to_owned()), Some(&mut origins)).unwrap();
    dependency::process(&mut chart, &values, &mut coalesce::Notes::default()).unwrap();
    let mut notes = Notes::default();
    let values = coalesce::coalesce(&chart, values, &mut notes).unwrap();
    origins.absorb(&notes);
    let options = RenderOptions {
        release: Release { name: "r".into(), namespace: "default".into(), is_upgrade: false, revision: 1 },
        capabilities: Capabilities::default(),
        mode: Default::default(),
        subchart_notes: false,
    };
    run(&chart, values, origins, &options, &world).unwrap()
}

fn field(explained: &Explained, question: &str) -> String {
    let answer = explained.ask(&Target::parse(question).unwrap(), &[]);
    let Ok(Answer::Field { field, .. }) = answer else { panic!("{question}: {answer:?}") };
    let places: Vec<String> =
        field.parts.iter().map(|p| format!("{}:{}", p.place.file.trim_start_matches("e/"), p.place.line)).collect();
    let reads = field.parts.iter().flat_map(|p| &p.reads);
    let reads: Vec<String> = reads
        .map(|r| {
            let lost: Vec<String> = r.overrode.iter().map(|s| format!(" > {}", s.source)).collect();
            let set = r.set.as_ref().map_or(String::new(), |s| format!(" {}:{}", s.source, s.line));
            format!("{}{set}{}", r.path, lost.concat())
        })
        .collect();
    format!("{} <- {} | {}", field.value, places.join(", "), reads.join(", "))
}

/// A ConfigMap whose data are these lines.
fn config(lines: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: m}}\ndata:\n{lines}")
}

#[test]
fn what_was_taken_out_shifts_nothing() {
    let template =
        config("  a: {{ .Values.x }}b{{ .Values.y }}\n  c: {{ .Values.z }}\n  d: {{ .Values.k }}\n  e: \"\"\n");
    let e = explained(&[("values.yaml", "k: v\n"), ("templates/m.yaml", &template)], &[]);
    let cases = [
        ("a", "\"b\" <- templates/m.yaml:5 | .Values.x, .Values.y"),
        ("c", "null <- templates/m.yaml:6 | .Values.z"),
        ("d", "\"v\" <- templates/m.yaml:7 | .Values.k e/values.yaml:1"),
        ("e", "\"\" <- templates/m.yaml:8 | "),
    ];
    for (key, want) in cases {
        assert_eq!(field(&e, &format!("cm/m:data.{key}")), want, "{key}");
    }
}

#[test]
fn a_global_wins_over_what_its_reader_has() {
    let kid = |name: &str| format!("apiVersion: v2\nname: {name}\nversion: 0.1.0\n");
    let template = |name: &str| format!("kind: A\nmetadata: {{name: {name}}}\nz: {{{{ .Values.global.z }}}}\n");
    let e = explained(
        &[
            ("values.yaml", "global: {z: top}\n"),
            ("charts/a/Chart.yaml", &kid("a")),
            ("charts/a/values.yaml", "global: {z: a}\n"),
            ("charts/a/templates/t.yaml", &template("a")),
            ("charts/b/Chart.yaml", &kid("b")),
            ("charts/b/values.yaml", "global: {z: b}\n"),
            ("charts/b/templates/t.yaml", &template("b")),
        ],
        &[],
    );
    for name in ["a", "b"] {
        let want = format!(
            "\"top\" <- charts/{name}/templates/t.yaml:3 | .Values.global.z e/values.yaml:1 > e/charts/{name}/values.yaml"
        );
        assert_eq!(field(&e, &format!("{name}:z")), want);
    }
}

#[test]
fn settings_that_nobody_reads() {
    let template = config("{{ toYaml .Values.t | indent 2 }}\n  {{- if .Values.on }}\n  x: y\n  {{- end }}\n");
    let files = [("values.yaml", "t: {a: b}\non: true\n"), ("templates/m.yaml", template.as_str())];
    let unread = |set: &[&str]| -> Vec<String> {
        let found = explained(&files, set).unread();
        found.into_iter().map(|u| format!("{} {}", u.path, u.meant.unwrap_or_default())).collect()
    };
    assert!(unread(&["t.c=d", "on=false"]).is_empty(), "a printed table and a condition count as read");
    assert_eq!(unread(&["onn=false", "q.r=1"]), ["onn on", "q.r "]);
}

#[test]
fn every_leaf_has_a_writer() {
    let files = [
        ("values.yaml", "list: [{a: 1}, {b: [x, y]}]\ntext: |\n  one\n  two\nnothing: {}\n"),
        ("crds/c.yaml", "kind: CustomResourceDefinition\nmetadata: {name: c}\nspec:\n  x: [1, {y: 2}]\n"),
        (
            "templates/m.yaml",
            "kind: A\nmetadata: {name: m, labels: {}}\nspec:\n  {{- toYaml .Values.list | nindent 2 }}\n---\nkind: B\nmetadata:\n  \
             name: n\n  note:\nx: |\n  {{ .Values.text | nindent 2 | trim }}\ny: [ ]\nz: {{ .Values.nothing | toJson }}\n\
             w: &a {q: 1}\nv: *a\n\"k\": >-\n  folded\n  text\n",
        ),
    ];
    let e = explained(&files, &[]);
    let Ok(Answer::All(all)) = e.ask(&Target::All, &[]) else { panic!() };
    let mut fields = 0;
    for answer in &all {
        let Answer::Table { object, fields: found, .. } = answer else { panic!() };
        for f in found {
            assert!(!f.parts.is_empty(), "{}:{}", object.title(), f.path);
            fields += 1;
        }
        assert!(!json::json(answer).is_empty() && !text::text(answer, text::Style::default()).is_empty());
    }
    assert_eq!(fields, 19);
}
