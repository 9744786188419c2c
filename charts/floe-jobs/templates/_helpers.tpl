{{- /* What the chart adds to the shared helpers. */ -}}

{{- define "floe-jobs.fullname" -}}
{{- include "floe.fullname" (dict "root" . "name" .Chart.Name) -}}
{{- end -}}

{{- /* The labels of an object. root, component. */ -}}
{{- define "floe-jobs.labels" -}}
{{- include "floe.labels" (dict "root" .root "component" .component "extra" (fromYaml (include "floe-jobs.productLabels" .root))) -}}
{{- end -}}

{{- /* Where a service of the platform is: its own address, else the one derived from the platform's release, else nothing.
root, own, service, port, path. */ -}}
{{- define "floe-jobs.endpoint" -}}
{{- $platform := .root.Values.platform -}}
{{- if .own -}}
{{- .own -}}
{{- else if $platform.servicePrefix -}}
{{- $host := include "floe.bounded" (dict "name" (printf "%s-%s" $platform.servicePrefix .service)) -}}
{{- printf "http://%s.%s%s%s" $host ($platform.namespace | default .root.Release.Namespace) (.port | default "") (.path | default "") -}}
{{- end -}}
{{- end -}}

{{- define "floe-jobs.polaris" -}}
{{- $known := dig "polaris" "uri" "" (.Values.global | default dict) -}}
{{- $own := .Values.platform.polarisEndpoint -}}
{{- if and (not $own) $known -}}{{- $own = tpl $known . -}}{{- end -}}
{{- include "floe-jobs.endpoint" (dict "root" . "own" $own "service" "polaris" "port" ":8181" "path" "/api/catalog") -}}
{{- end -}}

{{- define "floe-jobs.otel" -}}
{{- $known := dig "otlp" "httpEndpoint" "" (.Values.global | default dict) -}}
{{- $own := .Values.platform.otelEndpoint -}}
{{- if and (not $own) $known -}}{{- $own = tpl $known . -}}{{- end -}}
{{- include "floe-jobs.endpoint" (dict "root" . "own" $own "service" "otel-collector" "port" ":4318") -}}
{{- end -}}

{{- define "floe-jobs.dagster" -}}
{{- include "floe-jobs.endpoint" (dict "root" . "own" .Values.platform.dagsterEndpoint "service" "dagster-webserver") -}}
{{- end -}}

{{- /* Requests and limits of a job, as YAML. root, job. */ -}}
{{- define "floe-jobs.resources" -}}
{{- $small := dict "requests" (dict "cpu" "100m" "memory" "256Mi") "limits" (dict "memory" "512Mi") -}}
{{- $medium := dict "requests" (dict "cpu" "500m" "memory" "1Gi") "limits" (dict "memory" "2Gi") -}}
{{- $large := dict "requests" (dict "cpu" "2" "memory" "4Gi") "limits" (dict "memory" "8Gi") -}}
{{- include "floe.resources" (dict "root" .root "resources" .job.resources "presets" (dict "small" $small "medium" $medium "large" $large)) -}}
{{- end -}}
