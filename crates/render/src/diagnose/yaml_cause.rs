//! Where YAML breaks for a person: the reader notices late, and says little.

use std::ops::Range;

use rhumb_yaml::Error;

/// The place at fault, what is wrong there, and what usually helps.
#[derive(Debug)]
pub(super) struct Cause {
    /// Bytes of the document.
    pub(super) at: Range<usize>,
    /// What to write beside the place.
    pub(super) label: String,
    /// What to do.
    pub(super) hint: Option<String>,
    /// Whether it is about how far a line is indented.
    pub(super) is_indentation: bool,
}

impl Cause {
    pub(super) fn new(at: Range<usize>, label: impl Into<String>) -> Self {
        Cause { at, label: label.into(), hint: None, is_indentation: false }
    }

    fn hint(mut self, text: &str) -> Self {
        self.hint = Some(text.to_owned());
        self
    }

    fn indentation(mut self) -> Self {
        self.is_indentation = true;
        self
    }
}

/// Lines of a document by number from 0.
struct Lines<'t> {
    text: &'t [u8],
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t [u8]) -> Self {
        let starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text).map(|i| i + 1)).collect();
        Lines { text, starts }
    }

    fn number(&self, at: usize) -> usize {
        self.starts.partition_point(|s| *s <= at).saturating_sub(1)
    }

    fn range(&self, number: usize) -> Range<usize> {
        let start = self.starts.get(number).copied().unwrap_or(self.text.len());
        let end = self.starts.get(number + 1).map_or(self.text.len(), |e| e - 1);
        start..end.max(start)
    }

    fn line(&self, number: usize) -> &'t [u8] {
        &self.text[self.range(number)]
    }

    /// The content of a line without the spaces around it.
    fn content(&self, number: usize) -> Range<usize> {
        let range = self.range(number);
        let line = &self.text[range.clone()];
        let start = range.start + indentation(line);
        start..start.max(range.start + line.trim_ascii_end().len())
    }

    fn is_empty(&self, number: usize) -> bool {
        let line = self.line(number).trim_ascii();
        line.is_empty() || line.starts_with(b"#")
    }

    /// The last line before one that has something.
    fn before(&self, number: usize) -> Option<usize> {
        (0..number).rev().find(|n| !self.is_empty(*n))
    }
}

fn indentation(line: &[u8]) -> usize {
    line.iter().take_while(|b| matches!(b, b' ' | b'\t')).count()
}

/// What is wrong in a file that people write: nothing renders it, so advice on templates would mislead.
pub(super) fn of_values(text: &[u8], error: &Error) -> Cause {
    let cause = find(text, error);
    let hint = cause.hint.map(|hint| match hint.split_once(", in a template with") {
        Some((own, _)) => own.to_owned(),
        None if hint.contains("nindent") && hint.starts_with("text over") => {
            "a text over several lines needs a `|` behind its key and deeper indentation".to_owned()
        }
        None if hint.contains("nindent") => "indent it like its neighbours".to_owned(),
        None if hint.contains("let `quote`") => "quotes inside of a quoted value must be escaped or doubled".to_owned(),
        None => hint,
    });
    Cause { hint, ..cause }
}

