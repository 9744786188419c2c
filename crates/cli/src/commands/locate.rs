//! From a chart's name on the command line to a path, in Helm's order: what lies on the disk comes first.

use rhumb_chart::Chart;
use rhumb_chart::load::{self, Door};
use rhumb_chart::log::Line;
use rhumb_diag::codes;
use rhumb_gostd::url::Url;

use crate::errors;
use crate::exit::Failure;
use crate::flags::quote;
use crate::log;
use crate::run::Call;

/// What to do as long as rhumb cannot fetch.
const FETCH: &str = "fetch it first: `helm pull CHART --repo ADDRESS`, then give the archive";

/// The chart's absolute path. Repositories, registries and addresses are refused by name until rhumb can fetch.
pub(super) fn path(call: &mut Call<'_>, name: &str) -> Result<String, Failure> {
    let trimmed = name.trim();
    if let Some(repo) = call.parsed.last("repo").filter(|r| !r.is_empty()) {
        let scheme = repo.split_once(':').map_or("", |(scheme, _)| scheme).to_ascii_lowercase();
        if !matches!(scheme.as_str(), "http" | "https" | "oci") {
            tell_broken_plugins(call);
            tell_broken_plugins(call);
            return Err(Failure::new(format!("could not find protocol handler for: {scheme}")));
        }
        let text = "--repo: rhumb does not fetch charts from repositories yet; give a folder or an archive";
        return Err(Failure::new(text).code(codes::NEEDS_NETWORK).hint(FETCH));
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
        return Ok(rhumb_gostd::path::absolute(trimmed, || call.world.current_dir())?);
    }
    if trimmed.starts_with('/') || trimmed.starts_with('.') {
        return Err(nowhere(call, trimmed, format!("path \"{trimmed}\" not found")));
    }
    tell_broken_plugins(call);
    call.debug("set up default downloader cache", &[]);
    for scheme in ["oci://", "http://", "https://"] {
        if trimmed.starts_with(scheme) {
            let text = format!("{trimmed}: rhumb does not fetch charts from {scheme} yet; give a folder or an archive");
            return Err(Failure::new(text).code(codes::NEEDS_NETWORK).hint(FETCH));
        }
    }
    Err(nowhere(call, trimmed, no_address(trimmed)))
}

/// Helm looks for plugins that fetch before it fetches anything (twice, where it asks a repository), and tells of broken ones.
fn tell_broken_plugins(call: &mut Call<'_>) {
    call.ui.err(&call.plugins.look().warnings);
}

/// What is wrong with a name that is neither a path nor an address of a chart.
fn no_address(name: &str) -> String {
    let Ok(url) = Url::parse(name.as_bytes()) else { return format!("invalid chart URL format: {name}") };
    if !url.scheme.is_empty() && !url.host.is_empty() && !url.path.is_empty() {
        return format!("scheme \"{}\" not supported", String::from_utf8_lossy(&url.scheme));
    }
    match String::from_utf8_lossy(&url.path).split_once('/') {
        Some((repo, chart)) if !chart.is_empty() => format!("repo {repo} not found"),
        _ => {
            let shown = String::from_utf8_lossy(&url.to_bytes()).into_owned();
            format!("non-absolute URLs should be in form of repo_name/path_to_chart, got: {shown}")
        }
    }
}

/// A chart that is not there, with the folder that was probably meant.
fn nowhere(call: &Call<'_>, name: &str, text: String) -> Failure {
    let failure = Failure::new(text).code(codes::NO_CHART);
    if !call.ui.errors.wants_report() {
        return failure;
    }
    let (folder, last) = match name.trim_end_matches('/').rsplit_once('/') {
        Some(("", last)) => ("/", last),
        Some((folder, last)) => (folder, last),
        None => (".", name),
    };
    let entries = call.world.read_dir(folder).unwrap_or_default();
    let names = entries.iter().map(|e| e.name.as_str());
    let meant = match (rhumb_diag::nearest(last, names), folder) {
        (Some(near), ".") if !name.starts_with('.') => near.to_owned(),
        (Some(near), folder) => format!("{}/{near}", folder.trim_end_matches('/')),
        (None, _) if call.world.exists("Chart.yaml") => {
            return failure.hint("there is a chart in this folder: give `.`");
        }
        (None, _) => return failure.hint("a chart is a folder with a Chart.yaml, or an archive of one (.tgz)"),
    };
    failure.hint(format!("nothing lies at `{name}`; did you mean `{meant}`?"))
}

/// The files about certificates must be there, though nothing is fetched.
pub(super) fn check_certificates(call: &Call<'_>) -> Result<(), Failure> {
    let flag = |name: &str| call.parsed.last(name).filter(|path| !path.is_empty());
    let mut faults = Vec::new();
    let read = |what: &str, path: &str| match call.world.read(path) {
        Ok(_) => None,
        Err(e) => Some(format!("{what}: {}: {e}", quote(path))),
    };
    if let (Some(cert), Some(key)) = (flag("cert-file"), flag("key-file")) {
        faults.extend(read("unable to read cert file", cert).or_else(|| read("unable to read key file", key)));
    }
    if let Some(ca) = flag("ca-file") {
        faults.extend(read("can't read CA file", ca));
    }
    match faults.as_slice() {
        [] => Ok(()),
        faults => Err(Failure::new(format!(
            "missing registry client: can't create TLS config for client: {}",
            faults.join("\n")
        ))),
    }
}

/// The chart itself, to be shown; what the loader has to say goes to standard error.
pub(super) fn chart(call: &mut Call<'_>, name: &str) -> Result<Chart, Failure> {
    let path = path(call, name)?;
    load(call, name, &path, Door::Plain)
}

/// The chart at an absolute path, which was given in another form.
pub(super) fn load(call: &mut Call<'_>, given: &str, path: &str, door: Door) -> Result<Chart, Failure> {
    let mut lines: Vec<Line> = Vec::new();
    let loaded = load::load_by(call.world, path, door, &mut lines);
    say(call, lines);
    loaded.map_err(|e| {
        let report = call.ui.errors.wants_report().then(|| errors::loading(call.world, given, path, &e)).flatten();
        let failure = Failure::new(e).code(codes::CHART_FILES).with(report);
        let is_chart = !call.world.is_dir(path) || call.world.exists(&format!("{path}/Chart.yaml"));
        if is_chart { failure } else { failure.hint("a chart is a folder with a Chart.yaml in it") }
    })
}

/// What was said of a chart, on standard error.
pub(super) fn say(call: &mut Call<'_>, lines: Vec<Line>) {
    for line in lines {
        call.ui.err(log::of(&line));
    }
}
