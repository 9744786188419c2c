//! Looking for what a template names, and printing it.

use std::cmp::Ordering;

use rhumb_value::{List, Value, fmt, json};

use super::Node;

/// How many values one step may find, so that a template of many `..` ends.
const MOST: usize = 5_000_000;

/// How deep ranges may lie in ranges.
const MAX_DEPTH: usize = 500;

/// A value, or nothing at all, which is what a range over nothing hands to its body.
type Item = Option<Value>;

/// Nothing was found, or something cannot be done. The reference keeps the reason to itself, and so does this.
#[derive(Debug)]
pub(super) struct Nothing;

type Found<T> = Result<T, Nothing>;

/// What the template makes of the value.
pub(super) fn render(nodes: &[Node], value: &Value) -> Found<Vec<u8>> {
    let mut run = Run { nodes, last_end: None, out: Vec::new() };
    match run.from(0, &Some(value.clone()), 0)? {
        None => Ok(run.out),
        // An end without a range.
        Some(_) => Err(Nothing),
    }
}

struct Run<'t> {
    nodes: &'t [Node],
    /// The end that was met last; where a range has none of its own, things go on behind this one.
    last_end: Option<usize>,
    out: Vec<u8>,
}

impl Run<'_> {
    /// Runs the nodes from one on, up to the end of the range that they are in; tells where that is.
    fn from(&mut self, start: usize, item: &Item, depth: usize) -> Found<Option<usize>> {
        if depth > MAX_DEPTH || self.out.len() > MOST {
            return Err(Nothing);
        }
        let mut at = start;
        while let Some(node) = self.nodes.get(at) {
            let mut words = Words::default();
            let results = walk(node, vec![item.clone()], &mut words)?;
            if words.ends > 0 {
                self.last_end = Some(at);
                return Ok(Some(at));
            }
            if words.ranges > 0 {
                at = self.range(at, results, depth)?;
            } else {
                print(&mut self.out, &results)?;
                at += 1;
            }
        }
        Ok(None)
    }

    /// Runs what follows for each value; tells where to go on.
    fn range(&mut self, at: usize, results: Vec<Item>, depth: usize) -> Found<usize> {
        self.last_end = None;
        if results.is_empty() {
            // The body runs over nothing, just to find its end.
            let before = self.out.len();
            self.from(at + 1, &None, depth + 1)?;
            self.out.truncate(before);
        }
        for result in results {
            // Null is nothing to a body.
            self.from(at + 1, &result.filter(|v| !v.is_nil()), depth + 1)?;
        }
        Ok(self.last_end.unwrap_or(at) + 1)
    }
}

/// How often `range` and `end` were met in an action.
#[derive(Default)]
struct Words {
    ranges: u32,
    ends: u32,
}

fn list(nodes: &[Node], items: Vec<Item>, words: &mut Words) -> Found<Vec<Item>> {
    nodes.iter().try_fold(items, |items, node| walk(node, items, words))
}

fn walk(node: &Node, items: Vec<Item>, words: &mut Words) -> Found<Vec<Item>> {
    let found = match node {
        Node::Text(text) => vec![Some(Value::from(rhumb_value::Str::from(text.clone())))],
        Node::Literal(value) => vec![Some(value.clone()); items.len()],
        Node::Word(word) => match word.as_str() {
            "range" => {
                words.ranges += 1;
                items
            }
            "end" => {
                words.ends += 1;
                items
            }
            _ => return Err(Nothing),
        },
        Node::Field(name) => {
            let field = |item: &Item| item.as_ref()?.as_map()?.get(name.as_str()).map(Some);
            let found: Vec<Item> = items.iter().filter_map(field).collect();
            if found.is_empty() && !items.is_empty() {
                return Err(Nothing);
            }
            found
        }
        Node::Wildcard => items.iter().flat_map(children).collect(),
        Node::Recursive => {
            let mut found = Vec::new();
            descend(&items, &mut found, 0)?;
            found
        }
        Node::Index(index) => lists(&items, |list| {
            let len = i64::try_from(list.len()).unwrap_or(i64::MAX);
            let start = if *index < 0 { index + len } else { *index };
            if !(0..len).contains(&start) {
                return Err(Nothing);
            }
            Ok(vec![Some(list[usize::try_from(start).map_err(|_| Nothing)?].clone())])
        })?,
        Node::Slice(bounds) => lists(&items, |list| slice(list, bounds))?,
        Node::Filter(left, operator, right) => lists(&items, |list| filter(list, left, operator, right))?,
        Node::Union(parts) => {
            let mut found = Vec::new();
            for part in parts {
                found.extend(self::list(part, items.clone(), words)?);
            }
            found
        }
        Node::Action(nodes) => list(nodes, items, words)?,
    };
    if found.len() > MOST { Err(Nothing) } else { Ok(found) }
}

