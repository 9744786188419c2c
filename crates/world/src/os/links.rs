//! A path without links, found as Go's `filepath.EvalSymlinks` finds it: part by part, so that an error names the part at fault.

use std::fs;

use crate::{PathError, Result};

/// Go gives up after this many links.
const MOST_LINKS: u32 = 255;

/// The path with every link resolved; a relative one stays relative.
pub(super) fn resolve(path: &str) -> Result<String> {
    let mut done = if path.starts_with('/') { "/".to_owned() } else { String::new() };
    let mut left = path.to_owned();
    let mut links = 0;
    while let Some((part, rest)) = first_part(&left) {
        let (part, rest) = (part.to_owned(), rest.to_owned());
        left = rest;
        match part.as_str() {
            "." => continue,
            ".." if is_above(&done) => {
                push(&mut done, "..");
                continue;
            }
            ".." => {
                pop(&mut done);
                continue;
            }
            _ => push(&mut done, &part),
        }
        let fail = |e: std::io::Error| PathError::from_io("lstat", &done, &e);
        let kind = fs::symlink_metadata(&done).map_err(fail)?.file_type();
        if !kind.is_symlink() {
            if !kind.is_dir() && !left.is_empty() {
                return Err(PathError::new("", "", std::io::ErrorKind::NotADirectory));
            }
            continue;
        }
        links += 1;
        if links > MOST_LINKS {
            return Err(PathError::too_many_links());
        }
        let target = fs::read_link(&done).map_err(fail)?.to_string_lossy().into_owned();
        if target.starts_with('/') {
            done = "/".to_owned();
        } else {
            pop(&mut done);
        }
        left = format!("{target}/{left}");
    }
    Ok(if done.is_empty() { ".".to_owned() } else { done })
}

/// The first name of a path and what follows it.
fn first_part(path: &str) -> Option<(&str, &str)> {
    let path = path.trim_start_matches('/');
    match path.split_once('/') {
        _ if path.is_empty() => None,
        Some((part, rest)) => Some((part, rest.trim_start_matches('/'))),
        None => Some((path, "")),
    }
}

/// Whether a `..` cannot be taken back: nothing is there, or only other `..`.
fn is_above(done: &str) -> bool {
    done.is_empty() || done == ".." || done.ends_with("/..")
}

fn push(done: &mut String, part: &str) {
    if !done.is_empty() && !done.ends_with('/') {
        done.push('/');
    }
    done.push_str(part);
}

fn pop(done: &mut String) {
    let keep = done.rfind('/').map_or(0, |at| at.max(usize::from(done.starts_with('/'))));
    done.truncate(keep);
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// Causes observed with Helm 4.3.1.
    #[test]
    fn links_are_followed_and_faults_named() {
        let dir = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(dir.path()).unwrap().to_str().unwrap().to_owned();
        fs::create_dir_all(format!("{root}/a/b")).unwrap();
        fs::write(format!("{root}/a/f"), "x").unwrap();
        let link = |target: &str, name: &str| symlink(target, format!("{root}/{name}")).unwrap();
        link("a/b", "l");
        link("../f", "a/b/up");
        link(&format!("{root}/a"), "abs");
        link("self", "self");
        link("nowhere", "a/lost");
        let cases = [
            ("l", "{}/a/b"),
            ("l/up", "{}/a/f"),
            ("abs/b/../f", "{}/a/f"),
            ("abs//b/.", "{}/a/b"),
            ("self", "EvalSymlinks: too many links"),
            ("a/lost", "lstat {}/a/nowhere: no such file or directory"),
            ("no", "lstat {}/no: no such file or directory"),
            ("a/f/x", "not a directory"),
        ];
        for (path, want) in cases {
            let found = resolve(&format!("{root}/{path}")).unwrap_or_else(|e| e.to_string());
            assert_eq!(found, want.replace("{}", &root), "{path}");
        }
    }
}
