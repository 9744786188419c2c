//! The floe platform's values: what the schema reaches and refuses, what cannot be combined, where Secrets come from.

use rhumb_platforms::programs::shell_words;
use rhumb_platforms::{Chart, Objects, schema, value};
use serde_json::Value;

const CHART: Chart = Chart::FLOE_PLATFORM;
const OUTSIDE: &str = "postgresql.enabled=false,global.postgresql.host=db.x.svc,global.postgresql.existingSecret=mine";

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

fn secrets(objects: &Objects) -> Vec<&str> {
    objects.kind("Secret").map(|s| text(&s["metadata"]["name"])).collect()
}

/// F-09, P-24: every leaf of values.yaml is described, and every level says what else it allows.
#[test]
fn f09_the_schema_covers_the_values() {
    assert_eq!(schema::uncovered(CHART), [""; 0]);
    assert_eq!(schema::loose(CHART), [""; 0]);
}

/// F-10, P-22, P-24: wrong values are refused, with their path.
#[test]
fn f10_wrong_values_are_refused() {
    schema::refuses(
        CHART,
        &[
            ("typo=1", ""),
            ("dbt.enbled=true", ""),
            ("otelCollector.enabled=true", ""),
            ("postgresql.primary.persistence.size=100Gi", "/postgresql"),
            ("externalDatabase.host=x", ""),
            ("global.environment=production", "/global/environment"),
            ("global.generateSecrets=maybe", "/global/generateSecrets"),
            ("global.imageRegistry=HTTP://x", "/global/imageRegistry"),
            ("global.imagePullPolicy=Sometimes", "/global/imagePullPolicy"),
            ("--set-json global.imagePullSecrets=[\"a\"]", "/global/imagePullSecrets/0"),
            ("--set-json global.imagePullSecrets=[{\"name\":\"A B\"}]", "/global/imagePullSecrets/0/name"),
            ("global.storageClass=Fast", "/global/storageClass"),
            ("global.commonLabels.a=1", "/global/commonLabels/a"),
            ("global.commonAnnotations=x", "/global/commonAnnotations"),
            ("global.serviceAccountName=A", "/global/serviceAccountName"),
            ("global.resourcePreset=huge", "/global/resourcePreset"),
            ("global.postgresql.hots=x", "/global/postgresql"),
            ("global.postgresql.port=0", "/global/postgresql/port"),
            ("global.postgresql.port=65536", "/global/postgresql/port"),
            ("--set-string global.postgresql.port=5432", "/global/postgresql/port"),
            ("global.postgresql.username=Floe", "/global/postgresql/username"),
            ("global.postgresql.passwordKey=a b", "/global/postgresql/passwordKey"),
            ("global.postgresql.sslMode=on", "/global/postgresql/sslMode"),
            ("global.postgresql.databases.dagster=a;b", "/global/postgresql/databases/dagster"),
            ("global.postgresql.databases.more=1x", "/global/postgresql/databases/more"),
            ("global.waitFor.timeoutSeconds=0", "/global/waitFor/timeoutSeconds"),
            ("global.waitFor.image.tag=17.6 ", "/global/waitFor/image/tag"),
            ("global.waitFor.image.digest=sha256:abc", "/global/waitFor/image/digest"),
            ("global.otlp.httpEndpoint=collector:4318", "/global/otlp/httpEndpoint"),
            ("global.otlp.endpoint=http://x", "/global/otlp"),
            ("global.polaris.uri=polaris", "/global/polaris/uri"),
            ("nameOverride=Floe", "/nameOverride"),
            ("fullnameOverride=1floe", "/fullnameOverride"),
            ("serviceAccount.create=1", "/serviceAccount/create"),
            ("serviceAccount.nam=x", "/serviceAccount"),
            ("postgresql.enabled=1", "/postgresql/enabled"),
            ("postgresql.replicas=2", "/postgresql"),
            ("postgresql.image.repository=docker.io/library/postgres:17", "/postgresql/image/repository"),
            ("postgresql.image.tag=17", "/postgresql/image/tag"),
            ("postgresql.image.pullPolicy=always", "/postgresql/image/pullPolicy"),
            ("postgresql.password=1234", "/postgresql/password"),
            ("postgresql.configuration.listen_addresses=x", "/postgresql/configuration"),
            ("postgresql.configuration.Max=1", "/postgresql/configuration"),
            ("--set-json postgresql.configuration.a={}", "/postgresql/configuration/a"),
            ("postgresql.service.type=Headless", "/postgresql/service/type"),
            ("postgresql.persistence.size=8GB", "/postgresql/persistence/size"),
            ("--set-json postgresql.persistence.accessModes=[]", "/postgresql/persistence/accessModes"),
            ("--set-json postgresql.persistence.accessModes=[\"RWO\"]", "/postgresql/persistence/accessModes/0"),
            ("postgresql.persistence.existingClaim=A", "/postgresql/persistence/existingClaim"),
            ("postgresql.resources.request.cpu=1", "/postgresql/resources"),
            ("postgresql.resources.limits.memory=1 Gi", "/postgresql/resources/limits/memory"),
            ("postgresql.livenessProbe.period=1", "/postgresql/livenessProbe"),
            ("postgresql.readinessProbe.periodSeconds=0", "/postgresql/readinessProbe/periodSeconds"),
            ("postgresql.terminationGracePeriodSeconds=-1", "/postgresql/terminationGracePeriodSeconds"),
            ("--set-json postgresql.extraEnv=[{\"value\":\"x\"}]", "/postgresql/extraEnv/0"),
            ("--set-json postgresql.extraVolumeMounts=[{\"name\":\"x\"}]", "/postgresql/extraVolumeMounts/0"),
            ("--set-json postgresql.tolerations=[{\"effect\":\"Never\"}]", "/postgresql/tolerations/0/effect"),
            ("postgresql.podSecurityContext.runAsUser=postgres", "/postgresql/podSecurityContext/runAsUser"),
            ("databaseInit.roles.reader.existingSecret=x", "/databaseInit/roles/reader"),
            (
                "--set-json databaseInit.roles={\"a b\":{\"databases\":[\"x\"],\"existingSecret\":\"y\"}}",
                "/databaseInit/roles",
            ),
            ("databaseInit.backoffLimit=-1", "/databaseInit/backoffLimit"),
            ("dagster.enabled=yes", "/dagster/enabled"),
            ("dagster.webserver.replicaCount=2", "/webserver"),
            ("polaris.replicaCount=2", ""),
            ("otel-collector.mode=sidecar", "/mode"),
            ("hooks.prerequisites.minKubeVersion=latest", "/hooks/prerequisites/minKubeVersion"),
            ("hooks.backup.schedule=nightly", "/hooks/backup/schedule"),
            ("hooks.backup.keep=0", "/hooks/backup/keep"),
            ("hooks.restore.enabled=true", "/hooks"),
            ("--set-json ingress.hosts=[\"floe.x\"]", "/ingress/hosts/0"),
            (
                "--set-json ingress.hosts=[{\"host\":\"a\",\"paths\":[{\"service\":\"dagit\"}]}]",
                "/ingress/hosts/0/paths/0/service",
            ),
            (
                "--set-json ingress.hosts=[{\"host\":\"a\",\"paths\":[{\"service\":\"polaris\",\"port\":80}]}]",
                "/ingress/hosts/0/paths/0",
            ),
            ("networkPolicy.apiServer.cidrs[0]=10.0.0.1", "/networkPolicy/apiServer/cidrs/0"),
            ("networkPolicy.dns.port=dns", "/networkPolicy/dns/port"),
            ("--set-json networkPolicy.extraEgress=[{\"from\":[]}]", "/networkPolicy/extraEgress/0"),
            ("resourceQuota.hard=x", "/resourceQuota/hard"),
            ("--set-json limitRange.limits=[{}]", "/limitRange/limits/0"),
            ("namespace.podSecurity.enforce=strict", "/namespace/podSecurity/enforce"),
            ("externalSecrets.apiVersion=external-secrets.io/v1alpha1", "/externalSecrets/apiVersion"),
            ("externalSecrets.refreshInterval=hourly", "/externalSecrets/refreshInterval"),
            ("--set-json externalSecrets.extra=[{\"name\":\"x\",\"data\":{}}]", "/externalSecrets/extra/0/data"),
            ("serviceMesh.type=consul", "/serviceMesh/type"),
            ("serviceMesh.mtls=strict", "/serviceMesh/mtls"),
            (
                "--set-json clusterMapping={\"a\":{\"server\":\"http://a\",\"environments\":[\"dev\"]}}",
                "/clusterMapping/a/server",
            ),
            (
                "--set-json clusterMapping={\"a\":{\"server\":\"https://a\",\"environments\":[\"production\"]}}",
                "/clusterMapping/a/environments/0",
            ),
            ("applicationSet.targetRevision=", "/applicationSet/targetRevision"),
            ("applicationSet.secrets.postgresql=", "/applicationSet/secrets/postgresql"),
            ("applicationSet.secrets.polarisRoot=A_B", "/applicationSet/secrets/polarisRoot"),
            ("applicationSet.secrets.dagster=x", "/applicationSet/secrets"),
            ("tests.image.tag=", "/tests/image/tag"),
            ("--set-json extraManifests=[1]", "/extraManifests/0"),
        ],
    );
}

