{{- /* All that cannot be, told at once. */ -}}
{{- define "floe-jobs.validate" -}}
{{- $problems := list -}}
{{- $artifacts := .Values.compiledArtifacts -}}
{{- $prod := eq (dig "environment" "" (.Values.global | default dict)) "prod" -}}

{{- $sources := list -}}
{{- if $artifacts.inline -}}{{- $sources = append $sources "compiledArtifacts.inline" -}}{{- end -}}
{{- if $artifacts.existingConfigMap -}}{{- $sources = append $sources "compiledArtifacts.existingConfigMap" -}}{{- end -}}
{{- if $artifacts.volume -}}{{- $sources = append $sources "compiledArtifacts.volume" -}}{{- end -}}
{{- if gt (len $sources) 1 -}}
{{- $problems = append $problems (printf "%s are both set, but there is one document: keep one of them" (join " and " $sources)) -}}
{{- end -}}
{{- $document := dict -}}
{{- if $artifacts.inline -}}
{{- if gt (len (include "floe-jobs.artifacts.text" .)) 1032192 -}}
{{- $problems = append $problems "compiledArtifacts.inline is larger than a ConfigMap may be (1 MiB less 16 KiB): put the document on a volume and name it in compiledArtifacts.volume" -}}
{{- end -}}
{{- $document = fromYaml (include "floe-jobs.artifacts" .) -}}
{{- if get $document "Error" -}}
{{- $problems = append $problems (printf "compiledArtifacts.inline is not JSON: %s" (get $document "Error")) -}}
{{- else if not (regexMatch "^0\\.[0-9]+\\.[0-9]+$" (get $document "version" | toString)) -}}
{{- $problems = append $problems (printf "compiledArtifacts.inline has the version %q, and this chart reads 0.x.y: compile it with a floe of that series" (get $document "version" | toString)) -}}
{{- end -}}
{{- end -}}

{{- range $name, $job := fromYaml (include "floe-jobs.all" .) -}}
{{- $where := has $name (list "ingestion") | ternary $name (printf "jobs.%s" $name) -}}
{{- if hasPrefix "dbt" $name -}}{{- $where = "dbt" -}}{{- end -}}
{{- if hasKey $.Values.jobs $name -}}{{- $where = printf "jobs.%s" $name -}}{{- end -}}
{{- $image := mergeOverwrite (deepCopy $.Values.defaults.image) (deepCopy ($job.image | default dict)) -}}
{{- if not $image.repository -}}
{{- $problems = append $problems (printf "%s has no image: set defaults.image.repository, or %s.image.repository" $where (hasPrefix "jobs." $where | ternary $where (printf "%s.job" $where))) -}}
{{- else if not (or $image.tag $image.digest) -}}
{{- $problems = append $problems (printf "%s has an image without a version: set defaults.image.tag or digest" $where) -}}
{{- else if and $prod (eq (toString $image.tag) "latest") (not $image.digest) -}}
{{- $problems = append $problems (printf "%s runs the tag latest while global.environment is prod: name a version" $where) -}}
{{- end -}}
{{- if not $job.command -}}
{{- $problems = append $problems (printf "%s.command is required, for example [python, /pipelines/load.py]" $where) -}}
{{- end -}}
{{- if and $job.schedule $job.runOnUpgrade -}}
{{- $problems = append $problems (printf "%s.runOnUpgrade is for jobs that run once, and %s.schedule makes it a CronJob: keep one of the two" $where $where) -}}
{{- end -}}
{{- if and (eq ($job.kind | default "") "cronjob") (not $job.schedule) -}}
{{- $problems = append $problems (printf "%s.kind is cronjob, so %s.schedule is required, for example \"0 4 * * *\"" $where $where) -}}
{{- end -}}
{{- if and (eq ($job.kind | default "") "job") $job.schedule -}}
{{- $problems = append $problems (printf "%s.kind is job, but %s.schedule makes it a CronJob: keep one of the two" $where $where) -}}
{{- end -}}
{{- $policy := $job.restartPolicy | default $.Values.defaults.restartPolicy -}}
{{- if and (eq $policy "OnFailure") ($job.podFailurePolicy | default $.Values.defaults.podFailurePolicy) -}}
{{- $problems = append $problems (printf "%s has a podFailurePolicy, which needs restartPolicy Never" $where) -}}
{{- end -}}
{{- end -}}
{{- range $name, $_ := .Values.jobs -}}
{{- if or (and $.Values.dbt.enabled (or (eq $name "dbt") (hasPrefix "dbt-" $name))) (and $.Values.ingestion.enabled (eq $name "ingestion")) -}}
{{- $problems = append $problems (printf "jobs.%s has the name of a job that the chart makes itself: choose another" $name) -}}
{{- end -}}
{{- end -}}

