//! Templates and what Go's text/template says of them, recorded in `tests/data/*.json` by `tests/record/main.go`.

mod calls;

use std::any::Any;

use rhumb_template::{Call, Error, Func, Funcs, Machine, MissingKey, Options, TemplateSet};
use rhumb_value::{Map, Type, Value};
use rhumb_world::Memory;

use calls::{include, tpl};

const S: Type = Type::String;
const A: Type = Type::Any;

fn boom(_: &mut Call<'_>) -> Result<Value, Error> {
    Err(Error::new("boom"))
}

fn dict(c: &mut Call<'_>) -> Result<Value, Error> {
    let map = Map::new();
    for pair in c.args.chunks(2) {
        map.insert(pair[0].as_str().cloned().unwrap_or_default(), pair.get(1).cloned().unwrap_or_default());
    }
    Ok(Value::Map(map))
}

const fn func(
    name: &'static str,
    params: &'static [Type],
    variadic: bool,
    result: Type,
    call: fn(&mut Call<'_>) -> Result<Value, Error>,
) -> Func {
    Func { name, params, variadic, result, call }
}

/// The functions that the recording program has too.
static FUNCS: &[Func] = &[
    func("any", &[A], false, A, |c| Ok(c.args[0].clone())),
    func("boom", &[], false, S, boom),
    func("dict", &[A], true, Type::Map, dict),
    func("float", &[Type::Float64], false, Type::Float64, |c| Ok(c.args[0].clone())),
    func("include", &[S, A], false, S, include),
    func("int", &[Type::INT], false, Type::INT, |c| Ok(c.args[0].clone())),
    func("list", &[A], true, Type::List, |c| Ok(Value::from(c.args.to_vec()))),
    func("map", &[Type::Map], false, Type::INT, |c| Ok(Value::int(c.args[0].as_map().map_or(-1, |m| m.len() as i64)))),
    func("str", &[S], false, S, |c| Ok(c.args[0].clone())),
    func("tpl", &[S, A], false, S, tpl),
    func("truth", &[Type::Bool], false, Type::Bool, |c| Ok(c.args[0].clone())),
];

fn run(template: &str, missing_key: MissingKey, data: &Value) -> Result<Vec<u8>, String> {
    let mut set = TemplateSet::new("t", Funcs::new(&[FUNCS]));
    set.parse("t", template.as_bytes()).map_err(|e| e.go_message())?;
    let world = Memory::default();
    let host: &dyn Any = &();
    let mut machine = Machine::new(&set, &world, host, Options { missing_key, ..Options::default() });
    machine.render(b"t", data).map_err(|e| e.go_message())
}

fn text(case: &Value, key: &str) -> Option<String> {
    case.as_map()?.get(key)?.as_str().map(|s| s.to_string_lossy().into_owned())
}

fn check(cases: &[u8]) -> usize {
    let cases = rhumb_value::json::from_json(cases).expect("cases are JSON");
    let data = cases.as_map().expect("a recording").get("data").expect("a recording");
    let cases = cases.as_map().expect("a recording").get("cases").expect("a recording");
    let mut wrong = Vec::new();
    let cases = cases.as_list().expect("a recording");
    for case in cases.iter() {
        let template = text(case, "t").expect("a recording");
        let missing = match text(case, "m").as_deref() {
            Some("default") => MissingKey::Default,
            Some("error") => MissingKey::Error,
            _ => MissingKey::Zero,
        };
        let got = run(&template, missing, &data.deep_copy());
        let got = got.map(|out| String::from_utf8_lossy(&out).into_owned());
        let want = match text(case, "e") {
            Some(e) => Err(e),
            None => Ok(text(case, "o").unwrap_or_default()),
        };
        if got != want {
            wrong.push(format!("{template}\n  want {want:?}\n  got  {got:?}"));
        }
    }
    let shown = wrong.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} of {} differ\n{shown}", wrong.len(), cases.len());
    cases.len()
}

