//! `bench`: a binary of ours and the reference side by side, in one run, as a Markdown table.

mod inputs;

use rhumb_testkit::reference;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;
use wait4::Wait4 as _;

/// What one run of a program took.
#[derive(Clone, Copy)]
struct Cost {
    wall_ms: f64,
    cpu_ms: f64,
    peak_mib: f64,
}

/// Prints the table: medians of the runs, which alternate between the two programs.
pub(crate) fn run(binary: &Path, runs: usize) -> Result<(), String> {
    let ours = binary.canonicalize().map_err(|e| format!("{}: {e}", binary.display()))?;
    let helm = reference::path().ok_or("the reference is not on this machine: cargo xtask reference")?;
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let inputs = inputs::make(folder.path(), &helm)?;
    println!("| input | wall ms: rhumb, Helm, times | CPU ms: rhumb, Helm, times | peak MiB: rhumb, Helm, times |");
    println!("|---|---|---|---|");
    for input in &inputs {
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for _ in 0..runs.max(1) {
            a.push(once(&ours, &input.args, folder.path())?);
            b.push(once(&helm, &input.args, folder.path())?);
        }
        let cell = |what: fn(&Cost) -> f64| {
            let (x, y) = (median(&a, what), median(&b, what));
            format!("{x:.1}, {y:.1}, {:.1}", y / x.max(0.001))
        };
        println!("| {} | {} | {} | {} |", input.name, cell(|c| c.wall_ms), cell(|c| c.cpu_ms), cell(|c| c.peak_mib));
    }
    Ok(())
}

/// The whole process: wall time, CPU of user and system, peak resident memory.
fn once(program: &Path, args: &[String], folder: &Path) -> Result<Cost, String> {
    let mut command = Command::new(program);
    command.args(args).current_dir(folder).env_clear().env("HOME", folder).env("KUBECONFIG", "/dev/null");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let child = command.spawn().map_err(|e| format!("{}: {e}", program.display()))?;
    let used = child.wait4().map_err(|e| e.to_string())?;
    let wall_ms = start.elapsed().as_secs_f64() * 1e3;
    if !used.status.success() {
        return Err(format!("{} {} failed", program.display(), args.join(" ")));
    }
    let cpu_ms = (used.rusage.utime + used.rusage.stime).as_secs_f64() * 1e3;
    // The crate gives bytes, whatever the system counts in.
    Ok(Cost { wall_ms, cpu_ms, peak_mib: used.rusage.maxrss as f64 / 1_048_576.0 })
}

fn median(costs: &[Cost], what: fn(&Cost) -> f64) -> f64 {
    let mut numbers: Vec<f64> = costs.iter().map(what).collect();
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_taken() {
        let cost = |wall_ms| Cost { wall_ms, cpu_ms: 0.0, peak_mib: 0.0 };
        assert_eq!(median(&[cost(9.0), cost(1.0), cost(2.0)], |c| c.wall_ms), 2.0);
        assert_eq!(median(&[], |c| c.wall_ms), 0.0);
    }
}
