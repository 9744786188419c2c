//! All answers were observed with `helm show values --jsonpath` of Helm 4.3.1.

use super::render;

const VALUES: &str = "\
a: 1
f: 1.5
big: 12345678
'null': null
s: 'hé <b>'
m: {x: 1, k.d: dotted, w: {z: deep}}
l: [1, two, {name: three, v: 3}, [4, 5]]
people:
- {name: ann, age: 30, tags: [x, y], ok: true}
- {name: bob, age: 25, addr: {city: B}}
el: []
nums: [3, 1, 2]
";

/// What comes out; `-` where nothing is found, `!` before an error without its start.
fn run(template: &str) -> String {
    let value = rhumb_yaml::parse_value(VALUES.as_bytes()).unwrap();
    match render(template, &value) {
        Ok(text) if text.is_empty() => "-".to_owned(),
        Ok(text) => String::from_utf8(text).unwrap(),
        Err(text) => text.replacen(&format!("error parsing jsonpath {template}: "), "!", 1),
    }
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (template, want) in cases {
        assert_eq!(run(template), *want, "{template}");
    }
}

#[test]
fn text_fields_and_values() {
    check(&[
        ("a{.a}b", "a1b"),
        ("}", "}"),
        ("{.big} {.f} {.s} {.null}", "1.2345678e+07 1.5 hé <b> null"),
        ("{.l}", "[1,\"two\",{\"name\":\"three\",\"v\":3},[4,5]]"),
        ("{.m .x}{$.a}{@['a']}", "111"),
        ("{.m['k\\.d']} {.m.k\\.d}", "dotted dotted"),
        ("{.m['x','w']}|", "1 {\"z\":\"deep\"}|"),
        ("{.nope}|", "-"),
        ("{.a.b}|", "-"),
        ("{.m['x','nope']}|", "-"),
        ("{.m.*}", "dotted {\"z\":\"deep\"} 1"),
        ("{.a.*}|", "|"),
        ("{..name}", "three ann bob"),
        ("{.m..}", "{\"k.d\":\"dotted\",\"w\":{\"z\":\"deep\"},\"x\":1} dotted {\"z\":\"deep\"} deep"),
        ("{..nope}|", "-"),
        ("{.a..x}|", "|"),
        ("{\"a\\tb\\u00e9\"}{'c\\''}{5}{-1.50}{true}", "a\tbéc'5-1.5true"),
        ("{.nums[*] 5}|{.nums[*] \"x\"}", "5 5 5|x"),
        ("{a}|", "-"),
    ]);
}

#[test]
fn lists() {
    check(&[
        ("{.l[0]} {.l[-1]} {.l[3][1]} {.l[01]} {.l[]}", "1 [4,5] 5 two 1"),
        (
            "{.l[0:2]}|{.l[-2:]}|{.l[::2]}|{.l[4:]}|{.l[:]}",
            "1 two|{\"name\":\"three\",\"v\":3} [4,5]|1 {\"name\":\"three\",\"v\":3}||1 two {\"name\":\"three\",\"v\":3} [4,5]",
        ),
        ("{.l[1,0]} {.l[0,2:4]}", "two 1 1 {\"name\":\"three\",\"v\":3} [4,5]"),
        ("{.l[4]}|", "-"),
        ("{.l[5:]}|", "-"),
        ("{.l[2:1]}|", "-"),
        ("{.l[0:2:0]}|", "-"),
        ("{.m[0]}|", "-"),
        ("{.null[0]}|", "|"),
        ("{.el[*]}|{.el[*].x}|", "||"),
    ]);
}

#[test]
fn filters() {
    check(&[
        ("{.people[?(@.age>26.0)].name}", "ann"),
        ("{.people[?( @.name == 'bob' )].age}", "25"),
        ("{.people[?(@.addr)].name}", "bob"),
        ("{.people[?(@.nope)].name}|", "|"),
        ("{.people[?(@.name>=\"ann\")].name}", "ann bob"),
        ("{.nums[?(@>1.5)]}", "3 2"),
        ("{.l[?(@)]}{.l[?()]}|", "1 two {\"name\":\"three\",\"v\":3} [4,5]1 two {\"name\":\"three\",\"v\":3} [4,5]|"),
        ("{.people[?(@.age>26)].name}|", "-"),
        ("{.people[?(@.ok==true)].name}|", "-"),
        ("{.people[?(@.name=\"ann\")]}|", "-"),
        ("{.people[?(@.age>)]}|", "|"),
        ("{.m[?(@)]}|", "-"),
    ]);
}

#[test]
fn ranges() {
    check(&[
        ("{range .people[*]}{.name}:{.age}{\"\\n\"}{end}|", "ann:30\nbob:25\n|"),
        ("{range .nums[*]}a{range @}b{end}c{end}|", "abcabcabc|"),
        ("{range .nums[*]}a{range @}b{end}c|", "abc|abc|abc|c|"),
        ("{range .l[*]}x", "xxxxx"),
        ("{range .el[*]}x{end}|", "|"),
        ("{range .el[*]}{.x}{end}|", "-"),
        ("{range .null}{@}{end}|", "<no value>|"),
        ("{range}x{end}|", "x|"),
        ("x{end}|", "-"),
    ]);
}

#[test]
fn what_cannot_be_read() {
    check(&[
        ("{", "!unclosed action"),
        ("{.a\n}", "!unclosed action"),
        ("{.a\\}|", "!unclosed action"),
        ("{\"unclosed}", "!unterminated quoted string"),
        ("{\"\\x\"}", "!unquote string \"\\x\" error invalid syntax"),
        ("{!}", "!unrecognized character in action: U+0021 '!'"),
        ("{.a\t}", "!unrecognized character in action: U+0009"),
        ("{.a{.b}}", "!unrecognized character in action: U+007B '{'"),
        ("{.nums..*}", "!unrecognized character in action: U+002A '*'"),
        ("{-}", "!cannot parse number -"),
        ("{1.2.3}", "!cannot parse number 1.2.3"),
        ("{.l[0}", "!unterminated array"),
        ("{.l[a]}", "!invalid array index a"),
        ("{.l[1 ]}", "!invalid array index 1 "),
        ("{.m['x,y']}", "!invalid array index 'x"),
        ("{.l[-]}", "!array index - is not a number"),
        ("{.l[?(@.name]}", "!unterminated filter"),
        ("{.l[?(@.name)}", "!unclosed array expect ]"),
        ("{.l[?(@.a==)]}", "!unrecognized character in action: U+003D '='"),
        ("{.l[?(!@.a)]}", "!unrecognized character in action: U+0021 '!'"),
    ]);
}

/// Not observed: ours ends where the reference goes on.
#[test]
fn depth_is_bounded() {
    assert_eq!(run(&"{range}".repeat(5_000)), "-");
    assert_eq!(run(&format!("{{.l{}1{}}}", "[?(@[?(".repeat(300), ")])]".repeat(300))).get(..1), Some("!"));
}
