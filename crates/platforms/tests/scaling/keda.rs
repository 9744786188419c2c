//! A control plane with KEDA: the API server, the controllers that make pods of Deployments and follow autoscalers, KEDA's operator and
//! its metrics adapter, with no more rights than KEDA's own objects give.
//!
//! KEDA's programs would run in pods. What their pods would have is put in their place here: the Service leads to this machine, and the
//! Secret with the certificates is written to a folder where the kubelet would mount it.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libtest_mimic::Failed;
use rhumb_platforms::cluster::Cluster;
use rhumb_platforms::programs::ports;
use rhumb_platforms::{Chart, documents, value};
use rhumb_testkit::lab;
use serde_json::Value;

/// For whatever is waited for, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// A control plane in which KEDA runs. Each trial has a namespace of its own.
pub(crate) struct Plane {
    pub(crate) cluster: Cluster,
    _front: tempfile::TempDir,
}

/// Ports: of the controllers, of the adapter (metrics for autoscalers, metrics about itself), of the operator (metrics, probes, gRPC).
struct Ports {
    controllers: u16,
    adapter: [u16; 2],
    operator: [u16; 3],
}

impl Plane {
    pub(crate) fn start() -> Result<Plane, Failed> {
        let front = front_proxy()?;
        let mut plane = Plane { cluster: Cluster::start_with("default", &aggregation(front.path()))?, _front: front };
        let [controllers, metrics, about, first, second, third] = ports()?;
        let ports = Ports { controllers, adapter: [metrics, about], operator: [first, second, third] };
        plane.controllers(&ports)?;
        plane.objects(&ports)?;
        plane.operator(&ports)?;
        plane.adapter(&ports)?;
        plane.watch()?;
        Ok(plane)
    }

    /// The controllers that Deployments and autoscalers need. They look every second, not every fifteen.
    fn controllers(&mut self, ports: &Ports) -> Result<(), Failed> {
        let programs = lab::KUBERNETES_NODE.need()?;
        let kubeconfig = self.cluster.file("kubeconfig").display().to_string();
        let flags = [
            format!("--kubeconfig={kubeconfig}"),
            format!("--authentication-kubeconfig={kubeconfig}"),
            format!("--authorization-kubeconfig={kubeconfig}"),
            "--bind-address=127.0.0.1".to_owned(),
            format!("--secure-port={}", ports.controllers),
            "--cert-dir=controllers".to_owned(),
            "--leader-elect=false".to_owned(),
            "--controllers=deployment-controller,replicaset-controller,horizontal-pod-autoscaler-controller,garbage-collector-controller"
                .to_owned(),
            "--horizontal-pod-autoscaler-sync-period=1s".to_owned(),
        ];
        Ok(self.cluster.beside("kube-controller-manager", &programs.join("kube-controller-manager"), &flags, &[])?)
    }

    /// KEDA's namespace, account and rights, as its release has them, and the Service of its metrics, which leads here.
    fn objects(&self, ports: &Ports) -> Result<(), Failed> {
        let folder = lab::KEDA.need()?;
        let cluster = &self.cluster;
        cluster.must(&["create", "namespace", "keda"], "")?;
        cluster.must(&["create", "serviceaccount", "keda-operator", "--namespace=keda"], "")?;
        cluster.must(&["create", "--filename", &folder.display().to_string()], "")?;
        let service = "apiVersion: v1\nkind: Service\nmetadata: {name: keda-metrics-apiserver, namespace: keda}\nspec: {type: ExternalName, externalName: localhost}\n";
        cluster.must(&["create", "--filename=-"], service)?;
        let port = format!("{{\"spec\":{{\"service\":{{\"port\":{}}}}}}}", ports.adapter[0]);
        cluster.must(&["patch", "apiservice", METRICS, "--type=merge", "--patch", &port], "")?;
        let token = cluster.kubectl(&["create", "token", "keda-operator", "--namespace=keda", "--duration=12h"], "")?;
        let ours = std::fs::read_to_string(cluster.file("kubeconfig"))?;
        let its = ours.replace("token: lab", &format!("token: {}", token.stdout.trim()));
        std::fs::write(cluster.file("keda.kubeconfig"), its)?;
        Ok(std::fs::create_dir(cluster.file("certificates-of-keda"))?)
    }

