//! What the driver starts from: the inputs of the conformance cases; and how it changes them.

use crate::targets::NEXT_FILE;
use rhumb_testkit::case::{Action, Case, Content};
use rhumb_testkit::generate::mutate;
use rhumb_testkit::generate::random::Random;
use rhumb_testkit::parse;
use std::collections::BTreeSet;
use std::path::Path;

/// The seeds of a target, each once.
pub fn of(target: &str) -> Result<Vec<Vec<u8>>, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance");
    let files = parse::tree(&folder)?;
    let mut seeds = BTreeSet::new();
    for case in files.iter().flat_map(|file| &file.cases) {
        match target {
            "archive" => seeds.extend(packed(case)),
            "flags" => seeds.extend(flags(case)),
            "chart" | "compare" => drop(seeds.insert(chart(case))),
            _ => seeds.extend(texts(case, target == "template")),
        }
    }
    Ok(seeds.into_iter().filter(|seed| !seed.is_empty() && seed.len() < 20_000 && !makes_keys(seed)).collect())
}

/// Making keys and hashing passwords takes seconds by design, in the reference as well.
fn makes_keys(seed: &[u8]) -> bool {
    let text = String::from_utf8_lossy(seed);
    ["genPrivateKey", "genCA", "genS", "derivePassword", "bcrypt", "htpasswd"].iter().any(|name| text.contains(name))
}

fn contents(case: &Case) -> impl Iterator<Item = (&str, &[u8])> {
    case.files.iter().filter_map(|file| match &file.content {
        Content::Bytes(bytes) => Some((file.path.as_str(), bytes.as_slice())),
        _ => None,
    })
}

fn templates(case: &Case) -> impl Iterator<Item = &str> {
    case.steps.iter().filter_map(|step| match &step.action {
        Action::Template { text } => Some(text.as_str()),
        Action::Command { .. } => None,
    })
}

fn texts(case: &Case, wanted: bool) -> Vec<Vec<u8>> {
    let files = contents(case).filter(|(path, _)| path.contains("templates/") == wanted);
    let mut texts: Vec<Vec<u8>> = files.map(|(_, bytes)| bytes.to_vec()).collect();
    if wanted {
        texts.extend(templates(case).map(|text| text.as_bytes().to_vec()));
    } else {
        // What came out is YAML too.
        texts.extend(case.steps.iter().filter_map(|step| Some(step.recorded.as_ref()?.stdout.clone())));
    }
    texts
}

fn packed(case: &Case) -> Option<Vec<u8>> {
    let mut tar = tar::Builder::new(Vec::new());
    let files = contents(case).filter(|(path, _)| path.starts_with("demo/"));
    for (path, bytes) in [("demo/Chart.yaml", &b"name: demo\nversion: 0.1.0\n"[..])].into_iter().chain(files) {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, path, bytes).ok()?;
    }
    tar.into_inner().ok()
}

fn flags(case: &Case) -> Option<Vec<u8>> {
    let mut lines = String::new();
    for step in &case.steps {
        let args = match &step.action {
            Action::Command { args, .. } => args,
            Action::Template { .. } => &step.options.args,
        };
        for pair in args.windows(2) {
            let letter = match pair[0].as_str() {
                "--set" => 's',
                "--set-string" => 't',
                "--set-literal" => 'l',
                "--set-json" => 'j',
                "--set-file" => 'f',
                _ => continue,
            };
            lines += &format!("{letter}{}\n", pair[1]);
        }
    }
    (!lines.is_empty()).then(|| lines.into_bytes())
}

fn chart(case: &Case) -> Vec<u8> {
    let text = |name: &str| {
        let found = contents(case).find(|(path, _)| *path == format!("demo/{name}"));
        found.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default()
    };
    let first = templates(case).next().map_or_else(|| text("templates/main.yaml"), str::to_owned);
    let parts =
        [text("Chart.yaml"), text("values.yaml"), first, text("charts/kid/values.yaml"), text("values.schema.json")];
    parts.join(NEXT_FILE).into_bytes()
}

/// A seed changed a little: words of its language, bytes, or a part of another seed.
pub fn damaged(random: &mut Random, target: &str, seed: &[u8], all: &[Vec<u8>]) -> Vec<u8> {
    let words = match target {
        "template" => mutate::TEMPLATE,
        "flags" => mutate::SET,
        "chart" | "compare" => [mutate::TEMPLATE, mutate::YAML, mutate::JSON][random.below(3)],
        _ => mutate::YAML,
    };
    let by_words = target != "archive" && random.percent(60);
    match std::str::from_utf8(seed) {
        Ok(text) if by_words => mutate::text(random, text, words).into_bytes(),
        _ if random.percent(25) => spliced(random, seed, all),
        _ => bytes(random, seed),
    }
}

fn spliced(random: &mut Random, seed: &[u8], all: &[Vec<u8>]) -> Vec<u8> {
    let other = &all[random.below(all.len())];
    let (cut, start) = (random.below(seed.len() + 1), random.below(other.len() + 1));
    [&seed[..cut], &other[start..]].concat()
}

fn bytes(random: &mut Random, seed: &[u8]) -> Vec<u8> {
    let mut out = seed.to_vec();
    for _ in 0..1 + random.below(4) {
        let at = random.below(out.len() + 1);
        let byte = random.pick(&[0, 1, 9, 10, 13, 32, 34, 39, 58, 127, 128, 192, 255, b'0', b'{', b'-']);
        match random.below(5) {
            0 => out.insert(at, byte),
            1 if at < out.len() => drop(out.remove(at)),
            2 if at < out.len() => out[at] ^= 1 << random.below(8),
            3 if at < out.len() => out[at] = byte,
            _ => {
                // A part again, and again: depth and length come from here.
                let end = (at + 1 + random.below(8)).min(out.len());
                let part = out[at.min(end)..end].to_vec().repeat(1 + random.below(200));
                out.splice(at..at, part);
            }
        }
    }
    out
}
