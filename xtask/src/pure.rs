//! `pure`: everything below the command line is free of files, network, clock, chance and environment, and so is what it depends on.
//!
//! These come in through the trait `World` only. The sources of our crates and of every crate in their dependency tree are read
//! (names of the standard library's doors, not text), whatever their features; a crate that knows a door is named here with the
//! reason why it does no harm. `cargo xtask wasm` builds the same crates for a target that has no doors.

mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Crates that may touch the outside: doors and chores.
const DOORS: &[&str] = &["cli", "floe", "platforms", "testkit"];

/// The one module of ours with the outside in it; a cargo feature that the command line alone turns on.
const OUTSIDE: &str = "crates/world/src/os";

/// Names of the standard library that lead outside, and macros that print. A longer name counts too.
const FORBIDDEN: &[&str] = &[
    "std::env",
    "std::fs",
    "std::io::IsTerminal",
    "std::io::Stderr",
    "std::io::Stdin",
    "std::io::Stdout",
    "std::io::pipe",
    "std::io::stderr",
    "std::io::stdin",
    "std::io::stdout",
    "std::net::TcpListener",
    "std::net::TcpStream",
    "std::net::ToSocketAddrs",
    "std::net::UdpSocket",
    "std::os",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::time::UNIX_EPOCH",
    "eprint!",
    "eprintln!",
    "print!",
    "println!",
    "getrandom",
    "libc",
    "rustix",
    "windows_sys",
];

/// Crates of others that know a door; the features that must be off; why the rest does no harm.
const NAMED: &[(&str, &[&str], &str)] = &[
    ("ahash", &[], "comes with boon; the seed of its maps is random, their order is not shown"),
    ("bcrypt", &["alloc", "std"], "without these features it knows no randomness; the salt is ours"),
    ("boon", &[], "its loader of files is replaced by one that refuses"),
    ("der", &[], "reads and writes keys in files when asked; it is not asked"),
    ("flate2", &[], "converts a time in a gzip header when asked"),
    ("fluent-uri", &[], "comes with boon; resolves host names when asked; it is not asked"),
    ("foldhash", &[], "comes with serde_json's maps; seeds a map from an address and the time where there is one"),
    ("getrandom", &[], "comes with ahash; ours asks for randomness through `World`"),
    (
        "jiff",
        &["tz-system", "tzdb-zoneinfo", "tzdb-concatenated"],
        "zones are bundled; the clock is read by `World` only",
    ),
    ("jiff-core", &[], "compares names of the system's, which knows no door"),
    ("once_cell", &[], "waits for another thread that fills the same cell"),
    ("rand", &["getrandom", "std"], "comes with num-bigint; without these features it has no source of its own"),
    ("rand_core", &["getrandom", "std"], "without these features it has no source of its own"),
    ("regex-automata", &[], "asks its own tests for the number of threads"),
    ("serde", &[], "can write times and paths; it is given none"),
    ("serde_core", &[], "can write times and paths; it is given none"),
    ("spin", &[], "ends the process when a counter overflows"),
    ("url", &[], "comes with boon; makes addresses of paths and sockets when asked; it is not asked"),
    ("zlib-rs", &[], "prints only from its own debug checks"),
];

