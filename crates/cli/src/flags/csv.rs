//! One record of CSV, with the complaints of Go's reader, as pflag splits its slices.

/// The fields of the first line. An empty text has none.
pub(super) fn record(text: &str) -> Result<Vec<String>, String> {
    let bytes = text.as_bytes();
    let mut fields = Vec::new();
    let mut at = 0;
    if text.is_empty() {
        return Ok(fields);
    }
    loop {
        let (field, next) = if bytes.get(at) == Some(&b'"') { quoted(text, at + 1)? } else { plain(text, at)? };
        fields.push(field);
        match bytes.get(next) {
            Some(b',') => at = next + 1,
            _ => return Ok(fields),
        }
    }
}

fn plain(text: &str, start: usize) -> Result<(String, usize), String> {
    let rest = &text[start..];
    let len = rest.find([',', '\n']).unwrap_or(rest.len());
    let field = &rest[..len];
    match field.find('"') {
        Some(quote) => Err(complain(start + quote, "bare \" in non-quoted-field")),
        None => Ok((field.to_owned(), start + len)),
    }
}

fn quoted(text: &str, start: usize) -> Result<(String, usize), String> {
    let mut field = String::new();
    let mut at = start;
    loop {
        let Some(len) = text[at..].find('"') else {
            return Err(complain(text.len(), "extraneous or missing \" in quoted-field"));
        };
        field.push_str(&text[at..at + len]);
        at += len + 1;
        match text.as_bytes().get(at) {
            Some(b'"') => {
                field.push('"');
                at += 1;
            }
            None | Some(b',' | b'\n') => return Ok((field, at)),
            Some(_) => return Err(complain(at - 1, "extraneous or missing \" in quoted-field")),
        }
    }
}

fn complain(at: usize, words: &str) -> String {
    format!("parse error on line 1, column {}: {words}", at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Observed from Helm 4.3.1 (`-f`).
    #[test]
    fn fields_and_complaints() {
        let ok = |fields: &[&str]| Ok(fields.iter().map(|f| (*f).to_owned()).collect::<Vec<_>>());
        let cases = [
            ("", ok(&[])),
            ("a,b", ok(&["a", "b"])),
            ("\"a,b\",c", ok(&["a,b", "c"])),
            ("\"a\"\"b\"", ok(&["a\"b"])),
            ("a,", ok(&["a", ""])),
            ("\"a", Err("parse error on line 1, column 3: extraneous or missing \" in quoted-field".to_owned())),
            ("a\"b", Err("parse error on line 1, column 2: bare \" in non-quoted-field".to_owned())),
            ("\"a\"b", Err("parse error on line 1, column 3: extraneous or missing \" in quoted-field".to_owned())),
        ];
        for (text, want) in cases {
            assert_eq!(record(text), want, "{text}");
        }
    }
}
