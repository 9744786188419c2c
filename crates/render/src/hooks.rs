//! Manifests that run at an event of the release's life.

use rhumb_yaml::Head;

use crate::plan::Manifest;

/// The annotation that makes a manifest a hook.
pub const HOOK: &str = "helm.sh/hook";
const WEIGHT: &str = "helm.sh/hook-weight";
const DELETE_POLICY: &str = "helm.sh/hook-delete-policy";

/// When a hook runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// `pre-install`
    PreInstall,
    /// `post-install`
    PostInstall,
    /// `pre-delete`
    PreDelete,
    /// `post-delete`
    PostDelete,
    /// `pre-upgrade`
    PreUpgrade,
    /// `post-upgrade`
    PostUpgrade,
    /// `pre-rollback`
    PreRollback,
    /// `post-rollback`
    PostRollback,
    /// `test`, and the older `test-success`.
    Test,
}

/// A manifest with its events.
#[derive(Clone, Debug)]
pub struct Hook {
    /// The manifest.
    pub manifest: Manifest,
    /// When it runs.
    pub events: Vec<Event>,
    /// Its place among the hooks of one event; zero where the annotation is no number.
    pub weight: i64,
    /// What its delete policy says, in small letters.
    pub delete_policies: Vec<String>,
}

impl Hook {
    pub(crate) fn new(manifest: Manifest, events: Vec<Event>) -> Hook {
        let text = |name| annotation(&manifest.head, name).unwrap_or_default();
        let weight = text(WEIGHT).parse().unwrap_or(0);
        let delete_policies =
            text(DELETE_POLICY).split(',').map(|p| p.trim().to_lowercase()).filter(|p| !p.is_empty()).collect();
        Hook { weight, delete_policies, manifest, events }
    }

    /// Whether it is a test.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.events.contains(&Event::Test)
    }
}

/// An annotation of a manifest.
pub(crate) fn annotation<'h>(head: &'h Head, name: &str) -> Option<&'h str> {
    let annotations = head.metadata.as_ref()?.annotations.as_ref()?;
    annotations.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// The events of a hook annotation; nothing where one of them is unknown.
pub(crate) fn events(text: &str) -> Option<Vec<Event>> {
    text.split(',').map(|word| event(word.trim().to_lowercase().as_str())).collect()
}

fn event(word: &str) -> Option<Event> {
    Some(match word {
        "pre-install" => Event::PreInstall,
        "post-install" => Event::PostInstall,
        "pre-delete" => Event::PreDelete,
        "post-delete" => Event::PostDelete,
        "pre-upgrade" => Event::PreUpgrade,
        "post-upgrade" => Event::PostUpgrade,
        "pre-rollback" => Event::PreRollback,
        "post-rollback" => Event::PostRollback,
        "test" | "test-success" => Event::Test,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        assert_eq!(events("pre-install, POST-install"), Some(vec![Event::PreInstall, Event::PostInstall]));
        assert_eq!(events("test-success"), Some(vec![Event::Test]));
        // Observed with Helm 4.3.1: one unknown word, and the whole manifest is left out.
        assert_eq!(events("foo,pre-install"), None);
        assert_eq!(events("crd-install"), None);
    }
}
