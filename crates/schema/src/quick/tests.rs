//! The quick way and the validator side by side.
//!
//! `RHUMB_ROUNDS=500000 cargo test -p rhumb-schema quick::tests` tries more; `RHUMB_SCHEMAS=FOLDER cargo test -p rhumb-schema
//! public -- --ignored --nocapture` takes each `NAME.schema.json` of a folder with its `NAME.values.json`.

use super::*;
use rhumb_value::json;

/// Numbers in an order that nobody knows but everybody can repeat.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % n
    }

    fn one<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    fn list(&mut self, most: usize, mut item: impl FnMut(&mut Self) -> String) -> String {
        // Most lists of a schema may not be empty, nor say a thing twice.
        let count = if self.below(20) == 0 { 0 } else { 1 + self.below(most) };
        let mut items: Vec<String> = (0..count).map(|_| item(self)).collect();
        if self.below(10) > 0 {
            items.sort();
            items.dedup();
        }
        format!("[{}]", items.join(","))
    }

    fn object(&mut self, names: &[&str], most: usize, mut item: impl FnMut(&mut Self) -> String) -> String {
        let mut items = Vec::new();
        for _ in 0..self.below(most + 1) {
            let name = self.one(names);
            let is_new = !items.iter().any(|item: &String| item.starts_with(&format!("\"{name}\"")));
            if is_new || self.below(60) == 0 {
                items.push(format!("\"{name}\":{}", item(self)));
            }
        }
        format!("{{{}}}", items.join(","))
    }

    /// Any JSON.
    fn data(&mut self, depth: usize) -> String {
        match self.below(if depth == 0 { 7 } else { 10 }) {
            0..=5 => self.one(SCALARS).to_owned(),
            6 => self.one(&["{}", "[]"]).to_owned(),
            7 => self.list(4, |r| r.data(depth - 1)),
            _ => self.object(NAMES, 4, |r| r.data(depth - 1)),
        }
    }

    fn schema(&mut self, depth: usize) -> String {
        if self.below(12) == 0 {
            return self.one(&["true", "false", "{}"]).to_owned();
        }
        let keywords: Vec<&str> = if depth == 0 { LEAVES.to_vec() } else { [LEAVES, INNER].concat() };
        let mut items = Vec::new();
        for _ in 0..1 + self.below(3) {
            let name = if self.below(150) == 0 { "unevaluatedProperties" } else { self.one(&keywords) };
            if items.iter().all(|item: &String| !item.starts_with(&format!("\"{name}\""))) || self.below(40) == 0 {
                items.push(format!("\"{name}\":{}", self.argument(name, depth)));
            }
        }
        format!("{{{}}}", items.join(","))
    }

    /// The value of a keyword, now and then a wrong one.
    fn argument(&mut self, keyword: &str, depth: usize) -> String {
        if self.below(150) == 0 {
            return self.data(2);
        }
        let below = depth.saturating_sub(1);
        match keyword {
            "type" if self.below(3) == 0 => self.list(3, |r| r.one(TYPES).to_owned()),
            "type" => self.one(TYPES).to_owned(),
            "enum" => self.list(5, |r| if r.below(9) == 0 { r.data(2) } else { r.one(SCALARS).to_owned() }),
            "const" | "default" => self.data(2),
            "minimum" | "maximum" => self.one(NUMBERS).to_owned(),
            "exclusiveMinimum" | "exclusiveMaximum" if self.below(9) == 0 => self.one(&["true", "false"]).to_owned(),
            "exclusiveMinimum" | "exclusiveMaximum" => self.one(NUMBERS).to_owned(),
            "multipleOf" => self.one(&["1", "2", "0.5", "3", "0.1", "1.5"]).to_owned(),
            "uniqueItems" => self.one(&["true", "true", "false"]).to_owned(),
            "pattern" => format!("\"{}\"", self.pattern()),
            "format" => format!("\"{}\"", self.one(FORMATS)).to_owned(),
            "$ref" if self.below(12) == 0 => format!("\"{}\"", self.one(RARE_PLACES)),
            "$ref" => format!("\"{}\"", self.one(PLACES)),
            "required" => self.list(2, |r| format!("\"{}\"", r.one(NAMES))),
            "properties" | "dependentSchemas" => self.object(NAMES, 4, |r| r.schema(below)),
            "patternProperties" if self.below(30) == 0 => self.object(RARE_PATTERNS, 2, |r| r.schema(below)),
            "patternProperties" => self.object(PATTERNS, 2, |r| r.schema(below)),
            "dependencies" => self.object(NAMES, 2, |r| match r.below(2) {
                0 => r.argument("required", 0),
                _ => r.schema(below),
            }),
            "dependentRequired" => self.object(NAMES, 2, |r| r.argument("required", 0)),
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => self.list(3, |r| r.schema(below)),
            "items" if self.below(6) == 0 => self.list(3, |r| r.schema(below)),
            "title" => "\"a \\\"title\\\"\"".to_owned(),
            name if name.starts_with("min") || name.starts_with("max") => {
                self.one(&["0", "1", "1", "2", "2", "3", "3", "4", "2.0"]).to_owned()
            }
            _ => self.schema(below),
        }
    }

    fn pattern(&mut self) -> &'static str {
        let patterns = if self.below(20) == 0 { RARE_PATTERNS } else { PATTERNS };
        patterns[self.below(patterns.len())]
    }

    fn whole(&mut self) -> String {
        let schema = self.schema(3);
        let Some(inner) = schema.strip_prefix('{').and_then(|s| s.strip_suffix('}')) else { return schema };
        let mut parts = Vec::new();
        if self.below(4) > 0 {
            parts.push(format!("\"$schema\":\"{}\"", self.one(DRAFTS)));
        }
        if self.below(12) == 0 {
            parts.push(format!("\"{}\":\"{}\"", self.one(&["$id", "id"]), self.one(IDS)));
        }
        if !inner.is_empty() {
            parts.push(inner.to_owned());
        }
        for name in ["definitions", "$defs"] {
            if self.below(8) > 0 {
                let (x, y) = (self.schema(2), self.schema(1));
                parts.push(format!("\"{name}\":{{\"x\":{x},\"y\":{y},\"z\":{{\"type\":\"integer\"}}}}"));
            }
        }
        format!("{{{}}}", parts.join(","))
    }
}

