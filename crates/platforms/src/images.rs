//! Images for the floe platform's pods, under the names that the charts give them, on a machine that reaches no image registry.
//!
//! Real are PostgreSQL (Debian's, with an entry point of ours that takes the same variables), Dagster and dbt (from PyPI), Python and curl
//! (Debian's) and the collector (built from its modules, with fewer components than its image has). Polaris and its admin tool are
//! stood in for: what pods show of them is shown of the stand-in `lab/images/polaris.py`.

use std::collections::BTreeSet;
use std::path::Path;

use rhumb_testkit::image::{Image, Layer, LayerWriter, archive};
use rhumb_testkit::lab::{self, Part};
use serde_json::Value;

use crate::Objects;

/// The parts of the lab that they are made of.
pub const PARTS: &[Part] = &[lab::IMAGES, lab::COLLECTOR];

/// A code location of Dagster with two assets, in `/opt/floe/floe_demo.py`.
pub const DEMO: &str = "docker.io/rhumb/floe-demo";

/// dbt with its adapter for DuckDB.
pub const DBT: &str = "docker.io/rhumb/dbt-duckdb";

/// Where programs are, PostgreSQL's before Debian's wrappers.
const PATH: &str = "PATH=/usr/lib/postgresql/17/bin:/usr/local/bin:/usr/bin:/bin";

/// Writes an archive, for the node, of every image that these objects name, and of those named besides.
///
/// # Errors
/// An image that nobody here can make, a missing part of the lab, or a file that cannot be written.
pub fn write(objects: &[&Objects], besides: &[&str], to: &Path) -> Result<(), String> {
    let mut names: BTreeSet<String> = besides.iter().map(|name| (*name).to_owned()).collect();
    for object in objects.iter().flat_map(|objects| objects.iter()) {
        named(object, &mut names);
    }
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let kitchen = Kitchen { folder: folder.path() };
    let images: Vec<Image> = names.iter().map(|name| kitchen.image(name)).collect::<Result<_, _>>()?;
    let file = std::fs::File::create(to).map_err(|e| format!("{}: {e}", to.display()))?;
    archive(&images, file).map_err(|e| format!("{}: {e}", to.display()))
}

/// Adds every image of containers anywhere in an object.
fn named(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match (key.as_str(), value) {
                    ("image", Value::String(name)) => drop(names.insert(name.clone())),
                    _ => named(value, names),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|value| named(value, names)),
        _ => {}
    }
}

/// The whole name of an image: what names no registry is Docker Hub's.
fn whole(name: &str) -> String {
    let first = name.split('/').next().unwrap_or_default();
    if first.contains(['.', ':']) || first == "localhost" { name.to_owned() } else { format!("docker.io/{name}") }
}

/// Where images are made: large layers come from the lab, small ones go to a folder.
struct Kitchen<'a> {
    folder: &'a Path,
}

