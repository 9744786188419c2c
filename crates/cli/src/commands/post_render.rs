//! `--post-renderer`: the plugin that all manifests and hooks go through.

use rhumb_gostd::strings::trim_space;
use rhumb_world::World;

use crate::plugins::Plugin;
use crate::run::Call;

/// How many bytes of a plugin's own complaint are told.
const MOST_TOLD: usize = 2000;

/// The plugin with what it will be given and what came of it.
pub(super) struct PostRenderer<'a> {
    plugin: &'a Plugin,
    args: &'a [String],
    world: &'a dyn World,
    /// Log lines for `--debug`.
    pub(super) log: String,
    /// What the plugin said on standard error.
    said: Vec<u8>,
}

impl<'a> PostRenderer<'a> {
    /// The one that the command line names, if it names one.
    pub(super) fn of(call: &Call<'a>) -> Option<Self> {
        let plugin = call.parsed.post_renderer.as_ref()?;
        let args = call.parsed.list("post-renderer-args");
        Some(PostRenderer { plugin, args, world: call.world, log: String::new(), said: Vec::new() })
    }

    /// Gives the plugin a stream of documents. The error is Helm's.
    pub(super) fn run(&mut self, stream: &[u8]) -> Result<Vec<u8>, String> {
        let told = |text: String| format!("error while running post render on files: {text}");
        let run = self.plugin.run(self.world, self.args, stream);
        self.log = run.log;
        self.said = run.said;
        let name = &self.plugin.name;
        let answer = run.answer.map_err(|e| told(format!("failed to invoke post-renderer plugin \"{name}\": {e}")))?;
        if trim_space(&answer).is_empty() {
            return Err(told(format!("post-renderer \"{name}\" produced empty output")));
        }
        Ok(answer)
    }

    /// The end of what the plugin said on standard error: Helm drops it, but it tells most about a failure.
    pub(super) fn complaint(&self) -> Option<String> {
        let text = String::from_utf8_lossy(trim_space(&self.said)).into_owned();
        let from = text.len().saturating_sub(MOST_TOLD);
        let from = (from..text.len()).find(|at| text.is_char_boundary(*at))?;
        Some(format!("the plugin said: {}", &text[from..]))
    }
}
