{{- /*
What all floe charts share. The file is the same, byte for byte, in each of them (a test holds it), so each chart installs alone,
and it does not matter whose copy a release takes when one chart is part of another.

"root" is always the context of a template ($), "name" the name of a chart.
*/ -}}

{{- /* A name that fits: longer ones are cut and get eight digits of their own, so that two never become one. name, max (63). */ -}}
{{- define "floe.bounded" -}}
{{- $max := .max | default 63 | int -}}
{{- if le (len .name) $max -}}
{{- .name -}}
{{- else -}}
{{- printf "%s-%s" (.name | trunc (int (sub $max 9)) | trimSuffix "-") (.name | sha256sum | trunc 8) -}}
{{- end -}}
{{- end -}}

{{- /* The name of a chart's objects in this release, its own or a sibling's: <release>-<name>, or <release> where that holds the name
already. A Service must begin with a letter and has no dots. root, name. */ -}}
{{- define "floe.fullname" -}}
{{- $own := eq .name .root.Chart.Name -}}
{{- $name := .name -}}
{{- if and $own .root.Values.nameOverride -}}{{- $name = .root.Values.nameOverride -}}{{- end -}}
{{- $full := printf "%s-%s" .root.Release.Name $name -}}
{{- if contains $name .root.Release.Name -}}{{- $full = .root.Release.Name -}}{{- end -}}
{{- if and $own .root.Values.fullnameOverride -}}{{- $full = .root.Values.fullnameOverride -}}{{- end -}}
{{- $full = $full | replace "." "-" -}}
{{- if regexMatch "^[0-9]" $full -}}{{- $full = printf "r%s" $full -}}{{- end -}}
{{- include "floe.bounded" (dict "name" $full) -}}
{{- end -}}

{{- /* The name of one component's objects: <fullname>-<component>. root, component; name (the chart's own), max (63). */ -}}
{{- define "floe.componentName" -}}
{{- $full := include "floe.fullname" (dict "root" .root "name" (.name | default .root.Chart.Name)) -}}
{{- include "floe.bounded" (dict "name" (printf "%s-%s" $full .component) "max" .max) -}}
{{- end -}}

