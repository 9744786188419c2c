{{- /* dagster.yaml, as text. Passwords come from the environment. */ -}}
{{- define "dagster.instance" -}}
{{- $values := .Values.instance -}}
{{- $params := merge (deepCopy .Values.postgresql.params) (dict "sslmode" (include "floe.postgresql" (dict "root" . "key" "sslMode" "default" "prefer"))) -}}
{{- /* The driver that dagster-postgres brings is named: without a name SQLAlchemy 2.1 would look for another one. */ -}}
{{- $database := dict
  "scheme" "postgresql+psycopg2"
  "hostname" (include "floe.postgresql" (dict "root" . "key" "host"))
  "port" (include "floe.postgresql" (dict "root" . "key" "port" "default" "5432") | int)
  "username" (include "floe.postgresql" (dict "root" . "key" "username" "default" "floe"))
  "password" (dict "env" "DAGSTER_PG_PASSWORD")
  "db_name" (include "dagster.database" .)
  "params" $params
-}}
{{- $config := dict
  "scheduler" (dict "module" "dagster._core.scheduler" "class" "DagsterDaemonScheduler")
  "run_retries" (dict "enabled" $values.runRetries.enabled "max_retries" ($values.runRetries.maxRetries | int))
  "sensors" (dict "use_threads" $values.sensors.useThreads "num_workers" ($values.sensors.numWorkers | int))
  "schedules" (dict "use_threads" $values.schedules.useThreads "num_workers" ($values.schedules.numWorkers | int))
  "telemetry" (dict "enabled" $values.telemetry)
  "compute_logs" (fromYaml (include "dagster.computeLogs" .))
  "run_launcher" (fromYaml (include "dagster.runLauncher" .))
  "run_coordinator" (fromYaml (include "dagster.runCoordinator" .))
-}}
{{- range $key, $class := dict "run_storage" "PostgresRunStorage" "event_log_storage" "PostgresEventLogStorage" "schedule_storage" "PostgresScheduleStorage" -}}
{{- $_ := set $config $key (dict "module" "dagster_postgres" "class" $class "config" (dict "postgres_db" $database)) -}}
{{- end -}}
{{- $monitoring := $values.runMonitoring -}}
{{- $_ := set $config "run_monitoring" (dict
  "enabled" (and $monitoring.enabled .Values.daemon.enabled)
  "start_timeout_seconds" ($monitoring.startTimeoutSeconds | int)
  "poll_interval_seconds" ($monitoring.pollIntervalSeconds | int)
  "max_resume_run_attempts" ($monitoring.maxResumeRunAttempts | int)) -}}
{{- range $key, $value := dict "retention" $values.retention "python_logs" $values.pythonLogs "concurrency" $values.concurrency -}}
{{- if $value -}}{{- $_ := set $config $key $value -}}{{- end -}}
{{- end -}}
{{- toYaml (mergeOverwrite $config (deepCopy $values.extra)) -}}
{{- end -}}

{{- /* Where the output of steps goes. */ -}}
{{- define "dagster.computeLogs" -}}
{{- $logs := .Values.computeLogs -}}
{{- if eq $logs.type "s3" -}}
{{- $config := dict "bucket" $logs.s3.bucket -}}
{{- range $key, $value := dict "prefix" $logs.s3.prefix "endpoint_url" $logs.s3.endpointUrl "region" $logs.s3.region -}}
{{- if $value -}}{{- $_ := set $config $key $value -}}{{- end -}}
{{- end -}}
{{- toYaml (dict "module" "dagster_aws.s3.compute_log_manager" "class" "S3ComputeLogManager" "config" $config) -}}
{{- else if eq $logs.type "noop" -}}
{{- toYaml (dict "module" "dagster._core.storage.noop_compute_log_manager" "class" "NoOpComputeLogManager") -}}
{{- else -}}
{{- $config := dict "base_dir" (printf "%s/compute_logs" (include "dagster.home" .)) -}}
{{- toYaml (dict "module" "dagster._core.storage.local_compute_log_manager" "class" "LocalComputeLogManager" "config" $config) -}}
{{- end -}}
{{- end -}}

