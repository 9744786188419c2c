//! Whole samples: which files a chart has, what is in them, and with which flags it is rendered.

use super::random::Random;
use super::sample::Sample;
use super::templates::Templates;
use super::values::{self, FIXED, Writer};
use super::{flags, mutate};

const HELPERS: &str = "\
{{- define \"h.one\" }}one{{ end }}
{{- define \"h.dot\" }}<{{ . }}>{{ end }}
{{- define \"h.list\" }}{{ range $i, $e := . }}{{ $i }}={{ $e }};{{ end }}{{ end }}
{{- define \"h.values\" }}{{ with $.Values }}{{ .text }}{{ end }}{{ end }}
{{- define \"h.self\" }}{{ if kindIs \"int\" . }}{{ if gt . 0 }}{{ . }}{{ template \"h.self\" (int (sub . 1)) }}{{ end }}{{ end }}{{ end }}
";

const CONFIG_MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n";

/// What a sample is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// Many expressions, those without an error.
    Expressions,
    /// A template that someone mistyped.
    Damage,
    /// Values files and value flags.
    Values,
    /// Subcharts, conditions, imports.
    Subcharts,
    /// Documents, kinds, hooks, and what is printed of them.
    Output,
    /// Chart.yaml, .helmignore, files, schemas.
    Charts,
}

/// The areas by how often they come.
const AREAS: &[Area] = &[
    Area::Expressions,
    Area::Expressions,
    Area::Expressions,
    Area::Damage,
    Area::Damage,
    Area::Values,
    Area::Values,
    Area::Subcharts,
    Area::Output,
    Area::Charts,
];

/// The area of the sample of that number: all areas come in turn.
#[must_use]
pub fn area(index: u64) -> Area {
    let at = usize::try_from(index % 10).unwrap_or(0);
    AREAS[at]
}

/// The sample of an area. Of [`Area::Expressions`] the bodies may fail; see [`with_bodies`].
pub fn sample(random: &mut Random, area: Area) -> Sample {
    match area {
        Area::Expressions => {
            let bodies = bodies(random, 40);
            with_bodies(&bodies)
        }
        Area::Damage => damage(random),
        Area::Values => values_sample(random),
        Area::Subcharts => subcharts(random),
        Area::Output => output(random),
        Area::Charts => chart(random),
    }
}

/// Template bodies, each complete in itself.
pub fn bodies(random: &mut Random, count: usize) -> Vec<String> {
    let mut templates = Templates::default();
    (0..count).map(|_| templates.body(random)).collect()
}

fn base() -> Sample {
    let mut sample = Sample::template();
    sample.put("demo/values.yaml", FIXED);
    sample.put("demo/data/a.txt", "first\nsecond\n");
    sample.put("demo/data/b.bin", &b"\xff\x00x"[..]);
    sample.put("demo/templates/_helpers.tpl", HELPERS);
    sample
}

/// A chart that shows the result of each body as one JSON string.
#[must_use]
pub fn with_bodies(bodies: &[String]) -> Sample {
    let mut sample = base();
    let (mut defines, mut main) = (String::new(), String::from(CONFIG_MAP));
    for (i, body) in bodies.iter().enumerate() {
        defines += &format!("{{{{ define \"e{i}\" }}}}{body}{{{{ end }}}}\n");
        main += &format!("  e{i}: {{{{ include \"e{i}\" . | toJson }}}}\n");
    }
    sample.put("demo/templates/_bodies.tpl", defines);
    sample.put("demo/templates/main.yaml", main);
    sample
}

/// A chart with one body, in one of the places where an error can happen.
#[must_use]
pub fn with_one(random: &mut Random, body: &str) -> Sample {
    let mut sample = base();
    match random.below(8) {
        0 => sample.put("demo/templates/NOTES.txt", format!("Notes:\n{body}\n")),
        1 => {
            sample.put("demo/templates/_one.tpl", format!("{{{{- define \"one\" }}}}\n{body}\n{{{{ end -}}}}\n"));
            sample.put("demo/templates/main.yaml", "a: {{ include \"one\" . | quote }}\n");
        }
        2 => {
            sample.put("demo/templates/_one.tpl", format!("{{{{ define \"one\" }}}}{body}{{{{ end }}}}{{{{ define \"two\" }}}}{{{{ template \"one\" . }}}}{{{{ end }}}}\n"));
            sample.put("demo/templates/main.yaml", "{{ if true }}\na: {{ include \"two\" $ | nindent 2 }}{{ end }}\n");
        }
        3 if !body.contains('`') => {
            sample.put("demo/templates/main.yaml", format!("a: {{{{ tpl `{body}` . | toJson }}}}\n"))
        }
        4 => {
            sample.put("demo/charts/kid/Chart.yaml", "apiVersion: v2\nname: kid\nversion: 0.1.0\n");
            sample.put("demo/charts/kid/values.yaml", FIXED);
            sample.put("demo/charts/kid/templates/main.yaml", format!("a: 1\n# {body}\n"));
        }
        _ => sample.put("demo/templates/main.yaml", format!("# {body}\n")),
    }
    sample
}

fn damage(random: &mut Random) -> Sample {
    let body = bodies(random, 1).concat();
    let body = mutate::text(random, &body, mutate::TEMPLATE);
    let mut sample = with_one(random, &body);
    // Damage can ask for ranges of any size; what they cost is no question for this comparison.
    for (_, bytes) in &mut sample.files {
        if let Ok(text) = std::str::from_utf8(bytes)
            && ["until", "repeat", "indent", "seq"].iter().any(|name| text.contains(name))
        {
            *bytes = shorter(text).into_bytes();
        }
    }
    sample
}

/// The text with its long numbers cut to one digit.
fn shorter(text: &str) -> String {
    let cut = |piece: String| {
        if piece.len() > 3 && piece.bytes().next().is_some_and(|b| b.is_ascii_digit()) { "7".to_owned() } else { piece }
    };
    mutate::pieces(text).into_iter().map(cut).collect()
}

const SHOW: &str = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Chart.Name }}
values: |
  {{- toYaml .Values | nindent 2 }}
json: {{ toJson .Values | quote }}
printed: {{ .Values | toString | quote }}
pretty: |
  {{- toYamlPretty .Values | nindent 2 }}
";

fn values_yaml(random: &mut Random) -> String {
    let node = values::map(random, 3);
    let text = Writer::default().document(random, &node);
    if random.percent(20) { mutate::text(random, &text, mutate::YAML) } else { text }
}

fn values_sample(random: &mut Random) -> Sample {
    let mut sample = Sample::template();
    let own = if random.percent(30) { FIXED.to_owned() } else { values_yaml(random) };
    sample.put("demo/values.yaml", own);
    sample.put("demo/templates/main.yaml", SHOW);
    if random.percent(20) {
        let text = values_yaml(random);
        sample.put("demo/templates/from.yaml", "{{ $y := .Files.Get \"y.yaml\" }}\na: {{ fromYaml $y | toJson }}\nb: {{ fromYamlArray $y | toJson }}\nc: {{ toYaml (fromYaml $y) | quote }}\n");
        sample.put("demo/y.yaml", text);
    }
    flags::values(random, &mut sample);
    sample
}

fn subcharts(random: &mut Random) -> Sample {
    let mut sample = Sample::template();
    let mut chart = String::from("apiVersion: v2\nname: demo\nversion: 0.1.0\n");
    let mut dependencies = String::new();
    for name in ["kid", "two"] {
        if random.percent(80) {
            child(random, &mut sample, "demo", name);
        }
        if random.percent(70) {
            dependencies += &dependency(random, name);
        }
    }
    if random.percent(25) {
        child(random, &mut sample, "demo/charts/kid", "grand");
    }
    if !dependencies.is_empty() {
        chart += &format!("dependencies:\n{dependencies}");
    }
    sample.put("demo/Chart.yaml", chart);
    let mut own = parent_values(random);
    if random.percent(10) {
        own = mutate::text(random, &own, mutate::YAML);
    }
    sample.put("demo/values.yaml", own);
    sample.put("demo/templates/main.yaml", SHOW);
    flags::values(random, &mut sample);
    if random.percent(20) {
        sample.packs.push(("demo/charts/kid-0.1.0.tgz".to_owned(), "demo/charts/kid".to_owned()));
    }
    sample
}

fn child(random: &mut Random, sample: &mut Sample, parent: &str, name: &str) {
    let folder = format!("{parent}/charts/{name}");
    let version = random.pick(&["0.1.0", "0.2.0", "1.0.0-rc.1"]);
    let kind = if random.percent(10) { "type: library\n" } else { "" };
    sample.put(&format!("{folder}/Chart.yaml"), format!("apiVersion: v2\nname: {name}\nversion: {version}\n{kind}"));
    if random.percent(85) {
        let exports = if random.percent(40) { "exports:\n  data:\n    a: exported\n    deep: {x: 1}\n" } else { "" };
        let global = if random.percent(40) { "global:\n  shared: child\n  own: 1\n" } else { "" };
        let enabled = if random.percent(20) { "enabled: false\n" } else { "" };
        sample.put(
            &format!("{folder}/values.yaml"),
            format!("a: {name}\nb: {{c: 1, d: [1, 2]}}\nnull1: null\n{exports}{global}{enabled}"),
        );
    }
    sample.put(&format!("{folder}/templates/main.yaml"), SHOW);
}

fn dependency(random: &mut Random, name: &str) -> String {
    let mut text = format!(
        "  - name: {name}\n    version: {}\n",
        random.pick(&["0.1.0", "\">=0\"", "\"*\"", "^0.1", "9.9.9", "bad!", "\"\"", "~0.2", "1.0.0-0"])
    );
    if random.percent(40) {
        text += &format!(
            "    repository: {}\n",
            random.pick(&["https://example.com", "\"\"", "file://../x", "\"@stable\""])
        );
    }
    if random.percent(35) {
        text += &format!(
            "    condition: {}\n",
            random.pick(&["kid.enabled", "two.enabled,kid.enabled", "absent", "global.on", "\"\"", "kid", "text"])
        );
    }
    if random.percent(30) {
        text += &format!("    tags: {}\n", random.pick(&["[front]", "[front, back]", "[]", "[absent]"]));
    }
    if random.percent(25) {
        text += &format!("    alias: {}\n", random.pick(&["other", "two", "kid", "x.y", "\"\"", "a/b"]));
    }
    if random.percent(35) {
        let imports = [
            "[data]",
            "[absent]",
            "[{child: b, parent: imported}]",
            "[{child: b, parent: .}]",
            "[data, {child: b.d, parent: x}]",
            "[{child: exports.data, parent: deep.er}]",
            "[1]",
            "[{child: b}]",
        ];
        text += &format!("    import-values: {}\n", random.pick(&imports));
    }
    if random.percent(5) {
        text += "    enabled: false\n";
    }
    text
}

fn parent_values(random: &mut Random) -> String {
    let parts = [
        "kid:\n  enabled: true\n",
        "kid:\n  enabled: false\n  a: from parent\n",
        "kid:\n  a: null\n  b: {c: null}\n",
        "kid: null\n",
        "kid: 5\n",
        "two: {b: {d: []}, enabled: \"yes\"}\n",
        "other:\n  a: aliased\n",
        "tags: {front: false}\n",
        "tags: {front: true, back: false}\n",
        "tags: 3\n",
        "global: {shared: parent, on: false}\n",
        "global: {on: true}\n",
        "text: top\n",
        "deep: {er: {z: 1}}\n",
        "imported: {c: own}\n",
        "global: 7\n",
        "kid: {global: {shared: scoped}}\n",
        "kid:\n  grand:\n    a: far\n",
        "x: [9]\n",
        "a: mine\n",
        "grand: {a: 1}\n",
    ];
    (0..random.below(6)).map(|_| random.pick(&parts)).collect()
}

const DOCUMENTS: &[&str] = &[
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n",
    "kind: Secret\napiVersion: v1\nmetadata: {name: b}\n",
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: c\nspec: {replicas: {{ .Values.number }}}\n",
    "# only a comment\n",
    "",
    "   \n",
    "kind: Zebra\n",
    "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: j\n  annotations:\n    helm.sh/hook: pre-install\n    helm.sh/hook-weight: \"-5\"\n",
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: t\n  annotations:\n    \"helm.sh/hook\": test,post-install\n    helm.sh/hook-weight: x\n",
    "kind: Pod\nmetadata:\n  annotations:\n    helm.sh/hook: no-such\n",
    "kind: Pod\nmetadata:\n  annotations: {helm.sh/hook: crd-install}\n",
    "kind: Namespace\napiVersion: v1\nmetadata: {name: n}\n",
    "a: b: c\n",
    "- list\n- of\n",
    "text\n",
    "kind: [1]\n",
    "apiVersion: 1\nkind: x\n",
    "metadata: x\n",
    "metadata:\n  name: 5\n",
    "metadata:\n  annotations: [a]\n",
    "metadata:\n  annotations:\n    a: 1\n",
    "kind: Service\nmetadata:\n  name: s # note\n",
    "kind: CustomResourceDefinition\napiVersion: apiextensions.k8s.io/v1\nmetadata: {name: x.y}\n",
    "{kind: Role, metadata: {name: r}}\n",
    "\"kind\": \"ClusterRole\"\n",
    "kind: ServiceAccount\r\nmetadata:\r\n  name: w\r\n",
    "data: |\n  x\n  ---\n  y\nkind: ConfigMap\n",
    "kind: ConfigMap\nkind: Secret\n",
    "kind: List\nitems: []\n",
    "---\n",
    "kind: PodDisruptionBudget\nmetadata: {name: p}\n",
    "metadata:\n  annotations:\n    helm.sh/hook: \"\"\n",
    "kind: null\n",
    "kind: Ingress\n\n\n",
    "metadata: null\nkind: StorageClass\n",
    "metadata:\n  annotations:\n    helm.sh/hook: post-upgrade, pre-delete\n    helm.sh/hook-delete-policy: hook-succeeded,bogus\nkind: Job\n",
    "\tkind: Tab\n",
    "kind: 'Quoted'\nmetadata: {name: \"q\"}\n",
    "&a kind: x\n",
    "kind: x\n...\nmore: y\n",
    "x: {{ .Values.unicode }}\n",
    "kind: \u{e9}\nmetadata: {name: \u{65e5}}\n",
    "? kind\n: ConfigMap\n",
    "!!map {kind: x}\n",
    "x: \"\\x41\"\nkind: D\n",
    "metadata:\n  annotations:\n    helm.sh/hook: pre-install\n    helm.sh/resource-policy: keep\n",
    "metadata: {annotations: {helm.sh/hook: test-success}}\nkind: Pod\n",
];

const SEPARATORS: &[&str] = &[
    "---\n",
    "---\n",
    "---\n",
    "--- # c\n",
    "---\n---\n",
    "\n---\n\n",
    "----\n",
    " ---\n",
    "--- a: 1\n",
    "---\r\n",
    "...\n---\n",
    "",
    "---   \n",
    "---\t\n",
];

fn output(random: &mut Random) -> Sample {
    let mut sample = base();
    for name in ["a.yaml", "b.yaml", "sub/c.yaml", "z.yml", "d.txt", "_e.yaml", "sub/_f.tpl", "g.json"] {
        if random.percent(30) || name == "a.yaml" {
            let text = documents(random);
            sample.put(&format!("demo/templates/{name}"), text);
        }
    }
    if random.percent(20) {
        let text = documents(random);
        sample.put("demo/crds/crd.yaml", text);
    }
    if random.percent(20) {
        sample.put(
            "demo/templates/NOTES.txt",
            random.pick(&["notes\n", "", "{{ .Release.Name }}\n\n\n", "{{ fail \"no\" }}", "---\n"]).to_string(),
        );
    }
    if random.percent(25) {
        child(random, &mut sample, "demo", "kid");
    }
    flags::output(random, &mut sample);
    if random.percent(12) {
        sample.args[0] = "lint".to_owned();
        sample.args.truncate(2);
    }
    sample
}

fn documents(random: &mut Random) -> String {
    let mut text = String::new();
    for i in 0..1 + random.below(4) {
        if i > 0 || random.percent(20) {
            text += random.pick(SEPARATORS);
        }
        let document = random.pick(DOCUMENTS);
        text += &if random.percent(12) { mutate::text(random, document, mutate::YAML) } else { document.to_owned() };
    }
    if random.percent(10) {
        text.truncate(text.trim_end().len());
    }
    text
}

const FIELDS: &[&str] = &[
    "apiVersion: v1\n",
    "apiVersion: v2\n",
    "apiVersion: v3\n",
    "name: demo\n",
    "name: De.mo\n",
    "name: 5\n",
    "version: 0.1.0\n",
    "version: 1\n",
    "version: \"1.2\"\n",
    "version: v1.2.3-rc+b\n",
    "version: bad\n",
    "appVersion: 1.20\n",
    "appVersion: \"x\"\n",
    "type: application\n",
    "type: library\n",
    "type: odd\n",
    "kubeVersion: \">=1.20-0\"\n",
    "kubeVersion: \"<1.10\"\n",
    "kubeVersion: bad\n",
    "deprecated: true\n",
    "deprecated: \"x\"\n",
    "description: A chart\n",
    "description: |\n  two\n  lines\n",
    "keywords: [a, b]\n",
    "keywords: a\n",
    "home: http://x\n",
    "icon: x\n",
    "sources: [s]\n",
    "maintainers: [{name: n, email: e@x, url: u}]\n",
    "maintainers: [{}]\n",
    "maintainers: [{name: 1}]\n",
    "annotations: {a: b}\n",
    "annotations: {a: 1}\n",
    "engine: gotpl\n",
    "unknown: 1\n",
    "dependencies: []\n",
    "dependencies: [{name: kid}]\n",
    "dependencies:\n- name: kid\n  version: 1\n",
    "tillerVersion: x\n",
    "condition: x\n",
    "NAME: other\n",
    "Version: 9.9.9\n",
    "dependencies: [null]\n",
    "maintainers: [null]\n",
    "home: null\n",
];

fn chart(random: &mut Random) -> Sample {
    let mut sample = base();
    let mut text = String::new();
    if random.percent(90) {
        text += "apiVersion: v2\nname: demo\nversion: 0.1.0\n";
    }
    for _ in 0..random.below(5) {
        text += random.pick(FIELDS);
    }
    if random.percent(15) {
        text = mutate::text(random, &text, mutate::YAML);
    }
    sample.put("demo/Chart.yaml", text);
    sample.put("demo/templates/main.yaml", "chart: |\n  {{- toYaml .Chart | nindent 2 }}\nfiles: {{ range $p, $b := .Files }}{{ $p }}={{ len $b }} {{ end }}\nglob: {{ (.Files.Glob \"data/*\").AsConfig | quote }}\n");
    if random.percent(40) {
        let patterns = [
            "*.txt\n",
            "data/\n",
            "!a.txt\n",
            "**/a\n",
            "# c\n",
            "/data/a.txt\n",
            "templates\n",
            "a?txt\n",
            "[a-b].txt\n",
            "[\n",
            "\\#x\n",
            "data/*.bin\n",
            " data \n",
            "*.yaml\n",
            "_*\n",
            "templates/*.tpl\n",
            "!data\n",
            "/\n",
            ".\n",
            "Chart.yaml\n",
            "d*/\n",
            "values.*\n",
            "//a\n",
            "charts/\n",
        ];
        let lines: String = (0..1 + random.below(3)).map(|_| random.pick(&patterns)).collect();
        sample.put("demo/.helmignore", lines);
    }
    if random.percent(30) {
        let schema = random.pick(SCHEMAS);
        let schema = if random.percent(20) { mutate::text(random, schema, mutate::JSON) } else { (*schema).to_owned() };
        sample.put("demo/values.schema.json", schema);
    }
    if random.percent(30) {
        let pattern = random.pick(&[
            "*",
            "**",
            "data/*",
            "data/?.txt",
            "{data,x}/*",
            "[!a]*",
            "data/[a-b].*",
            "**.txt",
            "d*a/*",
            "\\*",
            "[",
            "",
            "{",
            "a{,b}",
            "data/**",
            "*/a.txt",
            "**/*",
            "[^a]*/b*",
        ]);
        sample.put(
            "demo/templates/glob.yaml",
            format!(
                "{{{{ range $p, $_ := .Files.Glob \"{}\" }}}}# {{{{ $p }}}}\n{{{{ end }}}}\n",
                pattern.replace('\\', "\\\\")
            ),
        );
    }
    if random.percent(15) {
        child(random, &mut sample, "demo", "kid");
    }
    if random.percent(10) {
        sample.put("demo/requirements.yaml", format!("dependencies:\n{}", dependency(random, "kid")));
    }
    if random.percent(20) {
        sample.put("demo/crds/x.yaml", "kind: CustomResourceDefinition\n");
    }
    match random.below(10) {
        0 | 1 => {
            sample.args =
                vec!["show".to_owned(), random.word("chart values all crds readme").to_owned(), "demo".to_owned()]
        }
        2 => sample.args[0] = "lint".to_owned(),
        3 => {
            sample.packs.push(("demo.tgz".to_owned(), "demo".to_owned()));
            sample.args[1] = "demo.tgz".to_owned();
        }
        _ => flags::output(random, &mut sample),
    }
    sample
}

const SCHEMAS: &[&str] = &[
    r#"{"type": "object", "required": ["text", "absent"]}"#,
    r#"{"properties": {"text": {"type": "integer"}, "number": {"minimum": 5}}}"#,
    r#"{"properties": {"list": {"items": {"type": "string"}, "maxItems": 2}}}"#,
    r#"{"additionalProperties": false, "properties": {"text": {}}}"#,
    r#"{"$schema": "http://json-schema.org/draft-07/schema#", "properties": {"text": {"enum": ["a", 1, null]}}}"#,
    r##"{"definitions": {"p": {"type": "string", "pattern": "^x"}}, "properties": {"text": {"$ref": "#/definitions/p"}}}"##,
    r#"{"anyOf": [{"required": ["q"]}, {"properties": {"no": {"const": true}}}]}"#,
    r#"{"oneOf": [{}, {}]}"#,
    r#"{"not": {}}"#,
    "true",
    "false",
    "{",
    r#"{"properties": {"map": {"properties": {"a": {"type": ["string", "null"]}}}}}"#,
    r#"{"if": {"required": ["text"]}, "then": {"required": ["zzz"]}}"#,
    r#"{"type": "nope"}"#,
    r##"{"$ref": "#/nope"}"##,
    r#"{"properties": {"number": {"multipleOf": 2, "exclusiveMaximum": 3}, "half": {"type": "integer"}}}"#,
    r#"{"properties": {"words": {"uniqueItems": true, "contains": {"const": "kiwi"}}}}"#,
    r#"{"propertyNames": {"pattern": "^[a-m]"}}"#,
    r#"{"minProperties": 100}"#,
    r#"{"dependencies": {"text": ["nothing"]}}"#,
    r#"{"properties": {"text": {"format": "email"}, "multi": {"maxLength": 3}}}"#,
    r#"{"$schema": "https://json-schema.org/draft/2020-12/schema", "unevaluatedProperties": false}"#,
    r#"{"patternProperties": {"^n": {"type": "number"}}}"#,
    r#"{"properties": {"global": {"required": ["q"]}}}"#,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_repeat_with_the_seed() {
        for index in 0..60 {
            let once = || sample(&mut Random::new(7, index), area(index));
            let one = once();
            assert_eq!(one, once());
            assert!(one.args.len() >= 2);
            assert!(
                one.files
                    .iter()
                    .all(|(path, _)| path.starts_with("demo") || path.ends_with(".yaml") || path.ends_with(".txt"))
            );
        }
    }

    #[test]
    fn long_numbers_are_cut_where_they_cost() {
        assert_eq!(shorter("until 9999999 | repeat 12"), "until 7 | repeat 12");
    }
}
