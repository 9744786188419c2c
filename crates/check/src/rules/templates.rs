//! Rules over `templates/`: that they render, and what they render to. Texts and order as observed with Helm 4.3.1.

use std::rc::Rc;

use rhumb_chart::values::coalesce::{self, Notes};
use rhumb_chart::values::schema;
use rhumb_chart::{Chart, dependency};
use rhumb_gostd::strconv::quote_string;
use rhumb_render::engine::{self, Mode};
use rhumb_render::manifest::Rendered;
use rhumb_render::{Capabilities, Release, RenderError, RenderOptions, context};
use rhumb_value::Map;
use rhumb_world::FileKind;

use crate::helm::{Broken, Fault, Run};
use crate::message::Severity;
use crate::registry::Rule;
use crate::rules::manifest::{self, Seen};

/// What messages about the folder as a whole are about.
const FOLDER: &str = "templates/";

/// The longest line that the reference reads when it looks for the first one.
const MAX_LINE: usize = 65_536;

/// Rules over the path of a template, as seen from the chart's folder.
const PATH_RULES: &[Rule<str>] = &[Rule { name: "template-ending", severity: Severity::Error, check: ending }];

/// Rules over the whole text that a template rendered to.
const TEXT_RULES: &[Rule<[u8]>] = &[Rule { name: "first-indent", severity: Severity::Warning, check: first_indent }];

/// Looks at the folder, renders the chart, and looks at what came out.
pub(crate) fn check(run: &mut Run<'_>) {
    match run.world.stat(&run.path("templates")) {
        Err(_) => return run.messages.say(Severity::Warning, FOLDER, "directory does not exist"),
        Ok(found) if found.kind != FileKind::Dir => {
            return run.messages.say(Severity::Error, FOLDER, "not a directory");
        }
        Ok(_) => {}
    }
    match render(run) {
        Ok(Some((chart, files))) => {
            for template in &chart.templates {
                let rendered = files.iter().find(|f| f.path.strip_prefix(chart.name()) == Some(&below(&template.name)));
                if !template_file(run, &template.name, rendered.map_or(b"", |f| &*f.text)) {
                    return;
                }
            }
        }
        Ok(None) => {}
        Err(text) => run.messages.say(Severity::Error, FOLDER, text),
    }
}

fn below(name: &str) -> String {
    format!("/{name}")
}

/// The chart and its rendered files; nothing where the values do not go together, on which the reference is silent here.
fn render(run: &mut Run<'_>) -> Result<Option<(Chart, Vec<Rendered>)>, String> {
    let mut chart = run.load()?;
    let user = run.user_values();
    let Ok(()) = process(run, &mut chart, &user) else { return Ok(None) };
    // Merged twice, as the reference does: a default that a null took away comes back.
    let Ok(merged) = merge(run, &chart, user) else { return Ok(None) };
    let merged = merge(run, &chart, merged)?;
    let options = options(run);
    if !run.request.skip_schema {
        run.log_schema(schema::log(&chart, &merged, true));
        if let Err(message) = schema::validate(&chart, &merged) {
            run.broken = Some(Broken { fault: Fault::Schema(message.clone()), options });
            return Err(message);
        }
    }
    let templates = context::templates(&chart, merged, &options.release, &options.capabilities);
    match engine::run_saying(templates, options.mode, run.world, &mut run.log) {
        Ok(files) => Ok(Some((chart, files))),
        Err(error) => {
            let message = error.to_string();
            run.broken = Some(Broken { fault: Fault::Render(RenderError::Template(error)), options });
            Err(message)
        }
    }
}

/// What a chart is rendered with to be looked at.
fn options(run: &Run<'_>) -> RenderOptions {
    RenderOptions {
        release: Release {
            name: "test-release".to_owned(),
            namespace: run.request.namespace.to_owned(),
            is_upgrade: false,
            revision: 0,
        },
        capabilities: Capabilities::new(run.request.kube_version.clone(), Vec::new()),
        mode: Mode { lint: true, ..Mode::default() },
        subchart_notes: false,
    }
}

fn process(run: &mut Run<'_>, chart: &mut Chart, user: &Map) -> Result<(), String> {
    let mut notes = Notes::default();
    let done = dependency::process(chart, user, &mut notes);
    run.log.extend(notes.lines);
    done?;
    Ok(())
}

