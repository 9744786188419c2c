//! What `helm template --set… <text>` of Helm 4.3.1 gave (`{{ toRawJson .Values }}`, or the error's text).

use super::*;
use crate::values::show::json;

fn run(text: &str, mode: Mode<'_>) -> String {
    let into = Map::new();
    match set(&into, text, mode) {
        Ok(()) => json(&Value::Map(into)),
        Err(text) => format!("! {text}"),
    }
}

fn check(mode: Mode<'_>, cases: &[(&str, &str)]) {
    for (text, want) in cases {
        assert_eq!(run(text, mode), *want, "{text}");
    }
}

#[test]
fn paths_and_types() {
    check(
        Mode::Typed,
        &[
            ("a=1,b=2", r#"{"a":1,"b":2}"#),
            ("a.b.c=1", r#"{"a":{"b":{"c":1}}}"#),
            ("a=", r#"{"a":""}"#),
            ("a=,b=1", r#"{"a":"","b":1}"#),
            ("a=1,", r#"{"a":1}"#),
            ("=1", "{}"),
            (".a=1", "{}"),
            ("a.", "{}"),
            ("a.=", "{}"),
            ("a=b=c", r#"{"a":"b=c"}"#),
            (r"a=b\,c", r#"{"a":"b,c"}"#),
            (r"a\.b=1", r#"{"a.b":1}"#),
            (r"a\=b=1", r#"{"a=b":1}"#),
            (r"a=x\", r#"{"a":"x"}"#),
            ("a.b=1,a=2", r#"{"a":2}"#),
            ("a=007", r#"{"a":"007"}"#),
            ("a=-0", r#"{"a":0}"#),
            ("a=+5", r#"{"a":5}"#),
            ("a=1.5", r#"{"a":"1.5"}"#),
            ("a=9223372036854775807", r#"{"a":9223372036854775807}"#),
            ("a=9223372036854775808", r#"{"a":"9223372036854775808"}"#),
            ("a=tRue,b=nUll", r#"{"a":true,"b":null}"#),
            ("a = x", r#"{"a ":" x"}"#),
            ("a]=1", r#"{"a]":1}"#),
            ("é=ü", r#"{"é":"ü"}"#),
            ("a=1 ", r#"{"a":"1 "}"#),
        ],
    );
}

#[test]
fn lists() {
    check(
        Mode::Typed,
        &[
            ("a={x,y,z}", r#"{"a":["x","y","z"]}"#),
            ("a={}", r#"{"a":[""]}"#),
            ("a={},b=1", r#"{"a":[""],"b":1}"#),
            ("a={null,1,true,x}", r#"{"a":[null,1,true,"x"]}"#),
            (r"a={x\,y,z}", r#"{"a":["x,y","z"]}"#),
            ("a={ x, y }", r#"{"a":[" x"," y "]}"#),
            ("a[2]=1", r#"{"a":[null,null,1]}"#),
            ("a[0].b=1,a[0].c=2", r#"{"a":[{"b":1,"c":2}]}"#),
            ("a[1].b=1,a[0]=c", r#"{"a":["c",{"b":1}]}"#),
            ("a[0][1]=x", r#"{"a":[[null,"x"]]}"#),
            ("a[0][1]=", r#"{"a":[[null,""]]}"#),
            ("a[0].b[0]=", r#"{"a":[{"b":[""]}]}"#),
            ("a[0][0]=1,a[0][0]=", r#"{"a":[[""]]}"#),
            ("a[0].b=", r#"{"a":[]}"#),
            ("a[=1", "{}"),
            ("a[0]", r#"{"a":[]}"#),
            ("a[0].=1", r#"{"a":[{}]}"#),
            ("a[0].b[=1", r#"{"a":[]}"#),
            ("a[0]=", r#"{"a":[""]}"#),
            ("a[0]={1,2}", r#"{"a":[[1,2]]}"#),
            ("a.b[0].c.d[1]=x", r#"{"a":{"b":[{"c":{"d":[null,"x"]}}]}}"#),
            ("a[0]=1,a[0].b=2", r#"{"a":[{"b":2}]}"#),
            ("a[0]=null,a[0][0]=1", r#"{"a":[[1]]}"#),
            ("a[0][0][0]=1,a[0][0][1]=2", r#"{"a":[[[1,2]]]}"#),
            ("a[+1]=x", r#"{"a":[null,"x"]}"#),
        ],
    );
}

#[test]
fn errors() {
    check(
        Mode::Typed,
        &[
            ("a", r#"! key "a" has no value"#),
            ("a.b", r#"! key "b" has no value"#),
            ("a.=1", r#"! key map "a" has no value"#),
            ("a..b=1", r#"! key map "a" has no value"#),
            ("a,b=1", r#"! key "a" has no value (cannot end with ,)"#),
            ("a=1,,b=2", r#"! key "" has no value (cannot end with ,)"#),
            ("a={x,y", "! list must terminate with '}'"),
            (r"a={x\", "! list must terminate with '}'"),
            ("a={1}x", r#"! key "x" has no value"#),
            ("a={x} ,b=2", r#"! key " " has no value (cannot end with ,)"#),
            ("a[]=1", r#"! error parsing index: strconv.Atoi: parsing "": invalid syntax"#),
            ("a[x]=1", r#"! error parsing index: strconv.Atoi: parsing "x": invalid syntax"#),
            (
                "a[99999999999999999999]=1",
                r#"! error parsing index: strconv.Atoi: parsing "99999999999999999999": value out of range"#,
            ),
            ("a[-1]=1", "! negative -1 index not allowed"),
            ("a[-1].b=1", "! negative -1 index not allowed"),
            ("a[65537]=1", "! index of 65537 is greater than maximum supported index of 65536"),
            ("a[65537]", r#"{"a":[]}"#),
            ("a[65537]n=1", "! unexpected data at end of array index: ['n']"),
            ("a[65537][x]=1", r#"! error parsing index: strconv.Atoi: parsing "x": invalid syntax"#),
            ("a[0]b=1", "! unexpected data at end of array index: ['b']"),
            ("a[0],b=1", "! unexpected data at end of array index: [',' 'b']"),
            (
                "a=1,a.b=2",
                "! unable to parse key: interface conversion: interface {} is int64, not map[string]interface {}",
            ),
            (
                "a={x},a.b=2",
                "! unable to parse key: interface conversion: interface {} is []interface {}, not map[string]interface {}",
            ),
            ("a=1,a[0]=2", "! unable to parse key: interface conversion: interface {} is int64, not []interface {}"),
            (
                "a=null,a.b=2",
                "! unable to parse key: interface conversion: interface {} is nil, not map[string]interface {}",
            ),
            (
                "a[0]=1,a[0][1]=2",
                "! unable to parse key: interface conversion: interface {} is int64, not []interface {}",
            ),
        ],
    );
}

#[test]
fn nesting_stops_at_thirty_dots() {
    let path = |dots: usize| format!("{}x=1", "a.".repeat(dots));
    assert!(run(&path(30), Mode::Typed).starts_with('{'));
    let want = "! value name nested level is greater than maximum supported nested level of 30";
    assert_eq!(run(&path(31), Mode::Typed), want);
    assert_eq!(run(&path(100_000), Mode::Literal), want);
    assert!(run(&format!("a{}=1", "[0].b".repeat(31)), Mode::Typed).starts_with('{'));
    assert_eq!(run(&format!("a{}{}=1", ".b[0].d".repeat(30), ".b[0].d"), Mode::Typed), want);
}

/// The reference takes ten thousand lists in each other, and no more.
#[test]
fn json_nests_ten_thousand_deep() {
    let nested = |depth: usize, inner: &str| format!("{}{inner}{}, rest", "[".repeat(depth), "]".repeat(depth));
    let used = |text: &str| crate::values::json_prefix::read(text).map(|(_, used)| used);
    for inner in ["", "1", r#"{"a":"]\"}"}"#] {
        let text = nested(9_999, inner);
        assert_eq!(used(&text), Ok(text.len() - ", rest".len()), "{inner}");
    }
    assert_eq!(used(&nested(10_001, "")), Err("exceeded max depth".into()));
    for wrong in [nested(700, "[1,]"), nested(700, "\"\\"), "[".repeat(700)] {
        assert!(used(&wrong).is_err(), "{wrong}");
    }
}

#[test]
fn strings_and_literals() {
    check(
        Mode::Strings,
        &[
            ("a=1,b=true", r#"{"a":"1","b":"true"}"#),
            ("a={1,true,null}", r#"{"a":["1","true","null"]}"#),
            ("a[0]=1", r#"{"a":["1"]}"#),
        ],
    );
    check(
        Mode::Literal,
        &[
            (r"a.b=x,y={z}\q", r#"{"a":{"b":"x,y={z}\\q"}}"#),
            ("a[1].b=x,c=d", r#"{"a":[null,{"b":"x,c=d"}]}"#),
            ("a", r#"! key "a" has no value"#),
            ("=x", "{}"),
            ("a=", r#"{"a":""}"#),
            (r"a\.b=c", r#"{"a\\":{"b":"c"}}"#),
            ("a,b=1", r#"{"a,b":"1"}"#),
            ("a.=", r#"! key map "a" has no value"#),
            ("a[0]=", r#"{"a":[""]}"#),
            ("a[0]x=1", "! unexpected data at end of array index: ['x']"),
            ("[0]=x", "{}"),
        ],
    );
}

#[test]
fn json_values() {
    check(
        Mode::Json,
        &[
            (r#"a={"x":[1,2.5,"y"]}"#, r#"{"a":{"x":[1,2.5,"y"]}}"#),
            (r#"a="x",b=2"#, r#"{"a":"x","b":2}"#),
            (r#"a=[1,2],b={"c":null}"#, r#"{"a":[1,2],"b":{"c":null}}"#),
            ("a=", r#"{"a":null}"#),
            ("a= ,b=1", r#"{"a":null,"b":1}"#),
            ("a[0]=,b=1", r#"{"a":[null],"b":1}"#),
            ("a=1 b=2", r#"{"a":1,"b":2}"#),
            ("a=1  ,  b=2", r#"{"  b":2,"a":1}"#),
            (r#"a[0]={"b":1},a[0].c=2"#, r#"{"a":[{"b":1,"c":2}]}"#),
            ("a=[1],a[0].b=2", r#"{"a":[{"b":2}]}"#),
            (r#"a={"b":1,"b":2}"#, r#"{"a":{"b":2}}"#),
            (r#"a="\ud800""#, "{\"a\":\"\u{fffd}\"}"),
            (r#"a="\ud83d\ude00""#, "{\"a\":\"\u{1f600}\"}"),
            ("[1]", "{}"),
        ],
    );
    for wrong in ["a", "a={", "a=x", "a=nul", "a=1,,b=2", "a=01", "a=1e400", r#"a={"b":1}x"#, r#""x""#] {
        assert!(run(wrong, Mode::Json).starts_with('!'), "{wrong}");
    }
    assert!(run(&format!("a={}", "[".repeat(100_000)), Mode::Json).starts_with('!'));
}

#[test]
fn files() {
    let read = |path: &str| match path {
        "f.txt" => Ok(b"hello, x=1".to_vec()),
        _ => Err(format!("open {path}: no such file or directory")),
    };
    check(
        Mode::Files(&read),
        &[
            ("a=f.txt,b=f.txt", r#"{"a":"hello, x=1","b":"hello, x=1"}"#),
            ("a={f.txt,f.txt}", r#"{"a":["hello, x=1","hello, x=1"]}"#),
            ("a=nofile", "! open nofile: no such file or directory"),
            ("a=", r#"{"a":""}"#),
            ("a", r#"! key "a" has no value"#),
        ],
    );
}
