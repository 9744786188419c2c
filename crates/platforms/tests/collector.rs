//! The generated configurations of the collector, given to the real one. Without it (`cargo xtask lab`) there are no trials.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output, Stdio};
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use rhumb_platforms::programs::{Running, ports, until, words};
use rhumb_platforms::{Chart, live};
use rhumb_testkit::lab;

/// Variables that the configurations read; the pod's address is this machine's own.
const VARIABLES: &[(&str, &str)] =
    &[("MY_POD_IP", "127.0.0.1"), ("GRAFANA_CLOUD_TOKEN", "t"), ("OTLP_HONEY_X_HONEYCOMB_TEAM", "t")];

/// What no collector of the lab can try: Datadog's exporter is not built into it, and pods are watched by no API server here.
const ALL_BUT: &[&str] = &[
    "-f",
    "ci/everything-values.yaml",
    "--set",
    "exporters.datadog.enabled=false,presets.kubernetesAttributes.enabled=false",
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let found = lab::COLLECTOR.path().map(|folder| folder.join("otelcol"));
    assert!(found.is_some() || !live(), "the collector is not on this machine: cargo xtask lab");
    let trials = found.map(trials).unwrap_or_default();
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// REQ-626, F-02: each preset of the exporters is taken by the collector, without a word about old names; a wrong key is not; and a
/// span that is sent is written to the log.
fn trials(collector: PathBuf) -> Vec<Trial> {
    let taken: &[(&str, &[&str])] = &[
        ("defaults", &[]),
        ("all exporters but Datadog", ALL_BUT),
        ("names of pods", &["--set", "presets.kubernetesAttributes.enabled=true"]),
        ("HTTP only, no metrics", &["--set", "receivers.otlp.grpc.enabled=false,metrics.enabled=false"]),
        ("a tenth of the traces", &["--set", "processors.sampling.percentage=10"]),
        ("an override", &["--set-json", r#"configOverride={"processors":{"batch":{"send_batch_max_size":4096}}}"#]),
    ];
    let mut trials: Vec<Trial> = Vec::new();
    for (name, args) in taken {
        let (collector, args) = (collector.clone(), *args);
        trials.push(Trial::test(format!("req_626 takes {name}"), move || {
            let said = validate(&collector, args)?;
            if said.status.success() { Ok(()) } else { Err(words(&said).into()) }
        }));
    }
    let other = collector.clone();
    trials.push(Trial::test("req_626 refuses a wrong key", move || {
        let said = validate(&other, &["--set-json", r#"configOverride={"exporters":{"debug":{"verbose":true}}}"#])?;
        let said = (said.status.success(), words(&said));
        if !said.0 && said.1.contains("invalid keys: verbose") { Ok(()) } else { Err(said.1.into()) }
    }));
    trials.push(Trial::test("f02 a span arrives", move || span(&collector)));
    trials
}

/// The configuration of a render, in a file.
fn configuration(folder: &Path, args: &[&str]) -> PathBuf {
    let objects = Chart::OTEL_COLLECTOR.render(args);
    let map = objects.kind("ConfigMap").next().expect("a ConfigMap");
    let file = folder.join("relay.yaml");
    std::fs::write(&file, map["data"]["relay.yaml"].as_str().expect("a configuration")).expect("written");
    file
}

fn validate(collector: &Path, args: &[&str]) -> Result<Output, Failed> {
    let folder = tempfile::tempdir()?;
    let file = configuration(folder.path(), args);
    Ok(Command::new(collector).arg("validate").arg("--config").arg(file).envs(VARIABLES.iter().copied()).output()?)
}

/// Starts it with everything that can be started here, sends a span, and finds it in what the debug exporter wrote.
fn span(collector: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let ports = ports::<5>()?;
    let set = format!(
        "exporters.debug.verbosity=detailed,processors.batch.timeout=100ms,processors.sampling.percentage=100,\
         receivers.otlp.grpc.port={},receivers.otlp.http.port={},healthCheck.port={},metrics.port={},exporters.prometheus.port={}",
        ports[0], ports[1], ports[2], ports[3], ports[4]
    );
    let file = configuration(folder.path(), &[ALL_BUT, &["--set", &set]].concat());
    let log = folder.path().join("log");
    let mut command = Command::new(collector);
    command.arg("--config").arg(file).envs(VARIABLES.iter().copied());
    let _running = Running::start(command.stderr(std::fs::File::create(&log)?).stdout(Stdio::null()))?;
    let read = || std::fs::read_to_string(&log).unwrap_or_default();
    until(|| ask(ports[2], "GET", "/", "").is_ok_and(|answer| answer.contains("200 OK")))
        .map_err(|why| why + &read())?;
    let body = r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c",
        "spanId":"eee19b7ec3c1b174","name":"the way of a span","kind":1,"startTimeUnixNano":"1","endTimeUnixNano":"2"}]}]}]}"#;
    let answer = ask(ports[1], "POST", "/v1/traces", body)?;
    // What the chart's test pod looks for.
    if !answer.contains("partialSuccess") || answer.contains("rejectedSpans") {
        return Err(answer.into());
    }
    until(|| read().contains("the way of a span")).map_err(|why| why + &read())?;
    if ask(ports[3], "GET", "/metrics", "")?.contains("otelcol_receiver_accepted_spans")
        && !read().contains("deprecated")
    {
        return Ok(());
    }
    Err(read().into())
}

/// One HTTP exchange.
fn ask(port: u16, method: &str, path: &str, body: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let head = "Host: localhost\r\nConnection: close\r\nContent-Type: application/json";
    write!(stream, "{method} {path} HTTP/1.1\r\n{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
