//! `create`: a new chart, from our starter or from the user's.

use rhumb_chart::create::{self, Starter};

use super::locate;
use crate::exit::{Failure, Outcome};
use crate::paths::join;
use crate::run::Call;

/// Makes the chart. `Creating NAME` comes first, whatever follows.
pub(crate) fn run(call: &mut Call<'_>) -> Outcome {
    let path = call.parsed.args.first().map_or("", String::as_str);
    call.ui.out(format!("Creating {path}\n"));
    let (parent, name) = create::split(path);
    let starter = match call.parsed.last("starter") {
        None | Some("") => Starter::Own,
        Some(folder) if folder.starts_with('/') => Starter::Folder(folder.to_owned()),
        Some(name) => Starter::Folder(join(&join(call.settings.var("HELM_DATA_HOME"), "starters"), name)),
    };
    let mut warn = String::new();
    let mut lines = Vec::new();
    let done = create::create(call.world, &parent, &name, &starter, &mut warn, &mut lines);
    locate::say(call, lines);
    call.ui.out(warn);
    done.map_err(Failure::new)
}
