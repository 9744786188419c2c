//! Container images, written from folders and files: for tests that run pods where no image registry can be reached.
//!
//! A [`LayerWriter`] makes one layer, a tar file. [`archive`] puts images and the layers they share into one docker-archive, a tar
//! that `ctr images import` takes. Files keep their owner, mode and time; nothing else of this machine goes in.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tar::{EntryType, Header};

/// A finished layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// Where its tar file is.
    pub path: PathBuf,
    /// The SHA-256 of that file, in hexadecimal digits.
    pub digest: String,
}

impl Layer {
    /// Writes its digest beside it, for [`Layer::kept`].
    ///
    /// # Errors
    /// Where that cannot be written.
    pub fn keep(&self) -> io::Result<()> {
        std::fs::write(self.path.with_extension("sha256"), &self.digest)
    }

    /// One that was made before.
    ///
    /// # Errors
    /// Where it, or its digest beside it, is not there.
    pub fn kept(path: &Path) -> io::Result<Layer> {
        let digest = std::fs::read_to_string(path.with_extension("sha256"))?;
        std::fs::metadata(path)?;
        Ok(Layer { path: path.to_owned(), digest })
    }
}

/// What an image is called, holds, and starts.
#[derive(Debug, Clone, Default)]
pub struct Image {
    /// Its names with registry and tag, as the CRI has them: `docker.io/library/postgres:17.6`.
    pub names: Vec<String>,
    /// Its layers, lowest first.
    pub layers: Vec<Layer>,
    /// The program and its first arguments, where a pod names no command.
    pub entrypoint: Vec<String>,
    /// The arguments, where a pod names none.
    pub command: Vec<String>,
    /// Variables, each as `NAME=value`.
    pub env: Vec<String>,
    /// Who runs it: `uid:gid`, or nothing for root.
    pub user: String,
    /// The folder it starts in, or nothing for the root.
    pub folder: String,
    /// The signal that tells it to end, or nothing for SIGTERM.
    pub stop: String,
}

/// Writes one layer. Entries stand in the order in which they are added.
pub struct LayerWriter {
    path: PathBuf,
    tar: tar::Builder<Digesting>,
}

impl LayerWriter {
    /// Begins a tar file.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn create(path: &Path) -> io::Result<LayerWriter> {
        let out = Digesting { out: BufWriter::new(File::create(path)?), sum: Sha256::new() };
        let mut tar = tar::Builder::new(out);
        tar.follow_symlinks(false);
        Ok(LayerWriter { path: path.to_owned(), tar })
    }

    /// Adds a folder, with everything below it, as the folder `at` of the image (`""` is its root). Devices and sockets are left out.
    ///
    /// # Errors
    /// Of the first file that cannot be read.
    pub fn folder(&mut self, from: &Path, at: &str) -> io::Result<()> {
        let mut entries = std::fs::read_dir(from)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            let kind = entry.file_type()?;
            if !(kind.is_file() || kind.is_dir() || kind.is_symlink()) {
                continue;
            }
            let name = entry.file_name();
            let name = name.to_str().ok_or_else(|| io::Error::other(format!("{} is not UTF-8", name.display())))?;
            let place = if at.is_empty() { name.to_owned() } else { format!("{at}/{name}") };
            self.tar.append_path_with_name(entry.path(), &place)?;
            if kind.is_dir() {
                self.folder(&entry.path(), &place)?;
            }
        }
        Ok(())
    }

    /// Adds a file of root's. Folders above it need no entries of their own.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn file(&mut self, path: &str, mode: u32, content: &[u8]) -> io::Result<()> {
        let mut header = header(EntryType::Regular, mode);
        header.set_size(content.len() as u64);
        self.tar.append_data(&mut header, path, content)
    }

    /// Adds an empty folder that belongs to a user and a group of the same number.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn empty(&mut self, path: &str, mode: u32, owner: u64) -> io::Result<()> {
        let mut header = header(EntryType::Directory, mode);
        header.set_uid(owner);
        header.set_gid(owner);
        self.tar.append_data(&mut header, path, io::empty())
    }

    /// Adds a symbolic link.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn link(&mut self, path: &str, target: &str) -> io::Result<()> {
        self.tar.append_link(&mut header(EntryType::Symlink, 0o777), path, target)
    }

    /// Ends it.
    ///
    /// # Errors
    /// Where its end cannot be written.
    pub fn finish(self) -> io::Result<Layer> {
        let mut out = self.tar.into_inner()?;
        out.out.flush()?;
        Ok(Layer { path: self.path, digest: hex(&out.sum.finalize()) })
    }
}