{{- /* The queue is the daemon's: without one, runs start at once. */ -}}
{{- define "dagster.runCoordinator" -}}
{{- if .Values.daemon.enabled -}}
{{- $values := .Values.instance.runCoordinator -}}
{{- $config := dict
  "dequeue_interval_seconds" ($values.dequeueIntervalSeconds | int)
  "dequeue_use_threads" (gt ($values.dequeueNumWorkers | int) 1)
-}}
{{- if gt ($values.dequeueNumWorkers | int) 1 -}}{{- $_ := set $config "dequeue_num_workers" ($values.dequeueNumWorkers | int) -}}{{- end -}}
{{- if not (kindIs "invalid" $values.maxConcurrentRuns) -}}{{- $_ := set $config "max_concurrent_runs" ($values.maxConcurrentRuns | int) -}}{{- end -}}
{{- with $values.tagConcurrencyLimits -}}{{- $_ := set $config "tag_concurrency_limits" . -}}{{- end -}}
{{- toYaml (dict "module" "dagster._core.run_coordinator" "class" "QueuedRunCoordinator" "config" $config) -}}
{{- else -}}
{{- toYaml (dict "module" "dagster._core.run_coordinator" "class" "DefaultRunCoordinator") -}}
{{- end -}}
{{- end -}}

{{- define "dagster.runLauncher" -}}
{{- if eq .Values.runLauncher.type "Default" -}}
{{- toYaml (dict "module" "dagster._core.launcher" "class" "DefaultRunLauncher") -}}
{{- else -}}
{{- toYaml (dict "module" "dagster_k8s" "class" "K8sRunLauncher" "config" (fromYaml (include "dagster.k8sRunLauncher" .))) -}}
{{- end -}}
{{- end -}}

{{- /* What K8sRunLauncher is told: a run gets what the pods of the chart get. It mounts nothing itself, whatever instance_config_map says. */ -}}
{{- define "dagster.k8sRunLauncher" -}}
{{- $launcher := .Values.runLauncher -}}
{{- $container := dict "securityContext" .Values.securityContext -}}
{{- $config := dict
  "dagster_home" (include "dagster.home" .)
  "instance_config_map" (include "dagster.instanceConfigMap" .)
  "job_namespace" (include "dagster.jobNamespace" .)
  "service_account_name" (include "dagster.runServiceAccountName" .)
  "job_image" (include "dagster.image" . | trimAll "\"")
  "image_pull_policy" (include "floe.imagePullPolicy" (dict "root" . "image" (dict "pullPolicy" $launcher.imagePullPolicy)))
  "load_incluster_config" true
  "fail_pod_on_run_failure" $launcher.failPodOnRunFailure
  "labels" (fromYaml (include "dagster.runLabels" .))
  "env_config_maps" (prepend (fromYamlArray (include "dagster.envFromNames" (dict "kind" "configMapRef" "envFrom" $launcher.envFrom))) (include "dagster.runEnvConfigMap" .))
  "env_secrets" (fromYamlArray (include "dagster.envFromNames" (dict "kind" "secretRef" "envFrom" $launcher.envFrom)))
  "volumes" (fromYamlArray (include "dagster.volumes" .))
  "volume_mounts" (fromYamlArray (include "dagster.mounts" .))
-}}
{{- with include "floe.imagePullSecrets" (dict "root" .) -}}
{{- $_ := set $config "image_pull_secrets" (get (fromYaml .) "imagePullSecrets") -}}
{{- end -}}
{{- with include "dagster.resources" (dict "root" . "of" "run" "resources" $launcher.resources) -}}
{{- $_ := set $config "resources" (fromYaml .) -}}
{{- end -}}
{{- if $launcher.image -}}
{{- $_ := set $container "image" (include "floe.image" (dict "root" . "image" $launcher.image) | trimAll "\"") -}}
{{- end -}}
{{- $own := dict "containerConfig" $container "podSpecConfig" (dict "securityContext" .Values.podSecurityContext) -}}
{{- $runs := mergeOverwrite (deepCopy $own) (deepCopy $launcher.runK8sConfig) -}}
{{- if eq (include "dagster.passwordKey" .) "postgresql-password" -}}
{{- $_ := set $config "postgres_password_secret" (include "dagster.passwordSecret" .) -}}
{{- else -}}
{{- $from := dict "secretKeyRef" (dict "name" (include "dagster.passwordSecret" .) "key" (include "dagster.passwordKey" .)) -}}
{{- $password := dict "name" "DAGSTER_PG_PASSWORD" "valueFrom" $from -}}
{{- $_ := set $runs.containerConfig "env" (prepend ($runs.containerConfig.env | default list) $password) -}}
{{- end -}}
{{- $_ := set $config "run_k8s_config" (fromYaml (include "dagster.k8sConfig" $runs)) -}}
{{- toYaml $config -}}
{{- end -}}