    /// The operator makes certificates, writes them to a Secret and ends; started again where that Secret is mounted, it stays.
    fn operator(&mut self, ports: &Ports) -> Result<(), Failed> {
        let program = lab::KEDA.need()?.join("keda");
        let [metrics, probes, service] = ports.operator;
        let flags = [
            "--leader-elect=false".to_owned(),
            "--zap-encoder=console".to_owned(),
            "--enable-cert-rotation=true".to_owned(),
            // Its admission webhooks are a third program, which only refuses objects.
            "--enable-webhook-patching=false".to_owned(),
            "--cert-dir=certificates-of-keda".to_owned(),
            format!("--metrics-bind-address=127.0.0.1:{metrics}"),
            format!("--health-probe-bind-address=127.0.0.1:{probes}"),
            format!("--metrics-service-bind-address=127.0.0.1:{service}"),
        ];
        let kubeconfig = self.cluster.file("keda.kubeconfig").display().to_string();
        // Keys of its own, for those who let it in by its own identity.
        let variables = [
            ("KUBECONFIG", kubeconfig.as_str()),
            ("AWS_ACCESS_KEY_ID", "operator"),
            ("AWS_SECRET_ACCESS_KEY", "operator"),
        ];
        let variables = [&variables[..], &POD].concat();
        self.cluster.beside("keda-first", &program, &flags, &variables)?;
        let secret = self.until("KEDA's certificates", || {
            let secret = self.get("keda", "secret", "kedaorg-certs")?;
            Ok(secret["data"]["tls.key"].is_string().then_some(secret))
        })?;
        for (name, text) in secret["data"].as_object().into_iter().flatten() {
            let text = STANDARD.decode(text.as_str().unwrap_or_default())?;
            std::fs::write(self.cluster.file("certificates-of-keda").join(name), text)?;
        }
        self.until("the end of the first operator", || Ok(self.said("keda-first").contains("exiting").then_some(())))?;
        Ok(self.cluster.beside("keda", &program, &flags, &variables)?)
    }

    fn adapter(&mut self, ports: &Ports) -> Result<(), Failed> {
        let program = lab::KEDA.need()?.join("keda-adapter");
        let kubeconfig = self.cluster.file("keda.kubeconfig").display().to_string();
        let certificates = "certificates-of-keda";
        let [metrics, about] = ports.adapter;
        let flags = [
            "--bind-address=127.0.0.1".to_owned(),
            format!("--secure-port={metrics}"),
            format!("--port={about}"),
            format!("--cert-dir={certificates}"),
            format!("--client-ca-file={certificates}/ca.crt"),
            format!("--tls-cert-file={certificates}/tls.crt"),
            format!("--tls-private-key-file={certificates}/tls.key"),
            format!("--metrics-service-address=localhost:{}", ports.operator[2]),
            "--metrics-service-grpc-authority=keda-operator.keda.svc".to_owned(),
            format!("--authentication-kubeconfig={kubeconfig}"),
            format!("--authorization-kubeconfig={kubeconfig}"),
            format!("--lister-kubeconfig={kubeconfig}"),
        ];
        let variables = [&[("KUBECONFIG", kubeconfig.as_str())], &POD[..]].concat();
        self.cluster.beside("keda-adapter", &program, &flags, &variables)?;
        let service = format!("apiservice/{METRICS}");
        let wait = ["wait", "--for=condition=Available", "--timeout=90s", &service];
        self.cluster.must(&wait, "").map_err(|why| self.report(&why))
    }

    /// Writes down every number of replicas that a Deployment ever has.
    fn watch(&mut self) -> Result<(), Failed> {
        let kubectl = lab::KUBERNETES.need()?.join("kubectl");
        let kubeconfig = self.cluster.file("kubeconfig").display().to_string();
        let line = "jsonpath={.metadata.namespace}/{.metadata.name} {.spec.replicas}{\"\\n\"}";
        let flags = ["get", "deployments", "--all-namespaces", "--watch", "--output", line].map(str::to_owned);
        Ok(self.cluster.beside("replicas", &kubectl, &flags, &[("KUBECONFIG", &kubeconfig)])?)
    }

    /// The numbers of replicas that a Deployment has had, one after the other.
    pub(crate) fn replicas(&self, namespace: &str, name: &str) -> Vec<u64> {
        let whose = format!("{namespace}/{name}");
        let said = self.said("replicas");
        let lines = said.lines().filter_map(|line| line.split_once(' ')).filter(|(of, _)| *of == whose);
        let mut all: Vec<u64> = lines.filter_map(|(_, number)| number.parse().ok()).collect();
        all.dedup();
        all
    }

