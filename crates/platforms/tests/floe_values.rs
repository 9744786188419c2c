//! `floe-helm generate`: values of the floe charts, out of what floe compiles.

use std::path::{Path, PathBuf};

use rhumb_floe::{MOST, Said, run};
use rhumb_platforms::{Chart, Objects, root, value};
use serde_json::{Value, json};

/// A folder with a document, and what else a run reads.
struct Place(tempfile::TempDir);

impl Place {
    fn new(document: &Value) -> Place {
        let place = Place(tempfile::tempdir().expect("a folder"));
        place.write("artifacts.json", &document.to_string());
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, text).expect("a file");
        path.display().to_string()
    }

    /// A run for a chart, with what it wrote to `values.yaml`.
    fn run(&self, chart: Chart, more: &[&str]) -> (Said, Option<String>) {
        let file = self.path("values.yaml");
        let _ = std::fs::remove_file(&file);
        let mut words = vec!["generate".to_owned(), "--artifacts".to_owned(), path(&self.path("artifacts.json"))];
        words.extend(["--chart".to_owned(), path(&chart.path()), "--output".to_owned(), path(&file)]);
        words.extend(more.iter().map(|word| (*word).to_owned()));
        let said = run(&words);
        let written = std::fs::read_to_string(&file).ok();
        let left: Vec<_> =
            std::fs::read_dir(self.0.path()).expect("a folder").flatten().map(|e| e.file_name()).collect();
        assert!(left.iter().all(|name| !name.to_string_lossy().starts_with('.')), "{left:?}");
        (said, written)
    }

    /// The objects of the chart with the result, by Helm too where it is asked.
    fn render(&self, chart: Chart, more: &[&str]) -> (Objects, String) {
        let (said, written) = self.run(chart, more);
        assert_eq!(said.exit, 0, "{}", said.err);
        let text = written.expect("a file");
        (chart.render(&["--values", &path(&self.path("values.yaml"))]), text)
    }
}

fn path(path: &Path) -> String {
    path.display().to_string()
}

fn reference(source: &str, name: &str, key: &str) -> Value {
    json!({"source": source, "name": name, "key": key})
}

/// A document with all that the charts read.
fn document() -> Value {
    json!({
        "version": "0.10.0",
        "metadata": {"product_name": "customers", "product_version": "1.2.0", "source_hash": "sha256:4f53cda18c2baa0c"},
        "identity": {"product_id": "default.customers", "domain": "default"},
        "mode": "simple",
        "plugins": {
            "compute": {"type": "duckdb", "version": "0.1.0", "config": {"threads": 4}},
            "orchestrator": {"type": "dagster", "version": "0.1.0", "config": null},
            "catalog": {"type": "polaris", "version": "0.1.0", "config": {
                "uri": "http://floe-polaris.floe:8181/api/catalog",
                "warehouse": "demo",
                "oauth2": {"client_id": reference("vault", "polaris-login", "id"), "client_secret": reference("vault", "polaris-login", "secret")},
            }},
            "storage": {"type": "s3", "version": "0.1.0", "config": {
                "bucket": "floe-lake", "region": "eu-central-1", "path_style_access": false,
                "access_key_id": reference("kubernetes", "object-store", "id"),
                "secret_access_key": reference("kubernetes", "object-store", "key"),
            }},
        },
        "observability": {"telemetry": {"enabled": true}, "lineage": false},
        "transforms": {"default_compute": "duckdb", "models": [{"name": "dim_customers", "tags": ["nightly"]}]},
        "dbt_profiles": {"customers": {"target": "dev", "outputs": {
            "dev": {"type": "duckdb", "path": "/tmp/dev.duckdb"},
            "prod": {"type": "duckdb", "path": "/tmp/prod.duckdb", "token": "{{ env_var('FLOE_SECRET_OBJECT_STORE_KEY') }}"},
        }}},
    })
}

const IMAGE: [&str; 2] = ["--image", "ghcr.io/example/customers:1.2.0"];
const STORE: [&str; 2] = ["--secret-store", "vault"];

