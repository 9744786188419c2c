//! Polaris: what the chart renders, what it refuses, and what it writes into the server's properties.

use std::collections::{BTreeMap, BTreeSet};

use rhumb_platforms::{Chart, Objects, golden, schema};
use serde_json::Value;

#[path = "polaris/bootstrap.rs"]
mod bootstrap;
#[path = "polaris/double.rs"]
mod double;
#[path = "polaris/pods.rs"]
mod pods;
#[path = "polaris/secrets.rs"]
mod secrets;
#[path = "polaris/properties.rs"]
mod written;

const CHART: Chart = Chart::POLARIS;

/// A database outside: the least that the chart needs.
const DATABASE: &str = "postgresql.host=db.internal,postgresql.existingSecret=polaris-database";

/// A render with the least that is needed, and more `--set`.
fn with(sets: &[&str]) -> Objects {
    CHART.render(&args(sets).iter().map(String::as_str).collect::<Vec<_>>())
}

fn args(sets: &[&str]) -> Vec<String> {
    let mut args = Vec::new();
    for set in std::iter::once(&DATABASE).chain(sets) {
        let flag = if set.starts_with("--") { set.split_once(' ') } else { None };
        let (flag, set) = flag.unwrap_or(("--set", set));
        args.extend([flag.to_owned(), set.to_owned()]);
    }
    args
}

/// The lines of a refusal by the chart's own words.
fn problems(sets: &[&str]) -> Vec<String> {
    let why = CHART.refused(&args(sets).iter().map(String::as_str).collect::<Vec<_>>());
    let lines: Vec<_> = why.lines().filter_map(|line| line.strip_prefix("  - ").map(str::to_owned)).collect();
    assert!(!lines.is_empty(), "{sets:?} is refused, but not by the chart's own words:\n{why}");
    lines
}

fn pod<'a>(objects: &'a Objects, kind: &str, name: &str) -> &'a Value {
    &objects.get(kind, name)["spec"]["template"]["spec"]
}

/// The server's container, with its variables by name.
fn server(objects: &Objects) -> (Value, BTreeMap<String, Value>) {
    let container = pod(objects, "Deployment", "polaris")["containers"][0].clone();
    let env = container["env"].as_array().into_iter().flatten();
    let env = env.map(|e| (e["name"].as_str().expect("a name").to_owned(), e.clone())).collect();
    (container, env)
}

fn properties(objects: &Objects) -> BTreeMap<String, String> {
    let text = &objects.get("ConfigMap", "polaris")["data"]["application.properties"];
    read_properties(text.as_str().expect("a text"))
}

/// A properties file as Java reads it (java.util.Properties): what a key and a value may be written as, and nothing more.
fn read_properties(text: &str) -> BTreeMap<String, String> {
    let mut read = BTreeMap::new();
    for line in text.lines() {
        let mut parts = [String::new(), String::new()];
        let (mut at, mut started) = (0, false);
        let mut chars = line.chars();
        assert!(!line.starts_with([' ', '#', '!']) && !line.is_empty(), "no property: {line:?}");
        while let Some(c) = chars.next() {
            match c {
                '\\' => {
                    started = true;
                    parts[at].push(match chars.next().expect("no line goes on in the next") {
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        'f' => '\u{c}',
                        'u' => {
                            let digits: String = chars.by_ref().take(4).collect();
                            u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).expect("four digits")
                        }
                        other => other,
                    });
                }
                '=' | ':' | ' ' if at == 0 => {
                    assert_eq!(c, '=', "{line:?} ends its key by chance");
                    at = 1;
                    started = false;
                }
                ' ' if at == 1 && !started => {}
                other => {
                    started = true;
                    parts[at].push(other);
                }
            }
        }
        assert_eq!(at, 1, "no value: {line:?}");
        let [key, value] = parts;
        assert!(read.insert(key, value).is_none(), "twice: {line:?}");
    }
    read
}

/// All values files, the plain chart with a database first.
fn settings() -> Vec<(String, Objects)> {
    let files = CHART.values_files().into_iter();
    let mut all = vec![("database".to_owned(), with(&[]))];
    all.extend(
        files.map(|file| (file.trim_start_matches("ci/").replace("-values.yaml", ""), CHART.render(&["-f", &file]))),
    );
    all
}

