//! Plain patterns: those that Go and Rust understand alike, and that surely can be compiled.
//!
//! A pattern becomes a short program that is run over the text once, in all its states at the same time.

use super::{Sure, Unsure};

/// The steps that a program may have. Go's own limits lie far above.
const LONGEST: usize = 900;

/// Groups in groups.
const DEEPEST: usize = 30;

/// Steps times characters of one search.
const WORK: usize = 1 << 20;

/// A step of a program.
#[derive(Clone, Debug)]
enum Step {
    /// One character of a set.
    One(Set),
    /// Two ways to go on.
    Both(usize, usize),
    /// One way to go on.
    Go(usize),
    /// The text's beginning.
    Start,
    /// The text's end.
    End,
}

/// Characters.
#[derive(Clone, Debug)]
struct Set {
    ranges: Vec<(char, char)>,
    is_negated: bool,
}

impl Set {
    fn one(c: char) -> Set {
        Set { ranges: vec![(c, c)], is_negated: false }
    }

    fn has(&self, c: char) -> bool {
        self.ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) != self.is_negated
    }
}

/// A compiled pattern.
#[derive(Debug)]
pub(crate) struct Pattern {
    steps: Vec<Step>,
}

impl Pattern {
    /// Compiles a pattern.
    pub(crate) fn new(text: &str) -> Sure<Pattern> {
        let mut parser = Parser { chars: text.chars().collect(), at: 0, steps: Vec::new() };
        parser.alternatives(0)?;
        if parser.at == parser.chars.len() { Ok(Pattern { steps: parser.steps }) } else { Err(Unsure) }
    }

    /// Whether it is found somewhere in a text.
    pub(crate) fn is_in(&self, text: &str) -> Sure<bool> {
        if (self.steps.len() + 1).saturating_mul(text.len() + 1) > WORK {
            return Err(Unsure);
        }
        let mut run = Run { steps: &self.steps, seen: vec![0; self.steps.len() + 1], round: 0, stack: Vec::new() };
        let (mut now, mut then) = (Vec::new(), Vec::new());
        let mut rest = text.chars();
        loop {
            let next = rest.clone().next();
            run.round += 1;
            // A match may begin at every place.
            if run.follow(&mut now, (run.round == 1, next.is_none())) {
                return Ok(true);
            }
            let Some(c) = rest.next() else { return Ok(false) };
            for at in now.drain(..) {
                if matches!(&self.steps[at], Step::One(set) if set.has(c)) {
                    then.push(at + 1);
                }
            }
            std::mem::swap(&mut now, &mut then);
        }
    }
}

struct Run<'s> {
    steps: &'s [Step],
    /// In which round a step was reached last.
    seen: Vec<usize>,
    round: usize,
    stack: Vec<usize>,
}

