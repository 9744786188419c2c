//! `completion`: the script for a shell, with the program's name filled in.

use crate::exit::Outcome;
use crate::run::Call;

/// Prints the script; the shell is the name of the subcommand.
pub(crate) fn run(call: &mut Call<'_>) -> Outcome {
    let script = match call.found.command().name {
        "bash" => include_str!("../completion/complete.bash"),
        "zsh" => include_str!("../completion/complete.zsh"),
        "fish" => include_str!("../completion/complete.fish"),
        _ => include_str!("../completion/complete.ps1"),
    };
    call.ui.must_print = true;
    let ask = if call.parsed.is("no-descriptions") { "__completeNoDesc" } else { "__complete" };
    call.ui.out(script.replace("@PROGRAM@", call.persona.name()).replace("@ASK@", ask));
    Ok(())
}
