//! What a Terraform provider takes, read out of its published bindings for TypeScript.
//!
//! The packages `@cdktf/provider-…` were generated from the schemas that the providers themselves print, a file for each resource. Each file
//! carries the source it was compiled from, and that says of every argument: its name in Terraform, its type, whether it is required,
//! optional or computed, whether it is a block, and whether a block may be repeated. What cannot be read there: other limits of a
//! block's number than none, one and any, and what a provider checks in code.

use std::collections::BTreeMap;

use base64::Engine as _;
use serde_json::{Map, Value, json};

/// What the source of one resource, data source or provider says.
#[derive(Debug, PartialEq)]
pub(super) struct Binding {
    /// `resource`, `data` or `provider`.
    pub(super) kind: &'static str,
    /// `aws_sqs_queue`; empty for a provider.
    pub(super) name: String,
    /// As `terraform providers schema -json` prints it: `attributes` and `block_types`.
    pub(super) block: Value,
}

/// The source in a compiled file's map.
pub(super) fn source(compiled: &str) -> Result<String, String> {
    let map = compiled.rsplit_once("sourceMappingURL=data:application/json;base64,").ok_or("no source map")?.1;
    let map = base64::engine::general_purpose::STANDARD.decode(map.trim()).map_err(|e| e.to_string())?;
    let map: Value = serde_json::from_slice(&map).map_err(|e| e.to_string())?;
    map["sourcesContent"][0].as_str().map(str::to_owned).ok_or_else(|| "no source in the map".to_owned())
}

/// Reads a source. `nested` says how the provider takes lists of objects that are no blocks: as nested attributes (protocol 6), or as
/// values whose type is written out (protocol 5).
pub(super) fn read(source: &str, nested: bool) -> Result<Binding, String> {
    let file = File::new(source, nested);
    let kinds = [("resource", "TerraformResource"), ("data", "TerraformDataSource"), ("provider", "TerraformProvider")];
    let (class, kind) = file
        .classes
        .iter()
        .find_map(|(name, class)| Some((name, kinds.iter().find(|(_, base)| class.base == *base)?.0)))
        .ok_or("no resource, data source or provider")?;
    let name = source.split("tfResourceType = \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    let block = file.block(class, &format!("{class}Config"))?;
    Ok(Binding { kind, name: if kind == "provider" { String::new() } else { name.to_owned() }, block })
}

/// A source, taken apart.
struct File<'a> {
    /// Interfaces: argument → (may be left out, is a block).
    interfaces: BTreeMap<&'a str, BTreeMap<&'a str, (bool, bool)>>,
    /// How arguments are written, by the class or structure they belong to.
    tables: BTreeMap<String, BTreeMap<&'a str, Entry<'a>>>,
    classes: BTreeMap<&'a str, Class<'a>>,
    nested: bool,
}

/// How an argument is written.
struct Entry<'a> {
    many: bool,
    /// `simple`, `list`, `set`, `map` or `struct`.
    form: &'a str,
    /// `string`, `stringList`, or the name of a structure, with `List` behind it.
    of: &'a str,
}

struct Class<'a> {
    base: &'a str,
    members: Vec<Member<'a>>,
}

struct Member<'a> {
    name: &'a str,
    computed: bool,
    optional: bool,
    required: bool,
    text: &'a str,
}

