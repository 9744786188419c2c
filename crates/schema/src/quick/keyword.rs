//! The keywords that the drafts know, and the drafts.

/// A version of JSON Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Draft {
    D4,
    D6,
    D7,
    D2019,
    D2020,
}

/// The draft that a `$schema` names. Anything else may be a file, a mistake or a schema of its own.
pub(crate) fn draft(url: &str) -> Option<Draft> {
    let url = url.strip_suffix('#').unwrap_or(url);
    let path = url.strip_prefix("http").map(|rest| rest.strip_prefix('s').unwrap_or(rest))?;
    Some(match path.strip_prefix("://json-schema.org/")? {
        "schema" | "draft/2020-12/schema" => Draft::D2020,
        "draft/2019-09/schema" => Draft::D2019,
        "draft-07/schema" => Draft::D7,
        "draft-06/schema" => Draft::D6,
        "draft-04/schema" => Draft::D4,
        _ => return None,
    })
}

/// A keyword of any draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Keyword {
    AdditionalItems,
    AdditionalProperties,
    AllOf,
    AnyOf,
    /// A word about the schema, a text: `title`, `description`, `$comment` ...
    Text,
    /// A word about the schema, a truth: `readOnly`, `deprecated` ...
    Flag,
    Const,
    Contains,
    Default,
    /// `definitions` and `$defs`.
    Definitions,
    Dependencies,
    DependentRequired,
    DependentSchemas,
    Else,
    Enum,
    Examples,
    ExclusiveMaximum,
    ExclusiveMinimum,
    Format,
    Id,
    If,
    Items,
    MaxContains,
    MaxItems,
    MaxLength,
    MaxProperties,
    Maximum,
    MinContains,
    MinItems,
    MinLength,
    MinProperties,
    Minimum,
    MultipleOf,
    Not,
    OldId,
    OneOf,
    Pattern,
    PatternProperties,
    PrefixItems,
    Properties,
    PropertyNames,
    Ref,
    Required,
    Schema,
    Then,
    Type,
    UniqueItems,
    /// One that is rare, or changes what others mean.
    Rare,
    /// No keyword: ignored.
    None,
}

/// How many keywords there are.
pub(crate) const COUNT: usize = Keyword::None as usize + 1;

impl Keyword {
    /// The keyword of a name.
    pub(crate) fn of(name: &[u8]) -> Keyword {
        use Keyword as K;
        match name.len() {
            2..=4 => match name {
                b"type" => K::Type,
                b"enum" => K::Enum,
                b"$ref" => K::Ref,
                b"$id" => K::Id,
                b"id" => K::OldId,
                b"if" => K::If,
                b"then" => K::Then,
                b"else" => K::Else,
                b"not" => K::Not,
                _ => K::None,
            },
            5 => match name {
                b"items" => K::Items,
                b"title" => K::Text,
                b"anyOf" => K::AnyOf,
                b"oneOf" => K::OneOf,
                b"allOf" => K::AllOf,
                b"const" => K::Const,
                b"$defs" => K::Definitions,
                _ => K::None,
            },
            6 => match name {
                b"format" => K::Format,
                _ => K::None,
            },
            7 => match name {
                b"default" => K::Default,
                b"$schema" => K::Schema,
                b"pattern" => K::Pattern,
                b"minimum" => K::Minimum,
                b"maximum" => K::Maximum,
                b"$anchor" => K::Rare,
                _ => K::None,
            },
            8 => match name {
                b"required" => K::Required,
                b"examples" => K::Examples,
                b"minItems" => K::MinItems,
                b"maxItems" => K::MaxItems,
                b"$comment" => K::Text,
                b"readOnly" => K::Flag,
                b"contains" => K::Contains,
                _ => K::None,
            },
            9 => match name {
                b"minLength" => K::MinLength,
                b"maxLength" => K::MaxLength,
                b"writeOnly" => K::Flag,
                _ => K::None,
            },
            10 => match name {
                b"properties" => K::Properties,
                b"multipleOf" => K::MultipleOf,
                b"deprecated" => K::Flag,
                _ => K::None,
            },
            11 => match name {
                b"description" => K::Text,
                b"definitions" => K::Definitions,
                b"uniqueItems" => K::UniqueItems,
                b"prefixItems" => K::PrefixItems,
                b"minContains" => K::MinContains,
                b"maxContains" => K::MaxContains,
                b"$dynamicRef" | b"$vocabulary" => K::Rare,
                _ => K::None,
            },
            12 => match name {
                b"dependencies" => K::Dependencies,
                _ => K::None,
            },
            13 => match name {
                b"propertyNames" => K::PropertyNames,
                b"minProperties" => K::MinProperties,
                b"maxProperties" => K::MaxProperties,
                b"$recursiveRef" | b"contentSchema" => K::Rare,
                _ => K::None,
            },
            _ => Self::of_long(name),
        }
    }

    fn of_long(name: &[u8]) -> Keyword {
        use Keyword as K;
        match name {
            b"additionalProperties" => K::AdditionalProperties,
            b"additionalItems" => K::AdditionalItems,
            b"patternProperties" => K::PatternProperties,
            b"exclusiveMinimum" => K::ExclusiveMinimum,
            b"exclusiveMaximum" => K::ExclusiveMaximum,
            b"dependentRequired" => K::DependentRequired,
            b"dependentSchemas" => K::DependentSchemas,
            b"contentEncoding" | b"contentMediaType" => K::Text,
            b"$dynamicAnchor" | b"$recursiveAnchor" | b"unevaluatedItems" | b"unevaluatedProperties" => K::Rare,
            _ => K::None,
        }
    }
}
