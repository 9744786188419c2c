//! JSONPath templates in the dialect of Kubernetes, as `show values --jsonpath` takes them.
//!
//! Text with actions in braces: `{.image.tag}`, `{.list[0:2]}`, `{..name}`, `{.people[?(@.age>30.0)].name}`,
//! `{range .list[*]}{@}{"\n"}{end}`. Grammar, odd corners included, and the words of failures are those of Helm 4.3.1, found by
//! experiment.

mod eval;
mod parse;

use rhumb_value::Value;

/// A part of a template.
#[derive(Clone, Debug)]
enum Node {
    /// Text, outside of actions or quoted in one.
    Text(Vec<u8>),
    /// A number or a boolean.
    Literal(Value),
    /// `range`, `end`, or a word that means nothing.
    Word(String),
    /// `.name`
    Field(String),
    /// `.*`
    Wildcard,
    /// `..`
    Recursive,
    /// `[1:4:2]`, and `[*]` where nothing is given.
    Slice([Option<i64>; 3]),
    /// `[3]`
    Index(i64),
    /// `[?(left op right)]`; without an operator, whether there is a left side at all.
    Filter(Vec<Node>, String, Vec<Node>),
    /// `['a','b']`, `[0,2]`
    Union(Vec<Vec<Node>>),
    /// `{ … }`
    Action(Vec<Node>),
}

/// What a template makes of a value. A template that cannot be read is an error with the reference's text; one that does not
/// find what it looks for gives nothing at all, without a word, as in the reference.
pub(crate) fn render(template: &str, value: &Value) -> Result<Vec<u8>, String> {
    let nodes = parse::parse(template).map_err(|e| format!("error parsing jsonpath {template}: {e}"))?;
    Ok(eval::render(&nodes, value).unwrap_or_default())
}

#[cfg(test)]
mod tests;
