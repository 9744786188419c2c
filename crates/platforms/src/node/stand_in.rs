//! Images of a shell and a few files, where the real program cannot be had or is not what is tried.

use std::path::{Path, PathBuf};

use rhumb_testkit::image::{Image, LayerWriter, archive};

/// The shell with its commands in one program. (Debian's static one cannot look up names.)
const BUSYBOX: &str = "/bin/busybox";

/// What stands for `wget`: with a limit of time (`-T`) Debian's dies.
const WGET: &[u8] = b"#!/bin/sh
limit=
set -- \"$@\" --
while [ \"$1\" != -- ]; do
    case $1 in
        -T) limit=\"timeout $2\"; shift 2 ;;
        *) set -- \"$@\" \"$1\"; shift ;;
    esac
done
shift
exec $limit busybox wget \"$@\"
";

/// An image of a shell.
#[derive(Debug)]
pub struct StandIn {
    /// Its name, with registry and tag.
    pub name: String,
    /// What it starts where a pod names no command.
    pub entrypoint: Vec<String>,
    /// Its files besides: path, mode, content.
    pub files: Vec<(String, u32, Vec<u8>)>,
}

impl StandIn {
    /// The name of [`StandIn::shell`], with its tag.
    pub const SHELL: &str = "docker.io/rhumb/shell:1";

    /// One that runs what it is told to.
    #[must_use]
    pub fn shell() -> StandIn {
        StandIn::script(StandIn::SHELL, "exec \"$@\"")
    }

    /// One that runs a shell script with the pod's arguments.
    #[must_use]
    pub fn script(name: &str, script: &str) -> StandIn {
        StandIn {
            name: name.to_owned(),
            entrypoint: vec!["/bin/entry".to_owned()],
            files: vec![("bin/entry".to_owned(), 0o755, format!("#!/bin/sh\n{script}").into_bytes())],
        }
    }

    /// The process that holds a pod's namespaces: it sleeps.
    pub(super) fn sandbox(name: &str) -> StandIn {
        let entrypoint = ["/bin/busybox", "sleep", "2147483647"].map(str::to_owned).into();
        StandIn { name: name.to_owned(), entrypoint, files: Vec::new() }
    }

    /// Writes it as a docker-archive into a folder.
    pub(super) fn archive(&self, folder: &Path) -> std::io::Result<PathBuf> {
        let mut layer = LayerWriter::create(&folder.join("layer.tar"))?;
        layer.file("bin/busybox", 0o755, &std::fs::read(BUSYBOX)?)?;
        for library in libraries(BUSYBOX)? {
            layer.file(library.trim_start_matches('/'), 0o755, &std::fs::read(&library)?)?;
        }
        for command in commands()? {
            if !["busybox", "wget"].contains(&command.as_str()) {
                layer.link(&format!("bin/{command}"), "busybox")?;
            }
        }
        layer.file("bin/wget", 0o755, WGET)?;
        layer.file("etc/passwd", 0o644, b"root:x:0:0::/:/bin/sh\nuser:x:65532:65532::/tmp:/bin/sh\n")?;
        layer.empty("tmp", 0o1777, 0)?;
        for (path, mode, content) in &self.files {
            layer.file(path, *mode, content)?;
        }
        let image = Image {
            names: vec![self.name.clone()],
            layers: vec![layer.finish()?],
            entrypoint: self.entrypoint.clone(),
            command: Vec::new(),
            env: vec!["PATH=/bin".to_owned()],
            user: "65532:65532".to_owned(),
            ..Image::default()
        };
        let to = folder.join("image.tar");
        archive(&[image], std::fs::File::create(&to)?)?;
        Ok(to)
    }
}

/// The commands that the shell has in it.
fn commands() -> std::io::Result<Vec<String>> {
    let said = std::process::Command::new(BUSYBOX).arg("--list").output()?;
    Ok(String::from_utf8_lossy(&said.stdout).lines().map(str::to_owned).collect())
}

/// The libraries that a program is started with, by the paths under which it looks for them.
fn libraries(program: &str) -> std::io::Result<Vec<String>> {
    let said = std::process::Command::new("ldd").arg(program).output()?;
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    Ok(said.split_whitespace().filter(|word| word.starts_with('/')).map(str::to_owned).collect())
}