/// A deep stack, as the command line gives the machine.
fn on_a_deep_stack(f: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(1 << 30).spawn(f).expect("a thread");
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

#[test]
fn templates_answer_as_go_does() {
    on_a_deep_stack(|| {
        assert!(check(include_bytes!("data/cases.json")) > 100);
        assert!(check(include_bytes!("data/generated.json")) > 100);
    });
}

/// Another recording, for comparing thousands of generated templates by hand.
#[test]
fn other_recordings_answer_too() {
    if let Ok(path) = std::env::var("RHUMB_TEMPLATE_CASES") {
        let cases = std::fs::read(path).expect("the recording");
        on_a_deep_stack(move || {
            check(&cases);
        });
    }
}

/// Our own limits, which the reference does not have: output of all templates together, and texts that functions make.
#[test]
fn texts_without_end_are_errors() {
    let render = |templates: &[&str]| {
        let mut set = TemplateSet::new("t", Funcs::new(&[FUNCS]));
        let names: Vec<String> = (0..templates.len()).map(|n| format!("t{n}")).collect();
        for (name, text) in names.iter().zip(templates) {
            set.parse(name.as_str(), text.as_bytes()).expect("a good template");
        }
        let (world, host): (Memory, &dyn Any) = (Memory::default(), &());
        let options = Options { max_output: 1000, max_text: 500, ..Options::default() };
        let mut machine = Machine::new(&set, &world, host, options);
        let rendered = names.iter().map(|name| machine.render(name.as_bytes(), &Value::Nil).map(|text| text.len()));
        rendered.collect::<Result<Vec<usize>, Error>>().map_err(|e| e.go_message())
    };
    let long = "{{range 60}}0123456789{{end}}";
    let cases: &[(&[&str], &str)] = &[
        (&["{{range 2000}}x{{end}}"], "output too long"),
        (&[long, long], "output too long"),
        (&["{{$s := \"x\"}}{{range 60}}{{$s = print $s $s}}{{end}}"], "text longer than 500 bytes"),
        (&["{{printf \"%501d\" 1}}"], "text longer than 500 bytes"),
        (&["{{$s := printf \"%300d\" 1}}{{len (print $s $s)}}"], "text longer than 500 bytes"),
    ];
    for (templates, want) in cases {
        let error = render(templates).expect_err("too long");
        assert!(error.ends_with(want), "{templates:?}: {error}");
    }
    assert_eq!(render(&[long]), Ok(vec![600]));
}

/// Recursion of every kind ends in an error, on the stack that the options promise to be enough.
#[test]
fn endless_recursion_is_an_error() {
    let cases: &[(&str, &str)] = &[
        ("{{template \"r\" .}}", "exceeded maximum template depth (100000)"),
        ("{{if 1}}{{if 1}}{{template \"r\" .}}{{end}}{{end}}", "exceeded maximum template depth (100000)"),
        ("{{range 1}}{{with 1}}{{template \"r\" .}}{{end}}{{end}}", "exceeded maximum template depth (100000)"),
        ("{{include \"r\" .}}", "templates nested too deeply"),
        ("{{print (print (print (include \"r\" .)))}}", "templates nested too deeply"),
        ("{{range 1}}{{with include \"r\" .}}{{end}}{{end}}", "templates nested too deeply"),
        ("{{tpl \"{{include \\\"r\\\" .}}\" .}}", "templates nested too deeply"),
    ];
    // Frames of a build without optimisation are several times as large.
    let stack = if cfg!(debug_assertions) { 1 << 30 } else { 256 << 20 };
    let run = move || {
        for (body, want) in cases {
            let text = format!("{{{{define \"r\"}}}}{body}{{{{end}}}}{{{{template \"r\" .}}}}");
            let error = run(&text, MissingKey::Zero, &Value::Nil).expect_err("endless");
            assert!(error.ends_with(want), "{body}: {}", &error[error.len().saturating_sub(200)..]);
        }
    };
    let thread = std::thread::Builder::new().stack_size(stack).spawn(run).expect("a thread");
    assert!(thread.join().is_ok());
}
