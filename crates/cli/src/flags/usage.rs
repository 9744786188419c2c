//! The list of flags on a help page, in pflag's columns.

use super::{Flag, Kind};

/// The lines of a list of flags, sorted by name, hidden ones left out; `defaults` may know a value that the environment decides.
pub(crate) fn usages<'a>(flags: impl Iterator<Item = &'a Flag>, defaults: &dyn Fn(&str) -> Option<String>) -> String {
    let mut shown: Vec<&Flag> = flags.filter(|f| !f.hidden).collect();
    shown.sort_unstable_by_key(|f| f.name);
    let lines: Vec<(String, String)> = shown.iter().map(|f| (left(f), right(f, defaults))).collect();
    let width = lines.iter().map(|(left, _)| left.len()).max().unwrap_or(0);
    let mut out = String::new();
    for (left, right) in lines {
        out.push_str(&format!("{left:width$}   {right}\n"));
    }
    out
}

fn left(flag: &Flag) -> String {
    let mut text = match flag.short {
        Some(short) => format!("  -{short}, --{}", flag.name),
        None => format!("      --{}", flag.name),
    };
    let kind = kind_name(flag.kind);
    if !kind.is_empty() {
        text.push(' ');
        text.push_str(kind);
    }
    match (flag.bare, flag.kind) {
        (Some(bare), Kind::Text) => text.push_str(&format!("[=\"{bare}\"]")),
        (Some(bare), _) => text.push_str(&format!("[={bare}]")),
        (None, _) => {}
    }
    text
}

fn right(flag: &Flag, defaults: &dyn Fn(&str) -> Option<String>) -> String {
    let value = defaults(flag.name).unwrap_or_else(|| flag.default.to_owned());
    match flag.kind {
        Kind::Text if !value.is_empty() => format!("{} (default {})", flag.usage, super::quote(&value)),
        Kind::Map | Kind::PostRendererArgs => format!("{} (default [])", flag.usage),
        _ if value.is_empty() || value == "false" || value == "0" => flag.usage.to_owned(),
        _ => format!("{} (default {value})", flag.usage),
    }
}

/// pflag's word for a type; booleans have none.
fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool | Kind::GoBool => "",
        Kind::Text => "string",
        Kind::Int => "int",
        Kind::Int32 => "Level",
        Kind::GoUint => "uint",
        Kind::Float32 => "float32",
        Kind::Duration => "duration",
        Kind::Array => "stringArray",
        Kind::Slice => "strings",
        Kind::Map => "stringToString",
        Kind::Wait => "WaitStrategy",
        Kind::PostRenderer => "postRendererString",
        Kind::PostRendererArgs => "postRendererArgsSlice",
        Kind::VModule => "moduleSpec",
        Kind::Backtrace => "traceLocation",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_types_and_defaults() {
        let flags = [
            Flag::new("wait", Kind::Wait, "w").bare("watcher").default("hookOnly"),
            Flag::new("all", Kind::Bool, "a").short('a'),
            Flag::new("dry-run", Kind::Text, "d").bare("unset").default("client"),
            Flag::new("labels", Kind::Map, "l").short('l'),
            Flag::new("gone", Kind::Bool, "g").hidden(),
            Flag::new("home", Kind::Text, "h"),
        ];
        let home = |name: &str| (name == "home").then(|| "/h".to_owned());
        assert_eq!(
            usages(flags.iter(), &home),
            concat!(
                "  -a, --all                           a\n",
                "      --dry-run string[=\"unset\"]      d (default \"client\")\n",
                "      --home string                   h (default \"/h\")\n",
                "  -l, --labels stringToString         l (default [])\n",
                "      --wait WaitStrategy[=watcher]   w (default hookOnly)\n",
            )
        );
    }
}
