//! A new chart in a folder: our own starter, or one of the user's with `<CHARTNAME>` filled in.
//!
//! Checks, messages, file names and their order are those of Helm 4.3.1's `create`; the starter's content is ours.

use std::fmt::Write as _;

use rhumb_gostd::path;
use rhumb_world::{FileKind, World};

use crate::load::{Door, load_by};
use crate::log::Line;
use crate::model::{Chart, File};

/// Longest name of a chart.
const MAX_NAME: usize = 250;

/// What stands for the new chart's name in a starter.
const PLACEHOLDER: &str = "<CHARTNAME>";

/// Our starter's files, in the order that Helm writes its own; the schema, which Helm's has not, comes last.
const OWN: [(&str, &str); 13] = [
    ("Chart.yaml", include_str!("../starter/Chart.yaml")),
    ("values.yaml", include_str!("../starter/values.yaml")),
    (".helmignore", include_str!("../starter/.helmignore")),
    ("templates/ingress.yaml", include_str!("../starter/templates/ingress.yaml")),
    ("templates/httproute.yaml", include_str!("../starter/templates/httproute.yaml")),
    ("templates/deployment.yaml", include_str!("../starter/templates/deployment.yaml")),
    ("templates/service.yaml", include_str!("../starter/templates/service.yaml")),
    ("templates/serviceaccount.yaml", include_str!("../starter/templates/serviceaccount.yaml")),
    ("templates/hpa.yaml", include_str!("../starter/templates/hpa.yaml")),
    ("templates/NOTES.txt", include_str!("../starter/templates/NOTES.txt")),
    ("templates/_helpers.tpl", include_str!("../starter/templates/_helpers.tpl")),
    ("templates/tests/test-connection.yaml", include_str!("../starter/templates/tests/test-connection.yaml")),
    ("values.schema.json", include_str!("../starter/values.schema.json")),
];

/// Where the new chart's files come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Starter {
    /// The starter that comes with rhumb.
    Own,
    /// A chart in this folder.
    Folder(String),
}

/// The folder above and the name of a chart's path, as Go's `filepath.Dir` and `filepath.Base` see them.
#[must_use]
pub fn split(path: &str) -> (String, String) {
    let parent = match path.rfind('/') {
        Some(0) => "/",
        Some(at) => &path[..at],
        None => ".",
    };
    let trimmed = path.trim_end_matches('/');
    let name = match (path.is_empty(), trimmed) {
        (true, _) => ".",
        (false, "") => "/",
        (false, trimmed) => trimmed.rsplit('/').next().unwrap_or(trimmed),
    };
    // A path that ends in a slash names the folder itself, and its own folder is above the name.
    let parent = if path.ends_with('/') && !trimmed.is_empty() { trimmed } else { parent };
    (parent.to_owned(), name.to_owned())
}

/// Makes the chart `name` in the folder `parent`. Warnings about overwritten files are added to `warnings`, one line each, and
/// what loading a starter has to say to `log`. The error is Helm's text.
pub fn create(
    world: &dyn World,
    parent: &str,
    name: &str,
    starter: &Starter,
    warnings: &mut String,
    log: &mut Vec<Line>,
) -> Result<(), String> {
    match starter {
        Starter::Own => create_own(world, parent, name, warnings),
        Starter::Folder(folder) => create_from(world, parent, name, folder, log),
    }
}

fn create_own(world: &dyn World, parent: &str, name: &str, warnings: &mut String) -> Result<(), String> {
    check_name(name)?;
    let parent = path::absolute(parent, || world.current_dir()).map_err(|e| e.to_string())?;
    let found = world.stat(&parent).map_err(|e| e.to_string())?;
    if found.kind != FileKind::Dir {
        return Err(format!("no such directory {parent}"));
    }
    let folder = below(&parent, name);
    check_folder(world, &folder)?;
    for (file, text) in OWN {
        let path = below(&folder, file);
        if world.exists(&path) {
            let _ = writeln!(warnings, "WARNING: File \"{path}\" already exists. Overwriting.");
        }
        put(world, &path, text.replace(PLACEHOLDER, name).as_bytes())?;
    }
    world.create_dir_all(&below(&folder, "charts")).map_err(|e| e.to_string())
}

