//! The floe platform on a real node: its pods run, find each other, stay up over an upgrade, and leave what they should. `cargo xtask e2e`
//! runs this.
//!
//! The trials share one node and one release, so they run in their order. docs/e2e.md says which programs are real; Polaris is not, and
//! what is shown of it is shown of the stand-in `lab/images/polaris.py`.
#![expect(clippy::print_stdout, reason = "what was measured is told")]

#[path = "e2e_floe_platform/jobs.rs"]
mod jobs;
#[path = "e2e_floe_platform/life.rs"]
mod life;
#[path = "e2e_floe_platform/stage.rs"]
mod stage;
#[path = "e2e_floe_platform/wiring.rs"]
mod wiring;

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use stage::Stage;

/// A trial: its name, and what it does on the stage.
type Scene = (&'static str, fn(&Stage) -> Result<(), Failed>);

const SCENES: &[Scene] = &[
    ("installed with defaults", life::install),
    ("waiting has an end", life::waiting),
    ("wired to each other", wiring::wiring),
    ("upgraded and rolled back without an outage", life::upgrade),
    ("dbt runs as a Job", jobs::dbt),
    ("removed, and installed again", life::removal),
];

fn main() -> ExitCode {
    // One node, one release.
    let arguments = Arguments { test_threads: Some(1), ..Arguments::from_args() };
    let stage = Arc::new(Stage::default());
    let trial = |(name, scene): &Scene| {
        let (stage, scene) = (Arc::clone(&stage), *scene);
        Trial::test(*name, move || stage.play(scene))
    };
    let conclusion = libtest_mimic::run(&arguments, SCENES.iter().map(trial).collect());
    // The node ends before the process does.
    drop(stage);
    conclusion.exit_code()
}