/// F-11: editors find the schema from the head line of each values file.
#[test]
fn f11_editors_find_the_schema() {
    for file in ["values.yaml", "values-dev.yaml", "values-staging.yaml", "values-prod.yaml"] {
        let text = CHART.file(file);
        assert_eq!(text.lines().next(), Some("# yaml-language-server: $schema=./values.schema.json"), "{file}");
    }
}

/// F-12: what a part cannot do without is `required` in the schema, and what only a choice needs is refused by name.
#[test]
fn f12_required_is_said() {
    let schema = CHART.schema();
    for place in ["", "/properties/global", "/properties/global/properties/postgresql", "/properties/postgresql"] {
        let required = schema.pointer(&format!("{place}/required"));
        assert!(required.and_then(Value::as_array).is_some_and(|list| !list.is_empty()), "{place}");
    }
}

/// F-12, REQ-624, X-11: combinations that cannot be are refused with the keys and the way out.
#[test]
fn f12_impossible_combinations_are_refused() {
    let table: &[(&[&str], &[&str])] = &[
        (
            &["--set", "postgresql.enabled=false"],
            &[
                "postgresql.enabled",
                "global.postgresql.host",
                "global.postgresql.existingSecret",
                "dagster and polaris",
            ],
        ),
        (
            &["--set", "postgresql.enabled=false,global.postgresql.host=h"],
            &["global.postgresql.existingSecret", "postgresql-password"],
        ),
        (&["--set", "global.postgresql.host=h"], &["postgresql.enabled is true", "postgresql.enabled=false"]),
        (
            &["--set", "polaris.enabled=false,global.generateSecrets=false"],
            &["global.generateSecrets is false", "floe-postgresql", "postgresql-password"],
        ),
        (
            &["--set", "postgresql.password=x", "--set", "global.postgresql.existingSecret=mine"],
            &["postgresql.password would do nothing"],
        ),
        (
            &["--set", "postgresql.persistence.enabled=false,postgresql.persistence.existingClaim=c"],
            &["postgresql.persistence.existingClaim", "postgresql.persistence.enabled"],
        ),
        (
            &["--set", "global.environment=prod,polaris.enabled=false"],
            &["postgresql.enabled is true while global.environment is prod"],
        ),
        (
            &[
                "-f",
                "values-prod.yaml",
                "--set",
                "polaris.persistence.type=in-memory,polaris.autoscaling.enabled=false,polaris.podDisruptionBudget.enabled=false",
            ],
            &["in-memory", "prod"],
        ),
        (&["-f", "values-prod.yaml", "--set", "tests.image.tag=latest"], &["tests.image.tag is latest", "prod"]),
        (
            &["-f", "values-prod.yaml", "--set", "global.waitFor.image.tag=latest"],
            &["global.waitFor.image.tag is latest"],
        ),
        (
            &[
                "-f",
                "values-prod.yaml",
                "--set",
                "polaris.bootstrap.credentials.existingSecret=",
                "--set",
                "global.generateSecrets=true",
            ],
            &["polaris.bootstrap.credentials.existingSecret", "prod"],
        ),
        (
            &[
                "-f",
                "values-prod.yaml",
                "--set",
                "polaris.auth.tokenBroker.existingSecret=",
                "--set",
                "global.generateSecrets=true",
            ],
            &["polaris.auth.tokenBroker.existingSecret", "prod"],
        ),
        (
            &["--set", "otel-collector.fullnameOverride=x"],
            &["otel-collector.fullnameOverride", "global.otlp.httpEndpoint"],
        ),
        (&["--set", "polaris.fullnameOverride=x"], &["fullnameOverride", "global.polaris.uri"]),
        (&["--set", "hooks.backup.enabled=true"], &["hooks.backup.existingClaim is required"]),
        (
            &["--set", "hooks.backup.enabled=true,hooks.backup.existingClaim=c,hooks.backup.preUpgrade=false"],
            &["would never dump"],
        ),
        (
            &["-f", "ci/minimal-values.yaml", "--set", "hooks.backup.enabled=true,hooks.backup.existingClaim=c"],
            &["nothing to dump"],
        ),
        (&["--set", "ingress.enabled=true"], &["ingress.hosts is required"]),
        (
            &["-f", "ci/everything-values.yaml", "--set", "polaris.enabled=false"],
            &["ingress.hosts[0] leads to polaris", "not part of this release"],
        ),
        (
            &["--set", "externalSecrets.enabled=true"],
            &["externalSecrets.secretStoreRef.name is required", "externalSecrets.postgresql.enabled=true"],
        ),
        (&["--set", "externalSecrets.postgresql.enabled=true"], &["externalSecrets.enabled is false"]),
        (
            &["--set", "resourceQuota.enabled=true,limitRange.enabled=true"],
            &["resourceQuota.hard is required", "limitRange.limits is required"],
        ),
        (&["--set", "namespace.create=true"], &["namespace.create", "--namespace"]),
        (
            &["--set", "serviceMesh.enabled=true,serviceMesh.virtualService.hosts[0]=a.b"],
            &["serviceMesh.virtualService.gateways is required"],
        ),
        (
            &["--set", "serviceMesh.enabled=true,serviceMesh.type=linkerd,serviceMesh.virtualService.hosts[0]=a.b"],
            &["is Istio's while serviceMesh.type is linkerd"],
        ),
        (
            &[
                "--set-json",
                r#"clusterMapping={"a":{"server":"https://a","environments":["dev"]},"b":{"server":"https://b","environments":["dev"]}}"#,
            ],
            &["clusterMapping lists the environment dev twice, on a and b"],
        ),
        (
            &["--set", "applicationSet.enabled=true"],
            &["applicationSet.enabled needs clusterMapping", "applicationSet.repoURL is required"],
        ),
        (
            &["--set", "hooks.prerequisites.minKubeVersion=1.99"],
            &["hooks.prerequisites.minKubeVersion asks for Kubernetes 1.99"],
        ),
        (
            &["--set", "dagster.webserver.autoscaling.enabled=true,dagster.webserver.replicas=3"],
            &["webserver.replicas", "webserver.autoscaling"],
        ),
        (&["--set", "polaris.autoscaling.enabled=true,polaris.replicas=3"], &["replicas is 3", "autoscaling.enabled"]),
    ];
    CHART.refuses_with(table);
}

