//! Charts packed as `.tgz`: read in memory, never unpacked to disk.

use std::io::Read;

use rhumb_gostd::strconv::quote_string;

use crate::load::Door;
use crate::load::files::{assemble, generation, without_mark};
use crate::load::gunzip::Gunzip;
use crate::load::tar::Tar;
use crate::metadata::Generation;
use crate::model::{Chart, File};

/// The most that an archive may hold when unpacked, in bytes.
pub const MAX_UNPACKED: u64 = 100 * 1024 * 1024;

/// What the outermost archive gives when it holds no chart.
const NO_CHART: &str = "unable to detect chart version, no Chart.yaml found";

/// The chart in an archive. The error is the whole text that the reference prints for the outermost archive.
pub(crate) fn load(archive: &[u8], door: Door, log: &mut Vec<String>) -> Result<(Chart, Generation), String> {
    if door == Door::Plain {
        return Ok((assemble(unpack(archive)?, Generation::V2, log)?, Generation::V2));
    }
    let files = unpack(archive).map_err(|e| match e.as_str() {
        "gzip: invalid header" => e,
        _ => "unable to load chart archive".to_owned(),
    })?;
    let manifest = files.iter().find(|f| f.name == "Chart.yaml").ok_or(NO_CHART)?;
    let generation = generation(&manifest.data)?;
    Ok((assemble(files, generation, log)?, generation))
}

/// The files of an archive, each without the folder that all lie in.
pub fn unpack(archive: &[u8]) -> Result<Vec<File>, String> {
    // One byte more than allowed, so that an archive of just the allowed size is told from a larger one.
    let mut tar = Tar::new(Gunzip::new(archive)?.take(MAX_UNPACKED + 1));
    let too_large = || format!("decompressed chart is larger than the maximum size {MAX_UNPACKED}");
    let mut files: Vec<File> = Vec::new();
    let mut total: u64 = 0;
    while let Some(entry) = tar.next()? {
        if entry.is_dir() || matches!(entry.kind, b'g' | b'x') {
            continue;
        }
        let name = inner_name(&entry.name)?;
        total = total.saturating_add(entry.size);
        if total > MAX_UNPACKED {
            return Err(too_large());
        }
        // Not sized from the header, which may lie.
        let mut data = Vec::new();
        tar.read_to_end(&mut data).map_err(|e| e.to_string())?;
        // A link has no content; one that promises some is told in these words.
        if (data.len() as u64) < entry.size {
            return Err(too_large());
        }
        files.push(File { name, data: without_mark(&data), modified: entry.modified });
    }
    if files.is_empty() {
        return Err("no files in chart archive".into());
    }
    Ok(files)
}

