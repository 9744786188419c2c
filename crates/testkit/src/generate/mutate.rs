//! Small damage to a text: what people mistype, and what nobody types.

use super::random::Random;

/// The text with one to three changes. `words` are things that belong to the language of the text.
pub fn text(random: &mut Random, text: &str, words: &[&str]) -> String {
    let mut pieces: Vec<String> = pieces(text);
    for _ in 0..1 + random.below(3) {
        change(random, &mut pieces, words);
    }
    pieces.concat()
}

fn change(random: &mut Random, pieces: &mut Vec<String>, words: &[&str]) {
    if pieces.is_empty() {
        pieces.push(random.pick(words).to_string());
        return;
    }
    let at = random.below(pieces.len());
    let to = random.below(pieces.len());
    match random.below(9) {
        0 => drop(pieces.remove(at)),
        1 => pieces.insert(at, random.pick(words).to_string()),
        2 | 3 => pieces[at] = random.pick(words).to_string(),
        4 => pieces.swap(at, to),
        5 => pieces.insert(at, pieces[to].clone()),
        6 => {
            let end = (at + 1 + random.below(6)).min(pieces.len());
            pieces.drain(at..end);
        }
        7 => {
            let chars: Vec<char> = pieces[at].chars().collect();
            let cut = random.below(chars.len());
            pieces[at] = chars.iter().enumerate().filter(|(i, _)| *i != cut).map(|(_, c)| c).collect();
        }
        _ => {
            let odd = random
                .pick(&["\t", "\u{a0}", "\u{feff}", "\0", "\r", "\u{85}", "é", "\u{2028}", "\\", "\"", "'", "`", "😀"]);
            pieces.insert(at, odd.to_owned());
        }
    }
}

/// Words, runs of blanks, and single signs.
pub fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut last = 0;
    for c in text.chars() {
        let class = if c.is_alphanumeric() || c == '_' {
            1
        } else if c == ' ' {
            2
        } else {
            3
        };
        match pieces.last_mut() {
            Some(piece) if class == last && class != 3 => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
        last = class;
    }
    pieces
}

/// Signs and words of templates.
pub const TEMPLATE: &[&str] = &[
    "{{",
    "}}",
    "{{-",
    "-}}",
    "|",
    "(",
    ")",
    ".",
    "$",
    ":=",
    "=",
    ",",
    "end",
    "else",
    "if",
    "with",
    "range",
    "define",
    "template",
    "block",
    "break",
    "continue",
    "nil",
    "\"x\"",
    "`y`",
    "'c'",
    "'cc'",
    "1",
    "-",
    "0x",
    "1e",
    "1i",
    "$x",
    "$x.y",
    ".a.b",
    "..",
    "/*",
    "*/",
    " ",
    "\n",
    "true",
    "include",
    "+",
    "#",
    "@",
    "\"",
    "1.",
    ".5",
    "08",
    "0b2",
    "_",
    "toYaml",
    "$.",
    "!",
    "-1",
    "9999999999999999999999",
    "\\",
    "else if",
    "{{/* c */}}",
    "{{- /* c */ -}}",
];

/// Signs and words of YAML.
pub const YAML: &[&str] = &[
    ":",
    ": ",
    "- ",
    "-",
    "?",
    "? ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "#",
    " #",
    "&a",
    "*a",
    "*b",
    "!",
    "!!str",
    "!!int",
    "!!binary",
    "!x",
    "|",
    ">",
    "|-",
    ">+",
    "|2",
    "'",
    "\"",
    "%YAML 1.1",
    "%TAG ! x",
    "---",
    "...",
    "\n",
    "\n---\n",
    "  ",
    " ",
    "\t",
    "<<",
    "<<: ",
    "~",
    "null",
    "yes",
    "0o7",
    "0x1G",
    "1_0",
    "1e3",
    ".inf",
    "-.NaN",
    "=",
    "@",
    "`",
    "\\x4",
    "\\u12",
    "''",
    "\"\"",
    "- - ",
    "a: b",
    "\n  ",
    "!!float",
    "!!map {}",
    "2001-12-14t21:59:43.10-05:00",
    "0b1",
    "190:20:30",
    "\r\n",
    "!!null",
    "!!bool",
    "!!seq",
    "*",
    "&",
];

/// Signs and words of `--set` arguments.
pub const SET: &[&str] = &[
    "a",
    "b",
    ".",
    ",",
    "=",
    "[",
    "]",
    "[0]",
    "[1]",
    "[-1]",
    "[65537]",
    "{",
    "}",
    "{1,2}",
    "\\",
    "\\,",
    "null",
    "true",
    "1",
    "-0",
    "01",
    "1.5",
    "\"",
    "x=",
    "=y",
    " ",
    "list",
    "map",
    "global",
    "text",
    "\\.",
    "[x]",
    "]]",
    "é",
    "{}",
    "map.deep",
    "list[0]",
    "words[1]",
    "maps[0].a",
];

/// Signs and words of JSON.
pub const JSON: &[&str] = &[
    "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "1", "-1", "1e5", "true", "null", "\\u00e9", "\\ud800", "01", ".5",
    "'", " ", "tru", "1e999",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_join_to_the_text() {
        for line in ["", "a: [1, 'é']\n\n  b", "{{- if .x }}"] {
            assert_eq!(pieces(line).concat(), line);
        }
        assert_eq!(pieces("ab  c.d"), ["ab", "  ", "c", ".", "d"]);
    }

    #[test]
    fn damage_is_small_and_repeats() {
        let once = |index| text(&mut Random::new(3, index), "a: {b: [1, 2, 3]}", YAML);
        assert_eq!(once(1), once(1));
        assert!((0..50).filter(|index| once(*index) != "a: {b: [1, 2, 3]}").count() > 40);
        assert!(!text(&mut Random::new(3, 1), "", YAML).is_empty());
    }
}
