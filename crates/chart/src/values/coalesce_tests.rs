//! What `{{ toRawJson .Values }}` gave in three charts, u > kid > grand, of Helm 4.3.1 (its values written as JSON).

use super::*;
use crate::metadata::Metadata;
use crate::values::show::json;

fn map(text: &str) -> Map {
    let (value, _) = crate::values::json_prefix::read(text).unwrap();
    value.as_map().unwrap().clone()
}

fn chart(name: &str, values: &str, dependencies: Vec<Chart>) -> Chart {
    let metadata = Metadata { name: name.into(), ..Metadata::default() };
    Chart { metadata, values: map(values), dependencies, ..Chart::default() }
}

/// The root's values, or the error, with the warnings before it.
fn run(defaults: [&str; 3], user: &str) -> Vec<String> {
    let grand = chart("grand", defaults[2], vec![]);
    let root = chart("u", defaults[0], vec![chart("kid", defaults[1], vec![grand])]);
    let mut notes = Notes::default();
    let result = match coalesce(&root, map(user), &mut notes) {
        Ok(values) => json(&Value::Map(values)),
        Err(text) => format!("! {text}"),
    };
    let mut lines: Vec<String> = notes.lines.into_iter().map(|line| line.message).collect();
    lines.push(result);
    lines
}

fn check(cases: &[([&str; 3], &str, &[&str])]) {
    for (defaults, user, want) in cases {
        assert_eq!(run(*defaults, user), *want, "{defaults:?} {user}");
    }
}

