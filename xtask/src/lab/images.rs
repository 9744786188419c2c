//! The large layers of container images: a small Debian with PostgreSQL, Python and curl, and on top of it Dagster and dbt from PyPI.
//!
//! No image registry is asked. The layers that differ from test to test are small, and are made by the tests themselves.

use std::path::Path;
use std::process::Command;

use rhumb_testkit::image::LayerWriter;
use rhumb_testkit::lab::{self, Part};

use super::go;

const SUITE: &str = "trixie";

/// The version of Python that this release of Debian has, and where it looks for what is not Debian's.
const PYTHON: &str = "3.13";
const PACKAGES: &str = "usr/local/lib/python3.13/dist-packages";

/// What is in a package, but used by nobody here.
const LEFT_OUT: &[&str] = &[
    "usr/lib/postgresql/17/lib/bitcode",
    "usr/share/bash-completion",
    "usr/share/doc",
    "usr/share/i18n",
    "usr/share/info",
    "usr/share/lintian",
    "usr/share/locale",
    "usr/share/man",
    "usr/share/zsh",
    "var/cache/apt",
    "var/lib/apt/lists",
    "var/lib/dpkg/info",
    "var/lib/postgresql/17",
    "var/log",
];

/// Libraries that only PostgreSQL's compiler of queries and Debian's wrappers in Perl take, by the beginnings of their names.
const LIBRARIES_LEFT_OUT: &[&str] = &["libLLVM", "libz3.", "perl"];

/// Makes the layers, each beside its digest.
pub(super) fn build(_: &Part, folder: &Path) -> Result<(), String> {
    let tree = tempfile::tempdir_in(folder).map_err(|e| e.to_string())?;
    let tree = tree.path().join("tree");
    debian(&tree)?;
    layer(&tree, &folder.join("base.tar"))?;
    let dagster = ["dagster", "dagster-webserver"].map(|name| format!("{name}=={}", lab::DAGSTER.version));
    let libraries = ["dagster-postgres", "dagster-k8s"].map(|name| format!("{name}=={}", super::dagster::LIBRARIES));
    python(&tree, folder, "dagster", &[dagster, libraries].concat())?;
    let dbt = [format!("dbt-core=={}", lab::DBT), format!("dbt-duckdb=={}", lab::DBT_DUCKDB)];
    python(&tree, folder, "dbt", &dbt)
}

/// A Debian with what most images need. Its PostgreSQL has the user that the charts name.
fn debian(tree: &Path) -> Result<(), String> {
    let mut debootstrap = Command::new("debootstrap");
    debootstrap.args(["--variant=minbase", "--include=ca-certificates,curl,postgresql,procps,python3", SUITE]);
    debootstrap.arg(tree).arg(crate::debian::archive()?);
    go::answer(debootstrap).map_err(|why| format!("debootstrap (as root; Debian's package has its name): {why}"))?;
    let error = |e: std::io::Error| e.to_string();
    for path in LEFT_OUT {
        std::fs::remove_dir_all(tree.join(path)).map_err(|e| format!("{path}: {e}"))?;
    }
    let libraries = tree.join("usr/lib/x86_64-linux-gnu");
    for entry in std::fs::read_dir(&libraries).map_err(|e| format!("{}: {e}", libraries.display()))? {
        let path = entry.map_err(error)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if LIBRARIES_LEFT_OUT.iter().any(|start| name.starts_with(start)) {
            if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) }.map_err(error)?;
        }
    }
    std::fs::create_dir_all(tree.join("var/log")).map_err(error)?;
    for file in ["etc/passwd", "etc/group"] {
        let path = tree.join(file);
        let text = std::fs::read_to_string(&path).map_err(error)?;
        std::fs::write(&path, postgres(&text)).map_err(error)?;
    }
    link(Path::new("../../bin/python3"), &tree.join("usr/local/bin/python"))
}

/// The lines of users or groups, with the number 999 for PostgreSQL, as its image has it.
fn postgres(lines: &str) -> String {
    let mut out = String::new();
    for line in lines.lines() {
        let mut fields: Vec<&str> = line.split(':').collect();
        if fields[0] == "postgres" {
            for number in fields.iter_mut().skip(2).take(2).filter(|field| field.parse::<u32>().is_ok()) {
                *number = "999";
            }
        }
        out += &fields.join(":");
        out += "\n";
    }
    out
}

