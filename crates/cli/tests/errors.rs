//! Failures as people see them: every case under `tests/errors/` is a chart, a command line and what standard error shows.
//!
//! A file holds cases that start with `== TITLE`; what stands before the first belongs to all of them. A case has parts that
//! start with `-- NAME --`: files of a folder, then `command` (the words behind `rhumb`, as a shell
//! takes them without expansions), then `stderr`, the rich form without colours in 100 columns (or as many as `columns` says). `RHUMB_BLESS=1` writes the last
//! part anew, to be read by a person before it is kept. Each case also runs under the name `helm`, where no wish for the rich
//! form may change a byte, and the JSON form must be JSON that holds the plain form's text.

use libtest_mimic::{Arguments, Failed, Trial};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .map(|entries| {
            entries
                .filter_map(|e| Some(e.ok()?.path()))
                .filter(|p| p.extension().is_some_and(|e| e == "case"))
                .collect()
        })
        .unwrap_or_default();
    files.sort();
    let mut trials: Vec<Trial> = Vec::new();
    let mut seen = 0;
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let group = file.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let shared = shared(&text).to_owned();
        let cases = split(&text, "== ");
        seen += cases.len();
        let bless = std::env::var_os("RHUMB_BLESS").is_some_and(|v| v == "1");
        if bless {
            trials.push(Trial::test(format!("bless {group}"), move || bless_file(&file, &shared, &cases)));
            continue;
        }
        for (title, body) in cases {
            let body = format!("{shared}{body}");
            trials.push(Trial::test(format!("{group}: {title}"), move || check(&body)));
        }
    }
    trials.push(Trial::test("there are sixty cases and more", move || {
        if seen >= 60 { Ok(()) } else { Err(Failed::from(format!("{seen} cases"))) }
    }));
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// What stands before the first case.
fn shared(text: &str) -> &str {
    if text.starts_with("== ") { "" } else { text.find("\n== ").map_or(text, |at| &text[..=at]) }
}

/// The parts of a text that start with a line `mark title`, without what stands before the first.
fn split(text: &str, mark: &str) -> Vec<(String, String)> {
    let mut parts: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match line.strip_prefix(mark) {
            Some(title) => {
                let title = title.trim_end().trim_end_matches(mark.trim()).trim_end();
                parts.push((title.to_owned(), String::new()));
            }
            None => {
                if let Some((_, body)) = parts.last_mut() {
                    body.push_str(line);
                }
            }
        }
    }
    parts
}

/// A folder with the files of a case, gone when it is dropped.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

struct Case {
    folder: Folder,
    command: Vec<String>,
    columns: String,
    stderr: String,
}

fn prepare(body: &str) -> Result<Case, Failed> {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = Folder(std::env::temp_dir().join(format!("rhumb-errors-{}-{number}", std::process::id())));
    let mut case = Case { folder, command: Vec::new(), columns: "100".to_owned(), stderr: String::new() };
    std::fs::create_dir_all(&case.folder.0)?;
    for (name, content) in split(body, "-- ") {
        match name.as_str() {
            "columns" => content.trim().clone_into(&mut case.columns),
            "command" => case.command = words(content.trim()),
            // The empty line before the next case is no part of it.
            "stderr" => case.stderr = content.strip_suffix("\n\n").map_or(content.clone(), |c| format!("{c}\n")),
            name => {
                let path = case.folder.0.join(name);
                if let Some(parent) = path.parent() {
                    std::fs::create_dir_all(parent)?;
                }
                std::fs::write(path, bytes(&content))?;
            }
        }
    }
    Ok(case)
}

/// Signs that a text file should not hold are written `␉` (tab), `␍` (carriage return) and `␀` (a byte that is no UTF-8).
fn bytes(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for c in text.chars() {
        match c {
            '␉' => out.push(b'\t'),
            '␍' => out.push(b'\r'),
            '␀' => out.push(0xff),
            c => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out
}

/// The words of a command line: quotes are single quotes.
fn words(line: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().expect("never empty").push(c),
        }
    }
    words
}

fn run(case: &Case, program: &Path, wish: &str) -> Result<Output, Failed> {
    let mut command = Command::new(program);
    command.current_dir(&case.folder.0).args(&case.command).env_clear().env("HOME", &case.folder.0);
    command.env("COLUMNS", &case.columns).env("RHUMB_ERRORS", wish).stdin(std::process::Stdio::null());
    Ok(command.output()?)
}

fn ours() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_rhumb"))
}

