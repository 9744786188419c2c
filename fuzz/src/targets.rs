//! The targets themselves.

use rhumb_chart::load::{self, archive as archives};
use rhumb_chart::values::{coalesce, layers, schema, set};
use rhumb_chart::{Chart, dependency};
use rhumb_render::print::{Parts, print};
use rhumb_render::{Capabilities, Release, RenderOptions, render};
use rhumb_value::{Map, Value};
use rhumb_world::Memory;

const CHART: &str = "apiVersion: v2\nname: demo\nversion: 0.1.0\n";

/// What separates the files of [`chart`]'s input.
pub(crate) const NEXT_FILE: &str = "\n=====\n";

/// The files that [`chart`]'s input holds, in their order.
pub(crate) const PARTS: [&str; 6] =
    ["Chart.yaml", "values.yaml", "templates/main.yaml", "charts/kid/values.yaml", "values.schema.json", ".helmignore"];

/// A text without numbers and names: the same kind of outcome gives the same text.
pub(crate) fn kind(text: &str) -> String {
    let mut out = String::new();
    let mut quoted = None;
    for c in text.chars().take(400) {
        match quoted {
            Some(end) if c == end => quoted = None,
            Some(_) => {}
            None if matches!(c, '"' | '`' | '<') => {
                quoted = Some(if c == '<' { '>' } else { c });
                out.push(c);
            }
            None if c.is_ascii_digit() => {}
            None => out.push(c),
        }
    }
    out.chars().take(160).collect()
}

/// The shape of an output: how long it is, roughly, and which signs are in it.
fn shape(bytes: &[u8]) -> String {
    let signs: String = "{}[]\"'|>&*!#%-?:,\\\t\r".chars().filter(|c| bytes.contains(&(*c as u8))).collect();
    format!("ok {} {signs}", usize::BITS - bytes.len().leading_zeros())
}

/// A template's text: parsed, shown, run in a small chart.
pub fn template(data: &[u8]) -> String {
    let values = "text: t\nnumber: 3\nlist: [1, two]\nmap: {a: 1, b: {c: d}}\n";
    let world = Memory::new()
        .file("/demo/Chart.yaml", CHART)
        .file("/demo/values.yaml", values)
        .file("/demo/templates/main.yaml", data);
    whole(&world)
}

/// YAML: read, written, read again; heads and documents.
pub fn yaml(data: &[u8]) -> String {
    for document in rhumb_yaml::documents(data).flatten() {
        let _ = rhumb_yaml::parse_map(&rhumb_yaml::ended(document));
    }
    let head = rhumb_yaml::head(data);
    let value = match rhumb_yaml::parse_value(data) {
        Ok(value) => value,
        Err(e) => return kind(&e.to_string()),
    };
    let Ok(text) = rhumb_yaml::to_yaml(&value) else { return "not written".to_owned() };
    let again = rhumb_yaml::parse_value(&text);
    let same = again.as_ref().is_ok_and(|again| again.deep_equal(&value));
    let shown = String::from_utf8_lossy(&text);
    assert!(same || !faithful(&value), "what was written is read otherwise: {shown:?}, {again:?}");
    let _ = rhumb_yaml::to_yaml_pretty(&value);
    format!("{} {}", shape(&text), head.is_ok())
}

