{{- /* What the chart adds to the shared helpers. Without a word on what they take, they take the context of a template. */ -}}

{{- define "dagster.fullname" -}}
{{- include "floe.fullname" (dict "root" . "name" .Chart.Name) -}}
{{- end -}}

{{- /* Dagster's home in every pod of the chart, and in the pods of runs. */ -}}
{{- define "dagster.home" -}}
/opt/dagster/dagster_home
{{- end -}}

{{- define "dagster.instanceConfigMap" -}}
{{- include "floe.componentName" (dict "root" . "component" "instance") -}}
{{- end -}}

{{- define "dagster.workspaceConfigMap" -}}
{{- .Values.workspace.existingConfigMap | default (include "floe.componentName" (dict "root" . "component" "workspace")) -}}
{{- end -}}

{{- define "dagster.runEnvConfigMap" -}}
{{- include "floe.componentName" (dict "root" . "component" "run-env") -}}
{{- end -}}

{{- /* The name of a code location's objects. root, name. */ -}}
{{- define "dagster.codeName" -}}
{{- include "floe.componentName" (dict "root" .root "component" (printf "code-%s" .name)) -}}
{{- end -}}

{{- /* The name of the ConfigMap with a code location's variables. root, name. */ -}}
{{- define "dagster.codeEnvConfigMap" -}}
{{- include "floe.componentName" (dict "root" .root "component" (printf "code-%s-env" .name)) -}}
{{- end -}}

{{- /* The namespace in which runs are Jobs. */ -}}
{{- define "dagster.jobNamespace" -}}
{{- .Values.runLauncher.jobNamespace | default .Release.Namespace -}}
{{- end -}}

{{- define "dagster.serviceAccountName" -}}
{{- include "floe.serviceAccountName" (dict "root" .) -}}
{{- end -}}

{{- define "dagster.runServiceAccountName" -}}
{{- .Values.runLauncher.serviceAccountName | default (include "dagster.serviceAccountName" .) -}}
{{- end -}}

{{- define "dagster.image" -}}
{{- include "floe.image" (dict "root" . "image" .Values.image) -}}
{{- end -}}

{{- define "dagster.imagePullPolicy" -}}
{{- include "floe.imagePullPolicy" (dict "root" . "image" .Values.image) -}}
{{- end -}}

{{- /* The name of the database. */ -}}
{{- define "dagster.database" -}}
{{- $databases := dig "postgresql" "databases" dict (.Values.global | default dict) -}}
{{- .Values.postgresql.database | default (get $databases "dagster") | default "dagster" -}}
{{- end -}}

{{- define "dagster.passwordSecret" -}}
{{- include "floe.postgresql" (dict "root" . "key" "existingSecret") -}}
{{- end -}}

{{- define "dagster.passwordKey" -}}
{{- include "floe.postgresql" (dict "root" . "key" "passwordKey" "default" "postgresql-password") -}}
{{- end -}}

{{- /* Where siblings and users find Polaris, or nothing. */ -}}
{{- define "dagster.polarisUri" -}}
{{- with dig "polaris" "uri" "" (.Values.global | default dict) -}}{{- tpl . $ -}}{{- end -}}
{{- end -}}

