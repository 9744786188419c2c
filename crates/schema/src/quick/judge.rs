//! Whether values fit a schema that was checked.
//!
//! The verdicts are the validator's, parts within `not`, `oneOf` and `if` included. A schema that comes back to itself over
//! the same value never ends here; the validator calls that a failure, so the depth is bounded and the rest left to it.

use rhumb_value::{Entries, Str, Value};

use crate::formats;

use super::keyword::{COUNT, Draft, Keyword};
use super::number::Number;
use super::pattern::Pattern;
use super::read::{At, Doc, Kind};
use super::{Sure, Unsure};

/// Schemas in each other over all values in each other.
const DEEPEST: usize = 120;

/// The schemas that are looked at, and the items and names that are compared. A chart of the public ones needs thousands.
const WORK: usize = 4 << 20;

/// More items than this are not compared in pairs.
const PAIRS: usize = 200;

/// Whether the values fit.
pub(crate) fn fits(doc: &Doc<'_>, draft: Draft, values: &Value) -> Sure<bool> {
    Judge { doc, draft, depth: 0, left: WORK }.fits(0, values)
}

struct Judge<'d, 't> {
    doc: &'d Doc<'t>,
    draft: Draft,
    depth: usize,
    left: usize,
}

/// The values of a schema's keywords.
struct Parts([At; COUNT]);

impl Parts {
    fn get(&self, keyword: Keyword) -> Option<At> {
        // The first node is the whole and no keyword's value.
        Some(self.0[keyword as usize]).filter(|at| *at > 0)
    }
}

impl Judge<'_, '_> {
    fn fits(&mut self, schema: At, value: &Value) -> Sure<bool> {
        let node = self.doc.node(schema);
        match node.kind {
            Kind::True => return Ok(true),
            Kind::False => return Ok(false),
            _ if node.len == 0 => return Ok(true),
            _ => {}
        }
        self.spend(1 + node.len as usize)?;
        if self.depth >= DEEPEST {
            return Err(Unsure);
        }
        self.depth += 1;
        let parts = self.parts(schema);
        let verdict = self.all(&parts, value);
        self.depth -= 1;
        verdict
    }

    fn spend(&mut self, work: usize) -> Sure<()> {
        self.left = self.left.checked_sub(work).ok_or(Unsure)?;
        Ok(())
    }

    fn parts(&self, schema: At) -> Parts {
        let mut parts = Parts([0; COUNT]);
        for name in self.doc.children(schema) {
            parts.0[self.doc.node(name).keyword as usize] = name + 1;
        }
        parts
    }

    fn all(&mut self, parts: &Parts, value: &Value) -> Sure<bool> {
        use Keyword as K;
        if let Some(reference) = parts.get(K::Ref) {
            let target = self.doc.node(reference).link;
            if self.draft < Draft::D2019 {
                return self.fits(target, value);
            }
            if !self.fits(target, value)? {
                return Ok(false);
            }
        }
        if let Some(types) = parts.get(K::Type)
            && !self.is_of(types, value)?
        {
            return Ok(false);
        }
        if let Some(one) = parts.get(K::Const)
            && self.draft >= Draft::D6
            && !self.same(one, value)?
        {
            return Ok(false);
        }
        if let Some(list) = parts.get(K::Enum)
            && !self.is_one_of(list, value)?
        {
            return Ok(false);
        }
        let fits = match value {
            Value::Map(map) => self.map(parts, value, &map.borrow())?,
            Value::List(list) => self.list(parts, list)?,
            Value::Str(text) => self.text(parts, text)?,
            Value::Bytes(_) | Value::Object(_) => return Err(Unsure),
            other => Number::of(other).is_none_or(|number| self.number(parts, number)),
        };
        Ok(fits && self.groups(parts, value)?)
    }

    fn is_of(&self, types: At, value: &Value) -> Sure<bool> {
        let is_it = |name: &str| match value {
            Value::Bool(_) => name == "boolean",
            Value::Str(_) => name == "string",
            Value::List(_) => name == "array",
            Value::Map(_) => name == "object",
            other => match Number::of(other) {
                Some(number) => name == "number" || name == "integer" && number.is_whole(),
                None => name == "null",
            },
        };
        if matches!(value, Value::Bytes(_) | Value::Object(_)) {
            return Err(Unsure);
        }
        if self.doc.node(types).kind == Kind::Text {
            return Ok(is_it(self.doc.name(types)));
        }
        Ok(self.doc.children(types).any(|name| is_it(self.doc.name(name))))
    }