/// X-08: the platform has the parts that the document names, the catalog over its bucket, and each environment is its own: production
/// has two of everything, an outside database, policies.
#[test]
fn x08_a_document_becomes_a_platform() {
    let place = Place::new(&document());
    let (dev, _) = place.render(Chart::FLOE_PLATFORM, &STORE);
    assert_eq!((dev.count("StatefulSet"), dev.count("HorizontalPodAutoscaler")), (1, 0));
    let bootstrap =
        value(dev.get("ConfigMap", "floe-polaris-bootstrap")["data"]["bootstrap.json"].as_str().expect("a text"));
    assert_eq!(bootstrap["catalogs"][0]["name"], "demo");
    assert_eq!(bootstrap["catalogs"][0]["properties"]["default-base-location"], "s3://floe-lake/demo");
    let (prod, text) = place.render(Chart::FLOE_PLATFORM, &[&["--env", "prod"], &STORE[..]].concat());
    assert_eq!((prod.count("StatefulSet"), prod.count("HorizontalPodAutoscaler"), prod.count("Secret")), (0, 3, 0));
    assert!(prod.count("NetworkPolicy") >= 5);
    assert!(text.starts_with(
        "# Written by floe-helm for floe-platform 0.1.0, environment prod, from customers 1.2.0 (sha256:4f53"
    ));

    let mut less = document();
    less["plugins"]["orchestrator"]["type"] = json!("airflow");
    less["observability"]["telemetry"]["enabled"] = json!(false);
    let place = Place::new(&less);
    let (said, _) = place.run(Chart::FLOE_PLATFORM, &STORE);
    assert!(said.err.contains("note: the orchestrator is airflow, so dagster is off"), "{}", said.err);
    let (objects, _) = place.render(Chart::FLOE_PLATFORM, &STORE);
    let names = objects.names().join("\n");
    assert!(!names.contains("dagster") && !names.contains("otel") && names.contains("polaris"), "{names}");
}

