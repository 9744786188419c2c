//! The real world of a process.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::net::ToSocketAddrs as _;
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::{DirEntry, FileKind, Finished, Metadata, PathError, Result, World};

mod links;

/// The process's own files, environment and clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct Os;

/// Up to this many bytes are read in one call.
const SMALL: usize = 16 << 10;

impl World for Os {
    fn read(&self, path: &str) -> Result<Vec<u8>> {
        let mut file = fs::File::open(path).map_err(|e| PathError::from_io("open", path, &e))?;
        let fail = |e| PathError::from_io("read", path, &e);
        // Files of charts are small: they are read without asking for their size first.
        let mut bytes = Vec::with_capacity(SMALL);
        let read = io::Read::by_ref(&mut file).take(SMALL as u64).read_to_end(&mut bytes).map_err(fail)?;
        if read == SMALL {
            file.read_to_end(&mut bytes).map_err(fail)?;
        }
        Ok(bytes)
    }

    fn read_at_most(&self, path: &str, most: u64) -> Result<Vec<u8>> {
        let file = fs::File::open(path).map_err(|e| PathError::from_io("open", path, &e))?;
        let size = file.metadata().map_or(0, |m| m.len().min(most));
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        file.take(most).read_to_end(&mut bytes).map_err(|e| PathError::from_io("read", path, &e))?;
        Ok(bytes)
    }

    fn read_into(&self, path: &str, most: u64, buffer: &mut Vec<u8>) -> Result<()> {
        let file = fs::File::open(path).map_err(|e| PathError::from_io("open", path, &e))?;
        // Most files fit the buffer: asking for the size would be a call more than reading until there is no more.
        buffer.clear();
        buffer.reserve(SMALL);
        file.take(most).read_to_end(buffer).map_err(|e| PathError::from_io("read", path, &e))?;
        Ok(())
    }

    fn stat(&self, path: &str) -> Result<Metadata> {
        fs::metadata(path).map(|m| metadata(&m)).map_err(|e| PathError::from_io("stat", path, &e))
    }

    fn lstat(&self, path: &str) -> Result<Metadata> {
        fs::symlink_metadata(path).map(|m| metadata(&m)).map_err(|e| PathError::from_io("lstat", path, &e))
    }

    fn read_dir(&self, path: &str) -> Result<Vec<DirEntry>> {
        let fail = |e: io::Error| PathError::from_io("open", path, &e);
        let mut entries = Vec::new();
        for entry in fs::read_dir(path).map_err(fail)? {
            let entry = entry.map_err(fail)?;
            let kind = entry.file_type().map_or(FileKind::Other, kind_of);
            entries.push(DirEntry { name: entry.file_name().to_string_lossy().into_owned(), kind });
        }
        entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    fn real_path(&self, path: &str) -> Result<String> {
        links::resolve(path)
    }

    fn write(&self, path: &str, bytes: &[u8], mode: u32) -> Result<()> {
        put(fs::OpenOptions::new().write(true).create(true).truncate(true), path, bytes, mode, |_| 0)
    }

    fn append(&self, path: &str, bytes: &[u8], mode: u32) -> Result<()> {
        put(fs::OpenOptions::new().append(true).create(true), path, bytes, mode, fs::Metadata::len)
    }

    fn create_dir_all(&self, path: &str) -> Result<()> {
        fs::create_dir_all(path).map_err(|e| PathError::from_io("mkdir", path, &e))
    }

    fn remove(&self, path: &str) -> Result<()> {
        let is_dir = fs::symlink_metadata(path).is_ok_and(|m| m.is_dir());
        let done = if is_dir { fs::remove_dir(path) } else { fs::remove_file(path) };
        done.map_err(|e| PathError::from_io("remove", path, &e))
    }

    fn stdin(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map_err(|e| PathError::from_io("read", "/dev/stdin", &e))?;
        Ok(bytes)
    }

    fn var(&self, name: &str) -> Option<String> {
        std::env::var_os(name).map(|v| v.to_string_lossy().into_owned())
    }

    fn current_dir(&self) -> Result<String> {
        std::env::current_dir()
            .map(|p| p.to_string_lossy().into_owned())
            .map_err(|e| PathError::from_io("getwd", ".", &e))
    }

    fn now(&self) -> (i64, u32) {
        let seconds = |d: std::time::Duration| i64::try_from(d.as_secs()).unwrap_or(i64::MAX);
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(after) => (seconds(after), after.subsec_nanos()),
            Err(before) => (-seconds(before.duration()), 0),
        }
    }

