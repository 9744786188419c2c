//! Templates that cannot be read: the place, the opening that was left open, the name that was meant.

use rhumb_diag::{Diagnostic, FileId, Span, codes};
use rhumb_template::ParseError;

use super::desk::Desk;
use super::{Scene, actions, spans};

/// The file at fault.
struct Text<'e> {
    bytes: &'e [u8],
    file: FileId,
    /// Where the parser gave up.
    at: usize,
    message: &'e str,
}

impl Text<'_> {
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }

    /// The word where the parser gave up.
    fn here(&self) -> Span {
        let at = match self.bytes.get(self.at) {
            // The end of the text is shown behind the last line that has something.
            None => self.bytes.trim_ascii_end().len(),
            Some(_) => self.at,
        };
        self.span(at..spans::word_end(self.bytes, at))
    }

    /// The last place before the one where the parser gave up that reads so, on the error's line.
    fn word(&self, word: &str) -> Option<Span> {
        let end = (self.at + word.len()).min(self.bytes.len());
        let start = memchr::memmem::rfind(&self.bytes[..end], word.as_bytes())?;
        Some(self.span(start..start + word.len()))
    }

    /// The word before the place where the parser gave up.
    fn word_before(&self) -> Span {
        let end = self.bytes[..self.at.min(self.bytes.len())].trim_ascii_end().len();
        let start = self.bytes[..end].iter().rposition(|b| b.is_ascii_whitespace() || *b == b'{').map_or(0, |i| i + 1);
        self.span(start..end)
    }

    /// What the message quotes first.
    fn quoted(&self) -> Option<String> {
        let (_, rest) = self.message.split_once('"')?;
        rest.split_once('"').map(|(word, _)| word.to_owned())
    }
}

/// The diagnosis of a parse error.
pub(super) fn failure(desk: &mut Desk<'_>, _scene: &Scene<'_>, error: &ParseError) -> Diagnostic {
    let file = desk.template(&error.source);
    let text = Text { bytes: &error.source.text, file, at: error.offset as usize, message: &error.message };
    let message = error.message.as_str();
    let starts = |words: &[&str]| words.iter().any(|w| message.starts_with(w));
    let found = match () {
        () if message.starts_with("function ") => no_function(&text),
        () if message.starts_with("undefined variable") => no_variable(&text),
        () if message == "unexpected EOF" => missing_end(&text),
        () if starts(&["unexpected {{end}}", "unexpected {{else}}", "expected end; found"]) => stray_end(&text),
        () if starts(&["unclosed action"]) => unclosed(&text),
        () if starts(&["unterminated ", "unclosed ", "comment ends"]) => unterminated(&text),
        () if message.contains("multiple definition of template") => twice(&text),
        () => syntax(&text),
    };
    runs_on(found, &text)
}

/// Where the place is on a later line than the start of its action, the action was probably meant to end before.
fn runs_on(found: Diagnostic, text: &Text<'_>) -> Diagnostic {
    let at = text.at.min(text.bytes.len());
    let Some(start) = memchr::memmem::rfind(&text.bytes[..at], b"{{") else { return found };
    let Some(length) = memchr::memchr(b'\n', &text.bytes[start..at]) else { return found };
    let line = &text.bytes[start..start + length];
    if memchr::memmem::find(&text.bytes[start..at], b"}}").is_some() || line.trim_ascii() == b"{{" {
        return found;
    }
    let line = line.trim_ascii_end();
    let found = found.also(text.span(start..start + line.len()), "this action is still open");
    let hint = if line.ends_with(b"}") { "it ends with one brace: write `}}`" } else { "close it with `}}`" };
    Diagnostic { hints: vec![hint.to_owned()], ..found }
}