/// What is wrong in a document that cannot be read.
pub(super) fn find(text: &[u8], error: &Error) -> Cause {
    let lines = Lines::new(text);
    let noticed = error.offset().map_or(0, |o| (o as usize).min(text.len()));
    // The end of the text is shown at the last line that has something.
    let noticed = if text[noticed..].trim_ascii().is_empty() { text.trim_ascii_end().len() } else { noticed };
    let problem = problem(error.text());
    let number = lines.number(noticed);
    if let Some(tab) = tab(&lines, number, problem) {
        return tab;
    }
    let word = noticed..(noticed + 1).min(text.len());
    match problem {
        p if p.starts_with("mapping values are not allowed") => second_colon(&lines, number, noticed),
        p if p.starts_with("could not find expected ':'") => no_colon(&lines, number, noticed),
        p if p.starts_with("did not find expected key") => no_key(&lines, number, noticed),
        p if p.starts_with("did not find expected '-'") => Cause::new(lines.content(number), "this is not part of the list above")
            .hint("indent it like the other elements, and start each element with `- `")
            .indentation(),
        p if p.starts_with("block sequence entries are not allowed") => Cause::new(word, "a list cannot start here")
            .hint("start the list on a line of its own, below its key"),
        p if p.starts_with("did not find expected ','") => flow(&lines, number, noticed, p),
        p if p.starts_with("found character that cannot start any token") => bad_start(text, word),
        p if p.starts_with("found unexpected end of stream") || p.contains("document indicator") => open_quote(&lines, word),
        p if p.starts_with("found unknown escape character") => Cause::new(escape(text, noticed), "no such escape")
            .hint("backslashes are escapes between double quotes: write `\\\\`, or use single quotes"),
        p if p.starts_with("did not find expected node content") => Cause::new(word, "a value cannot start with this")
            .hint("put the value into quotes"),
        p if p.starts_with("unknown anchor") => Cause::new(lines.content(number), "`*name` refers to an anchor `&name`, and there is none")
            .hint("if `*` is part of the text, put it into quotes"),
        p if p.starts_with("did not find expected alphabetic") => Cause::new(word, "`&`, `*` and `!` have a meaning at the start of a value")
            .hint("put the value into quotes"),
        p if p.starts_with("invalid map key") => braces(&lines, number, noticed),
        p if p.contains("UTF-8") || p.contains("control characters") => Cause::new(word, "this byte cannot stand in YAML")
            .hint("a text that was cut in the middle of a letter (`trunc`, `substr` count bytes), or binary data: encode it with `b64enc`"),
        p if p.contains("already set in map") => Cause::new(lines.content(number), "this key is there twice"),
        p if p.starts_with("json: cannot unmarshal") => shape(text, noticed, p),
        p if p.contains("unsupported value") => Cause::new(word_at(text, noticed), "this number has no form in JSON")
            .hint("if it is a text, put it into quotes"),
        _ => Cause::new(word, "here"),
    }
}

/// The library's words behind `yaml: line N: `.
fn problem(text: &str) -> &str {
    let rest = text.strip_prefix("yaml: ").unwrap_or(text);
    match rest.strip_prefix("line ").and_then(|r| r.split_once(": ")) {
        Some((digits, problem)) if digits.bytes().all(|b| b.is_ascii_digit()) => problem,
        _ => rest,
    }
}

/// A tab where spaces are wanted, on the line at fault or the one before.
fn tab(lines: &Lines<'_>, number: usize, problem: &str) -> Option<Cause> {
    if !(problem.contains("tab") || problem.contains("cannot start any token") || problem.contains("expected key")) {
        return None;
    }
    let number = [Some(number), lines.before(number)].into_iter().flatten().find(|n| {
        let line = lines.line(*n);
        line[..indentation(line)].contains(&b'\t')
    })?;
    let range = lines.range(number);
    let line = lines.line(number);
    let at = range.start + line.iter().position(|b| *b == b'\t')?;
    let end = at + lines.text[at..range.end].iter().take_while(|b| **b == b'\t').count();
    Some(Cause::new(at..end, "a tab").hint("YAML is indented with spaces only").indentation())
}

fn second_colon(lines: &Lines<'_>, number: usize, noticed: usize) -> Cause {
    let content = lines.content(number);
    let before = &lines.text[content.start..noticed.clamp(content.start, content.end)];
    let colon = noticed..(noticed + 1).min(lines.text.len());
    if let Some(first) = memchr::memmem::find(before, b": ") {
        let value = content.start + first + 2;
        let start = value + indentation(&lines.text[value..content.end]);
        return Cause::new(start..content.end.max(start), "this value holds a `:`, which starts another key")
            .hint("put the value into quotes, in a template with `| quote`");
    }
    match lines.before(number) {
        Some(above) if indentation(lines.line(above)) < indentation(lines.line(number)) => {
            Cause::new(content, "nothing can be nested here: the line above has a value already")
                .hint("indent it like the line above, or let the line above end with `:`")
                .indentation()
        }
        _ => Cause::new(colon, "a key cannot stand here").indentation(),
    }
}

