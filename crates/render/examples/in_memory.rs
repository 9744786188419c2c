//! A chart rendered without a disk: files, clock and chance come from a world in memory, the way an editor or a browser would use
//! rhumb. `cargo run -p rhumb-render --example in_memory`.

use std::error::Error;
use std::io::Write as _;

use rhumb_chart::values::coalesce::{self, Notes};
use rhumb_chart::values::layers::{self, Flags};
use rhumb_chart::{dependency, load};
use rhumb_render::print::{Parts, print};
use rhumb_render::{Capabilities, KubeVersion, Mode, Release, RenderOptions, render};
use rhumb_world::{Memory, World};

const TEMPLATE: &str = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  text: {{ .Values.greeting }}, {{ .Values.who | upper }}
  made: {{ now | date \"2006-01-02\" | quote }}
";

/// A world that holds one chart, and whose clock stands still.
fn world() -> Memory {
    Memory::new()
        .file("/chart/Chart.yaml", "apiVersion: v2\nname: tiny\nversion: 0.1.0\n")
        .file("/chart/values.yaml", "greeting: hello\nwho: world\n")
        .file("/chart/templates/greeting.yaml", TEMPLATE)
        .at(1_234_567_890)
}

/// Renders the chart in the folder `/chart` of a world, with one `--set` argument.
fn manifests(world: &dyn World, set: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut chart = load::load(world, "/chart", &mut Vec::new())?;

    let flags = Flags { set: vec![set.to_owned()], ..Flags::default() };
    let values = layers::merge(&flags, &|path| world.read(path).map_err(|e| e.to_string()))?;
    dependency::process(&mut chart, &values, &mut coalesce::Notes::default())?;
    let values = coalesce::coalesce(&chart, values, &mut Notes::default())?;

    let options = RenderOptions {
        release: Release { name: "demo".into(), namespace: "default".into(), is_upgrade: false, revision: 1 },
        capabilities: Capabilities::new(KubeVersion::default(), Vec::new()),
        mode: Mode::default(),
        subchart_notes: false,
    };
    let plan = render(&chart, values, &options, world)?;
    Ok(print(&plan, Parts { crds: false, hooks: true, tests: true }))
}

fn main() -> Result<(), Box<dyn Error>> {
    std::io::stdout().write_all(&manifests(&world(), "who=memory")?)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renders_from_memory() {
        let text = String::from_utf8(manifests(&world(), "who=memory").unwrap()).unwrap();
        assert!(text.contains("\n  text: hello, MEMORY\n  made: \"2009-02-13\"\n"), "{text}");
    }
}
