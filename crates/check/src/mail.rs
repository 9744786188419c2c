//! Which mail addresses the reference takes in `Chart.yaml`. Found by experiment with `helm lint` of Helm 4.3.1.

/// Whether the text is an address: names with dots or a quoted text, `@`, and a domain with an ending.
pub(crate) fn is_address(text: &str) -> bool {
    text.match_indices('@').any(|(at, _)| is_local(&text[..at]) && is_domain(&text[at + 1..]))
}

fn is_high(c: char) -> bool {
    matches!(c, '\u{a0}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{ffef}')
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || is_high(c)
}

fn is_local(text: &str) -> bool {
    // Odd, but so it is.
    if text.trim_start_matches([' ', '\t']) == "\"" {
        return true;
    }
    if let Some(inner) = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
        return is_quoted(inner);
    }
    let atom = |c: char| is_plain(c) || "!#$%&'*+-/=?^_`{|}~".contains(c);
    text.split('.').all(|part| !part.is_empty() && part.chars().all(atom))
}

fn is_quoted(inner: &str) -> bool {
    !inner.is_empty() && inner.chars().all(|c| is_high(c) || matches!(c, '!' | '#'..='[' | ']'..='~'))
}

/// Labels, the last of which begins and ends with a letter; a dot may follow.
fn is_domain(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    text.match_indices('.').any(|(at, _)| is_labels(&text[..at]) && is_ending(&text[at + 1..]))
}

fn inside(c: char) -> bool {
    is_plain(c) || matches!(c, '-' | '.' | '_' | '~')
}

/// One or more labels with dots between; since a label may hold dots itself, only the ends matter.
fn is_labels(text: &str) -> bool {
    text.starts_with(is_plain) && text.ends_with(is_plain) && text.chars().all(inside)
}

fn is_ending(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || is_high(c);
    text.starts_with(letter) && text.ends_with(letter) && text.chars().all(|c| c != '.' && inside(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Observed with `helm lint` of Helm 4.3.1. Beside these, some 10,000 random ones were compared.
    #[test]
    fn addresses() {
        let good = [
            "a@b.c",
            "A@B.DE",
            "a+b_c-d.e@f-g.hi",
            "\u{e4}@\u{f6}.de",
            "\"a\"@b.de",
            "a!#$%&'*+/=?^_`{|}~@b.de",
            "a@b_c.de",
            "a@b.de.",
            "a@b.c-d",
            "a@1a.de",
            "a@b1.d2e",
            "a@b~c.de",
            " \"@a.de",
        ];
        let bad = [
            "q",
            "a@b",
            "a b@c.d",
            "a@@b.de",
            "@b.de",
            "a@",
            "a.@b.de",
            ".a@b.de",
            "a..b@c.de",
            "a@b..de",
            "a@-b.de",
            "a@b-.de",
            "a@b.d1",
            "a@b.cd-",
            "a@[1.2.3.4]",
            "A <a@b.de>",
            "\"a b\"@c.de",
            "\"\"@c.de",
            "a@b.de\n",
            "a@1.2.3.4",
            "a@b.de.de~.de",
        ];
        good.iter().for_each(|t| assert!(is_address(t), "{t}"));
        bad.iter().for_each(|t| assert!(!is_address(t), "{t}"));
    }
}
