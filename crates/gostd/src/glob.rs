//! Globs of `.Files.Glob`: the dialect of gobwas/glob 0.2.3 with `/` as the separator.
//!
//! `*` and `?` stay within a path element, `**` does not; `[abc]`, `[!abc]` and `[a-c]` (one range
//! only) match any character, `/` too; `{a,b}` holds alternatives; a backslash takes the next
//! character as it is. A pattern is matched by following all ways at once, so no pattern is slow.
//!
//! Left out are faults of the reference that no chart can want: braces with an empty or a `**`
//! alternative inside a longer pattern (`{**/,}a` matches nothing there), `[!a]` and `?` matching
//! the empty name, a crash on `a{}`.

use std::fmt;

/// Why a pattern was refused; `Display` is the reference's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// `[` without its end.
    UnexpectedEnd,
    /// `[a-z0]`.
    UnclosedRange,
    /// `[]`.
    EmptyBracket,
    /// `[z-a]`: the upper and the lower bound.
    Descending(char, char),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::UnexpectedEnd => f.write_str("unexpected end of input"),
            Error::UnclosedRange => f.write_str("expected close range character"),
            Error::EmptyBracket => f.write_str("could not parse range"),
            Error::Descending(hi, lo) => {
                write!(f, "hi character '{hi}' should be greater than lo '{lo}'")
            }
        }
    }
}

impl std::error::Error for Error {}

/// One step of the matching program.
#[derive(Debug, Clone)]
enum Step {
    /// Takes this character.
    Literal(char),
    /// Takes one character but `/`.
    Single,
    /// Takes one character of the set.
    OneOf { negated: bool, set: Vec<(char, char)> },
    /// Takes any number of characters, `/` only if told so.
    Any { across: bool },
    /// Goes on at each of these steps.
    Fork(Vec<usize>),
    /// Goes on at this step.
    Jump(usize),
}

/// A compiled glob.
#[derive(Debug, Clone)]
pub struct Glob {
    steps: Vec<Step>,
    /// The texts around the `**` of a pattern that holds nothing else. They may overlap in a
    /// name: `a/**/b` matches `a/b`.
    around: Option<(String, String)>,
}

impl Glob {
    /// Compiles a pattern.
    pub fn compile(pattern: &str) -> Result<Glob, Error> {
        let mut compiler = Compiler { steps: Vec::new(), open: Vec::new() };
        compiler.run(pattern)?;
        let around = around(&compiler.steps);
        Ok(Glob { steps: compiler.steps, around })
    }

    /// Whether the whole name matches.
    pub fn matches(&self, name: &str) -> bool {
        if let Some((start, end)) = &self.around {
            return name.starts_with(start.as_str()) && name.ends_with(end.as_str());
        }
        let mut now = States::new(self.steps.len() + 1);
        let mut next = States::new(self.steps.len() + 1);
        self.enter(&mut now, 0);
        for c in name.chars() {
            let mut i = 0;
            while let Some(&state) = now.list.get(i) {
                i += 1;
                match self.steps.get(state) {
                    Some(Step::Any { across }) if *across || c != '/' => {
                        self.enter(&mut next, state);
                    }
                    Some(step) if step.takes(c) => self.enter(&mut next, state + 1),
                    _ => {}
                }
            }
            std::mem::swap(&mut now, &mut next);
            next.clear();
            if now.list.is_empty() {
                return false;
            }
        }
        now.seen[self.steps.len()]
    }

    /// Adds a step and all that can be reached from it without taking a character.
    fn enter(&self, states: &mut States, start: usize) {
        let mut todo = vec![start];
        while let Some(state) = todo.pop() {
            if std::mem::replace(&mut states.seen[state], true) {
                continue;
            }
            states.list.push(state);
            match self.steps.get(state) {
                Some(Step::Fork(targets)) => todo.extend(targets),
                Some(Step::Jump(target)) => todo.push(*target),
                Some(Step::Any { .. }) => todo.push(state + 1),
                _ => {}
            }
        }
    }
}

/// The texts on both sides of a single `**`.
fn around(steps: &[Step]) -> Option<(String, String)> {
    let star = steps.iter().position(|step| matches!(step, Step::Any { across: true }))?;
    let text = |steps: &[Step]| -> Option<String> {
        let literal = |step: &Step| match step {
            Step::Literal(c) => Some(*c),
            _ => None,
        };
        steps.iter().map(literal).collect()
    };
    Some((text(&steps[..star])?, text(&steps[star + 1..])?))
}