/// P-20, REQ-631: everybody takes the database's password from the one Secret.
#[test]
fn p20_one_secret_for_the_database() {
    for (args, secret) in [
        (vec![], "floe-postgresql"),
        (vec!["--set", OUTSIDE], "mine"),
        (vec!["-f", "values-prod.yaml"], "floe-postgresql"),
    ] {
        let objects = CHART.render(&args);
        let mut readers = 0;
        for (object, container) in objects.containers() {
            for variable in container["env"].as_array().into_iter().flatten() {
                let from = &variable["valueFrom"]["secretKeyRef"];
                if from["key"] == "postgresql-password" {
                    assert_eq!(from["name"], secret, "{args:?}: {}", object["metadata"]["name"]);
                    readers += 1;
                }
            }
        }
        assert!(readers >= 6, "{args:?}: only {readers}");
        let own = secrets(&objects).contains(&"floe-postgresql");
        assert_eq!(own, args.is_empty(), "{args:?}");
    }
}

/// P-21, REQ-631: the generated Secret is kept; without a cluster it has no password, so that no render replaces the one in use and
/// two renders are the same; where nothing may be generated, the Secret to create is named.
#[test]
fn p21_generated_secrets_are_kept() {
    let objects = CHART.render(&[]);
    let secret = objects.get("Secret", "floe-postgresql");
    assert_eq!(secret["metadata"]["annotations"]["helm.sh/resource-policy"], "keep");
    assert!(secret.get("data").is_none());
    assert_eq!(objects.text, CHART.render(&[]).text);
    let given = CHART.render(&["--set-string", "postgresql.password=s3cret"]);
    assert_eq!(given.get("Secret", "floe-postgresql")["data"]["postgresql-password"], "czNjcmV0");
    let named = CHART.render(&["--set", "global.postgresql.existingSecret=mine"]);
    assert!(!secrets(&named).contains(&"floe-postgresql"));
}

