{{- /* The pod template, the same for each kind of workload. */ -}}
{{- define "otel-collector.pod" -}}
metadata:
  labels:
    {{- include "floe.labels" (dict "root" . "component" "collector" "extra" .Values.podLabels) | nindent 4 }}
  {{- $checksum := dict }}
  {{- if not .Values.config.existingConfigMap }}
  {{- $checksum = dict "checksum/config" (include "floe.checksum" (dict "root" . "file" "configmap.yaml")) }}
  {{- end }}
  {{- with include "floe.annotations" (dict "root" . "extra" (merge $checksum (deepCopy .Values.podAnnotations))) }}{{- . | nindent 2 }}{{- end }}
spec:
  serviceAccountName: {{ include "otel-collector.serviceAccountName" . }}
  automountServiceAccountToken: {{ or .Values.serviceAccount.automountToken .Values.presets.kubernetesAttributes.enabled }}
  {{- with include "floe.imagePullSecrets" (dict "root" .) }}{{- . | nindent 2 }}{{- end }}
  securityContext:
    {{- toYaml .Values.podSecurityContext | nindent 4 }}
  terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
  {{- with include "floe.scheduling" (dict "root" . "component" "collector" "values" .Values) }}{{- . | nindent 2 }}{{- end }}
  containers:
    - name: collector
      image: {{ include "floe.image" (dict "root" . "image" .Values.image) }}
      imagePullPolicy: {{ include "floe.imagePullPolicy" (dict "root" . "image" .Values.image) }}
      securityContext:
        {{- toYaml .Values.securityContext | nindent 8 }}
      args:
        - --config=/conf/relay.yaml
        {{- with .Values.command.extraArgs }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      env:
        {{- include "otel-collector.env" . | nindent 8 }}
      {{- with .Values.extraEnvFrom }}
      envFrom:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      ports:
        {{- include "otel-collector.containerPorts" . | nindent 8 }}
      {{- with include "floe.probe" (dict "key" "livenessProbe" "probe" .Values.livenessProbe) }}{{- . | nindent 6 }}{{- end }}
      {{- with include "floe.probe" (dict "key" "readinessProbe" "probe" .Values.readinessProbe) }}{{- . | nindent 6 }}{{- end }}
      {{- /* Connections that are on their way to a pod that ends. Its image has no program that sleeps; Kubernetes knows how from 1.30 on. */}}
      {{- if and (gt (.Values.preStopSleepSeconds | int) 0) (semverCompare ">=1.30.0-0" .Capabilities.KubeVersion.Version) }}
      lifecycle:
        preStop:
          sleep:
            seconds: {{ .Values.preStopSleepSeconds | int }}
      {{- end }}
      resources:
        {{- include "otel-collector.resources" . | nindent 8 }}
      volumeMounts:
        - name: config
          mountPath: /conf
          readOnly: true
        {{- with .Values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: config
      configMap:
        name: {{ include "otel-collector.configMapName" . }}
        items:
          - key: relay.yaml
            path: relay.yaml
    {{- with .Values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{- /* The ports that something listens on: name, container port, Service port, protocol spoken. As a YAML list. */ -}}
{{- define "otel-collector.ports" -}}
{{- if .Values.receivers.otlp.grpc.enabled }}
- {name: otlp-grpc, container: {{ .Values.receivers.otlp.grpc.port }}, service: 4317, speaks: grpc}
{{- end }}
{{- if .Values.receivers.otlp.http.enabled }}
- {name: otlp-http, container: {{ .Values.receivers.otlp.http.port }}, service: 4318, speaks: http}
{{- end }}
{{- if .Values.metrics.enabled }}
- {name: metrics, container: {{ .Values.metrics.port }}, service: 8888, speaks: http}
{{- end }}
{{- if .Values.exporters.prometheus.enabled }}
- {name: prometheus, container: {{ .Values.exporters.prometheus.port }}, service: 8889, speaks: http}
{{- end }}
{{- end -}}

{{- define "otel-collector.containerPorts" -}}
{{- range fromYamlArray (include "otel-collector.ports" .) -}}
- name: {{ .name }}
  containerPort: {{ .container }}
  protocol: TCP
{{ end -}}
- name: health
  containerPort: {{ .Values.healthCheck.port }}
  protocol: TCP
{{- end -}}

{{- define "otel-collector.servicePorts" -}}
{{- $root := . -}}
{{- range $index, $port := fromYamlArray (include "otel-collector.ports" .) -}}
{{- if $index }}
{{ end -}}
- name: {{ .name }}
  port: {{ .service }}
  targetPort: {{ .name }}
  protocol: TCP
  {{- if $root.Values.service.appProtocol }}
  appProtocol: {{ .speaks }}
  {{- end }}
{{- end -}}
{{- end -}}
