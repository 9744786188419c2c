//! Command lines that cannot be understood: the flag that was meant, and what can be done instead.

use rhumb_diag::codes;

use crate::command::Found;
use crate::exit::Failure;
use crate::flags::Set;
use crate::persona::Persona;

/// A flag that is unknown, or has no or a bad value, from the parser's text.
pub(crate) fn flag(set: &Set, message: String) -> Failure {
    let words = message.clone();
    if let Some(name) = words.strip_prefix("unknown flag: --") {
        let failure = Failure::new(message).code(codes::UNKNOWN_FLAG);
        let known: Vec<&str> = set.all().filter(|f| !f.hidden).map(|f| f.name).collect();
        return match rhumb_diag::nearest(name, known) {
            Some(near) => failure.hint(format!("did you mean `--{near}`?")),
            None => failure.hint("`--help` lists the flags of a command"),
        };
    }
    if words.starts_with("unknown shorthand flag") {
        return Failure::new(message)
            .code(codes::UNKNOWN_FLAG)
            .hint("flags of more than one letter start with two dashes");
    }
    let failure = Failure::new(message).code(codes::BAD_FLAG);
    match () {
        () if words.contains("must be formatted as key=value") => failure.hint("write `--labels a=b,c=d`"),
        () if words.contains("time: ") => failure.hint("durations have units: `300s`, `5m`, `1h30m`"),
        () if words.contains("strconv.ParseBool") => {
            failure.hint("write `true` or `false` behind an equals sign, or the flag alone")
        }
        () if words.starts_with("flag needs an argument") => {
            failure.hint("the value follows as the next word, or behind an equals sign")
        }
        () => failure,
    }
}

/// A command of Helm that is not done yet.
pub(crate) fn not_yet(found: &Found, persona: Persona) -> Failure {
    let name = found.full_name(persona.name());
    let failure = Failure::new(format!("\"{name}\" is not done yet by rhumb {}", env!("CARGO_PKG_VERSION")));
    let first = found.path.get(1).map_or("", |c| c.name);
    let as_helm = found.full_name("helm");
    match first {
        "install" | "upgrade" => failure.code(codes::NEEDS_CLUSTER).hint(format!(
            "use `{as_helm}`, or render here and apply: `rhumb template NAME CHART | kubectl apply -f -`"
        )),
        "rollback" | "uninstall" | "list" | "status" | "history" | "get" | "test" => failure
            .code(codes::NEEDS_CLUSTER)
            .hint(format!("use `{as_helm}`: what rhumb renders, it manages as its own")),
        "pull" | "push" | "registry" | "repo" | "search" | "dependency" | "plugin" | "verify" => failure
            .code(codes::NEEDS_NETWORK)
            .hint(format!("use `{as_helm}`: rhumb reads the charts and archives that it leaves")),
        _ => failure.code(codes::NOT_DONE_YET).hint(format!("use `{as_helm}` until then")),
    }
}