const NAMES: &[&str] = &["a", "b", "c", "ab", "type", "$ref", "pattern", "default"];
const TYPES: &[&str] = &[
    "\"object\"",
    "\"object\"",
    "\"string\"",
    "\"integer\"",
    "\"number\"",
    "\"array\"",
    "\"array\"",
    "\"null\"",
    "\"boolean\"",
];
const SCALARS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "2.5",
    "1.0",
    "0.3",
    "1e3",
    "-0",
    "10",
    "9007199254740993",
    "\"\"",
    "\"a\"",
    "\"b\"",
    "\"ab\"",
    "\"é\"",
    "\"1\"",
    "\"2020-01-01\"",
    "\"a\\nb\"",
    "null",
    "true",
    "false",
];
const NUMBERS: &[&str] = &["0", "1", "2", "-1", "1.5", "2.5", "1e1", "1.0"];
const PATTERNS: &[&str] = &["^a", "b$", "^[a-c]+$", ".", "^(a|b)$", "^$", "^\\\\d+$", "é?"];
const RARE_PATTERNS: &[&str] = &["(?i)A", "[", "\\\\pL", "^a", "a**"];
const PLACES: &[&str] = &["#/definitions/x", "#/definitions/y", "#/$defs/x", "#/$defs/y", "#/definitions/z"];
const RARE_PLACES: &[&str] = &[
    "#",
    "#/properties/a",
    "#/definitions",
    "#/allOf/0",
    "#/items",
    "#/nowhere",
    "#x",
    "http://x.y/z",
    "#/definitions/x/properties/a",
    "#/definitions/x/items",
    "#/unknown",
    "#/%24defs/x",
];
const DRAFTS: &[&str] = &[
    "http://json-schema.org/draft-07/schema#",
    "http://json-schema.org/draft-07/schema#",
    "http://json-schema.org/draft-04/schema#",
    "http://json-schema.org/draft-06/schema",
    "https://json-schema.org/draft/2019-09/schema",
    "https://json-schema.org/draft/2020-12/schema",
    "http://json-schema.org/schema#",
    "https://json-schema.org/draft-07/schema#",
];
const IDS: &[&str] = &[
    "http://x.y/z",
    "#/properties/a",
    "#a",
    "",
    "z.json",
    "https://a-b.example/c/d.json#",
    "::",
    "http://json-schema.org/schema#",
];
const FORMATS: &[&str] = &[
    "date",
    "uri",
    "port",
    "ipv4",
    "regex",
    "time",
    "uuid",
    "email",
    "hostname",
    "semver",
    "json-pointer",
    "idn-email",
];
const LEAVES: &[&str] = &[
    "type",
    "type",
    "type",
    "enum",
    "const",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "required",
    "required",
    "format",
    "title",
    "default",
    "$ref",
    "$ref",
    "dependentRequired",
    "unknown",
];
const INNER: &[&str] = &[
    "properties",
    "properties",
    "properties",
    "properties",
    "patternProperties",
    "additionalProperties",
    "additionalProperties",
    "items",
    "items",
    "items",
    "prefixItems",
    "additionalItems",
    "contains",
    "minContains",
    "maxContains",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "propertyNames",
    "dependencies",
    "dependentSchemas",
];

/// What both ways say of one schema and value: whether it fits, if that is sure.
fn both(schema: &str, value: &Value) -> Option<bool> {
    let quick = Quick::new(schema.as_bytes()).and_then(|quick| quick.fits(value)).ok()?;
    let slow = crate::validate_slowly(schema.as_bytes(), value);
    // A multiple of a fraction is put right only after the validator's verdict.
    if quick || !schema.contains("multipleOf") {
        let text = String::from_utf8_lossy(&json::to_json(value, false).unwrap_or_default()).into_owned();
        assert_eq!(quick, slow.is_ok(), "{slow:?}\n{schema}\n{text}");
    }
    Some(quick)
}

#[test]
fn random_schemas() {
    let rounds = std::env::var("RHUMB_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000);
    let seed = std::env::var("RHUMB_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(0x9e37_79b9_7f4a_7c15);
    let mut random = Random(seed);
    let (mut fit, mut unfit, mut unsure) = (0, 0, 0);
    for _ in 0..rounds {
        let schema = random.whole();
        for _ in 0..4 {
            let value = json::from_json(random.data(3).as_bytes()).unwrap();
            match both(&schema, &value) {
                Some(true) => fit += 1,
                Some(false) => unfit += 1,
                None => unsure += 1,
            }
        }
    }
    eprintln!("{fit} fit, {unfit} do not, {unsure} unsure");
    assert!(fit > rounds / 3 && unfit > rounds / 5, "{fit} {unfit} {unsure}");
}
