//! Where a node lives: namespaces of mounts, network, processes, names and memory, and a control group, none of which outlasts it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::programs::until_after;

/// The shell's text that makes it, and tidies up after it.
const OUTSIDE: &str = include_str!("outside.sh");

/// The text of the first process in it.
const INSIDE: &str = include_str!("inside.sh");

/// An open room.
#[derive(Debug)]
pub(super) struct Room {
    folder: PathBuf,
    name: String,
    number: String,
    shell: Child,
}

impl Room {
    /// Opens one, with a folder that goes away with it.
    pub(super) fn open() -> Result<Room, String> {
        let folder = tempfile::Builder::new().prefix("rhumb-node-").tempdir().map_err(|e| e.to_string())?.keep();
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", OUTSIDE, "outside"]).arg(&folder).args([&name, INSIDE]);
        shell.stdin(Stdio::piped()).stdout(Stdio::null());
        let shell = shell.spawn().map_err(|e| format!("sh: {e}"))?;
        let mut room = Room { folder, name, number: String::new(), shell };
        let number = room.folder.join("number");
        let mut ended = false;
        until_after(Duration::from_secs(30), || {
            ended = !matches!(room.shell.try_wait(), Ok(None));
            ended || number.exists()
        })?;
        room.number = std::fs::read_to_string(number).map_err(|_| "the room cannot be made")?.trim().to_owned();
        Ok(room)
    }

    /// Its folder, which is the same inside and outside.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its name, which is that of its control group.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The beginning of a command line that leads into it.
    pub(super) fn door(&self) -> Vec<String> {
        let spaces = ["--mount", "--net", "--pid", "--uts", "--ipc", "--"];
        let mut door = vec!["nsenter".to_owned(), format!("--target={}", self.number)];
        door.extend(spaces.map(str::to_owned));
        door
    }

    /// Ends all that runs in it, and waits until nothing is left.
    pub(super) fn close(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.close();
    }
}

/// Whether this process may make one.
pub(super) fn is_root() -> bool {
    let said = Command::new("id").arg("-u").output();
    said.is_ok_and(|said| said.stdout.trim_ascii() == b"0")
}
