//! The worked examples in `docs/explain.md`: its files are unpacked, its commands run, their output compared.
//! `RHUMB_WRITE=1` writes what is answered now into the page, to be read before it is kept.

use std::path::Path;
use std::process::Command;

/// A fenced block: what follows the fence, the line before it, and the lines in it.
struct Block<'t> {
    kind: &'t str,
    before: &'t str,
    lines: Vec<&'t str>,
    /// The numbers of its first line and of the closing fence.
    at: (usize, usize),
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let lines: Vec<&str> = page.lines().collect();
    let mut blocks = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        if let Some(kind) = lines[at].strip_prefix("```") {
            let end = (at + 1..lines.len()).find(|i| lines[*i] == "```").expect("the fence is closed");
            let before = if at > 0 { lines[at - 1] } else { "" };
            blocks.push(Block { kind, before, lines: lines[at + 1..end].to_vec(), at: (at + 1, end) });
            at = end;
        }
        at += 1;
    }
    blocks
}

fn unpack(blocks: &[Block<'_>], folder: &Path) {
    for block in blocks {
        let Some(path) = block.before.strip_prefix('`').and_then(|p| p.strip_suffix("`:")) else { continue };
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("the path has a folder")).expect("a folder");
        std::fs::write(path, block.lines.join("\n") + "\n").expect("a file");
    }
}

fn answer(line: &str, folder: &Path) -> String {
    let words = line.strip_prefix("$ rhumb ").expect("a command of ours");
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("exec \"$RHUMB\" {words}")).env("RHUMB", env!("CARGO_BIN_EXE_rhumb"));
    let output = command.current_dir(folder).output().expect("a shell");
    [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("UTF-8")).concat()
}

#[test]
fn the_page_about_explain_is_true() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/explain.md");
    let page = std::fs::read_to_string(&path).expect("the page");
    let blocks = blocks(&page);
    let folder = tempfile::tempdir().expect("a folder");
    unpack(&blocks, folder.path());
    let mut lines: Vec<String> = page.lines().map(str::to_owned).collect();
    let mut examples = 0;
    for block in blocks.iter().rev().filter(|b| b.kind == "console") {
        let command = *block.lines.first().expect("a command");
        let mut now = vec![command.to_owned()];
        now.extend(answer(command, folder.path()).lines().map(str::to_owned));
        lines.splice(block.at.0..block.at.1, now);
        examples += 1;
    }
    let now = lines.join("\n") + "\n";
    assert!(examples >= 8, "the examples were found");
    if std::env::var_os("RHUMB_WRITE").is_some() {
        std::fs::write(&path, &now).expect("the page can be written");
    } else {
        assert_eq!(page, now, "an example answers otherwise: RHUMB_WRITE=1 cargo test -p rhumb --test documents");
    }
}
