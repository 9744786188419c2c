//! What a real API server says of every object of every chart, under each values file: nothing is refused, by strict validation and a
//! server-side dry run, in a namespace with the restricted Pod Security standard, and it warns of nothing.
//!
//! Only pods are refused by Pod Security, so the pod template of each workload, hook and test is sent as a pod too. Without the parts
//! that `cargo xtask lab` gets there are no trials, which under `RHUMB_LIVE=1` is a failure.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use rhumb_platforms::cluster::Cluster;
use rhumb_platforms::matrix::{Setting, settings};
use rhumb_platforms::{Answer, Objects, documents, live};
use serde_json::{Value, json};

/// Groups of resources whose definitions are in no module, only in a chart: their objects cannot be sent.
const UNPUBLISHED: &[&str] = &["policy.linkerd.io/"];

/// Where the objects are sent.
const NAMESPACE: &str = "restricted";

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let nothing = || libtest_mimic::run(&arguments, Vec::new()).exit_code();
    if arguments.list {
        return libtest_mimic::run(&arguments, settings().iter().map(|s| Trial::test(s.name(), || Ok(()))).collect())
            .exit_code();
    }
    match Cluster::can_start() {
        Err(_) if !live() => return nothing(),
        Err(why) => return broken(&arguments, why),
        Ok(()) => {}
    }
    let cluster = match Cluster::start(NAMESPACE).and_then(prepared) {
        Ok(cluster) => Arc::new(cluster),
        Err(why) => return broken(&arguments, why),
    };
    let trials = settings().into_iter().map(|setting| {
        let cluster = Arc::clone(&cluster);
        Trial::test(setting.name(), move || check(&cluster, &setting))
    });
    let mut trials: Vec<Trial> = trials.collect();
    let shared = Arc::clone(&cluster);
    trials.push(Trial::test("what is wrong is refused", move || refused(&shared)));
    // The last reference to the cluster is dropped here, which ends it.
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn broken(arguments: &Arguments, why: String) -> ExitCode {
    let trial = Trial::test("the cluster starts", || Err(Failed::from(why)));
    libtest_mimic::run(arguments, vec![trial]).exit_code()
}

/// The namespace.
fn prepared(cluster: Cluster) -> Result<Cluster, String> {
    cluster.must(&["create", "-f", "-"], &namespace(NAMESPACE).to_string())?;
    Ok(cluster)
}

fn namespace(name: &str) -> Value {
    let labels = json!({
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/warn": "restricted"
    });
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})
}

/// F-14, F-16, P-07, BP-02: every row of the setting's pairs is taken: the objects, and the pods that they make.
fn check(cluster: &Cluster, setting: &Setting) -> Result<(), Failed> {
    let mut sent = BTreeSet::new();
    let mut all = Vec::new();
    for args in setting.pairs()?.rows {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let objects = setting.chart.render_as(setting.chart.release, NAMESPACE, &args);
        let pods: Vec<Value> = objects.pods().into_iter().filter_map(|(object, pod)| as_pod(object, pod)).collect();
        // Most objects are the same in most rows.
        let group = |object: &Value| object["apiVersion"].as_str().unwrap_or_default().to_owned();
        let known = |object: &Value| !UNPUBLISHED.iter().any(|name| group(object).starts_with(name));
        let fresh = objects.iter().cloned().chain(pods).filter(|o| known(o) && sent.insert(o.to_string()));
        all.extend(fresh);
    }
    if all.is_empty() {
        // The chart alone is refused; it is tried with its values files.
        return Ok(());
    }
    needs(cluster, &all)?;
    let answer = send(cluster, &all)?;
    let complaints: Vec<&str> = answer.stderr.lines().filter(|line| !line.is_empty()).collect();
    if answer.exit == 0 && complaints.is_empty() {
        return Ok(());
    }
    Err(Failed::from(format!("{} objects of {}:\n{}", all.len(), setting.name(), complaints.join("\n"))))
}

fn send(cluster: &Cluster, objects: &[Value]) -> Result<Answer, Failed> {
    let list = json!({"apiVersion": "v1", "kind": "List", "items": objects});
    let args = ["apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", "-"];
    Ok(cluster.kubectl(&args, &list.to_string())?)
}