impl Kitchen<'_> {
    /// The image of a name, which decides what is in it.
    fn image(&self, name: &str) -> Result<Image, String> {
        let name = whole(name);
        let (repository, _) = name.rsplit_once(':').ok_or_else(|| format!("{name} has no tag"))?;
        let made = match repository {
            "docker.io/library/postgres" => self.postgres(),
            "docker.io/library/python" | "docker.io/curlimages/curl" => self.on_base(&[], &[]),
            "docker.io/dagster/dagster-k8s" => self.on_base(&["dagster"], &[]),
            DEMO => self.on_base(&["dagster"], &[("opt/floe/floe_demo.py", "floe_demo.py", 0o644)]),
            DBT => self.on_base(&["dbt"], &[]),
            "docker.io/apache/polaris" => self.polaris("serve"),
            "docker.io/apache/polaris-admin-tool" => self.polaris(""),
            _ if repository.ends_with("/opentelemetry-collector-contrib") => self.collector(),
            _ => return Err(format!("nobody here knows how to make the image {name}")),
        };
        Ok(Image { names: vec![name], ..made? })
    }

    fn postgres(&self) -> Result<Image, String> {
        let entry = "usr/local/bin/docker-entrypoint.sh";
        let image = self.on_base(&[], &[(entry, "postgres.sh", 0o755)])?;
        let env = [PATH, "LANG=C.UTF-8", "PGDATA=/var/lib/postgresql/data"].map(str::to_owned).into();
        let (entrypoint, command) = (vec![format!("/{entry}")], vec!["postgres".to_owned()]);
        // It waits for no client to leave, as in its own image.
        Ok(Image { entrypoint, command, env, stop: "SIGINT".to_owned(), ..image })
    }

    /// The stand-in, as the server or, without a verb of its own, as the admin tool.
    fn polaris(&self, verb: &str) -> Result<Image, String> {
        let image = self.on_base(&[], &[("opt/polaris/polaris.py", "polaris.py", 0o644)])?;
        let entrypoint = ["/usr/bin/python3", "/opt/polaris/polaris.py", verb].map(str::to_owned);
        let entrypoint = entrypoint.into_iter().filter(|word| !word.is_empty()).collect();
        Ok(Image { entrypoint, command: Vec::new(), user: "10000:10001".to_owned(), ..image })
    }

    /// The collector, on top of Debian since this one takes its C library.
    fn collector(&self) -> Result<Image, String> {
        let program = lab::COLLECTOR.need()?.join("otelcol");
        let program = std::fs::read(&program).map_err(|e| format!("{}: {e}", program.display()))?;
        let layer = self.layer("otelcol", |layer| layer.file("otelcol-contrib", 0o755, &program))?;
        let mut image = self.on_base(&[], &[])?;
        image.layers.push(layer);
        Ok(Image {
            entrypoint: vec!["/otelcol-contrib".to_owned()],
            command: vec!["--config".to_owned(), "/etc/otelcol-contrib/config.yaml".to_owned()],
            user: "10001:10001".to_owned(),
            ..image
        })
    }

    /// Debian, layers of the lab, and files of ours: where they go, what they are called here, mode.
    fn on_base(&self, layers: &[&str], files: &[(&str, &str, u32)]) -> Result<Image, String> {
        let lab = lab::IMAGES.need()?;
        let kept = |name: &str| {
            let path = lab.join(format!("{name}.tar"));
            Layer::kept(&path).map_err(|e| format!("{}: {e}", path.display()))
        };
        let mut stack = vec![kept("base")?];
        for name in layers {
            stack.push(kept(name)?);
        }
        for (place, name, mode) in files {
            let ours = crate::root().join("crates/platforms/lab/images").join(name);
            let content = std::fs::read(&ours).map_err(|e| format!("{}: {e}", ours.display()))?;
            stack.push(self.layer(name, |layer| layer.file(place, *mode, &content))?);
        }
        let env = vec![PATH.to_owned(), "LANG=C.UTF-8".to_owned()];
        Ok(Image { layers: stack, env, command: vec!["/bin/sh".to_owned()], ..Image::default() })
    }

    fn layer(&self, name: &str, fill: impl FnOnce(&mut LayerWriter) -> std::io::Result<()>) -> Result<Layer, String> {
        let make = || {
            let mut layer = LayerWriter::create(&self.folder.join(name))?;
            fill(&mut layer)?;
            layer.finish()
        };
        make().map_err(|e| format!("{name}: {e}"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_found_wherever_containers_stand() {
        let object = json!({"spec": {"image": "a:1", "items": [{"image": "b:1"}, {"image": {"repository": "c"}}], "other": "d:1"}});
        let mut names = BTreeSet::new();
        named(&object, &mut names);
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["a:1", "b:1"]);
    }

    #[test]
    fn what_names_no_registry_is_docker_hubs() {
        for (name, want) in [
            ("apache/polaris:1", "docker.io/apache/polaris:1"),
            ("localhost/x:1", "localhost/x:1"),
            ("r:5000/x:1", "r:5000/x:1"),
            ("ghcr.io/a/b:1", "ghcr.io/a/b:1"),
        ] {
            assert_eq!(whole(name), want);
        }
    }

    #[test]
    fn an_image_that_nobody_makes_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let why = Kitchen { folder: folder.path() }.image("example.net/a:1").expect_err("nobody makes it");
        assert_eq!(why, "nobody here knows how to make the image example.net/a:1");
    }
}
