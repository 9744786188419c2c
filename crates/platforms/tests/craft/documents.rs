//! What stands around the templates: Chart.yaml, READMEs, versions.

use std::collections::BTreeSet;

use rhumb_platforms::{documents, programs};

use super::{Chart, Setting, every, render, text, value};

/// An image by its whole name.
fn whole(image: &str) -> String {
    match image.split_once('/') {
        Some((registry, _)) if registry.contains(['.', ':']) => image.to_owned(),
        Some(_) => format!("docker.io/{image}"),
        None => format!("docker.io/library/{image}"),
    }
}

/// BP-19, REQ-625: Chart.yaml says what Artifact Hub shows, versions are whole ones, and the images that it lists are those that a plain
/// install pulls.
#[test]
fn bp19_chart_yaml_is_whole() {
    for chart in every() {
        let meta = value(&chart.file("Chart.yaml"));
        let (of, notes) = (chart.folder, &meta["annotations"]);
        assert_eq!((&meta["apiVersion"], &meta["type"]), (&"v2".into(), &"application".into()), "{of}");
        for key in ["version", "appVersion"] {
            let parts: Vec<&str> = text(&meta[key]).split('.').collect();
            assert!(parts.len() == 3 && parts.iter().all(|n| n.parse::<u32>().is_ok()), "{of}: {key} {}", meta[key]);
        }
        assert!(text(&meta["kubeVersion"]).starts_with(">=1.") && text(&meta["kubeVersion"]).ends_with("-0"), "{of}");
        for key in ["changes", "images", "license", "links", "prerelease"] {
            assert!(!text(&notes[format!("artifacthub.io/{key}")]).is_empty(), "{of}: artifacthub.io/{key}");
        }
        let list = |key: &str| documents(text(&notes[format!("artifacthub.io/{key}")])).remove(0);
        for change in list("changes").as_array().expect("a list") {
            let kinds = ["added", "changed", "deprecated", "removed", "fixed", "security"];
            assert!(
                kinds.contains(&text(&change["kind"])) && !text(&change["description"]).is_empty(),
                "{of}: {change}"
            );
        }
        let listed: BTreeSet<String> =
            list("images").as_array().expect("a list").iter().map(|image| whole(text(&image["image"]))).collect();
        let least = ["--set", "postgresql.host=db,postgresql.existingSecret=s"];
        let objects = render(&Setting { chart, file: None }, chart.release).unwrap_or_else(|| chart.render(&least));
        for (_, container) in objects.containers() {
            let image = whole(text(&container["image"]));
            // The pipeline's own images have local names until Terraform tells theirs.
            assert!(listed.contains(&image) || image.contains("stereo-spot-"), "{of}: {image} is not among {listed:?}");
        }
    }
}

/// REQ-625, FR-006: the table of what works with what says what the charts say: each version beside those of its parts.
#[test]
fn req625_the_compatibility_table_is_true() {
    let field = |chart: Chart, key: &str| text(&value(&chart.file("Chart.yaml"))[key]).to_owned();
    let app = |chart| field(chart, "appVersion");
    let values = Chart::FLOE_PLATFORM.values();
    let row = format!(
        "| {} | {} | {} | {} | {} | 1.28 and newer | 3.12 and newer |",
        field(Chart::FLOE_PLATFORM, "version"),
        app(Chart::DAGSTER),
        app(Chart::POLARIS),
        app(Chart::OTEL_COLLECTOR),
        text(&values["postgresql"]["image"]["tag"])
    );
    assert!(Chart::FLOE_PLATFORM.file("README.md").contains(&row), "no row {row}");
    assert_eq!(field(Chart::FLOE_PLATFORM, "kubeVersion"), ">=1.28.0-0");
    for chart in [Chart::DAGSTER, Chart::OTEL_COLLECTOR] {
        let row = format!("| {} | {} |", field(chart, "version"), app(chart));
        assert!(chart.file("README.md").contains(&row), "{}: no row {row}", chart.folder);
    }
    // What a parent pins is what is there.
    for dependency in value(&Chart::FLOE_PLATFORM.file("Chart.yaml"))["dependencies"].as_array().expect("a list") {
        let own = value(&Chart::FLOE_PLATFORM.file(&format!("charts/{}/Chart.yaml", text(&dependency["name"]))));
        assert_eq!(dependency["version"], own["version"]);
    }
}

/// REQ-627: each README begins with a way to install, shows what is made, lists all values, and says what an upgrade means.
#[test]
fn req627_readmes_are_whole() {
    for chart in every() {
        let readme = chart.file("README.md");
        let headings: Vec<&str> = readme.lines().filter(|line| line.starts_with('#')).collect();
        for section in ["Quick start", "Values", "Upgrad"] {
            assert!(headings.iter().any(|line| line.contains(section)), "{}: no {section}: {headings:?}", chart.folder);
        }
        for part in ["helm install", "helm test", "```mermaid", "<!-- values -->", "first version"] {
            assert!(readme.contains(part), "{}: no {part}", chart.folder);
        }
        // What it leads to is there.
        for link in readme.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            let there = link.is_empty() || link.contains("://") || chart.path().join(link).exists();
            assert!(there, "{}: {link}", chart.folder);
        }
    }
}

/// The commands of a README's blocks in a language, a line each, as they would be given at the top of the repository.
fn commands(readme: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    let blocks = readme.split(&fence).skip(1).filter_map(|rest| rest.split("```").next());
    blocks.flat_map(|block| block.replace("\\\n", " ").lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// REQ-627: the commands and the values of the READMEs render, of the jobs and of the collector too; an install does as a render.
#[test]
fn req627_examples_of_every_readme_render() {
    let mut shown = 0;
    for chart in [Chart::FLOE_JOBS, Chart::OTEL_COLLECTOR, Chart::FLOE_PLATFORM, Chart::STEREO_SPOT] {
        let readme = chart.file("README.md");
        let all = ["sh", "bash", "console"].into_iter().flat_map(|language| commands(&readme, language));
        for command in all.filter(|c| c.starts_with("helm template") || c.starts_with("helm install")) {
            // A file that Terraform writes is not there.
            let command = command.replace("values-from-terraform.yaml", "values-from-terraform.example.yaml");
            let words =
                programs::shell_words(&command.replace(&format!("{}/", chart.folder), "").replace(chart.folder, "."));
            let words =
                words.into_iter().skip(2).filter(|word| !["--create-namespace", "--wait"].contains(&word.as_str()));
            let words: Vec<String> = words.collect();
            let timeout = words.iter().position(|word| word == "--timeout").unwrap_or(words.len());
            let mut args = vec!["template"];
            let kept = words.iter().enumerate().filter(|(at, _)| *at != timeout && *at != timeout + 1);
            args.extend(kept.map(|(_, word)| word.as_str()));
            if args.iter().any(|arg| arg.contains("charts/testing")) {
                continue;
            }
            let answer = chart.ask(&args);
            assert_eq!((answer.exit, answer.stderr.as_str()), (0, ""), "{}: {command}", chart.folder);
            shown += 1;
        }
    }
    assert!(shown >= 20, "{shown}");
    let folder = tempfile::tempdir().expect("a folder");
    let readme = Chart::FLOE_JOBS.file("README.md");
    for example in readme.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()) {
        let file = folder.path().join("values.yaml");
        std::fs::write(&file, example).expect("a file");
        let objects = Chart::FLOE_JOBS.render(&["--values", file.to_str().expect("UTF-8")]);
        assert_eq!(objects.count("CronJob"), 1, "{example}");
    }
}
