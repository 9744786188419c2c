//! A world that exists only in memory: repeatable, harmless, and the same on every system.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;

use crate::{DirEntry, FileKind, Finished, Metadata, PathError, Result, World};

/// Files, environment and a stopped clock, all given by the test. Relative paths start at `/work`.
#[derive(Debug)]
pub struct Memory {
    files: RefCell<BTreeMap<String, Vec<u8>>>,
    dirs: RefCell<BTreeSet<String>>,
    vars: BTreeMap<String, String>,
    hosts: BTreeMap<String, String>,
    stdin: Vec<u8>,
    now: i64,
    seed: Cell<u64>,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            files: RefCell::default(),
            dirs: RefCell::new(BTreeSet::from(["/".to_owned(), "/work".to_owned()])),
            vars: BTreeMap::new(),
            hosts: BTreeMap::new(),
            stdin: Vec::new(),
            now: 1_700_000_000,
            seed: Cell::new(1),
        }
    }
}

impl Memory {
    /// An empty world.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file with its folders.
    #[must_use]
    pub fn file(self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let path = absolute(path);
        self.add_dirs(parent(&path));
        self.files.borrow_mut().insert(path, bytes.into());
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.vars.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Sets what standard input holds.
    #[must_use]
    pub fn input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// Sets the clock.
    #[must_use]
    pub fn at(mut self, seconds: i64) -> Self {
        self.now = seconds;
        self
    }

    /// Gives a host name its address.
    #[must_use]
    pub fn host(mut self, name: &str, address: &str) -> Self {
        self.hosts.insert(name.to_owned(), address.to_owned());
        self
    }

    /// Every file by absolute path, to see what was written.
    #[must_use]
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        self.files.borrow().clone()
    }

    fn add_dirs(&self, path: &str) {
        let mut dirs = self.dirs.borrow_mut();
        let mut path = path;
        while dirs.insert(path.to_owned()) && path != "/" {
            path = parent(path);
        }
    }

    fn kind(&self, path: &str) -> Option<(FileKind, u64)> {
        if let Some(bytes) = self.files.borrow().get(path) {
            return Some((FileKind::File, bytes.len() as u64));
        }
        self.dirs.borrow().contains(path).then_some((FileKind::Dir, 4096))
    }

    fn look(&self, op: &'static str, path: &str) -> Result<Metadata> {
        if path.is_empty() {
            return Err(PathError::new(op, path, ErrorKind::NotFound));
        }
        match self.kind(&absolute(path)) {
            Some((kind, len)) => {
                Ok(Metadata { kind, len, mode: if kind == FileKind::Dir { 0o755 } else { 0o644 }, modified: self.now })
            }
            None => Err(PathError::new(op, path, ErrorKind::NotFound)),
        }
    }
}

