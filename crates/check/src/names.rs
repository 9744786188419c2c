//! How Kubernetes wants objects to be named. Kinds, rules and words as observed with `helm lint` of Helm 4.3.1.

use rhumb_gostd::strconv::quote_string;

const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', \
    and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is \
    '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must \
    start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is \
    '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SERVICE: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an \
    alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for \
    validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

/// The complaint about a name for an object of this kind, if there is one.
pub(crate) fn check(kind: &str, name: &str) -> Option<String> {
    let complaints = match kind.to_lowercase().as_str() {
        "service" => service(name),
        "namespace" => label(name),
        "role" | "clusterrole" | "rolebinding" | "clusterrolebinding" => path_segment(name),
        "certificatesigningrequest" => Vec::new(),
        _ => subdomain(name),
    };
    let quoted = quote_string(name.as_bytes());
    let mut texts = complaints.iter().map(|c| format!("metadata.name: Invalid value: {quoted}: {c}"));
    match complaints.len() {
        0 => None,
        1 => texts.next(),
        _ => Some(format!("[{}]", texts.collect::<Vec<_>>().join(", "))),
    }
}

fn too_long(name: &str, most: usize) -> Option<String> {
    (name.len() > most).then(|| format!("must be no more than {most} characters"))
}

fn subdomain(name: &str) -> Vec<String> {
    let shape = (!is_subdomain(name)).then(|| SUBDOMAIN.to_owned());
    too_long(name, 253).into_iter().chain(shape).collect()
}

fn label(name: &str) -> Vec<String> {
    let shape = match () {
        () if is_label(name) => None,
        () if is_subdomain(name) => Some("must not contain dots".to_owned()),
        () => Some(LABEL.to_owned()),
    };
    too_long(name, 63).into_iter().chain(shape).collect()
}

fn service(name: &str) -> Vec<String> {
    let good = is_label(name) && name.starts_with(|c: char| c.is_ascii_lowercase());
    too_long(name, 63).into_iter().chain((!good).then(|| SERVICE.to_owned())).collect()
}

fn path_segment(name: &str) -> Vec<String> {
    if matches!(name, "." | "..") {
        return vec![format!("may not be '{name}'")];
    }
    ["/", "%"].into_iter().filter(|c| name.contains(c)).map(|c| format!("may not contain '{c}'")).collect()
}

fn is_label(text: &str) -> bool {
    let plain = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    match text.as_bytes() {
        [] => false,
        [one] => plain(one),
        [first, middle @ .., last] => plain(first) && plain(last) && middle.iter().all(|b| plain(b) || *b == b'-'),
    }
}

fn is_subdomain(text: &str) -> bool {
    text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The complaint with long texts made short.
    fn run(kind: &str, name: &str) -> String {
        let text = check(kind, name).unwrap_or_default();
        let text = text.replace(SUBDOMAIN, "SUBDOMAIN").replace(LABEL, "LABEL").replace(SERVICE, "SERVICE");
        text.replace("metadata.name: Invalid value", "!")
    }

    // Observed with `helm lint` of Helm 4.3.1.
    #[test]
    fn names_of_kinds() {
        let cases = [
            ("Pod", "a.b", ""),
            ("Pod", "1", ""),
            ("Pod", "", "!: \"\": SUBDOMAIN"),
            ("Pod", "a..b", "!: \"a..b\": SUBDOMAIN"),
            ("Pod", "a.-b", "!: \"a.-b\": SUBDOMAIN"),
            ("Foo", "\u{1}\"", "!: \"\\x01\\\"\": SUBDOMAIN"),
            ("Service", "a-1", ""),
            ("service", "1a", "!: \"1a\": SERVICE"),
            ("Service", "a.b", "!: \"a.b\": SERVICE"),
            ("Namespace", "1a", ""),
            ("Namespace", "a.b", "!: \"a.b\": must not contain dots"),
            ("namespace", "a.-b", "!: \"a.-b\": LABEL"),
            ("Namespace", "", "!: \"\": LABEL"),
            ("Role", "", ""),
            ("ROLE", "system:a b", ""),
            ("ClusterRole", "%/", "[!: \"%/\": may not contain '/', !: \"%/\": may not contain '%']"),
            ("RoleBinding", "..", "!: \"..\": may not be '..'"),
            ("CertificateSigningRequest", "a/%", ""),
            ("RoleList", "A", "!: \"A\": SUBDOMAIN"),
        ];
        for (kind, name, want) in cases {
            assert_eq!(run(kind, name), want, "{kind} {name}");
        }
    }

    // Observed with `helm lint` of Helm 4.3.1.
    #[test]
    fn long_names() {
        let cases = [
            ("Pod", "x".repeat(253), ""),
            ("Pod", "x".repeat(254), "!: NN: must be no more than 253 characters"),
            ("Pod", "X".repeat(254), "[!: NN: must be no more than 253 characters, !: NN: SUBDOMAIN]"),
            ("Service", "x".repeat(64), "!: NN: must be no more than 63 characters"),
            (
                "Namespace",
                "a.b".repeat(22),
                "[!: NN: must be no more than 63 characters, !: NN: must not contain dots]",
            ),
        ];
        for (kind, name, want) in cases {
            assert_eq!(run(kind, &name).replace(&format!("\"{name}\""), "NN"), want, "{kind}");
        }
    }
}
