//! moto from PyPI: S3 and SQS (and more of AWS) as a server.

use std::path::Path;
use std::process::Command;

use rhumb_testkit::lab::Part;

/// The server's own needs. What `moto[server]` brings besides is for services that nobody asks here, and twice as much.
const SERVER: &[&str] = &["flask==3.1.2", "flask-cors==6.0.1"];

/// Unpacks it, and what it needs, into the folder: `PYTHONPATH` finds it there.
pub(super) fn build(part: &Part, folder: &Path) -> Result<(), String> {
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target"]).arg(folder);
    pip.arg(format!("moto[s3,dynamodb]=={}", part.version)).args(SERVER);
    let status = pip.status().map_err(|e| format!("python3: {e}"))?;
    if status.success() { Ok(()) } else { Err("pip failed".to_owned()) }
}
