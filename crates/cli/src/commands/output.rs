//! How `template` gives out a plan: on standard output, or a file for each template.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use rhumb_gostd::path;
use rhumb_render::pick::pick;
use rhumb_render::plan::Plan;
use rhumb_render::print::{self, Parts};
use rhumb_world::{FileKind, World};

use rhumb_diag::codes;

use crate::exit::{Failure, Outcome};
use crate::flags::Parsed;
use crate::run::Call;

/// Prints or writes the plan as the flags say. `advice` is what Helm adds to failures of writing.
pub(super) fn give(call: &mut Call<'_>, plan: &Plan, release: &str, advice: &str) -> Outcome {
    let parts = parts(call.parsed);
    let folder = call.parsed.last("output-dir").unwrap_or_default().to_owned();
    if !folder.is_empty() {
        // The reference keeps CRDs out of the release's folder.
        let inner = if call.parsed.is("release-name") { path::join(&[&folder, release]) } else { folder.clone() };
        write_all(call, plan, parts, [&folder, &inner]).map_err(|e| Failure::new(format!("{e}{advice}")))?;
    }
    let print = |out: &mut dyn Write| match folder.is_empty() {
        true => print::write(plan, parts, out),
        false => out.write_all(b"\n"),
    };
    match call.parsed.list("show-only") {
        [] => call.ui.out_with(print),
        choices => {
            let mut printed = Vec::new();
            // Writing to a vector cannot fail.
            let _ = print(&mut printed);
            let picked = pick(&printed, choices).map_err(|e| not_there(plan, choices, e))?;
            call.ui.out(picked);
        }
    }
    Ok(())
}

/// A choice that matches nothing, with the template that was probably meant.
fn not_there(plan: &Plan, choices: &[String], message: String) -> Failure {
    let hooks = plan.sorted.hooks.iter().map(|h| &h.manifest);
    let written =
        plan.sorted.manifests.iter().chain(hooks).filter_map(|m| m.path.split_once('/').map(|(_, inner)| inner));
    let choice = choices.iter().find(|c| message.contains(c.as_str())).map_or("", String::as_str);
    let failure = Failure::new(message).code(codes::BAD_ARGUMENTS);
    match rhumb_diag::nearest(choice, written) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint(
            "paths start below the chart's folder, `templates/NAME.yaml`; files that write nothing are not there",
        ),
    }
}

fn parts(parsed: &Parsed) -> Parts {
    Parts { crds: parsed.is("include-crds"), hooks: !parsed.is("no-hooks"), tests: !parsed.is("skip-tests") }
}

/// A folder and its parents, one after the other: the reference names the first that cannot be made.
fn make_folder(call: &Call<'_>, folder: &str) -> Result<(), String> {
    match call.world.stat(folder) {
        Ok(found) if found.kind == FileKind::Dir => return Ok(()),
        Ok(_) => return Err(format!("mkdir {folder}: not a directory")),
        Err(e) if !e.is_not_found() => return Err(e.to_string()),
        Err(_) => {}
    }
    let ends = folder.match_indices('/').map(|(at, _)| at).filter(|at| *at > 0).chain([folder.len()]);
    for end in ends {
        call.world.create_dir_all(&folder[..end]).map_err(|e| e.to_string())?;
    }
    Ok(())
}

/// Writes CRDs below the first folder, everything else below the second. What is there of a file is replaced, but a file to
/// which only hooks go is added to, as the reference does.
fn write_all(call: &mut Call<'_>, plan: &Plan, parts: Parts, [outer, inner]: [&str; 2]) -> Result<(), String> {
    let crds = plan.crds.iter().filter(|_| parts.crds).map(|c| (outer, &*c.path, &*c.text));
    let manifests = plan.sorted.manifests.iter().map(|m| (inner, &*m.path, &*m.text));
    let hooks = plan.sorted.hooks.iter().filter(|h| parts.hooks && (parts.tests || !h.is_test()));
    let hooks = hooks.map(|h| (inner, &*h.manifest.path, &*h.manifest.text));
    let replaced: BTreeSet<(&str, &str)> =
        crds.clone().chain(manifests.clone()).map(|(at, name, _)| (at, name)).collect();
    let documents: Vec<(&str, &str, &[u8])> = crds.chain(manifests).chain(hooks).collect();
    // A file is written once with all of its documents, so that one that is there is whole.
    let mut files: BTreeMap<(&str, &str), Vec<u8>> = BTreeMap::new();
    for (folder, name, text) in &documents {
        let file = files.entry((folder, name)).or_default();
        file.extend_from_slice(format!("---\n# Source: {name}\n").as_bytes());
        file.extend_from_slice(text);
        file.push(b'\n');
    }
    for (folder, name, _) in documents {
        if name.split('/').any(|part| part == "..") {
            // Names of templates have no such part, but a post-renderer may invent any.
            return Err(format!("refusing to write outside {folder}: {name}"));
        }
        let file = format!("{folder}/{name}");
        if let Some(text) = files.remove(&(folder, name)) {
            make_folder(call, &path::dir(&file))?;
            let write = if replaced.contains(&(folder, name)) { World::write } else { World::append };
            write(call.world, &file, &text, 0o644).map_err(|e| e.to_string())?;
        }
        call.ui.out(format!("wrote {file}\n"));
    }
    Ok(())
}
