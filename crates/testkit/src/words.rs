//! A command line split into words, as a shell would without expansions.

/// Words of a line: blanks separate, `'...'` is literal, `"..."` and bare text know the backslash, and
/// `$'...'` knows `\n`, `\t`, `\r`, `\\` and `\xNN`.
pub(crate) fn split(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' => words.extend(word.take()),
            '\'' => word.get_or_insert_default().push_str(&quoted(&mut chars, '\'', false, line)?),
            '"' => word.get_or_insert_default().push_str(&quoted(&mut chars, '"', true, line)?),
            '$' if chars.peek() == Some(&'\'') => {
                chars.next();
                let raw = raw_quoted(&mut chars, line)?;
                let bytes = crate::answer::unescape(&raw)?;
                let text = String::from_utf8(bytes).map_err(|_| format!("a word that is no UTF-8: {line}"))?;
                word.get_or_insert_default().push_str(&text);
            }
            '\\' => word.get_or_insert_default().extend(chars.next()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn quoted(chars: &mut Chars<'_>, end: char, escapes: bool, line: &str) -> Result<String, String> {
    let mut text = String::new();
    while let Some(c) = chars.next() {
        match c {
            c if c == end => return Ok(text),
            '\\' if escapes && matches!(chars.peek(), Some('"' | '\\' | '$')) => text.extend(chars.next()),
            c => text.push(c),
        }
    }
    Err(format!("a quote is not closed: {line}"))
}

fn raw_quoted(chars: &mut Chars<'_>, line: &str) -> Result<String, String> {
    let mut text = String::new();
    while let Some(c) = chars.next() {
        match c {
            '\'' => return Ok(text),
            '\\' if chars.peek() == Some(&'\'') => text.extend(chars.next()),
            '\\' => {
                text.push('\\');
                text.extend(chars.next());
            }
            c => text.push(c),
        }
    }
    Err(format!("a quote is not closed: {line}"))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn splits_as_a_shell() {
        let table: &[(&str, &[&str])] = &[
            ("", &[]),
            ("a  b\tc", &["a", "b", "c"]),
            ("--set 'a=b c'", &["--set", "a=b c"]),
            (r#"--set "a=\"x\" \y""#, &["--set", r#"a="x" \y"#]),
            (r"a\ b \'", &["a b", "'"]),
            ("'' \"\"", &["", ""]),
            (r"a$'\n\x41\'b'c $x", &["a\nA'bc", "$x"]),
        ];
        for (line, words) in table {
            assert_eq!(split(line).unwrap(), *words, "{line}");
        }
        for line in ["'a", "\"a", "$'a", r"$'\q'"] {
            assert!(split(line).is_err(), "{line}");
        }
    }
}
