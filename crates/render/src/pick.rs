//! `--show-only`: the documents of the output that chosen templates wrote, in the order of the choices.

use std::path::MAIN_SEPARATOR;

use rhumb_gostd::path;

use crate::manifest;

/// Picks from the whole output. Each choice is a pattern over the path below the chart's folder; the error names one that
/// matches nothing.
pub fn pick(output: &[u8], choices: &[String]) -> Result<Vec<u8>, String> {
    let documents: Vec<(String, &[u8])> =
        manifest::documents(output).filter_map(|(_, text)| Some((source(text)?, text))).collect();
    let mut out = Vec::new();
    for choice in choices {
        let choice = choice.replace(MAIN_SEPARATOR, "/");
        let mut missing = true;
        for (name, text) in &documents {
            if rhumb_gostd::filepath_match::filepath_match(&choice, name).unwrap_or(false) {
                out.extend_from_slice(b"---\n");
                out.extend_from_slice(text);
                out.push(b'\n');
                missing = false;
            }
        }
        if missing {
            return Err(format!("could not find template {choice} in chart"));
        }
    }
    Ok(out)
}

/// The path in a document's first `# Source:` line, without the chart's folder.
fn source(text: &[u8]) -> Option<String> {
    let mark = b"# Source: ";
    let at = memchr::memmem::find(text, mark)? + mark.len();
    let line = text[at..].split(|b| *b == b'\n').next()?;
    let line = String::from_utf8_lossy(line);
    let (_, name) = line.split_once('/')?;
    Some(path::clean(name).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "---\n# Source: k/templates/b.yaml\nb: 1\n\n---\n# Source: k/templates/sub/c.yaml\nb: 2\n\n---\n\
                          # Source: k/templates/sub/c.yaml\nc: 3\n---\n# Source: k/templates/t.yaml\nkind: Pod\n\n";

    fn check(choices: &[&str]) -> String {
        let choices: Vec<String> = choices.iter().map(|c| (*c).to_owned()).collect();
        pick(OUTPUT.as_bytes(), &choices).map_or_else(|e| e, |out| String::from_utf8_lossy(&out).into_owned())
    }

    // Observed from Helm 4.3.1.
    #[test]
    fn choices() {
        let b = "---\n# Source: k/templates/b.yaml\nb: 1\n\n\n";
        let c = "---\n# Source: k/templates/sub/c.yaml\nb: 2\n\n\n---\n# Source: k/templates/sub/c.yaml\nc: 3\n\n";
        let t = "---\n# Source: k/templates/t.yaml\nkind: Pod\n\n\n";
        assert_eq!(check(&["templates/sub/c.yaml", "templates/b.yaml"]), format!("{c}{b}"));
        assert_eq!(check(&["templates/*"]), format!("{b}{t}"));
        assert_eq!(check(&["nope"]), "could not find template nope in chart");
        assert_eq!(check(&["templates/b.yaml", "x,y"]), "could not find template x,y in chart");
    }
}