fn no_colon(lines: &Lines<'_>, number: usize, noticed: usize) -> Cause {
    let lonely = |n: &usize| {
        let line = lines.line(*n).trim_ascii();
        !line.is_empty()
            && !line.starts_with(b"#")
            && !line.ends_with(b":")
            && memchr::memmem::find(line, b": ").is_none()
    };
    let from = if lines.content(number).start < noticed { number + 1 } else { number };
    let at = (0..from).rev().take(3).find(lonely).or_else(|| lonely(&number).then_some(number)).unwrap_or(number);
    let cause = Cause::new(lines.content(at), "this line is no `key: value`");
    if lines.line(at).trim_ascii().starts_with(b"{{") || memchr::memmem::find(lines.line(at), b"{{").is_some() {
        return cause.hint("a template's braces stand here as text: put them into quotes, or render them with `tpl`");
    }
    cause
        .hint("text over several lines needs a `|` behind its key and deeper indentation: `key: |` and `nindent`")
        .indentation()
}

fn no_key(lines: &Lines<'_>, number: usize, noticed: usize) -> Cause {
    let content = lines.content(number);
    if noticed > content.start {
        let before = lines.text[content.start..noticed.min(content.end)].trim_ascii_end();
        if before.ends_with(b"\"") || before.ends_with(b"'") {
            return Cause::new(noticed..content.end.max(noticed), "text behind a closing quote")
                .hint("quotes inside of a quoted value must be escaped: let `quote` or `toJson` write them");
        }
        return Cause::new(noticed..content.end.max(noticed), "this does not fit here");
    }
    let own = indentation(lines.line(number));
    let above = lines.before(number).map(|n| indentation(lines.line(n)));
    let label = match above {
        Some(above) if above != own => {
            format!("indented by {own}, the line above by {above}: it belongs to no map that is open")
        }
        _ if lines.line(number).trim_ascii().starts_with(b"- ") || lines.line(number).trim_ascii() == b"-" => {
            "a list element between the keys of a map".to_owned()
        }
        _ => "this is no key of the map above".to_owned(),
    };
    Cause::new(content, label)
        .hint("indent it like its neighbours: check the number of `nindent` or `indent`")
        .indentation()
}

fn flow(lines: &Lines<'_>, number: usize, noticed: usize, problem: &str) -> Cause {
    let (sign, close) = if problem.contains('}') { (b'{', b'}') } else { (b'[', b']') };
    let rest = noticed..lines.content(number).end.max(noticed);
    if noticed < rest.end && lines.text[rest.start + 1..rest.end].contains(&close) {
        let label = format!("this does not fit between `{}` and `{}`", char::from(sign), char::from(close));
        return Cause::new(rest.start..rest.start + 1, label)
            .hint("put texts into quotes that hold `: `, commas, braces or brackets; in a template with `| quote`");
    }
    let open = memchr::memrchr(sign, &lines.text[..noticed.min(lines.text.len())]);
    let start = open.filter(|at| lines.number(*at) + 3 > number).unwrap_or(noticed);
    let end = lines.content(lines.number(start)).end.max(start);
    let text = &lines.text[start..end];
    if text.starts_with(b"{") {
        if lines.text[..=start].ends_with(b"{{") || text.starts_with(b"{{") {
            return Cause::new(start..end, "a template's braces stand here as text")
                .hint("put the value into quotes; text with `{{` in values is only rendered by `tpl`");
        }
        return Cause::new(start..end, "`{` opens a map here, and it is not closed")
            .hint("put the value into quotes, or close the map with `}`");
    }
    Cause::new(start..end, "`[` opens a list here, and it is not closed")
        .hint("put the value into quotes, or close the list with `]`")
}

fn bad_start(text: &[u8], word: Range<usize>) -> Cause {
    let sign = text.get(word.clone()).map(|b| String::from_utf8_lossy(b).into_owned()).unwrap_or_default();
    match sign.as_str() {
        "\t" => Cause::new(word, "a tab").hint("YAML is indented with spaces only").indentation(),
        sign => Cause::new(word, format!("a value cannot start with `{sign}`")).hint("put the value into quotes"),
    }
}

/// The line whose quote was never closed.
fn open_quote(lines: &Lines<'_>, noticed: Range<usize>) -> Cause {
    for number in 0..lines.starts.len() {
        if lines.is_empty(number) {
            continue;
        }
        let line = lines.line(number);
        for quote in [b'"', b'\''] {
            let starts = |i: usize| i == 0 || matches!(line[i - 1], b' ' | b'[' | b'{' | b',');
            let Some(open) = memchr::memchr_iter(quote, line).find(|i| starts(*i)) else { continue };
            if memchr::memchr(quote, &line[open + 1..]).is_none() {
                let start = lines.range(number).start;
                return Cause::new(start + open..start + line.trim_ascii_end().len(), "this quote is not closed")
                    .hint("close it; quotes inside of a value must be escaped: let `quote` or `toJson` write them");
            }
        }
    }
    Cause::new(noticed, "the text ends inside of a quoted value")
}

