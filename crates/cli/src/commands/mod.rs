//! One file a verb; each turns settings into a request to the crates below and prints what comes back.

mod completion;
mod create;
mod env;
mod explain;
mod help;
mod lint;
mod locate;
mod output;
mod post_render;
mod release_name;
mod show;
mod template;
mod unpacked;
mod version;

use crate::command::Verb;
use crate::errors;
use crate::exit::Outcome;
use crate::run::Call;

pub(crate) use explain::candidates as explain_candidates;

/// Calls a verb.
pub(crate) fn dispatch(verb: Verb, call: &mut Call<'_>) -> Outcome {
    match verb {
        Verb::Create => create::run(call),
        Verb::Version => version::run(call),
        Verb::Env => env::run(call),
        Verb::Completion => completion::run(call),
        Verb::Help => help::run(call),
        Verb::Show => show::run(call),
        Verb::Template => template::run(call),
        Verb::Explain => explain::run(call),
        Verb::Lint => lint::run(call),
        Verb::Later => Err(errors::not_yet(call.found, call.persona)),
        Verb::Group => Ok(()),
    }
}
