{{- /* The name of one of this chart's own objects: <release>-<component>. root, component, max (63). */ -}}
{{- define "floe-platform.name" -}}
{{- $base := .root.Release.Name -}}
{{- with .root.Values.nameOverride -}}{{- $base = printf "%s-%s" $base . -}}{{- end -}}
{{- with .root.Values.fullnameOverride -}}{{- $base = . -}}{{- end -}}
{{- $base = $base | replace "." "-" -}}
{{- if regexMatch "^[0-9]" $base -}}{{- $base = printf "r%s" $base -}}{{- end -}}
{{- include "floe.bounded" (dict "name" (printf "%s-%s" $base .component) "max" .max) -}}
{{- end -}}

{{- /* The account of this chart's own pods. root. */ -}}
{{- define "floe-platform.serviceAccountName" -}}
{{- if and .root.Values.serviceAccount.create (not .root.Values.serviceAccount.name) -}}
{{- include "floe-platform.name" (dict "root" .root "component" "platform") -}}
{{- else -}}
{{- include "floe.serviceAccountName" . -}}
{{- end -}}
{{- end -}}

{{- /* The name of the database in this release, as every chart of it works it out. root. */ -}}
{{- define "floe-platform.postgresqlName" -}}
{{- include "floe.fullname" (dict "root" .root "name" "postgresql") -}}
{{- end -}}

{{- /* Who keeps something in the platform's database, as a list in one line: the values' keys. A chart with a host of its own does not. root. */ -}}
{{- define "floe-platform.consumers" -}}
{{- $all := list -}}
{{- with .root.Subcharts.dagster -}}
{{- if not .Values.postgresql.host -}}{{- $all = append $all "dagster" -}}{{- end -}}
{{- end -}}
{{- with .root.Subcharts.polaris -}}
{{- if and (eq .Values.persistence.type "relational-jdbc") (not .Values.postgresql.host) (not .Values.persistence.jdbcUrl) -}}{{- $all = append $all "polaris" -}}{{- end -}}
{{- end -}}
{{- with omit .root.Values.global.postgresql.databases "dagster" "polaris" -}}{{- $all = append $all "global.postgresql.databases" -}}{{- end -}}
{{- join " " $all -}}
{{- end -}}

{{- /* How Polaris keeps what it knows, or nothing where it is off. root. */ -}}
{{- define "floe-platform.polarisPersistence" -}}
{{- with .root.Subcharts.polaris -}}{{- .Values.persistence.type -}}{{- end -}}
{{- end -}}

{{- /* "true" where the database of this chart runs: somebody needs it. root. */ -}}
{{- define "floe-platform.postgresql" -}}
{{- if and .root.Values.postgresql.enabled (include "floe-platform.consumers" .) -}}true{{- end -}}
{{- end -}}

{{- /* "true" where a word about the database is still the one of values.yaml, which names the database of this chart. root, key. */ -}}
{{- define "floe-platform.ownDatabaseWord" -}}
{{- if regexMatch `include "floe\.fullname" .*"postgresql"` (get .root.Values.global.postgresql .key | default "" | toString) -}}true{{- end -}}
{{- end -}}

{{- /* "true" where this chart makes the Secret of the database. root. */ -}}
{{- define "floe-platform.ownSecret" -}}
{{- if and (include "floe-platform.postgresql" .) (include "floe-platform.ownDatabaseWord" (dict "root" .root "key" "existingSecret")) (not (include "floe-platform.storedSecret" .)) -}}true{{- end -}}
{{- end -}}

{{- /* "true" where the Secret of the database comes from a store. root. */ -}}
{{- define "floe-platform.storedSecret" -}}
{{- if and .root.Values.externalSecrets.enabled .root.Values.externalSecrets.postgresql.enabled -}}true{{- end -}}
{{- end -}}

{{- /* The databases of this release by name, once each, sorted, in one line: those of consumers that are on, and the further ones. root. */ -}}
{{- define "floe-platform.databases" -}}
{{- $databases := list -}}
{{- $consumers := splitList " " (include "floe-platform.consumers" .) -}}
{{- range $who, $name := .root.Values.global.postgresql.databases -}}
{{- if or (has $who $consumers) (not (has $who (list "dagster" "polaris"))) -}}{{- $databases = append $databases $name -}}{{- end -}}
{{- end -}}
{{- $databases | uniq | sortAlpha | join " " -}}
{{- end -}}

