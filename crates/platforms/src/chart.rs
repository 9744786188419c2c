//! A chart of this repository, and what our program and the real Helm say of it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::objects::Objects;

/// A chart, by its folder and the name that its release has where a test names none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chart {
    /// The folder, from the top of the repository.
    pub folder: &'static str,
    /// The release's usual name.
    pub release: &'static str,
}

/// Every chart of this repository that is there.
#[must_use]
pub fn every() -> Vec<Chart> {
    let all = [
        Chart::STEREO_SPOT,
        Chart::FLOE_PLATFORM,
        Chart::DAGSTER,
        Chart::POLARIS,
        Chart::OTEL_COLLECTOR,
        Chart::FLOE_JOBS,
    ];
    all.into_iter().filter(|chart| chart.path().join("Chart.yaml").is_file()).collect()
}

/// What a program said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// The exit code.
    pub exit: i32,
}

impl Chart {
    /// The pipeline's three workloads.
    pub const STEREO_SPOT: Chart = Chart { folder: "packages/helm", release: "stereo-spot" };
    /// The data platform, with its three subcharts.
    pub const FLOE_PLATFORM: Chart = Chart { folder: "charts/floe-platform", release: "floe" };
    /// Dagster alone.
    pub const DAGSTER: Chart = Chart { folder: "charts/floe-platform/charts/dagster", release: "dagster" };
    /// Polaris alone.
    pub const POLARIS: Chart = Chart { folder: "charts/floe-platform/charts/polaris", release: "polaris" };
    /// The collector alone.
    pub const OTEL_COLLECTOR: Chart =
        Chart { folder: "charts/floe-platform/charts/otel-collector", release: "otel-collector" };
    /// Jobs on the data platform.
    pub const FLOE_JOBS: Chart = Chart { folder: "charts/floe-jobs", release: "floe-jobs" };