/// Checks our crates and what they depend on.
pub(crate) fn run() -> Result<(), String> {
    let root = crate::root();
    let mut problems = Vec::new();
    let pure = crates(&root)?;
    for name in &pure {
        let folder = root.join("crates").join(name);
        problems.extend(manifest_problem(&folder.join("Cargo.toml"))?);
        for (file, line, path) in doors(&folder.join("src"))? {
            let file = file.strip_prefix(&root).unwrap_or(&file).display().to_string();
            if !file.starts_with(OUTSIDE) {
                problems.push(format!("{file}:{line}: {path}: the outside is reached through `World` only"));
            }
        }
    }
    problems.extend(dependencies(&root, &pure)?);
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

/// The crates that must be pure: all under `crates/` but the doors.
pub(crate) fn crates(root: &Path) -> Result<Vec<String>, String> {
    let mut names = crate::layers::crates(root)?;
    names.retain(|name| !DOORS.contains(&name.as_str()));
    Ok(names)
}

/// A pure crate that turns on the feature with the outside in it.
fn manifest_problem(manifest: &Path) -> Result<Option<String>, String> {
    let text = std::fs::read_to_string(manifest).map_err(|e| format!("{}: {e}", manifest.display()))?;
    let ordinary = text.split("[dev-dependencies]").next().unwrap_or_default();
    let opens = ordinary.lines().any(|line| line.starts_with("rhumb-world") && line.contains("\"os\""));
    Ok(opens.then(|| format!("{}: the feature `os` of rhumb-world is for the command line", manifest.display())))
}

/// Every forbidden name below a folder: file, line, name.
fn doors(folder: &Path) -> Result<Vec<(PathBuf, usize, String)>, String> {
    let mut found = Vec::new();
    let mut failed = None;
    crate::tidy::walk(folder, &mut |path| {
        if path.extension().is_none_or(|e| e != "rs") || is_test(path.strip_prefix(folder).unwrap_or(path)) {
            return;
        }
        match std::fs::read_to_string(path) {
            Ok(text) => {
                let bad = source::names(&text).into_iter().filter(|n| is_forbidden(&n.path));
                found.extend(bad.map(|n| (path.to_owned(), n.line, n.path)));
            }
            Err(e) => failed = Some(format!("{}: {e}", path.display())),
        }
    })?;
    found.sort();
    failed.map_or(Ok(found), Err)
}

/// Files of tests, which their parent declares under `#[cfg(test)]`.
fn is_test(path: &Path) -> bool {
    path.iter().filter_map(|part| part.to_str()).any(|part| {
        let stem = part.strip_suffix(".rs").unwrap_or(part);
        stem == "tests" || stem == "test" || stem.ends_with("_tests")
    })
}

fn is_forbidden(path: &str) -> bool {
    // A module imported whole leads to all of its names, and its parent's `*` to the module.
    let whole = |bad: &str| path.strip_suffix("::*").is_some_and(|parent| bad.starts_with(&format!("{parent}::")));
    FORBIDDEN
        .iter()
        .any(|bad| whole(bad) || path.strip_prefix(bad).is_some_and(|rest| rest.is_empty() || rest.starts_with("::")))
}

/// Crates of others that know a door without being named, and names that are no longer true.
fn dependencies(root: &Path, pure: &[String]) -> Result<Vec<String>, String> {
    let folders = folders(root)?;
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let mut problems = Vec::new();
    for (name, version, features) in tree(root, pure)? {
        problems.extend(feature_problem(&name, &features));
        let Some(folder) = folders.get(&(name.clone(), version.clone())) else {
            return Err(format!("cargo metadata does not know {name} {version}"));
        };
        if let Some((file, line, path)) = doors(folder)?.into_iter().next() {
            known.entry(name).or_insert_with(|| format!("{}:{line}: {path}", file.display()));
        }
    }
    let unnamed = known.iter().filter(|(name, _)| !NAMED.iter().any(|(n, ..)| n == name));
    problems.extend(unnamed.map(|(name, place)| format!("{name} reaches outside ({place}): name it with a reason")));
    let stale = NAMED.iter().filter(|(name, ..)| !known.contains_key(*name));
    problems
        .extend(stale.map(|(name, ..)| format!("{name} is named in xtask/src/pure.rs, but knows no door any more")));
    Ok(problems)
}

/// A crate of others with a door that is opened by one of its features.
fn feature_problem(name: &str, features: &str) -> Option<String> {
    let (_, off, _) = NAMED.iter().find(|(named, ..)| *named == name)?;
    let on = features.split(',').find(|feature| off.contains(feature))?;
    Some(format!("{name}: its feature `{on}` opens a door; turn it off, and those that bring it"))
}

/// Name, version and features of every crate of others that the pure crates need, without what only runs while compiling.
fn tree(root: &Path, pure: &[String]) -> Result<BTreeSet<(String, String, String)>, String> {
    let mut command = cargo(root);
    command.args(["tree", "--locked", "--prefix=none", "--format={p}|{f}", "--edges=normal,no-proc-macro"]);
    // A target without an operating system, so that crates for the doors of one do not count.
    command.arg("--target=wasm32-unknown-unknown");
    command.args(pure.iter().map(|name| format!("--package=rhumb-{name}")));
    let text = answer(command)?;
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with("rhumb-"));
    let parts = |line: &str| {
        let (package, features) = line.split_once('|')?;
        let (name, rest) = package.split_once(" v")?;
        let version = rest.split(' ').next()?;
        Some((name.to_owned(), version.to_owned(), features.trim_end_matches(" (*)").to_owned()))
    };
    Ok(lines.filter_map(parts).collect())
}