{{- /* Requests and limits, as YAML. root, of (webserver, daemon, codeServer, run), resources. */ -}}
{{- define "dagster.resources" -}}
{{- $presets := dict
  "webserver" (dict
    "small" (dict "requests" (dict "cpu" "100m" "memory" "384Mi" "ephemeral-storage" "64Mi") "limits" (dict "memory" "768Mi"))
    "medium" (dict "requests" (dict "cpu" "250m" "memory" "512Mi" "ephemeral-storage" "64Mi") "limits" (dict "memory" "1Gi"))
    "large" (dict "requests" (dict "cpu" "500m" "memory" "1Gi" "ephemeral-storage" "64Mi") "limits" (dict "memory" "2Gi")))
  "daemon" (dict
    "small" (dict "requests" (dict "cpu" "100m" "memory" "256Mi" "ephemeral-storage" "64Mi") "limits" (dict "memory" "512Mi"))
    "medium" (dict "requests" (dict "cpu" "250m" "memory" "512Mi" "ephemeral-storage" "64Mi") "limits" (dict "memory" "1Gi"))
    "large" (dict "requests" (dict "cpu" "500m" "memory" "1Gi" "ephemeral-storage" "64Mi") "limits" (dict "memory" "2Gi")))
  "codeServer" (dict
    "small" (dict "requests" (dict "cpu" "50m" "memory" "256Mi" "ephemeral-storage" "64Mi") "limits" (dict "memory" "512Mi"))
    "medium" (dict "requests" (dict "cpu" "100m" "memory" "512Mi" "ephemeral-storage" "64Mi") "limits" (dict "memory" "1Gi"))
    "large" (dict "requests" (dict "cpu" "250m" "memory" "1Gi" "ephemeral-storage" "64Mi") "limits" (dict "memory" "2Gi")))
  "run" (dict
    "small" (dict "requests" (dict "cpu" "250m" "memory" "512Mi" "ephemeral-storage" "256Mi") "limits" (dict "memory" "1Gi"))
    "medium" (dict "requests" (dict "cpu" "500m" "memory" "1Gi" "ephemeral-storage" "512Mi") "limits" (dict "memory" "2Gi"))
    "large" (dict "requests" (dict "cpu" "1" "memory" "2Gi" "ephemeral-storage" "1Gi") "limits" (dict "memory" "4Gi")))
-}}
{{- include "floe.resources" (dict "root" .root "resources" .resources "presets" (get $presets .of)) -}}
{{- end -}}

{{- /* The entries of codeLocations that the chart runs a server for, each with all keys of codeServer, as a YAML list. */ -}}
{{- define "dagster.codeServers" -}}
{{- $servers := list -}}
{{- range .Values.codeLocations -}}
{{- if .image -}}
{{- $server := deepCopy . -}}
{{- range $key, $value := $.Values.codeServer -}}
{{- if not (hasKey $server $key) -}}{{- $_ := set $server $key $value -}}{{- end -}}
{{- end -}}
{{- $servers = append $servers $server -}}
{{- end -}}
{{- end -}}
{{- toYaml $servers -}}
{{- end -}}

{{- /* The names of env's entries with a plain value, and those values: what can be in a ConfigMap. A value that speaks of other variables
cannot. A list of variables; gives a YAML map. */ -}}
{{- define "dagster.plainEnv" -}}
{{- $plain := dict -}}
{{- range . -}}
{{- if and (not .valueFrom) (not (contains "$(" (.value | default "" | toString))) -}}
{{- $_ := set $plain .name (.value | default "" | toString) -}}
{{- end -}}
{{- end -}}
{{- toYaml $plain -}}
{{- end -}}

{{- /* The other variables, as a YAML list. */ -}}
{{- define "dagster.otherEnv" -}}
{{- $other := list -}}
{{- range . -}}
{{- if or .valueFrom (contains "$(" (.value | default "" | toString)) -}}{{- $other = append $other . -}}{{- end -}}
{{- end -}}
{{- toYaml $other -}}
{{- end -}}

{{- /* The names that one kind of source has in an envFrom list, as a YAML list. kind (configMapRef, secretRef), envFrom. */ -}}
{{- define "dagster.envFromNames" -}}
{{- $names := list -}}
{{- range .envFrom -}}
{{- with get . $.kind -}}{{- $names = append $names .name -}}{{- end -}}
{{- end -}}
{{- toYaml $names -}}
{{- end -}}

{{- /* What a Kubernetes configuration of runs is called in Dagster: the outer keys, the rest stays. runK8sConfig; as YAML. */ -}}
{{- define "dagster.k8sConfig" -}}
{{- $config := dict -}}
{{- range $key, $value := . -}}
{{- $_ := set $config (snakecase $key) $value -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}
