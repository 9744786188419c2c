//! What the tests on a real node share: one node for a file of tests, which come one after the other.

use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use libtest_mimic::{Arguments, Failed, Trial};
use rhumb_platforms::node::Node;

/// A test, by its name.
pub(crate) type Test = (&'static str, fn(&Node) -> Result<(), Failed>);

/// Runs them on a node whose first namespace has this name. A failure tells what is there.
pub(crate) fn run(namespace: &'static str, tests: &'static [Test]) -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(1);
    let node: Arc<Mutex<Option<Node>>> = Arc::default();
    let trials = tests.iter().map(|(name, test)| {
        let node = Arc::clone(&node);
        Trial::test(*name, move || {
            let mut node = node.lock().unwrap_or_else(PoisonError::into_inner);
            if node.is_none() {
                *node = Some(Node::start(namespace)?);
            }
            let Some(node) = node.as_ref() else { return Err("no node".into()) };
            test(node).map_err(|why| {
                let why = why.message().unwrap_or_default().to_owned();
                format!("{why}\n\n{}", node.report()).into()
            })
        })
    });
    let code = libtest_mimic::run(&arguments, trials.collect()).exit_code();
    // It ends here, and all that ran on it.
    drop(node);
    code
}