fn create_from(world: &dyn World, parent: &str, name: &str, starter: &str, log: &mut Vec<Line>) -> Result<(), String> {
    let failed = |cause: &str| format!("could not load {starter}: {cause}");
    world.stat(starter).map_err(|e| failed(&e.to_string()))?;
    let chart = load_by(world, starter, Door::Plain, log).map_err(|e| failed(&e))?;
    check_name(name)?;
    let folder = below(parent, name);
    check_folder(world, &folder)?;
    put(world, &below(&folder, "Chart.yaml"), definition(name).as_bytes())?;
    for file in own_files(&chart) {
        let filled = file.name == "values.yaml" || file.name.starts_with("templates/");
        let bytes = if filled { &fill(&file.data, name) } else { &*file.data };
        put(world, &below(&folder, &file.name), bytes)?;
    }
    chart.dependencies.iter().try_for_each(|c| put_subchart(world, &below(&folder, "charts"), c))
}

/// What a new chart takes over: all but the definition and what says which dependencies were resolved.
fn own_files(chart: &Chart) -> impl Iterator<Item = &File> {
    let is_own = |f: &&File| match f.name.as_str() {
        "Chart.yaml" | "Chart.lock" => false,
        "requirements.yaml" | "requirements.lock" => chart.files.iter().any(|other| other.name == f.name),
        _ => true,
    };
    chart.raw.iter().filter(is_own)
}

/// A chart of the starter's `charts/`, as a folder; the reference packs it.
fn put_subchart(world: &dyn World, parent: &str, chart: &Chart) -> Result<(), String> {
    let folder = below(parent, chart.name());
    for file in &chart.raw {
        put(world, &below(&folder, &file.name), &file.data)?;
    }
    chart.dependencies.iter().try_for_each(|c| put_subchart(world, &below(&folder, "charts"), c))
}

/// The definition that Helm gives every chart made from a starter, whatever the starter's own says.
fn definition(name: &str) -> String {
    format!(
        "apiVersion: v2\nappVersion: 0.1.0\ndescription: A Helm chart for Kubernetes\nname: {name}\n\
         type: application\nversion: 0.1.0\n"
    )
}

fn check_name(name: &str) -> Result<(), String> {
    if name.is_empty() || name.len() > MAX_NAME {
        return Err(format!("chart name must be between 1 and {MAX_NAME} characters"));
    }
    if !name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-')) {
        return Err("chart name must match the regular expression \"^[a-zA-Z0-9._-]+$\"".to_owned());
    }
    Ok(())
}

fn check_folder(world: &dyn World, folder: &str) -> Result<(), String> {
    match world.stat(folder) {
        Ok(found) if found.kind != FileKind::Dir => Err(format!("file {folder} already exists and is not a directory")),
        _ => Ok(()),
    }
}

/// The bytes with the placeholder filled in; they need not be UTF-8.
fn fill(bytes: &[u8], name: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.windows(PLACEHOLDER.len()).position(|w| w == PLACEHOLDER.as_bytes()) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(name.as_bytes());
        rest = &rest[at + PLACEHOLDER.len()..];
    }
    out.extend_from_slice(rest);
    out
}

fn put(world: &dyn World, path: &str, bytes: &[u8]) -> Result<(), String> {
    let parent = path.rfind('/').map_or(".", |at| &path[..at]);
    world.create_dir_all(parent).map_err(|e| e.to_string())?;
    world.write(path, bytes, 0o644).map_err(|e| e.to_string())
}

