//! From files to a chart: which file is what, and the charts inside.

use std::collections::BTreeMap;

use rhumb_value::Value;
use rhumb_yaml::shape::{self, Shape};

use crate::load::archive;
use crate::metadata::{self, Generation, Metadata};
use crate::model::{Bytes, Chart, File, Lock};
use crate::values::layers;

/// How deep charts may lie in charts. The reference has no limit; the stack has.
const MAX_DEPTH: u32 = 64;

/// A chart of these files, in the order given. `log` takes the messages of INFO lines.
pub fn assemble(files: Vec<File>, generation: Generation, log: &mut Vec<String>) -> Result<Chart, String> {
    assemble_at(files, generation, log, 0)
}

/// The generation of a chart to be rendered, told from its `Chart.yaml` before all else is looked at.
pub(crate) fn generation(manifest: &[u8]) -> Result<Generation, String> {
    match definition(manifest, &metadata::CHART_BASE)?.api_version.as_str() {
        "" | "v1" | "v2" => Ok(Generation::V2),
        metadata::V3 => Ok(Generation::V3),
        _ => Err("unsupported chart version".into()),
    }
}

/// `Chart.yaml` as the chart's loader reads it.
pub fn definition(manifest: &[u8], shape: &Shape) -> Result<Metadata, String> {
    Ok(Metadata::from_fitted(&fitted(manifest, "Chart.yaml", shape)?))
}

fn fitted(data: &[u8], name: &str, shape: &Shape) -> Result<Value, String> {
    let value = rhumb_yaml::parse_for(data, shape).map_err(|e| format!("cannot load {name}: {e}"))?;
    shape::fit(&value, shape).map_err(|e| decoding(name, &e))
}

/// A chart on its way from files.
struct Draft<'a> {
    chart: Chart,
    generation: Generation,
    /// What the definition says so far, of the generation's shape; nothing where no file has said anything.
    said: Option<Value>,
    /// The files below `charts/`, by the first part of their names.
    inner: BTreeMap<String, Vec<File>>,
    log: &'a mut Vec<String>,
}

fn assemble_at(files: Vec<File>, generation: Generation, log: &mut Vec<String>, depth: u32) -> Result<Chart, String> {
    if depth > MAX_DEPTH {
        return Err(format!("charts lie more than {MAX_DEPTH} deep in charts"));
    }
    let mut draft = Draft { chart: Chart::default(), generation, said: None, inner: BTreeMap::new(), log };
    for file in files.iter().filter(|f| f.name == "Chart.yaml") {
        draft.define(file, "Chart.yaml")?;
        if draft.chart.metadata.api_version.is_empty() {
            draft.chart.metadata.api_version = "v1".into();
            if let Some(Value::Map(map)) = &draft.said {
                map.insert("apiVersion", Value::from("v1"));
            }
        }
    }
    for file in files {
        draft.place(file)?;
    }
    let Draft { mut chart, said, inner, .. } = draft;
    if said.is_none() {
        return Err("Chart.yaml file is missing".into());
    }
    chart.metadata.validate()?;
    for (name, files) in inner {
        if let Some(sub) = subchart(&name, files, chart.name(), generation, log, depth)? {
            chart.dependencies.push(sub);
        }
    }
    Ok(chart)
}

impl Draft<'_> {
    /// Takes over what a file says of the chart. An archive may hold several of one name, and `requirements.yaml` is read
    /// as if it were more of `Chart.yaml`.
    fn define(&mut self, file: &File, name: &str) -> Result<(), String> {
        let shape = self.generation.shape();
        let new = fitted(&file.data, name, shape)?;
        let said = match &self.said {
            Some(old) => metadata::laid_over(old, &new, shape),
            None => new,
        };
        self.chart.metadata = Metadata::from_fitted(&said);
        self.said = Some(said);
        Ok(())
    }

    /// Puts one file where it belongs.
    fn place(&mut self, file: File) -> Result<(), String> {
        if let Some(rest) = file.name.strip_prefix("charts/")
            && !file.name.ends_with(".prov")
        {
            let first = rest.split('/').next().unwrap_or(rest).to_owned();
            let file = File { name: rest.to_owned(), ..file };
            self.inner.entry(first).or_default().push(file);
            return Ok(());
        }
        let chart = &mut self.chart;
        match file.name.as_str() {
            "Chart.yaml" => {}
            "Chart.lock" => chart.lock = Some(lock(&file, "Chart.lock", self.generation)?),
            "values.yaml" => {
                chart.values =
                    layers::parse_documents(&file.data).map_err(|e| format!("cannot load values.yaml: {e}"))?;
            }
            "values.schema.json" => chart.schema = Some(file.data.clone()),
            "requirements.yaml" | "requirements.lock" if self.generation == Generation::V2 => {
                self.requirements(&file)?
            }
            name if name.starts_with("templates/") => chart.templates.push(file.clone()),
            _ => chart.files.push(file.clone()),
        }
        self.chart.raw.push(file);
        Ok(())
    }

    /// The files that apiVersion v1 keeps dependencies in.
    fn requirements(&mut self, file: &File) -> Result<(), String> {
        // Either file makes a chart of what has no Chart.yaml.
        self.said.get_or_insert_default();
        let is_old = self.chart.metadata.api_version == "v1";
        if file.name == "requirements.lock" {
            self.chart.lock = Some(lock(file, "requirements.lock", self.generation)?);
            if !is_old {
                self.log.push(
                    "Warning: Dependency locking is handled in Chart.lock since apiVersion \"v2\". \
                     We recommend migrating to Chart.lock."
                        .into(),
                );
            }
        } else {
            if !is_old {
                self.log.push(
                    "Warning: Dependencies are handled in Chart.yaml since apiVersion \"v2\". \
                     We recommend migrating dependencies to Chart.yaml."
                        .into(),
                );
            }
            self.define(file, "requirements.yaml")?;
        }
        // A v1 chart shows these files to its templates.
        if self.chart.metadata.api_version == "v1" {
            self.chart.files.push(file.clone());
        }
        Ok(())
    }
}

fn subchart(
    name: &str,
    mut files: Vec<File>,
    parent: &str,
    generation: Generation,
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
        let chart = files.and_then(|files| assemble_at(files, generation, log, depth + 1));
        return chart.map(Some).map_err(|e| format!("error unpacking subchart {name} in {parent}: {e}"));
    }
    files.retain_mut(|f| match f.name.split_once('/') {
        Some((_, rest)) => {
            f.name = rest.to_owned();
            true
        }
        None => false,
    });
    assemble_at(files, generation, log, depth + 1)
        .map(Some)
        .map_err(|e| format!("error unpacking subchart {name} in {parent}: {e}"))
}

fn lock(file: &File, name: &str, generation: Generation) -> Result<Lock, String> {
    let shape = generation.lock();
    let value = rhumb_yaml::parse_for(&file.data, shape).map_err(|e| format!("cannot load {name}: {e}"))?;
    let (digest, dependencies) = metadata::lock(&value, shape).map_err(|e| decoding(name, &e))?;
    Ok(Lock { digest, dependencies })
}

fn decoding(name: &str, error: &str) -> String {
    format!("cannot load {name}: error unmarshaling JSON: while decoding JSON: {error}")
}

/// The content without a byte order mark.
pub(crate) fn without_mark(data: &[u8]) -> Bytes {
    data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data).into()
}
