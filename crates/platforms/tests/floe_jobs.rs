//! The jobs of a data product: what is rendered for which values, what is refused, and that no secret is where it should not be.

use rhumb_platforms::{Chart, Objects, golden, schema};
use serde_json::{Value, json};

const CHART: Chart = Chart::FLOE_JOBS;
const EVERYTHING: &[&str] = &["-f", "ci/everything-values.yaml"];
const IMAGE: &str = "defaults.image.repository=ghcr.io/example/dbt,defaults.image.tag=v1";

fn render(set: &str) -> Objects {
    CHART.render(&["--set", IMAGE, "--set", set])
}

fn name(object: &Value) -> &str {
    object["metadata"]["name"].as_str().expect("a name")
}

/// The only Job, and its only container.
fn job(objects: &Objects) -> (&Value, &Value) {
    let mut jobs = objects.kind("Job");
    let job = jobs.next().expect("a Job");
    assert!(jobs.next().is_none(), "one Job: {:?}", objects.names());
    (job, &job["spec"]["template"]["spec"]["containers"][0])
}

fn variable<'a>(container: &'a Value, name: &str) -> Option<&'a Value> {
    container["env"].as_array().expect("variables").iter().find(|variable| variable["name"] == name)
}

/// REQ-622, F-20: without values there is a ServiceAccount, and never a Job without an image.
#[test]
fn req_622_defaults_make_no_job() {
    let objects = CHART.render(&[]);
    assert_eq!(objects.names(), ["ServiceAccount floe-jobs"]);
}