/// REQ-621, F-14: what renders at defaults is what the table of the requirements names, and every values file renders, twice alike.
#[test]
fn f14_what_renders() {
    let names = with(&[]).names();
    let hash =
        names.iter().find_map(|n| n.strip_prefix("Job polaris-bootstrap-metastore-")).expect("the Job").to_owned();
    assert!(hash.len() == 8 && hash.chars().all(|c| c.is_ascii_hexdigit()), "{hash}");
    assert_eq!(
        names.iter().map(String::as_str).collect::<BTreeSet<_>>(),
        BTreeSet::from([
            "ServiceAccount polaris",
            "Secret polaris-root-credentials",
            "Secret polaris-token-broker",
            "ConfigMap polaris-bootstrap",
            "ConfigMap polaris",
            "Service polaris-management",
            "Service polaris",
            "Deployment polaris",
            format!("Job polaris-bootstrap-metastore-{hash}").as_str(),
            "Pod polaris-test",
            "Job polaris-bootstrap-catalog",
        ])
    );
    for (name, objects) in settings() {
        golden(&format!("polaris/{name}"), &objects.text);
        let trailing = objects.text.lines().find(|line| line.ends_with(' '));
        assert_eq!(trailing, None, "{name}: blanks at the end of a line");
    }
    assert_eq!(settings().pop().expect("one").1.text, settings().pop().expect("one").1.text);
}

