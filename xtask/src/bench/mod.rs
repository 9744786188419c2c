//! `bench`: a binary of ours and the reference side by side, in one run, as a Markdown table.

pub(crate) mod charts;
pub(crate) mod inputs;

use inputs::Target;
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

/// The reference's memory must be so many times ours.
const MEMORY_TARGET: f64 = 8.0;

/// How far the time of a larger input may be above its share.
const LINEAR_SLACK: f64 = 1.3;

/// Prints the table: medians of the runs, which alternate between the two programs, and whether each target is met.
pub(crate) fn run(binary: &Path, runs: usize) -> Result<(), String> {
    let ours = binary.canonicalize().map_err(|e| format!("{}: {e}", binary.display()))?;
    let helm = crate::reference::run()?;
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let inputs = inputs::make(folder.path(), &helm)?;
    println!("{}; medians of {runs} runs, whole processes\n", machine());
    println!(
        "| input | wall ms: rhumb, Helm, times | CPU ms: rhumb, Helm, times | peak MiB: rhumb, Helm, times | targets |"
    );
    println!("|---|---|---|---|---|");
    let (mut first, mut missed) = (0.0, 0);
    for input in &inputs {
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for _ in 0..runs.max(1) {
            a.push(once(&ours, &input.args, folder.path())?);
            b.push(once(&helm, &input.args, folder.path())?);
        }
        let (mut a, mut b) = (medians(&a), medians(&b));
        for (cost, program) in [(&mut a, &ours), (&mut b, &helm)] {
            cost.peak_mib = peak(program, &input.args, folder.path()).unwrap_or(cost.peak_mib);
        }
        if matches!(input.target, Target::First) {
            first = a.cpu_ms;
        }
        let (verdict, misses) = judge(input.target, a, b, first);
        missed += misses;
        let cell = |x: f64, y: f64| format!("{x:.1}, {y:.1}, {:.1}", y / x.max(0.001));
        println!(
            "| {} | {} | {} | {} | {verdict} |",
            input.name,
            cell(a.wall_ms, b.wall_ms),
            cell(a.cpu_ms, b.cpu_ms),
            cell(a.peak_mib, b.peak_mib)
        );
    }
    println!(
        "\n{}",
        if missed == 0 { "all targets are met".to_owned() } else { format!("{missed} targets are missed") }
    );
    Ok(())
}

/// What the targets say about two medians, in words, and how many are missed. `first` is our CPU time on the smallest of a series.
fn judge(target: Target, ours: Cost, helm: Cost, first: f64) -> (String, usize) {
    let word = |is_met: bool| if is_met { "met" } else { "missed" };
    match target {
        Target::Times(times) => {
            let wall = helm.wall_ms >= times * ours.wall_ms;
            let memory = helm.peak_mib >= MEMORY_TARGET * ours.peak_mib;
            let verdict = format!("{times:.0}x wall {}, {MEMORY_TARGET:.0}x memory {}", word(wall), word(memory));
            (verdict, usize::from(!wall) + usize::from(!memory))
        }
        Target::First => (String::new(), 0),
        Target::Linear(scale) => {
            let growth = ours.cpu_ms / first.max(0.001);
            let is_met = growth <= scale as f64 * LINEAR_SLACK;
            (format!("{growth:.1} times the first, {}", word(is_met)), usize::from(!is_met))
        }
    }
}

/// The class of the machine: cores and memory.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let info = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let total = info.lines().find_map(|l| l.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    let memory = total.map_or(String::new(), |kb| format!(", {} GiB of memory", kb >> 20));
    format!("{cores} cores{memory}, {} {}", std::env::consts::OS, std::env::consts::ARCH)
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

/// The peak memory by `/usr/bin/time`, where that is there. A child is charged with the memory of the process that starts it, which
/// for this one is more than a small run of ours takes.
fn peak(program: &Path, args: &[String], folder: &Path) -> Option<f64> {
    let report = folder.join("peak");
    let run = || {
        let mut command = Command::new("/usr/bin/time");
        command.args(["-f", "%M", "-o"]).arg(&report).arg(program).args(args).current_dir(folder).env_clear();
        command.env("HOME", folder).env("KUBECONFIG", "/dev/null");
        let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?;
        let kib: f64 = std::fs::read_to_string(&report).ok().filter(|_| status.success())?.trim().parse().ok()?;
        Some(Cost { wall_ms: 0.0, cpu_ms: 0.0, peak_mib: kib / 1024.0 })
    };
    let costs = (0..3).map(|_| run()).collect::<Option<Vec<Cost>>>()?;
    Some(median(&costs, |c| c.peak_mib))
}

fn medians(costs: &[Cost]) -> Cost {
    Cost {
        wall_ms: median(costs, |c| c.wall_ms),
        cpu_ms: median(costs, |c| c.cpu_ms),
        peak_mib: median(costs, |c| c.peak_mib),
    }
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

    #[test]
    fn targets_are_judged() {
        let cost = |wall_ms, peak_mib| Cost { wall_ms, cpu_ms: wall_ms, peak_mib };
        let (helm, ours) = (cost(50.0, 48.0), cost(2.0, 6.5));
        assert_eq!(judge(Target::Times(20.0), ours, helm, 0.0), ("20x wall met, 8x memory missed".into(), 1));
        assert_eq!(judge(Target::Linear(4), cost(9.0, 1.0), helm, 2.0), ("4.5 times the first, met".into(), 0));
        assert_eq!(judge(Target::Linear(4), cost(12.0, 1.0), helm, 2.0), ("6.0 times the first, missed".into(), 1));
    }
}