{{- if .Values.dbt.enabled -}}
{{- $ways := list -}}
{{- if .Values.dbt.project.existingConfigMap -}}{{- $ways = append $ways "dbt.project.existingConfigMap" -}}{{- end -}}
{{- if .Values.dbt.project.volume -}}{{- $ways = append $ways "dbt.project.volume" -}}{{- end -}}
{{- if .Values.dbt.project.gitSync.repository -}}{{- $ways = append $ways "dbt.project.gitSync.repository" -}}{{- end -}}
{{- if gt (len $ways) 1 -}}
{{- $problems = append $problems (printf "%s are all set, but there is one project: keep one of them" (join " and " $ways)) -}}
{{- end -}}
{{- if and (ne .Values.dbt.splitBy "none") (not $artifacts.inline) -}}
{{- $problems = append $problems "dbt.splitBy reads the models of compiledArtifacts.inline, which is empty: set it, or leave dbt.splitBy none" -}}
{{- end -}}
{{- if and (ne .Values.dbt.splitBy "none") (or .Values.dbt.select (not (kindIs "invalid" .Values.dbt.args))) -}}
{{- $problems = append $problems "dbt.splitBy makes the selections itself: leave dbt.select empty and dbt.args null" -}}
{{- end -}}
{{- $profiles := fromYaml (include "floe-jobs.profiles" .) -}}
{{- if get $profiles "Error" -}}
{{- $problems = append $problems (printf "dbt.profiles is not YAML: %s" (get $profiles "Error")) -}}
{{- else -}}
{{- range splitList "\n" (include "floe-jobs.profiles.leaks" (dict "value" $profiles "path" "")) -}}
{{- with trim . -}}
{{- $problems = append $problems (printf "dbt.profiles has a secret at %s, and a ConfigMap is no place for one: write \"{{ env_var('NAME') }}\" and give NAME by existingSecrets" .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- if and .Values.externalSecrets.enabled (not .Values.externalSecrets.secretStoreRef.name) -}}
{{- $problems = append $problems "externalSecrets.secretStoreRef.name is required when externalSecrets.enabled: the name of your store" -}}
{{- end -}}
{{- if and $prod .Values.secrets -}}
{{- $problems = append $problems "secrets holds values while global.environment is prod: use existingSecrets or externalSecrets" -}}
{{- end -}}
{{- $names := list "artifacts" "dbt-profiles" "test" -}}
{{- range $name, $_ := .Values.configMaps -}}
{{- if has $name $names -}}
{{- $problems = append $problems (printf "configMaps.%s has a name that the chart takes itself: choose another" $name) -}}
{{- end -}}
{{- end -}}
{{- range $name, $_ := .Values.secrets -}}
{{- if and $.Values.externalSecrets.enabled (hasKey $.Values.externalSecrets.items $name) -}}
{{- $problems = append $problems (printf "secrets.%s and externalSecrets.items.%s would be the same Secret: give each its own name" $name $name) -}}
{{- end -}}
{{- end -}}
{{- include "floe.refuse" (dict "root" . "problems" $problems) -}}
{{- end -}}
