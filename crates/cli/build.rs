//! How the binary is linked.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        // A program at a fixed address needs no relocations when it starts: on Linux they cost a third of the time of a small run,
        // and a quarter of a megabyte of memory. The reference is linked so too.
        println!("cargo::rustc-link-arg-bins=-no-pie");
        unwinder();
        order();
    }
}

/// Lays the functions that an ordinary run reaches side by side, so that fewer windows of the file come into memory; `cargo xtask
/// order` writes the script. Linkers that someone has chosen are left alone: not every one knows scripts.
fn order() {
    println!("cargo::rerun-if-changed=order.ld");
    let rustflags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let is_chosen = env::var_os("RUSTC_LINKER").is_some() || rustflags.contains("link");
    if env::var("PROFILE").is_ok_and(|profile| profile == "release") && !is_chosen {
        let folder = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
        println!("cargo::rustc-link-arg-bins=-Wl,-T,{folder}/order.ld");
    }
}

/// Takes the unwinder into the binary where the C compiler has it as an archive: as a shared library it is loaded at every start
/// (a twentieth of the time of a small run), to be used by a panic only. It is named before the standard library names the shared
/// one, which is then not needed and left out.
fn unwinder() {
    if env::var("CARGO_CFG_TARGET_ENV").is_ok_and(|env| env == "gnu")
        && env::var("TARGET").ok() == env::var("HOST").ok()
        && let Some(folder) = folder_of("libgcc_eh.a")
    {
        println!("cargo::rustc-link-search=native={}", folder.display());
        println!("cargo::rustc-link-lib=static:-bundle=gcc_eh");
    }
}

/// The folder in which the C compiler finds one of its own archives.
fn folder_of(archive: &str) -> Option<PathBuf> {
    println!("cargo::rerun-if-env-changed=CC");
    let compiler = env::var("CC").unwrap_or_else(|_| "cc".into());
    let said = Command::new(compiler).arg(format!("-print-file-name={archive}")).output().ok()?;
    let path = String::from_utf8(said.stdout).ok()?;
    // A compiler without the archive answers with the bare name.
    let path = Path::new(path.trim());
    path.is_absolute().then(|| path.parent().map(Path::to_owned))?
}
