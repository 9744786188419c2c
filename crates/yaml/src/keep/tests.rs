//! What is kept and what is made alike, all as observed with go.yaml.in/yaml/v3 3.0.5 as Helm 4.3.1 uses it.

use super::*;

fn again(text: &str) -> String {
    match Kept::read(text.as_bytes()) {
        Ok(Some(doc)) => String::from_utf8(doc.write(false)).unwrap(),
        Ok(None) => String::new(),
        Err(e) => format!("! {}", e.text()),
    }
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (text, want) in cases {
        assert_eq!(again(text), *want, "{text:?}");
    }
}

#[test]
fn indentation_is_made_alike() {
    check(&[
        ("a:\n    b:\n        - c\n        -   d: 1\n            e: 2\n", "a:\n  b:\n  - c\n  - d: 1\n    e: 2\n"),
        ("- - a\n  - - b\n-\n  c: d\n", "- - a\n  - - b\n- c: d\n"),
        ("a: [1,\n  2, {b: c,\n d: }]\n", "a: [1, 2, {b: c, d: ''}]\n"),
        ("a:   1\nb :\t2\n", "a: 1\nb: 2\n"),
        ("a:\nb: ~\nc: null\n", "a:\nb: ~\nc: null\n"),
        ("? a\n: b\n? [c]\n: d\n", "a: b\n? [c]\n: d\n"),
        ("a: {}\nb: []\nc: [ ]\n", "a: {}\nb: []\nc: []\n"),
        ("[a: b, c]", "[{a: b}, c]\n"),
        ("{\"a\":1}", "{\"a\": 1}\n"),
        ("\u{feff}a: 1", "a: 1\n"),
    ]);
}

#[test]
fn scalars_keep_their_quotes() {
    check(&[
        ("a: 'x'\nb: \"y\"\nc: z\n'd': ''\n", "a: 'x'\nb: \"y\"\nc: z\n'd': ''\n"),
        ("a: plain\n  more\nb: \"long\n  line\"\n", "a: plain more\nb: \"long line\"\n"),
        ("a: x\n\n  y\n", "a: |-\n  x\n  y\n"),
        ("a: |\n    x\n      y\nb: |-\n z\nc: |+\n z\n\n", "a: |\n  x\n    y\nb: |-\n  z\nc: |+\n  z\n\n"),
        ("a: |2\n    x\n", "a: |2\n    x\n"),
        ("a: >\n x\n y\n\n z\nb: >-\n  q\n", "a: >\n  x y\n\n  z\n\nb: >-\n  q\n"),
        ("a: >\n   x\n     y\n   z\n", "a: >\n  x\n\n    y\n  z\n\n"),
        ("a: 'x\n\n  y'\n", "a: 'x\n\n  y'\n"),
        ("a: \"\\u00e9\\t\\u2028\"\n", "a: \"é\\t\\L\"\n"),
        ("[a:b, 'c, d', \"e\"]", "['a:b', 'c, d', \"e\"]\n"),
        ("\"a\\nb\": c\n", "? \"a\\nb\"\n: c\n"),
    ]);
}

#[test]
fn tags_anchors_and_aliases() {
    check(&[
        ("a: &x {b: 1}\nc: *x\nd: &y\n- 1\n", "a: &x {b: 1}\nc: *x\nd: &y\n- 1\n"),
        ("a: &x 1\n*x : 2\n", "a: &x 1\n*x: 2\n"),
        (
            "a: !!str 5\nb: !foo {a: 1}\nc: ! x\nd: !<tag:a.com,2000:q> z\n",
            "a: !!str 5\nb: !foo {a: 1}\nc: x\nd: !<tag:a.com,2000:q> z\n",
        ),
        ("a: &x {b: 1}\nd:\n  <<: *x\n", "a: &x {b: 1}\nd:\n  !!merge <<: *x\n"),
        ("a: !x%21y z\n", "a: !x%21y z\n"),
        ("a: *x\n", "! yaml: unknown anchor 'x' referenced"),
    ]);
}

