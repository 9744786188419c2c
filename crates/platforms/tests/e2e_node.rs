//! The node itself: pods run, find each other by name, and nothing is left when it ends. `cargo xtask e2e` runs this.

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use rhumb_platforms::node::{Node, StandIn};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    libtest_mimic::run(&arguments, vec![Trial::test("pods run and find each other", pods)]).exit_code()
}

/// The server asks for its own name, over DNS, the Service, and the token of its account.
fn pods() -> Result<(), Failed> {
    let node = Node::start("lab")?;
    let script = "mkdir /tmp/www; echo here > /tmp/www/index.html; httpd -f -p 8080 -h /tmp/www";
    node.import(&StandIn::script("docker.io/rhumb/server:1", script))?;
    node.must(&["create", "-f", "-"], include_str!("e2e_node.yaml"))?;
    let done = node.must(&["wait", "--for=condition=Complete", "--timeout=40s", "job/ask"], "");
    done.map_err(|why| format!("{why}\n{}", node.report()))?;
    let said = node.logs("lab", "job/ask")?;
    if said.contains("uid=65532") { Ok(()) } else { Err(said.into()) }
}
