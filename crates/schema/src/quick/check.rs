//! Whether a schema is as its draft demands: what the validator would find by the schema of schemas and by compiling.
//!
//! Each keyword is held to the strictest that any draft says of it; what a lenient draft would let pass is `Unsure`. Every
//! reference is followed to where it leads, whether a value ever comes that way or not.

use super::keyword::{Draft, Keyword, draft};
use super::number::Number;
use super::pattern::Pattern;
use super::read::{At, Doc, Kind};
use super::{Sure, Unsure};

/// Keywords whose values are no schemas: references do not lead into them.
const DATA: &[&str] = &["enum", "const", "default", "examples"];

/// More alternatives than this are not compared in pairs.
const PAIRS: u32 = 64;

/// Checks a whole schema, marks its keywords and links its references.
pub(crate) fn check(doc: &mut Doc<'_>) -> Sure<Draft> {
    let named = doc.get(0, b"$schema").map(|at| doc.text(at).and_then(|url| draft(&url)).ok_or(Unsure));
    let mut checker = Checker { draft: named.transpose()?.unwrap_or(Draft::D2020), doc, references: Vec::new() };
    checker.schema(0)?;
    // A reference may lead to a place that no keyword leads to, and there may be more of them.
    while let Some(reference) = checker.references.pop() {
        let target = checker.resolve(reference)?;
        checker.schema(target)?;
        checker.doc.nodes[reference as usize].link = target;
    }
    Ok(checker.draft)
}

struct Checker<'d, 't> {
    doc: &'d mut Doc<'t>,
    draft: Draft,
    references: Vec<At>,
}

/// What an object of keywords has, one bit each.
struct Found(u64);

impl Found {
    fn has(&self, keyword: Keyword) -> bool {
        self.0 >> keyword as u8 & 1 == 1
    }
}

impl Checker<'_, '_> {
    fn kind(&self, at: At) -> Kind {
        self.doc.node(at).kind
    }

    /// A schema at a place.
    fn schema(&mut self, at: At) -> Sure<()> {
        match self.kind(at) {
            Kind::True | Kind::False if self.draft > Draft::D4 => Ok(()),
            Kind::Object => self.object(at),
            _ => Err(Unsure),
        }
    }

    /// A schema, or a truth, which the fourth draft takes in some places.
    fn schema_or_bool(&mut self, at: At) -> Sure<()> {
        if matches!(self.kind(at), Kind::True | Kind::False) { Ok(()) } else { self.schema(at) }
    }

    fn object(&mut self, at: At) -> Sure<()> {
        // Marked before its parts are looked at: a reference may lead back here.
        if self.doc.node(at).keyword == Keyword::Schema {
            return Ok(());
        }
        self.doc.nodes[at as usize].keyword = Keyword::Schema;
        let mut found = Found(0);
        let (mut name, mut left) = (at + 1, self.doc.node(at).len);
        while left > 0 {
            let keyword = Keyword::of(self.doc.name(name).as_bytes());
            let value = name + 1;
            if keyword != Keyword::None {
                // Of a keyword that is there twice, the last counts; the draft was read off the first.
                if found.has(keyword) && keyword == Keyword::Schema {
                    return Err(Unsure);
                }
                found.0 |= 1 << keyword as u8;
                self.doc.nodes[name as usize].keyword = keyword;
                self.keyword(keyword, value, at == 0)?;
            }
            name = self.doc.after(value);
            left -= 1;
        }
        self.together(&found)
    }

    /// What keywords mean for each other.
    fn together(&self, found: &Found) -> Sure<()> {
        use Keyword as K;
        // Beside a reference, the validator looks at some of them nevertheless.
        let beside = [K::Const, K::Contains, K::PropertyNames, K::If, K::Then, K::Else];
        let is_old = self.draft < Draft::D2019;
        if is_old && found.has(K::Ref) && beside.iter().any(|keyword| found.has(*keyword)) {
            return Err(Unsure);
        }
        let needs = |one, other| self.draft == Draft::D4 && found.has(one) && !found.has(other);
        if needs(K::ExclusiveMaximum, K::Maximum) || needs(K::ExclusiveMinimum, K::Minimum) {
            return Err(Unsure);
        }
        Ok(())
    }