/// Our program under the name `helm`.
fn as_helm(folder: &Path) -> Result<PathBuf, Failed> {
    let bin = folder.join("bin-of-the-test");
    std::fs::create_dir_all(&bin)?;
    let link = bin.join("helm");
    if !link.exists() {
        #[cfg(unix)]
        std::os::unix::fs::symlink(ours(), &link)?;
        #[cfg(not(unix))]
        std::fs::copy(ours(), &link)?;
    }
    Ok(link)
}

fn text(bytes: &[u8], case: &Case) -> String {
    String::from_utf8_lossy(bytes).replace(&*case.folder.0.to_string_lossy(), "/FOLDER")
}

fn check(body: &str) -> Result<(), Failed> {
    let case = prepare(body)?;
    let rich = run(&case, &ours(), "rich")?;
    let shown = text(&rich.stderr, &case);
    if shown != case.stderr {
        return Err(Failed::from(format!("wanted:\n{}\nshown:\n{shown}", case.stderr)));
    }
    let helm = as_helm(&case.folder.0)?;
    let (plain, wished) = (run(&case, &helm, "plain")?, run(&case, &helm, "rich")?);
    if plain != wished || plain.status.code() != rich.status.code() || plain.stdout != rich.stdout {
        return Err(Failed::from("under the name helm the answer must not depend on the wish"));
    }
    reference(&case, &plain)?;
    json(&case)
}

/// With `RHUMB_LIVE=1`, the real Helm says what we say under its name.
fn reference(case: &Case, ours: &Output) -> Result<(), Failed> {
    let live = std::env::var_os("RHUMB_LIVE").is_some_and(|value| value == "1");
    let said = text(&ours.stderr, case);
    if !live || said.contains("rhumb") {
        return Ok(());
    }
    let Some(helm) = rhumb_testkit::reference::path() else { return Ok(()) };
    let theirs = run(case, &helm, "")?;
    let wanted = text(&theirs.stderr, case);
    // Helm walks a schema's properties in the order of a Go map: its lines come as chance has it.
    let ordered = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        if text.contains("specifications of the schema(s)") {
            lines.sort();
        }
        lines
    };
    if ordered(&wanted) == ordered(&said) && theirs.status.code() == ours.status.code() {
        return Ok(());
    }
    Err(Failed::from(format!("Helm says:\n{wanted}\nwe say under its name:\n{said}")))
}

/// The JSON form: one object a line, one of them (the first, but for `lint`, which goes into details before) with the plain form's text.
fn json(case: &Case) -> Result<(), Failed> {
    let plain = text(&run(case, &ours(), "plain")?.stderr, case);
    let shown = text(&run(case, &ours(), "json")?.stderr, case);
    let objects: Vec<&str> = shown.lines().filter(|l| l.starts_with('{')).collect();
    if objects.is_empty() {
        return Err(Failed::from(format!("no JSON: {shown}")));
    }
    let mut messages = Vec::new();
    for object in &objects {
        let value: serde_json::Value =
            serde_json::from_str(object).map_err(|e| Failed::from(format!("{e}: {object}")))?;
        if !value["code"].as_str().is_some_and(|code| code.starts_with("RH")) {
            return Err(Failed::from(format!("no code: {object}")));
        }
        messages.push(value["message"].as_str().unwrap_or_default().to_owned());
    }
    let has_plain = |message: &String| !message.is_empty() && plain.contains(&format!("Error: {message}"));
    if messages.iter().any(has_plain) {
        return Ok(());
    }
    Err(Failed::from(format!("no message is the plain form's:\n{messages:?}\n{plain}")))
}

/// Writes the `stderr` parts of a file anew.
fn bless_file(file: &Path, shared: &str, cases: &[(String, String)]) -> Result<(), Failed> {
    let mut out = shared.to_owned();
    for (title, body) in cases {
        let case = prepare(&format!("{shared}{body}"))?;
        let shown = text(&run(&case, &ours(), "rich")?.stderr, &case);
        let kept = body.split("-- stderr --\n").next().unwrap_or_default().trim_end();
        let gap = if out.is_empty() || out.ends_with("\n\n") { "" } else { "\n" };
        out.push_str(&format!("{gap}== {title}\n{kept}\n-- stderr --\n{shown}"));
        if !shown.ends_with('\n') {
            return Err(Failed::from(format!("{title}: nothing was said")));
        }
    }
    std::fs::write(file, out)?;
    Ok(())
}
