//! The completion scripts in the real shells, on a pseudo-terminal, as a person presses the tab key.
//!
//! A shell that is not installed is named on stderr; with `RHUMB_LIVE=1` (CI) its absence fails the test.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// What is typed (with tabs), and what must then stand on the terminal.
const TYPED: &[(&str, &str)] = &[
    // One candidate is written out, with a space after it.
    ("rhumb templ\t", "rhumb template "),
    ("rhumb show read\t", "rhumb show readme "),
    // A flag of the command and a global one.
    ("rhumb template --kube-v\t", "rhumb template --kube-version "),
    ("rhumb lint --debu\t", "rhumb lint --debug "),
    // Files, where the program has no candidates, after a space and after an equals sign.
    ("rhumb template --values own\t", "rhumb template --values own-values.yaml "),
    ("rhumb template --values=own\t", "rhumb template --values=own-values.yaml "),
    ("rhumb template x ./cha\t", "rhumb template x ./charts-here/"),
    // A candidate with a colon, with no space after it.
    ("rhumb template x oc\t", "rhumb template x oci://"),
    ("rhumb template x oci:\t", "rhumb template x oci://"),
    // Words in quotes come to the program without them.
    ("rhumb 'template' --skip-sch\t", "rhumb 'template' --skip-schema-validation "),
];

/// How a shell is started without anybody's settings, and how it reads our script.
struct Shell {
    name: &'static str,
    start: &'static str,
    setup: &'static str,
}

const BASH: Shell = Shell {
    name: "bash",
    start: "bash --norc --noprofile -i",
    setup: "PS1='ready> '; bind 'set bell-style none'; bind 'set enable-bracketed-paste off'; source <(rhumb completion bash)",
};
const ZSH: Shell = Shell {
    name: "zsh",
    start: "zsh -f -i",
    setup: "PS1='ready> '; unsetopt beep zle_bracketed_paste; autoload -U compinit; compinit -u -D; source <(rhumb completion zsh)",
};

#[test]
fn bash_completes() {
    check(&BASH);
}

#[test]
fn zsh_completes() {
    check(&ZSH);
}

#[test]
fn zsh_completes_from_a_file_of_fpath() {
    if !installed("zsh") || !installed("script") {
        return;
    }
    let place = Place::new();
    fs::create_dir(place.path().join("fpath")).expect("a folder");
    let script = place.rhumb(&["completion", "zsh"]);
    fs::write(place.path().join("fpath/_rhumb"), script).expect("a file");
    let setup = "PS1='ready> '; unsetopt beep zle_bracketed_paste; fpath=($PWD/fpath $fpath); autoload -U compinit; compinit -u -D";
    let mut terminal = Terminal::start(&Shell { setup, ..ZSH }, place.path());
    terminal.types("rhumb templ\t", "rhumb template ");
}

#[test]
fn fish_completes() {
    if !installed("fish") {
        return;
    }
    let place = Place::new();
    for (typed, want) in [
        ("rhumb templ", "template\trender a chart to manifests, without a cluster\n"),
        ("rhumb template --kube-v", "--kube-version\tKubernetes version for .Capabilities.KubeVersion\n"),
        ("rhumb template --values own", "own-values.yaml\n"),
        ("rhumb template --values=own", "--values=own-values.yaml\n"),
        ("rhumb template x oc", "oci://\tchart in a registry\n"),
        ("rhumb version ", ""),
    ] {
        let line = format!("rhumb completion fish | source; complete -C '{typed}'");
        let out = place.run("fish", &["-N", "-c", &line]);
        assert_eq!(out, want, "{typed}");
    }
}

#[test]
fn a_script_without_descriptions_asks_without_them() {
    if !installed("fish") {
        return;
    }
    let place = Place::new();
    let line = "rhumb completion fish --no-descriptions | source; complete -C 'rhumb templ'";
    assert_eq!(place.run("fish", &["-N", "-c", line]), "template\n");
}

fn check(shell: &Shell) {
    if !installed(shell.name) || !installed("script") {
        return;
    }
    let place = Place::new();
    let mut terminal = Terminal::start(shell, place.path());
    for (typed, want) in TYPED {
        terminal.types(typed, want);
    }
}

