//! The short way answers as the long one, and takes what charts are made of.

use rhumb_value::Value;

use super::*;
use crate::error::Error;
use crate::parse_read;

fn long(text: &str) -> Result<Value, Error> {
    parse_read(text.as_bytes(), None)?.to_value()
}

/// Whether the short way was taken; it must not differ from the long one.
fn agrees(text: &str) -> bool {
    // This compares both ways itself, as tests are debug builds.
    let _ = crate::head(text.as_bytes());
    let short = value(text.as_bytes());
    assert_eq!(short.is_some(), is_good(text.as_bytes()), "{text:?}");
    let Some(short) = short else { return false };
    match long(text) {
        Ok(long) => assert!(long.deep_equal(&short), "{text:?}: {long:?} and {short:?}"),
        Err(error) => panic!("{text:?}: {error:?}"),
    }
    true
}

#[test]
fn plain_documents_are_taken() {
    let taken = [
        "a: 1\nb: two words # c\nc:\n  d: [1, {e: f}, ]\n  g: |\n    x: y\n\n    # z\nh: >-\n  a\n  b\n",
        "# head\n\n- a\n- b: 1\n  c: 2\n-\n  d\n- - x\n  - y\n-\n- |-\n  t\n",
        "k:\n- a\n- b:\n  - c\n  d: e\nl:\nm: ~\nn: \"q\\n\\\"r\" # s\no: 'it''s'\n",
        "\"a b\": 'c'\nd e : f\n1: 2\ntrue: yes\n-1: -x\nurl: http://x/y?z=1#f\nt: 10:30\n",
        "a: x\n  y\n   z\nb: [\n  1,\n  2 # c\n]\nc: {\"a\":1, 'b': \"c\"}\nd: é ü\n",
        "just text",
    ];
    for text in taken {
        assert!(agrees(text), "{text:?}");
    }
}

#[test]
fn block_scalars_that_are_stepped_over_end_where_they_do() {
    let pieces = [
        "a: |",
        " >2-",
        "  b: |+ # c",
        "\n",
        "    x",
        "  y",
        "\t",
        "z: 1",
        " ",
        "- |1",
        "metadata:",
        "\n  annotations:",
    ];
    let mut taken = 0;
    for n in 0..pieces.len().pow(4) {
        let text: String = (0..4).map(|place| pieces[n / pieces.len().pow(place) % pieces.len()]).collect();
        let text = format!("k: |\n  a\n{text}");
        taken += usize::from(agrees(&text));
    }
    assert!(taken > 1000, "{taken}");
}

#[test]
fn everything_else_is_left_alone() {
    let left = [
        "",
        "# c\n",
        "a: &x 1\n",
        "a: *x\n",
        "a: !!str 1\n",
        "<<: {a: 1}\n",
        "---\na: 1\n",
        "a: 1\n---\nb: 1\n",
        "%YAML 1.1\n",
        "a: 1\r\n",
        "a:\t1\n\t\n",
        "? a\n: b\n",
        "a: b: c\n",
        "a:\n  - b\n - c\n",
        "a: 1\n b: 2\n",
        "a: [1\n",
        "a: }\n",
        "a: .inf\n",
        "~: 1\n",
        "a: 'x' y\n",
        "a: 1\nb\n",
        "- a\nb: c\n",
        "a: [b: c]\n",
        "a: {b}\n",
        "a: - b\n",
        "a: @x\n",
        "a: |\n  x\n\ty\n",
        "a: \u{85}b\n",
        "a: 99999999999999999999: 1\n",
    ];
    for text in left {
        assert!(!agrees(text), "{text:?}");
    }
    let deep = "- ".repeat(200) + "a";
    assert!(!agrees(&deep));
}

/// Lines put together at random: most are no YAML, and what the short way takes must be.
#[test]
fn both_ways_agree_on_generated_texts() {
    const PARTS: &[&str] = &[
        "a: 1",
        "kind: X",
        "metadata:",
        "  name: n",
        "  annotations:",
        "    c: 1",
        "  name:",
        "KIND: Y",
        "b:",
        "- c",
        "- d: e",
        "-",
        "f: |",
        "g: >-",
        "text",
        "  more",
        "# note",
        "",
        "h: [1, 2",
        "]",
        "i: {j: k}",
        "l: \"m",
        "n\"",
        "'o': p",
        "q: 'r",
        "s'",
        "- - t",
        "--- ",
        "...",
        "u: v # w",
        "x y: z",
        "? k",
        ": v",
        "&a b",
        "*a",
        "{",
        "}",
        "m: ,",
        "- |",
        "n: #c",
        "a#b: c",
        "\"k\": \"v\"",
        "k:v",
        "- - - 1",
        "\tx",
        "a: b:",
        "- {a: [b, c], d: e}",
        "- [a, {b: c}]",
        "[a, b]: c",
    ];
    let mut seed: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut random = |n: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 33) as usize % n
    };
    let mut taken = 0;
    for _ in 0..60_000 {
        let mut text = String::new();
        for _ in 0..=random(7) {
            text += &"  ".repeat(random(3));
            text += &" ".repeat(random(8) / 7);
            text += PARTS[random(PARTS.len())];
            text += if random(30) == 0 { "" } else { "\n" };
        }
        taken += usize::from(agrees(&text));
    }
    assert!(taken > 3_000, "{taken}");
}
