//! The node itself: pods run, find each other by name, and nothing is left when it ends. `cargo xtask e2e` runs this.

mod e2e;

use std::process::ExitCode;

use e2e::Test;
use libtest_mimic::Failed;
use rhumb_platforms::node::{Node, StandIn};

const TESTS: &[Test] = &[("pods run and find each other", pods)];

fn main() -> ExitCode {
    e2e::run("lab", TESTS)
}

/// The server asks for its own name, over DNS, the Service, and the token of its account.
fn pods(node: &Node) -> Result<(), Failed> {
    let script = "mkdir /tmp/www; echo here > /tmp/www/index.html; httpd -f -p 8080 -h /tmp/www";
    node.import(&StandIn::script("docker.io/rhumb/server:1", script))?;
    node.must(&["create", "-f", "-"], include_str!("e2e_node.yaml"))?;
    node.must(&["wait", "--for=condition=Complete", "--timeout=120s", "job/ask"], "")?;
    let said = node.logs("lab", "job/ask")?;
    if said.contains("uid=65532") { Ok(()) } else { Err(said.into()) }
}
