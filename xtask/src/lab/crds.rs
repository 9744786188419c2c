//! Custom resource definitions out of the modules that publish them.

use std::path::Path;

use rhumb_testkit::lab::Part;

use super::go;

/// Part, module, folder in the module, files. The resources that our charts use or could use, not all that there are: a server takes
/// its time over each.
const SOURCES: &[(&str, &str, &str, &[&str])] = &[
    (
        "keda-crds",
        "github.com/kedacore/keda/v2",
        "config/crd/bases",
        &[
            "keda.sh_clustertriggerauthentications.yaml",
            "keda.sh_scaledjobs.yaml",
            "keda.sh_scaledobjects.yaml",
            "keda.sh_triggerauthentications.yaml",
        ],
    ),
    (
        "argo-cd-crds",
        "github.com/argoproj/argo-cd/v3",
        "manifests/crds",
        &["application-crd.yaml", "applicationset-crd.yaml", "appproject-crd.yaml"],
    ),
    (
        "karpenter-crds",
        "github.com/aws/karpenter-provider-aws",
        "pkg/apis/crds",
        &["karpenter.k8s.aws_ec2nodeclasses.yaml", "karpenter.sh_nodeclaims.yaml", "karpenter.sh_nodepools.yaml"],
    ),
    (
        "external-secrets-crds",
        "github.com/external-secrets/external-secrets",
        "config/crds/bases",
        &[
            "external-secrets.io_clustersecretstores.yaml",
            "external-secrets.io_externalsecrets.yaml",
            "external-secrets.io_pushsecrets.yaml",
            "external-secrets.io_secretstores.yaml",
            "generators.external-secrets.io_passwords.yaml",
        ],
    ),
    (
        "prometheus-operator-crds",
        "github.com/prometheus-operator/prometheus-operator",
        "example/prometheus-operator-crd",
        &[
            "monitoring.coreos.com_podmonitors.yaml",
            "monitoring.coreos.com_probes.yaml",
            "monitoring.coreos.com_prometheusrules.yaml",
            "monitoring.coreos.com_servicemonitors.yaml",
        ],
    ),
    ("istio-crds", "istio.io/api", "kubernetes", &["customresourcedefinitions.gen.yaml"]),
];

/// Copies the files.
pub(super) fn build(part: &Part, folder: &Path) -> Result<(), String> {
    let source = SOURCES.iter().find(|(name, ..)| *name == part.name);
    let (_, module, from, files) = source.ok_or("nobody says where it comes from")?;
    let from = go::download(module, &format!("v{}", part.version))?.join(from);
    for file in *files {
        // Read and written, not copied: files of modules are write-protected.
        let text = std::fs::read(from.join(file)).map_err(|e| format!("{file}: {e}"))?;
        std::fs::write(folder.join(file), text).map_err(|e| e.to_string())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rhumb_testkit::lab;

    #[test]
    fn every_part_has_a_source() {
        let names: Vec<_> = SOURCES.iter().map(|(name, ..)| *name).collect();
        assert_eq!(names, lab::CRDS.iter().map(|part| part.name).collect::<Vec<_>>());
    }
}
