//! Polaris alone as a release on a real API server, by the real Helm: what is generated there, and what becomes of it.
//!
//! Nothing runs there, so hooks are left out. Without the parts that `cargo xtask lab` gets nothing is tried, which under `RHUMB_LIVE=1`
//! is a failure.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rhumb_platforms::cluster::Cluster;
use rhumb_platforms::programs::copy;
use rhumb_platforms::{Chart, live, value};
use rhumb_testkit::reference;
use serde_json::Value;

const CHART: Chart = Chart::POLARIS;

/// The server, and Helm for it.
struct Lab {
    cluster: Cluster,
    folder: tempfile::TempDir,
}

impl Lab {
    /// None where its parts are not on this machine and need not be.
    fn start() -> Option<Lab> {
        if !live() && (Cluster::can_start().is_err() || reference::path().is_none()) {
            return None;
        }
        let cluster = Cluster::start("lake").expect("an API server");
        let lab = Lab { cluster, folder: tempfile::tempdir().expect("a folder") };
        lab.cluster.must(&["create", "namespace", "lake"], "").expect("a namespace");
        Some(lab)
    }

    fn helm(&self, args: &[&str]) {
        self.cluster.helm(CHART, &[args, &["--no-hooks"]].concat()).expect("Helm");
    }

    /// An object, if it is there.
    fn get(&self, kind: &str, name: &str) -> Option<Value> {
        let answer =
            self.cluster.kubectl(&["get", kind, name, "--ignore-not-found", "--output", "yaml"], "").expect("kubectl");
        assert_eq!(answer.exit, 0, "{}", answer.stderr);
        (!answer.stdout.is_empty()).then(|| value(&answer.stdout))
    }

    /// What a Secret holds, in base64 by key.
    fn data(&self, name: &str) -> Value {
        self.get("secret", name).unwrap_or_else(|| panic!("no Secret {name}"))["data"].clone()
    }

    fn jobs(&self) -> Vec<String> {
        let answer = self.cluster.kubectl(&["get", "jobs", "--output", "name"], "").expect("kubectl");
        answer.stdout.lines().map(str::to_owned).collect()
    }
}

/// The bytes of a text in base64, its lines in one.
fn decode(text: &str) -> Vec<u8> {
    STANDARD.decode(text.replace('\n', "")).expect("base64")
}

/// The DER in a PEM text of a Secret.
fn der(data: &Value, key: &str, label: &str) -> Vec<u8> {
    let pem = String::from_utf8(decode(data[key].as_str().expect("a text"))).expect("PEM");
    let body = pem.strip_prefix(&format!("-----BEGIN {label}-----\n"));
    let body = body.and_then(|body| body.strip_suffix(&format!("\n-----END {label}-----\n")));
    decode(body.unwrap_or_else(|| panic!("no {label}: {pem}")))
}

const WITH: &str = "postgresql.host=db.internal,postgresql.existingSecret=polaris-database";

/// P-21, REQ-631, F-21, BP-20: password and keys are made once, real ones that belong together, and stay over upgrades and a rollback;
/// the password stays even where the release goes. Nothing that cannot be changed is changed on the way.
#[test]
fn p21_what_is_generated_stays() {
    let Some(lab) = Lab::start() else { return };
    lab.helm(&["install", "polaris", ".", "--set", WITH]);
    let (root, keys) = (lab.data("polaris-root-credentials"), lab.data("polaris-token-broker"));
    assert_eq!(decode(root["client-id"].as_str().expect("a text")), b"root");
    let password = decode(root["client-secret"].as_str().expect("a text"));
    assert!(password.len() == 32 && password.iter().all(u8::is_ascii_alphanumeric));

    // Both keys have the same modulus: 512 bytes behind a zero.
    let (public, private) = (der(&keys, "public.pem", "PUBLIC KEY"), der(&keys, "private.pem", "PRIVATE KEY"));
    let modulus = &public[28..28 + 517];
    assert_eq!(modulus[..5], [2, 0x82, 2, 1, 0]);
    assert_eq!(private[..2], [0x30, 0x82]);
    assert!(private.windows(517).any(|part| part == modulus), "the keys do not belong together");
    assert_eq!(public[28 + 517..], [2, 3, 1, 0, 1]);

    let jobs = lab.jobs();
    assert_eq!(jobs.len(), 1, "{jobs:?}");
    let next = lab.folder.path().join("next");
    copy(&CHART.path(), &next).expect("a copy");
    let file = next.join("Chart.yaml");
    let text = std::fs::read_to_string(&file).expect("a file").replace("version: 0.1.0", "version: 0.2.0");
    std::fs::write(&file, text).expect("a file");
    let next = next.to_str().expect("UTF-8");
    let other = format!("{WITH},replicas=3,logging.level=DEBUG,realms={{POLARIS,SANDBOX}}");
    let steps: [(&[&str], usize); 4] = [
        (&["upgrade", "polaris", ".", "--set", WITH], 0),
        (&["upgrade", "polaris", next, "--set", WITH], 0),
        (&["upgrade", "polaris", ".", "--set", &other], 1),
        (&["rollback", "polaris", "1"], 0),
    ];
    for (step, fresh) in steps {
        lab.helm(step);
        assert_eq!(lab.data("polaris-root-credentials"), root, "{step:?}");
        assert_eq!(lab.data("polaris-token-broker"), keys, "{step:?}");
        let now = lab.jobs();
        assert_eq!((now.len(), now.iter().filter(|job| !jobs.contains(job)).count()), (1, fresh), "{step:?}: {now:?}");
    }
    lab.helm(&["uninstall", "polaris"]);
    assert_eq!(lab.data("polaris-root-credentials"), root);
    assert_eq!(lab.get("secret", "polaris-token-broker"), None);
    assert_eq!(lab.jobs(), [""; 0]);
    lab.helm(&["install", "polaris", ".", "--set", WITH, "--set", "auth.tokenBroker.type=symmetric-key"]);
    assert_eq!(lab.data("polaris-root-credentials"), root);
    assert_eq!(decode(lab.data("polaris-token-broker")["symmetric.key"].as_str().expect("a text")).len(), 64);
    let given = format!("{WITH},bootstrap.credentials.clientSecret=of-my-own");
    lab.helm(&["upgrade", "polaris", ".", "--set", &given]);
    assert_eq!(decode(lab.data("polaris-root-credentials")["client-secret"].as_str().expect("a text")), b"of-my-own");
}
