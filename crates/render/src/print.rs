//! The bytes that `helm template` prints.

use crate::plan::Plan;

/// What takes part in the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// CRDs too.
    pub crds: bool,
    /// Hooks too.
    pub hooks: bool,
    /// Tests among the hooks too.
    pub tests: bool,
}

/// The whole output.
#[must_use]
pub fn print(plan: &Plan, parts: Parts) -> Vec<u8> {
    let mut out = Vec::with_capacity(room(plan));
    if parts.crds {
        plan.crds.iter().for_each(|c| document(&mut out, &c.path, &c.text));
    }
    plan.sorted.manifests.iter().for_each(|m| document(&mut out, &m.path, &m.text));
    let end = out.trim_ascii_end().len();
    out.truncate(end);
    out.push(b'\n');
    if parts.hooks {
        let hooks = plan.sorted.hooks.iter().filter(|h| parts.tests || !h.is_test());
        hooks.for_each(|h| document(&mut out, &h.manifest.path, &h.manifest.text));
    }
    out
}

/// How many bytes the output may take, so that it is not copied while it grows.
fn room(plan: &Plan) -> usize {
    let crds = plan.crds.iter().map(|c| c.path.len() + c.text.len());
    let manifests = plan.sorted.manifests.iter().chain(plan.sorted.hooks.iter().map(|h| &h.manifest));
    let documents = crds.chain(manifests.map(|m| m.path.len() + m.text.len()));
    documents.map(|len| len + b"---\n# Source: \n\n".len()).sum::<usize>() + 1
}

fn document(out: &mut Vec<u8>, path: &str, text: &[u8]) {
    out.extend_from_slice(b"---\n# Source: ");
    out.extend_from_slice(path.as_bytes());
    out.push(b'\n');
    out.extend_from_slice(text);
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{Rendered, sort};
    use crate::plan::Crd;

    /// Observed with Helm 4.3.1.
    #[test]
    fn the_end_of_the_manifests_is_trimmed_and_that_of_hooks_is_not() {
        let rendered = |path: &str, text: &str| Rendered { path: path.into(), text: text.into() };
        let sorted = sort(&[
            rendered("m/templates/a.yaml", "kind: Role\n\n---\nkind: Unknown\n\n\n"),
            rendered("m/templates/h.yaml", "kind: Pod\nmetadata: {annotations: {helm.sh/hook: test}}\n"),
        ])
        .unwrap();
        let crds = vec![Crd { path: "m/crds/x.yaml".into(), text: b"kind: CRD\n".to_vec() }];
        let plan = Plan { crds, sorted, notes: Vec::new() };
        let all = "---\n# Source: m/crds/x.yaml\nkind: CRD\n\n---\n# Source: m/templates/a.yaml\nkind: Role\n\n\n---\n\
                   # Source: m/templates/a.yaml\nkind: Unknown\n---\n# Source: m/templates/h.yaml\nkind: Pod\n\
                   metadata: {annotations: {helm.sh/hook: test}}\n\n";
        let text = |parts| String::from_utf8(print(&plan, parts)).unwrap();
        assert_eq!(text(Parts { crds: true, hooks: true, tests: true }), all);
        assert!(!text(Parts { crds: false, hooks: true, tests: false }).contains("Pod"));
        let nothing = print(&Plan::default(), Parts { crds: true, hooks: true, tests: true });
        assert_eq!(nothing, b"\n");
    }
}
