//! Charts in folders: one walk, `.helmignore` applied, links followed.

use rhumb_world::{FileKind, World};

use crate::load::archive::MAX_UNPACKED;
use crate::load::files::{assemble, check_generation, without_mark};
use crate::load::ignore::Rules;
use crate::load::{Door, Log};
use crate::model::{Chart, File};

/// How many files and folders are looked at. Links that lead back up make endlessly many; the reference has no limit.
const MOST_ENTRIES: u32 = 1_000_000;

/// How deep folders may lie in folders. Systems stop earlier, with the length of a path.
const MAX_DEPTH: u32 = 1000;

/// The chart in the folder `root`, an absolute path without a trailing slash.
pub fn load(world: &dyn World, root: &str, door: Door, log: &mut Vec<Log>) -> Result<Chart, String> {
    if door == Door::Installable {
        let manifest = format!("{root}/Chart.yaml");
        let fail = |e: rhumb_world::PathError| format!("unable to detect chart at {manifest}: {e}");
        // Reading a pipe would wait for its writer.
        if world.stat(&manifest).is_ok_and(|found| found.kind == FileKind::Other) {
            return Err(irregular(&manifest));
        }
        check_generation(&world.read_at_most(&manifest, MAX_UNPACKED).map_err(fail)?)?;
    }
    let rules = rules(world, &format!("{root}/.helmignore"))?;
    let mut walk = Walk { world, root, rules, files: Vec::new(), left: MAX_UNPACKED, entries: 0, log };
    walk.folder(root, 0)?;
    let Walk { files, log, .. } = walk;
    let mut messages = Vec::new();
    let chart = assemble(files, &mut messages);
    log.extend(messages.into_iter().map(Log::message));
    chart
}

/// The rules of a `.helmignore`; a missing one has none.
fn rules(world: &dyn World, path: &str) -> Result<Rules, String> {
    match world.stat(path) {
        Err(_) => Rules::parse(b""),
        Ok(found) if found.kind == FileKind::Other => Err(irregular(path)),
        Ok(_) => Rules::parse(&world.read_at_most(path, MAX_UNPACKED).map_err(|e| e.to_string())?),
    }
}

fn irregular(path: &str) -> String {
    format!("cannot load irregular file {path} as it has file mode type bits set")
}

struct Walk<'a> {
    world: &'a dyn World,
    root: &'a str,
    rules: Rules,
    files: Vec<File>,
    /// How many bytes the files still to come may have.
    left: u64,
    entries: u32,
    log: &'a mut Vec<Log>,
}

impl Walk<'_> {
    fn folder(&mut self, path: &str, depth: u32) -> Result<(), String> {
        if depth > MAX_DEPTH {
            return Err(format!("{path}: folders lie more than {MAX_DEPTH} deep"));
        }
        for entry in self.world.read_dir(path).map_err(|e| e.to_string())? {
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
                self.log.push(Log::link(&path, &resolved));
            }
            self.visit(&path, kind, depth)?;
        }
        Ok(())
    }

    fn visit(&mut self, path: &str, kind: FileKind, depth: u32) -> Result<(), String> {
        let name = path[self.root.len()..].trim_start_matches('/');
        let is_folder = kind == FileKind::Dir;
        if self.rules.ignores(name, is_folder) {
            return Ok(());
        }
        match kind {
            FileKind::Dir => self.folder(path, depth + 1),
            FileKind::File => {
                let fail = |e: &dyn std::fmt::Display| format!("error reading {name}: {e}");
                let data = self.world.read_at_most(path, self.left + 1).map_err(|e| fail(&e))?;
                let too_large =
                    || fail(&format_args!("chart exceeds maximum decompressed size of {MAX_UNPACKED} bytes"));
                self.left = self.left.checked_sub(data.len() as u64).ok_or_else(too_large)?;
                // Asked for only when a chart is packed, so not looked up here.
                self.files.push(File { name: name.to_owned(), data: without_mark(&data), modified: 0 });
                Ok(())
            }
            _ => Err(irregular(path)),
        }
    }
}
