//! Every chart with each of its values files: `lint --strict`, and every pair of its switches.
//!
//! A combination renders, twice the same, or is refused in the chart's own words. With `RHUMB_LIVE=1` the real Helm says the same of
//! every row and of every refusal.

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use rhumb_platforms::matrix::{Setting, settings};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = settings().into_iter().flat_map(|setting| {
        let (name, other) = (setting.name(), setting.clone());
        [
            Trial::test(format!("lint {name}"), move || lint(&setting)),
            Trial::test(format!("pairs {name}"), move || pairs(&other)),
        ]
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// F-13, X-05: there is nothing to complain of, by neither program.
fn lint(setting: &Setting) -> Result<(), Failed> {
    let args = setting.args();
    let mut all = vec!["lint", "--strict", "."];
    all.extend(args.iter().map(String::as_str));
    let answer = setting.chart.ask(&all);
    let complaint = answer.stdout.contains("[WARNING]") || answer.stderr.contains("level=WARN");
    if answer.exit == 0 && !complaint {
        return Ok(());
    }
    Err(Failed::from(format!("{}{}", answer.stdout, answer.stderr)))
}

/// REQ-633, BP-22: every pair of switches renders, twice the same, or is refused in the chart's own words.
fn pairs(setting: &Setting) -> Result<(), Failed> {
    let outcome = setting.pairs()?;
    for args in &outcome.rows {
        let first = ask(setting, args);
        let second = setting.answer(args);
        if first.exit != 0 || first.stdout != second.stdout {
            return Err(Failed::from(format!("{args:?}: two renders differ")));
        }
        if !first.stderr.is_empty() {
            return Err(Failed::from(format!("{args:?}: renders with a complaint:\n{}", first.stderr)));
        }
    }
    for args in &outcome.refused {
        ask(setting, args);
    }
    Ok(())
}

/// A render by our program, and by the real Helm where it is asked; what they say is compared.
fn ask(setting: &Setting, args: &[String]) -> rhumb_platforms::Answer {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    setting.chart.template(setting.chart.release, "default", &args)
}
