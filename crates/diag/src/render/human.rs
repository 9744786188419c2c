//! For people at a terminal: headline, source line with a caret, the chain of includes, hints.

use std::fmt::Write as _;

use crate::{Diagnostic, Label, Severity, Source, Sources, Span};

/// Longest piece of a source line that is shown; a longer one is cut around the caret.
const WIDTH: usize = 110;

/// The diagnostic as text ending in a newline; `colour` adds ANSI sequences and belongs to a terminal only.
#[must_use]
pub fn human(diagnostic: &Diagnostic, sources: &Sources, colour: bool) -> String {
    let paint = Paint { colour };
    let mut out = String::new();
    headline(&mut out, diagnostic, paint);
    if let Some(label) = &diagnostic.primary {
        place(&mut out, label, sources, paint, '^');
    }
    for label in &diagnostic.secondary {
        place(&mut out, label, sources, paint, '-');
    }
    trail(&mut out, diagnostic, sources, paint);
    for hint in &diagnostic.hints {
        let _ = writeln!(out, "  {} {hint}", paint.as_hint("hint:"));
    }
    out
}

fn headline(out: &mut String, diagnostic: &Diagnostic, paint: Paint) {
    let text = if diagnostic.headline.is_empty() { &diagnostic.message } else { &diagnostic.headline };
    let word = paint.as_severity(diagnostic.severity);
    let _ = writeln!(out, "{word}: {}", paint.as_bold(text));
}

fn trail(out: &mut String, diagnostic: &Diagnostic, sources: &Sources, paint: Paint) {
    for frame in &diagnostic.trail {
        let at = sources.place(frame.span);
        let _ = writeln!(out, "  {} {} at {at}", paint.as_dim("via"), frame.text);
    }
}

fn place(out: &mut String, label: &Label, sources: &Sources, paint: Paint, mark: char) {
    let Some(source) = sources.get(label.span.file) else {
        return;
    };
    let at = source.position(label.span.start as usize);
    let number = at.line.to_string();
    let gutter = " ".repeat(number.len());
    let _ = writeln!(out, "{gutter}{} {}", paint.as_dim("-->"), sources.place(label.span));
    let (line, caret_at, caret_len) = window(source, label.span);
    let bar = paint.as_dim("|");
    let _ = writeln!(out, "{gutter} {bar}");
    let _ = writeln!(out, "{} {bar} {line}", paint.as_dim(&number));
    let carets = mark.to_string().repeat(caret_len);
    let _ = writeln!(
        out,
        "{gutter} {bar} {}{}{}{}",
        " ".repeat(caret_at),
        paint.as_caret(&carets, mark),
        if label.text.is_empty() { "" } else { " " },
        label.text
    );
}

/// The shown part of the span's first line, the caret's column in it and the caret's length, both in characters.
fn window(source: &Source, span: Span) -> (String, usize, usize) {
    let (start, line) = source.line_at(span.start as usize);
    let from = (span.start as usize - start.min(span.start as usize)).min(line.len());
    let to = (span.end as usize).saturating_sub(start).clamp(from, line.len());
    let before = shown(&line[..from]);
    let inside = shown(&line[from..to]);
    let after = shown(&line[to..]);
    let skip = before.len().saturating_sub(WIDTH / 2);
    let mut text: Vec<char> = before[skip..].to_vec();
    let caret_at = text.len();
    text.extend(&inside);
    text.extend(&after);
    text.truncate(WIDTH);
    let caret_len = inside.len().clamp(1, WIDTH.saturating_sub(caret_at).max(1));
    (text.into_iter().collect(), caret_at, caret_len)
}

/// Bytes as characters that take one column each: tabs become spaces, controls and bad bytes a replacement mark.
fn shown(bytes: &[u8]) -> Vec<char> {
    String::from_utf8_lossy(bytes)
        .chars()
        .map(|c| match c {
            '\t' => ' ',
            c if c.is_control() => char::REPLACEMENT_CHARACTER,
            c => c,
        })
        .collect()
}

#[derive(Clone, Copy)]
struct Paint {
    colour: bool,
}

impl Paint {
    fn wrap(self, code: &str, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn as_severity(self, severity: Severity) -> String {
        let code = match severity {
            Severity::Info => "1;36",
            Severity::Warning => "1;33",
            Severity::Error => "1;31",
        };
        self.wrap(code, severity.word())
    }

    fn as_bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    fn as_dim(self, text: &str) -> String {
        self.wrap("34", text)
    }

    fn as_hint(self, text: &str) -> String {
        self.wrap("1;32", text)
    }

    fn as_caret(self, text: &str, mark: char) -> String {
        self.wrap(if mark == '^' { "1;31" } else { "1;34" }, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> (Sources, crate::FileId, crate::FileId) {
        let mut sources = Sources::new();
        let a = sources.add(Source::new("c/templates/a.yaml", &b"kind: X\n  name: {{ .Values.nme }}\n"[..]));
        let v = sources.add(Source::new("c/values.yaml", &b"name: x\n"[..]));
        (sources, a, v)
    }

    #[test]
    fn shows_line_caret_trail_and_hint() {
        let (sources, a, v) = sources();
        let diagnostic = Diagnostic::error("nil", "long text of Helm")
            .headline("no value")
            .at(Span::new(a, 19, 30), "this is nil")
            .also(Span::new(v, 0, 4), "nearest key")
            .via(Span::new(a, 0, 4), "include \"x\"")
            .hint("did you mean .Values.name?");
        let expected = "\
error: no value
 --> c/templates/a.yaml:2:12
  |
2 |   name: {{ .Values.nme }}
  |            ^^^^^^^^^^^ this is nil
 --> c/values.yaml:1:1
  |
1 | name: x
  | ---- nearest key
  via include \"x\" at c/templates/a.yaml:1:1
  hint: did you mean .Values.name?
";
        assert_eq!(human(&diagnostic, &sources, false), expected);
        let coloured = human(&diagnostic, &sources, true);
        assert!(coloured.starts_with("\u{1b}[1;31merror\u{1b}[0m: "));
    }

    #[test]
    fn a_long_line_is_cut_around_the_caret() {
        let mut sources = Sources::new();
        let mut text = vec![b'a'; 5000];
        text.extend_from_slice(b"HERE");
        text.extend(vec![b'b'; 5000]);
        let id = sources.add(Source::new("x", text));
        let shown = human(&Diagnostic::error("x", "m").at(Span::new(id, 5000, 5004), ""), &sources, false);
        assert!(shown.lines().all(|l| l.len() < 130), "{shown}");
        let lines: Vec<_> = shown.lines().collect();
        let at = lines[3].find("HERE").expect("the place is shown");
        assert_eq!(lines[4].find("^^^^"), Some(at));
    }

    #[test]
    fn wide_and_broken_text_is_harmless() {
        let mut sources = Sources::new();
        let id = sources.add(Source::new("x", &b"\xff\xfe\t\x1b[31m\xc3\xa9\n"[..]));
        for start in 0..12 {
            for end in start..14 {
                let text = human(&Diagnostic::error("x", "m").at(Span::new(id, start, end), "t"), &sources, false);
                assert!(!text.contains('\u{1b}'));
            }
        }
    }

    #[test]
    fn a_finding_without_place_is_one_line() {
        let text = human(&Diagnostic::warning("x", "careful"), &Sources::new(), false);
        assert_eq!(text, "warning: careful\n");
    }
}
