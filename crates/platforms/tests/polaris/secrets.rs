//! Credentials and keys: where they come from, and where they must not be.

use rhumb_platforms::{Chart, Objects};
use serde_json::{Value, json};

use super::{CHART, pod, problems, properties, server, settings, with};

/// F-08, REQ-624, BP-10: what is secret comes from Secrets; no other object holds it, whatever way it was given.
#[test]
fn f08_credentials_stay_in_secrets() {
    let objects = with(&["bootstrap.credentials.clientSecret=V3ry-s3cret"]);
    let secret = objects.get("Secret", "polaris-root-credentials");
    assert_eq!(secret["data"], json!({"client-id": "cm9vdA==", "client-secret": "VjNyeS1zM2NyZXQ="}));
    assert_eq!(secret["type"], "Opaque");
    for object in objects.iter().filter(|object| object["kind"] != "Secret") {
        let text = object.to_string();
        assert!(!text.contains("V3ry-s3cret") && !text.contains("VjNyeS1zM2NyZXQ="), "{text}");
    }
    for (name, objects) in settings() {
        for (_, container) in objects.containers() {
            for variable in container["env"].as_array().into_iter().flatten() {
                let key = variable["name"].as_str().expect("a name");
                let secret = ["PASSWORD", "SECRET"].iter().any(|word| key.contains(word));
                assert!(!secret || variable["valueFrom"]["secretKeyRef"].is_object(), "{name}: {variable}");
            }
        }
    }
}

/// P-20: one Secret for the database's password, and all that need it refer to that one.
#[test]
fn p20_one_secret_for_the_database() {
    let passwords = |objects: &Objects| -> Vec<Value> {
        let of = |c: &Value| c["env"].as_array().cloned().unwrap_or_default();
        let all = objects.containers().into_iter().flat_map(|(_, container)| of(container));
        let passwords =
            all.filter(|v| ["PGPASSWORD", "QUARKUS_DATASOURCE_PASSWORD"].iter().any(|name| v["name"] == *name));
        passwords.map(|v| v["valueFrom"]["secretKeyRef"].clone()).collect()
    };
    let found = passwords(&with(&[]));
    assert_eq!(found, vec![json!({"name": "polaris-database", "key": "postgresql-password"}); 4]);
    let global = r#"global={"postgresql": {"host": "{{ .Release.Name }}-db", "port": 6432, "username": "lake", "existingSecret": "{{ .Release.Name }}-pw", "passwordKey": "pw", "databases": {"polaris": "cat"}, "sslMode": "require"}}"#;
    let objects = CHART.render(&["--set-json", global]);
    assert_eq!(passwords(&objects), vec![json!({"name": "polaris-pw", "key": "pw"}); 4]);
    let (_, env) = server(&objects);
    assert_eq!(env["QUARKUS_DATASOURCE_JDBC_URL"]["value"], "jdbc:postgresql://polaris-db:6432/cat?sslmode=require");
    assert_eq!(env["QUARKUS_DATASOURCE_USERNAME"]["value"], "lake");
    // The chart's own word wins over the platform's.
    let (_, env) = server(&CHART.render(&[
        "--set-json",
        global,
        "--set",
        "postgresql.host=own,postgresql.database=mine,postgresql.port=1",
    ]));
    assert_eq!(env["QUARKUS_DATASOURCE_JDBC_URL"]["value"], "jdbc:postgresql://own:1/mine?sslmode=require");
    // A Secret with user and password; an address of one's own.
    let (_, env) = server(&with(&[
        "persistence.existingSecret=login,persistence.jdbcUrl=jdbc:postgresql://a\\,b/c?targetServerType=primary",
    ]));
    assert_eq!(env["QUARKUS_DATASOURCE_JDBC_URL"]["value"], "jdbc:postgresql://a,b/c?targetServerType=primary");
    assert_eq!(
        env["QUARKUS_DATASOURCE_USERNAME"]["valueFrom"]["secretKeyRef"],
        json!({"name": "login", "key": "username"})
    );
    assert_eq!(
        env["QUARKUS_DATASOURCE_PASSWORD"]["valueFrom"]["secretKeyRef"],
        json!({"name": "login", "key": "password"})
    );
}

