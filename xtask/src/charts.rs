//! `test charts`: one suite of the charts' tests. Which test is in which suite stands in crates/platforms/suites.tsv.

/// What cargo is asked for one suite: a call for all whole tests, and one for each part.
fn calls(list: &str, suite: &str) -> Result<Vec<Vec<String>>, String> {
    let mut lines = list.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    let (_, tests) = lines.find(|(name, _)| *name == suite).ok_or_else(|| {
        format!("there is no suite {suite:?}: unit, integration; `cargo xtask e2e` runs the charts' pods on a node")
    })?;
    let (mut whole, mut parts) = (Vec::new(), Vec::new());
    for test in tests.split(' ') {
        match (test.split_once('!'), test.split_once('/')) {
            (Some((name, part)), _) => parts.push(call(name, &["--", "--skip", part])),
            (_, Some((name, part))) => parts.push(call(name, &[part])),
            _ => whole.push(format!("--test={test}")),
        }
    }
    Ok(std::iter::once(whole).chain(parts).collect())
}

fn call(name: &str, rest: &[&str]) -> Vec<String> {
    std::iter::once(format!("--test={name}")).chain(rest.iter().map(|word| (*word).to_owned())).collect()
}

/// Runs a suite; with `all`, what cannot be tried is a failure, and the real Helm has to say the same.
pub(crate) fn run(suite: &str, all: bool) -> Result<(), String> {
    let file = crate::root().join("crates/platforms/suites.tsv");
    let list = std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
    let mut failed = false;
    for words in calls(&list, suite)? {
        let mut cargo = crate::pure::cargo(&crate::root());
        cargo.args(["test", "--locked", "--no-fail-fast", "--package=rhumb-platforms"]).args(words);
        if all {
            cargo.env("RHUMB_LIVE", "1");
        }
        failed |= !cargo.status().map_err(|e| format!("cargo: {e}"))?.success();
    }
    if failed { Err(format!("the suite {suite} fails")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suites_become_calls() {
        let list = "# a list\nunit\ta b!x:: c\nintegration\td b/x::\n";
        let unit = calls(list, "unit").unwrap();
        assert_eq!(unit, [vec!["--test=a", "--test=c"], vec!["--test=b", "--", "--skip", "x::"]]);
        let integration = calls(list, "integration").unwrap();
        assert_eq!(integration, [vec!["--test=d"], vec!["--test=b", "x::"]]);
        assert!(calls(list, "e2e").unwrap_err().contains("cargo xtask e2e"));
    }
}
