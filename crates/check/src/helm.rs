//! Helm's own lint: its rules in its order, in its words.

use rhumb_chart::log::{Level, Line};
use rhumb_render::{KubeVersion, RenderError, RenderOptions};
use rhumb_value::Map;
use rhumb_world::World;

use crate::message::Message;
use crate::registry::Messages;
use crate::rules::{crds, definition, dependencies, templates, values};

/// A chart to look at, and what it is to be rendered with.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The chart's folder: an absolute path without a slash at its end.
    pub folder: &'a str,
    /// The values that the user gives.
    pub values: &'a Map,
    /// The namespace.
    pub namespace: &'a str,
    /// The version of Kubernetes.
    pub kube_version: KubeVersion,
    /// Whether the schemas of the charts count for nothing.
    pub skip_schema: bool,
}

/// What came out.
#[derive(Debug, Default)]
pub struct Report {
    /// For the user.
    pub messages: Vec<Message>,
    /// For the log.
    pub log: Vec<Line>,
    /// Why templates gave nothing that could be looked at, for those who want to see more than the message on it.
    pub broken: Option<Broken>,
}

/// What kept templates from being rendered, or from being YAML then.
#[derive(Debug)]
pub struct Broken {
    /// What went wrong.
    pub fault: Fault,
    /// What the chart was rendered with.
    pub options: RenderOptions,
}

/// A fault that concerns more than one line of one file.
#[derive(Debug)]
pub enum Fault {
    /// A schema refuses the values: its whole message.
    Schema(String),
    /// A template failed.
    Render(RenderError),
    /// What one of the templates wrote is no YAML.
    Yaml,
}

/// Runs all rules over a chart.
pub fn lint(request: &Request<'_>, world: &dyn World) -> Report {
    let mut run = Run { request, world, messages: Messages::default(), log: Vec::new(), broken: None };
    definition::check(&mut run);
    values::check(&mut run);
    templates::check(&mut run);
    dependencies::check(&mut run);
    crds::check(&mut run);
    Report { messages: run.messages.0, log: run.log, broken: run.broken }
}

/// One run over one chart.
pub(crate) struct Run<'a> {
    pub(crate) request: &'a Request<'a>,
    pub(crate) world: &'a dyn World,
    pub(crate) messages: Messages,
    pub(crate) log: Vec<Line>,
    pub(crate) broken: Option<Broken>,
}

impl Run<'_> {
    /// The path of a file of the chart.
    pub(crate) fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.request.folder)
    }

    /// A copy of the user's values, which merging may change.
    pub(crate) fn user_values(&self) -> Map {
        rhumb_value::Value::Map(self.request.values.clone()).deep_copy().as_map().cloned().unwrap_or_default()
    }

    /// The chart. Each group of rules loads it anew, and says again what loading has to say, as the reference does.
    pub(crate) fn load(&mut self) -> Result<rhumb_chart::Chart, String> {
        let mut lines = Vec::new();
        let folder = self.request.folder;
        let chart = rhumb_chart::load::load_by(self.world, folder, rhumb_chart::load::Door::Plain, &mut lines);
        self.log.extend(lines);
        chart
    }

    /// What checking values against a schema logs. A warning that was given before is left out.
    pub(crate) fn log_schema(&mut self, lines: Vec<Line>) {
        for line in lines {
            if line.level != Level::Warn || !self.log.contains(&line) {
                self.log.push(line);
            }
        }
    }
}

#[cfg(test)]
mod tests;
