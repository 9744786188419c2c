//! The platform's services know each other.

use libtest_mimic::Failed;
use serde_json::{Value, json};

use super::stage::{CHART, NAMESPACE, Stage, VALUES};

const LOCATIONS: &str = "{ workspaceOrError { ... on Workspace { locationEntries { name loadStatus locationOrLoadError { __typename } } } } }";

const LAUNCH: &str = "mutation($selector: JobOrPipelineSelector!) { launchRun(executionParams: {selector: $selector}) { __typename \
                      ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }";

const STATUS: &str = "query($id: ID!) { runOrError(runId: $id) { __typename ... on Run { status } } }";

/// F-02, REQ-635, REQ-628: the webserver lists the code location; an asset is materialised by a Job that the launcher made in the cluster, and its run
/// stands in PostgreSQL; the stand-in for Polaris gives a token for the generated password and lists the catalog of the values; the
/// span that the run's pod sends arrives in the collector; the chart's own tests look at all of it.
pub(super) fn wiring(stage: &Stage) -> Result<(), Failed> {
    stage.helm(CHART, &["upgrade", "floe", ".", "--namespace", NAMESPACE, "-f", VALUES, "--timeout=10m"])?;
    stage.settled(600)?;
    located(stage)?;
    let run = launched(stage)?;
    let recorded = format!("SELECT status FROM runs WHERE run_id = '{run}'");
    assert_eq!(stage.sql("dagster", &recorded)?, "SUCCESS");
    let materialised = format!(
        "SELECT string_agg(asset_key, ' ' ORDER BY id) FROM event_logs WHERE run_id = '{run}' AND dagster_event_type = 'ASSET_MATERIALIZATION'"
    );
    assert_eq!(stage.sql("dagster", &materialised)?, "[\"numbers\"] [\"traced\"]");
    let job = format!("job/dagster-run-{run}");
    stage.node().must(&["wait", "--for=condition=Complete", "--timeout=60s", "--namespace", NAMESPACE, &job], "")?;
    arrived(stage, &run)?;
    catalogs(stage)?;
    stage.helm(CHART, &["test", "floe", "--namespace", NAMESPACE]).map(drop)
}

fn graphql(stage: &Stage, query: &str, variables: &Value) -> Result<Value, Failed> {
    let body = json!({"query": query, "variables": variables}).to_string();
    let url = format!("{}/graphql", stage.address("floe-dagster-webserver")?);
    let said = stage.curl(&["--header", "Content-Type: application/json", "--data", &body, &url])?;
    let said: Value = serde_json::from_str(&said).map_err(|e| format!("{e}: {said}"))?;
    if said["errors"].is_null() { Ok(said["data"].clone()) } else { Err(said.to_string().into()) }
}

/// The code location is there, and loaded.
fn located(stage: &Stage) -> Result<(), Failed> {
    let want =
        json!([{"name": "demo", "loadStatus": "LOADED", "locationOrLoadError": {"__typename": "RepositoryLocation"}}]);
    let mut last = Value::Null;
    let loaded = stage.until("the code location", 120, || {
        last = graphql(stage, LOCATIONS, &Value::Null).unwrap_or_default();
        last["workspaceOrError"]["locationEntries"] == want
    });
    loaded.map_err(|why| format!("{}{last}", why.message().unwrap_or_default()).into())
}

/// Materialises both assets, and gives the run's name.
fn launched(stage: &Stage) -> Result<String, Failed> {
    let selector = json!({
        "repositoryLocationName": "demo", "repositoryName": "__repository__", "jobName": "__ASSET_JOB",
        "assetSelection": [{"path": ["numbers"]}, {"path": ["traced"]}],
    });
    let said = graphql(stage, LAUNCH, &json!({"selector": selector}))?;
    let run = said["launchRun"]["run"]["runId"].as_str().ok_or_else(|| format!("not launched: {said}"))?.to_owned();
    let mut status = String::new();
    let ended = stage.until("the run", 300, || {
        let said = graphql(stage, STATUS, &json!({"id": run})).unwrap_or_default();
        status = said["runOrError"]["status"].as_str().unwrap_or_default().to_owned();
        ["SUCCESS", "FAILURE", "CANCELED"].contains(&status.as_str())
    });
    ended.map_err(|why| format!("{}{status}", why.message().unwrap_or_default()))?;
    if status == "SUCCESS" { Ok(run) } else { Err(format!("the run ended as {status}").into()) }
}

/// The collector prints the span that the run sent.
fn arrived(stage: &Stage, run: &str) -> Result<(), Failed> {
    let mut said = String::new();
    let came = stage.until("the span", 60, || {
        let selector = "--selector=app.kubernetes.io/name=otel-collector";
        let args = ["logs", "--namespace", NAMESPACE, selector, "--tail=-1"];
        said = stage.node().get(&args, "").unwrap_or_default();
        said.contains(&format!("run {run}"))
    });
    came.map_err(|why| format!("{}{said}", why.message().unwrap_or_default()))?;
    assert!(said.contains("service.name: Str(floe-dagster-run)"), "{said}");
    Ok(())
}

/// The password that the chart generated opens the catalog; another one does not.
fn catalogs(stage: &Stage) -> Result<(), Failed> {
    let url = stage.address("floe-polaris")?;
    let id = stage.secret("floe-polaris-root-credentials", "client-id")?;
    let password = stage.secret("floe-polaris-root-credentials", "client-secret")?;
    let token = |password: &str| -> Result<Value, Failed> {
        let form =
            format!("grant_type=client_credentials&client_id={id}&client_secret={password}&scope=PRINCIPAL_ROLE:ALL");
        Ok(serde_json::from_str(&stage.curl(&["--data", &form, &format!("{url}/api/catalog/v1/oauth/tokens")])?)?)
    };
    assert_eq!(token("wrong")?["error"]["code"], 401);
    let token = token(&password)?;
    let token = token["access_token"].as_str().ok_or("no token")?;
    let header = format!("Authorization: Bearer {token}");
    let said = stage.curl(&["--header", &header, &format!("{url}/api/management/v1/catalogs")])?;
    let said: Value = serde_json::from_str(&said)?;
    assert_eq!(said["catalogs"][0]["name"], "demo", "{said}");
    assert_eq!(said["catalogs"].as_array().map(Vec::len), Some(1), "{said}");
    Ok(())
}
