//! Under which name the program was started: its own, or `helm` as a drop-in.

/// Who we are in this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Persona {
    /// Started as `helm`: every byte as Helm.
    Helm,
    /// Started under any other name.
    Rhumb,
}

impl Persona {
    /// From the first word of the command line: its file name decides.
    pub(crate) fn from_program(program: &str) -> Self {
        let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
        let name = name.strip_suffix(".exe").unwrap_or(name);
        if name == "helm" { Self::Helm } else { Self::Rhumb }
    }

    /// The name that usage lines and messages carry.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Helm => "helm",
            Self::Rhumb => "rhumb",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_name_decides() {
        for helm in ["helm", "/usr/bin/helm", "./helm", "C:\\x\\helm.exe"] {
            assert_eq!(Persona::from_program(helm), Persona::Helm, "{helm}");
        }
        for other in ["rhumb", "", "/helm/rhumb", "helm3", "xhelm"] {
            assert_eq!(Persona::from_program(other), Persona::Rhumb, "{other}");
        }
    }
}