impl<'a> File<'a> {
    fn new(source: &'a str, nested: bool) -> File<'a> {
        let mut file = File { interfaces: BTreeMap::new(), tables: BTreeMap::new(), classes: BTreeMap::new(), nested };
        for part in source.split("\nexport ").skip(1) {
            if let Some(rest) = part.strip_prefix("interface ") {
                file.interfaces.insert(word(rest), interface(rest));
            } else if let Some(rest) = part.strip_prefix("function ") {
                if let Some(name) = word(rest).strip_suffix("ToHclTerraform") {
                    let first: String = name.chars().take(1).flat_map(char::to_uppercase).collect();
                    file.tables.insert(first + name.get(1..).unwrap_or_default(), table(rest));
                }
            } else if let Some(rest) = part.strip_prefix("class ") {
                let name = word(rest);
                let base = rest.split("extends cdktf.").nth(1).map_or("", word);
                if let Some((_, rest)) = rest.split_once("synthesizeHclAttributes()") {
                    file.tables.insert(name.to_owned(), table(rest));
                }
                file.classes.insert(name, Class { base, members: members(rest) });
            }
        }
        file
    }

    /// Attributes and nested blocks of a class; `interface` says what may be configured.
    fn block(&self, class: &str, interface: &str) -> Result<Value, String> {
        let (mut attributes, mut blocks) = (Map::new(), Map::new());
        for field in self.fields(class, interface)? {
            match field {
                Field::Attribute(name, about) => drop(attributes.insert(name.to_owned(), about)),
                Field::Block(name, about) => drop(blocks.insert(name.to_owned(), about)),
            }
        }
        Ok(json!({"attributes": attributes, "block_types": blocks}))
    }

    fn fields(&self, class: &str, interface: &str) -> Result<Vec<Field<'a>>, String> {
        let nothing = BTreeMap::new();
        let table = self.tables.get(interface).or_else(|| self.tables.get(class));
        let known = self.interfaces.get(interface);
        let is_block = |name: &str| known.and_then(|all| all.get(name)).is_some_and(|(_, block)| *block);
        let mut fields = Vec::new();
        match self.classes.get(class).filter(|class| !class.members.is_empty()) {
            Some(class) => {
                for member in &class.members {
                    let entry = table.and_then(|table| table.get(member.name));
                    fields.push(match entry.filter(|_| member.optional || member.required) {
                        Some(entry) if is_block(member.name) => self.nested_block(member, entry)?,
                        Some(entry) => self.argument(member, entry)?,
                        None => {
                            Field::Attribute(member.name, json!({"type": self.computed(member)?, "computed": true}))
                        }
                    });
                }
            }
            // Structures of a provider's own configuration are only written, never read: there is no class for them.
            None => {
                for (name, entry) in table.unwrap_or(&nothing) {
                    let optional = known.and_then(|all| all.get(name)).is_none_or(|(optional, _)| *optional);
                    let member = Member { name, computed: false, optional, required: !optional, text: "" };
                    let field =
                        if is_block(name) { self.nested_block(&member, entry) } else { self.argument(&member, entry) };
                    fields.push(field?);
                }
            }
        }
        fields.retain(|field| !matches!(field, Field::Attribute("alias", _)) || !class.ends_with("Provider"));
        Ok(fields)
    }

    fn nested_block(&self, member: &Member<'a>, entry: &Entry<'a>) -> Result<Field<'a>, String> {
        let mode = if entry.form == "struct" { "single" } else { entry.form };
        let mut about = json!({"nesting_mode": mode, "block": self.structure(entry.of)?});
        if mode != "single" {
            about["min_items"] = u8::from(member.required).into();
            about["max_items"] = u8::from(!entry.many).into();
        }
        Ok(Field::Block(member.name, about))
    }

    fn argument(&self, member: &Member<'a>, entry: &Entry<'a>) -> Result<Field<'a>, String> {
        let mut about = json!({"required": member.required, "optional": member.optional, "computed": member.computed});
        match simple(entry.of) {
            Some(of) if entry.form == "simple" => about["type"] = of.into(),
            _ => match inner(entry.of).and_then(|(_, inner)| simple(inner)) {
                Some(of) => about["type"] = json!([entry.form, of]),
                None if entry.of == "stringListList" => about["type"] = json!([entry.form, ["list", "string"]]),
                None if entry.of == "stringMapList" => about["type"] = json!([entry.form, ["map", "string"]]),
                None if entry.of == "stringMapMap" => about["type"] = json!(["map", ["map", "string"]]),
                None if self.nested => {
                    let mode = if entry.form == "struct" { "single" } else { entry.form };
                    let attributes = self.structure(entry.of)?["attributes"].take();
                    about["nested_type"] = json!({"nesting_mode": mode, "attributes": attributes});
                }
                None => {
                    let object = self.object(&self.structure(entry.of)?);
                    about["type"] = if entry.form == "struct" { object } else { json!([entry.form, object]) };
                }
            },
        }
        Ok(Field::Attribute(member.name, about))
    }

    /// A structure by its name, or by the name of a list or map of it.
    fn structure(&self, name: &str) -> Result<Value, String> {
        let here = |name: &&str| self.interfaces.contains_key(*name);
        let name = Some(name).filter(here).or_else(|| inner(name).map(|(_, name)| name).filter(here));
        let name = name.ok_or("a structure that is not in the file")?;
        self.block(&format!("{name}OutputReference"), name)
    }

    /// The type of what is only read.
    fn computed(&self, member: &Member<'_>) -> Result<Value, String> {
        let text = member.text;
        let plain = [
            ("getStringAttribute(", json!("string")),
            ("getNumberAttribute(", json!("number")),
            ("getBooleanAttribute(", json!("bool")),
            ("getListAttribute(", json!(["list", "string"])),
            ("getNumberListAttribute(", json!(["list", "number"])),
            ("cdktf.StringMapList(", json!(["list", ["map", "string"]])),
            ("cdktf.StringMap(", json!(["map", "string"])),
            ("cdktf.NumberMap(", json!(["map", "number"])),
            ("cdktf.BooleanMap(", json!(["map", "bool"])),
            ("cdktf.AnyMap(", json!("dynamic")),
            ("interpolationForAttribute(", json!("dynamic")),
        ];
        if let Some((_, of)) = plain.iter().find(|(call, _)| text.contains(call)) {
            let mut of = of.clone();
            if text.contains("Fn.tolist(") {
                of[0] = "set".into();
            }
            return Ok(of);
        }
        let call = text.split(" = new ").nth(1).ok_or_else(|| format!("{}: no type in {text}", member.name))?;
        let (class, arguments) = call.split_once('(').ok_or("no constructor")?;
        if let Some(name) = class.strip_suffix("OutputReference") {
            return Ok(self.object(&self.structure(name)?));
        }
        let set = arguments.split(')').next().is_some_and(|all| all.ends_with("true"));
        let form = if class.ends_with("Map") {
            "map"
        } else if set {
            "set"
        } else {
            "list"
        };
        Ok(json!([form, self.object(&self.structure(class)?)]))
    }

    /// A block as a type.
    fn object(&self, block: &Value) -> Value {
        let mut fields = Map::new();
        for (name, about) in block["attributes"].as_object().into_iter().flatten() {
            fields.insert(name.clone(), about["type"].clone());
        }
        for (name, about) in block["block_types"].as_object().into_iter().flatten() {
            let object = self.object(&about["block"]);
            let mode = &about["nesting_mode"];
            fields.insert(name.clone(), if mode == "single" { object } else { json!([mode, object]) });
        }
        json!(["object", fields])
    }
}

