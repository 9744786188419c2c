{{- /* The configuration of the collector: generated from values, overlaid, and looked through. */ -}}

{{- /* What the values ask for, as YAML. */ -}}
{{- define "otel-collector.generated" -}}
{{- $otlp := .Values.receivers.otlp -}}
{{- $traces := list -}}
{{- $metrics := list -}}
{{- $logs := list -}}
extensions:
  health_check:
    endpoint: {{ printf "${env:MY_POD_IP}:%v" .Values.healthCheck.port | quote }}
  {{- with .Values.exporters.grafanaCloud }}
  {{- if .enabled }}
  basicauth/grafana_cloud:
    client_auth:
      username: {{ .instanceId | toString | quote }}
      password: ${env:GRAFANA_CLOUD_TOKEN}
  {{- end }}
  {{- end }}
receivers:
  otlp:
    protocols:
      {{- if $otlp.grpc.enabled }}
      grpc:
        endpoint: {{ printf "${env:MY_POD_IP}:%v" $otlp.grpc.port | quote }}
      {{- end }}
      {{- if $otlp.http.enabled }}
      http:
        endpoint: {{ printf "${env:MY_POD_IP}:%v" $otlp.http.port | quote }}
      {{- end }}
processors:
  memory_limiter:
    check_interval: {{ .Values.processors.memoryLimiter.checkInterval }}
    limit_percentage: {{ .Values.processors.memoryLimiter.limitPercentage }}
    spike_limit_percentage: {{ .Values.processors.memoryLimiter.spikeLimitPercentage }}
  {{- if .Values.presets.kubernetesAttributes.enabled }}
  k8s_attributes:
    passthrough: false
    extract:
      metadata:
        - k8s.namespace.name
        - k8s.pod.name
        - k8s.pod.uid
        - k8s.deployment.name
        - k8s.node.name
    pod_association:
      - sources:
          - from: resource_attribute
            name: k8s.pod.uid
      - sources:
          - from: connection
  {{- end }}
  {{- if include "otel-collector.sampled" . }}
  probabilistic_sampler:
    sampling_percentage: {{ .Values.processors.sampling.percentage }}
  {{- end }}
  batch:
    send_batch_size: {{ .Values.processors.batch.sendBatchSize | int64 }}
    timeout: {{ .Values.processors.batch.timeout }}
exporters:
  {{- with .Values.exporters.debug }}
  {{- if .enabled }}
  {{- $traces = append $traces "debug" }}
  {{- $metrics = append $metrics "debug" }}
  {{- $logs = append $logs "debug" }}
  debug:
    verbosity: {{ .verbosity }}
  {{- end }}
  {{- end }}
  {{- with .Values.exporters.jaeger }}
  {{- if .enabled }}
  {{- $traces = append $traces "otlp_grpc/jaeger" }}
  otlp_grpc/jaeger:
    endpoint: {{ .endpoint | quote }}
    tls:
      insecure: {{ .insecure }}
  {{- end }}
  {{- end }}
  {{- with .Values.exporters.prometheus }}
  {{- if .enabled }}
  {{- $metrics = append $metrics "prometheus" }}
  prometheus:
    endpoint: {{ printf "${env:MY_POD_IP}:%v" .port | quote }}
  {{- end }}
  {{- end }}
  {{- with .Values.exporters.datadog }}
  {{- if .enabled }}
  {{- $traces = append $traces "datadog" }}
  {{- $metrics = append $metrics "datadog" }}
  {{- $logs = append $logs "datadog" }}
  datadog:
    api:
      site: {{ .site | quote }}
      key: ${env:DD_API_KEY}
  {{- end }}
  {{- end }}
  {{- with .Values.exporters.grafanaCloud }}
  {{- if .enabled }}
  {{- $traces = append $traces "otlp_http/grafana_cloud" }}
  {{- $metrics = append $metrics "otlp_http/grafana_cloud" }}
  {{- $logs = append $logs "otlp_http/grafana_cloud" }}
  otlp_http/grafana_cloud:
    endpoint: {{ .endpoint | quote }}
    auth:
      authenticator: basicauth/grafana_cloud
  {{- end }}
  {{- end }}
  {{- range $exporter := .Values.exporters.otlp }}
  {{- $id := printf "%s/%s" (eq (.protocol | default "grpc") "http" | ternary "otlp_http" "otlp_grpc") .name }}
  {{- $traces = append $traces $id }}
  {{- $metrics = append $metrics $id }}
  {{- $logs = append $logs $id }}
  {{ $id }}:
    endpoint: {{ .endpoint | quote }}
    {{- if .insecure }}
    tls:
      insecure: true
    {{- end }}
    {{- with .headersFromSecret }}
    headers:
      {{- range $header, $from := . }}
      {{ $header | quote }}: ${env:{{ include "otel-collector.headerVariable" (dict "exporter" $exporter.name "header" $header) }}}
      {{- end }}
    {{- end }}
  {{- end }}
