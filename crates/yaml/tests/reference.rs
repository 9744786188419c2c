//! Reading and writing against recorded answers of the reference's own libraries.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::fmt::Write;

/// Runs every case of a table through `answer`, and shows those that differ.
fn check(table: &str, answer: impl Fn(&[u8]) -> Result<Vec<u8>, String>) {
    let mut lines = table.lines().filter(|l| !l.starts_with("# Asked"));
    let (mut count, mut wrong) = (0, String::new());
    while let (Some(input), Some(want)) = (lines.next(), lines.next()) {
        let got = match answer(&unescape(input)) {
            Ok(out) => [b"ok ".as_slice(), &out].concat(),
            Err(text) => format!("err {text}").into_bytes(),
        };
        let want = unescape(want.trim_start());
        if got != want {
            let (got, want) = (String::from_utf8_lossy(&got), String::from_utf8_lossy(&want));
            writeln!(wrong, "{input}\n  want {want:?}\n  got  {got:?}").unwrap();
        }
        count += 1;
    }
    assert!(count > 300, "the table is cut short: {count}");
    assert!(wrong.is_empty(), "{wrong}");
}

fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(b) = bytes.next() {
        if b != b'\\' {
            out.push(b);
            continue;
        }
        match bytes.next().unwrap() {
            b'n' => out.push(b'\n'),
            b'x' => {
                let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
                out.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
            }
            other => out.push(other),
        }
    }
    out
}

#[test]
fn reads_as_the_reference() {
    check(include_str!("data/read.txt"), |input| {
        let value = rhumb_yaml::parse_value(input).map_err(|e| e.to_string())?;
        rhumb_value::json::to_json(&value, true)
    });
}

#[test]
fn writes_as_the_reference() {
    check(include_str!("data/write.txt"), |input| {
        rhumb_yaml::parse_value(input).and_then(|v| rhumb_yaml::to_yaml(&v)).map_err(|e| e.to_string())
    });
}

#[test]
fn writes_prettily_as_the_reference() {
    check(include_str!("data/pretty.txt"), |input| {
        rhumb_yaml::parse_value(input).and_then(|v| rhumb_yaml::to_yaml_pretty(&v)).map_err(|e| e.to_string())
    });
}

#[test]
fn deep_and_multiplying_documents_end_in_errors() {
    let nested = |n: usize| [b"[".repeat(n), b"]".repeat(n)].concat();
    assert!(rhumb_yaml::parse_value(&nested(9_999)).is_ok());
    let deep = rhumb_yaml::parse_value(&nested(10_001)).unwrap_err();
    assert_eq!(deep.text(), "yaml: exceeded max depth of 10000");
    let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for i in 1..9 {
        writeln!(bomb, "a{i}: &a{i} [{}]", vec![format!("*a{} ", i - 1); 9].join(",")).unwrap();
    }
    let bomb = rhumb_yaml::parse_value(bomb.as_bytes()).unwrap_err();
    assert_eq!(bomb.text(), "yaml: document contains excessive aliasing");
}