/// The folder with the library's source, for each crate that the lock file names.
fn folders(root: &Path) -> Result<BTreeMap<(String, String), PathBuf>, String> {
    let mut command = cargo(root);
    command.args(["metadata", "--locked", "--format-version=1"]);
    let data: serde_json::Value = serde_json::from_str(&answer(command)?).map_err(|e| e.to_string())?;
    let packages = data["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let entry = |package: &serde_json::Value| {
        let text = |key: &str| package[key].as_str().map(str::to_owned);
        let targets = package["targets"].as_array()?;
        let is_library = |t: &&serde_json::Value| t["kind"].as_array().is_some_and(|k| k.iter().any(|k| k == "lib"));
        let library = targets.iter().find(is_library)?["src_path"].as_str()?;
        Some(((text("name")?, text("version")?), Path::new(library).parent()?.to_owned()))
    };
    Ok(packages.iter().filter_map(entry).collect())
}

pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

fn answer(mut command: Command) -> Result<String, String> {
    let output = command.output().map_err(|e| format!("cargo: {e}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    String::from_utf8(output.stdout).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bad(text: &str) -> Vec<String> {
        source::names(text).into_iter().map(|n| n.path).filter(|p| is_forbidden(p)).collect()
    }

    #[test]
    fn doors_are_found_however_they_are_written() {
        let cases = [
            ("fn f() { std::fs::read(p) }", "std::fs::read"),
            ("use std::{fs as disk}; fn f() { disk::read(p) }", "std::fs std::fs::read"),
            ("use std::time::*;", "std::time::*"),
            ("use std::{time}; fn f() { time::Instant::now() }", "std::time::Instant::now"),
            ("use std::io; fn f() { io::stdin() }", "std::io::stdin"),
            ("fn f() { getrandom::fill(b) }", "getrandom::fill"),
            ("fn f() { println!(\"x\") }", "println!"),
        ];
        for (text, want) in cases {
            assert_eq!(bad(text).join(" "), want, "{text}");
        }
    }

    #[test]
    fn features_that_open_a_door_are_named() {
        assert!(feature_problem("jiff", "alloc,std,tz-system").unwrap().contains("`tz-system`"));
        assert_eq!(feature_problem("jiff", "alloc,std,tzdb-bundle-always"), None);
        assert_eq!(feature_problem("memchr", "std"), None);
    }

    #[test]
    fn what_is_no_door_passes() {
        let fine = "use std::time::Duration; use std::net::IpAddr; use std::io::{self, Read}; fn f() { io::Error::other(x); fs::read(p) }";
        assert_eq!(bad(fine), [""; 0]);
        assert!(
            is_test(Path::new("engine/tests.rs")) && is_test(Path::new("a_tests.rs")) && !is_test(Path::new("a.rs"))
        );
    }

    #[test]
    fn the_repository_keeps_to_it() {
        run().unwrap();
    }
}