/// F-13: `lint --strict` has nothing to say under any values file.
#[test]
fn f13_lint_is_silent() {
    let mut runs = vec![vec!["lint".to_owned(), "--strict".to_owned(), ".".to_owned()]];
    runs.extend(
        CHART.values_files().into_iter().map(|f| ["lint", "--strict", ".", "-f", &f].map(str::to_owned).to_vec()),
    );
    for run in runs.iter().skip(1) {
        let answer = CHART.ask(&run.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!((answer.exit, answer.stderr.as_str()), (0, ""), "{run:?}");
        assert!(answer.stdout.contains("1 chart(s) linted, 0 chart(s) failed"), "{run:?}: {}", answer.stdout);
        assert!(
            !answer.stdout.contains("[WARNING]") && !answer.stdout.contains("[INFO]"),
            "{run:?}: {}",
            answer.stdout
        );
    }
    let alone = CHART.ask(&["lint", "--strict", "."]);
    assert_eq!(alone.exit, 0, "{}", alone.stderr);
}

/// F-09, REQ-624: the schema reaches every leaf of values.yaml, is closed everywhere, and describes every property.
#[test]
fn f09_the_schema_covers_the_values() {
    assert_eq!(schema::uncovered(CHART), [""; 0]);
    assert_eq!(schema::loose(CHART), [""; 0]);
}

/// F-10, P-24: wrong values are refused with their place.
#[test]
fn f10_wrong_values_are_refused() {
    schema::refuses(
        CHART,
        &[
            ("typo=1", ""),
            ("replica=2", ""),
            ("nameOverride=Upper", "/nameOverride"),
            ("fullnameOverride=a_b", "/fullnameOverride"),
            ("--set-json commonLabels={\"a\":1}", "/commonLabels/a"),
            ("commonLabels.a=not a label", "/commonLabels/a"),
            ("--set-json commonAnnotations={\"a\":true}", "/commonAnnotations/a"),
            ("resourcePreset=huge", "/resourcePreset"),
            ("--set-json imagePullSecrets=[\"a\"]", "/imagePullSecrets/0"),
            ("image.repository=apache/polaris:1.7.0", "/image/repository"),
            ("image.repository=", "/image/repository"),
            ("image.tag=a b", "/image/tag"),
            ("--set-json image.tag=1.7", "/image/tag"),
            ("image.digest=1234", "/image/digest"),
            ("image.pullPolicy=Sometimes", "/image/pullPolicy"),
            ("image.name=x", "/image"),
            ("adminImage.version=1", "/adminImage"),
            ("replicas=-1", "/replicas"),
            ("replicas=two", "/replicas"),
            ("autoscaling.enabled=yes", "/autoscaling/enabled"),
            ("autoscaling.minReplicas=0", "/autoscaling/minReplicas"),
            ("autoscaling.targetCPU=0", "/autoscaling/targetCPU"),
            ("autoscaling.behavior.sideways.x=1", "/autoscaling/behavior"),
            ("podDisruptionBudget.minAvailable=half", "/podDisruptionBudget/minAvailable"),
            ("service.type=ExternalName", "/service/type"),
            ("service.port=70000", "/service/port"),
            ("service.nodePort=0", "/service/nodePort"),
            ("service.ports=1", "/service"),
            ("managementService.port=80", "/managementService/port"),
            ("managementService.headless=1", "/managementService/headless"),
            ("--set-json realms=[]", "/realms"),
            ("--set-json realms=[\"A\",\"A\"]", "/realms"),
            ("--set-json realms=[\"a,b\"]", "/realms/0"),
            ("requireRealmHeader=maybe", "/requireRealmHeader"),
            ("features.lower=true", "/features"),
            (
                "--set-json features.SUPPORTED_CATALOG_STORAGE_TYPES=[\"s3\"]",
                "/features/SUPPORTED_CATALOG_STORAGE_TYPES/0",
            ),
            ("features.SUPPORTED_CATALOG_STORAGE_TYPES=S3", "/features/SUPPORTED_CATALOG_STORAGE_TYPES"),
            ("--set-json features.A={\"b\":1}", "/features/A"),
            ("persistence.type=memory", "/persistence/type"),
            ("persistence.jdbcUrl=postgresql://db/polaris", "/persistence/jdbcUrl"),
            ("persistence.jdbcUrl=jdbc:postgresql://db/polaris?user=a&password=b", "/persistence/jdbcUrl"),
            ("persistence.existingSecret=My_Secret", "/persistence/existingSecret"),
            ("postgresql.host=http://db", "/postgresql/host"),
            ("postgresql.port=0", "/postgresql/port"),
            ("postgresql.sslMode=on", "/postgresql/sslMode"),
            ("postgresql.password=x", "/postgresql"),
            ("auth.type=none", "/auth/type"),
            ("auth.tokenBroker.type=ecdsa", "/auth/tokenBroker/type"),
            ("auth.tokenBroker.maxTokenGeneration=1h", "/auth/tokenBroker/maxTokenGeneration"),
            ("auth.tokenBroker.secret=abc", "/auth/tokenBroker"),
            ("auth.tokenBroker.existingSecretKeys.publicKey=a/b", "/auth/tokenBroker/existingSecretKeys/publicKey"),
            ("auth.oidc.authServerUrl=id.example.org", "/auth/oidc/authServerUrl"),
            ("bootstrap.enabled=1", "/bootstrap/enabled"),
            ("bootstrap.credentials.clientId=", "/bootstrap/credentials/clientId"),
            ("bootstrap.credentials.clientSecret=a\\,b", "/bootstrap/credentials/clientSecret"),
            ("bootstrap.backoffLimit=-1", "/bootstrap/backoffLimit"),
            ("bootstrap.activeDeadlineSeconds=0", "/bootstrap/activeDeadlineSeconds"),
            ("bootstrap.catalogs[0].name=a", "/bootstrap/catalogs/0"),
            (
                "--set-json bootstrap.catalogs=[{\"name\":\"a\",\"defaultBaseLocation\":\"s3://b\",\"storage\":{}}]",
                "/bootstrap/catalogs/0/storage",
            ),
            (
                "--set-json bootstrap.catalogs=[{\"name\":\" System$x\",\"defaultBaseLocation\":\"s3://b\",\"storage\":{\"type\":\"S3\"}}]",
                "/bootstrap/catalogs/0/name",
            ),
            (
                "--set-json bootstrap.catalogs=[{\"name\":\"a\",\"defaultBaseLocation\":\"bucket\",\"storage\":{\"type\":\"S3\"}}]",
                "/bootstrap/catalogs/0/defaultBaseLocation",
            ),
            (
                "--set-json bootstrap.catalogs=[{\"name\":\"a\",\"defaultBaseLocation\":\"s3://b\",\"storage\":{\"type\":\"S3\",\"roleArn\":\"role\"}}]",
                "/bootstrap/catalogs/0/storage/roleArn",
            ),
            (
                "--set-json bootstrap.catalogs=[{\"name\":\"a\",\"defaultBaseLocation\":\"s3://b\",\"storage\":{\"type\":\"S3\",\"accessKey\":\"x\"}}]",
                "/bootstrap/catalogs/0/storage",
            ),
            (
                "--set-json bootstrap.grants=[{\"catalog\":\"a\",\"catalogRole\":\"b\",\"principalRole\":\"c\",\"privileges\":[]}]",
                "/bootstrap/grants/0/privileges",
            ),
            (
                "--set-json bootstrap.grants=[{\"catalog\":\"a\",\"catalogRole\":\"b\",\"principalRole\":\"c\",\"privileges\":[\"read\"]}]",
                "/bootstrap/grants/0/privileges/0",
            ),
            ("--set-json bootstrap.grants=[{\"catalog\":\"a\"}]", "/bootstrap/grants/0"),
            ("bootstrap.metastoreResources.cpu=1", "/bootstrap/metastoreResources"),
            ("storage.s3.endpoint=objects:9000", "/storage/s3/endpoint"),
            ("storage.s3.accessKey=AKIA", "/storage/s3"),
            ("tracing.enabled=sometimes", "/tracing/enabled"),
            ("tracing.sample=2.0", "/tracing/sample"),
            ("tracing.attributes.a=b\\,c", "/tracing/attributes/a"),
            ("metrics.tags.a=1", "/metrics/tags/a"),
            ("metrics.enabled=false", "/metrics"),
            ("serviceMonitor.interval=often", "/serviceMonitor/interval"),
            ("logging.level=LOUD", "/logging/level"),
            ("logging.categories.a=on", "/logging/categories/a"),
            ("rateLimiter.requestsPerSecond=0", "/rateLimiter/requestsPerSecond"),
            ("cors.origins=*", "/cors/origins"),
            ("cors.maxAge=10", "/cors/maxAge"),
            ("advancedConfig.spring\\.port=1", "/advancedConfig"),
            ("--set-json advancedConfig={\"polaris.a\":[1]}", "/advancedConfig/polaris.a"),
            ("extraEnv[0].value=x", "/extraEnv/0"),
            ("--set-json extraVolumeMounts=[{\"name\":\"a\",\"mountPath\":\"b\"}]", "/extraVolumeMounts/0/mountPath"),
            ("--set-json extraManifests=[1]", "/extraManifests/0"),
            ("resources.requests.cpu=much", "/resources/requests/cpu"),
            ("strategy.type=Blue", "/strategy/type"),
            ("terminationGracePeriodSeconds=-1", "/terminationGracePeriodSeconds"),
            ("livenessProbe.periodSeconds=0", "/livenessProbe/periodSeconds"),
            ("readinessProbe.httpget.path=/", "/readinessProbe"),
            ("podSecurityContext.runAsUser=root", "/podSecurityContext/runAsUser"),
            ("tmpSizeLimit=much", "/tmpSizeLimit"),
            ("serviceAccount.automountToken=1", "/serviceAccount/automountToken"),
            ("tolerations[0].operator=Maybe", "/tolerations/0/operator"),
            ("affinity.nodes.x=1", "/affinity"),
            ("topologySpreadConstraints[0].maxSkew=1", "/topologySpreadConstraints/0"),
            ("waitFor.timeoutSeconds=0", "/waitFor/timeoutSeconds"),
            ("tests.image=x", "/tests"),
        ],
    );
}

/// F-11: editors find the schema by the first line, and every property says what it is (F-09's test).
#[test]
fn f11_editors_find_the_schema() {
    assert!(CHART.file("values.yaml").starts_with("# yaml-language-server: $schema=./values.schema.json\n"));
}

/// F-12, BP-14: what is needed and missing is said all at once, each with its keys and a way out.
#[test]
fn f12_what_is_missing_is_said_at_once() {
    let why = CHART.refused(&[]);
    let lines: Vec<_> = why.lines().filter(|line| line.starts_with("  - ")).collect();
    assert_eq!(lines.len(), 2, "{why}");
    assert!(
        lines[0].contains("postgresql.host")
            && lines[0].contains("for example")
            && lines[0].contains("global.postgresql.host")
    );
    assert!(lines[1].contains("postgresql.existingSecret") && lines[1].contains("persistence.existingSecret"));
    assert_eq!(CHART.render(&["--set", "persistence.type=in-memory"]).count("Deployment"), 1);
}

/// What cannot work together, and what the refusal must speak of.
const IMPOSSIBLE: &[(&[&str], &[&str])] = &[
    (
        &["persistence.type=in-memory,global.environment=prod,global.generateSecrets=true"],
        &["persistence.type=in-memory", "global.environment=prod"],
    ),
    (&["persistence.type=in-memory,replicas=2"], &["replicas", "persistence.type=relational-jdbc"]),
    (
        &["persistence.type=in-memory,autoscaling.enabled=true"],
        &["autoscaling.enabled", "persistence.type=relational-jdbc"],
    ),
    (&["persistence.type=in-memory", "persistence.jdbcUrl=jdbc:postgresql://a/b"], &["persistence.jdbcUrl"]),
    (
        &["postgresql.host=", "persistence.jdbcUrl=jdbc:postgresql://a/b"],
        &["persistence.jdbcUrl", "waitFor.enabled=false"],
    ),
    (
        &["replicas=2,auth.tokenBroker.generate=false"],
        &["auth.tokenBroker.existingSecret", "auth.tokenBroker.generate"],
    ),
    (&["autoscaling.enabled=true,auth.tokenBroker.generate=false"], &["auth.tokenBroker.existingSecret"]),
    (&["autoscaling.enabled=true,replicas=3"], &["replicas is 3", "autoscaling.minReplicas"]),
    (
        &["autoscaling.enabled=true,autoscaling.minReplicas=9"],
        &["autoscaling.minReplicas (9)", "autoscaling.maxReplicas (5)"],
    ),
    (
        &["autoscaling.enabled=true,autoscaling.targetCPU=null"],
        &["targetCPU", "targetMemory", "autoscaling.targetCPU=80"],
    ),
    (
        &["resourcePreset=none,autoscaling.enabled=true,autoscaling.targetMemory=70,resources.requests.cpu=1"],
        &["the requested memory", "resources.requests.memory"],
    ),
    (&["podDisruptionBudget.enabled=true,podDisruptionBudget.minAvailable=1"], &["podDisruptionBudget", "drain"]),
    (
        &["replicas=2,podDisruptionBudget.enabled=true,podDisruptionBudget.maxUnavailable=0"],
        &["podDisruptionBudget", "drain"],
    ),
    (
        &["replicas=2,podDisruptionBudget.enabled=true,podDisruptionBudget.minAvailable=100%"],
        &["podDisruptionBudget", "drain"],
    ),
    (
        &[
            "replicas=3,podDisruptionBudget.enabled=true,podDisruptionBudget.minAvailable=1,podDisruptionBudget.maxUnavailable=1",
        ],
        &["minAvailable", "maxUnavailable"],
    ),
    (&["auth.oidc.clientId=polaris"], &["auth.oidc", "auth.type"]),
    (&["auth.type=external,auth.oidc.clientId=polaris"], &["auth.oidc.authServerUrl"]),
    (&["auth.type=mixed,auth.oidc.authServerUrl=https://id.example.org"], &["auth.oidc.clientId"]),
    (
        &["auth.tokenBroker.type=symmetric-key,auth.tokenBroker.generate=false"],
        &["symmetric-key", "auth.tokenBroker.existingSecret"],
    ),
    (
        &["bootstrap.credentials.existingSecret=a,bootstrap.credentials.clientSecret=b"],
        &["bootstrap.credentials.clientSecret", "existingSecret"],
    ),
    (&["bootstrap.realm=OTHER"], &["bootstrap.realm=OTHER", "realms"]),
    (&["bootstrap.enabled=false", CATALOG], &["bootstrap.catalogs", "bootstrap.enabled"]),
    (
        &["auth.type=external,auth.oidc.authServerUrl=https://id.example.org,auth.oidc.clientId=a", CATALOG],
        &["auth.type=external", "auth.type=mixed"],
    ),
    (
        &[
            "--set-json bootstrap.catalogs=[{\"name\":\"a\",\"defaultBaseLocation\":\"s3://b\",\"storage\":{\"type\":\"S3\"}},{\"name\":\"a\",\"defaultBaseLocation\":\"s3://c\",\"storage\":{\"type\":\"S3\"}}]",
        ],
        &["two entries named a"],
    ),
    (
        &[
            "--set-json bootstrap.catalogs=[{\"name\":\"a\",\"defaultBaseLocation\":\"gs://b\",\"storage\":{\"type\":\"S3\"}}]",
        ],
        &["gs://b", "s3://"],
    ),
    (
        &[
            "--set-json bootstrap.catalogs=[{\"name\":\"a\",\"defaultBaseLocation\":\"s3://b\",\"allowedLocations\":[\"abfss://c@d\"],\"storage\":{\"type\":\"S3\"}}]",
        ],
        &["abfss://c@d", "s3://"],
    ),
    (
        &[
            "--set-json bootstrap.catalogs=[{\"name\":\"a\",\"defaultBaseLocation\":\"abfss://b@c\",\"storage\":{\"type\":\"AZURE\"}}]",
        ],
        &["storage.tenantId"],
    ),
    (
        &[
            "--set-json bootstrap.catalogs=[{\"name\":\"a\",\"defaultBaseLocation\":\"gs://b\",\"storage\":{\"type\":\"GCS\",\"region\":\"x\"}}]",
        ],
        &["storage.region", "storage.type=S3"],
    ),
    (
        &[
            "--set-json bootstrap.catalogs=[{\"name\":\"a\",\"defaultBaseLocation\":\"file:///b\",\"storage\":{\"type\":\"FILE\"}}]",
        ],
        &["storage.type=FILE", "features.SUPPORTED_CATALOG_STORAGE_TYPES"],
    ),
    (
        &[
            "--set-json features={\"SUPPORTED_CATALOG_STORAGE_TYPES\":[\"FILE\"],\"ALLOW_INSECURE_STORAGE_TYPES\":false}",
        ],
        &["FILE", "ALLOW_INSECURE_STORAGE_TYPES=false"],
    ),
    (
        &[
            "--set-json features.SUPPORTED_CATALOG_STORAGE_TYPES=[\"FILE\"]",
            "global.environment=prod,global.generateSecrets=true",
        ],
        &["FILE", "global.environment=prod"],
    ),
    (&["managementService.port=8181"], &["managementService.port=8181", "8182"]),
    (&["service.nodePort=30181"], &["service.nodePort", "service.type"]),
    (&["tracing.enabled=true"], &["tracing.endpoint", "global.otlp.grpcEndpoint"]),
    (&["image.tag=latest,global.environment=prod,global.generateSecrets=true"], &["latest", "digest"]),
    (&["advancedConfig.quarkus\\.http\\.port=80"], &["quarkus.http.port"]),
    (&["advancedConfig.polaris\\.storage\\.aws\\.secret-key=abc"], &["polaris.storage.aws.secret-key", "extraEnv"]),
    (&["advancedConfig.quarkus\\.datasource\\.password=abc"], &["quarkus.datasource.password", "extraEnv"]),
];

const CATALOG: &str =
    "--set-json bootstrap.catalogs=[{\"name\":\"a\",\"defaultBaseLocation\":\"s3://b\",\"storage\":{\"type\":\"S3\"}}]";

/// REQ-635, P-28: each combination that cannot work is refused by one sentence that names the keys and the way out.
#[test]
fn req635_impossible_combinations_are_refused() {
    for (sets, words) in IMPOSSIBLE {
        let lines = problems(sets);
        assert_eq!(lines.len(), 1, "{sets:?}: {lines:#?}");
        for word in *words {
            assert!(lines[0].contains(word), "{sets:?}: nothing of {word} in: {}", lines[0]);
        }
        assert!(lines[0].contains(": "), "{sets:?}: no way out in: {}", lines[0]);
    }
    assert_eq!(problems(&["replicas=2,managementService.port=8181", "auth.tokenBroker.generate=false"]).len(), 2);
}
