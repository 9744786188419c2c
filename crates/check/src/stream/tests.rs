//! All answers were observed with `helm lint` of Helm 4.3.1.

use super::*;

/// The kinds, `-` for nothing, `!` before an error.
fn run(text: &str) -> String {
    let show = |found: Found| match found {
        Ok(Some(head)) => format!("{}/{}", head.kind, head.name),
        Ok(None) => "-".to_owned(),
        Err(text) => format!("! {text}"),
    };
    documents(text.as_bytes()).map(show).collect::<Vec<_>>().join(" ")
}

#[test]
fn yaml() {
    let misfit = "! error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go value of type \
                  rules.k8sYamlStruct";
    let cases = [
        ("kind: A", "A/"),
        ("kind: A\n---\n\n---\nfoo", &format!("A/ - {misfit}")),
        ("---\n---\nkind: A\n---\n", "- A/"),
        ("kind: A\n---#c\nkind: B", "A/ B/"),
        ("kind: A\r\n---\r\nkind: B\r\n", "A/ B/"),
        ("null\n---\nkind: A", "- A/"),
        ("kind: A\n----\nfoo", "! invalid Yaml document separator: -"),
        ("--- kind: A", "! invalid Yaml document separator: kind: A"),
        ("kind: A\n ---\nfoo", "! error converting YAML to JSON: yaml: line 4: could not find expected ':'"),
        ("---\n{\"kind\": \"B\\/\"}", "! error converting YAML to JSON: yaml: line 2: found unknown escape character"),
        ("kind: .inf", "+Inf/"),
        ("a: .inf", "! error converting YAML to JSON: json: unsupported value: +Inf"),
        ("KIND: 5\nMetadata: {NAME: true}", "5/true"),
        (
            "metadata: [x]",
            "! error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go struct field \
             .metadata of type rules.k8sYamlMetadata",
        ),
    ];
    for (text, want) in cases {
        assert_eq!(run(text), want, "{text:?}");
    }
}

#[test]
fn json_and_yaml_behind_it() {
    let cases = [
        ("{}", "/"),
        ("{\"kind\": \"A\\/\"} {\"kind\": \"B\"}null\n", "A// B/ -"),
        ("{\"kind\": \"A\"} # c\n", "A/ -"),
        ("{\"kind\": \"A\"} # c", "A/ ! json: offset 15: invalid character '#' looking for beginning of value"),
        ("{\"kind\": \"A\"}\n# c", "A/ -"),
        ("{\"kind\": \"A\"}\nkind: B", "A/ B/"),
        ("{\"kind\": \"A\"}\n---\nkind: B\n---\nkind: C", "A/ B/ C/"),
        ("{\"kind\": \"A\"}\n~", "A/ ! json: offset 15: invalid character '~' looking for beginning of value"),
        ("{\"kind\": \"A\"}\n{\"kind\": 5}", "A/ 5/"),
        ("{\"kind\": \"A\"}\n\"x\"", "A/ ! json: cannot unmarshal string into Go value of type rules.k8sYamlStruct"),
        ("{\"kind\": \"A\"}{}\n# c", "A/ / ! invalid character '#' looking for beginning of value"),
        ("{\"kind\": \"A\"", "! unexpected EOF"),
        ("{{ x }}", "! json: offset 2: invalid character '{' looking for beginning of object key string"),
        ("{kind: A}", "A/"),
        ("{\"kind\": 5}", "5/"),
        ("{\"kind\":\"A\",\"KIND\":\"B\",\"metadata\":{\"name\":\"a\"},\"metadata\":{}}", "B/a"),
        (
            "{\"metadata\":[1],\"kind\":{}}\n@",
            "! json: cannot unmarshal array into Go struct field .metadata of type rules.k8sYamlMetadata",
        ),
        ("{\"kind\":1e400}\n@", "! json: cannot unmarshal number into Go struct field .kind of type string"),
        ("{\"a\": 1e999, \"kind\": \"A\"}", "A/"),
        (
            "{\"metadata\": \"x\"}",
            "! json: cannot unmarshal string into Go struct field .metadata of type rules.k8sYamlMetadata",
        ),
    ];
    for (text, want) in cases {
        assert_eq!(run(text), want, "{text:?}");
    }
    assert_eq!(run(&format!("{}{{\"kind\": \"A\\/\"}}", " ".repeat(4090))), "A//");
    assert!(run(&format!("{}{{\"kind\": \"A\\/\"}}", " ".repeat(5000))).starts_with("! error converting"));
}
