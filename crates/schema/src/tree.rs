//! The validator's tree of failures, put right where it differs from the reference's.
//!
//! The validator leaves out a group (`allOf`, `anyOf`, `oneOf`) with one cause, counts the items after `prefixItems`
//! from zero, and puts an invalid property name at the top. The way through the schema that each failure carries tells
//! what was left out.

use boon::{ErrorKind, InstanceToken, ValidationError};
use serde_json::Value;

use crate::LOCATION;
use crate::drafts;
use crate::go_message::{Words, message};
use crate::references::key;

/// A failure as the reference has it.
#[derive(Debug)]
pub(crate) struct Node {
    /// Where in the values, as a JSON pointer.
    pub(crate) at: String,
    /// What is wrong.
    pub(crate) message: String,
    /// Why.
    pub(crate) causes: Vec<Node>,
}

/// What a failure inherits from the one around it.
#[derive(Clone, Default)]
struct Around {
    /// The part of the schema that it stands for.
    schema: String,
    /// The way to the value.
    at: Vec<String>,
    /// How much is to be added to the index at a place of the way.
    shifts: Vec<(usize, usize)>,
    /// The group that its causes belong to, if it is one.
    group: &'static str,
}

/// The failures below the outermost, which only says that there are some.
pub(crate) fn nodes(error: &ValidationError<'_, '_>, schema: &Value, values: &Value, words: &Words) -> Vec<Node> {
    let builder = Builder { schema, values, words };
    let found = match error.kind {
        ErrorKind::Schema { url } => {
            let root = Around { schema: with_fragment(url), ..Around::default() };
            builder.inside(error, &root)
        }
        _ => {
            builder.build(error, &Around { schema: with_fragment(LOCATION), ..Around::default() }).into_iter().collect()
        }
    };
    let is_part = matches!(found.as_slice(), [only] if only.is_part && only.groups.is_empty());
    let nodes = together(found, 0);
    // What stands for a schema of its own draft is no group where nothing else is wrong.
    if is_part { nodes.into_iter().flat_map(|node| node.causes).collect() } else { nodes }
}

fn with_fragment(url: &str) -> String {
    if url.contains('#') { url.to_owned() } else { format!("{url}#") }
}

/// A group that the validator left out, since one of its schemas alone failed.
struct Group {
    name: &'static str,
    /// The schema in it that failed.
    schema: String,
    at: String,
}

/// A failure, and what stands between it and the one around it.
struct Found {
    node: Node,
    /// From the outermost.
    groups: Vec<Group>,
    /// The schemas on the way, and the value each is about.
    way: Vec<(String, String)>,
    /// Whether it stands for several of a schema of its own draft.
    is_part: bool,
}

/// The failures of one group become one again.
fn together(found: Vec<Found>, level: usize) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut rest = found;
    while !rest.is_empty() {
        let first = rest.remove(0);
        let Some(group) = first.groups.get(level) else {
            nodes.push(first.node);
            continue;
        };
        let (name, at, schema) = (group.name, group.at.clone(), group.schema.clone());
        let is_same = |other: &Found| other.groups.get(level).is_some_and(|g| g.schema == schema && g.at == at);
        let (mut same, others): (Vec<Found>, Vec<Found>) = rest.into_iter().partition(is_same);
        rest = others;
        same.insert(0, first);
        let common = common(&same).unwrap_or_else(|| at.clone());
        let mut causes = together(same, level + 1);
        if causes.len() > 1 {
            causes = vec![Node { at: common, message: "validation failed".into(), causes }];
        }
        let message = if name == "oneOf" { "'oneOf' failed, none matched".into() } else { format!("'{name}' failed") };
        nodes.push(Node { at, message, causes });
    }
    nodes
}

/// The value that the last schema common to all is about.
fn common(found: &[Found]) -> Option<String> {
    let (first, others) = found.split_first()?;
    let is_common = |place: &&(String, String)| others.iter().all(|o| o.way.contains(place));
    first.way.iter().rev().find(is_common).map(|(_, at)| at.clone())
}

