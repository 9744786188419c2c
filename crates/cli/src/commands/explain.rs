//! `explain`: where a line of the output comes from. Ours; Helm has nothing like it.

use std::cell::OnceCell;

use rhumb_chart::values::origin::Origins;
use rhumb_render::explain::{self, Target, json, text};
use rhumb_world::World;

use super::template;
use crate::command::Found;
use crate::errors;
use crate::exit::{Failure, Outcome};
use crate::flags::Parsed;
use crate::persona::Persona;
use crate::plugins::Plugins;
use crate::run::Call;
use crate::settings::Settings;
use crate::ui::Ui;

/// Answers the question of the last argument.
pub(super) fn run(call: &mut Call<'_>) -> Outcome {
    let as_json = match call.parsed.last("output") {
        None | Some("text" | "") => false,
        Some("json") => true,
        Some(other) => return Err(Failure::new(format!("--output {other}: the answer comes as text or json"))),
    };
    if let [code] = call.parsed.args.as_slice()
        && let Some(section) = errors::section(code)
    {
        call.ui.out(section);
        return Ok(());
    }
    let (args, target) = split(call)?;
    let target = target.map_or(Ok(Target::List), |t| Target::parse(&t)).map_err(|e| Failure::new(e.to_string()))?;
    let mut origins = Origins::new();
    let mut request = template::request(call, &args, Some(&mut origins))?;
    let (chart, values) = template::prepare(call, &mut request, Some(&mut origins))?;
    let explained = explain::run(&chart, values, origins, &request.options, call.world)
        .map_err(|error| Failure::new(error.to_string()).with(template::report(call, &request, &error)))?;
    let answer =
        explained.ask(&target, call.parsed.list("show-only")).map_err(|trouble| Failure::new(trouble.to_string()))?;
    if as_json {
        call.ui.out(json::json(&answer));
    } else {
        call.ui.out(text::text(&answer, text::Style { colour: wants_colour(call) }));
    }
    Ok(())
}

/// What can be asked of the chart that is named already, for completion; nothing where it cannot be rendered.
pub(crate) fn candidates(
    world: &dyn World,
    persona: Persona,
    found: &Found,
    parsed: &Parsed,
    typed: &str,
) -> Vec<String> {
    // Completion must not wait for somebody to type.
    if parsed.list("values").iter().any(|v| v.trim() == "-") {
        return Vec::new();
    }
    let settings = Settings::new(world, parsed, persona.name());
    let mut ui = Ui::new();
    let (plugins, input) = (Plugins::new(world), OnceCell::new());
    let mut call = Call { world, ui: &mut ui, persona, found, parsed, settings: &settings, plugins: &plugins, input };
    let Ok((args, _)) = split(&call) else { return Vec::new() };
    let Ok(mut request) = template::request(&mut call, &args, None) else { return Vec::new() };
    let Ok((chart, values)) = template::prepare(&mut call, &mut request, None) else { return Vec::new() };
    let Ok(explained) = explain::run(&chart, values, Origins::new(), &request.options, world) else {
        return Vec::new();
    };
    let mut names = vec!["ALL".to_owned()];
    for object in explained.objects() {
        names.push(object.reference.clone());
        // As it is being typed: with a small letter, or with another name of the kind.
        let kind = typed.split_once('/').map_or(object.kind.to_lowercase(), |(kind, _)| kind.to_owned());
        let is_short = object.reference == object.title();
        if is_short && kind != object.kind && object.is_of_kind(&kind) {
            names.push(format!("{kind}/{}", object.name));
        }
    }
    if typed.starts_with('.') {
        names.extend(explained.value_paths().into_iter().map(|p| format!(".Values.{p}")));
    }
    // What is told in several words cannot be one argument.
    names.retain(|n| n.starts_with(typed) && !n.contains(' '));
    names
}

/// The arguments as `template` takes them, and the question behind them. Of two arguments the second is the chart when
/// it is there and the first is not.
fn split(call: &Call<'_>) -> Result<(Vec<String>, Option<String>), Failure> {
    let is_there = |name: &String| call.world.stat(name).is_ok();
    Ok(match call.parsed.args.as_slice() {
        [] => return Err(Failure::new("must provide a chart")),
        [chart] => (vec![chart.clone()], None),
        [name, chart] if is_there(chart) && !is_there(name) => (vec![name.clone(), chart.clone()], None),
        [chart, target] => (vec![chart.clone()], Some(target.clone())),
        [name, chart, target] => (vec![name.clone(), chart.clone()], Some(target.clone())),
        [_, _, _, rest @ ..] => {
            let rest = rest.join(", ");
            return Err(Failure::new(format!("expected at most three arguments, unexpected arguments: {rest}")));
        }
    })
}

fn wants_colour(call: &Call<'_>) -> bool {
    let given = ["colour", "color"].into_iter().find(|f| call.parsed.changed(f)).and_then(|f| call.parsed.last(f));
    let quiet = call.world.var("NO_COLOR").is_some_and(|v| !v.is_empty())
        || call.world.var("TERM").is_some_and(|t| t == "dumb");
    match given {
        Some("always") => true,
        Some("never") => false,
        _ => Ui::prints_to_terminal() && !quiet,
    }
}