/// The backslash before a bad escape.
fn escape(text: &[u8], noticed: usize) -> Range<usize> {
    let from = noticed.saturating_sub(2);
    let at = memchr::memchr(b'\\', &text[from..]).map_or(noticed, |i| from + i);
    at..(at + 2).min(text.len())
}

fn braces(lines: &Lines<'_>, number: usize, noticed: usize) -> Cause {
    let content = lines.content(number);
    // The reader points at the inner of two braces.
    let noticed = noticed - usize::from(lines.text[..noticed].ends_with(b"{"));
    let cause = Cause::new(noticed.min(content.end)..content.end.max(noticed), "a map cannot be a key");
    cause.hint("text that starts with `{` must stand in quotes; text with `{{` in values is only rendered by `tpl`")
}

fn shape(text: &[u8], noticed: usize, problem: &str) -> Cause {
    let cause = |label: &str| Cause::new(word_at(text, noticed), label);
    if problem.contains("annotations") && problem.ends_with("of type string") {
        return cause("annotations are texts").hint("write one text: quote it, or turn a map into text with `toJson`");
    }
    if problem.contains("Go value") {
        return cause("the document is no map")
            .hint("a manifest starts with `apiVersion:` and `kind:`; is a key missing above?");
    }
    cause("this is of another type than a manifest has here")
}

fn word_at(text: &[u8], at: usize) -> Range<usize> {
    let rest = text.get(at..).unwrap_or_default();
    let len = rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len());
    at..at + rest[..len].trim_ascii_end().len().max(usize::from(!rest.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let error = rhumb_yaml::head(text.as_bytes()).expect_err("no YAML");
        let cause = find(text.as_bytes(), &error);
        format!("{} <- {}", cause.label, String::from_utf8_lossy(&text.as_bytes()[cause.at]))
    }

    #[test]
    fn causes() {
        let cases = [
            ("a: b\nnote: see: this\n", "this value holds a `:`, which starts another key <- see: this"),
            ("a: b\n  c: d\n", "nothing can be nested here: the line above has a value already <- c: d"),
            ("a:\n\tb: c\n", "a tab <- \t"),
            ("a: |\nfoo\nb: c\n", "this line is no `key: value` <- foo"),
            ("a:\n    b: c\n  d: e\n", "indented by 2, the line above by 4: it belongs to no map that is open <- d: e"),
            ("a: \"x\" y\n", "text behind a closing quote <- y"),
            ("a: %b\n", "a value cannot start with `%` <- %"),
            ("a: @b\n", "a value cannot start with `@` <- @"),
            ("a: [b\nc: d\n", "`[` opens a list here, and it is not closed <- [b"),
            ("a: \"b\nc: d\n", "this quote is not closed <- \"b"),
            ("a: {b: c: d, e: f}\n", "this does not fit between `{` and `}` <- :"),
            ("a: \"\\d\"\n", "no such escape <- \\d"),
            ("a: *b\n", "`*name` refers to an anchor `&name`, and there is none <- a: *b"),
            ("a: - b\n", "a list cannot start here <- -"),
            ("- a\nb: c\n", "this is not part of the list above <- b: c"),
            ("a: {{ b }}\n", "a map cannot be a key <- {{ b }}"),
            ("metadata: {annotations: {a: [b]}}", "annotations are texts <- [b]}}"),
            ("- a\n", "the document is no map <- - a"),
        ];
        for (text, want) in cases {
            assert_eq!(shown(text), want, "{text:?}");
        }
    }

    #[test]
    fn cut_texts_are_harmless() {
        let text = "a: \"b\n\tc: [d, {e: *f}, \u{e9}]\n  - x: 'y\nz: |\n q\n w";
        for end in 0..=text.len() {
            let bytes = &text.as_bytes()[..end];
            if let Err(error) = rhumb_yaml::head(bytes) {
                let cause = find(bytes, &error);
                assert!(cause.at.start <= cause.at.end && cause.at.end <= bytes.len(), "{end}");
            }
        }
    }
}
