//! For machines: one JSON object a diagnostic, on one line.

use std::fmt::Write as _;

use crate::{Diagnostic, Sources, Span};

/// The diagnostic as one line of JSON, without a newline. Lines and columns count from 1, columns in bytes.
#[must_use]
pub fn json(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let mut out = String::from("{\"severity\":");
    string(&mut out, diagnostic.severity.word());
    out.push_str(",\"code\":");
    string(&mut out, diagnostic.code);
    out.push_str(",\"message\":");
    string(&mut out, &diagnostic.message);
    if !diagnostic.headline.is_empty() && diagnostic.headline != diagnostic.message {
        out.push_str(",\"title\":");
        string(&mut out, &diagnostic.headline);
    }
    if let Some(label) = &diagnostic.primary {
        out.push_str(",\"at\":");
        place(&mut out, label.span, &label.text, sources);
    }
    list(&mut out, "also", diagnostic.secondary.iter().map(|l| (l.span, &*l.text)), sources);
    list(&mut out, "via", diagnostic.trail.iter().map(|f| (f.span, &*f.text)), sources);
    texts(&mut out, "notes", &diagnostic.notes);
    texts(&mut out, "hints", &diagnostic.hints);
    out.push('}');
    out
}

fn texts(out: &mut String, name: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    let _ = write!(out, ",\"{name}\":[");
    for (i, text) in items.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        string(out, text);
    }
    out.push(']');
}

fn list<'a>(out: &mut String, name: &str, items: impl ExactSizeIterator<Item = (Span, &'a str)>, sources: &Sources) {
    if items.len() == 0 {
        return;
    }
    let _ = write!(out, ",\"{name}\":[");
    for (i, (span, text)) in items.enumerate() {
        if i > 0 {
            out.push(',');
        }
        place(out, span, text, sources);
    }
    out.push(']');
}

fn place(out: &mut String, span: Span, text: &str, sources: &Sources) {
    out.push('{');
    if let Some(source) = sources.get(span.file) {
        out.push_str("\"file\":");
        string(out, source.name());
        let start = source.position(span.start as usize);
        let end = source.position(span.end as usize);
        let _ = write!(
            out,
            ",\"line\":{},\"column\":{},\"endLine\":{},\"endColumn\":{}",
            start.line, start.column, end.line, end.column
        );
        out.push(',');
    }
    out.push_str("\"text\":");
    string(out, text);
    out.push('}');
}

fn string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    #[test]
    fn one_object() {
        let mut sources = Sources::new();
        let id = sources.add(Source::new("a", &b"x\nyz"[..]));
        let diagnostic = Diagnostic::error("c", "m \"q\"\n\u{1}")
            .at(Span::new(id, 2, 4), "here")
            .via(Span::new(id, 0, 1), "include")
            .hint("do");
        assert_eq!(
            json(&diagnostic, &sources),
            "{\"severity\":\"error\",\"code\":\"c\",\"message\":\"m \\\"q\\\"\\n\\u0001\",\
             \"at\":{\"file\":\"a\",\"line\":2,\"column\":1,\"endLine\":2,\"endColumn\":3,\"text\":\"here\"},\
             \"via\":[{\"file\":\"a\",\"line\":1,\"column\":1,\"endLine\":1,\"endColumn\":2,\"text\":\"include\"}],\
             \"hints\":[\"do\"]}"
        );
    }

    #[test]
    fn nothing_but_the_message() {
        assert_eq!(
            json(&Diagnostic::warning("w", "é"), &Sources::new()),
            "{\"severity\":\"warning\",\"code\":\"w\",\"message\":\"é\"}"
        );
    }
}
