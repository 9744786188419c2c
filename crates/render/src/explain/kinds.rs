//! The names that kinds go by on a command line.

use super::Object;

impl Object {
    /// Whether a word of the command line means this object's kind: in any case, plural, short, and with the group or its
    /// beginning behind a dot.
    #[must_use]
    pub fn is_of_kind(&self, word: &str) -> bool {
        let (kind, group) = word.split_once('.').map_or((word, None), |(k, g)| (k, Some(g)));
        if let Some(group) = group {
            let full = match self.api_version.split_once('/') {
                Some((full, version)) if group.starts_with(&format!("{version}.")) => format!("{version}.{full}"),
                Some((full, _)) => full.to_owned(),
                // The core has no group; its version stands for it.
                None => self.api_version.clone(),
            };
            if full != group && !full.starts_with(&format!("{group}.")) {
                return false;
            }
        }
        let (kind, full) = (kind.to_lowercase(), self.kind.to_lowercase());
        kind == full || kind == plural(&full) || SHORT.iter().any(|(short, long)| *short == kind && *long == full)
    }
}

fn plural(kind: &str) -> String {
    if let Some(stem) = kind.strip_suffix('y').filter(|s| !s.ends_with(['a', 'e', 'o', 'u'])) {
        return format!("{stem}ies");
    }
    if kind.ends_with('s') || kind.ends_with("ch") || kind.ends_with('x') {
        return if kind == "endpoints" { kind.to_owned() } else { format!("{kind}es") };
    }
    format!("{kind}s")
}

/// The short names that `kubectl` takes, and those of resources that charts often bring.
const SHORT: &[(&str, &str)] = &[
    ("cj", "cronjob"),
    ("cm", "configmap"),
    ("crd", "customresourcedefinition"),
    ("crds", "customresourcedefinition"),
    ("csr", "certificatesigningrequest"),
    ("deploy", "deployment"),
    ("ds", "daemonset"),
    ("ep", "endpoints"),
    ("hpa", "horizontalpodautoscaler"),
    ("ing", "ingress"),
    ("limits", "limitrange"),
    ("netpol", "networkpolicy"),
    ("ns", "namespace"),
    ("pc", "priorityclass"),
    ("pdb", "poddisruptionbudget"),
    ("po", "pod"),
    ("promrule", "prometheusrule"),
    ("psp", "podsecuritypolicy"),
    ("pv", "persistentvolume"),
    ("pvc", "persistentvolumeclaim"),
    ("quota", "resourcequota"),
    ("rc", "replicationcontroller"),
    ("rs", "replicaset"),
    ("sa", "serviceaccount"),
    ("sc", "storageclass"),
    ("smon", "servicemonitor"),
    ("sts", "statefulset"),
    ("svc", "service"),
    ("vpa", "verticalpodautoscaler"),
];