    fn keyword(&mut self, keyword: Keyword, at: At, is_root: bool) -> Sure<()> {
        use Keyword as K;
        match keyword {
            K::None | K::Const | K::Default => Ok(()),
            K::Rare => Err(Unsure),
            K::Text | K::Format => sure(matches!(self.kind(at), Kind::Text | Kind::Escaped)),
            K::Flag | K::UniqueItems => self.truth(at),
            K::Examples => sure(self.kind(at) == Kind::List),
            // Another draft than that of the whole may hold from here on.
            K::Schema => sure(self.doc.text(at).is_some_and(|url| draft(&url) == Some(self.draft))),
            K::Id => self.id(at, is_root, self.draft != Draft::D4),
            K::OldId => self.id(at, is_root, self.draft == Draft::D4),
            K::Ref => {
                self.references.push(at);
                sure(self.kind(at) == Kind::Text)
            }
            K::Type => self.types(at),
            K::Enum => self.alternatives(at),
            K::MultipleOf => sure(self.doc.number(at).is_some_and(|n| n.as_f64() > 0.0)),
            K::Maximum | K::Minimum => sure(self.kind(at) == Kind::Number),
            K::ExclusiveMaximum | K::ExclusiveMinimum if self.draft == Draft::D4 => self.truth(at),
            K::ExclusiveMaximum | K::ExclusiveMinimum => sure(self.kind(at) == Kind::Number),
            K::MaxContains
            | K::MinContains
            | K::MaxItems
            | K::MinItems
            | K::MaxLength
            | K::MinLength
            | K::MaxProperties
            | K::MinProperties => sure(matches!(self.doc.number(at), Some(Number::Whole(_)))),
            K::Pattern => Pattern::new(&self.doc.text(at).ok_or(Unsure)?).map(|_| ()),
            K::Required => self.names(at),
            K::Not | K::If | K::Then | K::Else | K::Contains | K::PropertyNames => self.schema(at),
            K::AdditionalItems | K::AdditionalProperties => self.schema_or_bool(at),
            K::AllOf | K::AnyOf | K::OneOf | K::PrefixItems => self.list(at),
            K::Items if self.kind(at) == Kind::List && self.draft < Draft::D2020 => self.list(at),
            K::Items => self.schema(at),
            K::Definitions | K::Properties => self.map(at, Self::schema),
            K::DependentSchemas => {
                self.map(at, Self::schema)?;
                sure(self.doc.index(at))
            }
            K::PatternProperties => {
                self.map(at, Self::schema)?;
                sure(self.doc.index(at))?;
                self.doc.children(at).try_for_each(|name| Pattern::new(self.doc.name(name)).map(|_| ()))
            }
            K::Dependencies => {
                self.map(at, |checker, at| match checker.kind(at) {
                    Kind::List => checker.names(at),
                    _ => checker.schema(at),
                })?;
                sure(self.doc.index(at))
            }
            K::DependentRequired => {
                self.map(at, Self::names)?;
                sure(self.doc.index(at))
            }
        }
    }

    fn truth(&self, at: At) -> Sure<()> {
        sure(matches!(self.kind(at), Kind::True | Kind::False))
    }

    fn list(&mut self, at: At) -> Sure<()> {
        sure(self.kind(at) == Kind::List && self.doc.node(at).len > 0)?;
        let (mut item, end) = (at + 1, self.doc.after(at));
        while item < end {
            self.schema(item)?;
            item = self.doc.after(item);
        }
        Ok(())
    }

    /// An object whose names are free.
    fn map(&mut self, at: At, each: fn(&mut Self, At) -> Sure<()>) -> Sure<()> {
        sure(self.kind(at) == Kind::Object)?;
        self.doc.index(at);
        let (mut name, end) = (at + 1, self.doc.after(at));
        while name < end {
            each(self, name + 1)?;
            name = self.doc.after(name + 1);
        }
        Ok(())
    }

    /// A list of names, none of them twice.
    fn names(&mut self, at: At) -> Sure<()> {
        sure(self.kind(at) == Kind::List)?;
        let names: Vec<&str> =
            self.doc.children(at).map(|at| self.doc.raw_text(at)).collect::<Option<_>>().ok_or(Unsure)?;
        sure((!names.is_empty() || self.draft > Draft::D4) && differ(names))
    }

