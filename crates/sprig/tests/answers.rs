//! Every function against what the reference answered (`answers.tsv`).
//!
//! The expressions are read by a small evaluator of calls and literals, so that this crate needs no executor.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::any::Any;

use rhumb_sprig::lookup;
use rhumb_template::{Call, Error, Runtime};
use rhumb_value::{Str, Value, fmt, json};
use rhumb_world::World;

struct Still;

impl World for Still {
    fn now(&self) -> (i64, u32) {
        (0, 0)
    }
    fn local_zone(&self) -> String {
        "UTC".into()
    }
    fn entropy(&self, buffer: &mut [u8]) {
        buffer.fill(7);
    }
    fn resolve_host(&self, _: &str) -> Option<String> {
        None
    }
}

struct Machine;

impl Runtime for Machine {
    fn world(&self) -> &dyn World {
        &Still
    }
    fn host(&self) -> &dyn Any {
        &()
    }
    fn execute(&mut self, _: &Str, _: &Value) -> Result<Str, Error> {
        Err(Error::new("no templates here"))
    }
    fn execute_text(&mut self, _: &Str, _: &Value) -> Result<Str, Error> {
        Err(Error::new("no templates here"))
    }
}

/// Reads `f a (g b) "c" | h`.
struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn skip(&mut self) {
        while self.text.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
    }

    fn pipeline(&mut self) -> Result<Value, String> {
        let mut piped: Option<Value> = None;
        loop {
            let value = self.command(piped.take())?;
            self.skip();
            if self.text.get(self.at) != Some(&b'|') {
                return Ok(value);
            }
            self.at += 1;
            piped = Some(value);
        }
    }

    fn command(&mut self, last: Option<Value>) -> Result<Value, String> {
        self.skip();
        let start = self.at;
        while self.text.get(self.at).is_some_and(|c| c.is_ascii_alphanumeric() || *c == b'_') {
            self.at += 1;
        }
        let name = std::str::from_utf8(&self.text[start..self.at]).unwrap();
        let mut args = Vec::new();
        loop {
            self.skip();
            match self.text.get(self.at) {
                None | Some(b')' | b'|') => break,
                _ => args.push(self.operand()?),
            }
        }
        args.extend(last);
        // Three of the language's own functions are those of value.
        match (name, args.first()) {
            ("printf", Some(Value::Str(format))) => return Ok(fmt::sprintf(format, &args[1..]).into()),
            ("print", _) => return Ok(fmt::sprint(&args).into()),
            ("println", _) => return Ok(fmt::sprintln(&args).into()),
            _ => {}
        }
        let func = lookup(name).unwrap_or_else(|| panic!("function {name:?} is missing"));
        match (func.call)(&mut Call { args: &args, runtime: &mut Machine }) {
            Ok(value) => Ok(value),
            Err(Error::Message(text)) => Err(text),
            Err(other) => Err(format!("{other:?}")),
        }
    }

    fn operand(&mut self) -> Result<Value, String> {
        let rest = &self.text[self.at..];
        match rest[0] {
            b'(' => {
                self.at += 1;
                let value = self.pipeline()?;
                self.skip();
                assert_eq!(self.text.get(self.at), Some(&b')'));
                self.at += 1;
                Ok(value)
            }
            b'"' => {
                let mut end = 1;
                while rest[end] != b'"' {
                    end += if rest[end] == b'\\' { 2 } else { 1 };
                }
                self.at += end + 1;
                Ok(json::from_json(&rest[..=end]).unwrap())
            }
            _ => {
                let end = rest.iter().position(|c| matches!(c, b' ' | b')')).unwrap_or(rest.len());
                self.at += end;
                let word = std::str::from_utf8(&rest[..end]).unwrap();
                Ok(match word {
                    "nil" => Value::Nil,
                    "true" => Value::from(true),
                    "false" => Value::from(false),
                    _ if word.starts_with("0x") => Value::from(i64::from_str_radix(&word[2..], 16).unwrap()),
                    _ => match (word.parse::<i64>(), word.parse::<f64>()) {
                        (Ok(n), _) => Value::from(n),
                        (_, Ok(f)) => Value::from(f),
                        _ => panic!("what is {word:?}?"),
                    },
                })
            }
        }
    }
}

#[test]
fn answers_are_those_of_the_reference() {
    let mut wrong = Vec::new();
    for line in include_str!("answers.tsv").lines().filter(|l| !l.starts_with('#')) {
        let (expression, want) = line.split_once('\t').unwrap();
        let got = match (Reader { text: expression.as_bytes(), at: 0 }).pipeline() {
            Ok(value) => {
                // The recorded answer went through text, so broken characters are replaced on both sides.
                let shown = String::from_utf8_lossy(&fmt::to_v(&value)).into_owned();
                String::from_utf8(json::to_json(&shown.into(), false).unwrap()).unwrap()
            }
            Err(text) => format!("error {text}"),
        };
        if got != want {
            wrong.push(format!("{expression}\n   want {want}\n   got  {got}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_are_unique() {
    let mut names: Vec<&str> = rhumb_sprig::functions().map(|f| f.name).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|w| w[0] != w[1]));
}

#[test]
fn the_world_feeds_clock_and_chance() {
    let eval = |text: &str| {
        let value = Reader { text: text.as_bytes(), at: 0 }.pipeline().unwrap();
        String::from_utf8(fmt::to_v(&value)).unwrap()
    };
    assert_eq!(eval("now"), "1970-01-01 00:00:00 +0000 UTC m=+0.000000000");
    assert_eq!(eval("now | date \"2006-01-02T15:04\""), "1970-01-01T00:00");
    assert_eq!(eval("ago (toDate \"2006-01-02\" \"1969-12-31\")"), "24h0m0s");
    assert_eq!(eval("uuidv4"), "07070707-0707-4707-8707-070707070707");
    assert_eq!(eval("randNumeric 3"), "777");
    assert_eq!(eval("randBytes 3"), "BwcH");
    assert_eq!(eval("randAlphaNum 100000").len(), 100_000);
    assert_eq!(eval("now | typeOf"), "time.Time");
}