service:
  extensions:
    - health_check
    {{- if .Values.exporters.grafanaCloud.enabled }}
    - basicauth/grafana_cloud
    {{- end }}
  telemetry:
    metrics:
      {{- if .Values.metrics.enabled }}
      level: normal
      readers:
        - pull:
            exporter:
              prometheus:
                host: ${env:MY_POD_IP}
                port: {{ .Values.metrics.port }}
      {{- else }}
      level: none
      {{- end }}
  pipelines:
    {{- range $signal, $exporters := dict "traces" $traces "metrics" $metrics "logs" $logs }}
    {{- if $exporters }}
    {{ $signal }}:
      receivers:
        - otlp
      processors:
        - memory_limiter
        {{- if $.Values.presets.kubernetesAttributes.enabled }}
        - k8s_attributes
        {{- end }}
        {{- if and (eq $signal "traces") (include "otel-collector.sampled" $) }}
        - probabilistic_sampler
        {{- end }}
        - batch
      exporters:
        {{- toYaml $exporters | nindent 8 }}
    {{- end }}
    {{- end }}
{{- end -}}

{{- /* Says yes where traces are sampled. */ -}}
{{- define "otel-collector.sampled" -}}
{{- if lt (.Values.processors.sampling.percentage | float64) 100.0 -}}yes{{- end -}}
{{- end -}}

{{- /* A map laid over another, map by map; null deletes. As YAML. base, over. */ -}}
{{- define "otel-collector.overlay" -}}
{{- $out := deepCopy .base -}}
{{- range $key, $value := .over -}}
{{- if kindIs "invalid" $value -}}
{{- $_ := unset $out $key -}}
{{- else if and (kindIs "map" $value) (kindIs "map" (get $out $key)) -}}
{{- $_ := set $out $key (fromYaml (include "otel-collector.overlay" (dict "base" (get $out $key) "over" $value))) -}}
{{- else -}}
{{- $_ := set $out $key $value -}}
{{- end -}}
{{- end -}}
{{- toYaml $out -}}
{{- end -}}

{{- /* The configuration as the collector reads it. */ -}}
{{- define "otel-collector.config" -}}
{{- if .Values.alternateConfig -}}
{{- toYaml .Values.alternateConfig -}}
{{- else -}}
{{- include "otel-collector.overlay" (dict "base" (fromYaml (include "otel-collector.generated" .)) "over" .Values.configOverride) -}}
{{- end -}}
{{- end -}}

{{- /* What the collector would refuse in a configuration, one line each: members of pipelines and extensions that are not defined. */ -}}
{{- define "otel-collector.configProblems" -}}
{{- $config := fromYaml (include "otel-collector.config" .) -}}
{{- $service := $config.service | default dict -}}
{{- $extensions := $service.extensions | default list -}}
{{- if and (or .Values.livenessProbe .Values.readinessProbe) (not (has "health_check" $extensions)) }}
the configuration has no health_check among service.extensions, so no probe would ever succeed: add it, or set livenessProbe and readinessProbe to null
{{- end }}
{{- range $extensions }}
{{- if not (hasKey ($config.extensions | default dict) .) }}
service.extensions names {{ . }}, which extensions does not define: define it, or take it out of the list
{{- end }}
{{- end }}
{{- if not $service.pipelines }}
the configuration has no pipeline: enable an exporter below exporters, or define service.pipelines in configOverride
{{- end }}
{{- range $name, $pipeline := $service.pipelines }}
{{- range $section := list "receivers" "processors" "exporters" }}
{{- $members := get ($pipeline | default dict) $section | default list }}
{{- if and (ne $section "processors") (not $members) }}
the pipeline {{ $name }} has no {{ $section }}: name one, or delete the pipeline with null
{{- end }}
{{- range $members }}
{{- if not (or (hasKey (get $config $section | default dict) .) (hasKey ($config.connectors | default dict) .)) }}
the pipeline {{ $name }} names {{ . }}, which {{ $section }} does not define: define it, or take it out of service.pipelines.{{ $name }}.{{ $section }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
