//! `plugin.yaml`: what a plugin is, what it is called and how it is started. Checks and texts in the reference's order.

use rhumb_gostd::semver::Version;
use rhumb_yaml::keep::{ItemId, Kept, Kind as Node, ROOT};

/// What a plugin is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A command.
    Cli,
    /// Fetches files of some schemes.
    Getter,
    /// Rewrites manifests.
    PostRenderer,
    /// Of an older Helm.
    Legacy,
}

impl Kind {
    /// The name in `type`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Cli => "cli/v1",
            Kind::Getter => "getter/v1",
            Kind::PostRenderer => "postrenderer/v1",
            Kind::Legacy => "",
        }
    }

    fn of(name: &str) -> Option<Kind> {
        [Kind::Cli, Kind::Getter, Kind::PostRenderer].into_iter().find(|k| k.name() == name)
    }

    /// The Go type of its `config`, and the fields of that.
    fn config(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Kind::Cli => ("schema.ConfigCLIV1", &["usage", "shortHelp", "longHelp", "ignoreFlags"]),
            Kind::Getter => ("schema.ConfigGetterV1", &["protocols"]),
            _ => ("schema.ConfigPostRendererV1", &[]),
        }
    }
}

/// One way to start a plugin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PlatformCommand {
    pub(crate) os: String,
    pub(crate) arch: String,
    pub(crate) command: String,
    pub(crate) args: Vec<String>,
}

/// An installed plugin.
#[derive(Clone, Debug)]
pub(crate) struct Plugin {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    /// Its folder.
    pub(crate) dir: String,
    /// How it is started; nothing where it is a WebAssembly module.
    pub(crate) commands: Option<Vec<PlatformCommand>>,
}

impl Plugin {
    /// Whether it is a WebAssembly module.
    pub(crate) fn is_wasm(&self) -> bool {
        self.commands.is_none()
    }
}

const FIELDS: [&str; 8] = ["apiVersion", "name", "type", "runtime", "version", "sourceURL", "config", "runtimeConfig"];

/// Reads the text of a `plugin.yaml` in this folder.
pub(crate) fn read(text: &[u8], dir: &str) -> Result<Plugin, String> {
    let peek = |e: String| format!("failed to peek plugin.yaml API version: {e}");
    let doc = Kept::read(text).map_err(|e| peek(e.text().to_owned()))?;
    let doc = doc.ok_or_else(|| peek("EOF".to_owned()))?;
    if doc.kind(ROOT) != Node::Mapping && !doc.is_null(ROOT) {
        return Err(peek(unmarshal(&[mismatch(&doc, ROOT, "plugin.apiVersion")])));
    }
    if let Some(twice) = twice(&doc) {
        return Err(peek(unmarshal(&[twice])));
    }
    let version = doc.get(ROOT, "apiVersion").map(|id| scalar(&doc, id));
    match version.transpose().map_err(|e| peek(unmarshal(&[e])))?.unwrap_or_default().as_str() {
        "" => Ok(legacy(&doc, dir)),
        "v1" => v1(&doc, dir),
        other => Err(format!("invalid plugin apiVersion: \"{other}\"")),
    }
}

/// A plugin of Helm 3: a command, or one that fetches files.
fn legacy(doc: &Kept, dir: &str) -> Plugin {
    let name = doc.get(ROOT, "name").and_then(|id| scalar(doc, id).ok()).unwrap_or_default();
    Plugin { kind: Kind::Legacy, name, dir: dir.to_owned(), commands: Some(Vec::new()) }
}

fn v1(doc: &Kept, dir: &str) -> Result<Plugin, String> {
    check_fields(doc)?;
    let text = |key| doc.get(ROOT, key).and_then(|id| scalar(doc, id).ok()).unwrap_or_default();
    let (name, version, kind, runtime) = (text("name"), text("version"), text("type"), text("runtime"));
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if name.is_empty() || !name.bytes().all(word) {
        return Err("invalid plugin `name`".to_owned());
    }
    if version.is_empty() {
        return Err("plugin `version` is required".to_owned());
    }
    if Version::parse_strict(&version).is_err() {
        return Err(format!("invalid plugin `version` \"{version}\": must be valid semver"));
    }
    for (field, text) in [("type", &kind), ("runtime", &runtime)] {
        if text.is_empty() {
            return Err(format!("`{field}` missing"));
        }
    }
    let told = |e: String| format!("failed to convert MetadataV1 to Metadata: {e}");
    let kind = Kind::of(&kind).ok_or_else(|| told(format!("unknown plugin type \"{kind}\"")))?;
    check_config(doc, kind).map_err(told)?;
    let commands = match runtime.as_str() {
        "subprocess" => Some(commands(doc).map_err(|e| {
            told(format!("failed to unmarshal runtimeConfig for subprocess runtime: {}", unmarshal(&[e])))
        })?),
        "extism/v1" => None,
        other => return Err(told(format!("unsupported plugin runtime type: \"{other}\""))),
    };
    if kind == Kind::Getter && !has_protocols(doc) {
        return Err("config validation failed: getter has no protocols".to_owned());
    }
    Ok(Plugin { kind, name, dir: dir.to_owned(), commands })
}