fn header(kind: EntryType, mode: u32) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(0);
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    header
}

/// Writes images, and each of their layers once, as a docker-archive: to a file, or to the standard input of `ctr images import -`.
///
/// # Errors
/// Where a layer cannot be read or the archive not be written.
pub fn archive(images: &[Image], to: impl Write) -> io::Result<()> {
    let mut tar = tar::Builder::new(BufWriter::new(to));
    let mut written: Vec<&str> = Vec::new();
    let mut manifest = Vec::new();
    for image in images {
        for layer in &image.layers {
            if !written.contains(&layer.digest.as_str()) {
                written.push(&layer.digest);
                let mut file = File::open(&layer.path)?;
                let mut header = header(EntryType::Regular, 0o644);
                header.set_size(file.metadata()?.len());
                tar.append_data(&mut header, inside(layer), &mut file)?;
            }
        }
        let config = config(image).to_string();
        let name = format!("{}.json", hex(&Sha256::digest(&config)));
        append(&mut tar, &name, config.as_bytes())?;
        let layers: Vec<String> = image.layers.iter().map(inside).collect();
        manifest.push(json!({"Config": name, "RepoTags": image.names, "Layers": layers}));
    }
    append(&mut tar, "manifest.json", Value::from(manifest).to_string().as_bytes())?;
    tar.into_inner()?.flush()
}

fn append(tar: &mut tar::Builder<impl Write>, name: &str, content: &[u8]) -> io::Result<()> {
    let mut header = header(EntryType::Regular, 0o644);
    header.set_size(content.len() as u64);
    tar.append_data(&mut header, name, content)
}

/// The name of a layer's tar in an archive.
fn inside(layer: &Layer) -> String {
    format!("{}/layer.tar", layer.digest)
}

/// The configuration of an image, as Docker's image specification has it.
fn config(image: &Image) -> Value {
    let digests: Vec<String> = image.layers.iter().map(|layer| format!("sha256:{}", layer.digest)).collect();
    let history: Vec<Value> = digests.iter().map(|_| json!({"created": EPOCH})).collect();
    json!({
        "architecture": architecture(),
        "os": "linux",
        "created": EPOCH,
        "config": {
            "Entrypoint": image.entrypoint, "Cmd": image.command, "Env": image.env, "User": image.user, "WorkingDir": image.folder,
            "StopSignal": image.stop,
        },
        "rootfs": {"type": "layers", "diff_ids": digests},
        "history": history,
    })
}

/// When every image was made: what is in it decides its digest, not when it was put together.
const EPOCH: &str = "1970-01-01T00:00:00Z";

/// This machine's architecture in Go's words.
fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file and the digest of what has been written to it.
struct Digesting {
    out: BufWriter<File>,
    sum: Sha256,
}