/// Whether YAML can say the value at all: the writer that the reference has leaves some characters unreadable.
fn faithful(value: &Value) -> bool {
    let readable = |text: &[u8]| {
        let chars = String::from_utf8_lossy(text).into_owned();
        chars.chars().all(|c| matches!(c, '\n' | '\t' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}'))
    };
    match value {
        Value::Str(s) => readable(s),
        Value::List(l) => l.iter().all(faithful),
        // The reference writes the key `<<` without quotes too, which is then read as a merge.
        Value::Map(m) => m.snapshot().iter().all(|e| *e.key != *b"<<" && readable(&e.key) && faithful(&e.value)),
        Value::Float(f) => f.is_finite(),
        _ => true,
    }
}

/// An archive's bytes: as they are, and packed first, so that damage reaches what is inside.
pub fn archive(data: &[u8]) -> String {
    let raw = unpacked(data);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    let packed = std::io::Write::write_all(&mut packed, data).and_then(|()| packed.finish());
    let inside = packed.map_or_else(|e| e.to_string(), |packed| unpacked(&packed));
    format!("{raw} / {inside}")
}

fn unpacked(data: &[u8]) -> String {
    let files = match archives::unpack(data) {
        Ok(files) => files,
        Err(e) => return kind(&e),
    };
    for file in &files {
        let steps = file.name.split('/');
        assert!(!file.name.starts_with('/') && !steps.clone().any(|step| step == ".."), "leads out: {}", file.name);
    }
    let world = Memory::new().file("/demo.tgz", data);
    match load::load(&world, "/demo.tgz", &mut Vec::new()) {
        Ok(chart) => format!("{} {} {}", files.len(), chart.templates.len(), chart.dependencies.len()),
        Err(e) => kind(&e),
    }
}

/// Value flags, one a line: the first letter says which (`s`, `t`, `l`, `j`, `f`; anything else is a values file).
pub fn flags(data: &[u8]) -> String {
    let text = String::from_utf8_lossy(data);
    let read =
        |path: &str| if path.len().is_multiple_of(2) { Ok(path.as_bytes().to_vec()) } else { Err("no".to_owned()) };
    let mut flags = layers::Flags::default();
    for line in text.lines() {
        let mut chars = line.chars();
        let list = match chars.next() {
            Some('s') => &mut flags.set,
            Some('t') => &mut flags.strings,
            Some('l') => &mut flags.literals,
            Some('j') => &mut flags.json,
            Some('f') => &mut flags.set_files,
            _ => &mut flags.files,
        };
        list.push(chars.as_str().to_owned());
        let _ = set::fault(&Map::new(), chars.as_str(), set::Mode::Typed);
    }
    match layers::merge(&flags, &read) {
        Ok(map) => shape(&rhumb_value::json::to_json(&Value::Map(map), true).unwrap_or_default().to_vec()),
        Err(e) => kind(&e),
    }
}

/// A whole chart: Chart.yaml, values.yaml, a template, a values file of the user, and a schema, with lines of `=====` between.
pub fn chart(data: &[u8]) -> String {
    let text = String::from_utf8_lossy(data);
    let mut world = Memory::new()
        .file("/demo/Chart.yaml", CHART)
        .file("/demo/charts/kid/Chart.yaml", "name: kid\nversion: 1.0.0\n");
    for (name, part) in PARTS.iter().zip(text.split(NEXT_FILE)) {
        if !part.is_empty() {
            world = world.file(&format!("/demo/{name}"), part);
        }
    }
    whole(&world)
}

/// All the way from files to output.
fn whole(world: &Memory) -> String {
    let result = load::load(world, "/demo", &mut Vec::new()).and_then(|chart| rendered(chart, world));
    match result {
        Ok(output) => shape(&output),
        Err(e) => kind(&e),
    }
}

fn rendered(mut chart: Chart, world: &Memory) -> Result<Vec<u8>, String> {
    let values = Map::new();
    dependency::process(&mut chart, &values, &mut coalesce::Notes::default())?;
    let values = coalesce::coalesce(&chart, values, &mut coalesce::Notes::default())?;
    schema::validate(&chart, &values)?;
    let options = RenderOptions {
        release: Release { name: "r".into(), namespace: "default".into(), is_upgrade: false, revision: 1 },
        capabilities: Capabilities::default(),
        mode: rhumb_render::Mode::default(),
        subchart_notes: true,
    };
    let plan = render(&chart, values, &options, world).map_err(|e| e.to_string())?;
    Ok(print(&plan, Parts { crds: true, hooks: true, tests: true }))
}
