//! Values that must be refused: by the schema with their place, or by the chart with a reason and a way out.

use rhumb_platforms::schema;

use super::{CHART, FULL, MINIMAL, SALES};

/// F-10, P-24: wrong values are refused, each at its place.
#[test]
fn f10_wrong_values_are_refused() {
    let table = [
        ("typo=1", ""),
        ("webserver.replica=2", "/webserver"),
        ("webserver.replicas=-1", "/webserver/replicas"),
        ("webserver.replicas=x", "/webserver/replicas"),
        ("webserver.containerPort=80", "/webserver/containerPort"),
        ("webserver.service.port=70000", "/webserver/service/port"),
        ("webserver.service.type=ExternalName", "/webserver/service/type"),
        ("webserver.service.nodePort=x", "/webserver/service/nodePort"),
        ("webserver.service.annotations.a=1", "/webserver/service/annotations/a"),
        ("webserver.pathPrefix=dagster", "/webserver/pathPrefix"),
        ("webserver.pathPrefix=/dagster/", "/webserver/pathPrefix"),
        ("webserver.readOnly=maybe", "/webserver/readOnly"),
        ("webserver.logLevel=loud", "/webserver/logLevel"),
        ("webserver.dbStatementTimeoutMs=-5", "/webserver/dbStatementTimeoutMs"),
        ("webserver.dbPoolRecycleSeconds=-2", "/webserver/dbPoolRecycleSeconds"),
        ("webserver.env.A=b", "/webserver/env"),
        ("webserver.env[0].value=b", "/webserver/env/0"),
        ("webserver.env[0].name=A,webserver.env[0].value=1", "/webserver/env/0/value"),
        ("webserver.env[0].name=1A,webserver.env[0].value=x", "/webserver/env/0/name"),
        (
            "--set-json webserver.env=[{\"name\":\"A\",\"value\":\"b\",\"valueFrom\":{\"secretKeyRef\":{}}}]",
            "/webserver/env/0",
        ),
        ("webserver.envFrom[0].configMap=x", "/webserver/envFrom/0"),
        ("webserver.resources.request.cpu=1", "/webserver/resources"),
        ("webserver.resources.limits.memory=1GB", "/webserver/resources/limits/memory"),
        ("webserver.strategy.type=BlueGreen", "/webserver/strategy/type"),
        ("webserver.strategy.rollingUpdate.maxSurge=200%", "/webserver/strategy/rollingUpdate/maxSurge"),
        ("webserver.readinessProbe.period=1", "/webserver/readinessProbe"),
        ("webserver.livenessProbe.timeoutSeconds=0", "/webserver/livenessProbe/timeoutSeconds"),
        ("webserver.autoscaling.maxReplicas=0", "/webserver/autoscaling/maxReplicas"),
        ("webserver.autoscaling.targetCPU=high", "/webserver/autoscaling/targetCPU"),
        ("webserver.podDisruptionBudget.maxUnavailable=half", "/webserver/podDisruptionBudget/maxUnavailable"),
        ("webserver.preStopSleepSeconds=-1", "/webserver/preStopSleepSeconds"),
        ("webserver.podLabels.x=-a", "/webserver/podLabels/x"),
        ("webserver.tolerations[0].effect=Never", "/webserver/tolerations/0/effect"),
        ("webserver.topologySpreadConstraints[0].maxSkew=1", "/webserver/topologySpreadConstraints/0"),
        ("webserver.extraVolumeMounts[0].name=a", "/webserver/extraVolumeMounts/0"),
        ("daemon.replicas=2", "/daemon"),
        ("daemon.strategy.type=RollingUpdate", "/daemon"),
        ("daemon.heartbeatToleranceSeconds=0", "/daemon/heartbeatToleranceSeconds"),
        ("daemon.logLevel=trace", "/daemon/logLevel"),
        ("codeLocations.sales=1", "/codeLocations"),
        ("codeLocations[0].image.tag=x", "/codeLocations/0"),
        ("codeLocations[0].name=Sales", "/codeLocations/0/name"),
        ("codeLocations[0].name=a,codeLocations[0].image.repository=r", "/codeLocations/0/image"),
        (
            "codeLocations[0].name=a,codeLocations[0].image.tag=t,codeLocations[0].image.repository=r:1",
            "/codeLocations/0/image/repository",
        ),
        ("codeLocations[0].name=a,codeLocations[0].mode=http", "/codeLocations/0/mode"),
        ("codeLocations[0].name=a,codeLocations[0].port=0", "/codeLocations/0/port"),
        ("codeLocations[0].name=a,codeLocations[0].args=-m", "/codeLocations/0/args"),
        ("codeLocations[0].name=a,codeLocations[0].replicas=2", "/codeLocations/0"),
        ("codeLocations[0].name=a,codeLocations[0].external.port=1", "/codeLocations/0/external"),
        ("codeLocations[0].name=a,codeLocations[0].external.host=http://x/y", "/codeLocations/0/external/host"),
        (
            "codeLocations[0].name=a,codeLocations[0].pythonModule.moduleName=a-b",
            "/codeLocations/0/pythonModule/moduleName",
        ),
        ("codeLocations[0].name=a,codeLocations[0].runK8sConfig.pod_spec_config=1", "/codeLocations/0/runK8sConfig"),
        ("codeServer.mode=rest", "/codeServer/mode"),
        ("codeServer.includeConfigInLaunchedRuns=1", "/codeServer/includeConfigInLaunchedRuns"),
        ("workspace.existingConfigMap=A_b", "/workspace/existingConfigMap"),
        ("workspace.configMap=a", "/workspace"),
        ("instance.runCoordinator.maxConcurrentRuns=many", "/instance/runCoordinator/maxConcurrentRuns"),
        ("instance.runCoordinator.dequeueNumWorkers=0", "/instance/runCoordinator/dequeueNumWorkers"),
        ("instance.runCoordinator.tagConcurrencyLimits[0].key=a", "/instance/runCoordinator/tagConcurrencyLimits/0"),
        ("instance.runMonitoring.startTimeoutSeconds=0", "/instance/runMonitoring/startTimeoutSeconds"),
        ("instance.runRetries.maxRetries=-1", "/instance/runRetries/maxRetries"),
        ("instance.sensors.workers=4", "/instance/sensors"),
        ("instance.telemetry=no-thanks", "/instance/telemetry"),
        ("instance.extra=x", "/instance/extra"),
        ("runLauncher.type=CeleryK8sRunLauncher", "/runLauncher/type"),
        ("runLauncher.jobNamespace=a.b", "/runLauncher/jobNamespace"),
        ("runLauncher.image.tag=x", "/runLauncher/image"),
        ("runLauncher.envFrom[0].prefix=X", "/runLauncher/envFrom/0"),
        ("runLauncher.runK8sConfig.containers=1", "/runLauncher/runK8sConfig"),
        ("computeLogs.type=gcs", "/computeLogs/type"),
        ("computeLogs.s3.bucket=A", "/computeLogs/s3/bucket"),
        ("computeLogs.s3.endpointUrl=minio:9000", "/computeLogs/s3/endpointUrl"),
        ("postgresql.port=x", "/postgresql/port"),
        ("postgresql.password=x", "/postgresql"),
        ("postgresql.sslMode=on", "/postgresql/sslMode"),
        ("postgresql.database=a;b", "/postgresql/database"),
        ("postgresql.existingSecret=A B", "/postgresql/existingSecret"),
        ("postgresql.params.a.b=c", "/postgresql/params/a"),
        ("migrate.mode=auto", "/migrate/mode"),
        ("waitFor.timeoutSeconds=0", "/waitFor/timeoutSeconds"),
        ("waitFor.image=postgres", "/waitFor/image"),
        ("serviceAccount.create=1", "/serviceAccount/create"),
        ("rbac.rules=x", "/rbac"),
        ("networkPolicy.from[0].pods=x", "/networkPolicy/from/0"),
        ("writableDirs.sizeLimit=big", "/writableDirs/sizeLimit"),
        ("resourcePreset=huge", "/resourcePreset"),
        ("image.tag=113", "/image/tag"),
        ("image.digest=sha256:1", "/image/digest"),
        ("image.repository=dagster:1", "/image/repository"),
        ("image.pullPolicy=Sometimes", "/image/pullPolicy"),
        ("imagePullSecrets[0]=x", "/imagePullSecrets/0"),
        ("nameOverride=A", "/nameOverride"),
        ("commonLabels.a=b c", "/commonLabels/a"),
        ("tests.timeoutSeconds=0", "/tests/timeoutSeconds"),
        ("global.resourcePreset=tiny", "/global/resourcePreset"),
    ];
    assert!(table.len() >= 60);
    schema::refuses(CHART, &table);
}