impl Step {
    fn takes(&self, c: char) -> bool {
        match self {
            Step::Literal(wanted) => c == *wanted,
            Step::Single => c != '/',
            Step::OneOf { negated, set } => set.iter().any(|&(lo, hi)| lo <= c && c <= hi) != *negated,
            Step::Any { .. } | Step::Fork(_) | Step::Jump(_) => false,
        }
    }
}

/// The steps that have been reached.
struct States {
    list: Vec<usize>,
    seen: Vec<bool>,
}

impl States {
    fn new(len: usize) -> States {
        States { list: Vec::with_capacity(len), seen: vec![false; len] }
    }

    fn clear(&mut self) {
        for state in self.list.drain(..) {
            self.seen[state] = false;
        }
    }
}

/// Open braces: where the fork stands, where its ways begin, and the jumps from their ends.
struct Braces {
    fork: usize,
    starts: Vec<usize>,
    ends: Vec<usize>,
}

struct Compiler {
    steps: Vec<Step>,
    open: Vec<Braces>,
}

impl Compiler {
    fn run(&mut self, pattern: &str) -> Result<(), Error> {
        let mut rest = pattern;
        while let Some(c) = rest.chars().next() {
            let after = &rest[c.len_utf8()..];
            rest = match c {
                '*' => self.stars(after),
                '?' => self.push(Step::Single, after),
                '[' => {
                    let (step, after) = bracket(after)?;
                    self.push(step, after)
                }
                '{' => self.open_braces(after),
                ',' if !self.open.is_empty() => self.end_way(after),
                '}' if !self.open.is_empty() => self.close_braces(after),
                '\\' => match after.chars().next() {
                    // A backslash at the very end stands for nothing.
                    None => after,
                    Some(c) => self.push(Step::Literal(c), &after[c.len_utf8()..]),
                },
                c => self.push(Step::Literal(c), after),
            };
        }
        // Braces that nobody closed end with the pattern.
        while !self.open.is_empty() {
            self.close_braces("");
        }
        Ok(())
    }

    /// One star or two; the third of three is not read as nothing but takes a character, as the
    /// reference does it.
    fn stars<'a>(&mut self, after: &'a str) -> &'a str {
        let Some(after) = after.strip_prefix('*') else {
            return self.push(Step::Any { across: false }, after);
        };
        self.steps.push(Step::Any { across: true });
        match after.strip_prefix('*') {
            Some(rest) if !rest.starts_with(['*', '?']) => {
                self.push(Step::OneOf { negated: true, set: Vec::new() }, rest)
            }
            _ => after,
        }
    }

    fn push<'a>(&mut self, step: Step, after: &'a str) -> &'a str {
        self.steps.push(step);
        after
    }

    fn open_braces<'a>(&mut self, after: &'a str) -> &'a str {
        let fork = self.steps.len();
        self.steps.push(Step::Fork(Vec::new()));
        self.open.push(Braces { fork, starts: vec![fork + 1], ends: Vec::new() });
        after
    }

    fn end_way<'a>(&mut self, after: &'a str) -> &'a str {
        let here = self.steps.len();
        if let Some(braces) = self.open.last_mut() {
            braces.ends.push(here);
            braces.starts.push(here + 1);
        }
        self.push(Step::Jump(0), after)
    }

    fn close_braces<'a>(&mut self, after: &'a str) -> &'a str {
        let here = self.steps.len();
        if let Some(braces) = self.open.pop() {
            self.steps[braces.fork] = Step::Fork(braces.starts);
            for end in braces.ends {
                self.steps[end] = Step::Jump(here);
            }
        }
        after
    }
}

