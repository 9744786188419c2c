//! Global settings: the environment first, then the global flags of the command line.

use rhumb_world::World;

use crate::flags::{Parsed, boolean};
use crate::paths::{Home, join};

/// What every command may need to know.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Settings {
    /// The names and values that `env` prints, sorted by name.
    vars: Vec<(&'static str, String)>,
    keyring: String,
}

impl Settings {
    /// From the environment and what the command line said; `program` is how the program was called.
    pub(crate) fn new(world: &dyn World, parsed: &Parsed, program: &str) -> Self {
        let from = Source { world, parsed };
        let cache = Home::Cache.folder(world);
        let config = Home::Config.folder(world);
        let data = Home::Data.folder(world);
        let vars = vec![
            ("HELM_BIN", program.to_owned()),
            ("HELM_BURST_LIMIT", from.integer("HELM_BURST_LIMIT", "burst-limit", 100)),
            ("HELM_CACHE_HOME", cache.clone()),
            ("HELM_CONFIG_HOME", config.clone()),
            ("HELM_CONTENT_CACHE", from.text("HELM_CONTENT_CACHE", "content-cache", &join(&cache, "content"))),
            ("HELM_DATA_HOME", data.clone()),
            ("HELM_DEBUG", from.boolean("HELM_DEBUG", "debug")),
            ("HELM_KUBEAPISERVER", from.text("HELM_KUBEAPISERVER", "kube-apiserver", "")),
            ("HELM_KUBEASGROUPS", from.groups()),
            ("HELM_KUBEASUSER", from.text("HELM_KUBEASUSER", "kube-as-user", "")),
            ("HELM_KUBECAFILE", from.text("HELM_KUBECAFILE", "kube-ca-file", "")),
            ("HELM_KUBECONTEXT", from.text("HELM_KUBECONTEXT", "kube-context", "")),
            (
                "HELM_KUBEINSECURE_SKIP_TLS_VERIFY",
                from.boolean("HELM_KUBEINSECURE_SKIP_TLS_VERIFY", "kube-insecure-skip-tls-verify"),
            ),
            ("HELM_KUBETLS_SERVER_NAME", from.text("HELM_KUBETLS_SERVER_NAME", "kube-tls-server-name", "")),
            ("HELM_KUBETOKEN", from.text("HELM_KUBETOKEN", "kube-token", "")),
            ("HELM_MAX_HISTORY", from.integer("HELM_MAX_HISTORY", "", 10)),
            ("HELM_NAMESPACE", from.namespace()),
            ("HELM_PLUGINS", from.text("HELM_PLUGINS", "", &join(&data, "plugins"))),
            ("HELM_QPS", from.queries()),
            (
                "HELM_REGISTRY_CONFIG",
                from.text("HELM_REGISTRY_CONFIG", "registry-config", &join(&config, "registry/config.json")),
            ),
            (
                "HELM_REPOSITORY_CACHE",
                from.text("HELM_REPOSITORY_CACHE", "repository-cache", &join(&cache, "repository")),
            ),
            (
                "HELM_REPOSITORY_CONFIG",
                from.text("HELM_REPOSITORY_CONFIG", "repository-config", &join(&config, "repositories.yaml")),
            ),
        ];
        let gnupg = from.set("GNUPGHOME").unwrap_or_else(|| join(&world.var("HOME").unwrap_or_default(), ".gnupg"));
        Self { vars, keyring: join(&gnupg, "pubring.gpg") }
    }

    /// All names and values, sorted, as `env` prints them.
    pub(crate) fn vars(&self) -> &[(&'static str, String)] {
        &self.vars
    }

    /// One value by Helm's name of it; empty when there is no such name.
    pub(crate) fn var(&self, name: &str) -> &str {
        self.vars.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v)
    }

    /// The file with public keys: `$GNUPGHOME/pubring.gpg`, or the one at home.
    pub(crate) fn keyring(&self) -> &str {
        &self.keyring
    }

    /// The default that help shows for a global flag, where the environment decides it.
    pub(crate) fn flag_default(&self, flag: &str) -> Option<String> {
        let name = match flag {
            "burst-limit" => "HELM_BURST_LIMIT",
            "content-cache" => "HELM_CONTENT_CACHE",
            "registry-config" => "HELM_REGISTRY_CONFIG",
            "repository-cache" => "HELM_REPOSITORY_CACHE",
            "repository-config" => "HELM_REPOSITORY_CONFIG",
            _ => return None,
        };
        Some(self.var(name).to_owned())
    }
}

struct Source<'a> {
    world: &'a dyn World,
    parsed: &'a Parsed,
}

impl Source<'_> {
    fn set(&self, name: &str) -> Option<String> {
        self.world.var(name).filter(|v| !v.is_empty())
    }

    fn text(&self, name: &str, flag: &str, default: &str) -> String {
        match self.parsed.last(flag) {
            Some(given) => given.to_owned(),
            None => self.set(name).unwrap_or_else(|| default.to_owned()),
        }
    }

    fn boolean(&self, name: &str, flag: &str) -> String {
        let given = self.parsed.last(flag).and_then(boolean);
        given.unwrap_or_else(|| self.set(name).and_then(|v| boolean(&v)).unwrap_or(false)).to_string()
    }

    /// A number; a variable that is none counts as not set.
    fn integer(&self, name: &str, flag: &str, default: i64) -> String {
        match self.parsed.last(flag) {
            Some(given) => given.to_owned(),
            None => self.set(name).and_then(|v| v.parse().ok()).unwrap_or(default).to_string(),
        }
    }

    fn queries(&self) -> String {
        let given = self.parsed.last("qps").map(str::to_owned).or_else(|| self.set("HELM_QPS"));
        let number: f64 = given.and_then(|v| v.parse().ok()).unwrap_or(0.0);
        format!("{number:.2}")
    }

    fn groups(&self) -> String {
        match self.parsed.list("kube-as-group") {
            [] => self.set("HELM_KUBEASGROUPS").unwrap_or_default(),
            groups => groups.join(","),
        }
    }

    fn namespace(&self) -> String {
        match self.parsed.last("namespace") {
            Some(given) if !given.is_empty() => given.to_owned(),
            _ => self.set("HELM_NAMESPACE").unwrap_or_else(|| "default".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rhumb_world::Memory;

    fn settings(world: &Memory) -> Settings {
        Settings::new(world, &Parsed::default(), "helm")
    }

    // Observed from Helm 4.3.1.
    #[test]
    fn environment_and_defaults() {
        let cases = [
            ("HELM_BURST_LIMIT", "x", "100"),
            ("HELM_MAX_HISTORY", "x", "10"),
            ("HELM_QPS", "2.5", "2.50"),
            ("HELM_DEBUG", "bad", "false"),
            ("HELM_DEBUG", "1", "true"),
            ("HELM_KUBEASGROUPS", "a,b", "a,b"),
            ("HELM_KUBEINSECURE_SKIP_TLS_VERIFY", "1", "true"),
            ("HELM_PLUGINS", "x", "x"),
            ("HELM_NAMESPACE", "q", "q"),
            ("HELM_NAMESPACE", "", "default"),
        ];
        for (name, value, want) in cases {
            assert_eq!(settings(&Memory::new().env(name, value)).var(name), want, "{name}={value}");
        }
    }

    #[test]
    fn names_are_sorted() {
        let all = settings(&Memory::new());
        assert!(all.vars().is_sorted_by_key(|(name, _)| *name));
        assert_eq!(all.var("NOPE"), "");
    }
}
