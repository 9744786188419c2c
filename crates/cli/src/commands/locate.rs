//! From a chart's name on the command line to a path, in Helm's order: what lies on the disk comes first.

use rhumb_chart::Chart;
use rhumb_chart::load::{self, Log};

use crate::exit::Failure;
use crate::log::{self, Level};
use crate::run::Call;

/// The chart's absolute path. Repositories, registries and addresses are refused by name until rhumb can fetch.
pub(super) fn path(call: &Call<'_>, name: &str) -> Result<String, Failure> {
    let trimmed = name.trim();
    if call.parsed.last("repo").is_some_and(|r| !r.is_empty()) {
        return Err(Failure::new(
            "--repo: rhumb does not fetch charts from repositories yet; give a folder or an archive",
        ));
    }
    if let Ok(found) = call.world.stat(trimmed) {
        if call.parsed.is("verify") {
            let folder = found.kind == rhumb_world::FileKind::Dir;
            return Err(Failure::new(if folder {
                "unpacked charts cannot be verified".to_owned()
            } else {
                "--verify: rhumb does not verify signatures yet".to_owned()
            }));
        }
        return absolute(call, trimmed);
    }
    if trimmed.starts_with('/') || trimmed.starts_with('.') {
        return Err(Failure::new(format!("path \"{trimmed}\" not found")));
    }
    for scheme in ["oci://", "http://", "https://"] {
        if trimmed.starts_with(scheme) {
            return Err(Failure::new(format!(
                "{trimmed}: rhumb does not fetch charts from {scheme} yet; give a folder or an archive"
            )));
        }
    }
    match trimmed.split_once('/') {
        Some((repo, chart)) if !repo.is_empty() && !chart.is_empty() && !repo.contains(':') => {
            Err(Failure::new(format!("repo {repo} not found")))
        }
        _ => {
            Err(Failure::new(format!("non-absolute URLs should be in form of repo_name/path_to_chart, got: {trimmed}")))
        }
    }
}

/// The chart itself; what the loader has to say goes to standard error.
pub(super) fn chart(call: &mut Call<'_>, name: &str) -> Result<Chart, Failure> {
    let path = path(call, name)?;
    load(call, &path)
}

/// The chart at an absolute path.
pub(super) fn load(call: &mut Call<'_>, path: &str) -> Result<Chart, Failure> {
    let mut lines: Vec<Log> = Vec::new();
    let loaded = load::load(call.world, path, &mut lines);
    for line in lines {
        let fields: Vec<(&str, &str)> = line.attributes.iter().map(|(k, v)| (*k, v.as_str())).collect();
        call.ui.err(log::line(Level::Info, &line.message, &fields));
    }
    loaded.map_err(Failure::new)
}

fn absolute(call: &Call<'_>, path: &str) -> Result<String, Failure> {
    let full = if path.starts_with('/') { path.to_owned() } else { format!("{}/{path}", call.world.current_dir()?) };
    Ok(rhumb_gostd::path::clean(&full).into_owned())
}
