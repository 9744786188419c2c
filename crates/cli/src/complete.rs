//! The hidden `__complete` command: candidates one a line, then a directive, as cobra's scripts expect them.

use rhumb_world::World;

use crate::command::{Arity, Found, Verb, find, first_word};
use crate::commands;
use crate::errors;
use crate::exit::{self, Failure};

use crate::flags::{Flag, Parsed, Set, parse};
use crate::persona::Persona;
use crate::plugins::{self, Plugins};
use crate::tree::{GLOBALS, root};
use crate::ui::Ui;

/// What the shell shall do beside showing the candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Directive {
    /// Offer files when there are no candidates.
    Default = 0,
    /// Add no space after a candidate.
    NoSpace = 2,
    /// Offer no files.
    NoFiles = 4,
}

/// A request: the words of the command line, the last of which is being typed.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    words: Vec<String>,
    described: bool,
}

#[derive(Debug)]
struct Answer {
    /// Name and description.
    candidates: Vec<(String, &'static str)>,
    directive: Directive,
    problem: Option<String>,
}

impl Answer {
    fn none(directive: Directive) -> Self {
        Self { candidates: Vec::new(), directive, problem: None }
    }

    fn problem(text: String) -> Self {
        Self { problem: Some(text), ..Self::none(Directive::Default) }
    }
}

/// Whether a command line asks for completion.
pub(crate) fn request(args: &[String]) -> Option<Request> {
    let (first, words) = args.split_first()?;
    let described = match first.as_str() {
        "__complete" => true,
        "__completeNoDesc" => false,
        _ => return None,
    };
    Some(Request { words: words.to_vec(), described })
}

/// Answers it; only a request without words fails.
pub(crate) fn answer(request: &Request, persona: Persona, world: &dyn World, ui: &mut Ui) -> u8 {
    let Some((typed, before)) = request.words.split_last() else {
        ui.err("Error: requires at least 1 arg(s), only received 0\n");
        return exit::FAILED;
    };
    let answer = look(before, typed, persona, world);
    if let Some(problem) = answer.problem {
        ui.err(format!("[Debug] [Error] {problem}\n"));
    }
    for (name, about) in answer.candidates {
        let about = about.split('\n').next().unwrap_or_default();
        if request.described && !about.is_empty() {
            ui.out(format!("{name}\t{about}\n"));
        } else {
            ui.out(format!("{name}\n"));
        }
    }
    ui.out(format!(":{}\n", answer.directive as u8));
    let name = match answer.directive {
        Directive::Default => "ShellCompDirectiveDefault",
        Directive::NoSpace => "ShellCompDirectiveNoSpace",
        Directive::NoFiles => "ShellCompDirectiveNoFileComp",
    };
    ui.err(format!("Completion ended with directive: {name}\n"));
    exit::OK
}

fn look(before: &[String], typed: &str, persona: Persona, world: &dyn World) -> Answer {
    // This flag is taken out of command lines before they are read, wherever it stands.
    let Ok((before, waiting)) = without_errors_flag(before, persona) else { return Answer::none(Directive::NoFiles) };
    let before = before.as_slice();
    let is_ours = persona == Persona::Rhumb && !before.iter().any(|word| word == "--");
    match typed.strip_prefix("--errors=") {
        _ if waiting => return error_forms("", typed),
        Some(value) if is_ours => return error_forms("--errors=", value),
        _ => {}
    }
    let found = find(root(persona), GLOBALS, before);
    let set = Set::of(found.command(), GLOBALS);
    if found.path.len() == 1 && first_word(&found.rest, &set).is_some() {
        return Answer::problem(format!("unable to find a command for arguments: [{}]", before.join(" ")));
    }
    if let Some((flag, _)) = typed.split_once('=').filter(|_| typed.starts_with('-')) {
        let name = flag.trim_start_matches('-');
        return match set.by_name(name) {
            Some(flag) => flag_value(flag, persona),
            None => Answer::problem(format!("Subcommand '{}' does not support flag '{name}'", found.command().name)),
        };
    }
    let (rest, waiting) = split_waiting(&found.rest, &set);
    let plugins = Plugins::new(world);
    let parsed = match parse(&set, rest, &mut |name| plugins.look().find(plugins::Kind::PostRenderer, name)) {
        Ok(parsed) => parsed,
        Err(e) => {
            return Answer::problem(format!("Error while parsing flags from args [{}]: {e}", found.rest.join(" ")));
        }
    };
    if let Some(flag) = waiting {
        return flag_value(flag, persona);
    }
    if typed.starts_with('-') && !found.rest.iter().any(|w| w == "--") {
        let mut answer = flag_names(&set, typed, &|flag| parsed.changed(flag.name) && !flag.is_list());
        let name = format!("--{}", errors::FLAG.name);
        if is_ours && name.starts_with(typed) {
            answer.candidates.push((name, errors::FLAG.usage));
        }
        return answer;
    }
    if found.command().verb == Verb::Explain && !parsed.args.is_empty() {
        let names = commands::explain_candidates(world, persona, &found, &parsed, typed);
        let candidates = names.into_iter().map(|n| (n, "")).collect();
        return Answer { candidates, ..Answer::none(Directive::NoFiles) };
    }
    arguments(&found, &parsed, typed, persona)
}

/// The words without `--errors` and its value, and whether the value is what is being typed.
fn without_errors_flag(before: &[String], persona: Persona) -> Result<(Vec<String>, bool), Failure> {
    let is_last = before.last().is_some_and(|word| word == "--errors") && persona == Persona::Rhumb;
    let words = if is_last { &before[..before.len() - 1] } else { before };
    let (rest, _) = errors::take_choice(persona, words)?;
    let waiting = is_last && !rest.iter().any(|word| word == "--");
    Ok((if waiting || !is_last { rest } else { before.to_vec() }, waiting))
}

/// The forms of failures that begin with what is typed.
fn error_forms(before: &str, typed: &str) -> Answer {
    let all = errors::FORMS.iter().filter(|form| form.starts_with(typed));
    let candidates = all.map(|form| (format!("{before}{form}"), "")).collect();
    Answer { candidates, ..Answer::none(Directive::NoFiles) }
}

/// Cuts off a last word that is a flag still waiting for its value.
fn split_waiting<'a>(rest: &'a [String], set: &Set) -> (&'a [String], Option<&'static Flag>) {
    let none = (rest, None);
    let Some((last, head)) = rest.split_last() else { return none };
    if last.contains('=') || head.iter().any(|w| w == "--") {
        return none;
    }
    let flag = match last.strip_prefix("--") {
        Some(name) => set.by_name(name),
        None => match last.strip_prefix('-') {
            Some(letters) => set.by_short(letters.chars().last()),
            None => None,
        },
    };
    match flag.filter(|f| f.alone().is_none()) {
        Some(flag) => (head, Some(flag)),
        None => none,
    }
}