{{- /* The labels of a run: it belongs to the release, so that network policies and selectors see it. */ -}}
{{- define "dagster.runLabels" -}}
{{- $labels := fromYaml (include "floe.labels" (dict "root" . "component" "run")) -}}
{{- $_ := set $labels "app.kubernetes.io/managed-by" "dagster" -}}
{{- toYaml (omit $labels "helm.sh/chart" "app.kubernetes.io/version") -}}
{{- end -}}

{{- /* workspace.yaml, as text. */ -}}
{{- define "dagster.workspace" -}}
{{- $load := list -}}
{{- $ports := dict -}}
{{- range fromYamlArray (include "dagster.codeServers" .) -}}
{{- $_ := set $ports .name (.port | int) -}}
{{- end -}}
{{- range .Values.codeLocations -}}
{{- $location := . -}}
{{- if .image -}}
{{- $server := dict "host" (include "dagster.codeName" (dict "root" $ "name" .name)) "port" (get $ports .name) "location_name" .name -}}
{{- $load = append $load (dict "grpc_server" $server) -}}
{{- else if .external -}}
{{- $server := dict "host" .external.host "port" (.external.port | default 3030 | int) "location_name" .name -}}
{{- $load = append $load (dict "grpc_server" $server) -}}
{{- else if .pythonModule -}}
{{- $module := dict "module_name" .pythonModule.moduleName "location_name" .name -}}
{{- with .pythonModule.attribute -}}{{- $_ := set $module "attribute" . -}}{{- end -}}
{{- with .pythonModule.workingDirectory -}}{{- $_ := set $module "working_directory" . -}}{{- end -}}
{{- $load = append $load (dict "python_module" $module) -}}
{{- end -}}
{{- end -}}
{{- toYaml (dict "load_from" $load) -}}
{{- end -}}

{{- /* The variables of runs, code servers, webserver and daemon that are no secrets, as a YAML map. */ -}}
{{- define "dagster.runEnv" -}}
{{- $env := dict
  "DAGSTER_HOME" (include "dagster.home" .)
  "DAGSTER_K8S_INSTANCE_CONFIG_MAP" (include "dagster.instanceConfigMap" .)
  "DAGSTER_K8S_PG_PASSWORD_SECRET" (include "dagster.passwordSecret" .)
  "DAGSTER_K8S_PIPELINE_RUN_NAMESPACE" (include "dagster.jobNamespace" .)
  "DAGSTER_K8S_PIPELINE_RUN_ENV_CONFIGMAP" (include "dagster.runEnvConfigMap" .)
-}}
{{- with include "floe.otelEnv" (dict "root" . "service" (include "floe.componentName" (dict "root" . "component" "run"))) -}}
{{- range fromYamlArray . -}}{{- $_ := set $env .name .value -}}{{- end -}}
{{- end -}}
{{- with include "dagster.polarisUri" . -}}
{{- $_ := set $env "POLARIS_URI" . -}}
{{- end -}}
{{- toYaml $env -}}
{{- end -}}

{{- /* What runs launched from a code location get beyond what the launcher gives each: JSON for DAGSTER_CONTAINER_CONTEXT. root, server. */ -}}
{{- define "dagster.containerContext" -}}
{{- $k8s := dict -}}
{{- if .server.includeConfigInLaunchedRuns -}}
{{- $maps := fromYamlArray (include "dagster.envFromNames" (dict "kind" "configMapRef" "envFrom" .server.envFrom)) -}}
{{- $secrets := fromYamlArray (include "dagster.envFromNames" (dict "kind" "secretRef" "envFrom" .server.envFrom)) -}}
{{- $all := dict
  "env_config_maps" (prepend $maps (include "dagster.codeEnvConfigMap" (dict "root" .root "name" .server.name)))
  "env_secrets" $secrets
  "env" (fromYamlArray (include "dagster.otherEnv" .server.env))
  "volumes" .server.volumes
  "volume_mounts" .server.volumeMounts
-}}
{{- range $key, $value := $all -}}{{- if $value -}}{{- $_ := set $k8s $key $value -}}{{- end -}}{{- end -}}
{{- end -}}
{{- with .server.runK8sConfig -}}{{- $_ := set $k8s "run_k8s_config" (fromYaml (include "dagster.k8sConfig" .)) -}}{{- end -}}
{{- with .server.serviceAccountName -}}{{- $_ := set $k8s "service_account_name" . -}}{{- end -}}
{{- toJson (dict "k8s" $k8s) -}}
{{- end -}}