impl Write for Digesting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.sum.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::Read as _;

    use super::*;

    /// The entries of a tar file: path, and content (of a link: its target).
    fn entries(path: &Path) -> BTreeMap<String, Vec<u8>> {
        let mut tar = tar::Archive::new(File::open(path).unwrap());
        let read = |entry: io::Result<tar::Entry<'_, File>>| {
            let mut entry = entry.unwrap();
            let mut content = entry.link_name_bytes().map(|name| name.into_owned()).unwrap_or_default();
            entry.read_to_end(&mut content).unwrap();
            (entry.path().unwrap().display().to_string(), content)
        };
        tar.entries().unwrap().map(read).collect()
    }

    #[test]
    #[cfg(unix)]
    fn a_layer_holds_a_folder_and_what_is_added() {
        let folder = tempfile::tempdir().unwrap();
        let tree = folder.path().join("tree");
        std::fs::create_dir_all(tree.join("b/empty")).unwrap();
        std::fs::write(tree.join("a"), "one").unwrap();
        std::os::unix::fs::symlink("../nowhere", tree.join("b/link")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(tree.join("socket")).unwrap();
        let long = "d/".repeat(80);
        let make = |name: &str| {
            let mut layer = LayerWriter::create(&folder.path().join(name)).unwrap();
            layer.folder(&tree, "").unwrap();
            layer.folder(&tree.join("b"), "opt").unwrap();
            layer.file(&format!("{long}e"), 0o755, b"two").unwrap();
            layer.empty("home", 0o700, 1000).unwrap();
            layer.link("usr/bin/x", "../y").unwrap();
            layer.finish().unwrap()
        };
        let (first, second) = (make("1.tar"), make("2.tar"));
        assert_eq!(first.digest, second.digest);
        assert!(Layer::kept(&first.path).is_err());
        first.keep().unwrap();
        assert_eq!(Layer::kept(&first.path).unwrap(), first);
        assert_eq!(first.digest, hex(&Sha256::digest(std::fs::read(&first.path).unwrap())));
        let want = [
            ("a", "one"),
            ("b", ""),
            ("b/empty", ""),
            ("b/link", "../nowhere"),
            (&format!("{long}e"), "two"),
            ("home", ""),
            ("opt/empty", ""),
            ("opt/link", "../nowhere"),
            ("usr/bin/x", "../y"),
        ];
        let want: BTreeMap<_, _> = want.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into();
        assert_eq!(entries(&first.path), want);
    }

    #[test]
    fn images_share_their_layers_in_an_archive() {
        let folder = tempfile::tempdir().unwrap();
        let layer = |name: &str| {
            let mut layer = LayerWriter::create(&folder.path().join(name)).unwrap();
            layer.file(name, 0o644, name.as_bytes()).unwrap();
            layer.finish().unwrap()
        };
        let (base, top) = (layer("base"), layer("top"));
        let image = |name: &str, layers: &[&Layer]| Image {
            names: vec![format!("docker.io/library/{name}:1")],
            layers: layers.iter().map(|layer| (*layer).clone()).collect(),
            entrypoint: vec!["/run".to_owned()],
            env: vec!["A=\"b\"".to_owned()],
            user: "999:999".to_owned(),
            ..Image::default()
        };
        let path = folder.path().join("images.tar");
        archive(&[image("one", &[&base]), image("two", &[&base, &top])], File::create(&path).unwrap()).unwrap();
        let entries = entries(&path);
        assert_eq!(entries.len(), 2 + 2 + 1, "{:?}", entries.keys());
        let manifest: Value = serde_json::from_slice(&entries["manifest.json"]).unwrap();
        assert_eq!(manifest[1]["RepoTags"], json!(["docker.io/library/two:1"]));
        assert_eq!(manifest[1]["Layers"], json!([inside(&base), inside(&top)]));
        assert_eq!(hex(&Sha256::digest(&entries[&inside(&top)])), top.digest);
        let name = manifest[1]["Config"].as_str().unwrap();
        assert_eq!(name, format!("{}.json", hex(&Sha256::digest(&entries[name]))));
        let config: Value = serde_json::from_slice(&entries[name]).unwrap();
        assert_eq!(
            config["rootfs"]["diff_ids"],
            json!([format!("sha256:{}", base.digest), format!("sha256:{}", top.digest)])
        );
        assert_eq!((&config["config"]["Env"], &config["config"]["User"]), (&json!(["A=\"b\""]), &json!("999:999")));
        assert_eq!((&config["config"]["Entrypoint"], &config["os"]), (&json!(["/run"]), &json!("linux")));
    }
}
