//! The stereo-spot chart scaled by the real KEDA: installed by the real Helm on a real API server, with queues and a bucket that moto
//! plays. There is no node, so pods are made and wait for ever: what counts is how many are wanted. `cargo xtask e2e` runs this.

#[path = "infra/apply.rs"]
mod apply;
#[path = "scaling/aws.rs"]
mod aws;
#[path = "scaling/keda.rs"]
mod keda;
#[path = "infra/terraform.rs"]
#[expect(dead_code, reason = "the static checks of Terraform's files need more of it")]
mod terraform;

use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::Duration;

use aws::{Aws, Deployment, REGION};
use keda::Plane;
use libtest_mimic::{Arguments, Failed, Trial};
use rhumb_platforms::Chart;
use rhumb_testkit::lab;
use serde_json::{Value, json};

const CHART: Chart = Chart::STEREO_SPOT;

/// Short times: a second between two looks, five until the last pod goes. What else the chart says of scaling stays.
const QUICK: &str = "keda.pollingInterval=1,keda.cooldownPeriod=5,videoWorker.gpu.enabled=false";

/// Longer than a few looks and the cooldown.
const WHILE: Duration = Duration::from_secs(9);

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials: &[(&str, Try)] = &[
        ("a queue that fills starts workers, an empty one ends them", pipeline),
        ("with one queue only its worker scales", partial),
        ("keys that are not there are told, and found when they come", keys),
        ("while a queue cannot be read nobody is ended, or a fixed number works", unreadable),
        ("the Helm of the generation before keeps what KEDA scaled", before),
    ];
    if arguments.list {
        let list = trials.iter().map(|(name, _)| Trial::test(*name, || Ok(()))).collect();
        return libtest_mimic::run(&arguments, list).exit_code();
    }
    // One plane for all: what takes time in it is its start.
    let lab = match Lab::start() {
        Ok(lab) => Arc::new(lab),
        Err(why) => panic!("{}", why.message().unwrap_or_default()),
    };
    let trial = |(name, run): &(&'static str, Try)| {
        let (lab, run) = (Arc::clone(&lab), *run);
        Trial::test(*name, move || run(&lab))
    };
    libtest_mimic::run(&arguments, trials.iter().map(trial).collect()).exit_code()
}

type Try = fn(&Lab) -> Result<(), Failed>;

struct Lab {
    plane: Plane,
    aws: Aws,
}

impl Lab {
    fn start() -> Result<Lab, Failed> {
        Ok(Lab { aws: Aws::start()?, plane: Plane::start()? })
    }

    /// A namespace that enforces the strictest Pod Security, with a deployment's queues.
    fn place(&self, name: &'static str) -> Result<Place<'_>, Failed> {
        let namespace = format!(
            "apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{pod-security.kubernetes.io/enforce: restricted}}}}\n"
        );
        self.plane.cluster.must(&["create", "--filename=-"], &namespace)?;
        Ok(Place { plane: &self.plane, aws: self.aws.deployment(name)?, endpoint: self.aws.endpoint(), name })
    }
}

/// A namespace, and the deployment of the same name.
struct Place<'a> {
    plane: &'a Plane,
    aws: Deployment<'a>,
    endpoint: String,
    name: &'static str,
}