    fn local_zone(&self) -> String {
        let in_database = |path: &str| path.split_once("zoneinfo/").map(|(_, zone)| zone.to_owned());
        let from_link = || {
            let target = fs::read_link(LOCALTIME).ok();
            target.and_then(|t| in_database(t.to_str()?)).unwrap_or_else(|| "UTC".to_owned())
        };
        match self.var("TZ") {
            Some(zone) => match zone.strip_prefix(':').unwrap_or(&zone) {
                "" => "UTC".to_owned(),
                LOCALTIME => from_link(),
                path if path.starts_with('/') => in_database(path).unwrap_or_else(|| path.to_owned()),
                zone => zone.to_owned(),
            },
            None => from_link(),
        }
    }

    fn local_zone_name(&self) -> String {
        match self.var("TZ") {
            Some(zone) => match zone.strip_prefix(':').unwrap_or(&zone) {
                "" => "UTC".to_owned(),
                LOCALTIME => "Local".to_owned(),
                zone => zone.to_owned(),
            },
            None if fs::exists(LOCALTIME).unwrap_or(false) => "Local".to_owned(),
            None => "UTC".to_owned(),
        }
    }

    fn entropy(&self, buffer: &mut [u8]) {
        // A system without randomness cannot make keys: going on with guessable bytes would be worse than stopping.
        getrandom::fill(buffer).expect("the system's source of randomness works");
    }

    fn resolve_host(&self, name: &str) -> Option<String> {
        let mut addresses = (name, 0).to_socket_addrs().ok()?;
        addresses.next().map(|a| a.ip().to_string())
    }

