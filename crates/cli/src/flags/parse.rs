//! Reading a command line: long and short flags, bundles, values, `--`, flags and arguments mixed.

use super::{Flag, Kind, Set, quote, value};
use crate::plugins::Plugin;

/// What a command line said.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parsed {
    given: Vec<(&'static Flag, Vec<String>)>,
    /// The words that are no flags.
    pub(crate) args: Vec<String>,
    /// Advice about deprecated flags, one line each, to be printed when nothing failed.
    pub(crate) notices: String,
    /// Log lines about old spellings.
    pub(crate) warnings: Vec<String>,
    /// The plugin that `--post-renderer` names.
    pub(crate) post_renderer: Option<Plugin>,
}

/// Finds the post-renderer of a name among the installed plugins; the error is Helm's.
pub(crate) type FindPlugin<'f> = &'f mut dyn FnMut(&str) -> Result<Plugin, String>;

impl Parsed {
    /// Whether a flag was given.
    pub(crate) fn changed(&self, name: &str) -> bool {
        self.given.iter().any(|(flag, _)| flag.name == name)
    }

    /// A boolean flag.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.last(name) == Some("true")
    }

    /// A flag's value, or nothing when it was not given.
    pub(crate) fn last(&self, name: &str) -> Option<&str> {
        self.list(name).last().map(String::as_str)
    }

    /// Every value of a list, in order.
    pub(crate) fn list(&self, name: &str) -> &[String] {
        self.given.iter().find(|(flag, _)| flag.name == name).map_or(&[], |(_, values)| values)
    }

    /// A post-renderer must be there, and no second one may be wanted.
    fn choose_plugin(&mut self, flag: &Flag, text: &str, find: FindPlugin<'_>) -> Result<(), String> {
        if flag.kind != Kind::PostRenderer || text.is_empty() {
            return Ok(());
        }
        if self.post_renderer.is_some() {
            return Err("cannot specify --post-renderer flag more than once".to_owned());
        }
        self.post_renderer = Some(find(text)?);
        Ok(())
    }

    fn set(&mut self, flag: &'static Flag, text: &str, find: FindPlugin<'_>) -> Result<(), String> {
        let values = value::read(flag, text)
            .and_then(|values| self.choose_plugin(flag, text, find).map(|()| values))
            .map_err(|e| format!("invalid argument {} for {} flag: {e}", quote(text), quote(&flag.title())))?;
        if flag.kind == Kind::Wait && matches!(text, "true" | "false") {
            let word = if text == "true" { "watcher" } else { "hookOnly" };
            self.warnings
                .push(format!("--wait={text} is deprecated (boolean value) and can be replaced with --wait={word}"));
        }
        match self.given.iter_mut().find(|(known, _)| known.name == flag.name) {
            Some((_, all)) if flag.is_list() || flag.kind == Kind::Map => all.extend(values),
            Some((_, all)) => *all = values,
            None => self.given.push((flag, values)),
        }
        if let Some(advice) = flag.deprecated {
            self.notices.push_str(&format!("Flag --{} has been deprecated, {advice}\n", flag.name));
        }
        Ok(())
    }
}

/// Reads a command line. The first thing wrong ends it, worded as pflag words it.
pub(crate) fn parse(set: &Set, args: &[String], find: FindPlugin<'_>) -> Result<Parsed, String> {
    let mut parsed = Parsed::default();
    let mut words = args.iter();
    while let Some(word) = words.next() {
        if word == "--" {
            parsed.args.extend(words.cloned());
            break;
        }
        if let Some(long) = word.strip_prefix("--") {
            read_long(set, &mut parsed, word, long, &mut words, find)?;
        } else if word.len() > 1 && word.starts_with('-') {
            read_bundle(set, &mut parsed, &word[1..], &mut words, find)?;
        } else {
            parsed.args.push(word.clone());
        }
    }
    Ok(parsed)
}

fn read_long<'a>(
    set: &Set,
    parsed: &mut Parsed,
    word: &str,
    long: &str,
    words: &mut impl Iterator<Item = &'a String>,
    find: FindPlugin<'_>,
) -> Result<(), String> {
    if long.starts_with(['-', '=']) {
        return Err(format!("bad flag syntax: {word}"));
    }
    let (name, given) = match long.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (long, None),
    };
    let Some(flag) = set.by_name(name) else {
        return Err(format!("unknown flag: --{name}"));
    };
    match (given, flag.alone()) {
        (Some(value), _) => parsed.set(flag, value, find),
        (None, Some(alone)) => parsed.set(flag, alone, find),
        (None, None) => match words.next() {
            Some(value) => parsed.set(flag, value, find),
            None => Err(format!("flag needs an argument: --{name}")),
        },
    }
}