impl Place<'_> {
    /// The real Helm, with the settings of all trials behind its arguments.
    fn helm(&self, args: &[&str]) -> Result<(), Failed> {
        let settings = format!("{QUICK},global.awsRegion={REGION},keda.awsEndpoint={}", self.endpoint);
        let all = [args, &["--namespace", self.name, "--set", &settings]].concat();
        self.plane.cluster.helm(CHART, &all).map(drop).map_err(|why| self.plane.report(&why))
    }

    /// The Secret from which KEDA takes static keys.
    fn make_keys(&self) -> Result<(), Failed> {
        let literals = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map(|key| format!("--from-literal={key}=test"));
        let args = ["create", "secret", "generic", "moto-keys", "--namespace", self.name, &literals[0], &literals[1]];
        Ok(self.plane.cluster.must(&args, "")?)
    }

    /// The state of a ScaledObject's condition, and its reason.
    fn condition(&self, name: &str, condition: &str) -> Result<(String, String), Failed> {
        let object = self.plane.get(self.name, "scaledobject", name)?;
        let all = object["status"]["conditions"].as_array().cloned().unwrap_or_default();
        let of = all.iter().find(|of| of["type"] == condition).unwrap_or(&Value::Null);
        let text = |key: &str| of[key].as_str().unwrap_or_default().to_owned();
        Ok((text("status"), text("message")))
    }

    fn reach(&self, name: &str, condition: &str, status: &str) -> Result<String, Failed> {
        self.plane.until(&format!("{}/{name} {condition}={status}", self.name), || {
            let (now, message) = self.condition(name, condition)?;
            Ok((now == status).then_some(message))
        })
    }

    /// What KEDA or the chart made of a worker's number until now.
    fn seen(&self, worker: &str) -> Vec<u64> {
        self.plane.replicas(self.name, worker)
    }

    /// Waits until a worker has a number of replicas, and has as many pods.
    fn replicas(&self, worker: &str, wanted: u64) -> Result<(), Failed> {
        let what = format!("{}/{worker} with {wanted} replicas", self.name);
        self.plane.until(&what, || {
            let object = self.plane.get(self.name, "deployment", worker)?;
            let pods = object["status"]["replicas"].as_u64().unwrap_or_default();
            Ok((object["spec"]["replicas"] == json!(wanted) && pods == wanted).then_some(()))
        })
    }

    /// Nothing changes for a while.
    fn stays(&self, worker: &str, wanted: u64) -> Result<(), Failed> {
        let before = self.seen(worker);
        std::thread::sleep(WHILE);
        let after = self.seen(worker);
        ensure(before == after && after.last() == Some(&wanted), &format!("{worker}: {before:?}, then {after:?}"))
    }

    fn queues(&self) -> [String; 3] {
        ["chunking", "videoWorker", "reassembly"].map(|key| {
            let queue = if key == "videoWorker" { "video-worker" } else { key };
            format!("queues.{key}={}", self.aws.url(queue))
        })
    }
}

/// S-22, S-23, S-04, S-11, P-01, P-08, BP-06: with the values that a real `terraform apply` writes, uploads start one media-worker each
/// and their pieces video-workers, up to the most that there may be; repeated upgrades leave the numbers alone; who works on a message
/// is not taken away; empty queues take all to 0; a message that nobody can work off ends among the dead letters, and its worker goes.
fn pipeline(lab: &Lab) -> Result<(), Failed> {
    let place = lab.place("pipeline")?;
    let aws = &place.aws;
    let mirror = lab::TERRAFORM_LOCAL.need()?;
    let (folder, _) = apply::apply(&mirror, &variables(aws))?;
    let values = folder.path().join("values.yaml").display().to_string();
    place.make_keys()?;
    let flags = ["--values", &values, "--set", "keda.auth.secretName=moto-keys,videoWorker.maxReplicas=3"];
    place.helm(&[&["install", "stereo-spot", "."], &flags[..]].concat())?;
    for worker in ["media-worker", "video-worker"] {
        place.reach(worker, "Ready", "True")?;
    }
    // A bucket that begins to notify says so to its queues at once: work for each worker, which deletes it.
    for (queue, worker) in [("chunking", "media-worker"), ("video-worker", "video-worker")] {
        place.replicas(worker, 1)?;
        let messages = aws.receive(queue, true)?;
        ensure(messages.len() == 1 && messages[0].0.contains("s3:TestEvent"), &format!("{queue}: {messages:?}"))?;
        aws.delete(queue, &messages)?;
        place.replicas(worker, 0)?;
    }
    uploads(&place, &flags)?;
    pieces(&place)?;
    dead_letters(&place)?;
    place.plane.cluster.helm(CHART, &["uninstall", "stereo-spot", "--namespace", place.name])?;
    for kind in ["scaledobject", "triggerauthentication", "horizontalpodautoscaler", "deployment"] {
        place.plane.until(&format!("the end of each {kind}"), || {
            Ok(place.plane.names(place.name, kind)?.is_empty().then_some(()))
        })?;
    }
    Ok(())
}

/// Three videos, and a file that is none.
fn uploads(place: &Place, flags: &[&str]) -> Result<(), Failed> {
    let aws = &place.aws;
    let before = place.seen("media-worker").len();
    for key in ["input/a/source.mp4", "input/b/source.mp4", "input/c/source.mp4", "input/c/notes.txt", "other/d.mp4"] {
        aws.upload(key)?;
    }
    ensure(aws.depth("chunking")? == (3, 0), &format!("chunking: {:?}", aws.depth("chunking")?))?;
    place.replicas("media-worker", 3)?;
    for tag in ["abc1", "abc2", "abc3"] {
        place.helm(
            &[&["upgrade", "stereo-spot", "."], flags, &["--set-string", &format!("image.tag={tag}")]].concat(),
        )?;
    }
    place.stays("media-worker", 3)?;
    // Each worker has its message now, and the queue looks empty.
    let messages = aws.receive("chunking", true)?;
    ensure(messages.iter().all(|(body, _)| body.contains("source.mp4")), &format!("{messages:?}"))?;
    ensure(aws.depth("chunking")? == (0, 3), &format!("chunking: {:?}", aws.depth("chunking")?))?;
    place.stays("media-worker", 3)?;
    aws.delete("chunking", &messages)?;
    place.replicas("media-worker", 0)?;
    let seen = place.seen("media-worker").split_off(before - 1);
    // All at once at the end: nobody has work, so nobody is disturbed.
    let rises = seen[..seen.len() - 1].is_sorted();
    ensure(rises && seen.first() == Some(&0) && seen[seen.len() - 2..] == [3, 0], &format!("media-worker: {seen:?}"))?;
    let other = place.seen("video-worker");
    ensure(other.last() == Some(&0), &format!("video-worker: {other:?}"))
}

