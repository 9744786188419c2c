//! `coredns`, with the plugins that a cluster's DNS takes: those for the clouds' own services are most of the published program.

use std::path::Path;

use rhumb_testkit::lab::Part;

use super::go;

const MODULE: &str = "github.com/coredns/coredns";

/// In the order in which a question passes them.
const PLUGINS: &[&str] = &["errors", "health", "ready", "cache", "kubernetes", "forward"];

/// Builds it.
pub(super) fn build(part: &Part, folder: &Path) -> Result<(), String> {
    let workspace = go::Workspace::new(&format!("go 1.25.0\n\nrequire {MODULE} v{}\n", part.version))?;
    workspace.source("main.go", &main())?;
    workspace.build(".", "", &folder.join("coredns"))
}

/// The program: the server with these plugins.
fn main() -> String {
    let imports: String = PLUGINS.iter().map(|name| format!("\t_ \"{MODULE}/plugin/{name}\"\n")).collect();
    let names: Vec<_> = PLUGINS.iter().map(|name| format!("{name:?}")).collect();
    format!(
        "package main\n\nimport (\n\t\"{MODULE}/core/dnsserver\"\n\t\"{MODULE}/coremain\"\n{imports})\n\nfunc main() {{\n\tdnsserver.Directives = []string{{{}}}\n\tcoremain.Run()\n}}\n",
        names.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plugins_are_imported_and_ordered() {
        let text = main();
        assert!(text.contains("\t_ \"github.com/coredns/coredns/plugin/kubernetes\"\n"), "{text}");
        assert!(text.contains("{\"errors\", \"health\","), "{text}");
    }
}
