//! Values and the YAML that says them, in every form that YAML has for it.

use super::random::Random;

/// A value of a values file.
#[derive(Debug, Clone)]
pub(super) enum Node {
    /// A scalar, as it is written when plain.
    Plain(String),
    /// A text, in whatever quotes.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map, in order.
    Map(Vec<(String, Node)>),
}

/// The values that the generated expressions read (see [`super::atoms`]), as YAML.
pub(super) const FIXED: &str = "\
text: some text
multi: |
  first line
    second line

  last
empty: \"\"
numeric: \"42\"
unicode: \"ünï 日本 😀\"
number: 3
big: 12345678
half: 0.5
zero: 0
negative: -7
yes: true
no: false
\"yes\": true
\"no\": false
none:
list: [1, two, 3.5]
words: [pear, apple, fig]
nested: [[1, 2], [3], []]
mixed: [1, \"1\", true, null, {a: 1}, [x]]
maps: [{a: 1, b: x}, {a: 2}]
map:
  a: 1
  b: text
  key: v
  deep: {key: value, n: 1.5, l: [a]}
emptyMap: {}
global:
  shared: everywhere
  n: 1
";

const PLAIN: &[&str] = &[
    "1",
    "0",
    "-1",
    "3.14",
    "1e6",
    "1e21",
    "1000000",
    "12345678901234567890",
    "0x1F",
    "0o17",
    "017",
    "08",
    "0b101",
    "1_000",
    "1:30",
    "2020-01-02",
    "2020-01-02T03:04:05Z",
    ".5",
    "+5",
    "1.",
    "1e3",
    "true",
    "false",
    "yes",
    "No",
    "on",
    "OFF",
    "y",
    "n",
    "null",
    "~",
    "",
    "NULL",
    "None",
    "plain text",
    "a: b",
    "-",
    "--",
    "? x",
    "é",
    "日本",
    "a #b",
    "a#b",
    "!!str 5",
    "!!int \"7\"",
    "!!float 1",
    "!!binary aGVsbG8=",
    "!!null ''",
    "!custom x",
    "!!str",
    "!!bool \"yes\"",
    "-0",
    "0.0",
    "-0.0",
    "1.0",
    "123456789",
    "1e-7",
    "0.1",
    "100000000000000000000",
    "9007199254740993",
    "=",
    "<<",
    "x-y_z",
    "http://a/b?c=d",
    "C:\\x",
    "it's",
    "say \"x\"",
    "{{ .Values.text }}",
    "a,b",
    "[x",
    "@x",
    "`x",
    "%x",
    "&x",
    "*x",
    ".inf",
    "0x",
    "1__0",
    "0_1",
    "+",
    "-.5",
    "1e",
    "12e03",
    "0.",
    "e3",
    "._",
    "0o8",
    "0b2",
    "-0x1f",
    "-0b1",
    "1,000",
    "true ",
    "Null",
    "TRUE",
    "tRUE",
];

const TEXTS: &[&str] = &[
    "",
    "a",
    "two words",
    "line\nbreak",
    "line\nbreak\n",
    "  lead",
    "trail  ",
    "\ttab",
    "a\tb",
    "é",
    "日本",
    "😀",
    "it's",
    "say \"hi\"",
    "back\\slash",
    "# no comment",
    "a: b",
    "- a",
    "---",
    "yes",
    "1",
    "1.5",
    "null",
    "~",
    "\n",
    "\n\n",
    "a\n\nb\n",
    "  a\n b\n",
    "a\n  b\n c",
    "x\u{200b}y",
    "\u{7f}",
    "\u{85}",
    "\u{2028}",
    "{{ .Values.text }}",
    "{{ .Release.Name }}-x",
    "a long text that goes on and on until it passes the eightieth column of the line it is on, and more",
    "0x10",
    "1_0",
    "true",
    "[a]",
    "{a: 1}",
    "%d",
    "*a",
    "&a",
    "!a",
    "|",
    ">",
    "@",
    "`",
    "a\r\nb",
    "=",
    "<<",
    "2020-01-01",
    "1:30",
    ".",
    "...",
    "? a",
    "a:",
    ":a",
    "a #b",
];

const KEYS: &str = "a b c d key name deep text list map number none words global enabled kid x.y 1 yes true null ~ é k-1 k_2 0x1 1.5 \"q\\\"uo\" 'si''ng' {} [] a/b - : ? # * & image tag replicas";

/// A map of a few random entries.
pub(super) fn map(random: &mut Random, depth: usize) -> Node {
    let count = random.below(4) + usize::from(depth > 2);
    Node::Map((0..count).map(|_| (random.word(KEYS).to_owned(), node(random, depth))).collect())
}

fn node(random: &mut Random, depth: usize) -> Node {
    match random.below(if depth == 0 { 6 } else { 11 }) {
        0..=2 => Node::Plain(random.pick(PLAIN).to_string()),
        3..=5 => Node::Text(random.pick(TEXTS).to_string()),
        6 | 7 => Node::List((0..random.below(4)).map(|_| node(random, depth - 1)).collect()),
        _ => map(random, depth - 1),
    }
}

/// Writes YAML in forms chosen at random.
#[derive(Debug, Default)]
pub(super) struct Writer {
    anchors: usize,
}

impl Writer {
    /// The document of a map.
    pub(super) fn document(&mut self, random: &mut Random, node: &Node) -> String {
        let mut text = String::new();
        if random.percent(10) {
            text += random.pick(&[
                "---\n",
                "# head\n",
                "--- # c\n",
                "\n\n",
                "\u{feff}",
                "%YAML 1.1\n---\n",
                "---\n# x\n",
                "  \n",
            ]);
        }
        self.block(random, node, 0, &mut text);
        if random.percent(8) {
            text += random.pick(&[
                "...\n",
                "---\n",
                "---\nextra: 1\n",
                "# tail",
                "\n\n\n",
                "---\nlist: null\n---\nmap: {a: 9}\n",
                "\t\n",
            ]);
        }
        if random.percent(5) {
            text = text.replace('\n', "\r\n");
        }
        if random.percent(5) {
            text.truncate(text.trim_end().len());
        }
        text
    }

    fn block(&mut self, random: &mut Random, node: &Node, indent: usize, text: &mut String) {
        match node {
            Node::Map(entries) if !entries.is_empty() => {
                for (key, value) in entries {
                    *text += &" ".repeat(indent);
                    *text += key;
                    *text += random.pick(&[":", ":", ":", ":", ":", " :"]);
                    self.value(random, value, indent, false, text);
                }
            }
            Node::List(items) if !items.is_empty() => {
                for item in items {
                    *text += &" ".repeat(indent);
                    text.push('-');
                    self.value(random, item, indent, true, text);
                }
            }
            node => {
                *text += &" ".repeat(indent);
                self.flow(random, node, text);
                text.push('\n');
            }
        }
    }

    /// What stands behind `key:` or `-`, to the end of its lines.
    fn value(&mut self, random: &mut Random, node: &Node, indent: usize, in_list: bool, text: &mut String) {
        if random.percent(4) && self.anchors > 0 {
            *text += &format!(" *a{}\n", random.below(self.anchors));
            return;
        }
        if random.percent(4) {
            *text += &format!(" &a{}", self.anchors);
            self.anchors += 1;
        }
        let parts = matches!(node, Node::Map(m) if !m.is_empty()) || matches!(node, Node::List(l) if !l.is_empty());
        if parts && random.percent(70) {
            let list = matches!(node, Node::List(_));
            let deeper =
                if list && !in_list && random.percent(40) { indent } else { indent + random.pick(&[2, 2, 2, 4, 1]) };
            if random.percent(8) {
                *text += " # note";
            }
            text.push('\n');
            self.block(random, node, deeper, text);
            return;
        }
        if let Node::Text(content) = node
            && content.contains('\n')
            && random.percent(60)
        {
            literal(random, content, indent, text);
            return;
        }
        text.push(' ');
        self.flow(random, node, text);
        if random.percent(6) {
            *text += " # note";
        }
        text.push('\n');
    }

    fn flow(&mut self, random: &mut Random, node: &Node, text: &mut String) {
        match node {
            Node::Plain(plain) => *text += plain,
            Node::Text(content) => *text += &scalar(random, content),
            Node::List(items) => {
                text.push('[');
                for (i, item) in items.iter().enumerate() {
                    *text += if i > 0 { random.pick(&[", ", ", ", ",", " , ", ",\n      "]) } else { "" };
                    self.flow(random, item, text);
                }
                *text += random.pick(&["]", "]", "]", ",]", " ]"]);
            }
            Node::Map(entries) => {
                text.push('{');
                for (i, (key, value)) in entries.iter().enumerate() {
                    *text += if i > 0 { ", " } else { "" };
                    *text += key;
                    *text += random.pick(&[": ", ": ", ": ", ": ", ":", " : "]);
                    self.flow(random, value, text);
                }
                *text += "}";
            }
        }
    }
}

fn literal(random: &mut Random, content: &str, indent: usize, text: &mut String) {
    let lead = content.starts_with(' ') || content.starts_with('\n');
    *text += random.pick(&[" |", " |", " |-", " |+", " >", " >-", " >+"]);
    let deeper = indent + 2;
    if lead || random.percent(10) {
        *text += if random.percent(90) { "2" } else { "1" };
    }
    if random.percent(5) {
        *text += " # note";
    }
    text.push('\n');
    for line in content.lines() {
        if !line.is_empty() {
            *text += &" ".repeat(deeper);
        }
        *text += line;
        text.push('\n');
    }
    for _ in 0..random.below(3) {
        text.push('\n');
    }
}

fn scalar(random: &mut Random, content: &str) -> String {
    match random.below(5) {
        0 => content.to_owned(),
        1 | 2 => format!("'{}'", content.replace('\'', "''").replace('\n', "\n\n        ")),
        _ => {
            let mut text = String::from("\"");
            for c in content.chars() {
                match c {
                    '"' => text += "\\\"",
                    '\\' => text += "\\\\",
                    '\n' => text += "\\n",
                    '\t' => text += "\\t",
                    '\r' => text += "\\r",
                    c if u32::from(c) > 0xFFFF => text += &format!("\\U{:08x}", u32::from(c)),
                    c if !c.is_ascii() && random.percent(30) => text += &format!("\\u{:04x}", u32::from(c)),
                    c => text.push(c),
                }
            }
            text + "\""
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_repeat_and_vary() {
        let once = |index| {
            let mut random = Random::new(2, index);
            let node = map(&mut random, 3);
            Writer::default().document(&mut random, &node)
        };
        assert_eq!(once(3), once(3));
        let all: Vec<String> = (0..300).map(once).collect();
        for form in ["[", "{", "\n  ", "- ", "|", "'", "\"", "&a", "*a", "# note", "---", "\r\n"] {
            assert!(all.iter().any(|text| text.contains(form)), "{form}");
        }
    }
}