/// P-21, REQ-631: without a cluster nothing is generated, so a second render has the same bytes and can replace no password; where
/// nothing may be generated, and in prod, the Secrets to create are named with a command.
#[test]
fn p21_nothing_is_generated_without_a_cluster() {
    let objects = with(&[]);
    assert_eq!(objects.text, with(&[]).text);
    // An empty password would be one that everyone knows; without the key a pod does not start.
    assert_eq!(objects.get("Secret", "polaris-root-credentials")["data"], json!({"client-id": "cm9vdA=="}));
    assert_eq!(objects.get("Secret", "polaris-token-broker")["data"], json!({}));
    // The database knows only a hash, so this one outlives the release.
    let keep = |name: &str| objects.get("Secret", name)["metadata"]["annotations"]["helm.sh/resource-policy"].clone();
    assert_eq!((keep("polaris-root-credentials"), keep("polaris-token-broker")), (json!("keep"), Value::Null));

    for (sets, why) in [
        ("global.generateSecrets=false", "global.generateSecrets=false"),
        ("global.environment=prod", "global.environment=prod"),
    ] {
        let lines = problems(&[sets]);
        assert_eq!(lines.len(), 2, "{lines:#?}");
        assert!(lines.iter().all(|line| line.contains(why)), "{lines:#?}");
        for word in [
            "bootstrap.credentials.existingSecret",
            "kubectl create secret generic polaris-root-credentials --namespace default",
            "client-id",
            "client-secret",
        ] {
            assert!(lines[0].contains(word), "{word}: {}", lines[0]);
        }
        for word in
            ["auth.tokenBroker.existingSecret", "kubectl create secret generic polaris-token-broker", "private.pem"]
        {
            assert!(lines[1].contains(word), "{word}: {}", lines[1]);
        }
        let given = with(&[sets, "bootstrap.credentials.existingSecret=root,auth.tokenBroker.existingSecret=keys"]);
        assert_eq!(given.count("Secret"), 0);
    }
    assert!(
        problems(&["global.generateSecrets=false,auth.tokenBroker.type=symmetric-key"])[1].contains("symmetric.key")
    );
    assert_eq!(with(&["global.environment=prod,global.generateSecrets=true"]).count("Secret"), 2);
}