/// REQ-631, BP-10: a secret stands in Secrets only.
#[test]
fn req631_no_secret_elsewhere() {
    let objects = CHART.render(&["--set-string", "postgresql.password=s3cret-word"]);
    for object in objects.iter().filter(|o| o["kind"] != "Secret") {
        let text = object.to_string();
        assert!(!text.contains("s3cret-word") && !text.contains("czNjcmV0LXdvcmQ="), "{}", object["metadata"]["name"]);
    }
    let stored = CHART.render(&["-f", "values-prod.yaml"]);
    for secret in stored.kind("ExternalSecret") {
        assert_eq!(secret["apiVersion"], "external-secrets.io/v1", "P-33");
    }
}

/// P-33: no MinIO, no image that is gone or floats.
#[test]
fn p33_images_are_pinned() {
    for args in [vec![], vec!["-f", "ci/everything-values.yaml"]] {
        let objects = CHART.render(&args);
        for (_, container) in objects.containers() {
            let image = text(&container["image"]);
            assert!(!image.contains("minio") && !image.contains("bitnami"), "{image}");
            let tag = image.rsplit_once(':').expect("a tag").1;
            assert!(tag != "latest" && tag.contains(|c: char| c.is_ascii_digit()), "{image}");
        }
    }
    let mirrored = CHART.render(&["-f", "ci/everything-values.yaml"]);
    for (_, container) in mirrored.containers() {
        let image = text(&container["image"]);
        assert!(image.starts_with("registry.example.internal/"), "{image}");
    }
}