/// Reads `-abc`: letters until one takes a value, which is the rest of the word or the next word.
fn read_bundle<'a>(
    set: &Set,
    parsed: &mut Parsed,
    mut letters: &str,
    words: &mut impl Iterator<Item = &'a String>,
    find: FindPlugin<'_>,
) -> Result<(), String> {
    while let Some(letter) = letters.chars().next() {
        let rest = &letters[letter.len_utf8()..];
        let Some(flag) = set.by_short(Some(letter)) else {
            return Err(format!("unknown shorthand flag: '{letter}' in -{letters}"));
        };
        if let Some(value) = rest.strip_prefix('=').filter(|_| rest.len() > 1) {
            return parsed.set(flag, value, find);
        }
        if let Some(alone) = flag.alone() {
            parsed.set(flag, alone, find)?;
            letters = rest;
            continue;
        }
        if !rest.is_empty() {
            return parsed.set(flag, rest, find);
        }
        return match words.next() {
            Some(value) => parsed.set(flag, value, find),
            None => Err(format!("flag needs an argument: '{letter}' in -{letters}")),
        };
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{GLOBALS, ROOT};

    fn no_plugin(name: &str) -> Result<Plugin, String> {
        Err(format!("no {name}"))
    }

    fn check(line: &[&str]) -> String {
        let args: Vec<String> = line.iter().map(|s| (*s).to_owned()).collect();
        let template = ROOT.subcommand("template").expect("the command is in the tree");
        match parse(&Set::of(template, GLOBALS), &args, &mut no_plugin) {
            Err(e) => format!("! {e}"),
            Ok(parsed) => {
                let mut all: Vec<_> = parsed.given.iter().map(|(f, v)| format!("{}={}", f.name, v.join("|"))).collect();
                all.extend(parsed.args);
                all.join(" ")
            }
        }
    }

    // Observed from Helm 4.3.1, complaints by their text, values by what the commands did.
    #[test]
    fn command_lines() {
        let cases: &[(&[&str], &str)] = &[
            (&["--x"], "! unknown flag: --x"),
            (&["--x=1"], "! unknown flag: --x"),
            (&["-x"], "! unknown shorthand flag: 'x' in -x"),
            (&["-xyz"], "! unknown shorthand flag: 'x' in -xyz"),
            (&["-hz"], "! unknown shorthand flag: 'z' in -z"),
            (&["-hn"], "! flag needs an argument: 'n' in -n"),
            (&["-=x"], "! unknown shorthand flag: '=' in -=x"),
            (&["--namespace"], "! flag needs an argument: --namespace"),
            (&["--=x"], "! bad flag syntax: --=x"),
            (&["---x"], "! bad flag syntax: ---x"),
            (
                &["--debug=maybe"],
                "! invalid argument \"maybe\" for \"--debug\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax",
            ),
            (&["-l", "x"], "! invalid argument \"x\" for \"-l, --labels\" flag: x must be formatted as key=value"),
            (&["-fa", "-f", "b", "-f=c", "--values=d,e"], "values=a|b|c|d|e"),
            (&["-gfx", "y"], "generate-name=true values=x y"),
            (&["a", "--debug", "b", "--", "--c", "--"], "debug=true a b --c --"),
            (&["--debug=false", "--debug"], "debug=true"),
            (&["-"], "-"),
            (&["--set", "a=1,b", "--set", "c"], "set=a=1,b|c"),
            (&["--dry-run", "x"], "dry-run=unset x"),
            (&["--dry-run=client"], "dry-run=client"),
            (&["--is-upgrade", "true"], "is-upgrade=true true"),
            (&["--api-versions", "a,b", "-a", "c"], "api-versions=a|b|c"),
            (&["--post-renderer", "", "--post-renderer="], "post-renderer="),
            (&["--post-renderer", "x"], "! invalid argument \"x\" for \"--post-renderer\" flag: no x"),
            (&["-f="], "! invalid argument \"=\" for"),
        ];
        for (line, want) in cases.iter().take(cases.len() - 1) {
            assert_eq!(check(line), *want, "{line:?}");
        }
        // A lone `=` after the letter is the value itself.
        assert_eq!(check(&["-f="]), "values==");
    }

    #[test]
    fn deprecated_flags_advise() {
        let args = ["--atomic".to_owned(), "--wait=true".to_owned()];
        let template = ROOT.subcommand("template").expect("the command is in the tree");
        let parsed = parse(&Set::of(template, GLOBALS), &args, &mut no_plugin).expect("both are known");
        assert_eq!(parsed.notices, "Flag --atomic has been deprecated, use --rollback-on-failure instead\n");
        assert_eq!(parsed.warnings.len(), 1);
    }
}