    fn run(&self, program: &str, args: &[String], env: &[(String, String)], stdin: &[u8]) -> Result<Finished> {
        let fail = |e: io::Error| PathError::from_io("exec", program, &e);
        let mut child = Command::new(program)
            .args(args)
            .envs(env.iter().map(|(k, v)| (k, v)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(fail)?;
        let (input, out, err) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        std::thread::scope(|scope| {
            // Fed and heard beside the reading, so that no side waits for another; a program may stop reading early.
            scope.spawn(move || input.map(|mut pipe| pipe.write_all(stdin)));
            let stderr = scope.spawn(move || err.map(take_start).unwrap_or_default());
            let stdout = out.map(take_bounded);
            if matches!(stdout, Some(Err(_))) {
                let _ = child.kill();
            }
            let status = child.wait().map_err(fail)?;
            let stdout = stdout.unwrap_or_else(|| Ok(Vec::new())).map_err(fail)?;
            let stderr = stderr.join().unwrap_or_default();
            Ok(Finished { code: status.code(), signal: signal_of(status), stdout, stderr })
        })
    }
}

/// What names the zone of the machine.
const LOCALTIME: &str = "/etc/localtime";

/// What a program may write; one that writes more is stopped.
const MOST_OUTPUT: u64 = 256 << 20;
/// What is kept of a program's complaints.
const MOST_COMPLAINT: u64 = 64 << 10;

fn take_bounded(pipe: impl io::Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    pipe.take(MOST_OUTPUT + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > MOST_OUTPUT {
        true => Err(io::Error::other(format!("it wrote more than {} MiB", MOST_OUTPUT >> 20))),
        false => Ok(bytes),
    }
}

/// The start of what comes; the rest is read and dropped, so that the program is not held up.
fn take_start(mut pipe: impl io::Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = pipe.by_ref().take(MOST_COMPLAINT).read_to_end(&mut bytes);
    let _ = io::copy(&mut pipe, &mut io::sink());
    bytes
}

#[cfg(unix)]
fn signal_of(status: std::process::ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal_of(_: std::process::ExitStatus) -> Option<i32> {
    None
}

/// Writes through what the options open. `kept` tells how many bytes of a file stay as they are.
fn put(
    options: &mut fs::OpenOptions,
    path: &str,
    bytes: &[u8],
    mode: u32,
    kept: impl Fn(&fs::Metadata) -> u64,
) -> Result<()> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let mut file = options.open(path).map_err(|e| PathError::from_io("open", path, &e))?;
    let before = file.metadata();
    file.write_all(bytes).map_err(|e| {
        // Half a file is worse than none: whoever reads it next takes it for whole.
        if let Ok(before) = before
            && before.is_file()
        {
            let _ = match kept(&before) {
                0 => fs::remove_file(path),
                length => file.set_len(length),
            };
        }
        PathError::from_io("write", path, &e)
    })
}

fn kind_of(kind: fs::FileType) -> FileKind {
    if kind.is_file() {
        FileKind::File
    } else if kind.is_dir() {
        FileKind::Dir
    } else if kind.is_symlink() {
        FileKind::Link
    } else {
        FileKind::Other
    }
}

fn metadata(m: &fs::Metadata) -> Metadata {
    let modified = m
        .modified()
        .ok()
        .and_then(|t| t.duration_since(UNIX_EPOCH).ok())
        .map_or(0, |d| i64::try_from(d.as_secs()).unwrap_or(i64::MAX));
    Metadata { kind: kind_of(m.file_type()), len: m.len(), mode: mode_of(m), modified }
}

#[cfg(unix)]
fn mode_of(m: &fs::Metadata) -> u32 {
    std::os::unix::fs::MetadataExt::mode(m) & 0o7777
}

#[cfg(not(unix))]
fn mode_of(m: &fs::Metadata) -> u32 {
    if m.permissions().readonly() { 0o444 } else { 0o666 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn temp(name: &str) -> String {
        let dir = std::env::temp_dir().join(format!("rhumb-world-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).expect("a temporary folder can be made");
        dir.to_string_lossy().into_owned()
    }

    #[test]
    fn writes_reads_lists_and_removes() {
        let dir = temp("files");
        let file = format!("{dir}/b/c.txt");
        Os.create_dir_all(&format!("{dir}/b")).unwrap();
        Os.write(&file, b"one", 0o644).unwrap();
        Os.append(&file, b" two", 0o644).unwrap();
        assert_eq!(Os.read(&file).unwrap(), b"one two");
        let mut buffer = b"something else".to_vec();
        for (most, want) in [(100, "one two"), (3, "one"), (0, "")] {
            Os.read_into(&file, most, &mut buffer).unwrap();
            assert_eq!((&*buffer, Os.read_at_most(&file, most).unwrap()), (want.as_bytes(), want.into()), "{most}");
        }
        assert_eq!(Os.stat(&file).unwrap().kind, FileKind::File);
        assert_eq!(Os.read_dir(&dir).unwrap(), [DirEntry { name: "b".into(), kind: FileKind::Dir }]);
        Os.remove(&file).unwrap();
        assert!(!Os.exists(&file));
        Os.remove(&format!("{dir}/b")).unwrap();
    }

    #[test]
    fn failures_name_operation_and_path() {
        let dir = temp("fail");
        let no = format!("{dir}/no");
        assert_eq!(Os.read(&no).unwrap_err().to_string(), format!("open {no}: no such file or directory"));
        assert_eq!(Os.stat(&no).unwrap_err().op, "stat");
        assert_eq!(Os.read(&dir).unwrap_err().to_string(), format!("read {dir}: is a directory"));
        let into = |path: &str| Os.read_into(path, 9, &mut Vec::new()).unwrap_err().to_string();
        assert_eq!(into(&no), format!("open {no}: no such file or directory"));
        assert_eq!(into(&dir), format!("read {dir}: is a directory"));
    }

    #[test]
    fn runs_a_program_with_input() {
        let done = Os.run("cat", &[], &[], b"hello").unwrap();
        assert_eq!((done.code, done.stdout), (Some(0), b"hello".to_vec()));
        assert!(Os.run("/no/such/program", &[], &[], b"").unwrap_err().is_not_found());
    }

    #[test]
    fn entropy_changes() {
        let (mut a, mut b) = ([0; 16], [0; 16]);
        Os.entropy(&mut a);
        Os.entropy(&mut b);
        assert_ne!(a, b);
    }
}
