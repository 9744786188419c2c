//! API versions that Kubernetes has given up or will. The facts were asked of Helm 4.3.1, which was shown a manifest of each
//! of the 761 built-in kinds of each API version.

/// Kinds of one API version with one fate. Versions are minor ones of Kubernetes 1.
struct Row {
    api: &'static str,
    /// Deprecated since.
    since: u32,
    /// Not served any more from here on; 0 where that is not planned.
    gone: u32,
    /// The API version to use, with the kind where that changes too; empty where there is none.
    instead: &'static str,
    kinds: &'static [&'static str],
}

/// In order of the API version.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    Row { api: "admissionregistration.k8s.io/v1alpha1", since: 29, gone: 32, instead: "", kinds: &["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingAdmissionPolicyBindingList", "ValidatingAdmissionPolicyList"] },
    Row { api: "admissionregistration.k8s.io/v1alpha1", since: 35, gone: 38, instead: "", kinds: &["MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding", "MutatingAdmissionPolicyBindingList", "MutatingAdmissionPolicyList"] },
    Row { api: "admissionregistration.k8s.io/v1beta1", since: 16, gone: 22, instead: "admissionregistration.k8s.io/v1", kinds: &["MutatingWebhookConfiguration", "MutatingWebhookConfigurationList", "ValidatingWebhookConfiguration", "ValidatingWebhookConfigurationList"] },
    Row { api: "admissionregistration.k8s.io/v1beta1", since: 31, gone: 34, instead: "", kinds: &["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingAdmissionPolicyBindingList", "ValidatingAdmissionPolicyList"] },
    Row { api: "admissionregistration.k8s.io/v1beta1", since: 37, gone: 40, instead: "admissionregistration.k8s.io/v1", kinds: &["MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding", "MutatingAdmissionPolicyBindingList", "MutatingAdmissionPolicyList"] },
    Row { api: "apps/v1beta1", since: 8, gone: 16, instead: "apps/v1", kinds: &["ControllerRevision", "ControllerRevisionList", "Deployment", "DeploymentList", "DeploymentRollback", "StatefulSet", "StatefulSetList"] },
    Row { api: "apps/v1beta1", since: 8, gone: 16, instead: "autoscaling/v1", kinds: &["Scale"] },
    Row { api: "apps/v1beta2", since: 9, gone: 16, instead: "apps/v1", kinds: &["ControllerRevision", "ControllerRevisionList", "DaemonSet", "DaemonSetList", "Deployment", "DeploymentList", "ReplicaSet", "ReplicaSetList", "StatefulSet", "StatefulSetList"] },
    Row { api: "apps/v1beta2", since: 9, gone: 16, instead: "autoscaling/v1", kinds: &["Scale"] },
    Row { api: "authentication.k8s.io/v1alpha1", since: 29, gone: 32, instead: "", kinds: &["SelfSubjectReview"] },
    Row { api: "authentication.k8s.io/v1beta1", since: 19, gone: 22, instead: "authentication.k8s.io/v1", kinds: &["TokenReview"] },
    Row { api: "authentication.k8s.io/v1beta1", since: 30, gone: 33, instead: "", kinds: &["SelfSubjectReview"] },
    Row { api: "authorization.k8s.io/v1beta1", since: 19, gone: 22, instead: "authorization.k8s.io/v1", kinds: &["LocalSubjectAccessReview", "SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"] },
    Row { api: "batch/v1beta1", since: 21, gone: 25, instead: "batch/v1", kinds: &["CronJob", "CronJobList"] },
    Row { api: "certificates.k8s.io/v1alpha1", since: 34, gone: 37, instead: "", kinds: &["ClusterTrustBundle", "ClusterTrustBundleList"] },
    Row { api: "certificates.k8s.io/v1beta1", since: 19, gone: 22, instead: "certificates.k8s.io/v1", kinds: &["CertificateSigningRequest", "CertificateSigningRequestList"] },
    Row { api: "certificates.k8s.io/v1beta1", since: 37, gone: 40, instead: "certificates.k8s.io/v1", kinds: &["ClusterTrustBundle", "ClusterTrustBundleList", "PodCertificateRequest", "PodCertificateRequestList"] },
    Row { api: "coordination.k8s.io/v1alpha2", since: 35, gone: 38, instead: "", kinds: &["LeaseCandidate", "LeaseCandidateList"] },
    Row { api: "coordination.k8s.io/v1beta1", since: 19, gone: 22, instead: "coordination.k8s.io/v1", kinds: &["Lease", "LeaseList"] },
    Row { api: "coordination.k8s.io/v1beta1", since: 36, gone: 39, instead: "", kinds: &["LeaseCandidate", "LeaseCandidateList"] },
    Row { api: "discovery.k8s.io/v1beta1", since: 21, gone: 25, instead: "discovery.k8s.io/v1", kinds: &["EndpointSlice"] },
    Row { api: "discovery.k8s.io/v1beta1", since: 21, gone: 25, instead: "discovery.k8s.io/v1 EndpointSlice", kinds: &["EndpointSliceList"] },
    Row { api: "events.k8s.io/v1beta1", since: 22, gone: 25, instead: "", kinds: &["Event", "EventList"] },
    Row { api: "extensions/v1beta1", since: 2, gone: 16, instead: "", kinds: &["Scale"] },
    Row { api: "extensions/v1beta1", since: 8, gone: 16, instead: "", kinds: &["DeploymentRollback"] },
    Row { api: "extensions/v1beta1", since: 8, gone: 16, instead: "apps/v1", kinds: &["DaemonSet", "DaemonSetList", "Deployment", "DeploymentList", "ReplicaSet", "ReplicaSetList"] },
    Row { api: "extensions/v1beta1", since: 9, gone: 16, instead: "networking.k8s.io/v1", kinds: &["NetworkPolicy", "NetworkPolicyList"] },
    Row { api: "extensions/v1beta1", since: 14, gone: 22, instead: "networking.k8s.io/v1", kinds: &["Ingress", "IngressList"] },
    Row { api: "flowcontrol.apiserver.k8s.io/v1beta1", since: 23, gone: 26, instead: "flowcontrol.apiserver.k8s.io/v1beta3", kinds: &["FlowSchema", "FlowSchemaList", "PriorityLevelConfiguration", "PriorityLevelConfigurationList"] },
    Row { api: "flowcontrol.apiserver.k8s.io/v1beta2", since: 26, gone: 29, instead: "flowcontrol.apiserver.k8s.io/v1beta3", kinds: &["FlowSchema", "FlowSchemaList", "PriorityLevelConfiguration", "PriorityLevelConfigurationList"] },
    Row { api: "flowcontrol.apiserver.k8s.io/v1beta3", since: 29, gone: 32, instead: "flowcontrol.apiserver.k8s.io/v1", kinds: &["FlowSchema", "FlowSchemaList", "PriorityLevelConfiguration", "PriorityLevelConfigurationList"] },
    Row { api: "lifecycle.k8s.io/v1alpha1", since: 40, gone: 43, instead: "", kinds: &["Eviction", "EvictionList", "EvictionRequest", "EvictionRequestList"] },
    Row { api: "networking.k8s.io/v1beta1", since: 19, gone: 22, instead: "networking.k8s.io/v1", kinds: &["Ingress", "IngressClassList", "IngressList"] },
    Row { api: "networking.k8s.io/v1beta1", since: 19, gone: 22, instead: "networking.k8s.io/v1 IngressClassList", kinds: &["IngressClass"] },
    Row { api: "networking.k8s.io/v1beta1", since: 34, gone: 37, instead: "", kinds: &["IPAddress", "IPAddressList", "ServiceCIDR", "ServiceCIDRList"] },
    Row { api: "node.k8s.io/v1beta1", since: 22, gone: 25, instead: "", kinds: &["RuntimeClass", "RuntimeClassList"] },
    Row { api: "policy/v1beta1", since: 21, gone: 25, instead: "policy/v1", kinds: &["PodDisruptionBudget", "PodDisruptionBudgetList"] },
    Row { api: "policy/v1beta1", since: 22, gone: 25, instead: "", kinds: &["Eviction"] },
    Row { api: "rbac.authorization.k8s.io/v1beta1", since: 17, gone: 22, instead: "rbac.authorization.k8s.io/v1", kinds: &["ClusterRole", "ClusterRoleBinding", "ClusterRoleBindingList", "ClusterRoleList", "Role", "RoleBinding", "RoleBindingList", "RoleList"] },
    Row { api: "resource.k8s.io/v1alpha3", since: 36, gone: 39, instead: "", kinds: &["DeviceTaintRule", "DeviceTaintRuleList"] },
    Row { api: "resource.k8s.io/v1alpha3", since: 39, gone: 42, instead: "", kinds: &["ResourcePoolStatusRequest", "ResourcePoolStatusRequestList"] },
    Row { api: "resource.k8s.io/v1beta1", since: 35, gone: 38, instead: "", kinds: &["DeviceClass", "DeviceClassList", "ResourceClaim", "ResourceClaimList", "ResourceClaimTemplate", "ResourceClaimTemplateList", "ResourceSlice", "ResourceSliceList"] },
    Row { api: "resource.k8s.io/v1beta2", since: 36, gone: 39, instead: "", kinds: &["DeviceClass", "DeviceClassList", "ResourceClaim", "ResourceClaimList", "ResourceClaimTemplate", "ResourceClaimTemplateList", "ResourceSlice", "ResourceSliceList"] },
    Row { api: "resource.k8s.io/v1beta2", since: 39, gone: 42, instead: "", kinds: &["DeviceTaintRule", "DeviceTaintRuleList"] },
    Row { api: "scheduling.k8s.io/v1beta1", since: 14, gone: 22, instead: "scheduling.k8s.io/v1", kinds: &["PriorityClass", "PriorityClassList"] },
    Row { api: "scheduling.k8s.io/v1beta1", since: 40, gone: 43, instead: "", kinds: &["PodGroup", "PodGroupList", "Workload", "WorkloadList"] },
    Row { api: "storage.k8s.io/v1alpha1", since: 21, gone: 24, instead: "storage.k8s.io/v1", kinds: &["VolumeAttachment", "VolumeAttachmentList"] },
    Row { api: "storage.k8s.io/v1alpha1", since: 21, gone: 24, instead: "storage.k8s.io/v1beta1", kinds: &["CSIStorageCapacity", "CSIStorageCapacityList"] },
    Row { api: "storage.k8s.io/v1alpha1", since: 32, gone: 35, instead: "storage.k8s.io/v1", kinds: &["VolumeAttributesClass", "VolumeAttributesClassList"] },
    Row { api: "storage.k8s.io/v1beta1", since: 17, gone: 22, instead: "storage.k8s.io/v1", kinds: &["CSINode"] },
    Row { api: "storage.k8s.io/v1beta1", since: 17, gone: 22, instead: "storage.k8s.io/v1 CSINode", kinds: &["CSINodeList"] },
    Row { api: "storage.k8s.io/v1beta1", since: 19, gone: 22, instead: "storage.k8s.io/v1", kinds: &["CSIDriver", "CSIDriverList", "StorageClass", "StorageClassList", "VolumeAttachment", "VolumeAttachmentList"] },
    Row { api: "storage.k8s.io/v1beta1", since: 24, gone: 27, instead: "storage.k8s.io/v1", kinds: &["CSIStorageCapacity", "CSIStorageCapacityList"] },
    Row { api: "storage.k8s.io/v1beta1", since: 34, gone: 37, instead: "storage.k8s.io/v1", kinds: &["VolumeAttributesClass", "VolumeAttributesClassList"] },
    Row { api: "storagemigration.k8s.io/v1beta1", since: 37, gone: 40, instead: "storagemigration.k8s.io/v1", kinds: &["StorageVersionMigration", "StorageVersionMigrationList"] },
    Row { api: "v1", since: 19, gone: 0, instead: "", kinds: &["ComponentStatus", "ComponentStatusList"] },
    Row { api: "v1", since: 33, gone: 0, instead: "discovery.k8s.io/v1 EndpointSlice", kinds: &["Endpoints"] },
    Row { api: "v1", since: 33, gone: 0, instead: "discovery.k8s.io/v1 EndpointSliceList", kinds: &["EndpointsList"] },
];

