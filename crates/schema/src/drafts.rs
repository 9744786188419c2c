//! Schemas in a schema that name a draft, and those that have one of their own.
//!
//! The reference looks at every `$schema`, wherever a subschema may stand, before anything else; where that is beside an
//! id, the draft it names holds from there on. The validator knows one draft for a document, so such a schema becomes a
//! document of its own here, and a reference to it stays in its place. Observed from Helm 4.3.1.

use rhumb_gostd::escape::url_path_escape;
use rhumb_gostd::strconv::quote_string;
use rhumb_gostd::url::Url;
use serde_json::{Map, Value};

use crate::quick::{Draft, draft};
use crate::references::{key, percent};
use crate::{Closed, LOCATION};

/// A schema that was cut out.
#[derive(Debug)]
pub(crate) struct Part {
    /// Its id, which names it from now on.
    pub(crate) url: String,
    /// Where it stood: a JSON pointer into the whole.
    pub(crate) place: String,
    /// What it says.
    pub(crate) schema: Value,
    /// The part that it was cut out of; else the document.
    pub(crate) outer: Option<usize>,
}

/// The schemas that were cut out, the inner ones before those around them.
#[derive(Debug, Default)]
pub(crate) struct Parts(pub(crate) Vec<Part>);

impl Parts {
    /// Looks at all that a schema says of drafts, and cuts out what has one of its own.
    pub(crate) fn cut(schema: &mut Value, loader: &Closed) -> Result<Self, String> {
        let named = schema.get("$schema").and_then(Value::as_str);
        // What the document itself names is the validator's to find out: it has words for what is wrong there.
        let Ok(root) = named.map_or(Ok(Draft::D2020), |text| find(text, "", Draft::D2020, loader)) else {
            return Ok(Self::default());
        };
        let mut cutter = Cutter { root, loader, parts: Vec::new(), ids: Vec::new(), twice: None };
        if let Value::Object(map) = schema {
            cutter.inside(map, "", root, LOCATION)?;
        }
        let Cutter { mut parts, twice, .. } = cutter;
        if let (Some(why), false) = (twice, parts.is_empty()) {
            return Err(why);
        }
        for inner in 0..parts.len() {
            let is_outer = |part: &Part| parts[inner].place.starts_with(&format!("{}/", part.place));
            parts[inner].outer = (inner + 1..parts.len()).find(|outer| is_outer(&parts[*outer]));
        }
        let mut cut = Self(parts);
        if !cut.0.is_empty() {
            cut.redirect(None, schema);
            for own in 0..cut.0.len() {
                let mut schema = cut.0[own].schema.take();
                cut.redirect(Some(own), &mut schema);
                cut.0[own].schema = schema;
            }
        }
        Ok(cut)
    }

    /// References of a document that lead into what was cut out of it.
    fn redirect(&self, own: Option<usize>, schema: &mut Value) {
        let start = own.map_or(0, |own| self.0[own].place.len());
        let mut work = vec![schema];
        while let Some(value) = work.pop() {
            match value {
                Value::Array(items) => work.extend(items),
                Value::Object(map) => {
                    if let Some(Value::String(reference)) = map.get_mut("$ref")
                        && let Some(place) = reference.strip_prefix('#').map(percent)
                        && let Some((part, rest)) = self.within(own, start, &place)
                    {
                        *reference = format!("{}#{}", part.url, escaped(rest));
                    }
                    work.extend(map.values_mut());
                }
                _ => {}
            }
        }
    }

    /// The part of a document that a place in it is in, and the way from there.
    fn within<'p>(&self, own: Option<usize>, start: usize, place: &'p str) -> Option<(&Part, &'p str)> {
        let mut inner = self.0.iter().filter(|part| part.outer == own);
        inner.find_map(|part| {
            let rest = place.strip_prefix(&part.place[start..])?;
            (rest.is_empty() || rest.starts_with('/')).then_some((part, rest))
        })
    }

    /// A place in a document, as the reference has it: in the whole.
    pub(crate) fn whole(&self, url: &str) -> String {
        let (document, fragment) = url.split_once('#').unwrap_or((url, ""));
        match self.0.iter().find(|part| part.url == document) {
            Some(part) if fragment.is_empty() || fragment.starts_with('/') => {
                let place = part.place.replace('%', "%25");
                format!("{LOCATION}#{place}{fragment}")
            }
            Some(_) => LOCATION.to_owned(),
            None => url.to_owned(),
        }
    }

    /// Whether a reference at a place of the schema is there since a part was cut out.
    pub(crate) fn is_mark(&self, place: &str, target: &str) -> bool {
        let target = target.strip_suffix('#').unwrap_or(target);
        let found = self.0.iter().find(|part| part.url == target);
        found.is_some_and(|part| {
            let place = self.whole(place);
            percent(place.split_once('#').map_or("", |(_, place)| place)) == part.place
        })
    }
}

