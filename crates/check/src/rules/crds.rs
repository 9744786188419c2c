//! Rules over `crds/`. Texts and order as observed with `helm lint` of Helm 4.3.1.

use rhumb_chart::{Chart, File};
use rhumb_world::FileKind;

use crate::helm::Run;
use crate::message::Severity;
use crate::registry::Rule;
use crate::stream::Head;

/// What messages about the folder as a whole are about.
const FOLDER: &str = "crds/";

const RULES: &[Rule<Head>] = &[
    Rule { name: "crd-api-version", severity: Severity::Error, check: api_version },
    Rule { name: "crd-kind", severity: Severity::Error, check: kind },
];

/// Looks at the CRDs of the chart and, where the chart has a folder for them at all, of the charts below it.
pub(crate) fn check(run: &mut Run<'_>) {
    match run.world.stat(&run.path("crds")) {
        Err(_) => return,
        Ok(found) if found.kind != FileKind::Dir => {
            return run.messages.say(Severity::Error, FOLDER, "not a directory");
        }
        Ok(_) => {}
    }
    match run.load() {
        Err(text) => run.messages.say(Severity::Error, FOLDER, text),
        Ok(chart) => {
            let mut files = Vec::new();
            collect(&chart, &mut files);
            for file in files {
                if !look(run, file) {
                    return;
                }
            }
        }
    }
}

fn collect<'a>(chart: &'a Chart, files: &mut Vec<&'a File>) {
    files.extend(chart.crd_files());
    for below in &chart.dependencies {
        collect(below, files);
    }
}

/// Looks at one file; `false` where it is so broken that those after it are not looked at any more.
fn look(run: &mut Run<'_>, file: &File) -> bool {
    for document in crate::stream::documents(&file.data) {
        match document {
            Err(error) => {
                run.messages.say(Severity::Error, &file.name, format!("unable to parse YAML: {error}"));
                return false;
            }
            Ok(None) => {}
            Ok(Some(head)) => run.messages.apply(RULES, &head, &file.name),
        }
    }
    true
}

fn api_version(head: &Head) -> Option<String> {
    (!head.api_version.starts_with("apiextensions.k8s.io"))
        .then(|| "apiVersion is not in 'apiextensions.k8s.io'".to_owned())
}

fn kind(head: &Head) -> Option<String> {
    (head.kind != "CustomResourceDefinition").then(|| "object kind is not 'CustomResourceDefinition'".to_owned())
}
