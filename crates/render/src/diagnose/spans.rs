//! From the place that Go reports to the bytes that a person would underline.

use std::ops::Range;

use rhumb_value::Str;

/// The bytes of the node at an offset, whose text Go shows as `context`.
pub(super) fn node(text: &[u8], offset: u32, context: &str) -> Range<usize> {
    let at = (offset as usize).min(text.len());
    if context.starts_with(['.', '$', '(']) && text.get(at) == Some(&b'.') {
        return chain(text, at);
    }
    // The context is the source without its spacing, so the two are walked side by side.
    let mut end = at;
    let mut wanted = context.bytes().filter(|b| !b.is_ascii_whitespace()).peekable();
    while let (Some(b), Some(want)) = (text.get(end), wanted.peek()) {
        if b.is_ascii_whitespace() {
            end += 1;
        } else if b == want {
            wanted.next();
            end += 1;
        } else {
            break;
        }
    }
    while end > at && text[end - 1].is_ascii_whitespace() {
        end -= 1;
    }
    if wanted.peek().is_some() { at..word_end(text, at) } else { at..end }
}

/// The chain of fields that a dot belongs to, from its first operand to its last name.
fn chain(text: &[u8], at: usize) -> Range<usize> {
    let mut end = at;
    while text.get(end) == Some(&b'.') {
        end = name_end(text, end + 1);
    }
    let mut start = at;
    loop {
        let before = name_start(text, start);
        if before < start && matches!(text.get(before), Some(b'.' | b'$')) {
            start = before;
        } else if start > 0 && text[start - 1] == b')' {
            start = opening(text, start - 1);
            break;
        } else {
            start = before;
            break;
        }
    }
    start..end
}

/// Where the name, with its dot or dollar sign, that ends before `at` starts.
fn name_start(text: &[u8], at: usize) -> usize {
    let mut start = at;
    while start > 0 && is_name(text[start - 1]) {
        start -= 1;
    }
    let sign = start > 0 && (text[start - 1] == b'.' || text[start - 1] == b'$');
    if sign { start - 1 } else { start }
}

/// The parenthesis that the one at `at` closes.
fn opening(text: &[u8], at: usize) -> usize {
    let mut depth = 0usize;
    for i in (0..=at).rev() {
        match text[i] {
            b')' => depth += 1,
            b'(' => depth = depth.saturating_sub(1),
            b'{' if text[..i].ends_with(b"{") => return at,
            _ => {}
        }
        if depth == 0 {
            return i;
        }
    }
    at
}

/// The bytes of one name of a chain, with its dot, when the name numbered `placed` stands at an offset.
pub(super) fn name(text: &[u8], offset: u32, names: &[Str], placed: usize, wanted: usize) -> Option<Range<usize>> {
    let mut at = offset as usize;
    if wanted < placed {
        for name in names.get(wanted..placed)?.iter().rev() {
            at = at.checked_sub(name.len() + 1)?;
        }
    } else {
        for name in names.get(placed..wanted)? {
            at += name.len() + 1;
        }
    }
    let end = at + 1 + names.get(wanted)?.len();
    // Where the text does not hold it, the chain was written in another way.
    (text.get(at) == Some(&b'.') && text.get(at + 1..end)? == &**names.get(wanted)?).then_some(at..end)
}

/// The action that holds an offset, with its delimiters.
pub(super) fn action(text: &[u8], offset: u32) -> Option<Range<usize>> {
    let at = (offset as usize).min(text.len());
    let start = memchr::memmem::rfind(&text[..(at + 2).min(text.len())], b"{{")?;
    let end = start + memchr::memmem::find(&text[start..], b"}}")? + 2;
    (end > at).then_some(start..end)
}