fn merge(run: &mut Run<'_>, chart: &Chart, values: Map) -> Result<Map, String> {
    let mut notes = Notes::default();
    let merged = coalesce::coalesce(chart, values, &mut notes);
    run.log.extend(notes.lines);
    merged
}

/// Looks at one template; `false` where it is so broken that those after it are not looked at any more.
fn template_file(run: &mut Run<'_>, path: &str, text: &[u8]) -> bool {
    run.messages.apply(PATH_RULES, path, path);
    if !matches!(extension(path).to_ascii_lowercase().as_str(), ".yaml" | ".yml") || is_blank(text) {
        return true;
    }
    run.messages.apply(TEXT_RULES, text, path);
    let kube_version = Rc::new(run.request.kube_version.clone());
    let file: Rc<[u8]> = text.into();
    for document in crate::stream::documents(text) {
        match document {
            Err(error) => {
                run.messages.say(Severity::Error, path, format!("unable to parse YAML: {error}"));
                run.broken = Some(Broken { fault: Fault::Yaml, options: options(run) });
                return false;
            }
            Ok(None) => {}
            Ok(Some(head)) => {
                let seen = Seen { head, file: file.clone(), kube_version: kube_version.clone() };
                run.messages.apply(manifest::RULES, &seen, path);
            }
        }
    }
    true
}

/// White space as Unicode knows it.
fn is_blank(text: &[u8]) -> bool {
    String::from_utf8_lossy(text).chars().all(rhumb_gostd::unicode::is_space)
}

/// The last dot of the last part of the path, and what follows.
fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rfind('.').map_or("", |at| &name[at..])
}

/// Whatever lies among the templates must have one of four endings, partials too.
fn ending(path: &str) -> Option<String> {
    let ending = extension(path);
    (!matches!(ending, ".yaml" | ".yml" | ".tpl" | ".txt"))
        .then(|| format!("file extension '{ending}' not valid. Valid extensions are .yaml, .yml, .tpl, or .txt"))
}

/// The first line with something in it must not begin with a space or a tab.
fn first_indent(text: &[u8]) -> Option<String> {
    for line in text.split(|b| *b == b'\n') {
        if line.len() >= MAX_LINE {
            return Some("bufio.Scanner: token too long".to_owned());
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if is_blank(line) {
            continue;
        }
        return line.starts_with(b" ").then_some(()).or(line.starts_with(b"\t").then_some(())).map(|()| {
            format!("document starts with an illegal indent: {}, which may cause parsing problems", quote_string(line))
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    // Observed with `helm lint` of Helm 4.3.1.
    #[test]
    fn endings() {
        let bad = |path: &str| ending(path).map(|t| t.split('\'').nth(1).unwrap_or_default().to_owned());
        let good = ["templates/a.yaml", "templates/x.yml.txt", "templates/.yml", "templates/_x.tpl"];
        assert!(good.iter().all(|p| bad(p).is_none()));
        let cases = [
            ("templates/a.YAML", ".YAML"),
            ("templates/a.yaml.", "."),
            ("templates/sub.yaml/x", ""),
            ("templates/b.json", ".json"),
            ("templates/_helpers", ""),
            ("templates/x.yaml.gotmpl", ".gotmpl"),
        ];
        for (path, want) in cases {
            assert_eq!(bad(path).as_deref(), Some(want), "{path}");
        }
    }

    // Observed with `helm lint` of Helm 4.3.1.
    #[test]
    fn first_lines() {
        let long = format!("# {}", "x".repeat(65_533));
        let cases: &[(&str, Option<&str>)] = &[
            ("kind: A", None),
            ("# c\n  kind: A", None),
            ("\u{b} kind: A", None),
            ("\n   # c\nkind: A", Some("\"   # c\"")),
            (" \n\t\n\tkind: A", Some("\"\\tkind: A\"")),
            ("\r\n   kind: E\r\n", Some("\"   kind: E\"")),
            (" kind: E\u{1}", Some("\" kind: E\\x01\"")),
            (&long, None),
        ];
        for (text, want) in cases {
            let want =
                want.map(|l| format!("document starts with an illegal indent: {l}, which may cause parsing problems"));
            assert_eq!(first_indent(text.as_bytes()), want, "{text:.20}");
        }
        let longer = format!("{long}x\nkind: A");
        assert_eq!(first_indent(longer.as_bytes()).as_deref(), Some("bufio.Scanner: token too long"));
    }
}
