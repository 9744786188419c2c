//! `bench BINARY --charts FOLDER`: CPU time over all charts below a folder, beside the reference.

use super::{Cost, once};
use std::path::{Path, PathBuf};

/// The reference's CPU time over all charts must be so many times ours.
const CPU_TARGET: f64 = 15.0;

/// A chart that costs us so many times the median is dear, and named: such charts make keys, as a rule.
const DEAR: f64 = 10.0;

/// How many of the dearest charts are named.
const NAMED: usize = 12;

/// One chart with its default values, by both programs.
struct Pair {
    chart: PathBuf,
    ours: Cost,
    helm: Cost,
}

/// Renders every chart below a folder that the reference renders too, and prints the sums and the dearest charts.
/// What either program refuses (a dependency that is not there, a value that is required) is counted and left out.
pub(crate) fn run(binary: &Path, folder: &Path) -> Result<(), String> {
    let ours = binary.canonicalize().map_err(|e| format!("{}: {e}", binary.display()))?;
    let helm = crate::reference::run()?;
    let charts = crate::explained::charts_below(&folder.canonicalize().map_err(|e| e.to_string())?)?;
    let home = tempfile::tempdir().map_err(|e| e.to_string())?;
    let mut pairs = Vec::new();
    for chart in &charts {
        let args = ["template".to_owned(), "release".to_owned(), chart.display().to_string()];
        // The first run brings the files into the system's cache, and is not counted.
        let runs = once(&ours, &args, home.path())
            .and_then(|_| Ok((once(&ours, &args, home.path())?, once(&helm, &args, home.path())?)));
        if let Ok((ours, helm)) = runs {
            pairs.push(Pair { chart: chart.clone(), ours, helm });
        }
    }
    println!("{}; {} charts, {} of them rendered by both\n", super::machine(), charts.len(), pairs.len());
    report(&mut pairs, folder);
    Ok(())
}

/// The sums as a table, then the dearest charts.
fn report(pairs: &mut [Pair], folder: &Path) {
    pairs.sort_by(|a, b| b.ours.cpu_ms.total_cmp(&a.ours.cpu_ms));
    let median = pairs.get(pairs.len() / 2).map_or(0.0, |p| p.ours.cpu_ms);
    let dear = pairs.partition_point(|p| p.ours.cpu_ms > DEAR * median);
    println!("| charts | number | CPU s: rhumb, Helm, times | target |");
    println!("|---|---|---|---|");
    for (name, some) in [("all", &pairs[..]), ("dear", &pairs[..dear]), ("others", &pairs[dear..])] {
        let sum = |of: fn(&Pair) -> f64| some.iter().map(of).sum::<f64>() / 1e3;
        let (ours, helm) = (sum(|p| p.ours.cpu_ms), sum(|p| p.helm.cpu_ms));
        let verdict = match (name, helm >= CPU_TARGET * ours) {
            ("all", true) => format!("{CPU_TARGET:.0}x met"),
            ("all", false) => format!("{CPU_TARGET:.0}x missed"),
            _ => String::new(),
        };
        println!("| {name} | {} | {ours:.2}, {helm:.2}, {:.1} | {verdict} |", some.len(), helm / ours.max(0.001));
    }
    println!(
        "\nDear are charts above {DEAR:.0} times the median of {median:.1} ms. The dearest, CPU ms by rhumb and Helm:"
    );
    for pair in pairs.iter().take(NAMED) {
        let name = pair.chart.strip_prefix(folder).unwrap_or(&pair.chart);
        println!("{:8.0} {:8.0}  {}", pair.ours.cpu_ms, pair.helm.cpu_ms, name.display());
    }
}
