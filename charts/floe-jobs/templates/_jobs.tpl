{{- /* All jobs in one form: a map of name to what differs from defaults, as YAML. Whoever wants a new kind of job adds it here. */ -}}
{{- define "floe-jobs.all" -}}
{{- $all := dict -}}
{{- if .Values.dbt.enabled -}}
{{- range $suffix, $select := fromYaml (include "floe-jobs.dbt.selections" .) -}}
{{- $job := fromYaml (include "floe-jobs.dbt" (dict "root" $ "select" $select)) -}}
{{- $_ := set $all (printf "dbt%s" $suffix) $job -}}
{{- end -}}
{{- end -}}
{{- if .Values.ingestion.enabled -}}
{{- $_ := set $all "ingestion" (fromYaml (include "floe-jobs.ingestion" .)) -}}
{{- end -}}
{{- range $name, $job := .Values.jobs -}}
{{- if $job -}}{{- $_ := set $all $name (deepCopy $job) -}}{{- end -}}
{{- end -}}
{{- toYaml $all -}}
{{- end -}}

{{- /* What dbt is run on: a map of a name's ending to a selection; one without both, unless splitBy says otherwise. */ -}}
{{- define "floe-jobs.dbt.selections" -}}
{{- $selections := dict -}}
{{- $transforms := get (fromYaml (include "floe-jobs.artifacts" .)) "transforms" | default dict -}}
{{- range $model := get $transforms "models" | default list -}}
{{- if eq $.Values.dbt.splitBy "tag" -}}
{{- range $tag := $model.tags -}}
{{- $_ := set $selections (printf "-%s" $tag) (printf "tag:%s" $tag) -}}
{{- end -}}
{{- else if eq $.Values.dbt.splitBy "compute" -}}
{{- $compute := $model.compute | default (get $transforms "default_compute") -}}
{{- $key := printf "-%s" $compute -}}
{{- $_ := set $selections $key (printf "%s %s" (get $selections $key) $model.name | trim) -}}
{{- end -}}
{{- end -}}
{{- if not $selections -}}
{{- $_ := set $selections "" .Values.dbt.select -}}
{{- end -}}
{{- toYaml $selections -}}
{{- end -}}

{{- /* The job that runs dbt. root, select. */ -}}
{{- define "floe-jobs.dbt" -}}
{{- $dbt := .root.Values.dbt -}}
{{- $git := $dbt.project.gitSync -}}
{{- $folder := $dbt.projectDir -}}
{{- if $git.repository -}}{{- $folder = printf "/git/project/%s" $git.path | trimSuffix "/" -}}{{- end -}}
{{- $job := deepCopy $dbt.job -}}
{{- $_ := set $job "command" $dbt.command -}}
{{- $_ := set $job "schedule" $dbt.schedule -}}
{{- $_ := set $job "runOnUpgrade" $dbt.runOnUpgrade -}}
{{- $args := $dbt.args -}}
{{- if kindIs "invalid" $args -}}
{{- $args = list $dbt.subcommand "--project-dir" $folder "--profiles-dir" $dbt.profilesDir -}}
{{- with $dbt.target -}}{{- $args = concat $args (list "--target" .) -}}{{- end -}}
{{- with .select -}}{{- $args = concat $args (list "--select") (splitList " " .) -}}{{- end -}}
{{- if $dbt.debug -}}{{- $args = prepend $args "--debug" -}}{{- end -}}
{{- end -}}
{{- $_ := set $job "args" $args -}}
{{- $env := list (dict "name" "DBT_TARGET_PATH" "value" "/tmp/target") (dict "name" "DBT_LOG_PATH" "value" "/tmp/logs") (dict "name" "DBT_SEND_ANONYMOUS_USAGE_STATS" "value" "false") -}}
{{- $_ := set $job "env" (concat $env ($job.env | default list)) -}}
{{- $volumes := $job.volumes | default list -}}
{{- $mounts := $job.volumeMounts | default list -}}
{{- if include "floe-jobs.profiles" .root -}}
{{- $volumes = append $volumes (dict "name" "dbt-profiles" "configMap" (dict "name" (include "floe.componentName" (dict "root" .root "component" "dbt-profiles")))) -}}
{{- $mounts = append $mounts (dict "name" "dbt-profiles" "mountPath" $dbt.profilesDir "readOnly" true) -}}
{{- $_ := set $job "usesProfiles" true -}}
{{- end -}}
{{- if $git.repository -}}
{{- $volumes = append $volumes (dict "name" "project" "emptyDir" dict) -}}
{{- $mounts = append $mounts (dict "name" "project" "mountPath" "/git" "readOnly" true) -}}
{{- $_ := set $job "gitSync" true -}}
{{- else if $dbt.project.existingConfigMap -}}
{{- /* The later one wins, so a project may bring a .dbtignore of its own. */ -}}
{{- $ignore := include "floe.componentName" (dict "root" .root "component" "dbt-project") -}}
{{- $sources := list (dict "configMap" (dict "name" $ignore)) (dict "configMap" (dict "name" $dbt.project.existingConfigMap)) -}}
{{- $volumes = append $volumes (dict "name" "project" "projected" (dict "sources" $sources)) -}}
{{- $mounts = append $mounts (dict "name" "project" "mountPath" $dbt.projectDir "readOnly" true) -}}
{{- else if $dbt.project.volume -}}
{{- $volumes = append $volumes (merge (dict "name" "project") (deepCopy $dbt.project.volume)) -}}
{{- $mounts = append $mounts (dict "name" "project" "mountPath" $dbt.projectDir) -}}
{{- end -}}
{{- $_ := set $job "volumes" $volumes -}}
{{- $_ := set $job "volumeMounts" $mounts -}}
{{- toYaml $job -}}
{{- end -}}

{{- /* The job that loads data. */ -}}
{{- define "floe-jobs.ingestion" -}}
{{- $own := .Values.ingestion -}}
{{- $job := deepCopy $own.job -}}
{{- $_ := set $job "command" $own.command -}}
{{- $_ := set $job "args" $own.args -}}
{{- $_ := set $job "schedule" $own.schedule -}}
{{- $_ := set $job "runOnUpgrade" $own.runOnUpgrade -}}
{{- if eq $own.kind "dlt" -}}
{{- $env := list (dict "name" "DLT_DATA_DIR" "value" "/tmp/dlt") (dict "name" "RUNTIME__DLTHUB_TELEMETRY" "value" "false") -}}
{{- $_ := set $job "env" (concat $env ($job.env | default list)) -}}
{{- end -}}
{{- toYaml $job -}}
{{- end -}}

{{- /* What a job is after defaults: maps merged, lists of defaults before its own. As YAML. root, job. */ -}}
{{- define "floe-jobs.resolved" -}}
{{- $defaults := deepCopy .root.Values.defaults -}}
{{- $job := deepCopy .job -}}
{{- $out := mergeOverwrite (deepCopy $defaults) $job -}}
{{- range list "env" "envFrom" "volumes" "volumeMounts" -}}
{{- $_ := set $out . (concat (get $defaults . | default list) (get $job . | default list)) -}}
{{- end -}}
{{- toYaml $out -}}
{{- end -}}