/// Every chain such as `.Values.a.b` or `$.Values.a.b` in a range, as names behind `Values`, with its place.
pub(super) fn values_chains(text: &[u8], range: Range<usize>) -> Vec<(Vec<Str>, Range<usize>)> {
    let mut found = Vec::new();
    let mut from = range.start;
    while let Some(at) = text.get(from..range.end).and_then(|t| memchr::memmem::find(t, b".Values")) {
        let at = from + at;
        let whole = chain(text, at);
        from = whole.end.max(at + 1);
        let mut names = text[whole.clone()].split(|b| *b == b'.');
        let head = names.next().unwrap_or_default();
        if !matches!(head, b"" | b"$") || names.next() != Some(b"Values") {
            continue;
        }
        found.push((names.map(Str::from_bytes).collect(), whole));
    }
    found
}

fn is_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80
}

fn name_end(text: &[u8], from: usize) -> usize {
    text[from.min(text.len())..].iter().position(|b| !is_name(*b)).map_or(text.len(), |n| from + n)
}

/// The end of the word at an offset; at least one byte, where there is one.
pub(super) fn word_end(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        None => at,
        Some(b) if is_name(*b) => name_end(text, at),
        Some(b'.' | b'$' | b'-') => name_end(text, at + 1),
        Some(quote @ (b'"' | b'\'')) => {
            let rest = &text[at + 1..];
            match rest.iter().position(|b| b == quote || *b == b'\n') {
                Some(end) if rest[end] == *quote => at + end + 2,
                _ => at + 1,
            }
        }
        Some(_) => at + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, needle: &str, context: &str) -> String {
        let at = text.find(needle).unwrap();
        let range = node(text.as_bytes(), at as u32, context);
        text[range].to_owned()
    }

    #[test]
    fn nodes_as_they_are_written() {
        let text =
            "{{ include  \"x\"   .Values.a.b | quote }} {{ (index .Values \"a\").b.c }} {{ $v.d.e }} {{f (.x).y}}";
        let cases = [
            (".a.b", ".Values.a.b", ".Values.a.b"),
            ("include", "include \"x\" .Values.a.b", "include  \"x\"   .Values.a.b"),
            ("include", "other", "include"),
            (".b.c", "(index .Values \"a\").b.c", "(index .Values \"a\").b.c"),
            (".d.e", "$v.d.e", "$v.d.e"),
            (".y", "(.x).y", "(.x).y"),
            ("quote", "quote", "quote"),
        ];
        for (needle, context, want) in cases {
            assert_eq!(shown(text, needle, context), want, "{needle}");
        }
    }

    #[test]
    fn names_of_a_chain() {
        let text = b"{{ .Values.ab.c }}";
        let names: Vec<Str> = ["Values", "ab", "c"].map(Str::from).to_vec();
        let own = |wanted| name(text, 10, &names, 1, wanted).map(|r| String::from_utf8_lossy(&text[r]).into_owned());
        assert_eq!(own(0).as_deref(), Some(".Values"));
        assert_eq!(own(1).as_deref(), Some(".ab"));
        assert_eq!(own(2).as_deref(), Some(".c"));
        assert_eq!(own(3), None);
        assert_eq!(name(text, 4, &names, 1, 1), None);
        assert_eq!(name(text, 99, &names, 1, 0), None);
    }

    #[test]
    fn chains_of_values_in_an_action() {
        let text = b"{{ default $.Values.a.b .Values.c }}{{ $x.Values.d }} .Values";
        let found = values_chains(text, 0..text.len());
        let names: Vec<String> = found.iter().map(|(n, _)| n.iter().map(|s| format!("/{s}")).collect()).collect();
        assert_eq!(names, ["/a/b", "/c", ""]);
        assert_eq!(action(text, 5), Some(0..36));
        assert_eq!(action(text, 0), Some(0..36));
        assert_eq!(action(text, 60), None);
    }

    #[test]
    fn odd_offsets_are_harmless() {
        let text = "é{{ .a)) . .. $ \"x".as_bytes();
        for at in 0..text.len() as u32 + 5 {
            for context in ["", ".a", "(x)", "$", "é{{"] {
                let range = node(text, at, context);
                assert!(range.start <= range.end && range.end <= text.len());
            }
            let _ = (action(text, at), word_end(text, at as usize));
        }
        assert_eq!(values_chains(text, 0..text.len()).len(), 0);
    }
}
