//! Loading from a world in memory; texts observed with Helm 4.3.1.

use rhumb_world::Memory;

use super::*;

const CHART: &str = "apiVersion: v2\nname: c\nversion: 1.0.0\n";

fn run(files: &[(&str, &str)]) -> Result<Chart, String> {
    let world = files.iter().fold(Memory::new(), |w, (name, data)| w.file(&format!("/c/{name}"), *data));
    load(&world, "/c", &mut Vec::new())
}

#[test]
fn files_find_their_place() {
    let chart = run(&[
        ("Chart.yaml", CHART),
        ("values.yaml", "\u{feff}a: 1\n"),
        ("values.schema.json", "{}"),
        ("templates/a.yaml", "x"),
        ("templates/.b.yaml", "x"),
        ("crds/x.yaml", "kind: X"),
        ("crds/z.txt", "kind: X"),
        ("README.md", "hi"),
        ("charts/kid/Chart.yaml", "name: kid\nversion: 0.1.0\n"),
        ("charts/kid/values.yaml", "k: 1\n"),
        ("charts/_off/x", ""),
    ])
    .unwrap();
    let names = |files: &[crate::File]| files.iter().map(|f| f.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&chart.templates), ["templates/a.yaml"]);
    assert_eq!(names(&chart.files), ["README.md", "crds/x.yaml", "crds/z.txt"]);
    assert_eq!(chart.crd_files().count(), 1);
    assert!(chart.schema.is_some() && chart.values.contains("a"));
    let [kid] = &chart.dependencies[..] else { panic!("one subchart") };
    assert_eq!((kid.name(), kid.metadata.api_version.as_str()), ("kid", "v1"));
}

#[test]
fn texts_of_failures() {
    let bad = "a: b: c";
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("x", "")], "unable to detect chart at /c/Chart.yaml: open /c/Chart.yaml: no such file or directory"),
        (&[("Chart.yaml", CHART), (".helmignore", "!a.txt")], "Chart.yaml file is missing"),
        (&[("Chart.yaml", "apiVersion: v3\nname: c\nversion: 1.0.0\n")], "invalid chart apiVersion"),
        (&[("Chart.yaml", "apiVersion: v9\nname: c\nversion: 1.0.0\n")], "unsupported chart version"),
        (
            &[("Chart.yaml", bad)],
            "cannot load Chart.yaml: error converting YAML to JSON: yaml: mapping values are not allowed in this context",
        ),
        (
            &[("Chart.yaml", CHART), ("values.yaml", bad)],
            "cannot load values.yaml: cannot unmarshal yaml document: error converting YAML to JSON: yaml: mapping \
             values are not allowed in this context",
        ),
        (
            &[("Chart.yaml", CHART), ("values.yaml", "- a")],
            "cannot load values.yaml: cannot unmarshal yaml document: error unmarshaling JSON: while decoding JSON: \
             json: cannot unmarshal array into Go value of type map[string]interface {}",
        ),
        (
            &[("Chart.yaml", CHART), ("charts/k/Chart.yaml", "name: k")],
            "error unpacking subchart k in c: validation: chart.metadata.version is required",
        ),
        (
            &[("Chart.yaml", CHART), ("charts/README.md", "x")],
            "error unpacking subchart README.md in c: Chart.yaml file is missing",
        ),
        (
            &[("Chart.yaml", CHART), ("charts/k.tgz/a", "x")],
            "error unpacking subchart tar in c: expected k.tgz, got k.tgz/a",
        ),
    ];
    for (files, want) in cases {
        assert_eq!(run(files).map(|_| ()).unwrap_err(), *want, "{files:?}");
    }
}

// Observed with `helm show chart` of Helm 4.3.1.
#[test]
fn the_plain_door_takes_any_generation() {
    let load = |text: &str| {
        let world = Memory::new().file("/c/Chart.yaml", text).file("/d/x", "");
        let version = load_by(&world, "/c", Door::Plain, &mut Vec::new()).map(|c| c.metadata.api_version);
        (version, load_by(&world, "/d", Door::Plain, &mut Vec::new()).map(|_| ()).unwrap_err())
    };
    for (api, want) in [("v3", "v3"), ("v9", "v9"), ("2", "2"), ("", "v1")] {
        let (found, missing) = load(&format!("apiVersion: {api}\nname: c\nversion: 1.0.0\n"));
        assert_eq!((found.as_deref(), missing.as_str()), (Ok(want), "Chart.yaml file is missing"));
    }
    let want = "cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go \
                value of type v2.Metadata";
    assert_eq!(load("- a").0.unwrap_err(), want);
}

#[test]
fn what_is_no_archive_is_named() {
    let cases = [
        ("hello", "application/octet-stream"),
        ("\u{1f}", "application/octet-stream"),
        ("PK\u{3}\u{4}", "application/zip"),
    ];
    for (data, kind) in cases {
        let world = Memory::new().file("/f.tgz", data);
        let want = format!("file '/f.tgz' does not appear to be a gzipped archive; got '{kind}'");
        assert_eq!(load(&world, "/f.tgz", &mut Vec::new()).unwrap_err(), want);
    }
    let world = Memory::new().file("/a.yaml", "a: 1");
    let want = "file '/a.yaml' seems to be a YAML file, but expected a gzipped archive";
    assert_eq!(load(&world, "/a.yaml", &mut Vec::new()).unwrap_err(), want);
}