/// F-08: Secrets of one's own are read under keys of one's own.
#[test]
fn f08_keys_of_ones_own() {
    let objects = with(&[
        "bootstrap.credentials.existingSecret=root,bootstrap.credentials.existingSecretKeys.clientId=id,bootstrap.credentials.existingSecretKeys.clientSecret=pw",
        "auth.tokenBroker.existingSecret=keys,auth.tokenBroker.existingSecretKeys.publicKey=tls.crt,auth.tokenBroker.existingSecretKeys.privateKey=tls.key",
        "storage.s3.existingSecret=s3,storage.s3.region=eu-central-1,storage.s3.endpoint=https://objects,storage.s3.stsEndpoint=https://sts",
        "auth.type=mixed,auth.oidc.authServerUrl=https://id.example.org,auth.oidc.clientId=polaris,auth.oidc.existingSecret=oidc",
    ]);
    let sources = &pod(&objects, "Deployment", "polaris")["volumes"][0]["projected"]["sources"];
    assert_eq!(
        sources[1]["secret"],
        json!({"name": "keys", "items": [{"key": "tls.crt", "path": "public.pem"}, {"key": "tls.key", "path": "private.pem"}]})
    );
    let (_, env) = server(&objects);
    let from = |name: &str| env[name]["valueFrom"]["secretKeyRef"].clone();
    assert_eq!(from("AWS_ACCESS_KEY_ID"), json!({"name": "s3", "key": "access-key-id"}));
    assert_eq!(from("AWS_SECRET_ACCESS_KEY"), json!({"name": "s3", "key": "secret-access-key"}));
    assert_eq!(from("QUARKUS_OIDC_CREDENTIALS_SECRET"), json!({"name": "oidc", "key": "client-secret"}));
    let values = ["AWS_REGION", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_STS"].map(|name| env[name]["value"].clone());
    assert_eq!(values, ["eu-central-1", "https://objects", "https://sts"]);
    for job in objects.kind("Job") {
        let env = job["spec"]["template"]["spec"]["containers"][0]["env"].as_array().expect("variables");
        let keys: Vec<_> = env
            .iter()
            .map(|v| &v["valueFrom"]["secretKeyRef"])
            .filter(|from| from["name"] == "root")
            .map(|from| &from["key"])
            .collect();
        assert_eq!(keys, ["id", "pw"]);
    }
}

/// REQ-621: without a database the server makes its realms itself, from the same Secret.
#[test]
fn req621_in_memory() {
    let objects = CHART.render(&["--set", "persistence.type=in-memory,realms={A,B}"]);
    let (_, env) = server(&objects);
    assert_eq!(
        env["POLARIS_BOOTSTRAP_CREDENTIALS"]["value"],
        "A,$(ROOT_CLIENT_ID),$(ROOT_CLIENT_SECRET);B,$(ROOT_CLIENT_ID),$(ROOT_CLIENT_SECRET)"
    );
    assert_eq!(env["ROOT_CLIENT_SECRET"]["valueFrom"]["secretKeyRef"]["name"], "polaris-root-credentials");
    assert!(env.keys().all(|name| !name.starts_with("QUARKUS_DATASOURCE")));
    assert_eq!(properties(&objects)["polaris.persistence.type"], "in-memory");
    // Whoever else says who a client is: the server would make up a password and log it.
    let outside = "persistence.type=in-memory,bootstrap.enabled=false,auth.type=external,auth.oidc.authServerUrl=https://id.example.org,auth.oidc.clientId=a";
    let (_, env) = server(&CHART.render(&["--set", outside]));
    assert!(env.contains_key("POLARIS_BOOTSTRAP_CREDENTIALS"));
}

/// F-08, f.3: with keys that all servers share, a token of one is good at the others; without any, one server makes its own.
#[test]
fn f08_signing_keys() {
    let sources =
        |objects: &Objects| pod(objects, "Deployment", "polaris")["volumes"][0]["projected"]["sources"].clone();
    let symmetric = with(&["auth.tokenBroker.type=symmetric-key"]);
    assert_eq!(sources(&symmetric)[1]["secret"]["items"], json!([{"key": "symmetric.key", "path": "symmetric.key"}]));
    assert_eq!(symmetric.get("Secret", "polaris-token-broker")["data"], json!({}));
    let own = with(&["auth.tokenBroker.generate=false"]);
    assert_eq!(sources(&own).as_array().map(Vec::len), Some(1));
    assert!(own.find("Secret", "polaris-token-broker").is_none());
    assert!(properties(&own).keys().all(|key| !key.ends_with("-file")));
    let files = properties(&with(&[]));
    assert_eq!(
        files["polaris.authentication.token-broker.rsa-key-pair.private-key-file"],
        "/deployments/config/private.pem"
    );
}

/// REQ-624, BP-05: another property is another pod template, for the server and for nothing else.
#[test]
fn req624_config_restarts_its_reader() {
    let templates = |sets: &[&str]| -> Vec<(String, Value)> {
        let objects = with(sets);
        let pods = objects.pods().into_iter();
        pods.map(|(object, pod)| {
            (
                object["kind"].to_string() + &object["metadata"]["labels"]["app.kubernetes.io/component"].to_string(),
                pod.clone(),
            )
        })
        .collect()
    };
    let plain = templates(&[]);
    let changed = templates(&["logging.level=DEBUG"]);
    let differ: Vec<_> = plain.iter().zip(&changed).filter(|(a, b)| a != b).map(|(a, _)| a.0.as_str()).collect();
    assert_eq!(differ, ["\"Deployment\"\"server\""]);
    assert_eq!(plain, templates(&["service.annotations.a=b"]));
}

/// DER: a tag, and what is in it.
fn der(bytes: &[u8]) -> (u8, &[u8], &[u8]) {
    let (length, head) = match bytes[1] {
        0x81 => (usize::from(bytes[2]), 3),
        0x82 => (usize::from(bytes[2]) << 8 | usize::from(bytes[3]), 4),
        short => (usize::from(short), 2),
    };
    (bytes[0], &bytes[head..head + length], &bytes[head + length..])
}

fn sequence(parts: &[&[u8]], tag: u8) -> Vec<u8> {
    let body = parts.concat();
    let length = u16::try_from(body.len()).expect("short").to_be_bytes();
    let head = match body.len() {
        0..128 => vec![tag, length[1]],
        128..256 => vec![tag, 0x81, length[1]],
        _ => vec![tag, 0x82, length[0], length[1]],
    };
    [head, body].concat()
}

/// REQ-631, P-21: the pair of keys is what Java reads, PKCS#8 and a public key of its own, both made of the same numbers. The helper
/// is given keys in PKCS#1 of each length that occurs, with numbers that only the layout cares about.
#[test]
fn req631_rsa_keys_as_java_reads_them() {
    const ALGORITHM: [u8; 15] = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0];
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("templates")).expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
    write("Chart.yaml", "apiVersion: v2\nname: rsa\nversion: 0.1.0\n");
    write("templates/_rsa.tpl", &CHART.file("templates/_rsa.tpl"));
    write("templates/pair.yaml", "{{ include \"polaris.rsaKeyPairOf\" .Values.key }}\n");
    let chart = Chart { folder: folder.path().to_str().expect("UTF-8").to_owned().leak(), release: "rsa" };
    for short in [0, 1, 2, 3] {
        let integer = |length: usize, first: u8| {
            let body: Vec<u8> =
                (0..length).map(|n| if n == 0 { first } else { u8::try_from(n * 7 % 251).expect("small") }).collect();
            sequence(&[&body], 2)
        };
        let (n, e) = (sequence(&[&[0], &[0xc7; 512]], 2), sequence(&[&[1, 0, 1]], 2));
        let rest = [
            integer(512, 0x51),
            integer(257, 0),
            integer(257, 0),
            integer(256 - short, 0x7f),
            integer(256, 0x33),
            integer(256, 0x11),
        ]
        .concat();
        let pkcs1 = sequence(&[&[2, 1, 0], &n, &e, &rest], 0x30);
        let pem = format!("-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----\n", base64(&pkcs1));
        write("key.pem", &pem);
        let pair: Value = serde_json::from_str(
            chart.render(&["--set-file", "key=key.pem"]).text.lines().find(|l| l.starts_with('{')).expect("JSON"),
        )
        .expect("JSON");
        let read = |key: &str, label: &str| {
            let pem = String::from_utf8(unbase64(pair[key].as_str().expect("text"))).expect("PEM");
            let body = pem
                .strip_prefix(&format!("-----BEGIN {label}-----\n"))
                .and_then(|pem| pem.strip_suffix(&format!("\n-----END {label}-----\n")));
            let body = body.unwrap_or_else(|| panic!("no {label}: {pem}"));
            assert!(body.lines().all(|line| line.len() <= 64));
            unbase64(&body.replace('\n', ""))
        };
        assert_eq!(
            read("private", "PRIVATE KEY"),
            sequence(&[&[2, 1, 0], &ALGORITHM, &sequence(&[&pkcs1], 4)], 0x30),
            "{short}"
        );
        let public = read("public", "PUBLIC KEY");
        assert_eq!(public, sequence(&[&ALGORITHM, &sequence(&[&[0], &sequence(&[&n, &e], 0x30)], 3)], 0x30), "{short}");
        let (tag, inner, rest) = der(&public);
        assert_eq!((tag, inner.len(), rest.len()), (0x30, 546, 0));
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word = (0..3).fold(0_usize, |word, at| word << 8 | usize::from(chunk.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let digit = char::from(ALPHABET[word >> (18 - 6 * at) & 63]);
            text.push(if at > chunk.len() { '=' } else { digit });
        }
    }
    text
}