/// The path below the chart's folder, made safe or refused.
fn inner_name(raw: &[u8]) -> Result<String, String> {
    let path = String::from_utf8_lossy(raw);
    let sign = if path.contains('\\') { '\\' } else { '/' };
    let outside =
        || format!("chart illegally contains content outside the base directory: {}", quote_string(path.as_bytes()));
    let (first, rest) = path.split_once(sign).ok_or_else(outside)?;
    let rest = rest.replace(sign, "/");
    if rest.starts_with('/') {
        return Err("chart illegally contains absolute paths".into());
    }
    let clean = rhumb_gostd::path::clean(&rest);
    if clean == "." {
        return Err(outside());
    }
    if clean.starts_with("..") {
        return Err("chart illegally references parent directory".into());
    }
    if clean.as_bytes().get(1..3) == Some(b":/") && clean.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Err("chart contains illegally named files".into());
    }
    if first == "Chart.yaml" {
        return Err("chart yaml not in base directory".into());
    }
    Ok(clean.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const CHART: &str = "apiVersion: v2\nname: c\nversion: 1.0.0\n";

    /// An archive with the names just as given, which the tar crate would refuse to write.
    fn pack(files: &[(&str, &str)]) -> Vec<u8> {
        let mut tar = tar::Builder::new(Vec::new());
        for (name, data) in files {
            let mut header = tar::Header::new_ustar();
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_size(data.len() as u64);
            header.set_cksum();
            tar.append(&header, data.as_bytes()).unwrap();
        }
        gzip(&tar.into_inner().unwrap())
    }

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(data).unwrap();
        gz.finish().unwrap()
    }

    fn run(archive: &[u8]) -> String {
        run_by(archive, Door::Installable)
    }

    fn run_by(archive: &[u8], door: Door) -> String {
        match load(archive, door, &mut Vec::new()) {
            Ok((c, _)) => {
                let names = c.raw.iter().map(|f| f.name.as_str()).filter(|n| *n != "Chart.yaml");
                names.collect::<Vec<_>>().join(" ")
            }
            Err(text) => text,
        }
    }

    /// Observed with Helm 4.3.1.
    #[test]
    fn paths() {
        let cases: &[(&[(&str, &str)], &str)] = &[
            (&[("c/Chart.yaml", CHART), ("c/templates/a.yaml", "")], "templates/a.yaml"),
            (&[("c/Chart.yaml", CHART), ("c/../../x", "")], "unable to load chart archive"),
            (&[("c/Chart.yaml", CHART), ("c/a/../x", "")], "x"),
            (&[("c/Chart.yaml", CHART), ("c//x", "")], "unable to load chart archive"),
            (&[("c/Chart.yaml", CHART), ("c/C:/x", "")], "unable to load chart archive"),
            (&[("Chart.yaml", CHART)], "unable to load chart archive"),
            (&[], "unable to load chart archive"),
            (&[("/c/Chart.yaml", CHART)], "unable to detect chart version, no Chart.yaml found"),
            (&[("./c/Chart.yaml", CHART)], "unable to detect chart version, no Chart.yaml found"),
            (&[("c/x", "")], "unable to detect chart version, no Chart.yaml found"),
            (&[("c/Chart.yaml", CHART), ("c/c:\\x", "")], "x"),
            (&[("c\\Chart.yaml", CHART), ("c\\templates\\a.yaml", "")], "templates/a.yaml"),
            (&[("c/Chart.yaml", CHART), ("d/x", "")], "x"),
            (
                &[("c/Chart.yaml", CHART), ("d/charts/x.txt", "")],
                "error unpacking subchart x.txt in c: Chart.yaml file is missing",
            ),
        ];
        for (files, want) in cases {
            assert_eq!(run(&pack(files)), *want, "{files:?}");
        }
        assert_eq!(run(&gzip(&b"hello".repeat(300))), "unable to load chart archive");
        assert_eq!(run(b"no archive"), "gzip: invalid header");
    }

    /// Observed with `helm show` of Helm 4.3.1, which does not ask for the version first.
    #[test]
    fn faults_as_they_are() {
        let good = pack(&[("c/Chart.yaml", CHART), ("c/templates/a.yaml", "a: 1\n")]);
        let mut bad_header = b"\x1f\x8b\x08".to_vec();
        bad_header.extend(b"\xffgarbage that goes on");
        let cases: &[(&[u8], &str)] = &[
            (&good, "templates/a.yaml"),
            (&good[..good.len() / 2], "unexpected EOF"),
            (&good[..3], "unexpected EOF"),
            (&bad_header, "unexpected EOF"),
            (&gzip(&b"hello".repeat(300)), "archive/tar: invalid tar header"),
            (&gzip(b"hello"), "unexpected EOF"),
            (&gzip(&[0; 2048]), "no files in chart archive"),
            (&pack(&[("c/../x", "")]), "chart illegally references parent directory"),
            (
                &pack(&[("Chart.yaml", CHART)]),
                "chart illegally contains content outside the base directory: \"Chart.yaml\"",
            ),
            (&pack(&[("c/x", "")]), "Chart.yaml file is missing"),
            (&pack(&[("c/Chart.yaml", "apiVersion: v9\nname: c\nversion: 0.1.0\n")]), ""),
        ];
        for (archive, want) in cases {
            assert_eq!(run_by(archive, Door::Plain), *want);
        }
        assert_eq!(run(cases[10].0), "unsupported chart version");
    }

    /// Observed with Helm 4.3.1: the last of several wins, and links and devices are empty files.
    #[test]
    fn odd_members() {
        let renamed = CHART.replace("name: c", "name: d");
        let twice = pack(&[("c/Chart.yaml", CHART), ("c/Chart.yaml", &renamed)]);
        let chart = load(&twice, Door::Installable, &mut Vec::new()).unwrap().0;
        assert_eq!(chart.name(), "d");
        let mut tar = tar::Builder::new(Vec::new());
        for (name, kind, data) in [
            ("c/Chart.yaml", b'0', CHART),
            ("c/link", b'2', ""),
            ("c/hard", b'1', ""),
            ("c/pipe", b'6', ""),
            ("c/device", b'3', ""),
        ] {
            let mut header = tar::Header::new_ustar();
            header.set_path(name).unwrap();
            header.set_entry_type(tar::EntryType::new(kind));
            header.set_link_name("/etc/passwd").unwrap();
            header.set_size(data.len() as u64);
            header.set_cksum();
            tar.append(&header, data.as_bytes()).unwrap();
        }
        let odd = gzip(&tar.into_inner().unwrap());
        let chart = load(&odd, Door::Installable, &mut Vec::new()).unwrap().0;
        assert!(chart.files.iter().all(|f| f.data.is_empty()) && chart.files.len() == 4);
    }

    /// Observed with `helm show chart` of Helm 4.3.1.
    #[test]
    fn refusals_by_the_plain_door() {
        let cases = [
            ("c/../../x", "chart illegally references parent directory"),
            ("c/..x", "chart illegally references parent directory"),
            ("c/a\\..\\x", "chart illegally references parent directory"),
            ("x", "chart illegally contains content outside the base directory: \"x\""),
            ("c/.", "chart illegally contains content outside the base directory: \"c/.\""),
            ("c//x", "chart illegally contains absolute paths"),
            ("c/C:/x", "chart contains illegally named files"),
        ];
        for (name, want) in cases {
            let packed = pack(&[("c/Chart.yaml", CHART), (name, "")]);
            assert_eq!(load(&packed, Door::Plain, &mut Vec::new()).unwrap_err(), want, "{name}");
        }
        for (packed, want) in
            [(&b""[..], "EOF"), (b"x", "unexpected EOF"), (b"no archive at all", "gzip: invalid header")]
        {
            assert_eq!(load(packed, Door::Plain, &mut Vec::new()).unwrap_err(), want);
        }
    }

    /// Observed with `helm show chart` of Helm 4.3.1.
    #[test]
    fn a_later_definition_lies_over_an_earlier_one() {
        let packed = pack(&[("c/Chart.yaml", CHART), ("c/Chart.yaml", "name: q\nversion: null\n")]);
        let metadata = load(&packed, Door::Plain, &mut Vec::new()).unwrap().0.metadata;
        assert_eq!((metadata.name.as_str(), metadata.version.as_str()), ("q", "1.0.0"));
    }

    #[test]
    fn a_bomb_is_refused() {
        let big = "\0".repeat(5_000_000);
        let mut files = vec![("c/Chart.yaml", CHART)];
        files.extend(std::iter::repeat_n(("c/big", big.as_str()), 25));
        assert_eq!(run(&pack(&files)), "unable to load chart archive");
    }

    #[test]
    fn charts_may_not_nest_without_end() {
        let mut inner = pack(&[("c/Chart.yaml", CHART)]);
        for _ in 0..70 {
            let mut tar = tar::Builder::new(Vec::new());
            for (name, data) in [("c/Chart.yaml", CHART.as_bytes()), ("c/charts/k.tgz", &inner)] {
                let mut header = tar::Header::new_ustar();
                header.set_size(data.len() as u64);
                tar.append_data(&mut header, name, data).unwrap();
            }
            inner = gzip(&tar.into_inner().unwrap());
        }
        assert!(run(&inner).ends_with("charts lie more than 64 deep in charts"));
    }
}