/// F-10, BP-14: what cannot be is refused with its key, the reason and the way out; several mistakes are said at once.
#[test]
fn f10_impossible_combinations_are_refused() {
    let sales = |more: &str| format!("{}{more}", SALES[1].trim_end_matches("}]"));
    let table: Vec<(String, &str)> = vec![
        ("webserver.replicas=2,webserver.autoscaling.enabled=true".into(), "leave webserver.replicas at 1"),
        ("webserver.autoscaling.enabled=true,webserver.autoscaling.minReplicas=9".into(), "raise the one or lower the other"),
        ("webserver.autoscaling.enabled=true,webserver.autoscaling.targetCPU=null".into(), "set one, for example webserver.autoscaling.targetCPU=80"),
        ("webserver.autoscaling.enabled=true,resourcePreset=none".into(), "set webserver.resources.requests.cpu"),
        ("webserver.podDisruptionBudget.enabled=true,webserver.podDisruptionBudget.minAvailable=1,webserver.podDisruptionBudget.maxUnavailable=1".into(), "set the other to null"),
        ("webserver.podDisruptionBudget.enabled=true,webserver.podDisruptionBudget.maxUnavailable=0".into(), "would block every drain"),
        ("webserver.podDisruptionBudget.enabled=true,webserver.podDisruptionBudget.maxUnavailable=null,webserver.podDisruptionBudget.minAvailable=1".into(), "with 1 pods"),
        ("webserver.service.nodePort=30000".into(), "set the type to NodePort"),
        ("codeLocations[0].name=a".into(), "codeLocations[0] (a) has no source"),
        ("codeLocations[0].name=a,codeLocations[0].external.host=h,codeLocations[0].pythonModule.moduleName=m".into(), "has external and pythonModule"),
        ("codeLocations[0].name=a,codeLocations[0].external.host=h,codeLocations[0].port=1".into(), "port is for code servers of the chart's own"),
        ("codeLocations[0].name=a,codeLocations[0].external.host=h,codeLocations[1].name=a,codeLocations[1].external.host=h".into(), "codeLocations[1] (a) has the name of another one"),
        ("codeLocations[0].name=a,codeLocations[0].image.repository=r,codeLocations[0].image.tag=t".into(), "has no args"),
        ("workspace.existingConfigMap=w,codeLocations[0].name=a,codeLocations[0].external.host=h".into(), "would be in no workspace"),
        (sales(r#","env":[{"name":"DB_PASSWORD","value":"x"}]}]"#), "env of code location sales: DB_PASSWORD looks like a secret"),
        ("webserver.env[0].name=api_token,webserver.env[0].value=x".into(), "set valueFrom.secretKeyRef"),
        ("runLauncher.type=Default,runLauncher.jobNamespace=x".into(), "runLauncher.jobNamespace is about Jobs"),
        ("daemon.extraVolumes[0].name=tmp".into(), "daemon.extraVolumes: the chart has a volume tmp of its own"),
        ("runLauncher.jobNamespace=x".into(), "name one of that namespace in runLauncher.serviceAccountName"),
        ("instance.runCoordinator.maxConcurrentRuns=1,instance.concurrency.runs.max_concurrent_runs=2".into(), "Dagster takes one"),
        ("instance.runCoordinator.maxConcurrentRuns=1,daemon.enabled=false".into(), "which is the daemon's"),
        ("computeLogs.type=s3".into(), "computeLogs.s3.bucket is empty"),
        ("serviceAccount.create=false".into(), "name another in serviceAccount.name"),
        ("migrate.mode=initContainer,daemon.enabled=false".into(), "set migrate.mode=hook"),
        ("global.environment=prod,image.tag=latest".into(), "image has the tag latest"),
    ];
    for (set, want) in &table {
        let flag = if set.starts_with("codeLocations=[") { "--set-json" } else { "--set" };
        let why = CHART.refused(&[&MINIMAL[..], &[flag, set]].concat());
        assert!(
            why.contains("dagster cannot be rendered with these values:\n  - ") && why.contains(want),
            "{set}:\n{why}"
        );
    }
    let both = CHART.refused(&[&FULL[..], &["--set", "webserver.replicas=2,computeLogs.s3.bucket="]].concat());
    assert!(both.contains("  - webserver.replicas is 2") && both.contains("  - computeLogs.type is s3"), "{both}");
}