/// A layer of packages from PyPI, compiled by the tree's own Python: nothing can be written where they run.
fn python(tree: &Path, folder: &Path, name: &str, packages: &[String]) -> Result<(), String> {
    let inside = format!("lab-{name}");
    let top = tree.join(&inside);
    let target = top.join(PACKAGES);
    std::fs::create_dir_all(&target).map_err(|e| e.to_string())?;
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile", "--only-binary=:all:"]);
    pip.args(["--implementation=cp", "--python-version", PYTHON]);
    for platform in ["any", "manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_28_x86_64"] {
        pip.args(["--platform", platform]);
    }
    pip.arg("--target").arg(&target).args(packages);
    go::answer(pip)?;
    let programs = top.join("usr/local/bin");
    std::fs::rename(target.join("bin"), &programs).map_err(|e| format!("{name} has no programs: {e}"))?;
    found(&programs)?;
    let mut compile = Command::new("chroot");
    compile.arg(tree).args(["/usr/bin/python3", "-m", "compileall", "-q", "-j2", "--invalidation-mode=unchecked-hash"]);
    compile.args(["-s", &format!("/{inside}"), "-p", "/", &format!("/{inside}/{PACKAGES}")]);
    // Packages carry templates and tests for other versions of Python, which do not compile.
    let _ = compile.output().map_err(|e| format!("chroot: {e}"))?;
    if !target.join("six.py").is_file() || !target.join("__pycache__").is_dir() {
        return Err(format!("{name}: nothing was compiled"));
    }
    layer(&top, &folder.join(format!("{name}.tar")))?;
    std::fs::remove_dir_all(&top).map_err(|e| e.to_string())
}

/// The programs name the Python that installed them; in the image there is another.
fn found(programs: &Path) -> Result<(), String> {
    let error = |e: std::io::Error| e.to_string();
    for entry in std::fs::read_dir(programs).map_err(error)? {
        let path = entry.map_err(error)?.path();
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        if let Some((first, rest)) = text.split_once('\n')
            && first.starts_with("#!")
            && first.contains("python")
        {
            std::fs::write(&path, format!("#!/usr/bin/python3\n{rest}")).map_err(error)?;
        }
    }
    Ok(())
}

fn layer(tree: &Path, to: &Path) -> Result<(), String> {
    let write = || {
        let mut layer = LayerWriter::create(to)?;
        layer.folder(tree, "")?;
        layer.finish()?.keep()
    };
    write().map_err(|e| format!("{}: {e}", to.display()))
}

#[cfg(unix)]
fn link(target: &Path, at: &Path) -> Result<(), String> {
    std::os::unix::fs::symlink(target, at).map_err(|e| e.to_string())
}

#[cfg(not(unix))]
fn link(_: &Path, at: &Path) -> Result<(), String> {
    Err(format!("{}: no links here", at.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_of_postgresql_is_that_of_its_image() {
        let text = "root:x:0:0:root:/root:/bin/bash\npostgres:x:100:102:PostgreSQL:/var/lib/postgresql:/bin/bash\n";
        let want = "root:x:0:0:root:/root:/bin/bash\npostgres:x:999:999:PostgreSQL:/var/lib/postgresql:/bin/bash\n";
        assert_eq!(postgres(text), want);
        assert_eq!(
            postgres("postgres:x:102:\nssl-cert:x:101:postgres\n"),
            "postgres:x:999:\nssl-cert:x:101:postgres\n"
        );
    }

    #[test]
    fn programs_start_the_python_of_the_image() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("dbt"), "#!/opt/x/bin/python3.11\nimport re\n").unwrap();
        std::fs::write(path("deep"), "#!/bin/sh\n").unwrap();
        std::fs::write(path("binary"), [0xff, 0xfe]).unwrap();
        found(folder.path()).unwrap();
        assert_eq!(std::fs::read_to_string(path("dbt")).unwrap(), "#!/usr/bin/python3\nimport re\n");
        assert_eq!(std::fs::read_to_string(path("deep")).unwrap(), "#!/bin/sh\n");
    }
}
