//! Charts in folders: one walk, `.helmignore` applied, links followed.

use rhumb_world::{DirEntry, FileKind, World};

use crate::load::archive::MAX_UNPACKED;
use crate::load::files::{assemble, generation, without_mark};
use crate::load::ignore::Rules;
use crate::load::{Door, info, link};
use crate::log::Line;
use crate::metadata::Generation;
use crate::model::{Chart, File};

/// How many files and folders are looked at. Links that lead back up make endlessly many; the reference has no limit.
const MOST_ENTRIES: u32 = 1_000_000;

/// How deep folders may lie in folders. Systems stop earlier, with the length of a path.
const MAX_DEPTH: u32 = 1000;

/// The chart in the folder `root`, an absolute path without a trailing slash.
pub(crate) fn load(
    world: &dyn World,
    root: &str,
    door: Door,
    log: &mut Vec<Line>,
) -> Result<(Chart, Generation), String> {
    let entries = world.read_dir(root);
    let mut ahead = Ahead { world, entries: entries.as_deref().unwrap_or_default(), read: Vec::new() };
    let mut of = Generation::V2;
    if door == Door::Installable {
        let manifest = format!("{root}/Chart.yaml");
        if ahead.kind("Chart.yaml", &manifest) == Some(FileKind::Other) {
            return Err(irregular(&manifest));
        }
        of = generation(
            ahead.file("Chart.yaml", &manifest).map_err(|e| format!("unable to detect chart at {manifest}: {e}"))?,
        )?;
    }
    let rules = rules(&mut ahead, &format!("{root}/.helmignore"))?;
    let read = ahead.read;
    let mut walk =
        Walk { world, root, rules, read, buffer: Vec::new(), files: Vec::new(), left: MAX_UNPACKED, entries: 0, log };
    walk.folder(root, entries.map_err(|e| e.to_string())?, 0)?;
    let Walk { files, log, .. } = walk;
    let mut messages = Vec::new();
    let chart = assemble(files, of, &mut messages);
    log.extend(messages.into_iter().map(info));
    Ok((chart?, of))
}

/// The rules of a `.helmignore`; a missing one has none.
fn rules(ahead: &mut Ahead<'_>, path: &str) -> Result<Rules, String> {
    match ahead.kind(".helmignore", path) {
        None => Rules::parse(b""),
        Some(FileKind::Other) => Err(irregular(path)),
        Some(_) => Rules::parse(ahead.file(".helmignore", path).map_err(|e| e.to_string())?),
    }
}

/// The files of the topmost folder that are looked at before the walk, which then need not read them again.
struct Ahead<'a> {
    world: &'a dyn World,
    /// The names in the folder, sorted; none when it cannot be listed.
    entries: &'a [DirEntry],
    read: Vec<(&'static str, Vec<u8>)>,
}

impl Ahead<'_> {
    /// What the name stands for, links followed. Reading a pipe would wait for its writer, so this is asked first.
    fn kind(&self, name: &str, path: &str) -> Option<FileKind> {
        let listed =
            self.entries.binary_search_by(|entry| entry.name.as_str().cmp(name)).map(|at| self.entries[at].kind);
        match listed {
            Ok(FileKind::File) => Some(FileKind::File),
            // A system that knows no difference of case finds more than what is listed.
            _ => self.world.stat(path).ok().map(|found| found.kind),
        }
    }

    fn file(&mut self, name: &'static str, path: &str) -> rhumb_world::Result<&[u8]> {
        let data = self.world.read_at_most(path, MAX_UNPACKED)?;
        self.read.push((name, data));
        Ok(self.read.last().map_or(&[], |(_, data)| data))
    }
}

fn irregular(path: &str) -> String {
    format!("cannot load irregular file {path} as it has file mode type bits set")
}

/// A larger buffer is not kept for the next file.
const MOST_BUFFER: usize = 64 << 10;

struct Walk<'a> {
    world: &'a dyn World,
    root: &'a str,
    rules: Rules,
    /// Files of the topmost folder that have been read already.
    read: Vec<(&'static str, Vec<u8>)>,
    /// Where files are read to, one after the other.
    buffer: Vec<u8>,
    files: Vec<File>,
    /// How many bytes the files still to come may have.
    left: u64,
    entries: u32,
    log: &'a mut Vec<Line>,
}

impl Walk<'_> {
    fn folder(&mut self, path: &str, entries: Vec<DirEntry>, depth: u32) -> Result<(), String> {
        for entry in entries {
            self.entries += 1;
            if self.entries > MOST_ENTRIES {
                return Err(format!("{}: more than {MOST_ENTRIES} files and folders", self.root));
            }
            let path = format!("{path}/{}", entry.name);
            let mut kind = entry.kind;
            if kind == FileKind::Link {
                let resolved =
                    self.world.real_path(&path).map_err(|e| format!("error evaluating symlink {path}: {e}"))?;
                kind = self.world.stat(&resolved).map_err(|e| e.to_string())?.kind;
                self.log.push(link(&path, &resolved));
            }
            self.visit(&path, kind, depth)?;
        }
        Ok(())
    }

    fn visit(&mut self, path: &str, kind: FileKind, depth: u32) -> Result<(), String> {
        let name = path[self.root.len()..].trim_start_matches('/');
        let is_folder = kind == FileKind::Dir;
        if self.rules.ignores(name, is_folder, self.log) {
            return Ok(());
        }
        match kind {
            FileKind::Dir if depth == MAX_DEPTH => Err(format!("{path}: folders lie more than {MAX_DEPTH} deep")),
            FileKind::Dir => {
                let entries = self.world.read_dir(path).map_err(|e| e.to_string())?;
                self.folder(path, entries, depth + 1)
            }
            FileKind::File => {
                let fail = |e: &dyn std::fmt::Display| format!("error reading {name}: {e}");
                let data = self.data(name, path).map_err(|e| fail(&e))?;
                let (size, data) = (data.len() as u64, without_mark(data));
                let too_large =
                    || fail(&format_args!("chart exceeds maximum decompressed size of {MAX_UNPACKED} bytes"));
                self.left = self.left.checked_sub(size).ok_or_else(too_large)?;
                // Asked for only when a chart is packed, so not looked up here.
                self.files.push(File { name: name.to_owned(), data, modified: 0 });
                Ok(())
            }
            _ => Err(irregular(path)),
        }
    }

    /// What is in a file, up to a byte more than may be.
    fn data(&mut self, name: &str, path: &str) -> rhumb_world::Result<&[u8]> {
        // One that was cut where it was read ahead is read again.
        let read = self.read.iter().position(|(read, data)| *read == name && (data.len() as u64) < MAX_UNPACKED);
        if let Some(at) = read {
            self.buffer = self.read.swap_remove(at).1;
            return Ok(&self.buffer);
        }
        if self.buffer.capacity() > MOST_BUFFER {
            self.buffer = Vec::new();
        }
        self.world.read_into(path, self.left + 1, &mut self.buffer)?;
        Ok(&self.buffer)
    }
}
