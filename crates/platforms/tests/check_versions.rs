//! `charts/testing/check-versions` in a real repository: which changes of a chart ask for a higher version.

use std::path::PathBuf;
use std::process::Command;

use rhumb_platforms::programs::words;
use rhumb_platforms::{live, root};
use tempfile::TempDir;

/// A repository with two charts, one of them the other's dependency, and a branch `base` where a change began.
struct Repository {
    folder: TempDir,
    helm: PathBuf,
}

const OUTER: &str = "charts/outer";
const INNER: &str = "charts/outer/charts/inner";

impl Repository {
    /// None where there is no Helm to pack charts.
    fn new() -> Option<Repository> {
        let helm = rhumb_testkit::reference::path();
        assert!(helm.is_some() || !live(), "Helm is not on this machine: cargo xtask reference");
        let repository = Repository { folder: tempfile::tempdir().expect("a folder"), helm: helm? };
        let definition =
            "apiVersion: v2\nname: outer\nversion: 0.1.0\ndependencies:\n  - {name: inner, version: 0.1.0}\n";
        repository.write("charts/outer/Chart.yaml", definition);
        repository.write("charts/outer/.helmignore", "*.md\nci/\n");
        repository.write("charts/outer/README.md", "outer\n");
        repository.write("charts/outer/values.yaml", "a: 1\n");
        repository.write("charts/outer/templates/a b.yaml", "# {{ .Values.a }}\n");
        repository.write("charts/outer/charts/inner/Chart.yaml", "apiVersion: v2\nname: inner\nversion: 0.1.0\n");
        repository.write("charts/outer/charts/inner/values.yaml", "b: 1\n");
        repository.git(&["init", "--quiet", "--initial-branch=base"]);
        repository.commit();
        repository.git(&["checkout", "--quiet", "-b", "change"]);
        Some(repository)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder above")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    fn remove(&self, name: &str) {
        std::fs::remove_file(self.folder.path().join(name)).expect("a file");
    }

    /// The version in a chart's definition, and in its parent's where that names it.
    fn version(&self, chart: &str, from: &str, to: &str) {
        let path = format!("{chart}/Chart.yaml");
        let text = std::fs::read_to_string(self.folder.path().join(&path)).expect("a file");
        assert!(text.contains(from), "{text}");
        self.write(&path, &text.replacen(&format!("version: {from}"), &format!("version: {to}"), 1));
    }

    fn git(&self, args: &[&str]) {
        let mut git = Command::new("git");
        git.current_dir(self.folder.path())
            .args(["-c", "user.name=test", "-c", "user.email=test@localhost"])
            .args(args);
        let said = git.output().expect("git");
        assert!(said.status.success(), "{}", words(&said));
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message=x"]);
    }

    /// Commits, and asks the script: whether it passed, and its words.
    fn judged(&self) -> (bool, String) {
        self.commit();
        let mut script = Command::new("sh");
        script
            .current_dir(self.folder.path().join("charts"))
            .arg(root().join("charts/testing/check-versions"))
            .arg("base");
        let said = script.env("HELM", &self.helm).output().expect("sh");
        (said.status.success(), words(&said))
    }
}

fn refused(repository: &Repository, wanted: &[&str]) {
    let (passed, said) = repository.judged();
    assert!(!passed, "taken");
    assert_eq!(said.lines().collect::<Vec<_>>(), wanted);
}

fn taken(repository: &Repository) {
    let (passed, said) = repository.judged();
    assert!(passed && said.is_empty(), "{said}");
}

fn sentence(chart: &str, files: &str, old: &str, new: &str) -> String {
    let growth = format!("its version did not grow ({old}, now {new}): raise it in {chart}/Chart.yaml");
    format!("{chart}: its package changed ({files}) and {growth}")
}

/// F-19, REQ-625: whatever enters the package asks for a higher version: a file changed, added or removed.
#[test]
fn f19_changed_content_needs_a_higher_version() {
    let Some(repository) = Repository::new() else { return };
    repository.write("charts/outer/values.yaml", "a: 2\n");
    repository.write("charts/outer/new.txt", "");
    repository.remove("charts/outer/templates/a b.yaml");
    refused(&repository, &[&sentence(OUTER, "new.txt templates/a b.yaml values.yaml", "0.1.0", "0.1.0")]);
    repository.version(OUTER, "0.1.0", "0.1.1");
    taken(&repository);
    repository.git(&["branch", "--delete", "--force", "base"]);
    repository.write("charts/outer/values.yaml", "a: 3\n");
    refused(&repository, &["base is no commit of this repository: fetch it first"]);
}

/// F-19: a version that is lower, or only has another build, is not higher; a release is higher than its candidates.
#[test]
fn f19_versions_are_compared_as_versions() {
    let Some(repository) = Repository::new() else { return };
    repository.write("charts/outer/values.yaml", "a: 2\n");
    let mut last = "0.1.0";
    for (version, higher) in [
        ("0.0.9", false),
        ("0.1.0+2", false),
        ("0.1.0-rc.1", false),
        ("0.1.1-rc.1", true),
        ("0.1.1", true),
        ("0.10.0", true),
        ("1.0.0", true),
    ] {
        repository.version(OUTER, last, version);
        last = version;
        assert_eq!(repository.judged().0, higher, "{version}");
    }
    repository.git(&["branch", "--force", "base", "change"]);
    repository.version(OUTER, last, "1.1.0-rc.1");
    repository.commit();
    repository.git(&["branch", "--force", "base", "change"]);
    repository.write("charts/outer/values.yaml", "a: 3\n");
    repository.version(OUTER, "1.1.0-rc.1", "1.1.0");
    taken(&repository);
}

/// F-19: what .helmignore leaves out, and what is no chart, changes nothing; nor does what the other side changed meanwhile.
#[test]
fn f19_what_is_not_packed_is_free() {
    let Some(repository) = Repository::new() else { return };
    repository.write("charts/outer/README.md", "other\n");
    repository.write("charts/outer/ci/x-values.yaml", "a: 5\n");
    repository.write("README.md", "other\n");
    taken(&repository);
    repository.git(&["checkout", "--quiet", "base"]);
    repository.write("charts/outer/values.yaml", "a: 9\n");
    repository.commit();
    repository.git(&["checkout", "--quiet", "change"]);
    repository.write("README.md", "another\n");
    taken(&repository);
}

/// F-19, REQ-625: a subchart is in its parent's package, so both grow, and the parent's range with them; a new chart has nothing to grow from.
#[test]
fn f19_subcharts_and_new_charts() {
    let Some(repository) = Repository::new() else { return };
    repository.write("charts/outer/charts/inner/values.yaml", "b: 2\n");
    repository.write("charts/another/Chart.yaml", "apiVersion: v2\nname: another\nversion: 0.1.0\n");
    let inner = sentence(INNER, "values.yaml", "0.1.0", "0.1.0");
    refused(&repository, &[&sentence(OUTER, "charts/inner/values.yaml", "0.1.0", "0.1.0"), &inner]);
    repository.version(OUTER, "0.1.0", "0.2.0");
    refused(&repository, &[&inner]);
    repository.version(INNER, "0.1.0", "0.1.1");
    repository.version(OUTER, "0.1.0}", "0.1.1}");
    taken(&repository);
}

/// F-19: the workflow asks it of what is merged.
#[test]
fn f19_the_workflow_asks() {
    let workflow = std::fs::read_to_string(root().join(".github/workflows/charts.yml")).unwrap();
    assert!(workflow.contains("sh charts/testing/check-versions \"origin/$TARGET\""));
}