fn flag_value(flag: &Flag, _: Persona) -> Answer {
    Answer::none(match flag.name {
        "kube-context" | "version" | "output" => Directive::NoFiles,
        _ => Directive::Default,
    })
}

fn flag_names(set: &Set, typed: &str, skip: &dyn Fn(&Flag) -> bool) -> Answer {
    let sorted = |flags: Vec<&'static Flag>| {
        let mut flags = flags;
        flags.sort_unstable_by_key(|f| f.name);
        flags
    };
    let mut all = sorted(set.globals().collect());
    all.extend(sorted(set.own().collect()));
    let mut candidates = Vec::new();
    for flag in all.into_iter().filter(|f| !f.hidden && !skip(f)) {
        let short = flag.short.map(|s| format!("-{s}"));
        let names = std::iter::once(format!("--{}", flag.name)).chain(short);
        candidates.extend(names.filter(|n| n.starts_with(typed)).map(|n| (n, flag.usage)));
    }
    Answer { candidates, ..Answer::none(Directive::NoFiles) }
}

fn arguments(found: &Found, parsed: &Parsed, typed: &str, persona: Persona) -> Answer {
    let (command, args) = (found.command(), parsed.args.as_slice());
    let generated_name = parsed.is("generate-name");
    if !command.subcommands.is_empty() {
        return if args.is_empty() { subcommands(found, typed) } else { Answer::none(Directive::NoFiles) };
    }
    match command.verb {
        Verb::Help => {
            let topic = find(root(persona), GLOBALS, args);
            subcommands(&topic, typed)
        }
        Verb::Env if args.is_empty() => env_names(),
        Verb::Template => match args.len() + usize::from(generated_name) {
            0 => Answer::none(Directive::NoFiles),
            1 => charts(typed),
            _ => Answer::none(Directive::NoFiles),
        },
        Verb::Show | Verb::Explain if args.is_empty() => charts(typed),
        Verb::Create if args.is_empty() => Answer::none(Directive::Default),
        Verb::Lint => Answer::none(Directive::Default),
        _ if matches!(command.arity, Arity::None | Arity::Exactly(_) | Arity::AtMost(_)) => Answer {
            candidates: vec![(
                "_activeHelp_ This command does not take any more arguments (but may accept flags).".to_owned(),
                "",
            )],
            ..Answer::none(Directive::NoFiles)
        },
        _ => Answer::none(Directive::NoFiles),
    }
}

