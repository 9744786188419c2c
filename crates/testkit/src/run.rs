//! One case run with one program, away from the user's own settings.

use crate::answer::Answer;
use crate::case::{Action, Case, Only, Options, Program, Step};
use crate::inputs;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

/// Longer than any case may take, under a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs a case's steps in a fresh folder. A step for the other program has no answer.
pub fn case(case: &Case, program: &Path, which: Which) -> io::Result<Vec<Option<Answer>>> {
    let base = tempfile::tempdir()?;
    let folders = Folders { work: base.path().join("work"), home: base.path().join("home") };
    std::fs::create_dir_all(&folders.work)?;
    std::fs::create_dir_all(&folders.home)?;
    inputs::unpack(case, &folders.work)?;
    case.steps.iter().map(|step| folders.step(step, program, which)).collect()
}

/// Which program it is that runs the cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The real Helm.
    Reference,
    /// Our own binary.
    Ours,
}

struct Folders {
    work: PathBuf,
    home: PathBuf,
}

type Tree = BTreeMap<String, Vec<u8>>;

impl Folders {
    fn step(&self, step: &Step, program: &Path, which: Which) -> io::Result<Option<Answer>> {
        let args = match &step.action {
            Action::Command { program: Program::Rhumb, .. } if which == Which::Reference => return Ok(None),
            Action::Command { args, .. } => args.clone(),
            Action::Template { text } => {
                inputs::put(&self.work, "demo/templates/main.yaml", text.as_bytes())?;
                let mut args = vec!["template".to_owned(), "demo".to_owned()];
                args.extend(step.options.args.iter().cloned());
                args
            }
        };
        let name = match &step.action {
            Action::Command { program: Program::Rhumb, .. } => "rhumb",
            _ => "helm",
        };
        let before = self.tree()?;
        let mut answer = self.run(program, name, &args, &step.options)?;
        answer.files = changes(&before, &self.tree()?);
        Ok(Some(self.tidy(answer, &step.options)))
    }

    fn run(&self, program: &Path, name: &str, args: &[String], options: &Options) -> io::Result<Answer> {
        let mut command = Command::new(program);
        set_name(&mut command, name);
        command.args(args).current_dir(&self.work).env_clear();
        command.env("PATH", "/usr/bin:/bin").env("HOME", &self.home).env("LC_ALL", "C").env("TZ", "UTC");
        command.env("KUBECONFIG", "/dev/null");
        for proxy in ["HTTP_PROXY", "HTTPS_PROXY"] {
            command.env(proxy, "http://127.0.0.1:9");
        }
        for (variable, folder) in
            [("HELM_CACHE_HOME", "cache"), ("HELM_CONFIG_HOME", "config"), ("HELM_DATA_HOME", "data")]
        {
            command.env(variable, self.home.join(folder));
        }
        for (name, value) in &options.env {
            command.env(name, value);
        }
        command.stdin(match &options.stdin {
            Some(path) => Stdio::from(std::fs::File::open(self.work.join(path))?),
            None => Stdio::null(),
        });
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        collect(command.spawn()?)
    }

    fn tree(&self) -> io::Result<Tree> {
        let mut tree = Tree::new();
        for path in inputs::files(&self.work)? {
            let full = self.work.join(&path);
            let bytes = match std::fs::read_link(&full) {
                Ok(target) => format!("-> {}\n", target.display()).into_bytes(),
                Err(_) => std::fs::read(&full)?,
            };
            tree.insert(path.to_string_lossy().into_owned(), bytes);
        }
        Ok(tree)
    }

    /// Takes out of an answer what differs from run to run, and what the step does not look at.
    fn tidy(&self, mut answer: Answer, options: &Options) -> Answer {
        let masks: Vec<regex_lite::Regex> =
            options.masks.iter().filter_map(|mask| regex_lite::Regex::new(mask).ok()).collect();
        let clean = |bytes: &mut Vec<u8>| {
            for (path, name) in [(&self.work, "$WORK"), (&self.home, "$HOME")] {
                replace(bytes, path.to_string_lossy().as_bytes(), name.as_bytes());
            }
            mask(bytes, &masks);
        };
        clean(&mut answer.stdout);
        clean(&mut answer.stderr);
        answer.files.values_mut().flatten().for_each(clean);
        options.ours.iter().for_each(|ours| crate::ours::take_out(&mut answer, ours));
        if options.sorted {
            sort_lines(&mut answer.stdout);
            sort_lines(&mut answer.stderr);
        }
        match options.only {
            Only::All => {}
            Only::Names => answer.files.values_mut().flatten().for_each(Vec::clear),
            Only::Exit => answer = Answer { exit: answer.exit, ..Answer::default() },
            Only::Stdout => answer.stderr.clear(),
        }
        answer
    }
}