enum Field<'a> {
    Attribute(&'a str, Value),
    Block(&'a str, Value),
}

fn simple(of: &str) -> Option<&'static str> {
    match of {
        "string" => Some("string"),
        "number" => Some("number"),
        "boolean" => Some("bool"),
        "any" => Some("dynamic"),
        _ => None,
    }
}

/// `stringList` → (`List`, `string`).
fn inner(of: &str) -> Option<(&'static str, &str)> {
    ["List", "Map"].into_iter().find_map(|end| Some((end, of.strip_suffix(end)?)))
}

fn word(text: &str) -> &str {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// Arguments with their comments: `* NAME block` where it is one, `…#NAME Class#NAME}` always, and a question mark where it may be
/// left out.
fn interface(text: &str) -> BTreeMap<&str, (bool, bool)> {
    let body = text.split("\n}").next().unwrap_or_default();
    let mut all = BTreeMap::new();
    for part in body.split("/**").skip(1) {
        let Some((comment, member)) = part.split_once("*/") else { continue };
        let Some(name) = comment.split("{@link ").last().and_then(|link| link.split('#').nth(1)).map(word) else {
            continue;
        };
        let optional = member.split(':').next().is_some_and(|name| name.ends_with('?'));
        let first = comment.trim_start().trim_start_matches("* ").lines().next().unwrap_or_default();
        all.insert(name, (optional, first.strip_suffix(" block") == Some(name)));
    }
    all
}

/// The literal `attrs` of a function that writes HCL.
fn table(text: &str) -> BTreeMap<&str, Entry<'_>> {
    let body = text.split_once("const attrs = {").map_or("", |(_, rest)| rest.split("};").next().unwrap_or_default());
    let mut all = BTreeMap::new();
    let mut name = "";
    let (mut many, mut form) = (false, "");
    for line in body.lines().map(str::trim) {
        let quoted = || line.split('"').nth(1).unwrap_or_default();
        if let Some(found) = line.strip_suffix(": {") {
            name = found;
        } else if let Some(value) = line.strip_prefix("value: ") {
            many = value.starts_with("cdktf.listMapperHcl(") || value.starts_with("cdktf.hashMapperHcl(");
        } else if line.starts_with("type: ") {
            form = quoted();
        } else if line.starts_with("storageClassType: ") {
            all.insert(name, Entry { many, form, of: quoted() });
        }
    }
    all
}

/// What stands behind each `// NAME - computed: …, optional: …, required: …`.
fn members(text: &str) -> Vec<Member<'_>> {
    let mut all = Vec::new();
    for part in text.split("\n  // ").skip(1) {
        let Some((line, text)) = part.split_once('\n') else { continue };
        let Some((name, flags)) = line.split_once(" - computed: ") else { continue };
        let flag = |name: &str| flags.split(name).nth(1).is_some_and(|rest| rest.starts_with("true"));
        all.push(Member {
            name,
            computed: flags.starts_with("true"),
            optional: flag("optional: "),
            required: flag("required: "),
            text,
        });
    }
    all
}

#[cfg(test)]
#[path = "bindings_tests.rs"]
mod tests;
