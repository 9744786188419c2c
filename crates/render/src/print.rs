//! The bytes that `helm template` prints.

use std::io::{self, Write};

use rhumb_gostd::strings::trim_space;

use crate::plan::{Manifest, Plan};

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
    // Writing to a vector cannot fail.
    let _ = write(plan, parts, &mut out);
    out
}

/// The whole output, a document after the other, for those who need not hold it.
pub fn write(plan: &Plan, parts: Parts, out: &mut dyn Write) -> io::Result<()> {
    let crds = plan.crds.iter().filter(|_| parts.crds).map(|c| (&*c.path, &*c.text));
    let mut documents = crds.chain(plan.sorted.manifests.iter().map(told)).peekable();
    while let Some((path, text)) = documents.next() {
        if documents.peek().is_some() {
            document(out, path, text)?;
        } else {
            // White space at the end of all of them is left out.
            let mut last = Vec::with_capacity(path.len() + text.len() + FRAME.len());
            document(&mut last, path, text)?;
            out.write_all(trim_space(&last))?;
        }
    }
    out.write_all(b"\n")?;
    let hooks = plan.sorted.hooks.iter().filter(|h| parts.hooks && (parts.tests || !h.is_test()));
    hooks.map(|h| told(&h.manifest)).try_for_each(|(path, text)| document(out, path, text))
}

/// What stands around the path and the text of a document.
const FRAME: &[u8] = b"---\n# Source: \n\n";

/// How many bytes the output may take, so that it is not copied while it grows.
fn room(plan: &Plan) -> usize {
    let crds = plan.crds.iter().map(|c| c.path.len() + c.text.len());
    let manifests = plan.sorted.manifests.iter().chain(plan.sorted.hooks.iter().map(|h| &h.manifest));
    let documents = crds.chain(manifests.map(|m| m.path.len() + m.text.len()));
    documents.map(|len| len + FRAME.len()).sum::<usize>() + 1
}

fn told(manifest: &Manifest) -> (&str, &[u8]) {
    (&manifest.path, &manifest.text)
}

fn document(out: &mut dyn Write, path: &str, text: &[u8]) -> io::Result<()> {
    out.write_all(b"---\n# Source: ")?;
    out.write_all(path.as_bytes())?;
    out.write_all(b"\n")?;
    out.write_all(text)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{Rendered, sort};
    use crate::plan::Crd;

    /// Observed with Helm 4.3.1.
    #[test]
    fn the_end_of_the_manifests_is_trimmed_and_that_of_hooks_is_not() {
        let rendered = |path: &str, text: &str| Rendered { path: path.into(), text: Vec::from(text).into() };
        let sorted = sort(&[
            rendered("m/templates/a.yaml", "kind: Role\n\n---\nkind: Unknown\n#\u{a0}\n\n"),
            rendered("m/templates/h.yaml", "kind: Pod\nmetadata: {annotations: {helm.sh/hook: test}}\n"),
        ])
        .unwrap();
        let crds = vec![Crd { path: "m/crds/x.yaml".into(), text: b"kind: CRD\n"[..].into() }];
        let plan = Plan { crds, sorted, notes: Vec::new() };
        let all = "---\n# Source: m/crds/x.yaml\nkind: CRD\n\n---\n# Source: m/templates/a.yaml\nkind: Role\n\n\n---\n\
                   # Source: m/templates/a.yaml\nkind: Unknown\n#\n---\n# Source: m/templates/h.yaml\nkind: Pod\n\
                   metadata: {annotations: {helm.sh/hook: test}}\n\n";
        let text = |parts| String::from_utf8(print(&plan, parts)).unwrap();
        assert_eq!(text(Parts { crds: true, hooks: true, tests: true }), all);
        assert!(!text(Parts { crds: false, hooks: true, tests: false }).contains("Pod"));
        let nothing = print(&Plan::default(), Parts { crds: true, hooks: true, tests: true });
        assert_eq!(nothing, b"\n");
    }
}