    fn types(&self, at: At) -> Sure<()> {
        let is_type =
            |name: &str| matches!(name, "array" | "boolean" | "integer" | "null" | "number" | "object" | "string");
        if self.kind(at) == Kind::Text {
            return sure(is_type(self.doc.name(at)));
        }
        sure(self.kind(at) == Kind::List && self.doc.node(at).len > 0)?;
        let names: Vec<&str> =
            self.doc.children(at).map(|at| self.doc.raw_text(at)).collect::<Option<_>>().ok_or(Unsure)?;
        sure(names.iter().all(|name| is_type(name)) && differ(names))
    }

    /// The values of `enum`, which differ in older drafts.
    fn alternatives(&self, at: At) -> Sure<()> {
        sure(self.kind(at) == Kind::List)?;
        let len = self.doc.node(at).len;
        if self.draft >= Draft::D2019 {
            return Ok(());
        }
        sure(len > 0)?;
        if let Some(names) = self.doc.children(at).map(|at| self.doc.raw_text(at)).collect::<Option<Vec<_>>>() {
            return sure(differ(names));
        }
        let items: Vec<At> = self.doc.children(at).collect();
        let is_simple = |at: &At| !matches!(self.kind(*at), Kind::Object | Kind::List | Kind::Escaped);
        sure(len <= PAIRS && items.iter().all(is_simple))?;
        sure(items.iter().enumerate().all(|(i, a)| items[..i].iter().all(|b| !self.same(*a, *b))))
    }

    /// Whether two simple values are one.
    fn same(&self, a: At, b: At) -> bool {
        match (self.doc.number(a), self.doc.number(b)) {
            (Some(a), Some(b)) => a.same(b),
            _ => self.kind(a) == self.kind(b) && self.doc.raw_text(a) == self.doc.raw_text(b),
        }
    }

    /// The name of a schema, by which references reach it. Only that of the whole is plain, and one that names a place.
    fn id(&self, at: At, is_root: bool, is_known: bool) -> Sure<()> {
        if !is_known {
            return Ok(());
        }
        let text = self.doc.raw_text(at).ok_or(Unsure)?;
        match text.strip_prefix('#') {
            Some(place) => sure(self.draft < Draft::D2019 && place.starts_with('/') && place.bytes().all(is_plain)),
            None => sure(is_root && is_plain_url(text.strip_suffix('#').unwrap_or(text))),
        }
    }

    /// Where a reference leads.
    fn resolve(&mut self, reference: At) -> Sure<At> {
        let place = self.doc.name(reference).strip_prefix('#').ok_or(Unsure)?;
        let mut at = 0;
        if place.is_empty() {
            return Ok(at);
        }
        for part in place.strip_prefix('/').ok_or(Unsure)?.split('/') {
            sure(!DATA.contains(&part) && part.bytes().all(is_plain))?;
            at = match self.kind(at) {
                Kind::Object => {
                    self.doc.index(at);
                    self.doc.get(at, part.as_bytes()).ok_or(Unsure)?
                }
                Kind::List => {
                    let index: usize = part.parse().map_err(|_| Unsure)?;
                    self.doc.children(at).nth(index).ok_or(Unsure)?
                }
                _ => return Err(Unsure),
            };
        }
        Ok(at)
    }
}

fn sure(is_so: bool) -> Sure<()> {
    if is_so { Ok(()) } else { Err(Unsure) }
}

/// Whether no text is there twice.
fn differ(mut texts: Vec<&str>) -> bool {
    texts.sort_unstable();
    texts.windows(2).all(|pair| pair[0] != pair[1])
}

/// A byte that means itself in a URL, or parts its places.
fn is_plain(c: u8) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b'_' | b'$' | b'/')
}

/// A URL that nobody refuses: of the web, with a name for a host.
fn is_plain_url(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http") else { return false };
    let Some(rest) = rest.strip_prefix('s').unwrap_or(rest).strip_prefix("://") else { return false };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let is_label = |label: &str| {
        label.starts_with(|c: char| c.is_ascii_lowercase())
            && label.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-')
            && !label.contains("--")
            && !label.ends_with('-')
    };
    host.split('.').all(is_label) && path.bytes().all(is_plain)
}
