//! The script of the bootstrap, taken out of the rendered ConfigMap and run by Python against a double of the server.

use std::path::PathBuf;
use std::process::Command;

use rhumb_platforms::live;
use serde_json::{Value, json};

use super::double::{Behaviour, Double, TOKEN};
use super::with;

const SECRET: &str = "r00t-p4ssword";

/// A role that writes to a catalog, under names that a path cannot hold as they are.
const VALUES: &str = r#"bootstrap={
    "catalogs": [
        {"name": "demo", "defaultBaseLocation": "s3://bucket/demo", "allowedLocations": ["s3://raw/"], "properties": {"owner": "lake"},
         "storage": {"type": "S3", "roleArn": "arn:aws:iam::123456789012:role/r", "pathStyleAccess": false}},
        {"name": "spiel/platz ü", "defaultBaseLocation": "gs://bucket/play", "storage": {"type": "GCS", "gcsServiceAccount": "a@b"}}
    ],
    "grants": [
        {"catalog": "demo", "catalogRole": "writer", "principalRole": "engineer", "principal": "etl", "privileges": ["CATALOG_MANAGE_CONTENT", "TABLE_LIST"]},
        {"catalog": "spiel/platz ü", "catalogRole": "rea der", "principalRole": "engineer", "privileges": ["TABLE_READ_DATA"]}
    ]
}"#;

/// Python, or none where it need not be there.
fn python() -> Option<&'static str> {
    let found = ["/usr/bin/python3", "/usr/local/bin/python3", "python3"].into_iter().find(|name| {
        let answer = Command::new(name).arg("-c").arg("print(1)").output();
        answer.is_ok_and(|answer| answer.status.success())
    });
    assert!(found.is_some() || !live(), "python3 is needed to try the bootstrap's script");
    found
}

/// The script and its file, as the ConfigMap of these values holds them.
struct Script {
    folder: tempfile::TempDir,
}

/// What the script said: its exit code, all that it printed, the last line.
struct Said {
    exit: i32,
    text: String,
    last: String,
}