/// P-22, REQ-622: each key of each environment's file changes the render.
#[test]
fn p22_every_key_of_an_environment_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    for file in ["values-dev.yaml", "values-staging.yaml", "values-prod.yaml", "../testing/kind-values.yaml"] {
        let whole = value(&CHART.file(file));
        let mut paths = Vec::new();
        leaves(&whole, &mut Vec::new(), &mut paths);
        let render = |values: &Value, number: usize| {
            let path = folder.path().join(format!("{number}.yaml"));
            std::fs::write(&path, values.to_string()).expect("it is written");
            CHART.template("floe", "data", &["-f", path.to_str().expect("UTF-8")])
        };
        let before = render(&whole, 0);
        assert_eq!(before.exit, 0, "{file}: {}", before.stderr);
        let mut idle = Vec::new();
        for (number, path) in paths.iter().enumerate() {
            let mut less = whole.clone();
            let (last, above) = path.split_last().expect("a key");
            let mut place = &mut less;
            for key in above {
                place = &mut place[key.as_str()];
            }
            place.as_object_mut().expect("a map").remove(last);
            let after = render(&less, number + 1);
            if after.exit == 0 && after.stdout == before.stdout {
                idle.push(path.join("."));
            }
        }
        assert!(idle.is_empty(), "{file}: these change nothing: {idle:?}");
    }
}

fn leaves(value: &Value, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                path.push(key.clone());
                leaves(value, path, found);
                path.pop();
            }
        }
        _ => found.push(path.clone()),
    }
}

