//! `kubectl` and the real Helm, asking one server.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rhumb_testkit::reference;

use crate::{Answer, Chart};

/// The name under which tests are known to a server.
pub(crate) const TOKEN: &str = "lab";

/// Who asks a server, from a folder that has `kubeconfig`.
#[derive(Debug)]
pub struct Client {
    kubectl: PathBuf,
    folder: PathBuf,
    /// The program, with its arguments, that leads to where the server is; none, if that is here.
    door: Vec<String>,
}

impl Client {
    /// With the folder that the server was started in.
    pub(crate) fn new(kubectl: PathBuf, folder: &Path, door: Vec<String>) -> Client {
        Client { kubectl, folder: folder.to_owned(), door }
    }

    /// Writes what the server and those who ask it read. Objects that name no namespace go to the one given.
    pub(crate) fn settings(&self, server: u16, namespace: &str) -> Result<(), String> {
        let kubeconfig = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: lab\nclusters:\n- name: lab\n  cluster: {{server: \"https://127.0.0.1:{server}\", insecure-skip-tls-verify: true}}\nusers:\n- name: lab\n  user: {{token: {TOKEN}}}\ncontexts:\n- name: lab\n  context: {{cluster: lab, user: lab, namespace: {namespace}}}\n"
        );
        let tokens = format!("{TOKEN},lab,lab,system:masters\n");
        for (name, text) in [("kubeconfig", kubeconfig), ("tokens.csv", tokens), ("sa.key", key()?)] {
            std::fs::write(self.folder.join(name), text).map_err(|e| format!("{name}: {e}"))?;
        }
        Ok(())
    }

    /// A program where the server is, in a folder, with nothing of this environment but what asks the server.
    pub(crate) fn command(&self, folder: &Path, program: &Path) -> Command {
        let mut command = match self.door.split_first() {
            None => Command::new(program),
            Some((door, rest)) => {
                let mut command = Command::new(door);
                // Entering leads to the top.
                command.args(rest).args(["/bin/sh", "-c", "cd \"$0\" && exec \"$@\""]).arg(folder).arg(program);
                command
            }
        };
        command.current_dir(folder).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", &self.folder).env("KUBECONFIG", self.folder.join("kubeconfig"));
        command
    }

    /// The answer of `kubectl`, with a text on its standard input.
    ///
    /// # Errors
    /// Where it cannot be run.
    pub fn kubectl(&self, args: &[&str], stdin: &str) -> Result<Answer, String> {
        let input = self.folder.join(format!("stdin-{:?}", std::thread::current().id()));
        std::fs::write(&input, stdin).map_err(|e| e.to_string())?;
        let input = std::fs::File::open(&input).map_err(|e| e.to_string())?;
        let mut kubectl = self.command(&self.folder, &self.kubectl);
        let output = kubectl.args(args).stdin(input).output().map_err(|e| format!("kubectl: {e}"))?;
        Ok(answer(&output))
    }

    /// The same, where a failure is not part of the test.
    ///
    /// # Errors
    /// What `kubectl` complained of.
    pub fn must(&self, args: &[&str], stdin: &str) -> Result<(), String> {
        self.get(args, stdin).map(drop)
    }

    /// What `kubectl` says on standard output, where a failure is not part of the test.
    ///
    /// # Errors
    /// What it complained of.
    pub fn get(&self, args: &[&str], stdin: &str) -> Result<String, String> {
        let answer = self.kubectl(args, stdin)?;
        let Answer { stdout, stderr, exit } = answer;
        if exit == 0 { Ok(stdout) } else { Err(format!("kubectl {}: {stderr}", args.join(" "))) }
    }

    /// What the real Helm says on standard output, asked in a chart's folder about releases of the namespace that the server was started
    /// with.
    ///
    /// # Errors
    /// Where it is not on this machine, and what it complained of.
    pub fn helm(&self, chart: Chart, args: &[&str]) -> Result<String, String> {
        let Answer { stdout, stderr, exit } = self.helm_says(chart, args)?;
        if exit == 0 { Ok(stdout) } else { Err(format!("helm {args:?}: {stderr}{stdout}")) }
    }

    /// The real Helm's whole answer.
    ///
    /// # Errors
    /// Where it is not on this machine.
    pub fn helm_says(&self, chart: Chart, args: &[&str]) -> Result<Answer, String> {
        let helm = reference::path().ok_or("the reference is not on this machine: cargo xtask reference")?;
        let output = self.command(&chart.path(), &helm).args(args).output();
        Ok(answer(&output.map_err(|e| format!("helm: {e}"))?))
    }
}

/// A key for tokens, made by our own program.
fn key() -> Result<String, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).map_err(|e| e.to_string());
    std::fs::create_dir(folder.path().join("templates")).map_err(|e| e.to_string())?;
    write("Chart.yaml", "apiVersion: v2\nname: key\nversion: 0.1.0\n")?;
    write("templates/key.yaml", "key: {{ (genSelfSignedCert \"lab\" nil nil 1).Key | quote }}")?;
    let mut ours = Command::new(crate::binary::ours());
    let output = ours.args(["template", "."]).current_dir(folder.path()).output().map_err(|e| e.to_string())?;
    let value = crate::documents(&String::from_utf8_lossy(&output.stdout)).into_iter().next();
    let key = value.as_ref().and_then(|value| value["key"].as_str().map(str::to_owned));
    key.ok_or_else(|| format!("no key: {}", String::from_utf8_lossy(&output.stderr)))
}

fn answer(output: &Output) -> Answer {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Answer { stdout: text(&output.stdout), stderr: text(&output.stderr), exit: output.status.code().unwrap_or(-1) }
}