#[test]
fn comments_go_with_what_they_are_about() {
    check(&[
        ("# a\n\n\n# b\n\na: 1   # c\n# d\n", "# a\n\n# b\n\na: 1 # c\n# d\n"),
        ("# one\nb: 2\n", "# one\nb: 2\n"),
        ("a: 1\n# foot\n\nb: 2\n", "a: 1\n# foot\n\nb: 2\n"),
        ("a: 1\n\n# head\nb: 2\n", "a: 1\n# head\nb: 2\n"),
        ("a: # c\n  # d\n  b: 1\n", "a: # c\n  # d\n  b: 1\n"),
        ("a: # c\n- 1\n", "a: # c\n- 1\n"),
        ("a: | # c\n  b\n# d\nc: 1\n", "a: | # c\n  b\n# d\nc: 1\n"),
        ("- # c\n  a: 1\n", "- # c\n  a: 1\n"),
        ("a: [ # x\n  1, # y\n  # z\n  2\n]\n", "a: [1, # y\n  # z\n  2]\n"),
        ("a:\n  - x\n    # one\n\n  ## two\nr: 1\n", "a:\n- x\n# one\n\n## two\n\nr: 1\n"),
        // The second foot takes the place of the first.
        ("a:\n  h: x\n    # one\n\n  ## two\nr: 1\n", "a:\n  h: x\n  ## two\nr: 1\n"),
        ("a:\n  b: 1\n  # in\n# out\nc: 1\n", "a:\n  b: 1\n  # in\n# out\nc: 1\n"),
        ("# only\n", ""),
        ("", ""),
    ]);
}

#[test]
fn complaints_name_the_line_where_it_begins() {
    check(&[
        ("x:\n  a: 1\n b: 2\n", "! yaml: line 2: did not find expected key"),
        ("x: 1\ny: \"a\n  b\n", "! yaml: line 2: found unexpected end of stream"),
        ("x: 1\na: b: c\n", "! yaml: line 2: mapping values are not allowed in this context"),
        ("a: [1\n", "! yaml: line 1: did not find expected ',' or ']'"),
    ]);
}

#[test]
fn changes() {
    let mut doc = Kept::read(b"# top\na: {x: \"1\", y: 2} # side\nb:\n- 1\n").unwrap().unwrap();
    let a = doc.get(ROOT, "a").unwrap();
    doc.set_text(a, "x", "new");
    doc.set_text(a, "z", "added");
    doc.remove(a, "y");
    let c = doc.add_mapping(ROOT, "c");
    doc.set_text(c, "d", "e");
    doc.remove(ROOT, "nope");
    let text = |wide| String::from_utf8(doc.write(wide)).unwrap();
    assert_eq!(text(false), "# top\na: {x: \"new\", z: 'added'} # side\nb:\n- 1\nc:\n  d: 'e'\n");
    assert!(text(true).contains("b:\n  - 1\n"));
    let b = doc.get(ROOT, "b").unwrap();
    assert_eq!((doc.kind(b), doc.line(b), doc.children(b).len()), (Kind::Sequence, 4, 1));
    assert_eq!(doc.write_node(b), b"- 1\n");
    assert_eq!(doc.cut_out(a).write(false), b"{x: \"new\", z: 'added'} # side\n");
}

/// Deep and wide texts end, with little stack.
#[test]
fn hostile_texts() {
    let deep = "[".repeat(9000) + &"]".repeat(9000);
    assert_eq!(again(&deep).trim_end(), deep);
    assert_eq!(again(&"[".repeat(20_000)), "! yaml: exceeded max depth of 10000");
    let nested: String = (0..2000).map(|n| " ".repeat(n) + "a:\n").collect();
    assert_eq!(again(&nested).lines().count(), 2000);
    let comments = "# x\n".repeat(20_000) + "a: 1\n" + &"# y\n\n".repeat(20_000);
    assert!(again(&comments).len() > 100_000);
}

/// Whatever is cut out of a text or put into it, the answer is a text or an error, and what was written can be read.
#[test]
fn mangled_texts() {
    const TEXT: &str = "# top\n\n# head\na: &x [1, {b: c}, *x] # line\nd: # key\n  - e # i\n  # foot\n\n  - ? f\n    : |+ # block\n      g\n\n\
                        # out\n!t h: \"i\\n\"\n<<: {j: k, # l\n  m: n}\n\"o\": >\n  p\n  q\n# end\n";
    const PIECES: [&str; 14] = ["#", "\n", "  ", "- ", ": ", "[", "]", "{", "}", ", ", "? ", "\t", "|", "# c\n"];
    let mut state = 1_u64;
    let mut roll = |most: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % most
    };
    let mut written = 0;
    for _ in 0..3000 {
        let mut text = TEXT.to_owned();
        for _ in 0..=roll(4) {
            let (at, cut) = (roll(text.len()), roll(6));
            let end = (at + cut).min(text.len());
            text.replace_range(at..end, PIECES[roll(PIECES.len())]);
        }
        if let Ok(Some(doc)) = Kept::read(text.as_bytes()) {
            written += 1;
            let again = doc.write(false);
            // An alias as a key is written as the reference writes it, without the blank that would make it one.
            let odd = text.contains('*') || text.contains('?');
            assert!(odd || Kept::read(&again).is_ok(), "{text:?}\n{}", String::from_utf8_lossy(&again));
        }
    }
    assert!(written > 300, "{written}");
}
