//! `help`: the page of the command that the arguments name.

use crate::command::{find, first_word};
use crate::exit::Outcome;
use crate::flags::{Set, quote};
use crate::help::{page, usage};
use crate::run::Call;
use crate::tree::{GLOBALS, root};

/// Prints the page; words that name nothing get the list of commands on standard error, and that is no failure.
pub(crate) fn run(call: &mut Call<'_>) -> Outcome {
    let program = call.persona.name();
    let found = find(root(call.persona), GLOBALS, &call.parsed.args);
    let set = Set::of(found.command(), GLOBALS);
    if found.path.len() == 1 && first_word(&found.rest, &set).is_some() {
        let words: Vec<String> = call.parsed.args.iter().map(|w| back_quoted(w)).collect();
        call.ui.err(format!("Unknown help topic [{}]\n", words.join(" ")));
        // The reference has not given the program its --help flag at this point.
        let page = usage(&found, program, call.settings);
        call.ui.err(page.split_inclusive('\n').filter(|line| !line.starts_with("  -h, --help")).collect::<String>());
        return Ok(());
    }
    call.ui.out(page(&found, program, call.settings));
    Ok(())
}

/// Go's `%#q`: back quotes where the text allows them.
fn back_quoted(text: &str) -> String {
    if text.contains(|c: char| c == '`' || (c.is_control() && c != '\t')) { quote(text) } else { format!("`{text}`") }
}
