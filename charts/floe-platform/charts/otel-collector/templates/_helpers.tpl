{{- /* What the chart adds to the shared helpers. All take the context of a template. */ -}}

{{- define "otel-collector.fullname" -}}
{{- include "floe.fullname" (dict "root" . "name" .Chart.Name) -}}
{{- end -}}

{{- define "otel-collector.labels" -}}
{{- include "floe.labels" (dict "root" . "component" "collector") -}}
{{- end -}}

{{- define "otel-collector.selectorLabels" -}}
{{- include "floe.selectorLabels" (dict "root" . "component" "collector") -}}
{{- end -}}

{{- define "otel-collector.serviceAccountName" -}}
{{- include "floe.serviceAccountName" (dict "root" .) -}}
{{- end -}}

{{- define "otel-collector.configMapName" -}}
{{- .Values.config.existingConfigMap | default (include "otel-collector.fullname" .) -}}
{{- end -}}

{{- /* Requests and limits, as YAML. */ -}}
{{- define "otel-collector.resources" -}}
{{- $small := dict "requests" (dict "cpu" "50m" "memory" "128Mi") "limits" (dict "memory" "256Mi") -}}
{{- $medium := dict "requests" (dict "cpu" "200m" "memory" "512Mi") "limits" (dict "memory" "512Mi") -}}
{{- $large := dict "requests" (dict "cpu" "1" "memory" "2Gi") "limits" (dict "memory" "2Gi") -}}
{{- include "floe.resources" (dict "root" . "resources" .Values.resources "presets" (dict "small" $small "medium" $medium "large" $large)) -}}
{{- end -}}

{{- /* 80 % of the memory limit in MiB, as Go's GOMEMLIMIT takes it, or nothing where there is no limit or its unit is a rare one. */ -}}
{{- define "otel-collector.gomemlimit" -}}
{{- $limit := dig "limits" "memory" "" (fromYaml (include "otel-collector.resources" .)) | toString -}}
{{- $units := dict "Ki" 0.0009765625 "Mi" 1.0 "Gi" 1024.0 "Ti" 1048576.0 "k" 0.00095367431640625 "M" 0.95367431640625 "G" 953.67431640625 -}}
{{- if regexMatch "^[0-9.]+(Ki|Mi|Gi|Ti|k|M|G)$" $limit -}}
{{- $unit := regexFind "[A-Za-z]+$" $limit -}}
{{- printf "%dMiB" (mulf (trimSuffix $unit $limit | float64) (get $units $unit) 0.8 | floor | int64) -}}
{{- end -}}
{{- end -}}

{{- /* The name of the variable that holds a header of an exporter. exporter, header. */ -}}
{{- define "otel-collector.headerVariable" -}}
{{- regexReplaceAll "[^A-Z0-9]" (printf "OTLP_%s_%s" .exporter .header | upper) "_" -}}
{{- end -}}

{{- /* The variables of the collector, as a list. */ -}}
{{- define "otel-collector.env" -}}
- name: MY_POD_IP
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
{{- if .Values.useGOMEMLIMIT }}
{{- with include "otel-collector.gomemlimit" . }}
- name: GOMEMLIMIT
  value: {{ . }}
{{- end }}
{{- end }}
{{- if .Values.exporters.datadog.enabled }}
- name: DD_API_KEY
  valueFrom:
    secretKeyRef:
      name: {{ .Values.exporters.datadog.existingSecret }}
      key: api-key
{{- end }}
{{- if .Values.exporters.grafanaCloud.enabled }}
- name: GRAFANA_CLOUD_TOKEN
  valueFrom:
    secretKeyRef:
      name: {{ .Values.exporters.grafanaCloud.existingSecret }}
      key: token
{{- end }}
{{- range $exporter := .Values.exporters.otlp }}
{{- range $header, $from := $exporter.headersFromSecret }}
- name: {{ include "otel-collector.headerVariable" (dict "exporter" $exporter.name "header" $header) }}
  valueFrom:
    secretKeyRef:
      name: {{ $from.secret }}
      key: {{ $from.key }}
{{- end }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}
