//! Template text from a grammar: expressions, pipelines, and control structures with their variables.

use super::atoms;
use super::functions::{self, Function};
use super::random::Random;

/// Writes templates. It remembers which variables are in sight, so that most of what it writes is accepted.
#[derive(Debug)]
pub struct Templates {
    functions: Vec<Function>,
    variables: Vec<(String, u8)>,
    loops: usize,
}

impl Default for Templates {
    fn default() -> Self {
        Templates { functions: functions::all(), variables: Vec::new(), loops: 0 }
    }
}

impl Templates {
    /// One `{{ ... }}` or a small block, on its own: nothing before it is needed.
    pub fn body(&mut self, random: &mut Random) -> String {
        self.variables.clear();
        self.loops = 0;
        let count = 1 + random.below(2);
        (0..count).map(|_| self.statement(random, 2)).collect()
    }

    /// An expression of any kind, such as can stand between `{{` and `}}`.
    pub fn expression(&mut self, random: &mut Random) -> String {
        let kind = random.pick(b"ssssiifblldda");
        self.pipeline(random, kind, 3)
    }

    fn statement(&mut self, random: &mut Random, depth: usize) -> String {
        let choice = if depth == 0 { random.below(11) } else { random.below(22) };
        match choice {
            0..=7 => {
                let expression = self.expression(random);
                action(random, &expression)
            }
            8 => random.word("text - \" \n x: {{/**/}} {{-/**/-}} {{\"\"}} é").to_owned(),
            9 if self.loops > 0 => {
                let test = self.pipeline(random, b'b', 1);
                let word = random.word("break continue");
                format!("{{{{ if {test} }}}}{{{{ {word} }}}}{{{{ end }}}}")
            }
            9 | 10 => self.assignment(random),
            11..=13 => self.branch(random, depth, "if"),
            14 | 15 => self.branch(random, depth, "with"),
            16..=18 => self.range(random, depth),
            19 => {
                let argument = self.operand(random, b'a', 1);
                let name = random.word("h.one h.dot h.list h.values h.self demo.none");
                action(random, &format!("template \"{name}\" {argument}"))
            }
            _ => {
                let argument = self.operand(random, b'a', 1);
                let name = random.word("h.one h.dot h.list h.values demo.none");
                let last = random.pick(&["upper", "trim", "quote", "nindent 2", "len"]);
                action(random, &format!("include \"{name}\" {argument} | {last}"))
            }
        }
    }

    fn block(&mut self, random: &mut Random, depth: usize) -> String {
        let known = self.variables.len();
        let text = (0..1 + random.below(2)).map(|_| self.statement(random, depth - 1)).collect();
        self.variables.truncate(known);
        text
    }

    fn assignment(&mut self, random: &mut Random) -> String {
        let kind = random.pick(b"sildab");
        let value = self.pipeline(random, kind, 2);
        if !self.variables.is_empty() && random.percent(40) {
            let (name, _) = self.variables[random.below(self.variables.len())].clone();
            return format!("{{{{- {name} = {value} -}}}}{{{{ {name} }}}}");
        }
        let name = format!("$v{}", self.variables.len());
        self.variables.push((name.clone(), kind));
        format!("{{{{- {name} := {value} }}}}")
    }

    fn branch(&mut self, random: &mut Random, depth: usize, word: &str) -> String {
        let known = self.variables.len();
        let kind = if word == "if" { b'b' } else { random.pick(b"sdlai") };
        let test = self.test(random, kind);
        let mut text = action(random, &format!("{word} {test}"));
        text += &self.block(random, depth);
        if random.percent(25) {
            let test = self.test(random, kind);
            text += &action(random, &format!("else {word} {test}"));
            text += &self.block(random, depth);
        }
        if random.percent(40) {
            text += &action(random, "else");
            text += &self.block(random, depth);
        }
        self.variables.truncate(known);
        text + &action(random, "end")
    }

    /// A condition, with a variable of its own now and then.
    fn test(&mut self, random: &mut Random, kind: u8) -> String {
        let value = self.pipeline(random, kind, 2);
        if !random.percent(25) {
            return value;
        }
        let name = format!("$t{}", self.variables.len());
        self.variables.push((name.clone(), kind));
        format!("{name} := {value}")
    }

    fn range(&mut self, random: &mut Random, depth: usize) -> String {
        let known = self.variables.len();
        let kind = random.pick(b"lllddkLa");
        let value = self.pipeline(random, kind, 2);
        let head = match random.below(4) {
            0 => {
                self.variables.push((format!("$e{known}"), b'a'));
                format!("range $e{known} := {value}")
            }
            1 => {
                self.variables.push((format!("$i{known}"), if kind == b'd' { b's' } else { b'i' }));
                self.variables.push((format!("$e{known}"), b'a'));
                format!("range $i{known}, $e{known} := {value}")
            }
            _ => format!("range {value}"),
        };
        let mut text = action(random, &head);
        self.loops += 1;
        text += &self.block(random, depth);
        self.loops -= 1;
        if random.percent(25) {
            text += &action(random, "else");
            text += &self.block(random, depth);
        }
        self.variables.truncate(known);
        text + &action(random, "end")
    }