/// The values in a list or a map.
fn children(item: &Item) -> Vec<Item> {
    match item {
        Some(Value::List(list)) => list.iter().cloned().map(Some).collect(),
        Some(Value::Map(map)) => map.borrow().iter().map(|e| Some(e.value.clone())).collect(),
        _ => Vec::new(),
    }
}

/// Every value that has values in it, and every text with something in it, from the top down.
fn descend(items: &[Item], found: &mut Vec<Item>, depth: usize) -> Found<()> {
    if depth > MAX_DEPTH * 20 || found.len() > MOST {
        return Err(Nothing);
    }
    for item in items {
        if matches!(item, Some(Value::Str(text)) if !text.is_empty()) {
            found.push(item.clone());
            continue;
        }
        let inner = children(item);
        if !inner.is_empty() {
            found.push(item.clone());
            descend(&inner, found, depth + 1)?;
        }
    }
    Ok(())
}

/// What a step finds in lists; null is passed over, anything else is no list.
fn lists(items: &[Item], step: impl Fn(&[Value]) -> Found<Vec<Item>>) -> Found<Vec<Item>> {
    let mut found = Vec::new();
    for item in items {
        match item {
            Some(Value::List(list)) => found.extend(step(&values(list))?),
            Some(Value::Nil) => {}
            _ => return Err(Nothing),
        }
    }
    Ok(found)
}

fn values(list: &List) -> Vec<Value> {
    list.iter().cloned().collect()
}

fn slice(list: &[Value], bounds: &[Option<i64>; 3]) -> Found<Vec<Item>> {
    let len = i64::try_from(list.len()).map_err(|_| Nothing)?;
    let place = |bound: Option<i64>, otherwise: i64| match bound {
        Some(n) if n < 0 => n + len,
        Some(n) => n,
        None => otherwise,
    };
    let (start, end, step) = (place(bounds[0], 0), place(bounds[1], len), bounds[2].unwrap_or(1));
    if start < 0 || end < start || end > len || step <= 0 {
        return Err(Nothing);
    }
    let whole = |n: i64| usize::try_from(n).map_err(|_| Nothing);
    Ok(list[whole(start)?..whole(end)?].iter().step_by(whole(step)?).cloned().map(Some).collect())
}

fn filter(list: &[Value], left: &[Node], operator: &str, right: &[Node]) -> Found<Vec<Item>> {
    let mut kept = Vec::new();
    for value in list {
        let item = Some(value.clone());
        let side = |nodes: &[Node]| self::list(nodes, vec![item.clone()], &mut Words::default());
        let is_kept = if operator.is_empty() {
            side(left).is_ok_and(|found| !found.is_empty())
        } else {
            match (side(left)?.as_slice(), side(right)?.as_slice()) {
                ([], _) | (_, []) => false,
                ([Some(left)], [Some(right)]) => compare(left, operator, right)?,
                _ => return Err(Nothing),
            }
        };
        if is_kept {
            kept.push(item);
        }
    }
    Ok(kept)
}

/// Values of one kind compare; an integer and a float are not of one kind.
fn compare(left: &Value, operator: &str, right: &Value) -> Found<bool> {
    let order = match (left, right) {
        (Value::Bool(a), Value::Bool(b)) if matches!(operator, "==" | "!=") => Some(a.cmp(b)),
        (Value::Int(a, _), Value::Int(b, _)) => Some(a.cmp(b)),
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
        (Value::Str(a), Value::Str(b)) => Some(a.cmp(b)),
        _ => return Err(Nothing),
    };
    Ok(match operator {
        "==" => order == Some(Ordering::Equal),
        "!=" => order != Some(Ordering::Equal),
        "<" => order == Some(Ordering::Less),
        "<=" => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        ">" => order == Some(Ordering::Greater),
        ">=" => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        _ => return Err(Nothing),
    })
}

/// Values with blanks between; lists and maps as JSON.
fn print(out: &mut Vec<u8>, items: &[Item]) -> Found<()> {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        match item {
            None => out.extend_from_slice(b"<no value>"),
            Some(Value::Nil) => out.extend_from_slice(b"null"),
            Some(value @ (Value::List(_) | Value::Map(_))) => {
                out.extend(json::to_json(value, true).map_err(|_| Nothing)?);
            }
            Some(value) => out.extend(fmt::to_v(value)),
        }
    }
    Ok(())
}