    /// An object, or nothing where there is none of that name.
    pub(crate) fn get(&self, namespace: &str, kind: &str, name: &str) -> Result<Value, Failed> {
        let answer = self.cluster.kubectl(&["get", kind, name, "--namespace", namespace, "--output=yaml"], "")?;
        match answer.exit {
            0 => Ok(value(&answer.stdout)),
            _ if answer.stderr.contains("NotFound") => Ok(Value::Null),
            _ => Err(answer.stderr.into()),
        }
    }

    /// Names of the objects of a kind.
    pub(crate) fn names(&self, namespace: &str, kind: &str) -> Result<Vec<String>, Failed> {
        let answer = self.cluster.kubectl(&["get", kind, "--namespace", namespace, "--output=name"], "")?;
        let names = answer.stdout.lines().filter_map(|line| line.split_once('/'));
        Ok(names.map(|(_, name)| name.to_owned()).collect())
    }

    /// Waits until something is there.
    pub(crate) fn until<T>(
        &self,
        what: &str,
        mut there: impl FnMut() -> Result<Option<T>, Failed>,
    ) -> Result<T, Failed> {
        let start = Instant::now();
        loop {
            if let Some(found) = there()? {
                return Ok(found);
            }
            if start.elapsed() > PATIENCE {
                return Err(self.report(&format!("not seen in time: {what}")));
            }
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// A complaint with what KEDA said last.
    pub(crate) fn report(&self, why: &str) -> Failed {
        let mut text = why.to_owned();
        for name in ["keda-first", "keda", "keda-adapter", "replicas"] {
            let said = self.said(name);
            let lines: Vec<_> = said.lines().collect();
            let end = lines[lines.len().saturating_sub(15)..].join("\n");
            text += &format!("\n--- {name}\n{end}");
        }
        text.into()
    }

    fn said(&self, name: &str) -> String {
        std::fs::read_to_string(self.cluster.file(&format!("{name}.log"))).unwrap_or_default()
    }
}

const METRICS: &str = "v1beta1.external.metrics.k8s.io";

/// What its pods would tell KEDA of themselves.
const POD: [(&str, &str); 5] = [
    ("POD_NAME", "keda-0"),
    ("POD_NAMESPACE", "keda"),
    ("KEDA_CLUSTER_OBJECT_NAMESPACE", "keda"),
    ("WATCH_NAMESPACE", ""),
    ("KEDA_HTTP_DEFAULT_TIMEOUT", ""),
];

/// Flags by which the API server passes questions about metrics on, and shows that it is itself who asks.
fn aggregation(front: &Path) -> Vec<String> {
    let file = |name: &str| front.join(name).display().to_string();
    vec![
        format!("--requestheader-client-ca-file={}", file("ca.crt")),
        format!("--proxy-client-cert-file={}", file("tls.crt")),
        format!("--proxy-client-key-file={}", file("tls.key")),
        "--requestheader-allowed-names=front-proxy".to_owned(),
        "--requestheader-username-headers=X-Remote-User".to_owned(),
        "--requestheader-group-headers=X-Remote-Group".to_owned(),
        "--requestheader-extra-headers-prefix=X-Remote-Extra-".to_owned(),
    ]
}

/// The API server's certificate for that, made by our own program.
fn front_proxy() -> Result<tempfile::TempDir, Failed> {
    let folder = tempfile::tempdir()?;
    let template = "{{ $ca := genCA \"front-proxy-ca\" 1 }}{{ $cert := genSignedCert \"front-proxy\" nil nil 1 $ca }}\
                    {{ dict \"ca.crt\" $ca.Cert \"tls.crt\" $cert.Cert \"tls.key\" $cert.Key | toYaml }}";
    std::fs::create_dir(folder.path().join("templates"))?;
    std::fs::write(folder.path().join("Chart.yaml"), "apiVersion: v2\nname: front-proxy\nversion: 0.1.0\n")?;
    std::fs::write(folder.path().join("templates/files.yaml"), template)?;
    let said = Command::new(Chart::program()).args(["template", "."]).current_dir(folder.path()).output()?;
    let files = documents(&String::from_utf8(said.stdout)?).into_iter().next();
    for (name, text) in files.as_ref().and_then(Value::as_object).ok_or("no certificate")? {
        std::fs::write(folder.path().join(name), text.as_str().unwrap_or_default())?;
    }
    Ok(folder)
}