    /// The folder.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        crate::root().join(self.folder)
    }

    /// The last part of the folder's name: how trials are named.
    #[must_use]
    pub fn name(&self) -> &'static str {
        if *self == Chart::STEREO_SPOT { "stereo-spot" } else { self.folder.rsplit('/').next().unwrap_or(self.folder) }
    }

    /// The objects under the usual release name. Relative paths in the arguments start in the chart's folder.
    #[must_use]
    pub fn render(&self, args: &[&str]) -> Objects {
        self.render_as(self.release, "default", args)
    }

    /// The objects of a release in a namespace.
    #[must_use]
    pub fn render_as(&self, release: &str, namespace: &str, args: &[&str]) -> Objects {
        let answer = self.template(release, namespace, args);
        assert!(answer.exit == 0, "{} {args:?} is refused:\n{}", self.folder, answer.stderr);
        Objects::read(&answer.stdout)
    }

    /// Why these arguments are refused; that they are is part of the test.
    #[must_use]
    pub fn refused(&self, args: &[&str]) -> String {
        let answer = self.template(self.release, "default", args);
        assert!(answer.exit != 0, "{} {args:?} is not refused", self.folder);
        assert!(answer.stdout.is_empty(), "{} {args:?} is refused, and prints:\n{}", self.folder, answer.stdout);
        answer.stderr
    }

    /// Tries combinations that the chart's own check forbids: each must be refused by it, in one report that has all the words.
    ///
    /// # Panics
    /// Where one is not, or a word is missing.
    pub fn refuses_with(&self, table: &[(&[&str], &[&str])]) {
        for (args, wanted) in table {
            let why = self.refused(args);
            assert!(why.contains("cannot be rendered with these values:\n  - "), "{args:?}:\n{why}");
            for words in *wanted {
                assert!(why.contains(words), "{args:?} does not say {words:?}:\n{why}");
            }
        }
    }

    /// The answer to `template`.
    #[must_use]
    pub fn template(&self, release: &str, namespace: &str, args: &[&str]) -> Answer {
        self.ask(&[&["template", release, ".", "--namespace", namespace], args].concat())
    }

    /// The answer of our program alone.
    #[must_use]
    pub fn ours(&self, args: &[&str]) -> Answer {
        run(crate::binary::ours(), &self.path(), args)
    }

    /// The answer of another program that is called `helm`.
    #[must_use]
    pub fn by(&self, program: &Path, args: &[&str]) -> Answer {
        run(program, &self.path(), args)
    }

    /// The answer to any command, given in the chart's folder. With `RHUMB_LIVE=1` the real Helm must give the same.
    #[must_use]
    pub fn ask(&self, args: &[&str]) -> Answer {
        let ours = self.ours(args);
        if let Some(helm) = crate::live::reference() {
            let theirs = run(&helm, &self.path(), args);
            for (what, ours, theirs) in
                [("stdout", &ours.stdout, &theirs.stdout), ("stderr", &ours.stderr, &theirs.stderr)]
            {
                let difference = crate::golden::difference(theirs, ours);
                assert!(difference.is_empty(), "{}: {args:?}: {what} (- Helm's, + ours):\n{difference}", self.folder);
            }
            assert_eq!(ours.exit, theirs.exit, "{}: {args:?}: exit codes, ours and Helm's", self.folder);
        }
        ours
    }

    /// Our own program, for whoever starts it himself.
    #[must_use]
    pub fn program() -> &'static Path {
        crate::binary::ours()
    }

    /// A file of the chart.
    #[must_use]
    pub fn file(&self, name: &str) -> String {
        let path = self.path().join(name);
        std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }

    /// values.yaml, read.
    #[must_use]
    pub fn values(&self) -> Value {
        crate::yaml::value(&self.file("values.yaml"))
    }

    /// values.schema.json, read.
    #[must_use]
    pub fn schema(&self) -> Value {
        let text = self.file("values.schema.json");
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}/values.schema.json: {e}", self.folder))
    }

    /// Every leaf of values.yaml, its keys joined by dots (a dot in a key is escaped as `--set` wants it). Lists, and maps without
    /// entries, are leaves.
    #[must_use]
    pub fn values_leaves(&self) -> Vec<(String, Value)> {
        crate::yaml::leaves(&self.values())
    }

    /// The values files beside values.yaml, from the chart's folder: `values-*.yaml`, `ci/*-values.yaml`, and for the platform the
    /// one of the kind cluster. What Terraform writes is not ours.
    #[must_use]
    pub fn values_files(&self) -> Vec<String> {
        let names = |folder: &Path| -> Vec<String> {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
        };
        let ours = |name: &String| {
            name.starts_with("values-") && name.ends_with(".yaml") && name != "values-from-terraform.yaml"
        };
        let mut files: Vec<String> = names(&self.path()).into_iter().filter(ours).collect();
        let ci = names(&self.path().join("ci")).into_iter().filter(|name| name.ends_with("-values.yaml"));
        files.extend(ci.map(|name| format!("ci/{name}")));
        if *self == Chart::FLOE_PLATFORM && self.path().join("../testing/kind-values.yaml").is_file() {
            files.push("../testing/kind-values.yaml".to_owned());
        }
        files.sort();
        files
    }
}

/// One run, away from the user's own settings, under the name `helm`.
fn run(program: &Path, folder: &Path, args: &[&str]) -> Answer {
    use std::os::unix::process::CommandExt as _;
    let home = crate::root().join("target/no-home");
    let mut command = Command::new(program);
    command.arg0("helm").args(args).current_dir(folder).env_clear();
    command.env("PATH", "/usr/bin:/bin").env("LC_ALL", "C").env("TZ", "UTC").env("KUBECONFIG", "/dev/null");
    for variable in ["HOME", "HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME"] {
        command.env(variable, &home);
    }
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|e| panic!("{}: {e}", program.display()));
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("charts of ours are UTF-8");
    Answer { stdout: text(output.stdout), stderr: text(output.stderr), exit: output.status.code().unwrap_or(-1) }
}