fn below(folder: &str, name: &str) -> String {
    match (folder, name) {
        (folder, "" | ".") => folder.to_owned(),
        ("." | "", name) => name.to_owned(),
        (folder, name) => format!("{}/{name}", folder.trim_end_matches('/')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rhumb_world::Memory;

    fn make(world: &Memory, path: &str, starter: &Starter) -> (Result<(), String>, String) {
        let (parent, name) = split(path);
        let mut warnings = String::new();
        let done = create(world, &parent, &name, starter, &mut warnings, &mut Vec::new());
        (done, warnings)
    }

    // Observed from Helm 4.3.1.
    #[test]
    fn refusals() {
        let world = Memory::new().file("f", "");
        let long = "a".repeat(251);
        let cases = [
            ("a/b c", "chart name must match the regular expression \"^[a-zA-Z0-9._-]+$\""),
            ("!", "chart name must match the regular expression \"^[a-zA-Z0-9._-]+$\""),
            (&*long, "chart name must be between 1 and 250 characters"),
            ("x/y/z", "stat /work/x/y: no such file or directory"),
            ("f", "file /work/f already exists and is not a directory"),
            ("f/g", "no such directory /work/f"),
        ];
        for (path, want) in cases {
            assert_eq!(make(&world, path, &Starter::Own).0, Err(want.to_owned()), "{path}");
        }
        let missing = Starter::Folder("/nope".to_owned());
        assert_eq!(
            make(&world, "b", &missing).0,
            Err("could not load /nope: stat /nope: no such file or directory".to_owned())
        );
    }

    // File names and the order of the warnings observed from Helm 4.3.1; the schema is ours.
    #[test]
    fn the_second_time_warns_in_order() {
        let world = Memory::new();
        assert_eq!(make(&world, "a", &Starter::Own), (Ok(()), String::new()));
        let (done, warnings) = make(&world, "a", &Starter::Own);
        assert_eq!(done, Ok(()));
        let names: Vec<_> = warnings
            .lines()
            .map(|l| {
                l.trim_start_matches("WARNING: File \"/work/a/").trim_end_matches("\" already exists. Overwriting.")
            })
            .collect();
        assert_eq!(names, OWN.map(|(name, _)| name));
        assert!(world.is_dir("/work/a/charts"));
    }

    #[test]
    fn nothing_of_the_placeholder_is_left() {
        let world = Memory::new();
        make(&world, "My_App.x", &Starter::Own).0.expect("the chart can be made");
        for (path, bytes) in world.files() {
            let text = String::from_utf8(bytes).expect("starter files are UTF-8");
            assert!(!text.contains("CHARTNAME"), "{path}");
        }
    }

    // Observed from Helm 4.3.1.
    #[test]
    fn a_starter_is_filled_in() {
        let world = Memory::new()
            .file("/st/Chart.yaml", "name: x\nversion: 1\napiVersion: v2\n")
            .file("/st/templates/a.yaml", "<CHARTNAME> hi\n")
            .file("/st/values.yaml", "k: <CHARTNAME>\n")
            .file("/st/README.md", "<CHARTNAME>\n")
            .file("/st/.helmignore", "*.log\n")
            .file("/st/a.log", "")
            .file("/st/Chart.lock", "digest: x\n")
            .file("/st/charts/k/Chart.yaml", "name: k\nversion: 1.0.0\n");
        make(&world, "b", &Starter::Folder("/st".to_owned())).0.expect("the chart can be made");
        let files = world.files();
        let text = |p: &str| String::from_utf8_lossy(&files[p]).into_owned();
        assert_eq!(
            text("/work/b/Chart.yaml"),
            "apiVersion: v2\nappVersion: 0.1.0\ndescription: A Helm chart for Kubernetes\nname: b\ntype: application\n\
             version: 0.1.0\n"
        );
        assert_eq!(text("/work/b/templates/a.yaml"), "b hi\n");
        assert_eq!(text("/work/b/values.yaml"), "k: b\n");
        assert_eq!(text("/work/b/README.md"), "<CHARTNAME>\n");
        assert_eq!(text("/work/b/charts/k/Chart.yaml"), "name: k\nversion: 1.0.0\n");
        assert!(["a.log", "Chart.lock"].iter().all(|f| !files.contains_key(&format!("/work/b/{f}"))));
    }

    #[test]
    fn paths_split_as_in_go() {
        let cases =
            [("a", ".", "a"), ("", ".", "."), ("a/b", "a", "b"), ("/a", "/", "a"), ("a/", "a", "a"), ("/", "/", "/")];
        for (path, parent, name) in cases {
            assert_eq!(split(path), (parent.to_owned(), name.to_owned()), "{path}");
        }
    }
}