/// More pieces than there may be workers.
fn pieces(place: &Place) -> Result<(), Failed> {
    let (aws, before) = (&place.aws, place.seen("media-worker"));
    for index in 0..5 {
        aws.upload(&format!("segments/a/{index:05}_00005_sbs.mp4"))?;
    }
    place.replicas("video-worker", 3)?;
    place.stays("video-worker", 3)?;
    let messages = aws.receive("video-worker", true)?;
    ensure(messages.len() == 5, &format!("{messages:?}"))?;
    aws.delete("video-worker", &messages)?;
    place.replicas("video-worker", 0)?;
    ensure(place.seen("media-worker") == before, "pieces are no work for media-worker")
}

/// A message of the second queue of media-worker that it fails at, time and again.
fn dead_letters(place: &Place) -> Result<(), Failed> {
    let aws = &place.aws;
    aws.send("reassembly", "{\"job_id\":\"nobody's\"}")?;
    place.replicas("media-worker", 1)?;
    for _ in 0..5 {
        ensure(aws.receive("reassembly", false)?.len() == 1, "it is gone before five attempts")?;
    }
    ensure(aws.receive("reassembly", false)?.is_empty(), "a sixth attempt")?;
    ensure(aws.depth("reassembly")? == (0, 0) && aws.depth("reassembly-dlq")? == (1, 0), "no dead letter")?;
    place.replicas("media-worker", 0)
}

/// S-22, S-06, P-01, P-02, P-04: a release without queues has nothing of KEDA and the chart's numbers; with the one queue of
/// video-worker only that is KEDA's, which looks at it by its own identity; without KEDA the chart's number is back, if need be by
/// force.
fn partial(lab: &Lab) -> Result<(), Failed> {
    let place = lab.place("partial")?;
    let [chunking, video, _] = place.queues();
    let chunking = ["--set", &chunking];
    place.helm(&[&["install", "stereo-spot", "."], &chunking[..], &["--set", "mediaWorker.replicas=2"]].concat())?;
    ensure(place.plane.names(place.name, "scaledobject,triggerauthentication")?.is_empty(), "objects of KEDA")?;
    place.replicas("media-worker", 2)?;
    place.replicas("video-worker", 0)?;
    let flags = [&chunking[..], &["--set", &video, "--set", "mediaWorker.replicas=2"]].concat();
    place.helm(&[&["upgrade", "stereo-spot", "."], &flags[..]].concat())?;
    place.reach("video-worker", "Ready", "True")?;
    let names = place.plane.names(place.name, "scaledobject")?;
    ensure(names == ["video-worker"], &format!("{names:?}"))?;
    let messages = place.aws.receive("video-worker", true)?;
    place.aws.delete("video-worker", &messages)?;
    place.replicas("video-worker", 0)?;
    for index in 0..4 {
        place.aws.send("video-worker", &index.to_string())?;
        place.aws.send("chunking", &index.to_string())?;
    }
    place.replicas("video-worker", 4)?;
    let seen = place.seen("media-worker");
    ensure(seen == [2], &format!("media-worker: {seen:?}"))?;
    let flags = [&["--set", "keda.enabled=false,videoWorker.replicas=1"], &flags[..]].concat();
    place.helm(&[&["upgrade", "stereo-spot", "."], &flags[..]].concat())?;
    place.plane.until("the end of KEDA's objects", || {
        let kinds = "scaledobject,triggerauthentication,horizontalpodautoscaler";
        Ok(place.plane.names(place.name, kinds)?.is_empty().then_some(()))
    })?;
    // The autoscaler may have had the last word while it went. Here somebody has: Helm does not take the number back unasked.
    place.plane.cluster.must(&["scale", "deployment/video-worker", "--replicas=4", "--namespace", place.name], "")?;
    let why = place.helm(&[&["upgrade", "stereo-spot", "."], &flags[..]].concat());
    let why = why.err().and_then(|why| why.message().map(str::to_owned)).unwrap_or_default();
    ensure(why.contains("conflict") && why.contains(".spec.replicas"), &why)?;
    place.helm(&[&["upgrade", "stereo-spot", ".", "--force-conflicts"], &flags[..]].concat())?;
    place.replicas("video-worker", 1)?;
    place.stays("video-worker", 1)
}