fn no_function(text: &Text<'_>) -> Diagnostic {
    let name = text.quoted().unwrap_or_default();
    let span = text.word(&name).unwrap_or_else(|| text.here());
    let found = Diagnostic::error(codes::UNKNOWN_FUNCTION, "").at(span, "no such function");
    let hint = match name.as_str() {
        "env" | "expandenv" => "templates cannot see the environment; pass the value with --set",
        "now_rfc3339" | "timestamp" => "did you mean `now`?",
        "readFile" | "file" => "files of the chart are read with `.Files.Get \"NAME\"`",
        "elif" | "elseif" | "elsif" => "write `else if`",
        "endif" | "endfor" | "endrange" | "endwith" => "every block ends with `{{ end }}`",
        "for" | "foreach" => "loops are written `{{ range .Values.list }}`",
        "null" | "None" | "undefined" => "nothing is written `nil`",
        "length" | "size" | "count" => "did you mean `len`?",
        "equals" | "equal" => "did you mean `eq`?",
        "AND" | "And" => "did you mean `and`?",
        "OR" | "Or" => "did you mean `or`?",
        "Values" | "Release" | "Chart" | "Capabilities" | "Files" | "Template" => {
            return found.hint(format!("fields start with a dot: write `.{name}`"));
        }
        _ => {
            return match rhumb_diag::nearest(&name, crate::engine::function_names()) {
                Some(near) => found.hint(format!("did you mean `{near}`?")),
                None => found.hint("texts stand in quotes, fields start with a dot, variables with a dollar sign"),
            };
        }
    };
    found.hint(hint)
}

fn no_variable(text: &Text<'_>) -> Diagnostic {
    let name = text.quoted().unwrap_or_default();
    let span = text.word(&name).unwrap_or_else(|| text.here());
    let mut found = Diagnostic::error(codes::UNDEFINED_VARIABLE, "").at(span, "no such variable here");
    let declared = declared(text.bytes);
    if let Some((_, range)) = declared.iter().find(|(n, _)| *n == name) {
        let place = text.span(range.clone());
        found = found.also(place, "declared here");
        return found.hint(
            "a variable lives until the end of its block, and a define sees none from outside: declare it before the block, \
             and set it inside with `=`",
        );
    }
    match rhumb_diag::nearest(&name, declared.iter().map(|(n, _)| n.as_str())) {
        Some(near) => found.hint(format!("did you mean `{near}`?")),
        None => found.hint(format!("declare it first: `{{{{ {name} := ... }}}}`")),
    }
}

/// The variables that are declared anywhere in a text, with their places.
fn declared(text: &[u8]) -> Vec<(String, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    for at in memchr::memchr_iter(b'$', text) {
        let end = spans::word_end(text, at);
        let rest = text[end..].trim_ascii_start();
        if end > at + 1 && (rest.starts_with(b":=") || rest.starts_with(b",")) {
            found.push((String::from_utf8_lossy(&text[at..end]).into_owned(), at..end));
        }
    }
    found
}

/// The text ended inside of a block: the openings that have no end.
fn missing_end(text: &Text<'_>) -> Diagnostic {
    let open = actions::unclosed(text.bytes);
    let mut found = Diagnostic::error(codes::MISSING_END, "");
    let Some((last, outer)) = open.split_last() else {
        return found.at(text.here(), "the text ends here");
    };
    let word = String::from_utf8_lossy(last.word()).into_owned();
    found = found.at(text.span(last.range.clone()), format!("this {word} has no end"));
    for action in outer.iter().rev().take(2) {
        found = found.also(text.span(action.range.clone()), "and so has this one");
    }
    if let Some(slip) = stray_else(text.bytes) {
        found = found.also(text.span(slip), "an `else` in brackets of its own and then `if` opens a new block");
    }
    found.hint("close it with `{{ end }}`; each if, with, range, define and block needs one")
}

/// An `else` directly followed by an action that opens a block, where `else if` was probably meant.
fn stray_else(text: &[u8]) -> Option<std::ops::Range<usize>> {
    let all: Vec<_> = actions::actions(text).collect();
    all.windows(2)
        .find(|w| w[0].inner == b"else" && w[1].word() == b"if" && w[0].range.end == w[1].range.start)
        .map(|w| w[0].range.start..w[1].range.end)
}

