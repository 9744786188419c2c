//! A tiny chart through both programs: what they print, and their exit codes, must be the same.

use crate::targets::{NEXT_FILE, PARTS, kind};
use rhumb_testkit::reference;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long a program may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Exit code, standard output and standard error.
type Answer = (Option<i32>, Vec<u8>, Vec<u8>);

/// Our binary (named by `RHUMB_BINARY`, or built beside the fuzzer) and the real Helm, or what to do about one that is missing.
pub fn programs() -> Result<(PathBuf, PathBuf), String> {
    let beside = || std::env::current_exe().ok().map(|exe| exe.with_file_name("rhumb"));
    let ours = std::env::var_os("RHUMB_BINARY").map(PathBuf::from).or_else(beside).filter(|path| path.is_file());
    let ours = ours.ok_or("our binary is not there: build it with the same profile, or name it in RHUMB_BINARY")?;
    let helm = reference::path().ok_or("the reference is not on this machine: cargo xtask reference")?;
    Ok((ours, helm))
}

/// The input of the target `chart`, given to both programs as files.
///
/// # Panics
/// Where the answers differ and the reference repeats its own.
pub fn compare(data: &[u8]) -> String {
    let (ours, helm) = match programs() {
        Ok(programs) => programs,
        Err(missing) => return missing,
    };
    let folder = std::env::temp_dir().join(format!("rhumb-compare-{}", std::process::id()));
    let found = both(&folder, data, &ours, &helm);
    let _ = fs::remove_dir_all(&folder);
    match found {
        Ok(outcome) => outcome,
        // The files could not be written, or a program not started: nothing about the input.
        Err(e) => e.to_string(),
    }
}

fn both(folder: &Path, data: &[u8], ours: &Path, helm: &Path) -> io::Result<String> {
    let _ = fs::remove_dir_all(folder);
    let chart = folder.join("demo");
    fs::create_dir_all(chart.join("templates"))?;
    fs::create_dir_all(chart.join("charts/kid"))?;
    fs::write(chart.join("Chart.yaml"), "apiVersion: v2\nname: demo\nversion: 0.1.0\n")?;
    fs::write(chart.join("charts/kid/Chart.yaml"), "name: kid\nversion: 1.0.0\n")?;
    let text = String::from_utf8_lossy(data);
    for (name, part) in PARTS.iter().zip(text.split(NEXT_FILE)).filter(|(_, part)| !part.is_empty()) {
        fs::write(chart.join(name), part)?;
    }
    let Some(got) = answer(folder, ours)? else { panic!("no answer within {PATIENCE:?}") };
    let mut seen: Option<Answer> = None;
    // It walks some maps in chance order: two ways round come out alike twenty times in a row once in half a million.
    for _ in 0..20 {
        let Some(want) = answer(folder, helm)? else { return Ok("the reference gives no answer".to_owned()) };
        if want == got {
            return Ok(format!("{:?} {}", got.0, kind(&String::from_utf8_lossy(&got.2))));
        }
        if seen.as_ref().is_some_and(|before| *before != want) {
            return Ok("the reference does not repeat itself".to_owned());
        }
        if let Some(known) = known(&got) {
            return Ok(known.to_owned());
        }
        seen = Some(want);
    }
    let shown = |(exit, out, err): &Answer| {
        format!("{exit:?}\n{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
    };
    panic!("the reference: {}\nours: {}", seen.as_ref().map_or_else(String::new, shown), shown(&got))
}

/// The difference that docs/compatibility.md lists, where our answer tells that it is one.
fn known((_, _, err): &Answer) -> Option<&'static str> {
    const KNOWN: [(&str, &str); 1] = [("rhumb does not load ", "known: a schema on the network")];
    let err = String::from_utf8_lossy(err);
    KNOWN.iter().find(|(sign, _)| err.contains(sign)).map(|(_, name)| *name)
}

/// What a program answers, or nothing where it takes too long. Files take what it prints: a pipe would fill up.
fn answer(folder: &Path, program: &Path) -> io::Result<Option<Answer>> {
    let (out, err) = (folder.join("out"), folder.join("err"));
    let mut command = Command::new(program);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::arg0(&mut command, "helm");
    command.args(["template", "demo"]).current_dir(folder).env_clear().env("HOME", folder);
    let mut child = command.stdin(Stdio::null()).stdout(File::create(&out)?).stderr(File::create(&err)?).spawn()?;
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some((status.code(), fs::read(out)?, fs::read(err)?)));
        }
        if start.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}
