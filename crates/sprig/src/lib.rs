//! The function library that Helm gives a template, one file a family.
//!
//! `include`, `tpl`, `required`, `lookup` and `getHostByName` are not here: they need a chart and live in render.

mod args;
mod certs;
mod convert;
mod date;
mod decimal;
mod defaults;
mod der;
mod dicts;
mod dsa;
mod encoding;
mod failure;
mod flow;
mod keys;
mod lists;
mod math;
mod passwords;
mod paths;
mod power;
mod primes;
mod random;
mod reflect;
mod regex;
mod semver;
mod serial;
mod signing;
mod strings;
mod time_object;
mod toml;
mod url;

use rhumb_template::Func;

/// The families, those of frequent names first.
static FAMILIES: &[&[Func]] = &[
    strings::FUNCS,
    defaults::FUNCS,
    dicts::FUNCS,
    serial::FUNCS,
    lists::FUNCS,
    convert::FUNCS,
    reflect::FUNCS,
    encoding::FUNCS,
    math::FUNCS,
    flow::FUNCS,
    paths::FUNCS,
    random::FUNCS,
    passwords::FUNCS,
    certs::FUNCS,
    regex::FUNCS,
    semver::FUNCS,
    toml::FUNCS,
    date::FUNCS,
    url::FUNCS,
];

/// The tables of functions, for a set of templates.
#[must_use]
pub fn families() -> &'static [&'static [Func]] {
    FAMILIES
}

/// The function of this name.
#[must_use]
pub fn lookup(name: &str) -> Option<&'static Func> {
    functions().find(|f| f.name == name)
}

/// Every function of the library.
pub fn functions() -> impl Iterator<Item = &'static Func> {
    FAMILIES.iter().flat_map(|family| family.iter())
}
