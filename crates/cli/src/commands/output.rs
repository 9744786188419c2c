//! How `template` gives out a plan: on standard output, or a file for each template.

use rhumb_gostd::path;
use rhumb_render::pick::pick;
use rhumb_render::plan::Plan;
use rhumb_render::print::{Parts, print};

use crate::exit::{Failure, Outcome};
use crate::flags::Parsed;
use crate::run::Call;

/// Prints or writes the plan as the flags say. `advice` is what Helm adds to failures of writing.
pub(super) fn give(call: &mut Call<'_>, plan: &Plan, release: &str, advice: &str) -> Outcome {
    let parts = parts(call.parsed);
    let folder = call.parsed.last("output-dir").unwrap_or_default().to_owned();
    let printed = if folder.is_empty() {
        print(plan, parts)
    } else {
        let folder = if call.parsed.is("release-name") { path::join(&[&folder, release]) } else { folder };
        write_all(call, plan, parts, &folder).map_err(|e| Failure::new(format!("{e}{advice}")))?;
        b"\n".to_vec()
    };
    match call.parsed.list("show-only") {
        [] => call.ui.out(printed),
        choices => {
            let picked = pick(&printed, choices).map_err(Failure::new)?;
            call.ui.out(picked);
        }
    }
    Ok(())
}

fn parts(parsed: &Parsed) -> Parts {
    Parts { crds: parsed.is("include-crds"), hooks: !parsed.is("no-hooks"), tests: !parsed.is("skip-tests") }
}

fn write_all(call: &mut Call<'_>, plan: &Plan, parts: Parts, folder: &str) -> Result<(), String> {
    let crds = plan.crds.iter().filter(|_| parts.crds).map(|c| (c.path.as_str(), c.text.as_slice()));
    let manifests = plan.sorted.manifests.iter().map(|m| (m.path.as_str(), m.text.as_slice()));
    let hooks = plan.sorted.hooks.iter().filter(|h| parts.hooks && (parts.tests || !h.is_test()));
    let hooks = hooks.map(|h| (h.manifest.path.as_str(), h.manifest.text.as_slice()));
    let mut written: Vec<&str> = Vec::new();
    for (name, text) in crds.chain(manifests).chain(hooks) {
        let file = format!("{folder}/{name}");
        let mut document = format!("---\n# Source: {name}\n").into_bytes();
        document.extend_from_slice(text);
        document.push(b'\n');
        if written.contains(&name) {
            call.world.append(&file, &document, 0o644).map_err(|e| e.to_string())?;
        } else {
            let parent = path::dir(&file);
            call.world.create_dir_all(&parent).map_err(|e| e.to_string())?;
            call.world.write(&file, &document, 0o644).map_err(|e| e.to_string())?;
            written.push(name);
        }
        call.ui.out(format!("wrote {file}\n"));
    }
    Ok(())
}
