//! `Chart.yaml` and the lock file as Go types, for each generation of charts.

use rhumb_yaml::shape::{Fields, Shape};

/// The `apiVersion` of the generation that the reference loads, and refuses to render.
pub const V3: &str = "v3";

/// The loader that a chart is read by, which shows in the names of types. It is chosen by `apiVersion` where a chart is to
/// be rendered, and always the older one elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// `v1` and `v2`.
    V2,
    /// `v3`, which knows no `requirements.yaml`.
    V3,
}

impl Generation {
    /// `Chart.yaml`.
    #[must_use]
    pub fn shape(self) -> &'static Shape {
        match self {
            Generation::V2 => &CHART,
            Generation::V3 => &v3::CHART,
        }
    }

    /// `Chart.lock`.
    pub(crate) fn lock(self) -> &'static Shape {
        match self {
            Generation::V2 => &v2::LOCK,
            Generation::V3 => &v3::LOCK,
        }
    }
}

/// `Chart.yaml` as the type that the reference reads it into.
pub const CHART: Shape = v2::CHART;

/// The one field that the reference looks at first, to learn which kind of chart it has.
pub const CHART_BASE: Shape = Shape::Struct("loader.chartBase", &[("apiVersion", Shape::Text)]);

/// The types of one generation, which differ in the names of their packages only.
macro_rules! generation {
    ($package:ident, $name:literal) => {
        mod $package {
            use super::{DEPENDENCY, Fields, MAINTAINER, Shape};

            const MAINTAINERS: Shape = Shape::List(
                concat!("[]*", $name, ".Maintainer"),
                &Shape::Struct(concat!($name, ".Maintainer"), MAINTAINER),
            );

            const DEPENDENCIES: Shape = Shape::List(
                concat!("[]*", $name, ".Dependency"),
                &Shape::Struct(concat!($name, ".Dependency"), DEPENDENCY),
            );

            const FIELDS: Fields = &[
                ("name", Shape::Text),
                ("home", Shape::Text),
                ("sources", Shape::List("[]string", &Shape::Text)),
                ("version", Shape::Text),
                ("description", Shape::Text),
                ("keywords", Shape::List("[]string", &Shape::Text)),
                ("maintainers", MAINTAINERS),
                ("icon", Shape::Text),
                ("apiVersion", Shape::Text),
                ("condition", Shape::Text),
                ("tags", Shape::Text),
                ("appVersion", Shape::Text),
                ("deprecated", Shape::Flag),
                ("annotations", Shape::Map("map[string]string", &Shape::Text)),
                ("kubeVersion", Shape::Text),
                ("dependencies", DEPENDENCIES),
                ("type", Shape::Text),
            ];

            pub(super) const CHART: Shape = Shape::Struct(concat!($name, ".Metadata"), FIELDS);

            pub(super) const LOCK: Shape = Shape::Struct(
                concat!($name, ".Lock"),
                &[("digest", Shape::Text), ("dependencies", DEPENDENCIES), ("generated", Shape::Any)],
            );
        }
    };
}

generation!(v2, "v2");
generation!(v3, "v3");

const MAINTAINER: Fields = &[("name", Shape::Text), ("email", Shape::Text), ("url", Shape::Text)];

const DEPENDENCY: Fields = &[
    ("name", Shape::Text),
    ("version", Shape::Text),
    ("repository", Shape::Text),
    ("condition", Shape::Text),
    ("tags", Shape::List("[]string", &Shape::Text)),
    ("enabled", Shape::Flag),
    ("import-values", Shape::List("[]interface {}", &Shape::Any)),
    ("alias", Shape::Text),
];
