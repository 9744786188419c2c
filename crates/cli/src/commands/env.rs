//! `env`: the settings of the environment, all or one.

use crate::exit::Outcome;
use crate::run::Call;

/// Prints `NAME="value"` for all names, or the value of one.
pub(crate) fn run(call: &mut Call<'_>) -> Outcome {
    if let Some(name) = call.parsed.args.first() {
        call.ui.out(format!("{}\n", call.settings.var(name)));
        return Ok(());
    }
    for (name, value) in call.settings.vars() {
        call.ui.out(format!("{name}=\"{value}\"\n"));
    }
    Ok(())
}