{{- /* What never changes over the life of a release: selectors are immutable. root, component. */ -}}
{{- define "floe.selectorLabels" -}}
app.kubernetes.io/name: {{ .root.Values.nameOverride | default .root.Chart.Name | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ .root.Release.Name | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- /* All labels of an object. Those of the chart win over commonLabels. root, component; extra (a map that wins over commonLabels). */ -}}
{{- define "floe.labels" -}}
{{- $own := fromYaml (include "floe.selectorLabels" .) -}}
{{- $_ := set $own "helm.sh/chart" (printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-") -}}
{{- with .root.Chart.AppVersion -}}
{{- $_ := set $own "app.kubernetes.io/version" (. | replace "+" "_" | trunc 63 | trimSuffix "-") -}}
{{- end -}}
{{- $_ := set $own "app.kubernetes.io/managed-by" .root.Release.Service -}}
{{- $_ := set $own "app.kubernetes.io/part-of" "floe" -}}
{{- $common := merge (deepCopy (.root.Values.commonLabels | default dict)) (deepCopy (dig "commonLabels" dict (.root.Values.global | default dict))) -}}
{{- toYaml (merge $own (deepCopy (.extra | default dict)) $common) -}}
{{- end -}}

{{- /* The annotations of an object as a block with its key, or nothing. root; extra (a map that wins over commonAnnotations). */ -}}
{{- define "floe.annotations" -}}
{{- $common := merge (deepCopy (.root.Values.commonAnnotations | default dict)) (deepCopy (dig "commonAnnotations" dict (.root.Values.global | default dict))) -}}
{{- with merge (deepCopy (.extra | default dict)) $common -}}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{- /* The reference of an image: a digest wins over a tag, no tag means the chart's appVersion, global.imageRegistry takes the place of
the registry. root, image {repository, tag, digest}. */ -}}
{{- define "floe.image" -}}
{{- $repository := .image.repository -}}
{{- with dig "imageRegistry" "" (.root.Values.global | default dict) -}}
{{- $first := splitList "/" $repository | first -}}
{{- if and (contains "/" $repository) (or (contains "." $first) (contains ":" $first) (eq $first "localhost")) -}}
{{- $repository = trimPrefix (printf "%s/" $first) $repository -}}
{{- end -}}
{{- $repository = printf "%s/%s" (trimSuffix "/" .) $repository -}}
{{- end -}}
{{- if .image.digest -}}
{{- printf "%s@%s" $repository .image.digest | quote -}}
{{- else -}}
{{- printf "%s:%s" $repository (.image.tag | default .root.Chart.AppVersion | toString) | quote -}}
{{- end -}}
{{- end -}}

{{- /* When an image is pulled: its own word, the global one, IfNotPresent. root, image. */ -}}
{{- define "floe.imagePullPolicy" -}}
{{- .image.pullPolicy | default (dig "imagePullPolicy" "" (.root.Values.global | default dict)) | default "IfNotPresent" -}}
{{- end -}}

{{- /* The block imagePullSecrets of a pod, or nothing: the chart's own and the global ones. root. */ -}}
{{- define "floe.imagePullSecrets" -}}
{{- with concat (.root.Values.imagePullSecrets | default list) (dig "imagePullSecrets" list (.root.Values.global | default dict)) | uniq -}}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{- /* Two maps as one, the second wins; neither is touched. base, over. */ -}}
{{- define "floe.merged" -}}
{{- toYaml (mergeOverwrite (deepCopy (.base | default dict)) (deepCopy (.over | default dict))) -}}
{{- end -}}

{{- /* The resources of a container: its own if any, else the preset that the chart, the platform or the default (small) names. Nothing
for the preset none. root, resources, presets {small, medium, large}. */ -}}
{{- define "floe.resources" -}}
{{- if .resources -}}
{{- toYaml .resources -}}
{{- else -}}
{{- $preset := .root.Values.resourcePreset | default (dig "resourcePreset" "" (.root.Values.global | default dict)) | default "small" -}}
{{- if ne $preset "none" -}}
{{- toYaml (get .presets $preset) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* Where a pod may run, as lines of its spec, or nothing. A spread constraint without a selector gets that of the component.
root, component, values {priorityClassName, runtimeClassName, nodeSelector, tolerations, affinity, topologySpreadConstraints}. */ -}}
{{- define "floe.scheduling" -}}
{{- $spec := dict -}}
{{- range list "priorityClassName" "runtimeClassName" "nodeSelector" "tolerations" "affinity" -}}
{{- $value := get $.values . -}}
{{- if $value -}}{{- $_ := set $spec . $value -}}{{- end -}}
{{- end -}}
{{- with .values.topologySpreadConstraints -}}
{{- $spread := list -}}
{{- range . -}}
{{- $selector := dict "labelSelector" (dict "matchLabels" (fromYaml (include "floe.selectorLabels" $))) -}}
{{- $spread = append $spread (merge (deepCopy .) $selector) -}}
{{- end -}}
{{- $_ := set $spec "topologySpreadConstraints" $spread -}}
{{- end -}}
{{- with $spec -}}{{- toYaml . -}}{{- end -}}
{{- end -}}

{{- /* A probe with its key, or nothing where it is null, empty or not enabled. key (livenessProbe ...), probe. */ -}}
{{- define "floe.probe" -}}
{{- if and .probe (ne (get .probe "enabled" | toString) "false") -}}
{{ .key }}:
  {{- toYaml (omit .probe "enabled") | nindent 2 }}
{{- end -}}
{{- end -}}

{{- /* The service account of the chart's pods. root. */ -}}
{{- define "floe.serviceAccountName" -}}
{{- $account := .root.Values.serviceAccount -}}
{{- if $account.create -}}
{{- $account.name | default (include "floe.fullname" (dict "root" .root "name" .root.Chart.Name)) -}}
{{- else -}}
{{- $account.name | default (dig "serviceAccountName" "" (.root.Values.global | default dict)) | default "default" -}}
{{- end -}}
{{- end -}}

{{- /* The hash of what a template renders to, for a checksum annotation. root, file (its path below templates/). */ -}}
{{- define "floe.checksum" -}}
{{- include (printf "%s/%s" .root.Template.BasePath .file) .root | sha256sum -}}
{{- end -}}

{{- /* One word about the database: the chart's own postgresql.<key>, else global.postgresql.<key>, else the default. Both may hold a
template, by which the platform's defaults name the database of the same release. root, key; default. */ -}}
{{- define "floe.postgresql" -}}
{{- $own := get (.root.Values.postgresql | default dict) .key -}}
{{- $global := get (dig "postgresql" dict (.root.Values.global | default dict)) .key -}}
{{- $value := $own | default $global | default .default -}}
{{- if not (kindIs "invalid" $value) -}}{{- tpl (toString $value) .root -}}{{- end -}}
{{- end -}}

{{- /* The variables by which libpq finds the database; the password comes from its Secret. root, database; user. */ -}}
{{- define "floe.postgresqlEnv" -}}
- name: PGHOST
  value: {{ include "floe.postgresql" (dict "root" .root "key" "host") | quote }}
- name: PGPORT
  value: {{ include "floe.postgresql" (dict "root" .root "key" "port" "default" "5432") | quote }}
- name: PGSSLMODE
  value: {{ include "floe.postgresql" (dict "root" .root "key" "sslMode" "default" "prefer") | quote }}
- name: PGDATABASE
  value: {{ .database | quote }}
- name: PGUSER
  value: {{ include "floe.postgresql" (dict "root" .root "key" "username" "default" "floe") | quote }}
- name: PGPASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ include "floe.postgresql" (dict "root" .root "key" "existingSecret") }}
      key: {{ include "floe.postgresql" (dict "root" .root "key" "passwordKey" "default" "postgresql-password") }}
{{- end -}}

