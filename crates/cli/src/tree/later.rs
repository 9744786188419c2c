//! Commands of Helm that rhumb knows by name and does not do yet.

use crate::command::{Command, Verb};

const fn later(
    name: &'static str,
    aliases: &'static [&'static str],
    arguments: &'static str,
    short: &'static str,
) -> Command {
    Command { name, aliases, arguments, short, long: short, ..Command::BLANK }
}

const fn group(
    name: &'static str,
    aliases: &'static [&'static str],
    short: &'static str,
    subcommands: &'static [Command],
) -> Command {
    Command { name, aliases, short, long: short, verb: Verb::Group, subcommands, ..Command::BLANK }
}

pub(super) const DEPENDENCY: Command = group(
    "dependency",
    &["dep", "dependencies"],
    "look after the charts that a chart depends on",
    &[
        later("build", &[], "CHART", "fetch charts/ as Chart.lock says"),
        later("list", &["ls"], "CHART", "list the dependencies of a chart"),
        later("update", &["up"], "CHART", "fetch charts/ as Chart.yaml says"),
    ],
);
pub(super) const GET: Command = group(
    "get",
    &[],
    "print what is known about a release",
    &[
        later("all", &[], "RELEASE_NAME", "everything about a release"),
        later("hooks", &[], "RELEASE_NAME", "the hooks of a release"),
        later("manifest", &[], "RELEASE_NAME", "the manifest of a release"),
        later("metadata", &[], "RELEASE_NAME", "name, chart and state of a release"),
        later("notes", &[], "RELEASE_NAME", "the notes of a release"),
        later("values", &[], "RELEASE_NAME", "the values of a release"),
    ],
);
pub(super) const HISTORY: Command = later("history", &["hist"], "RELEASE_NAME", "list the revisions of a release");
pub(super) const INSTALL: Command = later("install", &[], "[NAME] [CHART]", "install a chart into a cluster");
pub(super) const LIST: Command = later("list", &["ls"], "", "list releases");
pub(super) const PACKAGE: Command = later("package", &[], "[CHART_PATH] [...]", "pack a chart into an archive");
pub(super) const PLUGIN: Command = group(
    "plugin",
    &[],
    "look after plugins",
    &[
        later("install", &["add"], "[options] <path|url>", "install a plugin"),
        later("list", &["ls"], "", "list plugins"),
        later("package", &[], "[PATH]", "pack a plugin into an archive"),
        later("uninstall", &["rm", "remove"], "<plugin>...", "remove plugins"),
        later("update", &["up"], "<plugin>...", "update plugins"),
        later("verify", &[], "[PATH]", "check a plugin's signature"),
    ],
);
pub(super) const PULL: Command = later("pull", &["fetch"], "[chart URL | repo/chartname] [...]", "download a chart");
pub(super) const PUSH: Command = later("push", &[], "[chart] [remote]", "upload a chart to a registry");
pub(super) const REGISTRY: Command = group(
    "registry",
    &[],
    "log in to and out of registries",
    &[later("login", &[], "[host]", "log in to a registry"), later("logout", &[], "[host]", "log out of a registry")],
);
pub(super) const REPO: Command = group(
    "repo",
    &[],
    "look after chart repositories",
    &[
        later("add", &[], "[NAME] [URL]", "add a repository"),
        later("index", &[], "[DIR]", "write the index of a folder of charts"),
        later("list", &["ls"], "", "list repositories"),
        later("remove", &["rm"], "[REPO1 [REPO2 ...]]", "forget repositories"),
        later("update", &["up"], "[REPO1 [REPO2 ...]]", "fetch the indexes of repositories"),
    ],
);
pub(super) const ROLLBACK: Command =
    later("rollback", &[], "<RELEASE> [REVISION]", "bring back an older revision of a release");
pub(super) const SEARCH: Command = group(
    "search",
    &[],
    "search for charts",
    &[
        later("hub", &[], "[KEYWORD]", "search a chart hub"),
        later("repo", &[], "[keyword]", "search the known repositories"),
    ],
);
pub(super) const STATUS: Command = later("status", &[], "RELEASE_NAME", "show how a release is doing");
pub(super) const TEST: Command = later("test", &[], "[RELEASE]", "run the tests of a release");
pub(super) const UNINSTALL: Command =
    later("uninstall", &["del", "delete", "un"], "RELEASE_NAME [...]", "remove a release from its cluster");
pub(super) const UPGRADE: Command = later("upgrade", &[], "[RELEASE] [CHART]", "upgrade a release");
pub(super) const VERIFY: Command = later("verify", &[], "PATH", "check a chart's signature");
