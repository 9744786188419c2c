//! An archive as a folder: what the reference unpacks to a temporary folder stays in memory here.

use std::io::ErrorKind;

use rhumb_chart::load::archive;
use rhumb_chart::load::files::definition;
use rhumb_chart::metadata::CHART;
use rhumb_chart::model::File;
use rhumb_gostd::strconv::quote_string;
use rhumb_world::{DirEntry, FileKind, Metadata, PathError, Result, World};

/// The outside world with the files of one archive in it, in a folder of the chart's name.
pub(super) struct Unpacked<'w> {
    outside: &'w dyn World,
    folder: String,
    files: Vec<File>,
}

impl<'w> Unpacked<'w> {
    /// Unpacks an archive. The error is the reference's text.
    pub(super) fn new(outside: &'w dyn World, archive: &[u8]) -> std::result::Result<Self, String> {
        let files = archive::unpack(archive)?;
        let name = match files.iter().find(|f| f.name == "Chart.yaml") {
            Some(manifest) => definition(&manifest.data, &CHART)?.name,
            None => String::new(),
        };
        if name.is_empty() {
            return Err("chart name not specified".to_owned());
        }
        let quoted = quote_string(name.as_bytes());
        if matches!(name.as_str(), "." | "..") {
            return Err(format!("chart name {quoted} is not allowed"));
        }
        if name.contains(['/', '\\']) {
            return Err(format!("chart name {quoted} must not contain path separators"));
        }
        let mut seed = [0; 4];
        outside.entropy(&mut seed);
        let root = outside.var("TMPDIR").filter(|t| !t.is_empty()).unwrap_or_else(|| "/tmp".to_owned());
        let root = root.trim_end_matches('/');
        let folder = format!("{root}/helm-lint{}/{name}", u32::from_le_bytes(seed));
        Ok(Unpacked { outside, folder, files })
    }

    /// Where the chart seems to lie.
    pub(super) fn folder(&self) -> &str {
        &self.folder
    }

    /// The path below the chart's folder; nothing for a path outside.
    fn inner<'p>(&self, path: &'p str) -> Option<&'p str> {
        Some(path.strip_prefix(&self.folder)?.trim_matches('/'))
    }

    fn metadata(&self, op: &'static str, path: &str, inner: &str) -> Result<Metadata> {
        let found = |kind, len| Ok(Metadata { kind, len, mode: 0o644, modified: 0 });
        if let Some(file) = self.files.iter().rev().find(|f| f.name == inner) {
            return found(FileKind::File, file.data.len() as u64);
        }
        let is_folder = |f: &File| f.name.strip_prefix(inner).is_some_and(|rest| rest.starts_with('/'));
        if inner.is_empty() || self.files.iter().any(is_folder) {
            return found(FileKind::Dir, 0);
        }
        Err(PathError::new(op, path, ErrorKind::NotFound))
    }
}

impl World for Unpacked<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>> {
        let Some(inner) = self.inner(path) else { return self.outside.read(path) };
        if let Some(file) = self.files.iter().rev().find(|f| f.name == inner) {
            return Ok(file.data.to_vec());
        }
        let kind = match self.metadata("open", path, inner)?.kind {
            FileKind::Dir => ErrorKind::IsADirectory,
            _ => ErrorKind::NotFound,
        };
        Err(PathError::new("read", path, kind))
    }

    fn stat(&self, path: &str) -> Result<Metadata> {
        match self.inner(path) {
            Some(inner) => self.metadata("stat", path, inner),
            None => self.outside.stat(path),
        }
    }

    fn lstat(&self, path: &str) -> Result<Metadata> {
        match self.inner(path) {
            Some(inner) => self.metadata("lstat", path, inner),
            None => self.outside.lstat(path),
        }
    }

    fn read_dir(&self, path: &str) -> Result<Vec<DirEntry>> {
        let Some(inner) = self.inner(path) else { return self.outside.read_dir(path) };
        let mut entries: Vec<DirEntry> = Vec::new();
        for file in &self.files {
            let Some(rest) = file.name.strip_prefix(inner) else { continue };
            let rest = if inner.is_empty() { rest } else { rest.strip_prefix('/').unwrap_or_default() };
            let (name, kind) = match rest.split_once('/') {
                Some((folder, _)) => (folder, FileKind::Dir),
                None => (rest, FileKind::File),
            };
            if !name.is_empty() {
                entries.push(DirEntry { name: name.to_owned(), kind });
            }
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        entries.dedup_by(|a, b| a.name == b.name);
        Ok(entries)
    }

    fn var(&self, name: &str) -> Option<String> {
        self.outside.var(name)
    }

    fn now(&self) -> (i64, u32) {
        self.outside.now()
    }

    fn local_zone(&self) -> String {
        self.outside.local_zone()
    }

    fn local_zone_name(&self) -> String {
        self.outside.local_zone_name()
    }

    fn entropy(&self, buffer: &mut [u8]) {
        self.outside.entropy(buffer);
    }

    fn resolve_host(&self, name: &str) -> Option<String> {
        self.outside.resolve_host(name)
    }
}

#[cfg(test)]
mod tests {
    use rhumb_world::Memory;

    use super::*;

    #[test]
    fn the_files_lie_in_a_folder() {
        let file = |name: &str| File { name: name.into(), data: name.as_bytes().into(), modified: 0 };
        let outside = Memory::new().file("/out", "o");
        let files = vec![file("Chart.yaml"), file("templates/b"), file("templates/a/x"), file("templates2")];
        let world = Unpacked { outside: &outside, folder: "/tmp/x/c".into(), files };
        let names = |path: &str| world.read_dir(path).unwrap().into_iter().map(|e| e.name).collect::<Vec<_>>();
        assert_eq!(names("/tmp/x/c"), ["Chart.yaml", "templates", "templates2"]);
        assert_eq!(names("/tmp/x/c/templates"), ["a", "b"]);
        assert_eq!(world.read("/tmp/x/c/templates/a/x").unwrap(), b"templates/a/x");
        assert!(world.is_dir("/tmp/x/c") && world.is_dir("/tmp/x/c/templates/a"));
        assert!(!world.exists("/tmp/x/c/temp"));
        assert_eq!(
            world.read("/tmp/x/c/templates").unwrap_err().to_string(),
            "read /tmp/x/c/templates: is a directory"
        );
        assert_eq!(world.read("/out").unwrap(), b"o");
    }
}
