//! The READMEs of the charts, followed by a new user: every block that installs is given to a shell at the top of a copy of the
//! repository, with a real Helm and a real API server. Nothing runs there, so hooks and waiting are left out, and `helm test` is.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use rhumb_platforms::cluster::Cluster;
use rhumb_platforms::programs::{copy_but, words};
use rhumb_platforms::{Chart, every, live, root};
use rhumb_testkit::{lab, reference};

/// Helm without what waits for pods.
const HELM: &str = r#"#!/bin/sh
case $1 in
  test) exit 0 ;;
  install | upgrade) hooks=--no-hooks ;;
esac
for word; do
  shift
  case $word in
    --wait) ;;
    --timeout) skip=1 ;;
    *) [ -n "${skip:-}" ] && skip= || set -- "$@" "$word" ;;
  esac
done
exec "$REAL_HELM" "$@" ${hooks:-}
"#;

/// What there is for a user: a copy of the charts, and programs that lead to the server.
struct Desk {
    cluster: Cluster,
    folder: tempfile::TempDir,
}

impl Desk {
    /// None where its parts are not on this machine and need not be.
    fn new() -> Option<Desk> {
        if !live() && (Cluster::can_start().is_err() || reference::path().is_none()) {
            return None;
        }
        let desk = Desk {
            cluster: Cluster::start("default").expect("an API server"),
            folder: tempfile::tempdir().expect("a folder"),
        };
        for part in ["charts", "packages/helm"] {
            std::fs::create_dir_all(desk.folder.path().join("packages")).expect("a folder");
            copy_but(&root().join(part), &desk.folder.path().join(part), |name| name == "node_modules")
                .expect("a copy");
        }
        // Terraform has written it.
        let helm = desk.folder.path().join("packages/helm");
        std::fs::copy(helm.join("values-from-terraform.example.yaml"), helm.join("values-from-terraform.yaml"))
            .expect("a file");
        let kubectl = lab::KUBERNETES.path().expect("Kubernetes").join("kubectl");
        desk.program("helm", HELM);
        desk.program("kubectl", &format!("#!/bin/sh\nexec {} \"$@\"\n", kubectl.display()));
        desk.program("kind", "#!/bin/sh\nexit 0\n");
        desk.program("cargo", "#!/bin/sh\nexit 0\n");
        Some(desk)
    }

    fn program(&self, name: &str, text: &str) {
        let folder = self.folder.path().join("bin");
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join(name), text).expect("a program");
        std::fs::set_permissions(folder.join(name), std::fs::Permissions::from_mode(0o755)).expect("a program");
    }

    fn shell(&self, script: &str) -> Output {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-euc", script]).current_dir(self.folder.path()).env_clear();
        shell.env("PATH", format!("{}:/usr/bin:/bin", self.folder.path().join("bin").display()));
        shell.env("HOME", self.folder.path()).env("KUBECONFIG", self.cluster.file("kubeconfig"));
        shell.env("REAL_HELM", reference::path().expect("Helm")).env("PASSWORD", "of-my-own");
        shell.output().expect("a shell")
    }

    fn must(&self, script: &str) -> String {
        let said = self.shell(script);
        assert!(said.status.success(), "{script}\n{}", words(&said));
        String::from_utf8_lossy(&said.stdout).into_owned()
    }

    /// The values that `floe-helm` writes in a block.
    fn generate(&self, block: &str) {
        let lines = block.replace("\\\n", " ");
        for line in lines.lines().filter_map(|line| line.split_once("--package rhumb-floe -- ")) {
            let place = |word: &str| match word {
                word if word.starts_with("charts/") || word.ends_with(".yaml") => {
                    self.folder.path().join(word).display().to_string()
                }
                word => word.to_owned(),
            };
            let said = rhumb_floe::run(&line.1.split_whitespace().map(place).collect::<Vec<_>>());
            assert_eq!(said.exit, 0, "{block}\n{}", said.err);
        }
    }
}

