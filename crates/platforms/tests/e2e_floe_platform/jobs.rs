//! charts/floe-jobs beside the platform, with a real dbt.

use libtest_mimic::Failed;
use rhumb_platforms::{Chart, images};
use serde_json::{Value, json};

use super::stage::{NAMESPACE, Stage};

const CHART: Chart = Chart::FLOE_JOBS;

/// F-05, F-06, F-07, REQ-622: dbt builds the models of a project that comes out of a ConfigMap, with a profile and the compiled artifacts of
/// the values, as a Job that completes; its schedule starts the same by hand; a run that fails leaves its reason in the log.
pub(super) fn dbt(stage: &Stage) -> Result<(), Failed> {
    let node = stage.node();
    let project = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "shop", "namespace": NAMESPACE}, "data": {
        "dbt_project.yml": "name: shop\nversion: '1.0'\nprofile: shop\nmodel-paths: ['.']\n",
        "orders.sql": "{{ config(materialized='table') }}\nselect range as id, range * 10 as price from range(1, 4)",
        "total.sql": "select sum(price) as price from {{ ref('orders') }}",
        "schema.yml": "version: 2\nmodels:\n  - name: total\n    columns:\n      - name: price\n        data_tests: [{accepted_values: {arguments: {values: [60]}}}]\n",
    }});
    node.must(&["create", "-f", "-"], &project.to_string())?;
    let values = json!({
        "platform": {"servicePrefix": "floe"},
        "defaults": {"image": {"repository": images::DBT, "tag": "1"}, "backoffLimit": 0},
        "compiledArtifacts": {"inline": include_str!("../../../../charts/floe-jobs/ci/compiled_artifacts.json")},
        "dbt": {
            "enabled": true, "subcommand": "build", "target": "lab", "project": {"existingConfigMap": "shop"},
            "profiles": {"shop": {"target": "lab", "outputs": {"lab": {"type": "duckdb", "path": "/tmp/lab.duckdb"}}}},
        },
        "jobs": {
            "nightly": {"schedule": "0 3 1 1 *", "image": {"repository": images::DBT, "tag": "1"}, "command": ["/bin/sh", "-c"],
                "args": ["cat $FLOE_COMPILED_ARTIFACTS | sha256sum; echo $POLARIS_URI"]},
            "broken": {"command": ["dbt"], "args": ["run", "--project-dir", "/nowhere"]},
        },
    });
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("values.json");
    std::fs::write(&file, values.to_string())?;
    let file = file.to_str().ok_or("not UTF-8")?;
    stage.helm(CHART, &["install", "jobs", ".", "--namespace", NAMESPACE, "-f", file])?;
    built(stage)?;
    broken(stage)?;
    by_hand(stage)?;
    let said = stage.helm(CHART, &["test", "jobs", "--namespace", NAMESPACE])?;
    assert!(said.contains("Succeeded"), "{said}");
    stage.helm(CHART, &["uninstall", "jobs", "--namespace", NAMESPACE, "--wait"])?;
    Ok(())
}

/// The name of the Job of a component.
fn job(stage: &Stage, component: &str) -> Result<String, Failed> {
    let selector = format!("--selector=app.kubernetes.io/instance=jobs,app.kubernetes.io/component={component}");
    let jobs = stage.get(&["jobs", &selector])?;
    match jobs["items"].as_array().map(Vec::as_slice) {
        Some([job]) => Ok(job["metadata"]["name"].as_str().unwrap_or_default().to_owned()),
        _ => Err(format!("not one Job of {component}: {jobs}").into()),
    }
}

fn built(stage: &Stage) -> Result<(), Failed> {
    let name = format!("job/{}", job(stage, "dbt")?);
    stage.node().must(&["wait", "--for=condition=Complete", "--timeout=240s", "--namespace", NAMESPACE, &name], "")?;
    let log = stage.node().logs(NAMESPACE, &name)?;
    assert!(log.contains("Done. PASS=3 WARN=0 ERROR=0 SKIP=0"), "{log}");
    Ok(())
}

fn broken(stage: &Stage) -> Result<(), Failed> {
    let name = format!("job/{}", job(stage, "broken")?);
    stage.node().must(&["wait", "--for=condition=Failed", "--timeout=120s", "--namespace", NAMESPACE, &name], "")?;
    let log = stage.node().logs(NAMESPACE, &name)?;
    assert!(log.contains("/nowhere"), "{log}");
    Ok(())
}

/// The schedule has not come, and someone starts it.
fn by_hand(stage: &Stage) -> Result<(), Failed> {
    let crons = stage.get(&["cronjobs"])?;
    let cron = crons["items"][0]["metadata"]["name"].as_str().ok_or("no CronJob")?;
    let node = stage.node();
    node.must(&["create", "job", "by-hand", "--namespace", NAMESPACE, &format!("--from=cronjob/{cron}")], "")?;
    node.must(&["wait", "--for=condition=Complete", "--timeout=120s", "--namespace", NAMESPACE, "job/by-hand"], "")?;
    let log = node.logs(NAMESPACE, "job/by-hand")?;
    let map = stage.get(&["configmap", "jobs-floe-jobs-artifacts"])?;
    let text = map["data"]["compiled_artifacts.json"].as_str().ok_or("no artifacts")?;
    assert_eq!(Value::from(text), Value::from(include_str!("../../../../charts/floe-jobs/ci/compiled_artifacts.json")));
    assert!(log.lines().any(|line| line == "http://floe-polaris.floe:8181/api/catalog"), "{log}");
    node.must(&["delete", "job", "by-hand", "--namespace", NAMESPACE], "")?;
    Ok(())
}