fn stray_end(text: &Text<'_>) -> Diagnostic {
    let (_, closed) = actions::before(text.bytes, text.at);
    let action = spans::action(text.bytes, u32::try_from(text.at).unwrap_or(u32::MAX));
    let span = action.map_or_else(|| text.here(), |r| text.span(r));
    let word = if text.message.contains("else") { "else" } else { "end" };
    let found = Diagnostic::error(codes::STRAY_END, "").at(span, format!("no block is open for this {word}"));
    match closed {
        _ if text.message.starts_with("expected end") => Diagnostic::error(codes::STRAY_END, "")
            .at(span, "a second else in one block")
            .hint("a block has one `else`, as its last part; `else if` may stand before it"),
        Some((block, end)) => found
            .also(text.span(block.range.clone()), "the last block starts here")
            .also(text.span(end.range.clone()), "and ends here")
            .hint(format!("is there one `{word}` too many, or was the block meant to end later?")),
        None => found.hint("remove it, or open a block before it with if, with or range"),
    }
}

fn unclosed(text: &Text<'_>) -> Diagnostic {
    let end = (text.at + 1).min(text.bytes.len());
    let start = memchr::memmem::rfind(&text.bytes[..end], b"{{").unwrap_or(text.at.min(text.bytes.len()));
    let line = text.bytes[start..].iter().position(|b| *b == b'\n').map_or(text.bytes.len(), |n| start + n);
    let found = Diagnostic::error(codes::UNCLOSED_ACTION, "");
    let found = found.at(text.span(start..line.max(start)), "this action is not closed");
    let shown = String::from_utf8_lossy(&text.bytes[start..line]).trim_end().to_owned();
    let one = shown.ends_with('}') && !shown.ends_with("}}");
    found.hint(if one { "it ends with one brace: write `}}`" } else { "close it with `}}`" })
}

fn unterminated(text: &Text<'_>) -> Diagnostic {
    let found = Diagnostic::error(codes::UNTERMINATED, "");
    match text.message {
        m if m.starts_with("unclosed left paren") => {
            let action = spans::action(text.bytes, u32::try_from(text.at).unwrap_or(u32::MAX));
            let open = action.and_then(|a| unmatched(text.bytes, a.start..text.at));
            let found = match open {
                Some(at) => found.at(text.span(at..at + 1), "this parenthesis is not closed"),
                None => found.at(text.here(), "a parenthesis is open here"),
            };
            found.hint("add `)` before the action ends")
        }
        m if m.starts_with("unclosed comment") => {
            found.at(text.here(), "this comment is not closed").hint("comments are written `{{/* ... */}}`")
        }
        m if m.starts_with("comment ends") => found
            .at(text.here(), "the comment is closed, its action is not")
            .hint("nothing may stand between `*/` and `}}`, but for ` -`"),
        _ => {
            let line = text.bytes[text.at.min(text.bytes.len())..].iter().position(|b| *b == b'\n');
            let end = line.map_or(text.bytes.len(), |n| text.at + n);
            found
                .at(text.span(text.at..end), "this text is not closed")
                .hint("close it with the same quote; a text over several lines stands between backticks")
        }
    }
}

/// The last parenthesis of a range that is not closed in it.
fn unmatched(text: &[u8], range: std::ops::Range<usize>) -> Option<usize> {
    let mut open = Vec::new();
    let mut quote = None;
    for (i, b) in text.get(range.clone())?.iter().enumerate() {
        match (quote, b) {
            (None, b'"' | b'`') => quote = Some(*b),
            (Some(q), b) if q == *b => quote = None,
            (None, b'(') => open.push(range.start + i),
            (None, b')') => drop(open.pop()),
            _ => {}
        }
    }
    open.pop()
}

