//! Plugins that are programs: which command fits the platform, what its words become, and how it ends.

use rhumb_render::plain::expand;
use rhumb_world::{Finished, World};

use super::manifest::{PlatformCommand, Plugin};
use crate::flags::quote;
use crate::log::{self, Level};

/// Go's name of the system.
const OS: &str = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };

/// Go's name of the processor.
fn arch() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    }
}

/// How a plugin's run went.
pub(crate) struct Run {
    /// What it wrote, or the reference's text of the failure.
    pub(crate) answer: Result<Vec<u8>, String>,
    /// What it said on standard error, which Helm keeps to itself.
    pub(crate) said: Vec<u8>,
    /// Log lines for `--debug`.
    pub(crate) log: String,
}

impl Run {
    fn failed(text: String) -> Run {
        Run { answer: Err(text), said: Vec::new(), log: String::new() }
    }
}

impl Plugin {
    /// Runs the plugin with further arguments and an input.
    pub(crate) fn run(&self, world: &dyn World, more: &[String], input: &[u8]) -> Run {
        let Some(commands) = &self.commands else {
            return Run::failed("rhumb does not run extism/v1 plugins (WebAssembly) yet".to_owned());
        };
        let own =
            [("HELM_PLUGIN_NAME".to_owned(), self.name.clone()), ("HELM_PLUGIN_DIR".to_owned(), self.dir.clone())];
        let var = |name: &str| match own.iter().find(|(n, _)| n == name) {
            Some((_, value)) => value.clone(),
            None => world.var(name).unwrap_or_default(),
        };
        let Some((program, mut args)) = prepare(commands, OS, arch(), &var) else {
            return Run::failed("failed to prepare plugin command: no plugin command is applicable".to_owned());
        };
        args.extend_from_slice(more);
        let path = find_program(world, &program);
        let mut words = vec![path.as_ref().unwrap_or(&program).clone()];
        words.extend_from_slice(&args);
        let fields = [("pluginName", self.name.as_str()), ("command", &words.join(" "))];
        let log = log::line(Level::Debug, "executing plugin command", &fields);
        let done = path.and_then(|path| {
            world.run(&path, &args, &own, input).map_err(|e| format!("fork/exec {path}: {}", e.cause()))
        });
        match done {
            Err(text) => Run { log, ..Run::failed(text) },
            Ok(done) => self.ended(done, log),
        }
    }

    fn ended(&self, done: Finished, mut log: String) -> Run {
        let Finished { code, signal, stdout, stderr } = done;
        if code == Some(0) {
            return Run { answer: Ok(stdout), said: stderr, log };
        }
        let error = match code {
            Some(code) => format!("exit status {code}"),
            None => format!("signal: {}", signal_name(signal.unwrap_or_default())),
        };
        let code = code.unwrap_or(-1).to_string();
        let fields = [("pluginName", self.name.as_str()), ("error", &error), ("exitCode", &code), ("stderr", "")];
        log.push_str(&log::line(Level::Debug, "plugin execution failed", &fields));
        Run { answer: Err(format!("plugin \"{}\" exited with error", self.name)), said: stderr, log }
    }
}

/// Program and arguments of the command that fits best: one for system and processor, then one for the system, then
/// one for any. Words are cut at blanks first, then variables are put in.
fn prepare(
    commands: &[PlatformCommand],
    os: &str,
    arch: &str,
    var: &dyn Fn(&str) -> String,
) -> Option<(String, Vec<String>)> {
    let is_os = |c: &&PlatformCommand| c.os.eq_ignore_ascii_case(os);
    let exact = commands.iter().find(|c| is_os(c) && c.arch.eq_ignore_ascii_case(arch));
    let by_os = || commands.iter().find(|c| is_os(c) && c.arch.is_empty());
    let any = || commands.iter().find(|c| c.os.is_empty() && c.arch.is_empty());
    let chosen = exact.or_else(by_os).or_else(any)?;
    let mut words = chosen.command.split(' ');
    let program = words.next().filter(|word| !word.is_empty())?;
    let args = words.chain(chosen.args.iter().map(String::as_str)).map(|word| expand(word, var)).collect();
    Some((expand(program, var), args))
}