/// P-04, S-04: a ScaledObject is ready only when the keys of its TriggerAuthentication are there; that they are missing stands in its
/// condition, and it finds them by itself when they come.
fn keys(lab: &Lab) -> Result<(), Failed> {
    let place = lab.place("keys")?;
    let [chunking, video, reassembly] = place.queues();
    let flags = ["--set", &chunking, "--set", &video, "--set", &reassembly, "--set", "keda.auth.secretName=moto-keys"];
    place.helm(&[&["install", "stereo-spot", "."], &flags[..]].concat())?;
    let message = place.reach("video-worker", "Ready", "False")?;
    ensure(message.contains("awsAccessKeyID not found"), &message)?;
    place.make_keys()?;
    place.reach("video-worker", "Ready", "True")?;
    place.reach("media-worker", "Ready", "True").map(drop)
}

/// S-22, P-08: while a queue cannot be read its workers stay as they are, or are as many as `keda.fallback` says; when it can be read
/// again they follow it.
fn unreadable(lab: &Lab) -> Result<(), Failed> {
    let place = lab.place("unreadable")?;
    let [_, video, _] = place.queues();
    place.helm(&["install", "stereo-spot", ".", "--set", &video])?;
    place.aws.send("video-worker", "a second one, after S3's")?;
    place.replicas("video-worker", 2)?;
    place.aws.remove("video-worker")?;
    place.reach("video-worker", "Ready", "False")?;
    place.stays("video-worker", 2)?;
    let fallback = "keda.fallback.enabled=true,keda.fallback.failureThreshold=2,keda.fallback.replicas=3";
    place.helm(&["upgrade", "stereo-spot", ".", "--set", &video, "--set", fallback])?;
    place.reach("video-worker", "Fallback", "True")?;
    place.replicas("video-worker", 3)?;
    place.aws.make("video-worker")?;
    place.reach("video-worker", "Fallback", "False")?;
    place.replicas("video-worker", 0)
}

/// P-01, BP-06: with three-way merges too an upgrade leaves the number to KEDA.
fn before(lab: &Lab) -> Result<(), Failed> {
    let place = lab.place("before")?;
    let part = lab::HELMS.iter().find(|part| part.name == "helm-before").and_then(lab::Part::path);
    let program = part.ok_or("helm-before is not on this machine: cargo xtask lab")?.join("helm");
    let [chunking, video, reassembly] = place.queues();
    let helm = |verb: &str, tag: &str| -> Result<(), Failed> {
        let settings = format!("{QUICK},global.awsRegion={REGION},keda.awsEndpoint={}", place.endpoint);
        let mut helm = Command::new(&program);
        helm.args([verb, "stereo-spot", ".", "--namespace", place.name, "--set", &settings, "--set", &chunking]);
        helm.args(["--set", &video, "--set", &reassembly, "--set-string", &format!("image.tag={tag}")]);
        helm.current_dir(CHART.path()).env("KUBECONFIG", place.plane.cluster.file("kubeconfig"));
        let said = helm.output()?;
        ensure(said.status.success(), &String::from_utf8_lossy(&said.stderr))
    };
    helm("install", "abc1")?;
    place.reach("video-worker", "Ready", "True")?;
    for index in 0..2 {
        place.aws.send("video-worker", &index.to_string())?;
    }
    // The third is S3's.
    place.replicas("video-worker", 3)?;
    let seen = place.seen("video-worker");
    for tag in ["abc2", "abc3"] {
        helm("upgrade", tag)?;
    }
    place.stays("video-worker", 3)?;
    ensure(place.seen("video-worker") == seen, &format!("{seen:?}, then {:?}", place.seen("video-worker")))
}

/// What Terraform knows of a deployment when it writes the chart's values.
fn variables(aws: &Deployment) -> String {
    let name = &aws.name;
    let [chunking, video, reassembly] = ["chunking", "video-worker", "reassembly"].map(|queue| json!(aws.url(queue)));
    format!(
        "region = \"{REGION}\"\n\
         queue_urls = {{ chunking = {chunking}, video_worker = {video}, reassembly = {reassembly} }}\n\
         buckets = {{ input = \"{name}-input\", output = \"{name}-output\" }}\n\
         tables = {{ jobs = \"{name}-jobs\", segment_completions = \"{name}-pieces\", reassembly_triggered = \"{name}-joined\" }}\n"
    )
}

fn ensure(holds: bool, said: &str) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(said.into()) }
}
