//! The scripts of the platform's Jobs, hooks and tests, as they are rendered, against a real PostgreSQL with the rendered configuration.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use rhumb_platforms::programs::{Running, ports, until, words};
use rhumb_platforms::{Chart, Objects, live};
use serde_json::Value;
use tempfile::TempDir;

const CHART: Chart = Chart::FLOE_PLATFORM;
const PASSWORD: &str = "pa:ss'wo/rd@\"%20$HOME\\";
const VALUES: &str = "hooks.backup.enabled=true,hooks.backup.existingClaim=c,hooks.backup.keep=2,\
    databaseInit.roles.reader.existingSecret=reader,databaseInit.roles.reader.databases={dagster},\
    postgresql.configuration.work_mem=8MB,postgresql.configuration.log_line_prefix=it's %m";

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The folder of PostgreSQL's programs, where Debian puts them.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let found = versions.map(|version| version.path().join("bin")).find(|bin| bin.join("postgres").is_file());
    assert!(found.is_some() || !live(), "PostgreSQL's server is not on this machine (Debian: postgresql)");
    found
}

/// A server that ends with this value.
struct Lab {
    bin: PathBuf,
    folder: TempDir,
    port: u16,
    /// What Secrets hold, by key.
    secrets: BTreeMap<String, String>,
    server: Option<Running>,
}