{{- /* The image with PostgreSQL's client programs. root. */ -}}
{{- define "floe-platform.clientImage" -}}
{{- $image := (fromYaml (include "floe.waitFor" .)).image -}}
image: {{ include "floe.image" (dict "root" .root "image" $image) }}
imagePullPolicy: {{ include "floe.imagePullPolicy" (dict "root" .root "image" $image) }}
{{- end -}}

{{- /* What every short-lived pod of this chart has in its spec. root; account (false: the pod runs before the account exists). */ -}}
{{- define "floe-platform.taskPod" -}}
restartPolicy: Never
automountServiceAccountToken: false
enableServiceLinks: false
{{- if ne (get . "account" | toString) "false" }}
serviceAccountName: {{ include "floe-platform.serviceAccountName" . }}
{{- end }}
{{- with include "floe.imagePullSecrets" . }}
{{ . }}
{{- end }}
securityContext:
  {{- toYaml .root.Values.postgresql.podSecurityContext | nindent 2 }}
{{- end -}}

{{- /* The security of a container of this chart. root. */ -}}
{{- define "floe-platform.security" -}}
securityContext:
  {{- toYaml .root.Values.postgresql.securityContext | nindent 2 }}
{{- end -}}

{{- /* The resources of a short-lived container: its own, or a little. resources. */ -}}
{{- define "floe-platform.taskResources" -}}
resources:
  {{- toYaml (.resources | default (dict "requests" (dict "cpu" "10m" "memory" "32Mi") "limits" (dict "memory" "128Mi"))) | nindent 2 }}
{{- end -}}

{{- /* The resources of PostgreSQL for each preset, as YAML. */ -}}
{{- define "floe-platform.postgresqlPresets" -}}
small:
  requests: {cpu: 100m, memory: 256Mi}
  limits: {memory: 512Mi}
medium:
  requests: {cpu: 500m, memory: 1Gi}
  limits: {memory: 2Gi}
large:
  requests: {cpu: "2", memory: 4Gi}
  limits: {memory: 8Gi}
{{- end -}}

{{- /* Where a service of this release is, or nothing where its chart is off, as YAML {host, port, name, labels}: the Service's name and port
as the chart itself writes them, the port that the pods listen on and their labels. root, service (dagster-webserver, polaris, otel-http, otel-grpc). */ -}}
{{- define "floe-platform.service" -}}
{{- if eq .service "dagster-webserver" -}}
{{- with .root.Subcharts.dagster -}}
host: {{ include "floe.componentName" (dict "root" . "name" "dagster" "component" "webserver") }}
port: {{ .Values.webserver.service.port }}
containerPort: {{ .Values.webserver.containerPort }}
path: {{ .Values.webserver.pathPrefix | quote }}
labels:
  {{- include "floe.selectorLabels" (dict "root" . "component" "webserver") | nindent 2 }}
{{- end -}}
{{- else if eq .service "polaris" -}}
{{- with .root.Subcharts.polaris -}}
host: {{ include "floe.fullname" (dict "root" . "name" "polaris") }}
port: {{ .Values.service.port }}
containerPort: 8181
labels:
  {{- include "floe.selectorLabels" (dict "root" . "component" "server") | nindent 2 }}
{{- end -}}
{{- else if has .service (list "otel-http" "otel-grpc") -}}
{{- $protocol := trimPrefix "otel-" .service -}}
{{- with get .root.Subcharts "otel-collector" -}}
{{- $receiver := get .Values.receivers.otlp $protocol -}}
{{- if $receiver.enabled -}}
host: {{ include "floe.fullname" (dict "root" . "name" "otel-collector") }}
port: {{ ternary 4318 4317 (eq $protocol "http") }}
containerPort: {{ $receiver.port }}
labels:
  {{- include "floe.selectorLabels" (dict "root" . "component" "collector") | nindent 2 }}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* A script of files/, indented, without blanks at the end of its empty lines. root, file, indent. */ -}}
{{- define "floe-platform.script" -}}
{{- regexReplaceAll "\n *\n" (.root.Files.Get (printf "files/%s" .file) | trim | nindent .indent) "\n" -}}
{{- end -}}