{{- /* "true" where a cluster answers, nothing under `template`, `lint` and GitOps tools, which render without one. A list is asked for
because it is never empty, however new the namespace; Helm itself must list Secrets to install. root. */ -}}
{{- define "floe.online" -}}
{{- if lookup "v1" "Secret" .root.Release.Namespace "" -}}true{{- end -}}
{{- end -}}

{{- /* What a generated Secret holds under one key, in base64: the value given, else what the Secret in the cluster holds, else a new one.
Without a cluster there is none: a random one would differ in every render and would take the place of the one in use.
root, secret, key; value, length (32). */ -}}
{{- define "floe.secretData" -}}
{{- $held := get (get (lookup "v1" "Secret" .root.Release.Namespace .secret) "data" | default dict) .key -}}
{{- if .value -}}
{{- .value | b64enc -}}
{{- else if $held -}}
{{- $held -}}
{{- else if include "floe.online" . -}}
{{- randAlphaNum (.length | default 32 | int) | b64enc -}}
{{- end -}}
{{- end -}}

{{- /* What waiting means here: the chart's waitFor under the platform's global.waitFor. As YAML. root. */ -}}
{{- define "floe.waitFor" -}}
{{- include "floe.merged" (dict "base" .root.Values.waitFor "over" (dig "waitFor" dict (.root.Values.global | default dict))) -}}
{{- end -}}

{{- /* An init container (a list item) that ends when the server of the database answers, or with a database named, when a login there
works; it fails with host and port in its last line when that is not so in time. Nothing where waitFor.enabled is false.
root; securityContext, database. */ -}}
{{- define "floe.waitForPostgresql" -}}
{{- $wait := fromYaml (include "floe.waitFor" .) -}}
{{- if $wait.enabled -}}
- name: wait-for-postgresql
  image: {{ include "floe.image" (dict "root" .root "image" $wait.image) }}
  imagePullPolicy: {{ include "floe.imagePullPolicy" (dict "root" .root "image" $wait.image) }}
  {{- with .securityContext }}
  securityContext:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  env:
    {{- if .database }}
    {{- include "floe.postgresqlEnv" (dict "root" .root "database" .database) | nindent 4 }}
    {{- else }}
    - name: PGHOST
      value: {{ include "floe.postgresql" (dict "root" .root "key" "host") | quote }}
    - name: PGPORT
      value: {{ include "floe.postgresql" (dict "root" .root "key" "port" "default" "5432") | quote }}
    {{- /* It logs in nowhere, but without a name libpq asks the system for one, and the user of a pod has none. */}}
    - name: PGUSER
      value: {{ include "floe.postgresql" (dict "root" .root "key" "username" "default" "floe") | quote }}
    {{- end }}
    - name: WAIT_SECONDS
      value: {{ $wait.timeoutSeconds | quote }}
  command: [/bin/sh, -ec]
  args:
    - |
      end=$(( $(date +%s) + WAIT_SECONDS ))
      until pg_isready --quiet --timeout=3; do
        if [ "$(date +%s)" -ge "$end" ]; then
          echo "no PostgreSQL at $PGHOST:$PGPORT after $WAIT_SECONDS s: is it running, and may this pod reach it?" >&2
          exit 1
        fi
        sleep 2
      done
      {{- if .database }}
      export PGCONNECT_TIMEOUT=5
      until why=$(psql --no-psqlrc --quiet --command='SELECT 1' 2>&1 >/dev/null); do
        if [ "$(date +%s)" -ge "$end" ]; then
          echo "$why" >&2
          echo "no login as $PGUSER to the database $PGDATABASE at $PGHOST:$PGPORT after $WAIT_SECONDS s: was it created, and is the password right?" >&2
          exit 1
        fi
        sleep 2
      done
      {{- end }}
  resources:
    requests: {cpu: 10m, memory: 16Mi}
    limits: {memory: 64Mi}
{{- end -}}
{{- end -}}

{{- /* The variables by which OpenTelemetry finds the collector, or nothing where global.otlp names none. root, service. */ -}}
{{- define "floe.otelEnv" -}}
{{- $otlp := dig "otlp" dict (.root.Values.global | default dict) -}}
{{- $endpoint := get $otlp "httpEndpoint" | default (get $otlp "grpcEndpoint") -}}
{{- if $endpoint -}}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ tpl $endpoint .root | quote }}
- name: OTEL_EXPORTER_OTLP_PROTOCOL
  value: {{ ternary "http/protobuf" "grpc" (not (empty (get $otlp "httpEndpoint"))) | quote }}
