//! Flags of generated command lines.

use super::mutate;
use super::random::Random;
use super::sample::Sample;
use super::values::{self, FIXED, Writer};

const SETS: &[&str] = &[
    "a=1",
    "text=new",
    "a.b.c=x",
    "list[0]=q",
    "list={a,b}",
    "map.deep=null",
    "map=null",
    "kid.a=set",
    "kid=null",
    "global.shared=set",
    "global.on=true",
    "two.enabled=false",
    "kid.enabled=true",
    "number=5",
    "number=1e3",
    "x=007",
    "x=true",
    "x=null",
    "x=a\\,b",
    "x=",
    "=x",
    "x",
    "a=1,b=2,c={d,e}",
    "list[2].x=1",
    "maps[0].a=9",
    "maps[1]=null",
    "words[0]=null",
    "text.sub=1",
    "list.x=1",
    "a\\.b=c",
    "x={}",
    "x={a",
    "x[0][1]=z",
    "x[-1]=1",
    "x[a]=1",
    "yes=null",
    "map.a=null,map.b=2",
    "tags.front=true",
    "tags.front=false",
    "x=99999999999999999999",
    "x=-0",
    "x=+5",
    "x=1_0",
    "x=\"q\"",
    "map={1,2}",
    "nested[0][0]=7",
    "none.x=1",
    "kid.b.c=null",
    "kid.global.shared=k",
    "global=5",
    "kid.grand.a=z",
    "x.y.z[1].w=v",
    "text=a=b",
    "emptyMap.k=v",
];

const JSONS: &[&str] = &[
    "x={\"a\": [1, null]}",
    "map={\"a\":null}",
    "x=",
    "{\"text\": 5}",
    "x=nope",
    "list=[1,2",
    "x=1,y=\"z\"",
    "x=null",
    "[1]",
    "x=1e400",
    "a.b={\"c\":1}",
    "x=\"\\u00e9\"",
    "{\"map\":{\"a\":null}}",
    "list[1]={\"q\":0}",
    "x=12345678901234567890",
    "kid={\"a\":1}",
];

/// Files and flags for values, of every kind.
pub(super) fn values(random: &mut Random, sample: &mut Sample) {
    for name in ["one.yaml", "two.yaml"] {
        if random.percent(30) {
            let node = values::map(random, 3);
            let mut text =
                if random.percent(20) { FIXED.to_owned() } else { Writer::default().document(random, &node) };
            if random.percent(10) {
                text = mutate::text(random, &text, mutate::YAML);
            }
            sample.put(name, text);
            let flag = random.pick(&["-f", "--values"]);
            sample.args(&[flag, name]);
        }
    }
    if random.percent(5) {
        sample.put("in.yaml", "text: from stdin\n");
        sample.stdin = Some("in.yaml".to_owned());
        sample.args(&["-f", "-"]);
    }
    for (flag, chance, pool) in [
        ("--set", 40, SETS),
        ("--set", 20, SETS),
        ("--set-string", 20, SETS),
        ("--set-json", 20, JSONS),
        ("--set-literal", 12, SETS),
    ] {
        if random.percent(chance) {
            let mut text = (random.pick(pool)).to_owned();
            if random.percent(20) {
                text = text + "," + random.pick(pool);
            }
            if random.percent(20) {
                text = mutate::text(random, &text, if flag == "--set-json" { mutate::JSON } else { mutate::SET });
                text.retain(|c| c != '\0');
            }
            sample.args(&[flag, &text]);
        }
    }
    if random.percent(8) {
        sample.put("file.txt", "content, with=signs\n");
        let flag = random.pick(&[
            "x=file.txt",
            "x=absent.txt",
            "a.b=file.txt,c=file.txt",
            "x={file.txt}",
            "list[0]=file.txt",
            "x",
        ]);
        sample.args(&["--set-file", flag]);
    }
}

/// Flags for what is rendered and what is shown.
pub(super) fn output(random: &mut Random, sample: &mut Sample) {
    if random.percent(12) {
        sample.args.insert(1, random.pick(&["rel", "Bad_Name", "a.b", "", "x-1", "UPPER", "a"]).to_string());
    }
    let mut flag = |chance: usize, words: &[&str]| {
        if random.percent(chance) {
            let text = random.pick(words).to_string();
            sample.args.extend(text.split(' ').map(str::to_owned));
        }
    };
    flag(15, &["--include-crds", "--skip-crds", "--include-crds=false", "--include-crds --skip-crds"]);
    flag(12, &["--no-hooks", "--no-hooks=x"]);
    flag(12, &["--is-upgrade", "--is-upgrade=true"]);
    flag(
        12,
        &[
            "--kube-version 1.20",
            "--kube-version v1.30.2-gke.1",
            "--kube-version bad",
            "--kube-version=1.9.0",
            "--kube-version 1",
        ],
    );
    flag(12, &["--api-versions foo/v1", "-a a,b", "--api-versions=", "--api-versions policy/v1/PodDisruptionBudget"]);
    flag(
        18,
        &[
            "-s templates/a.yaml",
            "--show-only templates/*.yaml",
            "-s templates/absent.yaml",
            "-s a.yaml",
            "-s templates/sub/c.yaml",
            "-s charts/kid/templates/main.yaml",
            "-s templates/b.yaml -s templates/a.yaml",
            "-s templates/[",
            "-s demo/templates/a.yaml",
        ],
    );
    flag(8, &["-n ns", "--namespace other", "-n=", "--namespace Bad_NS"]);
    flag(
        6,
        &[
            "--debug",
            "--release-name",
            "--skip-tests",
            "--validate=false",
            "--disable-openapi-validation",
            "--skip-schema-validation",
            "--dependency-update=false",
        ],
    );
    flag(6, &["--output-dir out", "--output-dir out --release-name", "--output-dir demo"]);
    flag(
        4,
        &[
            "--name-template x-1",
            "--generate-name=false",
            "--description d",
            "--version 9",
            "--devel",
            "--hide-notes",
            "--render-subchart-notes",
            "--enable-dns",
            "--labels a=b",
            "--timeout 5s",
            "--dry-run",
            "--dry-run=client",
            "--notes",
        ],
    );
    flag(
        3,
        &[
            "--no-such-flag",
            "-x",
            "extra",
            "--set",
            "-o json",
            "--wait",
            "--atomic",
            "--timeout bad",
            "--kube-context c",
            "--",
            "--history-max 1",
            "--force",
            "--no-hooks --no-hooks",
        ],
    );
}