/// Whether a program is there; its absence is said, and is a failure where everything must run.
fn installed(name: &str) -> bool {
    let there = std::env::var_os("PATH").is_some_and(|p| std::env::split_paths(&p).any(|d| d.join(name).is_file()));
    assert!(there || std::env::var_os("RHUMB_LIVE").is_none(), "{name} is not installed");
    if !there {
        let _ = writeln!(std::io::stderr(), "skipped: {name} is not installed");
    }
    there
}

/// A folder with our binary on the search path and some files to complete.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().expect("a folder"));
        fs::create_dir(place.path().join("charts-here")).expect("a folder");
        fs::write(place.path().join("own-values.yaml"), "").expect("a file");
        place
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn rhumb(&self, args: &[&str]) -> String {
        self.run(env!("CARGO_BIN_EXE_rhumb"), args)
    }

    fn run(&self, program: &str, args: &[&str]) -> String {
        let out = Command::new(program).args(args).env("PATH", search_path()).current_dir(self.path()).output();
        String::from_utf8(out.expect("it runs").stdout).expect("text")
    }
}

fn search_path() -> std::ffi::OsString {
    let ours = PathBuf::from(env!("CARGO_BIN_EXE_rhumb"));
    let folder = ours.parent().expect("a folder").to_owned();
    let others = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(std::iter::once(folder).chain(std::env::split_paths(&others))).expect("a search path")
}

/// A shell on a pseudo-terminal (made by `script` of util-linux).
struct Terminal {
    child: std::process::Child,
    said: Receiver<Vec<u8>>,
    seen: String,
}

impl Terminal {
    fn start(shell: &Shell, folder: &Path) -> Self {
        let mut child = Command::new("script")
            .args(["-qfc", shell.start, "/dev/null"])
            .env("PATH", search_path())
            .env("TERM", "dumb")
            .env("COLUMNS", "500")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("script of util-linux is there");
        let mut out = child.stdout.take().expect("it is piped");
        let (sender, said) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(n @ 1..) = out.read(&mut bytes) {
                if sender.send(bytes[..n].to_vec()).is_err() {
                    return;
                }
            }
        });
        let mut terminal = Self { child, said, seen: String::new() };
        terminal.send(&format!("stty columns 500; {}; echo set''up\n", shell.setup));
        terminal.wait_for("setup");
        terminal
    }

    fn send(&mut self, text: &str) {
        let input = self.child.stdin.as_mut().expect("it is piped");
        input.write_all(text.as_bytes()).and_then(|()| input.flush()).expect("the shell reads");
    }

    /// Types a line, waits for the whole of `want`, and throws the line away.
    fn types(&mut self, line: &str, want: &str) {
        self.seen.clear();
        self.send(line);
        self.wait_for(want);
        // Nothing must follow: a space after an unfinished word would.
        self.send("END");
        self.wait_for(&format!("{want}END"));
        self.send("\u{3}\n");
        self.wait_for("ready> ");
    }

    fn wait_for(&mut self, want: &str) {
        let end = Instant::now() + Duration::from_secs(60);
        while !self.plain().contains(want) {
            let left = end.saturating_duration_since(Instant::now());
            match self.said.recv_timeout(left) {
                Ok(bytes) => self.seen.push_str(&String::from_utf8_lossy(&bytes)),
                Err(e) => panic!("no {want:?} on the terminal ({e}), but {:?}", self.plain()),
            }
        }
    }

    /// What was seen, as a terminal would show it: control sequences taken out, a step back takes a letter away.
    fn plain(&self) -> String {
        let mut plain = String::new();
        let mut letters = self.seen.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '\u{8}' => {
                    plain.pop();
                }
                '\u{1b}' => {
                    if letters.next() == Some('[') {
                        letters.find(|c| ('@'..='~').contains(c));
                    }
                }
                '\u{7}' | '\r' => {}
                letter => {
                    let _ = plain.write_char(letter);
                }
            }
        }
        plain
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
