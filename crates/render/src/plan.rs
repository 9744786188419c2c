//! What rendering gives: the manifests in their order, the hooks, the CRDs, the notes.

use std::rc::Rc;

use rhumb_chart::Bytes;
use rhumb_yaml::Head;

use crate::hooks::Hook;
use crate::manifest::Text;

/// One document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The path of the template that wrote it, the chart's name first.
    pub path: Rc<str>,
    /// Its text.
    pub text: Text,
    /// Its kind, name and annotations.
    pub head: Head,
}

/// The documents of a release, ordered.
#[derive(Clone, Debug, Default)]
pub struct Sorted {
    /// What is installed, in the order of installation.
    pub manifests: Vec<Manifest>,
    /// What runs at events, in the same order of kinds.
    pub hooks: Vec<Hook>,
    /// The hook annotations that name an unknown event: their manifests are left out, with a line in the log.
    pub unknown_hooks: Vec<String>,
}

/// A CRD file, which is taken as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crd {
    /// The path, the chart's name first.
    pub path: String,
    /// The content.
    pub text: Bytes,
}

/// All that a chart becomes.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The CRDs of the chart and all below it.
    pub crds: Vec<Crd>,
    /// The manifests and hooks.
    pub sorted: Sorted,
    /// What NOTES.txt wrote.
    pub notes: Vec<u8>,
}