fn subcommands(found: &Found, typed: &str) -> Answer {
    let all = found.command().all().into_iter().filter(|c| c.name.starts_with(typed));
    Answer { candidates: all.map(|c| (c.name.to_owned(), c.short)).collect(), ..Answer::none(Directive::NoFiles) }
}

/// Every name that `env` knows; cobra leaves the choice by prefix to the shell here.
fn env_names() -> Answer {
    let world = rhumb_world::Memory::new();
    let settings = crate::settings::Settings::new(&world, &crate::flags::Parsed::default(), "");
    Answer {
        candidates: settings.vars().iter().map(|(name, _)| ((*name).to_owned(), "")).collect(),
        ..Answer::none(Directive::NoFiles)
    }
}

/// The ways a chart can be named; repositories' charts follow with the repositories.
fn charts(typed: &str) -> Answer {
    let ways = [
        ("oci://", "chart in a registry"),
        ("https://", "address of a chart"),
        ("http://", "address of a chart"),
        ("file://", "address of a local chart"),
        ("./", "path of a local chart"),
        ("/", "absolute path of a local chart"),
    ];
    if typed.starts_with("./") || typed.starts_with('/') {
        return Answer::none(Directive::Default);
    }
    let candidates: Vec<_> =
        ways.iter().filter(|(way, _)| way.starts_with(typed)).map(|(way, about)| ((*way).to_owned(), *about)).collect();
    let directive = if candidates.is_empty() { Directive::Default } else { Directive::NoSpace };
    Answer { candidates, ..Answer::none(directive) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &[&str]) -> String {
        let words =
            std::iter::once("__completeNoDesc").chain(line.iter().copied()).map(str::to_owned).collect::<Vec<_>>();
        let mut ui = Ui::new();
        let request = request(&words).expect("it is a request");
        answer(&request, Persona::Helm, &rhumb_world::Memory::new(), &mut ui);
        ui.said().0.replace('\n', " ").trim_end().to_owned()
    }

    // Observed from Helm 4.3.1 (`__completeNoDesc`).
    #[test]
    fn candidates_and_directives() {
        let cases: &[(&[&str], &str)] = &[
            (&["te"], "template test :4"),
            (&["template", "--kube-v"], "--kube-version :4"),
            (&["template", "-n"], "-n :4"),
            (&["template", "--is-upgrade", "--is"], ":4"),
            (&["lint", "--set", "x", "--set"], "--set --set-file --set-json --set-literal --set-string :4"),
            (&["show", ""], "all chart crds readme values :4"),
            (&["template", ""], ":4"),
            (&["template", "x", ""], "oci:// https:// http:// file:// ./ / :2"),
            (&["template", "x", "./"], ":0"),
            (&["template", "x", "o"], "oci:// :2"),
            (&["template", "x", "y", ""], ":4"),
            (&["show", "chart", ""], "oci:// https:// http:// file:// ./ / :2"),
            (&["lint", ""], ":0"),
            (&["create", ""], ":0"),
            (
                &["create", "x", ""],
                "_activeHelp_ This command does not take any more arguments (but may accept flags). :4",
            ),
            (&["version", ""], "_activeHelp_ This command does not take any more arguments (but may accept flags). :4"),
            (&["template", "--values", ""], ":0"),
            (&["template", "--values="], ":0"),
            (&["template", "--version", ""], ":4"),
            (&["template", "--kube-context="], ":4"),
            (&["template", "--debug", ""], ":4"),
            (&["template", "--debug="], ":0"),
            (&["template", "--dry-run", ""], ":4"),
            (&["template", "--nope", ""], ":0"),
            (&["foo", ""], ":0"),
            (&["help", "te"], "template test :4"),
            (&["help", "show", ""], "all chart crds readme values :4"),
            (&["install", ""], ":4"),
            (&["--col"], "--color --colour :4"),
            (&["completion", ""], "bash fish powershell zsh :4"),
        ];
        for (line, want) in cases {
            assert_eq!(check(line), *want, "{line:?}");
        }
    }

    // Observed from Helm 4.3.1: the whole list, so that a missing or an extra flag fails.
    #[test]
    fn every_flag_of_template() {
        let want = "--burst-limit --color --colour --content-cache --debug --kube-apiserver --kube-as-group --kube-as-user \
            --kube-ca-file --kube-context --kube-insecure-skip-tls-verify --kube-tls-server-name --kube-token --kubeconfig \
            --namespace -n --qps --registry-config --repository-cache --repository-config --api-versions -a --ca-file \
            --cert-file --create-namespace --dependency-update --description --devel --disable-openapi-validation --dry-run \
            --enable-dns --force-conflicts --force-replace --generate-name -g --help -h --include-crds \
            --insecure-skip-tls-verify --is-upgrade --key-file --keyring --kube-version --labels -l --name-template --no-hooks \
            --output-dir --pass-credentials --password --plain-http --post-renderer --post-renderer-args --release-name \
            --replace --repo --rollback-on-failure --server-side --set --set-file --set-json --set-literal --set-string \
            --show-only -s --skip-crds --skip-schema-validation --skip-tests --take-ownership --timeout --username --values -f \
            --verify --version --wait --wait-for-jobs :4";
        assert_eq!(check(&["template", "-"]), want);
    }

    #[test]
    fn the_forms_of_failures_are_offered_under_our_name() {
        let offered = |line: &[&str], persona: Persona| {
            let words = std::iter::once("__completeNoDesc").chain(line.iter().copied()).map(str::to_owned);
            let mut ui = Ui::new();
            let request = request(&words.collect::<Vec<_>>()).expect("it is a request");
            answer(&request, persona, &rhumb_world::Memory::new(), &mut ui);
            ui.said().0.replace('\n', " ").trim_end().to_owned()
        };
        let cases: &[(&[&str], &str)] = &[
            (&["template", "--errors", ""], "auto rich plain json :4"),
            (&["template", "--errors", "p"], "plain :4"),
            (&["--errors", "r"], "rich :4"),
            (&["template", "--errors=j"], "--errors=json :4"),
            (&["template", "--errors=x"], ":4"),
            (&["template", "--err"], "--errors :4"),
            (&["--errors", "json", "templ"], "template :4"),
            (&["--errors", "wrong", "templ"], ":4"),
        ];
        for (line, want) in cases {
            assert_eq!(offered(line, Persona::Rhumb), *want, "{line:?}");
        }
        assert_eq!(offered(&["template", "--err"], Persona::Helm), ":4");
        assert_eq!(
            offered(&["template", "--", "--errors", ""], Persona::Rhumb),
            offered(&["template", "--", "x", ""], Persona::Rhumb)
        );
    }

    #[test]
    fn explain_offers_what_the_chart_makes() {
        let world = rhumb_world::Memory::new()
            .file("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n")
            .file("c/values.yaml", "a: {b: 1}\n")
            .file("c/templates/a.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: x}\n");
        let offered = |line: &[&str], persona: Persona| {
            let words = std::iter::once("__completeNoDesc").chain(line.iter().copied()).map(str::to_owned);
            let mut ui = Ui::new();
            answer(&request(&words.collect::<Vec<_>>()).expect("it is a request"), persona, &world, &mut ui);
            ui.said().0.replace('\n', " ").trim_end().to_owned()
        };
        let cases = [
            ("", "ALL Service/x service/x :4"),
            ("svc/", "svc/x :4"),
            ("Se", "Service/x :4"),
            (".Values", ".Values.a .Values.a.b :4"),
        ];
        for (typed, want) in cases {
            assert_eq!(offered(&["explain", "c", typed], Persona::Rhumb), want, "{typed}");
        }
        assert_eq!(offered(&["explain", "none", ""], Persona::Rhumb), ":4");
        assert_eq!(offered(&["expl"], Persona::Helm), ":4");
    }

    #[test]
    fn descriptions_follow_a_tab() {
        let mut ui = Ui::new();
        let words = ["__complete".to_owned(), "creat".to_owned()];
        answer(&request(&words).expect("it is a request"), Persona::Rhumb, &rhumb_world::Memory::new(), &mut ui);
        let (out, err) = ui.said();
        assert_eq!(out, "create\tstart a new chart in a folder of that name\n:4\n");
        assert_eq!(err, "Completion ended with directive: ShellCompDirectiveNoFileComp\n");
    }
}
