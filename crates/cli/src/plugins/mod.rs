//! Installed plugins: folders below `$HELM_PLUGINS` that hold a `plugin.yaml`.
//!
//! Every command looks them over when it begins, because a plugin may be a command; `template` and `lint` do it once
//! more, because one may fetch values; `--post-renderer` does it where the flag is read. Each time a broken one is told.

mod manifest;
mod subprocess;

use rhumb_world::World;

use crate::log::{self, Level};
use crate::paths::{Home, join};

pub(crate) use manifest::{Kind, Plugin};

/// No `plugin.yaml` is longer; Helm has no limit.
const MOST: u64 = 1 << 20;

/// What lies in the plugin folders.
#[derive(Debug, Default)]
pub(crate) struct Installed {
    plugins: Vec<Plugin>,
    /// Log lines about those that could not be read.
    pub(crate) warnings: String,
    /// Why the look came to an end, if it did before the last.
    pub(crate) failure: Option<String>,
}

impl Installed {
    /// Looks through all plugin folders.
    pub(crate) fn look(world: &dyn World) -> Installed {
        let set = world.var("HELM_PLUGINS").filter(|v| !v.is_empty());
        let folders = set.unwrap_or_else(|| join(&Home::Data.folder(world), "plugins"));
        let mut found = Installed::default();
        for folder in folders.split(':').filter(|f| !f.is_empty()) {
            if let Err(failure) = found.add_folder(world, folder) {
                found.failure = Some(failure);
                break;
            }
        }
        found
    }

    /// The first plugin of this kind and name. The error is what Helm says of the flag.
    pub(crate) fn take(self, kind: Kind, name: &str) -> Result<Plugin, String> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let found = self.plugins.into_iter().find(|p| p.kind == kind && p.name == name);
        found.ok_or_else(|| format!("plugin: {{Name:{name} Type:{}}} not found", kind.name()))
    }

    fn add_folder(&mut self, world: &dyn World, folder: &str) -> Result<(), String> {
        let Ok(entries) = world.read_dir(folder) else { return Ok(()) };
        let first = self.plugins.len();
        for entry in entries {
            let dir = join(folder, &entry.name);
            let file = join(&dir, "plugin.yaml");
            if world.lstat(&file).is_err() {
                continue;
            }
            match read(world, &dir, &file) {
                Ok(plugin) => self.plugins.push(plugin),
                Err(error) => {
                    let fields = [("plugin_yaml", file.as_str()), ("error", &error)];
                    self.warnings.push_str(&log::line(Level::Warn, "failed to load plugin (ignoring)", &fields));
                }
            }
        }
        let new = &self.plugins[first..];
        for (n, plugin) in new.iter().enumerate() {
            if let Some(twin) = new[..n].iter().find(|p| p.name == plugin.name) {
                let (name, one, other) = (&plugin.name, &twin.dir, &plugin.dir);
                return Err(format!("two plugins claim the name \"{name}\" at \"{one}\" and \"{other}\""));
            }
        }
        Ok(())
    }
}

fn read(world: &dyn World, dir: &str, file: &str) -> Result<Plugin, String> {
    let text = world.read_at_most(file, MOST).map_err(|e| format!("failed to read plugin at \"{file}\": {e}"))?;
    let plugin = manifest::read(&text, dir).map_err(|e| format!("failed to load plugin \"{dir}\": {e}"))?;
    if plugin.is_wasm() && world.stat(&join(dir, "plugin.wasm")).is_err() {
        return Err(format!("wasm binary missing for extism/v1 plugin: \"{dir}/plugin.wasm\""));
    }
    Ok(plugin)
}

/// What a command says of the plugins when it begins.
pub(crate) fn greeting(world: &dyn World) -> String {
    if world.var("HELM_NO_PLUGINS").as_deref() == Some("1") {
        return String::new();
    }
    let found = Installed::look(world);
    let failure = found.failure.map(|e| log::line(Level::Error, "failed to load plugins", &[("error", &e)]));
    found.warnings + &failure.unwrap_or_default()
}
