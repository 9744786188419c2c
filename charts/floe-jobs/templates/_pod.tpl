{{- /* The spec of a Job. Pods carry no label that changes with the chart's version: a Job's template is immutable, its name has the
hash of this text, and an upgrade that changes nothing in it must not run it again. root, name, job (resolved). */ -}}
{{- define "floe-jobs.jobSpec" -}}
{{- $root := .root -}}
{{- $job := .job -}}
backoffLimit: {{ $job.backoffLimit }}
parallelism: {{ $job.parallelism }}
completions: {{ $job.completions }}
{{- range $key := list "activeDeadlineSeconds" "ttlSecondsAfterFinished" }}
{{- $value := get $job $key }}
{{- if and (hasKey $job $key) (not (kindIs "invalid" $value)) }}
{{ $key }}: {{ $value | int64 }}
{{- end }}
{{- end }}
{{- with $job.podFailurePolicy }}
podFailurePolicy:
  {{- toYaml . | nindent 2 }}
{{- end }}
template:
  metadata:
    labels:
      {{- include "floe.selectorLabels" (dict "root" $root "component" .name) | nindent 6 }}
      app.kubernetes.io/part-of: floe
      floe.dev/workload: job
      {{- with include "floe-jobs.productLabels" $root | trim }}
      {{- . | nindent 6 }}
      {{- end }}
      {{- with $job.podLabels }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    {{- with include "floe.annotations" (dict "root" $root "extra" (fromYaml (include "floe-jobs.podAnnotations" .))) }}
    {{- . | nindent 4 }}
    {{- end }}
  spec:
    restartPolicy: {{ $job.restartPolicy }}
    serviceAccountName: {{ include "floe.serviceAccountName" (dict "root" $root) }}
    automountServiceAccountToken: {{ $root.Values.serviceAccount.automountToken }}
    {{- with include "floe.imagePullSecrets" (dict "root" $root) }}
    {{- . | nindent 4 }}
    {{- end }}
    securityContext:
      {{- toYaml $job.podSecurityContext | nindent 6 }}
    terminationGracePeriodSeconds: {{ $job.terminationGracePeriodSeconds | int64 }}
    {{- with include "floe.scheduling" (dict "root" $root "component" .name "values" $job) }}
    {{- . | nindent 4 }}
    {{- end }}
    {{- if $job.gitSync }}
    initContainers:
      {{- include "floe-jobs.gitSync" . | nindent 6 }}
    {{- end }}
    containers:
      - name: {{ .name | trunc 63 | trimSuffix "-" }}
        image: {{ include "floe.image" (dict "root" $root "image" $job.image) }}
        imagePullPolicy: {{ include "floe.imagePullPolicy" (dict "root" $root "image" $job.image) }}
        securityContext:
          {{- toYaml $job.securityContext | nindent 10 }}
        command:
          {{- toYaml $job.command | nindent 10 }}
        {{- with $job.args }}
        args:
          {{- toYaml . | nindent 10 }}
        {{- end }}
        env:
          {{- include "floe-jobs.env" . | nindent 10 }}
        {{- with include "floe-jobs.envFrom" . | trim }}
        envFrom:
          {{- . | nindent 10 }}
        {{- end }}
        {{- with include "floe-jobs.resources" (dict "root" $root "job" $job) }}
        resources:
          {{- . | nindent 10 }}
        {{- end }}
        volumeMounts:
          {{- include "floe-jobs.mounts" . | nindent 10 }}
    volumes:
      {{- include "floe-jobs.volumes" . | nindent 6 }}
{{- end -}}

{{- /* The annotations of a pod: a hash of each file that it reads, and the artifacts' own. root, job. */ -}}
{{- define "floe-jobs.podAnnotations" -}}
{{- $root := .root -}}
{{- $out := deepCopy (.job.podAnnotations | default dict) -}}
{{- with include "floe-jobs.artifacts.text" $root -}}
{{- $_ := set $out "checksum/artifacts" (. | sha256sum) -}}
{{- end -}}
{{- with dig "metadata" "source_hash" "" (fromYaml (include "floe-jobs.artifacts" $root)) -}}
{{- $_ := set $out "floe.dev/source-hash" . -}}
{{- end -}}
{{- if .job.usesProfiles -}}
{{- $_ := set $out "checksum/profiles" (include "floe-jobs.profiles" $root | sha256sum) -}}
{{- end -}}
{{- with $root.Values.secrets -}}
{{- $_ := set $out "checksum/secrets" (toJson . | sha256sum) -}}
{{- end -}}
{{- with $root.Values.configMaps -}}
{{- $_ := set $out "checksum/config" (toJson . | sha256sum) -}}
{{- end -}}
{{- toYaml $out -}}
{{- end -}}

{{- /* The variables of a job: the platform's addresses, then defaults', then its own; of two with one name the later stays. root, name, job. */ -}}
{{- define "floe-jobs.env" -}}
{{- $root := .root -}}
{{- $all := list (dict "name" "HOME" "value" "/tmp") -}}
{{- with $root.Values.compiledArtifacts -}}
{{- if or .inline .existingConfigMap .volume -}}
{{- $all = append $all (dict "name" "FLOE_COMPILED_ARTIFACTS" "value" (printf "%s/%s" (trimSuffix "/" .mountPath) .key)) -}}
{{- end -}}
{{- end -}}
{{- with include "floe-jobs.polaris" $root -}}{{- $all = append $all (dict "name" "POLARIS_URI" "value" .) -}}{{- end -}}
{{- with $root.Values.platform.warehouse -}}{{- $all = append $all (dict "name" "POLARIS_WAREHOUSE" "value" .) -}}{{- end -}}
{{- with include "floe-jobs.dagster" $root -}}{{- $all = append $all (dict "name" "DAGSTER_URL" "value" .) -}}{{- end -}}
{{- with include "floe-jobs.otel" $root -}}
{{- $all = append $all (dict "name" "OTEL_EXPORTER_OTLP_ENDPOINT" "value" .) -}}
{{- $all = append $all (dict "name" "OTEL_EXPORTER_OTLP_PROTOCOL" "value" "http/protobuf") -}}
{{- $all = append $all (dict "name" "OTEL_SERVICE_NAME" "value" (printf "%s-%s" (include "floe-jobs.fullname" $root) $.name)) -}}
{{- end -}}
{{- $observability := get (fromYaml (include "floe-jobs.artifacts" $root)) "observability" | default dict -}}
{{- if get $observability "lineage" -}}
{{- with get $observability "lineage_namespace" -}}{{- $all = append $all (dict "name" "OPENLINEAGE_NAMESPACE" "value" (toString .)) -}}{{- end -}}
{{- with get $observability "lineage_endpoint" -}}{{- $all = append $all (dict "name" "OPENLINEAGE_URL" "value" (toString .)) -}}{{- end -}}
{{- end -}}
{{- range .job.secrets -}}
{{- $all = append $all (dict "name" .name "valueFrom" (dict "secretKeyRef" (dict "name" .secret "key" .key))) -}}
{{- end -}}
{{- $all = concat $all (.job.env | default list) -}}
{{- $last := dict -}}
{{- range $index, $variable := $all -}}{{- $_ := set $last $variable.name $index -}}{{- end -}}
{{- $kept := list -}}
{{- range $index, $variable := $all -}}
{{- if eq (get $last $variable.name) $index -}}{{- $kept = append $kept $variable -}}{{- end -}}
{{- end -}}
{{- toYaml $kept -}}
{{- end -}}

{{- /* Secrets whose keys become variables: the chart's own, external ones, existing ones; then the job's envFrom. root, job. */ -}}
{{- define "floe-jobs.envFrom" -}}
{{- $root := .root -}}
{{- $all := list -}}
{{- range $name, $_ := $root.Values.secrets -}}
{{- $all = append $all (dict "secretRef" (dict "name" (include "floe.componentName" (dict "root" $root "component" $name)))) -}}
{{- end -}}
{{- if $root.Values.externalSecrets.enabled -}}
{{- range $name, $_ := $root.Values.externalSecrets.items -}}
{{- $all = append $all (dict "secretRef" (dict "name" (include "floe.componentName" (dict "root" $root "component" $name)))) -}}
{{- end -}}
{{- end -}}
{{- range $root.Values.existingSecrets -}}
{{- $all = append $all (dict "secretRef" (dict "name" .)) -}}
{{- end -}}
{{- with concat $all (.job.envFrom | default list) -}}{{- toYaml . -}}{{- end -}}
{{- end -}}

{{- /* The mounts of a job, as a YAML list. root, job. */ -}}
{{- define "floe-jobs.mounts" -}}
{{- $all := list (dict "name" "tmp" "mountPath" "/tmp") -}}
{{- with .root.Values.compiledArtifacts -}}
{{- if or .inline .existingConfigMap .volume -}}
{{- $all = append $all (dict "name" "artifacts" "mountPath" .mountPath "readOnly" true) -}}
{{- end -}}
{{- end -}}
{{- range $index, $mount := .root.Values.secretMounts -}}
{{- $all = append $all (dict "name" (printf "secret-%d" $index) "mountPath" $mount.mountPath "readOnly" true) -}}
{{- end -}}
{{- range $name, $map := .root.Values.configMaps -}}
{{- with $map.mountPath -}}{{- $all = append $all (dict "name" (printf "config-%s" $name) "mountPath" . "readOnly" true) -}}{{- end -}}
{{- end -}}
{{- toYaml (concat $all (.job.volumeMounts | default list)) -}}
{{- end -}}

{{- /* The volumes of a job, as a YAML list. root, job. */ -}}
{{- define "floe-jobs.volumes" -}}
{{- $root := .root -}}
{{- $all := list (dict "name" "tmp" "emptyDir" (dict "sizeLimit" .job.scratchSize)) -}}
{{- with .root.Values.compiledArtifacts -}}
{{- if .volume -}}
{{- $all = append $all (merge (dict "name" "artifacts") (deepCopy .volume)) -}}
{{- else if or .inline .existingConfigMap -}}
{{- $item := dict "key" .key "path" .key -}}
{{- $all = append $all (dict "name" "artifacts" "configMap" (dict "name" (include "floe-jobs.artifacts.configMap" $root) "items" (list $item))) -}}
{{- end -}}
{{- end -}}
{{- range $index, $mount := .root.Values.secretMounts -}}
{{- $secret := dict "secretName" $mount.secret "defaultMode" (hasKey $mount "defaultMode" | ternary $mount.defaultMode 256 | int64) -}}
{{- with $mount.items -}}{{- $_ := set $secret "items" . -}}{{- end -}}
{{- $all = append $all (dict "name" (printf "secret-%d" $index) "secret" $secret) -}}
{{- end -}}
{{- range $name, $map := .root.Values.configMaps -}}
{{- if $map.mountPath -}}
{{- $all = append $all (dict "name" (printf "config-%s" $name) "configMap" (dict "name" (include "floe.componentName" (dict "root" $root "component" $name)))) -}}
{{- end -}}
{{- end -}}
{{- toYaml (concat $all (.job.volumes | default list)) -}}
{{- end -}}

{{- /* The init container that fetches a project, as a list item. root, job. */ -}}
{{- define "floe-jobs.gitSync" -}}
{{- $git := .root.Values.dbt.project.gitSync -}}
- name: git-sync
  image: {{ include "floe.image" (dict "root" .root "image" $git.image) }}
  imagePullPolicy: {{ include "floe.imagePullPolicy" (dict "root" .root "image" $git.image) }}
  securityContext:
    {{- toYaml .job.securityContext | nindent 4 }}
  args:
    - --repo={{ $git.repository }}
    - --ref={{ $git.ref }}
    - --root=/git
    - --link=project
    - --one-time
    - --max-failures=3
  env:
    - name: HOME
      value: /tmp
    {{- with $git.existingSecret }}
    - name: GITSYNC_USERNAME
      valueFrom:
        secretKeyRef:
          name: {{ . }}
          key: username
    - name: GITSYNC_PASSWORD
      valueFrom:
        secretKeyRef:
          name: {{ . }}
          key: password
    {{- end }}
  resources:
    requests: {cpu: 10m, memory: 64Mi}
    limits: {memory: 256Mi}
  volumeMounts:
    - name: project
      mountPath: /git
    - name: tmp
      mountPath: /tmp
{{- end -}}