/// Where a program lies, as Go's `exec` looks for it: a name with a slash is a path, others are looked for in `$PATH`.
fn find_program(world: &dyn World, name: &str) -> Result<String, String> {
    if name.is_empty() {
        return Err("exec: no command".to_owned());
    }
    if name.contains('/') {
        return Ok(name.to_owned());
    }
    let runs =
        |path: &str| world.stat(path).is_ok_and(|m| m.mode & 0o111 != 0 && m.kind == rhumb_world::FileKind::File);
    for folder in world.var("PATH").unwrap_or_default().split(':') {
        let path = format!("{}/{name}", if folder.is_empty() { "." } else { folder.trim_end_matches('/') });
        if runs(&path) {
            if !folder.starts_with('/') {
                return Err(format!(
                    "exec: {}: cannot run executable found relative to current directory",
                    quote(name)
                ));
            }
            return Ok(path);
        }
    }
    Err(format!("exec: {}: executable file not found in $PATH", quote(name)))
}

/// Go's name of a signal.
fn signal_name(signal: i32) -> String {
    let name = match signal {
        1 => "hangup",
        2 => "interrupt",
        3 => "quit",
        4 => "illegal instruction",
        6 => "aborted",
        7 => "bus error",
        8 => "floating point exception",
        9 => "killed",
        11 => "segmentation fault",
        13 => "broken pipe",
        14 => "alarm clock",
        15 => "terminated",
        other => return format!("signal {other}"),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(os: &str, arch: &str, command: &str, args: &[&str]) -> PlatformCommand {
        let args = args.iter().map(|a| (*a).to_owned()).collect();
        PlatformCommand { os: os.into(), arch: arch.into(), command: command.into(), args }
    }

    fn chosen(commands: &[PlatformCommand]) -> String {
        let var = |name: &str| match name {
            "D" => "d e".to_owned(),
            "DIR" => "/p".to_owned(),
            _ => String::new(),
        };
        match prepare(commands, "linux", "amd64", &var) {
            Some((program, args)) => format!("[{program}][{}]", args.join("][")),
            None => "none".to_owned(),
        }
    }

    // Observed with Helm 4.3.1.
    #[test]
    fn the_command_that_fits_best() {
        let (any, os) = (command("", "", "any", &[]), command("Linux", "", "os", &[]));
        let exact = command("linux", "AMD64", "exact", &[]);
        assert_eq!(chosen(&[any.clone(), os.clone(), exact]), "[exact][]");
        assert_eq!(chosen(&[any.clone(), os]), "[os][]");
        assert_eq!(chosen(&[any, command("", "", "second", &[])]), "[any][]");
        assert_eq!(chosen(&[command("", "amd64", "x", &[])]), "none");
        assert_eq!(chosen(&[command("linux", "s390x", "x", &[])]), "none");
        assert_eq!(chosen(&[command("windows", "", "x", &[])]), "none");
        assert_eq!(chosen(&[]), "none");
    }

    // Observed with Helm 4.3.1.
    #[test]
    fn words_and_variables() {
        let cases = [
            (command("", "", "${DIR}/r a 'b c' $NOPE", &[]), "[/p/r][a]['b][c'][]"),
            (command("", "", "r", &["a b", "$D", "${D}x", "$"]), "[r][a b][d e][d ex][$]"),
            (command("", "", "$D/r  x", &[]), "[d e/r][][x]"),
            (command("", "", " r", &[]), "none"),
            (command("", "", "$NOPE r", &[]), "[][r]"),
        ];
        for (command, want) in cases {
            assert_eq!(chosen(&[command]), want);
        }
    }
}
