//! Parts from outside that some tests need: where each is, if it is on this machine. `cargo xtask lab` gets them.

use std::path::PathBuf;

/// A part, in a folder of its own in the cache, keyed by its version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// What is not tried without it.
    pub gives: &'static str,
}

/// `kube-apiserver` and `kubectl`.
pub const KUBERNETES: Part =
    Part { name: "kubernetes", version: "1.36.3", gives: "what a real API server says of the charts' objects" };

/// `etcd`, the API server's store.
pub const ETCD: Part = Part { name: "etcd", version: "3.7.3", gives: KUBERNETES.gives };

/// `otelcol`, the OpenTelemetry collector with the components that the floe platform's chart configures.
pub const COLLECTOR: Part =
    Part { name: "otelcol", version: "0.158.0", gives: "what the real collector says of its generated configurations" };

/// Dagster and its libraries (0.29.27), as a Python environment.
pub const DAGSTER: Part =
    Part { name: "dagster", version: "1.13.27", gives: "what the real Dagster says of its files" };

/// `node_modules` with Nx, as the repository's package-lock.json has it.
pub const NX: Part = Part { name: "nx", version: "22.6.1", gives: "the targets of packages/helm in the real Nx" };

/// A mirror of Terraform's registry with the provider `local`.
pub const TERRAFORM_LOCAL: Part =
    Part { name: "terraform-local", version: "1.4.0", gives: "the values file that a real `terraform apply` writes" };

/// A mirror of Terraform's registry with the providers `aws` (of this version) and `helm`: their schemas, and nothing else.
pub const TERRAFORM_PROVIDERS: Part = Part {
    name: "terraform-providers",
    version: "6.25.0",
    gives: "what Terraform says of packages/aws-infra by the schemas of its providers",
};

/// Older releases of Helm, each as `helm`: the oldest that the charts are for, and the last of the generation before.
pub const HELMS: &[Part] = &[
    Part { name: "helm-oldest", version: "3.12.3", gives: "what older releases of Helm render" },
    Part { name: "helm-before", version: "3.22.0", gives: "what older releases of Helm render" },
];

/// `yamllint` and `yamale`, by which chart-testing judges files, as Python modules.
pub const LINTERS: Part =
    Part { name: "linters", version: "1.38.0", gives: "what the linters of chart-testing say of the charts' files" };

/// `actionlint`, which judges workflows, and `shellcheck`, which judges scripts.
pub const ACTIONLINT: Part =
    Part { name: "actionlint", version: "1.7.12", gives: "what linters say of the workflows and the scripts" };

/// Checkov, which judges infrastructure, as a Python module.
pub const CHECKOV: Part = Part {
    name: "checkov",
    version: "3.3.30",
    gives: "what a scanner of policies says of packages/aws-infra and the charts",
};

/// `registry`, an OCI registry.
pub const REGISTRY: Part = Part {
    name: "registry",
    version: "3.1.2",
    gives: "charts signed, published to a real registry and an index, and fetched again",
};

/// `kube-controller-manager`, `kube-scheduler`, `kubelet` and `kube-proxy`: what makes pods of objects, and runs them.
pub const KUBERNETES_NODE: Part = Part { name: "kubernetes-node", version: KUBERNETES.version, gives: NODE };

/// `containerd`, its shim for runc, and `ctr`.
pub const CONTAINERD: Part = Part { name: "containerd", version: "2.2.1", gives: NODE };

/// `coredns`, the DNS of a cluster's services.
pub const COREDNS: Part = Part { name: "coredns", version: "1.14.7", gives: NODE };

/// `base.tar`, `dagster.tar`, `dbt.tar`: layers of the images that the floe platform's pods run, each beside its digest.
pub const IMAGES: Part = Part { name: "images", version: "1", gives: NODE };

/// The version of dbt in these layers.
pub const DBT: &str = "1.11.16";
/// The version of dbt's adapter for DuckDB in these layers.
pub const DBT_DUCKDB: &str = "1.10.0";

/// KEDA's operator and its metrics adapter, with the objects that give them their rights.
pub const KEDA: Part = Part { name: "keda", version: "2.20.2", gives: "workers scaled by the length of their queues" };

/// moto, a server that answers as S3 and SQS do, as Python modules.
pub const MOTO: Part = Part {
    name: "moto",
    version: "5.2.5",
    gives: "what buckets, queues and tables do as Terraform's files describe them",
};

/// The parts that a node takes: the control plane's, the node's own.
pub const NODE_PARTS: &[Part] = &[KUBERNETES, ETCD, KUBERNETES_NODE, CONTAINERD, COREDNS];

/// What a node takes besides: a program, and Debian's package that has it.
pub const NODE_PROGRAMS: &[(&str, &str)] = &[
    ("/usr/sbin/runc", "runc"),
    ("/usr/lib/cni/bridge", "containernetworking-plugins"),
    ("/usr/sbin/iptables", "iptables"),
    ("/usr/sbin/conntrack", "conntrack"),
    ("/usr/sbin/ip", "iproute2"),
    ("/bin/busybox", "busybox"),
];

/// What the parts of a node are for.
const NODE: &str = "the charts' pods, run on a real node";

/// Custom resources that the charts' objects are of, one folder of YAML files each.
pub const CRDS: &[Part] = &[
    Part { name: "keda-crds", version: "2.20.2", gives: KUBERNETES.gives },
    Part { name: "argo-cd-crds", version: "3.4.4", gives: KUBERNETES.gives },
    Part { name: "karpenter-crds", version: "1.14.1", gives: KUBERNETES.gives },
    Part { name: "external-secrets-crds", version: "1.3.2", gives: KUBERNETES.gives },
    Part { name: "prometheus-operator-crds", version: "0.92.1", gives: KUBERNETES.gives },
    Part { name: "istio-crds", version: "1.27.0", gives: KUBERNETES.gives },
];

impl Part {
    /// Its folder, if it is there.
    #[must_use]
    pub fn path(&self) -> Option<PathBuf> {
        self.cached().filter(|folder| folder.is_dir())
    }

    /// Its folder, for those who cannot do without.
    ///
    /// # Errors
    /// What is missing, and how to get it.
    pub fn need(&self) -> Result<PathBuf, String> {
        self.path().ok_or_else(|| format!("{} {} is not on this machine: cargo xtask lab {0}", self.name, self.version))
    }

    /// Its place in the user's cache folder, whether or not it is there.
    #[must_use]
    pub fn cached(&self) -> Option<PathBuf> {
        let cache = crate::reference::cache()?;
        Some(cache.join("lab").join(format!("{}-{}", self.name, self.version)))
    }
}
