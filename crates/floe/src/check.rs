//! The chart, and whether it takes what was generated: its schema, its own checks, its templates.

use rhumb_chart::values::coalesce::{self, Notes};
use rhumb_chart::values::layers::parse_documents;
use rhumb_chart::values::schema;
use rhumb_chart::{dependency, load};
use rhumb_gostd::path::absolute;
use rhumb_render::{Capabilities, KubeVersion, Mode, Release, RenderOptions, render};
use rhumb_world::{Os, World as _};

use crate::generate::Target;

/// A chart that values can be generated for.
pub(crate) struct Checked {
    /// Which one.
    pub(crate) target: Target,
    /// Its name and version.
    pub(crate) name: String,
    path: String,
}

impl Checked {
    /// Reads a chart's folder or archive.
    pub(crate) fn load(given: &str) -> Result<Checked, String> {
        let path = absolute(given, || Os.current_dir()).map_err(|e| e.to_string())?;
        let chart = load::load(&Os, &path, &mut Vec::new())
            .map_err(|e| format!("{given}: {e}\n--chart names the folder of floe-platform or of floe-jobs"))?;
        let target = match chart.metadata.name.as_str() {
            "floe-platform" => Target::Platform,
            "floe-jobs" => Target::Jobs,
            other => return Err(format!("{given} is the chart {other:?}: values are for floe-platform or floe-jobs")),
        };
        Ok(Checked { target, name: format!("{} {}", chart.metadata.name, chart.metadata.version), path })
    }

    /// Renders the chart with a values file.
    pub(crate) fn takes(&self, text: &[u8]) -> Result<(), String> {
        let refused = |why: String| format!("{} does not take the result: {}", self.name, why.trim_end());
        let mut chart = load::load(&Os, &self.path, &mut Vec::new()).map_err(refused)?;
        let values = parse_documents(text).map_err(refused)?;
        dependency::process(&mut chart, &values, &mut Notes::default()).map_err(refused)?;
        let values = coalesce::coalesce(&chart, values, &mut Notes::default()).map_err(refused)?;
        schema::validate(&chart, &values).map_err(refused)?;
        let options = RenderOptions {
            release: Release { name: "floe".into(), namespace: "floe".into(), is_upgrade: false, revision: 1 },
            capabilities: Capabilities::new(KubeVersion::default(), Vec::new()),
            mode: Mode::default(),
            subchart_notes: false,
        };
        match render(&chart, values, &options, &Os) {
            Ok(_) => Ok(()),
            Err(error) => Err(refused(error.to_string())),
        }
    }
}
