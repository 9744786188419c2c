//! The documents of a values file.

use memchr::memmem;

/// The documents of a text that may hold several, as Kubernetes' `NewYAMLReader` cuts them: at lines that start with `---`.
pub fn documents(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        loop {
            let text = rest?;
            let at = if text.starts_with(b"---") { Some(0) } else { memmem::find(text, b"\n---").map(|i| i + 1) };
            let Some(at) = at else {
                rest = None;
                return (!text.is_empty()).then_some(text);
            };
            let line = text[at..].iter().position(|b| *b == b'\n').map_or(text.len(), |n| at + n + 1);
            rest = Some(&text[line..]);
            if at > 0 {
                return Some(&text[..at]);
            }
        }
    })
}