fn unbase64(text: &str) -> Vec<u8> {
    let digits: Vec<usize> = text.bytes().filter_map(|c| ALPHABET.iter().position(|a| *a == c)).collect();
    let mut bytes = Vec::new();
    for chunk in digits.chunks(4) {
        let word = (0..4).fold(0, |word, at| word << 6 | chunk.get(at).copied().unwrap_or(0));
        bytes.extend((0..chunk.len() - 1).map(|at| u8::try_from(word >> (16 - 8 * at) & 255).expect("a byte")));
    }
    bytes
}

/// P-32, REQ-635: what the chart tells its siblings is where it really is, under any release name; a name that siblings cannot work
/// out is refused until it is told to them.
#[test]
fn req635_siblings_find_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("below")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    write(
        "Chart.yaml",
        "apiVersion: v2\nname: parent\nversion: 0.1.0\ndependencies:\n- name: polaris\n  version: 0.1.0\n  condition: polaris.enabled\n  import-values: [{child: exports.polaris, parent: global.polaris}]\n",
    );
    write("values.yaml", "global: {postgresql: {host: db, existingSecret: pw}}\n");
    write("templates/_floe.tpl", &CHART.file("templates/_floe.tpl"));
    write(
        "templates/told.yaml",
        "{{ with .Values.global.polaris }}kind: Told\nmetadata: {name: told}\nuri: {{ tpl .uri $ }}\nhost: {{ tpl .host $ }}\n{{ end }}",
    );
    std::fs::create_dir(folder.path().join("charts")).expect("a folder");
    let copied =
        std::process::Command::new("cp").arg("-r").arg(CHART.path()).arg(folder.path().join("charts/polaris")).status();
    assert!(copied.expect("cp").success());
    let chart = Chart { folder: folder.path().to_str().expect("UTF-8").to_owned().leak(), release: "floe" };
    for release in ["floe", "polaris", "1st", "a.b"] {
        let objects = chart.render_as(release, "default", &[]);
        let told = objects.get("Told", "told");
        let service = objects.find("Service", told["host"].as_str().expect("a name"));
        assert!(service.is_some(), "{release}: {told}: {:?}", objects.names());
        assert_eq!(told["uri"], format!("http://{}:8181/api/catalog", told["host"].as_str().expect("a name")));
    }
    assert!(chart.render(&["--set", "polaris.enabled=false"]).find("Told", "told").is_none());
    let why = chart.refused(&["--set", "polaris.fullnameOverride=catalog"]);
    assert!(why.contains("http://catalog:8181/api/catalog") && why.contains("set global.polaris.uri"), "{why}");
    let told =
        chart.render(&["--set", "polaris.fullnameOverride=catalog,global.polaris.uri=http://catalog:8181/api/catalog"]);
    assert_eq!(told.get("Told", "told")["uri"], "http://catalog:8181/api/catalog");
}
