//! Rules as data, and running them.

use crate::message::{Message, Severity};

/// A rule over a `T`.
#[derive(Debug)]
pub struct Rule<T: ?Sized> {
    /// A name for people who want to talk about it.
    pub name: &'static str,
    /// How grave its complaint is.
    pub severity: Severity,
    /// The complaint about a subject, if there is one.
    pub check: fn(&T) -> Option<String>,
}

/// What the rules said, in order.
#[derive(Debug, Default)]
pub struct Messages(pub Vec<Message>);

impl Messages {
    /// Adds a message.
    pub fn say(&mut self, severity: Severity, path: &str, text: impl Into<String>) {
        self.0.push(Message { severity, path: path.to_owned(), text: text.into() });
    }

    /// Runs all rules over a subject, in their order. `path` is what their complaints are about.
    pub fn apply<T: ?Sized>(&mut self, rules: &[Rule<T>], subject: &T, path: &str) {
        for rule in rules {
            if let Some(text) = (rule.check)(subject) {
                self.say(rule.severity, path, text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_speak_in_their_order() {
        const RULES: &[Rule<i32>] = &[
            Rule { name: "even", severity: Severity::Error, check: |n| (n % 2 == 1).then(|| "odd".to_owned()) },
            Rule { name: "small", severity: Severity::Info, check: |n| (*n > 9).then(|| format!("{n} is big")) },
        ];
        let mut messages = Messages::default();
        messages.apply(RULES, &12, "a");
        messages.apply(RULES, &13, "b");
        let said: Vec<String> = messages.0.iter().map(ToString::to_string).collect();
        assert_eq!(said, ["[INFO] a: 12 is big", "[ERROR] b: odd", "[INFO] b: 13 is big"]);
    }
}
