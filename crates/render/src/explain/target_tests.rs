//! Questions as they are typed.

use super::*;

fn object(api_version: &str, kind: &str) -> Object {
    Object {
        reference: String::new(),
        part: ObjectKind::Manifest,
        api_version: api_version.into(),
        kind: kind.into(),
        name: "x".into(),
        namespace: "default".into(),
        hook: None,
        template: "c/templates/a.yaml".into(),
        file: None,
        range: 0..0,
        own: Vec::new(),
    }
}

#[test]
fn questions_are_read() {
    let key = |k: &str| Seek::Key(k.into());
    let of = |kind: &str, namespace: Option<&str>, name: &str, path: Vec<Seek>| Target::Object {
        kind: kind.into(),
        namespace: namespace.map(str::to_owned),
        name: name.into(),
        path,
    };
    let cases = [
        ("web", of("", None, "web", vec![])),
        ("Deploy/web", of("Deploy", None, "web", vec![])),
        ("svc/ns/web:", of("svc", Some("ns"), "web", vec![])),
        ("a/b:spec.replicas", of("a", None, "b", vec![key("spec"), key("replicas")])),
        ("a/b:.x[0].y", of("a", None, "b", vec![key("x"), Seek::Index(0), key("y")])),
        ("a/b:x[name=y]", of("a", None, "b", vec![key("x"), Seek::Where("name".into(), "y".into())])),
        ("a/b:x[\"c.d/e\"].f['g']", of("a", None, "b", vec![key("x"), key("c.d/e"), key("f"), key("g")])),
        ("notes", Target::Notes),
        (".Values", Target::Value(Path::default())),
        (".Values.a[1].b", Target::Value(Path(vec![Step::key("a"), Step::Index(1), Step::key("b")]))),
        ("Values.a", Target::Value(Path(vec![Step::key("a")]))),
    ];
    for (text, want) in cases {
        assert_eq!(Target::parse(text), Ok(want), "{text}");
    }
    for wrong in ["a/", "a/b/c/d", "a/b:x[0", ".Values.a[b=c]"] {
        assert!(Target::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn kinds_have_many_names() {
    let cases = [
        (
            "apps/v1",
            "Deployment",
            "deploy deployment deployments Deployment deployment.apps deploy.v1.apps",
            "dep pod deployment.batch",
        ),
        ("v1", "Service", "svc services service.v1", "service.apps"),
        (
            "networking.k8s.io/v1",
            "Ingress",
            "ing ingresses ingress.networking ingress.networking.k8s.io",
            "ingress.net",
        ),
        ("networking.k8s.io/v1", "NetworkPolicy", "netpol networkpolicies", "networkpolicys"),
        ("v1", "Endpoints", "ep endpoints", "endpointses"),
        ("x.io/v1", "Prometheus", "prometheus prometheuses", "prom"),
    ];
    for (version, kind, good, bad) in cases {
        let object = object(version, kind);
        for word in good.split(' ') {
            assert!(object.is_of_kind(word), "{word}");
        }
        for word in bad.split(' ') {
            assert!(!object.is_of_kind(word), "{word}");
        }
    }
}

#[test]
fn paths_are_followed_and_near_ones_offered() {
    let text = "metadata:\n  annotations: {a.b/c: 1}\nspec:\n  list: [{name: one}, {name: two, port: 80}]\n";
    let document = rhumb_yaml::parse_value(text.as_bytes()).unwrap();
    let find = |path: &str| match resolve(&document, &seek(path).unwrap(), "K/n") {
        Ok(path) => path.to_string(),
        Err(trouble) => format!("! {trouble}"),
    };
    let cases = [
        ("spec.list[1].port", "spec.list[1].port"),
        ("spec.list[name=two]", "spec.list[1]"),
        ("spec.list[port=80].name", "spec.list[1].name"),
        ("spec.list.two.port", "spec.list[1].port"),
        ("spec.list.0", "spec.list[0]"),
        ("metadata.annotations.a.b/c", "metadata.annotations[\"a.b/c\"]"),
        ("metadata.annotations['a.b/c']", "metadata.annotations[\"a.b/c\"]"),
        ("spce", "! there is no field spce in K/n; did you mean K/n:spec?"),
        (
            "spec.list[2]",
            "! there is no element 2 in K/n:spec.list, which is a list; did you mean K/n:spec.list[0], K/n:spec.list[1]?",
        ),
        ("spec.list[0].name.x", "! there is no field x in K/n:spec.list[0].name, which is a plain value"),
    ];
    for (path, want) in cases {
        assert_eq!(find(path), want);
    }
}