struct Builder<'s> {
    schema: &'s Value,
    values: &'s Value,
    words: &'s Words,
}

impl Builder<'_> {
    /// What is inside a failure.
    fn inside(&self, error: &ValidationError<'_, '_>, around: &Around) -> Vec<Found> {
        error.causes.iter().filter_map(|cause| self.build(cause, around)).collect()
    }

    fn build(&self, error: &ValidationError<'_, '_>, around: &Around) -> Option<Found> {
        // A multiple of a fraction is told in decimal numbers, not in binary ones.
        if let ErrorKind::MultipleOf { got, want } = &error.kind
            && is_multiple(&got.to_string(), &want.to_string())
        {
            return None;
        }
        let rest = error.schema_url.strip_prefix(around.schema.as_str()).unwrap_or_default();
        let (here, groups, way) = self.follow(error, around, rest);
        let inner = match error.kind {
            ErrorKind::Reference { url, .. } => Around { schema: with_fragment(url), ..here.clone() },
            ErrorKind::AllOf => Around { group: "allOf", ..here.clone() },
            ErrorKind::AnyOf => Around { group: "anyOf", ..here.clone() },
            ErrorKind::OneOf(_) => Around { group: "oneOf", ..here.clone() },
            _ => here.clone(),
        };
        // The causes of an invalid name are about the name alone.
        let inner = match error.kind {
            ErrorKind::PropertyName { .. } => Around { at: Vec::new(), shifts: Vec::new(), ..inner },
            _ => inner,
        };
        let mut causes = together(self.inside(error, &inner), 0);
        if causes.is_empty() && !error.causes.is_empty() && !matches!(error.kind, ErrorKind::PropertyName { .. }) {
            return None;
        }
        let is_part = matches!(error.kind, ErrorKind::Reference { url, .. } if self.words.parts.is_mark(error.schema_url, url))
            && causes.len() > 1;
        let node = match (&error.kind, causes.len()) {
            // A reference with one cause stands for that cause.
            (ErrorKind::Reference { .. }, 1) => causes.remove(0),
            _ => Node { at: pointer(&here.at), message: message(&error.kind, self.words), causes },
        };
        Some(Found { node, groups, way, is_part })
    }

    /// The place after a way through the schema, the groups on it that were left out, and the schemas on it.
    fn follow(
        &self,
        error: &ValidationError<'_, '_>,
        around: &Around,
        way: &str,
    ) -> (Around, Vec<Group>, Vec<(String, String)>) {
        let mut here = Around { group: "", ..around.clone() };
        let mut groups = Vec::new();
        let mut parts = way.split('/').skip(1).peekable();
        let mut expected = around.group;
        let mut places = Vec::new();
        while let Some(part) = parts.next() {
            let start = here.schema.len();
            here.schema.push('/');
            here.schema.push_str(part);
            let named = matches!(part, "properties" | "patternProperties" | "dependentSchemas" | "dependencies");
            let next = parts.peek().copied().unwrap_or_default();
            let counted = !next.is_empty() && next.bytes().all(|c| c.is_ascii_digit());
            if named || counted && matches!(part, "allOf" | "anyOf" | "oneOf" | "items" | "prefixItems") {
                here.schema.push('/');
                here.schema.push_str(next);
                parts.next();
            }
            match part {
                "allOf" | "anyOf" | "oneOf" => {
                    let name = match part {
                        "allOf" => "allOf",
                        "anyOf" => "anyOf",
                        _ => "oneOf",
                    };
                    if expected != name {
                        groups.push(Group { name, schema: here.schema.clone(), at: pointer(&here.at) });
                    }
                }
                "properties" => self.step(error, &mut here, Some(key(next)), 0),
                "items" | "additionalItems" if !counted => {
                    let before = self.items_before(&here.schema[..start], part);
                    self.step(error, &mut here, None, before);
                }
                "patternProperties"
                | "unevaluatedItems"
                | "additionalProperties"
                | "unevaluatedProperties"
                | "items"
                | "prefixItems"
                | "contains" => self.step(error, &mut here, None, 0),
                _ => {}
            }
            expected = "";
            places.push((here.schema.clone(), pointer(&here.at)));
        }
        match &error.kind {
            ErrorKind::PropertyName { prop } => self.settle(&mut here.at, prop),
            _ => here.at = self.location(error, &here.shifts),
        }
        (here, groups, places)
    }

    /// Fills the gaps in the way to an object with a wrong name, of which the validator does not tell the place. Of a list's items
    /// the reference tells the one that it looked at last, whichever is wrong; of a map's values, which it walks in chance order,
    /// one that has the name is told here.
    fn settle(&self, at: &mut [String], name: &str) {
        let mut value = self.values;
        let end = at.len();
        for (place, part) in at.iter_mut().enumerate() {
            let next = match value {
                Value::Array(items) => {
                    if part.is_empty() {
                        *part = items.len().saturating_sub(1).to_string();
                    }
                    part.parse::<usize>().ok().and_then(|index| items.get(index))
                }
                Value::Object(map) => {
                    let mut keys = map.iter().filter(|(_, inner)| place + 1 < end || inner.get(name).is_some());
                    if part.is_empty()
                        && !map.contains_key("")
                        && let Some((key, _)) = keys.next_back()
                    {
                        part.clone_from(key);
                    }
                    map.get(part.as_str())
                }
                _ => None,
            };
            let Some(next) = next else { return };
            value = next;
        }
    }

    /// One step down in the values.
    fn step(&self, error: &ValidationError<'_, '_>, here: &mut Around, name: Option<String>, before: usize) {
        let place = here.at.len();
        if before > 0 {
            here.shifts.push((place, before));
        }
        let all = self.location(error, &here.shifts);
        here.at.push(all.get(place).cloned().or(name).unwrap_or_default());
    }

    /// How many items have schemas of their own, before those that `items` or its like speak of.
    fn items_before(&self, schema: &str, part_name: &str) -> usize {
        let Some((document, way)) = schema.split_once('#') else { return 0 };
        let part = self.words.parts.0.iter().find(|part| part.url == document);
        let keyword = if part_name == "additionalItems" { "items" } else { "prefixItems" };
        let found = drafts::at(part.map_or(self.schema, |part| &part.schema), way);
        found.and_then(|s| s.get(keyword)).and_then(Value::as_array).map_or(0, Vec::len)
    }

    fn location(&self, error: &ValidationError<'_, '_>, shifts: &[(usize, usize)]) -> Vec<String> {
        let add = |place: usize| shifts.iter().filter(|s| s.0 == place).map(|s| s.1).sum::<usize>();
        let tokens = error.instance_location.tokens.iter().enumerate();
        tokens
            .map(|(i, token)| match token {
                InstanceToken::Prop(name) => name.to_string(),
                InstanceToken::Item(n) => (n + add(i)).to_string(),
            })
            .collect()
    }
}

fn pointer(parts: &[String]) -> String {
    parts.iter().map(|part| format!("/{}", part.replace('~', "~0").replace('/', "~1"))).collect()
}

/// Whether one decimal number is a whole multiple of another. Numbers with exponents are left to the validator.
fn is_multiple(got: &str, want: &str) -> bool {
    let split = |text: &str| -> Option<(i128, usize)> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        Some((format!("{whole}{fraction}").parse().ok()?, fraction.len()))
    };
    let (Some((got, a)), Some((want, b))) = (split(got), split(want)) else { return false };
    let scale = a.max(b);
    let ten = |n: usize| 10i128.checked_pow(u32::try_from(n).unwrap_or(u32::MAX));
    let wide = |n: i128, digits: usize| n.checked_mul(ten(scale - digits)?);
    matches!((wide(got, a), wide(want, b)), (Some(got), Some(want)) if want != 0 && got % want == 0)
}
