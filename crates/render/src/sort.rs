//! The order in which kinds are installed, which is the order of the output.

use std::cmp::Ordering;

/// Known kinds, first to be installed first.
const INSTALL_ORDER: &[&str] = &[
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

/// Compares two kinds; unknown ones come last, by name. Equal kinds keep their order, so sort with a stable sort.
#[must_use]
pub fn by_install_order(a: &str, b: &str) -> Ordering {
    place(a).cmp(&place(b))
}

/// What to sort by where many kinds are sorted: found once for each.
pub(crate) fn key(kind: &str) -> (usize, Option<String>) {
    let (place, name) = place(kind);
    (place, name.map(str::to_owned))
}

fn place(kind: &str) -> (usize, Option<&str>) {
    match INSTALL_ORDER.iter().position(|k| *k == kind) {
        Some(place) => (place, None),
        None => (INSTALL_ORDER.len(), Some(kind)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Observed with Helm 4.3.1 on one file with these kinds in another order.
    #[test]
    fn kinds() {
        let want =
            ["Namespace", "ConfigMap", "Role", "Deployment", "Ingress", "APIService", "", "Gateway", "Zed", "abc"];
        let mut kinds = want;
        kinds.reverse();
        kinds.sort_by(|a, b| by_install_order(a, b));
        assert_eq!(kinds, want);
        kinds.reverse();
        kinds.sort_by_cached_key(|k| key(k));
        assert_eq!(kinds, want);
    }
}