/// The blocks of a README that a shell is meant for, in their order.
fn blocks(readme: &str) -> Vec<&str> {
    let fences = ["```sh\n", "```bash\n", "```console\n"];
    let mut found: Vec<(usize, &str)> = Vec::new();
    for fence in fences {
        let starts = readme.match_indices(fence).map(|(at, _)| at + fence.len());
        found.extend(starts.map(|at| (at, readme[at..].split("```").next().expect("a block"))));
    }
    found.sort_unstable();
    found.into_iter().map(|(_, block)| block).collect()
}

/// Whether a block changes a cluster, or makes what a later one needs.
fn changes(block: &str) -> bool {
    ["helm install", "helm upgrade", "kubectl create", "kubectl --namespace", "openssl"]
        .iter()
        .any(|words| block.contains(words))
        && !block.contains("delete secret")
}

/// F-01, REQ-627, S-19, REQ-635, BP-15: each README's own commands install, alone or as they follow each other; what is installed is
/// deployed; an uninstall leaves nothing but the Secrets that are meant to stay, and the README's last command takes those.
#[test]
fn readmes_install() {
    let Some(desk) = Desk::new() else { return };
    let mut installed = 0;
    for chart in every() {
        let readme = chart.file("README.md");
        for block in blocks(&readme).into_iter().filter(|block| changes(block)) {
            desk.generate(block);
            let said = desk.shell(block);
            assert!(said.status.success(), "{}:\n{block}\n{}", chart.folder, words(&said));
            installed += block.matches("helm install").count() + block.matches("--install").count();
        }
        let releases = desk.must("helm list --all-namespaces --no-headers");
        assert!(!releases.trim().is_empty(), "{}: nothing was installed", chart.folder);
        for release in releases.lines() {
            let [name, namespace, ..] = release.split_whitespace().collect::<Vec<_>>()[..] else { panic!("{release}") };
            assert!(release.contains("deployed"), "{release}");
            desk.must(&format!("helm uninstall {name} --namespace {namespace} --no-hooks"));
        }
        left(&desk, chart);
    }
    assert!(installed >= 9, "{installed}");
}

/// What stays behind: Secrets that say so, and what the user made himself.
fn left(desk: &Desk, chart: Chart) {
    let kinds = "all,secret,configmap,serviceaccount,role,rolebinding,ingress,networkpolicy,persistentvolumeclaim,externalsecret";
    let list = desk.must(&format!(
        "kubectl get {kinds} --all-namespaces --selector app.kubernetes.io/managed-by=Helm --output json"
    ));
    let list: serde_json::Value = serde_json::from_str(&list).expect("JSON");
    for object in list["items"].as_array().expect("items") {
        let kept = object["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep";
        assert!(
            kept && object["kind"] == "Secret",
            "{}: {} {}",
            chart.folder,
            object["kind"],
            object["metadata"]["name"]
        );
    }
    if chart == Chart::FLOE_PLATFORM {
        let readme = chart.file("README.md");
        let last =
            blocks(&readme).into_iter().find(|block| block.contains("delete secret")).expect("a way to remove all");
        let said = desk.must(last);
        assert!(said.contains("floe-postgresql"), "{said}");
    }
}

/// The stand-in for Helm is Helm, but for what it leaves out.
#[test]
fn the_stand_in_passes_words_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path: &Path = &folder.path().join(name);
        std::fs::write(path, text).expect("a file");
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("a file");
    };
    write("helm", HELM);
    write("real", "#!/bin/sh\nprintf '<%s>' \"$@\"\n");
    let said = |words: &str| {
        let mut shell = Command::new("/bin/sh");
        shell
            .args(["-c", &format!("./helm {words}")])
            .current_dir(&folder)
            .env("REAL_HELM", folder.path().join("real"));
        String::from_utf8(shell.output().expect("a shell").stdout).expect("text")
    };
    assert_eq!(said("install a 'b c' --wait --timeout 10m -f d"), "<install><a><b c><-f><d><--no-hooks>");
    assert_eq!(said("list --all"), "<list><--all>");
    assert_eq!(said("test a"), "");
}