impl World for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>> {
        let full = absolute(path);
        match self.files.borrow().get(&full) {
            Some(bytes) => Ok(bytes.clone()),
            None if self.dirs.borrow().contains(&full) => Err(PathError::new("read", path, ErrorKind::IsADirectory)),
            None => Err(PathError::new("open", path, ErrorKind::NotFound)),
        }
    }

    fn stat(&self, path: &str) -> Result<Metadata> {
        self.look("stat", path)
    }

    fn lstat(&self, path: &str) -> Result<Metadata> {
        self.look("lstat", path)
    }

    fn read_dir(&self, path: &str) -> Result<Vec<DirEntry>> {
        let full = absolute(path);
        match self.kind(&full) {
            Some((FileKind::Dir, _)) => {}
            Some(_) => return Err(PathError::new("open", path, ErrorKind::NotADirectory)),
            None => return Err(PathError::new("open", path, ErrorKind::NotFound)),
        }
        let files = self.files.borrow();
        let dirs = self.dirs.borrow();
        let all = files.keys().map(|p| (p, FileKind::File)).chain(dirs.iter().map(|p| (p, FileKind::Dir)));
        let mut entries: Vec<_> = all
            .filter(|(p, _)| p.as_str() != "/" && parent(p) == full)
            .map(|(p, kind)| DirEntry { name: p[p.rfind('/').map_or(0, |at| at + 1)..].to_owned(), kind })
            .collect();
        entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    fn real_path(&self, path: &str) -> Result<String> {
        self.look("lstat", path).map(|_| absolute(path))
    }

    fn write(&self, path: &str, bytes: &[u8], _mode: u32) -> Result<()> {
        let full = absolute(path);
        if self.dirs.borrow().contains(&full) {
            return Err(PathError::new("open", path, ErrorKind::IsADirectory));
        }
        if !self.dirs.borrow().contains(parent(&full)) {
            return Err(PathError::new("open", path, ErrorKind::NotFound));
        }
        self.files.borrow_mut().insert(full, bytes.to_vec());
        Ok(())
    }

    fn append(&self, path: &str, bytes: &[u8], mode: u32) -> Result<()> {
        let mut all = self.read(path).unwrap_or_default();
        all.extend_from_slice(bytes);
        self.write(path, &all, mode)
    }

    fn create_dir_all(&self, path: &str) -> Result<()> {
        let full = absolute(path);
        if self.files.borrow().contains_key(&full) {
            return Err(PathError::new("mkdir", path, ErrorKind::NotADirectory));
        }
        self.add_dirs(&full);
        Ok(())
    }

    fn remove(&self, path: &str) -> Result<()> {
        let full = absolute(path);
        if self.files.borrow_mut().remove(&full).is_some() || self.dirs.borrow_mut().remove(&full) {
            return Ok(());
        }
        Err(PathError::new("remove", path, ErrorKind::NotFound))
    }

    fn stdin(&self) -> Result<Vec<u8>> {
        Ok(self.stdin.clone())
    }

    fn var(&self, name: &str) -> Option<String> {
        self.vars.get(name).cloned()
    }

    fn current_dir(&self) -> Result<String> {
        Ok("/work".to_owned())
    }

    fn now(&self) -> (i64, u32) {
        (self.now, 0)
    }

    fn local_zone(&self) -> String {
        self.var("TZ").unwrap_or_else(|| "UTC".to_owned())
    }

    /// Repeatable bytes (splitmix64), different at each call.
    fn entropy(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            let state = self.seed.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
            self.seed.set(state);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let bytes = (z ^ (z >> 31)).to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
    }

    fn resolve_host(&self, name: &str) -> Option<String> {
        self.hosts.get(name).cloned()
    }

    fn run(&self, program: &str, _: &[String], _: &[(String, String)], _: &[u8]) -> Result<Finished> {
        Err(PathError::new("exec", program, ErrorKind::NotFound))
    }
}

/// The path from the root, `.` and `..` taken out.
fn absolute(path: &str) -> String {
    let start = if path.starts_with('/') { "" } else { "/work" };
    let mut parts: Vec<&str> = Vec::new();
    for part in start.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

fn parent(path: &str) -> &str {
    match path.rfind('/') {
        None | Some(0) => "/",
        Some(at) => &path[..at],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world() -> Memory {
        Memory::new().file("chart/Chart.yaml", "name: x").file("chart/templates/a.yaml", "a")
    }

    #[test]
    fn folders_follow_from_files() {
        let world = world();
        let names: Vec<_> = world.read_dir("chart/").unwrap().into_iter().map(|e| (e.name, e.kind)).collect();
        assert_eq!(names, [("Chart.yaml".into(), FileKind::File), ("templates".into(), FileKind::Dir)]);
        assert_eq!(world.read("./chart/../chart/Chart.yaml").unwrap(), b"name: x");
        assert!(world.is_dir("/work/chart/templates"));
    }

    #[test]
    fn failures_are_those_of_a_system() {
        let world = world();
        let cases = [
            (world.read("no").unwrap_err(), "open no: no such file or directory"),
            (world.read("chart").unwrap_err(), "read chart: is a directory"),
            (world.stat("no").unwrap_err(), "stat no: no such file or directory"),
            (world.read_dir("chart/Chart.yaml").unwrap_err(), "open chart/Chart.yaml: not a directory"),
            (world.write("no/x", b"", 0o644).unwrap_err(), "open no/x: no such file or directory"),
            (world.remove("no").unwrap_err(), "remove no: no such file or directory"),
        ];
        for (error, text) in cases {
            assert_eq!(error.to_string(), text);
        }
    }

    #[test]
    fn writes_are_seen() {
        let world = world();
        world.create_dir_all("out/deep").unwrap();
        world.append("out/deep/x", b"1", 0o644).unwrap();
        world.append("out/deep/x", b"2", 0o644).unwrap();
        assert_eq!(world.files()["/work/out/deep/x"], b"12");
    }

    #[test]
    fn chance_repeats() {
        let (mut a, mut b) = ([0; 11], [0; 11]);
        Memory::new().entropy(&mut a);
        Memory::new().entropy(&mut b);
        assert_eq!(a, b);
        assert_ne!(a, [0; 11]);
    }
}
