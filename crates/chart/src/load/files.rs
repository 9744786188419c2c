//! From files to a chart: which file is what, and the charts inside.

use std::collections::BTreeMap;

use rhumb_value::{Map, Value};
use rhumb_yaml::shape::Shape;

use crate::load::archive;
use crate::metadata::{self, Metadata};
use crate::model::{Bytes, Chart, File, Lock};
use crate::values::layers;

/// How deep charts may lie in charts. The reference has no limit; the stack has.
const MAX_DEPTH: u32 = 64;

/// A chart of these files, in the order given. `log` takes the messages of INFO lines.
pub fn assemble(files: Vec<File>, log: &mut Vec<String>) -> Result<Chart, String> {
    assemble_at(files, log, 0)
}

/// Whether the chart is of a generation that can be installed, told from its `Chart.yaml` before all else is looked at.
pub(crate) fn check_generation(manifest: &[u8]) -> Result<(), String> {
    match definition(manifest, &metadata::CHART_BASE)?.api_version.as_str() {
        "" | "v1" | "v2" => Ok(()),
        "v3" => Err("invalid chart apiVersion".into()),
        _ => Err("unsupported chart version".into()),
    }
}

/// `Chart.yaml` as the chart's loader reads it.
pub fn definition(manifest: &[u8], shape: &Shape) -> Result<Metadata, String> {
    let fail = |e| format!("cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: {e}");
    let value = rhumb_yaml::parse_value(manifest).map_err(|e| format!("cannot load Chart.yaml: {e}"))?;
    Metadata::from_value(&value, shape).map_err(fail)
}

/// What `Chart.yaml` says; in an archive where it is twice, what the later one sets counts.
fn definitions(files: &[File]) -> Result<Metadata, String> {
    let mut found = files.iter().filter(|f| f.name == "Chart.yaml");
    let first = found.next().ok_or("Chart.yaml file is missing")?;
    let Some(second) = found.next() else { return definition(&first.data, &metadata::CHART) };
    let merged = Map::new();
    for file in [first, second].into_iter().chain(found) {
        for entry in read_map(file, "Chart.yaml")?.snapshot() {
            if !entry.value.is_nil() {
                merged.insert_entry(entry);
            }
        }
    }
    let fail = |e| format!("cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: {e}");
    Metadata::from_value(&Value::Map(merged), &metadata::CHART).map_err(fail)
}

pub(crate) fn assemble_at(files: Vec<File>, log: &mut Vec<String>, depth: u32) -> Result<Chart, String> {
    if depth > MAX_DEPTH {
        return Err(format!("charts lie more than {MAX_DEPTH} deep in charts"));
    }
    let mut chart = Chart { metadata: definitions(&files)?, ..Chart::default() };
    if chart.metadata.api_version.is_empty() {
        chart.metadata.api_version = "v1".into();
    }
    let mut inner: BTreeMap<String, Vec<File>> = BTreeMap::new();
    for file in files {
        place(&mut chart, file, &mut inner, log)?;
    }
    chart.metadata.validate()?;
    for (name, files) in inner {
        if let Some(sub) = subchart(&name, files, chart.name(), log, depth)? {
            chart.dependencies.push(sub);
        }
    }
    Ok(chart)
}

/// Puts one file where it belongs.
fn place(
    chart: &mut Chart,
    file: File,
    inner: &mut BTreeMap<String, Vec<File>>,
    log: &mut Vec<String>,
) -> Result<(), String> {
    if let Some(rest) = file.name.strip_prefix("charts/")
        && !file.name.ends_with(".prov")
    {
        let first = rest.split('/').next().unwrap_or(rest).to_owned();
        let file = File { name: rest.to_owned(), ..file };
        inner.entry(first).or_default().push(file);
        return Ok(());
    }
    match file.name.as_str() {
        "Chart.yaml" => {}
        "Chart.lock" => chart.lock = Some(lock(&file, "Chart.lock")?),
        "values.yaml" => {
            chart.values = layers::parse_documents(&file.data).map_err(|e| format!("cannot load values.yaml: {e}"))?;
        }
        "values.schema.json" => chart.schema = Some(file.data.clone()),
        "requirements.yaml" | "requirements.lock" => requirements(chart, &file, log)?,
        name if name.starts_with("templates/") => chart.templates.push(file.clone()),
        _ => chart.files.push(file.clone()),
    }
    chart.raw.push(file);
    Ok(())
}

/// The files that apiVersion v1 keeps dependencies in.
fn requirements(chart: &mut Chart, file: &File, log: &mut Vec<String>) -> Result<(), String> {
    if file.name == "requirements.lock" {
        chart.lock = Some(lock(file, "requirements.lock")?);
        if chart.metadata.api_version != "v1" {
            log.push(
                "Warning: Dependency locking is handled in Chart.lock since apiVersion \"v2\". \
                 We recommend migrating to Chart.lock."
                    .into(),
            );
        }
    } else {
        if chart.metadata.api_version != "v1" {
            log.push(
                "Warning: Dependencies are handled in Chart.yaml since apiVersion \"v2\". \
                 We recommend migrating dependencies to Chart.yaml."
                    .into(),
            );
        }
        let value = read(file, "requirements.yaml")?;
        chart.metadata.require(&value).map_err(|e| decoding("requirements.yaml", &e))?;
    }
    // A v1 chart shows these files to its templates.
    if chart.metadata.api_version == "v1" {
        chart.files.push(file.clone());
    }
    Ok(())
}

fn subchart(
    name: &str,
    mut files: Vec<File>,
    parent: &str,
    log: &mut Vec<String>,
    depth: u32,
) -> Result<Option<Chart>, String> {
    if name.starts_with(['_', '.']) {
        return Ok(None);
    }
    if name.ends_with(".tgz") {
        let file = &files[0];
        if file.name != name {
            return Err(format!("error unpacking subchart tar in {parent}: expected {name}, got {}", file.name));
        }
        let files = archive::unpack(&file.data);
        let chart = files.and_then(|files| assemble_at(files, log, depth + 1));
        return chart.map(Some).map_err(|e| format!("error unpacking subchart {name} in {parent}: {e}"));
    }
    files.retain_mut(|f| match f.name.split_once('/') {
        Some((_, rest)) => {
            f.name = rest.to_owned();
            true
        }
        None => false,
    });
    assemble_at(files, log, depth + 1)
        .map(Some)
        .map_err(|e| format!("error unpacking subchart {name} in {parent}: {e}"))
}

fn read(file: &File, name: &str) -> Result<Value, String> {
    rhumb_yaml::parse_value(&file.data).map_err(|e| format!("cannot load {name}: {e}"))
}

fn read_map(file: &File, name: &str) -> Result<Map, String> {
    match read(file, name)? {
        Value::Map(m) => Ok(m),
        _ => Ok(Map::new()),
    }
}

fn lock(file: &File, name: &str) -> Result<Lock, String> {
    let value = read(file, name)?;
    let (digest, dependencies) = metadata::lock(&value).map_err(|e| decoding(name, &e))?;
    Ok(Lock { digest, dependencies })
}

fn decoding(name: &str, error: &str) -> String {
    format!("cannot load {name}: error unmarshaling JSON: while decoding JSON: {error}")
}

/// The content without a byte order mark.
pub(crate) fn without_mark(data: &[u8]) -> Bytes {
    data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data).into()
}