/// REQ-630, BP-21: defaults give way to an environment's file, that to a site's, that to `--set`; null removes a default; lists replace.
#[test]
fn req630_values_override_in_layers() {
    let folder = tempfile::tempdir().expect("a folder");
    let site = folder.path().join("site.yaml");
    std::fs::write(&site, "postgresql:\n  persistence:\n    size: 3Gi\n  startupProbe: null\n").expect("it is written");
    let site = site.to_str().expect("UTF-8");
    let size = |args: &[&str]| {
        let objects = CHART.render(args);
        let set = objects.get("StatefulSet", "floe-postgresql");
        text(&set["spec"]["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"]).to_owned()
    };
    assert_eq!(size(&[]), "8Gi");
    assert_eq!(size(&["-f", "values-dev.yaml"]), "2Gi");
    assert_eq!(size(&["-f", "values-dev.yaml", "-f", site]), "3Gi");
    assert_eq!(size(&["-f", "values-dev.yaml", "-f", site, "--set", "postgresql.persistence.size=4Gi"]), "4Gi");
    let objects =
        CHART.render(&["-f", site, "--set-json", r#"postgresql.persistence.accessModes=["ReadWriteOncePod"]"#]);
    let set = objects.get("StatefulSet", "floe-postgresql");
    let container = &set["spec"]["template"]["spec"]["containers"][0];
    assert!(container.get("startupProbe").is_none() && container.get("livenessProbe").is_some());
    assert_eq!(set["spec"]["volumeClaimTemplates"][0]["spec"]["accessModes"], serde_json::json!(["ReadWriteOncePod"]));
}

/// REQ-630: presets go from small to large, `none` sets nothing, and a component's own resources win.
#[test]
fn req630_presets() {
    let memory = |args: &[&str]| {
        let objects = CHART.render(args);
        objects.get("StatefulSet", "floe-postgresql")["spec"]["template"]["spec"]["containers"][0]["resources"].clone()
    };
    let of =
        |preset: &str| memory(&["--set", &format!("global.resourcePreset={preset}")])["requests"]["memory"].clone();
    assert_eq!((of("small"), of("medium"), of("large")), ("256Mi".into(), "1Gi".into(), "4Gi".into()));
    assert_eq!(of("none"), Value::Null);
    let own = memory(&["--set", "global.resourcePreset=large,postgresql.resources.requests.memory=3Gi"]);
    assert_eq!(own, serde_json::json!({"requests": {"memory": "3Gi"}}));
}

/// REQ-627, REQ-632: every key of values.yaml has a comment.
#[test]
fn req627_every_key_is_commented() {
    let file = CHART.file("values.yaml");
    let lines: Vec<&str> = file.lines().collect();
    let mut inside = None;
    for (number, line) in lines.iter().enumerate() {
        let body = line.trim_start();
        let depth = line.len() - body.len();
        if body.is_empty() || body.starts_with('#') || inside.is_some_and(|limit| depth > limit) {
            continue;
        }
        inside = None;
        let documented = lines[..number].last().is_some_and(|above| above.trim_start().starts_with("# -- "));
        if documented {
            inside = Some(depth);
        }
        let section = lines.get(number + 1).is_some_and(|below| below.len() - below.trim_start().len() > depth);
        assert!(documented || (section && line.ends_with(':')), "line {}: {line}", number + 1);
    }
}

/// REQ-627: every example of the README renders.
#[test]
fn req627_examples_render() {
    let readme = CHART.file("README.md");
    let blocks = readme.split("```sh\n").skip(1).map(|rest| rest.split("```").next().expect("a block"));
    let commands: Vec<String> =
        blocks.flat_map(|b| b.replace("\\\n", " ").lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    assert!(commands.len() >= 12, "{}", commands.len());
    for command in commands {
        let words = shell_words(&command.replace("charts/floe-platform/", "").replace("charts/floe-platform", "."));
        let args: Vec<&str> = words.iter().map(String::as_str).skip(1).collect();
        assert_eq!(words[0], "helm", "{command}");
        let answer = CHART.ask(&args);
        assert_eq!((answer.exit, answer.stderr.as_str()), (0, ""), "{command}");
    }
}