/// A bracket behind its `[`: `!` negates, then either one range or a list up to the first `]`.
fn bracket(text: &str) -> Result<(Step, &str), Error> {
    let (negated, inner) = match text.strip_prefix('!') {
        Some(inner) => (true, inner),
        None => (false, text),
    };
    let mut chars = inner.chars();
    let lo = chars.next().ok_or(Error::UnexpectedEnd)?;
    if chars.next() == Some('-') {
        let hi = chars.next().ok_or(Error::UnexpectedEnd)?;
        return match chars.next() {
            None => Err(Error::UnexpectedEnd),
            Some(']') if hi < lo => Err(Error::Descending(hi, lo)),
            Some(']') => Ok((Step::OneOf { negated, set: vec![(lo, hi)] }, chars.as_str())),
            Some(_) => Err(Error::UnclosedRange),
        };
    }
    list(inner, negated)
}

fn list(text: &str, negated: bool) -> Result<(Step, &str), Error> {
    let mut set = Vec::new();
    let mut chars = text.chars();
    loop {
        match chars.next().ok_or(Error::UnexpectedEnd)? {
            ']' if set.is_empty() => return Err(Error::EmptyBracket),
            ']' => return Ok((Step::OneOf { negated, set }, chars.as_str())),
            '\\' => {
                let c = chars.next().ok_or(Error::UnexpectedEnd)?;
                set.push((c, c));
            }
            c => set.push((c, c)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Glob;

    /// The names that each pattern is asked about, in the order of its digits.
    const NAMES: [&str; 21] = [
        "a",
        "b",
        "c",
        "/",
        "a/b",
        "ab",
        "abc",
        "ac",
        "a.yaml",
        "d/a.yaml",
        "d/e/a.yaml",
        "]",
        "^",
        "-",
        "!",
        "{",
        "é",
        "a/b/c",
        "x/y/a",
        "a,b",
        "a]",
    ];

    /// Observed from gobwas/glob 0.2.3 with `/` as the separator.
    const TABLE: &[(&str, &str)] = &[
        ("", "000000000000000000000"),
        ("*", "111001111001111110011"),
        ("**", "111111111111111111111"),
        ("?", "111000000001111110000"),
        ("a", "100000000000000000000"),
        ("[abc]", "111000000000000000000"),
        ("[!abc]", "000100000001111110000"),
        ("[^abc]", "111000000000100000000"),
        ("[a-c]", "111000000000000000000"),
        ("[!a-c]", "000100000001111110000"),
        ("[a-c0-9]", "!expected close range character"),
        ("[]", "!could not parse range"),
        ("[]a]", "!could not parse range"),
        ("[!]", "!could not parse range"),
        ("[!]]", "!could not parse range"),
        ("[a", "!unexpected end of input"),
        ("[", "!unexpected end of input"),
        ("[a-", "!unexpected end of input"),
        ("[a-]", "!unexpected end of input"),
        ("[-a]", "100000000000010000000"),
        ("[!-a]", "011100000001101110000"),
        ("[a\\]b]", "110000000001000000000"),
        ("[\\]]", "000000000001000000000"),
        ("[a-\\]]", "!hi character '\\' should be greater than lo 'a'"),
        ("[!!a]", "011100000001110110000"),
        ("[*]", "000000000000000000000"),
        ("[?]", "000000000000000000000"),
        ("[{a}]", "100000000000000100000"),
        ("[a,b]", "110000000000000000000"),
        ("{a,b}", "110000000000000000000"),
        ("{a", "100000000000000000000"),
        ("{a,b", "110000000000000000000"),
        ("a}", "000000000000000000000"),
        ("}", "000000000000000000000"),
        ("a,b", "000000000000000000010"),
        ("{}", "000000000000000000000"),
        ("{,}", "000000000000000000000"),
        ("{a,}", "100000000000000000000"),
        ("{,a}", "100000000000000000000"),
        ("{a,{b,c}}", "111000000000000000000"),
        ("{a,b}c", "000000010000000000000"),
        ("{[ab],c}", "111000000000000000000"),
        ("{[a", "!unexpected end of input"),
        ("\\", "000000000000000000000"),
        ("a\\", "100000000000000000000"),
        ("\\a", "100000000000000000000"),
        ("\\*", "000000000000000000000"),
        ("\\\\", "000000000000000000000"),
        ("{\\,,a}", "100000000000000000000"),
        ("{a\\}", "000000000000000000000"),
        ("{a,b}}", "000000000000000000000"),
        ("{{a}}", "100000000000000000000"),
        ("***", "111111111111111111111"),
        ("*?", "111001111001111110011"),
        ("?*", "111001111001111110011"),
        ("a**", "100011111000000001011"),
        ("**a", "100000000000000000100"),
        ("**/a", "000000000000000000100"),
        ("a/**", "000010000000000001000"),
        ("a/**/b", "000010000000000000000"),
        ("*/*", "000110000100000000000"),
        ("**.yaml", "000000001110000000000"),
        ("*.yaml", "000000001000000000000"),
        ("a*x", "000000000000000000000"),
        ("a**x", "000000000000000000000"),
        ("{*,**}", "111111111111111111111"),
        ("{a*,b}/c", "000000000000000000000"),
        ("[c-a]", "!hi character 'a' should be greater than lo 'c'"),
        ("[!c-a]", "!hi character 'a' should be greater than lo 'c'"),
        ("[/]", "000100000000000000000"),
        ("[!a]", "011100000001111110000"),
        ("?.a", "000000000000000000000"),
        ("{a,ab}c", "000000110000000000000"),
        ("{*.a,*.b}", "000000000000000000000"),
        ("a{b}c", "000000100000000000000"),
        ("a]", "000000000000000000001"),
        ("]", "000000000001000000000"),
        ("[a-c]x", "000000000000000000000"),
        ("[!a]*", "011100000001111110000"),
        ("[a-zA-Z]*", "!expected close range character"),
        ("[a]]", "000000000000000000001"),
        ("[é-ü]", "000000000000000010000"),
        ("{?,*}", "111001111001111110011"),
        ("{?", "111000000001111110000"),
        ("é*", "000000000000000010000"),
        ("a{,b}c", "000000110000000000000"),
        ("a{b,}c", "000000110000000000000"),
        ("[ab]{c,d}", "000000010000000000000"),
        ("{a,b}{c,d}", "000000010000000000000"),
        ("{a-c}", "000000000000000000000"),
        ("-", "000000000000010000000"),
        ("!a", "000000000000000000000"),
        ("[[]", "000000000000000000000"),
        ("[[a]", "100000000000000000000"),
        ("[a[b]", "110000000000000000000"),
        ("{a}", "100000000000000000000"),
        ("{ab,ac}", "000001010000000000000"),
        ("{ab,b}", "010001000000000000000"),
        ("*{a,b}", "110001000000000000010"),
        ("*a*", "100001111000000000011"),
        ("*a*b*", "000001100000000000010"),
        ("a*b*c", "000000100000000000000"),
        ("[a-b-c]", "!expected close range character"),
        ("{a,b}*", "110001111000000000011"),
        ("**{a,b}", "110011000000000000110"),
        ("{,*}/a", "000000000000000000000"),
        ("\\[a\\]", "000000000000000000000"),
        ("\\{a,b\\}", "000000000000000000000"),
        ("{a,\\{b}", "100000000000000000000"),
        ("*a", "100000000000000000000"),
        ("a*", "100001111000000000011"),
        ("*/a", "000000000000000000000"),
        ("a/*", "000010000000000000000"),
        ("**a**", "100011111110000001111"),
        ("a?c", "000000100000000000000"),
        ("a[b]c", "000000100000000000000"),
        ("a[!b]c", "000000000000000000000"),
        ("a[b-d]c", "000000100000000000000"),
        ("{a?,b}c", "000000100000000000000"),
        ("{abc,abd}", "000000100000000000000"),
        ("*/**", "000110000110000001100"),
        ("**/*", "000110000110000001100"),
        ("**/**", "000110000110000001100"),
        ("a**b**c", "000000100000000001000"),
        ("{**}", "111111111111111111111"),
        ("{a/**,b}", "010010000000000001000"),
    ];

    #[test]
    fn answers_are_the_references() {
        for (pattern, expected) in TABLE {
            let got: String = match Glob::compile(pattern) {
                Err(error) => format!("!{error}"),
                Ok(glob) => NAMES.iter().map(|name| if glob.matches(name) { '1' } else { '0' }).collect(),
            };
            assert_eq!(got, *expected, "pattern {pattern:?}");
        }
    }

    #[test]
    fn no_pattern_is_slow() {
        let glob = Glob::compile(&("{a*,*a}".repeat(50) + "b")).unwrap();
        assert!(!glob.matches(&"a".repeat(2000)));
        assert!(Glob::compile(&"{".repeat(100_000)).unwrap().matches(""));
    }
}
