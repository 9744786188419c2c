//! The codes of errors: stable names that machines match and `docs/errors.md` explains.

macro_rules! codes {
    ($($name:ident = $code:literal, $title:literal;)*) => {
        $(#[doc = concat!("`", $code, "`: ", $title, ".")]
        pub const $name: &str = $code;)*

        /// Every code with its title, in order.
        pub static ALL: &[(&str, &str)] = &[$(($code, $title)),*];
    };
}

codes! {
    FAILED = "RH0100", "the command failed";
    UNKNOWN_COMMAND = "RH0101", "no such command";
    UNKNOWN_FLAG = "RH0102", "no such flag";
    BAD_FLAG = "RH0103", "a flag has a value that it does not take";
    NO_CHART = "RH0104", "there is no chart at this place";
    NEEDS_CLUSTER = "RH0105", "this needs a cluster";
    NEEDS_NETWORK = "RH0106", "this needs a repository, a registry or the network";
    BAD_ARGUMENTS = "RH0107", "the command takes other arguments";
    NOT_DONE_YET = "RH0108", "this is not done yet";
    UNREADABLE_FILE = "RH0109", "a file cannot be read";
    CHART_YAML_SYNTAX = "RH0201", "Chart.yaml is no YAML";
    CHART_YAML_FIELD = "RH0202", "a field of Chart.yaml is missing or wrong";
    VALUES_SYNTAX = "RH0203", "a values file is no YAML";
    SET_SYNTAX = "RH0204", "a --set argument cannot be read";
    SCHEMA = "RH0205", "values do not fit the chart's schema";
    BAD_SCHEMA = "RH0206", "the chart's schema is wrong itself";
    DEPENDENCIES = "RH0207", "a chart that this one depends on is missing or wrong";
    KUBE_VERSION = "RH0208", "the chart wants another version of Kubernetes";
    CHART_FILES = "RH0209", "the files of the chart cannot be read";
    VALUES_SHAPE = "RH0210", "a subchart's values are no table";
    LIBRARY = "RH0211", "a library chart renders nothing by itself";
    UNCLOSED_ACTION = "RH0301", "an action is not closed";
    UNKNOWN_FUNCTION = "RH0302", "no such function";
    UNDEFINED_VARIABLE = "RH0303", "no such variable";
    MISSING_END = "RH0304", "a block has no end";
    STRAY_END = "RH0305", "an end or else belongs to nothing";
    UNTERMINATED = "RH0306", "a text, a comment or a parenthesis is not closed";
    TEMPLATE_SYNTAX = "RH0307", "a template cannot be read";
    DEFINED_TWICE = "RH0308", "a file defines a template twice";
    NIL_POINTER = "RH0401", "a path leads through a value that is missing";
    NO_FIELD = "RH0402", "a field is asked of a value that has none";
    WRONG_TYPE = "RH0403", "a function is given a value of another type";
    WRONG_COUNT = "RH0404", "a function is given too few or too many arguments";
    UNKNOWN_TEMPLATE = "RH0405", "no such named template";
    CHART_SAYS_NO = "RH0406", "the chart refuses to render";
    INDEX = "RH0407", "an index or a key leads nowhere";
    TOO_DEEP = "RH0408", "templates call each other without end";
    FUNCTION_FAILED = "RH0409", "a function failed";
    NOT_ITERABLE = "RH0410", "a range goes over a value that cannot be ranged";
    INCOMPARABLE = "RH0411", "two values of different types are compared";
    TEMPLATE_FAILED = "RH0412", "a template failed";
    RENDERED_SYNTAX = "RH0501", "what a template wrote is no YAML";
    RENDERED_SHAPE = "RH0502", "what a template wrote is no manifest";
    POST_RENDERER = "RH0503", "the post-renderer failed";
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn codes_are_sorted_and_unique() {
        assert!(ALL.is_sorted_by(|a, b| a.0 < b.0));
        assert!(ALL.iter().all(|(code, _)| code.len() == 6 && code.starts_with("RH")));
    }

    /// `docs/errors.md` has a section for each code, in this order and under this title, with what to do.
    #[test]
    fn every_code_is_explained() {
        let page = include_str!("../../../docs/errors.md");
        let sections: Vec<&str> = page.split("\n### ").skip(1).collect();
        let titles: Vec<&str> = sections.iter().filter_map(|s| s.lines().next()).collect();
        let wanted: Vec<String> = ALL.iter().map(|(code, title)| format!("{code} {title}")).collect();
        assert_eq!(titles, wanted);
        for section in sections {
            assert!(section.contains("Fix: "), "{section}");
        }
    }
}
