//! The words of the command line.

use crate::generate::Request;

const HELP: &str = "\
Values for the floe charts, out of what floe compiles.

usage: floe-helm generate --artifacts FILE [flags]

  --artifacts FILE           the CompiledArtifacts document, as JSON (- reads standard input)
  --chart FOLDER             the chart that the values are for: charts/floe-platform (the default) or charts/floe-jobs
  --env NAME                 dev, qa, staging, prod, test or demo; the chart's values-NAME.yaml is the lowest layer,
                             where there is one (default: dev)
  --plugin-values TYPE=FILE  values that the plugin of this type wants (what its get_helm_values() gives), as YAML or
                             JSON; may be given more than once
  --values FILE              your own values, over all others; may be given more than once
  --image REPOSITORY:TAG     the image of the jobs (floe-jobs)
  --secret-store NAME        the store of the External Secrets operator in which referenced secrets are
  --output FILE              where to write; - or nothing: standard output
  --help, --version

Layers, the later over the earlier: values-NAME.yaml, the document, plugins (in the order of the document's contract),
your own. Maps are merged, lists replaced. Two plugins that want different values for one key are refused, unless your
own values decide.

Nothing is written before the chart was rendered with the result: its schema and its own checks have passed.
The result is below 1 MB, and the same for the same input.

exit codes: 0 done, 1 refused, 2 not understood
";

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// To say this.
    Help(&'static str),
    /// To say which version it is.
    Version,
    /// To generate.
    Generate(Request),
}

/// Reads the words; the error is a sentence.
pub(crate) fn read(words: &[String]) -> Result<Command, String> {
    let mut words = words.iter().map(String::as_str);
    match words.next() {
        None | Some("--help" | "-h" | "help") => return Ok(Command::Help(HELP)),
        Some("--version" | "version") => return Ok(Command::Version),
        Some("generate") => {}
        Some(other) => return Err(format!("there is no command {other:?}: did you mean generate?")),
    }
    let mut request = Request::default();
    let (mut artifacts, mut image) = (None, None);
    while let Some(word) = words.next() {
        if word == "--help" || word == "-h" {
            return Ok(Command::Help(HELP));
        }
        let (flag, given) = match word.split_once('=') {
            Some((flag, given)) if word.starts_with("--") => (flag, Some(given)),
            _ => (word, None),
        };
        if !FLAGS.contains(&flag) {
            return Err(format!("there is no flag {word:?}"));
        }
        let value = given.or_else(|| words.next()).filter(|value| !value.is_empty());
        let value = value.ok_or_else(|| format!("{flag} wants a value"))?.to_owned();
        match flag {
            "--artifacts" => once(&mut artifacts, flag, value)?,
            "--chart" => request.chart = value,
            "--env" => request.environment = value,
            "--plugin-values" => request.plugins.push(plugin(&value)?),
            "--values" => request.values.push(value),
            "--image" => once(&mut image, flag, value)?,
            "--secret-store" => request.store = Some(value),
            _ => once(&mut request.output, flag, value)?,
        }
    }
    if !ENVIRONMENTS.contains(&request.environment.as_str()) {
        return Err(format!("--env {}: not one of {}", request.environment, ENVIRONMENTS.join(", ")));
    }
    request.artifacts = artifacts.ok_or("--artifacts names the document, and is missing")?;
    request.image = image.map(|text: String| split_image(&text)).transpose()?;
    Ok(Command::Generate(request))
}

const FLAGS: [&str; 8] =
    ["--artifacts", "--chart", "--env", "--plugin-values", "--values", "--image", "--secret-store", "--output"];

const ENVIRONMENTS: [&str; 6] = ["dev", "qa", "staging", "prod", "test", "demo"];

fn once(place: &mut Option<String>, flag: &str, value: String) -> Result<(), String> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(format!("{flag} is given twice")),
    }
}

fn plugin(value: &str) -> Result<(String, String), String> {
    match value.split_once('=') {
        Some((kind, file)) if !kind.is_empty() && !file.is_empty() => Ok((kind.to_owned(), file.to_owned())),
        _ => Err(format!("--plugin-values {value}: not TYPE=FILE, for example duckdb=duckdb-values.yaml")),
    }
}

/// Repository and tag. A colon before the last slash belongs to a port.
fn split_image(text: &str) -> Result<(String, String), String> {
    match text.rsplit_once(':') {
        Some((repository, tag)) if !repository.is_empty() && !tag.is_empty() && !tag.contains('/') => {
            Ok((repository.to_owned(), tag.to_owned()))
        }
        _ => Err(format!("--image {text}: not REPOSITORY:TAG, for example ghcr.io/example/customers:1.2.0")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Result<Command, String> {
        read(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn words_become_a_request() {
        let line = "generate --artifacts a.json --chart=charts/floe-jobs --env prod --image r:5000/x:1 \
                    --plugin-values duckdb=a=b.yaml --values x --values y --secret-store vault --output -";
        let Ok(Command::Generate(request)) = of(line) else { panic!("{:?}", of(line)) };
        assert_eq!((request.artifacts.as_str(), request.environment.as_str()), ("a.json", "prod"));
        assert_eq!(request.image, Some(("r:5000/x".to_owned(), "1".to_owned())));
        assert_eq!(request.plugins, [("duckdb".to_owned(), "a=b.yaml".to_owned())]);
        assert_eq!((request.values.len(), request.chart.as_str()), (2, "charts/floe-jobs"));
        assert_eq!((request.store.as_deref(), request.output.as_deref()), (Some("vault"), Some("-")));
    }

    #[test]
    fn help_is_always_there() {
        for line in ["", "--help", "help", "-h", "generate --help", "generate --env prod -h"] {
            assert_eq!(of(line), Ok(Command::Help(HELP)), "{line}");
        }
        assert_eq!(of("--version"), Ok(Command::Version));
        assert!(FLAGS.iter().all(|flag| HELP.contains(flag)));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, words) in [
            ("make", "no command \"make\""),
            ("generate", "--artifacts names the document"),
            ("generate --artifacts", "--artifacts wants a value"),
            ("generate --artifacts=", "--artifacts wants a value"),
            ("generate --artifacts a --artifacts b", "given twice"),
            ("generate --artifacts a --output b --output c", "given twice"),
            ("generate --artifacts a --env production", "not one of dev, qa, staging, prod, test, demo"),
            ("generate --artifacts a --plugin-values duckdb", "not TYPE=FILE"),
            ("generate --artifacts a --plugin-values =x", "not TYPE=FILE"),
            ("generate --artifacts a --chart floe-jobs --image x", "not REPOSITORY:TAG"),
            ("generate --artifacts a --chart floe-jobs --image r:5000/x", "not REPOSITORY:TAG"),
            ("generate --artifacts a --dry-run", "no flag \"--dry-run\""),
            ("generate a", "no flag \"a\""),
        ] {
            let why = of(line).expect_err(line);
            assert!(why.contains(words), "{line}: {why}");
        }
    }
}
