//! How fast the hot paths are: includes, `tpl`, text-heavy parsing. Run with `--profile quick`.

#[path = "../tests/calls/mod.rs"]
mod calls;

use std::time::Instant;

use rhumb_template::{Error, Func, Funcs, Machine, MissingKey, Options, TemplateSet};
use rhumb_value::{Map, Type, Value};
use rhumb_world::Memory;

use calls::{include, tpl};

static FUNCS: &[Func] = &[
    Func { name: "include", params: &[Type::String, Type::Any], variadic: false, result: Type::String, call: include },
    Func { name: "tpl", params: &[Type::String, Type::Any], variadic: false, result: Type::String, call: tpl },
];

fn time(label: &str, template: &str, data: &Value) -> Result<(), Error> {
    let mut set = TemplateSet::new("gotpl", Funcs::new(&[FUNCS]));
    set.parse("t", template.as_bytes())?;
    let world = Memory::default();
    let options = Options { missing_key: MissingKey::Zero, ..Options::default() };
    let mut machine = Machine::new(&set, &world, &(), options);
    let start = Instant::now();
    let out = machine.render(b"t", data)?;
    report(&format!("{label}: {} bytes in {:?}", out.len(), start.elapsed()));
    Ok(())
}

fn report(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn main() -> Result<(), Error> {
    let (data, values, image) = (Map::new(), Map::new(), Map::new());
    image.insert("tag", "v1.2.3");
    values.insert("image", image);
    data.insert("Values", values);
    let data = Value::Map(data);
    let define = "{{define \"x\"}}name: {{.Values.image.tag}}\n{{end}}";
    time("100,000 include", &format!("{define}{{{{range $i := 100000}}}}{{{{include \"x\" $}}}}{{{{end}}}}"), &data)?;
    let text = "{{range $i := 100000}}{{tpl \"{{ .Values.image.tag }}-x\" $}}{{end}}";
    time("100,000 tpl", text, &data)?;
    let text = "{{range $i := 1000000}}{{if eq $i 5}}x{{end}}{{end}}";
    time("1,000,000 if eq", text, &data)?;
    let heavy =
        "metadata:\n  labels: of some length, as manifests have\n  name: {{ .Values.image.tag | printf \"%s\" }}\n"
            .repeat(100_000);
    let mut set = TemplateSet::new("gotpl", Funcs::new(&[FUNCS]));
    let start = Instant::now();
    set.parse("t", heavy.as_bytes())?;
    let took = start.elapsed();
    report(&format!(
        "parse: {} bytes in {took:?}, {:.0} MB/s",
        heavy.len(),
        heavy.len() as f64 / took.as_secs_f64() / 1e6
    ));
    Ok(())
}