impl Script {
    fn of(sets: &[&str]) -> Script {
        let objects = with(sets);
        let data = &objects.get("ConfigMap", "polaris-bootstrap")["data"];
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["bootstrap.py", "bootstrap.json"] {
            std::fs::write(folder.path().join(name), data[name].as_str().expect("a text")).expect("a file");
        }
        Script { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A run, or nothing without Python. Whatever it prints, no password and no token is in it.
    fn run(&self, verb: &str, url: &str, changes: &[(&str, &str)]) -> Option<Said> {
        let mut command = Command::new(python()?);
        command.arg("-B").arg(self.path("bootstrap.py")).arg(verb).env_clear();
        let file = self.path("bootstrap.json");
        let env = [
            ("POLARIS_URL", url),
            ("POLARIS_MANAGEMENT_URL", url),
            ("POLARIS_REALM", "POLARIS"),
            ("POLARIS_CLIENT_ID", "root"),
            ("POLARIS_CLIENT_SECRET", SECRET),
            ("BOOTSTRAP_FILE", file.to_str().expect("UTF-8")),
            ("WAIT_SECONDS", "20"),
            // A proxy must not see the token.
            ("http_proxy", "http://127.0.0.1:9"),
        ];
        command.envs(env).envs(changes.iter().copied());
        let output = command.output().expect("Python runs");
        let text = String::from_utf8([output.stdout.clone(), output.stderr].concat()).expect("text");
        for secret in [SECRET, TOKEN, "credentials-of-a-new-principal", "wrong-password"] {
            assert!(!text.contains(secret), "{secret} is printed:\n{text}");
        }
        let last = text.lines().last().unwrap_or_default().to_owned();
        Some(Said { exit: output.status.code().expect("an end of its own"), text, last })
    }
}

fn script() -> Script {
    Script::of(&[
        &format!("--set-json {VALUES}"),
        "storage.s3.region=eu-central-1,storage.s3.endpoint=https://objects.internal",
    ])
}

/// F-02, P-30, P-31: what the values list is made, each thing once, with the bodies that the API wants; a second run makes nothing.
#[test]
fn p30_a_second_run_makes_nothing() {
    let (script, double) =
        (script(), Double::start(SECRET, Behaviour { repeated_is_an_error: true, ..Behaviour::default() }));
    let Some(first) = script.run("apply", &double.url, &[]) else { return };
    assert_eq!((first.exit, first.last.as_str()), (0, "done: 12 created, 0 there already"), "{}", first.text);
    assert!(first.text.contains("POST /api/management/v1/principals/etl/rotate gives new ones"), "{}", first.text);
    let catalogs = double.held().catalogs.clone();
    assert_eq!(
        catalogs["demo"],
        json!({
            "type": "INTERNAL", "name": "demo", "properties": {"default-base-location": "s3://bucket/demo", "owner": "lake"},
            "storageConfigInfo": {"storageType": "S3", "allowedLocations": ["s3://bucket/demo", "s3://raw/"],
                "roleArn": "arn:aws:iam::123456789012:role/r", "pathStyleAccess": false, "region": "eu-central-1", "endpoint": "https://objects.internal"}
        })
    );
    // The first catalog's storage leaves nothing behind in the second's.
    assert_eq!(
        catalogs["spiel/platz ü"]["storageConfigInfo"],
        json!({"storageType": "GCS", "allowedLocations": ["gs://bucket/play"], "gcsServiceAccount": "a@b"})
    );
    let names = double.held().names.iter().cloned().collect::<Vec<_>>();
    assert_eq!(
        names,
        [
            "engineer is rea der of spiel/platz ü",
            "engineer is writer of demo",
            "etl is engineer",
            "principal etl",
            "principal role engineer",
            "rea der of spiel/platz ü may \"catalog\" \"TABLE_READ_DATA\"",
            "role rea der of spiel/platz ü",
            "role writer of demo",
            "writer of demo may \"catalog\" \"CATALOG_MANAGE_CONTENT\"",
            "writer of demo may \"catalog\" \"TABLE_LIST\"",
        ]
    );
    assert!(double.held().requests.iter().all(|(.., realm, _)| realm == "POLARIS"));

    let again = script.run("apply", &double.url, &[]).expect("Python");
    assert_eq!((again.exit, again.last.as_str()), (0, "done: 0 created, 12 there already"), "{}", again.text);
    assert_eq!(double.held().catalogs, catalogs);
    assert_eq!(double.held().names.iter().cloned().collect::<Vec<_>>(), names);
    assert!(!again.text.contains("warning"), "{}", again.text);
}

/// P-30: newer servers accept a repeated grant; then it counts as made, and the end is the same.
#[test]
fn p30_a_repeated_grant_may_be_accepted() {
    let (script, double) = (script(), Double::start(SECRET, Behaviour::default()));
    let Some(first) = script.run("apply", &double.url, &[]) else { return };
    let again = script.run("apply", &double.url, &[]).expect("Python");
    assert_eq!((first.exit, again.exit), (0, 0));
    assert_eq!(again.last, "done: 6 created, 6 there already");
}

/// X-11: refused credentials end at once, with a code that the Job does not try again and a line that says which Secret is meant.
#[test]
fn x11_wrong_credentials_end_at_once() {
    let (script, double) = (script(), Double::start(SECRET, Behaviour::default()));
    let Some(said) = script.run("apply", &double.url, &[("POLARIS_CLIENT_SECRET", "wrong-password")]) else { return };
    assert_eq!(said.exit, 2);
    assert_eq!(
        said.last,
        "error: realm POLARIS refuses the root credentials (HTTP 401): the Secret must hold those with which the realm was bootstrapped"
    );
    assert_eq!(double.asked(), ["POST /api/catalog/v1/oauth/tokens"]);
}

/// REQ-623: a server that is not ready is waited for; one that never is, or is not there, ends the wait with where and how long.
#[test]
fn req623_the_server_is_waited_for() {
    let script = script();
    let double = Double::start(SECRET, Behaviour { not_ready: 3, ..Behaviour::default() });
    let Some(said) = script.run("apply", &double.url, &[("WAIT_SECONDS", "60")]) else { return };
    assert_eq!((said.exit, said.last.as_str()), (0, "done: 12 created, 0 there already"), "{}", said.text);

    let never = Double::start(SECRET, Behaviour { not_ready: usize::MAX, ..Behaviour::default() });
    let said = script.run("apply", &never.url, &[("WAIT_SECONDS", "1")]).expect("Python");
    assert_eq!(said.exit, 3);
    assert_eq!(
        said.last,
        format!(
            "error: no answer from {} within 1 s (HTTP 503): is Polaris running, and may this pod reach it?",
            never.url
        )
    );
    assert!(double.asked().len() > 3 && never.asked().len() > 2);

    let said = script.run("apply", "http://127.0.0.1:9", &[("WAIT_SECONDS", "1")]).expect("Python");
    assert_eq!(said.exit, 3);
    assert_eq!(
        said.last,
        "error: no answer from http://127.0.0.1:9 within 1 s (Connection refused): is Polaris running, and may this pod reach it?"
    );
}

/// P-30: a token that runs out is renewed once; one that is never good ends the run.
#[test]
fn p30_a_token_is_renewed() {
    let (script, double) =
        (script(), Double::start(SECRET, Behaviour { token_lasts: Some(5), ..Behaviour::default() }));
    let Some(said) = script.run("apply", &double.url, &[]) else { return };
    assert_eq!((said.exit, said.last.as_str()), (0, "done: 12 created, 0 there already"), "{}", said.text);
    let logins = double.asked().iter().filter(|asked| asked.ends_with("/tokens")).count();
    assert_eq!(logins, 3);

    let never = Double::start(SECRET, Behaviour { token_lasts: Some(0), ..Behaviour::default() });
    let said = script.run("apply", &never.url, &[]).expect("Python");
    assert_eq!(
        (said.exit, said.last.as_str()),
        (1, "error: catalog demo: HTTP 401: the token has run out"),
        "{}",
        said.text
    );
}

/// X-11: what the server refuses is told in its own words; an answer that is none of Polaris' is told as such.
#[test]
fn x11_refusals_are_told() {
    let script = script();
    let grants = "/grants";
    let table = [
        (
            ("/catalogs", 403, r#"{"error": {"message": "root may\n  not", "type": "Forbidden"}}"#),
            "error: catalog demo: HTTP 403: root may not",
        ),
        (
            (grants, 500, r#"{"error": {"message": "deadlock detected (SQLState=40P01)"}}"#),
            "error: privilege CATALOG_MANAGE_CONTENT for demo.writer: HTTP 500: deadlock detected (SQLState=40P01)",
        ),
        (("/catalogs", 404, "<html>nothing</html>"), "error: catalog demo: HTTP 404: <html>nothing</html>"),
        (("/catalogs", 400, ""), "error: catalog demo: HTTP 400: no reason given"),
        (("/catalogs", 302, ""), "error: catalog demo: HTTP 302: no reason given"),
        (("/tokens", 200, "<html>welcome</html>"), "is it Polaris?"),
        (("/tokens", 200, "[]"), "is it Polaris?"),
        (("/tokens", 500, "boom"), "error: no token: HTTP 500"),
    ];
    for (instead, last) in table {
        let double = Double::start(SECRET, Behaviour { instead: Some(instead), ..Behaviour::default() });
        let Some(said) = script.run("apply", &double.url, &[]) else { return };
        assert_eq!(said.exit, 1, "{instead:?}: {}", said.text);
        assert!(said.last.ends_with(last), "{instead:?}: {}", said.last);
        assert!(!said.text.contains("Traceback"), "{}", said.text);
    }
}

/// P-30: a catalog that someone made otherwise stays as it is, and the run says so.
#[test]
fn p30_what_exists_stays() {
    let (script, double) = (script(), Double::start(SECRET, Behaviour::default()));
    let held = json!({"name": "demo", "properties": {"default-base-location": "s3://elsewhere/"}});
    double.held().catalogs.insert("demo".to_owned(), held.clone());
    let Some(said) = script.run("apply", &double.url, &[]) else { return };
    assert_eq!((said.exit, said.last.as_str()), (0, "done: 11 created, 1 there already"));
    assert!(
        said.text
            .contains("warning: catalog demo has another default-base-location than the values; it stays as it is"),
        "{}",
        said.text
    );
    assert_eq!(double.held().catalogs["demo"], held);
}

/// REQ-635, BP-16: the test looks at content: the health, a token, and that each catalog of the values is there.
#[test]
fn req635_the_test_looks_at_content() {
    let script = script();
    let double = Double::start(SECRET, Behaviour::default());
    let Some(said) = script.run("check", &double.url, &[]) else { return };
    assert_eq!(
        (said.exit, said.last.as_str()),
        (1, "error: catalogs that should be there are not: demo, spiel/platz ü")
    );
    assert_eq!(script.run("apply", &double.url, &[]).expect("Python").exit, 0);
    double.held().catalogs.insert("more".to_owned(), json!({"name": "more"}));
    let said = script.run("check", &double.url, &[]).expect("Python");
    assert_eq!(said.last, "ok: realm POLARIS gives a token and lists 3 catalogs, with all 2 of the values");
    assert_eq!(said.exit, 0);
    // It changes nothing.
    assert!(
        double.asked().iter().rev().take(3).eq([
            "GET /api/management/v1/catalogs",
            "POST /api/catalog/v1/oauth/tokens",
            "GET /q/health/ready"
        ]
        .iter())
    );

    let table = [
        (("/ready", 200, r#"{"status": "DOWN"}"#), 1, "error: the server is not ready: HTTP 200, status DOWN"),
        (("/ready", 404, "nothing"), 1, "error: the server is not ready: HTTP 404, status None"),
        (
            ("/ready", 503, r#"{"status": "DOWN"}"#),
            3,
            "within 1 s (HTTP 503): is Polaris running, and may this pod reach it?",
        ),
        (("/catalogs", 200, "[]"), 1, "is it Polaris?"),
        (("/catalogs", 200, r#"{"catalogs": {}}"#), 1, "is it Polaris?"),
        (("/catalogs", 500, "boom"), 1, "error: GET /catalogs: HTTP 500: boom"),
    ];
    for (instead, exit, last) in table {
        let double = Double::start(SECRET, Behaviour { instead: Some(instead), ..Behaviour::default() });
        let said = script.run("check", &double.url, &[("WAIT_SECONDS", "1")]).expect("Python");
        assert_eq!(said.exit, exit, "{instead:?}: {}", said.text);
        assert!(said.last.ends_with(last), "{instead:?}: {}", said.last);
        assert!(!said.text.contains("Traceback"), "{instead:?}: {}", said.text);
    }
}

/// X-11: a wrong environment or file is told by its name, with a code that the Job does not try again.
#[test]
fn x11_wrong_input_is_told() {
    let script = script();
    std::fs::write(script.path("broken.json"), "{\"catalogs\": ").expect("a file");
    std::fs::write(script.path("empty.json"), "[]").expect("a file");
    let paths =
        ["broken.json", "empty.json", "missing.json"].map(|name| script.path(name).to_str().expect("UTF-8").to_owned());
    let table = [
        ("apply", ("POLARIS_URL", ""), "error: the variable POLARIS_URL is not set"),
        ("apply", ("POLARIS_CLIENT_SECRET", ""), "error: the variable POLARIS_CLIENT_SECRET is not set"),
        ("check", ("POLARIS_MANAGEMENT_URL", ""), "error: the variable POLARIS_MANAGEMENT_URL is not set"),
        ("apply", ("WAIT_SECONDS", "soon"), "error: WAIT_SECONDS is not a number"),
        ("apply", ("BOOTSTRAP_FILE", &paths[0]), "broken.json cannot be read: JSONDecodeError"),
        ("apply", ("BOOTSTRAP_FILE", &paths[1]), "empty.json cannot be read: TypeError"),
        ("apply", ("BOOTSTRAP_FILE", &paths[2]), "missing.json cannot be read: FileNotFoundError"),
        ("remove", ("X", "y"), "error: usage: bootstrap.py apply|check"),
    ];
    for (verb, change, last) in table {
        let Some(said) = script.run(verb, "http://127.0.0.1:9", &[change]) else { return };
        assert_eq!(said.exit, 4, "{verb} {change:?}: {}", said.text);
        assert!(said.last.ends_with(last), "{verb} {change:?}: {}", said.last);
        assert!(!said.text.contains("Traceback"), "{}", said.text);
    }
}

/// F-02: with nothing to make, the Job still logs in: wrong credentials show at the install and not days later.
#[test]
fn f02_nothing_to_make() {
    let (script, double) = (Script::of(&[]), Double::start(SECRET, Behaviour::default()));
    let Some(said) = script.run("apply", &double.url, &[]) else { return };
    assert_eq!((said.exit, said.text.as_str()), (0, "logged in to realm POLARIS\ndone: 0 created, 0 there already\n"));
    let file: Value =
        serde_json::from_str(&std::fs::read_to_string(script.path("bootstrap.json")).expect("a file")).expect("JSON");
    assert_eq!(file, json!({"catalogs": [], "grants": []}));
}