impl Run<'_> {
    /// From some places, and from the beginning, to those that ask for a character. Whether the end is reached.
    fn follow(&mut self, places: &mut Vec<usize>, (is_start, is_end): (bool, bool)) -> bool {
        self.stack.append(places);
        self.stack.push(0);
        while let Some(at) = self.stack.pop() {
            if std::mem::replace(&mut self.seen[at], self.round) == self.round {
                continue;
            }
            match self.steps.get(at) {
                None => return true,
                Some(Step::One(_)) => places.push(at),
                Some(Step::Both(a, b)) => self.stack.extend([*a, *b]),
                Some(Step::Go(to)) => self.stack.push(*to),
                Some(Step::Start) if is_start => self.stack.push(at + 1),
                Some(Step::End) if is_end => self.stack.push(at + 1),
                Some(Step::Start | Step::End) => {}
            }
        }
        false
    }
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    steps: Vec<Step>,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self, c: char) -> bool {
        let is_there = self.peek() == Some(c);
        self.at += usize::from(is_there);
        is_there
    }

    fn push(&mut self, step: Step) -> Sure<()> {
        if self.steps.len() >= LONGEST {
            return Err(Unsure);
        }
        self.steps.push(step);
        Ok(())
    }

    /// Makes room for a step in front of others, which are not yet jumped to from before it.
    fn insert(&mut self, at: usize, step: Step) -> Sure<()> {
        if self.steps.len() >= LONGEST {
            return Err(Unsure);
        }
        self.steps.insert(at, step);
        let moved = |to: &mut usize| *to += usize::from(*to >= at);
        for step in &mut self.steps[at + 1..] {
            match step {
                Step::Both(a, b) => [a, b].into_iter().for_each(moved),
                Step::Go(to) => moved(to),
                _ => {}
            }
        }
        Ok(())
    }

    fn alternatives(&mut self, depth: usize) -> Sure<()> {
        if depth > DEEPEST {
            return Err(Unsure);
        }
        let mut exits = Vec::new();
        loop {
            let start = self.steps.len();
            self.sequence(depth)?;
            if !self.take('|') {
                break;
            }
            // To this way or past it.
            self.insert(start, Step::Both(start + 1, 0))?;
            exits.push(self.steps.len());
            self.push(Step::Go(0))?;
            self.steps[start] = Step::Both(start + 1, self.steps.len());
        }
        let end = self.steps.len();
        for exit in exits {
            self.steps[exit] = Step::Go(end);
        }
        Ok(())
    }

    fn sequence(&mut self, depth: usize) -> Sure<()> {
        while let Some(c) = self.peek() {
            if c == '|' || c == ')' && depth > 0 {
                break;
            }
            let start = self.steps.len();
            self.at += 1;
            let may_repeat = self.atom(c, depth)?;
            if matches!(self.peek(), Some('*' | '+' | '?' | '{')) {
                if !may_repeat || self.steps.len() == start {
                    return Err(Unsure);
                }
                self.repeat(start)?;
            }
        }
        Ok(())
    }

    /// What stands between repetitions. Whether it may be repeated.
    fn atom(&mut self, c: char, depth: usize) -> Sure<bool> {
        match c {
            '^' | '$' => {
                self.push(if c == '^' { Step::Start } else { Step::End })?;
                return Ok(false);
            }
            '.' => self.push(Step::One(Set { ranges: vec![('\n', '\n')], is_negated: true }))?,
            '(' => {
                if self.take('?') && !self.take(':') {
                    return Err(Unsure);
                }
                self.alternatives(depth + 1)?;
                if !self.take(')') {
                    return Err(Unsure);
                }
            }
            '[' => {
                let set = self.class()?;
                self.push(Step::One(set))?;
            }
            '\\' => {
                let set = self.escape()?;
                self.push(Step::One(set))?;
            }
            ')' | '*' | '+' | '?' | '{' | '}' | ']' => return Err(Unsure),
            c if c.is_control() => return Err(Unsure),
            c => self.push(Step::One(Set::one(c)))?,
        }
        Ok(true)
    }

    /// A repetition of the steps from a place on.
    fn repeat(&mut self, start: usize) -> Sure<()> {
        let (low, high) = self.counts()?;
        // Whether it takes much or little makes no difference to finding it.
        self.take('?');
        if matches!(self.peek(), Some('*' | '+' | '?' | '{')) {
            return Err(Unsure);
        }
        let once: Vec<Step> = self.steps.drain(start..).collect();
        for _ in 0..low {
            self.copy(&once, start)?;
        }
        match high {
            None => {
                let again = self.steps.len();
                self.push(Step::Both(again + 1, again + once.len() + 2))?;
                self.copy(&once, start)?;
                self.push(Step::Go(again))?;
            }
            Some(high) => {
                for _ in low..high {
                    let here = self.steps.len();
                    self.push(Step::Both(here + 1, here + 1 + once.len()))?;
                    self.copy(&once, start)?;
                }
            }
        }
        Ok(())
    }

    fn copy(&mut self, once: &[Step], was_at: usize) -> Sure<()> {
        let by = self.steps.len() - was_at;
        once.iter().try_for_each(|step| {
            self.push(match step {
                Step::Both(a, b) => Step::Both(a + by, b + by),
                Step::Go(to) => Step::Go(to + by),
                other => other.clone(),
            })
        })
    }

    /// How often at least, and at most if there is a limit.
    fn counts(&mut self) -> Sure<(usize, Option<usize>)> {
        let c = self.peek();
        self.at += 1;
        Ok(match c {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            _ => {
                let low = self.count()?;
                let high = match self.take(',') {
                    false => Some(low),
                    true if self.peek() == Some('}') => None,
                    true => Some(self.count()?),
                };
                if !self.take('}') || high.is_some_and(|high| high < low || high == 0) {
                    return Err(Unsure);
                }
                (low, high)
            }
        })
    }

    fn count(&mut self) -> Sure<usize> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        let digits: String = self.chars[start..self.at].iter().collect();
        if digits.len() > 1 && digits.starts_with('0') {
            return Err(Unsure);
        }
        digits.parse().ok().filter(|n| *n < LONGEST).ok_or(Unsure)
    }

    /// What stands after a backslash.
    fn escape(&mut self) -> Sure<Set> {
        let c = self.peek().ok_or(Unsure)?;
        self.at += 1;
        let digits = vec![('0', '9')];
        let word = vec![('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
        let space = vec![('\t', '\n'), ('\u{c}', '\r'), (' ', ' ')];
        Ok(match c {
            'd' | 'D' => Set { ranges: digits, is_negated: c == 'D' },
            'w' | 'W' => Set { ranges: word, is_negated: c == 'W' },
            's' | 'S' => Set { ranges: space, is_negated: c == 'S' },
            'n' => Set::one('\n'),
            't' => Set::one('\t'),
            'r' => Set::one('\r'),
            c if c.is_ascii_punctuation() => Set::one(c),
            _ => return Err(Unsure),
        })
    }

    /// A class after its bracket.
    fn class(&mut self) -> Sure<Set> {
        let is_negated = self.take('^');
        let mut ranges = Vec::new();
        if self.peek() == Some(']') {
            return Err(Unsure);
        }
        while !self.take(']') {
            // A stroke at the edge is one, elsewhere it is not plain.
            if self.peek() == Some('-') && !ranges.is_empty() && !self.ends_class_after_one() {
                return Err(Unsure);
            }
            let low = self.member()?;
            if self.peek() != Some('-') || self.ends_class_after_one() {
                ranges.extend(low);
                continue;
            }
            self.at += 1;
            match (low.as_slice(), self.member()?.as_slice()) {
                ([(low, bottom)], [(high, top)]) if low == bottom && high == top && low <= high => {
                    ranges.push((*low, *high));
                }
                _ => return Err(Unsure),
            }
        }
        Ok(Set { ranges, is_negated })
    }

    fn ends_class_after_one(&self) -> bool {
        self.chars.get(self.at + 1) == Some(&']')
    }

    /// One member of a class: a character, or the set behind an escape.
    fn member(&mut self) -> Sure<Vec<(char, char)>> {
        let c = self.peek().ok_or(Unsure)?;
        self.at += 1;
        match c {
            '\\' => {
                let set = self.escape()?;
                if set.is_negated { Err(Unsure) } else { Ok(set.ranges) }
            }
            '[' | ']' | '&' | '~' => Err(Unsure),
            c if c.is_control() => Err(Unsure),
            c => Ok(vec![(c, c)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rhumb_gostd::regexp::Regexp;

    const TEXTS: &[&str] = &[
        "",
        "a",
        "b",
        "ab",
        "abc",
        "aab",
        "aaa",
        "aaaa",
        "1",
        "12",
        "1.2.3",
        "v1.2.3",
        "-",
        "--x",
        "a-b",
        "/",
        "/x",
        " ",
        "\n",
        "a\nb",
        "http://x/",
        "https://a b",
        "10m",
        "5Mi",
        "é",
        "aé",
        "日本",
        "A_z",
        "[",
        "\\",
        "none",
        "Always",
        "_",
        "^",
        "$",
        "(",
        ".",
    ];

    /// The same answers as the reader of Go's patterns gives.
    #[test]
    fn finds_what_go_finds() {
        let patterns = [
            "",
            "a",
            "^a",
            "a$",
            "^a$",
            "^$",
            "^$|^/",
            "a|b",
            "(a|b)c",
            "^(a|b|)$",
            "(?:ab)+",
            "^a*$",
            "^a+b?$",
            "^a{2}$",
            "^a{2,}$",
            "^a{1,3}$",
            "^(ab?){1,2}$",
            "[0-9]+",
            "^[^0-9]+$",
            r"^\d+$",
            r"^\w+$",
            r"\s",
            r"\S",
            r"^\D+$",
            r"^\W+$",
            r"^v[0-9]+\.[0-9]+\.[0-9]+$",
            ".",
            "^.$",
            "^.*$",
            "^.+?$",
            r"^$|^https?://[^\s]+$",
            "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
            "^[a-zA-Z0-9_-]{1,64}$",
            "^--*",
            "^(none|Always)$",
            r"^[\w.-]+$",
            r"[\[\]\\]",
            r"\$|\^|\(",
            "é",
            "[é-ö]",
            "^(a|aa)+$",
            "^((a?){2}){2}$",
            "^(a*)*$",
            "(^a|b$)",
            "^(([0-9]+)y)?(([0-9]+)m)?$",
            "^a{0,2}$",
            "x*",
            "(|a)+$",
            "a?b*c",
            "^(a|b)*?c",
            "[-a]",
            "[a-]",
            "[^-]",
            r"[\d-]",
            r"[+.\-/]",
        ];
        for pattern in patterns {
            let (ours, go) = (Pattern::new(pattern), Regexp::compile(pattern).unwrap());
            let ours = ours.unwrap_or_else(|_| panic!("{pattern} should be plain"));
            for text in TEXTS {
                assert_eq!(ours.is_in(text), Ok(go.is_match(text.as_bytes())), "{pattern} in {text:?}");
            }
        }
    }

    #[test]
    fn what_is_not_plain_is_left() {
        let rare = [
            "(",
            ")",
            "a)",
            "[",
            "[]",
            "[]a]",
            "[^]a]",
            "a**",
            "a+*",
            "*",
            "^*",
            "$+",
            "a{2}{3}",
            "a{",
            "a{,2}",
            "a{2,1}",
            "a{1000}",
            "(a{99}){99}",
            "{",
            "}",
            "]",
            "(?i)a",
            "(?=a)",
            "(?P<n>a)",
            r"\b",
            r"\pL",
            r"\1",
            r"\",
            r"\x41",
            "[[:alpha:]]",
            "[a-b-c]",
            "[z-a]",
            r"[\D]",
            r"[a-\d]",
            "[a&&b]",
            "()*",
            "a{01}",
            "a{0}",
            "a\u{1}",
            "a+++",
            "[a",
            r"[\",
            "(a",
            "(?:a",
            "|*",
            "\t",
        ];
        for pattern in rare {
            assert!(Pattern::new(pattern).is_err(), "{pattern}");
        }
        assert!(Pattern::new(&"(".repeat(100)).is_err());
        assert_eq!(Pattern::new("^(a|b)*c{1,99}$").unwrap().is_in(&"a".repeat(100_000)), Err(Unsure));
    }

    /// Random patterns: what is plain here is one in Go, with the same answers.
    #[test]
    fn random_patterns() {
        let parts = [
            "a", "b", "(", ")", "|", "*", "+", "?", "[ab]", "[^a]", "^", "$", ".", "{1,2}", "{2}", "{0,1}", "(?:",
            r"\d", "[a-", "]", "-", r"\.", "{1,}",
        ];
        let mut seed = 88_172_645_463_325_252u64;
        let mut random = |n: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            (seed >> 33) as usize % n
        };
        let mut plain = 0;
        for _ in 0..20_000 {
            let pattern: String = (0..1 + random(8)).map(|_| parts[random(parts.len())]).collect();
            let Ok(ours) = Pattern::new(&pattern) else { continue };
            plain += 1;
            let go = Regexp::compile(&pattern).unwrap_or_else(|e| panic!("{pattern}: {e}"));
            for text in TEXTS.iter().take(24) {
                assert_eq!(ours.is_in(text), Ok(go.is_match(text.as_bytes())), "{pattern} in {text:?}");
            }
        }
        assert!(plain > 2_000, "{plain}");
    }
}