/// Finds a place in a schema.
pub(crate) fn at<'s>(schema: &'s Value, pointer: &str) -> Option<&'s Value> {
    pointer.split('/').skip(1).try_fold(schema, |at, part| match at {
        Value::Array(list) => list.get(part.parse::<usize>().ok()?),
        other => other.get(key(part)),
    })
}

/// The draft that a `$schema` leads to.
fn find(text: &str, place: &str, root: Draft, loader: &Closed) -> Result<Draft, String> {
    let url = text.split('#').next().unwrap_or_default();
    // A known draft may go without its scheme.
    let known = draft(url).or_else(|| draft(&format!("http://{url}")));
    if let Some(draft) = known {
        return Ok(draft);
    }
    let parsed =
        Url::parse(url.as_bytes()).map_err(|e| format!("invalid $schema in \"{LOCATION}#{}\": {e}", escaped(place)))?;
    let parsed = String::from_utf8_lossy(&parsed.to_bytes()).into_owned();
    if parsed == LOCATION || ["2020-12", "2019-09"].iter().any(|of| parsed.contains(&format!("/draft/{of}/meta/"))) {
        return Ok(root);
    }
    match boon::UrlLoader::load(loader, &parsed) {
        Ok(_) => Ok(root),
        Err(why) => Err(format!("failing loading {}: {why}", quote_string(url.as_bytes()))),
    }
}

/// A JSON pointer as the fragment of a URL.
fn escaped(place: &str) -> String {
    place.split('/').map(|part| url_path_escape(part.as_bytes())).collect::<Vec<_>>().join("/")
}

/// Where schemas stand below a keyword.
struct Below {
    itself: bool,
    items: bool,
    names: bool,
}

fn below(keyword: &str, draft: Draft) -> Option<Below> {
    let (since, [itself, items, names]) = match keyword {
        "not" | "additionalProperties" | "additionalItems" => (Draft::D4, [true, false, false]),
        "allOf" | "anyOf" | "oneOf" => (Draft::D4, [false, true, false]),
        "definitions" | "properties" | "patternProperties" | "dependencies" => (Draft::D4, [false, false, true]),
        "items" => (Draft::D4, [true, true, false]),
        "propertyNames" | "contains" => (Draft::D6, [true, false, false]),
        "if" | "then" | "else" => (Draft::D7, [true, false, false]),
        "$defs" | "dependentSchemas" => (Draft::D2019, [false, false, true]),
        "unevaluatedProperties" | "unevaluatedItems" | "contentSchema" => (Draft::D2019, [true, false, false]),
        "prefixItems" => (Draft::D2020, [false, true, false]),
        _ => return None,
    };
    (draft >= since).then_some(Below { itself, items, names })
}

struct Cutter<'l> {
    root: Draft,
    loader: &'l Closed,
    parts: Vec<Part>,
    /// The ids in full, and where they are.
    ids: Vec<(String, String)>,
    /// That an id is there twice, which the validator does not see across documents.
    twice: Option<String>,
}

impl Cutter<'_> {
    /// A schema below the whole. The depth is that of the text, which its reader limits.
    fn schema(&mut self, schema: &mut Value, place: &str, around: Draft, base: &str) -> Result<(), String> {
        let Value::Object(map) = schema else { return Ok(()) };
        let named = match map.get("$schema").and_then(Value::as_str) {
            Some(text) => find(text, place, self.root, self.loader)?,
            None => around,
        };
        let own = if id(map, named).is_some() { named } else { around };
        let base = self.inside(map, place, own, base)?;
        if own != around {
            let mark = Map::from_iter([("$ref".to_owned(), Value::String(base.clone()))]);
            let schema = std::mem::replace(schema, Value::Object(mark));
            self.parts.push(Part { url: base, place: place.to_owned(), schema, outer: None });
        }
        Ok(())
    }

    /// What is in a schema of a known draft. Out come its id in full, or that of the schema around it.
    fn inside(
        &mut self,
        map: &mut Map<String, Value>,
        place: &str,
        draft: Draft,
        base: &str,
    ) -> Result<String, String> {
        let base = match id(map, draft) {
            Some(id) => {
                let joined = Url::parse(id.as_bytes()).ok().and_then(|_| url::Url::parse(base).ok()?.join(id).ok());
                let joined =
                    joined.ok_or_else(|| format!("error in parsing id at \"{LOCATION}#{}\"", escaped(place)))?;
                self.known(joined.to_string(), place)
            }
            None => base.to_owned(),
        };
        for (keyword, value) in map.iter_mut() {
            let Some(below) = below(keyword, draft) else { continue };
            let name = |name: &str| format!("{place}/{keyword}/{}", name.replace('~', "~0").replace('/', "~1"));
            match value {
                Value::Array(items) if below.items => {
                    for (i, item) in items.iter_mut().enumerate() {
                        self.schema(item, &name(&i.to_string()), draft, &base)?;
                    }
                }
                Value::Object(_) if below.itself => self.schema(value, &format!("{place}/{keyword}"), draft, &base)?,
                Value::Object(map) if below.names => {
                    for (key, item) in map.iter_mut() {
                        self.schema(item, &name(key), draft, &base)?;
                    }
                }
                _ => {}
            }
        }
        Ok(base)
    }
}

