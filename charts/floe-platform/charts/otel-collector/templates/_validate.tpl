{{- /* All that cannot be, told at once. */ -}}
{{- define "otel-collector.validate" -}}
{{- $problems := list -}}
{{- $values := .Values -}}
{{- $otlp := $values.receivers.otlp -}}
{{- if not (or $otlp.grpc.enabled $otlp.http.enabled) -}}
{{- $problems = append $problems "receivers.otlp.grpc.enabled and receivers.otlp.http.enabled are both false, so nothing could be received: enable one" -}}
{{- end -}}
{{- if and $values.autoscaling.enabled (eq $values.mode "daemonset") -}}
{{- $problems = append $problems "autoscaling.enabled needs mode deployment or statefulset: a DaemonSet has one pod on each node" -}}
{{- end -}}
{{- $resources := include "otel-collector.resources" . -}}
{{- $problems = concat $problems (fromYamlArray (include "floe.scaleProblems" (dict "values" $values "resources" $resources "each" (eq $values.mode "daemonset")))) -}}
{{- if and (gt (int $values.preStopSleepSeconds) 0) (ge (int $values.preStopSleepSeconds) (int $values.terminationGracePeriodSeconds)) -}}
{{- $problems = append $problems "preStopSleepSeconds is not less than terminationGracePeriodSeconds: nothing would be left to send what a pod holds" -}}
{{- end -}}
{{- $own := empty $values.config.existingConfigMap -}}
{{- if and (not $own) (or $values.configOverride $values.alternateConfig) -}}
{{- $problems = append $problems "config.existingConfigMap takes the place of the whole configuration, so configOverride and alternateConfig would do nothing: leave them empty" -}}
{{- end -}}
{{- if and $values.configOverride $values.alternateConfig -}}
{{- $problems = append $problems "alternateConfig takes the place of the generated configuration, so configOverride would do nothing: keep one of the two" -}}
{{- end -}}
{{- with $values.exporters -}}
{{- if and .jaeger.enabled (not .jaeger.endpoint) -}}
{{- $problems = append $problems "exporters.jaeger.endpoint is required when exporters.jaeger.enabled, for example jaeger-collector.tracing:4317" -}}
{{- end -}}
{{- if and .datadog.enabled (not .datadog.existingSecret) -}}
{{- $problems = append $problems "exporters.datadog.existingSecret is required when exporters.datadog.enabled: the name of a Secret with the key api-key" -}}
{{- end -}}
{{- if .grafanaCloud.enabled -}}
{{- if not .grafanaCloud.endpoint -}}
{{- $problems = append $problems "exporters.grafanaCloud.endpoint is required when exporters.grafanaCloud.enabled, for example https://otlp-gateway-prod-eu-west-0.grafana.net/otlp" -}}
{{- end -}}
{{- if not .grafanaCloud.instanceId -}}
{{- $problems = append $problems "exporters.grafanaCloud.instanceId is required when exporters.grafanaCloud.enabled: the number that Grafana Cloud shows beside the endpoint" -}}
{{- end -}}
{{- if not .grafanaCloud.existingSecret -}}
{{- $problems = append $problems "exporters.grafanaCloud.existingSecret is required when exporters.grafanaCloud.enabled: the name of a Secret with the key token" -}}
{{- end -}}
{{- end -}}
{{- $names := list -}}
{{- range .otlp -}}
{{- if has .name (append $names "jaeger") -}}
{{- $problems = append $problems (printf "exporters.otlp has the name %s twice or for Jaeger's exporter: give each its own" .name) -}}
{{- end -}}
{{- $names = append $names .name -}}
{{- end -}}
{{- end -}}
{{- $ports := list -}}
{{- if $otlp.grpc.enabled -}}{{- $ports = append $ports (dict "key" "receivers.otlp.grpc.port" "port" $otlp.grpc.port) -}}{{- end -}}
{{- if $otlp.http.enabled -}}{{- $ports = append $ports (dict "key" "receivers.otlp.http.port" "port" $otlp.http.port) -}}{{- end -}}
{{- $ports = append $ports (dict "key" "healthCheck.port" "port" $values.healthCheck.port) -}}
{{- if $values.metrics.enabled -}}{{- $ports = append $ports (dict "key" "metrics.port" "port" $values.metrics.port) -}}{{- end -}}
{{- if $values.exporters.prometheus.enabled -}}{{- $ports = append $ports (dict "key" "exporters.prometheus.port" "port" $values.exporters.prometheus.port) -}}{{- end -}}
{{- $taken := dict -}}
{{- range $ports -}}
{{- $port := toString .port -}}
{{- if hasKey $taken $port -}}
{{- $problems = append $problems (printf "%s and %s are both %s: give each its own port" (get $taken $port) .key $port) -}}
{{- end -}}
{{- $_ := set $taken $port .key -}}
{{- end -}}
{{- if and $values.ingress.enabled (not $otlp.http.enabled) -}}
{{- $problems = append $problems "ingress.enabled needs receivers.otlp.http.enabled: an Ingress carries OTLP over HTTP only" -}}
{{- end -}}
{{- if and $values.ingress.enabled (not $values.ingress.hosts) -}}
{{- $problems = append $problems "ingress.hosts is required when ingress.enabled, for example [{host: otlp.your.domain, paths: [{path: /, pathType: Prefix}]}]" -}}
{{- end -}}
{{- if and $values.serviceMonitor.enabled (not $values.metrics.enabled) -}}
{{- $problems = append $problems "serviceMonitor.enabled needs metrics.enabled" -}}
{{- end -}}
{{- if and (eq (dig "environment" "" ($values.global | default dict)) "prod") (eq ($values.image.tag | toString) "latest") (not $values.image.digest) -}}
{{- $problems = append $problems "image.tag is latest while global.environment is prod: name a version" -}}
{{- end -}}
{{- if and $own (not $problems) -}}
{{- range splitList "\n" (include "otel-collector.configProblems" .) -}}
{{- with trim . -}}{{- $problems = append $problems . -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- include "floe.refuse" (dict "root" . "problems" $problems) -}}
{{- end -}}
