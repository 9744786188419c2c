//! Go's `path`: purely lexical work on slash-separated paths.
//!
//! On the systems that Helm templates run on, `path/filepath` answers the same.

use std::borrow::Cow;

/// The shortest path that means the same: no `//`, no `.`, no inner `..`; `.` for nothing.
pub fn clean(path: &str) -> Cow<'_, str> {
    if is_clean(path) {
        return Cow::Borrowed(path);
    }
    let rooted = is_abs(path);
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => Cow::Owned(format!("/{joined}")),
        (false, true) => Cow::Borrowed("."),
        (false, false) => Cow::Owned(joined),
    }
}

/// Whether there is certainly nothing to do.
fn is_clean(path: &str) -> bool {
    let relative = path.strip_prefix('/').unwrap_or(path);
    path == "/" || path == "." || relative.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// The last part, without trailing slashes; `.` for nothing, `/` for only slashes.
pub fn base(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() {
        return "/";
    }
    split(trimmed).1
}

/// All but the last part, cleaned.
pub fn dir(path: &str) -> Cow<'_, str> {
    clean(split(path).0)
}

/// From the last dot of the last part on, or nothing.
pub fn ext(path: &str) -> &str {
    let name = split(path).1;
    name.rfind('.').map_or("", |dot| &name[dot..])
}

/// Whether the path begins with a slash.
pub fn is_abs(path: &str) -> bool {
    path.starts_with('/')
}

/// The path from the root, cleaned, as Go's `filepath.Abs`; `here` gives the current folder and is asked for a relative path only.
pub fn absolute<E>(path: &str, here: impl FnOnce() -> Result<String, E>) -> Result<String, E> {
    let full = if is_abs(path) { Cow::Borrowed(path) } else { Cow::Owned(format!("{}/{path}", here()?)) };
    Ok(clean(&full).into_owned())
}

/// The parts that are not empty, joined by slashes and cleaned; nothing for nothing.
pub fn join(parts: &[&str]) -> String {
    let present: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    if present.is_empty() {
        return String::new();
    }
    clean(&present.join("/")).into_owned()
}

/// The path up to and with its last slash, and what follows.
pub fn split(path: &str) -> (&str, &str) {
    path.split_at(path.rfind('/').map_or(0, |slash| slash + 1))
}

#[cfg(test)]
mod tests {
    use super::{absolute, base, clean, dir, ext, is_abs, join, split};

    #[test]
    fn absolute_paths_start_where_we_are() {
        let here = || Ok::<_, ()>("/w/d".to_owned());
        for (path, want) in [("a", "/w/d/a"), ("../a/.", "/w/a"), (".", "/w/d"), ("/a//b/..", "/a")] {
            assert_eq!(absolute(path, here).as_deref(), Ok(want), "{path}");
        }
        assert_eq!(absolute("/a", || Err(1)).as_deref(), Ok("/a"));
        assert_eq!(absolute("a", || Err(1)), Err(1));
    }

    /// Path, then clean, base, dir, ext and join with `../x`, observed from Go.
    const TABLE: &[[&str; 6]] = &[
        ["", ".", ".", ".", "", "../x"],
        ["/", "/", "/", "/", "", "/x"],
        ["//", "/", "/", "/", "", "/x"],
        [".", ".", ".", ".", ".", "../x"],
        ["..", "..", "..", ".", ".", "../../x"],
        ["a", "a", "a", ".", "", "x"],
        ["a/", "a", "a", "a", "", "x"],
        ["/a", "/a", "a", "/", "", "/x"],
        ["a/b", "a/b", "b", "a", "", "a/x"],
        ["a//b", "a/b", "b", "a", "", "a/x"],
        ["a/./b", "a/b", "b", "a", "", "a/x"],
        ["a/../b", "b", "b", ".", "", "x"],
        ["a/../..", "..", "..", ".", ".", "../../x"],
        ["../a", "../a", "a", "..", "", "../x"],
        ["../../a", "../../a", "a", "../..", "", "../../x"],
        ["/..", "/", "..", "/", ".", "/x"],
        ["/../a", "/a", "a", "/", "", "/x"],
        ["/a/../..", "/", "..", "/", ".", "/x"],
        ["./a", "a", "a", ".", "", "x"],
        ["a/.", "a", ".", "a", ".", "x"],
        ["a/..", ".", "..", "a", ".", "../x"],
        ["x.tar.gz", "x.tar.gz", "x.tar.gz", ".", ".gz", "x"],
        ["a.b/c", "a.b/c", "c", "a.b", "", "a.b/x"],
        [".hidden", ".hidden", ".hidden", ".", ".hidden", "x"],
        ["a/.", "a", ".", "a", ".", "x"],
        ["a.", "a.", "a.", ".", ".", "x"],
        ["é/ü.x", "é/ü.x", "ü.x", "é", ".x", "é/x"],
        ["///a//", "/a", "a", "/a", "", "/x"],
        ["a/b/../../c", "c", "c", ".", "", "x"],
        ["..a/..b", "..a/..b", "..b", "..a", ".b", "..a/x"],
        ["a/b/..", "a", "..", "a/b", ".", "x"],
        ["/.", "/", ".", "/", ".", "/x"],
    ];

    #[test]
    fn answers_are_gos() {
        for &[path, cleaned, last, parent, extension, joined] in TABLE {
            assert_eq!(clean(path), cleaned, "clean {path:?}");
            assert_eq!(base(path), last, "base {path:?}");
            assert_eq!(dir(path), parent, "dir {path:?}");
            assert_eq!(ext(path), extension, "ext {path:?}");
            assert_eq!(join(&[path, "../x"]), joined, "join {path:?}");
        }
    }

    #[test]
    fn the_rest() {
        assert_eq!(join(&["", ""]), "");
        assert_eq!(join(&["", "a", "", "b/"]), "a/b");
        assert_eq!(split("a/b/c"), ("a/b/", "c"));
        assert_eq!(split("c"), ("", "c"));
        assert!(is_abs("/a") && !is_abs("a"));
    }
}
