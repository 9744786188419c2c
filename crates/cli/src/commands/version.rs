//! `version`: as Helm 4.3.1 says it under the name `helm`; our own beside it otherwise.

use crate::exit::{Failure, Outcome};
use crate::persona::Persona;
use crate::run::Call;

/// The fields of Helm's build information, in its order.
const FIELDS: [(&str, &str); 5] = [
    ("Version", "v4.3.1"),
    ("GitCommit", "c0d08d0d6d9424d4a14febb5e8a3e51b0dd00dff"),
    ("GitTreeState", "clean"),
    ("GoVersion", "go1.27.2"),
    ("KubeClientVersion", "v1.37"),
];

/// Our own version.
const OWN: &str = concat!("v", env!("CARGO_PKG_VERSION"));

/// Prints the version; a template wins over `--short`.
pub(crate) fn run(call: &mut Call<'_>) -> Outcome {
    let template = call.parsed.last("template").unwrap_or_default();
    let text = if !template.is_empty() {
        rhumb_render::plain::version(template, call.world).map_err(Failure::new)?
    } else {
        match (call.persona, call.parsed.is("short")) {
            (Persona::Helm, true) => format!("{}+g{}\n", FIELDS[0].1, &FIELDS[1].1[..7]),
            (Persona::Helm, false) => full(),
            (Persona::Rhumb, true) => format!("{OWN}\n"),
            (Persona::Rhumb, false) => format!("rhumb {OWN}, answers as Helm {}\n", FIELDS[0].1),
        }
    };
    call.ui.out(text);
    Ok(())
}

fn full() -> String {
    let fields: Vec<String> = FIELDS.iter().map(|(name, value)| format!("{name}:\"{value}\"")).collect();
    format!("version.BuildInfo{{{}}}\n", fields.join(", "))
}