#[cfg(unix)]
fn set_name(command: &mut Command, name: &str) {
    use std::os::unix::process::CommandExt as _;
    command.arg0(name);
}

#[cfg(not(unix))]
fn set_name(_: &mut Command, _: &str) {}

/// Both streams and the exit code; a program that does not end is ended.
fn collect(mut child: Child) -> io::Result<Answer> {
    let out = child.stdout.take();
    let err = child.stderr.take();
    let child = Arc::new(Mutex::new(child));
    let (done, wait) = mpsc::channel::<()>();
    let watched = Arc::clone(&child);
    let watch = std::thread::spawn(move || {
        let late = wait.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout);
        if late && let Ok(mut child) = watched.lock() {
            let _ = child.kill();
        }
        late
    });
    let errors = std::thread::spawn(move || drain(err));
    let stdout = drain(out)?;
    let mut stderr = errors.join().map_err(|_| io::Error::other("reading stderr failed"))??;
    drop(done);
    let late = watch.join().unwrap_or(false);
    if late {
        stderr.extend_from_slice(b"(ended: it took too long)\n");
    }
    let mut child = child.lock().map_err(|_| io::Error::other("lost the child"))?;
    let status = child.wait()?;
    Ok(Answer { stdout, stderr, exit: exit_code(status), files: BTreeMap::new() })
}

fn drain(stream: Option<impl io::Read>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(mut stream) = stream {
        stream.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

#[cfg(unix)]
fn exit_code(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt as _;
    status.code().or(status.signal().map(|signal| 128 + signal)).unwrap_or(-1)
}

#[cfg(not(unix))]
fn exit_code(status: std::process::ExitStatus) -> i32 {
    status.code().unwrap_or(-1)
}

fn changes(before: &Tree, after: &Tree) -> BTreeMap<String, Option<Vec<u8>>> {
    let written = after.iter().filter(|(path, bytes)| before.get(*path) != Some(bytes));
    let removed = before.keys().filter(|path| !after.contains_key(*path));
    let written = written.map(|(path, bytes)| (path.clone(), Some(bytes.clone())));
    written.chain(removed.map(|path| (path.clone(), None))).collect()
}

fn replace(bytes: &mut Vec<u8>, from: &[u8], to: &[u8]) {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.as_slice();
    while let Some(at) = rest.windows(from.len()).position(|window| window == from) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    out.extend_from_slice(rest);
    *bytes = out;
}

fn mask(bytes: &mut Vec<u8>, masks: &[regex_lite::Regex]) {
    if masks.is_empty() {
        return;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let mut text = text.to_owned();
        for mask in masks {
            text = mask.replace_all(&text, "<masked>").into_owned();
        }
        *bytes = text.into_bytes();
    }
}

fn sort_lines(bytes: &mut Vec<u8>) {
    let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    lines.sort();
    *bytes = lines.concat();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run_shell(script: &str) -> Vec<Option<Answer>> {
        let folder = tempfile::tempdir().unwrap();
        inputs::put(folder.path(), "script", script.as_bytes()).unwrap();
        let text = "# a\n=== a\n-- in --\nhello\n-- old --\n1\n-- l -> in --\n% stdin in\n% env X=5\n% mask [0-9]{3}\n$ helm script one\n$ rhumb x\n";
        let file = crate::parse::file("x", text.to_owned()).unwrap();
        // A shell stands in for the program: its first argument is a script.
        let mut case = file.cases.into_iter().next().unwrap();
        let Action::Command { args, .. } = &mut case.steps[0].action else { panic!() };
        args[0] = folder.path().join("script").display().to_string();
        super::case(&case, Path::new("/bin/sh"), Which::Reference).unwrap()
    }

    #[test]
    fn everything_is_seen() {
        let script = "cat; echo $1 $X $HOME 1234; pwd >&2; echo b > sub; rm old; exit 3";
        let answers = run_shell(script);
        assert_eq!(answers.len(), 2);
        assert!(answers[1].is_none(), "the reference does not know our own verbs");
        let answer = answers[0].as_ref().unwrap();
        assert_eq!(String::from_utf8_lossy(&answer.stdout), "hello\none 5 $HOME <masked>4\n");
        assert_eq!(answer.stderr, b"$WORK\n");
        assert_eq!(answer.exit, 3);
        let files: Vec<_> = answer.files.iter().map(|(p, b)| (p.as_str(), b.as_deref())).collect();
        assert_eq!(files, [("old", None), ("sub", Some(&b"b\n"[..]))]);
    }

    #[test]
    fn a_signal_is_an_exit_code() {
        assert_eq!(run_shell("kill -9 $$")[0].as_ref().unwrap().exit, 137);
    }
}