    fn is_one_of(&mut self, list: At, value: &Value) -> Sure<bool> {
        for one in self.doc.children(list) {
            if self.same(one, value)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn map(&mut self, parts: &Parts, value: &Value, entries: &Entries) -> Sure<bool> {
        use Keyword as K;
        self.spend(entries.len())?;
        plain_names(entries)?;
        let count = entries.len() as u64;
        if !self.within(parts, K::MinProperties, K::MaxProperties, count)
            || !self.has_all(parts.get(K::Required), entries)
        {
            return Ok(false);
        }
        Ok(self.properties(parts, entries)? && self.names(parts, entries)? && self.dependent(parts, value, entries)?)
    }

    /// Whether a number lies between two keywords.
    fn within(&self, parts: &Parts, low: Keyword, high: Keyword, count: u64) -> bool {
        let limit = |keyword| match parts.get(keyword).and_then(|at| self.doc.number(at)) {
            Some(Number::Whole(limit)) => Some(limit),
            _ => None,
        };
        limit(low).is_none_or(|low| count >= low) && limit(high).is_none_or(|high| count <= high)
    }

    /// Whether all names of a list are there.
    fn has_all(&self, names: Option<At>, entries: &Entries) -> bool {
        let has = |name| self.doc.raw_text(name).is_some_and(|name| entries.get(name.as_bytes()).is_some());
        names.is_none_or(|names| self.doc.children(names).all(has))
    }

    fn properties(&mut self, parts: &Parts, entries: &Entries) -> Sure<bool> {
        use Keyword as K;
        let named = parts.get(K::Properties);
        let patterns = self.patterns(parts)?;
        let additional = parts.get(K::AdditionalProperties);
        if named.is_none() && patterns.is_empty() && additional.is_none() {
            return Ok(true);
        }
        for entry in entries {
            let mut is_known = false;
            if let Some(schema) = named.and_then(|named| self.doc.get(named, &entry.key)) {
                is_known = true;
                if !self.fits(schema, &entry.value)? {
                    return Ok(false);
                }
            }
            for (pattern, schema) in &patterns {
                if self.is_found(pattern, &entry.key)? {
                    is_known = true;
                    if !self.fits(*schema, &entry.value)? {
                        return Ok(false);
                    }
                }
            }
            if let Some(schema) = additional
                && !is_known
                && !self.fits(schema, &entry.value)?
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn patterns(&self, parts: &Parts) -> Sure<Vec<(Pattern, At)>> {
        let Some(by_pattern) = parts.get(Keyword::PatternProperties) else { return Ok(Vec::new()) };
        let names = self.doc.children(by_pattern);
        names.map(|name| Ok((Pattern::new(self.doc.name(name))?, name + 1))).collect()
    }

    fn is_found(&mut self, pattern: &Pattern, text: &[u8]) -> Sure<bool> {
        self.spend(text.len())?;
        pattern.is_in(std::str::from_utf8(text).map_err(|_| Unsure)?)
    }

    fn names(&mut self, parts: &Parts, entries: &Entries) -> Sure<bool> {
        let Some(schema) = parts.get(Keyword::PropertyNames).filter(|_| self.draft >= Draft::D6) else {
            return Ok(true);
        };
        for entry in entries {
            if !self.fits(schema, &Value::Str(entry.key.clone()))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What a name asks for, once it is there.
    fn dependent(&mut self, parts: &Parts, value: &Value, entries: &Entries) -> Sure<bool> {
        use Keyword as K;
        let is_new = self.draft >= Draft::D2019;
        for (keyword, is_known) in
            [(K::Dependencies, true), (K::DependentSchemas, is_new), (K::DependentRequired, is_new)]
        {
            let Some(by_name) = parts.get(keyword).filter(|_| is_known) else { continue };
            for name in self.doc.children(by_name) {
                if entries.get(self.doc.name(name).as_bytes()).is_none() {
                    continue;
                }
                let asked = name + 1;
                let fits = match self.doc.node(asked).kind {
                    Kind::List => self.has_all(Some(asked), entries),
                    _ => self.fits(asked, value)?,
                };
                if !fits {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn list(&mut self, parts: &Parts, items: &[Value]) -> Sure<bool> {
        use Keyword as K;
        if !self.within(parts, K::MinItems, K::MaxItems, items.len() as u64) {
            return Ok(false);
        }
        if parts.get(K::UniqueItems).is_some_and(|at| self.doc.node(at).kind == Kind::True) && !self.differ(items)? {
            return Ok(false);
        }
        Ok(self.items(parts, items)? && self.contains(parts, items)?)
    }

    fn items(&mut self, parts: &Parts, items: &[Value]) -> Sure<bool> {
        use Keyword as K;
        let each = parts.get(K::Items);
        let (first, rest) = match each.map(|at| self.doc.node(at).kind) {
            // Only older drafts let a list pass the check.
            Some(Kind::List) => (each, parts.get(K::AdditionalItems)),
            _ => (parts.get(K::PrefixItems).filter(|_| self.draft >= Draft::D2020), each),
        };
        let mut left = items.iter();
        if let Some(first) = first {
            for schema in self.doc.children(first) {
                let Some(item) = left.next() else { break };
                if !self.fits(schema, item)? {
                    return Ok(false);
                }
            }
        }
        if let Some(schema) = rest {
            for item in left {
                if !self.fits(schema, item)? {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn contains(&mut self, parts: &Parts, items: &[Value]) -> Sure<bool> {
        use Keyword as K;
        let Some(schema) = parts.get(K::Contains).filter(|_| self.draft >= Draft::D6) else { return Ok(true) };
        let mut count = 0;
        for item in items {
            count += u64::from(self.fits(schema, item)?);
        }
        let is_counted = self.draft >= Draft::D2019;
        if is_counted && !self.within(parts, K::MinContains, K::MaxContains, count) {
            return Ok(false);
        }
        Ok(count > 0 || is_counted && parts.get(K::MinContains).is_some())
    }

    /// Whether no two items are one. Among many the validator looks at hashes first, so there only that they differ is sure.
    fn differ(&mut self, items: &[Value]) -> Sure<bool> {
        if items.len() > PAIRS {
            return Err(Unsure);
        }
        self.spend(items.len() * items.len())?;
        for (i, item) in items.iter().enumerate() {
            for other in &items[..i] {
                if self.equal(item, other, 0)? {
                    return if items.len() > 20 { Err(Unsure) } else { Ok(false) };
                }
            }
        }
        Ok(true)
    }

    fn text(&mut self, parts: &Parts, text: &Str) -> Sure<bool> {
        use Keyword as K;
        if parts.get(K::MinLength).or(parts.get(K::MaxLength)).is_some() {
            let count = text.to_str().ok_or(Unsure)?.chars().count();
            if !self.within(parts, K::MinLength, K::MaxLength, count as u64) {
                return Ok(false);
            }
        }
        if let Some(format) = parts.get(K::Format).filter(|_| self.draft < Draft::D2019) {
            let name = self.doc.raw_text(format).ok_or(Unsure)?;
            let check = formats::find(if name == "regex" { formats::REGEX } else { name });
            self.spend(text.len())?;
            if let Some(check) = check
                && check(text.to_str().ok_or(Unsure)?).is_err()
            {
                return Ok(false);
            }
        }
        let Some(pattern) = parts.get(K::Pattern) else { return Ok(true) };
        let pattern = Pattern::new(&self.doc.text(pattern).ok_or(Unsure)?)?;
        self.is_found(&pattern, text)
    }

    fn number(&self, parts: &Parts, number: Number) -> bool {
        use Keyword as K;
        let n = number.as_f64();
        let limit = |keyword| parts.get(keyword).and_then(|at| self.doc.number(at)).map(Number::as_f64);
        let is_strict = |keyword| parts.get(keyword).is_some_and(|at| self.doc.node(at).kind == Kind::True);
        limit(K::Minimum).is_none_or(|low| n > low || n == low && !is_strict(K::ExclusiveMinimum))
            && limit(K::Maximum).is_none_or(|high| n < high || n == high && !is_strict(K::ExclusiveMaximum))
            && limit(K::ExclusiveMinimum).is_none_or(|low| n > low)
            && limit(K::ExclusiveMaximum).is_none_or(|high| n < high)
            && limit(K::MultipleOf).is_none_or(|step| (n / step).fract() == 0.0)
    }

    /// The keywords that hold other schemas to the same value.
    fn groups(&mut self, parts: &Parts, value: &Value) -> Sure<bool> {
        use Keyword as K;
        if let Some(not) = parts.get(K::Not)
            && self.fits(not, value)?
        {
            return Ok(false);
        }
        if let Some(list) = parts.get(K::AllOf)
            && self.count(list, value, |fit| !fit)? > 0
        {
            return Ok(false);
        }
        if let Some(list) = parts.get(K::AnyOf)
            && self.count(list, value, |fit| fit)? == 0
        {
            return Ok(false);
        }
        if let Some(list) = parts.get(K::OneOf) {
            let mut count = 0;
            for schema in self.doc.children(list) {
                count += usize::from(count < 2 && self.fits(schema, value)?);
            }
            if count != 1 {
                return Ok(false);
            }
        }
        let Some(condition) = parts.get(K::If).filter(|_| self.draft >= Draft::D7) else { return Ok(true) };
        let way = if self.fits(condition, value)? { K::Then } else { K::Else };
        parts.get(way).map_or(Ok(true), |schema| self.fits(schema, value))
    }

    /// One, if a schema of the list is as asked for; the rest is not looked at.
    fn count(&mut self, list: At, value: &Value, asked: fn(bool) -> bool) -> Sure<usize> {
        for schema in self.doc.children(list) {
            if asked(self.fits(schema, value)?) {
                return Ok(1);
            }
        }
        Ok(0)
    }

    /// Whether a value in the schema is the value at hand.
    fn same(&mut self, at: At, value: &Value) -> Sure<bool> {
        self.spend(1)?;
        let kind = self.doc.node(at).kind;
        Ok(match value {
            Value::Bool(b) => kind == if *b { Kind::True } else { Kind::False },
            Value::Str(text) => match self.doc.text(at) {
                Some(one) => same_text(one.as_bytes(), text)?,
                None => false,
            },
            Value::List(items) => kind == Kind::List && self.same_items(at, items)?,
            Value::Map(map) => kind == Kind::Object && self.same_entries(at, &map.borrow())?,
            Value::Bytes(_) | Value::Object(_) => return Err(Unsure),
            other => match (Number::of(other), self.doc.number(at)) {
                (Some(one), Some(number)) => number.same(one),
                (None, None) => kind == Kind::Null,
                _ => false,
            },
        })
    }

    fn same_items(&mut self, at: At, items: &[Value]) -> Sure<bool> {
        if self.doc.node(at).len as usize != items.len() {
            return Ok(false);
        }
        for (one, item) in self.doc.children(at).zip(items) {
            if !self.same(one, item)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn same_entries(&mut self, at: At, entries: &Entries) -> Sure<bool> {
        let names: Vec<At> = self.doc.children(at).collect();
        plain_names(entries)?;
        // A name that is there twice counts once, and its last value.
        if names.len() > 16
            || (1..names.len()).any(|i| names[..i].iter().any(|n| self.doc.name(*n) == self.doc.name(names[i])))
        {
            return Err(Unsure);
        }
        if names.len() != entries.len() {
            return Ok(false);
        }
        for name in names {
            match entries.get(self.doc.name(name).as_bytes()) {
                Some(entry) if self.same(name + 1, &entry.value)? => {}
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Whether two values are one.
    fn equal(&mut self, a: &Value, b: &Value, depth: usize) -> Sure<bool> {
        self.spend(1)?;
        if depth > DEEPEST {
            return Err(Unsure);
        }
        Ok(match (a, b) {
            (Value::Bytes(_) | Value::Object(_), _) | (_, Value::Bytes(_) | Value::Object(_)) => return Err(Unsure),
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Str(a), Value::Str(b)) => same_text(a, b)?,
            (Value::List(a), Value::List(b)) => {
                let mut pairs = a.iter().zip(b.iter());
                a.len() == b.len() && pairs.try_fold(true, |all, (a, b)| Ok(all && self.equal(a, b, depth + 1)?))?
            }
            (Value::Map(a), Value::Map(b)) => {
                let (a, b) = (a.borrow(), b.borrow());
                plain_names(&a)?;
                plain_names(&b)?;
                // Both are in the order of their names.
                let mut pairs = a.iter().zip(b.iter());
                a.len() == b.len()
                    && pairs.try_fold(true, |all, (a, b)| {
                        Ok(all && a.key == b.key && self.equal(&a.value, &b.value, depth + 1)?)
                    })?
            }
            (Value::Nil | Value::Int(..) | Value::Float(_), Value::Nil | Value::Int(..) | Value::Float(_)) => {
                match (Number::of(a), Number::of(b)) {
                    (Some(a), Some(b)) => a.same(b),
                    (None, None) => true,
                    _ => false,
                }
            }
            _ => false,
        })
    }
}

/// Whether two texts are one. What is not UTF-8 is another text to the validator.
fn same_text(a: &[u8], b: &[u8]) -> Sure<bool> {
    let is_plain = |text: &[u8]| std::str::from_utf8(text).is_ok();
    match a == b {
        true => Ok(true),
        false if is_plain(a) && is_plain(b) => Ok(false),
        false => Err(Unsure),
    }
}

/// Names that are not UTF-8 are other names to the validator.
fn plain_names(entries: &Entries) -> Sure<()> {
    let is_plain = |key: &Str| key.is_ascii() || key.to_str().is_some();
    if entries.iter().all(|entry| is_plain(&entry.key)) { Ok(()) } else { Err(Unsure) }
}
