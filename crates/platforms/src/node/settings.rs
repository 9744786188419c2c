//! What the programs of a node read, and how they are started.

use std::path::Path;

use super::ADDRESS;

/// The image of the process that holds a pod's namespaces.
pub(super) const SANDBOX: &str = "docker.io/rhumb/pause:1";

/// The programs that come when the server is there, with their flags.
pub(super) const PROGRAMS: &[(&str, &[&str])] = &[
    (
        "kube-controller-manager",
        &[
            "--kubeconfig=kubeconfig",
            "--leader-elect=false",
            "--service-account-private-key-file=sa.key",
            // The server's own, which its certificate was made with.
            "--root-ca-file=certificates/apiserver.crt",
        ],
    ),
    ("kube-scheduler", &["--kubeconfig=kubeconfig", "--leader-elect=false"]),
    (
        "kubelet",
        &["--kubeconfig=kubeconfig", "--config=kubelet.yaml", "--hostname-override=node", "--node-ip=10.240.0.1"],
    ),
    ("kube-proxy", &["--config=kube-proxy.yaml", "--hostname-override=node"]),
];

/// How the server is started, besides what every server is started with.
pub(super) fn server() -> Vec<String> {
    vec![
        format!("--advertise-address={ADDRESS}"),
        "--bind-address=0.0.0.0".to_owned(),
        "--allow-privileged=true".to_owned(),
        "--kubelet-preferred-address-types=InternalIP".to_owned(),
    ]
}

/// Volumes: nobody makes them on demand, so some are there, on the node's disk, for the class that claims get where they name none.
pub(super) fn storage(folder: &Path) -> std::io::Result<String> {
    let mut all = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: standard, annotations: {storageclass.kubernetes.io/is-default-class: \"true\"}}\nprovisioner: kubernetes.io/no-provisioner\nvolumeBindingMode: WaitForFirstConsumer\n".to_owned();
    for number in 1..=VOLUMES {
        let path = folder.join(format!("volumes/{number}"));
        std::fs::create_dir_all(&path)?;
        all += &format!(
            r#"---
apiVersion: v1
kind: PersistentVolume
metadata: {{name: volume-{number}}}
spec:
  capacity: {{storage: 100Gi}}
  accessModes: [ReadWriteOnce, ReadWriteMany]
  storageClassName: standard
  local: {{path: {}}}
  nodeAffinity:
    required:
      nodeSelectorTerms: [{{matchExpressions: [{{key: kubernetes.io/hostname, operator: In, values: [node]}}]}}]
"#,
            path.display()
        );
    }
    Ok(all)
}

/// More than a test claims.
const VOLUMES: usize = 8;

/// Writes the files.
pub(super) fn write(folder: &Path, name: &str) -> std::io::Result<()> {
    let here = folder.display();
    std::fs::create_dir_all(folder.join("cni"))?;
    std::fs::write(folder.join("cni/10-node.conflist"), NETWORK)?;
    std::fs::write(folder.join("containerd.toml"), containerd(&here.to_string()))?;
    std::fs::write(folder.join("kubelet.yaml"), kubelet(name))?;
    std::fs::write(folder.join("kube-proxy.yaml"), proxy(&here.to_string()))?;
    std::fs::write(folder.join("Corefile"), names(&here.to_string()))
}

const NETWORK: &str = r#"{
  "cniVersion": "1.0.0",
  "name": "node",
  "plugins": [
    {
      "type": "bridge",
      "bridge": "cni0",
      "isGateway": true,
      "ipMasq": true,
      "hairpinMode": true,
      "ipam": {"type": "host-local", "ranges": [[{"subnet": "10.244.0.0/16"}]], "routes": [{"dst": "0.0.0.0/0"}]}
    },
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
"#;

/// The score of processes is left alone where this machine does not let anybody lower it.
fn containerd(here: &str) -> String {
    format!(
        r#"version = 3

[plugins.'io.containerd.cri.v1.images'.pinned_images]
sandbox = "{SANDBOX}"

[plugins.'io.containerd.cri.v1.runtime']
restrict_oom_score_adj = true

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
SystemdCgroup = false

[plugins.'io.containerd.cri.v1.runtime'.cni]
bin_dirs = ["/usr/lib/cni"]
conf_dir = "{here}/cni"
"#
    )
}

fn kubelet(name: &str) -> String {
    format!(
        r#"apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {{anonymous: {{enabled: true}}, webhook: {{enabled: false}}}}
authorization: {{mode: AlwaysAllow}}
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
cgroupDriver: cgroupfs
cgroupRoot: /{name}
failCgroupV1: false
failSwapOn: false
enforceNodeAllocatable: []
oomScoreAdj: 0
clusterDNS: [{ADDRESS}]
clusterDomain: cluster.local
resolvConf: ""
# What is gone cannot be pulled again.
imageGCHighThresholdPercent: 100
evictionHard: {{memory.available: 50Mi, nodefs.available: 1%, imagefs.available: 1%}}
"#
    )
}

fn proxy(here: &str) -> String {
    format!(
        r#"apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
clientConnection: {{kubeconfig: {here}/kubeconfig}}
mode: iptables
clusterCIDR: 10.244.0.0/16
oomScoreAdj: 0
# These belong to the whole machine.
conntrack: {{maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}}
"#
    )
}

fn names(here: &str) -> String {
    format!(
        "cluster.local:53 in-addr.arpa:53 {{\n    errors\n    cache 5\n    kubernetes cluster.local in-addr.arpa {{\n        kubeconfig {here}/kubeconfig lab\n    }}\n}}\n"
    )
}
