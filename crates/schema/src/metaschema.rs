//! Whether a schema whose parts have drafts of their own fits the schemas of schemas.
//!
//! Each part is held to its own; what is wrong there is told at its place in the whole, within what the draft around it
//! puts around a fault at that place.

use boon::{CompileError, ErrorKind, Schemas};
use serde_json::{Value, json};

use crate::drafts::Parts;
use crate::go_message::{Words, metaschema_failure};
use crate::tree::{self, Node};
use crate::{Closed, LOCATION, compile};

/// Checks a schema and the parts cut out of it; the error is what Helm prints. A schema without parts is the validator's.
pub(crate) fn check(schema: &Value, words: &Words) -> Result<(), String> {
    if words.parts.0.is_empty() {
        return Ok(());
    }
    match faults(None, schema, words) {
        Some((draft, nodes)) => Err(metaschema_failure(LOCATION, &draft, &nodes)),
        None => Ok(()),
    }
}

/// What is wrong in a document, and the draft that says so.
fn faults(own: Option<usize>, schema: &Value, words: &Words) -> Option<(String, Vec<Node>)> {
    let start = own.map_or(0, |own| words.parts.0[own].place.len());
    let mut marked = schema.clone();
    let mut inner = Vec::new();
    for (i, part) in words.parts.0.iter().enumerate().filter(|(_, part)| part.outer == own) {
        let place = &part.place[start..];
        if let Some((_, nodes)) = faults(Some(i), &part.schema, words)
            && let Some(mark) = marked.pointer_mut(place)
        {
            // No draft takes this, and each says so in one sentence.
            *mark = json!({"$ref": 5});
            inner.push((place, nodes));
        }
    }
    let error = compile(Closed::default(), &marked, &Parts::default(), &mut Schemas::new()).err()?;
    let CompileError::ValidationError { src, .. } = *error else { return None };
    let draft = match src.kind {
        ErrorKind::Schema { url } => url.to_owned(),
        _ => LOCATION.to_owned(),
    };
    let mut nodes = tree::nodes(&src, &marked, &marked, words);
    for (place, found) in inner {
        put(&mut nodes, place, &mut Some(below(found, place)));
    }
    Some((draft, nodes))
}

/// Failures of a part at the place that it has in what is around it.
fn below(nodes: Vec<Node>, place: &str) -> Vec<Node> {
    let down = |node: Node| Node { at: format!("{place}{}", node.at), causes: below(node.causes, place), ..node };
    nodes.into_iter().map(down).collect()
}

/// Puts failures of a part where the mark is told.
fn put(nodes: &mut [Node], place: &str, found: &mut Option<Vec<Node>>) {
    for node in nodes {
        let is_here = node.at.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if !is_here {
            put(&mut node.causes, place, found);
            continue;
        }
        let Some(mut found) = found.take() else { return };
        *node = match found.len() {
            1 => found.remove(0),
            _ => Node { at: place.to_owned(), message: "validation failed".into(), causes: found },
        };
    }
}

#[cfg(test)]
mod tests {
    use crate::validate;
    use rhumb_value::Value;

    // Observed from Helm 4.3.1.
    #[test]
    fn faults_of_parts_stand_at_their_places() {
        let schema = br#"{"properties":{"x":{"properties":{"a":{"$schema":"http://json-schema.org/draft-04/schema#",
            "id":"http://q.r/","type":7,"minimum":""}}}}}"#;
        let want = r#""file:///values.schema.json#" is not valid against metaschema: jsonschema validation failed with 'https://json-schema.org/draft/2020-12/schema#'
- at '': 'allOf' failed
  - at '/properties/x': 'allOf' failed
    - at '/properties/x/properties/a': validation failed
      - at '/properties/x/properties/a/type': 'anyOf' failed
        - at '/properties/x/properties/a/type': value must be one of 'array', 'boolean', 'integer', 'null', 'number', 'object', 'string'
        - at '/properties/x/properties/a/type': got number, want array
      - at '/properties/x/properties/a/minimum': got string, want number"#;
        assert_eq!(validate(schema, &Value::Nil), Err(want.to_owned()));
    }
}
