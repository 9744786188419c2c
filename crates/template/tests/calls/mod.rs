//! Helm's `include` and `tpl` in their plainest form, for tests and examples.

use rhumb_template::{Call, Error};
use rhumb_value::Value;

/// What a named template writes.
pub(crate) fn include(c: &mut Call<'_>) -> Result<Value, Error> {
    let name = c.args[0].as_str().cloned().unwrap_or_default();
    c.runtime.execute(&name, &c.args[1]).map(Value::Str)
}

/// What a text writes as a template.
pub(crate) fn tpl(c: &mut Call<'_>) -> Result<Value, Error> {
    let text = c.args[0].as_str().cloned().unwrap_or_default();
    c.runtime.execute_text(&text, &c.args[1]).map(Value::Str)
}