/// F-05: the arguments of a dbt run.
#[test]
fn f05_a_dbt_run() {
    let objects = render("dbt.enabled=true,dbt.target=dev,dbt.select=tag:a +b,dbt.debug=true");
    let (job, container) = job(&objects);
    assert!(name(job).starts_with("floe-jobs-dbt-"));
    assert_eq!(container["command"], json!(["dbt"]));
    let args = json!([
        "--debug",
        "run",
        "--project-dir",
        "/dbt",
        "--profiles-dir",
        "/etc/dbt",
        "--target",
        "dev",
        "--select",
        "tag:a",
        "+b"
    ]);
    assert_eq!(container["args"], args);
    for subcommand in ["build", "test", "seed", "snapshot"] {
        let objects = render(&format!("dbt.enabled=true,dbt.subcommand={subcommand}"));
        assert_eq!(
            objects.kind("Job").next().unwrap()["spec"]["template"]["spec"]["containers"][0]["args"][0],
            subcommand
        );
    }
    let own = CHART.render(&["--set", IMAGE, "--set", "dbt.enabled=true", "--set-json", r#"dbt.args=["--version"]"#]);
    assert_eq!(
        own.kind("Job").next().unwrap()["spec"]["template"]["spec"]["containers"][0]["args"],
        json!(["--version"])
    );
}

/// F-05: a project out of a ConfigMap is read once, though Kubernetes shows its files twice; its own rules on that win.
#[test]
fn f05_a_project_of_a_configmap() {
    let objects = render("dbt.enabled=true,dbt.project.existingConfigMap=shop");
    assert_eq!(objects.get("ConfigMap", "floe-jobs-dbt-project")["data"], json!({".dbtignore": "..*\n"}));
    let (job, container) = job(&objects);
    let sources = json!([{"configMap": {"name": "floe-jobs-dbt-project"}}, {"configMap": {"name": "shop"}}]);
    let volumes = job["spec"]["template"]["spec"]["volumes"].as_array().expect("volumes");
    assert!(volumes.contains(&json!({"name": "project", "projected": {"sources": sources}})), "{volumes:?}");
    let mounts = container["volumeMounts"].as_array().expect("mounts");
    assert!(mounts.contains(&json!({"name": "project", "mountPath": "/dbt", "readOnly": true})), "{mounts:?}");
}

/// F-06: a schedule makes a CronJob, and no Job of the same name.
#[test]
fn f06_a_schedule_makes_a_cronjob() {
    let objects = CHART.render(&["-f", "ci/dbt-schedule-values.yaml"]);
    assert_eq!((objects.count("CronJob"), objects.count("Job")), (1, 0));
    let cron = objects.get("CronJob", "floe-jobs-dbt");
    assert_eq!(cron["spec"]["schedule"], "0 2 * * *");
    assert_eq!(cron["spec"]["concurrencyPolicy"], "Forbid");
    assert_eq!(cron["spec"]["startingDeadlineSeconds"], 3600);
    assert_eq!(
        (&cron["spec"]["successfulJobsHistoryLimit"], &cron["spec"]["failedJobsHistoryLimit"]),
        (&json!(3), &json!(10))
    );
    let long = CHART.render_as(&"r".repeat(53), "default", &["-f", "ci/dbt-schedule-values.yaml"]);
    assert!(name(long.kind("CronJob").next().unwrap()).len() <= 52);
}

/// F-07: the document is in the ConfigMap byte for byte, is mounted read-only, and one too large is refused with a way out.
#[test]
fn f07_compiled_artifacts_stay_as_they_are() {
    let folder = std::env::temp_dir().join(format!("rhumb-artifacts-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("artifacts.json");
    let argument = format!("compiledArtifacts.inline={}", file.display());
    let ask = ["--set", IMAGE, "--set", "dbt.enabled=true", "--set-file", &argument];
    for text in [
        "{\"version\":\"0.10.0\"}",
        "{\n  \"version\": \"0.10.0\" ,\t\"a\": \"ü 'x' # \\\"\"\n}\n",
        "{ \"version\": \"0.10.0\" }\n\n\n",
        "\n  {\"version\": \"0.10.0\",  \"trailing\": \"blanks\"}   \n",
    ] {
        std::fs::write(&file, text).unwrap();
        let objects = CHART.render(&ask);
        let map = objects.get("ConfigMap", "floe-jobs-artifacts");
        assert_eq!(map["data"]["compiled_artifacts.json"], text);
        let (job, container) = job(&objects);
        let mount = container["volumeMounts"].as_array().unwrap().iter().find(|m| m["name"] == "artifacts").unwrap();
        assert_eq!((&mount["mountPath"], &mount["readOnly"]), (&json!("/etc/floe"), &json!(true)));
        let pods = &job["spec"]["template"]["metadata"]["annotations"];
        assert_eq!(pods["checksum/artifacts"].as_str().unwrap().len(), 64);
        assert_eq!(
            variable(container, "FLOE_COMPILED_ARTIFACTS").unwrap()["value"],
            "/etc/floe/compiled_artifacts.json"
        );
    }
    std::fs::write(&file, format!("{{\"version\":\"0.1.0\",\"a\":\"{}\"}}", "x".repeat(1_040_000))).unwrap();
    assert!(CHART.refused(&ask).contains("put the document on a volume and name it in compiledArtifacts.volume"));
    std::fs::write(&file, "not json").unwrap();
    assert!(CHART.refused(&ask).contains("compiledArtifacts.inline is not JSON"));
    std::fs::remove_dir_all(&folder).unwrap();
}

/// F-07, REQ-632: what the document says reaches labels, annotations, profiles and variables; a change of it changes the pods.
#[test]
fn f07_the_document_is_read() {
    let base = ["--set", IMAGE, "--set", "dbt.enabled=true", "--set-file"];
    let file = "compiledArtifacts.inline=ci/compiled_artifacts.json";
    let objects = CHART.render(&[&base[..], &[file]].concat());
    let (job, _) = job(&objects);
    assert_eq!(job["metadata"]["labels"]["floe.dev/product"], "customers");
    let pods = &job["spec"]["template"]["metadata"];
    assert_eq!(pods["labels"]["floe.dev/product-version"], "1.2.0");
    assert_eq!(pods["annotations"]["floe.dev/source-hash"], "sha256:4f53cda18c2baa0c");
    let profiles = objects.get("ConfigMap", "floe-jobs-dbt-profiles")["data"]["profiles.yml"].as_str().unwrap();
    assert!(profiles.contains("type: duckdb"), "{profiles}");
    let changed = CHART.render(&[&base[..], &[file, "--set", "dbt.profiles.customers.target=x"]].concat());
    assert_ne!(name(changed.kind("Job").next().unwrap()), name(job));
}

/// F-08: credentials are variables from Secrets or files with rights 0400, and stand in no other object.
#[test]
fn f08_secrets_are_in_secrets_only() {
    let objects = CHART.render(EVERYTHING);
    let secret = objects.get("Secret", "floe-jobs-dev");
    assert_eq!(secret["data"]["DB_PASSWORD"], "b25seS1mb3ItdGVzdHM=");
    for object in objects.iter().filter(|object| object["kind"] != "Secret") {
        let text = object.to_string();
        assert!(!text.contains("only-for-tests") && !text.contains("b25seS1mb3ItdGVzdHM="), "{}", name(object));
    }
    let cron = objects.get("CronJob", "floe-jobs-export");
    let pod = &cron["spec"]["jobTemplate"]["spec"]["template"]["spec"];
    let token = &variable(&pod["containers"][0], "TARGET_TOKEN").unwrap()["valueFrom"]["secretKeyRef"];
    assert_eq!(*token, json!({"name": "export", "key": "token"}));
    let volume = pod["volumes"].as_array().unwrap().iter().find(|volume| volume["name"] == "secret-0").unwrap();
    assert_eq!(volume["secret"]["defaultMode"], 0o400);
    assert_eq!(objects.get("ExternalSecret", "floe-jobs-warehouse")["apiVersion"], "external-secrets.io/v1");
}

/// P-23, P-30: profiles are a map or a text, to the same end, and hold no password.
#[test]
fn p23_profiles_as_text_or_map() {
    let text = "customers: {target: dev, outputs: {dev: {type: duckdb, password: \"{{ env_var('P') }}\"}}}";
    let map = r#"{"customers":{"target":"dev","outputs":{"dev":{"type":"duckdb","password":"{{ env_var('P') }}"}}}}"#;
    for argument in [format!("dbt.profiles={}", json!(text)), format!("dbt.profiles={map}")] {
        let objects = CHART.render(&["--set", IMAGE, "--set", "dbt.enabled=true", "--set-json", &argument]);
        let written = objects.get("ConfigMap", "floe-jobs-dbt-profiles")["data"]["profiles.yml"].as_str().unwrap();
        assert_eq!(rhumb_platforms::value(written), serde_json::from_str::<Value>(map).unwrap());
        let leak = argument.replace("{{ env_var('P') }}", "hunter2");
        let said = CHART.refused(&["--set", IMAGE, "--set", "dbt.enabled=true", "--set-json", &leak]);
        assert!(said.contains("dbt.profiles has a secret at customers.outputs.dev.password"), "{said}");
    }
}

/// P-31: what one job overrides does not reach another, in whichever order they stand.
#[test]
fn p31_jobs_do_not_inherit_from_each_other() {
    let jobs = |first: &str, second: &str| {
        let set = format!(
            "jobs.{first}.command[0]=/a,jobs.{first}.backoffLimit=0,jobs.{first}.nodeSelector.gpu=yes,\
             jobs.{first}.securityContext.privileged=false,jobs.{second}.command[0]=/b"
        );
        let objects = render(&set);
        let plain = objects.kind("Job").find(|job| job["metadata"]["labels"]["app.kubernetes.io/component"] == second);
        let spec = plain.unwrap()["spec"].clone();
        assert_eq!(spec["backoffLimit"], 3);
        assert_eq!(spec["template"]["spec"].get("nodeSelector"), None);
        assert_eq!(spec["template"]["spec"]["containers"][0]["securityContext"].get("privileged"), None);
    };
    jobs("a", "b");
    jobs("b", "a");
}

/// P-35: jobs carry the labels by which the platform's network policies admit them.
#[test]
fn p35_jobs_are_known_to_the_platform() {
    for (owner, pod) in CHART.render(EVERYTHING).pods() {
        let labels = &pod["metadata"]["labels"];
        assert_eq!(labels["floe.dev/workload"], "job", "{}", name(owner));
        assert_eq!(labels["app.kubernetes.io/part-of"], "floe", "{}", name(owner));
    }
}

/// REQ-628, BP-20: a Job's name follows its definition, so that an upgrade never changes what is immutable; equal definitions keep it.
#[test]
fn req_628_a_job_is_named_after_its_definition() {
    let named = |set: &str| name(render(set).kind("Job").next().unwrap()).to_owned();
    let first = named("dbt.enabled=true");
    assert_eq!(first, named("dbt.enabled=true,commonLabels.a=b"));
    for change in [
        "dbt.target=x",
        "defaults.backoffLimit=1",
        "defaults.env[0].name=A",
        "defaults.image.tag=v2",
        "platform.warehouse=w",
    ] {
        assert_ne!(first, named(&format!("dbt.enabled=true,{change}")), "{change}");
    }
    assert!(named("dbt.enabled=true,dbt.runOnUpgrade=true").ends_with("-r1"));
}

/// REQ-627: dbt, dlt and a job of one's own; models split by what they run on.
#[test]
fn req_627_kinds_of_jobs() {
    let dlt = render("ingestion.enabled=true,ingestion.command[0]=/load");
    assert_eq!(variable(job(&dlt).1, "DLT_DATA_DIR").unwrap()["value"], "/tmp/dlt");
    let custom = render("ingestion.enabled=true,ingestion.kind=custom,ingestion.command[0]=/load");
    assert_eq!(variable(job(&custom).1, "DLT_DATA_DIR"), None);
    let split = CHART.render(EVERYTHING);
    let jobs: Vec<_> = split.kind("Job").map(|job| &job["metadata"]["labels"]["app.kubernetes.io/component"]).collect();
    assert_eq!(jobs, ["dbt-duckdb", "dbt-spark", "migrate"]);
    let tags = CHART.render(&[EVERYTHING, &["--set", "dbt.splitBy=tag"]].concat());
    let args: Vec<_> = tags
        .kind("Job")
        .filter_map(|job| job["spec"]["template"]["spec"]["containers"][0]["args"].as_array()?.last())
        .collect();
    assert_eq!(args, ["tag:marts", "tag:nightly", "tag:staging"]);
}

/// REQ-630: a map of jobs can be overlaid one by one; lists of defaults stand before a job's own, and of two variables the later stays.
#[test]
fn req_630_overlays_change_one_job() {
    let base = [
        "--set",
        IMAGE,
        "--set",
        "jobs.a.command[0]=/a,jobs.b.command[0]=/b,defaults.env[0].name=X,defaults.env[0].value=all",
    ];
    let overlaid =
        CHART.render(&[&base[..], &["--set", "jobs.a.env[0].name=X,jobs.a.env[0].value=own,jobs.b=null"]].concat());
    let (_, container) = job(&overlaid);
    assert_eq!(variable(container, "X").unwrap()["value"], "own");
    assert_eq!(container["env"].as_array().unwrap().iter().filter(|variable| variable["name"] == "X").count(), 1);
}

/// REQ-635: services are found by the platform's release, by an address of one's own, or through `global`, in this order of strength.
#[test]
fn req_635_services_of_the_platform() {
    let uri = |set: &str| {
        let objects = render(&format!("dbt.enabled=true,{set}"));
        variable(job(&objects).1, "POLARIS_URI").map(|variable| variable["value"].as_str().unwrap().to_owned())
    };
    assert_eq!(uri("dbt.debug=false"), None);
    assert_eq!(
        uri("platform.servicePrefix=floe,platform.namespace=floe-dev").unwrap(),
        "http://floe-polaris.floe-dev:8181/api/catalog"
    );
    assert_eq!(uri("global.polaris.uri=http://g:1/x,platform.servicePrefix=floe").unwrap(), "http://g:1/x");
    assert_eq!(uri("global.polaris.uri=http://g:1/x,platform.polarisEndpoint=http://own:1").unwrap(), "http://own:1");
}

/// F-10, F-12: impossible values are refused with their keys, all of them at once.
#[test]
fn f10_impossible_values_are_refused_with_their_keys() {
    let table: &[(&[&str], &[&str])] = &[
        (&["--set", "dbt.enabled=true"], &["dbt has no image: set defaults.image.repository"]),
        (&["--set", "jobs.a.command[0]=x,jobs.a.image.repository=y"], &["jobs.a has an image without a version"]),
        (&["--set", "ingestion.enabled=true", "--set", IMAGE], &["ingestion.command is required"]),
        (
            &["--set", "dbt.enabled=true,dbt.schedule=@daily,dbt.runOnUpgrade=true", "--set", IMAGE],
            &["dbt.runOnUpgrade", "keep one of the two"],
        ),
        (&["--set", "jobs.a.command[0]=x,jobs.a.kind=cronjob", "--set", IMAGE], &["jobs.a.schedule is required"]),
        (
            &["--set", "jobs.a.command[0]=x,jobs.a.kind=job,jobs.a.schedule=@daily", "--set", IMAGE],
            &["jobs.a.kind is job"],
        ),
        (
            &["--set", "jobs.ingestion.command[0]=x,ingestion.enabled=true,ingestion.command[0]=x", "--set", IMAGE],
            &["jobs.ingestion has the name of a job"],
        ),
        (
            &["--set", "compiledArtifacts.inline.version=0.1.0,compiledArtifacts.existingConfigMap=x"],
            &["compiledArtifacts.inline and compiledArtifacts.existingConfigMap"],
        ),
        (&["--set", "compiledArtifacts.inline.version=1.0.0"], &["\"1.0.0\"", "0.x.y"]),
        (&["--set", "dbt.enabled=true,dbt.splitBy=tag", "--set", IMAGE], &["dbt.splitBy reads the models"]),
        (
            &[
                "--set",
                "dbt.enabled=true,dbt.project.existingConfigMap=a,dbt.project.gitSync.repository=https://x/y",
                "--set",
                IMAGE,
            ],
            &["there is one project"],
        ),
        (&["--set", "externalSecrets.enabled=true"], &["externalSecrets.secretStoreRef.name is required"]),
        (
            &["--set", "global.environment=prod,secrets.a.stringData.K=v"],
            &["secrets holds values while global.environment is prod"],
        ),
        (
            &["--set", "global.environment=prod,jobs.a.command[0]=x,jobs.a.image.tag=latest", "--set", IMAGE],
            &["jobs.a runs the tag latest"],
        ),
        (&["--set", "configMaps.artifacts.data.a=b"], &["configMaps.artifacts has a name that the chart takes itself"]),
        (
            &["--set", "dbt.enabled=true,ingestion.enabled=true"],
            &["dbt has no image", "ingestion has no image", "ingestion.command is required"],
        ),
        (
            &[
                "--set",
                "defaults.restartPolicy=OnFailure,dbt.enabled=true,defaults.podFailurePolicy.rules[0].action=Ignore",
                "--set",
                IMAGE,
            ],
            &["needs restartPolicy Never"],
        ),
    ];
    CHART.refuses_with(table);
}

/// F-09: every leaf of values.yaml is described by the schema, and every object of it is closed or open on purpose.
#[test]
fn f09_the_schema_reaches_every_value() {
    assert_eq!(schema::uncovered(CHART), Vec::<String>::new());
    assert_eq!(schema::loose(CHART), Vec::<String>::new());
    assert!(CHART.file("values.yaml").starts_with("# yaml-language-server: $schema=./values.schema.json\n"));
}

/// F-10, P-24: wrong values are refused, each at its place.
#[test]
fn f10_wrong_values_are_refused_at_their_place() {
    schema::refuses(
        CHART,
        &[
            ("dbt.enbled=true", "/dbt"),
            ("typo.foo=1", ""),
            ("nameOverride=A", "/nameOverride"),
            ("fullnameOverride=-a", "/fullnameOverride"),
            ("commonLabels.a=1", "/commonLabels/a"),
            ("commonAnnotations=x", "/commonAnnotations"),
            ("imagePullSecrets[0].secret=x", "/imagePullSecrets/0"),
            ("resourcePreset=tiny", "/resourcePreset"),
            ("platform.servicePrefix=A", "/platform/servicePrefix"),
            ("platform.namespace=under_score", "/platform/namespace"),
            ("platform.polarisEndpoint=polaris:8181", "/platform/polarisEndpoint"),
            ("platform.otelEndpoint=1", "/platform/otelEndpoint"),
            ("platform.catalog=x", "/platform"),
            ("compiledArtifacts.inline=1", "/compiledArtifacts/inline"),
            ("compiledArtifacts.existingConfigMap=A_b", "/compiledArtifacts/existingConfigMap"),
            ("compiledArtifacts.key=a/b", "/compiledArtifacts/key"),
            ("compiledArtifacts.mountPath=etc/floe", "/compiledArtifacts/mountPath"),
            ("compiledArtifacts.volume=pvc", "/compiledArtifacts/volume"),
            ("compiledArtifacts.immutable=1", "/compiledArtifacts/immutable"),
            ("compiledArtifacts.file=x", "/compiledArtifacts"),
            ("defaults.image.repository=a:b", "/defaults/image/repository"),
            ("defaults.image.tag=a b", "/defaults/image/tag"),
            ("defaults.image.digest=md5:x", "/defaults/image/digest"),
            ("defaults.image.pullPolicy=always", "/defaults/image/pullPolicy"),
            ("defaults.restartPolicy=Always", "/defaults/restartPolicy"),
            ("defaults.backoffLimit=-1", "/defaults/backoffLimit"),
            ("defaults.activeDeadlineSeconds=0", "/defaults/activeDeadlineSeconds"),
            ("defaults.ttlSecondsAfterFinished=1h", "/defaults/ttlSecondsAfterFinished"),
            ("defaults.parallelism=1.5", "/defaults/parallelism"),
            ("defaults.completions=0", "/defaults/completions"),
            ("defaults.podFailurePolicy=x", "/defaults/podFailurePolicy"),
            ("defaults.resources.memory=1Gi", "/defaults/resources"),
            ("defaults.env[0].value=x", "/defaults/env/0"),
            ("defaults.env[0].name=A,defaults.env[0].val=x", "/defaults/env/0"),
            ("defaults.volumes[0].emptyDir.a=b", "/defaults/volumes/0"),
            ("defaults.volumeMounts[0].name=a", "/defaults/volumeMounts/0"),
            ("defaults.scratchSize=lots", "/defaults/scratchSize"),
            ("defaults.nodeSelector.a=1", "/defaults/nodeSelector/a"),
            ("defaults.tolerations=x", "/defaults/tolerations"),
            ("defaults.terminationGracePeriodSeconds=-1", "/defaults/terminationGracePeriodSeconds"),
            ("defaults.schedule=@daily", "/defaults"),
            ("cronDefaults.concurrencyPolicy=Never", "/cronDefaults/concurrencyPolicy"),
            ("cronDefaults.suspend=0", "/cronDefaults/suspend"),
            ("cronDefaults.startingDeadlineSeconds=0", "/cronDefaults/startingDeadlineSeconds"),
            ("cronDefaults.successfulJobsHistoryLimit=-1", "/cronDefaults/successfulJobsHistoryLimit"),
            ("cronDefaults.history=3", "/cronDefaults"),
            ("dbt.command[0]=1", "/dbt/command/0"),
            ("--set-json dbt.command=[]", "/dbt/command"),
            ("dbt.subcommand=deploy", "/dbt/subcommand"),
            ("dbt.args=--x", "/dbt/args"),
            ("dbt.projectDir=dbt", "/dbt/projectDir"),
            ("dbt.profilesDir=.", "/dbt/profilesDir"),
            ("dbt.splitBy=model", "/dbt/splitBy"),
            ("dbt.profiles=1", "/dbt/profiles"),
            ("dbt.project.gitSync.repository=nowhere", "/dbt/project/gitSync/repository"),
            ("dbt.project.gitSync.ref=", "/dbt/project/gitSync/ref"),
            ("dbt.project.gitSync.path=/abs", "/dbt/project/gitSync/path"),
            ("dbt.schedule=daily", "/dbt/schedule"),
            ("dbt.schedule=* * * *", "/dbt/schedule"),
            ("dbt.job.command[0]=x", "/dbt/job"),
            ("ingestion.kind=airbyte", "/ingestion/kind"),
            ("ingestion.schedule=5 minutes", "/ingestion/schedule"),
            ("jobs.Upper.command[0]=x", "/jobs"),
            ("secrets.under_score.stringData.K=v", "/secrets"),
            ("configMaps.-a.data.k=v", "/configMaps"),
            ("jobs.a.args[0]=x", "/jobs/a"),
            ("jobs.a.command=/bin/x", "/jobs/a/command"),
            ("jobs.a.command[0]=x,jobs.a.retries=3", "/jobs/a"),
            ("jobs.a.command[0]=x,jobs.a.secrets[0].name=1A", "/jobs/a/secrets/0"),
            ("jobs.a.command[0]=x,jobs.a.kind=daemon", "/jobs/a/kind"),
            ("secrets.a.data.K=v", "/secrets/a"),
            ("secrets.a.stringData.K=1", "/secrets/a/stringData/K"),
            ("existingSecrets[0].name=x", "/existingSecrets/0"),
            ("secretMounts[0].secret=x", "/secretMounts/0"),
            (
                "secretMounts[0].secret=x,secretMounts[0].mountPath=/x,secretMounts[0].defaultMode=1000",
                "/secretMounts/0/defaultMode",
            ),
            ("externalSecrets.apiVersion=external-secrets.io/v2", "/externalSecrets/apiVersion"),
            ("externalSecrets.secretStoreRef.kind=Vault", "/externalSecrets/secretStoreRef/kind"),
            ("externalSecrets.refreshInterval=1", "/externalSecrets/refreshInterval"),
            ("externalSecrets.items.a.data.K.path=x", "/externalSecrets/items/a/data/K"),
            ("configMaps.a.mountPath=/x", "/configMaps/a"),
            ("configMaps.a.data.k=1", "/configMaps/a/data/k"),
            ("serviceAccount.name=A", "/serviceAccount/name"),
            ("networkPolicy.egress=all", "/networkPolicy/egress"),
            ("tests.enabled=no-thanks", "/tests/enabled"),
        ],
    );
}

/// F-14: what the chart renders to, for a person to read.
#[test]
fn f14_golden_renders() {
    golden("floe-jobs/everything", &CHART.render(EVERYTHING).text);
    let nightly = ["-f", "ci/dbt-schedule-values.yaml"];
    let artifacts = ["--set-file", "compiledArtifacts.inline=ci/compiled_artifacts.json"];
    golden("floe-jobs/nightly", &CHART.render(&[nightly, artifacts].concat()).text);
}

/// REQ-632: what is immutable is replaced and not changed: another content is another name, and jobs read that one.
#[test]
fn req_632_immutable_maps_have_names_of_their_own() {
    let base = ["--set", IMAGE, "--set", "dbt.enabled=true,compiledArtifacts.immutable=true", "--set-file"];
    let file = "compiledArtifacts.inline=ci/compiled_artifacts.json";
    let read = |args: &[&str]| {
        let objects = CHART.render(args);
        let map = objects.kind("ConfigMap").find(|map| name(map).contains("artifacts")).expect("it is there");
        assert_eq!(map["immutable"], true);
        let volumes = job(&objects).0["spec"]["template"]["spec"]["volumes"].clone();
        let mounted = volumes.as_array().unwrap().iter().find(|volume| volume["name"] == "artifacts").unwrap().clone();
        assert_eq!(mounted["configMap"]["name"], map["metadata"]["name"]);
        name(map).to_owned()
    };
    let first = read(&[&base[..], &[file]].concat());
    assert_eq!(first, read(&[&base[..], &[file, "--set", "defaults.backoffLimit=1"]].concat()));
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other.json");
    std::fs::write(&other, CHART.file("ci/compiled_artifacts.json").replace("1.2.0", "1.3.0")).unwrap();
    assert_ne!(first, read(&[&base[..], &[&format!("compiledArtifacts.inline={}", other.display())]].concat()));
    let existing =
        CHART.render(&["--set", IMAGE, "--set", "dbt.enabled=true,compiledArtifacts.existingConfigMap=mine"]);
    assert_eq!(existing.kind("ConfigMap").filter(|map| name(map).contains("artifacts")).count(), 0);
}

/// P-26, P-35: a job's policy lets it out to the platform's Services as they are rendered, and the platform's policies let it in.
#[test]
fn p26_jobs_and_the_platform_meet() {
    let platform = Chart::FLOE_PLATFORM.render_as("floe", "data", &["--set", "networkPolicy.enabled=true"]);
    let args = ["--set", IMAGE, "--set", "networkPolicy.enabled=true,dbt.enabled=true,platform.namespace=data"];
    let jobs = CHART.render_as("customers", "products", &args);
    let policy = &jobs.kind("NetworkPolicy").next().expect("a policy")["spec"];
    let labels = &jobs.kind("Job").next().expect("a Job")["spec"]["template"]["metadata"]["labels"];
    let fits = |selector: &Value, labels: &Value| {
        let mut wanted = selector["matchLabels"].as_object().into_iter().flatten();
        wanted.all(|(key, value)| labels[key] == *value)
    };
    assert!(fits(&policy["podSelector"], labels), "{labels}");
    assert!(policy.get("ingress").is_none_or(|rules| rules.as_array().is_some_and(Vec::is_empty)));
    let out = policy["egress"].as_array().unwrap().iter().find(|rule| !rule["to"][0]["namespaceSelector"].is_null());
    let out = out.expect("a way to the platform");
    assert_eq!(out["to"][0]["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"], "data");
    for (component, port) in [("server", 8181), ("collector", 4317), ("collector", 4318)] {
        let pods = platform.pods();
        let of = |pod: &Value| pod["metadata"]["labels"]["app.kubernetes.io/component"] == component;
        let pod = pods.iter().find(|(_, pod)| of(pod)).unwrap_or_else(|| panic!("no {component}")).1;
        let there = &pod["metadata"]["labels"];
        assert!(fits(&out["to"][0]["podSelector"], there), "{there}");
        assert!(out["ports"].as_array().unwrap().iter().any(|p| p["port"] == port), "{port}");
        let mut rules = platform
            .kind("NetworkPolicy")
            .filter(|policy| fits(&policy["spec"]["podSelector"], there))
            .flat_map(|policy| policy["spec"]["ingress"].as_array().cloned().unwrap_or_default());
        let admits = |rule: Value| {
            let ports = rule["ports"].as_array().is_some_and(|ports| ports.iter().any(|p| p["port"] == port));
            let peers = rule["from"].as_array().is_some_and(|peers| {
                peers.iter().any(|peer| peer.get("podSelector").is_some_and(|s| s != &json!({}) && fits(s, labels)))
            });
            ports && peers
        };
        assert!(rules.any(admits), "{component} does not let jobs in at {port}");
    }
}