- name: OTEL_SERVICE_NAME
  value: {{ .service | quote }}
- name: OTEL_RESOURCE_ATTRIBUTES
  value: {{ printf "service.namespace=%s,deployment.environment.name=%s" .root.Release.Namespace (dig "environment" "dev" (.root.Values.global | default dict)) | quote }}
{{- end -}}
{{- end -}}

{{- /* What is wrong with how many pods there are: an autoscaler and a disruption budget, as a YAML list of sentences, each with its keys, why,
and the way out. root, at (what stands before the keys: "webserver.", or nothing), values {replicas, autoscaling, podDisruptionBudget};
resources (the container's, as YAML), each (true where there is one pod on each node, whose number is unknown). */ -}}
{{- define "floe.scaleProblems" -}}
{{- $problems := list -}}
{{- $at := .at | default "" -}}
{{- $replicas := .values.replicas | int -}}
{{- $scale := .values.autoscaling -}}
{{- $pods := $scale.enabled | ternary $scale.minReplicas $replicas | int -}}
{{- if $scale.enabled -}}
{{- if ne $replicas 1 -}}
{{- $problems = append $problems (printf "%sreplicas is %d and %sautoscaling.enabled is true, so both would set the number of pods: leave %sreplicas at 1 and set %sautoscaling.minReplicas" $at $replicas $at $at $at) -}}
{{- end -}}
{{- if gt (int $scale.minReplicas) (int $scale.maxReplicas) -}}
{{- $problems = append $problems (printf "%sautoscaling.minReplicas (%d) is more than %sautoscaling.maxReplicas (%d): raise the one or lower the other" $at (int $scale.minReplicas) $at (int $scale.maxReplicas)) -}}
{{- end -}}
{{- if not (or $scale.targetCPU $scale.targetMemory) -}}
{{- $problems = append $problems (printf "%sautoscaling has neither targetCPU nor targetMemory, so it would never scale: set one, for example %sautoscaling.targetCPU=80" $at $at) -}}
{{- end -}}
{{- /* What has a limit and no request asks for its limit. */ -}}
{{- $own := fromYaml .resources -}}
{{- $asked := merge (dict) (get $own "requests" | default dict) (get $own "limits" | default dict) -}}
{{- range $resource, $target := dict "cpu" $scale.targetCPU "memory" $scale.targetMemory -}}
{{- if and $target (not (get $asked $resource)) -}}
{{- $problems = append $problems (printf "%sautoscaling looks at the requested %s, but the container requests none: set %sresources.requests.%s or a resourcePreset" $at $resource $at $resource) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $budget := .values.podDisruptionBudget -}}
{{- if $budget.enabled -}}
{{- $least := kindIs "invalid" $budget.minAvailable | ternary "" (toString $budget.minAvailable) -}}
{{- $most := kindIs "invalid" $budget.maxUnavailable | ternary "" (toString $budget.maxUnavailable) -}}
{{- if and $least $most -}}
{{- $problems = append $problems (printf "%spodDisruptionBudget has both minAvailable and maxUnavailable, and Kubernetes takes one: set the other to null" $at) -}}
{{- else if or (has $most (list "0" "0%")) (eq $least "100%") (and (not .each) (regexMatch "^[0-9]+$" $least) (ge (int $least) $pods)) -}}
{{- $problems = append $problems (printf "%spodDisruptionBudget would block every drain of a node%s: raise the number of pods, or set maxUnavailable=1 and minAvailable=null" $at (ternary "" (printf " with %d pods" $pods) (not (empty .each)))) -}}
{{- end -}}
{{- end -}}
{{- toYaml $problems -}}
{{- end -}}

{{- /* What a disruption budget allows, as a line of its spec: its minAvailable, else its maxUnavailable, else one at a time. The budget. */ -}}
{{- define "floe.disruptions" -}}
{{- if not (kindIs "invalid" .minAvailable) -}}
minAvailable: {{ .minAvailable }}
{{- else -}}
maxUnavailable: {{ kindIs "invalid" .maxUnavailable | ternary 1 .maxUnavailable }}
{{- end -}}
{{- end -}}

{{- /* Ends the render with all that is wrong, one line each; nothing where nothing is. root, problems (a list of sentences). */ -}}
{{- define "floe.refuse" -}}
{{- with .problems | uniq -}}
{{- fail (printf "\n%s cannot be rendered with these values:\n  - %s" $.root.Chart.Name (join "\n  - " .)) -}}
{{- end -}}
{{- end -}}
