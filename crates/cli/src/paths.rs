//! Where Helm keeps caches, settings and data: `HELM_*_HOME`, then XDG, then the system's custom.

use rhumb_world::World;

/// One of the three homes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Home {
    /// Caches.
    Cache,
    /// Settings.
    Config,
    /// Data: plugins, starters.
    Data,
}

impl Home {
    /// The folder.
    pub(crate) fn folder(self, world: &dyn World) -> String {
        let set = |name: &str| world.var(name).filter(|v| !v.is_empty());
        let (helm, xdg, below) = match self {
            Self::Cache => ("HELM_CACHE_HOME", "XDG_CACHE_HOME", ".cache"),
            Self::Config => ("HELM_CONFIG_HOME", "XDG_CONFIG_HOME", ".config"),
            Self::Data => ("HELM_DATA_HOME", "XDG_DATA_HOME", ".local/share"),
        };
        if let Some(folder) = set(helm) {
            return folder;
        }
        let base = set(xdg).unwrap_or_else(|| join(&world.var("HOME").unwrap_or_default(), below));
        join(&base, "helm")
    }
}

/// Two parts of a path as one; an empty part adds nothing.
pub(crate) fn join(a: &str, b: &str) -> String {
    match (a.trim_end_matches('/'), b) {
        ("", b) if !a.starts_with('/') => b.to_owned(),
        (a, "") => a.to_owned(),
        (a, b) => format!("{a}/{b}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rhumb_world::Memory;

    // Observed from Helm 4.3.1.
    #[test]
    fn homes() {
        let home = Memory::new().env("HOME", "/root");
        assert_eq!(Home::Data.folder(&home), "/root/.local/share/helm");
        let xdg = Memory::new().env("HOME", "/root").env("XDG_CONFIG_HOME", "/e");
        assert_eq!(Home::Config.folder(&xdg), "/e/helm");
        let own = Memory::new().env("HELM_CACHE_HOME", "/c").env("XDG_CACHE_HOME", "/x");
        assert_eq!(Home::Cache.folder(&own), "/c");
        assert_eq!(Home::Cache.folder(&Memory::new()), ".cache/helm");
    }
}
