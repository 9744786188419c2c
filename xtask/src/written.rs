//! `values`, `requirements`: files that are written from others. The test that holds them up to date writes them where it is asked to.

/// Runs a test of `rhumb-platforms` so that it writes.
pub(crate) fn run(test: &str) -> Result<(), String> {
    let mut cargo = crate::pure::cargo(&crate::root());
    cargo.args(["test", "--quiet", "--package=rhumb-platforms", "--test", test]).env("RHUMB_BLESS", "1");
    let status = cargo.status().map_err(|e| format!("cargo: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("the test {test} fails")) }
}
