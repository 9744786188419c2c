//! A chart in memory.

use std::rc::Rc;

use rhumb_value::Map;

use crate::metadata::{Dependency, Metadata};

/// Content that is read once and shared.
pub type Bytes = Rc<[u8]>;

/// One file of a chart.
#[derive(Clone, Debug)]
pub struct File {
    /// The path inside the chart, with `/`.
    pub name: String,
    /// The content; a byte order mark at its start is gone.
    pub data: Bytes,
    /// Modification time in seconds since 1970, as archives keep it.
    pub modified: i64,
}

/// What `Chart.lock` (or `requirements.lock`) holds.
#[derive(Clone, Debug, Default)]
pub struct Lock {
    /// The digest of the declared dependencies.
    pub digest: String,
    /// The dependencies as they were resolved.
    pub dependencies: Vec<Dependency>,
}

/// A chart with its subcharts.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// Every file of this chart as it was found, subcharts' files excluded.
    pub raw: Vec<File>,
    /// `Chart.yaml`.
    pub metadata: Metadata,
    /// `Chart.lock`.
    pub lock: Option<Lock>,
    /// The files below `templates/`.
    pub templates: Vec<File>,
    /// `values.yaml`, parsed once. Never changed in place: merging copies from it.
    pub values: Map,
    /// `values.schema.json`.
    pub schema: Option<Bytes>,
    /// All other files, CRDs among them.
    pub files: Vec<File>,
    /// The charts in `charts/`.
    pub dependencies: Vec<Chart>,
}

impl Chart {
    /// The name, which an alias may have replaced.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.metadata.name
    }

    /// The files below `crds/` of this chart that hold manifests, its subcharts' not counted.
    pub fn crd_files(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|f| {
            let lower = f.name.to_ascii_lowercase();
            f.name.starts_with("crds/") && [".yaml", ".yml", ".json"].iter().any(|ext| lower.ends_with(ext))
        })
    }

    /// A raw file by its exact name.
    #[must_use]
    pub fn raw_file(&self, name: &str) -> Option<&File> {
        self.raw.iter().find(|f| f.name == name)
    }
}