impl Cutter<'_> {
    /// Remembers an id.
    fn known(&mut self, id: String, place: &str) -> String {
        if let Some((_, other)) = self.ids.iter().find(|known| known.0 == id) {
            self.twice = Some(format!("duplicate id \"{id}\" in \"{LOCATION}\" at \"{place}\" and \"{other}\""));
        } else {
            self.ids.push((id.clone(), place.to_owned()));
        }
        id
    }
}

/// The id of a schema, without its fragment.
fn id(map: &Map<String, Value>, draft: Draft) -> Option<&str> {
    if draft < Draft::D2019 && map.contains_key("$ref") {
        return None;
    }
    let id = map.get(if draft == Draft::D4 { "id" } else { "$id" })?.as_str()?;
    id.split('#').next().filter(|id| !id.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(schema: &str) -> Result<(Value, Parts), String> {
        let mut schema: Value = serde_json::from_str(schema).unwrap();
        let parts = Parts::cut(&mut schema, &Closed::default())?;
        Ok((schema, parts))
    }

    #[test]
    fn a_draft_and_an_id_make_a_part() {
        let schema = r##"{"properties":{"a~b":{"$schema":"http://json-schema.org/draft-04/schema#","id":"q",
            "not":{"$schema":"http://json-schema.org/draft-07/schema","$id":"w","const":1}}},
            "items":{"$ref":"#/properties/a~0b/not"}}"##;
        let (schema, parts) = cut(schema).unwrap();
        assert_eq!(
            schema.to_string(),
            r#"{"properties":{"a~b":{"$ref":"file:///q"}},"items":{"$ref":"file:///q#/not"}}"#
        );
        let told: Vec<_> = parts.0.iter().map(|p| (p.url.as_str(), p.place.as_str(), p.outer)).collect();
        assert_eq!(told, [("file:///w", "/properties/a~0b/not", Some(1)), ("file:///q", "/properties/a~0b", None)]);
        assert_eq!(parts.whole("file:///q#/x"), format!("{LOCATION}#/properties/a~0b/x"));
        assert_eq!(parts.whole("file:///z#/x"), "file:///z#/x");
        assert!(parts.is_mark(&format!("{LOCATION}#/properties/a~0b"), "file:///q#"));
        assert!(!parts.is_mark(&format!("{LOCATION}#/items"), "file:///q#"));
    }

    #[test]
    fn a_draft_alone_makes_none() {
        for schema in [
            r#"{"properties":{"a":{"$schema":"http://json-schema.org/draft-04/schema#","$id":"q"}}}"#,
            r#"{"properties":{"a":{"$schema":"http://json-schema.org/draft-04/schema#","id":"q","$ref":"x"}}}"#,
            r#"{"properties":{"a":{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"q"}}}"#,
            r#"{"other":{"a":{"$schema":"x","$id":":"}},"const":{"$schema":"x"}}"#,
            r#"{"$schema":"x","not":{"$schema":"x"}}"#,
            "true",
        ] {
            let (after, parts) = cut(schema).unwrap();
            assert_eq!(after.to_string(), schema);
            assert!(parts.0.is_empty(), "{schema}");
        }
    }

    // Observed from Helm 4.3.1.
    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let cases = [
            (r#"{"not":{"$schema":"x"}}"#, r#"failing loading "x": no URLLoader registered for "x""#),
            (
                r#"{"properties":{"a b/c":{"$schema":"%zz"}}}"#,
                r#"invalid $schema in "file:///values.schema.json#/properties/a%20b~1c": parse "%zz": invalid URL escape "%zz""#,
            ),
            (r#"{"$id":":bad"}"#, r#"error in parsing id at "file:///values.schema.json#""#),
            (r#"{"allOf":[{"$id":"%zz"}]}"#, r#"error in parsing id at "file:///values.schema.json#/allOf/0""#),
        ];
        for (schema, want) in cases {
            assert_eq!(cut(schema).err().as_deref(), Some(want), "{schema}");
        }
    }
}