    fn pipeline(&mut self, random: &mut Random, kind: u8, depth: usize) -> String {
        if depth == 0 || random.percent(55) {
            return self.command(random, kind, depth);
        }
        // The last argument of a function comes through the pipe.
        let Some((head, last)) = self.call_without_last(random, kind, depth) else {
            return self.command(random, kind, depth);
        };
        let first = self.pipeline(random, last, depth - 1);
        format!("{first} | {head}")
    }

    fn command(&mut self, random: &mut Random, kind: u8, depth: usize) -> String {
        if depth == 0 || random.percent(20) {
            return self.atom(random, kind);
        }
        match self.call_without_last(random, kind, depth) {
            Some((head, last)) => {
                let last = self.operand(random, last, depth - 1);
                format!("{head} {last}")
            }
            None => self.atom(random, kind),
        }
    }

    /// A call with all arguments but the last, and the kind of the last.
    fn call_without_last(&mut self, random: &mut Random, kind: u8, depth: usize) -> Option<(String, u8)> {
        let fitting: Vec<usize> = (0..self.functions.len()).filter(|i| fits(self.functions[*i].result, kind)).collect();
        if fitting.is_empty() {
            return None;
        }
        let function = &self.functions[random.pick(&fitting)];
        let mut params = function.params.to_vec();
        if function.variadic {
            let repeated = *params.last()?;
            match random.below(4) {
                0 => drop(params.pop()),
                1 => params.push(repeated),
                2 => params.extend([repeated, repeated]),
                _ => {}
            }
        }
        let mut text = function.name.to_owned();
        let last = params.pop()?;
        for param in params {
            text.push(' ');
            text += &self.operand(random, param, depth - 1);
        }
        Some((text, last))
    }

    /// An argument: an atom, a variable, or an expression in parentheses; now and then of a kind that does not fit.
    fn operand(&mut self, random: &mut Random, kind: u8, depth: usize) -> String {
        let kind = if random.percent(6) { other(random, kind) } else { kind };
        if depth == 0 || random.percent(50) {
            return self.atom(random, kind);
        }
        let inner = self.pipeline(random, kind, depth - 1);
        let text = format!("({inner})");
        if kind == b'd' && random.percent(15) { text + random.word(".a .deep .a.b .key") } else { text }
    }

    fn atom(&mut self, random: &mut Random, kind: u8) -> String {
        if random.percent(20) {
            let fitting: Vec<&(String, u8)> = self.variables.iter().filter(|(_, have)| fits(*have, kind)).collect();
            if !fitting.is_empty() {
                return random.pick(&fitting).0.clone();
            }
        }
        random.pick(atoms::of(kind)).to_string()
    }
}

/// Whether a thing of one kind can stand where another is wanted.
fn fits(have: u8, want: u8) -> bool {
    match want {
        b'a' => true,
        b'N' => matches!(have, b'i' | b'f' | b'k'),
        b'l' => have == b'L' || have == b'l',
        b's' => matches!(have, b's' | b'p' | b'u' | b'y' | b'j' | b'o'),
        _ => have == want,
    }
}

/// Another kind; never a big number in place of a small one, for that asks for all the memory.
fn other(random: &mut Random, kind: u8) -> u8 {
    if kind == b'k' { random.pick(b"sbld") } else { random.pick(b"sifbldat") }
}

fn action(random: &mut Random, inside: &str) -> String {
    let open = random.pick(&["{{ ", "{{ ", "{{ ", "{{ ", "{{", "{{- ", "{{-  "]);
    let close = random.pick(&[" }}", " }}", " }}", " }}", "}}", " -}}", "\n}}"]);
    // A number or a dot directly behind `{{-` would be read otherwise; a blank is already there.
    format!("{open}{inside}{close}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_balanced_and_varied() {
        let mut templates = Templates::default();
        let mut seen = std::collections::BTreeSet::new();
        for index in 0..500 {
            let text = templates.body(&mut Random::new(1, index));
            assert!(text.matches("{{").count() >= text.matches("end }}").count());
            seen.insert(text);
        }
        assert!(seen.len() > 450, "{}", seen.len());
    }

    #[test]
    fn expressions_repeat_with_the_seed() {
        let once = |index| Templates::default().expression(&mut Random::new(9, index));
        assert_eq!(once(4), once(4));
        assert_ne!(once(4), once(5));
    }
}
