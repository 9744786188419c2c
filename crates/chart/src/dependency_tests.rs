//! Observed with Helm 4.3.1 on charts whose files are written here as JSON.

use super::*;
use crate::metadata::Metadata;
use crate::values::show::{json, parse};

fn chart(metadata: &str, values: &str, dependencies: Vec<Chart>) -> Chart {
    let metadata = Metadata::from_value(&parse(metadata), &crate::metadata::CHART).unwrap();
    let values = parse(values).as_map().unwrap().clone();
    Chart { metadata, values, dependencies, ..Chart::default() }
}

fn kid(version: &str, values: &str) -> Chart {
    chart(&format!(r#"{{"name":"kid","version":"{version}"}}"#), values, vec![])
}

/// The names of the subcharts that are left.
fn left(declared: &str, parent: &str, user: &str, subs: Vec<Chart>) -> Vec<String> {
    let mut root = chart(&format!(r#"{{"name":"u","dependencies":{declared}}}"#), parent, subs);
    process(&mut root, parse(user).as_map().unwrap(), &mut Notes::default()).unwrap();
    root.dependencies.iter().map(|c| c.name().to_owned()).collect()
}

#[test]
fn conditions_and_tags() {
    let on = ["kid"].map(String::from).to_vec();
    let cases: &[(&str, &str, bool)] = &[
        (r#""condition":"kid.on""#, r#"{"kid":{"on":false}}"#, false),
        (r#""condition":"kid.on""#, r#"{"kid":{"on":true}}"#, true),
        (r#""condition":"kid.on""#, "{}", true),
        (r#""condition":"kid.on""#, r#"{"kid":{"on":0}}"#, true),
        (r#""condition":"no.way,kid.on""#, r#"{"kid":{"on":false}}"#, false),
        (r#""condition":"a,b""#, r#"{"a":true,"b":false}"#, true),
        (r#""condition":"a,b""#, r#"{"a":1,"b":false}"#, false),
        (r#""tags":["x","y"]"#, r#"{"tags":{"x":false}}"#, false),
        (r#""tags":["x","y"]"#, r#"{"tags":{"x":false,"y":true}}"#, true),
        (r#""tags":["x"],"condition":"kid.on""#, r#"{"tags":{"x":false},"kid":{"on":true}}"#, true),
    ];
    for (fields, user, want) in cases {
        let declared = format!(r#"[{{"name":"kid","version":"0.1.0",{fields}}}]"#);
        let got = left(&declared, "{}", user, vec![kid("0.1.0", "{}")]);
        assert_eq!(got == on, *want, "{fields} {user}");
    }
}

#[test]
fn a_condition_may_come_from_the_subchart() {
    let declared = r#"[{"name":"kid","version":"0.1.0","condition":"kid.on"}]"#;
    assert!(left(declared, "{}", "{}", vec![kid("0.1.0", r#"{"on":false}"#)]).is_empty());
    assert_eq!(left(declared, "{}", r#"{"kid":{"on":true}}"#, vec![kid("0.1.0", r#"{"on":false}"#)]), ["kid"]);
}

#[test]
fn aliases_and_ranges() {
    let twice = r#"[{"name":"kid","version":"0.1.0","alias":"a"},{"name":"kid","version":"0.x","alias":"b"}]"#;
    assert_eq!(left(twice, "{}", "{}", vec![kid("0.1.0", "{}")]), ["a", "b"]);
    assert_eq!(left(twice, "{}", "{}", vec![kid("0.2.0", "{}")]), ["b"]);
    // One that no range takes stays as if nobody had declared it.
    let other = r#"[{"name":"kid","version":"1.0.0"}]"#;
    assert_eq!(left(other, "{}", "{}", vec![kid("0.1.0", "{}")]), ["kid"]);
    assert_eq!(left(other, "{}", "{}", vec![kid("0.1.0", "{}"), kid("1.0.0", "{}")]), ["kid", "kid"]);
}

#[test]
fn missing_ones_are_named() {
    let root = chart(
        r#"{"name":"u","dependencies":[{"name":"a"},{"name":"kid"},{"name":"b"}]}"#,
        "{}",
        vec![kid("1.0.0", "{}")],
    );
    assert_eq!(check_present(&root).unwrap_err(), "found in Chart.yaml, but missing in charts/ directory: a, b");
}

#[test]
fn imports_lie_below_the_parents_own_values() {
    let declared = r#"[{"name":"kid","version":"0.1.0","import-values":
        ["data",{"child":"deep.er","parent":"here.now"},{"child":"none","parent":"x"}]}]"#;
    let values = r#"{"exports":{"data":{"p":1,"q":1}},"deep":{"er":{"z":1}}}"#;
    let mut root =
        chart(&format!(r#"{{"name":"u","dependencies":{declared}}}"#), r#"{"p":7}"#, vec![kid("0.1.0", values)]);
    let mut notes = Notes::default();
    process(&mut root, &Map::new(), &mut notes).unwrap();
    let got = root.values.clone();
    got.remove("kid");
    assert_eq!(json(&Value::Map(got)), r#"{"here":{"now":{"z":1}},"p":7,"q":1}"#);
    assert_eq!(notes.lines.len(), 1);
}

/// The values of a chart that imports so from `kid`, or the error.
fn imported(imports: &str, values: &str) -> Result<String, String> {
    let declared = format!(r#"{{"name":"u","dependencies":[{{"name":"kid","import-values":[{imports}]}}]}}"#);
    let mut root = chart(&declared, "{}", vec![kid("0.1.0", values)]);
    process(&mut root, &Map::new(), &mut Notes::default())?;
    Ok(json(&Value::Map(root.values.clone())))
}

/// Observed from Helm 4.3.1; it ends in a full stack where a table would hold itself.
#[test]
fn later_imports_are_seen_where_the_first_came_from() {
    let both = r#"{"child":"a","parent":"p"},{"child":"b","parent":"p"}"#;
    let got = imported(both, r#"{"a":{"x":{"i":1}},"b":{"y":2}}"#).unwrap();
    assert_eq!(got, r#"{"kid":{"a":{"x":{"i":1},"y":2},"b":{"y":2},"global":{}},"p":{"x":{"i":1},"y":2}}"#);
    let itself = r#"{"child":"a","parent":"p"},{"child":"a","parent":"p.q"}"#;
    let got = imported(itself, r#"{"a":{"x":1}}"#).unwrap();
    assert!(got.ends_with(r#""p":{"q":{"x":1},"x":1}}"#), "{got}");
}

#[test]
fn imports_that_double_without_end_are_refused() {
    let (mut imports, mut values) = (vec![], vec![r#""c0":{"s":1}"#.to_owned()]);
    for i in 1..40 {
        values.push(format!(r#""c{i}":{{"s":1}}"#));
        imports.push(format!(r#"{{"child":"c{i}","parent":"p{i}"}}"#));
        for side in ["l", "r"] {
            imports.push(format!(r#"{{"child":"c{}","parent":"p{i}.{side}"}}"#, i - 1));
        }
    }
    let got = imported(&imports.join(","), &format!("{{{}}}", values.join(",")));
    assert_eq!(got.unwrap_err(), "import-values makes too many values");
}