#[test]
fn layers() {
    check(&[
        (
            [r#"{"kid":{"k":2,"grand":{"g":3}}}"#, r#"{"k":1,"grand":{"g":2,"h":1}}"#, r#"{"g":1,"i":1}"#],
            "{}",
            &[r#"{"kid":{"global":{},"grand":{"g":3,"global":{},"h":1,"i":1},"k":2}}"#],
        ),
        (
            [r#"{"kid":{"k":2}}"#, r#"{"k":1,"m":{"a":1,"b":2}}"#, r#"{"g":1}"#],
            r#"{"kid":{"k":9,"m":{"a":null,"c":3},"grand":{"g":7}}}"#,
            &[r#"{"kid":{"global":{},"grand":{"g":7,"global":{}},"k":9,"m":{"b":2,"c":3}}}"#],
        ),
        (
            [r#"{"m":{"a":1}}"#, r#"{"k":{"a":1}}"#, r#"{"g":{"a":1}}"#],
            r#"{"m":5,"kid":{"k":5,"grand":{"g":5}}}"#,
            &[r#"{"kid":{"global":{},"grand":{"g":5,"global":{}},"k":5},"m":5}"#],
        ),
        (
            [r#"{"m":5}"#, r#"{"k":5}"#, r#"{"g":5}"#],
            r#"{"m":{"a":1},"kid":{"k":{"a":1},"grand":{"g":{"a":1}}}}"#,
            &[
                "warning: skipped value for u.m: Not a table.",
                "warning: skipped value for u.kid.k: Not a table.",
                "warning: skipped value for u.kid.grand.g: Not a table.",
                r#"{"kid":{"global":{},"grand":{"g":{"a":1},"global":{}},"k":{"a":1}},"m":{"a":1}}"#,
            ],
        ),
        (
            [
                r#"{"kid":{"m":{"a":"x","b":[1,true,null,{"c":"d"}]}}}"#,
                r#"{"m":{"a":{"x":"a b"},"b":{"e":1.5}}}"#,
                "{}",
            ],
            "{}",
            &[
                "warning: cannot overwrite table with non table for u.kid.m.a (map[x:a b])",
                "warning: cannot overwrite table with non table for u.kid.m.b (map[e:1.5])",
                r#"{"kid":{"global":{},"grand":{"global":{}},"m":{"a":"x","b":[1,true,null,{"c":"d"}]}}}"#,
            ],
        ),
    ]);
}

#[test]
fn nulls() {
    let kid = r#"{"knull":1,"k":1,"m":{"a":1,"b":2}}"#;
    let parent = r#"{"kid":{"knull":null,"k":null,"fresh":null,"m":{"a":null}}}"#;
    check(&[
        (
            [r#"{"n":null,"m":{"n":null,"o":{"p":null,"q":1}},"l":[null,{"a":null}]}"#, "{}", "{}"],
            "{}",
            &[r#"{"kid":{"global":{},"grand":{"global":{}}},"l":[null,{"a":null}],"m":{"o":{"q":1}}}"#],
        ),
        (
            [r#"{"a":1}"#, r#"{"k":1}"#, r#"{"g":1}"#],
            r#"{"fresh":null,"f2":{"x":null},"kid":{"fresh":null,"k":null,"grand":{"fresh":null,"g":null}}}"#,
            &[
                r#"{"a":1,"f2":{"x":null},"fresh":null,"kid":{"fresh":null,"global":{},"grand":{"fresh":null,"global":{}}}}"#,
            ],
        ),
        (
            [parent, kid, "{}"],
            "{}",
            &[r#"{"kid":{"global":{},"grand":{"global":{}},"k":1,"knull":1,"m":{"a":1,"b":2}}}"#],
        ),
        (
            [parent, kid, "{}"],
            r#"{"kid":{"z":1}}"#,
            &[r#"{"kid":{"fresh":null,"global":{},"grand":{"global":{}},"m":{"b":2},"z":1}}"#],
        ),
        (
            [r#"{"q":null,"m":{"q":null}}"#, "{}", "{}"],
            r#"{"q":null,"m":{"q":null}}"#,
            &[r#"{"kid":{"global":{},"grand":{"global":{}}},"m":{"q":null}}"#],
        ),
        (
            [r#"{"kid":{"m":{"a":{"x":1}}}}"#, r#"{"m":{"a":{"y":1}}}"#, "{}"],
            r#"{"kid":{"m":{"a":null}}}"#,
            &[r#"{"kid":{"global":{},"grand":{"global":{}},"m":{}}}"#],
        ),
        (
            [r#"{"m":{"n":null,"o":{"p":null,"q":1},"z":1}}"#, "{}", "{}"],
            r#"{"m":{"o":{"c":1}}}"#,
            &[r#"{"kid":{"global":{},"grand":{"global":{}}},"m":{"o":{"c":1,"q":1},"z":1}}"#],
        ),
    ]);
}

#[test]
fn sections_that_are_no_tables() {
    check(&[
        ([r#"{"kid":5}"#, "{}", "{}"], "{}", &["! type mismatch on kid: %!t(float64=5)"]),
        ([r#"{"kid":[1]}"#, "{}", "{}"], "{}", &["! type mismatch on kid: [%!t(float64=1)]"]),
        ([r#"{"kid":{"grand":"x"}}"#, "{}", "{}"], "{}", &["! type mismatch on grand: %!t(string=x)"]),
        (["{}", "{}", "{}"], r#"{"kid":null}"#, &["! type mismatch on kid: %!t(<nil>)"]),
        (
            [r#"{"kid":{"k":5}}"#, r#"{"k":1}"#, "{}"],
            r#"{"kid":null}"#,
            &[r#"{"kid":{"global":{},"grand":{"global":{}},"k":1}}"#],
        ),
    ]);
}

#[test]
fn globals_go_down() {
    let abc = [
        r#"{"global":{"a":1,"m":{"x":1}}}"#,
        r#"{"global":{"a":2,"b":2,"m":{"x":2,"w":2}}}"#,
        r#"{"global":{"a":3,"c":3,"m":{"z":3}}}"#,
    ];
    check(&[
        (
            abc,
            r#"{"global":{"d":4}}"#,
            &[concat!(
                r#"{"global":{"a":1,"d":4,"m":{"x":1}},"kid":{"global":{"a":1,"b":2,"d":4,"m":{"w":2,"x":1}},"#,
                r#""grand":{"global":{"a":1,"b":2,"c":3,"d":4,"m":{"w":2,"x":1,"z":3}}}}}"#
            )],
        ),
        (
            [r#"{"global":{"b":{"c":1}}}"#, r#"{"global":{"b":2}}"#, r#"{"global":{"b":{"d":3}}}"#],
            "{}",
            &[
                "warning: destination for u.kid.global.b is a table. Ignoring non-table value (2)",
                concat!(
                    r#"{"global":{"b":{"c":1}},"kid":{"global":{"b":{"c":1}},"#,
                    r#""grand":{"global":{"b":{"c":1,"d":3}}}}}"#
                ),
            ],
        ),
        (
            [r#"{"global":5}"#, r#"{"global":{"b":2}}"#, "{}"],
            "{}",
            &[
                "warning: skipping globals because source global is not a table.",
                r#"{"global":5,"kid":{"global":{"b":2},"grand":{"global":{"b":2}}}}"#,
            ],
        ),
        (
            [r#"{"global":{"a":{"w":1}}}"#, r#"{"global":{"a":{"x":1,"w":2}}}"#, r#"{"global":{"a":{"x":2,"z":1}}}"#],
            r#"{"global":{"a":{"x":null,"w":null}}}"#,
            &[concat!(
                r#"{"global":{"a":{"x":null}},"kid":{"global":{"a":{"w":2}},"#,
                r#""grand":{"global":{"a":{"w":2,"x":2,"z":1}}}}}"#
            )],
        ),
        (
            [r#"{"kid":{"global":5}}"#, r#"{"global":{"b":1}}"#, r#"{"global":{"c":1}}"#],
            "{}",
            &[
                "warning: skipping globals because destination global is not a table.",
                "warning: skipping globals because source global is not a table.",
                r#"{"kid":{"global":5,"grand":{"global":{"c":1}}}}"#,
            ],
        ),
    ]);
}
