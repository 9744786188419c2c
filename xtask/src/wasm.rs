//! `wasm`: everything below the command line compiles for wasm32, a target without files, clock or chance.
//!
//! The target's standard library comes from rustup where it is installed (`rustup target add wasm32-unknown-unknown`). Where rustup
//! cannot download, it is compiled from the compiler's own sources, which Debian carries as a package. Where neither is to be had,
//! nothing is built, and that is said: `cargo xtask pure` then stands alone.

use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32-unknown-unknown";

/// The part of Debian with the sources of many compilers.
const SUITE: &str = "trixie-backports";

/// Builds (checks only: nothing is linked), and says how.
pub(crate) fn run() -> Result<String, String> {
    let root = crate::root();
    let pure = crate::pure::crates(&root)?;
    let mut command = crate::pure::cargo(&root);
    command.args(["check", "--locked", "--target", TARGET, "--target-dir", "target/wasm"]);
    command.args(pure.iter().map(|name| format!("--package=rhumb-{name}")));
    // ahash wants a source of randomness to be named; one that whoever embeds us gives.
    command.env("RUSTFLAGS", "--cfg getrandom_backend=\"custom\"");
    let way = if installed()? {
        "with rustup's standard library"
    } else {
        match sources() {
            Ok(library) => {
                command.arg("-Zbuild-std=std,panic_abort");
                command.env("RUSTC_BOOTSTRAP", "1").env("__CARGO_TESTS_ONLY_SRC_ROOT", library);
                "with a standard library from sources"
            }
            Err(why) => return Ok(format!("not built for {TARGET}: the target cannot be had here ({why})")),
        }
    };
    let status = command.status().map_err(|e| format!("cargo: {e}"))?;
    if !status.success() {
        return Err(format!("the pure crates do not compile for {TARGET}"));
    }
    Ok(format!("{} crates compile for {TARGET}, {way}", pure.len()))
}

/// Whether rustup has brought the target.
fn installed() -> Result<bool, String> {
    let folder = output(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]))?;
    Ok(Path::new(folder.trim()).is_dir())
}

/// The folder `library` of the sources of our very compiler: rustup's, or Debian's in the cache folder.
fn sources() -> Result<PathBuf, String> {
    let sysroot = output(Command::new("rustc").args(["--print", "sysroot"]))?;
    let component = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library");
    if component.is_dir() {
        return Ok(component);
    }
    let version = output(Command::new("rustc").arg("--version"))?;
    let version = version.split(' ').nth(1).ok_or("rustc names no version")?;
    let reference = rhumb_testkit::reference::cached().ok_or("neither XDG_CACHE_HOME nor HOME is set")?;
    let cache = reference.ancestors().nth(3).ok_or("no cache folder")?.join(format!("rust-src-{version}"));
    let library = cache.join(format!("usr/src/rustc-{version}/library"));
    if !library.is_dir() {
        download(&cache, version)?;
    }
    if library.is_dir() { Ok(library) } else { Err(format!("no {}", library.display())) }
}

/// Debian's package with the sources, found and unpacked without installing anything.
fn download(cache: &Path, version: &str) -> Result<(), String> {
    let fail = |e: std::io::Error| e.to_string();
    let fresh = cache.with_extension("new");
    let _ = std::fs::remove_dir_all(&fresh);
    for folder in ["state/lists/partial", "cache/archives/partial", "unpacked"] {
        std::fs::create_dir_all(fresh.join(folder)).map_err(fail)?;
    }
    let archive = crate::debian::archive()?;
    let list = format!(
        "Types: deb\nURIs: {archive}\nSuites: {SUITE}\nComponents: main\n\
         Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n"
    );
    std::fs::write(fresh.join("debian.sources"), list).map_err(fail)?;
    let apt = |args: &[&str]| {
        let mut command = Command::new("apt-get");
        command.current_dir(&fresh);
        let at = |path: &str| fresh.join(path).display().to_string();
        for option in [
            format!("Dir::Etc::sourcelist={}", at("debian.sources")),
            "Dir::Etc::sourceparts=-".to_owned(),
            format!("Dir::State={}", at("state")),
            format!("Dir::Cache={}", at("cache")),
            "APT::Sandbox::User=root".to_owned(),
        ] {
            command.args(["-o", &option]);
        }
        output(command.args(["-qq"]).args(args))
    };
    apt(&["update"])?;
    apt(&["download", &format!("rust-src={version}+*")])?;
    let files = std::fs::read_dir(&fresh).map_err(fail)?;
    let package = files
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|e| e == "deb"))
        .ok_or("apt-get brought no package")?;
    output(Command::new("dpkg-deb").arg("-x").arg(&package).arg(fresh.join("unpacked")))?;
    std::fs::rename(fresh.join("unpacked"), cache).map_err(fail)?;
    std::fs::remove_dir_all(&fresh).map_err(fail)
}

fn output(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|e| format!("{name}: {e}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).trim().replace('\n', "; ");
        return Err(format!("{name}: {said}"));
    }
    String::from_utf8(output.stdout).map_err(|e| format!("{name}: {e}"))
}
