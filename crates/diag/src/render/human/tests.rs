//! What people see, and that no place in any text makes it fail.

use super::*;
use crate::{FileId, Source, Span};

const NARROW: Look = Look { colour: false, width: 40 };

fn sources() -> (Sources, FileId, FileId) {
    let mut sources = Sources::new();
    let a = sources.add(Source::new("c/templates/a.yaml", &b"kind: X\n  name: {{ .Values.nme }}\nz: 1\n"[..]));
    let v = sources.add(Source::new("c/values.yaml", &b"# v\nname: x\na: 1\nb: 2\nc: 3\nd: 4\n"[..]));
    (sources, a, v)
}

#[test]
fn shows_lines_carets_way_note_and_hint() {
    let (sources, a, v) = sources();
    let diagnostic = Diagnostic::error("RH0401", "long text of Helm")
        .headline("no value")
        .at(Span::new(a, 19, 30), "this is nil")
        .also(Span::new(v, 4, 8), "nearest key")
        .also(Span::new(v, 22, 23), "another")
        .via(Span::new(a, 0, 7), "included at")
        .note("a\nb")
        .hint("did you mean .Values.name?");
    let expected = "\
error[RH0401]: no value
 --> c/templates/a.yaml:2:12
  |
1 | kind: X
2 |   name: {{ .Values.nme }}
  |            ^^^^^^^^^^^ this is nil
3 | z: 1
  |
 ::: c/values.yaml:2:1
  |
2 | name: x
  | ---- nearest key
...
5 | c: 3
  | - another
  |
  = via: included at c/templates/a.yaml:1:1: kind: X
  = note: a
          b
  = hint: did you mean .Values.name?
";
    assert_eq!(human(&diagnostic, &sources, Look::PLAIN), expected);
    let coloured = human(&diagnostic, &sources, Look { colour: true, width: 80 });
    assert!(coloured.starts_with("\u{1b}[1;31merror[RH0401]\u{1b}[0m: "));
}

#[test]
fn words_that_do_not_fit_go_below() {
    let (sources, a, _) = sources();
    let diagnostic = Diagnostic::error("x", "m")
        .at(Span::new(a, 19, 30), "this is missing, and nothing in sight is near enough to it")
        .hint("words are wrapped where the terminal ends, with their edge kept");
    let expected = "\
error[x]: m
 --> c/templates/a.yaml:2:12
  |
1 | kind: X
2 |   name: {{ .Values.nme }}
  |            ^^^^^^^^^^^
  | this is missing, and nothing in
  | sight is near enough to it
3 | z: 1
  |
  = hint: words are wrapped where the
          terminal ends, with their edge
          kept
";
    assert_eq!(human(&diagnostic, &sources, NARROW), expected);
}

#[test]
fn a_long_line_is_cut_around_the_caret() {
    let mut sources = Sources::new();
    let mut text = vec![b'a'; 5000];
    text.extend_from_slice(b"HERE");
    text.extend(vec![b'b'; 5000]);
    let id = sources.add(Source::new("x", text));
    for look in [NARROW, Look::PLAIN] {
        let shown = human(&Diagnostic::error("x", "m").at(Span::new(id, 5000, 5004), ""), &sources, look);
        assert!(shown.lines().all(|l| l.chars().count() <= look.width), "{shown}");
        let lines: Vec<Vec<char>> = shown.lines().map(|l| l.chars().collect()).collect();
        let at = |line: usize, c: char| lines[line].iter().position(|x| *x == c);
        assert_eq!(at(3, 'H'), at(4, '^'), "{shown}");
    }
}

#[test]
fn carets_stand_below_wide_letters_and_tabs() {
    let mut sources = Sources::new();
    let id = sources.add(Source::new("x", "日本\tx: é\u{301}y".as_bytes()));
    let text = human(&Diagnostic::error("x", "m").at(Span::new(id, 7, 8), ""), &sources, Look::PLAIN);
    assert!(text.contains("1 | 日本    x: é\u{301}y\n  |         ^\n"), "{text}");
}

#[test]
fn no_place_in_any_text_fails() {
    let texts: [&[u8]; 6] = [
        b"\xff\xfe\t\x1b[31m\xc3\xa9\r\n\r\n\xe6\x97",
        b"",
        b"\n",
        b"\r\n\r\n",
        "日本語\u{202e}🎉\u{301}\t\tx\n日".as_bytes(),
        b"a\tb\tc\n\td",
    ];
    for text in texts {
        let mut sources = Sources::new();
        let id = sources.add(Source::new("x", text));
        for start in 0..text.len() + 3 {
            for end in start..text.len() + 4 {
                for width in [0, 41, 80, 100_000] {
                    let finding = Diagnostic::error("x", "m\u{1b}[0m\nn").at(Span::new(id, start, end), "t\u{1b}é日");
                    let finding = finding.also(Span::new(id, end, end), "").via(Span::new(id, start, end), "at");
                    let text = human(&finding, &sources, Look { colour: false, width });
                    assert!(!text.contains(['\u{1b}', '\u{202e}', '\r']), "{text:?}");
                }
            }
        }
    }
}

#[test]
fn a_long_way_is_shortened() {
    let (sources, a, _) = sources();
    let mut diagnostic = Diagnostic::error("x", "m");
    for i in 0..1000 {
        diagnostic = diagnostic.via(Span::new(a, i % 2, 4), "included at");
    }
    let text = human(&diagnostic, &sources, Look::PLAIN);
    assert_eq!(text.lines().count(), 1 + 8 + 1);
    assert!(text.contains("= via: 992 more\n"), "{text}");
    let again = Diagnostic::error("x", "m").via(Span::new(a, 0, 4), "at").via(Span::new(a, 0, 4), "at");
    assert!(human(&again, &sources, Look::PLAIN).ends_with("kind (2 times)\n"));
}

#[test]
fn a_finding_without_place_is_one_line() {
    let text = human(&Diagnostic::warning("x", "careful"), &Sources::new(), Look::PLAIN);
    assert_eq!(text, "warning[x]: careful\n");
}
