//! What tests need that start programs: free ports, processes that end with their owner, copies of folders.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output};
use std::time::{Duration, Instant};

/// Longer than anything that is waited for may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process that ends with its owner, whatever happens in between.
#[derive(Debug)]
pub struct Running(Child);

impl Running {
    /// Starts it.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub fn start(command: &mut Command) -> std::io::Result<Running> {
        command.spawn().map(Running)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Ports that are free at this moment, no two alike.
///
/// # Errors
/// Where there are none.
pub fn ports<const N: usize>() -> std::io::Result<[u16; N]> {
    let mut held = Vec::new();
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        *port = listener.local_addr()?.port();
        held.push(listener);
    }
    Ok(ports)
}

/// Waits until something is so.
///
/// # Errors
/// After a minute.
pub fn until(done: impl FnMut() -> bool) -> Result<(), String> {
    until_after(PATIENCE, done)
}

/// The same with another patience.
///
/// # Errors
/// After that.
pub fn until_after(patience: Duration, mut done: impl FnMut() -> bool) -> Result<(), String> {
    let start = Instant::now();
    while !done() {
        if start.elapsed() > patience {
            return Err(format!("not within {} s:\n", patience.as_secs()));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// Everything that a program has said, standard output first.
#[must_use]
pub fn words(said: &Output) -> String {
    [&said.stdout, &said.stderr].map(|stream| String::from_utf8_lossy(stream).into_owned()).concat()
}

/// Copies a folder with all that is below it.
///
/// # Errors
/// Of the first file that cannot be copied.
pub fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    copy_but(from, to, |_| false)
}

/// The same without what has a name that is left out.
///
/// # Errors
/// Of the first file that cannot be copied.
pub fn copy_but(from: &Path, to: &Path, left_out: impl Fn(&str) -> bool + Copy) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if left_out(&entry.file_name().to_string_lossy()) {
            continue;
        }
        if path.is_dir() {
            copy_but(&path, &target, left_out)?;
        } else {
            std::fs::copy(path, target)?;
        }
    }
    Ok(())
}

/// The words of a shell's line, without its quotes.
#[must_use]
pub fn shell_words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in line.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => word.push(c),
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == ' ' => words.extend((!word.is_empty()).then(|| std::mem::take(&mut word))),
            None => word.push(c),
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}