/// The complaint about a manifest's API version and kind for a version of Kubernetes, given as its major and minor number.
#[must_use]
pub fn check(api: &str, kind: &str, version: (&str, &str)) -> Option<String> {
    let rows = &ROWS[ROWS.partition_point(|r| r.api < api)..];
    let row = rows.iter().take_while(|r| r.api == api).find(|r| r.kinds.contains(&kind))?;
    if (number(version.0), number(version.1)) < (1, row.since) {
        return None;
    }
    let mut text = format!("{api} {kind} is deprecated in v1.{}+", row.since);
    if row.gone > 0 {
        text.push_str(&format!(", unavailable in v1.{}+", row.gone));
    }
    match row.instead {
        "" => {}
        other if other.contains(' ') => text.push_str(&format!("; use {other}")),
        other => text.push_str(&format!("; use {other} {kind}")),
    }
    Some(text)
}

/// The number that a text begins with.
fn number(text: &str) -> u32 {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_in_order() {
        assert!(ROWS.is_sorted_by_key(|r| r.api));
        assert_eq!(ROWS.iter().map(|r| r.kinds.len()).sum::<usize>(), 167);
    }

    // Observed with `helm lint --kube-version` of Helm 4.3.1.
    #[test]
    fn complaints() {
        let cases = [
            (
                ("extensions/v1beta1", "Deployment", ("1", "8")),
                "extensions/v1beta1 Deployment is deprecated in v1.8+, unavailable in v1.16+; use apps/v1 Deployment",
            ),
            (("extensions/v1beta1", "Deployment", ("1", "7")), ""),
            (
                ("apps/v1beta2", "Scale", ("2", "1")),
                "apps/v1beta2 Scale is deprecated in v1.9+, unavailable in v1.16+; use autoscaling/v1 Scale",
            ),
            (("v1", "ComponentStatus", ("1", "37")), "v1 ComponentStatus is deprecated in v1.19+"),
            (
                ("v1", "Endpoints", ("1", "33+")),
                "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
            ),
            (
                ("networking.k8s.io/v1beta1", "IngressClass", ("1", "37")),
                "networking.k8s.io/v1beta1 IngressClass is deprecated in v1.19+, unavailable in v1.22+; use \
                 networking.k8s.io/v1 IngressClassList",
            ),
            (
                ("events.k8s.io/v1beta1", "Event", ("1", "37")),
                "events.k8s.io/v1beta1 Event is deprecated in v1.22+, unavailable in v1.25+",
            ),
            (("policy/v1beta1", "PodSecurityPolicy", ("1", "37")), ""),
            (("apps/v1", "Deployment", ("1", "37")), ""),
            (("zzz/v1", "Foo", ("1", "37")), ""),
        ];
        for ((api, kind, version), want) in cases {
            assert_eq!(check(api, kind, version).unwrap_or_default(), want, "{api} {kind}");
        }
    }
}