/// The pod that a pod template makes; a Pod is sent as it is.
fn as_pod(object: &Value, template: &Value) -> Option<Value> {
    if object["kind"] == "Pod" {
        return None;
    }
    let mut metadata = template["metadata"].clone();
    // A name for messages; cut, because a job's name may be longer than what its pods' names begin with.
    let name = format!("{}-{}", object["kind"].as_str()?.to_lowercase(), object["metadata"]["name"].as_str()?);
    metadata["name"] = Value::from(name.get(..63).unwrap_or(&name).trim_end_matches(['-', '.']));
    metadata["namespace"] = object["metadata"]["namespace"].clone();
    if metadata["namespace"].is_null() {
        metadata["namespace"] = Value::from(NAMESPACE);
    }
    let mut spec = template["spec"].clone();
    // The claims of a StatefulSet become volumes of its pods.
    let claims = object["spec"]["volumeClaimTemplates"].as_array().into_iter().flatten();
    let volumes = claims.map(|claim| {
        let name = &claim["metadata"]["name"];
        json!({"name": name, "persistentVolumeClaim": {"claimName": name}})
    });
    let volumes: Vec<Value> = spec["volumes"].as_array().into_iter().flatten().cloned().chain(volumes).collect();
    spec["volumes"] = Value::from(volumes);
    Some(json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}))
}

/// Makes what the objects take for granted, and a cluster's owner has: other namespaces, classes of priority and of runtimes.
fn needs(cluster: &Cluster, objects: &[Value]) -> Result<(), Failed> {
    let mut needs = BTreeSet::new();
    for object in objects {
        if let Some(name) = object["metadata"]["namespace"].as_str() {
            needs.insert(namespace(name).to_string());
        }
        if let Some(name) = object["spec"]["priorityClassName"].as_str().filter(|name| !name.starts_with("system-")) {
            let metadata = json!({"name": name});
            let kind = "PriorityClass";
            let class = json!({"apiVersion": "scheduling.k8s.io/v1", "kind": kind, "metadata": metadata, "value": 1});
            needs.insert(class.to_string());
        }
        if let Some(name) = object["spec"]["runtimeClassName"].as_str() {
            let metadata = json!({"name": name});
            let kind = "RuntimeClass";
            let class = json!({"apiVersion": "node.k8s.io/v1", "kind": kind, "metadata": metadata, "handler": name});
            needs.insert(class.to_string());
        }
    }
    if needs.is_empty() {
        return Ok(());
    }
    let text: Vec<String> = needs.into_iter().collect();
    Ok(cluster.must(&["apply", "--server-side", "-f", "-"], &text.join("\n---\n"))?)
}

/// That the way above sees what is wrong: an unknown field, a pod that is not restricted, a resource that is not there, a value that
/// a custom resource does not know.
fn refused(cluster: &Cluster) -> Result<(), Failed> {
    let cases = [
        (
            "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {port: 1, ports: [{port: 80}]}}",
            "unknown field \"port\"",
        ),
        (
            "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: b}]}}",
            "violates PodSecurity \"restricted:latest\"",
        ),
        ("{apiVersion: nosuch.io/v1, kind: Thing, metadata: {name: a}}", "no matches for kind \"Thing\""),
        (
            "{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a}, spec: {scaleTargetRef: {name: a}, triggers: [{type: cron, metadata: {a: 1}}]}}",
            "spec.triggers[0].metadata.a",
        ),
        (
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b}]}}}}",
            "Warning: would violate PodSecurity",
        ),
    ];
    for (text, want) in cases {
        let answer = send(cluster, &documents(text))?;
        if !answer.stderr.contains(want) {
            return Err(Failed::from(format!(
                "{text}\nis not answered by {want}:\n{}{}",
                answer.stdout, answer.stderr
            )));
        }
    }
    let objects = Objects::read(cases[4].0);
    let pods: Vec<Value> = objects.pods().into_iter().filter_map(|(object, pod)| as_pod(object, pod)).collect();
    let answer = send(cluster, &pods)?;
    if answer.exit == 0 { Err(Failed::from("the Deployment's pod is let in")) } else { Ok(()) }
}
