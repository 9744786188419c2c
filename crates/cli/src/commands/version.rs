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
        fill(template)?
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

/// Fills in a template of plain `{{ .Field }}` actions. Other actions need the template engine and are refused by name.
fn fill(template: &str) -> Result<String, Failure> {
    let mut out = String::new();
    let mut rest = template;
    while let Some(start) = rest.find("{{") {
        out.push_str(&rest[..start]);
        let inside = &rest[start + 2..];
        let Some(end) = inside.find("}}") else {
            return Err(Failure::new("template: _:1: unclosed action"));
        };
        let action = inside[..end].trim();
        match action.strip_prefix('.').and_then(|name| FIELDS.iter().find(|(n, _)| *n == name)) {
            Some((_, value)) => out.push_str(value),
            None => return Err(unknown_field(action, template.len() - rest.len() + start + 2)),
        }
        rest = &inside[end + 2..];
    }
    out.push_str(rest);
    Ok(out)
}

fn unknown_field(action: &str, column: usize) -> Failure {
    let name = action.strip_prefix('.').unwrap_or_default();
    if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return Failure::new(format!("--template takes plain fields for now, not {{{{{action}}}}}"));
    }
    Failure::new(format!(
        "template: _:1:{column}: executing \"_\" at <{action}>: can't evaluate field {name} in type version.BuildInfo"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Observed from Helm 4.3.1.
    #[test]
    fn templates() {
        let text = |t: &str| fill(t).unwrap_or_else(|f| f.message);
        assert_eq!(text("{{.Version}} {{ .GoVersion }}!"), "v4.3.1 go1.27.2!");
        assert_eq!(text("{{"), "template: _:1: unclosed action");
        assert_eq!(
            text("{{.Nope}}"),
            "template: _:1:2: executing \"_\" at <.Nope>: can't evaluate field Nope in type version.BuildInfo"
        );
    }
}
