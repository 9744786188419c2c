//! docs/requirements.md: what is asked of the charts, and which test shows it.
//!
//! What is asked stands in crates/platforms/requirements.tsv, a line each: ID, `cluster` where it shows only on a running platform (or
//! `-`), a short statement. A test says what it shows in its comment: `/// S-05, P-02: without Terraform's file ...`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// How the tests are called that run pods.
const ON_A_NODE: &str = "e2e_";

/// A requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Requirement {
    id: String,
    cluster: bool,
    statement: String,
}

/// The document as it has to be.
///
/// # Errors
/// A line of the list that cannot be read, or a test that names an ID that is not in it.
pub fn document() -> Result<String, String> {
    let folder = crate::root().join("crates/platforms");
    let list =
        std::fs::read_to_string(folder.join("requirements.tsv")).map_err(|e| format!("requirements.tsv: {e}"))?;
    let list = requirements(&list)?;
    let mut tests: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    sources(&folder.join("tests"), &mut |name, text| {
        for (id, test) in claims(text) {
            tests.entry(id).or_default().insert(format!("{name}: {test}"));
        }
    })?;
    let known: BTreeSet<&String> = list.iter().map(|r| &r.id).collect();
    let unknown = tests.iter().filter(|(id, _)| !known.contains(id));
    let unknown: Vec<_> = unknown.map(|(id, tests)| format!("{id} ({tests:?})")).collect();
    if unknown.is_empty() {
        return Ok(text(&list, &tests));
    }
    Err(format!("IDs that requirements.tsv does not know: {}", unknown.join(", ")))
}

fn requirements(text: &str) -> Result<Vec<Requirement>, String> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let read = lines.map(|line| match line.split('\t').collect::<Vec<_>>().as_slice() {
        [id, needs @ ("-" | "cluster"), statement] if is_id(id) => {
            Ok(Requirement { id: (*id).to_owned(), cluster: *needs == "cluster", statement: (*statement).to_owned() })
        }
        _ => Err(format!("requirements.tsv: not ID, needs, statement: {line}")),
    });
    let read: Vec<Requirement> = read.collect::<Result<_, _>>()?;
    let mut seen = BTreeSet::new();
    match read.iter().find(|r| !seen.insert(&r.id)) {
        Some(twice) => Err(format!("requirements.tsv: {} is there twice", twice.id)),
        None => Ok(read),
    }
}

fn text(list: &[Requirement], tests: &BTreeMap<String, BTreeSet<String>>) -> String {
    let mut rows = String::new();
    let mut counts = [0; 3];
    for Requirement { id, cluster, statement } in list {
        let shown = tests.get(id);
        let on_a_node = shown.is_some_and(|tests| tests.iter().any(|test| test.starts_with(ON_A_NODE)));
        let (state, of) = match (shown, cluster) {
            (Some(_), _) if on_a_node => ("tested on a node", 0),
            (Some(_), false) => ("tested", 0),
            (Some(_), true) => ("tested as far as can be without a running platform", 0),
            (None, true) => ("needs a running platform", 1),
            (None, false) => ("open", 2),
        };
        counts[of] += 1;
        let names: Vec<_> = shown.into_iter().flatten().map(|name| format!("`{name}`")).collect();
        rows += &format!("| {id} | {statement} | {} | {state} |\n", names.join("<br>"));
    }
    let [tested, running, open] = counts;
    format!(
        "# What is asked of the charts\n\nWritten by `cargo xtask requirements` from `crates/platforms/requirements.tsv` and the comments of the tests in `crates/platforms/tests`; a\ntest holds it up to date. S: the stereo-spot chart. F, REQ: the floe charts. P: mistakes known from elsewhere, which ours must not have. X:\nfigures that can be measured. BP: craft. Tests whose name begins with `e2e_` run pods on a real node, with `cargo xtask e2e` ([e2e.md](e2e.md)).\n\nOf {} points {tested} have tests, {running} show only on a running platform, {open} are open.\n\n| ID | Asked | Tests | State |\n|---|---|---|---|\n{rows}",
        list.len()
    )
}

/// Every IDs' comment of a source, with the function behind it.
fn claims(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = line.trim();
        if let Some(said) = line.strip_prefix("/// ") {
            if let Some(ids) = ids(said) {
                open = ids;
            }
        } else if let Some(name) =
            line.trim_start_matches("pub(super) ").strip_prefix("fn ").and_then(|rest| rest.split(['(', '<']).next())
        {
            found.extend(open.drain(..).map(|id| (id, name.to_owned())));
        } else if !line.starts_with("#[") && !line.starts_with("///") {
            open.clear();
        }
    }
    found
}

/// The IDs that a comment begins with.
fn ids(said: &str) -> Option<Vec<String>> {
    let (before, _) = said.split_once(':')?;
    let ids: Vec<String> = before.split(',').map(|id| id.trim().to_owned()).collect();
    ids.iter().all(|id| is_id(id)).then_some(ids)
}

fn is_id(text: &str) -> bool {
    let Some((letters, digits)) = text.split_once('-') else { return false };
    ["S", "F", "REQ", "P", "X", "BP"].contains(&letters)
        && digits.len() >= 2
        && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Every source below a folder, by its name in it without the ending.
fn sources(folder: &Path, visit: &mut dyn FnMut(&str, &str)) -> Result<(), String> {
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at).map_err(|e| format!("{}: {e}", at.display()))?.flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
                let name = path.strip_prefix(folder).unwrap_or(&path).with_extension("");
                visit(&name.to_string_lossy(), &text);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_claim_ids() {
        let text = "/// S-05: without it.\n#[test]\nfn a() {}\n\n/// F-06, REQ-628: both,\n/// and more: S-01.\n#[test]\nfn b() {}\n/// S-07 no colon\nfn c() {}\n/// S-08: a type\nstruct D;\nfn e() {}\n";
        let got: Vec<_> = claims(text).into_iter().map(|(id, test)| format!("{id} {test}")).collect();
        assert_eq!(got, ["S-05 a", "F-06 b", "REQ-628 b"]);
    }

    #[test]
    fn the_document_says_what_is_open() {
        let list = requirements(
            "# a list\nS-01\t-\tOne\nS-02\tcluster\tTwo\nS-03\t-\tThree\nS-04\tcluster\tFour\nS-05\tcluster\tFive\n",
        )
        .unwrap();
        let tests = [("S-01", "x: a"), ("S-04", "x: a"), ("S-05", "e2e_x: a")];
        let tests = tests.map(|(id, test)| (id.to_owned(), BTreeSet::from([test.to_owned()])));
        let text = text(&list, &tests.into());
        for row in [
            "| S-01 | One | `x: a` | tested |\n",
            "| S-02 | Two |  | needs a running platform |\n",
            "| S-03 | Three |  | open |\n",
            "| S-04 | Four | `x: a` | tested as far as can be without a running platform |\n",
            "| S-05 | Five | `e2e_x: a` | tested on a node |\n",
            "Of 5 points 3 have tests, 1 show only on a running platform, 1 are open.",
        ] {
            assert!(text.contains(row), "{row}\n{text}");
        }
    }

    #[test]
    fn lists_are_read_strictly() {
        for bad in ["S-01\tx\tOne", "S-01\t-", "T-01\t-\tOne", "S-01\t-\tOne\nS-01\t-\tTwo"] {
            assert!(requirements(bad).is_err(), "{bad}");
        }
    }
}