/// X-08, F-07: the jobs have the document byte for byte, the target of their environment, and secrets by the names that the profiles
/// read: what is in a store as an ExternalSecret, what is in the cluster by its Secret; no value of a secret is anywhere.
#[test]
fn x08_a_document_becomes_jobs() {
    let place = Place::new(&document());
    let (objects, _) = place.render(Chart::FLOE_JOBS, &[&["--env", "prod"], &IMAGE[..], &STORE].concat());
    let text = std::fs::read_to_string(place.path("artifacts.json")).expect("a file");
    assert_eq!(objects.get("ConfigMap", "floe-jobs-artifacts")["data"]["compiled_artifacts.json"], text);
    let job = objects.kind("Job").next().expect("a Job");
    let container = &job["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(container["image"], "ghcr.io/example/customers:1.2.0");
    let args = container["args"].as_array().expect("arguments");
    let target = args.iter().position(|arg| arg == "--target").expect("--target");
    assert_eq!(args[target + 1], "prod");
    let env = container["env"].as_array().expect("variables");
    let of =
        |name: &str| env.iter().find(|v| v["name"] == name).unwrap_or_else(|| panic!("no {name}: {env:?}")).clone();
    let key = &of("FLOE_SECRET_OBJECT_STORE_KEY")["valueFrom"]["secretKeyRef"];
    assert_eq!(*key, json!({"name": "object-store", "key": "key"}));
    assert_eq!(of("POLARIS_WAREHOUSE")["value"], "demo");
    let stored = objects.get("ExternalSecret", "floe-jobs-polaris-login");
    let keys: Vec<_> = stored["spec"]["data"].as_array().expect("data").iter().map(|d| &d["secretKey"]).collect();
    assert_eq!(keys, ["FLOE_SECRET_POLARIS_LOGIN_ID", "FLOE_SECRET_POLARIS_LOGIN_SECRET"]);
    assert_eq!(stored["spec"]["secretStoreRef"]["name"], "vault");
    assert_eq!(objects.count("Secret"), 0);
}

/// X-08: plugins' values are merged into each other and over the document's, the user's over all; where two plugins disagree, the user
/// has the word.
#[test]
fn x08_plugins_are_merged() {
    let place = Place::new(&document());
    let compute = place.write(
        "duckdb.yaml",
        "dagster:\n  runLauncher:\n    resources: {limits: {memory: 8Gi}}\n  daemon: {logLevel: debug}\n",
    );
    let storage = place.write(
        "s3.json",
        r#"{"dagster": {"computeLogs": {"type": "s3", "s3": {"bucket": "logs"}}}, "polaris": {"replicas": 2}}"#,
    );
    let own = place.write("own.yaml", "polaris: {replicas: 3}\n");
    let (compute, storage) = (format!("duckdb={compute}"), format!("s3={storage}"));
    let both = ["--plugin-values", &storage, "--plugin-values", &compute, "--values", &own, "--secret-store", "vault"];
    let (objects, text) = place.render(Chart::FLOE_PLATFORM, &both);
    let values = value(&text);
    assert_eq!(values["dagster"]["runLauncher"]["resources"]["limits"]["memory"], "8Gi");
    assert_eq!(
        (&values["dagster"]["computeLogs"]["s3"]["bucket"], &values["dagster"]["enabled"]),
        (&json!("logs"), &json!(true))
    );
    assert_eq!(objects.get("Deployment", "floe-polaris")["spec"]["replicas"], 3);

    let other = place.write("other.yaml", "polaris: {replicas: 4}\n");
    let other = format!("duckdb={other}");
    let disagree = ["--plugin-values", &other, "--plugin-values", &storage, "--secret-store", "vault"];
    let (said, written) = place.run(Chart::FLOE_PLATFORM, &disagree);
    assert!(written.is_none() && said.exit == 1, "{}", said.err);
    assert!(said.err.contains("polaris.replicas: compute duckdb wants 4, storage s3 wants 2"), "{}", said.err);
    let (objects, _) = place.render(Chart::FLOE_PLATFORM, &[&disagree[..], &["--values", &own]].concat());
    assert_eq!(objects.get("Deployment", "floe-polaris")["spec"]["replicas"], 3);
}

/// X-08, X-11: whatever is wrong is said, with where, and nothing is written, not even over a file of an earlier run.
#[test]
fn x08_bad_input_writes_nothing() {
    let change = |path: &str, new: Value| {
        let mut document = document();
        *document.pointer_mut(path).expect("a place") = new;
        document
    };
    let table: &[(Value, &[&str], &str)] = &[
        (json!([]), &[], "it is not a JSON object"),
        (change("/version", json!("2.0.0")), &[], "versions 0.x.y are known"),
        (change("/metadata", json!({})), &[], "metadata.product_name is missing"),
        (change("/plugins/catalog/config/oauth2/client_secret", json!("hunter2")), &[], "client_secret holds a secret"),
        (change("/plugins/catalog/config/oauth2/client_secret/name", json!("A B")), &[], "is no reference to a secret"),
        (document(), &["--secret-store", "UPPER CASE"], "/externalSecrets/secretStoreRef/name"),
        (document(), &["--plugin-values", "spark=x.yaml"], "the document has duckdb, dagster, polaris, s3"),
        (document(), &["--values", "/no/such/file.yaml"], "no such file"),
        (document(), &["--image", "a/b:1"], "--image is for the jobs"),
        (document(), &["--env", "production"], "not one of dev, qa"),
        (document(), &[], "name it with --secret-store"),
        (change("/plugins/storage/config/bucket", json!("a b")), &STORE, "does not take the result"),
    ];
    for (document, more, words) in table {
        let place = Place::new(document);
        let (said, written) = place.run(Chart::FLOE_PLATFORM, more);
        assert!(said.exit != 0 && said.out.is_empty() && written.is_none(), "{words}: {}", said.err);
        assert!(
            said.err.to_lowercase().contains(&words.to_lowercase()) && !said.err.contains("hunter2"),
            "{words}: {}",
            said.err
        );
    }
    let place = Place::new(&document());
    let bad = place.write("bad.yaml", "polaris: {replicas: many}\n");
    let (said, _) = place.run(Chart::FLOE_PLATFORM, &["--values", &bad, "--secret-store", "vault"]);
    assert!(said.err.contains("at '/replicas': got string, want integer"), "{}", said.err);
    let impossible = place.write("bad.yaml", "polaris: {replicas: 3, autoscaling: {enabled: true}}\n");
    let (said, _) = place.run(Chart::FLOE_PLATFORM, &["--values", &impossible, "--secret-store", "vault"]);
    assert!(said.err.contains("replicas is 3 and autoscaling.enabled is true"), "{}", said.err);
    let (said, _) = place.run(Chart::FLOE_JOBS, &STORE);
    assert!(said.err.contains("--image names it"), "{}", said.err);
    let (said, _) = place.run(Chart::DAGSTER, &[]);
    assert!(said.err.contains("values are for floe-platform or floe-jobs"), "{}", said.err);

    let earlier = place.write("kept.yaml", "of: an earlier run\n");
    let words =
        ["generate", "--artifacts", &path(&place.path("artifacts.json")), "--output", &earlier].map(str::to_owned);
    assert_ne!(run(&[&words[..], &["--chart".to_owned(), path(&Chart::FLOE_PLATFORM.path())]].concat()).exit, 0);
    assert_eq!(std::fs::read_to_string(place.path("kept.yaml")).expect("a file"), "of: an earlier run\n");
}

/// X-02: a result is below 1 MB and there within ten seconds, for a document of any size that the chart takes; a larger one is refused
/// with a way out, which works.
#[test]
fn x02_results_are_small_and_quick() {
    let with_models = |count: usize| {
        let mut document = document();
        let models =
            (0..count).map(|n| json!({"name": format!("model_{n}"), "compute": "duckdb", "tags": ["nightly", "all"]}));
        document["transforms"]["models"] = models.collect();
        document
    };
    let start = std::time::Instant::now();
    let place = Place::new(&with_models(12_000));
    let (said, written) = place.run(Chart::FLOE_JOBS, &[&IMAGE[..], &STORE].concat());
    let text = written.unwrap_or_else(|| panic!("{}", said.err));
    assert!(text.len() > 700_000 && text.len() < MOST, "{}", text.len());
    let large = Place::new(&with_models(30_000));
    let (said, written) = large.run(Chart::FLOE_JOBS, &[&IMAGE[..], &STORE].concat());
    assert!(written.is_none() && said.err.contains("compiledArtifacts.existingConfigMap"), "{}", said.err);
    let own = large.write("own.yaml", "compiledArtifacts: {existingConfigMap: customers-artifacts}\n");
    let (said, written) = large.run(Chart::FLOE_JOBS, &[&IMAGE[..], &STORE, &["--values", &own]].concat());
    assert!(written.is_some_and(|text| text.len() < 10_000), "{}", said.err);
    let (_, platform) = large.run(Chart::FLOE_PLATFORM, &STORE);
    assert!(platform.is_some_and(|text| text.len() < 10_000));
    assert!(start.elapsed().as_secs() < 40, "four runs: {:?}", start.elapsed());
}

/// X-08: the same input gives the same bytes, to a file and to standard output; and the READMEs show it as it is.
#[test]
fn x08_results_are_the_same_twice() {
    let place = Place::new(&document());
    let (_, first) = place.run(Chart::FLOE_PLATFORM, &STORE);
    let (_, second) = place.run(Chart::FLOE_PLATFORM, &STORE);
    assert_eq!(first, second);
    let words = [
        "generate",
        "--artifacts",
        &path(&place.path("artifacts.json")),
        "--chart",
        &path(&Chart::FLOE_PLATFORM.path()),
    ];
    let said = run(&[&words[..], &STORE].concat().iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
    assert_eq!(Some(String::from_utf8(said.out).expect("UTF-8")), first);
    for chart in [Chart::FLOE_PLATFORM, Chart::FLOE_JOBS] {
        let readme = chart.file("README.md");
        let block = readme.split("cargo run --release --package rhumb-floe -- ").nth(1).expect("an example");
        let line = block.split("```").next().expect("a block").replace("\\\n", " ");
        let words: Vec<String> = line.lines().next().expect("a line").split_whitespace().map(str::to_owned).collect();
        let inside = |word: &String| if word.starts_with("charts/") { path(&root().join(word)) } else { word.clone() };
        let out = path(&place.path("example.yaml"));
        let words = words.iter().map(|word| if word == "values.generated.yaml" { out.clone() } else { inside(word) });
        let said = run(&words.collect::<Vec<_>>());
        assert_eq!(said.exit, 0, "{line}: {}", said.err);
        assert!(chart.render(&["--values", &out]).count("ServiceAccount") >= 1);
    }
}
