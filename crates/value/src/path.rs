//! The way from a value to one inside it: `a.b[0]["x.y"]`.

use std::fmt;

use crate::{Str, Value};

/// One step down.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Into a map.
    Key(Str),
    /// Into a list.
    Index(usize),
}

impl Step {
    /// A step into a map.
    #[must_use]
    pub fn key(key: impl Into<Str>) -> Step {
        Step::Key(key.into())
    }
}

/// Steps from the outside in. `Display` writes plain keys behind dots, others in brackets and quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// The path one step further.
    #[must_use]
    pub fn join(&self, step: Step) -> Path {
        let mut steps = self.0.clone();
        steps.push(step);
        Path(steps)
    }

    /// The value at the end of the path.
    #[must_use]
    pub fn find(&self, from: &Value) -> Option<Value> {
        self.0.iter().try_fold(from.clone(), |value, step| match (step, &value) {
            (Step::Key(key), Value::Map(m)) => m.get(key),
            (Step::Index(i), Value::List(l)) => l.get(*i).cloned(),
            _ => None,
        })
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(n) => write!(f, "[{n}]")?,
                Step::Key(key) if is_plain(key) && i > 0 => write!(f, ".{key}")?,
                Step::Key(key) if is_plain(key) => write!(f, "{key}")?,
                Step::Key(key) => write!(f, "[{:?}]", key.to_string_lossy())?,
            }
        }
        Ok(())
    }
}

/// Whether a key can be read back from behind a dot.
fn is_plain(key: &[u8]) -> bool {
    !key.is_empty() && key.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'/') || *b >= 0x80)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{List, Map};

    #[test]
    fn paths_are_written_and_followed() {
        let inner = Map::new();
        inner.insert("x.y", 7);
        let top = Map::new();
        top.insert("a", Value::List(List::new(vec![Value::Nil, Value::Map(inner)])));
        let path = Path(vec![Step::key("a"), Step::Index(1), Step::key("x.y")]);
        assert_eq!(path.to_string(), "a[1][\"x.y\"]");
        assert!(path.find(&Value::Map(top.clone())).is_some_and(|v| v.deep_equal(&Value::from(7))));
        assert!(path.join(Step::Index(0)).find(&Value::Map(top)).is_none());
    }
}
