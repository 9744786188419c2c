//! The charts that the bench renders, made on the spot.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// A chart to render: its name in the table, its folder, and more arguments.
pub(super) struct Input {
    pub(super) name: String,
    pub(super) args: Vec<String>,
}

impl Input {
    fn new(name: &str, args: &[&str]) -> Self {
        let args = std::iter::once(&"template").chain(args).map(|arg| (*arg).to_owned()).collect();
        Input { name: name.to_owned(), args }
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
pub(super) fn make(root: &Path, helm: &Path) -> Result<Vec<Input>, String> {
    let made = Command::new(helm).args(["create", "small"]).current_dir(root).output().map_err(|e| e.to_string())?;
    if !made.status.success() {
        return Err(String::from_utf8_lossy(&made.stderr).into_owned());
    }
    chart(&root.join("forty"), "forty", 40)?;
    for scale in [1, 2, 4, 8] {
        umbrella(&root.join(format!("umbrella{scale}")), 60 * scale / 8 + usize::from(scale == 1), 25)?;
    }
    umbrella(&root.join("umbrella"), 60, 25)?;
    chart(&root.join("values"), "values", 1)?;
    write(root, "big.yaml", &big_values(2_000_000))?;
    calls(&root.join("calls"))?;
    let mut inputs = vec![
        Input::new("the chart of `helm create`", &["small"]),
        Input::new("40 templates", &["forty"]),
        Input::new("60 subcharts, 1,500 manifests", &["umbrella"]),
        Input::new("2 MB of values", &["values", "-f", "big.yaml"]),
        Input::new("100,000 calls of include and tpl", &["calls"]),
    ];
    for scale in [1, 2, 4, 8] {
        inputs.push(Input::new(&format!("subcharts, {scale}x"), &[&format!("umbrella{scale}")]));
    }
    for scale in [1, 2, 4, 8] {
        let count = format!("count={}", 12_500 * scale);
        inputs.push(Input::new(&format!("calls, {scale}x"), &["calls", "--set", &count]));
    }
    Ok(inputs)
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