/// A name with a dash behind a dot.
fn dashed(text: &Text<'_>) -> Diagnostic {
    let rest = &text.bytes[text.at.min(text.bytes.len())..];
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let length = 1 + rest.iter().skip(1).take_while(|b| is_name(b)).count();
    let name = String::from_utf8_lossy(rest.get(1..length).unwrap_or_default()).into_owned();
    let start =
        text.bytes[..text.at.min(text.bytes.len())].iter().rposition(|b| !is_name(b) && !matches!(b, b'.' | b'$'));
    let holder = String::from_utf8_lossy(&text.bytes[start.map_or(0, |i| i + 1)..text.at.min(text.bytes.len())]);
    let holder = if holder.is_empty() { "." } else { &*holder };
    Diagnostic::error(codes::TEMPLATE_SYNTAX, "")
        .at(text.span(text.at..text.at + length), "a name with a `-` cannot stand behind a dot")
        .hint(format!("write `(index {holder} \"{name}\")`"))
}

fn twice(text: &Text<'_>) -> Diagnostic {
    let name = text.quoted().unwrap_or_default();
    let all: Vec<_> = actions::actions(text.bytes).filter(|a| a.defines().as_deref() == Some(&name)).collect();
    let found = Diagnostic::error(codes::DEFINED_TWICE, "");
    match all.as_slice() {
        [first, .., last] => found
            .at(text.span(last.range.clone()), "defined again")
            .also(text.span(first.range.clone()), "first defined here")
            .hint("rename one of them, or remove it"),
        _ => found.at(text.here(), "defined again"),
    }
}

fn syntax(text: &Text<'_>) -> Diagnostic {
    let message = text.message;
    let before = message.contains("non executable command") || message.contains("outside {{range}}");
    let place = if before { text.word_before() } else { text.here() };
    let found = Diagnostic::error(codes::TEMPLATE_SYNTAX, "").at(place, "not expected here");
    if message.contains("bad character U+002D") {
        return dashed(text);
    }
    let hint = match () {
        () if message.contains("bad character") || message.contains("unrecognized character") => {
            match text.bytes.get(text.at) {
                Some(b'\'') => "texts stand in double quotes or backticks",
                Some(b'!') => "write `not X`, or `ne A B` for !=",
                Some(b'&') => "write `and A B`",
                _ => "only names, texts, numbers, parentheses and pipes may stand in an action",
            }
        }
        () if message.starts_with("unexpected \"=\"") => "compare with `eq A B`; variables are declared with `:=`",
        () if message.starts_with("unexpected \"!\"") => "write `not X`, or `ne A B` for !=",
        () if message.starts_with("unexpected \"&\"") => "write `and A B`",
        () if message.starts_with("unexpected \"<\"") || message.starts_with("unexpected \">\"") => {
            "compare with `lt A B`, `le A B`, `gt A B` or `ge A B`"
        }
        () if message.starts_with("unexpected \"}\"") => "an action ends with two braces: write `}}`",
        () if message.starts_with("unexpected \"{\"") => {
            "an action cannot stand inside of another: use parentheses, `(include \"x\" .)`"
        }
        () if message.starts_with("unexpected \",\"") => "arguments are separated by spaces: `f A B`",
        () if message.starts_with("unexpected \"%\"") || message.starts_with("unexpected \"/\"") => {
            "calculate with functions: `add`, `sub`, `mul`, `div`, `mod`"
        }
        () if message.starts_with("unexpected right paren") => "there is no `(` for this `)`",
        () if message.starts_with("malformed character constant") || message.starts_with("unterminated character") => {
            "texts stand in double quotes or backticks"
        }
        () if message.starts_with("missing value for") => "a condition or a value must follow the word",
        () if message.starts_with("unexpected . after term") => "put the value in parentheses before the dot",
        () if message.contains("non executable command in pipeline") => "only functions can stand behind a `|`",
        () if message.contains("outside {{range}}") => "break and continue belong inside of a range",
        () if message.starts_with("empty command") => "a value or a function is missing here",
        () if message.contains("in define clause")
            || message.contains("in template clause")
            || message.contains("in block clause") =>
        {
            "the name of a template stands in quotes; for a computed name use `include`"
        }
        () if message.contains("expected :=") => "variables are declared with `:=` and set with `=`",
        () if message.contains("bad number syntax") => "a text stands in quotes; a name cannot start with a digit",
        () => return found,
    };
    found.hint(hint)
}
