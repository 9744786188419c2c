//! Points for what a pod does for its own safety, by the rules that kubesec gives them by.

use serde_json::{Value, json};

use super::{name, renders, text};

/// What a pod's own spec is worth, and each of its containers: a container's points count once, as the least of them.
fn score(pod: &Value) -> i64 {
    let spec = &pod["spec"];
    let own = &spec["securityContext"];
    let mut points = 0;
    for (holds, worth) in [
        (!text(&spec["serviceAccountName"]).is_empty(), 3),
        (spec["automountServiceAccountToken"] == false, 1),
        (own["seccompProfile"]["type"] == "RuntimeDefault", 1),
        (spec["hostNetwork"] == true, -9),
        (spec["hostPID"] == true, -9),
        (spec["hostIPC"] == true, -9),
        (spec["hostAliases"].is_array(), -3),
        (spec["volumes"].to_string().contains("docker.sock"), -9),
    ] {
        points += if holds { worth } else { 0 };
    }
    let all = ["initContainers", "containers"].into_iter().flat_map(|list| spec[list].as_array().into_iter().flatten());
    points + all.map(|container| container_score(own, container)).min().unwrap_or_default()
}

fn container_score(pod: &Value, container: &Value) -> i64 {
    let own = &container["securityContext"];
    let either = |key: &str| if own[key].is_null() { pod[key].clone() } else { own[key].clone() };
    let dropped = &own["capabilities"]["drop"];
    let rules = [
        (dropped.as_array().is_some_and(|all| !all.is_empty()), 1),
        (dropped.as_array().is_some_and(|all| all.contains(&json!("ALL"))), 1),
        (own["readOnlyRootFilesystem"] == true, 1),
        (either("runAsNonRoot") == true, 1),
        (either("runAsUser").as_i64().is_some_and(|user| user > 10_000), 1),
        (container["resources"]["limits"]["cpu"].is_string(), 1),
        (container["resources"]["limits"]["memory"].is_string(), 1),
        (container["resources"]["requests"]["cpu"].is_string(), 1),
        (container["resources"]["requests"]["memory"].is_string(), 1),
        (own["allowPrivilegeEscalation"] == true, -7),
        (own["privileged"] == true, -30),
        (own["capabilities"]["add"].to_string().contains("SYS_ADMIN"), -30),
    ];
    rules.iter().map(|(holds, worth)| if *holds { *worth } else { 0 }).sum()
}

/// every pod of every values file has more than 7 points.
#[test]
fn x05_pods_are_above_seven() {
    for (place, _, objects) in renders() {
        for (object, pod) in objects.pods() {
            let points = score(pod);
            assert!(points > 7, "{place}: {} {}: {points}", object["kind"], name(object));
        }
    }
}

#[test]
fn the_score_can_be_low() {
    assert_eq!(score(&json!({"spec": {"containers": [{"name": "a"}]}})), 0);
    let bad = json!({"spec": {"hostNetwork": true, "containers": [{"securityContext": {"privileged": true}}]}});
    assert_eq!(score(&bad), -39);
}