/// All fields are known and of the right kind.
fn check_fields(doc: &Kept) -> Result<(), String> {
    let mut wrong = Vec::new();
    for pair in doc.children(ROOT).chunks(2) {
        let [key, value] = *pair else { continue };
        let name = String::from_utf8_lossy(doc.text(key)).into_owned();
        if !FIELDS.contains(&name.as_str()) {
            wrong.push(format!("line {}: field {name} not found in type plugin.MetadataV1", doc.line(key)));
        } else if matches!(name.as_str(), "config" | "runtimeConfig") {
            if doc.kind(value) != Node::Mapping && !doc.is_null(value) {
                wrong.push(mismatch(doc, value, "map[string]interface {}"));
            }
        } else if let Err(e) = scalar(doc, value) {
            wrong.push(e);
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(unmarshal(&wrong)) }
}

/// A part of the manifest as the reference sees it: written anew, with its keys sorted, so that lines count from its start.
fn part(doc: &Kept, key: &str) -> Option<Kept> {
    let id = doc.get(ROOT, key).filter(|id| !doc.is_null(*id))?;
    let value = rhumb_yaml::parse_value(&doc.cut_out(id).write(false)).ok()?;
    Kept::read(&rhumb_yaml::to_yaml_pretty(&value).ok()?).ok()?
}

fn check_config(doc: &Kept, kind: Kind) -> Result<(), String> {
    let Some(config) = part(doc, "config") else { return Ok(()) };
    let (go_type, fields) = kind.config();
    let keys = config.children(ROOT).iter().step_by(2);
    let unknown = keys.filter(|k| !fields.iter().any(|f| f.as_bytes() == config.text(**k))).map(|k| {
        format!(
            "line {}: field {} not found in type {go_type}",
            config.line(*k),
            String::from_utf8_lossy(config.text(*k))
        )
    });
    let unknown: Vec<String> = unknown.collect();
    if unknown.is_empty() { Ok(()) } else { Err(unmarshal(&unknown)) }
}

fn has_protocols(doc: &Kept) -> bool {
    let protocols = doc.get(ROOT, "config").and_then(|config| doc.get(config, "protocols"));
    protocols.is_some_and(|p| !doc.children(p).is_empty())
}

/// The commands for the platforms; the error lacks its heading.
fn commands(doc: &Kept) -> Result<Vec<PlatformCommand>, String> {
    let Some(config) = part(doc, "runtimeConfig") else { return Ok(Vec::new()) };
    for (key, go_type) in
        [("platformHooks", "plugin.PlatformHooks"), ("protocolCommands", "[]plugin.SubprocessProtocolCommand")]
    {
        let wanted = if key == "platformHooks" { Node::Mapping } else { Node::Sequence };
        if let Some(id) = config.get(ROOT, key).filter(|id| config.kind(*id) != wanted && !config.is_null(*id)) {
            return Err(mismatch(&config, id, go_type));
        }
    }
    let Some(list) = config.get(ROOT, "platformCommand").filter(|id| !config.is_null(*id)) else {
        return Ok(Vec::new());
    };
    if config.kind(list) != Node::Sequence {
        return Err(mismatch(&config, list, "[]plugin.PlatformCommand"));
    }
    config.children(list).iter().map(|id| command(&config, *id)).collect()
}

fn command(config: &Kept, id: ItemId) -> Result<PlatformCommand, String> {
    if config.kind(id) != Node::Mapping && !config.is_null(id) {
        return Err(mismatch(config, id, "plugin.PlatformCommand"));
    }
    let text = |key| config.get(id, key).map_or(Ok(String::new()), |id| scalar(config, id));
    let (os, arch, command) = (text("os")?, text("arch")?, text("command")?);
    let args = match config.get(id, "args").filter(|id| !config.is_null(*id)) {
        None => Vec::new(),
        Some(args) if config.kind(args) == Node::Sequence => {
            config.children(args).iter().map(|id| scalar(config, *id)).collect::<Result<_, _>>()?
        }
        Some(args) => return Err(mismatch(config, args, "[]string")),
    };
    Ok(PlatformCommand { os, arch, command, args })
}

/// A scalar as text.
fn scalar(doc: &Kept, id: ItemId) -> Result<String, String> {
    match doc.kind(id) {
        Node::Scalar if doc.is_null(id) => Ok(String::new()),
        Node::Scalar => Ok(String::from_utf8_lossy(doc.text(id)).into_owned()),
        _ => Err(mismatch(doc, id, "string")),
    }
}

fn mismatch(doc: &Kept, id: ItemId, go_type: &str) -> String {
    let line = doc.line(id);
    let found = match doc.kind(id) {
        Node::Mapping => "!!map".to_owned(),
        Node::Sequence => "!!seq".to_owned(),
        _ => format!("!!str `{}`", String::from_utf8_lossy(doc.text(id))),
    };
    format!("line {line}: cannot unmarshal {found} into {go_type}")
}

/// A key that stands in the manifest twice.
fn twice(doc: &Kept) -> Option<String> {
    let keys: Vec<ItemId> = doc.children(ROOT).iter().step_by(2).copied().collect();
    keys.iter().enumerate().find_map(|(n, key)| {
        let first = keys[..n].iter().find(|k| doc.text(**k) == doc.text(*key))?;
        let name = String::from_utf8_lossy(doc.text(*key));
        Some(format!("line {}: mapping key \"{name}\" already defined at line {}", doc.line(*key), doc.line(*first)))
    })
}

fn unmarshal(errors: &[String]) -> String {
    format!("yaml: unmarshal errors:\n  {}", errors.join("\n  "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "apiVersion: v1\nname: p\ntype: postrenderer/v1\nversion: 0.1.0\nruntime: subprocess\nruntimeConfig:\n  \
                        platformCommand:\n  - command: cat\n    args: [1, true, ~]\n";

    fn changed(from: &str, to: &str) -> String {
        assert!(GOOD.contains(from));
        match read(GOOD.replace(from, to).as_bytes(), "/d") {
            Ok(plugin) => format!("{:?} {}", plugin.kind, plugin.name),
            Err(text) => text,
        }
    }

    // Observed with Helm 4.3.1.
    #[test]
    fn manifests() {
        let cases = [
            ("name: p", "name: 5", "PostRenderer 5"),
            ("name: p\n", "", "invalid plugin `name`"),
            ("name: p", "name: p q", "invalid plugin `name`"),
            ("name: p", "name: [p]", "yaml: unmarshal errors:\n  line 2: cannot unmarshal !!seq into string"),
            ("version: 0.1.0\n", "", "plugin `version` is required"),
            ("0.1.0", "v1.2.3", "invalid plugin `version` \"v1.2.3\": must be valid semver"),
            ("type: postrenderer/v1\n", "", "`type` missing"),
            ("runtime: subprocess\n", "", "`runtime` missing"),
            ("postrenderer/v1", "cli/v1", "Cli p"),
            ("postrenderer/v1", "foo", "failed to convert MetadataV1 to Metadata: unknown plugin type \"foo\""),
            ("postrenderer/v1", "getter/v1", "config validation failed: getter has no protocols"),
            ("subprocess", "extism/v1", "PostRenderer p"),
            ("subprocess", "foo", "failed to convert MetadataV1 to Metadata: unsupported plugin runtime type: \"foo\""),
            ("apiVersion: v1", "apiVersion: v2", "invalid plugin apiVersion: \"v2\""),
            ("apiVersion: v1\n", "", "Legacy p"),
            (
                "version: 0.1.0",
                "version: 0.1.0\nfoo: 1\nbar: 2",
                "yaml: unmarshal errors:\n  line 5: field foo not found in type plugin.MetadataV1\n  line 6: field bar not \
                 found in type plugin.MetadataV1",
            ),
            (
                "version: 0.1.0",
                "version: 0.1.0\nversion: 0.2.0",
                "failed to peek plugin.yaml API version: yaml: unmarshal errors:\n  line 5: mapping key \"version\" already \
                 defined at line 4",
            ),
            (
                "version: 0.1.0",
                "version: 0.1.0\nconfig: {x: 1}",
                "failed to convert MetadataV1 to Metadata: yaml: unmarshal errors:\n  line 1: field x not found in type \
                 schema.ConfigPostRendererV1",
            ),
            (
                "args: [1, true, ~]",
                "args: a b",
                "failed to convert MetadataV1 to Metadata: failed to unmarshal runtimeConfig for subprocess runtime: yaml: \
                 unmarshal errors:\n  line 2: cannot unmarshal !!str `a b` into []string",
            ),
            (
                "version: 0.1.0",
                "version: 0.1.0\n a: b",
                "failed to peek plugin.yaml API version: yaml: line 5: mapping values are not allowed in this context",
            ),
        ];
        for (from, to, want) in cases {
            assert_eq!(changed(from, to), want, "{to}");
        }
        assert_eq!(read(b"", "/d").unwrap_err(), "failed to peek plugin.yaml API version: EOF");
    }

    #[test]
    fn commands_are_read() {
        let plugin = read(GOOD.as_bytes(), "/d").unwrap();
        let args = ["1", "true", ""].map(str::to_owned).to_vec();
        let want = PlatformCommand { command: "cat".into(), args, ..PlatformCommand::default() };
        assert_eq!(plugin.commands, Some(vec![want]));
    }
}
