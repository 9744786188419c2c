//! Installed plugins: folders below `$HELM_PLUGINS` that hold a `plugin.yaml`.
//!
//! Helm looks them over when a command begins, because a plugin may be a command; again before values are read, because one may
//! fetch them; and where `--post-renderer` is read. Each time it tells of broken ones, and so do we, from one look.

mod manifest;
mod subprocess;

use std::cell::OnceCell;

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
    failure: Option<String>,
}

/// The plugin folders, looked through when something is first asked of them.
pub(crate) struct Plugins<'w> {
    world: &'w dyn World,
    found: OnceCell<Installed>,
}

impl<'w> Plugins<'w> {
    /// Those of this machine.
    pub(crate) fn new(world: &'w dyn World) -> Self {
        Plugins { world, found: OnceCell::new() }
    }

    /// What was found.
    pub(crate) fn look(&self) -> &Installed {
        self.found.get_or_init(|| Installed::look(self.world))
    }

    /// What a command says of the plugins when it begins.
    pub(crate) fn greeting(&self) -> String {
        if self.world.var("HELM_NO_PLUGINS").as_deref() == Some("1") {
            return String::new();
        }
        let found = self.look();
        let failure =
            found.failure.as_ref().map(|e| log::line(Level::Error, "failed to load plugins", &[("error", e)]));
        found.warnings.clone() + &failure.unwrap_or_default()
    }
}

impl Installed {
    /// Looks through all plugin folders.
    fn look(world: &dyn World) -> Installed {
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
    pub(crate) fn find(&self, kind: Kind, name: &str) -> Result<Plugin, String> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        let found = self.plugins.iter().find(|p| p.kind == kind && p.name == name);
        found.cloned().ok_or_else(|| format!("plugin: {{Name:{name} Type:{}}} not found", kind.name()))
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
