//! The charts that the bench renders, made on the spot.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// A chart to render: its name in the table, its folder and more arguments, and what is asked of us.
pub(crate) struct Input {
    pub(super) name: String,
    pub(super) args: Vec<String>,
    pub(super) target: Target,
}

/// What is asked of us.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    /// That many times less wall time than the reference, and an eighth of its memory.
    Times(f64),
    /// The first of a series of inputs, each twice as large as the one before.
    First,
    /// Time in proportion to the first of the series, which is so many times smaller.
    Linear(usize),
}

impl Input {
    fn new(name: &str, args: &[&str], target: Target) -> Self {
        let args = std::iter::once(&"template").chain(args).map(|arg| (*arg).to_owned()).collect();
        Input { name: name.to_owned(), args, target }
    }
}

const MANIFEST: &str = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include \"name\" . }}-NUMBER
  labels: {{- include \"labels\" . | nindent 4 }}
data:
  config: |
    {{- range $k, $v := .Values.settings }}
    {{ $k }}={{ $v | quote }}
    {{- end }}
  yaml: | {{- toYaml .Values.settings | nindent 4 }}
";

const HELPERS: &str = "\
{{- define \"name\" -}}{{ printf \"%s-%s\" .Release.Name .Chart.Name | trunc 63 | trimSuffix \"-\" }}{{- end }}
{{- define \"labels\" -}}
app.kubernetes.io/name: {{ include \"name\" . }}
helm.sh/chart: {{ printf \"%s-%s\" .Chart.Name .Chart.Version | quote }}
{{- end }}
";

/// Makes all inputs below the folder; the small chart comes from the reference itself.
pub(crate) fn make(root: &Path, helm: &Path) -> Result<Vec<Input>, String> {
    small(root, helm)?;
    chart(&root.join("forty"), "forty", 40)?;
    for scale in SCALES {
        umbrella(&root.join(format!("umbrella{scale}")), (60 * scale).div_ceil(8), 25)?;
        write(root, &format!("big{scale}.yaml"), &big_values(250_000 * scale))?;
    }
    umbrella(&root.join("umbrella"), 60, 25)?;
    chart(&root.join("values"), "values", 1)?;
    calls(&root.join("calls"))?;
    let mut inputs = vec![
        Input::new("the chart of `helm create`", &["small"], Target::Times(20.0)),
        Input::new("40 templates", &["forty"], Target::Times(10.0)),
        Input::new("60 subcharts, 1,500 manifests", &["umbrella"], Target::Times(10.0)),
        Input::new("2 MB of values", &["values", "-f", "big8.yaml"], Target::Times(10.0)),
        Input::new("100,000 calls of include and tpl", &["calls"], Target::Times(10.0)),
    ];
    type Args<'a> = &'a dyn Fn(usize) -> Vec<String>;
    let series: [(&str, Args<'_>); 3] = [
        ("subcharts", &|scale| vec![format!("umbrella{scale}")]),
        ("values", &|scale| ["values", "-f", &format!("big{scale}.yaml")].map(String::from).into()),
        ("calls", &|scale| ["calls", "--set", &format!("count={}", 12_500 * scale)].map(String::from).into()),
    ];
    for (name, args) in series {
        for scale in SCALES {
            let target = if scale == 1 { Target::First } else { Target::Linear(scale) };
            let args = args(scale);
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            inputs.push(Input::new(&format!("{name}, {scale}x"), &args, target));
        }
    }
    Ok(inputs)
}

/// The sizes of a series.
const SCALES: [usize; 4] = [1, 2, 4, 8];

/// The chart that the reference's `create` writes, as `small`.
pub(crate) fn small(root: &Path, helm: &Path) -> Result<(), String> {
    let made = Command::new(helm).args(["create", "small"]).current_dir(root).output().map_err(|e| e.to_string())?;
    if made.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&made.stderr).into_owned()) }
}

fn write(root: &Path, path: &str, text: &str) -> Result<(), String> {
    let full = root.join(path);
    let parent = full.parent().ok_or("no folder")?;
    std::fs::create_dir_all(parent).and_then(|()| std::fs::write(&full, text)).map_err(|e| e.to_string())
}

fn chart(root: &Path, name: &str, templates: usize) -> Result<(), String> {
    write(root, "Chart.yaml", &format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n"))?;
    let mut values = String::from("settings:\n");
    for n in 0..12 {
        let _ = writeln!(values, "  setting{n}: value of the setting {n}");
    }
    write(root, "values.yaml", &values)?;
    write(root, "templates/_helpers.tpl", HELPERS)?;
    (0..templates)
        .try_for_each(|n| write(root, &format!("templates/c{n}.yaml"), &MANIFEST.replace("NUMBER", &n.to_string())))
}

fn umbrella(root: &Path, subcharts: usize, templates: usize) -> Result<(), String> {
    write(root, "Chart.yaml", "apiVersion: v2\nname: umbrella\nversion: 1.0.0\n")?;
    write(root, "values.yaml", "global: {region: north}\n")?;
    (0..subcharts).try_for_each(|n| chart(&root.join(format!("charts/sub{n}")), &format!("sub{n}"), templates))
}

fn big_values(size: usize) -> String {
    let mut text = String::from("many:\n");
    let mut n = 0;
    while text.len() < size {
        let _ = writeln!(text, "  key{n}: {{name: \"item {n}\", size: {n}, tags: [a, b, c]}}");
        n += 1;
    }
    text
}

fn calls(root: &Path) -> Result<(), String> {
    write(root, "Chart.yaml", "apiVersion: v2\nname: calls\nversion: 1.0.0\n")?;
    write(root, "values.yaml", "count: 100000\ntext: \"{{ .Release.Name }}\"\n")?;
    write(root, "templates/_h.tpl", "{{ define \"one\" }}{{ .Release.Name }}{{ end }}\n")?;
    let half = "{{ range until (div (int .Values.count) 2 | int) }}# {{ CALL }}\n{{ end }}";
    let text = half.replace("CALL", "include \"one\" $") + &half.replace("CALL", "tpl $.Values.text $");
    write(root, "templates/t.yaml", &text)
}