impl Lab {
    fn new(bin: PathBuf) -> Lab {
        let [port] = ports().expect("a port");
        let pairs = [("postgresql-password", PASSWORD), ("password", "first \"one\"")];
        let secrets = pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        Lab { bin, folder: tempfile::tempdir().expect("a folder"), port, secrets, server: None }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A program of the server, which root may not be.
    fn program(&self, name: &str) -> Command {
        let root = Command::new("id").arg("-u").output().is_ok_and(|said| said.stdout == b"0\n");
        let mut command = if root {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(self.bin.join(name));
            command
        } else {
            Command::new(self.bin.join(name))
        };
        command.current_dir(self.folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Starts it with the configuration of a render.
    fn start(&mut self, objects: &Objects) {
        let folder = self.path("server");
        std::fs::create_dir(&folder).expect("a folder");
        for (name, held) in [
            ("password", PASSWORD),
            ("postgresql.conf", text(&objects.get("ConfigMap", "floe-postgresql")["data"]["postgresql.conf"])),
        ] {
            std::fs::write(folder.join(name), held).expect("a file");
        }
        let _ = Command::new("chown").args(["-R", "postgres"]).arg(self.folder.path()).output();
        let flags =
            ["-D", "server/data", "-U", "floe", "--auth=scram-sha-256", "--pwfile=server/password", "--no-sync"];
        assert!(self.program("initdb").args(flags).status().expect("initdb").success());
        let config = format!("config_file={}", folder.join("postgresql.conf").display());
        let mut command = self.program("postgres");
        command.args(["-D", "server/data", "-c", &config, "-h", "127.0.0.1", "-F"]);
        command.arg("-p").arg(self.port.to_string()).arg("-k").arg(&folder);
        self.server = Some(Running::start(&mut command).expect("postgres"));
        let ready = objects.get("StatefulSet", "floe-postgresql")["spec"]["template"]["spec"]["containers"][0].clone();
        let probe: Vec<&str> =
            ready["readinessProbe"]["exec"]["command"].as_array().expect("a probe").iter().map(text).collect();
        let ask =
            || Command::new(self.bin.join(probe[0])).args(&probe[1..]).env("PGPORT", self.port.to_string()).output();
        until(|| ask().is_ok_and(|said| said.status.success())).expect("the readiness probe is content");
    }

    /// Runs what a container runs, with its variables; the database is this one.
    fn run(&self, container: &Value, changes: &[(&str, &str)]) -> Output {
        let command: Vec<&str> = container["command"].as_array().expect("a command").iter().map(text).collect();
        let script = text(&container["args"][0]).replace("/backup", &self.path("backup").display().to_string());
        let mut shell = Command::new(command[0]);
        shell.args(&command[1..]).arg(script).env_clear().current_dir(self.folder.path());
        shell.env("PATH", format!("{}:/usr/bin:/bin", self.bin.display()));
        for variable in container["env"].as_array().into_iter().flatten() {
            let from = &variable["valueFrom"]["secretKeyRef"];
            match (variable["value"].as_str(), from["key"].as_str().and_then(|key| self.secrets.get(key))) {
                (Some(value), _) => drop(shell.env(text(&variable["name"]), value)),
                (_, Some(held)) => drop(shell.env(text(&variable["name"]), held)),
                _ => assert_eq!(from["optional"], true, "{variable}"),
            }
        }
        shell.env("PGHOST", "127.0.0.1").env("PGPORT", self.port.to_string()).envs(changes.iter().copied());
        shell.output().expect("a shell")
    }

    fn sql(&self, user: &str, password: &str, database: &str, statement: &str) -> Result<String, String> {
        let mut psql = Command::new(self.bin.join("psql"));
        psql.args(["-h", "127.0.0.1", "-U", user, "-d", database, "-tAc", statement, "-v", "ON_ERROR_STOP=1"]);
        let said = psql.arg("-p").arg(self.port.to_string()).env("PGPASSWORD", password).output().expect("psql");
        if said.status.success() { Ok(words(&said).trim().to_owned()) } else { Err(words(&said)) }
    }

    fn ours(&self, database: &str, statement: &str) -> String {
        self.sql("floe", PASSWORD, database, statement).expect("it is done")
    }

    fn dumps(&self) -> Vec<String> {
        let names = std::fs::read_dir(self.path("backup")).expect("a folder").flatten();
        let mut names: Vec<_> = names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

fn container<'a>(object: &'a Value, list: &str, name: &str) -> &'a Value {
    let pod = if object["kind"] == "Pod" { &object["spec"] } else { &object["spec"]["template"]["spec"] };
    let mut all = pod[list].as_array().expect("containers").iter();
    all.find(|container| container["name"] == name).unwrap_or_else(|| panic!("no {name}"))
}

/// Fails, and says this last.
fn refuses(said: &Output, line: &str) {
    assert_eq!(said.status.code(), Some(1), "{}", words(said));
    let last = words(said);
    assert!(last.lines().last().is_some_and(|last| last.contains(line)), "no {line:?} at the end of: {last}");
    assert!(!last.contains(PASSWORD), "{last}");
}

/// F-01, F-02, REQ-623, REQ-628, REQ-631, X-11, BP-16: the rendered configuration is one that PostgreSQL takes. Pods wait for it and say
/// where it is when it is not. Databases and roles are made once, whatever a password holds; a changed password of a role is taken over by
/// the next run. Dumps are whole, as many as wanted, and can be restored. The test pod writes to each database, and fails without one.
#[test]
fn the_platforms_scripts_work() {
    let Some(bin) = programs() else { return };
    let objects = CHART.render(&["--set", VALUES]);
    let job =
        objects.kind("Job").find(|job| text(&job["metadata"]["name"]).contains("database-init")).expect("it is there");
    let (wait, init) =
        (container(job, "initContainers", "wait-for-postgresql"), container(job, "containers", "database-init"));
    let mut lab = Lab::new(bin);
    let address = format!("127.0.0.1:{} after 0 s", lab.port);
    refuses(&lab.run(wait, &[("WAIT_SECONDS", "0")]), &format!("no PostgreSQL at {address}"));

    lab.start(&objects);
    assert_eq!(lab.ours("postgres", "SHOW work_mem"), "8MB");
    assert_eq!(lab.ours("postgres", "SHOW log_line_prefix"), "it's %m");
    assert!(lab.run(wait, &[("WAIT_SECONDS", "0")]).status.success());
    let webserver =
        container(objects.get("Deployment", "floe-dagster-webserver"), "initContainers", "wait-for-postgresql");
    refuses(
        &lab.run(webserver, &[("WAIT_SECONDS", "0")]),
        &format!("no login as floe to the database dagster at {address}"),
    );

    // Twice, the second time with another password in the role's Secret.
    let said = lab.run(init, &[]);
    assert!(said.status.success(), "{}", words(&said));
    let listed = "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE NOT datistemplate";
    assert_eq!(lab.ours("postgres", listed), "dagster polaris postgres");
    let first = lab.secrets["password"].clone();
    lab.sql("reader", &first, "dagster", "CREATE TABLE kept (n int)").expect("the role may make tables");
    lab.sql("reader", &first, "dagster", "INSERT INTO kept VALUES (7)").expect("and fill them");
    lab.secrets.insert("password".to_owned(), "it's another `one` $(id) \\".to_owned());
    let said = lab.run(init, &[]);
    assert!(said.status.success() && !words(&said).contains("another"), "{}", words(&said));
    assert!(
        lab.sql("reader", &first, "dagster", "SELECT 1")
            .is_err_and(|why| why.contains("password authentication failed"))
    );
    assert_eq!(lab.sql("reader", &lab.secrets["password"], "dagster", "SELECT n FROM kept").as_deref(), Ok("7"));
    assert!(lab.run(webserver, &[("WAIT_SECONDS", "0")]).status.success());
    let wrong = lab.run(webserver, &[("WAIT_SECONDS", "0"), ("PGPASSWORD", "wrong")]);
    refuses(&wrong, "was it created, and is the password right?");
    assert!(!lab.run(init, &[("PGPASSWORD", "wrong")]).status.success());

    let test = container(objects.get("Pod", "floe-test-postgresql"), "containers", "test");
    let said = lab.run(test, &[]);
    assert!(said.status.success() && words(&said).contains("database polaris: takes tables"), "{}", words(&said));
    assert!(!lab.run(test, &[("DATABASES", "dagster lost")]).status.success());
    assert_eq!(lab.ours("dagster", "SELECT count(*) FROM pg_tables WHERE tablename = 'helm_test'"), "0");

    let backup = objects.get("Job", "floe-backup-pre-upgrade");
    let backup = container(backup, "containers", "backup");
    std::fs::create_dir(lab.path("backup")).expect("a folder");
    for _ in 0..3 {
        let said = lab.run(backup, &[]);
        assert!(said.status.success(), "{}", words(&said));
        // Dumps are named by the second.
        std::thread::sleep(Duration::from_millis(1100));
    }
    let dumps = lab.dumps();
    assert_eq!(dumps.len(), 4, "{dumps:?}");
    assert!(dumps.iter().all(|name| name.ends_with(".dump")) && dumps[0].starts_with("floe-dagster-"), "{dumps:?}");
    lab.ours("postgres", "CREATE DATABASE again");
    let mut restore = Command::new(lab.bin.join("pg_restore"));
    restore.args(["-h", "127.0.0.1", "-U", "floe", "--clean", "--if-exists", "--no-owner", "--dbname=again"]);
    restore.arg("-p").arg(lab.port.to_string()).env("PGPASSWORD", PASSWORD).arg(lab.path("backup").join(&dumps[1]));
    let said = restore.output().expect("pg_restore");
    assert!(said.status.success(), "{}", words(&said));
    assert_eq!(lab.ours("again", "SELECT n FROM kept"), "7");
    // A dump that fails leaves the earlier ones, and none that looks whole.
    let said = lab.run(backup, &[("DATABASES", "lost dagster")]);
    assert!(!said.status.success() && words(&said).contains("\"lost\" does not exist"), "{}", words(&said));
    assert!(lab.dumps().iter().filter(|name| name.ends_with(".dump")).eq(&dumps), "{:?}", lab.dumps());
    prerequisites(&lab);
}

/// The hook before an install: each missing Secret is named, a database that is not there or refuses the login too, all in one run.
fn prerequisites(lab: &Lab) {
    let outside = "postgresql.enabled=false,global.postgresql.host=db.x.svc,global.postgresql.existingSecret=mine,\
        polaris.bootstrap.credentials.existingSecret=root";
    let objects = CHART.render(&["--set", outside]);
    let hook = container(objects.get("Job", "floe-prerequisites"), "containers", "prerequisites");
    let said = lab.run(hook, &[("WAIT_SECONDS", "0"), ("PGPASSWORD", "wrong")]);
    assert_eq!(said.status.code(), Some(1));
    let told = words(&said);
    for line in [
        "Secret root has no key client-id: create it in this namespace before the release",
        "Secret root has no key client-secret: create it in this namespace before the release",
        "refuses the user floe: is the password in its Secret right?",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    let all = [("SECRET_1", "root"), ("SECRET_2", "x"), ("WAIT_SECONDS", "0")];
    let said = lab.run(hook, &all);
    assert!(said.status.success() && words(&said).contains("PostgreSQL at 127.0.0.1"), "{}", words(&said));
    let said = lab.run(hook, &[&all[..], &[("PGPORT", "9")]].concat());
    assert!(
        said.status.code() == Some(1) && words(&said).contains("no PostgreSQL at 127.0.0.1:9 after 0 s"),
        "{}",
        words(&said)
    );
}
